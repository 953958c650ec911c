/* SPDX-License-Identifier: Apache-2.0
 *
 * Attacks by the form of deltas: sets of indices that are none or nobody's, sizes that lie, bombs,
 * bytes behind, parts that are not changes. Each beside its genuine counterpart. What changes say
 * is in test_attacks_delta.c.
 */
#include "delta_scene.h"

static const struct span none = {NULL, 0};

/* ---- sets ---- */

static void refused_sets(const struct delta *d, const struct row_packed_set *set, size_t count,
                         const char *name)
{
    struct trust_part part =
        delta_part(d->s, delta_changes(d->s, &d->packed), set, count, d->after.rows.len);
    delta_refused(d, &part, name);
}

static struct span ranks_of(struct scene *s, const uint64_t *rank, size_t count)
{
    struct writer w = writer_of(fixture_room(s->f, 4096), 4096);
    assert_true(rank_set_encode(rank, count, &w) && writer_ok(&w));
    return writer_span(&w);
}

static void delta_with_ranks_that_are_nobodys(void **state)
{
    static const uint64_t beyond[] = {DELTA_ALLOTMENT}, far[] = {RANK_SET_MAX_RANK};
    static const uint64_t mixed[] = {3, 4, DELTA_ALLOTMENT}, last[] = {DELTA_ALLOTMENT - 1};
    struct delta d = delta_new(*state);
    struct row_packed_set set[2] = {d.packed.set[0], d.packed.set[1]};
    set[1].ranks = ranks_of(d.s, beyond, 1);
    refused_sets(&d, set, 2, "FORMAT");
    set[1].ranks = ranks_of(d.s, far, 1);
    refused_sets(&d, set, 2, "FORMAT");
    set[1] = d.packed.set[1];
    set[0].ranks = ranks_of(d.s, mixed, 3);
    refused_sets(&d, set, 2, "FORMAT");
    set[0] = d.packed.set[0];
    set[1].ranks = ranks_of(d.s, last, 1); /* somebody's, and not what was signed */
    refused_sets(&d, set, 2, "DIGEST_MISMATCH");
    delta_accepted(&d);
}

/* Ranks that do not ascend cannot be written: what comes nearest is a block past its end, a long
 * form of a number, and bytes behind or missing. */
