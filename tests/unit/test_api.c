/* SPDX-License-Identifier: Apache-2.0
 *
 * libsaksi through its own headers: the same verdicts as inside, and arguments of every kind of
 * wrong. */
#include <saksi/saksi.h>

#include <stddef.h>

#include "api_scene.h"

static struct saksi_verdict *checked(const struct credential *c)
{
    struct saksi_request request = plain_request(NULL);
    struct saksi_verdict *verdict = NULL;
    struct span document = world_sign(w, c, WORLD_KEY);
    assert_int_equal(
        saksi_verify_credential(verifier, &request, document.ptr, document.len, &verdict),
        SAKSI_OK);
    assert_non_null(verdict);
    return verdict;
}

/* ---- verdicts ---- */

static bool asked_plainly(const struct verify_request *r)
{
    return r->host[0] != '\0' && r->post.len < 64;
}

static struct saksi_request request_like(const struct verify_request *r, char post[64])
{
    memset(post, 0, 64);
    if (r->post.len != 0) {
        memcpy(post, r->post.ptr, r->post.len);
    }
    return (struct saksi_request){.size = sizeof(struct saksi_request),
                                  .now_s = r->now_s,
                                  .build_s = r->build_s,
                                  .utc_offset_s = r->utc_offset_s,
                                  .has_at = r->has_at,
                                  .at_day = r->at_day,
                                  .host = r->host,
                                  .purpose = r->purpose,
                                  .post = post,
                                  .plain_days = r->tighten.plain_days,
                                  .shown_days = r->tighten.shown_days,
                                  .amber_days = r->tighten.amber_days,
                                  .mark_root_version = r->mark.root_version,
                                  .mark_header_version = r->mark.header_version,
                                  .mark_wanted = r->mark.wanted,
                                  .mark_known = r->mark.known};
}

static void vectors_give_the_same_verdicts_outside(void **state)
{
    (void)state;
    size_t count = 0;
    for (size_t i = 0; i < vector_count; i++) {
        const struct vector *v = &vector_table[i];
        struct verify_request inner = vector_request(w, v);
        if (v->spoil != NULL || v->store != VECTOR_FULL_STORE || v->nothing != 0 ||
            v->card != NULL || !asked_plainly(&inner)) {
            continue;
        }
        char post[64];
        struct saksi_request request = request_like(&inner, post);
        struct span text = vector_text(w, v);
        struct saksi_verdict *verdict = NULL;
        assert_int_equal(
            saksi_verify_qr_text(verifier, &request, (const char *)text.ptr, text.len, &verdict),
            SAKSI_OK);
        assert_int_equal(saksi_verdict_outcome(verdict), v->outcome);
        for (size_t n = 0; n < VECTOR_MAX_REASONS; n++) {
            assert_int_equal(saksi_verdict_reason(verdict, n), v->reason[n]);
        }
        saksi_verdict_free(verdict);
        count++;
    }
    assert_true(count > 120);
}

