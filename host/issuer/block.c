/* SPDX-License-Identifier: Apache-2.0
 *
 * Index blocks: five fields, in and out.
 */
#include "issuer/block.h"

#include "codec/trust_doc.h"

enum { ISSUER = 0, STATION = 1, FIRST = 2, LAST = 3, ISSUED_AT = 4, FIELD_COUNT = 5 };

bool block_decode(struct span payload, struct block *ret_block)
{
    struct block block;
    struct cbor_cursor c = cbor_cursor_of(payload);
    struct cbor_map map = cbor_read_map(&c, FIELD_COUNT, FIELD_COUNT);
    cbor_map_expect(&c, &map, ISSUER);
    block.issuer = cbor_read_code(&c, 4, 32);
    cbor_map_expect(&c, &map, STATION);
    block.station = cbor_read_code(&c, 1, BLOCK_STATION_MAX);
    cbor_map_expect(&c, &map, FIRST);
    block.first = (uint32_t)cbor_read_uint(&c, 0, UINT32_MAX);
    cbor_map_expect(&c, &map, LAST);
    block.last = (uint32_t)cbor_read_uint(&c, block.first, UINT32_MAX);
    cbor_map_expect(&c, &map, ISSUED_AT);
    block.issued_at_s = (int64_t)cbor_read_uint(&c, 0, TRUST_MAX_SECONDS);
    if (!cbor_finish(&c)) {
        return false;
    }
    *ret_block = block;
    return true;
}

void block_encode(const struct block *block, struct writer *w)
{
    cbor_write_map(w, FIELD_COUNT);
    cbor_write_uint(w, ISSUER);
    cbor_write_text(w, block->issuer);
    cbor_write_uint(w, STATION);
    cbor_write_text(w, block->station);
    cbor_write_uint(w, FIRST);
    cbor_write_uint(w, block->first);
    cbor_write_uint(w, LAST);
    cbor_write_uint(w, block->last);
    cbor_write_uint(w, ISSUED_AT);
    cbor_write_int(w, block->issued_at_s);
}