static void delta_with_ranks_in_no_form(void **state)
{
    struct delta d = delta_new(*state);
    struct row_packed_set set[2] = {d.packed.set[0], d.packed.set[1]};
    const struct span ranks[] = {
        span_of("\x00\x04\xFF\xFF\xFF\xFF", 6),                  /* a gap beyond the block */
        span_of("\x80\x00", 2),                                  /* a long 0 */
        span_of("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 10), /* a block that is too far */
        span_of("\x00\x00", 2),                                  /* no members */
        span_of("\x00", 1),                                      /* a block and nothing of it */
        span_of("\x00\x06", 2),                                  /* raw, and cut off */
    };
    for (size_t i = 0; i < COUNT_OF(ranks); i++) {
        set[0].ranks = ranks[i];
        refused_sets(&d, set, 2, "FORMAT");
    }
    struct span longer[] = {d.packed.set[0].ranks, span_of("\x00", 1)};
    set[0].ranks = delta_joined(d.s, longer, 2);
    refused_sets(&d, set, 2, "FORMAT");
    set[0].ranks = span_of(d.packed.set[0].ranks.ptr, d.packed.set[0].ranks.len - 1);
    refused_sets(&d, set, 2, "FORMAT");
    delta_accepted(&d);
}

static void delta_with_sets_that_are_none(void **state)
{
    struct delta d = delta_new(*state);
    const struct row_packed_set good[2] = {d.packed.set[0], d.packed.set[1]};
    const struct row_packed_set set[][3] = {
        {good[0], good[0], good[1]},                   /* toggled twice */
        {good[0], good[1], good[1]},                   /* likewise */
        {good[1], good[0]},                            /* in another order */
        {{(enum row_set)0, good[0].ranks}, good[1]},   /* number 0 */
        {good[0], {(enum row_set)4, good[1].ranks}},   /* number 4 */
        {{ROW_SET_REVOKED, none}, good[1]},            /* an empty one */
        {good[0], good[1], {ROW_SET_SURVIVORS, none}}, /* likewise */
    };
    static const size_t count[] = {3, 3, 2, 2, 2, 2, 3};
    for (size_t i = 0; i < COUNT_OF(set); i++) {
        refused_sets(&d, set[i], count[i], "FORMAT");
    }
    refused_sets(&d, good, 1, "FORMAT"); /* one forgotten: the size tells */
    delta_accepted(&d);
}

/* The right sets under each other's numbers: as large, and not what was signed. */
static void delta_with_sets_exchanged(void **state)
{
    static const uint64_t revoked[] = {3, 5}, same[] = {3, 4};
    struct delta d = delta_new(*state);
    struct row_packed_set set[2] = {d.packed.set[0], d.packed.set[1]};
    set[0].ranks = ranks_of(d.s, revoked, 2);
    refused_sets(&d, set, 2, "DIGEST_MISMATCH");
    set[0].ranks = ranks_of(d.s, same, 2);
    set[1].set = ROW_SET_SURVIVORS;
    refused_sets(&d, set, 2, "DIGEST_MISMATCH");
    set[1].set = ROW_SET_SUSPENDED;
    struct trust_part part =
        delta_part(d.s, delta_changes(d.s, &d.packed), set, 2, d.after.rows.len);
    fixture_import(d.s->store, delta_bundle(&d, &part));
}

/* ---- sizes that lie ---- */

static void delta_with_sizes_that_lie(void **state)
{
    static const size_t size[] = {TRUST_MAX_ROWS_BYTES + 1, (size_t)1 << 40, INT64_MAX};
    struct delta d = delta_new(*state);
    struct trust_part part = d.security;
    part.size = d.security.size - 1;
    delta_refused(&d, &part, "FORMAT");
    part.size = d.security.size + 1;
    delta_refused(&d, &part, "FORMAT");
    part.size = 0;
    delta_refused(&d, &part, "FORMAT");
    for (size_t i = 0; i < COUNT_OF(size); i++) {
        part.size = size[i];
        scene_refused(d.s, delta_bundle(&d, &part), "LIMIT", "list");
    }
    delta_accepted(&d);
}

static struct trust_part with_changes_size(const struct delta *d, struct span deflated, size_t size)
{
    struct row_packed packed = d->packed;
    packed.changes = deflated;
    packed.changes_size = size;
    struct writer dry = writer_of(NULL, 0);
    row_packed_encode(&packed, &dry);
    struct writer w = writer_of(fixture_room(d->s->f, dry.len), dry.len);
    row_packed_encode(&packed, &w);
    return (struct trust_part){TRUST_PART_PACKED, d->security.size, writer_span(&w)};
}

static void delta_with_changes_of_another_size(void **state)
{
    struct delta d = delta_new(*state);
    size_t size = d.packed.changes_size;
    const size_t lie[] = {
        0, 1, size - 1, size + 1, TRUST_MAX_ROWS_BYTES, TRUST_MAX_ROWS_BYTES + 1, INT64_MAX};
    for (size_t i = 0; i < COUNT_OF(lie); i++) {
        struct trust_part part = with_changes_size(&d, d.packed.changes, lie[i]);
        delta_refused(&d, &part, "LIMIT");
    }
    delta_accepted(&d);
}

/* Zeros that become forty megabytes, whatever size is claimed; and a bomb of members of a set. */
static void delta_that_is_a_bomb(void **state)
{
    struct delta d = delta_new(*state);
    size_t size = TRUST_MAX_ROWS_BYTES + ((size_t)8 << 20), len = 0;
    uint8_t *zeros = calloc(1, size), *packed = NULL;
    assert_non_null(zeros);
    assert_int_equal(deflate_pack(span_of(zeros, size), &packed, &len), DEFLATE_OK);
    const size_t claim[] = {d.packed.changes_size, TRUST_MAX_ROWS_BYTES, size};
    for (size_t i = 0; i < COUNT_OF(claim); i++) {
        struct trust_part part = with_changes_size(&d, span_of(packed, len), claim[i]);
        delta_refused(&d, &part, "LIMIT");
    }
    free(packed);
    free(zeros);
    delta_accepted(&d);
}

/* Every index of an allotment of four thousand million, in a few bytes a block. */
static void delta_with_a_set_that_is_a_bomb(void **state)
{
    struct scene *s = *state;
    struct fixture_rows *rows = scene_rows(s, "MY");
    fixture_add_status(rows, "MY.BODY", UINT32_MAX);
    struct fixture_list before = fixture_list(s->f, "MY", 1, rows);
    struct fixture_list after = fixture_list(s->f, "MY", 2, rows);
    fixture_import(s->store, scene_bundle(s, 1, &before));
    struct writer w = writer_of(fixture_room(s->f, 4 * 65536), (size_t)4 * 65536);
    for (size_t i = 0; i < 65535; i++) {
        writer_put(&w, span_of("\x00\x81\x80\x10", 4)); /* the next block: 65,536, interpolative */
    }
    assert_true(writer_ok(&w));
    struct row_packed_set set = {ROW_SET_REVOKED, writer_span(&w)};
    struct trust_part part = delta_part(s, none, &set, 1, TRUST_MAX_ROWS_BYTES);
    after.file = delta_file(s, after.document, before.digest, &part, NULL);
    scene_refused(s, scene_bundle(s, 2, &after), "LIMIT", "list MY");
    after.file = fixture_delta(s->f, &before, &after);
    fixture_import(s->store, scene_bundle(s, 2, &after));
}

static void delta_with_bytes_behind(void **state)
{
    struct delta d = delta_new(*state);
    struct span more = span_of("\x00", 1);
    struct span stream[] = {d.packed.changes, more}, part_bytes[] = {d.security.data, more};
    struct trust_part part =
        with_changes_size(&d, delta_joined(d.s, stream, 2), d.packed.changes_size);
    delta_refused(&d, &part, "FORMAT");
    part = d.security;
    part.data = delta_joined(d.s, part_bytes, 2);
    delta_refused(&d, &part, "FORMAT");

    struct fixture_list list = d.after;
    struct span file[] = {
        delta_file(d.s, list.document, d.before.digest, &d.security, &d.catalogue), more};
    list.file = delta_joined(d.s, file, 2);
    scene_refused(d.s, scene_bundle(d.s, 2, &list), "FORMAT", "list");

    /* Inside the changes they would be a row. */
    struct span changes[] = {d.change[0], d.change[1], d.change[2], more};
    delta_refused_changes(&d, changes, 4, 0, "FORMAT");
    delta_accepted(&d);
}

static void every_prefix_of_a_delta(void **state)
{
    struct delta d = delta_new(*state);
    uint8_t before[32], after[32];
    trust_tables_digest(d.s->path, before);
    for (size_t len = 0; len < d.security.data.len; len++) {
        struct trust_part part = d.security;
        uint8_t *copy = check_heap_copy(span_of(part.data.ptr, len));
        part.data = span_of(copy, len);
        struct trust_refusal refusal =
            fixture_try(d.s->store, delta_bundle(&d, &part), FIXTURE_NOW_S);
        assert_string_equal(trust_update_error_name(refusal.error), "FORMAT");
        free(copy);
    }
    trust_tables_digest(d.s->path, after);
    assert_memory_equal(before, after, sizeof before);
    delta_accepted(&d);
}

/* ---- rows end to end ---- */

static void delta_that_is_not_packed(void **state)
{
    struct delta d = delta_new(*state);
    struct fixture_list list = d.after;
    struct trust_part raw = {TRUST_PART_RAW, list.rows.len, list.rows};
    list.file = delta_file(d.s, list.document, d.before.digest, &raw, &d.catalogue);
    scene_refused(d.s, scene_bundle(d.s, 2, &list), "FORMAT", "list");
    raw = (struct trust_part){TRUST_PART_RAW, list.catalogue.len, list.catalogue};
    list.file = delta_file(d.s, list.document, d.before.digest, &d.security, &raw);
    scene_refused(d.s, scene_bundle(d.s, 2, &list), "FORMAT", "list");
    delta_accepted(&d);
}

/* A delta that calls itself a whole list: its changes alone are no list. */
static void delta_that_claims_to_be_whole(void **state)
{
    struct delta d = delta_new(*state);
    struct fixture_list list = d.after;
    list.file = fixture_list_file(d.s->f, &list, &d.security, &d.catalogue);
    scene_refused(d.s, scene_bundle(d.s, 2, &list), "FORMAT", "list MY");
    /* And a whole list that calls itself a delta brings rows that are there: they take their own
     * place, so that only what should have gone tells. */
    struct trust_part whole = fixture_packed(d.s->f, none, list.rows);
    delta_refused(&d, &whole, "FORMAT");
    delta_accepted(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(delta_with_ranks_that_are_nobodys),
        SCENE_TEST(delta_with_ranks_in_no_form),
        SCENE_TEST(delta_with_sets_that_are_none),
        SCENE_TEST(delta_with_sets_exchanged),
        SCENE_TEST(delta_with_sizes_that_lie),
        SCENE_TEST(delta_with_changes_of_another_size),
        SCENE_TEST(delta_that_is_a_bomb),
        SCENE_TEST(delta_with_a_set_that_is_a_bomb),
        SCENE_TEST(delta_with_bytes_behind),
        SCENE_TEST(every_prefix_of_a_delta),
        SCENE_TEST(delta_that_is_not_packed),
        SCENE_TEST(delta_that_claims_to_be_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
