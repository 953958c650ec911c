/* SPDX-License-Identifier: Apache-2.0
 *
 * Base45: the examples of RFC 9285, every pair and single byte, and what is no base45.
 */
#include "check.h"
#include "codec/base45.h"

#define ROOM 128

static struct span encode(struct span bytes, uint8_t *room)
{
    struct writer w = writer_of(room, ROOM);
    base45_encode(bytes, &w);
    return writer_span(&w);
}

static void rfc_9285_examples(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *text;
    } table[] = {
        {"AB", "BB8"},
        {"Hello!!", "%69 VD92EX0"},
        {"base-45", "UJCLQE7W581"},
        {"ietf!", "QED8WEX0"},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        uint8_t text[ROOM], bytes[ROOM];
        check_bytes(encode(span_str(table[i].bytes), text), span_str(table[i].text));
        struct writer w = writer_of(bytes, sizeof bytes);
        assert_true(base45_decode(span_str(table[i].text), &w));
        check_bytes(writer_span(&w), span_str(table[i].bytes));
        assert_int_equal(BASE45_ENCODED_SIZE(strlen(table[i].bytes)), strlen(table[i].text));
    }
}

/* Every group of two or three characters: exactly 256 and 65,536 of them mean something, each
 * another thing. */
static void every_group(void **state)
{
    (void)state;
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    static const unsigned decodable[] = {0, 0, 256, 65536};
    for (size_t len = 2; len <= 3; len++) {
        unsigned accepted = 0;
        unsigned total = len == 2 ? 45 * 45 : 45 * 45 * 45;
        for (unsigned n = 0; n < total; n++) {
            char group[3] = {alphabet[n % 45], alphabet[n / 45 % 45], alphabet[n / 2025]};
            uint8_t bytes[2], back[ROOM];
            struct writer w = writer_of(bytes, sizeof bytes);
            if (!base45_decode(span_of(group, len), &w)) {
                assert_true(n >= decodable[len]);
                continue;
            }
            accepted++;
            assert_int_equal(w.len, len - 1);
            assert_int_equal(w.len == 1 ? bytes[0] : bytes[0] << 8 | bytes[1], n);
            check_bytes(encode(writer_span(&w), back), span_of(group, len));
        }
        assert_int_equal(accepted, decodable[len]);
    }
}

static void other_characters_are_refused(void **state)
{
    (void)state;
    unsigned accepted = 0;
    for (unsigned c = 0; c <= 0xFF; c++) {
        for (size_t at = 0; at < 3; at++) {
            uint8_t group[3] = {'0', '0', '0'}, bytes[2];
            group[at] = (uint8_t)c;
            struct writer w = writer_of(bytes, sizeof bytes);
            accepted += base45_decode(span_of(group, 3), &w);
        }
    }
    assert_int_equal(accepted, 45 + 45 + 33); /* 33 × 2025 is beyond 65,535, 32 × 2025 is not */
}

static void impossible_lengths_and_small_rooms_are_refused(void **state)
{
    (void)state;
    uint8_t bytes[4];
    static const char *const table[] = {"A", "BB8A", "BB8BB8A"};
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct writer w = writer_of(bytes, sizeof bytes);
        assert_false(base45_decode(span_str(table[i]), &w));
    }
    struct writer exact = writer_of(bytes, 2);
    assert_true(base45_decode(span_str("BB8"), &exact));
    struct writer small = writer_of(bytes, 1);
    assert_false(base45_decode(span_str("BB8"), &small));
}

static void reads_stay_inside(struct span prefix, void *context)
{
    uint8_t bytes[ROOM], back[ROOM];
    struct writer w = writer_of(bytes, sizeof bytes);
    bool ok = base45_decode(prefix, &w);
    assert_true(ok || prefix.len % 3 != 0);
    if (ok) {
        check_bytes(encode(writer_span(&w), back), prefix);
        *(unsigned *)context += 1;
    }
}

static void every_prefix(void **state)
{
    (void)state;
    unsigned accepted = 0;
    check_prefixes(span_str("BB8BB8BB8UJCLQE7W581"), reads_stay_inside, &accepted);
    assert_true(accepted >= 7); /* all whole groups at least */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_9285_examples),
        cmocka_unit_test(every_group),
        cmocka_unit_test(other_characters_are_refused),
        cmocka_unit_test(impossible_lengths_and_small_rooms_are_refused),
        cmocka_unit_test(every_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
