/* SPDX-License-Identifier: Apache-2.0
 *
 * A table from language to families of the Noto collection. Families for Latin letters follow those
 * of the script, because not every script's font has digits. Opens no font.
 */
#include "fonts.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

struct script_fonts {
    const char *lang; /* a whole tag, or a language alone */
    const char *sans;
    const char *serif;
};

static const struct script_fonts scripts[] = {
    {"th", "Noto Sans Thai, Noto Sans", "Noto Serif Thai, Noto Serif"},
    {"lo", "Noto Sans Lao, Noto Sans", "Noto Serif Lao, Noto Serif"},
    {"km", "Noto Sans Khmer, Noto Sans", "Noto Serif Khmer, Noto Serif"},
    {"my", "Noto Sans Myanmar, Noto Sans", "Noto Sans Myanmar, Noto Serif"},
    {"ta", "Noto Sans Tamil, Noto Sans", "Noto Serif Tamil, Noto Serif"},
    {"hi", "Noto Sans Devanagari, Noto Sans", "Noto Serif Devanagari, Noto Serif"},
    {"ne", "Noto Sans Devanagari, Noto Sans", "Noto Serif Devanagari, Noto Serif"},
    {"bn", "Noto Sans Bengali, Noto Sans", "Noto Serif Bengali, Noto Serif"},
    {"si", "Noto Sans Sinhala, Noto Sans", "Noto Serif Sinhala, Noto Serif"},
    {"ja", "Noto Sans CJK JP, Noto Sans", "Noto Serif CJK JP, Noto Serif"},
    {"ko", "Noto Sans CJK KR, Noto Sans", "Noto Serif CJK KR, Noto Serif"},
    {"zh-Hant", "Noto Sans CJK TC, Noto Sans", "Noto Serif CJK TC, Noto Serif"},
    {"zh-TW", "Noto Sans CJK TC, Noto Sans", "Noto Serif CJK TC, Noto Serif"},
    {"zh", "Noto Sans CJK SC, Noto Sans", "Noto Serif CJK SC, Noto Serif"},
};

/* "zh" stands for "zh" and for every "zh-..." that no earlier row has taken. */
static int covers(const char *row, const char *lang)
{
    size_t len = strlen(row);
    return strncasecmp(row, lang, len) == 0 && (lang[len] == '\0' || lang[len] == '-');
}

const char *fonts_families(const char *lang, enum face face)
{
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        if (covers(scripts[i].lang, lang)) {
            return face == FACE_SANS ? scripts[i].sans : scripts[i].serif;
        }
    }
    switch (face) {
    case FACE_DISPLAY:
        return "Noto Serif Display, Noto Serif";
    case FACE_SERIF:
        return "Noto Serif";
    default:
        return "Noto Sans";
    }
}
