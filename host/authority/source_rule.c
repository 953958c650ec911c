/* SPDX-License-Identifier: Apache-2.0
 *
 * An element of rules.json: what this state accepts from another one, and under which conditions.
 */
#include "authority/source_list.h"

#include <saksi/credential.h>

/* A list of names as bits; 0 when absent. An empty list would match nothing, so it is refused. */
static unsigned read_purposes(struct source *s, const struct json_value *rule)
{
    const struct json_value *array = json_find_array(&s->json, rule, "purpose", 4);
    unsigned bits = 0;
    for (size_t i = 0; i < json_count(array) && !s->json.failed; i++) {
        bits |= 1u << source_enum_at(s, array, i, ROW_ENUM_PURPOSE);
    }
    if (array != NULL && json_count(array) == 0) {
        source_refuse(s, rule, "purpose", "is empty; leave it out to mean any");
    }
    return bits;
}

static unsigned read_scheme_types(struct source *s, const struct json_value *rule)
{
    const struct json_value *array = json_find_array(&s->json, rule, "scheme_type", 6);
    unsigned bits = 0;
    for (size_t i = 0; i < json_count(array) && !s->json.failed; i++) {
        bits |= 1u << source_claim_value_at(s, array, i, SAKSI_CLAIM_SCHEME_TYPE);
    }
    if (array != NULL && json_count(array) == 0) {
        source_refuse(s, rule, "scheme_type", "is empty; leave it out to mean any");
    }
    return bits;
}

/* The format wants them ascending, each once. */
static void insert_nationality(struct row_rule *rule, struct span state)
{
    size_t at = rule->nationality_count++;
    for (; at > 0 && span_compare(state, rule->nationality[at - 1]) < 0; at--) {
        rule->nationality[at] = rule->nationality[at - 1];
    }
    rule->nationality[at] = state;
}

static bool has_nationality(const struct row_rule *rule, struct span state)
{
    bool found = false;
    for (size_t i = 0; i < rule->nationality_count && !found; i++) {
        found = span_equal(rule->nationality[i], state);
    }
    return found;
}

static void read_nationalities(struct source *s, const struct json_value *rule,
                               struct row_rule *ret_rule)
{
    const struct json_value *array =
        json_find_array(&s->json, rule, "nationality", ROW_MAX_NATIONALITIES);
    for (size_t i = 0; i < json_count(array) && !s->json.failed; i++) {
        struct span state = json_text_at(&s->json, array, i, TRUST_STATE_SIZE, TRUST_STATE_SIZE);
        if (!trust_is_state(state)) {
            source_refuse(s, json_at(array, i), NULL, "is not a state code of two capital letters");
        } else if (has_nationality(ret_rule, state)) {
            source_refuse(s, json_at(array, i), NULL, "stands there twice");
        } else {
            insert_nationality(ret_rule, state);
        }
    }
    if (array != NULL && json_count(array) == 0) {
        source_refuse(s, rule, "nationality", "is empty; leave it out to mean any");
    }
}

static void read_award(struct source *s, const struct json_value *rule, struct row_rule *ret_rule)
{
    ret_rule->awarding_body = source_find_code(s, rule, "awarding_body", 4, 32);
    ret_rule->certification_body = source_find_code(s, rule, "certification_body", 4, 32);
    ret_rule->scheme_types = read_scheme_types(s, rule);
    ret_rule->coverage = source_claim_value(s, rule, "coverage", SAKSI_CLAIM_COVERAGE, false);
    ret_rule->standard_family =
        source_claim_value(s, rule, "standard_family", SAKSI_CLAIM_STANDARD_FAMILY, false);
    ret_rule->scheme_code = source_find_code(s, rule, "scheme_code", 1, 32);
    ret_rule->scheme_prefix = source_find_code(s, rule, "scheme_prefix", 1, 32);
    ret_rule->sector_prefix = source_find_code(s, rule, "sector_prefix", 1, 8);
    ret_rule->occupation_prefix = source_find_code(s, rule, "occupation_prefix", 1, 6);
    ret_rule->job_index = source_find_code(s, rule, "job_index", 1, 8);
}

