/* SPDX-License-Identifier: Apache-2.0
 *
 * A sheet that carries one code: a heading, a paragraph, the code in large, and its text in small.
 * Read in code_sheet_input.c, laid out in code_sheet.c. Knows nothing of certificates, nor what the
 * code is for.
 */
#ifndef PAGE_CODE_SHEET_H
#define PAGE_CODE_SHEET_H

#include "layout.h"
#include "reading.h"

/* Texts point into `texts`. */
struct code_sheet {
    char *texts; /* owned */
    bool sample;
    const char *code; /* printable ASCII */
    const char *heading, *text;
    const char *created; /* "YYYY-MM-DDThh:mm:ssZ"; NULL: absent */
};

/* Whether the document's layout is "code". */
bool code_sheet_is_asked_for(struct reading *r);

/* Read and check everything. On the first fault false with a refusal; *ret_sheet is untouched. */
bool code_sheet_read(struct reading *r, struct code_sheet *ret_sheet, struct refusal *refusal);
void code_sheet_free(struct code_sheet *sheet);

/* Fill l->sheet; l->in is not looked at. */
void code_sheet_lay_out(struct layout *l, const struct code_sheet *sheet, const struct qr *qr);

#endif
