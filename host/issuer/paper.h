/* SPDX-License-Identifier: Apache-2.0
 *
 * A signed credential as a page, whose code was read back (paper_page.h).
 */
#ifndef ISSUER_PAPER_H
#define ISSUER_PAPER_H

#include "codec/credential.h"
#include "issuer/holder_photo.h"
#include "issuer/paper_page.h"
#include "issuer/station.h"
#include "issuer/titles.h"

/* The capacity of a version 20 symbol at level M for alphanumeric text (ISO/IEC 18004 table 7): the
 * largest code that a card can carry. */
#define PAPER_CARD_TEXT_MAX 970

enum paper_layout { PAPER_A4, PAPER_CARD };

struct paper_request {
    const struct station *station;
    const struct credential *credential;
    struct span qr_text;
    const struct holder_photo *photo; /* NULL for none */
    const struct titles *titles;      /* of the credential; NULL for none */
    enum paper_layout layout;
    const char *libexec_dir;
};

/* The page, allocated; free with free(). On failure `message` has one sentence. Titles that cannot
 * be printed are left out, all of them. */
MUST_USE enum paper_error paper_make(const struct paper_request *request, uint8_t **ret_pdf,
                                     size_t *ret_len, char message[256]);

/* Which claims make a code too large for a card, longest first: "holder_name_native (180 bytes),
 * units (12 codes, 150 bytes)". */
void paper_longest_claims(const struct credential *credential, char text[256]);

#endif