static int read_level(struct source *s, const struct json_value *rule, const char *name)
{
    bool found;
    int64_t level = json_find_int(&s->json, rule, name, 0, 9, &found);
    return found ? (int)level : -1;
}

static void read_levels(struct source *s, const struct json_value *rule, struct row_rule *ret_rule)
{
    ret_rule->framework = source_claim_value(s, rule, "framework", SAKSI_CLAIM_FRAMEWORK, false);
    ret_rule->edition = (int)json_find_int(&s->json, rule, "edition", 1950, 2199, NULL);
    ret_rule->level_least = read_level(s, rule, "level_least");
    ret_rule->level_most = read_level(s, rule, "level_most");
    if (ret_rule->level_most >= 0 && ret_rule->level_most < ret_rule->level_least) {
        source_refuse(s, rule, "level_most", "is less than level_least");
    }
}

static void read_window(struct source *s, const struct json_value *rule, struct row_rule *ret_rule)
{
    bool found;
    ret_rule->issued_from_day = json_find_day(&s->json, rule, "issued_from", &found);
    if (!found) {
        ret_rule->issued_from_day = INT64_MIN;
    }
    ret_rule->issued_until_day = json_find_day(&s->json, rule, "issued_until", &found);
    if (!found) {
        ret_rule->issued_until_day = INT64_MAX;
    }
    if (ret_rule->issued_until_day < ret_rule->issued_from_day) {
        source_refuse(s, rule, "issued_until", "is earlier than issued_from");
    }
}

static void read_rule(struct source *s, const struct json_value *element, struct span state,
                      struct row_rule *ret_rule)
{
    ret_rule->id = source_code(s, element, "id", 1, 32);
    ret_rule->arrangement =
        (enum row_arrangement)source_enum(s, element, "arrangement", ROW_ENUM_ARRANGEMENT);
    ret_rule->result = (enum row_result)source_enum(s, element, "result", ROW_ENUM_RESULT);
    ret_rule->issuing_state = source_state(s, element, "issuing_state");
    if (span_equal(ret_rule->issuing_state, state)) {
        source_refuse(s, element, "issuing_state",
                      "is this state itself; its own certificates need no rule");
    }
    source_days(s, element, "valid_from", "valid_until", &ret_rule->valid_from_day,
                &ret_rule->valid_until_day);
    ret_rule->purposes = read_purposes(s, element);
    read_award(s, element, ret_rule);
    read_nationalities(s, element, ret_rule);
    read_levels(s, element, ret_rule);
    read_window(s, element, ret_rule);
    if (json_has(element, "conditions")) {
        source_names(s, element, "conditions", &ret_rule->conditions);
    }
    ret_rule->source = json_find_text(&s->json, element, "source", 1, 160);
    if (ret_rule->result == ROW_CONDITIONAL && !json_has(element, "conditions")) {
        source_refuse(s, element, "conditions", "is missing: the result depends on them");
    }
}

enum authority_error source_rule_read(struct list_reader *r, const struct json_value *element)
{
    static const char *const members[] = {"id",
                                          "arrangement",
                                          "result",
                                          "issuing_state",
                                          "valid_from",
                                          "valid_until",
                                          "purpose",
                                          "awarding_body",
                                          "certification_body",
                                          "scheme_type",
                                          "coverage",
                                          "standard_family",
                                          "scheme_code",
                                          "scheme_prefix",
                                          "sector_prefix",
                                          "occupation_prefix",
                                          "job_index",
                                          "nationality",
                                          "framework",
                                          "edition",
                                          "level_least",
                                          "level_most",
                                          "issued_from",
                                          "issued_until",
                                          "conditions",
                                          "source",
                                          NULL};
    struct row_rule rule = {0};
    json_only(&r->s->json, element, members);
    read_rule(r->s, element, r->state, &rule);
    if (r->s->json.failed) {
        return AUTHORITY_OK; /* told by source_finish */
    }
    struct writer w = list_reader_row(r);
    row_rule_write(&w, &rule);
    return list_reader_add(r, &w);
}
