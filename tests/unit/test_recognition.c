/* SPDX-License-Identifier: Apache-2.0
 *
 * Recognition: each filter and each rank by hand. Random rules are test_recognition_random's.
 */
#include "check.h"
#include "verifier/recognition.h"

#define TODAY  20600
#define ISSUED 20500

static struct credential certificate(void)
{
    struct credential c = {0};
    credential_set_number(&c, SAKSI_CLAIM_ISSUE_DATE, ISSUED);
    credential_set_number(&c, SAKSI_CLAIM_SCHEME_TYPE, 2);
    credential_set_number(&c, SAKSI_CLAIM_COVERAGE, 1);
    credential_set_number(&c, SAKSI_CLAIM_STANDARD_FAMILY, 1);
    credential_set_text(&c, SAKSI_CLAIM_SCHEME_CODE, span_str("SKM/0123"));
    credential_set_text(&c, SAKSI_CLAIM_SECTOR_CODE, span_str("I55"));
    credential_set_text(&c, SAKSI_CLAIM_OCCUPATION_CODE, span_str("5151"));
    credential_set_text(&c, SAKSI_CLAIM_JOB_INDEX, span_str("HHK.05"));
    credential_set_text(&c, SAKSI_CLAIM_NATIONALITY, span_str("ID"));
    credential_set_number(&c, SAKSI_CLAIM_FRAMEWORK, 1);
    credential_set_number(&c, SAKSI_CLAIM_EDITION, 2012);
    credential_set_number(&c, SAKSI_CLAIM_LEVEL, 3);
    return c;
}

static struct row_rule rule(const char *id, enum row_result result)
{
    return (struct row_rule){.id = span_str(id),
                             .arrangement = ROW_AGP,
                             .result = result,
                             .issuing_state = span_str("ID"),
                             .valid_from_day = 20000,
                             .valid_until_day = ROW_NO_END_DAY,
                             .level_least = -1,
                             .level_most = -1,
                             .issued_from_day = INT64_MIN,
                             .issued_until_day = INT64_MAX};
}

static struct recognition_input input_for(const struct credential *c)
{
    return (struct recognition_input){.credential = c,
                                      .issuing_state = span_str("ID"),
                                      .awarding_body = span_str("ID.BNSP"),
                                      .certification_body = span_str("ID.BNSP.LSP-0123"),
                                      .purpose = SAKSI_BORDER,
                                      .today = TODAY};
}

static struct recognition_result evaluate(const struct credential *c, const struct row_rule *rules,
                                          size_t count)
{
    struct recognition_input input = input_for(c);
    return recognition_evaluate(rules, count, &input);
}

/* The result of one rule on its own: 0 when it does not count. */
static int alone(const struct credential *c, const struct row_rule *r)
{
    struct recognition_result result = evaluate(c, r, 1);
    assert_ptr_equal(result.rule, result.covered ? r : NULL);
    return result.covered ? (int)result.result : 0;
}

static void no_rule_covers_nothing(void **state)
{
    (void)state;
    struct credential c = certificate();
    assert_false(evaluate(&c, NULL, 0).covered);
}

static void a_rule_counts_only_in_its_time_and_for_its_state(void **state)
{
    (void)state;
    struct credential c = certificate();
    struct row_rule r = rule("A", ROW_RECOGNISED);
    assert_int_equal(alone(&c, &r), ROW_RECOGNISED);

    r.valid_from_day = TODAY;
    assert_int_equal(alone(&c, &r), ROW_RECOGNISED);
    r.valid_from_day = TODAY + 1;
    assert_int_equal(alone(&c, &r), 0);
    r.valid_from_day = 20000;
    r.valid_until_day = TODAY;
    assert_int_equal(alone(&c, &r), ROW_RECOGNISED);
    r.valid_until_day = TODAY - 1;
    assert_int_equal(alone(&c, &r), 0);

    r = rule("A", ROW_RECOGNISED);
    r.issued_from_day = ISSUED + 1;
    assert_int_equal(alone(&c, &r), 0);
    r.issued_from_day = ISSUED;
    r.issued_until_day = ISSUED;
    assert_int_equal(alone(&c, &r), ROW_RECOGNISED);
    r.issued_until_day = ISSUED - 1;
    assert_int_equal(alone(&c, &r), 0);

    r = rule("A", ROW_RECOGNISED);
    r.issuing_state = span_str("PH");
    assert_int_equal(alone(&c, &r), 0);
    r = rule("A", ROW_RECOGNISED);
    r.issuing_state = span_of(NULL, 0);
    assert_int_equal(alone(&c, &r), 0);
}

