/* SPDX-License-Identifier: Apache-2.0
 *
 * Blocks of indices: every form there and back, against a naive bitmap, damaged in every bit, and
 * each thing a header or a body may not say. Thousands of random sets in ordinary runs;
 * SAKSI_LONG=1 takes 100,000.
 */
#include "index_sample.h"
#include "codec/index_method.h"

#include <stdio.h>

#define ROOM ((size_t)16 * INDEX_SET_MAX_BYTES) /* a form nobody would choose may be longer */

static const uint32_t bounds[] = {1, 2, 3, 7, 8, 9, 100, 255, 256, 1000, 16384, 65535, 65536};
static const uint32_t densities[] = {1,      1000,   10000,  50000,  300000,
                                     500000, 900000, 999000, 1000000};

static struct index_sample sample;
static uint32_t read_back[INDEX_SET_MAX_BOUND];

/* A block read from bytes, and nothing beside it. */
static bool decode(struct span bytes, uint32_t bound, size_t *ret_count)
{
    struct reader r = reader_of(bytes);
    bool ok = index_set_decode(&r, bound, read_back, ret_count);
    assert_true(ok != r.failed);
    assert_true(!ok || index_sample_is_set(read_back, *ret_count, bound));
    return ok && reader_done(&r);
}

static bool refused(const char *hex, uint32_t bound)
{
    uint8_t bytes[64];
    size_t count = 77;
    struct span block = check_hex(hex, bytes, sizeof bytes);
    struct reader r = reader_of(block);
    bool ok = index_set_decode(&r, bound, read_back, &count);
    assert_int_equal(ok, !r.failed);
    assert_true(ok || count == 77);
    return !ok;
}

static struct span encode_sample(uint32_t bound, uint8_t *room)
{
    struct writer w = writer_of(room, ROOM), counting = writer_of(NULL, 0);
    assert_true(index_set_encode(sample.index, sample.count, bound, &w));
    assert_true(index_set_encode(sample.index, sample.count, bound, &counting));
    assert_int_equal(w.len, counting.len);
    assert_true(writer_ok(&w) && w.len != 0 && w.len <= INDEX_SET_MAX_BYTES);
    return writer_span(&w);
}

static void is_the_sample(size_t count)
{
    assert_int_equal(count, sample.count);
    assert_memory_equal(read_back, sample.index, count * sizeof read_back[0]);
}

static void sample_round_trips(uint32_t bound)
{
    uint8_t room[ROOM];
    struct span block = encode_sample(bound, room);
    uint8_t *copy = check_heap_copy(block);
    size_t count;
    assert_true(decode(span_of(copy, block.len), bound, &count));
    is_the_sample(count);
    free(copy);
}

/* ---- there and back ---- */

static void every_density_round_trips(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (size_t b = 0; b < COUNT_OF(bounds); b++) {
        for (size_t d = 0; d < COUNT_OF(densities); d++) {
            index_sample_random(&sample, bounds[b], densities[d], &random);
            sample_round_trips(bounds[b]);
            index_sample_bursts(&sample, bounds[b], densities[d], &random);
            sample_round_trips(bounds[b]);
        }
    }
}

static void edges_round_trip(void **state)
{
    (void)state;
    for (size_t b = 0; b < COUNT_OF(bounds); b++) {
        const uint32_t single[] = {0, bounds[b] / 2, bounds[b] - 1};
        for (size_t i = 0; i < COUNT_OF(single); i++) {
            memset(sample.member, 0, sizeof sample.member);
            sample.member[single[i]] = true;
            index_sample_list(&sample, bounds[b]);
            sample_round_trips(bounds[b]);
        }
        sample.member[0] = true; /* and the last */
        index_sample_list(&sample, bounds[b]);
        sample_round_trips(bounds[b]);
        memset(sample.member, true, sizeof sample.member);
        index_sample_list(&sample, bounds[b]);
        sample_round_trips(bounds[b]);
    }
}

static void a_block_leaves_what_follows(void **state)
{
    (void)state;
    uint64_t random = 2;
    uint8_t room[ROOM];
    struct writer w = writer_of(room, sizeof room);
    for (size_t d = 0; d < COUNT_OF(densities); d++) {
        index_sample_random(&sample, 5000, densities[d], &random);
        assert_true(index_set_encode(sample.index, sample.count, 5000, &w));
    }
    struct reader r = reader_of(writer_span(&w));
    random = 2;
    for (size_t d = 0; d < COUNT_OF(densities); d++) {
        size_t count;
        index_sample_random(&sample, 5000, densities[d], &random);
        assert_true(index_set_decode(&r, 5000, read_back, &count));
        is_the_sample(count);
    }
    assert_true(reader_done(&r));
}

