/* SPDX-License-Identifier: Apache-2.0
 *
 * The files of a state's folder: which there are, how each is read, and the rows that are one
 * element each.
 */
#include "authority/source_list.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include <saksi/credential.h>

#define MAX_KEY_PERIOD_S (400LL * 86400)
#define DAY_S            86400
#define MAX_VALID_DAYS   3660

struct writer list_reader_row(struct list_reader *r)
{
    return writer_of(r->room, TRUST_MAX_ROW_BYTES);
}

enum authority_error list_reader_add(struct list_reader *r, const struct writer *w)
{
    if (r->s->json.failed) {
        return AUTHORITY_OK;
    }
    return list_rows_add(r->rows, w, &r->origin, r->problem);
}

/* --- keys.json --- */

static void read_key_end(struct source *s, const struct json_value *element,
                         struct row_key *ret_key)
{
    if (!json_has(element, "end") || json_is_null(element, "end")) {
        if (json_has(element, "at")) {
            source_refuse(s, element, "at", "says when the key ended, but there is no \"end\"");
        }
        return;
    }
    ret_key->end = (enum row_key_end)source_enum(s, element, "end", ROW_ENUM_KEY_END);
    ret_key->end_s = source_time(s, element, "at");
}

static enum authority_error read_key(struct list_reader *r, const struct json_value *element)
{
    static const char *const members[] = {"issuer", "alg", "public", "from",
                                          "until",  "end", "at",     NULL};
    uint8_t room[CRYPTO_MAX_PUBLIC_KEY];
    uint8_t kid[CRYPTO_KID_SIZE] = {0};
    struct source *s = r->s;
    struct row_key key = {.kid = span_of(kid, sizeof kid)};
    json_only(&s->json, element, members);
    key.issuer = source_issuer_id(s, element, "issuer", r->state, true);
    source_public_key(s, element, room, &key.alg, &key.public_key);
    key.from_s = source_time(s, element, "from");
    key.until_s = source_time(s, element, "until");
    read_key_end(s, element, &key);
    if (key.until_s < key.from_s) {
        source_refuse(s, element, "until", "is earlier than from");
    }
    if (key.until_s - key.from_s > MAX_KEY_PERIOD_S) {
        source_refuse(s, element, "until", "is more than 400 days after from");
    }
    if (s->json.failed) {
        return AUTHORITY_OK; /* told by source_finish */
    }
    if (crypto_kid(key.alg, key.public_key, kid) != CRYPTO_OK) {
        return authority_fail_system(r->problem);
    }
    struct writer w = list_reader_row(r);
    row_key_write(&w, &key);
    return list_reader_add(r, &w);
}

/* --- derecognised.json --- */

static enum authority_error read_derecognised(struct list_reader *r,
                                              const struct json_value *element)
{
    static const char *const members[] = {"issuer", "index", "reason", "date", NULL};
    struct source *s = r->s;
    struct row_derecognised row;
    json_only(&s->json, element, members);
    row.issuer = source_issuer_id(s, element, "issuer", r->state, false);
    row.index = (uint32_t)json_get_int(&s->json, element, "index", 0, UINT32_MAX);
    row.reason = source_enum(s, element, "reason", ROW_ENUM_REASON);
    row.date_day = source_day(s, element, "date");
    struct writer w = list_reader_row(r);
    row_derecognised_write(&w, &row);
    return list_reader_add(r, &w);
}

/* --- frameworks.json --- */

static enum authority_error read_framework(struct list_reader *r, const struct json_value *element)
{
    static const char *const members[] = {"framework", "edition", "level", "aqrf_level",
                                          "status",    "source",  NULL};
    struct source *s = r->s;
    struct row_framework row = {0};
    json_only(&s->json, element, members);
    row.framework = source_claim_value(s, element, "framework", SAKSI_CLAIM_FRAMEWORK, true);
    row.edition = (int)json_get_int(&s->json, element, "edition", 1950, 2199);
    row.level = (int)json_get_int(&s->json, element, "level", 0, 9);
    if (!json_is_null(element, "aqrf_level")) {
        row.aqrf_level = (int)json_get_int(&s->json, element, "aqrf_level", 1, 8);
    }
    row.status = source_enum(s, element, "status", ROW_ENUM_MAP_STATUS);
    row.source = json_get_text(&s->json, element, "source", 1, 160);
    struct writer w = list_reader_row(r);
    row_framework_write(&w, &row);
    return list_reader_add(r, &w);
}

