/* SPDX-License-Identifier: Apache-2.0
 *
 * The root chain: who may make the next root, and what a new root takes away at once. */
#include "trust_scene.h"

static const struct span none = {NULL, 0};

/* The default root as a later version; change it, then sign it. */
static struct trust_root *root_plain(struct scene *s, int64_t version)
{
    struct trust_root *root = fixture_root_plain(s->f);
    root->version = version;
    return root;
}

static struct span root_signed(struct scene *s, const struct trust_root *root)
{
    return fixture_root_signed(s->f, root, NULL, 0);
}

static struct trust_role *role_of(struct trust_root *root, const char *state)
{
    for (size_t i = 0; i < root->authority_count; i++) {
        if (span_equal(root->authority[i].state, span_str(state))) {
            return &root->authority[i].role;
        }
    }
    fail_msg("no such state: %s", state);
    return NULL;
}

static void import_root(struct scene *s, struct span root)
{
    fixture_import(s->store, fixture_bundle(s->f, &root, 1, none, NULL, 0));
}

static void refused_root(struct scene *s, struct span root, const char *name, const char *subject)
{
    scene_refused(s, fixture_bundle(s->f, &root, 1, none, NULL, 0), name, subject);
}

static void import_list(struct scene *s, const struct fixture_list *list, int64_t header_version)
{
    fixture_import(s->store, scene_bundle(s, header_version, list));
}

/* ---- who may make the next root ---- */

static void next_root_needs_both_thresholds(void **state)
{
    static const unsigned old_only[] = {1, 2}, new_only[] = {61, 62}, both[] = {1, 2, 61, 62};
    static const unsigned short_of_old[] = {1, 61, 62}, short_of_new[] = {1, 2, 61};
    struct scene *s = *state;
    struct trust_root *root = root_plain(s, 2);
    fixture_role(s->f, &root->root, 2, 61, 3);
    refused_root(s, fixture_root_signed(s->f, root, old_only, 2), "THRESHOLD", "root 2");
    refused_root(s, fixture_root_signed(s->f, root, new_only, 2), "THRESHOLD", "root 2");
    refused_root(s, fixture_root_signed(s->f, root, short_of_old, 3), "THRESHOLD", "root 2");
    refused_root(s, fixture_root_signed(s->f, root, short_of_new, 3), "THRESHOLD", "root 2");
    import_root(s, fixture_root_signed(s->f, root, both, 4));
    struct trust_state now = scene_state(s);
    assert_int_equal(now.root->version, 2);
    trust_state_free(&now);
}

static void skipped_root_is_root_gap(void **state)
{
    struct scene *s = *state;
    struct span two = root_signed(s, root_plain(s, 2)), three = root_signed(s, root_plain(s, 3));
    refused_root(s, three, "ROOT_GAP", "root 3");
    struct span wrong_order[] = {three, two}, in_order[] = {two, three};
    scene_refused(s, fixture_bundle(s->f, wrong_order, 2, none, NULL, 0), "ROOT_GAP", "root 3");
    fixture_import(s->store, fixture_bundle(s->f, in_order, 2, none, NULL, 0));
}

/* A device that slept through five rotations, whose intermediate roots have all expired. */
static void sleeper_catches_up_over_expired_roots(void **state)
{
    struct scene *s = *state;
    struct span chain[6];
    chain[0] = fixture_root(s->f);
    for (unsigned i = 1; i <= 5; i++) {
        struct trust_root *root = root_plain(s, i + 1);
        unsigned old_key = i == 1 ? FIXTURE_ROOT_KEY : 60 + 3 * i;
        unsigned new_key = 60 + 3 * (i + 1);
        unsigned keys[] = {old_key, old_key + 1, new_key, new_key + 1};
        fixture_role(s->f, &root->root, 2, new_key, 3);
        root->expires_s = i == 5 ? FIXTURE_NOW_S + 1 : FIXTURE_NOW_S - FIXTURE_DAYS_S(6 - i);
        chain[i] = fixture_root_signed(s->f, root, keys, 4);
    }
    scene_refused(s, fixture_bundle(s->f, chain, 5, none, NULL, 0), "EXPIRED", "root 5");
    fixture_import(s->store, fixture_bundle(s->f, chain, 6, none, NULL, 0));
    struct trust_state now = scene_state(s);
    assert_int_equal(now.root->version, 6);
    trust_state_free(&now);
}

