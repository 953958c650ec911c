/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows about the status of certificates: allotment, centres, blanks, sets, ranges, and what is no
 * longer recognised (WIRE.md, "Rows", types 3, 4, 5 and 7). Reader and writer of each stand side by
 * side.
 */
#include "codec/row_field.h"

#define MAX_BLANK_PREFIX 16
#define MAX_BLANK_DIGITS 18
#define MAX_BLOCK        262143

/* ---- allotment, centres, blanks ---- */

void row_centre_next(struct cbor_cursor *c, struct row_centre *ret_centre)
{
    cbor_read_array(c, 5, 5);
    ret_centre->centre = cbor_read_code(c, 1, ROW_MAX_CENTRE_CODE);
    ret_centre->from_day = trust_read_day(c);
    ret_centre->until_day = trust_read_until(c, ret_centre->from_day);
    ret_centre->reason = trust_read_small(c, 1, ROW_MAX_REASON);
    ret_centre->date_day = trust_read_day(c);
}

static uint64_t greatest_of(int digits)
{
    uint64_t value = 1;
    for (int i = 0; i < digits; i++) {
        value *= 10;
    }
    return value - 1;
}

void row_blank_next(struct cbor_cursor *c, struct row_blank *ret_blank)
{
    cbor_read_array(c, 6, 6);
    ret_blank->prefix = cbor_read_code(c, 0, MAX_BLANK_PREFIX);
    ret_blank->digits = trust_read_small(c, 1, MAX_BLANK_DIGITS);
    uint64_t greatest = greatest_of(ret_blank->digits);
    ret_blank->first = cbor_read_uint(c, 0, greatest);
    ret_blank->last = cbor_read_uint(c, ret_blank->first, greatest);
    ret_blank->reason = trust_read_small(c, 1, ROW_MAX_REASON);
    ret_blank->date_day = trust_read_day(c);
}

bool row_status_decode(struct span bytes, struct row_status *ret_status)
{
    struct cbor_cursor c = cbor_cursor_of(bytes);
    row_read_head(&c, ROW_STATUS, 5);
    ret_status->issuer = row_read_issuer(&c);
    ret_status->allotment = row_read_index(&c, 0);

    ret_status->centre_count = cbor_read_array(&c, 0, ROW_MAX_CENTRES);
    ret_status->centres = c;
    struct row_centre centre;
    for (size_t i = 0; i < ret_status->centre_count && c.error == CBOR_OK; i++) {
        row_centre_next(&c, &centre);
    }
    ret_status->blank_count = cbor_read_array(&c, 0, ROW_MAX_BLANKS);
    ret_status->blanks = c;
    struct row_blank blank;
    for (size_t i = 0; i < ret_status->blank_count && c.error == CBOR_OK; i++) {
        row_blank_next(&c, &blank);
    }
    return cbor_finish(&c);
}

static void write_centre(struct writer *w, const struct row_centre *centre)
{
    cbor_write_array(w, 5);
    cbor_write_text(w, centre->centre);
    cbor_write_int(w, centre->from_day);
    trust_write_until(w, centre->until_day);
    cbor_write_int(w, centre->reason);
    cbor_write_int(w, centre->date_day);
}

static void write_blank(struct writer *w, const struct row_blank *blank)
{
    cbor_write_array(w, 6);
    cbor_write_text(w, blank->prefix);
    cbor_write_int(w, blank->digits);
    cbor_write_uint(w, blank->first);
    cbor_write_uint(w, blank->last);
    cbor_write_int(w, blank->reason);
    cbor_write_int(w, blank->date_day);
}

void row_status_write(struct writer *w, struct span issuer, uint32_t allotment,
                      const struct row_centre *centre, size_t centre_count,
                      const struct row_blank *blank, size_t blank_count)
{
    row_write_head(w, ROW_STATUS, 5);
    cbor_write_text(w, issuer);
    cbor_write_uint(w, allotment);
    cbor_write_array(w, centre_count);
    for (size_t i = 0; i < centre_count; i++) {
        write_centre(w, &centre[i]);
    }
    cbor_write_array(w, blank_count);
    for (size_t i = 0; i < blank_count; i++) {
        write_blank(w, &blank[i]);
    }
}

