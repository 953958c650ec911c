/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of every type: round trips, keys and order, limits by value, damage bit by bit. */
#include "check.h"
#include "codec/trust_row.h"
#include "trust_row_sample.h"

/* ---- round trips ---- */

static void every_type_round_trips(void **state)
{
    (void)state;
    struct row_samples *samples = row_samples_new();
    assert_int_equal(samples->count, ROW_SAMPLES);
    for (size_t i = 0; i < samples->count; i++) {
        struct reader r = reader_of(samples->row[i]);
        struct row row;
        assert_int_equal(row_next(&r, &row), TRUST_DOC_OK);
        assert_true(reader_done(&r));
        check_bytes(row.bytes, samples->row[i]);
        assert_true(row_writes_itself(&row));
    }
    row_samples_free(samples);
}

static void issuer_says_what_was_written(void **state)
{
    (void)state;
    struct row_samples *samples = row_samples_new();
    struct row_issuer issuer;
    struct row_licence licence;
    struct row_suspension suspension;
    assert_true(row_issuer_decode(samples->row[0], &issuer));
    check_bytes(issuer.id, span_str("ID.BNSP.LSP-0123"));
    assert_int_equal(issuer.kind, ROW_CERTIFICATION_BODY);
    check_bytes(issuer.parent, span_str("ID.BNSP"));
    check_bytes(row_name(&issuer.names, span_str("id")), span_str("Lembaga Sertifikasi"));
    check_bytes(row_name(&issuer.names, span_str("en")), span_str("Certification Body"));
    check_bytes(row_name(&issuer.names, span_str("th")), span_str("Certification Body"));
    assert_int_equal(issuer.licence_count, 2);
    row_licence_next(&issuer.licences, &licence);
    assert_int_equal(licence.from_day, 18262);
    assert_int_equal(licence.until_day, 20000);
    assert_int_equal(licence.scheme_count, 2);
    check_bytes(licence.scheme[1], span_str("SKKNI-2019*"));
    assert_int_equal(licence.sector_count, 1);
    assert_int_equal(licence.levels_count, 1);
    assert_int_equal(licence.levels[0].framework, 1);
    assert_int_equal(licence.levels[0].least, 2);
    assert_int_equal(licence.levels[0].most, 9);
    row_licence_next(&issuer.licences, &licence);
    assert_true(licence.until_day == ROW_NO_END_DAY);
    assert_int_equal(licence.scheme_count, 0);
    assert_int_equal(issuer.suspension_count, 1);
    row_suspension_next(&issuer.suspensions, &suspension);
    assert_int_equal(suspension.reason, 3);
    row_samples_free(samples);
}

static void status_says_what_was_written(void **state)
{
    (void)state;
    struct row_samples *samples = row_samples_new();
    struct row_status status;
    struct row_centre centre;
    struct row_blank blank;
    assert_true(row_status_decode(samples->row[3], &status));
    assert_true(status.allotment == UINT32_MAX);
    assert_int_equal(status.centre_count, 1);
    row_centre_next(&status.centres, &centre);
    check_bytes(centre.centre, span_str("TUK-9"));
    assert_true(centre.until_day == ROW_NO_END_DAY);
    assert_int_equal(centre.reason, 6);
    assert_int_equal(status.blank_count, 2);
    row_blank_next(&status.blanks, &blank);
    assert_int_equal(blank.prefix.len, 0);
    assert_int_equal(blank.digits, 18);
    assert_true(blank.last == 999999999999999999U);
    row_blank_next(&status.blanks, &blank);
    check_bytes(blank.prefix, span_str("BN-"));
    assert_int_equal(blank.first, 5);
    row_samples_free(samples);
}

static void rule_says_what_was_written(void **state)
{
    (void)state;
    struct row_samples *samples = row_samples_new();
    struct row_rule full, bare;
    assert_true(row_rule_decode(samples->row[6], &full));
    assert_int_equal(full.arrangement, ROW_BILATERAL);
    assert_int_equal(full.result, ROW_CONDITIONAL);
    assert_int_equal(full.purposes, 1U << 1 | 1U << 4);
    assert_int_equal(full.scheme_types, 1U << 2);
    check_bytes(full.job_index, span_str("FOM"));
    assert_int_equal(full.nationality_count, 2);
    check_bytes(full.nationality[1], span_str("TH"));
    assert_int_equal(full.level_least, 0);
    assert_int_equal(full.level_most, 9);
    assert_int_equal(full.issued_until_day, 20500);
    check_bytes(row_name(&full.conditions, span_str("en")), span_str("With a language test"));
    assert_true(row_rule_decode(samples->row[7], &bare));
    assert_int_equal(bare.purposes, 0);
    assert_int_equal(bare.awarding_body.len, 0);
    assert_int_equal(bare.coverage, 0);
    assert_int_equal(bare.level_least, -1);
    assert_int_equal(bare.level_most, -1);
    assert_true(bare.issued_from_day == INT64_MIN);
    assert_true(bare.issued_until_day == INT64_MAX);
    assert_true(bare.valid_until_day == ROW_NO_END_DAY);
    row_samples_free(samples);
}

