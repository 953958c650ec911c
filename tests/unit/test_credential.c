/* SPDX-License-Identifier: Apache-2.0
 *
 * Claims: every kind at its limits, and nothing accepted that does not come back byte for byte.
 */
#include "check.h"
#include "sample.h"
#include "codec/credential.h"

#define ROOM CREDENTIAL_MAX_BYTES

static struct span encode(const struct credential *c, uint8_t *room)
{
    struct writer w = writer_of(room, ROOM);
    assert_int_equal(credential_encode(c, &w).error, CREDENTIAL_OK);
    return writer_span(&w);
}

static void samples_come_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        uint8_t first[ROOM], second[ROOM];
        struct credential c = sample_credential(i), back;
        struct span payload = encode(&c, first);
        assert_int_equal(credential_decode(payload, &back).error, CREDENTIAL_OK);
        assert_true(back.present == c.present && back.is_null == c.is_null);
        check_bytes(credential_text(&back, SAKSI_CLAIM_SCHEME_TITLE),
                    credential_text(&c, SAKSI_CLAIM_SCHEME_TITLE));
        assert_true(credential_number(&back, SAKSI_CLAIM_IAT) ==
                    credential_number(&c, SAKSI_CLAIM_IAT));
        check_bytes(encode(&back, second), payload);
    }
}

static void every_claim_by_value(void **state)
{
    (void)state;
    uint8_t room[ROOM];
    struct credential c = sample_full(), back;
    struct span payload = encode(&c, room);
    assert_int_equal(credential_decode(payload, &back).error, CREDENTIAL_OK);
    for (int i = 0; i < SAKSI_CLAIM_COUNT; i++) {
        enum saksi_claim claim = (enum saksi_claim)i;
        assert_int_equal(credential_has(&back, claim), claim != SAKSI_CLAIM_BIRTH_YEAR);
        check_bytes(credential_text(&back, claim), credential_text(&c, claim));
        assert_true(credential_number(&back, claim) == credential_number(&c, claim));
    }
    assert_int_equal(back.unit_count, 6);
    check_bytes(back.unit[5], span_str("D1.HFO.CL2.07"));
    struct span name = credential_text(&back, SAKSI_CLAIM_HOLDER_NAME);
    assert_true(name.ptr > room && name.ptr < room + payload.len);
}

static void smallest_payload_by_value(void **state)
{
    (void)state;
    uint8_t room[ROOM], wanted[256];
    struct credential c = {0};
    sample_text(&c, SAKSI_CLAIM_ISS, "PH.T");
    credential_set_number(&c, SAKSI_CLAIM_IAT, 1);
    credential_set_number(&c, SAKSI_CLAIM_STATUS_INDEX, 0);
    sample_text(&c, SAKSI_CLAIM_CERTIFICATE_NUMBER, "7");
    credential_set_number(&c, SAKSI_CLAIM_SCHEME_TYPE, 1);
    credential_set_number(&c, SAKSI_CLAIM_COVERAGE, 2);
    sample_text(&c, SAKSI_CLAIM_SCHEME_CODE, "S");
    sample_text(&c, SAKSI_CLAIM_SCHEME_TITLE, "T");
    credential_set_number(&c, SAKSI_CLAIM_STANDARD_FAMILY, 5);
    credential_set_number(&c, SAKSI_CLAIM_ISSUE_DATE, -1);
    credential_set_null(&c, SAKSI_CLAIM_VALID_UNTIL);
    sample_text(&c, SAKSI_CLAIM_HOLDER_NAME, "N");
    credential_set_number(&c, SAKSI_CLAIM_BIRTH_YEAR, 1960);
    check_bytes(encode(&c, room),
                check_hex("a3 01 6450482e54 06 01 3a00010000 ab 00 00 01 6137 02 01 03 02 04 6153 "
                          "05 6154 06 05 0f 20 10 f6 11 614e 1818 1907a8",
                          wanted, sizeof wanted));
}

