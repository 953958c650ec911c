/* SPDX-License-Identifier: Apache-2.0
 *
 * Test vectors of others, kept beside the checkout: found by the environment variable SAKSI_VECTORS
 * or in
 * ../shared/vectors. Tests that need them skip, and say so, where they are not there.
 */
#ifndef TESTS_VECTORS_H
#define TESTS_VECTORS_H

#include <jansson.h>

#include "wire/bytes.h"

/* Shows the visitor every *.json file below FOLDER of the vectors, in order of their names; `name`
 * is the path below it. Returns how many there were; 0 when the vectors are not there. */
size_t vectors_walk(const char *folder, void (*visit)(const char *name, const json_t *root));

/* The member at a path of keys ("output.cbor") of an object, or NULL. */
const json_t *vectors_at(const json_t *root, const char *path);

/* The bytes of hexadecimal or base64 text (either alphabet), or of nothing when the member is
 * absent; the caller frees them with free(). The test fails on other characters. */
struct span vectors_hex(const json_t *value);
struct span vectors_base64(const json_t *value);
void vectors_free(struct span bytes);

#endif
