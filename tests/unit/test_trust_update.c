/* SPDX-License-Identifier: Apache-2.0
 *
 * Acceptance of bundles: what a good one leaves behind, freshness and time, and the way out again.
 * Refusals are in test_trust_refusal.c, roots in test_trust_chain.c. */
#include "trust_scene.h"

static const unsigned publisher[] = {FIXTURE_PUBLISHER_KEY};

static void standard_bundle_enters(void **state)
{
    struct scene *s = *state;
    struct trust_clock_input clock = {FIXTURE_NOW_S, FIXTURE_BUILD_S};
    struct trust_update_report report;
    struct span bundle = fixture_standard_bundle(s->f);
    struct trust_refusal refusal =
        trust_update_import(s->store, bundle, &clock, NULL, NULL, &report);
    assert_string_equal(trust_update_error_name(refusal.error), "OK");
    assert_int_equal(report.roots_added, 0);
    assert_true(report.header_added);
    assert_int_equal(report.header_version, 1);
    assert_int_equal(report.lists_added, 2);
    assert_int_equal(report.lists_unchanged, 0);
    assert_int_equal(report.rows, 12);

    struct trust_state now = scene_state(s);
    assert_int_equal(now.list_count, 2);
    assert_string_equal(now.list[0].state, "ID");
    assert_int_equal(now.list[0].fresh_as_of_s, FIXTURE_NOW_S);
    assert_false(now.list[0].behind);
    assert_false(now.list[0].disabled);
    assert_true(now.list[0].has_catalogue);
    assert_false(now.list[1].has_catalogue);
    assert_int_equal(now.floor_s, FIXTURE_NOW_S);
    assert_int_equal(now.high_water_s, FIXTURE_NOW_S);
    trust_state_free(&now);
}

static void same_bundle_again_changes_nothing(void **state)
{
    struct scene *s = *state;
    struct span bundle = fixture_standard_bundle(s->f);
    uint8_t before[32], after[32];
    fixture_import(s->store, bundle);
    fixture_dump(s->store, before);
    struct trust_clock_input clock = {FIXTURE_NOW_S, FIXTURE_BUILD_S};
    struct trust_update_report report;
    struct trust_refusal refusal =
        trust_update_import(s->store, bundle, &clock, NULL, NULL, &report);
    assert_int_equal(refusal.error, TRUST_UPDATE_OK);
    assert_false(report.header_added);
    assert_int_equal(report.lists_added, 0);
    assert_int_equal(report.lists_unchanged, 2);
    assert_int_equal(report.rows, 0);
    fixture_dump(s->store, after);
    assert_memory_equal(before, after, sizeof before);
}

struct progress {
    size_t calls, done, all;
};

static void count_progress(void *ctx, size_t done, size_t all)
{
    struct progress *p = ctx;
    assert_true(done > p->done && done <= all);
    p->calls++;
    p->done = done;
    p->all = all;
}

/* Rows that fit each other and not the signature: importing the same list again puts them right. */
static void the_same_list_again_repairs_it(void **state)
{
    struct scene *s = *state;
    uint8_t before[CRYPTO_SHA256_SIZE], after[CRYPTO_SHA256_SIZE], key_room[ROW_MAX_KEY_BYTES];
    uint8_t row_room[64];
    struct span bundle = fixture_standard_bundle(s->f);
    struct writer key = writer_of(key_room, sizeof key_room);
    struct writer row = writer_of(row_room, sizeof row_room);
    fixture_import(s->store, bundle);
    fixture_dump(s->store, before);
    row_key_of_code(&key, span_str("ID.BNSP.LSP-0123"));
    row_status_write(&row, span_str("ID.BNSP.LSP-0123"), 50000, NULL, 0, NULL, 0);
    struct row status = {ROW_STATUS, writer_span(&key), writer_span(&row)};
    assert_int_equal(trust_store_begin_write(s->store), TRUST_STORE_OK);
    fixture_put_rows(s->store, "ID", &status, 1);
    assert_int_equal(trust_store_commit(s->store), TRUST_STORE_OK);
    fixture_dump(s->store, after);
    assert_memory_not_equal(before, after, sizeof before);
    fixture_import(s->store, bundle);
    fixture_dump(s->store, after);
    assert_memory_equal(before, after, sizeof before);
}

static void progress_ends_at_all(void **state)
{
    struct scene *s = *state;
    struct trust_clock_input clock = {FIXTURE_NOW_S, FIXTURE_BUILD_S};
    struct trust_update_report report;
    struct progress progress = {0};
    struct trust_refusal refusal = trust_update_import(s->store, fixture_standard_bundle(s->f),
                                                       &clock, count_progress, &progress, &report);
    assert_int_equal(refusal.error, TRUST_UPDATE_OK);
    assert_int_equal(progress.calls, 2);
    assert_int_equal(progress.done, progress.all);
}

/* ---- freshness ---- */

