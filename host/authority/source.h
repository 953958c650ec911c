/* SPDX-License-Identifier: Apache-2.0
 *
 * One JSON source file: opened, read field by field with the house's checks, and closed with one
 * question. Knows the shapes that many rows share (codes, states, dates with an open end, names by
 * language, keys), not the rows.
 */
#ifndef AUTHORITY_SOURCE_H
#define AUTHORITY_SOURCE_H

#include "authority/problem.h"
#include "base/crypto.h"
#include "base/json.h"
#include "codec/trust_row.h"

#define SOURCE_MAX_BYTES ((size_t)64 * 1024 * 1024)

/* `file` is the name in messages ("ID/rules.json"); it is the caller's and outlives the source. */
struct source {
    const char *file;
    struct json_reader json;
    const struct json_value *top; /* the outermost object */
};

/* Opens DIR/FILE. AUTHORITY_FILE when it cannot be read (the text says so), AUTHORITY_SOURCE when
 * it is no JSON object. */
MUST_USE enum authority_error source_open(const char *dir, const char *file,
                                          struct source *ret_source,
                                          struct authority_problem *problem);
/* The same for text that is in memory already. */
MUST_USE enum authority_error source_parse(const char *file, struct span text,
                                           struct source *ret_source,
                                           struct authority_problem *problem);
void source_close(struct source *s);

/* The one question at the end: AUTHORITY_OK, or the first problem as "FILE: MEMBER: WHAT". */
MUST_USE enum authority_error source_finish(const struct source *s,
                                            struct authority_problem *problem);

/* Field readers in the manner of json.h: the first failure sticks. */
struct span source_code(struct source *s, const struct json_value *object, const char *name,
                        size_t least, size_t most);
/* Empty when absent. */
struct span source_find_code(struct source *s, const struct json_value *object, const char *name,
                             size_t least, size_t most);
/* Empty when the member is null; absent is an error. */
struct span source_code_or_null(struct source *s, const struct json_value *object, const char *name,
                                size_t least, size_t most);
struct span source_code_at(struct source *s, const struct json_value *array, size_t at,
                           size_t least, size_t most);
struct span source_state(struct source *s, const struct json_value *object, const char *name);
/* An issuer's id of 4 to 32 characters that begins with `state` and a full stop, when `own`;
 * that does not, otherwise. */
struct span source_issuer_id(struct source *s, const struct json_value *object, const char *name,
                             struct span state, bool own);
/* A date and a time within the years the format knows, 1900 (times: 1970) to 2199. */
int64_t source_day(struct source *s, const struct json_value *object, const char *name);
int64_t source_time(struct source *s, const struct json_value *object, const char *name);
/* `from` and `until`; refuses until < from. */
void source_days(struct source *s, const struct json_value *object, const char *from_name,
                 const char *until_name, int64_t *ret_from_day, int64_t *ret_until_day);
/* A name of row_enum_value; the find form gives 0 when absent. */
int source_enum(struct source *s, const struct json_value *object, const char *name,
                enum row_enum which);
int source_enum_at(struct source *s, const struct json_value *array, size_t at,
                   enum row_enum which);
/* A name of a claim's value ("SKKNI"); 0 when absent and not `needed`. */
int source_claim_value(struct source *s, const struct json_value *object, const char *name,
                       int claim, bool needed);
int source_claim_value_at(struct source *s, const struct json_value *array, size_t at, int claim);
/* { "en": "...", ... } in the order the format wants; English must be there. */
void source_names(struct source *s, const struct json_value *object, const char *name,
                  struct row_names *ret_names);
/* "alg" and "public": checks that the point is a key. ret_public points into `room`. */
void source_public_key(struct source *s, const struct json_value *object,
                       uint8_t room[CRYPTO_MAX_PUBLIC_KEY], int *ret_alg, struct span *ret_public);

/* Refuses `name` of `object` with a formatted phrase; the phrase is cut at 127 bytes. */
void source_refuse(struct source *s, const struct json_value *object, const char *name,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* "ES256" and "EdDSA", NULL for others; and back, 0 for others. */
const char *alg_name(int alg);
int alg_of_name(struct span name);

#endif
