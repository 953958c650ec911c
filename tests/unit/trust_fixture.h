/* SPDX-License-Identifier: Apache-2.0
 *
 * Small signed roots, lists, headers and bundles for tests, with sample keys from seeds and a fixed
 * clock. What cannot be built fails the test at once.
 *
 *     struct fixture *f = fixture_new();
 *     struct fixture_rows *rows = fixture_rows_new(f);
 *     fixture_add_issuer(rows, "ID.BNSP", ROW_AWARDING_BODY, NULL);
 *     struct fixture_list list = fixture_list(f, "ID", 1, rows);
 *     struct span header = fixture_header(f, 1, &list, 1);
 *     struct trust_store *store = fixture_store(f, "a.db");          (holds root 1)
 *     fixture_import(f, store, fixture_bundle(f, NULL, 0, header, &list, 1));
 *
 * Everything handed out lives until fixture_free.
 */
#ifndef TESTS_TRUST_FIXTURE_H
#define TESTS_TRUST_FIXTURE_H

#include "base/crypto_sign.h"
#include "codec/cose.h"
#include "verifier/trust_store.h"
#include "verifier/trust_update.h"

#define FIXTURE_DAY       20635                   /* 2026-07-01: the day of all this */
#define FIXTURE_NOW_S     (FIXTURE_DAY * 86400LL) /* its first second */
#define FIXTURE_DAYS_S(n) ((n)*86400LL)
#define FIXTURE_BUILD_S   (FIXTURE_NOW_S - FIXTURE_DAYS_S(100))

/* Key numbers in the default root: 2 of 3 root keys, 1 of 2 publisher keys, and per state as below.
 * Odd numbers are ES256, even ones EdDSA. Issuers' keys: any number from 100. */
#define FIXTURE_ROOT_KEY      1  /* 1, 2, 3 */
#define FIXTURE_PUBLISHER_KEY 11 /* 11, 12 */
#define FIXTURE_ID_KEY        21 /* 21, 22, 23: two must sign */
#define FIXTURE_MY_KEY        31 /* one key */
#define FIXTURE_PH_KEY        41 /* one key */
#define FIXTURE_TH_KEY        52 /* 52, 53: one must sign */

struct fixture;
struct fixture *fixture_new(void);
/* Also removes the folder of fixture_path; close the stores in it first. */
void fixture_free(struct fixture *f);

/* Room, and a copy, until fixture_free. */
uint8_t *fixture_room(struct fixture *f, size_t len);
struct span fixture_copy(struct fixture *f, struct span s);
/* A path in a new folder of this fixture. */
const char *fixture_path(struct fixture *f, const char *name);

struct fixture_key {
    int alg;
    struct crypto_private_key *private_key;
    struct span public_key;
    struct span kid;
};
const struct fixture_key *fixture_key(struct fixture *f, unsigned number);

/* A role of `count` keys with consecutive numbers. */
void fixture_role(struct fixture *f, struct trust_role *ret_role, unsigned threshold,
                  unsigned first_key, size_t count);

/* The default root, version 1: sample, issued 30 days before FIXTURE_NOW_S, expires two years
 * later. Change it at will, then sign it. */
struct trust_root *fixture_root_plain(struct fixture *f);
/* Signs a root with the given keys (none given: 1 and 2). */
struct span fixture_root_signed(struct fixture *f, const struct trust_root *root,
                                const unsigned *keys, size_t count);
/* The default root 1 signed by keys 1 and 2, and its root_id. */
struct span fixture_root(struct fixture *f);
const uint8_t *fixture_root_id(struct fixture *f);

/* Signs any payload as a document of type `typ`. */
struct span fixture_sign(struct fixture *f, const char *typ, struct span payload,
                         const unsigned *keys, size_t count);

/* ---- rows ---- */

/* Collects rows in any order; security and catalogue rows may be mixed. */
struct fixture_rows;
struct fixture_rows *fixture_rows_new(struct fixture *f);
/* `row` are the bytes of one row, from row_*_write; copied. */
void fixture_add(struct fixture_rows *rows, struct span row);
/* An issuer with one open licence for everything since 2020; parent may be NULL. */
void fixture_add_issuer(struct fixture_rows *rows, const char *id, enum row_issuer_kind kind,
                        const char *parent);
/* The issuer's key of that number, from 100 days before FIXTURE_NOW_S for 365 days. */
void fixture_add_key(struct fixture_rows *rows, const char *issuer, unsigned number);
void fixture_add_status(struct fixture_rows *rows, const char *issuer, uint32_t allotment);
/* One set with these indices, ascending. */
void fixture_add_set(struct fixture_rows *rows, const char *issuer, enum row_set set,
                     const uint32_t *index, size_t count);
