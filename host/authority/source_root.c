/* SPDX-License-Identifier: Apache-2.0
 *
 * The sources of the root and of the header.
 */
#include "authority/source_root.h"

#include <stdio.h>
#include <stdlib.h>

#define DAY_S              86400
#define MAX_HEADER_DAYS    400
#define MAX_STALENESS_DAYS 366

/* --- one key, in one role --- */

/* Where each key was written down, to name both places when it stands in two. */
struct key_place {
    struct span public_key;
    char path[48];
};

struct root_reader {
    struct root_source *to;
    struct key_place *place;
    size_t place_count;
};

static void refuse_second_place(struct root_reader *r, const struct json_value *element,
                                struct span public_key)
{
    for (size_t i = 0; i < r->place_count; i++) {
        if (span_equal(r->place[i].public_key, public_key)) {
            source_refuse(&r->to->source, element, "public",
                          "stands in %s too; a key has one role only", r->place[i].path);
        }
    }
}

static void insert_key(struct trust_role *role, const struct trust_key *key)
{
    size_t at = role->key_count++;
    for (; at > 0 && span_compare(key->public_key, role->key[at - 1].public_key) < 0; at--) {
        role->key[at] = role->key[at - 1];
    }
    role->key[at] = *key;
}

static void read_key(struct root_reader *r, const struct json_value *element, const char *path,
                     uint8_t room[CRYPTO_MAX_PUBLIC_KEY], struct trust_role *role)
{
    static const char *const members[] = {"holder", "alg", "public", NULL};
    struct source *s = &r->to->source;
    struct trust_key key = {0};
    json_only(&s->json, element, members);
    key.holder = json_get_text(&s->json, element, "holder", 1, TRUST_MAX_HOLDER);
    source_public_key(s, element, room, &key.alg, &key.public_key);
    if (s->json.failed) {
        return;
    }
    refuse_second_place(r, element, key.public_key);
    struct key_place *place = &r->place[r->place_count++];
    place->public_key = key.public_key;
    (void)snprintf(place->path, sizeof place->path, "%s", path);
    insert_key(role, &key);
}

/* --- roles --- */

/* `at` numbers the roles: 0 root, 1 publisher, then the authorities. */
static void read_role(struct root_reader *r, const struct json_value *object, const char *path,
                      size_t at, struct trust_role *ret_role)
{
    struct source *s = &r->to->source;
    ret_role->threshold =
        (unsigned)json_get_int(&s->json, object, "threshold", 1, TRUST_MAX_ROLE_KEYS);
    const struct json_value *keys =
        json_get_array(&s->json, object, "keys", 1, TRUST_MAX_ROLE_KEYS);
    for (size_t i = 0; i < json_count(keys) && !s->json.failed; i++) {
        char place[48];
        (void)snprintf(place, sizeof place, "%s.keys[%zu]", path, i);
        read_key(r, json_at(keys, i), place, r->to->key[at][i], ret_role);
    }
    if (ret_role->threshold > ret_role->key_count) {
        source_refuse(s, object, "threshold", "is more than the %zu keys there are",
                      ret_role->key_count);
    }
}

static void read_plain_role(struct root_reader *r, const char *name, size_t at,
                            struct trust_role *ret_role)
{
    static const char *const members[] = {"threshold", "keys", NULL};
    struct source *s = &r->to->source;
    const struct json_value *object = json_get_object(&s->json, s->top, name);
    json_only(&s->json, object, members);
    read_role(r, object, name, at, ret_role);
}

static int compare_authority(const void *a, const void *b)
{
    return span_compare(((const struct trust_authority *)a)->state,
                        ((const struct trust_authority *)b)->state);
}

static void read_authority(struct root_reader *r, const struct json_value *element, size_t at,
                           struct trust_authority *ret_authority)
{
    static const char *const members[] = {"state", "ended", "threshold", "keys", NULL};
    struct source *s = &r->to->source;
    char path[40];
    (void)snprintf(path, sizeof path, "authorities[%zu]", at);
    json_only(&s->json, element, members);
    ret_authority->state = source_state(s, element, "state");
    ret_authority->ended = !json_is_null(element, "ended");
    if (ret_authority->ended) {
        ret_authority->ended_day = source_day(s, element, "ended");
    }
    read_role(r, element, path, at + 2, &ret_authority->role);
}

