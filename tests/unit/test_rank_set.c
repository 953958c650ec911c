/* SPDX-License-Identifier: Apache-2.0
 *
 * Streams of ranks: there and back at many densities, skipped blocks, the ends of the rank space,
 * damage bit by bit, and varints by themselves. SAKSI_LONG=1 takes more random sets.
 */
#include "check.h"
#include "codec/rank_set.h"
#include "codec/varint.h"

#define MAX_RANKS 400000
#define ROOM      (1 << 20)
#define LAST      RANK_SET_MAX_RANK

static uint64_t ranks[MAX_RANKS];
static uint32_t index_room[RANK_SET_BLOCK];
static uint8_t room[ROOM];

static struct span encode(size_t count)
{
    struct writer w = writer_of(room, sizeof room), counting = writer_of(NULL, 0);
    assert_true(rank_set_encode(ranks, count, &w));
    assert_true(rank_set_encode(ranks, count, &counting));
    assert_true(writer_ok(&w));
    assert_int_equal(w.len, counting.len);
    return writer_span(&w);
}

struct read {
    size_t count, blocks;
    bool done, same; /* same: what was read are the first `count` of `ranks` */
};

/* Reads all blocks; each rank is above the one before and within its block. */
static struct read read_all(struct span bytes)
{
    struct rank_set_reader r = rank_set_reader_of(bytes);
    struct read read = {.same = true};
    uint64_t first, next = 0;
    size_t count;
    while (rank_set_next(&r, &first, index_room, &count)) {
        assert_true(count != 0 && count <= RANK_SET_BLOCK && first % RANK_SET_BLOCK == 0);
        for (size_t i = 0; i < count; i++) {
            uint64_t rank = first + index_room[i];
            assert_true(index_room[i] < RANK_SET_BLOCK && rank >= next && rank <= LAST);
            next = rank + 1;
            read.same = read.same && read.count + i < MAX_RANKS && ranks[read.count + i] == rank;
        }
        read.count += count;
        read.blocks++;
    }
    assert_false(rank_set_next(&r, &first, index_room, &count)); /* the end and failure stay */
    read.done = rank_set_done(&r);
    return read;
}

static void round_trips(size_t count)
{
    struct span bytes = encode(count);
    uint8_t *copy = check_heap_copy(bytes);
    struct read read = read_all(span_of(copy, bytes.len));
    free(copy);
    assert_true(read.done && read.same);
    assert_int_equal(read.count, count);
}

/* Steps of 1 to 2·mean; one in `burst` begins a run of 200 without gaps. */
static void make_ranks(size_t count, uint64_t mean, unsigned burst, uint64_t *random)
{
    uint64_t rank = check_random(random) % (2 * mean);
    size_t run = 0;
    for (size_t i = 0; i < count; i++) {
        ranks[i] = rank;
        run = run != 0 ? run - 1 : burst != 0 && check_random(random) % burst == 0 ? 200 : 0;
        rank += run != 0 ? 1 : 1 + check_random(random) % (2 * mean);
    }
}

/* ---- there and back ---- */

static void every_density_round_trips(void **state)
{
    (void)state;
    static const uint64_t means[] = {1, 3, 20, 100, 1000, 70000, 3000000, UINT64_C(1) << 34};
    uint64_t random = 1;
    unsigned rounds = check_is_long() ? 50 : 2;
    for (unsigned round = 0; round < rounds; round++) {
        for (size_t m = 0; m < COUNT_OF(means); m++) {
            for (unsigned burst = 0; burst < 300; burst += 100) {
                make_ranks(means[m] < 1000 ? 20000 : 1000, means[m], burst, &random);
                round_trips(means[m] < 1000 ? 20000 : 1000);
            }
        }
    }
}

static void edges_round_trip(void **state)
{
    (void)state;
    static const uint64_t edge[] = {
        0, 65535, 65536, 131071, UINT64_C(1) << 32, LAST - 65536, LAST - 65535, LAST};
    for (size_t i = 0; i < COUNT_OF(edge); i++) {
        ranks[0] = edge[i];
        round_trips(1);
    }
    memcpy(ranks, edge, sizeof edge);
    round_trips(COUNT_OF(edge));
    for (size_t i = 0; i < 200000; i++) {
        ranks[i] = 65535 + i;
    }
    round_trips(200000);
    for (size_t i = 0; i < 100000; i++) {
        ranks[i] = LAST - 99999 + i;
    }
    round_trips(100000);
}

static void no_ranks_are_no_bytes(void **state)
{
    (void)state;
    assert_int_equal(encode(0).len, 0);
    struct read read = read_all(span_of(NULL, 0));
    assert_true(read.done);
    assert_int_equal(read.blocks, 0);
}

static void streams_are_written_to_these_bytes(void **state)
{
    (void)state;
    uint8_t wanted[64];
    ranks[0] = 65541;
    for (size_t i = 0; i < RANK_SET_BLOCK; i++) {
        ranks[1 + i] = 262144 + i;
    }
    check_bytes(encode(1 + RANK_SET_BLOCK), check_hex("01 04000b 02 818010", wanted, 64));
    ranks[0] = LAST;
    check_bytes(encode(1), check_hex("ffffffff0f 05ffff", wanted, 64));
}

