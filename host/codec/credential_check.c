/* SPDX-License-Identifier: Apache-2.0
 *
 * The conditions of include/WIRE.md that concern more than one claim, and the few on the form of
 * one. Each is a row or a short function; the first that fails is told.
 */
#include "codec/credential.h"
#include "codec/date.h"

static const struct credential_problem none = {CREDENTIAL_OK, CBOR_OK, SAKSI_CLAIM_COUNT};

static struct credential_problem problem(enum credential_error error, enum saksi_claim claim)
{
    return (struct credential_problem){error, CBOR_OK, claim};
}

static struct credential_problem check_presence(const struct credential *c)
{
    for (int i = 0; i < SAKSI_CLAIM_COUNT; i++) {
        if (claim_info[i].always && !credential_has(c, (enum saksi_claim)i)) {
            return problem(CREDENTIAL_MISSING, (enum saksi_claim)i);
        }
    }
    return none;
}

static bool is_capital(uint8_t character)
{
    return character >= 'A' && character <= 'Z';
}

static bool is_letter_or_digit(uint8_t character)
{
    uint8_t lower = character | 0x20;
    return (lower >= 'a' && lower <= 'z') || (character >= '0' && character <= '9');
}

static bool begins_with_state(struct span s)
{
    return s.len >= 2 && is_capital(s.ptr[0]) && is_capital(s.ptr[1]);
}

/* Subtags of 1 to 8 letters and digits, joined by hyphens (RFC 5646 §2.1). */
static bool is_language_tag(struct span s)
{
    size_t subtag = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '-' && subtag != 0) {
            subtag = 0;
        } else if (is_letter_or_digit(s.ptr[i]) && subtag < 8) {
            subtag++;
        } else {
            return false;
        }
    }
    return subtag != 0;
}

static struct credential_problem check_form(const struct credential *c)
{
    struct credential_problem malformed = {CREDENTIAL_MALFORMED, CBOR_TEXT_REFUSED,
                                           SAKSI_CLAIM_ISS};
    struct span iss = credential_text(c, SAKSI_CLAIM_ISS);
    if (!begins_with_state(iss) || iss.len < 4 || iss.ptr[2] != '.') {
        return malformed;
    }
    malformed.claim = SAKSI_CLAIM_NATIONALITY;
    if (credential_has(c, SAKSI_CLAIM_NATIONALITY) &&
        !begins_with_state(credential_text(c, SAKSI_CLAIM_NATIONALITY))) {
        return malformed;
    }
    malformed.claim = SAKSI_CLAIM_HOLDER_NAME_LANGUAGE;
    if (credential_has(c, SAKSI_CLAIM_HOLDER_NAME_LANGUAGE) &&
        !is_language_tag(credential_text(c, SAKSI_CLAIM_HOLDER_NAME_LANGUAGE))) {
        return malformed;
    }
    return none;
}

/* Claims that mean nothing without each other. */
#define TOGETHER_MAX 3
static const struct {
    size_t count;
    enum saksi_claim claim[TOGETHER_MAX];
} together[] = {
    {3, {SAKSI_CLAIM_FRAMEWORK, SAKSI_CLAIM_EDITION, SAKSI_CLAIM_LEVEL}},
    {2, {SAKSI_CLAIM_HOLDER_NAME_NATIVE, SAKSI_CLAIM_HOLDER_NAME_LANGUAGE}},
    {2, {SAKSI_CLAIM_HOLDER_ID_TYPE, SAKSI_CLAIM_HOLDER_ID_HINT}},
};

/* Names the first claim absent from a group of which another is present. */
static struct credential_problem check_together(const struct credential *c)
{
    for (size_t i = 0; i < sizeof together / sizeof together[0]; i++) {
        size_t present = 0;
        enum saksi_claim absent = SAKSI_CLAIM_COUNT;
        for (size_t j = together[i].count; j-- > 0;) {
            if (credential_has(c, together[i].claim[j])) {
                present++;
            } else {
                absent = together[i].claim[j];
            }
        }
        if (present != 0 && present != together[i].count) {
            return problem(CREDENTIAL_CONFLICT, absent);
        }
    }
    return none;
}