static void a_verdict_can_be_read(void **state)
{
    (void)state;
    struct credential c = world_credential();
    const char *text = NULL;
    size_t len = 0;
    int64_t number = 0;
    c.unit[0] = span_str("HKP-1");
    c.unit_count = 1;
    c.present |= 1ULL << SAKSI_CLAIM_UNITS;
    struct saksi_verdict *verdict = checked(&c);
    assert_int_equal(saksi_verdict_outcome(verdict), SAKSI_VALID);
    assert_int_equal(saksi_verdict_assurance(verdict), SAKSI_ASSURANCE_QR);
    assert_int_equal(saksi_verdict_is_sample(verdict), 1);
    assert_string_equal(saksi_verdict_claimed_issuer(verdict), WORLD_ISSUER);
    assert_int_equal(saksi_verdict_claim_text(verdict, SAKSI_CLAIM_HOLDER_NAME, &text, &len), 1);
    check_bytes(span_of(text, len), span_str("Siti Rahmawati"));
    assert_int_equal(saksi_verdict_claim_number(verdict, SAKSI_CLAIM_LEVEL, &number), 1);
    assert_int_equal(number, 3);
    assert_int_equal(saksi_verdict_claim_number(verdict, SAKSI_CLAIM_HOLDER_NAME, &number), 0);
    assert_int_equal(saksi_verdict_claim_text(verdict, SAKSI_CLAIM_LEVEL, &text, &len), 0);
    assert_int_equal(saksi_verdict_claim_text(verdict, SAKSI_CLAIM_FACE, &text, &len), 0);
    assert_int_equal(saksi_verdict_claim_text(verdict, (enum saksi_claim)999, &text, &len), 0);
    assert_int_equal(saksi_verdict_claim_text(verdict, SAKSI_CLAIM_ISS, NULL, &len), 0);
    assert_int_equal(saksi_verdict_claim_is_null(verdict, SAKSI_CLAIM_VALID_UNTIL), 0);
    assert_int_equal(saksi_verdict_unit_count(verdict), 1);
    assert_int_equal(saksi_verdict_unit(verdict, 0, &text, &len), 1);
    check_bytes(span_of(text, len), span_str("HKP-1"));
    assert_int_equal(saksi_verdict_unit(verdict, 1, &text, &len), 0);
    assert_int_equal(saksi_verdict_issuer_name(verdict, "id", &text, &len), 1);
    check_bytes(span_of(text, len), span_str("Lembaga Keahlian Hotel"));
    assert_int_equal(saksi_verdict_issuer_name(verdict, NULL, &text, &len), 1);
    check_bytes(span_of(text, len), span_str("Hotel Skills Institute"));
    assert_string_equal(saksi_verdict_awarding_body(verdict), "ID.BNSP");
    assert_string_equal(saksi_verdict_rule(verdict), "MY-ID-1");
    assert_int_equal(saksi_verdict_conditions(verdict, "en", &text, &len), 0);
    assert_int_equal(saksi_verdict_aqrf_level(verdict), 4);
    assert_int_equal(saksi_verdict_trust_age_days(verdict), 0);
    assert_int_equal(saksi_verdict_header_version(verdict), 2);
    assert_int_equal(saksi_verdict_reason(verdict, 4), 0);
    assert_string_equal(saksi_verdict_reason_state(verdict, 1), "MY");
    assert_string_equal(saksi_verdict_reason_state(verdict, 99), "");
    saksi_verdict_free(verdict);
}

static void conditions_and_no_expiry_can_be_read(void **state)
{
    (void)state;
    struct credential c = world_credential();
    const char *text = NULL;
    size_t len = 0;
    int64_t number = 0;
    credential_set_text(&c, SAKSI_CLAIM_SCHEME_CODE, span_str("CON-HK-01"));
    credential_set_null(&c, SAKSI_CLAIM_VALID_UNTIL);
    struct saksi_verdict *verdict = checked(&c);
    assert_int_equal(saksi_verdict_conditions(verdict, "id", &text, &len), 1);
    check_bytes(span_of(text, len), span_str("Hanya kerja dengan pengawasan"));
    assert_int_equal(saksi_verdict_claim_is_null(verdict, SAKSI_CLAIM_VALID_UNTIL), 1);
    assert_int_equal(saksi_verdict_claim_number(verdict, SAKSI_CLAIM_VALID_UNTIL, &number), 0);
    saksi_verdict_free(verdict);
}

static void no_verdict_says_nothing_good(void **state)
{
    (void)state;
    const char *text = NULL;
    size_t len = 0;
    int64_t number = 0;
    assert_int_equal(saksi_verdict_outcome(NULL), SAKSI_CANNOT_VERIFY);
    assert_int_equal(saksi_verdict_assurance(NULL), SAKSI_ASSURANCE_NONE);
    assert_int_equal(saksi_verdict_is_sample(NULL), 0);
    assert_int_equal(saksi_verdict_reason_count(NULL), 0);
    assert_int_equal(saksi_verdict_reason(NULL, 0), 0);
    assert_string_equal(saksi_verdict_reason_state(NULL, 0), "");
    assert_string_equal(saksi_verdict_claimed_issuer(NULL), "");
    assert_int_equal(saksi_verdict_claim_text(NULL, SAKSI_CLAIM_ISS, &text, &len), 0);
    assert_int_equal(saksi_verdict_claim_number(NULL, SAKSI_CLAIM_IAT, &number), 0);
    assert_int_equal(saksi_verdict_claim_is_null(NULL, SAKSI_CLAIM_VALID_UNTIL), 0);
    assert_int_equal(saksi_verdict_unit_count(NULL), 0);
    assert_int_equal(saksi_verdict_unit(NULL, 0, &text, &len), 0);
    assert_int_equal(saksi_verdict_issuer_name(NULL, "en", &text, &len), 0);
    assert_string_equal(saksi_verdict_awarding_body(NULL), "");
    assert_string_equal(saksi_verdict_rule(NULL), "");
    assert_int_equal(saksi_verdict_conditions(NULL, "en", &text, &len), 0);
    assert_int_equal(saksi_verdict_aqrf_level(NULL), 0);
    assert_int_equal(saksi_verdict_trust_age_days(NULL), -1);
    assert_int_equal(saksi_verdict_header_version(NULL), 0);
    saksi_verdict_free(NULL);
    saksi_verifier_free(NULL);
    saksi_store_close(NULL);
}

