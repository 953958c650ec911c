/* SPDX-License-Identifier: Apache-2.0
 *
 * The heads and fields that several types of rows share. For the row_*.c files only.
 */
#ifndef CODEC_ROW_FIELD_H
#define CODEC_ROW_FIELD_H

#include "codec/trust_read.h"

#define ROW_MIN_ISSUER          4
#define ROW_MAX_ISSUER          32
#define ROW_MAX_SCHEME_CODE     32
#define ROW_MAX_SECTOR_CODE     8
#define ROW_MAX_OCCUPATION_CODE 6
#define ROW_MAX_JOB_CODE        8
#define ROW_MAX_CENTRE_CODE     24
#define ROW_MAX_UNIT_CODE       24
#define ROW_MAX_LANGUAGE        12
#define ROW_MAX_SOURCE          160
#define ROW_MAX_FRAMEWORK                                                                          \
    65535 /* numbers of later versions are let through: they match nothing here */
#define ROW_MAX_EDITION 9999
#define ROW_MAX_LEVEL   9
#define ROW_MAX_REASON  6

static inline void row_read_head(struct cbor_cursor *c, enum row_type type, size_t elements)
{
    cbor_read_array(c, elements, elements);
    cbor_read_uint(c, type, type);
}

static inline void row_write_head(struct writer *w, enum row_type type, size_t elements)
{
    cbor_write_array(w, elements);
    cbor_write_uint(w, type);
}

static inline struct span row_read_issuer(struct cbor_cursor *c)
{
    return cbor_read_code(c, ROW_MIN_ISSUER, ROW_MAX_ISSUER);
}

static inline uint32_t row_read_index(struct cbor_cursor *c, uint32_t least)
{
    return (uint32_t)cbor_read_uint(c, least, UINT32_MAX);
}

/* The key of a row of that type, at which the cursor stands: its bytes. In trust_row.c. */
struct span row_take_key(struct cbor_cursor *c, enum row_type type);

/* In row_issuer.c. */
void row_read_names(struct cbor_cursor *c, struct row_names *ret_names);
void row_write_names(struct writer *w, const struct row_names *names);

#endif
