/* SPDX-License-Identifier: Apache-2.0
 *
 * Draws the boxes of a sheet into a PDF held in memory. Decides nothing about their places.
 */
#ifndef PAGE_PDF_H
#define PAGE_PDF_H

#include "sheet.h"

#define PDF_BYTES_MAX ((size_t)16 * 1024 * 1024)

/* `title` must not hold personal data. `created` is "YYYY-MM-DDThh:mm:ssZ", or NULL
 * for a file without a date. On success *ret_pdf
 * holds the file's *ret_len bytes (malloc, the caller frees); on failure a refusal is recorded and
 * both are untouched. */
bool pdf_write(const struct sheet *sheet, const char *title, const char *created, uint8_t **ret_pdf,
               size_t *ret_len, struct refusal *refusal);

#endif
