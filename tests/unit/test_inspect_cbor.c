/* SPDX-License-Identifier: Apache-2.0
 *
 * The tolerant CBOR reader and its diagnostic notation: RFC 8949's own examples, and what is no
 * CBOR. */
#include <stdio.h>

#include "check.h"
#include "cli/inspect/inspect_cbor.h"
#include "cli/inspect/inspect_print.h"

#define MAX_TEXT 4096

static void check_diagnostic(const char *hex, enum inspect_place place, const char *expected)
{
    uint8_t room[512];
    char text[MAX_TEXT];
    struct span item = check_hex(hex, room, sizeof room);
    uint8_t *exact = check_heap_copy(item);
    struct writer w = writer_of(text, sizeof text - 1);
    assert_true(inspect_print(&w, span_of(exact, item.len), place));
    assert_true(writer_ok(&w));
    text[w.len] = '\0';
    assert_string_equal(text, expected);
    free(exact);
}

/* RFC 8949 Appendix A; large and small floats with the fewest digits that tell them apart. */
static void examples_of_the_standard(void **state)
{
    (void)state;
    static const char *const row[][2] = {
        {"00", "0"},
        {"17", "23"},
        {"1818", "24"},
        {"1903e8", "1000"},
        {"1b000000e8d4a51000", "1000000000000"},
        {"1bffffffffffffffff", "18446744073709551615"},
        {"c249010000000000000000", "2(h'010000000000000000')"},
        {"3bffffffffffffffff", "-18446744073709551616"},
        {"3bfffffffffffffffe", "-18446744073709551615"},
        {"20", "-1"},
        {"3903e7", "-1000"},
        {"f90000", "0.0"},
        {"f98000", "-0.0"},
        {"f93c00", "1.0"},
        {"fb3ff199999999999a", "1.1"},
        {"f97bff", "65504.0"},
        {"fa47c35000", "1e+05"},
        {"fa7f7fffff", "3.4028234663852886e+38"},
        {"fb7e37e43c8800759c", "1e+300"},
        {"f90001", "5.9604644775390625e-08"},
        {"f90400", "6.103515625e-05"},
        {"f9c400", "-4.0"},
        {"fbc010666666666666", "-4.1"},
        {"f97c00", "Infinity"},
        {"f97e00", "NaN"},
        {"f9fc00", "-Infinity"},
        {"fa7f800000", "Infinity"},
        {"fb7ff8000000000000", "NaN"},
        {"fbfff0000000000000", "-Infinity"},
        {"f4", "false"},
        {"f5", "true"},
        {"f6", "null"},
        {"f7", "undefined"},
        {"f0", "simple(16)"},
        {"f8ff", "simple(255)"},
        {"c11a514b67b0", "1(1363896240)"},
        {"d818456449455446", "24(h'6449455446')"},
        {"40", "h''"},
        {"4401020304", "h'01020304'"},
        {"60", "\"\""},
        {"6449455446", "\"IETF\""},
        {"62225c", "\"\\\"\\\\\""},
        {"62c3bc", "\"\u00fc\""},
        {"63e6b0b4", "\"\u6c34\""},
        {"64f0908591", "\"\xf0\x90\x85\x91\""},
        {"80", "[]"},
        {"a0", "{}"},
        {"83010203", "[\n  1,\n  2,\n  3\n]"},
        {"8301820203820405", "[\n  1,\n  [\n    2,\n    3\n  ],\n  [\n    4,\n    5\n  ]\n]"},
        {"a201020304", "{\n  1: 2,\n  3: 4\n}"},
        {"a26161016162820203", "{\n  \"a\": 1,\n  \"b\": [\n    2,\n    3\n  ]\n}"},
        {"5f42010243030405ff", "(_ h'0102', h'030405')"},
        {"7f657374726561646d696e67ff", "(_ \"strea\", \"ming\")"},
        {"5fff", "(_ )"},
        {"9fff", "[_ ]"},
        {"bfff", "{_ }"},
        {"9f0102ff", "[_ \n  1,\n  2\n]"},
        {"bf6346756ef563416d7421ff", "{_ \n  \"Fun\": true,\n  \"Amt\": -2\n}"},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        check_diagnostic(row[i][0], INSPECT_PLAIN, row[i][1]);
    }
}

