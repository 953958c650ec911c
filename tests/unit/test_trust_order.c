/* SPDX-License-Identifier: Apache-2.0
 *
 * The same final state by different ways: all at once, lists one by one in any order, over an
 * earlier version by deltas, through another store, and twice. The content and every verdict are
 * the same to the last byte.
 */
#include "attack_scene.h"

#define LISTS 4

static const struct span none = {NULL, 0};

/* Two versions of a region; of the second every way must end in. */
struct region {
    struct fixture_list list[2][LISTS];
    struct span header[2];
};

static struct region region_of(struct attack *a)
{
    static const char *const state[LISTS] = {"ID", "MY", "PH", "TH"};
    const struct attack_sets sets[2] = {{{5, 300}, {7}, 2, 1}, {{300, 1000, 16384}, {9}, 3, 1}};
    struct region r;
    for (size_t v = 0; v < 2; v++) {
        for (size_t i = 2; i < LISTS; i++) {
            struct fixture_rows *rows = scene_rows(&a->s, state[i]);
            char body[16];
            snprintf(body, sizeof body, "%s.BODY", state[i]);
            fixture_add_status(rows, body, 10 + (uint32_t)v);
            fixture_add_title(rows, ROW_UNIT_TITLE, "U1", v == 0 ? "A unit" : "Another");
            r.list[v][i] = fixture_list(a->s.f, state[i], 1 + (int64_t)v, rows);
        }
        struct fixture_rows *id = attack_id_rows(a, &sets[v]);
        fixture_add_title(id, ROW_SCHEME_TITLE, "S1", "A scheme");
        r.list[v][0] = fixture_list(a->s.f, state[0], 1 + (int64_t)v, id);
        r.list[v][1] = fixture_list(a->s.f, state[1], 1 + (int64_t)v, attack_my_rows(a));
        r.header[v] = fixture_header(a->s.f, 1 + (int64_t)v, r.list[v], LISTS);
    }
    return r;
}

static struct span whole_of(struct attack *a, const struct region *r, size_t v)
{
    return fixture_bundle(a->s.f, NULL, 0, r->header[v], r->list[v], LISTS);
}

static struct span deltas_of(struct attack *a, const struct region *r)
{
    struct fixture_list list[LISTS];
    for (size_t i = 0; i < LISTS; i++) {
        list[i] = r->list[1][i];
        list[i].file = fixture_delta(a->s.f, &r->list[0][i], &list[i]);
    }
    return fixture_bundle(a->s.f, NULL, 0, r->header[1], list, LISTS);
}

/* ---- the same ---- */

/* What the reference says, and what a store that came another way must say. */
struct answers {
    uint8_t content[32];
    struct verdict verdict[6];
};

static const uint32_t asked[] = {5, 7, 9, 300, 1000, 16384};

static void ask(struct attack *a, struct trust_store *store, struct answers *ret_answers)
{
    struct verifier *verifier = NULL;
    struct verify_request request = world_request();
    memset(ret_answers, 0, sizeof *ret_answers);
    fixture_dump(store, ret_answers->content);
    assert_int_equal(verifier_new(store, &verifier), VERIFY_OK);
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        struct span certificate = attack_certificate(a, asked[i]);
        assert_int_equal(verify_credential(verifier, &request, certificate, &a->verdict),
                         VERIFY_OK);
        memcpy(&ret_answers->verdict[i], &a->verdict, sizeof a->verdict);
    }
    verifier_free(verifier);
}

/* A store that the caller closes by `same`. */
static struct trust_store *another(struct attack *a)
{
    return fixture_store(a->s.f, "b.db");
}

static void same(struct attack *a, struct trust_store *store, const struct answers *wanted)
{
    struct answers *got = malloc(sizeof *got);
    assert_non_null(got);
    ask(a, store, got);
    assert_memory_equal(got, wanted, sizeof *got);
    free(got);
    trust_store_close(store);
    assert_int_equal(remove(fixture_path(a->s.f, "b.db")), 0);
}

/* By the whole bundle, in the scene's own store. */
static struct answers *reference(struct attack *a, const struct region *r)
{
    struct answers *wanted = malloc(sizeof *wanted);
    assert_non_null(wanted);
    fixture_import(a->s.store, whole_of(a, r, 1));
    ask(a, a->s.store, wanted);
    assert_string_equal(attack_index(a, 5), ATTACK_GREEN);
    assert_string_equal(attack_index(a, 1000), ATTACK_REVOKED);
    assert_string_equal(attack_index(a, 9), ATTACK_SUSPENDED);
    return wanted;
}

