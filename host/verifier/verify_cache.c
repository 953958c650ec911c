/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys and issuers: parsing a key costs three verifications, reading a row from the database a
 * tenth of one.
 */
#include <stdlib.h>

#include "verifier/verify_cache.h"

/* Room for the three rows of an issuer at their longest; what is not written is never backed by
 * memory. */
#define ISSUER_BYTES (3 * (size_t)TRUST_MAX_ROW_BYTES)

enum lookup lookup_of_store(enum trust_store_error error)
{
    switch (error) {
    case TRUST_STORE_OK:
        return LOOKUP_OK;
    case TRUST_STORE_EMPTY:
        return LOOKUP_ABSENT;
    case TRUST_STORE_DATA:
        return LOOKUP_DAMAGED;
    case TRUST_STORE_SAMPLE:
    case TRUST_STORE_DB:
        break;
    }
    return LOOKUP_STORE;
}

static void forget_key(struct cached_key *k)
{
    crypto_key_free(k->key);
    memset(k, 0, sizeof *k);
}

static void forget_issuer(struct cached_issuer *i)
{
    free(i->bytes);
    memset(i, 0, sizeof *i);
}

void verify_cache_clear(struct verify_cache *cache)
{
    for (size_t i = 0; i < VERIFY_CACHE_ENTRIES; i++) {
        forget_key(&cache->key[i]);
        forget_issuer(&cache->issuer[i]);
    }
    verify_cache_forget_rules(cache);
    if (cache->filled) {
        trust_state_free(&cache->trust);
    }
    memset(cache->sound, 0, sizeof cache->sound);
    cache->filled = false;
}

enum lookup verify_cache_refresh(struct verify_cache *cache)
{
    int64_t generation = trust_store_generation(cache->store);
    if (cache->filled && cache->generation == generation) {
        return LOOKUP_OK;
    }
    verify_cache_clear(cache);
    enum lookup answer = lookup_of_store(trust_store_read_state(cache->store, &cache->trust));
    cache->filled = answer == LOOKUP_OK;
    cache->generation = generation;
    return answer;
}

/* Where a name is kept: FNV-1a. An attacker who makes names collide only makes us read the store
 * again. */
static size_t place_of(struct span name)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < name.len; i++) {
        hash = (hash ^ name.ptr[i]) * 16777619U;
    }
    return (hash ^ hash >> 16) % VERIFY_CACHE_ENTRIES;
}

static enum lookup read_key(struct verify_cache *cache, struct span state, struct span name,
                            struct cached_key *ret_key)
{
    struct span bytes;
    struct row_key row;
    enum lookup answer =
        lookup_of_store(trust_store_get(cache->store, state, ROW_KEY, name, &bytes));
    if (answer != LOOKUP_OK) {
        return answer;
    }
    uint8_t kid[CRYPTO_KID_SIZE];
    if (!row_key_decode(bytes, &row)) {
        return LOOKUP_DAMAGED;
    }
    /* The import compared kid and key; comparing again keeps a damaged file from looking like a
     * forgery. */
    enum crypto_error parsed = crypto_kid(row.alg, row.public_key, kid);
    if (parsed == CRYPTO_OK && !span_equal(row.kid, span_of(kid, sizeof kid))) {
        return LOOKUP_DAMAGED;
    }
    if (parsed == CRYPTO_OK) {
        parsed = crypto_key_new(row.alg, row.public_key, &ret_key->key);
    }
    if (parsed != CRYPTO_OK) {
        return parsed == CRYPTO_SYSTEM ? LOOKUP_SYSTEM : LOOKUP_DAMAGED;
    }
    ret_key->row = row;
    ret_key->row.issuer = ret_key->row.kid = ret_key->row.public_key = span_of(NULL, 0);
    return LOOKUP_OK;
}