/* Text and bytes: one less than the least, both limits, one more than the most. */
static void lengths_at_their_limits(void **state)
{
    (void)state;
    static char letters[1024];
    memset(letters, 'A', sizeof letters);
    unsigned checked = 0;
    for (int i = 0; i < SAKSI_CLAIM_COUNT; i++) {
        const struct claim_info *info = &claim_info[i];
        bool is_text = info->kind == CLAIM_CODE || info->kind == CLAIM_TEXT;
        bool has_form = i == SAKSI_CLAIM_ISS || i == SAKSI_CLAIM_HOLDER_NAME_LANGUAGE;
        if (has_form || (!is_text && info->kind != CLAIM_BYTES && info->kind != CLAIM_CKT)) {
            continue;
        }
        for (int64_t len = info->least - 1; len <= info->most + 1; len++) {
            struct credential c = sample_full();
            credential_set_text(&c, (enum saksi_claim)i, span_of(letters, (size_t)len));
            bool inside = len >= info->least && len <= info->most;
            if (inside) {
                assert_int_equal(sample_problem(&c).error, CREDENTIAL_OK);
            } else {
                sample_expect(&c, CREDENTIAL_MALFORMED, CBOR_RANGE, (enum saksi_claim)i);
            }
        }
        checked++;
    }
    assert_int_equal(checked, 17);
}

static void numbers_at_their_limits(void **state)
{
    (void)state;
    unsigned checked = 0;
    for (int i = 0; i < SAKSI_CLAIM_COUNT; i++) {
        const struct claim_info *info = &claim_info[i];
        if (info->kind != CLAIM_NUMBER && info->kind != CLAIM_DAY &&
            info->kind != CLAIM_DAY_OR_NULL) {
            continue;
        }
        const int64_t beyond[] = {info->least - 1, info->most + 1, INT64_MIN, INT64_MAX};
        for (size_t j = 0; j < COUNT_OF(beyond); j++) {
            struct credential c = sample_full();
            credential_set_number(&c, (enum saksi_claim)i, beyond[j]);
            sample_expect(&c, CREDENTIAL_MALFORMED, CBOR_RANGE, (enum saksi_claim)i);
        }
        const int64_t edge[] = {info->least, info->most};
        for (size_t j = 0; j < COUNT_OF(edge); j++) {
            struct credential c = sample_full();
            credential_set_number(&c, (enum saksi_claim)i, edge[j]);
            struct credential_problem problem = sample_problem(&c);
            assert_true(problem.error == CREDENTIAL_OK || problem.error == CREDENTIAL_CONFLICT);
        }
        checked++;
    }
    assert_int_equal(checked, 9);
}

static void enumerated_values(void **state)
{
    (void)state;
    for (int i = 0; i < SAKSI_CLAIM_COUNT; i++) {
        if (claim_info[i].kind != CLAIM_ENUM) {
            continue;
        }
        enum saksi_claim claim = (enum saksi_claim)i;
        for (int64_t value = 0; value <= claim_info[i].most + 1; value++) {
            struct credential c = sample_full();
            credential_set_number(&c, claim, value);
            bool known = value >= 1 && value <= claim_info[i].most;
            assert_int_equal(sample_problem(&c).error,
                             known ? CREDENTIAL_OK : CREDENTIAL_UNSUPPORTED);
            const char *name = claim_value_name(claim, value);
            assert_int_equal(name != NULL, known);
            if (known) {
                assert_int_equal(claim_value_number(claim, span_str(name)), value);
            } else {
                sample_expect(&c, CREDENTIAL_UNSUPPORTED, CBOR_OK, claim);
            }
        }
        assert_int_equal(claim_value_number(claim, span_str("no such value")), 0);
    }
    assert_string_equal(claim_value_name(SAKSI_CLAIM_FRAMEWORK, 12), "TLNQF");
}

