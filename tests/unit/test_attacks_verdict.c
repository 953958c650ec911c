/* SPDX-License-Identifier: Apache-2.0
 *
 * Attacks that show in verdicts: old headers, clocks that lie, authorities that were removed,
 * recognition that is not there, keys that look alike. Numbered in test_attacks.c. Whole verdicts
 * are compared.
 */
#include "attack_scene.h"
#include "verifier/clock.h"

static const unsigned publisher[] = {FIXTURE_PUBLISHER_KEY};
static const struct span none = {NULL, 0};

/* A header that is good for 120 days, by itself. */
static struct span header_at(struct attack *a, int64_t version, int64_t issued_at_s,
                             const struct fixture_list *list, size_t count)
{
    struct trust_header *header = fixture_header_plain(a->s.f, version, list, count);
    header->issued_at_s = issued_at_s;
    header->expires_s = issued_at_s + FIXTURE_DAYS_S(120);
    return fixture_header_signed(a->s.f, header, publisher, 1);
}

static void import_at(struct attack *a, struct span bundle, int64_t now_s)
{
    struct trust_refusal refusal = fixture_try(a->s.store, bundle, now_s);
    assert_string_equal(trust_update_error_name(refusal.error), "OK");
}

static const char *judge_at(struct attack *a, struct span document, int64_t now_s)
{
    struct verify_request request = world_request();
    request.now_s = now_s;
    return attack_judge(a, &request, document);
}

/* The default root with something changed, as version 2 or later, imported. */
static struct trust_root *root_plain(struct attack *a, int64_t version)
{
    struct trust_root *root = fixture_root_plain(a->s.f);
    root->version = version;
    return root;
}

static void import_root(struct attack *a, const struct trust_root *root)
{
    struct span document = fixture_root_signed(a->s.f, root, NULL, 0);
    fixture_import(a->s.store, fixture_bundle(a->s.f, &document, 1, none, NULL, 0));
}

/* ---- 14. freeze ---- */

static void freeze_by_one_header_for_91_days(void **state)
{
    static const struct {
        int days;
        const char *words;
    } table[] = {
        {0, ATTACK_GREEN},
        {7, ATTACK_GREEN},
        {8, "valid GENUINE LIST_AGE/ID LIST_AGE/MY RECOGNISED/MY COMPARE_IDENTITY SAMPLE"},
        {30, "valid GENUINE LIST_AGE/ID LIST_AGE/MY RECOGNISED/MY COMPARE_IDENTITY SAMPLE"},
        {31, "check_by_hand LIST_OLD/ID LIST_OLD/MY GENUINE RECOGNISED/MY COMPARE_IDENTITY SAMPLE"},
        {90, "check_by_hand LIST_OLD/ID LIST_OLD/MY GENUINE RECOGNISED/MY COMPARE_IDENTITY SAMPLE"},
        {91, "check_by_hand STATUS_UNKNOWN/ID STATUS_UNKNOWN/MY GENUINE RECOGNISED/MY"
             " COMPARE_IDENTITY SAMPLE"},
    };
    struct attack *a = *state;
    struct fixture_list list[2];
    attack_lists(a, 1, list);
    struct span frozen =
        fixture_bundle(a->s.f, NULL, 0, header_at(a, 1, FIXTURE_NOW_S, list, 2), list, 2);
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        int64_t now_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(table[i].days) + 3600;
        import_at(a, frozen, now_s);
        assert_string_equal(judge_at(a, attack_certificate(a, 1000), now_s), table[i].words);
    }
    assert_string_equal(
        judge_at(a, attack_certificate(a, 5), FIXTURE_NOW_S + FIXTURE_DAYS_S(92)),
        "not_valid REVOKED STATUS_UNKNOWN/ID STATUS_UNKNOWN/MY GENUINE RECOGNISED/MY"
        " SAMPLE");
    int64_t now_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(92);
    import_at(a, fixture_bundle(a->s.f, NULL, 0, header_at(a, 2, now_s, list, 2), NULL, 0), now_s);
    assert_string_equal(judge_at(a, attack_certificate(a, 1000), now_s), ATTACK_GREEN);
}

