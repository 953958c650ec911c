/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows where the demo keeps keys, registries and the trust list.
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

static void describe(const struct demo_case *c, struct station *s)
{
    s->issuer.id = span_str(c->issuer);
    s->station = span_str("demo");
    s->second_language = span_str(language_of(c->issuer));
    s->sample = true;
    snprintf(s->identity.issuer, sizeof s->identity.issuer, "%s", c->issuer);
    snprintf(s->identity.station, sizeof s->identity.station, "demo");
    s->identity.sample = true;
}

/* Names as "saksi issue init" takes them; an issuer that no list has must name itself. */
static bool take_names(struct demo *demo, const struct demo_case *c, struct demo_station *s)
{
    char path[PATH_MAX];
    enum db_error db_error = DB_OK;
    if (!demo_path(demo, path, "%s/trust.db", demo->dir)) {
        return false;
    }
    if (trust_store_open(path, DB_READ, true, &s->trust_list, &db_error) != TRUST_STORE_OK ||
        trust_store_begin_read(s->trust_list) != TRUST_STORE_OK) {
        return demo_fail(demo, "%s: %s", path, db_error_text(db_error));
    }
    titles_names_read(s->trust_list, s->station.issuer.id, &s->names);
    trust_store_rollback(s->trust_list);
    titles_names_fill(&s->names, &s->station.issuer, &s->station.authority);
    if (!s->names.has_authority) {
        s->station.issuer = party(c->issuer, "Sample Certification Body (SAMPLE)");
        s->station.authority = party(c->issuer, "Sample Competency Authority (SAMPLE)");
    }
    return true;
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
    describe(c, &s->station);
    if (!take_names(demo, c, s) || !open_signer(demo, c, s) || !open_registry(demo, c, s)) {
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
        trust_store_close(station->trust_list);
        free(station);
    }
}
