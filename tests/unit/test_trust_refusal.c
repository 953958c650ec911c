/* SPDX-License-Identifier: Apache-2.0
 *
 * Headers and lists that must not enter: each refused by its name, and nothing changed. Rows are in
 * test_trust_row_import.c, signatures in test_trust_signatures.c, roots in test_trust_chain.c,
 * damage byte by byte in test_trust_damage.c.
 */
#include "base/deflate.h"
#include "codec/row_change.h"
#include "trust_scene.h"

static const unsigned publisher[] = {FIXTURE_PUBLISHER_KEY};

/* ---- versions ---- */

static void older_versions_are_rollback(void **state)
{
    struct scene *s = *state;
    struct fixture_list old = scene_list(s, "MY", 1), now = scene_list(s, "MY", 2);
    fixture_import(s->store, scene_bundle(s, 2, &now));
    scene_refused(s, scene_bundle(s, 1, &now), "ROLLBACK", "header");
    scene_refused(s, scene_bundle(s, 3, &old), "ROLLBACK", "list MY");
}

static void same_version_with_other_content_is_equivocation(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 2), other = list;
    fixture_import(s->store, scene_bundle(s, 2, &list));
    other.expires_s++;
    fixture_list_sign(s->f, &other);
    scene_refused(s, scene_bundle(s, 2, &other), "EQUIVOCATION", "header");
    scene_refused(s, scene_bundle(s, 3, &other), "EQUIVOCATION", "list MY");
}

/* However often the same list stands in a bundle, it would be read as often. */
static void two_lists_of_a_state_in_one_bundle_are_format(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 1);
    struct fixture_list twice[] = {list, list};
    struct span header = fixture_header(s->f, 1, &list, 1);
    scene_refused(s, fixture_bundle(s->f, NULL, 0, header, twice, 2), "FORMAT", "list MY");
    fixture_import(s->store, scene_bundle(s, 1, &list));
    scene_refused(s, fixture_bundle(s->f, NULL, 0, header, twice, 2), "FORMAT", "list MY");
}

/* Only what is signed can equivocate: anyone could make the alarm ring otherwise. */
static void unsigned_content_does_not_equivocate(void **state)
{
    static const unsigned stranger[] = {99};
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 2);
    fixture_import(s->store, scene_bundle(s, 2, &list));
    struct trust_header *header = fixture_header_plain(s->f, 2, &list, 1);
    header->expires_s++;
    struct span forged = fixture_header_signed(s->f, header, stranger, 1);
    scene_refused(s, fixture_bundle(s->f, NULL, 0, forged, NULL, 0), "THRESHOLD", "header");
}

/* ---- states ---- */

static void list_of_a_state_outside_the_root_is_scope(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 1);
    list.state = "VN";
    fixture_list_sign(s->f, &list);
    scene_refused(s, scene_bundle(s, 1, &list), "SCOPE", "list VN");
}

/* ---- header and list together ---- */

static void list_that_the_header_does_not_name_is_mix_match(void **state)
{
    struct scene *s = *state;
    struct fixture_list list[] = {scene_list(s, "ID", 1), scene_list(s, "MY", 5)};
    struct fixture_list older = scene_list(s, "MY", 4);
    struct span none = span_of(NULL, 0);
    scene_refused(s, fixture_bundle(s->f, NULL, 0, none, &list[1], 1), "MIX_MATCH", "list MY");
    scene_refused(s, fixture_bundle(s->f, NULL, 0, fixture_header(s->f, 1, list, 2), &older, 1),
                  "MIX_MATCH", "list MY");
    scene_refused(s, fixture_bundle(s->f, NULL, 0, fixture_header(s->f, 1, list, 1), &list[1], 1),
                  "MIX_MATCH", "list MY");
    struct trust_header *header = fixture_header_plain(s->f, 1, list, 2);
    header->state[1].as_of_s--;
    struct span signed_header = fixture_header_signed(s->f, header, publisher, 1);
    scene_refused(s, fixture_bundle(s->f, NULL, 0, signed_header, list, 2), "MIX_MATCH", "list MY");
}