static void other_systems_roots_are_root_id(void **state)
{
    struct scene *s = *state;
    struct trust_root *other = root_plain(s, 1);
    other->issued_at_s++;
    refused_root(s, root_signed(s, other), "ROOT_ID", "root 1");
    import_root(s, fixture_root(s->f));
}

static void two_roots_of_one_version_are_equivocation(void **state)
{
    static const unsigned strangers[] = {97, 98};
    struct scene *s = *state;
    struct trust_root *root = root_plain(s, 2);
    struct span first = root_signed(s, root);
    import_root(s, first);
    import_root(s, first);
    root->expires_s++;
    refused_root(s, root_signed(s, root), "EQUIVOCATION", "root 2");
    refused_root(s, fixture_root_signed(s->f, root, strangers, 2), "THRESHOLD", "root 2");
}

static void key_in_two_roles_is_role(void **state)
{
    struct scene *s = *state;
    struct trust_root *root = root_plain(s, 2);
    fixture_role(s->f, role_of(root, "PH"), 1, FIXTURE_PUBLISHER_KEY, 1);
    refused_root(s, root_signed(s, root), "ROLE", "root");
}

static void sample_mark_cannot_change(void **state)
{
    struct scene *s = *state;
    struct trust_root *root = root_plain(s, 2);
    root->sample = false;
    refused_root(s, root_signed(s, root), "SAMPLE", "root 2");
}

/* ---- what a new root takes away ---- */

static void assert_list(struct scene *s, const char *state, bool disabled, bool behind)
{
    struct trust_state now = scene_state(s);
    const struct trust_stored_list *list = trust_state_list(&now, span_str(state));
    assert_non_null(list);
    assert_int_equal(list->disabled, disabled);
    assert_int_equal(list->behind, behind);
    trust_state_free(&now);
}

static void removed_state_is_disabled_in_the_same_step(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 1);
    import_list(s, &list, 1);
    assert_list(s, "MY", false, false);
    struct trust_root *root = root_plain(s, 2);
    root->authority[1] = root->authority[2];
    root->authority[2] = root->authority[3];
    root->authority_count = 3;
    import_root(s, root_signed(s, root));
    assert_list(s, "MY", true, false);
    scene_refused(s, scene_bundle(s, 2, &list), "SCOPE", "list MY");

    /* It comes back with its old key: the stored list is good again. */
    import_root(s, root_signed(s, root_plain(s, 3)));
    assert_list(s, "MY", false, false);
}

static void replaced_key_disables_until_signed_again(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 9);
    import_list(s, &list, 1);
    struct trust_root *root = root_plain(s, 2);
    fixture_role(s->f, role_of(root, "MY"), 1, 91, 1);
    import_root(s, root_signed(s, root));
    assert_list(s, "MY", true, false);
    scene_refused(s, scene_bundle(s, 2, &list), "THRESHOLD", "list MY");

    /* The same payload under the new key; and then lower versions, for the counter began anew. */
    list.key[0] = 91;
    fixture_list_sign(s->f, &list);
    import_list(s, &list, 2);
    assert_list(s, "MY", false, false);
    root = root_plain(s, 3);
    fixture_role(s->f, role_of(root, "MY"), 1, 93, 1);
    import_root(s, root_signed(s, root));
    list.key[0] = 93;
    list.version = 3;
    fixture_list_sign(s->f, &list);
    import_list(s, &list, 3);
    list.version = 2;
    fixture_list_sign(s->f, &list);
    scene_refused(s, scene_bundle(s, 4, &list), "ROLLBACK", "list MY");
}

static void unchanged_roles_keep_lists_and_counters(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 5);
    import_list(s, &list, 7);
    import_root(s, root_signed(s, root_plain(s, 2)));
    assert_list(s, "MY", false, false);
    struct fixture_list older = scene_list(s, "MY", 4);
    scene_refused(s, scene_bundle(s, 6, &list), "ROLLBACK", "header");
    scene_refused(s, scene_bundle(s, 8, &older), "ROLLBACK", "list MY");
}

