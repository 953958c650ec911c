/* SPDX-License-Identifier: Apache-2.0
 *
 * ICU's properties of characters, asked one question at a time.
 */
#include "base/text.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#define NO_CHARACTER (-1)

/* The next code point, or NO_CHARACTER at the end and at bytes that are not UTF-8. */
static UChar32 next(struct span *text)
{
    UChar32 character = NO_CHARACTER;
    int32_t at = 0;
    int32_t len = text->len > TEXT_MAX ? TEXT_MAX : (int32_t)text->len;
    if (len == 0) {
        return NO_CHARACTER;
    }
    U8_NEXT(text->ptr, at, len, character);
    *text = span_of(text->ptr + at, text->len - (size_t)at);
    return character < 0 ? NO_CHARACTER : character;
}

bool text_is_nfc(struct span text)
{
    UChar wide[TEXT_MAX];
    int32_t len = 0;
    UErrorCode status = U_ZERO_ERROR;
    if (text.len > TEXT_MAX) {
        return false;
    }
    if (text.len == 0) {
        return true;
    }
    u_strFromUTF8(wide, TEXT_MAX, &len, (const char *)text.ptr, (int32_t)text.len, &status);
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    UBool normal = unorm2_isNormalized(nfc, wide, len, &status);
    return U_SUCCESS(status) && normal;
}

static UScriptCode script_of(UChar32 character)
{
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(character, &status);
    return U_SUCCESS(status) ? script : USCRIPT_INVALID_CODE;
}

static bool is_latin_letter(UChar32 character)
{
    return u_isalpha(character) && script_of(character) == USCRIPT_LATIN;
}

/* Combining marks belong to the letter before them: Vietnamese and Yoruba names have some that no
 * single character holds. */
static bool is_mark(UChar32 character)
{
    return u_charType(character) == U_NON_SPACING_MARK && script_of(character) == USCRIPT_INHERITED;
}

static bool is_name_punctuation(UChar32 character)
{
    static const UChar32 allowed[] = {' ', '-', '\'', '.', ',', '/', '@', 0x2018, 0x2019, 0x02BC};
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
        if (allowed[i] == character) {
            return true;
        }
    }
    return false;
}

bool text_is_latin_name(struct span text, uint32_t *ret_character)
{
    bool any_letter = false, after_letter = false;
    while (text.len != 0) {
        UChar32 character = next(&text);
        bool letter = character != NO_CHARACTER && is_latin_letter(character);
        bool mark = character != NO_CHARACTER && is_mark(character) && after_letter;
        if (!letter && !mark && !is_name_punctuation(character)) {
            *ret_character = character == NO_CHARACTER ? 0xFFFD : (uint32_t)character;
            return false;
        }
        any_letter |= letter;
        after_letter = letter || mark;
    }
    *ret_character = 0;
    return any_letter;
}

/* U+1000 to U+102A, U+103F, U+104E: what a Burmese syllable may begin with. */
static bool is_myanmar_base(UChar32 character)
{
    return (character >= 0x1000 && character <= 0x102A) || character == 0x103F ||
           character == 0x104E;
}

static bool is_myanmar_medial(UChar32 character)
{
    return character >= 0x103B && character <= 0x103E;
}

bool text_looks_like_zawgyi(struct span text)
{
    UChar32 before = ' ';
    while (text.len != 0) {
        UChar32 character = next(&text);
        /* Zawgyi's own forms stand where Unicode has Mon, Karen and Shan letters. */
        if ((character >= 0x1060 && character <= 0x1097) || character == 0x1033 ||
            character == 0x1034) {
            return true;
        }
        /* In Unicode the vowel sign E follows its consonant, and a virama has one on either side.
         */
        if (character == 0x1031 && !is_myanmar_base(before) && !is_myanmar_medial(before)) {
            return true;
        }
        if (before == 0x1039 && !is_myanmar_base(character)) {
            return true;
        }
        before = character;
    }
    return before == 0x1039;
}

bool text_mixes_scripts(struct span text)
{
    UScriptCode word = USCRIPT_COMMON;
    while (text.len != 0) {
        UChar32 character = next(&text);
        UScriptCode script = character == NO_CHARACTER ? USCRIPT_COMMON : script_of(character);
        if (character == NO_CHARACTER || u_isUWhiteSpace(character) || u_ispunct(character)) {
            word = USCRIPT_COMMON;
        } else if (script != USCRIPT_COMMON && script != USCRIPT_INHERITED) {
            if (word != USCRIPT_COMMON && word != script) {
                return true;
            }
            word = script;
        }
    }
    return false;
}
