/* SPDX-License-Identifier: Apache-2.0
 *
 * A valid bundle with each byte changed, and cut at each place: never anything but a refusal that
 * leaves the store as it was. */
#include "trust_scene.h"

static struct span small_bundle(struct scene *s, enum trust_part_encoding encoding)
{
    struct fixture_rows *rows = scene_rows(s, "MY");
    fixture_add_key(rows, "MY.BODY", 101);
    fixture_add_title(rows, ROW_UNIT_TITLE, "U1", "A unit");
    struct fixture_list list = fixture_list(s->f, "MY", 1, rows);
    list.encoding = encoding;
    fixture_list_sign(s->f, &list);
    struct span root = fixture_root(s->f);
    return fixture_bundle(s->f, &root, 1, fixture_header(s->f, 1, &list, 1), &list, 1);
}

struct damage {
    struct scene *s;
    uint8_t before[32], genuine[32];
    struct span file;
    size_t refused, accepted;
};

static struct damage damage_of(struct scene *s)
{
    struct damage d = {.s = s, .file = scene_file(s, s->path)};
    fixture_dump(s->store, d.before);
    return d;
}

static void assert_untouched(struct damage *d)
{
    uint8_t after[32];
    fixture_dump(d->s->store, after);
    assert_memory_equal(after, d->before, sizeof after);
}

static void must_be_refused(struct span bundle, void *context)
{
    struct damage *d = context;
    struct trust_refusal refusal = fixture_try(d->s->store, bundle, FIXTURE_NOW_S);
    assert_int_not_equal(refusal.error, TRUST_UPDATE_OK);
    assert_int_not_equal(refusal.error, TRUST_UPDATE_STORE);
    assert_int_not_equal(refusal.error, TRUST_UPDATE_SYSTEM);
    assert_untouched(d);
    d->refused++;
}

static void every_prefix_is_refused(void **state)
{
    struct damage d = damage_of(*state);
    struct span bundle = small_bundle(*state, TRUST_PART_RAW);
    check_prefixes(bundle, must_be_refused, &d);
    assert_int_equal(d.refused, bundle.len);
    check_bytes(scene_file(d.s, d.s->path), d.file);
    fixture_import(d.s->store, bundle);
}

/* Each byte is changed in one bit and in all; the bit walks with the place. */
static void each_byte_changed(struct span bundle, void (*visit)(struct span bundle, void *context),
                              void *context)
{
    uint8_t *copy = check_heap_copy(bundle);
    for (size_t i = 0; i < bundle.len; i++) {
        const uint8_t mask[] = {(uint8_t)(1U << i % 8), 0xFF};
        for (size_t j = 0; j < COUNT_OF(mask); j++) {
            copy[i] ^= mask[j];
            visit(span_of(copy, bundle.len), context);
            copy[i] ^= mask[j];
        }
    }
    free(copy);
}

static void every_changed_byte_is_refused(void **state)
{
    struct damage d = damage_of(*state);
    struct span bundle = small_bundle(*state, TRUST_PART_RAW);
    each_byte_changed(bundle, must_be_refused, &d);
    assert_int_equal(d.refused, 2 * bundle.len);
    check_bytes(scene_file(d.s, d.s->path), d.file);
    fixture_import(d.s->store, bundle);
}

static struct span bundle_of_two_lists(struct scene *s)
{
    struct fixture_rows *rows = scene_rows(s, "ID");
    static const uint32_t revoked[] = {5, 16384};
    fixture_add_status(rows, "ID.BODY", 40000);
    fixture_add_set(rows, "ID.BODY", ROW_SET_REVOKED, revoked, COUNT_OF(revoked));
    fixture_add_title(rows, ROW_UNIT_TITLE, "U1", "A unit");
    struct fixture_list list[] = {fixture_list(s->f, "ID", 1, rows), scene_list(s, "MY", 1)};
    struct span root = fixture_root(s->f);
    return fixture_bundle(s->f, &root, 1, fixture_header(s->f, 1, list, 2), list, 2);
}

/* Not one bit is without meaning: nothing in a bundle is there that nobody looks at. A sample in
 * ordinary runs, all of them with SAKSI_LONG=1. */
static void every_flipped_bit_is_refused(void **state)
{
    struct damage d = damage_of(*state);
    struct span bundle = bundle_of_two_lists(*state);
    size_t every = check_is_long() ? 1 : 11, flips = 0;
    uint8_t *copy = check_heap_copy(bundle);
    for (size_t bit = 0; bit < bundle.len * 8; bit += every) {
        uint8_t mask = (uint8_t)(1U << bit % 8);
        copy[bit / 8] ^= mask;
        must_be_refused(span_of(copy, bundle.len), &d);
        copy[bit / 8] ^= mask;
        flips++;
    }
    free(copy);
    print_message("%zu of %zu bits flipped: %zu refused, none accepted\n", flips, bundle.len * 8,
                  d.refused);
    assert_int_equal(d.refused, flips);
    check_bytes(scene_file(d.s, d.s->path), d.file);
    fixture_import(d.s->store, bundle);
}

/* A packed part has a few bits that mean nothing to zlib; what they carry must then be the same to
 * the last row. */
static void refused_or_the_same(struct span bundle, void *context)
{
    struct damage *d = context;
    struct trust_store *store = fixture_store(d->s->f, "b.db");
    struct trust_refusal refusal = fixture_try(store, bundle, FIXTURE_NOW_S);
    uint8_t after[32];
    fixture_dump(store, after);
    if (refusal.error == TRUST_UPDATE_OK) {
        assert_memory_equal(after, d->genuine, sizeof after);
        d->accepted++;
    } else {
        assert_memory_equal(after, d->before, sizeof after);
        d->refused++;
    }
    trust_store_close(store);
    assert_int_equal(remove(fixture_path(d->s->f, "b.db")), 0);
}

static void every_changed_byte_of_packed_rows_is_refused_or_means_nothing(void **state)
{
    struct damage d = damage_of(*state);
    struct fixture_list list = scene_list(*state, "MY", 1);
    list.encoding = TRUST_PART_PACKED;
    fixture_list_sign(d.s->f, &list);
    struct span bundle = scene_bundle(*state, 1, &list);
    fixture_import(d.s->store, bundle);
    fixture_dump(d.s->store, d.genuine);

    uint8_t *copy = check_heap_copy(bundle);
    size_t tail = 90; /* the packed rows stand at the end */
    for (size_t i = bundle.len - tail; i < bundle.len; i++) {
        copy[i] ^= (uint8_t)(1U << i % 8);
        refused_or_the_same(span_of(copy, bundle.len), &d);
        copy[i] ^= (uint8_t)(1U << i % 8);
    }
    free(copy);
    assert_int_equal(d.refused + d.accepted, tail);
    assert_true(d.accepted <= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(every_prefix_is_refused),
        SCENE_TEST(every_changed_byte_is_refused),
        SCENE_TEST(every_flipped_bit_is_refused),
        SCENE_TEST(every_changed_byte_of_packed_rows_is_refused_or_means_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
