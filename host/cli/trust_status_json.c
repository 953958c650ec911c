/* SPDX-License-Identifier: Apache-2.0
 *
 * The survey of a trust store as one JSON object. Member names and values are stable: programs
 * depend on them, and the manual explains them.
 */
#include "cli/trust_status.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "codec/credential.h"

static void put_state(struct json_value *object, const char *name, const char *state)
{
    if (state[0] == '\0') {
        json_put_null(object, name);
    } else {
        json_put_string(object, name, state);
    }
}

static struct json_value *root_json(const struct trust_state *t)
{
    struct json_value *root = json_new_object();
    json_put_hex(root, "root_id", span_of(t->root_id, sizeof t->root_id));
    json_put_int(root, "version", t->root->version);
    json_put_time(root, "issued_at", t->root->issued_at_s);
    json_put_time(root, "expires", t->root->expires_s);
    return root;
}

static struct json_value *header_json(const struct trust_survey *s)
{
    const struct trust_header *header = &s->trust.header;
    int64_t age_s = s->clock.now_s - header->issued_at_s;
    struct json_value *to = json_new_object();
    json_put_int(to, "version", header->version);
    json_put_time(to, "issued_at", header->issued_at_s);
    json_put_time(to, "expires", header->expires_s);
    json_put_int(to, "age_days", age_s > 0 ? age_s / CLOCK_DAY_S : 0);
    return to;
}

static struct json_value *limits_json(struct trust_staleness limits)
{
    struct json_value *object = json_new_object();
    json_put_int(object, "plain_days", limits.plain_days);
    json_put_int(object, "shown_days", limits.shown_days);
    json_put_int(object, "amber_days", limits.amber_days);
    return object;
}

static struct json_value *clock_json(const struct trust_survey *s)
{
    struct json_value *object = json_new_object();
    json_put_bool(object, "suspect", s->clock.suspect);
    json_put_time(object, "floor", s->clock.floor_s);
    json_put_time(object, "high_water", s->trust.high_water_s);
    return object;
}

/* --- lists --- */

static void put_document(struct json_value *object, const struct survey_list *list)
{
    const struct trust_stored_list *stored = list->stored;
    json_put_string(object, "state", stored->state);
    json_put_int(object, "version", stored->version);
    json_put_time(object, "as_of", stored->as_of_s);
    json_put_time(object, "expires", stored->expires_s);
    if (stored->fresh_as_of_s != 0) {
        json_put_time(object, "fresh_as_of", stored->fresh_as_of_s);
        json_put_int(object, "age_days", list->age_days);
    } else {
        json_put_null(object, "fresh_as_of");
        json_put_null(object, "age_days");
    }
    json_put_string(object, "staleness", survey_staleness_name(list->staleness));
    json_put_bool(object, "behind", stored->behind);
    json_put_bool(object, "disabled", stored->disabled);
    json_put_bool(object, "catalogue", stored->has_catalogue);
    json_put_hex(object, "digest", span_of(stored->digest, sizeof stored->digest));
}

static struct json_value *list_json(const struct survey_list *list)
{
    struct json_value *object = json_new_object();
    put_document(object, list);
    const struct {
        const char *name;
        uint64_t count;
    } counts[] = {
        {"issuers", list->issuers},
        {"issuers_licensed", list->issuers_licensed},
        {"issuers_suspended", list->issuers_suspended},
        {"keys", list->keys},
        {"keys_in_force", list->keys_in_force},
        {"keys_to_come", list->keys_to_come},
        {"keys_compromised", list->keys_compromised},
        {"rules", list->rules},
        {"rules_in_force", list->rules_in_force},
        {"derecognised", list->derecognised},
        {"framework_maps", list->maps},
        {"titles", list->titles},
        {"allotted", list->allotted},
        {"revoked", list->revoked},
        {"suspended", list->suspended},
        {"survivors", list->survivors},
        {"revoked_centres", list->centres},
        {"revoked_blanks", list->blanks},
    };
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        json_put_int(object, counts[i].name, (int64_t)counts[i].count);
    }
    return object;
}