static void words_are_those_of_the_table(void **state)
{
    (void)state;
    assert_string_equal(saksi_reason_name(SAKSI_REVOKED), "REVOKED");
    assert_true(strlen(saksi_reason_sentence(SAKSI_REVOKED)) > 10);
    assert_true(strlen(saksi_reason_next_step(SAKSI_REVOKED)) > 10);
    assert_string_equal(saksi_reason_next_step(SAKSI_GENUINE), "");
    assert_int_equal(saksi_reason_severity(SAKSI_REVOKED), SAKSI_NOT_VALID);
    assert_string_equal(saksi_reason_name((enum saksi_reason)1), "");
    assert_string_equal(saksi_reason_sentence((enum saksi_reason)1), "");
    assert_int_equal(saksi_reason_severity((enum saksi_reason)1), SAKSI_CANNOT_VERIFY);
    assert_string_equal(saksi_outcome_text(SAKSI_CHECK_BY_HAND), "CHECK BY HAND");
    assert_string_equal(saksi_outcome_name(SAKSI_CHECK_BY_HAND), "check_by_hand");
    assert_string_equal(saksi_claim_name(SAKSI_CLAIM_HOLDER_NAME), "holder_name");
    assert_string_equal(saksi_claim_name(SAKSI_CLAIM_COUNT), "");
    for (int e = SAKSI_OK; e <= SAKSI_ERROR_PAPER; e++) {
        assert_true(strlen(saksi_error_text((enum saksi_error)e)) > 5);
    }
}

/* ---- arguments ---- */

static enum saksi_error with_request(const struct saksi_request *request)
{
    struct saksi_verdict *verdict = (struct saksi_verdict *)&w; /* anything but NULL */
    enum saksi_error error = saksi_verify_qr_text(verifier, request, "HELLO", 5, &verdict);
    assert_true(error == SAKSI_OK || verdict == NULL);
    if (error == SAKSI_OK) {
        assert_int_equal(saksi_verdict_reason(verdict, 0), SAKSI_NOT_A_CERTIFICATE);
        saksi_verdict_free(verdict);
    }
    return error;
}

static void requests_are_checked(void **state)
{
    (void)state;
    struct saksi_request r = plain_request(NULL);
    assert_int_equal(with_request(&r), SAKSI_OK);
    assert_int_equal(with_request(NULL), SAKSI_ERROR_ARGUMENT);
#define REFUSED(change)                                                                            \
    r = plain_request(NULL);                                                                       \
    change;                                                                                        \
    assert_int_equal(with_request(&r), SAKSI_ERROR_ARGUMENT)
    REFUSED(r.size = 0);
    REFUSED(r.size = sizeof r - 1);
    REFUSED(r.size = SIZE_MAX);
    REFUSED(r.host = NULL);
    REFUSED(r.host = "");
    REFUSED(r.host = "M");
    REFUSED(r.host = "my");
    REFUSED(r.host = "MYS");
    REFUSED(r.purpose = (enum saksi_purpose)0);
    REFUSED(r.purpose = (enum saksi_purpose)5);
    REFUSED(r.utc_offset_s = 86401);
    REFUSED(r.utc_offset_s = -86401);
    REFUSED(r.plain_days = -1);
    REFUSED(r.shown_days = -1);
    REFUSED(r.amber_days = -1);
    REFUSED(r.mark_root_version = -1);
    REFUSED(r.mark_header_version = -1);
#undef REFUSED
}

