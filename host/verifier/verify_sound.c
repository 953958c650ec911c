/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether a stored list is still what its state signed. A row that a failing disk has lost or
 * changed would read as "not revoked": so before a list is believed, its rows are digested again
 * and compared with the signed digest, once for each content of the store. Knows storage faults,
 * not forgers: whoever may write the store may forge the whole of it.
 */
#include "verifier/trust_update.h"
#include "verifier/verify_cache.h"

/* What a row says about the list must be what the signed payload says. */
static bool same_list(const struct trust_stored_list *stored, const struct trust_list *list,
                      struct span payload)
{
    uint8_t digest[TRUST_DIGEST_SIZE];
    return crypto_sha256(&payload, 1, digest) == CRYPTO_OK &&
           memcmp(digest, stored->digest, sizeof digest) == 0 &&
           span_equal(list->state, span_str(stored->state)) && list->version == stored->version &&
           list->as_of_s == stored->as_of_s && list->expires_s == stored->expires_s;
}

/* By keys that the root in force gives the state: the flag of a disabled list is one bit on a disk.
 */
static bool is_signed(const struct trust_state *trust, const struct trust_stored_list *stored,
                      const struct cose_sign *cose)
{
    const struct trust_authority *authority =
        trust_root_authority(trust->root, span_str(stored->state));
    return authority != NULL &&
           trust_signatures_check(cose, &authority->role, trust->root_id) == TRUST_UPDATE_OK;
}

/* The digest of the rows as the state signed it. */
static enum lookup signed_digest(const struct verify_cache *cache,
                                 const struct trust_stored_list *stored,
                                 uint8_t ret_digest[TRUST_DIGEST_SIZE])
{
    struct span document;
    struct cose_sign cose;
    struct trust_list list;
    enum lookup answer = lookup_of_store(
        trust_store_list_document(cache->store, span_str(stored->state), &document));
    if (answer != LOOKUP_OK) {
        return answer == LOOKUP_ABSENT ? LOOKUP_DAMAGED : answer;
    }
    if (cose_sign_decode(document, COSE_TYP_LIST, &cose) != COSE_OK ||
        trust_list_decode(cose.payload, &list) != TRUST_DOC_OK ||
        !same_list(stored, &list, cose.payload) || !is_signed(&cache->trust, stored, &cose)) {
        return LOOKUP_DAMAGED;
    }
    memcpy(ret_digest, list.digest.ptr, TRUST_DIGEST_SIZE);
    return LOOKUP_OK;
}

static enum lookup digest_rows(struct trust_store *store, struct span state,
                               struct crypto_hash *hash)
{
    struct row row;
    if (crypto_hash_update(hash, trust_rows_digest_name(false)) != CRYPTO_OK) {
        return LOOKUP_SYSTEM;
    }
    enum trust_store_error error =
        trust_store_rows_begin(store, state, ROW_ISSUER, ROW_LAST_SECURITY);
    while (error == TRUST_STORE_OK &&
           (error = trust_store_rows_next(store, &row)) == TRUST_STORE_OK) {
        if (crypto_hash_update(hash, row.bytes) != CRYPTO_OK) {
            return LOOKUP_SYSTEM;
        }
    }
    return error == TRUST_STORE_EMPTY ? LOOKUP_OK : lookup_of_store(error);
}

static enum lookup stored_digest(struct trust_store *store, struct span state,
                                 uint8_t ret_digest[TRUST_DIGEST_SIZE])
{
    struct crypto_hash *hash = NULL;
    if (crypto_hash_begin(&hash) != CRYPTO_OK) {
        return LOOKUP_SYSTEM;
    }
    enum lookup answer = digest_rows(store, state, hash);
    if (answer == LOOKUP_OK && crypto_hash_finish(hash, ret_digest) != CRYPTO_OK) {
        answer = LOOKUP_SYSTEM;
    }
    crypto_hash_free(hash);
    return answer;
}

/* A list that the newest header names is as fresh as that header; any other is older. What was
 * never fresh, or has no header, is not believed to be fresh anyway. */
static bool freshness_fits(const struct trust_state *trust, const struct trust_stored_list *list)
{
    if (!trust->has_header || list->fresh_as_of_s == 0) {
        return true;
    }
    const struct trust_header_state *line =
        trust_header_state(&trust->header, span_str(list->state));
    bool named = line != NULL && line->version == list->version &&
                 span_equal(line->list_digest, span_of(list->digest, TRUST_DIGEST_SIZE));
    return named ? !list->behind && list->fresh_as_of_s == trust->header.issued_at_s
                 : list->behind && list->fresh_as_of_s < trust->header.issued_at_s;
}

enum lookup verify_cache_sound(struct verify_cache *cache, const struct trust_stored_list *list)
{
    bool *sound = &cache->sound[list - cache->trust.list];
    uint8_t as_signed[TRUST_DIGEST_SIZE], as_stored[TRUST_DIGEST_SIZE];
    if (*sound) {
        return LOOKUP_OK;
    }
    enum lookup answer =
        cache->ordered ? LOOKUP_OK : lookup_of_store(trust_store_check_order(cache->store));
    cache->ordered = answer == LOOKUP_OK;
    if (answer == LOOKUP_OK) {
        answer = signed_digest(cache, list, as_signed);
    }
    if (answer == LOOKUP_OK) {
        answer = stored_digest(cache->store, span_str(list->state), as_stored);
    }
    if (answer != LOOKUP_OK) {
        return answer;
    }
    *sound =
        memcmp(as_signed, as_stored, TRUST_DIGEST_SIZE) == 0 && freshness_fits(&cache->trust, list);
    return *sound ? LOOKUP_OK : LOOKUP_DAMAGED;
}
