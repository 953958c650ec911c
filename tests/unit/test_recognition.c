/* SPDX-License-Identifier: Apache-2.0
 *
 * Recognition: each filter and each rank by hand, then many random sets of rules against a slow
 * evaluator written from the prose. SAKSI_RECOGNITION_SETS sets their number. */
#include <stdio.h>

#include "check.h"
#include "verifier/recognition.h"

#define TODAY  20600
#define ISSUED 20500

/* ---- by hand ---- */

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

/* ---- against a slow evaluator ---- */

/* The prose again, in another shape: strike out rules step by step, then look at what is left. */
#define REF_MAX 24

struct ref {
    bool out;
    int result;
    bool emergency; /* a suspension, or one that may apply */
};

static int ref_filter(bool set, bool known, bool fits)
{
    return !set ? 1 : !known ? 0 : fits ? 1 : -1; /* fits, unknown, refuses */
}

static bool ref_prefix(struct span text, struct span prefix)
{
    char a[64] = "", b[64] = "";
    memcpy(a, text.len == 0 ? (const uint8_t *)"" : text.ptr, text.len);
    memcpy(b, prefix.len == 0 ? (const uint8_t *)"" : prefix.ptr, prefix.len);
    return strncmp(a, b, strlen(b)) == 0;
}

static bool ref_same(struct span a, struct span b)
{
    return ref_prefix(a, b) && ref_prefix(b, a);
}

static void ref_filters(const struct row_rule *r, const struct recognition_input *in,
                        int answer[16])
{
    const struct credential *c = in->credential;
#define TEXT(x)  c->value[SAKSI_CLAIM_##x].text
#define NUM(x)   c->value[SAKSI_CLAIM_##x].number
#define KNOWN(x) ((c->present & (1ULL << SAKSI_CLAIM_##x)) != 0)
    bool nationality = false;
    for (size_t i = 0; i < r->nationality_count; i++) {
        nationality |= ref_same(r->nationality[i], TEXT(NATIONALITY));
    }
    int n = 0;
    answer[n++] = ref_filter(r->purposes != 0, true, r->purposes & (1U << in->purpose));
    answer[n++] = ref_filter(r->awarding_body.len > 0, in->awarding_body.len > 0,
                             ref_same(r->awarding_body, in->awarding_body));
    answer[n++] = ref_filter(r->certification_body.len > 0, true,
                             ref_same(r->certification_body, in->certification_body));
    answer[n++] = ref_filter(r->scheme_types != 0, KNOWN(SCHEME_TYPE),
                             r->scheme_types & (1U << NUM(SCHEME_TYPE)));
    answer[n++] = ref_filter(r->coverage != 0, KNOWN(COVERAGE), r->coverage == NUM(COVERAGE));
    answer[n++] = ref_filter(r->standard_family != 0, KNOWN(STANDARD_FAMILY),
                             r->standard_family == NUM(STANDARD_FAMILY));
    answer[n++] = ref_filter(r->scheme_code.len > 0, KNOWN(SCHEME_CODE),
                             ref_same(r->scheme_code, TEXT(SCHEME_CODE)));
    answer[n++] = ref_filter(r->scheme_prefix.len > 0, KNOWN(SCHEME_CODE),
                             ref_prefix(TEXT(SCHEME_CODE), r->scheme_prefix));
    answer[n++] = ref_filter(r->sector_prefix.len > 0, KNOWN(SECTOR_CODE),
                             ref_prefix(TEXT(SECTOR_CODE), r->sector_prefix));
    answer[n++] = ref_filter(r->occupation_prefix.len > 0, KNOWN(OCCUPATION_CODE),
                             ref_prefix(TEXT(OCCUPATION_CODE), r->occupation_prefix));
    answer[n++] =
        ref_filter(r->job_index.len > 0, KNOWN(JOB_INDEX), ref_same(r->job_index, TEXT(JOB_INDEX)));
    answer[n++] = ref_filter(r->nationality_count > 0, KNOWN(NATIONALITY), nationality);
    answer[n++] = ref_filter(r->framework != 0, KNOWN(FRAMEWORK), r->framework == NUM(FRAMEWORK));
    answer[n++] = ref_filter(r->edition != 0, KNOWN(EDITION), r->edition == NUM(EDITION));
    answer[n++] = ref_filter(r->level_least >= 0, KNOWN(LEVEL), NUM(LEVEL) >= r->level_least);
    answer[n++] = ref_filter(r->level_most >= 0, KNOWN(LEVEL), NUM(LEVEL) <= r->level_most);
    assert_int_equal(n, 16);
}

