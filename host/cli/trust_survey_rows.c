/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of one list: counted, and held against each other. Issuers come before what is said of
 * them, ranges before the sets they overrule.
 */
#include <stdlib.h>

#include "cli/trust_survey_steps.h"

#define LETTERS 26

struct issuer {
    char id[SURVEY_MAX_ID + 1];
    bool licensed; /* today */
    bool signs;    /* has keys, or is a body that ought to */
    bool key_in_force;
};

struct walk {
    struct trust_survey *survey;
    struct survey_list *list;
    struct survey_maps *maps;
    struct issuer *issuer; /* in the order of the list */
    size_t issuer_count, issuer_cap;
    struct survey_ranges *ranges;
    size_t rules_about[LETTERS * LETTERS]; /* in force or to come, by issuing state */
    enum survey_error error;
};

static bool take(struct walk *w, bool readable)
{
    if (!readable && w->error == SURVEY_OK) {
        w->error = SURVEY_DATA;
    }
    return w->error == SURVEY_OK;
}

static void keep(struct walk *w, bool kept)
{
    if (!kept && w->error == SURVEY_OK) {
        w->error = SURVEY_SYSTEM;
    }
}

/* Of a list that is disabled nothing counts, so that nothing in it is missing. */
static void add(const struct walk *w, struct survey_notes *notes, const struct survey_note *note)
{
    if (!w->list->stored->disabled) {
        survey_add(notes, note);
    }
}

static bool soon(const struct trust_survey *s, int64_t day)
{
    return s->today <= day && day <= s->today + SURVEY_SOON_DAYS;
}

/* --- issuers --- */

static bool licensed_today(struct walk *w, const struct row_issuer *row)
{
    const struct trust_survey *s = w->survey;
    struct cbor_cursor licences = row->licences;
    bool licensed = false;
    for (size_t i = 0; i < row->licence_count; i++) {
        struct row_licence licence;
        row_licence_next(&licences, &licence);
        licensed |= licence.from_day <= s->today && s->today <= licence.until_day;
        if (soon(s, licence.until_day)) {
            struct survey_note note = survey_note_of(SURVEY_EXPIRY_LICENCE, w->list->stored->state);
            survey_copy(note.issuer, sizeof note.issuer, row->id);
            note.day = licence.until_day;
            add(w, &w->survey->expiring, &note);
        }
    }
    return licensed;
}

static bool suspended_today(const struct walk *w, const struct row_issuer *row)
{
    struct cbor_cursor suspensions = row->suspensions;
    bool suspended = false;
    for (size_t i = 0; i < row->suspension_count; i++) {
        struct row_suspension suspension;
        row_suspension_next(&suspensions, &suspension);
        suspended |=
            suspension.from_day <= w->survey->today && w->survey->today <= suspension.until_day;
    }
    return suspended;
}

static void take_issuer(struct walk *w, struct span bytes)
{
    struct row_issuer row;
    void *items = w->issuer;
    if (!take(w, row_issuer_decode(bytes, &row))) {
        return;
    }
    if (!survey_grow(&items, w->issuer_count, &w->issuer_cap, sizeof w->issuer[0])) {
        keep(w, false);
        return;
    }
    w->issuer = items;
    struct issuer *issuer = &w->issuer[w->issuer_count++];
    *issuer = (struct issuer){.licensed = licensed_today(w, &row)};
    /* An awarding body need not sign itself: others act for it. */
    issuer->signs = row.kind != ROW_AWARDING_BODY;
    survey_copy(issuer->id, sizeof issuer->id, row.id);
    w->list->issuers++;
    w->list->issuers_licensed += issuer->licensed;
    w->list->issuers_suspended += suspended_today(w, &row);
}

static int by_id(const void *wanted, const void *item)
{
    return row_compare_ids(*(const struct span *)wanted,
                           span_str(((const struct issuer *)item)->id));
}

static struct issuer *find_issuer(const struct walk *w, struct span id)
{
    return w->issuer_count == 0
               ? NULL
               : bsearch(&id, w->issuer, w->issuer_count, sizeof w->issuer[0], by_id);
}

