/* SPDX-License-Identifier: Apache-2.0
 *
 * A page with one large code of any text, which may be a web address.
 */
#ifndef ISSUER_PAPER_CODE_SHEET_H
#define ISSUER_PAPER_CODE_SHEET_H

#include "issuer/paper_page.h"

struct paper_code_sheet {
    const char *heading, *text; /* UTF-8, Latin letters: at most 96 and 400 bytes */
    const char *code;           /* printable ASCII, at most PAGE_QR_TEXT_MAX */
    bool sample;                /* prints SAMPLE marks */
    const char *libexec_dir;
};

/* The page, allocated; free with free(). It has no date. On failure `message` has one sentence. */
MUST_USE enum paper_error paper_make_code_sheet(const struct paper_code_sheet *sheet,
                                                uint8_t **ret_pdf, size_t *ret_len,
                                                char message[256]);

#endif