enum lookup verify_cache_key(struct verify_cache *cache, struct span state, struct span issuer,
                             struct span kid, const struct cached_key **ret_key)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer w = writer_of(room, sizeof room);
    row_key_of_kid(&w, issuer, kid);
    struct span name = writer_span(&w);
    struct cached_key *k = &cache->key[place_of(name)];
    if (name.len == 0 || name.len > sizeof k->name) {
        return LOOKUP_ABSENT;
    }
    if (!span_equal(name, span_of(k->name, k->name_len))) {
        forget_key(k);
        enum lookup answer = read_key(cache, state, name, k);
        if (answer != LOOKUP_OK) {
            return answer;
        }
        memcpy(k->name, name.ptr, name.len);
        k->name_len = name.len;
    }
    *ret_key = k;
    return LOOKUP_OK;
}

/* Reads a row to the end of a growing block of bytes. Absent is an answer, not a failure. */
static enum lookup append_row(struct verify_cache *cache, struct span state, enum row_type type,
                              struct span name, struct writer *bytes, struct span *ret_row)
{
    struct span row;
    enum lookup answer = lookup_of_store(trust_store_get(cache->store, state, type, name, &row));
    *ret_row = span_of(NULL, 0);
    if (answer == LOOKUP_OK) {
        *ret_row = span_of(bytes->ptr + bytes->len, row.len);
        writer_put(bytes, row);
        answer = writer_ok(bytes) ? LOOKUP_OK : LOOKUP_DAMAGED;
    }
    return answer == LOOKUP_ABSENT ? LOOKUP_OK : answer;
}

/* The awarding body an issuer acts for; only its names are wanted. */
static enum lookup append_parent(struct verify_cache *cache, struct span state,
                                 struct writer *bytes, struct cached_issuer *i)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer w = writer_of(room, sizeof room);
    struct span row;
    if (i->row.parent.len == 0) {
        return LOOKUP_OK;
    }
    row_key_of_code(&w, i->row.parent);
    enum lookup answer = append_row(cache, state, ROW_ISSUER, writer_span(&w), bytes, &row);
    if (answer == LOOKUP_OK && row.len != 0) {
        i->has_parent = row_issuer_decode(row, &i->parent);
        answer = i->has_parent ? LOOKUP_OK : LOOKUP_DAMAGED;
    }
    return answer;
}

static enum lookup read_issuer(struct verify_cache *cache, struct span state, struct span name,
                               uint8_t room[ISSUER_BYTES], struct cached_issuer *i)
{
    struct writer bytes = writer_of(room, ISSUER_BYTES);
    struct span row, status;
    enum lookup answer = append_row(cache, state, ROW_ISSUER, name, &bytes, &row);
    if (answer == LOOKUP_OK) {
        answer = append_row(cache, state, ROW_STATUS, name, &bytes, &status);
    }
    if (answer != LOOKUP_OK) {
        return answer;
    }
    i->listed = row.len != 0 && row_issuer_decode(row, &i->row);
    i->has_status = status.len != 0 && row_status_decode(status, &i->status);
    if (i->listed != (row.len != 0) || i->has_status != (status.len != 0)) {
        return LOOKUP_DAMAGED;
    }
    return i->listed ? append_parent(cache, state, &bytes, i) : LOOKUP_OK;
}

enum lookup verify_cache_issuer(struct verify_cache *cache, struct span state, struct span issuer,
                                const struct cached_issuer **ret_issuer)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer w = writer_of(room, sizeof room);
    row_key_of_code(&w, issuer);
    struct span name = writer_span(&w);
    struct cached_issuer *i = &cache->issuer[place_of(name)];
    if (name.len == 0 || name.len > sizeof i->name) {
        return LOOKUP_ABSENT;
    }
    if (!span_equal(name, span_of(i->name, i->name_len))) {
        forget_issuer(i);
        i->bytes = malloc(ISSUER_BYTES);
        if (i->bytes == NULL) {
            return LOOKUP_SYSTEM;
        }
        enum lookup answer = read_issuer(cache, state, name, i->bytes, i);
        if (answer != LOOKUP_OK) {
            return answer;
        }
        memcpy(i->name, name.ptr, name.len);
        i->name_len = name.len;
    }
    *ret_issuer = i;
    return LOOKUP_OK;
}
