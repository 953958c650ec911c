/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing to PIV cards: keys from files, mutual authentication with cards that know the key, with
 * cards that do not and with cards that pretend; objects and their reading back.
 */
#include "piv_line.h"

#include <openssl/x509v3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "devices/card_piv_certificate.h"
#include "wire/tlv.h"

static struct card_host host;
static struct card_line line;
static struct card_piv piv;
static enum card_io_error io_error;

static void start(void)
{
    host_restart(&host);
    line = (struct card_line){.host = &host};
    struct card_io io = card_line_io(&line);
    assert_int_equal(card_piv_open(&piv, &io), CARD_IO_OK);
    io_error = CARD_IO_OK;
}

static int make(void **state)
{
    uint8_t thumbprint[32];
    (void)state;
    piv_line_make(&host, 1, thumbprint);
    return 0;
}

/* ---- keys ---- */

#define KEY_192 "3A5107E294B80D6619C47F20DD835E41A692380B75FA2C10"

static enum card_piv_error read_key(const char *text, unsigned mode,
                                    struct card_piv_management *key)
{
    char path[] = "/tmp/saksi-key-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    assert_int_equal(close(fd), 0);
    enum card_piv_error error = card_piv_management_read(path, key);
    (void)unlink(path);
    return error;
}

static void keys_come_from_files_of_ones_own(void **state)
{
    (void)state;
    struct card_piv_management key = {.algorithm = 99};
    assert_int_equal(card_piv_management_read("/nowhere/key", &key), CARD_PIV_ERROR_KEY_FILE);
    assert_int_equal(card_piv_management_read("/dev/null", &key), CARD_PIV_ERROR_KEY_FILE);
    assert_int_equal(card_piv_management_read("/tmp", &key), CARD_PIV_ERROR_KEY_FILE);
    static const unsigned modes[] = {0640, 0620, 0604, 0602, 0610, 0601, 0666};
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        assert_int_equal(read_key(KEY_192, modes[i], &key), CARD_PIV_ERROR_KEY_MODE);
    }
    static const char *const forms[] = {"",
                                        "\n",
                                        "3A",
                                        "3A5107E294B80D6619C47F20DD835E4",
                                        "3A5107E294B80D6619C47F20DD835E411",
                                        "3A5107E294B80D6619C47F20DD835EG1",
                                        "3A5107E294B80D6619C47F20DD835E/1",
                                        " 3A5107E294B80D6619C47F20DD835E41",
                                        KEY_192 "ab",
                                        KEY_192 " \n",
                                        KEY_192 KEY_192};
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        assert_int_equal(read_key(forms[i], 0600, &key), CARD_PIV_ERROR_KEY_FORM);
    }
    static const char *const known[] = {
        "010203040506070801020304050607080102030405060708", "01020304050607080102030405060708",
        "0102030405060708010203040506070801020304050607080102030405060708",
        "000000000000000000000000000000000000000000000000", "FFFFFFFFFFFFFFFFffffffffffffffff"};
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        assert_int_equal(read_key(known[i], 0600, &key), CARD_PIV_ERROR_KEY_DEFAULT);
    }
    assert_int_equal(key.algorithm, 99); /* untouched */
    assert_int_equal(read_key(KEY_192 "\r\n", 0600, &key), CARD_PIV_OK);
    assert_int_equal(key.algorithm, CARD_PIV_AES_192);
    check_bytes(span_of(key.key, key.len), span_of(piv_host_key, 24));
    assert_int_equal(read_key("3a5107e294b80d6619c47f20dd835e41", 0400, &key), CARD_PIV_OK);
    assert_int_equal(key.algorithm, CARD_PIV_AES_128);
    check_bytes(span_of(key.key, key.len), span_of(piv_host_key, 16));
    assert_int_equal(read_key(KEY_192 "67EE891453D0BF4A\n", 0600, &key), CARD_PIV_OK);
    assert_int_equal(key.algorithm, CARD_PIV_AES_256);
    check_bytes(span_of(key.key, key.len), span_of(piv_host_key, 32));
    card_piv_management_wipe(&key);
    assert_int_equal(key.len, 0);
}

static struct card_piv_management key_of(size_t len)
{
    struct card_piv_management key = {.algorithm = len == 16   ? CARD_PIV_AES_128
                                                   : len == 24 ? CARD_PIV_AES_192
                                                               : CARD_PIV_AES_256,
                                      .len = len};
    memcpy(key.key, piv_host_key, len);
    return key;
}

