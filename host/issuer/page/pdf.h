/* SPDX-License-Identifier: Apache-2.0
 *
 * Draws the boxes of a sheet into a PDF held in memory. Decides nothing about their places.
 */
#ifndef PAGE_PDF_H
#define PAGE_PDF_H

#include "sheet.h"

#define PDF_BYTES_MAX (16u * 1024u * 1024u)

/* `title` must not hold personal data. `created` is "YYYY-MM-DDThh:mm:ssZ". On success *ret_pdf
 * holds the file (malloc, the caller frees); on failure a refusal is recorded and *ret_pdf is
 * untouched. */
bool pdf_write(const struct sheet *sheet, const char *title, const char *created,
               struct span *ret_pdf, struct refusal *refusal);

#endif
