/* SPDX-License-Identifier: Apache-2.0
 *
 * Which font families print which language. Text is never left to the fallback of the font system:
 * a run that lands in any other family is refused (text.h).
 */
#ifndef PAGE_FONTS_H
#define PAGE_FONTS_H

enum face { FACE_SANS, FACE_SERIF, FACE_DISPLAY };

/* A comma-separated list of families for a BCP 47 tag; never NULL. */
const char *fonts_families(const char *lang, enum face face);

#endif