static void give_key(size_t len)
{
    uint8_t value[33];
    const struct card_piv_management key = key_of(len);
    value[0] = key.algorithm;
    memcpy(value + 1, key.key, len);
    piv_host_open(&host, 0x03);
    assert_int_equal(piv_host_put(&host, 0x9B, span_of(value, 1 + len)), SW_OK);
}

static void card_and_host_prove_the_key_to_each_other(void **state)
{
    (void)state;
    uint8_t point[65];
    for (size_t len = 16; len <= 32; len += 8) {
        give_key(len);
        for (size_t with = 16; with <= 32; with += 8) {
            const struct card_piv_management key = key_of(with);
            start();
            assert_int_equal(card_piv_authenticate(&piv, &key, &io_error),
                             with == len ? CARD_PIV_OK : CARD_PIV_ERROR_NO_KEY);
            assert_int_equal(card_piv_generate(&piv, point, &io_error),
                             with == len ? CARD_PIV_OK : CARD_PIV_ERROR_RIGHTS);
        }
        struct card_piv_management key = key_of(len);
        key.key[len - 1] ^= 1;
        start();
        assert_int_equal(card_piv_authenticate(&piv, &key, &io_error), CARD_PIV_ERROR_WRONG_KEY);
        assert_int_equal(line.count, 3);
    }
    give_key(24);
}

static void a_key_that_everybody_knows_is_not_sent(void **state)
{
    (void)state;
    struct card_piv_management key = key_of(24);
    for (uint8_t i = 0; i < 24; i++) {
        key.key[i] = (uint8_t)(1 + i % 8);
    }
    start();
    assert_int_equal(card_piv_authenticate(&piv, &key, &io_error), CARD_PIV_ERROR_KEY_DEFAULT);
    assert_int_equal(line.count, 1);
}

static const char *lie;
static unsigned lie_at;

static size_t tell_lie(struct card_line *l, struct span command, uint8_t *response, size_t len,
                       size_t cap)
{
    (void)command;
    return l->count >= lie_at ? check_hex(lie, response, cap).len : len;
}

/* A card whose key is one of 3DES refuses AES, and gives a witness of eight bytes for 3DES. */
static size_t tell_3des(struct card_line *l, struct span command, uint8_t *response, size_t len,
                        size_t cap)
{
    (void)l;
    (void)len;
    return check_hex(command.ptr[2] == 0x03 ? "7C0A 8008 0102030405060708 9000" : "6A86", response,
                     cap)
        .len;
}

static void cards_of_3des_are_named(void **state)
{
    (void)state;
    const struct card_piv_management key = key_of(24);
    start();
    line.twist = tell_3des;
    assert_int_equal(card_piv_authenticate(&piv, &key, &io_error), CARD_PIV_ERROR_3DES);
    assert_int_equal(line.count, 3);
    start();
    line.twist = tell_lie;
    lie_at = 2;
    lie = "6A86";
    assert_int_equal(card_piv_authenticate(&piv, &key, &io_error), CARD_PIV_ERROR_NO_KEY);
}

static void lies_about_the_key_are_no_proof(void **state)
{
    (void)state;
    const struct card_piv_management key = key_of(24);
    static const char *const witnesses[] = {
        "9000",
        "7C00 9000",
        "7C02 8000 9000",
        "7C12 8110 00112233445566778899AABBCCDDEEFF 9000",
        "7C11 800F 00112233445566778899AABBCCDDEE 9000",
        "7C13 8011 00112233445566778899AABBCCDDEEFF00 9000",
        "7C14 8010 00112233445566778899AABBCCDDEEFF 8100 9000",
        "7C12 8010 00112233445566778899AABBCCDDEEFF 00 9000",
        "",
    };
    lie_at = 2;
    for (size_t i = 0; i < COUNT_OF(witnesses); i++) {
        start();
        line.twist = tell_lie;
        lie = witnesses[i];
        assert_int_equal(card_piv_authenticate(&piv, &key, &io_error), CARD_PIV_ERROR_IO);
        assert_int_equal(io_error, CARD_IO_NONSENSE);
    }
    static const char *const answers[] = {"9000", "7C00 9000",
                                          "7C12 8210 00112233445566778899AABBCCDDEEFF 9000",
                                          "7C12 8010 00112233445566778899AABBCCDDEEFF 9000"};
    lie_at = 3;
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        start();
        line.twist = tell_lie;
        lie = answers[i];
        assert_int_equal(card_piv_authenticate(&piv, &key, &io_error), CARD_PIV_ERROR_IMPOSTOR);
    }
    start();
    lie = "6982";
    line.twist = tell_lie;
    assert_int_equal(card_piv_authenticate(&piv, &key, &io_error), CARD_PIV_ERROR_WRONG_KEY);
}