static void header_that_needs_a_newer_root_is_root_gap(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 1);
    struct trust_header *header = fixture_header_plain(s->f, 1, &list, 1);
    header->root_version = 2;
    struct span document = fixture_header_signed(s->f, header, publisher, 1);
    scene_refused(s, fixture_bundle(s->f, NULL, 0, document, NULL, 0), "ROOT_GAP", "header");
}

/* ---- dates ---- */

static struct span header_issued_at(struct scene *s, int64_t issued_at_s)
{
    struct fixture_list list = scene_list(s, "MY", 1);
    struct trust_header *header = fixture_header_plain(s->f, 1, &list, 1);
    header->issued_at_s = issued_at_s;
    struct span document = fixture_header_signed(s->f, header, publisher, 1);
    return fixture_bundle(s->f, NULL, 0, document, &list, 1);
}

static void header_far_in_the_future_is_time_jump(void **state)
{
    struct scene *s = *state;
    int64_t edge_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(400);
    scene_refused(s, header_issued_at(s, edge_s + 1), "TIME_JUMP", "header");
    fixture_import(s->store, header_issued_at(s, edge_s));
}

static void time_jump_counts_from_the_floor_when_the_clock_is_behind(void **state)
{
    struct scene *s = *state;
    int64_t edge_s = FIXTURE_BUILD_S + FIXTURE_DAYS_S(400);
    scene_refused_at(s, header_issued_at(s, edge_s + 1), 0, "TIME_JUMP", "header");
    struct trust_refusal refusal = fixture_try(s->store, header_issued_at(s, edge_s), 0);
    assert_string_equal(trust_update_error_name(refusal.error), "OK");
}

static void list_far_in_the_future_is_time_jump(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 1);
    list.as_of_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(400) + 1;
    fixture_list_sign(s->f, &list);
    scene_refused(s, scene_bundle(s, 1, &list), "TIME_JUMP", "list MY");
}

static void expired_root_is_expired(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 1);
    struct span bundle = scene_bundle(s, 1, &list);
    int64_t expires_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(730);
    scene_refused_at(s, bundle, expires_s + 1, "EXPIRED", "root 1");
    struct trust_refusal refusal = fixture_try(s->store, bundle, expires_s);
    assert_string_equal(trust_update_error_name(refusal.error), "OK");
}

/* Their age is judged with every certificate; refusing them would only make devices older. */
static void expired_header_and_list_are_accepted(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 1);
    list.expires_s = FIXTURE_NOW_S - 1;
    fixture_list_sign(s->f, &list);
    struct trust_header *header = fixture_header_plain(s->f, 1, &list, 1);
    header->expires_s = FIXTURE_NOW_S - 1;
    struct span document = fixture_header_signed(s->f, header, publisher, 1);
    fixture_import(s->store, fixture_bundle(s->f, NULL, 0, document, &list, 1));
}

/* ---- limits and form ---- */

static struct span bundle_with_part(struct scene *s, const struct trust_part *part)
{
    struct fixture_list list = scene_list(s, "MY", 1);
    list.file = fixture_list_file(s->f, &list, part, NULL);
    return scene_bundle(s, 1, &list);
}

static void lying_sizes_are_refused(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 1);
    struct trust_part honest = fixture_packed(s->f, span_of(NULL, 0), list.rows);
    struct span packed = honest.data;
    const struct {
        struct trust_part part;
        const char *name;
    } lie[] = {
        {{TRUST_PART_PACKED, 4294967296, packed}, "LIMIT"},
        {{TRUST_PART_PACKED, TRUST_MAX_ROWS_BYTES + 1, packed}, "LIMIT"},
        {{TRUST_PART_PACKED, list.rows.len - 1, packed}, "FORMAT"},
        {{TRUST_PART_PACKED, list.rows.len + 1, packed}, "FORMAT"},
        {{TRUST_PART_PACKED, list.rows.len, span_of(packed.ptr, packed.len - 1)}, "FORMAT"},
        {{TRUST_PART_RAW, list.rows.len - 1, list.rows}, "FORMAT"},
        {{2, list.rows.len, list.rows}, "FORMAT"},
    };
    for (size_t i = 0; i < COUNT_OF(lie); i++) {
        struct span bundle = bundle_with_part(s, &lie[i].part);
        struct trust_refusal refusal = fixture_try(s->store, bundle, FIXTURE_NOW_S);
        assert_string_equal(trust_update_error_name(refusal.error), lie[i].name);
    }
    fixture_import(s->store, bundle_with_part(s, &honest));
}