/* ---- which form ---- */

/* Bytes of the sample by method; k of Rice, where 16 is interpolative and 17 is raw. */
#define INTERPOLATIVE (INDEX_RICE_MAX_K + 1U)
#define RAW           (INDEX_RICE_MAX_K + 2U)

static struct span write_by(unsigned form, uint32_t bound, uint8_t *room, size_t cap)
{
    struct index_members set = {sample.index, (uint32_t)sample.count, bound};
    struct writer w = writer_of(room, cap);
    if (form == INTERPOLATIVE) {
        index_interpolative_write(&set, &w);
    } else if (form == RAW) {
        index_raw_write(&set, &w);
        assert_int_equal(w.len, index_raw_size(bound));
    } else {
        index_rice_write(&set, form, &w);
        assert_int_equal(w.len, index_rice_size(&set, form));
    }
    assert_true(writer_ok(&w));
    return writer_span(&w);
}

static bool read_by(unsigned form, struct span bytes, uint32_t bound, uint32_t count,
                    size_t *ret_len)
{
    return form == INTERPOLATIVE ? index_interpolative_read(bytes, bound, count, read_back, ret_len)
           : form == RAW         ? index_raw_read(bytes, bound, count, read_back, ret_len)
                                 : index_rice_read(bytes, form, bound, count, read_back, ret_len);
}

static void every_form_round_trips(void **state)
{
    (void)state;
    uint64_t random = 3;
    uint8_t room[ROOM];
    for (size_t b = 0; b < COUNT_OF(bounds); b++) {
        for (size_t d = 0; d < COUNT_OF(densities); d++) {
            index_sample_random(&sample, bounds[b], densities[d], &random);
            for (unsigned form = 0; form <= RAW; form++) {
                struct span bytes = write_by(form, bounds[b], room, sizeof room);
                uint8_t *copy = check_heap_copy(bytes);
                size_t len = 0;
                assert_true(read_by(form, span_of(copy, bytes.len), bounds[b],
                                    (uint32_t)sample.count, &len));
                free(copy);
                assert_int_equal(len, bytes.len);
                is_the_sample(sample.count);
            }
        }
    }
}

/* The block is as small as the smallest form, and takes the lowest method among those. */
static void the_smallest_form_is_taken(void **state)
{
    (void)state;
    uint64_t random = 4;
    unsigned taken[4] = {0};
    uint8_t room[ROOM], body[ROOM];
    for (size_t i = 0; i < 300; i++) {
        uint32_t bound = bounds[i % COUNT_OF(bounds)];
        index_sample_random(&sample, bound, densities[i % COUNT_OF(densities)], &random);
        if (i % 3 == 0) {
            index_sample_bursts(&sample, bound, densities[i % COUNT_OF(densities)], &random);
        }
        if (i % 5 == 0) { /* in the lower half alone: gaps smaller than the count lets expect */
            memset(sample.member + bound / 2, 0, bound - bound / 2);
            sample.member[0] = true;
            index_sample_list(&sample, bound);
        }
        unsigned usual = index_rice_k((uint32_t)sample.count, bound), lowest = 0;
        size_t size[4] = {SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX}, header = 1;
        for (unsigned form = 0; form <= RAW; form++) {
            unsigned method = form == INTERPOLATIVE ? 1 : form == RAW ? 2 : form == usual ? 0 : 3;
            size_t len = write_by(form, bound, body, sizeof body).len + (method == 3 ? 1 : 0);
            size[method] = len < size[method] ? len : size[method];
        }
        for (unsigned method = 1; method < 4; method++) {
            lowest = size[method] < size[lowest] ? method : lowest;
        }
        header += sample.count >= 4096 ? 2 : sample.count >= 32 ? 1 : 0;
        struct span block = encode_sample(bound, room);
        assert_int_equal(block.len, header + size[lowest]);
        assert_int_equal(room[0] % 4, lowest);
        taken[lowest]++;
    }
    assert_true(taken[0] != 0 && taken[1] != 0 && taken[3] != 0);
}