/* The struct of a later version is understood as long as what it adds is zero. */
static void larger_requests_may_ask_nothing_new(void **state)
{
    (void)state;
    struct {
        struct saksi_request known;
        int64_t later;
    } r = {plain_request(NULL), 0};
    r.known.size = sizeof r;
    assert_int_equal(with_request(&r.known), SAKSI_OK);
    r.later = 1;
    assert_int_equal(with_request(&r.known), SAKSI_ERROR_ARGUMENT);
}

/* The struct of the first version ended before the mark: what follows it in memory is not looked
 * at. No size between the two is one that ever was. */
static void smaller_requests_want_no_mark(void **state)
{
    (void)state;
    struct credential c = world_credential();
    struct span document = world_sign(w, &c, WORLD_KEY);
    struct saksi_verdict *verdict = NULL;
    struct saksi_request r = plain_request(NULL);
    r.mark_wanted = r.mark_known = 1;
    r.mark_root_version = INT64_MAX;
    assert_int_equal(saksi_verify_credential(verifier, &r, document.ptr, document.len, &verdict),
                     SAKSI_OK);
    assert_int_equal(saksi_verdict_outcome(verdict), SAKSI_CHECK_BY_HAND);
    assert_int_equal(saksi_verdict_reason(verdict, 0), SAKSI_STATE_ROLLBACK);
    saksi_verdict_free(verdict);

    const size_t first = offsetof(struct saksi_request, mark_root_version);
    const size_t second = offsetof(struct saksi_request, card);
    r.size = first;
    uint8_t *heap = check_heap_copy(span_of(&r, first)); /* nothing may be read beyond it */
    const struct saksi_request *old = (const struct saksi_request *)(const void *)heap;
    assert_int_equal(saksi_verify_credential(verifier, old, document.ptr, document.len, &verdict),
                     SAKSI_OK);
    assert_int_equal(saksi_verdict_outcome(verdict), SAKSI_VALID);
    saksi_verdict_free(verdict);
    free(heap);
    for (r.size = first - 1; r.size < sizeof r; r.size++) {
        assert_int_equal(with_request(&r),
                         r.size == first || r.size == second ? SAKSI_OK : SAKSI_ERROR_ARGUMENT);
    }
}

static void calls_are_checked(void **state)
{
    (void)state;
    struct saksi_request r = plain_request(NULL);
    struct saksi_verdict *verdict = NULL;
    assert_int_equal(saksi_verify_qr_text(verifier, &r, "HELLO", 5, NULL), SAKSI_ERROR_ARGUMENT);
    assert_int_equal(saksi_verify_qr_text(NULL, &r, "HELLO", 5, &verdict), SAKSI_ERROR_ARGUMENT);
    assert_int_equal(saksi_verify_qr_text(verifier, &r, NULL, 5, &verdict), SAKSI_ERROR_ARGUMENT);
    assert_int_equal(saksi_verifier_new(store, NULL), SAKSI_ERROR_ARGUMENT);
    assert_int_equal(saksi_verify_qr_text(verifier, &r, NULL, 0, &verdict), SAKSI_OK);
    assert_int_equal(saksi_verdict_reason(verdict, 0), SAKSI_NOT_A_CERTIFICATE);
    saksi_verdict_free(verdict);
    assert_int_equal(saksi_verify_credential(verifier, &r, "", 0, &verdict), SAKSI_OK);
    assert_int_equal(saksi_verdict_reason(verdict, 0), SAKSI_MALFORMED);
    saksi_verdict_free(verdict);
}

static void a_verifier_without_store_verifies_nothing(void **state)
{
    (void)state;
    struct saksi_verifier *none = NULL;
    struct saksi_request r = plain_request(NULL);
    struct credential c = world_credential();
    struct span document = world_sign(w, &c, WORLD_KEY);
    struct saksi_verdict *verdict = NULL;
    assert_int_equal(saksi_verifier_new(NULL, &none), SAKSI_OK);
    assert_int_equal(saksi_verify_credential(none, &r, document.ptr, document.len, &verdict),
                     SAKSI_OK);
    assert_int_equal(saksi_verdict_outcome(verdict), SAKSI_CANNOT_VERIFY);
    assert_int_equal(saksi_verdict_reason(verdict, 0), SAKSI_NO_TRUST_LIST);
    saksi_verdict_free(verdict);
    saksi_verifier_free(none);
}

