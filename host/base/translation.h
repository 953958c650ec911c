/* SPDX-License-Identifier: Apache-2.0
 *
 * Sentences in the reader's language from .mo files (GNU gettext's binary format), chosen per call
 * and independent of the process locale.
 */
#ifndef BASE_TRANSLATION_H
#define BASE_TRANSLATION_H

#include <stdbool.h>

struct translation;

/* Opens DIR/LANG.mo. NULL when there is none, or when it is damaged: everything then stays English.
 */
struct translation *translation_open(const char *dir, const char *lang);
void translation_close(struct translation *translation);

/* Marks an English text for translation where it is not translated on the spot. */
#define N_(english) english

/* The translation of an English text, or that text itself. `translation` may be NULL. Holds until
 * translation_close. */
const char *translation_text(const struct translation *translation, const char *english);

#endif
