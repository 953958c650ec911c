/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers and codes are opaque: whoever awards them makes their rules, so an odd one is worth a
 * second look and no more.
 */
#include "issuer/record_warnings.h"

#include "base/text.h"

#define DAY_S 86400

struct looking {
    struct json_reader *json;
    const struct json_value *object;
    struct record_notes *warnings;
};

static void warn(const struct looking *l, enum saksi_claim claim, const char *what)
{
    record_warn(l->json, l->object, claim_info[claim].json, what, l->warnings);
}

/* Letters, digits and the signs numbers are usually divided by. */
static bool is_usual(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '.' || c == '/' || c == '-' ||
           c == ' ' || c == ':' || c == '(' || c == ')' || c == '_' || c == '+';
}

static bool looks_usual(struct span code)
{
    for (size_t i = 0; i < code.len; i++) {
        bool two_blanks = code.ptr[i] == ' ' && i != 0 && code.ptr[i - 1] == ' ';
        if (!is_usual(code.ptr[i]) || two_blanks) {
            return false;
        }
    }
    return true;
}

static void look_at_codes(const struct looking *l, const struct credential *c)
{
    for (int i = 0; i < SAKSI_CLAIM_COUNT; i++) {
        enum saksi_claim claim = (enum saksi_claim)i;
        if (claim_info[i].kind == CLAIM_CODE && claim != SAKSI_CLAIM_HOLDER_NAME_LANGUAGE &&
            !looks_usual(credential_text(c, claim))) {
            warn(l, claim, "has unusual characters: small letters, two blanks or rare signs");
        }
    }
    for (size_t i = 0; i < c->unit_count; i++) {
        if (!looks_usual(c->unit[i])) {
            warn(l, SAKSI_CLAIM_UNITS, "has a code with unusual characters");
            return;
        }
    }
}

static void look_at_scripts(const struct looking *l, const struct credential *c)
{
    struct span native = credential_text(c, SAKSI_CLAIM_HOLDER_NAME_NATIVE);
    if (text_looks_like_zawgyi(native)) {
        warn(l, SAKSI_CLAIM_HOLDER_NAME_NATIVE,
             "looks like Zawgyi; written like that it is not readable elsewhere: use Unicode");
    }
    if (text_mixes_scripts(native)) {
        warn(l, SAKSI_CLAIM_HOLDER_NAME_NATIVE, "mixes letters of two scripts in one word");
    }
    if (text_mixes_scripts(credential_text(c, SAKSI_CLAIM_SCHEME_TITLE))) {
        warn(l, SAKSI_CLAIM_SCHEME_TITLE, "mixes letters of two scripts in one word");
    }
}

void record_warnings_find(struct json_reader *json, const struct json_value *object,
                          const struct record_context *context, const struct credential *credential,
                          struct record_notes *warnings)
{
    struct looking l = {json, object, warnings};
    look_at_codes(&l, credential);
    look_at_scripts(&l, credential);
    bool expires = (credential->is_null >> SAKSI_CLAIM_VALID_UNTIL & 1) == 0;
    if (expires &&
        credential_number(credential, SAKSI_CLAIM_VALID_UNTIL) < context->now_s / DAY_S) {
        warn(&l, SAKSI_CLAIM_VALID_UNTIL, "has passed already");
    }
}
