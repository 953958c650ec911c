/* SPDX-License-Identifier: Apache-2.0
 *
 * The slow evaluator: a sheet for each rule with an answer in every line, and then a sort.
 */
#include "recognition_reference.h"

#include <stdlib.h>

enum answer { NOT_ASKED, FITS, ABSENT, REFUSES };

/* Everything that can be said about one rule and one certificate. */
struct sheet {
    const struct row_rule *rule;
    enum recognition_slip slip;
    bool in_time, about_state;
    enum answer line[16];
    size_t lines;
    bool matches;           /* it has a say */
    enum row_result result; /* what it says */
    bool suspension;        /* its own result is suspended */
    size_t rank[7];
};

/* --- the lines of a sheet --- */

static bool same(struct span a, struct span b)
{
    size_t equal = 0;
    while (equal < a.len && equal < b.len && a.ptr[equal] == b.ptr[equal]) {
        equal++;
    }
    return equal == a.len && equal == b.len;
}

static bool begins(struct span text, struct span beginning)
{
    return beginning.len <= text.len && same(span_of(text.ptr, beginning.len), beginning);
}

static void answer(struct sheet *s, bool asked, bool present, bool fits)
{
    enum answer a = NOT_ASKED;
    if (asked) {
        a = present ? (fits ? FITS : REFUSES) : ABSENT;
    }
    s->line[s->lines++] = a;
}

static void answer_text(struct sheet *s, struct span wanted, bool present, struct span found,
                        bool whole)
{
    answer(s, wanted.len > 0, present, whole ? same(found, wanted) : begins(found, wanted));
}

static void answer_claim(struct sheet *s, const struct credential *c, enum saksi_claim claim,
                         struct span wanted, bool whole)
{
    answer_text(s, wanted, (c->present & UINT64_C(1) << claim) != 0, c->value[claim].text, whole);
}

static void answer_number(struct sheet *s, const struct credential *c, enum saksi_claim claim,
                          int wanted, enum recognition_slip up_to)
{
    int64_t found = c->value[claim].number;
    answer(s, wanted != 0, (c->present & UINT64_C(1) << claim) != 0,
           s->slip == up_to ? found <= wanted : found == wanted);
}

/* value >= limit, or > with the slip. */
static bool reaches(const struct sheet *s, enum recognition_slip strictly, int64_t value,
                    int64_t limit)
{
    return s->slip == strictly ? value > limit : value >= limit;
}

static void answer_bodies(struct sheet *s, const struct recognition_input *in)
{
    const struct row_rule *r = s->rule;
    answer_text(s, r->awarding_body, in->awarding_body.len > 0, in->awarding_body,
                s->slip != SLIP_AWARDING_BEGINNING);
    answer_text(s, r->certification_body,
                s->slip != SLIP_CERTIFYING_UNSURE || in->certification_body.len > 0,
                in->certification_body, s->slip != SLIP_CERTIFYING_BEGINNING);
}

static void answer_codes(struct sheet *s, const struct credential *c)
{
    const struct row_rule *r = s->rule;
    answer_claim(s, c, SAKSI_CLAIM_SCHEME_CODE, r->scheme_code, s->slip != SLIP_SCHEME_BEGINNING);
    answer_claim(s, c, SAKSI_CLAIM_SCHEME_CODE, r->scheme_prefix,
                 s->slip == SLIP_SCHEME_PREFIX_WHOLE);
    answer_claim(s, c, SAKSI_CLAIM_SECTOR_CODE, r->sector_prefix, s->slip == SLIP_SECTOR_WHOLE);
    answer_claim(s, c, SAKSI_CLAIM_OCCUPATION_CODE, r->occupation_prefix,
                 s->slip == SLIP_OCCUPATION_WHOLE);
    answer_claim(s, c, SAKSI_CLAIM_JOB_INDEX, r->job_index, s->slip != SLIP_JOB_BEGINNING);
}