/* ---- 15 and 16. clocks ---- */

static struct span expired_certificate(struct attack *a)
{
    struct credential c = world_credential();
    credential_set_number(&c, SAKSI_CLAIM_VALID_UNTIL, FIXTURE_DAY - 1);
    return world_sign(&a->w, &c, WORLD_KEY);
}

static void clock_set_back(void **state)
{
    static const int64_t clock_s[] = {0, FIXTURE_NOW_S - FIXTURE_DAYS_S(730), FIXTURE_NOW_S - 1};
    struct attack *a = *state;
    struct fixture_list list[2];
    attack_lists(a, 1, list);
    fixture_import(a->s.store, attack_bundle(a, 1, list, 2));
    for (size_t i = 0; i < COUNT_OF(clock_s); i++) {
        assert_string_equal(judge_at(a, attack_certificate(a, 1000), clock_s[i]),
                            "check_by_hand CLOCK_SUSPECT GENUINE RECOGNISED/MY COMPARE_IDENTITY"
                            " SAMPLE");
        assert_string_equal(judge_at(a, attack_certificate(a, 5), clock_s[i]),
                            "not_valid REVOKED CLOCK_SUSPECT GENUINE RECOGNISED/MY SAMPLE");
        assert_string_equal(judge_at(a, expired_certificate(a), clock_s[i]),
                            "not_valid EXPIRED CLOCK_SUSPECT GENUINE RECOGNISED/MY SAMPLE");
        /* Nothing of such a clock is kept, whatever is imported by it. */
        import_at(a, attack_bundle(a, 2 + (int64_t)i, list, 2), clock_s[i]);
        assert_int_equal(trust_tables_number(a->s.path, "SELECT high_water_s FROM store"),
                         FIXTURE_NOW_S);
    }
    assert_string_equal(judge_at(a, attack_certificate(a, 1000), FIXTURE_NOW_S), ATTACK_GREEN);
    assert_string_equal(judge_at(a, expired_certificate(a), FIXTURE_NOW_S),
                        "not_valid EXPIRED GENUINE RECOGNISED/MY SAMPLE");
}

static void clock_set_ahead_and_put_right(void **state)
{
    const int64_t ahead_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(3650);
    struct attack *a = *state;
    struct fixture_list list[2];
    attack_lists(a, 1, list);
    struct trust_root *root = root_plain(a, 2);
    root->expires_s = ahead_s + FIXTURE_DAYS_S(365);
    import_root(a, root);
    fixture_import(a->s.store, attack_bundle(a, 1, list, 2));
    assert_string_equal(judge_at(a, attack_certificate(a, 1000), ahead_s),
                        "check_by_hand EXPIRED_BY_CLOCK STATUS_UNKNOWN/ID STATUS_UNKNOWN/MY "
                        "LIST_EXPIRED LIST_EXPIRED/ID LIST_EXPIRED/MY CLOCK_SUSPECT GENUINE "
                        "RECOGNISED/MY COMPARE_IDENTITY SAMPLE");
    import_at(a, attack_bundle(a, 2, list, 2), ahead_s);
    import_at(a, attack_bundle(a, 3, list, 2), ahead_s);
    assert_string_equal(judge_at(a, attack_certificate(a, 1000), FIXTURE_NOW_S + 3600),
                        ATTACK_GREEN);
    import_at(a, attack_bundle(a, 4, list, 2), FIXTURE_NOW_S + 7200);
    assert_string_equal(judge_at(a, attack_certificate(a, 1000), FIXTURE_NOW_S + 7200),
                        ATTACK_GREEN);
}

/* ---- 17. removed authorities ---- */

