/* SPDX-License-Identifier: Apache-2.0
 *
 * The decision: every vector, every reason, every bit flipped, and what a verdict tells beside its
 * reasons. */
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"
#include "vectors.h"
#include "verifier/trust_schema.h"
#include "verifier/verify_cache.h"

static struct world *w;
static struct trust_store *store;
static struct verifier *verifier;
static struct verdict verdict; /* large: kept off the stack */

static int set_up(void **state)
{
    (void)state;
    w = world_new();
    store = world_store(w, "region.db");
    assert_int_equal(verifier_new(store, &verifier), VERIFY_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    verifier_free(verifier);
    trust_store_close(store);
    world_free(w);
    return 0;
}

static enum saksi_outcome check_document(struct span document)
{
    struct verify_request request = world_request();
    assert_int_equal(verify_credential(verifier, &request, document, &verdict), VERIFY_OK);
    return verdict.outcome;
}

/* ---- vectors ---- */

static void print_reasons(const char *what, const char *name)
{
    print_message("%s: %s: %s:", name, what, outcome_text(verdict.outcome));
    for (size_t i = 0; i < verdict.reason_count; i++) {
        print_message(" %s/%s", reason_find(verdict.reason[i].reason)->name,
                      verdict.reason[i].state);
    }
    print_message("\n");
}

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

static void run_vector(struct verifier *with, const struct vector *v)
{
    struct verify_request request = vector_request(w, v);
    if (v->nothing != 0) {
        verify_nothing(v->nothing, &verdict);
        return;
    }
    assert_int_equal(verify_qr_text(with, &request, vector_text(w, v), &verdict), VERIFY_OK);
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

static const struct vector *vector_named(const char *name)
{
    for (size_t i = 0; i < vector_count; i++) {
        if (strcmp(vector_table[i].name, name) == 0) {
            return &vector_table[i];
        }
    }
    fail_msg("no vector %s", name);
    return NULL;
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

static bool verdict_holds(const void *needle, size_t len)
{
    return memmem(&verdict, sizeof verdict, needle, len) != NULL;
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

/* ---- what a verdict tells ---- */

static void a_verdict_tells_what_was_verified(void **state)
{
    (void)state;
    struct credential c = world_credential();
    struct span document = world_sign(w, &c, WORLD_KEY);
    assert_int_equal(check_document(document), SAKSI_VALID);
    assert_true(verdict.genuine);
    assert_true(verdict.sample);
    assert_int_equal(verdict.assurance, SAKSI_ASSURANCE_QR);
    assert_string_equal(verdict.claimed_issuer, WORLD_ISSUER);
    assert_string_equal(verdict.issuing_state, "ID");
    assert_string_equal(verdict.awarding_body, "ID.BNSP");
    check_bytes(row_name(&verdict.issuer_names, span_str("id")),
                span_str("Lembaga Keahlian Hotel"));
    check_bytes(row_name(&verdict.issuer_names, span_str("th")),
                span_str("Hotel Skills Institute"));
    check_bytes(row_name(&verdict.awarding_body_names, span_str("en")), span_str("Issuer ID.BNSP"));
    check_bytes(credential_text(&verdict.credential, SAKSI_CLAIM_HOLDER_NAME),
                span_str("Siti Rahmawati"));
    assert_int_equal(verdict.aqrf_level, 4);
    assert_true(verdict.recognition.evaluated);
    assert_true(verdict.recognition.covered);
    assert_false(verdict.recognition.domestic);
    assert_int_equal(verdict.recognition.result, ROW_RECOGNISED);
    assert_int_equal(verdict.recognition.arrangement, ROW_AGP);
    assert_string_equal(verdict.recognition.rule, "MY-ID-1");
    assert_true(verdict.trust.known);
    assert_int_equal(verdict.trust.header_version, 2);
    assert_true(verdict.trust.issued_at_s == FIXTURE_NOW_S);
    assert_int_equal(verdict.trust.age_days, 0);
    assert_int_equal(verdict.status_reason, 0);
    assert_true(verdict.status_day == INT64_MIN);

    struct cose_sign1 cose;
    uint8_t room[CREDENTIAL_MAX_BYTES], digest[CRYPTO_SHA256_SIZE];
    struct writer message = writer_of(room, sizeof room);
    assert_int_equal(cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose), COSE_OK);
    cose_sign1_to_be_signed(&message, &cose);
    struct span signed_bytes = writer_span(&message);
    assert_int_equal(crypto_sha256(&signed_bytes, 1, digest), CRYPTO_OK);
    assert_memory_equal(verdict.credential_digest, digest, sizeof digest);
}

static void every_span_of_a_verdict_points_into_it(void **state)
{
    (void)state;
    struct credential c = world_credential();
    uint8_t *block = check_heap_copy(world_sign(w, &c, WORLD_KEY));
    size_t len = world_sign(w, &c, WORLD_KEY).len;
    assert_int_equal(check_document(span_of(block, len)), SAKSI_VALID);
    free(block);
    const uint8_t *start = (const uint8_t *)&verdict, *end = start + sizeof verdict;
    for (size_t i = 0; i < SAKSI_CLAIM_COUNT; i++) {
        struct span text = verdict.credential.value[i].text;
        assert_true(text.len == 0 || (text.ptr >= start && text.ptr + text.len <= end));
    }
    check_bytes(credential_text(&verdict.credential, SAKSI_CLAIM_SCHEME_CODE),
                span_str("REC-HK-01"));
}

static void verify_named(const char *name)
{
    run_vector(verifier, vector_named(name));
}

static void revocations_tell_reason_and_day(void **state)
{
    (void)state;
    static const struct {
        const char *vector;
        int reason;
        int64_t day;
    } table[] = {{"revoked", 0, INT64_MIN},
                 {"revoked-range-start", 3, FIXTURE_DAY - 12},
                 {"suspended-range", 3, FIXTURE_DAY - 12},
                 {"reinstated", 3, FIXTURE_DAY - 12},
                 {"centre-revoked", 6, FIXTURE_DAY - 5},
                 {"blank-revoked", 3, FIXTURE_DAY - 6},
                 {"host-derecognised", 3, FIXTURE_DAY - 3}};
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        verify_named(table[i].vector);
        assert_int_equal(verdict.status_reason, table[i].reason);
        assert_true(verdict.status_day == table[i].day);
    }
}

static void recognition_tells_rule_and_conditions(void **state)
{
    (void)state;
    verify_named("recognised-with-conditions");
    assert_string_equal(verdict.recognition.rule, "MY-ID-2");
    check_bytes(row_name(&verdict.recognition.conditions, span_str("id")),
                span_str("Hanya kerja dengan pengawasan"));
    verify_named("domestic-by-awarding-body");
    assert_true(verdict.recognition.domestic);
    assert_string_equal(verdict.awarding_body, "MY.DSD");
    assert_string_equal(verdict.recognition.rule, "");
    verify_named("not-covered");
    assert_true(verdict.recognition.evaluated);
    assert_false(verdict.recognition.covered);
    verify_named("rules-missing");
    assert_false(verdict.recognition.evaluated);
}

static void reasons_name_the_list_they_are_about(void **state)
{
    (void)state;
    verify_named("lists-day-8");
    assert_string_equal(verdict.reason[1].state, "ID");
    assert_string_equal(verdict.reason[2].state, "MY");
    assert_int_equal(verdict.trust.age_days, 8);
    verify_named("list-behind");
    assert_string_equal(verdict.reason[1].state, "PH");
    assert_true(verdict.trust.issued_at_s == FIXTURE_NOW_S - FIXTURE_DAYS_S(3));
    assert_int_equal(verdict.trust.age_days, 3);
}

static void only_an_endorsed_map_gives_an_aqrf_level(void **state)
{
    (void)state;
    struct credential c = world_credential();
    credential_set_number(&c, SAKSI_CLAIM_LEVEL, 4); /* a draft says 5 */
    assert_int_equal(check_document(world_sign(w, &c, WORLD_KEY)), SAKSI_VALID);
    assert_int_equal(verdict.aqrf_level, 0);
    credential_set_number(&c, SAKSI_CLAIM_LEVEL, 2); /* not in the map */
    assert_int_equal(check_document(world_sign(w, &c, WORLD_KEY)), SAKSI_VALID);
    assert_int_equal(verdict.aqrf_level, 0);
    verify_named("compare-photo");
    assert_int_equal(verdict.assurance, SAKSI_ASSURANCE_QR_FACE);
}

static void what_is_unverified_shows_the_claimed_issuer_only(void **state)
{
    (void)state;
    static const char *const names[] = {"signature-wrong", "key-unknown", "state-not-covered",
                                        "list-missing"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        verify_named(names[i]);
        assert_false(verdict.genuine);
        assert_int_equal(verdict.credential.present, 0);
        assert_int_equal(verdict.assurance, SAKSI_ASSURANCE_NONE);
        assert_true(strlen(verdict.claimed_issuer) > 4);
        assert_false(verdict_holds("REC-HK", 6));
        assert_int_equal(verdict.issuer_names.count, 0);
        assert_string_equal(verdict.issuing_state, "");
    }
}

static void the_catalogue_gives_titles(void **state)
{
    (void)state;
    struct span id = span_str("ID"), code = span_str("REC-HK-01"), en = span_str("en");
    check_bytes(verify_catalogue_title(verifier, id, ROW_SCHEME_TITLE, code, en),
                span_str("Room attendant, hotel"));
    assert_int_equal(verify_catalogue_title(verifier, id, ROW_UNIT_TITLE, code, en).len, 0);
    assert_int_equal(
        verify_catalogue_title(verifier, span_str("MY"), ROW_SCHEME_TITLE, code, en).len, 0);
    assert_int_equal(
        verify_catalogue_title(verifier, span_str("I"), ROW_SCHEME_TITLE, code, en).len, 0);
    struct verifier *none = NULL;
    assert_int_equal(verifier_new(NULL, &none), VERIFY_OK);
    assert_int_equal(verify_catalogue_title(none, id, ROW_SCHEME_TITLE, code, en).len, 0);
    verifier_free(none);
}

/* ---- forged ---- */

struct tally {
    size_t flips, wrong_signature, other;
};

static void expect_refused(struct span document, void *context)
{
    static const enum saksi_reason allowed[] = {
        SAKSI_SIGNATURE_WRONG,   SAKSI_MALFORMED,    SAKSI_UNSUPPORTED,        SAKSI_KEY_UNKNOWN,
        SAKSI_STATE_NOT_COVERED, SAKSI_LIST_MISSING, SAKSI_KEY_NEWER_THAN_LIST};
    struct tally *tally = context;
    enum saksi_outcome outcome = check_document(document);
    assert_true(outcome == SAKSI_NOT_VALID || outcome == SAKSI_CANNOT_VERIFY);
    assert_false(verdict.genuine);
    bool known = false;
    for (size_t i = 0; i < COUNT_OF(allowed); i++) {
        known = known || verdict.reason[0].reason == allowed[i];
    }
    if (!known) {
        print_reasons("unexpected", "flip");
    }
    assert_true(known);
    tally->flips++;
    tally->wrong_signature += verdict.reason[0].reason == SAKSI_SIGNATURE_WRONG;
}

static void no_flipped_bit_passes(void **state)
{
    (void)state;
    static const unsigned keys[] = {WORLD_KEY, WORLD_KEY_ES256};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        struct tally tally = {0};
        struct credential c = world_credential();
        struct span document = world_sign(w, &c, keys[i]);
        assert_int_equal(check_document(document), SAKSI_VALID);
        check_bit_flips(document, expect_refused, &tally);
        print_message("%zu flips, %zu of them signature failures\n", tally.flips,
                      tally.wrong_signature);
        assert_int_equal(tally.flips, document.len * 8);
        assert_true(tally.wrong_signature > tally.flips / 2);
        assert_int_equal(check_document(document), SAKSI_VALID);
    }
}

static void expect_malformed(struct span document, void *context)
{
    (void)context;
    assert_int_equal(check_document(document), SAKSI_CANNOT_VERIFY);
    assert_int_equal(verdict.reason[0].reason, SAKSI_MALFORMED);
}

static void no_prefix_passes(void **state)
{
    (void)state;
    struct credential c = world_credential();
    check_prefixes(world_sign(w, &c, WORLD_KEY), expect_malformed, NULL);
}

static void what_is_too_large_is_malformed(void **state)
{
    (void)state;
    uint8_t *large = calloc(1, 1 << 20);
    assert_non_null(large);
    large[0] = 0xD2;
    expect_malformed(span_of(large, 1 << 20), NULL);
    expect_malformed(span_of(large, CREDENTIAL_MAX_BYTES + 1), NULL);
    free(large);
}

static void random_texts_are_refused(void **state)
{
    (void)state;
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    struct verify_request request = world_request();
    uint64_t seed = 7;
    for (int round = 0; round < 2000; round++) {
        char text[64] = "CC1:";
        size_t len = 4 + check_random(&seed) % 60;
        for (size_t i = 4; i < len; i++) {
            text[i] = alphabet[check_random(&seed) % 45];
        }
        assert_int_equal(verify_qr_text(verifier, &request, span_of(text, len), &verdict),
                         VERIFY_OK);
        assert_int_equal(verdict.outcome, SAKSI_CANNOT_VERIFY);
    }
}

/* ---- a store that changes, is damaged, fails ---- */

static void run_sql(const char *name, const char *sql)
{
    struct db *db = NULL;
    assert_int_equal(db_open(fixture_path(w->f, name), DB_WRITE, &trust_schema, &db), DB_OK);
    assert_int_equal(db_run(db_prepare(db, sql)), DB_OK);
    db_close(db);
}

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

/* Single bits of the file, one at a time: a revoked certificate never turns green or amber. */
static void a_failing_disk_never_reinstates(void **state)
{
    (void)state;
    struct verify_request request = world_request();
    struct credential c = world_credential();
    credential_set_number(&c, SAKSI_CLAIM_STATUS_INDEX, 5);
    struct span document = world_sign(w, &c, WORLD_KEY);
    trust_store_close(world_store(w, "disk.db"));
    const char *path = fixture_path(w->f, "disk.db"), *copy = fixture_path(w->f, "disk-copy.db");
    run_sql("disk.db", "PRAGMA wal_checkpoint(TRUNCATE)");
    uint8_t *bytes = NULL;
    size_t len = 0, stride = check_is_long() ? 3 : 97, refused = 0, red = 0;
    assert_int_equal(file_read(path, 1 << 24, &bytes, &len), FILE_OK);
    for (size_t at = 0; at < len; at += stride) {
        struct trust_store *own = NULL;
        struct verifier *with = NULL;
        enum db_error db_error = DB_OK;
        bytes[at] ^= (uint8_t)(1 << at % 8);
        assert_int_equal(file_write_atomic(copy, span_of(bytes, len), 0600), FILE_OK);
        bytes[at] ^= (uint8_t)(1 << at % 8);
        if (trust_store_open(copy, DB_READ, true, &own, &db_error) != TRUST_STORE_OK) {
            refused++;
            continue;
        }
        assert_int_equal(verifier_new(own, &with), VERIFY_OK);
        (void)!verify_credential(with, &request, document, &verdict);
        assert_true(verdict.outcome >= SAKSI_CANNOT_VERIFY);
        red += verdict.outcome == SAKSI_NOT_VALID;
        verifier_free(with);
        trust_store_close(own);
    }
    print_message("%zu bytes, %zu files refused, %zu verdicts red\n", len, refused, red);
    assert_true(red > 0 && refused > 0);
    free(bytes);
}

/* The stored document's last byte is the end of its signature. */
static void a_list_whose_signature_is_damaged_is_not_believed(void **state)
{
    (void)state;
    struct trust_store *own = world_store(w, "signature.db");
    struct verify_request request = world_request();
    struct credential c = world_credential();
    struct verifier *with = NULL;
    struct span document;
    uint8_t changed[4096];
    assert_int_equal(trust_store_list_document(own, span_str("ID"), &document), TRUST_STORE_OK);
    assert_true(document.len <= sizeof changed);
    memcpy(changed, document.ptr, document.len);
    changed[document.len - 1] ^= 1;
    struct db *db = NULL;
    assert_int_equal(db_open(fixture_path(w->f, "signature.db"), DB_WRITE, &trust_schema, &db),
                     DB_OK);
    struct db_stmt *update = db_prepare(db, "UPDATE list SET document = ?1 WHERE state = 'ID'");
    db_bind_blob(update, 1, span_of(changed, document.len));
    assert_int_equal(db_run(update), DB_OK);
    db_close(db);
    assert_int_equal(verifier_new(own, &with), VERIFY_OK);
    assert_int_equal(verify_credential(with, &request, world_sign(w, &c, WORLD_KEY), &verdict),
                     VERIFY_OK);
    assert_int_equal(verdict.reason[0].reason, SAKSI_DATA_ERROR);
    verifier_free(with);
    trust_store_close(own);
}

/* Whatever is damaged: never a green or amber light, and never an accusation. */
static void damage_is_never_an_answer(void **state)
{
    (void)state;
    static const char *const damage[] = {
        "UPDATE bucket SET data = x''",
        "UPDATE bucket SET data = x'80'",
        "UPDATE bucket SET data = substr(data, 1, length(data) - 1)",
        "UPDATE bucket SET data = substr(data, 2)",
        "UPDATE bucket SET data = (SELECT data FROM bucket ORDER BY place LIMIT 1)",
        "UPDATE bucket SET data = (SELECT data FROM bucket ORDER BY place DESC LIMIT 1)",
        "UPDATE bucket SET place = place + 10000000",
        "DELETE FROM bucket",
        "UPDATE list SET security = x''",
        "UPDATE list SET security = zeroblob(32800)",
        "UPDATE list SET security = zeroblob(32801)",
        "UPDATE list SET catalogue = x''",
        "UPDATE list SET catalogue = zeroblob(32800)",
        "UPDATE root SET document = x'80'",
        "UPDATE root SET document = substr(document, 1, 100)",
        "UPDATE header SET document = x'80'",
        "UPDATE list SET digest = x'80'",
        "UPDATE store SET root_id = x'80'",
        "DELETE FROM root",
        "DELETE FROM store",
    };
    struct verify_request request = world_request();
    struct credential c = world_credential();
    struct span document = world_sign(w, &c, WORLD_KEY);
    for (size_t i = 0; i < COUNT_OF(damage); i++) {
        char name[32];
        struct verifier *with = NULL;
        snprintf(name, sizeof name, "damaged-%zu.db", i);
        struct trust_store *own = world_store(w, name);
        assert_int_equal(verifier_new(own, &with), VERIFY_OK);
        assert_int_equal(verify_credential(with, &request, document, &verdict), VERIFY_OK);
        assert_int_equal(verdict.outcome, SAKSI_VALID);
        run_sql(name, damage[i]);
        assert_int_equal(verify_credential(with, &request, document, &verdict), VERIFY_OK);
        if (verdict.reason[0].reason != SAKSI_DATA_ERROR) {
            print_reasons("damage", damage[i]);
        }
        assert_int_equal(verdict.outcome, SAKSI_CANNOT_VERIFY);
        assert_int_equal(verdict.reason[0].reason, SAKSI_DATA_ERROR);
        verifier_free(with);
        trust_store_close(own);
    }
}

/* A key row whose public key was changed in the file must not make genuine certificates look
 * forged. */
static void a_changed_key_is_damage_not_forgery(void **state)
{
    (void)state;
    struct trust_store *own = world_store(w, "key.db");
    struct verify_request request = world_request();
    struct credential c = world_credential();
    struct span document = world_sign(w, &c, WORLD_KEY);
    struct verifier *with = NULL;
    const struct fixture_key *key = fixture_key(w->f, WORLD_KEY);
    const struct fixture_key *other = fixture_key(w->f, WORLD_KEY_STRANGER);
    uint8_t room[256], name_room[ROW_MAX_KEY_BYTES];
    struct writer bytes = writer_of(room, sizeof room);
    struct writer name = writer_of(name_room, sizeof name_room);
    row_key_write(&bytes, &(struct row_key){.issuer = span_str(WORLD_ISSUER),
                                            .kid = key->kid,
                                            .alg = other->alg,
                                            .public_key = other->public_key,
                                            .from_s = 0,
                                            .until_s = FIXTURE_DAYS_S(400)});
    row_key_of_kid(&name, span_str(WORLD_ISSUER), key->kid);
    struct row row = {ROW_KEY, writer_span(&name), writer_span(&bytes)};
    assert_int_equal(trust_store_begin_write(own), TRUST_STORE_OK);
    fixture_put_rows(own, "ID", &row, 1);
    assert_int_equal(trust_store_commit(own), TRUST_STORE_OK);
    assert_int_equal(verifier_new(own, &with), VERIFY_OK);
    assert_int_equal(verify_credential(with, &request, document, &verdict), VERIFY_OK);
    assert_int_equal(verdict.reason[0].reason, SAKSI_DATA_ERROR);
    verifier_free(with);
    trust_store_close(own);
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

static void a_database_that_fails_gives_no_light(void **state)
{
    (void)state;
    struct trust_store *own = world_store(w, "failing.db");
    trust_store_close(own);
    run_sql("failing.db", "PRAGMA wal_checkpoint(TRUNCATE)");
    enum db_error error = DB_OK;
    assert_int_equal(
        trust_store_open(fixture_path(w->f, "failing.db"), DB_READ, true, &own, &error),
        TRUST_STORE_OK);
    struct verify_request request = world_request();
    struct credential c = world_credential();
    struct span document = world_sign(w, &c, WORLD_KEY);
    struct verifier *with = NULL;
    FILE *file = fopen(fixture_path(w->f, "failing.db"), "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, 4096, SEEK_SET), 0);
    for (int i = 0; i < 40 * 4096; i++) {
        fputc(0xEE, file);
    }
    fclose(file);
    assert_int_equal(verifier_new(own, &with), VERIFY_OK);
    assert_int_equal(verify_credential(with, &request, document, &verdict), VERIFY_STORE);
    assert_int_equal(verdict.outcome, SAKSI_CANNOT_VERIFY);
    assert_int_equal(verdict.reason[0].reason, SAKSI_DATA_ERROR);
    assert_int_equal(trust_store_db_error(own), DB_CORRUPT);
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
        cmocka_unit_test(every_vector_gives_its_verdict),
        cmocka_unit_test(every_reason_has_a_vector),
        cmocka_unit_test(what_a_card_proved_has_its_name),
        cmocka_unit_test(names_of_vectors_are_unique),
        cmocka_unit_test(no_vector_is_green_below_the_mark),
        cmocka_unit_test(refused_certificates_show_no_holder),
        cmocka_unit_test(the_same_question_gets_the_same_bytes),
        cmocka_unit_test(a_verdict_tells_what_was_verified),
        cmocka_unit_test(every_span_of_a_verdict_points_into_it),
        cmocka_unit_test(revocations_tell_reason_and_day),
        cmocka_unit_test(recognition_tells_rule_and_conditions),
        cmocka_unit_test(reasons_name_the_list_they_are_about),
        cmocka_unit_test(only_an_endorsed_map_gives_an_aqrf_level),
        cmocka_unit_test(what_is_unverified_shows_the_claimed_issuer_only),
        cmocka_unit_test(the_catalogue_gives_titles),
        cmocka_unit_test(no_flipped_bit_passes),
        cmocka_unit_test(no_prefix_passes),
        cmocka_unit_test(what_is_too_large_is_malformed),
        cmocka_unit_test(random_texts_are_refused),
        cmocka_unit_test(what_is_remembered_follows_the_store),
        cmocka_unit_test(a_failing_disk_never_reinstates),
        cmocka_unit_test(a_list_whose_signature_is_damaged_is_not_believed),
        cmocka_unit_test(damage_is_never_an_answer),
        cmocka_unit_test(a_changed_key_is_damage_not_forgery),
        cmocka_unit_test(too_many_rules_are_not_believed),
        cmocka_unit_test(many_issuers_take_turns),
        cmocka_unit_test(a_database_that_fails_gives_no_light),
        cmocka_unit_test(a_check_changes_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