static void answer_numbers(struct sheet *s, const struct credential *c)
{
    const struct row_rule *r = s->rule;
    const struct claim_value *value = c->value;
    bool has_level = (c->present & UINT64_C(1) << SAKSI_CLAIM_LEVEL) != 0;
    int64_t level = value[SAKSI_CLAIM_LEVEL].number;
    answer(s, r->scheme_types != 0 && s->slip != SLIP_TYPES_ANY,
           (c->present & UINT64_C(1) << SAKSI_CLAIM_SCHEME_TYPE) != 0,
           (r->scheme_types & 1U << value[SAKSI_CLAIM_SCHEME_TYPE].number) != 0);
    answer_number(s, c, SAKSI_CLAIM_COVERAGE, r->coverage, SLIP_COVERAGE_UP_TO);
    answer_number(s, c, SAKSI_CLAIM_STANDARD_FAMILY, r->standard_family, SLIP_FAMILY_UP_TO);
    answer_number(s, c, SAKSI_CLAIM_FRAMEWORK, r->framework, SLIP_FRAMEWORK_UP_TO);
    answer_number(s, c, SAKSI_CLAIM_EDITION, r->edition, SLIP_EDITION_UP_TO);
    answer(s, r->level_least != -1, has_level,
           reaches(s, SLIP_LEVEL_LEAST_ABOVE, level, r->level_least));
    answer(s, r->level_most != -1, has_level,
           reaches(s, SLIP_LEVEL_MOST_BELOW, r->level_most, level));
}

static void answer_nationality(struct sheet *s, const struct credential *c)
{
    const struct row_rule *r = s->rule;
    size_t count = r->nationality_count;
    size_t looked_at = s->slip == SLIP_NATIONALITY_FIRST && count > 1 ? 1 : count;
    size_t found = 0;
    for (size_t i = 0; i < looked_at; i++) {
        found += same(r->nationality[i], c->value[SAKSI_CLAIM_NATIONALITY].text);
    }
    answer(s, count > 0, (c->present & UINT64_C(1) << SAKSI_CLAIM_NATIONALITY) != 0, found > 0);
}

/* --- what follows from them --- */

static size_t count_of(const struct sheet *s, enum answer wanted)
{
    size_t count = 0;
    for (size_t i = 0; i < s->lines; i++) {
        count += s->line[i] == wanted;
    }
    return count;
}

/* "A claim that is absent does not match a positive rule and matches a negative rule as
 * case_by_case." */
static void conclude(struct sheet *s)
{
    bool refused = count_of(s, REFUSES) > 0, doubt = count_of(s, ABSENT) > 0;
    enum row_result own = s->rule->result;
    bool positive = own == ROW_RECOGNISED ||
                    (own == ROW_CONDITIONAL && s->slip != SLIP_CONDITIONAL_NEGATIVE) ||
                    (own == ROW_CASE_BY_CASE && s->slip == SLIP_CASE_POSITIVE);
    if (s->slip == SLIP_REFUSAL_AFTER_DOUBT && doubt) {
        refused = false;
    }
    s->matches = s->about_state && s->in_time && !refused && !(doubt && positive);
    s->result = doubt && s->slip != SLIP_DOUBT_KEEPS_RESULT ? ROW_CASE_BY_CASE : own;
    s->suspension = own == ROW_SUSPENDED;
}

static size_t measured(const struct sheet *s, struct span prefix)
{
    return s->slip == SLIP_PREFIX_UNMEASURED ? prefix.len > 0 : prefix.len;
}

/* "scheme exact, scheme prefix length, job index, occupation length, sector length, certification
 * body, awarding body" */
static void rank(struct sheet *s)
{
    const struct row_rule *r = s->rule;
    s->rank[0] = r->scheme_code.len > 0 ? 1 : 0;
    s->rank[1] = measured(s, r->scheme_prefix);
    s->rank[2] = r->job_index.len > 0 ? 1 : 0;
    s->rank[3] = measured(s, r->occupation_prefix);
    s->rank[4] = measured(s, r->sector_prefix);
    s->rank[5] = r->certification_body.len > 0 ? 1 : 0;
    s->rank[6] = r->awarding_body.len > 0 ? 1 : 0;
}