static void remove_state(struct trust_root *root, size_t at)
{
    for (root->authority_count--; at < root->authority_count; at++) {
        root->authority[at] = root->authority[at + 1];
    }
}

/* Everything about the issuer has been looked up before, here and by another program that has the
 * file open; the root that removes its state takes all of it away in one commit. */
static void removed_authority_in_the_cache(void **state)
{
    struct attack *a = *state;
    struct fixture_list list[2];
    struct trust_store *other_store = NULL;
    enum db_error error = DB_OK;
    struct attack other = {.s = a->s, .w = a->w};
    attack_lists(a, 1, list);
    fixture_import(a->s.store, attack_bundle(a, 1, list, 2));
    assert_int_equal(trust_store_open(a->s.path, DB_READ, true, &other_store, &error),
                     TRUST_STORE_OK);
    assert_int_equal(verifier_new(other_store, &other.verifier), VERIFY_OK);
    assert_string_equal(attack_index(a, 1000), ATTACK_GREEN);
    assert_string_equal(attack_index(&other, 1000), ATTACK_GREEN);

    struct trust_root *root = root_plain(a, 2);
    remove_state(root, 0);
    import_root(a, root);
    assert_string_equal(attack_index(a, 1000), "cannot_verify STATE_NOT_COVERED SAMPLE");
    assert_string_equal(attack_index(&other, 1000), "cannot_verify STATE_NOT_COVERED SAMPLE");

    import_root(a, root_plain(a, 3));
    assert_string_equal(attack_index(a, 1000), ATTACK_GREEN);
    root = root_plain(a, 4);
    fixture_role(a->s.f, &root->authority[0].role, 1, 61, 1);
    import_root(a, root);
    assert_string_equal(attack_index(a, 1000), "cannot_verify LIST_MISSING/ID SAMPLE");
    assert_string_equal(attack_index(&other, 1000), "cannot_verify LIST_MISSING/ID SAMPLE");
    verifier_free(other.verifier);
    trust_store_close(other_store);
}

/* ---- 20. recognition ---- */

static void add_rule_until(struct fixture_rows *rows, const char *id, int64_t until_day)
{
    uint8_t room[256];
    struct writer w = writer_of(room, sizeof room);
    row_rule_write(&w, &(struct row_rule){.id = span_str(id),
                                          .arrangement = ROW_MRA_TP,
                                          .result = ROW_RECOGNISED,
                                          .issuing_state = span_str("ID"),
                                          .valid_from_day = 18262,
                                          .valid_until_day = until_day,
                                          .level_least = -1,
                                          .level_most = -1,
                                          .issued_from_day = INT64_MIN,
                                          .issued_until_day = INT64_MAX});
    fixture_add(rows, writer_span(&w));
}

/* The issuing state says that both recognise each other; the accepting state says nothing. */
static void recognition_by_the_other_side_alone(void **state)
{
    const struct attack_sets sets = {{5}, {7}, 1, 1};
    struct attack *a = *state;
    struct fixture_rows *id = attack_id_rows(a, &sets), *my = fixture_rows_new(a->s.f);
    fixture_add_rule(id, "ID-MY-1", "MY", ROW_RECOGNISED);
    fixture_add_issuer(my, "MY.DSD", ROW_AWARDING_BODY, NULL);
    struct fixture_list list[] = {fixture_list(a->s.f, "ID", 1, id),
                                  fixture_list(a->s.f, "MY", 1, my)};
    fixture_import(a->s.store, attack_bundle(a, 1, list, 2));
    assert_string_equal(attack_index(a, 1000),
                        "check_by_hand NOT_COVERED/MY GENUINE COMPARE_IDENTITY SAMPLE");
    fixture_add_rule(my, "MY-ID-1", "ID", ROW_RECOGNISED);
    list[1] = fixture_list(a->s.f, "MY", 2, my);
    fixture_import(a->s.store, attack_bundle(a, 2, list, 2));
    assert_string_equal(attack_index(a, 1000), ATTACK_GREEN);
}

