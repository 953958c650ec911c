/* SPDX-License-Identifier: Apache-2.0
 *
 * Sets of indices on their whole way, from the authority's rows to the store's answer: held against
 * plain lists of yes and no, for every index of small allotments and at the edges of large ones,
 * after a whole list and after deltas. */
#include "trust_scene.h"

#define ISSUERS 6
#define SETS    3
#define SMALL   300 /* every index below it, and a few beyond allotments, is asked about */
#define ROUNDS  6

static const uint32_t allotment[ISSUERS] = {0, 1, 17, 256, 16385, UINT32_MAX};
static const char *const issuer[ISSUERS] = {"MY.NONE", "MY.ONE", "MY.FEW",
                                            "MY.SOME", "MY.TWO", "MY.ALL"};
static const uint32_t edge[] = {0,           16383,       16384,     16385,  32767,
                                32768,       65535,       65536,     131071, 4294950911U,
                                4294950912U, 4294967294U, UINT32_MAX};

/* Yes and no: by issuer, set, and index or edge. */
struct truth {
    bool small[ISSUERS][SETS][SMALL];
    bool edge[ISSUERS][SETS][COUNT_OF(edge)]; /* of index 0 the other counts */
};

static void change(struct truth *t, uint64_t *random)
{
    for (size_t i = 0; i < ISSUERS; i++) {
        for (size_t set = 0; set < SETS; set++) {
            uint64_t one_in = 2 + check_random(random) % 9; /* some sets are dense */
            for (size_t n = 0; n < SMALL; n++) {
                t->small[i][set][n] ^= check_random(random) % one_in == 0;
            }
            for (size_t n = 1; n < COUNT_OF(edge); n++) {
                t->edge[i][set][n] ^= check_random(random) % 3 == 0;
            }
        }
    }
}

static struct fixture_list list_of(struct scene *s, const struct truth *t, int64_t version)
{
    struct fixture_rows *rows = fixture_rows_new(s->f);
    for (size_t i = 0; i < ISSUERS; i++) {
        fixture_add_status(rows, issuer[i], allotment[i]);
        for (size_t set = 0; set < SETS; set++) {
            uint32_t index[SMALL + COUNT_OF(edge)];
            size_t count = 0;
            for (uint32_t n = 0; n < SMALL; n++) {
                if (t->small[i][set][n]) {
                    index[count++] = n;
                }
            }
            for (size_t n = 1; n < COUNT_OF(edge); n++) {
                if (t->edge[i][set][n]) {
                    index[count++] = edge[n];
                }
            }
            fixture_add_set(rows, issuer[i], (enum row_set)(set + 1), index, count);
        }
    }
    return fixture_list(s->f, "MY", version, rows);
}

static void ask(struct scene *s, size_t i, size_t set, uint32_t index, bool wanted)
{
    bool in = !wanted;
    assert_int_equal(trust_store_in_set(s->store, span_str("MY"), span_str(issuer[i]),
                                        (enum row_set)(set + 1), index, &in),
                     TRUST_STORE_OK);
    if (in != wanted) {
        fail_msg("%s, set %zu, index %lu: %d", issuer[i], set + 1, (unsigned long)index, in);
    }
}

static void ask_all(struct scene *s, const struct truth *t)
{
    assert_int_equal(trust_store_begin_read(s->store), TRUST_STORE_OK);
    for (size_t i = 0; i < ISSUERS; i++) {
        for (size_t set = 0; set < SETS; set++) {
            for (uint32_t n = 0; n < SMALL; n++) {
                ask(s, i, set, n, t->small[i][set][n]);
            }
            for (size_t n = 1; n < COUNT_OF(edge); n++) {
                ask(s, i, set, edge[n], t->edge[i][set][n]);
            }
            ask(s, i, set, SMALL, false);
            ask(s, i, set, 4294950910U, false);
        }
    }
    trust_store_rollback(s->store);
}

/* Whole at first, then by deltas; beside it a store that takes every list whole. */
static void sets_arrive_as_they_were_made(void **state)
{
    struct scene *s = *state;
    struct truth t = {0};
    struct fixture_list last = {0};
    struct trust_store *whole = fixture_store(s->f, "whole.db");
    uint64_t random = 16384;
    for (int64_t version = 1; version <= ROUNDS; version++) {
        uint8_t by_delta[32], by_list[32];
        change(&t, &random);
        struct fixture_list list = list_of(s, &t, version);
        list.encoding = version % 2 == 0 ? TRUST_PART_PACKED : TRUST_PART_RAW;
        fixture_list_sign(s->f, &list);
        struct span header = fixture_header(s->f, version, &list, 1);
        fixture_import(whole, fixture_bundle(s->f, NULL, 0, header, &list, 1));
        if (version > 1) {
            list.file = fixture_delta(s->f, &last, &list);
        }
        fixture_import(s->store, fixture_bundle(s->f, NULL, 0, header, &list, 1));
        ask_all(s, &t);
        fixture_dump(s->store, by_delta);
        fixture_dump(whole, by_list);
        assert_memory_equal(by_delta, by_list, sizeof by_list);
        last = list;
    }
    trust_store_close(whole);
}

/* Allotments that grow and shrink move every rank behind them. */
static void allotments_move_ranks_not_members(void **state)
{
    static const uint32_t size[][3] = {{10, 10, 10},       {0, 10, 10}, {70000, 10, 10},
                                       {70000, 70000, 10}, {3, 3, 3},   {UINT32_MAX, 0, UINT32_MAX},
                                       {1, UINT32_MAX, 1}};
    static const uint32_t member[] = {0, 2, 9, 16384, 69999};
    static const char *const name[] = {"MY.A", "MY.B", "MY.C"};
    struct scene *s = *state;
    struct fixture_list last = {0};
    for (size_t i = 0; i < COUNT_OF(size); i++) {
        struct fixture_rows *rows = fixture_rows_new(s->f);
        for (size_t n = 0; n < 3; n++) {
            fixture_add_status(rows, name[n], size[i][n]);
            fixture_add_set(rows, name[n], ROW_SET_REVOKED, member + (i + n) % 2, 4);
        }
        struct fixture_list list = fixture_list(s->f, "MY", 1 + (int64_t)i, rows);
        if (i > 0) {
            list.file = fixture_delta(s->f, &last, &list);
        }
        fixture_import(s->store, scene_bundle(s, 1 + (int64_t)i, &list));
        for (size_t n = 0; n < 3; n++) {
            for (size_t k = 0; k < COUNT_OF(member); k++) {
                size_t first = (i + n) % 2;
                bool in = false;
                assert_int_equal(trust_store_in_set(s->store, span_str("MY"), span_str(name[n]),
                                                    ROW_SET_REVOKED, member[k], &in),
                                 TRUST_STORE_OK);
                assert_int_equal(in, k >= first && k < first + 4);
            }
        }
        last = list;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(sets_arrive_as_they_were_made),
        SCENE_TEST(allotments_move_ranks_not_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