static struct ref ref_judge(const struct row_rule *r, const struct recognition_input *in)
{
    int64_t issued = in->credential->value[SAKSI_CLAIM_ISSUE_DATE].number;
    struct ref ref = {false, (int)r->result, r->result == ROW_SUSPENDED};
    int answer[16];
    ref_filters(r, in, answer);
    ref.out = !ref_same(r->issuing_state, in->issuing_state) || in->today < r->valid_from_day ||
              in->today > r->valid_until_day || issued < r->issued_from_day ||
              issued > r->issued_until_day;
    for (int i = 0; i < 16; i++) {
        ref.out |= answer[i] < 0 || (answer[i] == 0 && r->result <= ROW_CONDITIONAL);
        ref.result = answer[i] == 0 ? ROW_CASE_BY_CASE : ref.result;
    }
    return ref;
}

/* The tuple as one number: seven fields of one decimal digit each would do, lengths are below 100.
 */
static long long ref_rank(const struct row_rule *r)
{
    long long rank = r->scheme_code.len > 0;
    rank = rank * 100 + (long long)r->scheme_prefix.len;
    rank = rank * 100 + (r->job_index.len > 0);
    rank = rank * 100 + (long long)r->occupation_prefix.len;
    rank = rank * 100 + (long long)r->sector_prefix.len;
    rank = rank * 100 + (r->certification_body.len > 0);
    return rank * 100 + (r->awarding_body.len > 0);
}

/* Picks the worst result among those still in, then the lowest id; -1 when none is in. */
static int ref_pick(const struct row_rule *rules, const struct ref *ref, size_t count)
{
    int pick = -1;
    for (int worst = ROW_SUSPENDED; worst >= ROW_RECOGNISED && pick < 0; worst--) {
        for (size_t i = 0; i < count; i++) {
            if (!ref[i].out && ref[i].result == worst &&
                (pick < 0 ||
                 strncmp((const char *)rules[i].id.ptr, (const char *)rules[pick].id.ptr, 4) < 0)) {
                pick = (int)i;
            }
        }
    }
    return pick;
}

