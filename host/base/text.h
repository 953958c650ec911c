/* SPDX-License-Identifier: Apache-2.0
 *
 * What Unicode knows about a text before it is signed: normalisation, script, encoding habits.
 * Judges text, changes none. Needs ICU, so it is part of issuing builds only: readers do not check
 * again.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "wire/bytes.h"

#define TEXT_MAX 1024 /* bytes; longer text answers as bad text does */

/* Valid UTF-8 in normalisation form C (UAX #15). */
bool text_is_nfc(struct span text);

/* A name in Latin letters, as ICAO Doc 9303-3 §3 wants it in the visual zone: letters of the Latin
 * script with their marks, and between them blanks, hyphens, apostrophes, full stops, commas, and
 * the stroke and @ of Malaysian and Singaporean names ("A/L", "Siti @ Aminah"). At least one
 * letter, no digit. On false *ret_character is the first one that does not belong there, or 0 when
 * there is no letter. */
bool text_is_latin_name(struct span text, uint32_t *ret_character);

/* Burmese in the Zawgyi habit, which stores vowels as they look and reuses letters of other
 * languages: it shows as something else wherever Unicode is expected. A guess, for warnings. */
bool text_looks_like_zawgyi(struct span text);

/* Letters of two scripts in one word, such as a Cyrillic one among Latin ones. A guess, for
 * warnings. */
bool text_mixes_scripts(struct span text);

#endif