static void recognition_that_has_lapsed(void **state)
{
    const struct attack_sets sets = {{5}, {7}, 1, 1};
    struct attack *a = *state;
    for (int64_t version = 1; version <= 2; version++) {
        struct fixture_rows *my = fixture_rows_new(a->s.f);
        add_rule_until(my, "MY-ID-1", FIXTURE_DAY - 2 + version);
        struct fixture_list list[] = {fixture_list(a->s.f, "ID", version, attack_id_rows(a, &sets)),
                                      fixture_list(a->s.f, "MY", version, my)};
        fixture_import(a->s.store, attack_bundle(a, version, list, 2));
        assert_string_equal(attack_index(a, 1000),
                            version == 1
                                ? "check_by_hand NOT_COVERED/MY GENUINE COMPARE_IDENTITY SAMPLE"
                                : ATTACK_GREEN);
        assert_string_equal(attack_index(a, 5),
                            version == 1 ? "not_valid REVOKED NOT_COVERED/MY GENUINE SAMPLE"
                                         : ATTACK_REVOKED);
    }
}

/* ---- 24. damaged blocks ---- */

/* The issuer's bucket, as it rests in the file. */
static int64_t place_of_issuer(void)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer key = writer_of(room, sizeof room);
    row_key_of_code(&key, span_str(WORLD_ISSUER));
    return ((73 * 256 + 68) * 2LL << 11) + row_bucket(ROW_STATUS, writer_span(&key));
}

static void put_bucket(struct attack *a, struct span data)
{
    char sql[96];
    snprintf(sql, sizeof sql, "UPDATE bucket SET data = ?1 WHERE place = %lld",
             (long long)place_of_issuer());
    trust_tables_run_with(a->s.path, sql, data);
}

/* A bucket of one block of the revoked, whose offsets are these bytes. */
static struct span bucket_of(struct attack *a, struct span offsets)
{
    struct writer w = writer_of(fixture_room(a->s.f, 128), 128);
    cbor_write_array(&w, 5);
    cbor_write_uint(&w, ROW_BLOCK);
    cbor_write_text(&w, span_str(WORLD_ISSUER));
    cbor_write_uint(&w, ROW_SET_REVOKED);
    cbor_write_uint(&w, 0);
    cbor_write_bytes(&w, offsets);
    assert_true(writer_ok(&w));
    return writer_span(&w);
}

static void damaged_block_is_never_good(void **state)
{
    /* count × 4 + form: 0 Rice, 1 interpolative, 2 raw, 3 Rice with k */
    const struct span offsets[] = {
        span_of("\x07\x0E\x00\x00", 4),     /* k = 14 */
        span_of("\x07\xFF\x00\x00", 4),     /* k = 255 */
        span_of("\xFF\xFF\x7F\x00", 4),     /* count too large */
        span_of("\x84\x80\x04\x00", 4),     /* 16,385 of 16,384 */
        span_of("\x00", 1),                 /* no members */
        span_of("\x08", 1),                 /* two members, and cut off */
        span_of("\x04\xFF\xFF\xFF\xFF", 5), /* a gap beyond the block */
        span_of("\x06", 1),                 /* raw, and cut off */
        span_of("\x80\x00", 2),             /* a long form of the header */
        span_of("\x81\x80\x04", 3),         /* all 16,384: sound, and not what was signed */
    };
    struct attack *a = *state;
    struct fixture_list list[2];
    attack_lists(a, 1, list);
    fixture_import(a->s.store, attack_bundle(a, 1, list, 2));
    assert_string_equal(attack_index(a, 5), ATTACK_REVOKED);
    for (size_t i = 0; i < COUNT_OF(offsets); i++) {
        put_bucket(a, bucket_of(a, offsets[i]));
        assert_string_equal(attack_index(a, 5), "cannot_verify DATA_ERROR/ID SAMPLE");
        assert_string_equal(attack_index(a, 1000), "cannot_verify DATA_ERROR/ID SAMPLE");
    }
}

