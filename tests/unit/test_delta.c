/* SPDX-License-Identifier: Apache-2.0
 *
 * Deltas that are what they should be: exact verdicts before and after, chains with and without
 * gaps, the same one again, catalogues that are not here, lists that are disabled. Hostile ones are
 * in test_attacks_delta.c.
 */
#include "attack_scene.h"
#include "delta_scene.h"

static const struct span none = {NULL, 0};

static struct trust_update_report import_report(struct attack *a, struct span bundle)
{
    struct trust_clock_input clock = {FIXTURE_NOW_S, FIXTURE_BUILD_S};
    struct trust_update_report report = {0};
    struct trust_refusal refusal =
        trust_update_import(a->s.store, bundle, &clock, NULL, NULL, &report);
    assert_string_equal(refusal.subject, "");
    assert_string_equal(trust_update_error_name(refusal.error), "OK");
    return report;
}

static void same_content(struct trust_store *one, struct trust_store *other)
{
    uint8_t digest[2][32];
    fixture_dump(one, digest[0]);
    fixture_dump(other, digest[1]);
    assert_memory_equal(digest[0], digest[1], 32);
}

/* ---- verdicts ---- */

/* What a list says, version by version, of a few indices; both edges of a block are among them. */
static const struct {
    uint32_t index;
    const char *words[3];
} told[] = {
    {5, {ATTACK_REVOKED, ATTACK_GREEN, ATTACK_REVOKED}},
    {7, {ATTACK_SUSPENDED, ATTACK_GREEN, ATTACK_GREEN}},
    {9, {ATTACK_SUSPENDED, ATTACK_REVOKED, ATTACK_REVOKED}},
    {1000, {ATTACK_GREEN, ATTACK_REVOKED, ATTACK_GREEN}},
    {1001, {ATTACK_GREEN, ATTACK_SUSPENDED, ATTACK_REVOKED}},
    {16383, {ATTACK_GREEN, ATTACK_REVOKED, ATTACK_REVOKED}},
    {16384, {ATTACK_REVOKED, ATTACK_GREEN, ATTACK_SUSPENDED}},
    {39999, {ATTACK_GREEN, ATTACK_GREEN, ATTACK_REVOKED}},
    {1002, {ATTACK_GREEN, ATTACK_GREEN, ATTACK_GREEN}},
};
#define VERSIONS 3

static struct attack_sets sets_of(size_t version)
{
    struct attack_sets sets = {0};
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        if (strcmp(told[i].words[version], ATTACK_REVOKED) == 0) {
            sets.revoked[sets.revoked_count++] = told[i].index;
        } else if (strcmp(told[i].words[version], ATTACK_SUSPENDED) == 0) {
            sets.suspended[sets.suspended_count++] = told[i].index;
        }
    }
    return sets;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Lists of three versions, and the headers that name them. */
struct versions {
    struct fixture_list list[VERSIONS][2];
    struct span header[VERSIONS];
};

static struct versions make_versions(struct attack *a)
{
    struct versions v;
    struct fixture_list my = fixture_list(a->s.f, "MY", 1, attack_my_rows(a));
    for (size_t i = 0; i < VERSIONS; i++) {
        struct attack_sets sets = sets_of(i);
        qsort(sets.revoked, sets.revoked_count, sizeof sets.revoked[0], by_number);
        qsort(sets.suspended, sets.suspended_count, sizeof sets.suspended[0], by_number);
        v.list[i][0] = fixture_list(a->s.f, "ID", 1 + (int64_t)i, attack_id_rows(a, &sets));
        v.list[i][1] = my;
        v.header[i] = fixture_header(a->s.f, 1 + (int64_t)i, v.list[i], 2);
    }
    return v;
}

static struct span whole_bundle(struct attack *a, const struct versions *v, size_t i)
{
    return fixture_bundle(a->s.f, NULL, 0, v->header[i], v->list[i], 2);
}

static struct span delta_of(struct attack *a, const struct versions *v, size_t from, size_t to)
{
    struct fixture_list list = v->list[to][0];
    list.file = fixture_delta(a->s.f, &v->list[from][0], &list);
    return fixture_bundle(a->s.f, NULL, 0, v->header[to], &list, 1);
}

static void assert_told(struct attack *a, size_t version)
{
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        assert_string_equal(attack_index(a, told[i].index), told[i].words[version]);
    }
}

/* Revoked, suspended, reinstated, no longer suspended, from one to the other: in a chain, and from
 * the first to the last. */
static void verdicts_before_and_after(void **state)
{
    struct attack *a = *state;
    struct versions v = make_versions(a);
    fixture_import(a->s.store, whole_bundle(a, &v, 0));
    assert_told(a, 0);
    fixture_import(a->s.store, delta_of(a, &v, 0, 1));
    assert_told(a, 1);
    fixture_import(a->s.store, delta_of(a, &v, 1, 2));
    assert_told(a, 2);
}