static void is_written(const uint32_t *index, size_t count, uint32_t bound, const char *hex)
{
    uint8_t room[64], wanted[64];
    struct writer w = writer_of(room, sizeof room);
    assert_true(index_set_encode(index, count, bound, &w));
    check_bytes(writer_span(&w), check_hex(hex, wanted, sizeof wanted));
}

static void sets_are_written_to_these_bytes(void **state)
{
    (void)state;
    static const uint32_t rice[] = {3, 10, 11, 40}, raw[] = {4, 5, 10, 11, 14, 15};
    uint32_t most[56], early[10];
    for (uint32_t i = 0; i < COUNT_OF(most); i++) {
        most[i] = 8 + i;
    }
    for (uint32_t i = 0; i < COUNT_OF(early); i++) {
        early[i] = 2 * i;
    }
    is_written(rice, COUNT_OF(rice), 64, "10 784e20");
    is_written(most, COUNT_OF(most), 64, "e101 eeeeee");
    is_written(raw, COUNT_OF(raw), 16, "1a 0c33");
    is_written(early, COUNT_OF(early), 65536, "2b 00 aaaaa0");
}

/* The expected bits of a gap when each number is a member with the same chance. */
static double expected_bits(double chance, unsigned k)
{
    double none = 1 - chance; /* no member among 2^k numbers */
    for (unsigned i = 0; i < k; i++) {
        none *= none;
    }
    return k + 1 + none / (1 - none);
}

static void the_usual_parameter_is_the_best_for_random_sets(void **state)
{
    (void)state;
    /* With more members than these the raw form is not larger than Rice's. */
    for (uint32_t count = 1; count <= INDEX_SET_MAX_BOUND / 1000 * 381; count++) {
        double chance = (double)count / INDEX_SET_MAX_BOUND, best = 1e9;
        for (unsigned k = 0; k <= INDEX_RICE_MAX_K; k++) {
            double bits = expected_bits(chance, k);
            best = bits < best ? bits : best;
        }
        unsigned k = index_rice_k(count, INDEX_SET_MAX_BOUND);
        assert_true(expected_bits(chance, k) <= best * 1.001);
    }
    assert_int_equal(index_rice_k(1, 1), 0);
    assert_int_equal(index_rice_k(655, 65536), 6);
    assert_int_equal(index_rice_k(1, 65536), INDEX_RICE_MAX_K);
}

/* ---- against a bitmap ---- */

static void sets_are_what_a_bitmap_says(void **state)
{
    (void)state;
    uint64_t random = 5;
    uint8_t room[ROOM];
    unsigned rounds = check_is_long() ? 100000 : 3000;
    for (unsigned i = 0; i < rounds; i++) {
        uint32_t bound = 1 + (uint32_t)(check_random(&random) >> (48 + check_random(&random) % 16));
        uint32_t density = (uint32_t)(1000000 >> check_random(&random) % 14);
        index_sample_random(&sample, bound, density, &random);
        if (check_random(&random) % 2 == 0) {
            index_sample_bursts(&sample, bound, density, &random);
        }
        size_t count, at = 0;
        assert_true(decode(encode_sample(bound, room), bound, &count));
        for (uint32_t number = 0; number < bound; number++) {
            bool member = at < count && read_back[at] == number;
            at += member;
            if (member != sample.member[number]) {
                fail_msg("set %u: number %u", i, number);
            }
        }
        assert_int_equal(at, count);
    }
}

/* ---- damage ---- */

static const struct {
    uint32_t bound, density, bursts;
} damaged[] = {
    {1, 1000000, 0},   {2, 1, 0},          {3, 1, 0},        {100, 100000, 0},    {256, 500000, 0},
    {16384, 10000, 0}, {16384, 1, 100000}, {65536, 1000, 0}, {65536, 300, 30000}, {300, 0, 990000},
};

struct damage {
    uint32_t bound;
    uint8_t method; /* as encoded */
};

static void is_refused(struct span prefix, void *context)
{
    size_t count;
    assert_false(decode(prefix, ((const struct damage *)context)->bound, &count));
}

