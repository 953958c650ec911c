/* SPDX-License-Identifier: Apache-2.0
 *
 * The decision: every vector with all its reasons, every reason with a vector, and what is true of
 * them all.
 */
#include "verify_scene.h"

/* What was established beside what the reasons say: two ways to the same answer. */
static bool established_as_told(void)
{
    bool in_force = (verdict.established & VERDICT_IN_FORCE) != 0;
    bool troubled = false;
    for (size_t i = 0; i < verdict.reason_count; i++) {
        const struct verdict_reason *r = &verdict.reason[i];
        troubled = troubled || (r->severity != SAKSI_VALID && r->reason / 100 == 2);
    }
    return ((verdict.established & VERDICT_GENUINE) != 0) == verdict_has(&verdict, SAKSI_GENUINE) &&
           ((verdict.established & VERDICT_RECOGNISED) != 0) ==
               (verdict_has(&verdict, SAKSI_DOMESTIC) || verdict_has(&verdict, SAKSI_RECOGNISED) ||
                verdict_has(&verdict, SAKSI_RECOGNISED_WITH_CONDITIONS)) &&
           !(in_force && troubled && !verdict_has(&verdict, SAKSI_DATA_ERROR));
}

static bool as_expected(const struct vector *v)
{
    if (!established_as_told()) {
        return false;
    }
    size_t wanted = 0;
    while (wanted < VECTOR_MAX_REASONS && v->reason[wanted] != 0) {
        wanted++;
    }
    bool same = verdict.outcome == v->outcome && verdict.reason_count == wanted;
    for (size_t i = 0; i < wanted && same; i++) {
        same = verdict.reason[i].reason == v->reason[i];
    }
    return same;
}

/* A store of its own for vectors that spoil it. */
static void run_with_own_store(const struct vector *v)
{
    struct trust_store *own = NULL;
    struct verifier *with = NULL;
    enum db_error error = DB_OK;
    if (v->store == VECTOR_FULL_STORE) {
        own = world_store(w, v->name);
    } else if (v->store == VECTOR_EMPTY_STORE) {
        assert_int_equal(
            trust_store_open(fixture_path(w->f, v->name), DB_CREATE, true, &own, &error),
            TRUST_STORE_OK);
    }
    if (v->spoil != NULL) {
        assert_int_equal(trust_store_begin_write(own), TRUST_STORE_OK);
        v->spoil(own);
        assert_int_equal(trust_store_commit(own), TRUST_STORE_OK);
    }
    assert_int_equal(verifier_new(own, &with), VERIFY_OK);
    run_vector(with, v);
    verifier_free(with);
    trust_store_close(own);
}

static void every_vector_gives_its_verdict(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < vector_count; i++) {
        const struct vector *v = &vector_table[i];
        if (v->spoil != NULL || v->store != VECTOR_FULL_STORE) {
            run_with_own_store(v);
        } else {
            run_vector(verifier, v);
        }
        if (!as_expected(v)) {
            print_reasons("not as expected", v->name);
            wrong++;
        }
    }
    print_message("%zu vectors\n", vector_count);
    assert_int_equal(wrong, 0);
}

static void every_reason_has_a_vector(void **state)
{
    (void)state;
    size_t missing = 0;
    for (const struct reason_info *r = reason_table; r->name != NULL; r++) {
        bool found = false;
        for (size_t i = 0; i < vector_count; i++) {
            for (size_t n = 0; n < VECTOR_MAX_REASONS; n++) {
                found = found || vector_table[i].reason[n] == r->reason;
            }
        }
        if (!found) {
            print_message("no vector for %s\n", r->name);
            missing++;
        }
    }
    assert_int_equal(missing, 0);
}

/* A proof by a generic token is one, and is never taken for that of a card of ours. */
static void what_a_card_proved_has_its_name(void **state)
{
    (void)state;
    size_t seen[SAKSI_ASSURANCE_CARD_PROVED + 1] = {0};
    for (size_t i = 0; i < vector_count; i++) {
        const struct vector *v = &vector_table[i];
        struct verify_request request = vector_request(w, v);
        if (!request.card.present) {
            continue;
        }
        assert_int_equal(verify_qr_text(verifier, &request, vector_text(w, v), &verdict),
                         VERIFY_OK);
        enum saksi_assurance wanted = SAKSI_ASSURANCE_NONE;
        if (verdict_has(&verdict, SAKSI_KEY_PROVED)) {
            wanted = request.card.generic_token ? SAKSI_ASSURANCE_TOKEN_PROVED
                                                : SAKSI_ASSURANCE_CARD_PROVED;
        } else if (verdict.genuine) {
            wanted = SAKSI_ASSURANCE_CARD_READ;
        }
        assert_int_equal(verdict.assurance, wanted);
        seen[wanted]++;
    }
    assert_true(seen[SAKSI_ASSURANCE_TOKEN_PROVED] >= 5 && seen[SAKSI_ASSURANCE_CARD_PROVED] >= 5 &&
                seen[SAKSI_ASSURANCE_CARD_READ] >= 5);
}