static int ref_evaluate(const struct row_rule *rules, size_t count,
                        const struct recognition_input *in, int *ret_result)
{
    struct ref ref[REF_MAX];
    long long highest = -1;
    for (size_t i = 0; i < count; i++) {
        ref[i] = ref_judge(&rules[i], in);
        if (!ref[i].out && !ref[i].emergency && ref_rank(&rules[i]) > highest) {
            highest = ref_rank(&rules[i]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        ref[i].out |= !ref[i].emergency && ref_rank(&rules[i]) < highest;
    }
    int pick = ref_pick(rules, ref, count);
    *ret_result = pick < 0 ? 0 : ref[pick].result;
    return pick;
}

static uint64_t seed = 20260;

static size_t below(size_t limit)
{
    return (size_t)(check_random(&seed) % limit);
}

static bool one_in(size_t n)
{
    return below(n) == 0;
}

static struct span any_of(const char *const *words, size_t count)
{
    return span_str(words[below(count)]);
}

#define ANY(...)                                                                                   \
    any_of((const char *const[]){__VA_ARGS__}, COUNT_OF(((const char *const[]){__VA_ARGS__})))

static struct row_rule random_rule(const char *id)
{
    struct row_rule r = rule(id, (enum row_result)(1 + below(5)));
    if (one_in(12)) {
        r.issuing_state = span_str("PH");
    }
    r.valid_until_day = one_in(8) ? TODAY - 1 + (int64_t)below(3) : ROW_NO_END_DAY;
    r.valid_from_day = one_in(8) ? TODAY - 1 + (int64_t)below(3) : 20000;
    r.issued_from_day = one_in(8) ? ISSUED - 1 + (int64_t)below(3) : INT64_MIN;
    r.issued_until_day = one_in(8) ? ISSUED - 1 + (int64_t)below(3) : INT64_MAX;
    r.purposes = one_in(5) ? (unsigned)below(16) * 2 : 0;
    r.scheme_types = one_in(6) ? (unsigned)below(64) * 2 : 0;
    r.coverage = one_in(6) ? 1 + (int)below(2) : 0;
    r.standard_family = one_in(6) ? 1 + (int)below(2) : 0;
    r.awarding_body = one_in(4) ? ANY("ID.BNSP", "ID.KEMD") : span_of(NULL, 0);
    r.certification_body = one_in(4) ? ANY("ID.BNSP.LSP-0123", "ID.BNSP.LSP-9") : span_of(NULL, 0);
    r.scheme_code = one_in(5) ? ANY("SKM/0123", "SKM/01") : span_of(NULL, 0);
    r.scheme_prefix = one_in(5) ? ANY("S", "SKM", "SKM/0", "X") : span_of(NULL, 0);
    r.sector_prefix = one_in(4) ? ANY("I", "I5", "I55", "F") : span_of(NULL, 0);
    r.occupation_prefix = one_in(4) ? ANY("5", "51", "5151", "7") : span_of(NULL, 0);
    r.job_index = one_in(5) ? ANY("HHK.05", "HFO.01") : span_of(NULL, 0);
    r.nationality_count = one_in(6) ? 1 + below(3) : 0;
    for (size_t i = 0; i < r.nationality_count; i++) {
        r.nationality[i] = ANY("ID", "PH", "TH", "MY");
    }
    r.framework = one_in(5) ? 1 + (int)below(2) : 0;
    r.edition = one_in(6) ? 2011 + (int)below(3) : 0;
    r.level_least = one_in(5) ? (int)below(6) : -1;
    r.level_most = one_in(5) ? (int)below(6) : -1;
    return r;
}

static struct credential random_certificate(void)
{
    static const enum saksi_claim optional[] = {
        SAKSI_CLAIM_SECTOR_CODE, SAKSI_CLAIM_OCCUPATION_CODE, SAKSI_CLAIM_JOB_INDEX,
        SAKSI_CLAIM_NATIONALITY, SAKSI_CLAIM_FRAMEWORK,       SAKSI_CLAIM_EDITION,
        SAKSI_CLAIM_LEVEL};
    struct credential c = certificate();
    for (size_t i = 0; i < COUNT_OF(optional); i++) {
        if (one_in(4)) {
            credential_clear(&c, optional[i]);
        }
    }
    return c;
}

/* How often each result came out, and how often something was at stake: several rules counted. */
static unsigned long seen[ROW_SUSPENDED + 1];

static void compare_once(void)
{
    static const char *const ids[REF_MAX] = {
        "R07", "R01", "R12", "R03", "R20", "R05", "R18", "R09", "R02", "R11", "R04", "R23",
        "R06", "R15", "R08", "R22", "R10", "R19", "R13", "R16", "R14", "R21", "R17", "R24"};
    struct row_rule rules[REF_MAX];
    struct credential c = random_certificate();
    struct recognition_input input = input_for(&c);
    size_t count = below(REF_MAX + 1);
    for (size_t i = 0; i < count; i++) {
        rules[i] = random_rule(ids[i]);
    }
    input.awarding_body = one_in(4) ? span_of(NULL, 0) : input.awarding_body;
    input.certification_body = one_in(4) ? span_of(NULL, 0) : input.certification_body;
    input.purpose = (enum saksi_purpose)(1 + below(4));

    int wanted_result;
    int wanted = ref_evaluate(rules, count, &input, &wanted_result);
    struct recognition_result got = recognition_evaluate(rules, count, &input);
    assert_int_equal(got.covered, wanted >= 0);
    assert_int_equal(got.covered ? (int)got.result : 0, wanted_result);
    assert_ptr_equal(got.rule, wanted < 0 ? NULL : &rules[wanted]);
    seen[wanted_result]++;
}

static void random_rules_agree_with_the_prose(void **state)
{
    (void)state;
    const char *wish = getenv("SAKSI_RECOGNITION_SETS");
    long sets = wish == NULL ? 20000 : strtol(wish, NULL, 10);
    assert_true(sets >= 20000);
    for (long i = 0; i < sets; i++) {
        compare_once();
    }
    for (size_t i = 0; i < COUNT_OF(seen); i++) {
        print_message("result %zu: %lu\n", i, seen[i]);
        assert_true(seen[i] > 300);
    }
}

static void the_order_of_rules_does_not_matter(void **state)
{
    (void)state;
    for (int round = 0; round < 500; round++) {
        struct row_rule rules[4] = {random_rule("A"), random_rule("B"), random_rule("C"),
                                    random_rule("D")};
        struct credential c = random_certificate();
        struct recognition_result first = evaluate(&c, rules, 4);
        for (int swap = 0; swap < 6; swap++) {
            struct row_rule turned[4];
            size_t start = below(4);
            for (size_t i = 0; i < 4; i++) {
                turned[i] = rules[(swap % 2 == 0 ? i + start : 3 - i + start) % 4];
            }
            struct recognition_result again = evaluate(&c, turned, 4);
            assert_int_equal(again.covered, first.covered);
            assert_int_equal(again.result, first.result);
            assert_true(!first.covered || span_equal(again.rule->id, first.rule->id));
        }
    }
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
        cmocka_unit_test(random_rules_agree_with_the_prose),
        cmocka_unit_test(the_order_of_rules_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
