/* SPDX-License-Identifier: Apache-2.0
 *
 * The decision about documents: what a verdict on a genuine one tells beside its reasons, and that
 * no flipped bit, no prefix and no noise gets a better one than it should.
 */
#include "verify_scene.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
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
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
