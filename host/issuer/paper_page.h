/* SPDX-License-Identifier: Apache-2.0
 *
 * Pages with a code: asks the program saksi-page for the PDF, then has the finished PDF read back
 * in the sandbox. A page whose code does not give back exactly its text does not leave here.
 */
#ifndef ISSUER_PAPER_PAGE_H
#define ISSUER_PAPER_PAGE_H

#include "wire/must_use.h"
#include "wire/bytes.h"

enum paper_error {
    PAPER_OK = 0,
    PAPER_INPUT,    /* saksi-page refuses the content: its sentence is in the message */
    PAPER_PROGRAM,  /* saksi-page is missing, failed or ran too long */
    PAPER_READER,   /* the program that reads pages is missing or failed */
    PAPER_MISMATCH, /* the page's code does not read back as its text */
    PAPER_SYSTEM,
};

/* The page of a JSON object for saksi-page, which is freed here and is NULL when there was no
 * memory for it. The page is allocated; free with free(). On failure `message` has one sentence. */
MUST_USE enum paper_error paper_page_make(const char *libexec_dir, char *json, struct span qr_text,
                                          uint8_t **ret_pdf, size_t *ret_len, char message[256]);

#endif
