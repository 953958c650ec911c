/* SPDX-License-Identifier: Apache-2.0
 *
 * What claims must be there, and what they must be to each other: every condition genuine beside
 * broken.
 */
#include "check.h"
#include "sample.h"
#include "codec/credential.h"

static void absent_claims(void **state)
{
    (void)state;
    unsigned always = 0;
    for (int i = 0; i < SAKSI_CLAIM_COUNT; i++) {
        struct credential c = sample_full();
        credential_clear(&c, (enum saksi_claim)i);
        if (claim_info[i].always) {
            sample_expect(&c, CREDENTIAL_MISSING, CBOR_OK, (enum saksi_claim)i);
            always++;
        }
    }
    assert_int_equal(always, 12);
}

static void claims_that_belong_together(void **state)
{
    (void)state;
    static const enum saksi_claim group[] = {
        SAKSI_CLAIM_FRAMEWORK,
        SAKSI_CLAIM_EDITION,
        SAKSI_CLAIM_LEVEL,
        SAKSI_CLAIM_HOLDER_NAME_NATIVE,
        SAKSI_CLAIM_HOLDER_NAME_LANGUAGE,
        SAKSI_CLAIM_HOLDER_ID_TYPE,
        SAKSI_CLAIM_HOLDER_ID_HINT,
    };
    for (size_t i = 0; i < COUNT_OF(group); i++) {
        struct credential c = sample_full();
        credential_clear(&c, group[i]);
        sample_expect(&c, CREDENTIAL_CONFLICT, CBOR_OK, group[i]);
    }
    struct credential none = sample_full();
    for (size_t i = 0; i < COUNT_OF(group); i++) {
        credential_clear(&none, group[i]);
    }
    assert_int_equal(sample_problem(&none).error, CREDENTIAL_OK);
    credential_set_number(&none, SAKSI_CLAIM_LEVEL, 0);
    sample_expect(&none, CREDENTIAL_CONFLICT, CBOR_OK, SAKSI_CLAIM_FRAMEWORK);
}

static void who_the_holder_is(void **state)
{
    (void)state;
    struct credential c = sample_full();
    credential_set_number(&c, SAKSI_CLAIM_BIRTH_YEAR, 1999);
    sample_expect(&c, CREDENTIAL_CONFLICT, CBOR_OK, SAKSI_CLAIM_BIRTH_YEAR);
    credential_clear(&c, SAKSI_CLAIM_BIRTH_DATE);
    assert_int_equal(sample_problem(&c).error, CREDENTIAL_OK);
    credential_clear(&c, SAKSI_CLAIM_BIRTH_YEAR);
    assert_int_equal(sample_problem(&c).error, CREDENTIAL_OK); /* digest and face are left */
    credential_clear(&c, SAKSI_CLAIM_PHOTO_DIGEST);
    assert_int_equal(sample_problem(&c).error, CREDENTIAL_OK);
    credential_clear(&c, SAKSI_CLAIM_FACE);
    sample_expect(&c, CREDENTIAL_MISSING, CBOR_OK, SAKSI_CLAIM_BIRTH_DATE);

    struct credential tourism = sample_full();
    credential_clear(&tourism, SAKSI_CLAIM_NATIONALITY);
    sample_expect(&tourism, CREDENTIAL_MISSING, CBOR_OK, SAKSI_CLAIM_NATIONALITY);
    credential_clear(&tourism, SAKSI_CLAIM_JOB_INDEX);
    assert_int_equal(sample_problem(&tourism).error, CREDENTIAL_OK);
}