/* --- catalogue.json --- */

static enum authority_error read_title(struct list_reader *r, const struct json_value *element,
                                       enum row_type type, size_t most)
{
    static const char *const members[] = {"code", "names", NULL};
    struct row_title row = {.type = type};
    json_only(&r->s->json, element, members);
    row.code = source_code(r->s, element, "code", 1, most);
    source_names(r->s, element, "names", &row.names);
    struct writer w = list_reader_row(r);
    row_title_write(&w, &row);
    return list_reader_add(r, &w);
}

static enum authority_error read_scheme(struct list_reader *r, const struct json_value *element)
{
    return read_title(r, element, ROW_SCHEME_TITLE, 32);
}

static enum authority_error read_unit(struct list_reader *r, const struct json_value *element)
{
    return read_title(r, element, ROW_UNIT_TITLE, 24);
}

static enum authority_error read_job(struct list_reader *r, const struct json_value *element)
{
    return read_title(r, element, ROW_JOB_TITLE, 8);
}

/* --- the folder --- */

#define MAX_ARRAYS 3

static const struct list_file {
    const char *name;
    struct {
        const char *name;
        enum authority_error (*read)(struct list_reader *r, const struct json_value *element);
    } array[MAX_ARRAYS];
} list_files[] = {
    {"issuers.json", {{"issuers", source_issuer_read}}},
    {"keys.json", {{"keys", read_key}}},
    {"status.json", {{"status", source_status_read}}},
    {"rules.json", {{"rules", source_rule_read}}},
    {"derecognised.json", {{"derecognised", read_derecognised}}},
    {"frameworks.json", {{"frameworks", read_framework}}},
    {"catalogue.json", {{"schemes", read_scheme}, {"units", read_unit}, {"jobs", read_job}}},
};
#define LIST_FILES (sizeof list_files / sizeof list_files[0])
_Static_assert(LIST_FILES + 1 == SOURCE_LIST_FILES, "one name for each file and one for list.json");

static bool is_known_file(const char *name)
{
    /* blocks.json holds the index blocks given to stations; it is no source of the list. */
    bool known = strcmp(name, "list.json") == 0 || strcmp(name, "blocks.json") == 0;
    for (size_t i = 0; i < LIST_FILES && !known; i++) {
        known = strcmp(name, list_files[i].name) == 0;
    }
    return known;
}