/* One bit cannot give the same set again, unless it names another method that has the same bits. */
static void is_refused_or_another_set(struct span flipped, void *context)
{
    const struct damage *damage = context;
    size_t count;
    if (decode(flipped, damage->bound, &count) && flipped.ptr[0] % 4 == damage->method) {
        assert_true(count != sample.count ||
                    memcmp(read_back, sample.index, count * sizeof read_back[0]) != 0);
    }
}

static void damage_is_refused_or_another_set(void **state)
{
    (void)state;
    uint64_t random = 6;
    uint8_t room[ROOM];
    for (size_t i = 0; i < COUNT_OF(damaged); i++) {
        uint32_t bound = damaged[i].bound;
        index_sample_random(&sample, bound, damaged[i].density, &random);
        index_sample_bursts(&sample, bound, damaged[i].bursts, &random);
        struct span block = encode_sample(bound, room);
        struct damage damage = {bound, room[0] % 4};
        check_prefixes(block, is_refused, &damage);
        check_bit_flips(block, is_refused_or_another_set, &damage);
    }
}

/* Every form, each damaged: what a reader accepts is a set, and it takes no more than there is. */
static void damaged_forms_stay_inside(void **state)
{
    (void)state;
    uint64_t random = 7;
    uint8_t room[ROOM];
    index_sample_random(&sample, 1000, 40000, &random);
    for (unsigned form = 0; form <= RAW; form++) {
        struct span bytes = write_by(form, 1000, room, sizeof room);
        uint32_t count = (uint32_t)sample.count;
        size_t taken;
        for (size_t len = 0; len < bytes.len; len++) {
            uint8_t *copy = check_heap_copy(span_of(bytes.ptr, len));
            assert_false(read_by(form, span_of(copy, len), 1000, count, &taken));
            free(copy);
        }
        uint8_t *copy = check_heap_copy(bytes);
        for (size_t bit = 0; bit < bytes.len * 8; bit++) {
            copy[bit / 8] ^= (uint8_t)(0x80U >> bit % 8);
            if (read_by(form, span_of(copy, bytes.len), 1000, count, &taken)) {
                assert_true(taken <= bytes.len);
                assert_true(index_sample_is_set(read_back, count, 1000));
            }
            copy[bit / 8] ^= (uint8_t)(0x80U >> bit % 8);
        }
        free(copy);
    }
}

/* ---- what may not be said ---- */

static void accepted_bodies(void **state)
{
    (void)state;
    assert_false(refused("05", 1));         /* interpolative, {0}: nothing is left to say */
    assert_false(refused("06 80", 1));      /* raw, {0} */
    assert_false(refused("04 80", 1));      /* Rice, k 0: gap 0 */
    assert_false(refused("07 00 20", 8));   /* Rice, k 0 named: gap 2 */
    assert_false(refused("06 00 80", 9));   /* raw, {8} */
    assert_false(refused("818010", 65536)); /* all of them: nothing is left to say */
}

static void headers_that_say_nothing_are_refused(void **state)
{
    (void)state;
    static const char *const empty[] = {"00 00", "01 00", "02 00", "03 00 00"};
    for (size_t i = 0; i < COUNT_OF(empty); i++) {
        assert_true(refused(empty[i], 8));
    }
    assert_true(refused("", 8));
    assert_true(refused("25", 8));             /* nine of eight */
    assert_true(refused("26 FF80", 8));        /* nine of eight, raw */
    assert_true(refused("858010", 65536));     /* 65,537 */
    assert_true(refused("8180808010", 65536)); /* 2^30 */
    assert_true(refused("FFFFFFFFFFFFFFFFFF01 00", 65536));
    assert_true(refused("80808080808080808080 00", 65536));
    assert_true(refused("05", 0));
    assert_true(refused("05", 65537));
}

static void other_forms_of_a_number_are_refused(void **state)
{
    (void)state;
    assert_true(refused("8500", 1));
    assert_true(refused("858000", 1));
    assert_true(refused("81809000", 65536));
    assert_true(refused("85", 1));
}

static void parameters_out_of_range_are_refused(void **state)
{
    (void)state;
    char block[32];
    unsigned usual = index_rice_k(1, 8);
    for (unsigned k = 0; k <= 0xFF; k++) {
        snprintf(block, sizeof block, "07 %02x 00 01 00 00", k);
        uint8_t bytes[8];
        struct reader r = reader_of(check_hex(block, bytes, sizeof bytes));
        size_t count;
        bool ok = index_set_decode(&r, 8, read_back, &count);
        assert_true(!ok || (k <= INDEX_RICE_MAX_K && k != usual));
    }
    assert_true(refused("07", 8));
    assert_int_equal(usual, 2);
    assert_true(refused("07 02 20", 8)); /* the usual one has no need to be named */
    assert_false(refused("04 20", 8));
}