/* A stolen publisher key signs the last version there is, far ahead in time. The root takes the key
 * away, and with it the version, the freshness and the time it had claimed. */
static void fast_forward_is_undone_by_a_new_root(void **state)
{
    static const unsigned stolen[] = {FIXTURE_PUBLISHER_KEY}, fresh[] = {93};
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 1);
    struct trust_header *header = fixture_header_plain(s->f, INT64_MAX, &list, 1);
    header->issued_at_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(399);
    struct span forged = fixture_header_signed(s->f, header, stolen, 1);
    fixture_import(s->store, fixture_bundle(s->f, NULL, 0, forged, &list, 1));
    scene_refused(s, scene_bundle(s, 2, &list), "ROLLBACK", "header");
    struct trust_state now = scene_state(s);
    assert_int_equal(now.floor_s, header->issued_at_s);
    trust_state_free(&now);

    struct trust_root *root = root_plain(s, 2);
    root->issued_at_s = FIXTURE_NOW_S;
    fixture_role(s->f, &root->publisher, 1, 93, 2);
    import_root(s, root_signed(s, root));
    now = scene_state(s);
    assert_false(now.has_header);
    assert_int_equal(now.floor_s, FIXTURE_NOW_S);
    assert_int_equal(now.high_water_s, FIXTURE_NOW_S);
    assert_int_equal(now.list[0].fresh_as_of_s, 0);
    assert_true(now.list[0].behind);
    trust_state_free(&now);

    header = fixture_header_plain(s->f, 2, &list, 1);
    struct span honest = fixture_header_signed(s->f, header, fresh, 1);
    fixture_import(s->store, fixture_bundle(s->f, NULL, 0, honest, &list, 1));
    now = scene_state(s);
    assert_int_equal(now.header.version, 2);
    assert_int_equal(now.list[0].fresh_as_of_s, FIXTURE_NOW_S);
    assert_false(now.list[0].behind);
    trust_state_free(&now);
}

/* One of two publisher keys goes; the header was signed by the other: it stays, and its counter. */
static void header_that_is_still_signed_stays(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 1);
    import_list(s, &list, 7);
    struct trust_root *root = root_plain(s, 2);
    fixture_role(s->f, &root->publisher, 1, FIXTURE_PUBLISHER_KEY, 1);
    import_root(s, root_signed(s, root));
    struct trust_state now = scene_state(s);
    assert_true(now.has_header);
    assert_int_equal(now.header_least_version, 7);
    assert_int_equal(now.list[0].fresh_as_of_s, FIXTURE_NOW_S);
    trust_state_free(&now);
    scene_refused(s, scene_bundle(s, 6, &list), "ROLLBACK", "header");
    fixture_import(s->store, scene_bundle(s, 8, &list));
}

/* Whoever carries a root alone, ahead of the next header, could otherwise bring back a header and a
 * list from before a revocation: the keys that signed them still speak. */
static void keys_that_join_bring_nothing_older_back(void **state)
{
    struct scene *s = *state;
    struct fixture_list older = scene_list(s, "MY", 4), list = scene_list(s, "MY", 5);
    import_list(s, &older, 6);
    import_list(s, &list, 7);
    struct trust_root *root = root_plain(s, 2);
    fixture_role(s->f, &root->publisher, 1, FIXTURE_PUBLISHER_KEY, 3);
    fixture_role(s->f, role_of(root, "MY"), 1, FIXTURE_MY_KEY, 2);
    import_root(s, root_signed(s, root));
    assert_list(s, "MY", false, false);
    scene_refused(s, scene_bundle(s, 6, &older), "ROLLBACK", "header");
    scene_refused(s, scene_bundle(s, 8, &older), "ROLLBACK", "list MY");
}

