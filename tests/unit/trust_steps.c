/* SPDX-License-Identifier: Apache-2.0
 *
 * Versions of a trust list in every kind of update. */
#include "trust_steps.h"

#include <stdio.h>

#include "check.h"
#include "world.h"

enum { ID, MY, PH, STATES };

static const struct span none = {NULL, 0};

/* ---- rows ---- */

static void add_block(struct fixture_rows *rows, const char *issuer, uint64_t seed)
{
    uint8_t offsets[128], room[256];
    struct writer in = writer_of(offsets, sizeof offsets);
    uint32_t offset = 0;
    size_t count = 8 + check_random(&seed) % 56;
    for (size_t i = 0; i < count; i++) {
        offset += 1 + (uint32_t)(check_random(&seed) % 200);
        writer_be(&in, offset, 2);
    }
    struct writer w = writer_of(room, sizeof room);
    row_block_write(&w, &(struct row_block){span_str(issuer), ROW_SET_REVOKED, (uint32_t)(seed % 2),
                                            writer_span(&in)});
    assert_true(writer_ok(&w));
    fixture_add(rows, writer_span(&w));
}

/* In even versions the certificate's index is revoked, and other issuers come and go. */
static struct fixture_rows *indonesia(struct steps *s, int64_t version)
{
    static const uint32_t revoked[] = {5, 1000};
    struct fixture_rows *rows = fixture_rows_new(s->f);
    fixture_add_issuer(rows, "ID.BNSP", ROW_AWARDING_BODY, NULL);
    fixture_add_issuer(rows, WORLD_ISSUER, ROW_CERTIFICATION_BODY, "ID.BNSP");
    fixture_add_key(rows, WORLD_ISSUER, WORLD_KEY);
    fixture_add_status(rows, WORLD_ISSUER, WORLD_ALLOTMENT);
    fixture_add_set(rows, WORLD_ISSUER, ROW_SET_REVOKED, revoked, version % 2 == 0 ? 2 : 1);
    for (unsigned i = 0; i < s->issuers; i++) {
        char id[32];
        if ((i + (unsigned)version) % 7 == 0) {
            continue;
        }
        snprintf(id, sizeof id, "ID.BNSP.LSP-%u", 1000 + i);
        fixture_add_issuer(rows, id, ROW_CERTIFICATION_BODY, "ID.BNSP");
        fixture_add_status(rows, id, WORLD_ALLOTMENT);
        add_block(rows, id, (uint64_t)version / (1 + i % 3) << 32 ^ i);
    }
    fixture_add_title(rows, ROW_SCHEME_TITLE, "REC-HK-01", "Room attendant, hotel");
    fixture_add_title(rows, ROW_UNIT_TITLE, "U-1", "Make a bed");
    return rows;
}

static struct fixture_rows *malaysia(struct steps *s, int64_t version)
{
    char rule[32];
    struct fixture_rows *rows = fixture_rows_new(s->f);
    fixture_add_issuer(rows, "MY.DSD", ROW_AWARDING_BODY, NULL);
    fixture_add_rule(rows, "MY-ID-1", "ID", ROW_RECOGNISED);
    snprintf(rule, sizeof rule, "MY-TH-%lld", (long long)version);
    fixture_add_rule(rows, rule, "TH", ROW_RECOGNISED);
    return rows;
}

static struct fixture_rows *philippines(struct steps *s, int64_t version)
{
    char id[32];
    struct fixture_rows *rows = fixture_rows_new(s->f);
    snprintf(id, sizeof id, "PH.TESDA-%lld", (long long)version);
    fixture_add_issuer(rows, id, ROW_AWARDING_BODY, NULL);
    return rows;
}

/* ---- parts of a bundle ---- */

static void next_list(struct steps *s, int which)
{
    static const struct {
        const char *state;
        struct fixture_rows *(*rows)(struct steps *s, int64_t version);
    } of[STATES] = {{"ID", indonesia}, {"MY", malaysia}, {"PH", philippines}};
    int64_t version = s->list[which].version + 1;
    s->list[which] = fixture_list(s->f, of[which].state, version, of[which].rows(s, version));
    if (which == MY) {
        s->list[MY].key[0] = s->my_key;
        fixture_list_sign(s->f, &s->list[MY]);
    }
}

static struct span next_header(struct steps *s)
{
    struct trust_header *header = fixture_header_plain(s->f, ++s->header_version, s->list, STATES);
    header->issued_at_s = FIXTURE_NOW_S - FIXTURE_DAYS_S(2) + s->header_version * 60;
    header->root_version = s->root->version;
    return fixture_header_signed(s->f, header, &s->publisher, 1);
}

