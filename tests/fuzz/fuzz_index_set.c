/* SPDX-License-Identifier: Apache-2.0
 *
 * Two bytes that give a bound, then any bytes as blocks, and as a stream of ranks: what is read is
 * a set, and what is written for it is read as the same set.
 */
#include "fuzz.h"
#include "codec/rank_set.h"

#define BLOCKS 16 /* are read, lest four bytes a block of 65,536 members make an input slow */

static uint32_t members[INDEX_SET_MAX_BOUND], again[INDEX_SET_MAX_BOUND];

static void is_a_set(size_t count, uint32_t bound)
{
    FUZZ_REQUIRE(count != 0 && count <= bound && members[count - 1] < bound);
    for (size_t i = 1; i < count; i++) {
        FUZZ_REQUIRE(members[i] > members[i - 1]);
    }
}

/* The encoder takes the smallest form, so that it never needs more than what was read. */
static void is_written_and_read(size_t count, uint32_t bound, size_t taken)
{
    uint8_t room[INDEX_SET_MAX_BYTES];
    struct writer w = writer_of(room, sizeof room);
    FUZZ_REQUIRE(index_set_encode(members, count, bound, &w));
    FUZZ_REQUIRE(writer_ok(&w) && w.len <= taken);
    struct reader r = reader_of(writer_span(&w));
    size_t again_count;
    FUZZ_REQUIRE(index_set_decode(&r, bound, again, &again_count) && reader_done(&r));
    FUZZ_REQUIRE(again_count == count && memcmp(again, members, count * sizeof again[0]) == 0);
}

static void read_blocks(struct span bytes, uint32_t bound)
{
    struct reader r = reader_of(bytes);
    size_t count, before = r.rest.len;
    for (unsigned i = 0; i < BLOCKS && index_set_decode(&r, bound, members, &count); i++) {
        is_a_set(count, bound);
        is_written_and_read(count, bound, before - r.rest.len);
        before = r.rest.len;
    }
}

static void read_ranks(struct span bytes)
{
    struct rank_set_reader r = rank_set_reader_of(bytes);
    uint64_t first, next = 0;
    size_t count;
    for (unsigned i = 0; i < BLOCKS && rank_set_next(&r, &first, members, &count); i++) {
        is_a_set(count, RANK_SET_BLOCK);
        FUZZ_REQUIRE(first % RANK_SET_BLOCK == 0 && first >= next && first <= RANK_SET_MAX_RANK);
        next = first + RANK_SET_BLOCK;
    }
    FUZZ_REQUIRE(!rank_set_done(&r) || !rank_set_next(&r, &first, members, &count));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(span_of(data, size));
    uint32_t bound = (uint32_t)reader_be(&r, 2) + 1;
    if (!r.failed) {
        read_blocks(r.rest, bound);
        read_ranks(r.rest);
    }
    return 0;
}