static void note_issuers_without_key(struct walk *w)
{
    for (size_t i = 0; i < w->issuer_count; i++) {
        const struct issuer *issuer = &w->issuer[i];
        if (issuer->licensed && issuer->signs && !issuer->key_in_force) {
            struct survey_note note =
                survey_note_of(SURVEY_ISSUER_WITHOUT_KEY, w->list->stored->state);
            memcpy(note.issuer, issuer->id, sizeof note.issuer);
            add(w, &w->survey->problems, &note);
        }
    }
}

/* --- keys --- */

static void note_key(struct walk *w, struct survey_notes *notes, int kind,
                     const struct row_key *key, int64_t day)
{
    struct survey_note note = survey_note_of(kind, w->list->stored->state);
    survey_copy(note.issuer, sizeof note.issuer, key->issuer);
    memcpy(note.kid, key->kid.ptr, key->kid.len < sizeof note.kid ? key->kid.len : sizeof note.kid);
    note.day = day;
    add(w, notes, &note);
}

static void take_key(struct walk *w, struct span bytes)
{
    struct row_key row;
    struct trust_survey *s = w->survey;
    if (!take(w, row_key_decode(bytes, &row))) {
        return;
    }
    struct issuer *issuer = find_issuer(w, row.issuer);
    bool ends_early = row.end == ROW_KEY_SUPERSEDED || row.end == ROW_KEY_CEASED;
    bool compromised = row.end == ROW_KEY_COMPROMISED;
    int64_t end_s = ends_early && row.end_s - 1 < row.until_s ? row.end_s - 1 : row.until_s;
    bool past = s->clock.now_s > end_s;
    bool in_force = !past && !compromised && row.from_s <= s->clock.now_s;
    int64_t end_day = clock_day(end_s, s->utc_offset_s);
    w->list->keys++;
    w->list->keys_in_force += in_force;
    w->list->keys_to_come += !past && !compromised && !in_force;
    w->list->keys_compromised += compromised;
    if (issuer != NULL) {
        issuer->signs = true;
        issuer->key_in_force |= in_force;
    }
    if (in_force && (issuer == NULL || !issuer->licensed)) {
        note_key(w, &s->problems, SURVEY_KEY_WITHOUT_LICENCE, &row, 0);
    }
    if (!past && !compromised && soon(s, end_day)) {
        note_key(w, &s->expiring, SURVEY_EXPIRY_KEY, &row, end_day);
    }
}

/* --- status --- */

static void take_status(struct walk *w, struct span bytes)
{
    struct row_status row;
    if (take(w, row_status_decode(bytes, &row))) {
        w->list->allotted += row.allotment;
        w->list->centres += row.centre_count;
        w->list->blanks += row.blank_count;
    }
}

static void take_range(struct walk *w, struct span bytes)
{
    struct row_range row;
    if (take(w, row_range_decode(bytes, &row))) {
        uint64_t count = (uint64_t)row.last - row.first + 1;
        w->list->revoked += row.status == ROW_RANGE_REVOKED ? count : 0;
        w->list->suspended += row.status == ROW_RANGE_SUSPENDED ? count : 0;
        keep(w, survey_ranges_add(w->ranges, &row));
    }
}

static void take_block(struct walk *w, struct span bytes)
{
    struct row_block row;
    if (!take(w, row_block_decode(bytes, &row))) {
        return;
    }
    switch (row.set) {
    case ROW_SET_REVOKED:
        w->list->revoked += survey_ranges_left(w->ranges, &row);
        break;
    case ROW_SET_SUSPENDED:
        w->list->suspended += survey_ranges_left(w->ranges, &row);
        break;
    case ROW_SET_SURVIVORS:
        w->list->survivors += row.offsets.len / 2;
        break;
    }
}

/* --- rules and maps --- */

static void take_rule(struct walk *w, struct span bytes)
{
    struct row_rule row;
    const struct trust_survey *s = w->survey;
    if (!take(w, row_rule_decode(bytes, &row))) {
        return;
    }
    w->list->rules++;
    w->list->rules_in_force += row.valid_from_day <= s->today && s->today <= row.valid_until_day;
    if (row.valid_until_day < s->today || w->list->stored->disabled) {
        return;
    }
    const uint8_t *about = row.issuing_state.ptr;
    w->rules_about[(about[0] - 'A') * LETTERS + (about[1] - 'A')]++;
    /* Of a state without a list nothing can be judged, and that is noted elsewhere. */
    if (row.framework != 0 && survey_state_covered(s, row.issuing_state) &&
        trust_state_list(&s->trust, row.issuing_state) != NULL) {
        keep(w, survey_numbers_add(&w->maps->wanted,
                                   survey_map_of(row.issuing_state, row.framework, row.edition)));
    }
}

