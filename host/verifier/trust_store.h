/* SPDX-License-Identifier: Apache-2.0
 *
 * The cached trust list in one SQLite file: root, header, national lists and their rows as
 * canonical bytes. Reads and writes them; what may be written is trust_update's decision, what they
 * mean is verify's.
 */
#ifndef VERIFIER_TRUST_STORE_H
#define VERIFIER_TRUST_STORE_H

#include "base/crypto.h"
#include "base/db.h"
#include "codec/trust_doc.h"
#include "codec/trust_row.h"
#include "verifier/trust_rows.h"

enum trust_store_error {
    TRUST_STORE_OK = 0,
    TRUST_STORE_EMPTY,  /* nothing of that kind is stored */
    TRUST_STORE_SAMPLE, /* holds sample data, and the caller did not ask for samples */
    TRUST_STORE_DATA,   /* a stored row or document is damaged */
    TRUST_STORE_DB,     /* see trust_store_db_error */
};

struct trust_store;

/* Everything about the store but the rows. Copies: valid until trust_state_free. */
struct trust_state {
    bool has_root;
    uint8_t root_id[TRUST_DIGEST_SIZE];
    struct trust_root *root; /* the newest, decoded; NULL without root */
    bool has_header;
    struct trust_header header;
    uint8_t header_digest[TRUST_DIGEST_SIZE]; /* of its payload */
    int64_t header_least_version;             /* below it is ROLLBACK; 0 in stores of old only */
    int64_t floor_s;                          /* F: the time that is certainly past; 0 at first */
    int64_t high_water_s;                     /* H: latest plausible clock seen; 0 at first */
    size_t list_count;
    struct trust_stored_list {
        char state[TRUST_STATE_SIZE + 1];
        int64_t version, as_of_s, expires_s;
        int64_t least_version; /* below it is ROLLBACK; 0 when its keys no longer speak */
        int64_t fresh_as_of_s; /* issued_at of the newest header that names this list; 0 never */
        bool behind;           /* the newest header names another list, or omits the state */
        bool disabled;         /* no longer signed by keys of the root in force */
        bool has_catalogue;    /* its rows are here; a list may be stored without */
        uint8_t digest[TRUST_DIGEST_SIZE]; /* of the list's payload */
    } list[TRUST_MAX_STATES];              /* in order of state */
    void *buffer;                          /* owns the documents the spans above point into */
};

/* Opens the store. `sample` says that sample data is welcome; without it a sample store answers
 * TRUST_STORE_SAMPLE. DB_CREATE makes an empty one. On TRUST_STORE_DB *ret_db_error tells the
 * reason. */
MUST_USE enum trust_store_error trust_store_open(const char *path, enum db_mode mode, bool sample,
                                                 struct trust_store **ret_store,
                                                 enum db_error *ret_db_error);
void trust_store_close(struct trust_store *store);
enum db_error trust_store_db_error(const struct trust_store *store);

/* Whether the store was opened for sample data. */
bool trust_store_sample(const struct trust_store *store);
/* Whether it held sample data when it was opened. */
bool trust_store_holds_sample(const struct trust_store *store);

/* Reads and writes happen between these. A read transaction sees one state of the store throughout.
 */
MUST_USE enum trust_store_error trust_store_begin_read(struct trust_store *store);
MUST_USE enum trust_store_error trust_store_begin_write(struct trust_store *store);
MUST_USE enum trust_store_error trust_store_commit(struct trust_store *store);
void trust_store_rollback(struct trust_store *store);

/* Changes whenever the content may have changed, by whomever; for caches. Asked inside a
 * transaction it belongs to what that transaction sees. */
int64_t trust_store_generation(struct trust_store *store);

/* TRUST_STORE_OK also when the store is still empty: see has_root. Freed with trust_state_free. */
MUST_USE enum trust_store_error trust_store_read_state(struct trust_store *store,
                                                       struct trust_state *ret_state);
void trust_state_free(struct trust_state *state);

/* The list of a state in `state`, or NULL. */
const struct trust_stored_list *trust_state_list(const struct trust_state *state, struct span code);

/* The digest of a stored part as its buckets' digests give it: what its state signed, unless the
 * store was damaged. TRUST_STORE_EMPTY when the part is not stored. Every row that the functions
 * below hand out fits these digests, and so does every absence. */
MUST_USE enum trust_store_error trust_store_part_digest(struct trust_store *store,
                                                        struct span state, bool catalogue,
                                                        uint8_t ret_digest[TRUST_DIGEST_SIZE]);

/* One row by its key; its bytes hold until the next call or the end of the transaction.
 * TRUST_STORE_EMPTY when absent. */
MUST_USE enum trust_store_error trust_store_get(struct trust_store *store, struct span state,
                                                enum row_type type, struct span key,
                                                struct span *ret_row);
/* The row with the greatest key ≤ `key`, if its key begins with `prefix`, which holds the id that
 * `key` begins with; holds as above. */
MUST_USE enum trust_store_error trust_store_get_floor(struct trust_store *store, struct span state,
                                                      enum row_type type, struct span prefix,
                                                      struct span key, struct span *ret_row);
