/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows where the demo keeps keys and registries.
 */
#include "cli/demo/station.h"

#include <stdlib.h>
#include <string.h>

#include "authority/key_file.h"
#include "codec/cose.h"

/* The label language of a state's pages; English alone where there is none. */
static const char *language_of(const char *issuer)
{
    static const struct {
        const char *state, *lang;
    } table[] = {{"ID", "id"}, {"MY", "ms"}, {"PH", "fil"}, {"TH", "th"}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strncmp(issuer, table[i].state, 2) == 0) {
            return table[i].lang;
        }
    }
    return "";
}

static struct station_party party(const char *id, const char *name)
{
    return (struct station_party){.id = span_str(id),
                                  .name_count = 1,
                                  .name[0] = {.lang = span_str("en"), .text = span_str(name)}};
}

static void describe(struct demo_station *s, const struct demo_case *c)
{
    snprintf(s->issuer, sizeof s->issuer, "%s", c->issuer);
    snprintf(s->authority, sizeof s->authority, "%s", c->issuer);
    char *second = strchr(s->authority, '.');
    char *third = second == NULL ? NULL : strchr(second + 1, '.');
    if (third != NULL) {
        *third = '\0'; /* ID.SAMPLE-A.LSP-01 acts for ID.SAMPLE-A */
    }
    s->station.issuer = party(s->issuer, "Sample Certification Body (SAMPLE)");
    s->station.authority = party(s->authority, "Sample Competency Authority (SAMPLE)");
    s->station.station = span_str("demo");
    s->station.second_language = span_str(language_of(c->issuer));
    s->station.sample = true;
    snprintf(s->station.identity.issuer, sizeof s->station.identity.issuer, "%s", c->issuer);
    snprintf(s->station.identity.station, sizeof s->station.identity.station, "demo");
    s->station.identity.sample = true;
}

static bool open_signer(struct demo *demo, const struct demo_case *c, struct demo_station *s)
{
    char path[PATH_MAX];
    struct crypto_private_key *key = NULL;
    return demo_path(demo, path, "%s/authority/keys/%s.pem", demo->dir, c->key) &&
           key_file_open(path, COSE_ES256, NULL, &key, &demo->problem) == AUTHORITY_OK &&
           (signer_new(key, &s->signer) == SIGNER_OK || demo_fail(demo, "%s: cannot sign", path));
}

static bool open_registry(struct demo *demo, const struct demo_case *c, struct demo_station *s)
{
    char folder[PATH_MAX], path[PATH_MAX];
    enum db_error db_error = DB_OK;
    if (!demo_path(demo, folder, "%s/stations", demo->dir) ||
        !demo_path(demo, path, "%s/%s.db", folder, c->issuer)) {
        return false;
    }
    enum registry_error error =
        file_make_folder(folder, 0755) == FILE_OK
            ? registry_create(path, &s->station.identity, &s->registry, &db_error)
            : REGISTRY_LOCK;
    if (error == REGISTRY_OK) {
        error = registry_begin(s->registry);
    }
    if (error == REGISTRY_OK) {
        error = registry_add_block(s->registry, c->index, c->index, span_of(NULL, 0), demo->now_s);
    }
    if (error == REGISTRY_OK) {
        error = registry_commit(s->registry);
    }
    return error == REGISTRY_OK ||
           demo_fail(demo, "%s: %s", path,
                     error == REGISTRY_DB ? db_error_text(db_error) : registry_error_text(error));
}

bool demo_station_open(struct demo *demo, const struct demo_case *c,
                       struct demo_station **ret_station)
{
    struct demo_station *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return demo_fail(demo, "memory ran out");
    }
    describe(s, c);
    if (!open_signer(demo, c, s) || !open_registry(demo, c, s)) {
        demo_station_close(s);
        return false;
    }
    *ret_station = s;
    return true;
}

void demo_station_close(struct demo_station *station)
{
    if (station != NULL) {
        registry_close(station->registry);
        signer_free(station->signer);
        free(station);
    }
}