static void note_rules_not_covered(struct walk *w)
{
    for (size_t i = 0; i < LETTERS * LETTERS; i++) {
        const char about[] = {(char)('A' + i / LETTERS), (char)('A' + i % LETTERS), '\0'};
        if (w->rules_about[i] > 0 && !survey_state_covered(w->survey, span_str(about))) {
            struct survey_note note =
                survey_note_of(SURVEY_RULES_NOT_COVERED, w->list->stored->state);
            memcpy(note.about, about, sizeof note.about);
            note.count = w->rules_about[i];
            add(w, &w->survey->problems, &note);
        }
    }
}

static void take_map(struct walk *w, struct span bytes)
{
    struct row_framework row;
    struct span state = span_str(w->list->stored->state);
    if (take(w, row_framework_decode(bytes, &row))) {
        w->list->maps++;
        keep(w, survey_numbers_add(&w->maps->present,
                                   survey_map_of(state, row.framework, row.edition)) &&
                    survey_numbers_add(&w->maps->present, survey_map_of(state, row.framework, 0)));
    }
}

static void take_derecognised(struct walk *w, struct span bytes)
{
    (void)bytes;
    w->list->derecognised++;
}

static void take_title(struct walk *w, struct span bytes)
{
    (void)bytes;
    w->list->titles++;
}

/* --- the walk --- */

/* A part that is not stored has no rows. */
static void load(struct trust_store *store, struct walk *w, bool catalogue, struct trust_rows *rows)
{
    enum trust_store_error error =
        trust_store_load(store, span_str(w->list->stored->state), catalogue, rows);
    if (error != TRUST_STORE_OK && error != TRUST_STORE_EMPTY && w->error == SURVEY_OK) {
        w->error = error == TRUST_STORE_DATA ? SURVEY_DATA : SURVEY_STORE;
    }
}

static void walk_type(struct walk *w, const struct trust_rows *rows, enum row_type type,
                      void (*take_row)(struct walk *w, struct span bytes))
{
    size_t i = trust_rows_bound(rows, type, span_of(NULL, 0));
    for (; i < rows->count && rows->row[i].type == type && w->error == SURVEY_OK; i++) {
        take_row(w, rows->row[i].bytes);
    }
}

enum survey_error survey_rows(struct trust_store *store, struct trust_survey *survey,
                              struct survey_list *list, struct survey_maps *maps)
{
    static const struct {
        enum row_type type;
        void (*take_row)(struct walk *w, struct span bytes);
    } step[] = {
        {ROW_ISSUER, take_issuer},
        {ROW_KEY, take_key},
        {ROW_STATUS, take_status},
        {ROW_RANGE, take_range},
        {ROW_BLOCK, take_block},
        {ROW_RULE, take_rule},
        {ROW_DERECOGNISED, take_derecognised},
        {ROW_FRAMEWORK, take_map},
        {ROW_SCHEME_TITLE, take_title},
        {ROW_UNIT_TITLE, take_title},
        {ROW_JOB_TITLE, take_title},
    };
    struct trust_rows rows[2] = {0};
    struct walk *w = calloc(1, sizeof *w);
    enum survey_error error = SURVEY_SYSTEM;
    if (w == NULL || !survey_ranges_new(&w->ranges)) {
        goto out;
    }
    w->survey = survey;
    w->list = list;
    w->maps = maps;
    load(store, w, false, &rows[0]);
    load(store, w, true, &rows[1]);
    for (size_t i = 0; i < sizeof step / sizeof step[0]; i++) {
        bool catalogue = step[i].type > ROW_LAST_SECURITY;
        walk_type(w, &rows[catalogue], step[i].type, step[i].take_row);
    }
    note_issuers_without_key(w);
    note_rules_not_covered(w);
    error = w->error;
out:
    if (w != NULL) {
        survey_ranges_free(w->ranges);
        free(w->issuer);
        free(w);
    }
    trust_rows_free(&rows[0]);
    trust_rows_free(&rows[1]);
    return error;
}
