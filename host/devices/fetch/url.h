/* SPDX-License-Identifier: Apache-2.0
 *
 * Which addresses are fetched from: http and https, without user name or password. Shared by the
 * program that fetches and those who start it; redirects obey the same rule.
 */
#ifndef DEVICES_FETCH_URL_H
#define DEVICES_FETCH_URL_H

#include "wire/must_use.h"
#include "wire/bytes.h"

#define FETCH_URL_MAX 2048

enum url_error {
    URL_OK = 0,
    URL_SCHEME,      /* neither http:// nor https:// */
    URL_HOST,        /* no host */
    URL_CREDENTIALS, /* a user name or password */
    URL_FRAGMENT,    /* "#..." names a place in a page, not a file */
    URL_CHARACTERS,  /* blanks, control characters, other than ASCII */
    URL_LONG,        /* more than FETCH_URL_MAX bytes */
};

MUST_USE enum url_error url_check(struct span url);

/* Whether it is a folder of a publication: its path ends in "/", and no query follows. */
bool url_is_folder(struct span url);

/* One phrase that fits "URL: PHRASE". */
const char *url_error_text(enum url_error error);

#endif
