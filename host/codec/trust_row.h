/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of a national list (WIRE.md, "Rows"): one decoder and one encoder a type. A row is kept
 * and hashed as its canonical bytes; the structs here are views into them.
 */
#ifndef CODEC_TRUST_ROW_H
#define CODEC_TRUST_ROW_H

#include "codec/trust_doc.h"

#define ROW_MAX_NAMES         12
#define ROW_MAX_LICENCES      64
#define ROW_MAX_SUSPENSIONS   64
#define ROW_MAX_SCHEMES       64
#define ROW_MAX_SECTORS       32
#define ROW_MAX_LEVELS        16
#define ROW_MAX_CENTRES       256
#define ROW_MAX_BLANKS        256
#define ROW_BLOCK_INDICES     16384
#define ROW_MAX_BLOCK_BYTES   ((size_t)2 * ROW_BLOCK_INDICES)
#define ROW_MAX_NATIONALITIES 32
#define ROW_MAX_RULE_ID       32
#define ROW_MAX_RULES         16384  /* of a list: a verifier holds those of its host in memory */
#define ROW_MAX_KEYS          131072 /* of a list: each costs a verifier the finding of a point */
#define ROW_NO_END_DAY        INT64_MAX /* `until` that is null */

enum row_type {
    ROW_ISSUER = 1,
    ROW_KEY = 2,
    ROW_STATUS = 3,
    ROW_BLOCK = 4,
    ROW_RANGE = 5,
    ROW_RULE = 6,
    ROW_DERECOGNISED = 7,
    ROW_FRAMEWORK = 8,
    ROW_SCHEME_TITLE = 9,
    ROW_UNIT_TITLE = 10,
    ROW_JOB_TITLE = 11,
};
#define ROW_LAST_SECURITY ROW_FRAMEWORK

enum row_issuer_kind { ROW_AWARDING_BODY = 1, ROW_CERTIFICATION_BODY = 2, ROW_CENTRE = 3 };
enum row_key_end {
    ROW_KEY_OPEN = 0,
    ROW_KEY_SUPERSEDED = 1,
    ROW_KEY_CEASED = 2,
    ROW_KEY_COMPROMISED = 3
};
enum row_set { ROW_SET_REVOKED = 1, ROW_SET_SUSPENDED = 2, ROW_SET_SURVIVORS = 3 };
enum row_range_status { ROW_RANGE_REVOKED = 1, ROW_RANGE_SUSPENDED = 2, ROW_RANGE_REINSTATED = 3 };
enum row_arrangement {
    ROW_AGP = 1,
    ROW_MRA_TP = 2,
    ROW_MRS = 3,
    ROW_BILATERAL = 4,
    ROW_UNILATERAL = 5
};
enum row_result {
    ROW_RECOGNISED = 1,
    ROW_CONDITIONAL = 2,
    ROW_CASE_BY_CASE = 3,
    ROW_NOT_RECOGNISED = 4,
    ROW_SUSPENDED = 5,
};

/* Texts by language; spans point into the row. */
struct row_names {
    size_t count;
    struct {
        struct span lang, text;
    } name[ROW_MAX_NAMES];
};

struct row_levels {
    int framework, least, most;
};

struct row_licence {
    int64_t from_day, until_day; /* ROW_NO_END_DAY when open */
    size_t scheme_count, sector_count, levels_count;
    struct span scheme[ROW_MAX_SCHEMES];
    struct span sector[ROW_MAX_SECTORS];
    struct row_levels levels[ROW_MAX_LEVELS];
};

struct row_suspension {
    int64_t from_day, until_day;
    int reason;
};

/* Licences and suspensions are read one at a time: cbor cursors stand at the first of them. */
struct row_issuer {
    struct span id;
    enum row_issuer_kind kind;
    struct span parent; /* empty when null */
    struct row_names names;
    size_t licence_count, suspension_count;
    struct cbor_cursor licences, suspensions;
};

struct row_key {
    struct span issuer, kid;
    int alg;
    struct span public_key;
    int64_t from_s, until_s;
    enum row_key_end end;
    int64_t end_s; /* when end is not ROW_KEY_OPEN */
};

struct row_centre {
    struct span centre;
    int64_t from_day, until_day;
    int reason;
    int64_t date_day;
};

struct row_blank {
    struct span prefix;
    int digits;
    uint64_t first, last;
    int reason;
    int64_t date_day;
};

struct row_status {
    struct span issuer;
    uint32_t allotment; /* indices below it may exist */
    size_t centre_count, blank_count;
    struct cbor_cursor centres, blanks;
};

struct row_block {
    struct span issuer;
    enum row_set set;
    uint32_t block;
    struct span offsets; /* 16-bit big-endian, ascending */
};

struct row_range {
    struct span issuer;
    uint32_t first, last;
    enum row_range_status status;
    int reason;
    int64_t date_day;
};

/* A filter that a rule does not have is an empty span, a zero count, 0 or -1 as said. */
struct row_rule {
    struct span id;
    enum row_arrangement arrangement;
    enum row_result result;
    struct span issuing_state;
    int64_t valid_from_day, valid_until_day; /* ROW_NO_END_DAY */
    unsigned purposes;                       /* bit (1 << purpose); 0 any */
    struct span awarding_body, certification_body;
    unsigned scheme_types; /* bit (1 << scheme_type); 0 any */
    int coverage;          /* 0 any */
    int standard_family;   /* 0 any */
    struct span scheme_code, scheme_prefix, sector_prefix, occupation_prefix, job_index;
    size_t nationality_count;
    struct span nationality[ROW_MAX_NATIONALITIES];
    int framework, edition;                    /* 0 any */
    int level_least, level_most;               /* -1 any */
    int64_t issued_from_day, issued_until_day; /* INT64_MIN, INT64_MAX when absent */
    struct row_names conditions;
    struct span source;
};

