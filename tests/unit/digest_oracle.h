/* SPDX-License-Identifier: Apache-2.0
 *
 * The digest of a part by a second way: libcbor takes the rows apart, OpenSSL hashes, and what
 * there is to know stands in WIRE.md, "Rows" and "Digests". A file of its own, because libcbor's
 * header and ours share names.
 */
#ifndef TESTS_DIGEST_ORACLE_H
#define TESTS_DIGEST_ORACLE_H

#include "wire/bytes.h"

/* Rows end to end, in any order. False when they are not rows, or more than it takes. */
bool digest_oracle(struct span rows, const char *name, uint8_t ret_digest[32]);

/* The bucket of the first row. */
unsigned digest_oracle_bucket(struct span row);

#endif