static void what_is_no_set_is_not_written(void **state)
{
    (void)state;
    static const uint64_t wrong[][3] = {
        {1, 1, 2},
        {2, 1, 3},
        {65536, 1, 70000},
        {65536, 65536, 65537},
        {1, 2, LAST + 1},
        {1, 2, UINT64_MAX},
        {131072, 131073, 65536},
        {LAST + 1, LAST + 2, LAST + 3},
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct writer w = writer_of(room, sizeof room);
        assert_false(rank_set_encode(wrong[i], 3, &w));
    }
    for (size_t i = 0; i < MAX_RANKS; i++) { /* more than a block has room for */
        ranks[i] = 7;
    }
    struct writer w = writer_of(room, sizeof room);
    assert_false(rank_set_encode(ranks, MAX_RANKS, &w));
}

/* ---- damage ---- */

static void is_the_beginning_or_refused(struct span prefix, void *context)
{
    struct read read = read_all(prefix);
    assert_true(read.same);
    *(size_t *)context += read.done;
}

/* Only a cut between two blocks is not seen. */
static void every_prefix(void **state)
{
    (void)state;
    uint64_t random = 2;
    make_ranks(500, 2000, 50, &random);
    struct span bytes = encode(500);
    size_t accepted = 0, blocks = read_all(bytes).blocks;
    assert_true(blocks > 3);
    check_prefixes(bytes, is_the_beginning_or_refused, &accepted);
    assert_int_equal(accepted, blocks);
}

static void is_refused_or_another_set(struct span flipped, void *context)
{
    size_t count = *(size_t *)context;
    struct read read = read_all(flipped); /* which asks whether it is a set */
    assert_false(read.done && read.same && read.count == count);
}

static void every_bit_flip(void **state)
{
    (void)state;
    uint64_t random = 3;
    for (unsigned burst = 0; burst < 60; burst += 20) {
        size_t count = 600;
        make_ranks(count, 2000, burst, &random);
        check_bit_flips(encode(count), is_refused_or_another_set, &count);
    }
}

static bool refused(const char *hex)
{
    uint8_t bytes[64];
    return !read_all(check_hex(hex, bytes, sizeof bytes)).done;
}

static void what_no_stream_says_is_refused(void **state)
{
    (void)state;
    assert_false(refused("00 04000b"));
    assert_true(refused("00"));                           /* no block */
    assert_true(refused("8000 04000b"));                  /* a longer form of 0 */
    assert_true(refused("00 04000b 00"));                 /* no second block */
    assert_true(refused("00 00"));                        /* a block without members */
    assert_false(refused("ffffffff0f 04000b"));           /* the last block */
    assert_true(refused("8080808010 04000b"));            /* one beyond it */
    assert_true(refused("ffffffff0f 04000b 00 04000b"));  /* and after it */
    assert_false(refused("feffffff0f 04000b 00 04000b")); /* the last two */
    assert_true(refused("feffffff0f 04000b 01 04000b"));
    assert_true(refused("ffffffffffffffffff01 04000b"));
}

/* ---- varints ---- */

static void varints_round_trip(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 63; bits++) {
        uint64_t value = UINT64_C(1) << bits;
        for (uint64_t v = value - 1; v <= value + 1; v++) {
            struct writer w = writer_of(room, sizeof room);
            varint_write(&w, v);
            struct reader r = reader_of(writer_span(&w)), low = r, cut = r;
            assert_int_equal(varint_read(&r, v), v);
            assert_true(reader_done(&r));
            assert_int_equal(varint_read(&low, v == 0 ? 0 : v - 1), 0);
            assert_true(low.failed || v == 0);
            cut.rest.len--;
            assert_int_equal(varint_read(&cut, v), 0);
            assert_true(cut.failed);
        }
    }
}

static void longer_varints_are_refused(void **state)
{
    (void)state;
    static const char *const longer[] = {"8000",
                                         "808000",
                                         "ff00",
                                         "ffffffffffffffff8000",
                                         "80808080808080808000",
                                         "80808080808080808001",
                                         "80"};
    for (size_t i = 0; i < COUNT_OF(longer); i++) {
        uint8_t bytes[16];
        struct reader r = reader_of(check_hex(longer[i], bytes, sizeof bytes));
        assert_int_equal(varint_read(&r, UINT64_MAX), 0);
        assert_true(r.failed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_density_round_trips),
        cmocka_unit_test(edges_round_trip),
        cmocka_unit_test(no_ranks_are_no_bytes),
        cmocka_unit_test(streams_are_written_to_these_bytes),
        cmocka_unit_test(what_is_no_set_is_not_written),
        cmocka_unit_test(every_prefix),
        cmocka_unit_test(every_bit_flip),
        cmocka_unit_test(what_no_stream_says_is_refused),
        cmocka_unit_test(varints_round_trip),
        cmocka_unit_test(longer_varints_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
