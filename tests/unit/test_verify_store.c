/* SPDX-License-Identifier: Apache-2.0
 *
 * The decision over a store that changes while a verifier remembers it, that holds more than it
 * keeps or believes, and that no check changes.
 */
#include <stdio.h>

#include "verifier/verify_cache.h"
#include "verify_scene.h"

/* Where the rows of a state begin: its letters, the security part, bucket 0. */
#define ID_PART "((73 * 256 + 68) * 4096)"
#define MY_PART "((77 * 256 + 89) * 4096)"

/* What a verifier remembers ends with the content it was read from; and a row that is gone is never
 * an answer, whatever the answer would be. */
static void what_is_remembered_follows_the_store(void **state)
{
    (void)state;
    struct verify_request request = world_request();
    struct credential c = world_credential();
    struct span document = world_sign(w, &c, WORLD_KEY);
    static const struct {
        const char *sql;
        enum saksi_reason headline;
    } change[] = {
        {"DELETE FROM bucket WHERE place BETWEEN " MY_PART " AND " MY_PART " + 1024",
         SAKSI_DATA_ERROR},
        {"DELETE FROM bucket WHERE place BETWEEN " ID_PART " AND " ID_PART " + 1024",
         SAKSI_DATA_ERROR},
        {"UPDATE bucket SET data = CAST(data || x'00' AS BLOB)", SAKSI_DATA_ERROR},
        {"UPDATE list SET security = zeroblob(32800)", SAKSI_DATA_ERROR},
        {"UPDATE list SET security = x''", SAKSI_DATA_ERROR},
        {"UPDATE list SET expires_s = expires_s + 1 WHERE state = 'ID'", SAKSI_DATA_ERROR},
        {"UPDATE list SET fresh_as_of_s = fresh_as_of_s + 1 WHERE state = 'ID'", SAKSI_DATA_ERROR},
        {"UPDATE list SET disabled = 1 WHERE state = 'ID'", SAKSI_LIST_MISSING},
    };
    for (size_t i = 0; i < COUNT_OF(change); i++) {
        char name[32];
        struct verifier *with = NULL;
        snprintf(name, sizeof name, "changing-%zu.db", i);
        struct trust_store *own = world_store(w, name);
        assert_int_equal(verifier_new(own, &with), VERIFY_OK);
        assert_int_equal(verify_credential(with, &request, document, &verdict), VERIFY_OK);
        assert_int_equal(verdict.outcome, SAKSI_VALID);
        run_sql(name, change[i].sql);
        assert_int_equal(verify_credential(with, &request, document, &verdict), VERIFY_OK);
        assert_int_equal(verdict.reason[0].reason, change[i].headline);
        verifier_free(with);
        trust_store_close(own);
    }
}

/* Rules of MY that recognise ID: "00000" and so on. */
static void put_rules(struct trust_store *own, size_t count)
{
    struct row *rule = calloc(count, sizeof *rule);
    assert_non_null(rule);
    for (size_t i = 0; i < count; i++) {
        char id[24];
        snprintf(id, sizeof id, "%05zu", i);
        uint8_t room[128], name_room[ROW_MAX_KEY_BYTES];
        struct writer bytes = writer_of(room, sizeof room);
        struct writer name = writer_of(name_room, sizeof name_room);
        row_rule_write(&bytes, &(struct row_rule){.id = span_str(id),
                                                  .arrangement = ROW_MRS,
                                                  .result = ROW_RECOGNISED,
                                                  .issuing_state = span_str("ID"),
                                                  .valid_until_day = ROW_NO_END_DAY,
                                                  .level_least = -1,
                                                  .level_most = -1,
                                                  .issued_from_day = INT64_MIN,
                                                  .issued_until_day = INT64_MAX});
        row_key_of_code(&name, span_str(id));
        rule[i] = (struct row){ROW_RULE, fixture_copy(w->f, writer_span(&name)),
                               fixture_copy(w->f, writer_span(&bytes))};
    }
    assert_int_equal(trust_store_begin_write(own), TRUST_STORE_OK);
    fixture_put_rows(own, "MY", rule, count);
    assert_int_equal(trust_store_commit(own), TRUST_STORE_OK);
    world_publish_again(w, own, "MY");
    free(rule);
}

