/* SPDX-License-Identifier: Apache-2.0
 *
 * Exports since a version: whoever stands at that version comes to the same content as by a whole
 * bundle, for every version that is kept, over gaps, and when the way back is lost or damaged.
 */
#include "random_list.h"
#include "trust_scene.h"

#define KEPT  16 /* as trust_import.h keeps them */
#define MANY  20
#define STATE "MY"

/* Versions 1 to MANY of a list, and the bundles that bring them whole. */
struct history {
    struct scene *s;
    struct span bundle[MANY + 1];
};

static struct history history_of(struct scene *s, uint64_t seed)
{
    struct history h = {.s = s};
    for (int64_t version = 1; version <= MANY; version++) {
        struct fixture_list list = fixture_list(s->f, STATE, version, random_list(s->f, &seed));
        h.bundle[version] = scene_bundle(s, version, &list);
    }
    return h;
}

/* A new store to which these versions came, one after another. */
static struct trust_store *store_at(const struct history *h, const char *name,
                                    const int64_t *version, size_t count)
{
    struct trust_store *store = fixture_store(h->s->f, name);
    for (size_t i = 0; i < count; i++) {
        fixture_import(store, h->bundle[version[i]]);
    }
    return store;
}

static struct trust_store *store_at_one(const struct history *h, const char *name, int64_t version)
{
    return store_at(h, name, &version, 1);
}

static void all_versions(struct history *h, int64_t last)
{
    for (int64_t version = 1; version <= last; version++) {
        fixture_import(h->s->store, h->bundle[version]);
    }
}

/* The export of the scene's store, and what it says it holds. */
static struct span exported(struct scene *s, int64_t since, struct trust_export_report *ret_report)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    struct trust_refusal refusal = trust_update_export(s->store, since, &bytes, &len, ret_report);
    assert_string_equal(refusal.subject, "");
    assert_string_equal(trust_update_error_name(refusal.error), "OK");
    struct span bundle = fixture_copy(s->f, span_of(bytes, len));
    free(bytes);
    return bundle;
}

static void export_refused(struct scene *s, int64_t since)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    char subject[24];
    struct trust_export_report report;
    struct trust_refusal refusal = trust_update_export(s->store, since, &bytes, &len, &report);
    snprintf(subject, sizeof subject, "header %lld", (long long)since);
    assert_string_equal(trust_update_error_name(refusal.error), "BASE_MISMATCH");
    assert_string_equal(refusal.subject, subject);
    assert_null(bytes);
}

/* The store of a version takes the export and then holds what the exporter holds. */
static void assert_brings(const struct history *h, struct span bundle, int64_t from)
{
    char name[32];
    uint8_t here[32], there[32];
    snprintf(name, sizeof name, "from-%lld.db", (long long)from);
    struct trust_store *store = store_at_one(h, name, from);
    fixture_import(store, bundle);
    fixture_dump(h->s->store, here);
    fixture_dump(store, there);
    assert_memory_equal(here, there, sizeof here);
    trust_store_close(store);
    assert_int_equal(remove(fixture_path(h->s->f, name)), 0);
}

/* A list with sets, whose ways back are short. */
static struct fixture_list with_sets(struct scene *s, int64_t version)
{
    static const uint32_t index[][4] = {{1, 9, 300, 17000}, {2, 9, 301, 17000}, {2, 8, 301, 17001}};
    struct fixture_rows *rows = scene_rows(s, STATE);
    fixture_add_status(rows, "MY.BODY", 20000);
    fixture_add_set(rows, "MY.BODY", ROW_SET_REVOKED, index[version - 1], 4);
    fixture_add_set(rows, "MY.BODY", ROW_SET_SUSPENDED, index[version - 1], 2);
    return fixture_list(s->f, STATE, version, rows);
}

static struct history with_sets_history(struct scene *s)
{
    struct history h = {.s = s};
    for (int64_t version = 1; version <= 3; version++) {
        struct fixture_list list = with_sets(s, version);
        h.bundle[version] = scene_bundle(s, version, &list);
    }
    return h;
}

/* ---- every version ---- */