struct row_derecognised {
    struct span issuer;
    uint32_t index;
    int reason;
    int64_t date_day;
};

struct row_framework {
    int framework, edition, level;
    int aqrf_level; /* 0 when null */
    int status;
    struct span source;
};

struct row_title {
    enum row_type type;
    struct span code;
    struct row_names names;
};

/* One row of a sorted sequence: its bytes, its type and its key bytes (all pointing into the
 * sequence). */
struct row {
    enum row_type type;
    struct span key;
    struct span bytes;
};

/* Takes the next row off `rows` and checks it whole (form, limits, its own type's decoder):
 * TRUST_DOC_OK, or why not. At the end of the sequence *ret_row has empty bytes. */
enum trust_doc_error row_next(struct reader *rows, struct row *ret_row);

/* The order of rows in a list: by type, then by key bytes. */
int row_compare(const struct row *a, const struct row *b);

/* The order of ids and codes in keys, as their encodings sort: the shorter one first. */
int row_compare_ids(struct span a, struct span b);

/* Rows are digested and stored in buckets (WIRE.md, "Digests"): everything about one issuer or one
 * code stands in one of them, rules and maps in the last. The key is one of a well-formed row. */
#define ROW_BUCKETS     1025
#define ROW_RULE_BUCKET (ROW_BUCKETS - 1)
unsigned row_bucket(enum row_type type, struct span key);

/* Decoders of one row's bytes; false when it is not a well-formed row of that type. */
bool row_issuer_decode(struct span bytes, struct row_issuer *ret_issuer);
bool row_key_decode(struct span bytes, struct row_key *ret_key);
/* The same of a key row that travels without its kid (WIRE.md, "Packed parts"); kid is empty. */
bool row_key_decode_short(struct span bytes, struct row_key *ret_key);
bool row_status_decode(struct span bytes, struct row_status *ret_status);
bool row_block_decode(struct span bytes, struct row_block *ret_block);
bool row_range_decode(struct span bytes, struct row_range *ret_range);
bool row_rule_decode(struct span bytes, struct row_rule *ret_rule);
bool row_derecognised_decode(struct span bytes, struct row_derecognised *ret_derecognised);
bool row_framework_decode(struct span bytes, struct row_framework *ret_framework);
bool row_title_decode(struct span bytes, struct row_title *ret_title);

/* The next licence, suspension, centre or blank of a decoded row. */
void row_licence_next(struct cbor_cursor *c, struct row_licence *ret_licence);
void row_suspension_next(struct cbor_cursor *c, struct row_suspension *ret_suspension);
void row_centre_next(struct cbor_cursor *c, struct row_centre *ret_centre);
void row_blank_next(struct cbor_cursor *c, struct row_blank *ret_blank);

/* Encoders for the authority: heads and fields; nested parts are written by their own function
 * right after. */
void row_issuer_write(struct writer *w, struct span id, enum row_issuer_kind kind,
                      struct span parent, const struct row_names *names,
                      const struct row_licence *licence, size_t licence_count,
                      const struct row_suspension *suspension, size_t suspension_count);
void row_key_write(struct writer *w, const struct row_key *key);
void row_key_write_short(struct writer *w, const struct row_key *key);
void row_status_write(struct writer *w, struct span issuer, uint32_t allotment,
                      const struct row_centre *centre, size_t centre_count,
                      const struct row_blank *blank, size_t blank_count);
void row_block_write(struct writer *w, const struct row_block *block);
void row_range_write(struct writer *w, const struct row_range *range);
void row_rule_write(struct writer *w, const struct row_rule *rule);
void row_derecognised_write(struct writer *w, const struct row_derecognised *derecognised);
void row_framework_write(struct writer *w, const struct row_framework *framework);
void row_title_write(struct writer *w, const struct row_title *title);

/* Key bytes for looking a row up. */
void row_key_of_code(struct writer *w, struct span code); /* types 1, 3, 6, 9, 10, 11 */
void row_key_of_kid(struct writer *w, struct span issuer, struct span kid); /* type 2 */
void row_key_of_block(struct writer *w, struct span issuer, enum row_set set,
                      uint32_t block);                                              /* type 4 */
void row_key_of_index(struct writer *w, struct span issuer, uint32_t index);        /* types 5, 7 */
void row_key_of_framework(struct writer *w, int framework, int edition, int level); /* type 8 */
#define ROW_MAX_KEY_BYTES 64

/* The text in the first language of `lang` that exists, else English. */
struct span row_name(const struct row_names *names, struct span lang);

/* Names of enumerated values as JSON sources and output spell them, NULL when unknown; and back, 0
 * when unknown. */
enum row_enum {
    ROW_ENUM_ISSUER_KIND,
    ROW_ENUM_KEY_END,
    ROW_ENUM_SET,
    ROW_ENUM_RANGE_STATUS,
    ROW_ENUM_ARRANGEMENT,
    ROW_ENUM_RESULT,
    ROW_ENUM_REASON,
    ROW_ENUM_PURPOSE,
    ROW_ENUM_MAP_STATUS
};
const char *row_enum_name(enum row_enum which, int value);
int row_enum_value(enum row_enum which, struct span name);

#endif