static void too_many_rules_are_not_believed(void **state)
{
    (void)state;
    struct trust_store *own = world_store(w, "rules.db");
    struct verify_request request = world_request();
    struct credential c = world_credential();
    struct span document = world_sign(w, &c, WORLD_KEY);
    struct verifier *with = NULL;
    assert_int_equal(verifier_new(own, &with), VERIFY_OK);
    const struct trust_rows *there;
    assert_int_equal(trust_store_begin_read(own), TRUST_STORE_OK);
    assert_int_equal(trust_store_rules(own, span_str("MY"), &there), TRUST_STORE_OK);
    size_t already = there->count;
    trust_store_rollback(own);
    put_rules(own, VERIFY_MAX_RULES - already);
    assert_int_equal(verify_credential(with, &request, document, &verdict), VERIFY_OK);
    assert_int_equal(verdict.outcome, SAKSI_VALID);
    assert_string_equal(verdict.recognition.rule, "MY-ID-1");
    put_rules(own, VERIFY_MAX_RULES - already + 1);
    assert_int_equal(verify_credential(with, &request, document, &verdict), VERIFY_OK);
    assert_int_equal(verdict.reason[0].reason, SAKSI_DATA_ERROR);
    verifier_free(with);
    trust_store_close(own);
}

/* More issuers and keys than the verifier keeps. */
static void many_issuers_take_turns(void **state)
{
    (void)state;
    struct trust_store *own = world_store(w, "many.db");
    struct verify_request request = world_request();
    struct verifier *with = NULL;
    const struct fixture_key *key = fixture_key(w->f, WORLD_KEY);
    char issuer[32];
    assert_int_equal(trust_store_begin_write(own), TRUST_STORE_OK);
    struct fixture_rows *rows = fixture_rows_new(w->f);
    for (int i = 0; i < 3 * VERIFY_CACHE_ENTRIES; i++) {
        snprintf(issuer, sizeof issuer, "ID.MANY.%03d", i);
        uint8_t room[256];
        struct writer bytes = writer_of(room, sizeof room);
        row_key_write(&bytes, &(struct row_key){.issuer = span_str(issuer),
                                                .kid = key->kid,
                                                .alg = key->alg,
                                                .public_key = key->public_key,
                                                .from_s = FIXTURE_NOW_S - FIXTURE_DAYS_S(100),
                                                .until_s = FIXTURE_NOW_S});
        fixture_add(rows, writer_span(&bytes));
        fixture_add_issuer(rows, issuer, ROW_CERTIFICATION_BODY, "ID.BNSP");
        fixture_add_status(rows, issuer, (uint32_t)(1000 + i % 2)); /* the even ones end at 999 */
    }
    struct reader r = reader_of(fixture_rows_bytes(rows, ROW_ISSUER, ROW_STATUS));
    struct row row;
    struct row all[9 * VERIFY_CACHE_ENTRIES];
    size_t count = 0;
    while (row_next(&r, &row) == TRUST_DOC_OK && row.bytes.len != 0) {
        all[count++] = row;
    }
    fixture_put_rows(own, "ID", all, count);
    assert_int_equal(trust_store_commit(own), TRUST_STORE_OK);
    world_publish_again(w, own, "ID");
    assert_int_equal(verifier_new(own, &with), VERIFY_OK);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 3 * VERIFY_CACHE_ENTRIES; i++) {
            struct credential c = world_credential();
            snprintf(issuer, sizeof issuer, "ID.MANY.%03d", i);
            credential_set_text(&c, SAKSI_CLAIM_ISS, span_str(issuer));
            assert_int_equal(
                verify_credential(with, &request, world_sign(w, &c, WORLD_KEY), &verdict),
                VERIFY_OK);
            assert_int_equal(verdict.outcome, i % 2 == 1 ? SAKSI_VALID : SAKSI_NOT_VALID);
            assert_string_equal(verdict.claimed_issuer, issuer);
        }
    }
    verifier_free(with);
    trust_store_close(own);
}

/* A check writes nothing, whatever it finds. */
static void a_check_changes_nothing(void **state)
{
    (void)state;
    uint8_t before[CRYPTO_SHA256_SIZE], after[CRYPTO_SHA256_SIZE];
    fixture_dump(store, before);
    static const char *const names[] = {"recognised", "clock-ahead", "clock-1970", "as-of-far",
                                        "revoked"};
    for (size_t i = 0; i < COUNT_OF(names) - 2; i++) {
        verify_named(names[i]);
    }
    fixture_dump(store, after);
    assert_memory_equal(before, after, sizeof before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_remembered_follows_the_store),
        cmocka_unit_test(too_many_rules_are_not_believed),
        cmocka_unit_test(many_issuers_take_turns),
        cmocka_unit_test(a_check_changes_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
