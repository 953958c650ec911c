/* SPDX-License-Identifier: Apache-2.0
 *
 * The sources of one national list, the JSON files in DIR/STATE, to sorted rows. Knows the names
 * and limits of WIRE.md's rows and refuses what an importer would refuse, naming file, member and
 * fault.
 */
#ifndef AUTHORITY_SOURCE_LIST_H
#define AUTHORITY_SOURCE_LIST_H

#include "authority/list_rows.h"
#include "authority/source.h"

#define SOURCE_LIST_FILES 8

/* A list as its sources say it. Ends with list_source_free. */
struct list_source {
    char state[TRUST_STATE_SIZE + 1];
    int64_t version, as_of_s, expires_s;
    struct list_rows rows;            /* sorted */
    char file[SOURCE_LIST_FILES][24]; /* "ID/rules.json": what rows name as their origin */
};

/* Reads and checks all sources of a state. list.json must be there; another absent file means no
 * rows of its kind; a file of another name is refused, so that a misspelt one is not passed over.
 * On failure nothing is left to free. */
MUST_USE enum authority_error list_source_read(const char *dir, const char *state,
                                               struct list_source *ret_list,
                                               struct authority_problem *problem);
/* The same with the text of one file ("status.json") in place of what is written there: whether a
 * change would be good, before it is made. */
MUST_USE enum authority_error list_source_read_with(const char *dir, const char *state,
                                                    const char *name, struct span text,
                                                    struct list_source *ret_list,
                                                    struct authority_problem *problem);
void list_source_free(struct list_source *list);

/* Adds the rows of one file ("rules.json") from its text, as list_source_read does for each.
 * `list` has been begun with list_source_begin; it may be freed in any state. */
void list_source_begin(struct list_source *list, const char *state);
MUST_USE enum authority_error list_source_add(struct list_source *list, const char *name,
                                              struct span text, struct authority_problem *problem);

/* What the readers of single elements share. */
struct list_reader {
    struct source *s;
    struct span state;
    struct list_rows *rows;
    struct row_origin origin;
    uint8_t *room; /* TRUST_MAX_ROW_BYTES for the row being written */
    struct authority_problem *problem;
};

/* A writer over the room, for a new row. */
struct writer list_reader_row(struct list_reader *r);
/* Adds the row, unless the source has failed: that is told once, by source_finish. */
MUST_USE enum authority_error list_reader_add(struct list_reader *r, const struct writer *w);

/* One element each of issuers.json, status.json and rules.json. */
MUST_USE enum authority_error source_issuer_read(struct list_reader *r,
                                                 const struct json_value *element);
MUST_USE enum authority_error source_status_read(struct list_reader *r,
                                                 const struct json_value *element);
MUST_USE enum authority_error source_rule_read(struct list_reader *r,
                                               const struct json_value *element);

#endif