/* ---- keys and order ---- */

static void keys_are_what_the_key_writers_write(void **state)
{
    (void)state;
    struct row_samples *samples = row_samples_new();
    for (size_t i = 0; i < samples->count; i++) {
        struct reader r = reader_of(samples->row[i]);
        struct row row;
        uint8_t room[ROW_MAX_KEY_BYTES];
        struct writer key = writer_of(room, sizeof room);
        assert_int_equal(row_next(&r, &row), TRUST_DOC_OK);
        row_sample_key(&row, &key);
        assert_true(writer_ok(&key));
        check_bytes(row.key, writer_span(&key));
    }
    row_samples_free(samples);
}

static void rows_sort_by_type_then_key(void **state)
{
    (void)state;
    struct row a = {ROW_KEY, span_str("b"), {NULL, 0}}, b = {ROW_STATUS, span_str("a"), {NULL, 0}};
    assert_true(row_compare(&a, &b) < 0);
    assert_true(row_compare(&b, &a) > 0);
    b.type = ROW_KEY;
    assert_true(row_compare(&a, &b) > 0);
    assert_int_equal(row_compare(&a, &a), 0);

    /* Indices sort as numbers whatever their length. */
    static const uint32_t index[] = {0, 23, 24, 255, 256, 65535, 65536, UINT32_MAX};
    uint8_t room[2][ROW_MAX_KEY_BYTES];
    for (size_t i = 1; i < COUNT_OF(index); i++) {
        struct writer low = writer_of(room[0], ROW_MAX_KEY_BYTES);
        struct writer high = writer_of(room[1], ROW_MAX_KEY_BYTES);
        row_key_of_index(&low, span_str("ID.A"), index[i - 1]);
        row_key_of_index(&high, span_str("ID.A"), index[i]);
        assert_true(span_compare(writer_span(&low), writer_span(&high)) < 0);
    }
}

static void end_of_rows_is_an_empty_row(void **state)
{
    (void)state;
    struct reader r = reader_of(span_of(NULL, 0));
    struct row row = {ROW_KEY, span_str("x"), span_str("y")};
    assert_int_equal(row_next(&r, &row), TRUST_DOC_OK);
    assert_int_equal(row.bytes.len, 0);
}

/* ---- limits ---- */