/* ---- the ways ---- */

/* The next order of four, by the letters of their places; false after the last. */
static bool next_order(size_t order[LISTS])
{
    for (size_t i = LISTS - 1; i-- > 0;) {
        if (order[i] < order[i + 1]) {
            size_t j = LISTS - 1;
            while (order[j] < order[i]) {
                j--;
            }
            size_t swap = order[i];
            order[i] = order[j];
            order[j] = swap;
            for (size_t k = i + 1, l = LISTS - 1; k < l; k++, l--) {
                swap = order[k];
                order[k] = order[l];
                order[l] = swap;
            }
            return true;
        }
    }
    return false;
}

static void lists_one_by_one_in_any_order(void **state)
{
    struct attack *a = *state;
    struct region r = region_of(a);
    struct answers *wanted = reference(a, &r);
    size_t order[LISTS] = {0, 1, 2, 3}, orders = 0;
    do {
        struct trust_store *store = another(a);
        fixture_import(store, fixture_bundle(a->s.f, NULL, 0, r.header[1], NULL, 0));
        for (size_t i = 0; i < LISTS; i++) {
            fixture_import(store, fixture_bundle(a->s.f, NULL, 0, none, &r.list[1][order[i]], 1));
        }
        same(a, store, wanted);
        orders++;
    } while (next_order(order));
    assert_int_equal(orders, 24);
    free(wanted);
}

static void over_an_earlier_version(void **state)
{
    struct attack *a = *state;
    struct region r = region_of(a);
    struct answers *wanted = reference(a, &r);
    struct trust_store *store = another(a);
    fixture_import(store, whole_of(a, &r, 0));
    fixture_import(store, whole_of(a, &r, 1));
    same(a, store, wanted);

    store = another(a);
    fixture_import(store, whole_of(a, &r, 0));
    fixture_import(store, deltas_of(a, &r));
    same(a, store, wanted);

    /* One as a delta with the header, the others whole, one of them late. */
    store = another(a);
    fixture_import(store, whole_of(a, &r, 0));
    struct fixture_list id = r.list[1][0];
    id.file = fixture_delta(a->s.f, &r.list[0][0], &id);
    fixture_import(store, fixture_bundle(a->s.f, NULL, 0, r.header[1], &id, 1));
    fixture_import(store, fixture_bundle(a->s.f, NULL, 0, none, &r.list[1][2], 2));
    fixture_import(store, fixture_bundle(a->s.f, NULL, 0, none, &r.list[1][1], 1));
    same(a, store, wanted);
    free(wanted);
}

static void everything_twice(void **state)
{
    struct attack *a = *state;
    struct region r = region_of(a);
    struct answers *wanted = reference(a, &r);
    struct trust_store *store = another(a);
    for (int i = 0; i < 2; i++) {
        fixture_import(store, i == 0 ? whole_of(a, &r, 0) : deltas_of(a, &r));
        fixture_import(store, i == 0 ? whole_of(a, &r, 0) : deltas_of(a, &r));
    }
    fixture_import(store, whole_of(a, &r, 1));
    same(a, store, wanted);
    free(wanted);
}

static struct span exported(struct attack *a, struct trust_store *store, int64_t since)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    struct trust_export_report report;
    struct trust_refusal refusal = trust_update_export(store, since, &bytes, &len, &report);
    assert_string_equal(trust_update_error_name(refusal.error), "OK");
    struct span bundle = fixture_copy(a->s.f, span_of(bytes, len));
    free(bytes);
    return bundle;
}

static void through_another_store(void **state)
{
    struct attack *a = *state;
    struct region r = region_of(a);
    struct trust_store *between = fixture_store(a->s.f, "between.db");
    fixture_import(between, whole_of(a, &r, 0));
    fixture_import(between, deltas_of(a, &r));
    struct answers *wanted = reference(a, &r);
    struct trust_store *store = another(a);
    fixture_import(store, exported(a, between, 0));
    same(a, store, wanted);

    store = another(a);
    fixture_import(store, whole_of(a, &r, 0));
    fixture_import(store, exported(a, between, 1));
    fixture_import(store, exported(a, between, 2));
    same(a, store, wanted);

    /* Exports of one content are one file, wherever they are made. */
    check_bytes(exported(a, between, 0), exported(a, a->s.store, 0));
    trust_store_close(between);
    free(wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ATTACK_TEST(lists_one_by_one_in_any_order),
        ATTACK_TEST(over_an_earlier_version),
        ATTACK_TEST(everything_twice),
        ATTACK_TEST(through_another_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