static void ended_state_may_speak_until_its_end(void **state)
{
    struct scene *s = *state;
    struct trust_root *root = root_plain(s, 2);
    root->authority[1].ended = true;
    root->authority[1].ended_day = FIXTURE_DAY - 1;
    import_root(s, root_signed(s, root));
    struct fixture_list list = scene_list(s, "MY", 1);
    list.as_of_s = FIXTURE_NOW_S;
    fixture_list_sign(s->f, &list);
    scene_refused(s, scene_bundle(s, 1, &list), "SCOPE", "list MY");
    list.as_of_s = FIXTURE_NOW_S - 1;
    fixture_list_sign(s->f, &list);
    import_list(s, &list, 1);
    assert_list(s, "MY", false, false);
}

/* The end may lie in the past, before the list that is stored: what a lost authority said after it
 * goes with the root that says so, and the last list from before may come back. */
static void list_made_after_the_end_is_disabled(void **state)
{
    struct scene *s = *state;
    struct fixture_list late = scene_list(s, "MY", 7); /* as of the day before FIXTURE_DAY */
    import_list(s, &late, 1);
    struct trust_root *root = root_plain(s, 2);
    root->authority[1].ended = true;
    root->authority[1].ended_day = FIXTURE_DAY - 1;
    import_root(s, root_signed(s, root));
    assert_list(s, "MY", false, false);

    root = root_plain(s, 3);
    root->authority[1].ended = true;
    root->authority[1].ended_day = FIXTURE_DAY - 2;
    import_root(s, root_signed(s, root));
    assert_list(s, "MY", true, false);
    scene_refused(s, scene_bundle(s, 2, &late), "SCOPE", "list MY");

    struct fixture_list earlier = scene_list(s, "MY", 6);
    earlier.as_of_s = FIXTURE_NOW_S - FIXTURE_DAYS_S(2) + 86399;
    fixture_list_sign(s->f, &earlier);
    import_list(s, &earlier, 2);
    assert_list(s, "MY", false, false);
}

/* An end that a later root takes back. */
static void list_of_a_state_that_comes_back_is_good_again(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 1);
    import_list(s, &list, 1);
    struct trust_root *root = root_plain(s, 2);
    root->authority[1].ended = true;
    root->authority[1].ended_day = FIXTURE_DAY - 2;
    import_root(s, root_signed(s, root));
    assert_list(s, "MY", true, false);
    import_root(s, root_signed(s, root_plain(s, 3)));
    assert_list(s, "MY", false, false);
}

/* The end of a state alone lets no older list of it come back. */
static void ended_state_keeps_its_counter(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 5), older = scene_list(s, "MY", 4);
    import_list(s, &list, 1);
    struct trust_root *root = root_plain(s, 2);
    root->authority[1].ended = true;
    root->authority[1].ended_day = FIXTURE_DAY - 1;
    import_root(s, root_signed(s, root));
    assert_list(s, "MY", false, false);
    scene_refused(s, scene_bundle(s, 2, &older), "ROLLBACK", "list MY");
}

/* ---- first trust ---- */

static struct trust_store *empty_store(struct scene *s, const char *name, bool sample)
{
    struct trust_store *store = NULL;
    enum db_error error = DB_OK;
    assert_int_equal(trust_store_open(fixture_path(s->f, name), DB_CREATE, sample, &store, &error),
                     TRUST_STORE_OK);
    return store;
}

static void assert_init(struct trust_store *store, struct span file, const uint8_t *root_id,
                        const char *name)
{
    struct trust_clock_input clock = {FIXTURE_NOW_S, FIXTURE_BUILD_S};
    struct trust_refusal refusal = trust_update_init(store, file, root_id, &clock);
    assert_string_equal(trust_update_error_name(refusal.error), name);
}

static void first_root_needs_its_fingerprint(void **state)
{
    struct scene *s = *state;
    uint8_t wrong[TRUST_DIGEST_SIZE];
    memcpy(wrong, fixture_root_id(s->f), sizeof wrong);
    wrong[31] ^= 1;
    struct trust_store *store = empty_store(s, "b.db", true);
    assert_init(store, fixture_root(s->f), wrong, "ROOT_ID");
    assert_init(store, span_str("no root"), fixture_root_id(s->f), "FORMAT");
    assert_init(store, root_signed(s, root_plain(s, 2)), fixture_root_id(s->f), "ROOT_GAP");
    assert_init(store, fixture_root(s->f), fixture_root_id(s->f), "OK");
    assert_init(store, fixture_root(s->f), fixture_root_id(s->f), "OK");
    trust_store_close(store);
}