static void every_kept_version_comes_to_the_same(void **state)
{
    struct history h = history_of(*state, 1);
    size_t delta_bytes = 0, whole_bytes = 0;
    struct trust_export_report report;
    all_versions(&h, MANY);
    whole_bytes = exported(h.s, 0, &report).len;
    assert_int_equal(report.wholes, 1);
    for (int64_t since = 1; since <= MANY; since++) {
        if (since < MANY - KEPT) {
            export_refused(h.s, since);
            continue;
        }
        struct span bundle = exported(h.s, since, &report);
        assert_int_equal(report.deltas, since < MANY);
        assert_int_equal(report.unchanged, since == MANY);
        assert_int_equal(report.wholes, 0);
        assert_brings(&h, bundle, since);
        delta_bytes = bundle.len > delta_bytes ? bundle.len : delta_bytes;
    }
    export_refused(h.s, MANY + 1);
    print_message("largest delta %zu bytes, whole %zu\n", delta_bytes, whole_bytes);
}

/* ---- gaps ---- */

/* The exporter went from 3 to 7: it can lead on from where it was, and from nowhere between. */
static void versions_that_were_skipped(void **state)
{
    static const int64_t seen[] = {1, 2, 3, 7, 8}, unseen[] = {4, 5, 6};
    struct history h = history_of(*state, 2);
    struct trust_export_report report;
    for (size_t i = 0; i < COUNT_OF(seen); i++) {
        fixture_import(h.s->store, h.bundle[seen[i]]);
    }
    for (size_t i = 0; i < COUNT_OF(seen) - 1; i++) {
        struct span bundle = exported(h.s, seen[i], &report);
        assert_int_equal(report.deltas, 1);
        assert_brings(&h, bundle, seen[i]);
    }
    for (size_t i = 0; i < COUNT_OF(unseen); i++) {
        export_refused(h.s, unseen[i]);
        assert_brings(&h, exported(h.s, 0, &report), unseen[i]);
    }
}

/* Deltas that came in leave the same ways back as whole lists do. */
static void ways_back_of_a_store_that_lives_on_deltas(void **state)
{
    struct history h = history_of(*state, 3);
    struct trust_store *from = fixture_store(h.s->f, "source.db");
    struct trust_export_report report;
    fixture_import(h.s->store, h.bundle[1]);
    fixture_import(from, h.bundle[1]);
    for (int64_t version = 2; version <= 6; version++) {
        struct scene source = {h.s->f, from, NULL};
        fixture_import(from, h.bundle[version]);
        struct span delta = exported(&source, version - 1, &report);
        assert_int_equal(report.deltas, 1);
        fixture_import(h.s->store, delta);
    }
    trust_store_close(from);
    for (int64_t since = 1; since <= 5; since++) {
        struct span bundle = exported(h.s, since, &report);
        assert_int_equal(report.deltas, 1);
        assert_brings(&h, bundle, since);
    }
}

/* ---- a newer root ---- */

/* The list is the same, signed again by keys that a new root gives the state: without its new
 * document the other side would be left with one that no longer counts. */
static void list_that_was_signed_again_is_sent_again(void **state)
{
    struct scene *s = *state;
    struct trust_export_report report;
    struct fixture_list list = scene_list(s, STATE, 1);
    struct span first = scene_bundle(s, 1, &list);
    struct trust_root *root = fixture_root_plain(s->f);
    root->version = 2;
    fixture_role(s->f, &root->authority[1].role, 1, 91, 1);
    struct span chain[] = {fixture_root(s->f), fixture_root_signed(s->f, root, NULL, 0)};
    struct trust_store *other = fixture_store(s->f, "other.db");
    fixture_import(other, first);
    fixture_import(s->store, first);

    list.key[0] = 91;
    fixture_list_sign(s->f, &list);
    struct span header = fixture_header(s->f, 2, &list, 1);
    fixture_import(s->store, fixture_bundle(s->f, chain, 2, header, &list, 1));
    struct span whole = exported(s, 0, &report), since = exported(s, 1, &report);
    assert_int_equal(report.deltas, 1);
    assert_int_equal(report.unchanged, 0);
    assert_true(since.len < whole.len);
    fixture_import(other, since);
    uint8_t here[32], there[32];
    fixture_dump(s->store, here);
    fixture_dump(other, there);
    assert_memory_equal(here, there, sizeof here);
    trust_store_close(other);
}

/* ---- documents that are lost ---- */