static void zip_bomb_is_limit(void **state)
{
    struct scene *s = *state;
    size_t size = TRUST_MAX_ROWS_BYTES + 65536;
    uint8_t *zeros = calloc(1, size), *packed = NULL;
    size_t len = 0;
    assert_non_null(zeros);
    assert_int_equal(deflate_pack(span_of(zeros, size), &packed, &len), DEFLATE_OK);
    assert_true(len < 65536);
    struct row_packed lie = {.changes_size = TRUST_MAX_ROWS_BYTES, .changes = span_of(packed, len)};
    struct writer w = writer_of(fixture_room(s->f, 65536), 65536);
    row_packed_encode(&lie, &w);
    struct trust_part bomb = {TRUST_PART_PACKED, TRUST_MAX_ROWS_BYTES, writer_span(&w)};
    scene_refused(s, bundle_with_part(s, &bomb), "LIMIT", "list MY");
    free(packed);
    free(zeros);
}

/* Rows that anybody put beside a signed document: one key, under more names than a list has keys.
 */
static void too_many_keys_are_limit_before_any_is_computed(void **state)
{
    struct scene *s = *state;
    const size_t cap = (size_t)(ROW_MAX_KEYS + 1) * 64;
    struct writer rows = writer_of(malloc(cap), cap);
    assert_non_null(rows.ptr);
    uint8_t *packed = NULL;
    size_t len = 0;
    for (int i = 0; i <= ROW_MAX_KEYS; i++) {
        char issuer[16];
        (void)snprintf(issuer, sizeof issuer, "MY.%07d", i);
        row_key_write_short(&rows, &(struct row_key){
                                       .issuer = span_str(issuer),
                                       .alg = fixture_key(s->f, 71)->alg,
                                       .public_key = fixture_key(s->f, 71)->public_key,
                                       .until_s = 1,
                                   });
    }
    assert_true(writer_ok(&rows));
    assert_int_equal(deflate_pack(writer_span(&rows), &packed, &len), DEFLATE_OK);
    struct row_packed changes = {.changes_size = rows.len, .changes = span_of(packed, len)};
    struct writer w = writer_of(fixture_room(s->f, len + 64), len + 64);
    row_packed_encode(&changes, &w);
    struct trust_part part = {TRUST_PART_PACKED, rows.len, writer_span(&w)};
    scene_refused(s, bundle_with_part(s, &part), "LIMIT", "list MY");
    free(packed);
    free(rows.ptr);
}

static void too_many_things_are_limit(void **state)
{
    struct scene *s = *state;
    struct span root = fixture_root(s->f);
    struct span list = span_str("x");
    struct writer w = writer_of(fixture_room(s->f, 65536), 65536);
    cbor_write_array(&w, 5);
    cbor_write_text(&w, span_str("saksi-bundle"));
    cbor_write_uint(&w, 1);
    struct writer start = w;
    cbor_write_array(&w, TRUST_MAX_ROOTS + 1);
    for (size_t i = 0; i <= TRUST_MAX_ROOTS; i++) {
        cbor_write_bytes(&w, root);
    }
    cbor_write_null(&w);
    cbor_write_array(&w, 0);
    cbor_write_array(&w, 0);
    scene_refused(s, writer_span(&w), "LIMIT", "");

    w = start;
    cbor_write_array(&w, 0);
    cbor_write_null(&w);
    cbor_write_array(&w, TRUST_MAX_STATES + 1);
    for (size_t i = 0; i <= TRUST_MAX_STATES; i++) {
        cbor_write_bytes(&w, list);
    }
    cbor_write_array(&w, 0);
    scene_refused(s, writer_span(&w), "LIMIT", "");
}

static void too_large_things_are_limit(void **state)
{
    struct scene *s = *state;
    size_t size = TRUST_MAX_BUNDLE + 1;
    uint8_t *large = calloc(1, size);
    assert_non_null(large);
    struct trust_refusal refusal = fixture_try(s->store, span_of(large, size), FIXTURE_NOW_S);
    assert_string_equal(trust_update_error_name(refusal.error), "LIMIT");
    struct span document = span_of(large, TRUST_MAX_DOC_BYTES + 1);
    scene_refused(s, fixture_bundle(s->f, &document, 1, span_of(NULL, 0), NULL, 0), "LIMIT", "");
    scene_refused(s, fixture_bundle(s->f, NULL, 0, document, NULL, 0), "LIMIT", "");
    free(large);
}

