/* SPDX-License-Identifier: Apache-2.0
 *
 * The payloads of the three signed trust documents and the two files that carry them (WIRE.md,
 * "Trust documents", "Files"): bytes ↔ structs. Checks form and limits; signatures and thresholds
 * are the verifier's.
 */
#ifndef CODEC_TRUST_DOC_H
#define CODEC_TRUST_DOC_H

#include "codec/cbor.h"

#define TRUST_DIGEST_SIZE    32
#define TRUST_MAX_ROLE_KEYS  16
#define TRUST_MAX_STATES     64
#define TRUST_MAX_ROOTS      32
#define TRUST_MAX_DOC_BYTES  65536 /* a signed root, list or header */
#define TRUST_MAX_BUNDLE     16777216
#define TRUST_MAX_ROWS       1000000
#define TRUST_MAX_ROWS_BYTES 33554432
#define TRUST_MAX_ROW_BYTES  40960
#define TRUST_MAX_HOLDER     64
#define TRUST_MAX_STALENESS  366
#define TRUST_STATE_SIZE     2
#define TRUST_MAX_SECONDS    7258118399 /* 2199-12-31T23:59:59Z */
#define TRUST_LEAST_DAY      (-25567)   /* 1900-01-01 */
#define TRUST_MOST_DAY       84005      /* 2199-12-31 */

/* What a folder of a publication holds (WIRE.md, "A publication"); the changes since a version of
 * the header, a long long. */
#define TRUST_BUNDLE_NAME  "saksi.bundle"
#define TRUST_HEADER_NAME  "saksi.header"
#define TRUST_TOKEN_NAME   "saksi.token"
#define TRUST_CHANGES_NAME "since-%lld.bundle"

enum trust_doc_error {
    TRUST_DOC_OK = 0,
    TRUST_DOC_FORMAT, /* not deterministic CBOR, or not this structure */
    TRUST_DOC_LIMIT,  /* larger than a limit of WIRE.md */
    TRUST_DOC_ROLE,   /* a key stands in two roles, or twice in one */
};

/* All spans point into the document. */
struct trust_key {
    int alg;
    struct span public_key;
    struct span holder;
};

struct trust_role {
    unsigned threshold;
    size_t key_count;
    struct trust_key key[TRUST_MAX_ROLE_KEYS];
};

struct trust_authority {
    struct span state; /* two letters */
    bool ended;
    int64_t ended_day;
    struct trust_role role;
};

struct trust_root {
    int64_t version;
    int64_t issued_at_s, expires_s;
    bool sample;
    struct trust_role root;
    struct trust_role publisher;
    size_t authority_count;
    struct trust_authority authority[TRUST_MAX_STATES];
};

struct trust_list {
    struct span state;
    int64_t version;
    int64_t as_of_s, expires_s;
    struct span digest;
    struct span catalogue_digest; /* empty when there is no catalogue */
};

struct trust_header_state {
    struct span state;
    int64_t version;
    int64_t as_of_s;
    struct span list_digest; /* SHA-256 of the list's payload */
};

/* Ages in days up to which lists count as plain, shown, amber; beyond: unknown. */
struct trust_staleness {
    int plain_days, shown_days, amber_days;
};

struct trust_header {
    int64_t version;
    int64_t issued_at_s, expires_s;
    struct trust_staleness staleness;
    int64_t root_version;
    size_t state_count;
    struct trust_header_state state[TRUST_MAX_STATES];
};

/* RAW: sorted rows end to end, as they are digested. PACKED: changes to what the base holds, or to
 * nothing (codec/row_change.h). */
enum trust_part_encoding { TRUST_PART_RAW = 0, TRUST_PART_PACKED = 1 };

/* Rows as shipped. */
struct trust_part {
    unsigned encoding; /* enum trust_part_encoding */
    size_t size;       /* bytes of all rows of the part, end to end, when this is applied */
    struct span data;
};

struct trust_list_file {
    struct span document; /* the signed list */
    struct span base;     /* a delta: SHA-256 of the payload of the list it changes; empty: whole */
    struct trust_part security;
    bool has_catalogue;
    struct trust_part catalogue;
};

struct trust_bundle {
    size_t root_count;
    struct span root[TRUST_MAX_ROOTS]; /* signed documents */
    struct span header;                /* signed document; empty when there is none */
    size_t list_count;
    struct span list[TRUST_MAX_STATES]; /* list files */
};

/* Payloads. Outputs are unspecified on failure. The root struct is large (about 100 kB): keep it
 * off small stacks. */
enum trust_doc_error trust_root_decode(struct span payload, struct trust_root *ret_root);
enum trust_doc_error trust_list_decode(struct span payload, struct trust_list *ret_list);
enum trust_doc_error trust_header_decode(struct span payload, struct trust_header *ret_header);
void trust_root_encode(const struct trust_root *root, struct writer *w);
void trust_list_encode(const struct trust_list *list, struct writer *w);
void trust_header_encode(const struct trust_header *header, struct writer *w);

/* Files. */
enum trust_doc_error trust_list_file_decode(struct span file, struct trust_list_file *ret_file);
enum trust_doc_error trust_bundle_decode(struct span file, struct trust_bundle *ret_bundle);
void trust_list_file_encode(const struct trust_list_file *file, struct writer *w);
void trust_bundle_encode(const struct trust_bundle *bundle, struct writer *w);

/* Two capital letters (ISO 3166-1 alpha-2); which states there are is not looked at. */
static inline bool trust_is_state(struct span text)
{
    return text.len == TRUST_STATE_SIZE && text.ptr[0] >= 'A' && text.ptr[0] <= 'Z' &&
           text.ptr[1] >= 'A' && text.ptr[1] <= 'Z';
}

/* The authority of a state, or NULL. */
const struct trust_authority *trust_root_authority(const struct trust_root *root,
                                                   struct span state);
/* The header's line about a state, or NULL. */
const struct trust_header_state *trust_header_state(const struct trust_header *header,
                                                    struct span state);

#endif