/* With a copy of the root in force, to be changed. */
static struct trust_root *next_root(struct steps *s)
{
    int64_t version = s->root->version + 1;
    struct trust_root *root = fixture_root_plain(s->f);
    *root = *s->root;
    root->version = version;
    s->root = root;
    return root;
}

static struct span bundle_of(struct steps *s, struct span root, struct span header, int first,
                             size_t count)
{
    return fixture_bundle(s->f, &root, root.len == 0 ? 0 : 1, header, &s->list[first], count);
}

/* ---- kinds of updates ---- */

static struct span every_list(struct steps *s)
{
    for (int i = 0; i < STATES; i++) {
        next_list(s, i);
    }
    return bundle_of(s, none, next_header(s), 0, STATES);
}

static struct span one_list(struct steps *s)
{
    next_list(s, ID);
    return bundle_of(s, none, next_header(s), ID, 1);
}

static struct span small_lists(struct steps *s)
{
    next_list(s, MY);
    next_list(s, PH);
    return bundle_of(s, none, next_header(s), MY, 2);
}

static struct span header_alone(struct steps *s)
{
    return bundle_of(s, none, next_header(s), 0, 0);
}

/* The header and its freshness are gone until the next comes. */
static struct span root_with_another_publisher(struct steps *s)
{
    struct trust_root *root = next_root(s);
    s->publisher = s->publisher == 71 ? 73 : 71;
    fixture_role(s->f, &root->publisher, 1, s->publisher, 1);
    return bundle_of(s, fixture_root_signed(s->f, root, NULL, 0), none, 0, 0);
}

static void give_keys_to_my(struct steps *s, size_t count)
{
    for (size_t i = 0; i < s->root->authority_count; i++) {
        if (span_equal(s->root->authority[i].state, span_str("MY"))) {
            fixture_role(s->f, &s->root->authority[i].role, 1, s->my_key, count);
        }
    }
}

static struct span root_with_another_key_of_a_state(struct steps *s)
{
    struct trust_root *root = next_root(s);
    s->my_key = s->my_key == 81 ? 83 : 81;
    give_keys_to_my(s, 1);
    next_list(s, MY);
    struct span header = next_header(s);
    return bundle_of(s, fixture_root_signed(s->f, root, NULL, 0), header, MY, 1);
}

/* What is stored is asked again, and is still signed. */
static struct span root_with_more_keys(struct steps *s)
{
    struct trust_root *root = next_root(s);
    fixture_role(s->f, &root->publisher, 1, s->publisher, 2);
    give_keys_to_my(s, 2);
    return bundle_of(s, fixture_root_signed(s->f, root, NULL, 0), none, 0, 0);
}

static struct span packed_list(struct steps *s)
{
    next_list(s, ID);
    s->list[ID].encoding = TRUST_PART_PACKED;
    fixture_list_sign(s->f, &s->list[ID]);
    return bundle_of(s, none, next_header(s), ID, 1);
}

static struct span delta_list(struct steps *s)
{
    struct fixture_list before = s->list[ID];
    next_list(s, ID);
    s->list[ID].file = fixture_delta(s->f, &before, &s->list[ID]);
    return bundle_of(s, none, next_header(s), ID, 1);
}

/* The titles that are stored stay. */
static struct span list_without_its_titles(struct steps *s)
{
    next_list(s, ID);
    struct fixture_list *list = &s->list[ID];
    struct trust_part security = {TRUST_PART_RAW, list->rows.len, list->rows};
    list->file = fixture_list_file(s->f, list, &security, NULL);
    return bundle_of(s, none, next_header(s), ID, 1);
}

static struct span nothing_new(struct steps *s)
{
    return s->step[s->count - 1].bundle;
}

static const struct {
    const char *name;
    struct span (*make)(struct steps *s);
} kinds[] = {
    {"every list", every_list},
    {"one list", one_list},
    {"a header alone", header_alone},
    {"a packed list", packed_list},
    {"a delta", delta_list},
    {"a root with another publisher", root_with_another_publisher},
    {"a list without its titles", list_without_its_titles},
    {"nothing new", nothing_new},
    {"two small lists", small_lists},
    {"a root with another key of a state", root_with_another_key_of_a_state},
    {"a root with more keys", root_with_more_keys},
};

size_t steps_kinds(void)
{
    return COUNT_OF(kinds);
}

struct steps *steps_new(unsigned issuers, size_t count)
{
    assert_true(count <= STEPS_MAX);
    struct fixture *f = fixture_new();
    struct steps *s = (void *)fixture_room(f, sizeof *s);
    *s = (struct steps){.f = f,
                        .issuers = issuers,
                        .root = fixture_root_plain(f),
                        .publisher = FIXTURE_PUBLISHER_KEY,
                        .my_key = FIXTURE_MY_KEY};
    for (; s->count < count; s->count++) {
        size_t kind = s->count % COUNT_OF(kinds);
        struct span bundle = kinds[kind].make(s);
        s->step[s->count] = (struct step){kinds[kind].name, bundle};
    }
    struct world world = {.f = f};
    struct credential certificate = world_credential();
    s->certificate = world_sign(&world, &certificate, WORLD_KEY);
    return s;
}

