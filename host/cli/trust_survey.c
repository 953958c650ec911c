/* SPDX-License-Identifier: Apache-2.0
 *
 * The survey as a whole: clock, documents, and each list in turn.
 */
#include "cli/trust_survey.h"

#include <stdlib.h>

#include "cli/trust_survey_steps.h"

static void note_problem(struct trust_survey *s, enum survey_problem problem, const char *state)
{
    struct survey_note note = survey_note_of((int)problem, state);
    survey_add(&s->problems, &note);
}

/* A document's end: to come, or a problem. */
static void note_end(struct trust_survey *s, enum survey_expiry expiry, const char *state,
                     int64_t expires_s)
{
    static const enum survey_problem expired[] = {
        [SURVEY_EXPIRY_HEADER] = SURVEY_HEADER_EXPIRED,
        [SURVEY_EXPIRY_LIST] = SURVEY_LIST_EXPIRED,
        [SURVEY_EXPIRY_ROOT] = SURVEY_ROOT_EXPIRED,
    };
    if (s->clock.now_s > expires_s) {
        note_problem(s, expired[expiry], state);
        return;
    }
    struct survey_note note = survey_note_of((int)expiry, state);
    note.day = clock_day(expires_s, s->utc_offset_s);
    survey_add(&s->expiring, &note);
}

bool survey_state_covered(const struct trust_survey *s, struct span state)
{
    const struct trust_authority *authority = trust_root_authority(s->trust.root, state);
    return authority != NULL && !(authority->ended && authority->ended_day <= s->today);
}

static struct survey_list *list_of(struct trust_survey *s, const char *state)
{
    for (size_t i = 0; i < s->trust.list_count; i++) {
        if (strcmp(s->list[i].stored->state, state) == 0) {
            return &s->list[i];
        }
    }
    return NULL;
}

/* --- documents --- */

static void look_at_list(struct trust_survey *s, struct survey_list *list)
{
    const struct trust_stored_list *stored = list->stored;
    list->age_days = staleness_age_days(stored, s->clock.now_s);
    list->staleness = staleness_of(list->age_days, s->limits);
    if (stored->disabled) {
        note_problem(s, SURVEY_LIST_DISABLED, stored->state);
        return;
    }
    note_end(s, SURVEY_EXPIRY_LIST, stored->state, stored->expires_s);
    if (stored->behind) {
        note_problem(s, SURVEY_LIST_BEHIND, stored->state);
    }
    if (s->trust.has_header && list->staleness >= STALENESS_AMBER) {
        struct survey_note note = survey_note_of(SURVEY_LIST_OLD, stored->state);
        note.days = list->age_days;
        survey_add(&s->problems, &note);
    }
}

static void look_for_lists(struct trust_survey *s)
{
    for (size_t i = 0; i < s->trust.root->authority_count; i++) {
        struct span state = s->trust.root->authority[i].state;
        char text[TRUST_STATE_SIZE + 1];
        survey_copy(text, sizeof text, state);
        if (survey_state_covered(s, state) && list_of(s, text) == NULL) {
            bool named = s->trust.has_header && trust_header_state(&s->trust.header, state) != NULL;
            note_problem(s, named ? SURVEY_LIST_MISSING : SURVEY_STATE_WITHOUT_LIST, text);
        }
    }
}

static void look_at_documents(struct trust_survey *s)
{
    const struct trust_state *t = &s->trust;
    if (s->clock.suspect) {
        note_problem(s, SURVEY_CLOCK_SUSPECT, "");
    }
    if (!t->has_root) {
        note_problem(s, SURVEY_NO_ROOT, "");
        return;
    }
    note_end(s, SURVEY_EXPIRY_ROOT, "", t->root->expires_s);
    if (t->has_header) {
        note_end(s, SURVEY_EXPIRY_HEADER, "", t->header.expires_s);
    } else {
        note_problem(s, SURVEY_NO_HEADER, "");
    }
    for (size_t i = 0; i < t->list_count; i++) {
        s->list[i].stored = &t->list[i];
        look_at_list(s, &s->list[i]);
    }
    look_for_lists(s);
}

static void look_at_host(struct trust_survey *s)
{
    if (s->host[0] == '\0' || !s->trust.has_root) {
        return;
    }
    const struct survey_list *list = list_of(s, s->host);
    if (list == NULL || list->stored->disabled) {
        note_problem(s, SURVEY_HOST_LIST_MISSING, s->host);
    } else if (list->rules_in_force == 0) {
        note_problem(s, SURVEY_HOST_RULES_MISSING, s->host);
    }
}

/* --- the whole --- */

static enum survey_error survey_lists(struct trust_store *store, struct trust_survey *s)
{
    struct survey_maps maps = {{NULL, 0, 0}, {NULL, 0, 0}};
    enum survey_error error = SURVEY_OK;
    for (size_t i = 0; error == SURVEY_OK && s->trust.has_root && i < s->trust.list_count; i++) {
        error = survey_rows(store, s, &s->list[i], &maps);
    }
    survey_maps_compare(&maps, &s->problems);
    survey_maps_free(&maps);
    return error;
}

static enum survey_error make(struct trust_store *store, const struct survey_request *request,
                              struct trust_survey *s)
{
    enum trust_store_error error = trust_store_read_state(store, &s->trust);
    if (error != TRUST_STORE_OK) {
        return error == TRUST_STORE_DATA ? SURVEY_DATA : SURVEY_STORE;
    }
    s->clock = clock_judge(&(struct clock_input){.system_s = request->system_s,
                                                 .build_s = request->build_s,
                                                 .floor_s = s->trust.floor_s,
                                                 .high_water_s = s->trust.high_water_s});
    s->today = clock_day(s->clock.now_s, request->utc_offset_s);
    s->utc_offset_s = request->utc_offset_s;
    s->limits = staleness_limits(&s->trust, &request->tighten);
    memcpy(s->host, request->host, sizeof s->host);
    look_at_documents(s);
    enum survey_error rows = survey_lists(store, s);
    look_at_host(s);
    return rows;
}

enum survey_error trust_survey_make(struct trust_store *store, const struct survey_request *request,
                                    struct trust_survey **ret_survey)
{
    struct trust_survey *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return SURVEY_SYSTEM;
    }
    enum survey_error error = SURVEY_STORE;
    if (trust_store_begin_read(store) == TRUST_STORE_OK) {
        error = make(store, request, s);
        trust_store_rollback(store);
    }
    if (error != SURVEY_OK) {
        trust_survey_free(s);
        return error;
    }
    *ret_survey = s;
    return SURVEY_OK;
}

void trust_survey_free(struct trust_survey *survey)
{
    if (survey != NULL) {
        trust_state_free(&survey->trust);
        free(survey);
    }
}