/* Sets one filter of a rule so that the certificate fits, or does not. */
struct filter_case {
    const char *what;
    void (*set)(struct row_rule *r, bool fits);
    enum saksi_claim claim; /* the claim it looks at */
};

#define FILTER(name, statement)                                                                    \
    static void set_##name(struct row_rule *r, bool fits)                                          \
    {                                                                                              \
        statement;                                                                                 \
    }
FILTER(purposes, r->purposes = fits ? 1U << SAKSI_BORDER : 1U << SAKSI_HOTEL)
FILTER(awarding, r->awarding_body = span_str(fits ? "ID.BNSP" : "ID.OTHER"))
FILTER(certifying, r->certification_body = span_str(fits ? "ID.BNSP.LSP-0123" : "ID.BNSP.LSP-1"))
FILTER(types, r->scheme_types = fits ? 1U << 2 | 1U << 3 : 1U << 3)
FILTER(coverage, r->coverage = fits ? 1 : 2)
FILTER(family, r->standard_family = fits ? 1 : 4)
FILTER(scheme, r->scheme_code = span_str(fits ? "SKM/0123" : "SKM/012"))
FILTER(prefix, r->scheme_prefix = span_str(fits ? "SKM/" : "SKK/"))
FILTER(sector, r->sector_prefix = span_str(fits ? "I5" : "I56"))
FILTER(occupation, r->occupation_prefix = span_str(fits ? "51" : "52"))
FILTER(job, r->job_index = span_str(fits ? "HHK.05" : "HHK.0"))
FILTER(nationality, r->nationality_count = 2; r->nationality[0] = span_str("PH");
       r->nationality[1] = span_str(fits ? "ID" : "TH"))
FILTER(framework, r->framework = fits ? 1 : 2)
FILTER(edition, r->edition = fits ? 2012 : 2018)
FILTER(least, r->level_least = fits ? 3 : 4)
FILTER(most, r->level_most = fits ? 3 : 2)

static const struct filter_case filter_table[] = {
    {"purposes", set_purposes, SAKSI_CLAIM_COUNT},
    {"awarding body", set_awarding, SAKSI_CLAIM_COUNT},
    {"certification body", set_certifying, SAKSI_CLAIM_COUNT},
    {"scheme types", set_types, SAKSI_CLAIM_SCHEME_TYPE},
    {"coverage", set_coverage, SAKSI_CLAIM_COVERAGE},
    {"family", set_family, SAKSI_CLAIM_STANDARD_FAMILY},
    {"scheme", set_scheme, SAKSI_CLAIM_SCHEME_CODE},
    {"scheme prefix", set_prefix, SAKSI_CLAIM_SCHEME_CODE},
    {"sector", set_sector, SAKSI_CLAIM_SECTOR_CODE},
    {"occupation", set_occupation, SAKSI_CLAIM_OCCUPATION_CODE},
    {"job", set_job, SAKSI_CLAIM_JOB_INDEX},
    {"nationality", set_nationality, SAKSI_CLAIM_NATIONALITY},
    {"framework", set_framework, SAKSI_CLAIM_FRAMEWORK},
    {"edition", set_edition, SAKSI_CLAIM_EDITION},
    {"level least", set_least, SAKSI_CLAIM_LEVEL},
    {"level most", set_most, SAKSI_CLAIM_LEVEL},
};

