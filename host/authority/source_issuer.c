/* SPDX-License-Identifier: Apache-2.0
 *
 * An element of issuers.json: who may certify what, from when to when.
 */
#include "authority/source_list.h"

#include <saksi/credential.h>
#include <stdlib.h>

/* Large; on the heap. */
struct issuer_source {
    struct row_names names;
    struct row_licence licence[ROW_MAX_LICENCES];
    struct row_suspension suspension[ROW_MAX_SUSPENSIONS];
};

static void read_levels(struct source *s, const struct json_value *licence,
                        struct row_licence *ret_licence)
{
    static const char *const members[] = {"framework", "least", "most", NULL};
    const struct json_value *levels = json_find_array(&s->json, licence, "levels", ROW_MAX_LEVELS);
    ret_licence->levels_count = json_count(levels);
    for (size_t i = 0; i < ret_licence->levels_count && !s->json.failed; i++) {
        const struct json_value *element = json_at(levels, i);
        struct row_levels *to = &ret_licence->levels[i];
        json_only(&s->json, element, members);
        to->framework = source_claim_value(s, element, "framework", SAKSI_CLAIM_FRAMEWORK, true);
        to->least = (int)json_get_int(&s->json, element, "least", 0, 9);
        to->most = (int)json_get_int(&s->json, element, "most", 0, 9);
        if (to->most < to->least) {
            source_refuse(s, element, "most", "is less than least");
        }
    }
}

static void read_licence(struct source *s, const struct json_value *element,
                         struct row_licence *ret_licence)
{
    static const char *const members[] = {"from", "until", "schemes", "sectors", "levels", NULL};
    const struct json_value *schemes =
        json_find_array(&s->json, element, "schemes", ROW_MAX_SCHEMES);
    const struct json_value *sectors =
        json_find_array(&s->json, element, "sectors", ROW_MAX_SECTORS);
    json_only(&s->json, element, members);
    source_days(s, element, "from", "until", &ret_licence->from_day, &ret_licence->until_day);
    ret_licence->scheme_count = json_count(schemes);
    ret_licence->sector_count = json_count(sectors);
    for (size_t i = 0; i < ret_licence->scheme_count && !s->json.failed; i++) {
        ret_licence->scheme[i] = source_code_at(s, schemes, i, 1, 32);
    }
    for (size_t i = 0; i < ret_licence->sector_count && !s->json.failed; i++) {
        ret_licence->sector[i] = source_code_at(s, sectors, i, 1, 8);
    }
    read_levels(s, element, ret_licence);
}

static size_t read_licences(struct source *s, const struct json_value *issuer,
                            struct row_licence *licence)
{
    const struct json_value *array =
        json_get_array(&s->json, issuer, "licences", 0, ROW_MAX_LICENCES);
    size_t count = json_count(array);
    for (size_t i = 0; i < count && !s->json.failed; i++) {
        read_licence(s, json_at(array, i), &licence[i]);
    }
    return s->json.failed ? 0 : count;
}

static size_t read_suspensions(struct source *s, const struct json_value *issuer,
                               struct row_suspension *suspension)
{
    static const char *const members[] = {"from", "until", "reason", NULL};
    const struct json_value *array =
        json_find_array(&s->json, issuer, "suspensions", ROW_MAX_SUSPENSIONS);
    size_t count = json_count(array);
    for (size_t i = 0; i < count && !s->json.failed; i++) {
        const struct json_value *element = json_at(array, i);
        json_only(&s->json, element, members);
        source_days(s, element, "from", "until", &suspension[i].from_day, &suspension[i].until_day);
        suspension[i].reason = source_enum(s, element, "reason", ROW_ENUM_REASON);
    }
    return s->json.failed ? 0 : count;
}

enum authority_error source_issuer_read(struct list_reader *r, const struct json_value *element)
{
    static const char *const members[] = {"id",       "kind",        "parent", "names",
                                          "licences", "suspensions", NULL};
    struct source *s = r->s;
    struct issuer_source *issuer = calloc(1, sizeof *issuer);
    if (issuer == NULL) {
        return authority_fail_system(r->problem);
    }
    json_only(&s->json, element, members);
    struct span id = source_issuer_id(s, element, "id", r->state, true);
    int kind = source_enum(s, element, "kind", ROW_ENUM_ISSUER_KIND);
    struct span parent = source_code_or_null(s, element, "parent", 4, 32);
    source_names(s, element, "names", &issuer->names);
    size_t licences = read_licences(s, element, issuer->licence);
    size_t suspensions = read_suspensions(s, element, issuer->suspension);

    enum authority_error error = AUTHORITY_OK;
    if (!s->json.failed) {
        struct writer w = list_reader_row(r);
        row_issuer_write(&w, id, (enum row_issuer_kind)kind, parent, &issuer->names,
                         issuer->licence, licences, issuer->suspension, suspensions);
        error = list_reader_add(r, &w);
    }
    free(issuer);
    return error;
}