static void counts_that_lie_are_format(void **state)
{
    /* An array that claims a thousand million roots and holds none; arrays nested a million deep.
     */
    static const uint8_t many[] = {0x86, 0x6C, 's', 'a', 'k',  's',  'i',  '-',  'b',  'u',
                                   'n',  'd',  'l', 'e', 0x01, 0x9A, 0x3B, 0x9A, 0xCA, 0x00};
    struct scene *s = *state;
    scene_refused(s, span_of(many, sizeof many), "FORMAT", "");
    uint8_t *deep = malloc(1000000);
    assert_non_null(deep);
    memset(deep, 0x81, 1000000);
    scene_refused(s, span_of(deep, 1000000), "FORMAT", "");
    free(deep);
    scene_refused(s, span_of(NULL, 0), "FORMAT", "");
    scene_refused(s, fixture_root(s->f), "FORMAT", "");
}

static void trailing_bytes_are_format(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 1);
    struct span bundle = scene_bundle(s, 1, &list);
    uint8_t *longer = fixture_room(s->f, bundle.len + 1);
    memcpy(longer, bundle.ptr, bundle.len);
    scene_refused(s, span_of(longer, bundle.len + 1), "FORMAT", "");
}

/* ---- a store without root ---- */

static void store_without_root_takes_nothing(void **state)
{
    struct scene *s = *state;
    struct trust_store *empty = NULL;
    enum db_error error = DB_OK;
    assert_int_equal(trust_store_open(fixture_path(s->f, "b.db"), DB_CREATE, true, &empty, &error),
                     TRUST_STORE_OK);
    struct trust_refusal refusal = fixture_try(empty, fixture_standard_bundle(s->f), FIXTURE_NOW_S);
    assert_string_equal(trust_update_error_name(refusal.error), "NO_ROOT");
    uint8_t *bundle = NULL;
    size_t len = 0;
    struct trust_export_report exported;
    refusal = trust_update_export(empty, 0, &bundle, &len, &exported);
    assert_string_equal(trust_update_error_name(refusal.error), "NO_ROOT");
    assert_null(bundle);
    trust_store_close(empty);
}

static void every_refusal_has_a_name_and_a_sentence(void **state)
{
    (void)state;
    for (int i = TRUST_UPDATE_OK; i <= TRUST_UPDATE_SYSTEM; i++) {
        assert_non_null(trust_update_error_name((enum trust_update_error)i));
        assert_true(strlen(trust_update_error_text((enum trust_update_error)i)) > 8);
    }
    assert_string_equal(trust_update_error_name((enum trust_update_error)99), "UNKNOWN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(older_versions_are_rollback),
        SCENE_TEST(same_version_with_other_content_is_equivocation),
        SCENE_TEST(unsigned_content_does_not_equivocate),
        SCENE_TEST(two_lists_of_a_state_in_one_bundle_are_format),
        SCENE_TEST(list_of_a_state_outside_the_root_is_scope),
        SCENE_TEST(list_that_the_header_does_not_name_is_mix_match),
        SCENE_TEST(header_that_needs_a_newer_root_is_root_gap),
        SCENE_TEST(header_far_in_the_future_is_time_jump),
        SCENE_TEST(time_jump_counts_from_the_floor_when_the_clock_is_behind),
        SCENE_TEST(list_far_in_the_future_is_time_jump),
        SCENE_TEST(expired_root_is_expired),
        SCENE_TEST(expired_header_and_list_are_accepted),
        SCENE_TEST(lying_sizes_are_refused),
        SCENE_TEST(zip_bomb_is_limit),
        SCENE_TEST(too_many_keys_are_limit_before_any_is_computed),
        SCENE_TEST(too_many_things_are_limit),
        SCENE_TEST(too_large_things_are_limit),
        SCENE_TEST(counts_that_lie_are_format),
        SCENE_TEST(trailing_bytes_are_format),
        SCENE_TEST(store_without_root_takes_nothing),
        SCENE_TEST(every_refusal_has_a_name_and_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