/* A bit of the card's answer to our challenge, or of its witness. */
static size_t flip(struct card_line *l, struct span command, uint8_t *response, size_t len,
                   size_t cap)
{
    (void)command;
    (void)cap;
    if (l->count == lie_at) {
        response[l->number / 8] ^= (uint8_t)(1U << l->number % 8);
    }
    return len;
}

static void no_flipped_bit_authenticates(void **state)
{
    (void)state;
    const struct card_piv_management key = key_of(24);
    for (size_t bit = 0; bit < (size_t)2 * 20 * 8; bit++) {
        start();
        line.twist = flip;
        lie_at = bit < (size_t)20 * 8 ? 2 : 3;
        line.number = bit % ((size_t)20 * 8);
        enum card_piv_error error = card_piv_authenticate(&piv, &key, &io_error);
        if (lie_at == 3) {
            assert_int_equal(error, CARD_PIV_ERROR_IMPOSTOR);
        } else {
            assert_int_equal(error,
                             line.number < 32 ? CARD_PIV_ERROR_IO : CARD_PIV_ERROR_WRONG_KEY);
        }
    }
}

/* ---- objects ---- */

static void open_for_writing(void)
{
    piv_line_open(&host, &line, &piv);
}

static void a_card_is_made(void **state)
{
    (void)state;
    uint8_t point[65], thumbprint[32], room[CARD_APP_MAX_CREDENTIAL], digest[32] = {1};
    struct card_proof proof = {.present = true};
    open_for_writing();
    assert_int_equal(card_piv_generate(&piv, point, &io_error), CARD_PIV_OK);
    assert_int_equal(card_point_thumbprint(point, thumbprint), CARD_IO_OK);
    struct span document = card_line_document(0, thumbprint, NULL, room);
    assert_int_equal(card_piv_put_credential(&piv, document, &io_error), CARD_PIV_OK);
    assert_int_equal(card_piv_put_certificate(&piv, point, &io_error), CARD_PIV_OK);
    assert_int_equal(card_piv_prove(&piv, digest, CARD_PURPOSE_ISSUE, thumbprint, &proof),
                     CARD_IO_OK);
    assert_int_equal(proof.answer, CARD_ANSWER_GOOD);
    print_message("%zu bytes of certificate: %u commands, %zu bytes out, %zu in\n", document.len,
                  line.count, piv.traffic.bytes_out, piv.traffic.bytes_in);
}

static void a_key_is_made_anew(void **state)
{
    (void)state;
    uint8_t first[65], second[65];
    open_for_writing();
    assert_int_equal(card_piv_generate(&piv, first, &io_error), CARD_PIV_OK);
    assert_int_equal(card_piv_generate(&piv, second, &io_error), CARD_PIV_OK);
    assert_memory_not_equal(first, second, 65);
    static const char *const lies[] = {"9000", "7F4900 9000", "7F490286 00 9000",
                                       "7F4943 8641 04 9000"};
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        open_for_writing();
        line.twist = tell_lie;
        lie_at = 0;
        lie = lies[i];
        assert_int_equal(card_piv_generate(&piv, second, &io_error), CARD_PIV_ERROR_IO);
        assert_int_equal(io_error, CARD_IO_NONSENSE);
    }
}

/* A point that is none. */
static size_t spoil_point(struct card_line *l, struct span command, uint8_t *response, size_t len,
                          size_t cap)
{
    (void)l;
    (void)cap;
    if (command.ptr[1] == CARD_INS_GENERATE) {
        response[20] ^= 1;
    }
    return len;
}

static void a_point_off_the_curve_is_no_key(void **state)
{
    (void)state;
    uint8_t point[65] = {0};
    open_for_writing();
    line.twist = spoil_point;
    assert_int_equal(card_piv_generate(&piv, point, &io_error), CARD_PIV_ERROR_IO);
    assert_int_equal(io_error, CARD_IO_NONSENSE);
    assert_int_equal(point[0], 0);
}