static void names_of_vectors_are_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < vector_count; i++) {
        assert_ptr_equal(vector_named(vector_table[i].name), &vector_table[i]);
    }
}

/* Without its own word on the mark, whatever else is asked: a mark above the store, or one that
 * cannot be read, leaves nothing green and makes nothing better, but for an unknown key, whose
 * red needs the newest list. */
static void no_vector_is_green_below_the_mark(void **state)
{
    (void)state;
    static const struct trust_mark marks[] = {
        {true, true, 2, 3}, {true, true, 3, 0}, {true, false, 0, 0}};
    size_t greens = 0;
    for (size_t i = 0; i < vector_count; i++) {
        const struct vector *v = &vector_table[i];
        struct verify_request request = vector_request(w, v);
        if (v->spoil != NULL || v->store != VECTOR_FULL_STORE || v->nothing != 0 ||
            request.mark.wanted) {
            continue;
        }
        struct span text = vector_text(w, v);
        greens += v->outcome == SAKSI_VALID;
        for (size_t m = 0; m < COUNT_OF(marks); m++) {
            request.mark = marks[m];
            assert_int_equal(verify_qr_text(verifier, &request, text, &verdict), VERIFY_OK);
            assert_int_not_equal(verdict.outcome, SAKSI_VALID);
            assert_int_equal(verdict.established & VERDICT_IN_FORCE, 0);
            bool excused =
                v->reason[0] == SAKSI_KEY_UNKNOWN && verdict_has(&verdict, SAKSI_KEY_UNKNOWN_STALE);
            assert_true(excused || verdict.outcome >= v->outcome);
        }
    }
    assert_true(greens > 40);
}

/* The holder is shown when there is somebody to compare, and is nowhere in memory otherwise. */
static void refused_certificates_show_no_holder(void **state)
{
    (void)state;
    static const uint8_t birth[] = {0x14, 0x19, 0x26, 0x90}; /* 20: 9872 */
    size_t refused = 0;
    for (size_t i = 0; i < vector_count; i++) {
        const struct vector *v = &vector_table[i];
        if (v->spoil != NULL || v->store != VECTOR_FULL_STORE || v->nothing != 0) {
            continue;
        }
        run_vector(verifier, v);
        bool shown = verdict_holds("Siti Rahmawati", 14) || verdict_holds("Rahma", 5);
        bool born = verdict_holds(birth, sizeof birth);
        assert_int_equal(shown, verdict.outcome <= SAKSI_CHECK_BY_HAND);
        assert_int_equal(born, verdict.outcome <= SAKSI_CHECK_BY_HAND);
        assert_int_equal(verdict_holds("0004217 2026", 12), verdict.genuine);
        refused += !shown;
    }
    assert_true(refused > 50);
}

static void the_same_question_gets_the_same_bytes(void **state)
{
    (void)state;
    struct verdict *before = malloc(sizeof *before);
    struct verifier *fresh = NULL;
    assert_non_null(before);
    for (size_t i = 0; i < vector_count; i++) {
        const struct vector *v = &vector_table[i];
        if (v->spoil != NULL || v->store != VECTOR_FULL_STORE) {
            continue;
        }
        struct verify_request request = vector_request(w, v);
        struct span text = vector_text(w, v);
        assert_int_equal(verify_qr_text(verifier, &request, text, &verdict), VERIFY_OK);
        memcpy(before, &verdict, sizeof *before);
        assert_int_equal(verifier_new(store, &fresh), VERIFY_OK);
        assert_int_equal(verify_qr_text(fresh, &request, text, &verdict), VERIFY_OK);
        verifier_free(fresh);
        assert_memory_equal(before, &verdict, sizeof *before);
    }
    free(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vector_gives_its_verdict),
        cmocka_unit_test(every_reason_has_a_vector),
        cmocka_unit_test(what_a_card_proved_has_its_name),
        cmocka_unit_test(names_of_vectors_are_unique),
        cmocka_unit_test(no_vector_is_green_below_the_mark),
        cmocka_unit_test(refused_certificates_show_no_holder),
        cmocka_unit_test(the_same_question_gets_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