/* A rule that recognises all certificates of a state. */
void fixture_add_rule(struct fixture_rows *rows, const char *id, const char *issuing_state,
                      enum row_result result);
void fixture_add_title(struct fixture_rows *rows, enum row_type type, const char *code,
                       const char *title);
/* The sorted rows of types least..most, end to end. */
struct span fixture_rows_bytes(struct fixture_rows *rows, enum row_type least, enum row_type most);

/* ---- lists, headers, bundles ---- */

/* Change fields, then call fixture_list_sign again. */
struct fixture_list {
    const char *state;
    int64_t version, as_of_s, expires_s;
    struct span rows;      /* security part as digested and shipped */
    struct span catalogue; /* empty: none */
    enum trust_part_encoding encoding;
    unsigned key[COSE_MAX_SIGNERS];
    size_t key_count;
    /* made by fixture_list_sign */
    struct span document; /* the signed list */
    struct span file;     /* with its rows */
    struct span digest;   /* of the payload */
};
/* As of FIXTURE_NOW_S − 1 day, expires in a year, raw encoding, signed by as many of the state's
 * keys as needed. */
struct fixture_list fixture_list(struct fixture *f, const char *state, int64_t version,
                                 struct fixture_rows *rows);
void fixture_list_sign(struct fixture *f, struct fixture_list *list);
/* A part that turns sorted rows into others; empty base: nothing. */
struct trust_part fixture_packed(struct fixture *f, struct span base, struct span rows);
/* The file that turns one list into the other; put it into `file` of a list. */
struct span fixture_delta(struct fixture *f, const struct fixture_list *base,
                          const struct fixture_list *list);
/* The list file again, with other rows beside the same signed document. */
struct span fixture_list_file(struct fixture *f, const struct fixture_list *list,
                              const struct trust_part *security,
                              const struct trust_part *catalogue);

/* A header over these lists (in order of state), issued at FIXTURE_NOW_S for 60 days, limits 7, 30,
 * 90, root version 1. */
struct trust_header *fixture_header_plain(struct fixture *f, int64_t version,
                                          const struct fixture_list *list, size_t count);
struct span fixture_header_signed(struct fixture *f, const struct trust_header *header,
                                  const unsigned *keys, size_t count);
/* The same, signed by the publisher's first key. */
struct span fixture_header(struct fixture *f, int64_t version, const struct fixture_list *list,
                           size_t count);

struct span fixture_bundle(struct fixture *f, const struct span *root, size_t root_count,
                           struct span header, const struct fixture_list *list, size_t list_count);

/* Root 1, header 1 and two lists. ID: awarding body ID.BNSP, certification body ID.BNSP.LSP-0123
 * with key 101 (ES256) and key 102 (EdDSA), allotment 40000, revoked 5, 16383, 16384, suspended 7,
 * a revoked range 100..199, a scheme title. MY: awarding body MY.DSD, and a rule that recognises
 * ID. */
struct span fixture_standard_bundle(struct fixture *f);

/* ---- stores ---- */

/* A new store file with root 1 in it, opened for samples. The caller closes it. */
struct trust_store *fixture_store(struct fixture *f, const char *name);
/* Imports at FIXTURE_NOW_S; anything but TRUST_UPDATE_OK fails the test. */
void fixture_import(struct trust_store *store, struct span bundle);
/* Imports at a time, and tells how it went. */
struct trust_refusal fixture_try(struct trust_store *store, struct span bundle, int64_t now_s);
/* Puts rows in place of those with their keys, behind the back of trust_update. Digests of buckets
 * follow, signatures do not. Inside a write transaction. */
void fixture_put_rows(struct trust_store *store, const char *state, const struct row *row,
                      size_t count);
/* All rows of a state as they are stored, in canonical order, types least..most inclusive. Begin
 * is TRUST_STORE_OK when there are none; next is false after the last, and whoever stops before it
 * ends the walk. Rows hold until then. */
struct fixture_walk {
    struct trust_rows part[2]; /* security part, then catalogue */
    size_t part_at, at;
    enum row_type least, most;
};
enum trust_store_error fixture_walk_begin(struct fixture_walk *walk, struct trust_store *store,
                                          struct span state, enum row_type least,
                                          enum row_type most);
bool fixture_walk_next(struct fixture_walk *walk, struct row *ret_row);
void fixture_walk_end(struct fixture_walk *walk);
/* Damages what is stored of the row with that key, and with it all that the store keeps beside it;
 * inside a write transaction. */
void fixture_damage(struct trust_store *store, const char *state, enum row_type type,
                    struct span key);
/* A digest of everything in the store as its interface tells it. */
void fixture_dump(struct trust_store *store, uint8_t ret_digest[CRYPTO_SHA256_SIZE]);

#endif