static void objects_are_read_back(void **state)
{
    (void)state;
    static uint8_t bytes[CARD_PIV_MAX_CREDENTIAL + 1];
    uint64_t seed = 1;
    check_random_bytes(&seed, bytes, sizeof bytes);
    for (size_t len = 1; len <= CARD_PIV_MAX_CREDENTIAL; len += len < 520 ? 1 : 893) {
        open_for_writing();
        assert_int_equal(card_piv_put_credential(&piv, span_of(bytes, len), &io_error),
                         CARD_PIV_OK);
    }
    open_for_writing();
    assert_int_equal(
        card_piv_put_credential(&piv, span_of(bytes, CARD_PIV_MAX_CREDENTIAL), &io_error),
        CARD_PIV_OK);
    assert_int_equal(card_piv_put_credential(&piv, span_of(bytes, sizeof bytes), &io_error),
                     CARD_PIV_ERROR_TOO_LONG);
    assert_int_equal(card_piv_put_credential(&piv, span_of(bytes, 0), &io_error),
                     CARD_PIV_ERROR_TOO_LONG);
    start(); /* without rights */
    assert_int_equal(card_piv_put_credential(&piv, span_of(bytes, 300), &io_error),
                     CARD_PIV_ERROR_RIGHTS);
    assert_int_equal(line.count, 2); /* the chain ends with the first refusal */
}

static void a_refusal_says_why(void **state)
{
    (void)state;
    static const uint8_t bytes[100] = {1};
    static const struct {
        const char *word;
        enum card_piv_error error;
        enum card_io_error io;
    } row[] = {{"6A84", CARD_PIV_ERROR_IO, CARD_IO_FULL},
               {"6581", CARD_PIV_ERROR_IO, CARD_IO_WORN},
               {"6285", CARD_PIV_ERROR_IO, CARD_IO_TERMINATED},
               {"6982", CARD_PIV_ERROR_RIGHTS, CARD_IO_OK},
               {"6985", CARD_PIV_ERROR_REFUSED, CARD_IO_OK},
               {"6A80", CARD_PIV_ERROR_REFUSED, CARD_IO_OK},
               {"6A81", CARD_PIV_ERROR_REFUSED, CARD_IO_OK},
               {"6F00", CARD_PIV_ERROR_REFUSED, CARD_IO_OK}};
    for (size_t i = 0; i < 2 * COUNT_OF(row); i++) {
        uint8_t point[65];
        open_for_writing();
        io_error = CARD_IO_OK;
        line.twist = tell_lie;
        lie_at = 0;
        lie = row[i / 2].word;
        assert_int_equal(i % 2 == 0 ? card_piv_put_credential(&piv, span_of(bytes, 100), &io_error)
                                    : card_piv_generate(&piv, point, &io_error),
                         row[i / 2].error);
        assert_int_equal(io_error, row[i / 2].io);
    }
    const struct card_piv_management key = key_of(24);
    for (lie_at = 2; lie_at <= 3; lie_at++) {
        start();
        line.twist = tell_lie;
        lie = "6581";
        assert_int_equal(card_piv_authenticate(&piv, &key, &io_error), CARD_PIV_ERROR_IO);
        assert_int_equal(io_error, CARD_IO_WORN);
        assert_int_equal(line.count, lie_at);
    }
}

static size_t forget(struct card_line *l, struct span command, uint8_t *response, size_t len,
                     size_t cap)
{
    if (command.ptr[1] != CARD_INS_GET_DATA) {
        return len;
    }
    if (l->number == 0) {
        response[5] ^= 1;
        return len;
    }
    return check_hex(l->number == 1 ? "6A82" : "5301AA 9000", response, cap).len;
}

static void what_is_not_kept_is_noticed(void **state)
{
    (void)state;
    static const uint8_t bytes[100] = {1};
    for (size_t kind = 0; kind < 3; kind++) {
        open_for_writing();
        line.twist = forget;
        line.number = kind;
        assert_int_equal(card_piv_put_credential(&piv, span_of(bytes, 100), &io_error),
                         CARD_PIV_ERROR_DIFFERS);
    }
}

