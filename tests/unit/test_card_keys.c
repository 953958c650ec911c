/* SPDX-License-Identifier: Apache-2.0
 *
 * Master keys in files, of every wrong form, and the keys that are derived from them.
 */
#include "check.h"
#include "devices/card_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto_aes.h"

#define SHORT_KEY "000102030405060708090A0b0c0d0e0f"
#define LONG_KEY  SHORT_KEY "f0E1d2C3b4A5968778695a4B3c2D1e0F"

static char folder[] = "/tmp/saksi-card-keys-XXXXXX";
static char path[sizeof folder + 16];

static int make(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/key", folder);
    return 0;
}

static int clear(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static void write_key(struct span text, mode_t mode)
{
    (void)unlink(path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

/* Reads the file; what a refusal gives back is what was there. */
static enum card_key_error read_key(struct card_key_master *ret_master)
{
    struct card_key_master before;
    memset(&before, 0xA5, sizeof before);
    *ret_master = before;
    enum card_key_error error = card_key_master_read(path, ret_master);
    if (error != CARD_KEY_OK) {
        assert_memory_equal(ret_master, &before, sizeof before);
    }
    return error;
}

static enum card_key_error read_text(const char *text)
{
    struct card_key_master master;
    write_key(span_str(text), 0600);
    return read_key(&master);
}

static void a_key_is_32_or_64_digits(void **state)
{
    (void)state;
    static const char *const ends[] = {"", "\n", "\r\n"};
    static const char *const digits[] = {SHORT_KEY, LONG_KEY};
    for (size_t i = 0; i < 6; i++) {
        char text[80];
        uint8_t wanted[32];
        struct card_key_master master;
        snprintf(text, sizeof text, "%s%s", digits[i % 2], ends[i / 2]);
        write_key(span_str(text), i % 2 == 0 ? 0600 : 0400);
        assert_int_equal(read_key(&master), CARD_KEY_OK);
        check_bytes(span_of(master.bytes, master.len), check_hex(digits[i % 2], wanted, 32));
        card_key_master_wipe(&master);
        for (size_t k = 0; k < sizeof master; k++) {
            assert_int_equal(((const uint8_t *)&master)[k], 0);
        }
    }
}

static void anything_else_is_no_key(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "\n",
        "00",
        SHORT_KEY "0",
        SHORT_KEY "\n\n",
        " " SHORT_KEY,
        SHORT_KEY " ",
        SHORT_KEY "\r",
        LONG_KEY "0",
        LONG_KEY "\n\n",
        LONG_KEY LONG_KEY,
        "0x" SHORT_KEY,
        LONG_KEY "\r\n\n",
        "\n" SHORT_KEY,
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_int_equal(read_text(texts[i]), CARD_KEY_FORM);
    }
    for (size_t len = 0; len < 64; len++) {
        struct card_key_master master;
        write_key(span_of(LONG_KEY, len), 0600);
        assert_int_equal(read_key(&master), len == 32 ? CARD_KEY_OK : CARD_KEY_FORM);
    }
    for (unsigned c = 0; c < 256; c++) {
        char text[33] = SHORT_KEY;
        struct card_key_master master;
        text[c % 32] = (char)c;
        write_key(span_of(text, 32), 0600);
        bool digit = check_hex_digit((char)c) >= 0;
        assert_int_equal(read_key(&master), digit ? CARD_KEY_OK : CARD_KEY_FORM);
    }
    assert_int_equal(read_text("77777777777777777777777777777777"), CARD_KEY_WEAK);
    assert_int_equal(read_text("00000000000000000000000000000000"
                               "00000000000000000000000000000000"),
                     CARD_KEY_WEAK);
    assert_int_equal(read_text("7777777777777777777777777777777z"), CARD_KEY_FORM);
}

static void nobody_else_may_read_it(void **state)
{
    (void)state;
    struct card_key_master master;
    for (unsigned mode = 0400; mode < 01000; mode++) {
        if ((mode & 0400) == 0) {
            continue;
        }
        write_key(span_str(SHORT_KEY), mode);
        assert_int_equal(read_key(&master), (mode & 077) == 0 ? CARD_KEY_OK : CARD_KEY_OPEN);
    }
}

static void only_a_file_is_opened(void **state)
{
    (void)state;
    struct card_key_master master;
    char other[sizeof path + 8];
    snprintf(other, sizeof other, "%s.other", path);
    (void)unlink(path);
    assert_int_equal(read_key(&master), CARD_KEY_MISSING);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(read_key(&master), CARD_KEY_FILE); /* and does not wait */
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(read_key(&master), CARD_KEY_FILE);
    assert_int_equal(rmdir(path), 0);
    write_key(span_str(SHORT_KEY), 0600);
    assert_int_equal(rename(path, other), 0);
    assert_int_equal(symlink(other, path), 0);
    assert_int_equal(read_key(&master), CARD_KEY_FILE);
    assert_int_equal(unlink(other), 0);
}

/* ---- derivation ---- */

static const uint8_t serial[SCP03_DIVERSIFICATION] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

static struct card_key_master sample_master(uint8_t len)
{
    struct card_key_master master = {.len = len};
    uint64_t seed = 5;
    check_random_bytes(&seed, master.bytes, len);
    return master;
}

/* NIST SP 800-108r1 §4.1, written out: counter ‖ label ‖ 00 ‖ context ‖ bits. */
static void expect_key(const struct card_key_master *master, const char *label, uint8_t version,
                       const uint8_t *key)
{
    for (uint8_t i = 0; i * 16 < master->len; i++) {
        uint8_t wanted[16];
        const uint8_t first = (uint8_t)(i + 1), zero = 0;
        const uint8_t bits[] = {(uint8_t)(master->len * 8 >> 8), (uint8_t)(master->len * 8)};
        const struct span part[] = {span_of(&first, 1),   span_str(label),
                                    span_of(&zero, 1),    span_of(serial, sizeof serial),
                                    span_of(&version, 1), span_of(bits, 2)};
        assert_int_equal(crypto_cmac(span_of(master->bytes, master->len), part, 6, wanted),
                         CRYPTO_OK);
        assert_memory_equal(key + (size_t)i * 16, wanted, 16);
    }
}

static void keys_are_those_of_the_document(void **state)
{
    (void)state;
    for (uint8_t len = 16; len <= 32; len = (uint8_t)(len + 16)) {
        struct card_key_master master = sample_master(len);
        struct card_key_set keys;
        assert_true(card_keys_derive(&master, serial, 0x31, &keys));
        assert_int_equal(keys.len, len);
        assert_int_equal(keys.version, 0x31);
        expect_key(&master, "saksi/enc", 0x31, keys.enc);
        expect_key(&master, "saksi/mac", 0x31, keys.mac);
        expect_key(&master, "saksi/dek", 0x31, keys.dek);
    }
}

/* Every bit of what goes in makes other keys, and the three of one card are three. */
static void every_card_has_its_own(void **state)
{
    (void)state;
    struct card_key_master master = sample_master(32);
    struct card_key_set keys, others;
    assert_true(card_keys_derive(&master, serial, 0x30, &keys));
    assert_memory_not_equal(keys.enc, keys.mac, 32);
    assert_memory_not_equal(keys.enc, keys.dek, 32);
    assert_memory_not_equal(keys.mac, keys.dek, 32);
    assert_memory_not_equal(keys.enc, keys.enc + 16, 16);
    for (size_t bit = 0; bit < (32 + sizeof serial + 1) * 8; bit++) {
        uint8_t input[32 + sizeof serial + 1];
        memcpy(input, master.bytes, 32);
        memcpy(input + 32, serial, sizeof serial);
        input[sizeof input - 1] = 0x30;
        input[bit / 8] ^= (uint8_t)(1U << bit % 8);
        struct card_key_master other = {.len = 32};
        memcpy(other.bytes, input, 32);
        assert_true(card_keys_derive(&other, input + 32, input[sizeof input - 1], &others));
        assert_memory_not_equal(keys.enc, others.enc, 16);
        assert_memory_not_equal(keys.mac, others.mac, 16);
        assert_memory_not_equal(keys.dek, others.dek, 16);
    }
}

static void a_master_has_one_of_two_lengths(void **state)
{
    (void)state;
    struct card_key_set keys;
    struct card_key_set before;
    memset(&before, 0x5A, sizeof before);
    keys = before;
    for (unsigned len = 0; len < 256; len++) {
        struct card_key_master master = sample_master(32);
        master.len = (uint8_t)len;
        if (len != 16 && len != 32) {
            assert_false(card_keys_derive(&master, serial, 0x30, &keys));
            assert_memory_equal(&keys, &before, sizeof keys);
        }
    }
}

static void every_error_has_its_phrase(void **state)
{
    (void)state;
    for (int a = CARD_KEY_OK; a <= CARD_KEY_WEAK; a++) {
        for (int b = CARD_KEY_OK; b < a; b++) {
            assert_string_not_equal(card_key_error_text((enum card_key_error)a),
                                    card_key_error_text((enum card_key_error)b));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_32_or_64_digits),
        cmocka_unit_test(anything_else_is_no_key),
        cmocka_unit_test(nobody_else_may_read_it),
        cmocka_unit_test(only_a_file_is_opened),
        cmocka_unit_test(keys_are_those_of_the_document),
        cmocka_unit_test(every_card_has_its_own),
        cmocka_unit_test(a_master_has_one_of_two_lengths),
        cmocka_unit_test(every_error_has_its_phrase),
    };
    return cmocka_run_group_tests(tests, make, clear);
}
