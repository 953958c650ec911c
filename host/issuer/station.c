/* SPDX-License-Identifier: Apache-2.0
 *
 * station.json, in and out.
 */
#include "issuer/station.h"

#include <stdlib.h>

#include "codec/cbor.h"

#define STATION_JSON_MAX 65536

static void refuse(struct json_reader *r, const struct json_value *object, const char *name,
                   bool refused, const char *what)
{
    if (refused) {
        json_refuse(r, object, name, what);
    }
}

static struct span get_code(struct json_reader *r, const struct json_value *object,
                            const char *name, size_t least, size_t most)
{
    struct span code = json_get_text(r, object, name, least, most);
    refuse(r, object, name, !cbor_text_is_code(code),
           "must be plain ASCII characters with no blank at either end");
    return code;
}

static void read_names(struct json_reader *r, const struct json_value *names,
                       struct station_party *party)
{
    struct span lang;
    const struct json_value *value;
    bool english = false;
    refuse(r, names, NULL, json_count(names) > STATION_MAX_NAMES, "has more than 12 names");
    for (size_t i = 0; !r->failed && json_member_at(names, i, &lang, &value); i++) {
        party->name[i].lang = lang;
        party->name[i].text = json_value_text(r, value, 1, 160);
        party->name_count = i + 1;
        english |= span_equal(lang, span_str("en"));
        refuse(r, names, NULL, lang.len < 2 || lang.len > 12 || !cbor_text_is_code(lang),
               "has a language tag that is none");
    }
    refuse(r, names, "en", !english, "is missing");
}

static void read_party(struct json_reader *r, const char *name, struct station_party *party)
{
    static const char *const members[] = {"id", "names", NULL};
    const struct json_value *object = json_get_object(r, r->document, name);
    json_only(r, object, members);
    party->id = get_code(r, object, "id", 2, 32);
    read_names(r, json_get_object(r, object, "names"), party);
}

/* An absolute path, or one below the folder. */
static bool join(const char *folder, struct span path, char to[STATION_PATH_MAX])
{
    bool absolute = path.len != 0 && path.ptr[0] == '/';
    int len = snprintf(to, STATION_PATH_MAX, "%s%s%.*s", absolute ? "" : folder,
                       absolute ? "" : "/", (int)path.len, (const char *)path.ptr);
    return len > 0 && len < STATION_PATH_MAX;
}

static void read_languages(struct json_reader *r, struct station *s)
{
    const struct json_value *languages = json_get_array(r, r->document, "languages", 1, 2);
    struct span first = json_text_at(r, languages, 0, 2, 12);
    refuse(r, r->document, "languages", !span_equal(first, span_str("en")),
           "must begin with \"en\"");
    if (json_count(languages) == 2) {
        s->second_language = json_text_at(r, languages, 1, 2, 12);
    }
}

static void copy_code(struct span code, char to[33])
{
    size_t len = code.len < 33 ? code.len : 32;
    if (len != 0) {
        memcpy(to, code.ptr, len);
    }
    to[len] = '\0';
}

static void read_station(struct json_reader *r, struct station *s, const char *folder)
{
    static const char *const members[] = {
        "issuer", "authority", "station", "sample", "languages", "key", "out", "trust_list", NULL};
    json_only(r, r->document, members);
    read_party(r, "issuer", &s->issuer);
    read_party(r, "authority", &s->authority);
    s->station = get_code(r, r->document, "station", 1, 32);
    s->sample = json_find_bool(r, r->document, "sample");
    read_languages(r, s);
    struct span key = json_get_text(r, r->document, "key", 1, 1024);
    struct span out = json_get_text(r, r->document, "out", 1, 1024);
    struct span trust_list = json_find_text(r, r->document, "trust_list", 1, 1024);
    refuse(r, r->document, "key", !join(folder, key, s->key_path), "makes too long a path");
    refuse(r, r->document, "out", !join(folder, out, s->out_path), "makes too long a path");
    refuse(r, r->document, "trust_list",
           trust_list.len != 0 && !join(folder, trust_list, s->trust_list_path),
           "makes too long a path");
    copy_code(s->issuer.id, s->identity.issuer);
    copy_code(s->station, s->identity.station);
    s->identity.sample = s->sample;
}

/* The paths of both files. */
static bool name_files(const char *folder, struct station *s, struct station_problem *problem)
{
    if (!join(folder, span_str("station.json"), problem->path) ||
        !join(folder, span_str("registry.db"), s->registry_path)) {
        problem->error = STATION_PATH;
        return false;
    }
    return true;
}

bool station_open(const char *folder, struct station *ret_station,
                  struct station_problem *ret_problem)
{
    struct station s = {.text = NULL};
    size_t len = 0;
    memset(ret_problem, 0, sizeof *ret_problem);
    if (!name_files(folder, &s, ret_problem)) {
        return false;
    }
    ret_problem->file = file_read(ret_problem->path, STATION_JSON_MAX, &s.text, &len);
    if (ret_problem->file != FILE_OK) {
        ret_problem->error = STATION_FILE;
        return false;
    }
    if (json_open(span_of(s.text, len), &s.document)) {
        read_station(&s.document, &s, folder);
    }
    if (s.document.failed) {
        ret_problem->error = STATION_CONTENT;
        ret_problem->json = s.document.problem;
        station_close(&s);
        return false;
    }
    *ret_station = s;
    return true;
}

void station_close(struct station *station)
{
    json_close(&station->document);
    free(station->text);
    station->text = NULL;
}

struct json_value *station_party_json(const struct station_party *party)
{
    struct json_value *object = json_new_object(), *names = json_new_object();
    json_put_text(object, "id", party->id);
    for (size_t i = 0; i < party->name_count; i++) {
        char lang[16];
        (void)snprintf(lang, sizeof lang, "%.*s", (int)party->name[i].lang.len,
                       (const char *)party->name[i].lang.ptr);
        json_put_text(names, lang, party->name[i].text);
    }
    json_put(object, "names", names);
    return object;
}

static char *station_json(const struct station *station)
{
    struct json_value *object = json_new_object(), *languages = json_new_array();
    json_put(object, "issuer", station_party_json(&station->issuer));
    json_put(object, "authority", station_party_json(&station->authority));
    json_put_text(object, "station", station->station);
    json_put_bool(object, "sample", station->sample);
    json_append_text(languages, span_str("en"));
    if (station->second_language.len != 0) {
        json_append_text(languages, station->second_language);
    }
    json_put(object, "languages", languages);
    json_put_string(object, "key", station->key_path);
    json_put_string(object, "out", station->out_path);
    if (station->trust_list_path[0] != '\0') {
        json_put_string(object, "trust_list", station->trust_list_path);
    }
    char *text = json_format(object, 2);
    json_free(object);
    return text;
}

bool station_create(const char *folder, const struct station *station,
                    struct station_problem *ret_problem)
{
    memset(ret_problem, 0, sizeof *ret_problem);
    if (!join(folder, span_str("station.json"), ret_problem->path)) {
        ret_problem->error = STATION_PATH;
        return false;
    }
    char *text = station_json(station);
    ret_problem->file =
        text == NULL ? FILE_SYSTEM : file_write_new(ret_problem->path, span_str(text), 0644);
    free(text);
    ret_problem->error = ret_problem->file == FILE_OK ? STATION_OK : STATION_FILE;
    return ret_problem->error == STATION_OK;
}