static void every_filter_filters(void **state)
{
    (void)state;
    struct credential c = certificate();
    for (size_t i = 0; i < COUNT_OF(filter_table); i++) {
        for (int result = ROW_RECOGNISED; result <= ROW_SUSPENDED; result++) {
            struct row_rule r = rule("A", (enum row_result)result);
            filter_table[i].set(&r, true);
            assert_int_equal(alone(&c, &r), result);
            filter_table[i].set(&r, false);
            assert_int_equal(alone(&c, &r), 0);
        }
    }
}

static void an_absent_claim_fits_no_positive_rule_and_makes_a_negative_one_uncertain(void **state)
{
    (void)state;
    static const int wanted[] = {[ROW_RECOGNISED] = 0,
                                 [ROW_CONDITIONAL] = 0,
                                 [ROW_CASE_BY_CASE] = ROW_CASE_BY_CASE,
                                 [ROW_NOT_RECOGNISED] = ROW_CASE_BY_CASE,
                                 [ROW_SUSPENDED] = ROW_CASE_BY_CASE};
    for (size_t i = 0; i < COUNT_OF(filter_table); i++) {
        if (filter_table[i].claim == SAKSI_CLAIM_COUNT) {
            continue;
        }
        struct credential c = certificate();
        credential_clear(&c, filter_table[i].claim);
        for (int result = ROW_RECOGNISED; result <= ROW_SUSPENDED; result++) {
            struct row_rule r = rule("A", (enum row_result)result);
            filter_table[i].set(&r, true);
            assert_int_equal(alone(&c, &r), wanted[result]);
        }
    }
}

static void unknown_bodies_and_purposes(void **state)
{
    (void)state;
    struct credential c = certificate();
    struct recognition_input input = input_for(&c);
    struct row_rule r = rule("A", ROW_NOT_RECOGNISED);
    set_awarding(&r, true);
    input.awarding_body = span_of(NULL, 0);
    assert_int_equal(recognition_evaluate(&r, 1, &input).result, ROW_CASE_BY_CASE);

    /* An issuer that is no certification body is certainly not the one a rule names. */
    input = input_for(&c);
    r = rule("A", ROW_NOT_RECOGNISED);
    set_certifying(&r, true);
    input.certification_body = span_of(NULL, 0);
    assert_false(recognition_evaluate(&r, 1, &input).covered);

    input = input_for(&c);
    input.purpose = (enum saksi_purpose)0;
    r = rule("A", ROW_NOT_RECOGNISED);
    set_purposes(&r, false);
    assert_int_equal(recognition_evaluate(&r, 1, &input).result, ROW_CASE_BY_CASE);
    r.result = ROW_RECOGNISED;
    assert_false(recognition_evaluate(&r, 1, &input).covered);
}

/* Each setter makes a rule more specific than all those before it together. */
static void set_short_occupation(struct row_rule *r, bool fits)
{
    (void)fits;
    r->occupation_prefix = span_str("5");
}

static void set_short_prefix(struct row_rule *r, bool fits)
{
    (void)fits;
    r->scheme_prefix = span_str("S");
}

static void the_more_specific_rule_wins(void **state)
{
    (void)state;
    void (*const rank[])(struct row_rule *, bool) = {
        set_awarding,     set_certifying, set_sector, set_short_occupation, set_occupation, set_job,
        set_short_prefix, set_prefix,     set_scheme};
    struct credential c = certificate();
    struct row_rule low = rule("A", ROW_NOT_RECOGNISED);
    for (size_t i = 0; i < COUNT_OF(rank); i++) {
        struct row_rule high = rule("B", ROW_RECOGNISED);
        rank[i](&high, true);
        struct row_rule both[2] = {low, high};
        assert_int_equal(evaluate(&c, both, 2).result, ROW_RECOGNISED);
        struct row_rule turned[2] = {high, low};
        assert_ptr_equal(evaluate(&c, turned, 2).rule, &turned[0]);
        rank[i](&low, true);
    }
}

