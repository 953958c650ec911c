/* SPDX-License-Identifier: Apache-2.0
 *
 * The fingerprint of a trust system (its root_id) as people read it out to each other: sixteen
 * groups of four hexadecimal digits.
 */
#ifndef CLI_FINGERPRINT_H
#define CLI_FINGERPRINT_H

#include <stdio.h>
#include "codec/trust_doc.h"

/* Two indented lines of eight groups each. */
void fingerprint_print(FILE *out, const uint8_t root_id[TRUST_DIGEST_SIZE]);

/* Reads 64 hexadecimal digits in any case, with blanks, colons or dashes between them. */
bool fingerprint_parse(struct span text, uint8_t ret_root_id[TRUST_DIGEST_SIZE]);

/* Whether the digits in `text` are the last `count` of the fingerprint. */
bool fingerprint_ends_with(const uint8_t root_id[TRUST_DIGEST_SIZE], struct span text,
                           size_t count);

#endif
