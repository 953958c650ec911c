/* SPDX-License-Identifier: Apache-2.0
 *
 * Reasons in order, the outcome, and what an outcome may not show. */
#include "check.h"
#include "verifier/verdict.h"

static const struct span none;

/* A verdict as it stands when every step was content. */
static void content(struct verdict *v)
{
    verdict_start(v);
    v->genuine = true;
    v->established = VERDICT_ALL;
    verdict_add(v, SAKSI_GENUINE, none);
    verdict_add(v, SAKSI_DOMESTIC, span_str("ID"));
}

static void the_table_is_in_order_and_complete(void **state)
{
    (void)state;
    size_t count = 0;
    for (const struct reason_info *r = reason_table; r->name != NULL; r++, count++) {
        assert_true(count == 0 || r[-1].reason < r->reason);
        assert_ptr_equal(reason_find(r->reason), r);
        assert_true(strlen(r->name) > 2 && strlen(r->sentence) > 10);
        assert_int_equal(r->sentence[strlen(r->sentence) - 1], '.');
        assert_true(r->severity == SAKSI_VALID || r->next_step[0] != '\0');
    }
    assert_true(count >= 60);
    assert_null(reason_find((enum saksi_reason)9999));
}

static void outcomes_have_names(void **state)
{
    (void)state;
    assert_string_equal(outcome_text(SAKSI_VALID), "VALID");
    assert_string_equal(outcome_text(SAKSI_CHECK_BY_HAND), "CHECK BY HAND");
    assert_string_equal(outcome_text(SAKSI_CANNOT_VERIFY), "CANNOT VERIFY");
    assert_string_equal(outcome_text(SAKSI_NOT_VALID), "NOT VALID");
    assert_string_equal(outcome_json(SAKSI_VALID), "valid");
    assert_string_equal(outcome_json(SAKSI_CHECK_BY_HAND), "check_by_hand");
    assert_string_equal(outcome_json(SAKSI_CANNOT_VERIFY), "cannot_verify");
    assert_string_equal(outcome_json(SAKSI_NOT_VALID), "not_valid");
    assert_string_equal(outcome_text((enum saksi_outcome)77), "CANNOT VERIFY");
}

static void reasons_stand_worst_first_and_once(void **state)
{
    (void)state;
    struct verdict v;
    content(&v);
    verdict_add(&v, SAKSI_LIST_OLD, span_str("MY"));
    verdict_add(&v, SAKSI_EXPIRED, none);
    verdict_add(&v, SAKSI_LIST_OLD, span_str("ID"));
    verdict_add(&v, SAKSI_REVOKED, none);
    verdict_add(&v, SAKSI_LIST_OLD, span_str("MY"));
    verdict_add(&v, SAKSI_REVOKED, none);
    verdict_add(&v, SAKSI_DATA_ERROR, none);
    static const enum saksi_reason wanted[] = {SAKSI_EXPIRED,  SAKSI_REVOKED,  SAKSI_DATA_ERROR,
                                               SAKSI_LIST_OLD, SAKSI_LIST_OLD, SAKSI_GENUINE,
                                               SAKSI_DOMESTIC};
    assert_int_equal(v.reason_count, COUNT_OF(wanted));
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        assert_int_equal(v.reason[i].reason, wanted[i]);
    }
    assert_string_equal(v.reason[3].state, "ID");
    assert_string_equal(v.reason[4].state, "MY");
    assert_true(verdict_has(&v, SAKSI_DOMESTIC));
    assert_false(verdict_has(&v, SAKSI_SUSPENDED));
    verdict_finish(&v);
    assert_int_equal(v.outcome, SAKSI_NOT_VALID);
}

static void a_full_table_loses_the_mildest_reason_only(void **state)
{
    (void)state;
    struct verdict v;
    content(&v);
    size_t added = 0;
    for (const struct reason_info *r = reason_table; r->name != NULL; r++) {
        if (r->severity == SAKSI_VALID) {
            verdict_add(&v, r->reason, none);
            added++;
        }
    }
    for (char letter = 'A'; letter <= 'Z'; letter++) {
        const char name[3] = {letter, letter, 0};
        verdict_add(&v, SAKSI_LIST_OLD, span_str(name));
    }
    assert_true(added + 26 > VERDICT_MAX_REASONS);
    verdict_add(&v, SAKSI_REVOKED, none);
    verdict_add(&v, SAKSI_NO_EXPIRY, none);
    assert_int_equal(v.reason_count, VERDICT_MAX_REASONS);
    assert_int_equal(v.reason[0].reason, SAKSI_REVOKED);
    assert_int_equal(v.reason[VERDICT_MAX_REASONS - 1].reason, SAKSI_LIST_OLD);
    verdict_finish(&v);
    assert_int_equal(v.outcome, SAKSI_NOT_VALID);
}

static void the_outcome_is_the_worst_reason(void **state)
{
    (void)state;
    for (const struct reason_info *r = reason_table; r->name != NULL; r++) {
        struct verdict v;
        content(&v);
        verdict_add(&v, r->reason, none);
        verdict_finish(&v);
        assert_int_equal(v.outcome, r->severity);
        assert_true(r->severity == SAKSI_VALID || v.reason[0].reason == r->reason);
    }
}