/* ---- stores ---- */

static enum saksi_error opened(const char *path, unsigned flags)
{
    struct saksi_store *s = NULL;
    enum saksi_error error = saksi_store_open(path, flags, &s);
    assert_int_equal(s == NULL, error != SAKSI_OK);
    saksi_store_close(s);
    return error;
}

static void opening_tells_what_is_wrong(void **state)
{
    (void)state;
    struct saksi_store *s = NULL;
    const char *path = fixture_path(w->f, "api.db");
    assert_int_equal(opened(path, SAKSI_STORE_SAMPLE), SAKSI_OK);
    assert_int_equal(opened(path, SAKSI_STORE_READ), SAKSI_ERROR_SAMPLE);
    assert_int_equal(opened(fixture_path(w->f, "absent.db"), SAKSI_STORE_READ),
                     SAKSI_ERROR_MISSING);
    assert_int_equal(opened("/", SAKSI_STORE_READ), SAKSI_ERROR_OTHER_FILE);
    assert_int_equal(opened("/proc/self/exe", SAKSI_STORE_READ), SAKSI_ERROR_OTHER_FILE);
    assert_int_equal(opened(path, 4), SAKSI_ERROR_ARGUMENT);
    assert_int_equal(opened(NULL, 0), SAKSI_ERROR_ARGUMENT);
    assert_int_equal(saksi_store_open(path, SAKSI_STORE_SAMPLE, NULL), SAKSI_ERROR_ARGUMENT);
    assert_null(s);
}

static void refusals_have_names(void **state)
{
    (void)state;
    struct saksi_store *s = NULL;
    uint8_t other[SAKSI_ROOT_ID_SIZE] = {1};
    assert_string_equal(saksi_store_refusal(NULL), "");
    assert_int_equal(saksi_store_open(fixture_path(w->f, "refusing.db"),
                                      SAKSI_STORE_CREATE | SAKSI_STORE_SAMPLE, &s),
                     SAKSI_OK);
    assert_string_equal(saksi_store_refusal(s), "");
    assert_int_equal(saksi_store_import(s, w->bundle[0].ptr, w->bundle[0].len, FIXTURE_NOW_S, 0),
                     SAKSI_ERROR_REFUSED);
    assert_string_equal(saksi_store_refusal(s), "NO_ROOT");
    assert_true(strlen(saksi_store_refusal_text(s)) > 10);
    assert_int_equal(saksi_store_init(s, w->root.ptr, w->root.len, other, FIXTURE_NOW_S, 0),
                     SAKSI_ERROR_REFUSED);
    assert_string_equal(saksi_store_refusal(s), "ROOT_ID");
    assert_int_equal(saksi_store_init(s, NULL, 0, other, 0, 0), SAKSI_ERROR_ARGUMENT);
    assert_int_equal(saksi_store_import(s, NULL, 0, 0, 0), SAKSI_ERROR_ARGUMENT);
    assert_int_equal(saksi_store_import(NULL, "", 0, 0, 0), SAKSI_ERROR_ARGUMENT);
    saksi_store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_give_the_same_verdicts_outside),
        cmocka_unit_test(a_verdict_can_be_read),
        cmocka_unit_test(conditions_and_no_expiry_can_be_read),
        cmocka_unit_test(no_verdict_says_nothing_good),
        cmocka_unit_test(words_are_those_of_the_table),
        cmocka_unit_test(requests_are_checked),
        cmocka_unit_test(larger_requests_may_ask_nothing_new),
        cmocka_unit_test(smaller_requests_want_no_mark),
        cmocka_unit_test(calls_are_checked),
        cmocka_unit_test(a_verifier_without_store_verifies_nothing),
        cmocka_unit_test(opening_tells_what_is_wrong),
        cmocka_unit_test(refusals_have_names),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