static void numbers_beyond_the_bound_are_refused(void **state)
{
    (void)state;
    assert_false(refused("07 00 01", 8)); /* 7 */
    assert_true(refused("07 00 01", 7));
    assert_true(refused("07 00 0080", 8)); /* 8, a run that leaves the bound */
    assert_true(
        refused("0B 00 A000", 2 + 1));     /* 0 and 2, then padding of another byte is not taken */
    assert_true(refused("0B 00 8080", 8)); /* 0 and 9 */
    assert_true(refused("07 00 0000000000000000000000000000000000000000000000000000000001", 200));
    assert_false(refused("07 00 0000000000000000000000000000000000000000000001", 200));
    assert_true(refused("06 0080", 8)); /* no member below the bound, and not the last byte's */
    assert_true(refused("06 0040", 9)); /* 9 */
}

static void raw_counts_must_agree(void **state)
{
    (void)state;
    assert_true(refused("06 C0", 8));
    assert_true(refused("0A 80", 8));
    assert_false(refused("0A C0", 8));
}

static void padding_other_than_zeros_is_refused(void **state)
{
    (void)state;
    assert_true(refused("04 81", 1));
    assert_true(refused("04 C0", 1));
    assert_true(refused("04 A0", 1));
    assert_true(refused("06 8040", 9));
    assert_true(refused("05 40", 2));
    assert_false(refused("05 80", 2));
    assert_true(refused("05 40", 3));
    uint64_t random = 8;
    uint8_t room[ROOM];
    size_t count;
    for (unsigned form = 0; form <= RAW; form++) {
        index_sample_random(&sample, 997, 30000, &random);
        struct span bytes = write_by(form, 997, room, sizeof room);
        assert_true(read_by(form, bytes, 997, (uint32_t)sample.count, &count));
        bool even = (room[bytes.len - 1] & 1) != 0; /* a last bit that may be no padding */
        room[bytes.len - 1] |= 1;
        assert_true(even || !read_by(form, bytes, 997, (uint32_t)sample.count, &count));
    }
}

static void what_is_no_set_is_not_written(void **state)
{
    (void)state;
    static const uint32_t two[] = {3, 5}, same[] = {3, 3}, falling[] = {5, 3};
    struct writer w = writer_of(NULL, 0);
    assert_false(index_set_encode(two, 0, 8, &w));
    assert_false(index_set_encode(two, 2, 0, &w));
    assert_false(index_set_encode(two, 2, 1, &w));
    assert_false(index_set_encode(two, 2, 5, &w));
    assert_false(index_set_encode(two, 2, INDEX_SET_MAX_BOUND + 1, &w));
    assert_false(index_set_encode(same, 2, 8, &w));
    assert_false(index_set_encode(falling, 2, 8, &w));
    assert_int_equal(w.len, 0);
    assert_true(index_set_encode(two, 2, 6, &w));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_density_round_trips),
        cmocka_unit_test(edges_round_trip),
        cmocka_unit_test(a_block_leaves_what_follows),
        cmocka_unit_test(every_form_round_trips),
        cmocka_unit_test(the_smallest_form_is_taken),
        cmocka_unit_test(sets_are_written_to_these_bytes),
        cmocka_unit_test(the_usual_parameter_is_the_best_for_random_sets),
        cmocka_unit_test(sets_are_what_a_bitmap_says),
        cmocka_unit_test(damage_is_refused_or_another_set),
        cmocka_unit_test(damaged_forms_stay_inside),
        cmocka_unit_test(accepted_bodies),
        cmocka_unit_test(headers_that_say_nothing_are_refused),
        cmocka_unit_test(other_forms_of_a_number_are_refused),
        cmocka_unit_test(parameters_out_of_range_are_refused),
        cmocka_unit_test(numbers_beyond_the_bound_are_refused),
        cmocka_unit_test(raw_counts_must_agree),
        cmocka_unit_test(padding_other_than_zeros_is_refused),
        cmocka_unit_test(what_is_no_set_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