static void other_filters_give_no_rank(void **state)
{
    (void)state;
    void (*const filter[])(struct row_rule *, bool) = {set_purposes, set_types,       set_coverage,
                                                       set_family,   set_nationality, set_framework,
                                                       set_edition,  set_least};
    struct credential c = certificate();
    for (size_t i = 0; i < COUNT_OF(filter); i++) {
        struct row_rule two[2] = {rule("A", ROW_NOT_RECOGNISED), rule("B", ROW_RECOGNISED)};
        filter[i](&two[1], true);
        assert_int_equal(evaluate(&c, two, 2).result, ROW_NOT_RECOGNISED);
    }
}

static void among_equals_the_worst_then_the_lowest_id(void **state)
{
    (void)state;
    struct credential c = certificate();
    struct row_rule rules[5] = {rule("A", ROW_RECOGNISED), rule("C", ROW_CONDITIONAL),
                                rule("B", ROW_CONDITIONAL), rule("Z", ROW_CASE_BY_CASE),
                                rule("Y", ROW_NOT_RECOGNISED)};
    assert_ptr_equal(evaluate(&c, rules, 1).rule, &rules[0]);
    assert_ptr_equal(evaluate(&c, rules, 2).rule, &rules[1]);
    assert_ptr_equal(evaluate(&c, rules, 3).rule, &rules[2]);
    assert_ptr_equal(evaluate(&c, rules, 4).rule, &rules[3]);
    assert_ptr_equal(evaluate(&c, rules, 5).rule, &rules[4]);
}

static void a_suspension_always_wins(void **state)
{
    (void)state;
    struct credential c = certificate();
    struct row_rule rules[2] = {rule("A", ROW_RECOGNISED), rule("B", ROW_SUSPENDED)};
    set_scheme(&rules[0], true);
    struct recognition_result r = evaluate(&c, rules, 2);
    assert_int_equal(r.result, ROW_SUSPENDED);
    assert_ptr_equal(r.rule, &rules[1]);
    rules[0].result = ROW_NOT_RECOGNISED;
    assert_int_equal(evaluate(&c, rules, 2).result, ROW_SUSPENDED);
}

/* Leaving out the claim a suspension asks for must not buy a green light. */
static void a_suspension_that_may_apply_allows_case_by_case_at_best(void **state)
{
    (void)state;
    struct credential c = certificate();
    struct row_rule rules[2] = {rule("A", ROW_RECOGNISED), rule("B", ROW_SUSPENDED)};
    set_scheme(&rules[0], true);
    set_sector(&rules[1], true);
    assert_int_equal(evaluate(&c, rules, 2).result, ROW_SUSPENDED);
    credential_clear(&c, SAKSI_CLAIM_SECTOR_CODE);
    struct recognition_result r = evaluate(&c, rules, 2);
    assert_int_equal(r.result, ROW_CASE_BY_CASE);
    assert_ptr_equal(r.rule, &rules[1]);
    rules[0].result = ROW_NOT_RECOGNISED;
    assert_int_equal(evaluate(&c, rules, 2).result, ROW_NOT_RECOGNISED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_rule_covers_nothing),
        cmocka_unit_test(a_rule_counts_only_in_its_time_and_for_its_state),
        cmocka_unit_test(every_filter_filters),
        cmocka_unit_test(an_absent_claim_fits_no_positive_rule_and_makes_a_negative_one_uncertain),
        cmocka_unit_test(unknown_bodies_and_purposes),
        cmocka_unit_test(the_more_specific_rule_wins),
        cmocka_unit_test(other_filters_give_no_rank),
        cmocka_unit_test(among_equals_the_worst_then_the_lowest_id),
        cmocka_unit_test(a_suspension_always_wins),
        cmocka_unit_test(a_suspension_that_may_apply_allows_case_by_case_at_best),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