static void verdicts_over_two_versions_at_once(void **state)
{
    struct attack *a = *state;
    struct versions v = make_versions(a);
    fixture_import(a->s.store, whole_bundle(a, &v, 0));
    fixture_import(a->s.store, delta_of(a, &v, 0, 2));
    assert_told(a, 2);
}

/* ---- chains ---- */

static void chain_and_whole_list_give_the_same(void **state)
{
    struct attack *a = *state;
    struct versions v = make_versions(a);
    struct trust_store *whole = fixture_store(a->s.f, "whole.db");
    fixture_import(whole, whole_bundle(a, &v, 2));
    fixture_import(a->s.store, whole_bundle(a, &v, 0));
    fixture_import(a->s.store, delta_of(a, &v, 0, 1));
    fixture_import(a->s.store, delta_of(a, &v, 1, 2));
    same_content(a->s.store, whole);
    trust_store_close(whole);
}

/* A whole list comes in between: what leads to it is old, what leads on from it fits. */
static void chain_skipped_by_a_whole_list(void **state)
{
    struct attack *a = *state;
    struct versions v = make_versions(a);
    fixture_import(a->s.store, whole_bundle(a, &v, 0));
    scene_refused(&a->s, delta_of(a, &v, 1, 2), "BASE_MISMATCH", "list ID");
    fixture_import(a->s.store, whole_bundle(a, &v, 1));
    scene_refused(&a->s, delta_of(a, &v, 0, 2), "BASE_MISMATCH", "list ID");
    struct trust_update_report report = import_report(a, delta_of(a, &v, 0, 1));
    assert_int_equal(report.lists_unchanged, 1);
    report = import_report(a, delta_of(a, &v, 1, 2));
    assert_int_equal(report.deltas, 1);
    assert_told(a, 2);
    scene_refused(&a->s, delta_of(a, &v, 0, 1), "ROLLBACK", "header");
}

static void again(struct attack *a, struct span bundle)
{
    uint8_t before[32], after[32];
    trust_tables_digest(a->s.path, before);
    struct trust_update_report report = import_report(a, bundle);
    assert_int_equal(report.lists_added, 0);
    assert_int_equal(report.lists_unchanged, 1);
    assert_int_equal(report.deltas, 0);
    trust_tables_digest(a->s.path, after);
    assert_memory_equal(before, after, sizeof before);
}

static void same_delta_again_changes_nothing(void **state)
{
    struct attack *a = *state;
    struct versions v = make_versions(a);
    fixture_import(a->s.store, whole_bundle(a, &v, 0));
    struct trust_update_report report = import_report(a, delta_of(a, &v, 0, 1));
    assert_int_equal(report.deltas, 1);
    assert_int_equal(report.lists_added, 1);
    again(a, delta_of(a, &v, 0, 1));
    again(a, delta_of(a, &v, 0, 1));
    assert_told(a, 1);
}

/* ---- the catalogue ---- */

/* A delta whose catalogue cannot be used here is complete without it, as often as it comes. */
static void catalogue_that_is_not_here(void **state)
{
    struct attack *a = *state;
    struct delta d = delta_new(&a->s);
    struct trust_store *other = fixture_store(a->s.f, "b.db");
    struct scene there = {a->s.f, other, fixture_path(a->s.f, "b.db")};
    struct trust_part raw = {TRUST_PART_RAW, d.before.rows.len, d.before.rows};
    struct fixture_list bare = d.before;
    bare.file = fixture_list_file(a->s.f, &bare, &raw, NULL);
    fixture_import(other, scene_bundle(&there, 1, &bare));
    for (int i = 0; i < 2; i++) {
        fixture_import(other, delta_bundle(&d, &d.security));
        struct trust_state state_there = scene_state(&there);
        assert_int_equal(state_there.list[0].version, 2);
        assert_false(state_there.list[0].has_catalogue);
        trust_state_free(&state_there);
    }
    /* The whole list brings it in the end. */
    fixture_import(other, scene_bundle(&there, 3, &d.after));
    fixture_import(a->s.store, delta_bundle(&d, &d.security));
    for (int i = 0; i < 2; i++) {
        struct scene *s = i == 0 ? &there : &a->s;
        struct row row;
        struct fixture_walk walk;
        assert_int_equal(
            fixture_walk_begin(&walk, s->store, span_str("MY"), ROW_UNIT_TITLE, ROW_UNIT_TITLE),
            TRUST_STORE_OK);
        assert_true(fixture_walk_next(&walk, &row));
        check_bytes(row.bytes, d.after.catalogue);
        fixture_walk_end(&walk);
    }
    trust_store_close(other);
}

/* A delta that leaves a changed catalogue out leaves the store without: the old one is not signed
 * any longer. */
