/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON in, with errors that name the place (json.c, json_field.c), and JSON out (json_write.c): the
 * only files that include jansson.h.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdio.h>
#include "wire/must_use.h"
#include "wire/bytes.h"

#define JSON_MAX_BYTES ((size_t)64 * 1024 * 1024)

/* A parsed document and its values: a value is borrowed and lives as long as its document. */
struct json_value;

/* What was wrong and where; the first problem sticks. `what` is a phrase that fits "PATH: WHAT". */
struct json_problem {
    int line;       /* of a syntax error, else 0 */
    char path[128]; /* "issuers[3].names.en" */
    char what[128]; /* "is longer than 96 bytes" */
};

/* Reads fields with a sticky failure, like the codecs' cursors. */
struct json_reader {
    struct json_value *document; /* NULL after a syntax error */
    struct json_problem problem;
    bool failed;
    const struct json_value *element; /* what json_stand_at was told; NULL: the document */
    size_t element_at;
};

/* Parses UTF-8 JSON text (RFC 8259): duplicate members and nesting beyond 32 are refused.
 * json_close frees the document. */
MUST_USE bool json_open(struct span text, struct json_reader *ret_reader);
void json_close(struct json_reader *r);

/* Members of an object. The `get` forms fail when the member is absent; the `find` forms give the
 * zero value, and *ret_found tells (may be NULL where absence and zero mean the same). Lengths in
 * UTF-8 bytes. Text is checked against WIRE.md. */
struct span json_get_text(struct json_reader *r, const struct json_value *object, const char *name,
                          size_t least, size_t most);
struct span json_find_text(struct json_reader *r, const struct json_value *object, const char *name,
                           size_t least, size_t most);
int64_t json_get_int(struct json_reader *r, const struct json_value *object, const char *name,
                     int64_t least, int64_t most);
int64_t json_find_int(struct json_reader *r, const struct json_value *object, const char *name,
                      int64_t least, int64_t most, bool *ret_found);
bool json_find_bool(struct json_reader *r, const struct json_value *object, const char *name);
/* "YYYY-MM-DD" as days since 1970-01-01. */
int64_t json_get_day(struct json_reader *r, const struct json_value *object, const char *name);
int64_t json_find_day(struct json_reader *r, const struct json_value *object, const char *name,
                      bool *ret_found);
/* "YYYY-MM-DDTHH:MM:SSZ" as seconds since 1970. */
int64_t json_get_time(struct json_reader *r, const struct json_value *object, const char *name);
const struct json_value *json_get_object(struct json_reader *r, const struct json_value *object,
                                         const char *name);
const struct json_value *json_find_object(struct json_reader *r, const struct json_value *object,
                                          const char *name);
/* Arrays of at most `most` elements; an absent one counts 0 in the find form. */
const struct json_value *json_get_array(struct json_reader *r, const struct json_value *object,
                                        const char *name, size_t least, size_t most);
const struct json_value *json_find_array(struct json_reader *r, const struct json_value *object,
                                         const char *name, size_t most);
bool json_is_null(const struct json_value *object, const char *name); /* member present and null */
bool json_has(const struct json_value *object, const char *name);

bool json_is_an_object(const struct json_value *value);
size_t json_count(const struct json_value *array_or_object); /* 0 for NULL */
const struct json_value *json_at(const struct json_value *array, size_t at);
/* An element that must be text, or a whole number. */
struct span json_text_at(struct json_reader *r, const struct json_value *array, size_t at,
                         size_t least, size_t most);
int64_t json_int_at(struct json_reader *r, const struct json_value *array, size_t at, int64_t least,
                    int64_t most);
/* Tells the reader that what follows is about the at-th element of the document, an array: the
 * place of a problem is then looked for there first, and not in all elements before it. */
void json_stand_at(struct json_reader *r, size_t at);
/* The at-th member of an object, in the order of the text; false past the last. Walks from the
 * first: for small objects. */
bool json_member_at(const struct json_value *object, size_t at, struct span *ret_name,
                    const struct json_value **ret_value);
struct span json_value_text(struct json_reader *r, const struct json_value *value, size_t least,
                            size_t most);

/* Fails when the object has a member that is not in the NULL-ended list: a misspelt field must not
 * be passed over. */
void json_only(struct json_reader *r, const struct json_value *object, const char *const *names);

/* Sets the problem from outside: a semantic refusal of `name` in `object` (name may be NULL). */
void json_refuse(struct json_reader *r, const struct json_value *object, const char *name,
                 const char *what);

/* The same about an element of an array. */
void json_refuse_at(struct json_reader *r, const struct json_value *array, size_t at,
                    const char *what);

/* Clears the problem, to look for further ones; not after a syntax error. */
void json_recover(struct json_reader *r);

/* Building output: objects and arrays own what is put into them; a failure of memory shows at the
 * end, in json_format. Bytes that are not UTF-8 come out as U+FFFD. */
struct json_value *json_new_object(void);
struct json_value *json_new_array(void);
void json_put_text(struct json_value *object, const char *name, struct span text);
void json_put_string(struct json_value *object, const char *name, const char *text);
void json_put_int(struct json_value *object, const char *name, int64_t value);
void json_put_bool(struct json_value *object, const char *name, bool value);
void json_put_null(struct json_value *object, const char *name);
void json_put_hex(struct json_value *object, const char *name, struct span bytes);
void json_put_day(struct json_value *object, const char *name, int64_t day);
void json_put_time(struct json_value *object, const char *name, int64_t time_s);
void json_put(struct json_value *object, const char *name, struct json_value *owned);
void json_append(struct json_value *array, struct json_value *owned);
void json_append_text(struct json_value *array, struct span text);
void json_append_int(struct json_value *array, int64_t value);
void json_free(struct json_value *value);

/* The text of a value, allocated (free with free()); one line without its end when `indent` is 0,
 * else lines, the last one ended too. NULL when memory ran out on the way. Members stay in the
 * order they were put. */
char *json_format(const struct json_value *value, int indent);

#endif