static struct span header_at(struct scene *s, int64_t version, int64_t issued_at_s,
                             const struct fixture_list *list, size_t count)
{
    struct trust_header *header = fixture_header_plain(s->f, version, list, count);
    header->issued_at_s = issued_at_s;
    return fixture_header_signed(s->f, header, publisher, 1);
}

static void assert_fresh(struct scene *s, const char *code, int64_t fresh_as_of_s, bool behind)
{
    struct trust_state now = scene_state(s);
    const struct trust_stored_list *list = trust_state_list(&now, span_str(code));
    assert_non_null(list);
    assert_int_equal(list->fresh_as_of_s, fresh_as_of_s);
    assert_int_equal(list->behind, behind);
    trust_state_free(&now);
}

/* The header alone is the freshness token. */
static void header_alone_makes_fresh_what_it_names(void **state)
{
    struct scene *s = *state;
    const int64_t week_s = FIXTURE_DAYS_S(7);
    struct fixture_list list[] = {scene_list(s, "ID", 1), scene_list(s, "MY", 1)};
    struct fixture_list newer[] = {list[0], scene_list(s, "MY", 2)};
    struct span first = header_at(s, 1, FIXTURE_NOW_S, list, 2);
    fixture_import(s->store, fixture_bundle(s->f, NULL, 0, first, list, 2));

    struct span second = header_at(s, 2, FIXTURE_NOW_S + week_s, newer, 2);
    fixture_import(s->store, fixture_bundle(s->f, NULL, 0, second, NULL, 0));
    assert_fresh(s, "ID", FIXTURE_NOW_S + week_s, false);
    assert_fresh(s, "MY", FIXTURE_NOW_S, true);

    /* The list itself comes later and is as fresh as the header that names it. */
    fixture_import(s->store, fixture_bundle(s->f, NULL, 0, span_of(NULL, 0), &newer[1], 1));
    assert_fresh(s, "MY", FIXTURE_NOW_S + week_s, false);

    struct span third = header_at(s, 3, FIXTURE_NOW_S + 2 * week_s, newer, 1);
    fixture_import(s->store, fixture_bundle(s->f, NULL, 0, third, NULL, 0));
    assert_fresh(s, "ID", FIXTURE_NOW_S + 2 * week_s, false);
    assert_fresh(s, "MY", FIXTURE_NOW_S + week_s, true);
}

/* A publisher's clock was ahead, and is put right: the newer header says an earlier time. Lists are
 * as old as it says, and still answer. */
static void header_of_a_clock_put_right_makes_lists_older(void **state)
{
    struct scene *s = *state;
    const int64_t day_s = FIXTURE_DAYS_S(1);
    struct fixture_list list[] = {scene_list(s, "ID", 1), scene_list(s, "MY", 1)};
    struct fixture_list newer[] = {list[0], scene_list(s, "MY", 2)};
    struct span first = header_at(s, 1, FIXTURE_NOW_S, list, 2);
    fixture_import(s->store, fixture_bundle(s->f, NULL, 0, first, list, 2));

    struct span second = header_at(s, 2, FIXTURE_NOW_S - day_s, newer, 2);
    fixture_import(s->store, fixture_bundle(s->f, NULL, 0, second, NULL, 0));
    assert_fresh(s, "ID", FIXTURE_NOW_S - day_s, false);
    assert_fresh(s, "MY", FIXTURE_NOW_S - day_s - 1, true);

    fixture_import(s->store, fixture_bundle(s->f, NULL, 0, span_of(NULL, 0), &newer[1], 1));
    assert_fresh(s, "MY", FIXTURE_NOW_S - day_s, false);
}

/* ---- time ---- */

static void assert_time(struct scene *s, int64_t floor_s, int64_t high_water_s)
{
    struct trust_state now = scene_state(s);
    assert_int_equal(now.floor_s, floor_s);
    assert_int_equal(now.high_water_s, high_water_s);
    trust_state_free(&now);
}

static void import_at(struct scene *s, struct span bundle, int64_t now_s)
{
    struct trust_refusal refusal = fixture_try(s->store, bundle, now_s);
    assert_string_equal(trust_update_error_name(refusal.error), "OK");
}

static struct span dated(struct scene *s, int64_t version, int64_t issued_at_s)
{
    struct fixture_list list = scene_list(s, "MY", 1);
    return fixture_bundle(s->f, NULL, 0, header_at(s, version, issued_at_s, &list, 1), &list, 1);
}

static void clock_behind_leaves_no_trace(void **state)
{
    struct scene *s = *state;
    import_at(s, dated(s, 1, FIXTURE_NOW_S), 0);
    assert_time(s, FIXTURE_NOW_S, FIXTURE_NOW_S);
}

/* A clock ten years ahead must not lock the device when it is put right; the clock of init was
 * right. */
