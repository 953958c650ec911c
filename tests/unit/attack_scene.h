/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of attacks share: a scene with a verifier beside it, two small lists that
 * certificates of WORLD_ISSUER are judged by in MY, and the whole verdict in words.
 */
#ifndef TESTS_ATTACK_SCENE_H
#define TESTS_ATTACK_SCENE_H

#include "trust_scene.h"
#include "world.h"

struct attack {
    struct scene s; /* the first: functions of trust_scene.h take it */
    struct world w; /* of the same fixture, to sign certificates */
    struct verifier *verifier;
    struct verdict verdict;
    char words[512]; /* the last verdict */
};

static inline int attack_setup(void **state)
{
    struct attack *a = calloc(1, sizeof *a);
    assert_non_null(a);
    a->s.f = a->w.f = fixture_new();
    a->s.store = fixture_store(a->s.f, "a.db");
    a->s.path = fixture_path(a->s.f, "a.db");
    assert_int_equal(verifier_new(a->s.store, &a->verifier), VERIFY_OK);
    *state = a;
    return 0;
}

static inline int attack_teardown(void **state)
{
    struct attack *a = *state;
    verifier_free(a->verifier);
    trust_store_close(a->s.store);
    fixture_free(a->s.f);
    free(a);
    return 0;
}

#define ATTACK_TEST(name) cmocka_unit_test_setup_teardown(name, attack_setup, attack_teardown)

/* ---- lists ---- */

/* Indices of WORLD_ISSUER, ascending. */
struct attack_sets {
    uint32_t revoked[8], suspended[8];
    size_t revoked_count, suspended_count;
};

static inline struct fixture_rows *attack_id_rows(struct attack *a, const struct attack_sets *sets)
{
    struct fixture_rows *rows = fixture_rows_new(a->s.f);
    fixture_add_issuer(rows, "ID.BNSP", ROW_AWARDING_BODY, NULL);
    fixture_add_issuer(rows, WORLD_ISSUER, ROW_CERTIFICATION_BODY, "ID.BNSP");
    fixture_add_key(rows, WORLD_ISSUER, WORLD_KEY);
    fixture_add_status(rows, WORLD_ISSUER, WORLD_ALLOTMENT);
    fixture_add_set(rows, WORLD_ISSUER, ROW_SET_REVOKED, sets->revoked, sets->revoked_count);
    fixture_add_set(rows, WORLD_ISSUER, ROW_SET_SUSPENDED, sets->suspended, sets->suspended_count);
    return rows;
}

static inline struct fixture_rows *attack_my_rows(struct attack *a)
{
    struct fixture_rows *rows = fixture_rows_new(a->s.f);
    fixture_add_issuer(rows, "MY.DSD", ROW_AWARDING_BODY, NULL);
    fixture_add_rule(rows, "MY-ID-1", "ID", ROW_RECOGNISED);
    return rows;
}

/* ID's list with index 5 revoked and 7 suspended, and MY's. */
static inline void attack_lists(struct attack *a, int64_t version, struct fixture_list ret_list[2])
{
    const struct attack_sets sets = {{5}, {7}, 1, 1};
    ret_list[0] = fixture_list(a->s.f, "ID", version, attack_id_rows(a, &sets));
    ret_list[1] = fixture_list(a->s.f, "MY", version, attack_my_rows(a));
}

/* A header of that version over the lists, with them. */
static inline struct span attack_bundle(struct attack *a, int64_t version,
                                        const struct fixture_list *list, size_t count)
{
    struct span header = fixture_header(a->s.f, version, list, count);
    return fixture_bundle(a->s.f, NULL, 0, header, list, count);
}

/* ---- verdicts ---- */

/* "valid GENUINE LIST_AGE/ID RECOGNISED": the outcome, then every reason with the state it is
 * about. */
static inline const char *attack_words(const struct verdict *v, char *room, size_t cap)
{
    size_t len = (size_t)snprintf(room, cap, "%s", outcome_json(v->outcome));
    for (size_t i = 0; i < v->reason_count && len < cap; i++) {
        const struct verdict_reason *r = &v->reason[i];
        len += (size_t)snprintf(room + len, cap - len, " %s%s%s", reason_find(r->reason)->name,
                                r->state[0] == '\0' ? "" : "/", r->state);
    }
    assert_true(len < cap);
    return room;
}

static inline const char *attack_judge(struct attack *a, const struct verify_request *request,
                                       struct span document)
{
    assert_int_equal(verify_credential(a->verifier, request, document, &a->verdict), VERIFY_OK);
    return attack_words(&a->verdict, a->words, sizeof a->words);
}

/* The usual certificate with this index. */
static inline struct span attack_certificate(struct attack *a, uint32_t index)
{
    struct credential c = world_credential();
    credential_set_number(&c, SAKSI_CLAIM_STATUS_INDEX, index);
    return world_sign(&a->w, &c, WORLD_KEY);
}

/* The verdict about it, an hour after the header. */
static inline const char *attack_index(struct attack *a, uint32_t index)
{
    struct verify_request request = world_request();
    return attack_judge(a, &request, attack_certificate(a, index));
}

#define ATTACK_GREEN     "valid GENUINE RECOGNISED/MY COMPARE_IDENTITY SAMPLE"
#define ATTACK_REVOKED   "not_valid REVOKED GENUINE RECOGNISED/MY SAMPLE"
#define ATTACK_SUSPENDED "not_valid SUSPENDED GENUINE RECOGNISED/MY SAMPLE"

#endif