static enum authority_error check_folder(const char *dir, const char *state,
                                         struct authority_problem *problem)
{
    char path[PATH_MAX];
    enum authority_error error = authority_path(problem, path, "%s/%s", dir, state);
    DIR *folder = error == AUTHORITY_OK ? opendir(path) : NULL;
    if (error == AUTHORITY_OK && folder == NULL) {
        return authority_fail(problem, AUTHORITY_FILE, "%s: there is no such folder", path);
    }
    for (struct dirent *entry; error == AUTHORITY_OK && (entry = readdir(folder)) != NULL;) {
        size_t len = strlen(entry->d_name);
        bool is_json = len > 5 && strcmp(entry->d_name + len - 5, ".json") == 0;
        if (is_json && !is_known_file(entry->d_name)) {
            error = authority_fail(problem, AUTHORITY_SOURCE,
                                   "%s/%s: is not the name of a source file; check its spelling",
                                   path, entry->d_name);
        }
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    return error;
}

static enum authority_error read_array(struct list_reader *r, const struct list_file *file,
                                       size_t which)
{
    enum authority_error error = AUTHORITY_OK;
    const char *name = file->array[which].name;
    const struct json_value *array = json_find_array(&r->s->json, r->s->top, name, TRUST_MAX_ROWS);
    for (size_t i = 0; i < json_count(array) && error == AUTHORITY_OK && !r->s->json.failed; i++) {
        r->origin = (struct row_origin){r->s->file, name, i};
        error = file->array[which].read(r, json_at(array, i));
    }
    return error;
}

static enum authority_error read_arrays(struct list_reader *r, const struct list_file *file)
{
    const char *names[MAX_ARRAYS + 1] = {NULL};
    enum authority_error error = AUTHORITY_OK;
    for (size_t i = 0; i < MAX_ARRAYS; i++) {
        names[i] = file->array[i].name;
    }
    json_only(&r->s->json, r->s->top, names);
    for (size_t i = 0; i < MAX_ARRAYS && names[i] != NULL && error == AUTHORITY_OK; i++) {
        error = read_array(r, file, i);
    }
    return error != AUTHORITY_OK ? error : source_finish(r->s, r->problem);
}

/* Takes the open source over. */
static enum authority_error read_source(struct list_source *list, const struct list_file *file,
                                        struct source *s, struct authority_problem *problem)
{
    struct list_reader r = {.s = s,
                            .state = span_of(list->state, TRUST_STATE_SIZE),
                            .rows = &list->rows,
                            .room = malloc(TRUST_MAX_ROW_BYTES),
                            .problem = problem};
    enum authority_error error =
        r.room == NULL ? authority_fail_system(problem) : read_arrays(&r, file);
    free(r.room);
    source_close(s);
    return error;
}

enum authority_error list_source_add(struct list_source *list, const char *name, struct span text,
                                     struct authority_problem *problem)
{
    struct source s;
    for (size_t i = 0; i < LIST_FILES; i++) {
        if (strcmp(list_files[i].name, name) == 0) {
            enum authority_error error = source_parse(list->file[i], text, &s, problem);
            return error == AUTHORITY_OK ? read_source(list, &list_files[i], &s, problem) : error;
        }
    }
    return authority_fail(problem, AUTHORITY_SOURCE, "%s: is not the name of a source file", name);
}

static enum authority_error read_file(const char *dir, struct list_source *list, size_t which,
                                      struct authority_problem *problem)
{
    struct source s;
    char path[PATH_MAX];
    enum authority_error error = authority_path(problem, path, "%s/%s", dir, list->file[which]);
    if (error != AUTHORITY_OK || !file_exists(path)) {
        return error;
    }
    error = source_open(dir, list->file[which], &s, problem);
    return error == AUTHORITY_OK ? read_source(list, &list_files[which], &s, problem) : error;
}

/* list.json: { "version", "as_of", "valid_days" } */
static enum authority_error read_list_json(const char *dir, struct list_source *list,
                                           struct authority_problem *problem)
{
    static const char *const members[] = {"version", "as_of", "valid_days", NULL};
    struct source s;
    enum authority_error error = source_open(dir, list->file[LIST_FILES], &s, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    json_only(&s.json, s.top, members);
    list->version = json_get_int(&s.json, s.top, "version", 1, INT64_MAX);
    list->as_of_s = source_time(&s, s.top, "as_of");
    list->expires_s =
        list->as_of_s + json_get_int(&s.json, s.top, "valid_days", 1, MAX_VALID_DAYS) * DAY_S;
    error = source_finish(&s, problem);
    source_close(&s);
    return error;
}

/* `name` (may be NULL) is the file whose text is given. */
static enum authority_error read_all(const char *dir, struct list_source *list, const char *name,
                                     struct span text, struct authority_problem *problem)
{
    enum authority_error error = read_list_json(dir, list, problem);
    for (size_t i = 0; i < LIST_FILES && error == AUTHORITY_OK; i++) {
        bool given = name != NULL && strcmp(list_files[i].name, name) == 0;
        error =
            given ? list_source_add(list, name, text, problem) : read_file(dir, list, i, problem);
    }
    return error == AUTHORITY_OK ? list_rows_sort(&list->rows, problem) : error;
}

void list_source_begin(struct list_source *list, const char *state)
{
    *list = (struct list_source){0};
    memcpy(list->state, state, TRUST_STATE_SIZE);
    for (size_t i = 0; i <= LIST_FILES; i++) {
        (void)snprintf(list->file[i], sizeof list->file[i], "%s/%s", list->state,
                       i < LIST_FILES ? list_files[i].name : "list.json");
    }
}

void list_source_free(struct list_source *list)
{
    list_rows_free(&list->rows);
}

enum authority_error list_source_read_with(const char *dir, const char *state, const char *name,
                                           struct span text, struct list_source *ret_list,
                                           struct authority_problem *problem)
{
    list_source_begin(ret_list, state);
    enum authority_error error = check_folder(dir, state, problem);
    if (error == AUTHORITY_OK) {
        error = read_all(dir, ret_list, name, text, problem);
    }
    if (error != AUTHORITY_OK) {
        list_source_free(ret_list);
    }
    return error;
}

enum authority_error list_source_read(const char *dir, const char *state,
                                      struct list_source *ret_list,
                                      struct authority_problem *problem)
{
    return list_source_read_with(dir, state, NULL, span_of(NULL, 0), ret_list, problem);
}