static void dates_in_their_order(void **state)
{
    (void)state;
    struct credential c = sample_full();
    credential_set_number(&c, SAKSI_CLAIM_VALID_FROM, 20490);
    credential_set_number(&c, SAKSI_CLAIM_VALID_UNTIL, 20490);
    assert_int_equal(sample_problem(&c).error, CREDENTIAL_OK);
    credential_set_number(&c, SAKSI_CLAIM_VALID_FROM, 20491);
    sample_expect(&c, CREDENTIAL_CONFLICT, CBOR_OK, SAKSI_CLAIM_VALID_FROM);
    credential_set_number(&c, SAKSI_CLAIM_VALID_UNTIL, 20489);
    sample_expect(&c, CREDENTIAL_CONFLICT, CBOR_OK, SAKSI_CLAIM_VALID_UNTIL);
    credential_set_null(&c, SAKSI_CLAIM_VALID_UNTIL);
    assert_int_equal(sample_problem(&c).error, CREDENTIAL_OK);

    credential_set_number(&c, SAKSI_CLAIM_BIRTH_DATE, 20489);
    assert_int_equal(sample_problem(&c).error, CREDENTIAL_OK);
    credential_set_number(&c, SAKSI_CLAIM_BIRTH_DATE, 20490);
    sample_expect(&c, CREDENTIAL_CONFLICT, CBOR_OK, SAKSI_CLAIM_BIRTH_DATE);
    credential_clear(&c, SAKSI_CLAIM_BIRTH_DATE);
    credential_set_number(&c, SAKSI_CLAIM_BIRTH_YEAR, 2026);
    assert_int_equal(sample_problem(&c).error, CREDENTIAL_OK);
    credential_set_number(&c, SAKSI_CLAIM_BIRTH_YEAR, 2027);
    sample_expect(&c, CREDENTIAL_CONFLICT, CBOR_OK, SAKSI_CLAIM_BIRTH_YEAR);
}

static void forms_of_single_claims(void **state)
{
    (void)state;
    static const struct {
        enum saksi_claim claim;
        const char *good, *bad[6];
    } table[] = {
        {SAKSI_CLAIM_ISS,
         "ZZ.1",
         {"id.BNSP", "I.BNSP", "IDN.BNSP", "1D.BNSP", "ID-BNSP", "Id.BNSP"}},
        {SAKSI_CLAIM_NATIONALITY, "TL", {"tl", "T1", "Tl", "--", "1L", "t~"}},
        {SAKSI_CLAIM_HOLDER_NAME_LANGUAGE,
         "zh-Hant-TW",
         {"-th", "th-", "th--x", "th_TH", "a b", "abcdefghi"}},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct credential c = sample_full();
        sample_text(&c, table[i].claim, table[i].good);
        assert_int_equal(sample_problem(&c).error, CREDENTIAL_OK);
        for (size_t j = 0; j < COUNT_OF(table[i].bad); j++) {
            sample_text(&c, table[i].claim, table[i].bad[j]);
            sample_expect(&c, CREDENTIAL_MALFORMED, CBOR_TEXT_REFUSED, table[i].claim);
        }
    }
    struct credential c = sample_full();
    sample_text(&c, SAKSI_CLAIM_HOLDER_NAME, "Siti\342\200\256itiS");
    sample_expect(&c, CREDENTIAL_MALFORMED, CBOR_TEXT_REFUSED, SAKSI_CLAIM_HOLDER_NAME);
    sample_text(&c, SAKSI_CLAIM_HOLDER_NAME, "Siti\xff");
    sample_expect(&c, CREDENTIAL_MALFORMED, CBOR_TEXT_INVALID, SAKSI_CLAIM_HOLDER_NAME);
}

static void assert_key(const char *number, const char *wanted)
{
    uint8_t room[CERTIFICATE_NUMBER_MAX];
    check_bytes(certificate_number_key(span_str(number), room), span_str(wanted));
}

static void numbers_as_people_write_them(void **state)
{
    (void)state;
    assert_key("55101 5151-3 0004217 a", "55101515130004217A");
    assert_key(" -55101 51513 0004217 a- ", "55101515130004217A");
    assert_key("", "");
    assert_key(" - ", "");
    assert_key("A/1[{z", "A/1[{Z");
    assert_key("0123456789 0123456789 0123456789 012345678-9",
               "0123456789012345678901234567890123456789");
    assert_key("01234567890123456789012345678901234567890", ""); /* one more than a number has */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_claims),          cmocka_unit_test(claims_that_belong_together),
        cmocka_unit_test(who_the_holder_is),      cmocka_unit_test(dates_in_their_order),
        cmocka_unit_test(forms_of_single_claims), cmocka_unit_test(numbers_as_people_write_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
