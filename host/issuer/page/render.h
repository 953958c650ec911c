/* SPDX-License-Identifier: Apache-2.0
 *
 * The way from JSON to PDF, in one function and in its two halves for tests.
 */
#ifndef PAGE_RENDER_H
#define PAGE_RENDER_H

#include "code_sheet.h"
#include "input.h"
#include "sheet.h"

/* Lay out and check a certificate. `qr` is made here and freed by the caller; sheet_clear after
 * use. The sheet borrows from `in`, `qr` and `env`. */
bool render_sheet(const struct input *in, struct text_env *env, struct qr *qr, struct sheet *sheet,
                  struct refusal *refusal);

/* The same for a code sheet. */
bool render_code_sheet(const struct code_sheet *from, struct text_env *env, struct qr *qr,
                       struct sheet *sheet, struct refusal *refusal);

/* `created` is the creation date when the input has none, "YYYY-MM-DDThh:mm:ssZ"; NULL: midnight of
 * the issue date, or no date on a code sheet. On success *ret_pdf holds the file's *ret_len bytes
 * (malloc, the caller frees); on a refusal both are untouched. */
bool render(struct span json, const char *created, uint8_t **ret_pdf, size_t *ret_len,
            struct refusal *refusal);

#endif