/* What nobody could take is not sent. */
static void damaged_documents_are_not_sent(void **state)
{
    static const char *const damage[] = {
        "UPDATE root SET document = x''",
        "UPDATE root SET document = substr(document, 2)",
        "UPDATE header SET document = x''",
        "UPDATE list SET document = x''",
        "UPDATE header_history SET document = x''",
    };
    struct history h = with_sets_history(*state);
    for (size_t i = 0; i < COUNT_OF(damage); i++) {
        char name[32];
        uint8_t *bytes = NULL;
        size_t len = 0;
        struct trust_export_report report;
        static const int64_t both[] = {1, 2};
        snprintf(name, sizeof name, "damaged-%zu.db", i);
        struct trust_store *store = store_at(&h, name, both, 2);
        trust_tables_run(fixture_path(h.s->f, name), damage[i]);
        assert_int_equal(trust_update_export(store, 1, &bytes, &len, &report).error,
                         TRUST_UPDATE_STORE);
        assert_int_equal(trust_store_db_error(store), DB_CORRUPT);
        assert_null(bytes);
        trust_store_close(store);
    }
}

/* ---- the way back is lost or damaged ---- */

static void way_back_that_is_lost_gives_the_whole_list(void **state)
{
    static const char *const loss[] = {
        "DELETE FROM list_history WHERE version = 4",
        "DELETE FROM list_history WHERE version < 4",
        "UPDATE list_history SET security = x'' WHERE version = 4",
        "UPDATE list_history SET security = substr(security, 1, length(security) - 1)",
        "UPDATE list_history SET security = x'8300410000' WHERE version = 3",
        "UPDATE list_history SET digest = zeroblob(32) WHERE version = 3",
        "UPDATE list_history SET rows_digest = zeroblob(64) WHERE version = 3",
        "UPDATE list_history SET rows_digest = zeroblob(63) WHERE version = 3",
        "UPDATE list_history SET security_size = security_size + 1 WHERE version = 5",
        "UPDATE list_history SET catalogue = NULL, catalogue_size = NULL",
        "UPDATE list_history SET catalogue = x'00'",
        "UPDATE list_history SET security = (SELECT security FROM list_history WHERE version = 1)"
        " WHERE version = 4",
        "DELETE FROM list_history",
    };
    struct history h = history_of(*state, 5);
    struct trust_export_report report;
    for (size_t i = 0; i < COUNT_OF(loss); i++) {
        char name[32];
        snprintf(name, sizeof name, "lost-%zu.db", i);
        static const int64_t all[] = {1, 2, 3, 4, 5, 6};
        struct history own = h;
        struct scene mine = {h.s->f, store_at(&h, name, all, COUNT_OF(all)),
                             fixture_path(h.s->f, name)};
        own.s = &mine;
        trust_tables_run(mine.path, loss[i]);
        struct span bundle = exported(&mine, 3, &report);
        assert_int_equal(report.wholes, 1);
        assert_brings(&own, bundle, 3);
        trust_store_close(mine.store);
    }
}

/* Any one bit of it: the export is whole, or what is kept still means the same. */
static void way_back_that_is_damaged_gives_the_whole_list(void **state)
{
    struct history h = with_sets_history(*state);
    struct trust_export_report report;
    size_t wholes = 0;
    all_versions(&h, 3);
    struct span way =
        trust_tables_blob(h.s->path, "SELECT security FROM list_history WHERE version = 2");
    uint8_t *copy = check_heap_copy(way);
    for (size_t bit = 0; bit < 8 * way.len; bit++) {
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        trust_tables_run_with(h.s->path, "UPDATE list_history SET security = ?1 WHERE version = 2",
                              span_of(copy, way.len));
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        struct span bundle = exported(h.s, 2, &report);
        wholes += report.wholes;
        if (report.deltas != 0) {
            assert_brings(&h, bundle, 2);
        }
    }
    print_message("%zu of %zu bits make the export whole\n", wholes, 8 * way.len);
    assert_true(wholes > 8 * way.len - 16); /* zlib has a few bits that say nothing */
    free(copy);
    free((void *)(uintptr_t)way.ptr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(every_kept_version_comes_to_the_same),
        SCENE_TEST(versions_that_were_skipped),
        SCENE_TEST(ways_back_of_a_store_that_lives_on_deltas),
        SCENE_TEST(list_that_was_signed_again_is_sent_again),
        SCENE_TEST(damaged_documents_are_not_sent),
        SCENE_TEST(way_back_that_is_lost_gives_the_whole_list),
        SCENE_TEST(way_back_that_is_damaged_gives_the_whole_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