static void a_card_may_go_at_any_moment(void **state)
{
    (void)state;
    uint8_t point[65];
    static const uint8_t bytes[700] = {1};
    const struct card_piv_management key = key_of(24);
    unsigned at = 2;
    for (enum card_piv_error error = CARD_PIV_ERROR_IO; error == CARD_PIV_ERROR_IO; at++) {
        start();
        line.fail_at = at;
        line.failure = CARD_IO_REMOVED;
        error = card_piv_authenticate(&piv, &key, &io_error);
        if (error == CARD_PIV_OK) {
            error = card_piv_generate(&piv, point, &io_error);
        }
        if (error == CARD_PIV_OK) {
            error = card_piv_put_credential(&piv, span_of(bytes, 700), &io_error);
        }
        if (error == CARD_PIV_OK) {
            error = card_piv_put_certificate(&piv, point, &io_error);
        }
        assert_int_equal(error, line.count < at ? CARD_PIV_OK : CARD_PIV_ERROR_IO);
        assert_int_equal(io_error, error == CARD_PIV_OK ? CARD_IO_OK : CARD_IO_REMOVED);
    }
    /* SELECT, 2 for the key, GENERATE, 3 + 3 for the certificate, signature, 2 + 2 for 9E's */
    assert_int_equal(at - 2, 15);
}

/* ---- the certificate of 9E ---- */

static void openssl_reads_the_certificate(void **state)
{
    (void)state;
    uint8_t point[65], room[CARD_PIV_MAX_OBJECT + 2];
    struct span object, der = {NULL, 0}, how = {NULL, 0};
    for (int i = 0; i < 20; i++) { /* numbers with and without a zero in front */
        open_for_writing();
        assert_int_equal(card_piv_generate(&piv, point, &io_error), CARD_PIV_OK);
        assert_int_equal(card_piv_put_certificate(&piv, point, &io_error), CARD_PIV_OK);
        assert_int_equal(card_piv_get(&piv, CARD_PIV_CERTIFICATE_9E, room, sizeof room, &object),
                         CARD_IO_OK);
        assert_true(tlv_find(object, 0x70, &der) && tlv_find(object, 0x71, &how));
        check_bytes(how, span_of("", 1));
        const unsigned char *at = der.ptr;
        X509 *certificate = d2i_X509(NULL, &at, (long)der.len);
        assert_non_null(certificate);
        assert_ptr_equal(at, der.ptr + der.len);
        EVP_PKEY *key = X509_get0_pubkey(certificate);
        assert_non_null(key);
        assert_int_equal(X509_verify(certificate, key), 1);
        unsigned char *encoded = NULL;
        assert_int_equal(EVP_PKEY_get1_encoded_public_key(key, &encoded), 65);
        assert_memory_equal(encoded, point, 65);
        assert_int_equal(X509_get_key_usage(certificate), KU_DIGITAL_SIGNATURE);
        assert_int_equal(X509_cmp_current_time(X509_get0_notBefore(certificate)), -1);
        assert_int_equal(X509_cmp_current_time(X509_get0_notAfter(certificate)), 1);
        OPENSSL_free(encoded);
        X509_free(certificate);
    }
}

static void every_error_has_its_phrase(void **state)
{
    (void)state;
    for (int a = CARD_PIV_OK; a <= CARD_PIV_ERROR_IO; a++) {
        for (int b = CARD_PIV_OK; b < a; b++) {
            assert_string_not_equal(card_piv_error_text((enum card_piv_error)a),
                                    card_piv_error_text((enum card_piv_error)b));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_come_from_files_of_ones_own),
        cmocka_unit_test(card_and_host_prove_the_key_to_each_other),
        cmocka_unit_test(a_key_that_everybody_knows_is_not_sent),
        cmocka_unit_test(cards_of_3des_are_named),
        cmocka_unit_test(lies_about_the_key_are_no_proof),
        cmocka_unit_test(no_flipped_bit_authenticates),
        cmocka_unit_test(a_card_is_made),
        cmocka_unit_test(a_key_is_made_anew),
        cmocka_unit_test(a_point_off_the_curve_is_no_key),
        cmocka_unit_test(objects_are_read_back),
        cmocka_unit_test(a_refusal_says_why),
        cmocka_unit_test(what_is_not_kept_is_noticed),
        cmocka_unit_test(a_card_may_go_at_any_moment),
        cmocka_unit_test(openssl_reads_the_certificate),
        cmocka_unit_test(every_error_has_its_phrase),
    };
    return cmocka_run_group_tests(tests, make, NULL);
}