static void read_authorities(struct root_reader *r)
{
    struct source *s = &r->to->source;
    struct trust_root *root = &r->to->root;
    const struct json_value *array =
        json_get_array(&s->json, s->top, "authorities", 1, TRUST_MAX_STATES);
    for (size_t i = 0; i < json_count(array) && !s->json.failed; i++) {
        read_authority(r, json_at(array, i), i, &root->authority[i]);
        for (size_t j = 0; j < i; j++) {
            if (span_equal(root->authority[i].state, root->authority[j].state)) {
                source_refuse(s, json_at(array, i), "state", "stands in authorities[%zu] too", j);
            }
        }
    }
    root->authority_count = json_count(array);
    if (!s->json.failed) {
        qsort(root->authority, root->authority_count, sizeof root->authority[0], compare_authority);
    }
}

static void read_root(struct root_reader *r)
{
    static const char *const members[] = {"version", "issued_at", "expires",     "sample",
                                          "root",    "publisher", "authorities", NULL};
    struct source *s = &r->to->source;
    struct trust_root *root = &r->to->root;
    json_only(&s->json, s->top, members);
    root->version = json_get_int(&s->json, s->top, "version", 1, INT64_MAX);
    root->issued_at_s = source_time(s, s->top, "issued_at");
    root->expires_s = source_time(s, s->top, "expires");
    if (root->expires_s <= root->issued_at_s) {
        source_refuse(s, s->top, "expires", "is not later than issued_at");
    }
    root->sample = json_find_bool(&s->json, s->top, "sample");
    read_plain_role(r, "root", 0, &root->root);
    read_plain_role(r, "publisher", 1, &root->publisher);
    read_authorities(r);
}

void root_source_free(struct root_source *root)
{
    if (root != NULL) {
        source_close(&root->source);
        free(root);
    }
}

enum authority_error root_source_read(const char *dir, struct root_source **ret_root,
                                      struct authority_problem *problem)
{
    struct root_source *root = calloc(1, sizeof *root);
    struct key_place *place =
        calloc((size_t)ROOT_SOURCE_ROLES * TRUST_MAX_ROLE_KEYS, sizeof *place);
    enum authority_error error = AUTHORITY_SYSTEM;
    if (root == NULL || place == NULL) {
        (void)authority_fail_system(problem);
        goto out;
    }
    error = source_open(dir, "root.json", &root->source, problem);
    if (error != AUTHORITY_OK) {
        goto out;
    }
    read_root(&(struct root_reader){.to = root, .place = place});
    error = source_finish(&root->source, problem);
    if (error != AUTHORITY_OK) {
        source_close(&root->source);
    }
out:
    free(place);
    if (error == AUTHORITY_OK) {
        *ret_root = root;
    } else {
        free(root);
    }
    return error;
}

/* --- header.json --- */

static int read_days(struct source *s, const struct json_value *object, const char *name,
                     const char *lower_name, int lower)
{
    int days = (int)json_get_int(&s->json, object, name, 1, MAX_STALENESS_DAYS);
    if (days < lower) {
        source_refuse(s, object, name, "is less than %s", lower_name);
    }
    return days;
}

static void read_staleness(struct source *s, struct trust_staleness *ret_staleness)
{
    static const char *const members[] = {"plain", "shown", "amber", NULL};
    const struct json_value *object = json_get_object(&s->json, s->top, "staleness");
    json_only(&s->json, object, members);
    ret_staleness->plain_days = read_days(s, object, "plain", "", 1);
    ret_staleness->shown_days = read_days(s, object, "shown", "plain", ret_staleness->plain_days);
    ret_staleness->amber_days = read_days(s, object, "amber", "shown", ret_staleness->shown_days);
}

enum authority_error header_source_read(const char *dir, struct trust_header *ret_header,
                                        struct authority_problem *problem)
{
    static const char *const members[] = {"version", "issued_at", "valid_days", "staleness", NULL};
    struct source s;
    enum authority_error error = source_open(dir, "header.json", &s, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    *ret_header = (struct trust_header){0};
    json_only(&s.json, s.top, members);
    ret_header->version = json_get_int(&s.json, s.top, "version", 1, INT64_MAX);
    ret_header->issued_at_s = source_time(&s, s.top, "issued_at");
    ret_header->expires_s = ret_header->issued_at_s +
                            json_get_int(&s.json, s.top, "valid_days", 1, MAX_HEADER_DAYS) * DAY_S;
    read_staleness(&s, &ret_header->staleness);
    error = source_finish(&s, problem);
    source_close(&s);
    return error;
}