/* Enough to tell whether this person is the holder; nationality is a condition of the tourism
 * arrangement. */
static struct credential_problem check_holder(const struct credential *c)
{
    bool birth_date = credential_has(c, SAKSI_CLAIM_BIRTH_DATE);
    bool birth_year = credential_has(c, SAKSI_CLAIM_BIRTH_YEAR);
    bool picture =
        credential_has(c, SAKSI_CLAIM_PHOTO_DIGEST) || credential_has(c, SAKSI_CLAIM_FACE);
    if (birth_date && birth_year) {
        return problem(CREDENTIAL_CONFLICT, SAKSI_CLAIM_BIRTH_YEAR);
    }
    if (!birth_date && !birth_year && !picture) {
        return problem(CREDENTIAL_MISSING, SAKSI_CLAIM_BIRTH_DATE);
    }
    if (credential_has(c, SAKSI_CLAIM_JOB_INDEX) && !credential_has(c, SAKSI_CLAIM_NATIONALITY)) {
        return problem(CREDENTIAL_MISSING, SAKSI_CLAIM_NATIONALITY);
    }
    return none;
}

static struct credential_problem check_validity(const struct credential *c)
{
    if ((c->is_null >> SAKSI_CLAIM_VALID_UNTIL & 1) != 0) {
        return none;
    }
    int64_t until = credential_number(c, SAKSI_CLAIM_VALID_UNTIL);
    if (until < credential_number(c, SAKSI_CLAIM_ISSUE_DATE)) {
        return problem(CREDENTIAL_CONFLICT, SAKSI_CLAIM_VALID_UNTIL);
    }
    if (credential_has(c, SAKSI_CLAIM_VALID_FROM) &&
        until < credential_number(c, SAKSI_CLAIM_VALID_FROM)) {
        return problem(CREDENTIAL_CONFLICT, SAKSI_CLAIM_VALID_FROM);
    }
    return none;
}

/* Born before the issue date; where only the year is known, in its year at the latest. */
static struct credential_problem check_birth(const struct credential *c)
{
    int64_t issued = credential_number(c, SAKSI_CLAIM_ISSUE_DATE);
    if (credential_has(c, SAKSI_CLAIM_BIRTH_DATE) &&
        credential_number(c, SAKSI_CLAIM_BIRTH_DATE) >= issued) {
        return problem(CREDENTIAL_CONFLICT, SAKSI_CLAIM_BIRTH_DATE);
    }
    if (credential_has(c, SAKSI_CLAIM_BIRTH_YEAR) &&
        credential_number(c, SAKSI_CLAIM_BIRTH_YEAR) > date_of_day(issued).year) {
        return problem(CREDENTIAL_CONFLICT, SAKSI_CLAIM_BIRTH_YEAR);
    }
    return none;
}

struct credential_problem credential_check(const struct credential *c)
{
    static struct credential_problem (*const check[])(const struct credential *) = {
        check_presence, check_form, check_together, check_holder, check_validity, check_birth,
    };
    struct credential_problem found = none;
    for (size_t i = 0; i < sizeof check / sizeof check[0] && found.error == CREDENTIAL_OK; i++) {
        found = check[i](c);
    }
    return found;
}

struct span certificate_number_key(struct span number, uint8_t room[CERTIFICATE_NUMBER_MAX])
{
    struct writer w = writer_of(room, CERTIFICATE_NUMBER_MAX);
    for (size_t i = 0; i < number.len; i++) {
        uint8_t c = number.ptr[i];
        if (c != ' ' && c != '-') {
            writer_be(&w, c >= 'a' && c <= 'z' ? (uint8_t)(c - 'a' + 'A') : c, 1);
        }
    }
    return writer_span(&w);
}