void steps_free(struct steps *steps)
{
    fixture_free(steps->f);
}

/* ---- what a store says ---- */

static void put_list(struct writer *w, const struct trust_stored_list *list)
{
    writer_put(w, span_str(list->state));
    writer_put(w, span_of(list->digest, sizeof list->digest));
    writer_be(w, (uint64_t)list->version, 8);
    writer_be(w, (uint64_t)list->least_version, 8);
    writer_be(w, (uint64_t)list->as_of_s, 8);
    writer_be(w, (uint64_t)list->expires_s, 8);
    writer_be(w, (uint64_t)list->fresh_as_of_s, 8);
    writer_be(w, (uint64_t)(list->behind * 4 + list->disabled * 2 + list->has_catalogue), 1);
}

static bool digest_state(const struct trust_state *state, struct content *ret)
{
    uint8_t room[TRUST_MAX_STATES * 96];
    struct writer w = writer_of(room, sizeof room);
    writer_put(&w, span_of(state->root_id, sizeof state->root_id));
    writer_be(&w, state->has_root ? (uint64_t)state->root->version : 0, 8);
    writer_be(&w, (uint64_t)state->header_least_version, 8);
    writer_be(&w, (uint64_t)state->floor_s, 8);
    writer_be(&w, (uint64_t)state->high_water_s, 8);
    for (size_t i = 0; i < state->list_count; i++) {
        put_list(&w, &state->list[i]);
    }
    ret->header_version = state->has_header ? state->header.version : 0;
    struct span all = writer_span(&w);
    return writer_ok(&w) && crypto_sha256(&all, 1, ret->lists) == CRYPTO_OK;
}

static bool read_state(struct trust_store *store, struct content *ret)
{
    struct trust_state state;
    if (trust_store_begin_read(store) != TRUST_STORE_OK) {
        return false;
    }
    bool good = trust_store_read_state(store, &state) == TRUST_STORE_OK;
    if (good) {
        good = digest_state(&state, ret);
        trust_state_free(&state);
    }
    trust_store_rollback(store);
    return good;
}

static bool read_bundle(struct trust_store *store, struct content *ret)
{
    uint8_t *bundle = NULL;
    size_t len = 0;
    struct trust_export_report report;
    enum trust_update_error error = trust_update_export(store, 0, &bundle, &len, &report).error;
    if (error == TRUST_UPDATE_NO_ROOT) {
        memset(ret->bundle, 0, sizeof ret->bundle);
        return true;
    }
    struct span all = span_of(bundle, len);
    bool good = error == TRUST_UPDATE_OK && crypto_sha256(&all, 1, ret->bundle) == CRYPTO_OK;
    free(bundle);
    return good;
}

bool steps_verdict(const struct steps *steps, struct trust_store *store,
                   uint8_t ret_verdict[CRYPTO_SHA256_SIZE])
{
    static struct verdict verdict; /* large: kept off the stack */
    struct verify_request request = world_request();
    struct verifier *verifier = NULL;
    if (verifier_new(store, &verifier) != VERIFY_OK) {
        return false;
    }
    enum verify_error error = verify_credential(verifier, &request, steps->certificate, &verdict);
    verifier_free(verifier);
    struct span part[] = {
        span_of(&verdict.outcome, sizeof verdict.outcome),
        span_of(verdict.reason, verdict.reason_count * sizeof verdict.reason[0]),
        span_of(&verdict.trust.header_version, sizeof verdict.trust.header_version),
    };
    return error == VERIFY_OK && !verdict_has(&verdict, SAKSI_DATA_ERROR) &&
           crypto_sha256(part, COUNT_OF(part), ret_verdict) == CRYPTO_OK;
}

bool steps_content(const struct steps *steps, struct trust_store *store, struct content *ret)
{
    memset(ret, 0, sizeof *ret);
    return read_state(store, ret) && read_bundle(store, ret) &&
           steps_verdict(steps, store, ret->verdict);
}

bool steps_same(const struct content *a, const struct content *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

struct trust_refusal steps_init(const struct steps *steps, struct trust_store *store)
{
    struct trust_clock_input clock = {FIXTURE_NOW_S, FIXTURE_BUILD_S};
    return trust_update_init(store, fixture_root(steps->f), fixture_root_id(steps->f), &clock);
}

struct trust_refusal steps_import(const struct steps *steps, struct trust_store *store, size_t at)
{
    return fixture_try(store, steps->step[at].bundle, FIXTURE_NOW_S);
}