static void clock_far_ahead_leaves_no_trace(void **state)
{
    struct scene *s = *state;
    struct trust_root *root = fixture_root_plain(s->f);
    root->version = 2;
    root->expires_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(7300);
    struct span document = fixture_root_signed(s->f, root, NULL, 0);
    fixture_import(s->store, fixture_bundle(s->f, &document, 1, span_of(NULL, 0), NULL, 0));
    import_at(s, dated(s, 1, FIXTURE_NOW_S), FIXTURE_NOW_S + FIXTURE_DAYS_S(3650));
    assert_time(s, FIXTURE_NOW_S, FIXTURE_NOW_S);
    import_at(s, dated(s, 2, FIXTURE_NOW_S + 10), FIXTURE_NOW_S + 20);
    assert_time(s, FIXTURE_NOW_S + 10, FIXTURE_NOW_S + 20);
}

/* The clock was 300 days ahead, which is plausible; a newer header lets the right one be believed
 * again. */
static void newer_header_frees_a_clock_that_is_behind_h(void **state)
{
    struct scene *s = *state;
    import_at(s, dated(s, 1, FIXTURE_NOW_S), FIXTURE_NOW_S + FIXTURE_DAYS_S(300));
    assert_time(s, FIXTURE_NOW_S, FIXTURE_NOW_S + FIXTURE_DAYS_S(300));
    import_at(s, dated(s, 1, FIXTURE_NOW_S), FIXTURE_NOW_S + FIXTURE_DAYS_S(1));
    assert_time(s, FIXTURE_NOW_S, FIXTURE_NOW_S + FIXTURE_DAYS_S(300));
    import_at(s, dated(s, 2, FIXTURE_NOW_S + 5), FIXTURE_NOW_S + FIXTURE_DAYS_S(1));
    assert_time(s, FIXTURE_NOW_S + 5, FIXTURE_NOW_S + FIXTURE_DAYS_S(1));
}

static void floor_never_goes_back(void **state)
{
    struct scene *s = *state;
    import_at(s, dated(s, 1, FIXTURE_NOW_S + FIXTURE_DAYS_S(50)), FIXTURE_NOW_S);
    import_at(s, dated(s, 2, FIXTURE_NOW_S), FIXTURE_NOW_S + FIXTURE_DAYS_S(51));
    assert_time(s, FIXTURE_NOW_S + FIXTURE_DAYS_S(50), FIXTURE_NOW_S + FIXTURE_DAYS_S(51));
}

/* ---- export ---- */

static struct span exported(struct scene *s)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    struct trust_export_report exported;
    struct trust_refusal refusal = trust_update_export(s->store, 0, &bytes, &len, &exported);
    assert_string_equal(trust_update_error_name(refusal.error), "OK");
    assert_string_equal(refusal.subject, "");
    struct span bundle = fixture_copy(s->f, span_of(bytes, len));
    free(bytes);
    return bundle;
}

static void export_enters_another_store_as_the_same_content(void **state)
{
    struct scene *s = *state;
    struct trust_root *root = fixture_root_plain(s->f);
    root->version = 2;
    struct span second = fixture_root_signed(s->f, root, NULL, 0);
    fixture_import(s->store, fixture_standard_bundle(s->f));
    fixture_import(s->store, fixture_bundle(s->f, &second, 1, span_of(NULL, 0), NULL, 0));
    struct span bundle = exported(s);

    struct trust_store *other = fixture_store(s->f, "b.db");
    fixture_import(other, bundle);
    uint8_t here[32], there[32];
    fixture_dump(s->store, here);
    fixture_dump(other, there);
    assert_memory_equal(here, there, sizeof here);
    trust_store_close(other);
    check_bytes(exported(s), bundle);
}

static void export_leaves_out_what_would_be_refused(void **state)
{
    struct scene *s = *state;
    struct fixture_list list[] = {scene_list(s, "ID", 1), scene_list(s, "MY", 1)};
    fixture_import(s->store,
                   fixture_bundle(s->f, NULL, 0, fixture_header(s->f, 1, list, 2), list, 2));
    struct span second = fixture_header(s->f, 2, list, 1);
    fixture_import(s->store, fixture_bundle(s->f, NULL, 0, second, NULL, 0));
    struct trust_bundle *bundle = malloc(sizeof *bundle);
    assert_int_equal(trust_bundle_decode(exported(s), bundle), TRUST_DOC_OK);
    assert_int_equal(bundle->root_count, 1);
    assert_int_equal(bundle->list_count, 1);
    free(bundle);
    struct trust_store *other = fixture_store(s->f, "b.db");
    fixture_import(other, exported(s));
    trust_store_close(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(standard_bundle_enters),
        SCENE_TEST(same_bundle_again_changes_nothing),
        SCENE_TEST(the_same_list_again_repairs_it),
        SCENE_TEST(progress_ends_at_all),
        SCENE_TEST(header_alone_makes_fresh_what_it_names),
        SCENE_TEST(header_of_a_clock_put_right_makes_lists_older),
        SCENE_TEST(clock_behind_leaves_no_trace),
        SCENE_TEST(clock_far_ahead_leaves_no_trace),
        SCENE_TEST(newer_header_frees_a_clock_that_is_behind_h),
        SCENE_TEST(floor_never_goes_back),
        SCENE_TEST(export_enters_another_store_as_the_same_content),
        SCENE_TEST(export_leaves_out_what_would_be_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