static struct sheet explain(const struct row_rule *r, const struct recognition_input *in,
                            enum recognition_slip slip)
{
    const struct credential *c = in->credential;
    int64_t issued = c->value[SAKSI_CLAIM_ISSUE_DATE].number;
    struct sheet s = {.rule = r, .slip = slip};
    s.about_state = slip == SLIP_STATE_ANY || same(r->issuing_state, in->issuing_state);
    s.in_time = reaches(&s, SLIP_VALID_FROM_AFTER, in->today, r->valid_from_day) &&
                reaches(&s, SLIP_VALID_UNTIL_BEFORE, r->valid_until_day, in->today) &&
                reaches(&s, SLIP_ISSUED_FROM_AFTER, issued, r->issued_from_day) &&
                reaches(&s, SLIP_ISSUED_UNTIL_BEFORE, r->issued_until_day, issued);
    answer(&s, r->purposes != 0 && slip != SLIP_PURPOSE_ANY, true,
           (r->purposes & 1U << in->purpose) != 0);
    answer_bodies(&s, in);
    answer_codes(&s, c);
    answer_numbers(&s, c);
    answer_nationality(&s, c);
    conclude(&s);
    rank(&s);
    return s;
}

/* --- the order of sheets: who decides stands first --- */

static int more_specific_first(const struct sheet *a, const struct sheet *b)
{
    for (size_t i = 0; i < 7; i++) {
        bool turned = a->slip == (enum recognition_slip)(SLIP_RANK_0 + i);
        if (a->rank[i] != b->rank[i]) {
            return (a->rank[i] > b->rank[i]) != turned ? -1 : 1;
        }
    }
    return 0;
}

/* 4 not_recognised, 3 case_by_case, 2 conditional, 1 recognised. */
static int worse_first(const struct sheet *a, const struct sheet *b)
{
    int order = (int)b->result - (int)a->result;
    return a->slip == SLIP_BEST_OF_EQUALS ? -order : order;
}

static int lower_id_first(const struct sheet *a, const struct sheet *b)
{
    struct span x = a->rule->id, y = b->rule->id;
    size_t i = 0;
    while (i < x.len && i < y.len && x.ptr[i] == y.ptr[i]) {
        i++;
    }
    int order = (i < x.len ? x.ptr[i] + 1 : 0) - (i < y.len ? y.ptr[i] + 1 : 0);
    return a->slip == SLIP_HIGHEST_ID ? -order : order;
}

/* A suspension is not held against others by its rank, nor is one that is in doubt. */
static bool outranks(const struct sheet *s)
{
    enum recognition_slip kept =
        s->result == ROW_SUSPENDED ? SLIP_SUSPENSION_RANKED : SLIP_DOUBTFUL_RANKED;
    return s->matches && s->suspension && s->slip != kept;
}

static int by_specificity(const void *pa, const void *pb)
{
    const struct sheet *a = pa, *b = pb;
    return more_specific_first(a, b);
}

static int by_result(const void *pa, const void *pb)
{
    const struct sheet *a = pa, *b = pb;
    int order = worse_first(a, b);
    return order != 0 ? order : lower_id_first(a, b);
}

/* Moves to the front what `keep` wants, and tells how many that are. */
static size_t keep_only(struct sheet *s, size_t count, bool (*keep)(const struct sheet *s))
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (keep(&s[i])) {
            struct sheet moved = s[i];
            s[i] = s[kept];
            s[kept++] = moved;
        }
    }
    return kept;
}

static bool matches(const struct sheet *s)
{
    return s->matches;
}

struct recognition_result recognition_reference(const struct row_rule *rules, size_t count,
                                                const struct recognition_input *input,
                                                enum recognition_slip slip)
{
    struct sheet sheet[RECOGNITION_REFERENCE_MAX_RULES];
    for (size_t i = 0; i < count; i++) {
        sheet[i] = explain(&rules[i], input, slip);
    }
    size_t matching = keep_only(sheet, count, matches);
    size_t outside = keep_only(sheet, matching, outranks);
    size_t deciding = outside;
    qsort(sheet + outside, matching - outside, sizeof sheet[0], by_specificity);
    while (deciding < matching && more_specific_first(&sheet[outside], &sheet[deciding]) == 0) {
        deciding++;
    }
    qsort(sheet, deciding, sizeof sheet[0], by_result);
    if (deciding == 0) {
        return (struct recognition_result){false, (enum row_result)0, NULL};
    }
    return (struct recognition_result){true, sheet[0].result, sheet[0].rule};
}