/* ---- one block of a set ---- */

/* At least one, whole, strictly ascending, inside the block. */
static bool offsets_valid(struct span offsets)
{
    if (offsets.len == 0 || offsets.len % 2 != 0 || offsets.len > ROW_MAX_BLOCK_BYTES) {
        return false;
    }
    struct reader r = reader_of(offsets);
    uint64_t last = reader_be(&r, 2);
    while (r.rest.len != 0) {
        uint64_t offset = reader_be(&r, 2);
        if (offset <= last) {
            return false;
        }
        last = offset;
    }
    return last < ROW_BLOCK_INDICES;
}

bool row_block_decode(struct span bytes, struct row_block *ret_block)
{
    struct cbor_cursor c = cbor_cursor_of(bytes);
    row_read_head(&c, ROW_BLOCK, 5);
    ret_block->issuer = row_read_issuer(&c);
    ret_block->set = (enum row_set)trust_read_small(&c, 1, ROW_SET_SURVIVORS);
    ret_block->block = (uint32_t)cbor_read_uint(&c, 0, MAX_BLOCK);
    ret_block->offsets = cbor_read_bytes(&c, 2, ROW_MAX_BLOCK_BYTES);
    return cbor_finish(&c) && offsets_valid(ret_block->offsets);
}

void row_block_write(struct writer *w, const struct row_block *block)
{
    row_write_head(w, ROW_BLOCK, 5);
    cbor_write_text(w, block->issuer);
    cbor_write_uint(w, block->set);
    cbor_write_uint(w, block->block);
    cbor_write_bytes(w, block->offsets);
}

/* ---- range ---- */

bool row_range_decode(struct span bytes, struct row_range *ret_range)
{
    struct cbor_cursor c = cbor_cursor_of(bytes);
    row_read_head(&c, ROW_RANGE, 7);
    ret_range->issuer = row_read_issuer(&c);
    ret_range->first = row_read_index(&c, 0);
    ret_range->last = row_read_index(&c, ret_range->first);
    ret_range->status = (enum row_range_status)trust_read_small(&c, 1, ROW_RANGE_REINSTATED);
    ret_range->reason = trust_read_small(&c, 1, ROW_MAX_REASON);
    ret_range->date_day = trust_read_day(&c);
    return cbor_finish(&c);
}

void row_range_write(struct writer *w, const struct row_range *range)
{
    row_write_head(w, ROW_RANGE, 7);
    cbor_write_text(w, range->issuer);
    cbor_write_uint(w, range->first);
    cbor_write_uint(w, range->last);
    cbor_write_int(w, range->status);
    cbor_write_int(w, range->reason);
    cbor_write_int(w, range->date_day);
}

/* ---- derecognised ---- */

bool row_derecognised_decode(struct span bytes, struct row_derecognised *ret_derecognised)
{
    struct cbor_cursor c = cbor_cursor_of(bytes);
    row_read_head(&c, ROW_DERECOGNISED, 5);
    ret_derecognised->issuer = row_read_issuer(&c);
    ret_derecognised->index = row_read_index(&c, 0);
    ret_derecognised->reason = trust_read_small(&c, 1, ROW_MAX_REASON);
    ret_derecognised->date_day = trust_read_day(&c);
    return cbor_finish(&c);
}

void row_derecognised_write(struct writer *w, const struct row_derecognised *derecognised)
{
    row_write_head(w, ROW_DERECOGNISED, 5);
    cbor_write_text(w, derecognised->issuer);
    cbor_write_uint(w, derecognised->index);
    cbor_write_int(w, derecognised->reason);
    cbor_write_int(w, derecognised->date_day);
}
