/* SPDX-License-Identifier: Apache-2.0
 *
 * List files and bundles: round trips, limits, and files that are something else. */
#include "check.h"
#include "codec/trust_doc.h"

#define ROOM 65536

static uint8_t room_of_all[ROOM];

static void list_file_round_trip(void **state)
{
    (void)state;
    struct trust_list_file file = {
        .document = span_str("document"),
        .security = {TRUST_PART_RAW, 4, span_str("rows")},
        .has_catalogue = true,
        .catalogue = {TRUST_PART_PACKED, 99, span_str("packed")},
    };
    struct trust_list_file decoded;
    uint8_t room[128];
    struct writer w = writer_of(room, sizeof room);
    trust_list_file_encode(&file, &w);
    assert_int_equal(trust_list_file_decode(writer_span(&w), &decoded), TRUST_DOC_OK);
    check_bytes(decoded.document, file.document);
    check_bytes(decoded.security.data, span_str("rows"));
    assert_true(decoded.has_catalogue);
    assert_int_equal(decoded.catalogue.size, 99);
    file.has_catalogue = false;
    w = writer_of(room, sizeof room);
    trust_list_file_encode(&file, &w);
    assert_int_equal(trust_list_file_decode(writer_span(&w), &decoded), TRUST_DOC_OK);
    assert_false(decoded.has_catalogue);
    assert_int_equal(decoded.catalogue.size, 0);
}

static void list_file_limits(void **state)
{
    (void)state;
    struct trust_list_file file = {
        .document = span_str("document"),
        .security = {TRUST_PART_PACKED, TRUST_MAX_ROWS_BYTES, span_str("packed")},
        .has_catalogue = true,
        .catalogue = {TRUST_PART_PACKED, 0, span_str("packed")},
    };
    struct trust_list_file decoded;
    uint8_t room[128];
    struct writer w = writer_of(room, sizeof room);
    trust_list_file_encode(&file, &w);
    assert_int_equal(trust_list_file_decode(writer_span(&w), &decoded), TRUST_DOC_OK);
    file.catalogue.size = 1; /* together one byte too many */
    w = writer_of(room, sizeof room);
    trust_list_file_encode(&file, &w);
    assert_int_equal(trust_list_file_decode(writer_span(&w), &decoded), TRUST_DOC_LIMIT);
    assert_int_equal(trust_list_file_decode(span_of(room, TRUST_MAX_BUNDLE + 1), &decoded),
                     TRUST_DOC_LIMIT);
}

static void bundle_must_be_format(struct span prefix, void *context)
{
    assert_int_equal(trust_bundle_decode(prefix, context), TRUST_DOC_FORMAT);
}

static void bundle_round_trip(void **state)
{
    (void)state;
    static struct trust_bundle whole, decoded_whole;
    struct trust_bundle *bundle = &whole, *decoded = &decoded_whole;
    bundle->root_count = TRUST_MAX_ROOTS;
    bundle->list_count = TRUST_MAX_STATES;
    for (size_t i = 0; i < TRUST_MAX_ROOTS; i++) {
        bundle->root[i] = span_str("root");
    }
    for (size_t i = 0; i < TRUST_MAX_STATES; i++) {
        bundle->list[i] = span_str("list file");
    }
    struct writer w = writer_of(room_of_all, ROOM);
    trust_bundle_encode(bundle, &w);
    assert_int_equal(trust_bundle_decode(writer_span(&w), decoded), TRUST_DOC_OK);
    assert_int_equal(decoded->root_count, TRUST_MAX_ROOTS);
    assert_int_equal(decoded->list_count, TRUST_MAX_STATES);
    assert_int_equal(decoded->header.len, 0);
    check_bytes(decoded->list[63], span_str("list file"));
    check_prefixes(writer_span(&w), bundle_must_be_format, decoded);

    bundle->header = span_str("header");
    bundle->root_count = 0;
    bundle->list_count = 0;
    w = writer_of(room_of_all, ROOM);
    trust_bundle_encode(bundle, &w);
    assert_int_equal(trust_bundle_decode(writer_span(&w), decoded), TRUST_DOC_OK);
    check_bytes(decoded->header, span_str("header"));
}

static void other_files_are_format(void **state)
{
    (void)state;
    static struct trust_bundle decoded_whole;
    struct trust_bundle *decoded = &decoded_whole;
    struct trust_list_file file;
    static const struct {
        const char *name;
        uint64_t format;
    } wrong[] = {{"saksi-list", 1}, {"saksi-bundle", 2}, {"saksi-bundle", 0}, {"other", 1}};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct writer w = writer_of(room_of_all, ROOM);
        cbor_write_array(&w, 6);
        cbor_write_text(&w, span_str(wrong[i].name));
        cbor_write_uint(&w, wrong[i].format);
        cbor_write_array(&w, 0);
        cbor_write_null(&w);
        cbor_write_array(&w, 0);
        cbor_write_array(&w, 0);
        assert_int_equal(trust_bundle_decode(writer_span(&w), decoded), TRUST_DOC_FORMAT);
        assert_int_equal(trust_list_file_decode(writer_span(&w), &file), TRUST_DOC_FORMAT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_file_round_trip),
        cmocka_unit_test(list_file_limits),
        cmocka_unit_test(bundle_round_trip),
        cmocka_unit_test(other_files_are_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