static void units_are_counted(void **state)
{
    (void)state;
    struct credential c = sample_full();
    while (c.unit_count < CREDENTIAL_MAX_UNITS) {
        assert_true(credential_add_unit(&c, span_str("ABCDEFGHIJKLMNOPQRSTUVWX")));
    }
    assert_false(credential_add_unit(&c, span_str("A")));
    assert_int_equal(sample_problem(&c).error, CREDENTIAL_OK);
    c.unit_count++;
    sample_expect(&c, CREDENTIAL_MALFORMED, CBOR_RANGE, SAKSI_CLAIM_COUNT);
    credential_clear(&c, SAKSI_CLAIM_UNITS);
    assert_int_equal(c.unit_count, 0);
    assert_int_equal(sample_problem(&c).error, CREDENTIAL_OK);
    c.present |= (uint64_t)1 << SAKSI_CLAIM_UNITS;
    sample_expect(&c, CREDENTIAL_MALFORMED, CBOR_RANGE, SAKSI_CLAIM_UNITS);
    assert_true(credential_add_unit(&c, span_str("ABCDEFGHIJKLMNOPQRSTUVWXY")));
    sample_expect(&c, CREDENTIAL_MALFORMED, CBOR_RANGE, SAKSI_CLAIM_UNITS);
    c.unit[0] = span_str("\303\274");
    sample_expect(&c, CREDENTIAL_MALFORMED, CBOR_TEXT_REFUSED, SAKSI_CLAIM_UNITS);
}

/* Payloads no encoder of ours writes: `outer` stands in the outer map after cnf, `inner` in the
 * certificate after its last claim; the counts in the heads follow. */
static struct span patched(const char *cnf, const char *inner, uint8_t *room)
{
    uint8_t part[64];
    struct writer w = writer_of(room, ROOM);
    cbor_write_map(&w, 4);
    writer_put(&w, check_hex("01 6450482e54 06 01 08", part, sizeof part));
    writer_put(&w, check_hex(cnf, part, sizeof part));
    writer_put(&w, check_hex("3a00010000 ac 00 00 01 6137 02 01 03 02 04 6153 05 6154 06 05 0f 20 "
                             "10 f6 11 614e 1818 1907a8",
                             part, sizeof part));
    writer_put(&w, check_hex(inner, part, sizeof part));
    return writer_span(&w);
}

static void foreign_payloads(void **state)
{
    (void)state;
#define CKT "a1 05 5820 00000000000000000000000000000000 00000000000000000000000000000000"
    static const struct {
        const char *cnf, *inner;
        struct credential_problem problem;
    } table[] = {
        {CKT, "181e 6172", {CREDENTIAL_OK, CBOR_OK, SAKSI_CLAIM_COUNT}},
        {CKT, "181f 00", {CREDENTIAL_UNSUPPORTED, CBOR_OK, SAKSI_CLAIM_COUNT}},
        {CKT, "20 00", {CREDENTIAL_UNSUPPORTED, CBOR_OK, SAKSI_CLAIM_COUNT}},
        {CKT, "6178 00", {CREDENTIAL_UNSUPPORTED, CBOR_OK, SAKSI_CLAIM_COUNT}},
        {"a1 03 41 00", "181e 6172", {CREDENTIAL_UNSUPPORTED, CBOR_OK, SAKSI_CLAIM_CNF}},
        {"a1 6178 00", "181e 6172", {CREDENTIAL_UNSUPPORTED, CBOR_OK, SAKSI_CLAIM_CNF}},
        {"a0", "181e 6172", {CREDENTIAL_MALFORMED, CBOR_RANGE, SAKSI_CLAIM_CNF}},
        {"a1 05 41 00", "181e 6172", {CREDENTIAL_MALFORMED, CBOR_RANGE, SAKSI_CLAIM_CNF}},
        {CKT, "40 00", {CREDENTIAL_MALFORMED, CBOR_TYPE, SAKSI_CLAIM_COUNT}},
        {CKT, "181e 4172", {CREDENTIAL_MALFORMED, CBOR_TYPE, SAKSI_CLAIM_RESTRICTIONS}},
        {CKT, "17 6172", {CREDENTIAL_MALFORMED, CBOR_UNSORTED, SAKSI_CLAIM_COUNT}},
        {CKT, "1818 1907a8", {CREDENTIAL_MALFORMED, CBOR_DUPLICATE, SAKSI_CLAIM_COUNT}},
        {CKT, "181f 61ff", {CREDENTIAL_MALFORMED, CBOR_TEXT_INVALID, SAKSI_CLAIM_COUNT}},
        {CKT, "181f f97e00", {CREDENTIAL_MALFORMED, CBOR_RESERVED, SAKSI_CLAIM_COUNT}},
        {CKT, "181e 6172 00", {CREDENTIAL_MALFORMED, CBOR_TRAILING, SAKSI_CLAIM_COUNT}},
        {"a1 03 41 00", "181e 4172", {CREDENTIAL_MALFORMED, CBOR_TYPE, SAKSI_CLAIM_RESTRICTIONS}},
        {CKT, "181c 40", {CREDENTIAL_MALFORMED, CBOR_RANGE, SAKSI_CLAIM_PHOTO_DIGEST}},
        {CKT, "181d 40", {CREDENTIAL_MALFORMED, CBOR_RANGE, SAKSI_CLAIM_FACE}},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        uint8_t room[ROOM];
        struct credential c;
        struct credential_problem problem =
            credential_decode(patched(table[i].cnf, table[i].inner, room), &c);
        if (memcmp(&problem, &table[i].problem, sizeof problem) != 0) {
            fail_msg("%s %s: error %d, %s, claim %d", table[i].cnf, table[i].inner, problem.error,
                     cbor_error_text(problem.cbor), problem.claim);
        }
        assert_int_equal(c.present == 0, problem.error != CREDENTIAL_OK);
    }
}

