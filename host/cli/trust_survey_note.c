/* SPDX-License-Identifier: Apache-2.0
 *
 * Notes in order, bounded; and the names of what they say.
 */
#include <stdlib.h>

#include "cli/trust_survey_steps.h"

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare(const struct survey_note *a, const struct survey_note *b)
{
    const int order[] = {
        compare_numbers(a->day, b->day),
        compare_numbers(a->kind, b->kind),
        strcmp(a->state, b->state),
        strcmp(a->about, b->about),
        strcmp(a->issuer, b->issuer),
        memcmp(a->kid, b->kid, sizeof a->kid),
        compare_numbers(a->framework, b->framework),
        compare_numbers(a->edition, b->edition),
    };
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (order[i] != 0) {
            return order[i];
        }
    }
    return 0;
}

void survey_add(struct survey_notes *notes, const struct survey_note *note)
{
    size_t at = notes->count;
    while (at > 0 && compare(note, &notes->note[at - 1]) < 0) {
        at--;
    }
    if (notes->count == SURVEY_MAX_NOTES) {
        notes->more++;
        if (at == SURVEY_MAX_NOTES) {
            return;
        }
    } else {
        notes->count++;
    }
    memmove(&notes->note[at + 1], &notes->note[at],
            (notes->count - 1 - at) * sizeof notes->note[0]);
    notes->note[at] = *note;
}

void survey_copy(char *to, size_t size, struct span text)
{
    size_t len = text.len < size ? text.len : size - 1;
    if (len != 0) {
        memcpy(to, text.ptr, len);
    }
    to[len] = '\0';
}

struct survey_note survey_note_of(int kind, const char *state)
{
    struct survey_note note = {.kind = kind};
    survey_copy(note.state, sizeof note.state, span_str(state));
    return note;
}

const char *survey_problem_name(enum survey_problem problem)
{
    static const char *const name[SURVEY_PROBLEM_COUNT] = {
        [SURVEY_NO_ROOT] = "no_root",
        [SURVEY_CLOCK_SUSPECT] = "clock_suspect",
        [SURVEY_ROOT_EXPIRED] = "root_expired",
        [SURVEY_NO_HEADER] = "no_header",
        [SURVEY_HEADER_EXPIRED] = "header_expired",
        [SURVEY_HOST_LIST_MISSING] = "host_list_missing",
        [SURVEY_LIST_DISABLED] = "list_disabled",
        [SURVEY_LIST_MISSING] = "list_missing",
        [SURVEY_LIST_EXPIRED] = "list_expired",
        [SURVEY_LIST_OLD] = "list_old",
        [SURVEY_LIST_BEHIND] = "list_behind",
        [SURVEY_HOST_RULES_MISSING] = "host_rules_missing",
        [SURVEY_STATE_WITHOUT_LIST] = "state_without_list",
        [SURVEY_ISSUER_WITHOUT_KEY] = "issuer_without_key",
        [SURVEY_KEY_WITHOUT_LICENCE] = "key_without_licence",
        [SURVEY_RULES_NOT_COVERED] = "rules_not_covered",
        [SURVEY_MAP_MISSING] = "map_missing",
    };
    return name[problem];
}

const char *survey_expiry_name(enum survey_expiry expiry)
{
    static const char *const name[SURVEY_EXPIRY_COUNT] = {
        [SURVEY_EXPIRY_HEADER] = "header",   [SURVEY_EXPIRY_LIST] = "list",
        [SURVEY_EXPIRY_ROOT] = "root",       [SURVEY_EXPIRY_KEY] = "key",
        [SURVEY_EXPIRY_LICENCE] = "licence",
    };
    return name[expiry];
}

const char *survey_staleness_name(enum staleness staleness)
{
    static const char *const name[] = {
        [STALENESS_PLAIN] = "plain",
        [STALENESS_SHOWN] = "shown",
        [STALENESS_AMBER] = "amber",
        [STALENESS_UNKNOWN] = "unknown",
    };
    return name[staleness];
}