static void nothing_established_is_never_valid(void **state)
{
    (void)state;
    struct verdict v;
    verdict_start(&v);
    assert_int_equal(v.outcome, SAKSI_CANNOT_VERIFY);
    verdict_finish(&v);
    assert_int_equal(v.outcome, SAKSI_CANNOT_VERIFY);
    assert_int_equal(v.reason_count, 1);
    assert_int_equal(v.reason[0].reason, SAKSI_UNREADABLE);

    content(&v);
    verdict_finish(&v);
    assert_int_equal(v.outcome, SAKSI_VALID);

    for (unsigned established = 0; established < VERDICT_ALL; established++) {
        content(&v);
        v.established = established;
        verdict_finish(&v);
        assert_int_equal(v.outcome, SAKSI_CANNOT_VERIFY);
        assert_int_equal(v.reason[0].reason, SAKSI_DATA_ERROR);
    }

    verdict_start(&v); /* everything but the reason GENUINE */
    v.genuine = true;
    v.established = VERDICT_ALL;
    verdict_add(&v, SAKSI_DOMESTIC, none);
    verdict_finish(&v);
    assert_int_equal(v.outcome, SAKSI_CANNOT_VERIFY);

    content(&v); /* everything but the signature */
    v.genuine = false;
    verdict_finish(&v);
    assert_int_equal(v.outcome, SAKSI_CANNOT_VERIFY);
}

static void amber_means_a_good_signature(void **state)
{
    (void)state;
    struct verdict v;
    verdict_start(&v);
    verdict_add(&v, SAKSI_LIST_OLD, none);
    verdict_finish(&v);
    assert_int_equal(v.outcome, SAKSI_CANNOT_VERIFY);

    verdict_start(&v);
    v.genuine = true;
    verdict_add(&v, SAKSI_KEY_COMPROMISED, none);
    verdict_finish(&v);
    assert_int_equal(v.outcome, SAKSI_CHECK_BY_HAND);
}

static void an_unknown_reason_is_not_good(void **state)
{
    (void)state;
    struct verdict v;
    content(&v);
    verdict_add(&v, (enum saksi_reason)9999, none);
    verdict_finish(&v);
    assert_int_equal(v.outcome, SAKSI_CANNOT_VERIFY);
}

static void a_state_that_is_not_two_letters_is_left_out(void **state)
{
    (void)state;
    struct verdict v;
    content(&v);
    verdict_add(&v, SAKSI_LIST_OLD, span_str("IDN"));
    assert_string_equal(v.reason[0].state, "");
}

/* ---- what may be shown ---- */

static bool contains(const struct verdict *v, struct span needle)
{
    return memmem(v, sizeof *v, needle.ptr, needle.len) != NULL;
}

static const char holder[] = "Siti Rahmawati Kusumawardhani";
static const char native[] = "\xe1\x9e\x9f\xe1\x9e\xbb\xe1\x9e\x81\xe1\x9f\x92";
static const uint8_t birth_claim[] = {0x14, 0x3A, 0x00, 0x01, 0x02, 0x03}; /* as CBOR: 20: -66052 */

/* Fills the verdict as verify does: a payload, and claims that point into it. */
static void fill(struct verdict *v)
{
    struct writer w = writer_of(v->payload, sizeof v->payload);
    struct credential *c = &v->credential;
    static const struct {
        enum saksi_claim claim;
        const char *text;
    } texts[] = {{SAKSI_CLAIM_ISS, "ID.BNSP.LSP-0123"},
                 {SAKSI_CLAIM_CERTIFICATE_NUMBER, "55101 5151 3 0004217 2026"},
                 {SAKSI_CLAIM_SCHEME_TITLE, "Room Attendant"},
                 {SAKSI_CLAIM_HOLDER_NAME, holder},
                 {SAKSI_CLAIM_HOLDER_NAME_NATIVE, native},
                 {SAKSI_CLAIM_HOLDER_ID_HINT, "7739"},
                 {SAKSI_CLAIM_NATIONALITY, "QZ"},
                 {SAKSI_CLAIM_FACE, "RIFF....WEBPVP8 face"}};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct span text = span_str(texts[i].text);
        credential_set_text(c, texts[i].claim, span_of(v->payload + w.len, text.len));
        writer_put(&w, text);
        writer_put(&w, span_of("\x18\x2A", 2));
    }
    c->unit[0] = span_of(v->payload + w.len, 4);
    c->unit_count = 1;
    writer_put(&w, span_str("HKP1"));
    writer_put(&w, span_of(birth_claim, sizeof birth_claim));
    credential_set_number(c, SAKSI_CLAIM_BIRTH_DATE, -66053);
    credential_set_number(c, SAKSI_CLAIM_VALID_UNTIL, 21000);
    memcpy(v->credential_digest, "0123456789abcdef0123456789ABCDEF", 32);
    memcpy(v->claimed_issuer, "ID.BNSP.LSP-0123", 17);
}

