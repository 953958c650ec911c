/* SPDX-License-Identifier: Apache-2.0
 *
 * One JSON document while it is read: its texts are copied, with a NUL, into one block that goes to
 * whoever read it. base/json checks kinds, lengths and characters. Knows no member's name.
 */
#ifndef PAGE_READING_H
#define PAGE_READING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"
#include "refusal.h"
#include "wire/bytes.h"

struct reading {
    struct json_reader json;
    char *texts; /* owned until reading_end gives it away */
    size_t used;
};

/* False with a refusal, and nothing to close, when it is no JSON or larger than PAGE_JSON_MAX. */
bool reading_open(struct span json, struct reading *ret_reading, struct refusal *refusal);
void reading_close(struct reading *r);

/* A member's text, NUL-terminated, at most `most` bytes; NULL after a fault, or when `find` finds
 * none. */
const char *reading_get_text(struct reading *r, const struct json_value *object, const char *name,
                             size_t most);
const char *reading_find_text(struct reading *r, const struct json_value *object, const char *name,
                              size_t most);

/* A moment, "2025-03-14T08:00:00Z", as it was written; NULL when absent. */
const char *reading_find_time(struct reading *r, const struct json_value *object, const char *name);

/* Keep a copy of any text of the document, each at most once; NULL for an empty one. */
const char *reading_keep(struct reading *r, struct span text);

/* The place of a member's word in a NULL-ended list; 0 after a fault. */
int reading_get_choice(struct reading *r, const struct json_value *object, const char *name,
                       const char *const *words);

/* The end of reading: the block of texts, which the caller frees, or NULL when anything was
 * refused; faults found in the JSON are passed on to the refusal. */
char *reading_end(struct reading *r, struct refusal *refusal);

#endif