static void second_system_never_enters_the_same_store(void **state)
{
    struct scene *s = *state;
    struct fixture *other = fixture_new();
    struct trust_root *root = fixture_root_plain(other);
    root->issued_at_s++;
    struct span file = fixture_root_signed(other, root, NULL, 0);
    struct trust_root *opened = malloc(sizeof *opened);
    uint8_t id[TRUST_DIGEST_SIZE];
    assert_int_equal(trust_root_open(file, opened, id), TRUST_UPDATE_OK);
    assert_init(s->store, file, id, "ROOT_ID");
    free(opened);
    fixture_free(other);
}

static void first_root_needs_its_own_threshold(void **state)
{
    static const unsigned one[] = {1};
    struct scene *s = *state;
    struct trust_root *opened = malloc(sizeof *opened);
    uint8_t id[TRUST_DIGEST_SIZE];
    struct span file = fixture_root_signed(s->f, root_plain(s, 1), one, 1);
    assert_int_equal(trust_root_open(file, opened, id), TRUST_UPDATE_THRESHOLD);
    assert_int_equal(trust_root_open(fixture_root(s->f), opened, id), TRUST_UPDATE_OK);
    assert_memory_equal(id, fixture_root_id(s->f), sizeof id);
    free(opened);
}

static void samples_and_real_data_do_not_mix(void **state)
{
    struct scene *s = *state;
    struct trust_store *real = empty_store(s, "real.db", false);
    assert_init(real, fixture_root(s->f), fixture_root_id(s->f), "SAMPLE");
    struct trust_root *root = root_plain(s, 1);
    root->sample = false;
    struct span file = root_signed(s, root);
    struct trust_root *opened = malloc(sizeof *opened);
    uint8_t id[TRUST_DIGEST_SIZE];
    assert_int_equal(trust_root_open(file, opened, id), TRUST_UPDATE_OK);
    struct trust_store *sample = empty_store(s, "sample.db", true);
    assert_init(sample, file, id, "SAMPLE");
    assert_init(real, file, id, "OK");
    free(opened);
    trust_store_close(real);
    trust_store_close(sample);

    struct trust_store *store = NULL;
    enum db_error error = DB_OK;
    assert_int_equal(trust_store_open(s->path, DB_READ, false, &store, &error), TRUST_STORE_SAMPLE);
    assert_null(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(next_root_needs_both_thresholds),
        SCENE_TEST(skipped_root_is_root_gap),
        SCENE_TEST(sleeper_catches_up_over_expired_roots),
        SCENE_TEST(other_systems_roots_are_root_id),
        SCENE_TEST(two_roots_of_one_version_are_equivocation),
        SCENE_TEST(key_in_two_roles_is_role),
        SCENE_TEST(sample_mark_cannot_change),
        SCENE_TEST(removed_state_is_disabled_in_the_same_step),
        SCENE_TEST(replaced_key_disables_until_signed_again),
        SCENE_TEST(unchanged_roles_keep_lists_and_counters),
        SCENE_TEST(fast_forward_is_undone_by_a_new_root),
        SCENE_TEST(header_that_is_still_signed_stays),
        SCENE_TEST(keys_that_join_bring_nothing_older_back),
        SCENE_TEST(ended_state_may_speak_until_its_end),
        SCENE_TEST(list_made_after_the_end_is_disabled),
        SCENE_TEST(list_of_a_state_that_comes_back_is_good_again),
        SCENE_TEST(ended_state_keeps_its_counter),
        SCENE_TEST(first_root_needs_its_fingerprint),
        SCENE_TEST(second_system_never_enters_the_same_store),
        SCENE_TEST(first_root_needs_its_own_threshold),
        SCENE_TEST(samples_and_real_data_do_not_mix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