/* What could move a cursor, hide or reorder text, is printed as an escape. */
static void text_is_safe_on_a_terminal(void **state)
{
    (void)state;
    check_diagnostic("641b5b324a", INSPECT_PLAIN, "\"\\u001b[2J\"");
    check_diagnostic("610a", INSPECT_PLAIN, "\"\\u000a\"");
    check_diagnostic("617f", INSPECT_PLAIN, "\"\\u007f\"");
    check_diagnostic("62c29b", INSPECT_PLAIN, "\"\\u009b\"");
    check_diagnostic("63e280ae", INSPECT_PLAIN, "\"\\u202e\"");
    check_diagnostic("63efbbbf", INSPECT_PLAIN, "\"\\ufeff\"");
    check_diagnostic("64f09fbfbe", INSPECT_PLAIN, "\"\\ud83f\\udffe\"");
    check_diagnostic("62c328", INSPECT_PLAIN, "/ text that is not UTF-8 / h'c328'");
    check_diagnostic("63eda080", INSPECT_PLAIN, "/ text that is not UTF-8 / h'eda080'");
    check_diagnostic("62c080", INSPECT_PLAIN, "/ text that is not UTF-8 / h'c080'");
    check_diagnostic("6180", INSPECT_PLAIN, "/ text that is not UTF-8 / h'80'");
}

static void names_are_comments(void **state)
{
    (void)state;
    check_diagnostic("a201260442abcd", INSPECT_HEADER,
                     "{\n  / alg / 1: -7 / ES256 /,\n  / kid / 4: h'abcd'\n}");
    check_diagnostic("a401624944061a6098f3e0"             /* iss, iat */
                     "08a1054155"                         /* cnf */
                     "3a00010000a502010318630a030f194f71" /* certificate */
                     "182aa0",
                     INSPECT_CLAIMS,
                     "{\n"
                     "  / iss / 1: \"ID\",\n"
                     "  / iat / 6: 1620636640 / 2021-05-10T08:50:40Z /,\n"
                     "  / cnf / 8: {\n"
                     "    / ckt / 5: h'55'\n"
                     "  },\n"
                     "  / certificate / -65537: {\n"
                     "    / scheme_type / 2: 1 / qualification /,\n"
                     "    / coverage / 3: 99,\n"
                     "    / level / 10: 3,\n"
                     "    / issue_date / 15: 20337 / 2025-09-06 /,\n"
                     "    42: {}\n"
                     "  }\n"
                     "}");
    check_diagnostic("a106"
                     "1bffffffffffffffff",
                     INSPECT_CLAIMS, "{\n  / iat / 6: 18446744073709551615\n}");
    check_diagnostic("a106"
                     "20",
                     INSPECT_CLAIMS, "{\n  / iat / 6: -1\n}");
}

static void refused(struct span bytes, void *context)
{
    char text[64];
    struct writer w = writer_of(text, sizeof text);
    (void)context;
    assert_false(inspect_is_item(bytes));
    assert_false(inspect_print(&w, bytes, INSPECT_PLAIN));
}

static void what_is_not_cbor(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "1c",
        "1d",
        "1e",
        "3c",
        "5d",
        "7e",
        "9c",
        "bd",
        "dc",
        "fc",
        "fd",
        "fe", /* reserved */
        "1f",
        "3f",
        "df", /* indefinite where it cannot be */
        "ff", /* a break alone */
        "f800",
        "f818",
        "f81f", /* simple values that have one byte */
        "5f00ff",
        "5f6100ff",
        "5f5f4100ffff",
        "7f4100ff", /* chunks of another kind */
        "bf00ff",   /* a key without a value */
        "a1ff",
        "81ff",
        "c1ff",               /* a break for an item */
        "0000",               /* two items */
        "9bffffffffffffffff", /* counts and lengths that lie */
        "bbffffffffffffffff00",
        "5bffffffffffffffff00",
        "7b7fffffffffffffff61",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        uint8_t room[32];
        struct span bytes = check_hex(bad[i], room, sizeof room);
        uint8_t *exact = check_heap_copy(bytes);
        refused(span_of(exact, bytes.len), NULL);
        free(exact);
    }
}

static void every_prefix_is_refused(void **state)
{
    (void)state;
    uint8_t room[64];
    struct span whole = check_hex("bf 01 820203 05 c1fb3ff199999999999a 7f61616162ff 5f4200ff40ff"
                                  "a16161f7 f93c00 ff",
                                  room, sizeof room);
    assert_true(inspect_is_item(whole));
    check_prefixes(whole, refused, NULL);
}

/* `levels` arrays of one element around a number. */
static struct span nested(uint8_t *room, uint8_t head, size_t levels)
{
    memset(room, head, levels);
    room[levels] = 0x00;
    return span_of(room, levels + 1);
}