/* Whether an index is in an issuer's set. TRUST_STORE_DATA when the block is damaged: never to be
 * read as "no". */
MUST_USE enum trust_store_error trust_store_in_set(struct trust_store *store, struct span state,
                                                   struct span issuer, enum row_set set,
                                                   uint32_t index, bool *ret_in);
/* All rules and framework maps of a state, sorted; holds as above. */
MUST_USE enum trust_store_error trust_store_rules(struct trust_store *store, struct span state,
                                                  const struct trust_rows **ret_rows);

/* All rows of a part, sealed: the caller frees *ret_rows. TRUST_STORE_EMPTY when it is not stored,
 * TRUST_STORE_DATA when a row was lost or changed. */
MUST_USE enum trust_store_error trust_store_load(struct trust_store *store, struct span state,
                                                 bool catalogue, struct trust_rows *ret_rows);

/* An earlier version of a state's list: what turns the next later one that the store had into it.
 * Spans hold until the next call. TRUST_STORE_EMPTY when none before `version` is kept. */
struct trust_old_list {
    int64_t version;
    uint8_t digest[TRUST_DIGEST_SIZE]; /* of that list's payload */
    uint8_t rows[2]
                [TRUST_DIGEST_SIZE]; /* of its rows, security and catalogue: what must come out */
    struct trust_part security;
    bool has_catalogue;
    struct trust_part catalogue;
};
MUST_USE enum trust_store_error trust_store_older_list(struct trust_store *store, struct span state,
                                                       int64_t version,
                                                       struct trust_old_list *ret_old);
/* Versions of the earlier headers that are kept, newest first, `room` at most. */
MUST_USE enum trust_store_error trust_store_old_headers(struct trust_store *store,
                                                        int64_t *ret_version, size_t room,
                                                        size_t *ret_count);
/* An earlier header by its version; holds as a document below. */
MUST_USE enum trust_store_error trust_store_old_header(struct trust_store *store, int64_t version,
                                                       struct span *ret_document);

/* Documents as stored: root versions from 1, the header, a state's list. Bytes hold until the next
 * call for the same kind or the end of the transaction. */
MUST_USE enum trust_store_error
trust_store_root_document(struct trust_store *store, int64_t version, struct span *ret_document);
MUST_USE enum trust_store_error trust_store_header_document(struct trust_store *store,
                                                            struct span *ret_document);
MUST_USE enum trust_store_error
trust_store_list_document(struct trust_store *store, struct span state, struct span *ret_document);

/* ---- writing: inside a write transaction, for trust_update only ---- */

/* Adds a root version; `digest` is that of its payload. Version 1's becomes the root_id. */
MUST_USE enum trust_store_error trust_store_put_root(struct trust_store *store,
                                                     const struct trust_root *root,
                                                     const uint8_t digest[TRUST_DIGEST_SIZE],
                                                     struct span document);
MUST_USE enum trust_store_error trust_store_put_header(struct trust_store *store,
                                                       const struct trust_header *header,
                                                       const uint8_t digest[TRUST_DIGEST_SIZE],
                                                       struct span document);
/* Leaves the store without header: its signatures no longer count. */
MUST_USE enum trust_store_error trust_store_remove_header(struct trust_store *store);
/* Replaces the list's document, not its rows; freshness starts anew. */
MUST_USE enum trust_store_error trust_store_put_list(struct trust_store *store,
                                                     const struct trust_list *list,
                                                     const uint8_t digest[TRUST_DIGEST_SIZE],
                                                     struct span document);
/* Replaces the rows of a part of a stored list (sealed; NULL: the part is not stored any longer).
 * With `before`, the sound rows that are stored (NULL: nothing is known of them), only buckets that
 * differ are written. */
MUST_USE enum trust_store_error trust_store_put_part(struct trust_store *store, struct span state,
                                                     bool catalogue, const struct trust_rows *rows,
                                                     const struct trust_rows *before);
/* Keeps the way back to the version that is replaced, and the newest `keep` of them. */
MUST_USE enum trust_store_error trust_store_put_history(struct trust_store *store,
                                                        struct span state,
                                                        const struct trust_old_list *old,
                                                        size_t keep);
MUST_USE enum trust_store_error trust_store_forget_history(struct trust_store *store,
                                                           struct span state);
/* Keeps the stored header among the earlier ones, the newest `keep` of them; or forgets all. */
MUST_USE enum trust_store_error trust_store_keep_header(struct trust_store *store, size_t keep);
MUST_USE enum trust_store_error trust_store_forget_headers(struct trust_store *store);
MUST_USE enum trust_store_error trust_store_put_freshness(struct trust_store *store,
                                                          struct span state, int64_t fresh_as_of_s,
                                                          bool behind, bool disabled);
/* Lets any version follow: the keys that vouched for the counter have changed. */
MUST_USE enum trust_store_error trust_store_reset_list_version(struct trust_store *store,
                                                               struct span state);
MUST_USE enum trust_store_error trust_store_put_time(struct trust_store *store, int64_t floor_s,
                                                     int64_t high_water_s);

#endif
