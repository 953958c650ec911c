/* SPDX-License-Identifier: Apache-2.0
 *
 * libcbor as a second opinion: whatever our reader accepts, libcbor reads to the last byte and
 * writes back unchanged; so whatever libcbor cannot read, ours refuses.
 */
#include "check.h"
#include "cbor_oracle.h"
#include "codec/cbor.h"

#define ROOM  256
#define CASES 200000

struct tally {
    unsigned accepted_by_both, refused_by_both, refused_by_ours, silent;
};

static void write_item(struct writer *w, uint64_t *random, unsigned depth);

static void write_small_map(struct writer *w, uint64_t *random, unsigned depth)
{
    uint64_t count = check_random(random) % 4;
    uint64_t key = check_random(random) % 30;
    cbor_write_map(w, count);
    for (uint64_t i = 0; i < count; i++) {
        cbor_write_uint(w, key);
        key += 1 + check_random(random) % 300;
        write_item(w, random, depth + 1);
    }
}

static void write_small_array(struct writer *w, uint64_t *random, unsigned depth)
{
    uint64_t count = check_random(random) % 5;
    cbor_write_array(w, count);
    for (uint64_t i = 0; i < count; i++) {
        write_item(w, random, depth + 1);
    }
}

static void write_item(struct writer *w, uint64_t *random, unsigned depth)
{
    static const char *const text[] = {"", "a", "ID.BNSP", "Ngu\341\273\205n", "\340\270\202"};
    uint64_t number = check_random(random) >> (1 + check_random(random) % 63);
    switch (check_random(random) % (depth < 5 ? 9 : 6)) {
    case 0:
        cbor_write_uint(w, number);
        break;
    case 1:
        cbor_write_int(w, -1 - (int64_t)number);
        break;
    case 2:
        cbor_write_bytes(w,
                         span_of("\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20\21\22\23\24\25\26\27",
                                 number % 25));
        break;
    case 3:
        cbor_write_text(w, span_str(text[number % COUNT_OF(text)]));
        break;
    case 4:
        cbor_write_bool(w, number % 2 == 0);
        break;
    case 5:
        cbor_write_null(w);
        break;
    case 6:
        write_small_array(w, random, depth);
        break;
    case 7:
        write_small_map(w, random, depth);
        break;
    default:
        cbor_write_tag(w, number);
        write_item(w, random, depth + 1);
        break;
    }
}

/* Flips a bit, overwrites a byte, cuts the end off or puts a byte in. */
static size_t mutate(uint8_t *bytes, size_t len, uint64_t *random)
{
    size_t at = check_random(random) % len;
    uint8_t byte = (uint8_t)check_random(random);
    switch (check_random(random) % 4) {
    case 0:
        bytes[at] ^= (uint8_t)(1U << byte % 8);
        return len;
    case 1:
        bytes[at] = byte;
        return len;
    case 2:
        return at;
    default:
        memmove(bytes + at + 1, bytes + at, len - at);
        bytes[at] = byte;
        return len + 1;
    }
}

static void compare(struct span input, struct tally *tally)
{
    uint8_t again[ROOM * 2];
    struct cbor_oracle theirs = cbor_oracle_read(input, again, sizeof again);
    bool ours = cbor_check(input) == CBOR_OK;
    if (theirs.silent) {
        tally->silent++;
        return;
    }
    if (ours) {
        assert_true(theirs.accepted);
        assert_int_equal(theirs.read, input.len);
        check_bytes(span_of(again, theirs.written), input);
    }
    tally->accepted_by_both += ours;
    tally->refused_by_both += !ours && !theirs.accepted;
    tally->refused_by_ours += !ours && theirs.accepted;
}

static void generated_and_mutated(void **state)
{
    (void)state;
    struct tally whole = {0}, damaged = {0};
    uint64_t random = 20261122;
    for (int i = 0; i < CASES; i++) {
        uint8_t room[ROOM + 4];
        struct writer w = writer_of(room, ROOM);
        write_item(&w, &random, 0);
        if (!writer_ok(&w)) {
            continue;
        }
        size_t len = w.len;
        compare(span_of(room, len), &whole);
        for (uint64_t n = check_random(&random) % 3; n < 3 && len != 0; n++) {
            len = mutate(room, len, &random);
        }
        uint8_t *copy = check_heap_copy(span_of(room, len));
        compare(span_of(copy, len), &damaged);
        free(copy);
    }
    print_message("damaged: %u accepted, %u refused by both, %u refused by ours alone\n",
                  damaged.accepted_by_both, damaged.refused_by_both, damaged.refused_by_ours);
    assert_true(whole.accepted_by_both > CASES * 3 / 4);
    assert_int_equal(whole.refused_by_both + whole.refused_by_ours, 0);
    assert_true(damaged.accepted_by_both > CASES / 20);
    assert_true(damaged.refused_by_both > CASES / 20);
    assert_true(damaged.refused_by_ours > CASES / 50);
    assert_true(damaged.silent < CASES / 10);
}

static void noise(void **state)
{
    (void)state;
    struct tally tally = {0};
    uint64_t random = 8949;
    for (int i = 0; i < CASES; i++) {
        uint8_t room[24];
        size_t len = check_random(&random) % sizeof room;
        check_random_bytes(&random, room, len);
        compare(span_of(room, len), &tally);
    }
    assert_true(tally.accepted_by_both > CASES / 1000);
    assert_true(tally.refused_by_both > CASES / 10);
    assert_true(tally.refused_by_ours > CASES / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generated_and_mutated),
        cmocka_unit_test(noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
