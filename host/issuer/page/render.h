/* SPDX-License-Identifier: Apache-2.0
 *
 * The way from JSON to PDF, in one function and in its two halves for tests.
 */
#ifndef PAGE_RENDER_H
#define PAGE_RENDER_H

#include "sheet.h"
#include "input.h"

/* Lay out and check. `qr` is made here and freed by the caller; sheet_clear after use. The sheet
 * borrows from `in`, `qr` and `env`. */
bool render_sheet(const struct input *in, struct text_env *env, struct qr *qr, struct sheet *sheet,
                  struct refusal *refusal);

/* `created` is the creation date when the input has none, "YYYY-MM-DDThh:mm:ssZ"; NULL: midnight of
 * the issue date. On success *ret_pdf holds the file's *ret_len bytes (malloc, the caller frees);
 * on a refusal both are untouched. */
bool render(struct span json, const char *created, uint8_t **ret_pdf, size_t *ret_len,
            struct refusal *refusal);

#endif