static void wrong_rows_are_format(void **state)
{
    (void)state;
    /* Each is one slip away from a good row. */
    static const struct {
        const char *what, *hex;
    } wrong[] = {
        {"type 0", "83 00 6449442E41 A1 62656E 6141"},
        {"type 12", "83 0C 6141 A1 62656E 6141"},
        {"not an array", "01"},
        {"title: good but for a fourth element", "84 09 6141 A1 62656E 6141 00"},
        {"title: code with a blank at its end", "83 09 624120 A1 62656E 6141"},
        {"title: no English", "83 09 6141 A1 627468 6141"},
        {"title: empty text", "83 09 6141 A1 62656E 60"},
        {"title: job code of nine", "83 0B 69414141414141414141 A1 62656E 6141"},
        {"title: language with an underscore", "83 09 6141 A2 62656E 6141 65656E5F5553 6141"},
        {"title: language that ends in a hyphen", "83 09 6141 A2 62656E 6141 637468 2D 6141"},
        {"block: no offsets", "85 04 6449442E41 01 00 40"},
        {"block: odd length", "85 04 6449442E41 01 00 43 000100"},
        {"block: descending", "85 04 6449442E41 01 00 44 00020001"},
        {"block: twice", "85 04 6449442E41 01 00 44 00020002"},
        {"block: offset 16384", "85 04 6449442E41 01 00 42 4000"},
        {"block: set 0", "85 04 6449442E41 00 00 42 0001"},
        {"block: set 4", "85 04 6449442E41 04 00 42 0001"},
        {"block: block 262144", "85 04 6449442E41 01 1A00040000 42 0001"},
        {"block: issuer of three", "85 04 6349442E 01 00 42 0001"},
        {"range: last before first", "87 05 6449442E41 05 04 01 01 1903E8"},
        {"range: index 2^32", "87 05 6449442E41 05 1B0000000100000000 01 01 1903E8"},
        {"range: status 4", "87 05 6449442E41 04 05 04 01 1903E8"},
        {"range: reason 0", "87 05 6449442E41 04 05 01 00 1903E8"},
        {"range: reason 7", "87 05 6449442E41 04 05 01 07 1903E8"},
        {"range: day 84006", "87 05 6449442E41 04 05 01 01 1A00014826"},
        {"status: blank beyond its digits", "85 03 6449442E41 00 80 81 86 60 01 09 0A 01 00"},
        {"status: blank of no digits", "85 03 6449442E41 00 80 81 86 60 00 00 00 01 00"},
        {"status: centre ends before it begins", "85 03 6449442E41 00 81 85 6141 02 01 01 00 80"},
        {"framework: level 10", "87 08 01 1907E0 0A 01 01 6141"},
        {"framework: AQRF level 9", "87 08 01 1907E0 01 09 01 6141"},
        {"framework: AQRF level 0", "87 08 01 1907E0 01 00 01 6141"},
        {"framework: status 4", "87 08 01 1907E0 01 01 04 6141"},
        {"framework: framework 0", "87 08 00 1907E0 01 01 01 6141"},
        {"rule: without issuing state", "83 06 6152 A4 0101 0201 0400 05F6"},
        {"rule: unknown field 26", "83 06 6152 A6 0101 0201 03624944 0400 05F6 181A00"},
        {"rule: ends before it begins", "83 06 6152 A5 0101 0201 03624944 0405 0504"},
        {"rule: empty purposes", "83 06 6152 A6 0101 0201 03624944 0400 05F6 0680"},
        {"rule: purposes out of order", "83 06 6152 A6 0101 0201 03624944 0400 05F6 06820201"},
        {"rule: purpose twice", "83 06 6152 A6 0101 0201 03624944 0400 05F6 06820101"},
        {"rule: nationalities out of order",
         "83 06 6152 A6 0101 0201 03624944 0400 05F6 118262544862 4D59"},
        {"rule: levels the wrong way round",
         "83 06 6152 A7 0101 0201 03624944 0400 05F6 1405 1504"},
        {"rule: issued until before from", "83 06 6152 A7 0101 0201 03624944 0400 05F6 1605 1704"},
        {"rule: result 6", "83 06 6152 A5 0101 0206 03624944 0400 05F6"},
        {"derecognised: five elements", "86 07 6449442E41 01 01 1903E8 00"},
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        uint8_t room[128];
        struct reader r = reader_of(check_hex(wrong[i].hex, room, sizeof room));
        struct row row;
        enum trust_doc_error error = row_next(&r, &row);
        if (error != TRUST_DOC_FORMAT) {
            print_error("%s\n", wrong[i].what);
        }
        assert_int_equal(error, TRUST_DOC_FORMAT);
    }
}

/* The good rows that the slips above start from. */
static void right_rows_are_accepted(void **state)
{
    (void)state;
    static const char *const right[] = {
        "83 09 6141 A1 62656E 6141",
        "83 0B 684141414141414141 A1 62656E 6141",
        "85 04 6449442E41 01 1A0003FFFF 44 00003FFF",
        "87 05 6449442E41 04 04 03 06 1A00014825",
        "85 03 6449442E41 00 80 81 86 60 01 00 09 01 00",
        "87 08 19FFFF 1907E0 00 F6 03 6141",
        "83 06 6152 A5 0101 0201 03624944 0400 05F6",
        "85 07 6449442E41 01 01 1903E8",
    };
    for (size_t i = 0; i < COUNT_OF(right); i++) {
        uint8_t room[128];
        struct reader r = reader_of(check_hex(right[i], room, sizeof room));
        struct row row;
        assert_int_equal(row_next(&r, &row), TRUST_DOC_OK);
        assert_true(reader_done(&r));
        assert_true(row_writes_itself(&row));
    }
}

static void row_that_goes_on_too_long_is_limit(void **state)
{
    (void)state;
    static const uint8_t zeros[TRUST_MAX_ROW_BYTES];
    size_t size = TRUST_MAX_ROW_BYTES + 100;
    uint8_t *bytes = malloc(size);
    struct writer w = writer_of(bytes, size);
    cbor_write_array(&w, 5);
    cbor_write_uint(&w, ROW_BLOCK);
    cbor_write_bytes(&w, span_of(zeros, sizeof zeros));
    struct reader r = reader_of(writer_span(&w));
    struct row row;
    assert_true(writer_ok(&w));
    assert_int_equal(row_next(&r, &row), TRUST_DOC_LIMIT);
    r = reader_of(span_of(bytes, 1000));
    assert_int_equal(row_next(&r, &row), TRUST_DOC_FORMAT);
    free(bytes);
}

