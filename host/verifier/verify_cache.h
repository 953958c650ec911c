/* SPDX-License-Identifier: Apache-2.0
 *
 * What a verifier remembers between two certificates: the trust state, parsed keys, issuers with
 * their status rows, and the host's rules. Everything is forgotten when the store changes. Private
 * to verify; knows rows, judges nothing.
 *
 * Every function is called inside a read transaction of the store, after verify_cache_refresh.
 */
#ifndef VERIFIER_VERIFY_CACHE_H
#define VERIFIER_VERIFY_CACHE_H

#include "base/crypto.h"
#include "verifier/trust_store.h"

/* Keys, and issuers; the next one in the same place replaces it. */
#define VERIFY_CACHE_ENTRIES 64
/* Of one host state; a store with more is damaged, for no such list is imported. */
#define VERIFY_MAX_RULES ROW_MAX_RULES

enum lookup {
    LOOKUP_OK = 0,
    LOOKUP_ABSENT,  /* the store does not have it */
    LOOKUP_DAMAGED, /* it is there and cannot be read */
    LOOKUP_STORE,   /* the database failed */
    LOOKUP_SYSTEM,  /* memory, library */
};

enum lookup lookup_of_store(enum trust_store_error error);

struct cached_key {
    uint8_t name[48]; /* issuer and kid, as they stand in the store's key; name_len bytes */
    size_t name_len;
    struct row_key row; /* its spans are empty: issuer, kid and public key are in the two others */
    struct crypto_key *key;
};

/* Views point into `bytes`. */
struct cached_issuer {
    uint8_t name[48];
    size_t name_len;
    bool listed, has_status, has_parent; /* which of the rows exist */
    struct row_issuer row;
    struct row_status status;
    struct row_issuer parent;
    uint8_t *bytes; /* owned */
};

struct verify_cache {
    struct trust_store *store; /* borrowed */
    bool filled;
    int64_t generation;
    struct trust_state trust;
    bool sound[TRUST_MAX_STATES]; /* by trust.list: as its state signed it */
    struct cached_key key[VERIFY_CACHE_ENTRIES];
    struct cached_issuer issuer[VERIFY_CACHE_ENTRIES];
    char rules_host[TRUST_STATE_SIZE + 1]; /* whose rules they are; "" none */
    struct row_rule *rule;                 /* by issuing state; views into rule_bytes */
    size_t rule_count;
    uint8_t *rule_bytes; /* the rows, end to end */
};

/* Forgets what the store no longer says, and reads its state anew. */
MUST_USE enum lookup verify_cache_refresh(struct verify_cache *cache);
void verify_cache_clear(struct verify_cache *cache);
void verify_cache_forget_rules(struct verify_cache *cache);

/* LOOKUP_OK when a list of `trust` is stored as its state signed it; LOOKUP_DAMAGED when it is not.
 * Until then nothing that the store says of it may be believed; asked once until the store changes.
 */
MUST_USE enum lookup verify_cache_sound(struct verify_cache *cache,
                                        const struct trust_stored_list *list);

/* Pointers hold until the next call of the same function or the next refresh. */
MUST_USE enum lookup verify_cache_key(struct verify_cache *cache, struct span state,
                                      struct span issuer, struct span kid,
                                      const struct cached_key **ret_key);
MUST_USE enum lookup verify_cache_issuer(struct verify_cache *cache, struct span state,
                                         struct span issuer,
                                         const struct cached_issuer **ret_issuer);
/* The host's rules about certificates of one state. */
MUST_USE enum lookup verify_cache_rules(struct verify_cache *cache, struct span host,
                                        struct span issuing_state,
                                        const struct row_rule **ret_rules, size_t *ret_count);

#endif