static void nesting_has_an_end(void **state)
{
    (void)state;
    static uint8_t room[65536];
    static const uint8_t head[] = {0x81, 0xC1};
    for (size_t i = 0; i < COUNT_OF(head); i++) {
        assert_true(inspect_is_item(nested(room, head[i], INSPECT_MAX_DEPTH)));
        assert_false(inspect_is_item(nested(room, head[i], INSPECT_MAX_DEPTH + 1)));
        assert_false(inspect_is_item(nested(room, head[i], sizeof room - 1)));
    }
    memset(room, 0x9f, sizeof room);
    assert_false(inspect_is_item(span_of(room, sizeof room)));
}

/* A byte string in a header's counter signature holds a header whose counter signature holds … */
static void opened_byte_strings_have_an_end(void **state)
{
    (void)state;
    static uint8_t a[65536];
    static uint8_t b[65536];
    static char text[200000];
    struct span inner = span_of("\xa0", 1);
    uint8_t *next = a;
    for (size_t i = 0; i < 200; i++) {
        struct writer w = writer_of(next, sizeof a);
        writer_put(&w, span_of("\xa1\x07\x83\x59", 4)); /* { 7: [ h'…', {}, h'' ] } */
        writer_be(&w, inner.len, 2);
        writer_put(&w, inner);
        writer_put(&w, span_of("\xa0\x40", 2));
        inner = writer_span(&w);
        next = next == a ? b : a;
    }
    struct writer w = writer_of(text, sizeof text);
    assert_true(inspect_print(&w, inner, INSPECT_HEADER));
    assert_true(writer_ok(&w));
}

static void a_small_buffer_is_never_overrun(void **state)
{
    (void)state;
    uint8_t room[64];
    struct span item = check_hex("a26161016162820203", room, sizeof room);
    struct writer dry = writer_of(NULL, 0);
    assert_true(inspect_print(&dry, item, INSPECT_PLAIN));
    for (size_t cap = 0; cap < dry.len; cap++) {
        uint8_t *exact = check_heap_copy(span_of(room, cap));
        struct writer w = writer_of(exact, cap);
        assert_true(inspect_print(&w, item, INSPECT_PLAIN));
        assert_false(writer_ok(&w));
        assert_int_equal(w.len, dry.len);
        free(exact);
    }
}

static void strings_and_integers(void **state)
{
    (void)state;
    uint8_t room[64];
    uint8_t arena_room[4];
    int64_t value = 77;
    struct writer arena = writer_of(arena_room, sizeof arena_room);
    struct reader r = reader_of(check_hex("5f41014202034104ff", room, sizeof room));
    struct span joined = inspect_string(&r, INSPECT_BYTES, &arena);
    assert_true(reader_done(&r));
    check_bytes(joined, span_of("\x01\x02\x03\x04", 4));
    r = reader_of(check_hex("5f4101ff", room, sizeof room)); /* the arena is full now */
    assert_int_equal(inspect_string(&r, INSPECT_BYTES, &arena).len, 0);
    assert_true(r.failed);
    r = reader_of(check_hex("6161", room, sizeof room));
    assert_int_equal(inspect_string(&r, INSPECT_BYTES, &arena).len, 0);
    assert_true(r.failed);

    r = reader_of(check_hex("3b7fffffffffffffff", room, sizeof room));
    assert_true(inspect_int(&r, &value));
    assert_true(value == INT64_MIN);
    r = reader_of(check_hex("3b8000000000000000", room, sizeof room));
    assert_false(inspect_int(&r, &value));
    assert_false(r.failed);
    r = reader_of(check_hex("1b8000000000000000", room, sizeof room));
    assert_false(inspect_int(&r, &value));
    r = reader_of(check_hex("60", room, sizeof room));
    assert_false(inspect_int(&r, &value));
    r = reader_of(span_of(NULL, 0));
    assert_false(inspect_int(&r, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_of_the_standard),
        cmocka_unit_test(text_is_safe_on_a_terminal),
        cmocka_unit_test(names_are_comments),
        cmocka_unit_test(what_is_not_cbor),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(nesting_has_an_end),
        cmocka_unit_test(opened_byte_strings_have_an_end),
        cmocka_unit_test(a_small_buffer_is_never_overrun),
        cmocka_unit_test(strings_and_integers),
    };
    return cmocka_run_group_tests_name("inspect_cbor", tests, NULL, NULL);
}