static void largest_block_fits_in_a_row(void **state)
{
    (void)state;
    uint8_t *offsets = malloc(2 * ROW_BLOCK_INDICES), *room = malloc(TRUST_MAX_ROW_BYTES);
    struct writer in = writer_of(offsets, 2 * ROW_BLOCK_INDICES);
    for (unsigned i = 0; i < ROW_BLOCK_INDICES; i++) {
        writer_be(&in, i, 2);
    }
    struct row_block block = {span_str("ID.12345678901234567890123456789"), ROW_SET_SURVIVORS,
                              262143, writer_span(&in)};
    struct writer w = writer_of(room, TRUST_MAX_ROW_BYTES);
    row_block_write(&w, &block);
    struct reader r = reader_of(writer_span(&w));
    struct row row;
    assert_int_equal(row_next(&r, &row), TRUST_DOC_OK);
    assert_true(row_writes_itself(&row));
    free(offsets);
    free(room);
}

/* ---- damage ---- */

static void must_not_be_whole(struct span prefix, void *context)
{
    struct reader r = reader_of(prefix);
    struct row row;
    (void)context;
    if (prefix.len != 0) {
        assert_int_equal(row_next(&r, &row), TRUST_DOC_FORMAT);
    }
}

static void refused_or_says_so(struct span flipped, void *context)
{
    struct reader r = reader_of(flipped);
    struct row row;
    size_t *accepted = context;
    if (row_next(&r, &row) == TRUST_DOC_OK) {
        assert_true(row_writes_itself(&row));
        (*accepted)++;
    }
}

static void damaged_rows_are_refused_or_say_something_else(void **state)
{
    (void)state;
    struct row_samples *samples = row_samples_new();
    size_t accepted = 0;
    for (size_t i = 0; i < samples->count; i++) {
        check_prefixes(samples->row[i], must_not_be_whole, NULL);
        check_bit_flips(samples->row[i], refused_or_says_so, &accepted);
    }
    assert_true(accepted > 100);
    row_samples_free(samples);
}

/* ---- names of values ---- */

static void enum_names_go_both_ways(void **state)
{
    (void)state;
    static const int count[] = {
        [ROW_ENUM_ISSUER_KIND] = 3,  [ROW_ENUM_KEY_END] = 3,     [ROW_ENUM_SET] = 3,
        [ROW_ENUM_RANGE_STATUS] = 3, [ROW_ENUM_ARRANGEMENT] = 5, [ROW_ENUM_RESULT] = 5,
        [ROW_ENUM_REASON] = 6,       [ROW_ENUM_PURPOSE] = 4,     [ROW_ENUM_MAP_STATUS] = 3,
    };
    for (size_t which = 0; which < COUNT_OF(count); which++) {
        for (int value = -1; value <= 8; value++) {
            const char *name = row_enum_name((enum row_enum)which, value);
            assert_int_equal(name != NULL, value >= 1 && value <= count[which]);
            if (name != NULL) {
                assert_int_equal(row_enum_value((enum row_enum)which, span_str(name)), value);
            }
        }
        assert_int_equal(row_enum_value((enum row_enum)which, span_str("nonsense")), 0);
        assert_int_equal(row_enum_value((enum row_enum)which, span_str("")), 0);
    }
    assert_string_equal(row_enum_name(ROW_ENUM_RESULT, ROW_CONDITIONAL),
                        "recognised_with_conditions");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_round_trips),
        cmocka_unit_test(issuer_says_what_was_written),
        cmocka_unit_test(status_says_what_was_written),
        cmocka_unit_test(rule_says_what_was_written),
        cmocka_unit_test(keys_are_what_the_key_writers_write),
        cmocka_unit_test(rows_sort_by_type_then_key),
        cmocka_unit_test(end_of_rows_is_an_empty_row),
        cmocka_unit_test(wrong_rows_are_format),
        cmocka_unit_test(right_rows_are_accepted),
        cmocka_unit_test(row_that_goes_on_too_long_is_limit),
        cmocka_unit_test(largest_block_fits_in_a_row),
        cmocka_unit_test(damaged_rows_are_refused_or_say_something_else),
        cmocka_unit_test(enum_names_go_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