static bool shows_the_holder(const struct verdict *v)
{
    return contains(v, span_str(holder)) || contains(v, span_of(holder, 8)) ||
           contains(v, span_str(native)) || contains(v, span_str("7739")) ||
           contains(v, span_str("QZ")) || contains(v, span_str("WEBP")) ||
           contains(v, span_of(birth_claim, sizeof birth_claim)) ||
           credential_has(&v->credential, SAKSI_CLAIM_BIRTH_DATE) ||
           credential_number(&v->credential, SAKSI_CLAIM_BIRTH_DATE) != 0;
}

static void a_refused_certificate_keeps_its_number_and_loses_its_holder(void **state)
{
    (void)state;
    static const enum saksi_reason reasons[] = {SAKSI_REVOKED, SAKSI_DATA_ERROR};
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        struct verdict v;
        content(&v);
        fill(&v);
        assert_true(shows_the_holder(&v));
        verdict_add(&v, reasons[i], none);
        verdict_finish(&v);
        assert_false(shows_the_holder(&v));
        check_bytes(credential_text(&v.credential, SAKSI_CLAIM_CERTIFICATE_NUMBER),
                    span_str("55101 5151 3 0004217 2026"));
        check_bytes(credential_text(&v.credential, SAKSI_CLAIM_SCHEME_TITLE),
                    span_str("Room Attendant"));
        check_bytes(v.credential.unit[0], span_str("HKP1"));
        assert_int_equal(credential_number(&v.credential, SAKSI_CLAIM_VALID_UNTIL), 21000);
    }
}

static void a_valid_certificate_keeps_its_holder(void **state)
{
    (void)state;
    struct verdict v;
    content(&v);
    fill(&v);
    verdict_finish(&v);
    assert_int_equal(v.outcome, SAKSI_VALID);
    check_bytes(credential_text(&v.credential, SAKSI_CLAIM_HOLDER_NAME), span_str(holder));
}

static void nothing_unverified_remains_but_the_claimed_issuer(void **state)
{
    (void)state;
    static const enum saksi_reason reasons[] = {SAKSI_SIGNATURE_WRONG, SAKSI_STATE_NOT_COVERED};
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        struct verdict v;
        verdict_start(&v);
        fill(&v);
        v.assurance = SAKSI_ASSURANCE_QR;
        verdict_add(&v, reasons[i], none);
        verdict_finish(&v);
        assert_false(shows_the_holder(&v));
        assert_false(contains(&v, span_str("Room")));
        assert_false(contains(&v, span_str("0004217")));
        assert_false(contains(&v, span_str("abcdef")));
        assert_int_equal(v.credential.present, 0);
        assert_int_equal(v.assurance, SAKSI_ASSURANCE_NONE);
        assert_string_equal(v.claimed_issuer, "ID.BNSP.LSP-0123");
    }
}

static void names_that_find_no_room_are_left_out(void **state)
{
    (void)state;
    char text[160];
    memset(text, 'n', sizeof text);
    struct row_names names = {.count = ROW_MAX_NAMES};
    for (size_t i = 0; i < names.count; i++) {
        names.name[i].lang = span_str("zh-Hans-SG");
        names.name[i].text = span_of(text, sizeof text);
    }
    struct verdict v;
    struct row_names copy;
    verdict_start(&v);
    for (int i = 0; i < 4; i++) { /* 4 x 12 x 170 bytes fit into 8,192 to within one name */
        verdict_copy_names(&v, &copy, &names);
    }
    assert_int_equal(copy.count, ROW_MAX_NAMES);
    size_t used = v.names_used;
    verdict_copy_names(&v, &copy, &names);
    assert_int_equal(copy.count, 0);
    assert_true(v.names_used <= sizeof v.names_bytes);
    assert_true(v.names_used - used < 170);
    verdict_start(&v);
    verdict_copy_names(&v, &copy, &names);
    check_bytes(row_name(&copy, span_str("zh-Hans-SG")), span_of(text, sizeof text));
    assert_true(copy.name[0].text.ptr >= v.names_bytes &&
                copy.name[0].text.ptr < v.names_bytes + sizeof v.names_bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_in_order_and_complete),
        cmocka_unit_test(outcomes_have_names),
        cmocka_unit_test(reasons_stand_worst_first_and_once),
        cmocka_unit_test(a_full_table_loses_the_mildest_reason_only),
        cmocka_unit_test(the_outcome_is_the_worst_reason),
        cmocka_unit_test(nothing_established_is_never_valid),
        cmocka_unit_test(amber_means_a_good_signature),
        cmocka_unit_test(an_unknown_reason_is_not_good),
        cmocka_unit_test(a_state_that_is_not_two_letters_is_left_out),
        cmocka_unit_test(a_refused_certificate_keeps_its_number_and_loses_its_holder),
        cmocka_unit_test(a_valid_certificate_keeps_its_holder),
        cmocka_unit_test(nothing_unverified_remains_but_the_claimed_issuer),
        cmocka_unit_test(names_that_find_no_room_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