static void an_unknown_outer_claim(void **state)
{
    (void)state;
    uint8_t room[ROOM];
    struct credential c;
    struct span payload = check_hex("a1 04 1a7fffffff", room, sizeof room); /* exp */
    struct credential_problem problem = credential_decode(payload, &c);
    assert_int_equal(problem.error, CREDENTIAL_UNSUPPORTED);
    payload = check_hex("a1 3a00010000 80", room, sizeof room);
    problem = credential_decode(payload, &c);
    assert_int_equal(problem.error, CREDENTIAL_MALFORMED);
    assert_int_equal(problem.cbor, CBOR_TYPE);
    payload = check_hex("a0", room, sizeof room);
    problem = credential_decode(payload, &c);
    assert_int_equal(problem.error, CREDENTIAL_MISSING);
    assert_int_equal(problem.claim, SAKSI_CLAIM_ISS);
}

static void the_whole_has_a_limit(void **state)
{
    (void)state;
    static uint8_t large[CREDENTIAL_MAX_BYTES + 1];
    struct credential c;
    struct writer w = writer_of(large, sizeof large);
    cbor_write_bytes(&w, span_of(NULL, 0));
    struct credential_problem problem = credential_decode(span_of(large, sizeof large), &c);
    assert_int_equal(problem.error, CREDENTIAL_MALFORMED);
    assert_int_equal(problem.cbor, CBOR_RANGE);
}

static void prefix_is_malformed(struct span prefix, void *context)
{
    (void)context;
    struct credential c;
    struct credential_problem problem = credential_decode(prefix, &c);
    assert_int_equal(problem.error, CREDENTIAL_MALFORMED);
    assert_int_equal(problem.cbor, CBOR_TRUNCATED);
}

static void every_prefix_is_malformed(void **state)
{
    (void)state;
    uint8_t room[ROOM];
    struct credential c = sample_full();
    check_prefixes(encode(&c, room), prefix_is_malformed, NULL);
}

struct flips {
    unsigned count[CREDENTIAL_CONFLICT + 1];
};

/* Encoding what was decoded gives the same bytes, so two payloads never mean the same. */
static void flipped_comes_back(struct span payload, void *context)
{
    struct flips *flips = context;
    struct credential c;
    struct credential_problem problem = credential_decode(payload, &c);
    flips->count[problem.error]++;
    if (problem.error == CREDENTIAL_OK) {
        uint8_t room[ROOM];
        check_bytes(encode(&c, room), payload);
    }
}

static void every_flipped_bit_shows(void **state)
{
    (void)state;
    struct flips flips = {0};
    for (size_t i = 0; i < SAMPLE_COUNT; i += 5) {
        uint8_t room[ROOM];
        struct credential c = sample_credential(i);
        check_bit_flips(encode(&c, room), flipped_comes_back, &flips);
    }
    struct credential full = sample_full();
    uint8_t room[ROOM];
    check_bit_flips(encode(&full, room), flipped_comes_back, &flips);
    for (size_t i = 0; i < COUNT_OF(flips.count); i++) {
        assert_int_not_equal(flips.count[i], 0);
    }
}