/* Each byte of the bucket with one bit changed, and each end cut off. */
static void damaged_bucket_is_never_good(void **state)
{
    struct attack *a = *state;
    struct fixture_list list[2];
    char sql[96];
    attack_lists(a, 1, list);
    fixture_import(a->s.store, attack_bundle(a, 1, list, 2));
    snprintf(sql, sizeof sql, "SELECT data FROM bucket WHERE place = %lld",
             (long long)place_of_issuer());
    struct span data = trust_tables_blob(a->s.path, sql);
    uint8_t *copy = check_heap_copy(data);
    struct span certificate = attack_certificate(a, 5);
    struct verify_request request = world_request();
    for (size_t i = 0; i < data.len; i++) {
        copy[i] ^= (uint8_t)(1U << i % 8);
        put_bucket(a, span_of(copy, data.len));
        copy[i] ^= (uint8_t)(1U << i % 8);
        assert_string_equal(attack_judge(a, &request, certificate),
                            "cannot_verify DATA_ERROR/ID SAMPLE");
        put_bucket(a, span_of(copy, i));
        assert_string_equal(attack_judge(a, &request, certificate),
                            "cannot_verify DATA_ERROR/ID SAMPLE");
    }
    put_bucket(a, data);
    assert_string_equal(attack_judge(a, &request, certificate), ATTACK_REVOKED);
    free(copy);
    free((void *)(uintptr_t)data.ptr);
}

/* ---- 35. keys that look alike ---- */

/* One key, so one kid, in the lists of two issuers: each answers for its own certificates. */
static void one_key_under_two_issuers(void **state)
{
    static const char *const issuer[] = {WORLD_ISSUER, "ID.BNSP.LSP-0200"};
    const struct attack_sets sets = {{5}, {7}, 1, 1};
    struct attack *a = *state;
    struct fixture_rows *rows = attack_id_rows(a, &sets);
    fixture_add_issuer(rows, issuer[1], ROW_CERTIFICATION_BODY, "ID.BNSP");
    fixture_add_key(rows, issuer[1], WORLD_KEY);
    fixture_add_status(rows, issuer[1], 6);
    struct fixture_list list[] = {fixture_list(a->s.f, "ID", 1, rows),
                                  fixture_list(a->s.f, "MY", 1, attack_my_rows(a))};
    fixture_import(a->s.store, attack_bundle(a, 1, list, 2));
    for (size_t i = 0; i < COUNT_OF(issuer); i++) {
        struct credential c = world_credential();
        struct verify_request request = world_request();
        credential_set_text(&c, SAKSI_CLAIM_ISS, span_str(issuer[i]));
        credential_set_number(&c, SAKSI_CLAIM_STATUS_INDEX, 5);
        assert_string_equal(attack_judge(a, &request, world_sign(&a->w, &c, WORLD_KEY)),
                            i == 0 ? ATTACK_REVOKED : ATTACK_GREEN);
        assert_string_equal(a->verdict.claimed_issuer, issuer[i]);
        char name[64];
        snprintf(name, sizeof name, "Issuer %s", issuer[i]);
        check_bytes(row_name(&a->verdict.issuer_names, span_str("en")), span_str(name));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ATTACK_TEST(freeze_by_one_header_for_91_days),
        ATTACK_TEST(clock_set_back),
        ATTACK_TEST(clock_set_ahead_and_put_right),
        ATTACK_TEST(removed_authority_in_the_cache),
        ATTACK_TEST(recognition_by_the_other_side_alone),
        ATTACK_TEST(recognition_that_has_lapsed),
        ATTACK_TEST(damaged_block_is_never_good),
        ATTACK_TEST(damaged_bucket_is_never_good),
        ATTACK_TEST(one_key_under_two_issuers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
