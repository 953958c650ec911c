/* SPDX-License-Identifier: Apache-2.0
 *
 * What is unusual in a record though nothing forbids it; the seam between record.c and
 * record_warnings.c.
 */
#ifndef ISSUER_RECORD_WARNINGS_H
#define ISSUER_RECORD_WARNINGS_H

#include "issuer/record.h"

/* Adds warnings about a credential that is otherwise fit to be issued. */
void record_warnings_find(struct json_reader *json, const struct json_value *object,
                          const struct record_context *context, const struct credential *credential,
                          struct record_notes *warnings);

/* Adds one warning about a member of `object`. */
void record_warn(struct json_reader *json, const struct json_value *object, const char *name,
                 const char *what, struct record_notes *warnings);

#endif
