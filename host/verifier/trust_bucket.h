/* SPDX-License-Identifier: Apache-2.0
 *
 * One bucket as it rests in the store: its rows, each issuer's or code's together, without what
 * repeats, and blocks of sets compressed (codec/index_set.h). Only the store knows this form;
 * nothing is signed or shipped in it.
 */
#ifndef VERIFIER_TRUST_BUCKET_H
#define VERIFIER_TRUST_BUCKET_H

#include "verifier/trust_rows.h"

/* Rows of one bucket, in order. The caller frees *ret_bytes; no rows give no bytes and NULL. */
MUST_USE enum trust_rows_error trust_bucket_write(const struct row *row, size_t count,
                                                  uint8_t **ret_bytes, size_t *ret_len);

/* Adds the rows to `rows`, which the caller seals and frees. FORMAT when the bytes are damaged. */
MUST_USE enum trust_rows_error trust_bucket_read(struct span bytes, struct trust_rows *rows);

#endif
