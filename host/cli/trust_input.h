/* SPDX-License-Identifier: Apache-2.0
 *
 * What `saksi trust import` may be given: a bundle, a header, or a freshness token as text, image
 * or PDF. Decides by content, never by the name of the file; believes nothing of it.
 */
#ifndef CLI_TRUST_INPUT_H
#define CLI_TRUST_INPUT_H

#include "wire/must_use.h"
#include "wire/bytes.h"

/* Reads a bundle, or the header inside a token. The caller frees *ret_bytes. Says what is wrong and
 * gives an exit status otherwise. */
MUST_USE int trust_input_open(const char *path, uint8_t **ret_bytes, size_t *ret_len);

/* The header inside a token's text, or an exit status after a message about `path`. */
MUST_USE int trust_input_token(const char *path, struct span text, uint8_t **ret_bytes,
                               size_t *ret_len);

/* Whether bytes begin like a signed document (a header or a root), which is no bundle. */
bool trust_input_is_document(struct span bytes);

#endif
