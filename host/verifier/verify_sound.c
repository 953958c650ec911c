/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether a stored list is still what its state signed. A row that a failing disk has lost or
 * changed would read as "not revoked": so before a list is believed, its signatures are checked and
 * the digests of its buckets are held against the signed digest, once for each content of the
 * store. The store then holds every bucket it reads against its digest.
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

/* The list as its state signed it; spans hold as long as the stored document. */
static enum lookup read_signed(const struct verify_cache *cache,
                               const struct trust_stored_list *stored, struct trust_list *ret_list)
{
    struct span document;
    struct cose_sign cose;
    enum lookup answer = lookup_of_store(
        trust_store_list_document(cache->store, span_str(stored->state), &document));
    if (answer != LOOKUP_OK) {
        return answer == LOOKUP_ABSENT ? LOOKUP_DAMAGED : answer;
    }
    bool good = cose_sign_decode(document, COSE_TYP_LIST, &cose) == COSE_OK &&
                trust_list_decode(cose.payload, ret_list) == TRUST_DOC_OK &&
                same_list(stored, ret_list, cose.payload) &&
                is_signed(&cache->trust, stored, &cose);
    return good ? LOOKUP_OK : LOOKUP_DAMAGED;
}

/* Whether the buckets' digests of a part are the signed ones; a part without signature is not
 * stored. */
static enum lookup part_fits(struct trust_store *store, const struct trust_stored_list *stored,
                             bool catalogue, struct span signed_digest)
{
    uint8_t digest[TRUST_DIGEST_SIZE];
    enum lookup answer =
        lookup_of_store(trust_store_part_digest(store, span_str(stored->state), catalogue, digest));
    if (answer == LOOKUP_ABSENT && catalogue) {
        return LOOKUP_OK;
    }
    if (answer == LOOKUP_OK && !span_equal(signed_digest, span_of(digest, sizeof digest))) {
        answer = LOOKUP_DAMAGED;
    }
    return answer == LOOKUP_ABSENT ? LOOKUP_DAMAGED : answer;
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
    struct trust_list as_signed;
    if (*sound) {
        return LOOKUP_OK;
    }
    enum lookup answer = read_signed(cache, list, &as_signed);
    if (answer == LOOKUP_OK) {
        answer = part_fits(cache->store, list, false, as_signed.digest);
    }
    if (answer == LOOKUP_OK) {
        answer = part_fits(cache->store, list, true, as_signed.catalogue_digest);
    }
    if (answer == LOOKUP_OK && !freshness_fits(&cache->trust, list)) {
        answer = LOOKUP_DAMAGED;
    }
    *sound = answer == LOOKUP_OK;
    return answer;
}