static void catalogue_that_is_left_out(void **state)
{
    struct attack *a = *state;
    struct delta d = delta_new(&a->s);
    struct fixture_list list = d.after;
    list.file = delta_file(&a->s, list.document, d.before.digest, &d.security, NULL);
    fixture_import(a->s.store, scene_bundle(&a->s, 2, &list));
    struct trust_state now = scene_state(&a->s);
    assert_false(now.list[0].has_catalogue);
    trust_state_free(&now);

    struct fixture_list same = d.after; /* version 3 with the catalogue of version 2 */
    same.version = 3;
    fixture_list_sign(a->s.f, &same);
    fixture_import(a->s.store, scene_bundle(&a->s, 3, &same));
    struct fixture_list next = same;
    next.version = 4;
    next.rows = d.before.rows;
    fixture_list_sign(a->s.f, &next);
    struct trust_part part = fixture_packed(a->s.f, same.rows, next.rows);
    next.file = delta_file(&a->s, next.document, same.digest, &part, NULL);
    fixture_import(a->s.store, scene_bundle(&a->s, 4, &next));
    now = scene_state(&a->s);
    assert_true(now.list[0].has_catalogue); /* the very one it was signed with */
    trust_state_free(&now);
}

/* ---- lists that are disabled ---- */

static void import_root_with_my_key(struct attack *a, int64_t version, unsigned key)
{
    struct trust_root *root = fixture_root_plain(a->s.f);
    root->version = version;
    fixture_role(a->s.f, &root->authority[1].role, 1, key, 1);
    struct span document = fixture_root_signed(a->s.f, root, NULL, 0);
    fixture_import(a->s.store, fixture_bundle(a->s.f, &document, 1, none, NULL, 0));
}

static void assert_my(struct attack *a, int64_t version, bool disabled)
{
    struct trust_state now = scene_state(&a->s);
    assert_int_equal(now.list[0].version, version);
    assert_int_equal(now.list[0].disabled, disabled);
    trust_state_free(&now);
}

/* Its rows are no longer believed, but they are what they are: a delta by the new keys builds on
 * them, one by the old keys does not enter. */
static void delta_for_a_disabled_list(void **state)
{
    struct attack *a = *state;
    struct delta d = delta_new(&a->s);
    import_root_with_my_key(a, 2, 91);
    assert_my(a, 1, true);
    delta_refused(&d, &d.security, "THRESHOLD");
    struct fixture_list list = d.after;
    list.key[0] = 91;
    fixture_list_sign(a->s.f, &list);
    list.file = delta_file(&a->s, list.document, d.before.digest, &d.security, &d.catalogue);
    fixture_import(a->s.store, scene_bundle(&a->s, 2, &list));
    assert_my(a, 2, false);
}

/* The list is here, but disabled; its new document comes with the changes that once led to it. They
 * do not lead from it to itself. */
static void delta_that_led_to_a_disabled_list(void **state)
{
    struct attack *a = *state;
    struct delta d = delta_new(&a->s);
    delta_accepted(&d);
    import_root_with_my_key(a, 2, 91);
    assert_my(a, 2, true);
    struct fixture_list list = d.after;
    list.key[0] = 91;
    fixture_list_sign(a->s.f, &list);
    struct span whole = list.file;
    list.file = delta_file(&a->s, list.document, d.before.digest, &d.security, &d.catalogue);
    scene_refused(&a->s, scene_bundle(&a->s, 3, &list), "BASE_MISMATCH", "list MY");
    list.file = whole;
    fixture_import(a->s.store, scene_bundle(&a->s, 3, &list));
    assert_my(a, 2, false);
}

/* The same payload under new keys: nothing changes but the document, and that is enough. */
static void delta_to_itself_enables_again(void **state)
{
    struct attack *a = *state;
    struct delta d = delta_new(&a->s);
    import_root_with_my_key(a, 2, 91);
    struct fixture_list list = d.before;
    list.key[0] = 91;
    fixture_list_sign(a->s.f, &list);
    check_bytes(list.digest, d.before.digest);
    list.file = fixture_delta(a->s.f, &d.before, &list);
    fixture_import(a->s.store, scene_bundle(&a->s, 2, &list));
    assert_my(a, 1, false);
    fixture_import(a->s.store, scene_bundle(&a->s, 2, &list));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ATTACK_TEST(verdicts_before_and_after),
        ATTACK_TEST(verdicts_over_two_versions_at_once),
        ATTACK_TEST(chain_and_whole_list_give_the_same),
        ATTACK_TEST(chain_skipped_by_a_whole_list),
        ATTACK_TEST(same_delta_again_changes_nothing),
        ATTACK_TEST(catalogue_that_is_not_here),
        ATTACK_TEST(catalogue_that_is_left_out),
        ATTACK_TEST(delta_for_a_disabled_list),
        ATTACK_TEST(delta_that_led_to_a_disabled_list),
        ATTACK_TEST(delta_to_itself_enables_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