static struct json_value *lists_json(const struct trust_survey *s)
{
    struct json_value *lists = json_new_array();
    for (size_t i = 0; i < s->trust.list_count; i++) {
        json_append(lists, list_json(&s->list[i]));
    }
    return lists;
}

/* --- notes --- */

static void put_framework(struct json_value *object, const struct survey_note *note)
{
    const char *name = claim_value_name(SAKSI_CLAIM_FRAMEWORK, note->framework);
    if (name != NULL) {
        json_put_string(object, "framework", name);
    } else {
        json_put_int(object, "framework", note->framework);
    }
    if (note->edition != 0) {
        json_put_int(object, "edition", note->edition);
    }
}

/* A member stands where it belongs to the kind of note. */
static struct json_value *note_json(const struct survey_note *note, const char *what, bool of_key)
{
    struct json_value *object = json_new_object();
    json_put_string(object, "what", what);
    if (note->state[0] != '\0') {
        json_put_string(object, "state", note->state);
    }
    if (note->about[0] != '\0') {
        json_put_string(object, "about", note->about);
        json_put_int(object, "rules", (int64_t)note->count);
    }
    if (note->issuer[0] != '\0') {
        json_put_string(object, "issuer", note->issuer);
    }
    if (of_key) {
        json_put_hex(object, "kid", span_of(note->kid, sizeof note->kid));
    }
    if (note->framework != 0) {
        put_framework(object, note);
    }
    return object;
}

static struct json_value *problems_json(const struct survey_notes *notes)
{
    struct json_value *array = json_new_array();
    for (size_t i = 0; i < notes->count; i++) {
        const struct survey_note *note = &notes->note[i];
        json_append(array, note_json(note, survey_problem_name((enum survey_problem)note->kind),
                                     note->kind == SURVEY_KEY_WITHOUT_LICENCE));
    }
    return array;
}

static struct json_value *expiring_json(const struct survey_notes *notes)
{
    struct json_value *array = json_new_array();
    for (size_t i = 0; i < notes->count; i++) {
        const struct survey_note *note = &notes->note[i];
        struct json_value *object =
            note_json(note, survey_expiry_name((enum survey_expiry)note->kind),
                      note->kind == SURVEY_EXPIRY_KEY);
        json_put_day(object, "day", note->day);
        json_append(array, object);
    }
    return array;
}

/* --- the whole --- */

static struct json_value *survey_json(const struct trust_survey *s)
{
    const struct trust_state *t = &s->trust;
    struct json_value *object = json_new_object();
    json_put_bool(object, "sample", t->has_root && t->root->sample);
    if (t->has_root) {
        json_put(object, "root", root_json(t));
    } else {
        json_put_null(object, "root");
    }
    if (t->has_header) {
        json_put(object, "header", header_json(s));
        json_put(object, "limits", limits_json(s->limits));
    } else {
        json_put_null(object, "header");
        json_put_null(object, "limits");
    }
    json_put_time(object, "floor", t->floor_s);
    json_put(object, "clock", clock_json(s));
    put_state(object, "host", s->host);
    json_put(object, "lists", lists_json(s));
    json_put(object, "problems", problems_json(&s->problems));
    json_put_int(object, "problems_more", (int64_t)s->problems.more);
    json_put(object, "expiring", expiring_json(&s->expiring));
    json_put_int(object, "expiring_more", (int64_t)s->expiring.more);
    return object;
}

bool trust_status_json(const struct trust_survey *survey, const struct trust_mark *mark)
{
    struct json_value *object = survey_json(survey);
    mark_put(object, mark, &survey->trust);
    char *text = json_format(object, 0);
    json_free(object);
    if (text == NULL) {
        return false;
    }
    puts(text);
    free(text);
    return true;
}