static void clearing_the_holder(void **state)
{
    (void)state;
    struct credential c = sample_full();
    credential_set_number(&c, SAKSI_CLAIM_BIRTH_YEAR, 1999);
    credential_clear_holder(&c);
    static const enum saksi_claim gone[] = {
        SAKSI_CLAIM_HOLDER_NAME,          SAKSI_CLAIM_HOLDER_NAME_NATIVE,
        SAKSI_CLAIM_HOLDER_NAME_LANGUAGE, SAKSI_CLAIM_BIRTH_DATE,
        SAKSI_CLAIM_BIRTH_YEAR,           SAKSI_CLAIM_NATIONALITY,
        SAKSI_CLAIM_HOLDER_ID_TYPE,       SAKSI_CLAIM_HOLDER_ID_HINT,
        SAKSI_CLAIM_PHOTO_DIGEST,         SAKSI_CLAIM_FACE,
    };
    uint64_t bits = 0;
    for (size_t i = 0; i < COUNT_OF(gone); i++) {
        bits |= (uint64_t)1 << gone[i];
        assert_false(credential_has(&c, gone[i]));
        assert_null(credential_text(&c, gone[i]).ptr);
        assert_int_equal(credential_number(&c, gone[i]), 0);
    }
    assert_true((c.present | bits) == ((uint64_t)1 << SAKSI_CLAIM_COUNT) - 1);
}

static void names_in_json(void **state)
{
    (void)state;
    for (int i = 0; i < SAKSI_CLAIM_COUNT; i++) {
        assert_int_equal(claim_of_json(span_str(claim_info[i].json)), i);
    }
    assert_int_equal(claim_of_json(span_str("exp")), SAKSI_CLAIM_COUNT);
    assert_int_equal(claim_of_json(span_str("iss ")), SAKSI_CLAIM_COUNT);
}

/* Card and paper of one award may differ in five claims, and in no other. */
static void siblings_differ_in_few_claims(void **state)
{
    (void)state;
    const struct credential whole = sample_full();
    size_t free_claims = 0;
    assert_true(credential_siblings(&whole, &whole));
    for (int claim = 0; claim < SAKSI_CLAIM_COUNT; claim++) {
        struct credential less = whole, other = whole;
        if (!credential_has(&whole, (enum saksi_claim)claim)) {
            continue;
        }
        bool may = claim == SAKSI_CLAIM_IAT || claim == SAKSI_CLAIM_CNF ||
                   claim == SAKSI_CLAIM_STATUS_INDEX || claim == SAKSI_CLAIM_PHOTO_DIGEST ||
                   claim == SAKSI_CLAIM_FACE;
        credential_clear(&less, (enum saksi_claim)claim);
        other.value[claim].number++;
        assert_int_equal(credential_siblings(&whole, &less), may);
        assert_int_equal(credential_siblings(&less, &whole), may);
        assert_int_equal(credential_siblings(&whole, &other), may);
        free_claims += may;
    }
    assert_int_equal(free_claims, 5);
    struct credential more = whole;
    assert_true(credential_add_unit(&more, span_str("X")));
    assert_false(credential_siblings(&whole, &more));
    more = whole;
    more.unit[0] = span_str("other");
    assert_false(credential_siblings(&whole, &more));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_come_back),
        cmocka_unit_test(every_claim_by_value),
        cmocka_unit_test(smallest_payload_by_value),
        cmocka_unit_test(lengths_at_their_limits),
        cmocka_unit_test(numbers_at_their_limits),
        cmocka_unit_test(enumerated_values),
        cmocka_unit_test(units_are_counted),
        cmocka_unit_test(foreign_payloads),
        cmocka_unit_test(an_unknown_outer_claim),
        cmocka_unit_test(the_whole_has_a_limit),
        cmocka_unit_test(every_prefix_is_malformed),
        cmocka_unit_test(every_flipped_bit_shows),
        cmocka_unit_test(clearing_the_holder),
        cmocka_unit_test(names_in_json),
        cmocka_unit_test(siblings_differ_in_few_claims),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
