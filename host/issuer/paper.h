/* SPDX-License-Identifier: Apache-2.0
 *
 * A signed credential, or a code of any text, as a page: asks the program saksi-page for the PDF,
 * then has the finished PDF read back in the sandbox. A page whose code does not give back exactly
 * its text does not leave here.
 */
#ifndef ISSUER_PAPER_H
#define ISSUER_PAPER_H

#include "codec/credential.h"
#include "issuer/holder_photo.h"
#include "issuer/station.h"
#include "issuer/titles.h"

/* The capacity of a version 20 symbol at level M for alphanumeric text (ISO/IEC 18004 table 7): the
 * largest code that a card can carry. */
#define PAPER_CARD_TEXT_MAX 970

enum paper_layout { PAPER_A4, PAPER_CARD };

enum paper_error {
    PAPER_OK = 0,
    PAPER_INPUT,    /* saksi-page refuses the content: its sentence is in the message */
    PAPER_PROGRAM,  /* saksi-page is missing, failed or ran too long */
    PAPER_READER,   /* the program that reads pages is missing or failed */
    PAPER_MISMATCH, /* the page's code does not read back as its text */
    PAPER_SYSTEM,
};

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

/* A page with one large code of any text, which may be a web address. */
struct paper_code_sheet {
    const char *heading, *text; /* UTF-8, Latin letters: at most 96 and 400 bytes */
    const char *code;           /* printable ASCII, at most PAGE_QR_TEXT_MAX */
    bool sample;                /* prints SAMPLE marks */
    const char *libexec_dir;
};

/* The same for a code sheet. The page has no date. */
MUST_USE enum paper_error paper_make_code_sheet(const struct paper_code_sheet *sheet,
                                                uint8_t **ret_pdf, size_t *ret_len,
                                                char message[256]);

/* Which claims make a code too large for a card, longest first: "holder_name_native (180 bytes),
 * units (12 codes, 150 bytes)". */
void paper_longest_claims(const struct credential *credential, char text[256]);

#endif
