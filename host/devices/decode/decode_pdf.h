/* SPDX-License-Identifier: Apache-2.0
 *
 * The codes on the pages of a PDF document, up to DECODE_PAGES_MAX pages. Fonts that are not in the
 * document are not drawn: codes are pictures or paths, and no font file is ever opened.
 */
#ifndef DEVICES_DECODE_PDF_H
#define DEVICES_DECODE_PDF_H

#include "devices/decode/codes.h"
#include "devices/decode/image.h"

/* Before the locks: gives the renderer a font configuration without fonts, so that it looks for
 * none. */
void decode_pdf_prepare(void);

/* Adds the codes and sets pages and pages_seen. DECODE_OK, DECODE_ENCRYPTED (a password is needed)
 * or DECODE_UNREADABLE. */
enum decode_status decode_pdf(struct span file, struct code_list *list);

/* The first page as an RGB picture at 150 dpi. The caller frees it. */
enum decode_status decode_pdf_picture(struct span file, struct image *ret_rgb);

#endif
