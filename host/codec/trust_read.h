/* SPDX-License-Identifier: Apache-2.0
 *
 * The fields that trust documents and rows have in common: states, days, seconds, digests, counts.
 * For the trust_*.c and row_*.c files only.
 */
#ifndef CODEC_TRUST_READ_H
#define CODEC_TRUST_READ_H

#include "codec/cbor.h"
#include "codec/cose.h"
#include "codec/trust_row.h"

static inline struct span trust_read_state(struct cbor_cursor *c)
{
    struct span state = cbor_read_text(c, TRUST_STATE_SIZE, TRUST_STATE_SIZE);
    if (!trust_is_state(state)) {
        cbor_fail(c, CBOR_RANGE);
    }
    return state;
}

static inline int64_t trust_read_seconds(struct cbor_cursor *c)
{
    return cbor_read_int(c, 0, TRUST_MAX_SECONDS);
}

static inline int64_t trust_read_day(struct cbor_cursor *c)
{
    return cbor_read_int(c, TRUST_LEAST_DAY, TRUST_MOST_DAY);
}

/* The last day of something that began on `from`; null: it has not ended. */
static inline int64_t trust_read_until(struct cbor_cursor *c, int64_t from)
{
    return cbor_read_null(c) ? ROW_NO_END_DAY : cbor_read_int(c, from, TRUST_MOST_DAY);
}

static inline int trust_read_small(struct cbor_cursor *c, int least, int most)
{
    return (int)cbor_read_int(c, least, most);
}

/* alg and public key, which must fit each other; the point itself is the verifier's to check. */
static inline struct span trust_read_public_key(struct cbor_cursor *c, int *ret_alg)
{
    *ret_alg = trust_read_small(c, COSE_EDDSA, COSE_ES256);
    size_t len = *ret_alg == COSE_ES256 ? 33 : 32;
    return cbor_read_bytes(c, len, len);
}

static inline void trust_write_until(struct writer *w, int64_t until)
{
    if (until == ROW_NO_END_DAY) {
        cbor_write_null(w);
    } else {
        cbor_write_int(w, until);
    }
}

#endif
