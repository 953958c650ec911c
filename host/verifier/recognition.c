/* SPDX-License-Identifier: Apache-2.0
 *
 * Recognition rules: which fit, and which of those decides.
 */
#include "verifier/recognition.h"

/* How a rule's filters answer, all together. */
struct fit {
    bool refused; /* a filter says no */
    bool unsure;  /* a filter asks for something the certificate does not say */
};

/* One filter: is it set, does the certificate say it, does that fit. */
static void ask(struct fit *f, bool filters, bool known, bool fits)
{
    if (filters && !known) {
        f->unsure = true;
    } else if (filters && !fits) {
        f->refused = true;
    }
}

static void ask_equal(struct fit *f, struct span filter, const struct credential *c,
                      enum saksi_claim claim)
{
    ask(f, filter.len != 0, credential_has(c, claim),
        span_equal(filter, credential_text(c, claim)));
}

static void ask_prefix(struct fit *f, struct span filter, const struct credential *c,
                       enum saksi_claim claim)
{
    ask(f, filter.len != 0, credential_has(c, claim),
        span_starts_with(credential_text(c, claim), filter));
}

static void ask_number(struct fit *f, int filter, const struct credential *c,
                       enum saksi_claim claim)
{
    ask(f, filter != 0, credential_has(c, claim), credential_number(c, claim) == filter);
}

static bool nationality_listed(const struct row_rule *rule, struct span nationality)
{
    for (size_t i = 0; i < rule->nationality_count; i++) {
        if (span_equal(rule->nationality[i], nationality)) {
            return true;
        }
    }
    return false;
}

static bool bit_is_set(unsigned bits, int64_t number)
{
    return number >= 0 && number < 32 && (bits >> number & 1) != 0;
}

/* The conditions whose answer is always known: state and time. */
static bool applies_here(const struct row_rule *rule, const struct recognition_input *input)
{
    int64_t issued = credential_number(input->credential, SAKSI_CLAIM_ISSUE_DATE);
    return span_equal(rule->issuing_state, input->issuing_state) &&
           rule->valid_from_day <= input->today && input->today <= rule->valid_until_day &&
           rule->issued_from_day <= issued && issued <= rule->issued_until_day;
}

static struct fit rule_fit(const struct row_rule *rule, const struct recognition_input *input)
{
    const struct credential *c = input->credential;
    int64_t level = credential_number(c, SAKSI_CLAIM_LEVEL);
    bool has_level = credential_has(c, SAKSI_CLAIM_LEVEL);
    struct fit f = {false, false};

    ask(&f, rule->purposes != 0, input->purpose >= SAKSI_BORDER && input->purpose <= SAKSI_EVENT,
        bit_is_set(rule->purposes, input->purpose));
    ask(&f, rule->awarding_body.len != 0, input->awarding_body.len != 0,
        span_equal(rule->awarding_body, input->awarding_body));
    ask(&f, rule->certification_body.len != 0, true,
        span_equal(rule->certification_body, input->certification_body));
    ask(&f, rule->scheme_types != 0, credential_has(c, SAKSI_CLAIM_SCHEME_TYPE),
        bit_is_set(rule->scheme_types, credential_number(c, SAKSI_CLAIM_SCHEME_TYPE)));
    ask_number(&f, rule->coverage, c, SAKSI_CLAIM_COVERAGE);
    ask_number(&f, rule->standard_family, c, SAKSI_CLAIM_STANDARD_FAMILY);
    ask_equal(&f, rule->scheme_code, c, SAKSI_CLAIM_SCHEME_CODE);
    ask_prefix(&f, rule->scheme_prefix, c, SAKSI_CLAIM_SCHEME_CODE);
    ask_prefix(&f, rule->sector_prefix, c, SAKSI_CLAIM_SECTOR_CODE);
    ask_prefix(&f, rule->occupation_prefix, c, SAKSI_CLAIM_OCCUPATION_CODE);
    ask_equal(&f, rule->job_index, c, SAKSI_CLAIM_JOB_INDEX);
    ask(&f, rule->nationality_count != 0, credential_has(c, SAKSI_CLAIM_NATIONALITY),
        nationality_listed(rule, credential_text(c, SAKSI_CLAIM_NATIONALITY)));
    ask_number(&f, rule->framework, c, SAKSI_CLAIM_FRAMEWORK);
    ask_number(&f, rule->edition, c, SAKSI_CLAIM_EDITION);
    ask(&f, rule->level_least >= 0, has_level, level >= rule->level_least);
    ask(&f, rule->level_most >= 0, has_level, level <= rule->level_most);
    return f;
}

static int compare_size(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

/* >0 when a is more specific than b: the first field that differs decides. */
static int compare_specificity(const struct row_rule *a, const struct row_rule *b)
{
    const size_t field[][2] = {
        {a->scheme_code.len != 0, b->scheme_code.len != 0},
        {a->scheme_prefix.len, b->scheme_prefix.len},
        {a->job_index.len != 0, b->job_index.len != 0},
        {a->occupation_prefix.len, b->occupation_prefix.len},
        {a->sector_prefix.len, b->sector_prefix.len},
        {a->certification_body.len != 0, b->certification_body.len != 0},
        {a->awarding_body.len != 0, b->awarding_body.len != 0},
    };
    int order = 0;
    for (size_t i = 0; order == 0 && i < sizeof field / sizeof field[0]; i++) {
        order = compare_size(field[i][0], field[i][1]);
    }
    return order;
}

/* True when `a` is to be named instead of `b`: the worse result, then the lower id. The numbers of
 * row_result ascend from recognised to suspended. */
static bool worse(const struct recognition_result *a, const struct recognition_result *b)
{
    if (!a->covered || !b->covered) {
        return a->covered;
    }
    if (a->result != b->result) {
        return a->result > b->result;
    }
    return span_compare(a->rule->id, b->rule->id) < 0;
}

static bool wins(const struct recognition_result *a, const struct recognition_result *b)
{
    int order = b->covered ? compare_specificity(a->rule, b->rule) : 1;
    return order > 0 || (order == 0 && worse(a, b));
}

/* The rule's say about this certificate; not covered when it has none. */
static struct recognition_result rule_say(const struct row_rule *rule,
                                          const struct recognition_input *input)
{
    const struct recognition_result silent = {false, (enum row_result)0, NULL};
    if (!applies_here(rule, input)) {
        return silent;
    }
    struct fit f = rule_fit(rule, input);
    bool positive = rule->result == ROW_RECOGNISED || rule->result == ROW_CONDITIONAL;
    if (f.refused || (f.unsure && positive)) {
        return silent;
    }
    return (struct recognition_result){true, f.unsure ? ROW_CASE_BY_CASE : rule->result, rule};
}

struct recognition_result recognition_evaluate(const struct row_rule *rules, size_t count,
                                               const struct recognition_input *input)
{
    struct recognition_result best = {false, (enum row_result)0, NULL};
    struct recognition_result suspension = best;
    for (size_t i = 0; i < count; i++) {
        struct recognition_result say = rule_say(&rules[i], input);
        if (!say.covered) {
            continue;
        }
        /* Suspensions stand outside the contest of specificity. One that may apply (a claim is
         * absent) stays there too: else leaving out a claim would get round a suspension. */
        if (rules[i].result == ROW_SUSPENDED) {
            suspension = worse(&say, &suspension) ? say : suspension;
        } else if (wins(&say, &best)) {
            best = say;
        }
    }
    return worse(&suspension, &best) ? suspension : best;
}
