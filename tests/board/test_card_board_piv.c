/* SPDX-License-Identifier: Apache-2.0
 *
 * The PIV and NDEF applications of the card's image on an emulated board: keys that it makes, what
 * they sign, objects, PINs through losses of power, and the stack that all of it takes.
 *   test_card_board_piv BOARD FOLDER-OF-IMAGES
 */
#include "board_scene.h"
#include "piv_host.h"

#include <unistd.h>

enum { CERTIFICATE = 900, DOCUMENT = 3000, MESSAGE = 500 };

static uint8_t point[3][65]; /* of the keys 9A, 9C, 9E */
static const uint8_t keys[3] = {CARD_PIV_KEY_9A, CARD_PIV_KEY_9C, CARD_PIV_KEY_9E};

static struct span invented(uint64_t seed, uint8_t *room, size_t len)
{
    check_random_bytes(&seed, room, len);
    return span_of(room, len);
}

static void test_is_given_secrets(void **state)
{
    (void)state;
    piv_host_select(host);
    assert_int_equal(piv_host_verify(host, PIV_HOST_PIN), SW_REFERENCE);
    assert_int_equal(piv_host_manage(host), SW_REFERENCE);
    host_personalise(host, 7);
    piv_host_personalise(host);
    piv_host_select(host);
    assert_int_equal(piv_host_verify(host, "654321\xFF\xFF"), SW_TRIES_LEFT | 2);
    assert_int_equal(piv_host_verify(host, PIV_HOST_PIN), SW_OK);
}

static void test_makes_keys(void **state)
{
    (void)state;
    uint64_t began = now_us();
    piv_host_select(host);
    assert_int_equal(piv_host_generate(host, CARD_PIV_KEY_9E, point[2]), SW_SECURITY);
    assert_int_equal(piv_host_manage(host), SW_OK);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        assert_int_equal(piv_host_generate(host, keys[i], point[i]), SW_OK);
    }
    assert_memory_not_equal(point[0], point[1], 65);
    assert_memory_not_equal(point[1], point[2], 65);
    printf("  %s: a key is made in %u us\n", run.kind->name, (unsigned)((now_us() - began) / 3));
}

static void test_signs_as_the_keys_allow(void **state)
{
    (void)state;
    host_select(host); /* what was shown to the other application ends */
    piv_host_select(host);
    assert_int_equal(piv_host_sign(host, CARD_PIV_KEY_9A, 1, point[0]), SW_SECURITY);
    assert_int_equal(piv_host_sign(host, CARD_PIV_KEY_9C, 2, point[1]), SW_SECURITY);
    unsigned n = times(2, 20);
    uint64_t began = now_us();
    for (unsigned i = 0; i < n; i++) {
        assert_int_equal(piv_host_sign(host, CARD_PIV_KEY_9E, 3 + i, point[2]), SW_OK);
    }
    printf("  %s: 9E signs in %u us\n", run.kind->name, (unsigned)((now_us() - began) / n));
    assert_int_equal(piv_host_verify(host, PIV_HOST_PIN), SW_OK);
    assert_int_equal(piv_host_sign(host, CARD_PIV_KEY_9C, 4, point[1]), SW_OK);
    assert_int_equal(piv_host_sign(host, CARD_PIV_KEY_9C, 5, point[1]), SW_SECURITY);
    assert_int_equal(piv_host_sign(host, CARD_PIV_KEY_9A, 6, point[0]), SW_OK);
    assert_int_equal(piv_host_sign(host, CARD_PIV_KEY_9A, 7, point[0]), SW_OK);
}

static void expect_object(uint32_t tag, struct span wanted, uint32_t ne)
{
    uint8_t *room = malloc(wanted.len);
    assert_non_null(room);
    struct writer w = writer_of(room, wanted.len);
    assert_int_equal(piv_host_get_object(host, tag, ne, &w), SW_OK);
    check_bytes(writer_span(&w), wanted);
    free(room);
}

static void test_keeps_objects(void **state)
{
    (void)state;
    static uint8_t certificate[CERTIFICATE], document[DOCUMENT];
    host_select(host);
    piv_host_select(host);
    struct span first = invented(21, certificate, CERTIFICATE);
    struct span second = invented(22, document, DOCUMENT);
    assert_int_equal(piv_host_put_object(host, CARD_PIV_CERTIFICATE_9E, first, 255), SW_SECURITY);
    assert_int_equal(piv_host_manage(host), SW_OK);
    assert_int_equal(piv_host_put_object(host, CARD_PIV_CERTIFICATE_9E, first, 255), SW_OK);
    assert_int_equal(piv_host_put_object(host, CARD_PIV_CREDENTIAL, second, 2000), SW_OK);
    board_power_cycle(&run);
    piv_host_select(host);
    expect_object(CARD_PIV_CERTIFICATE_9E, first, 256);
    expect_object(CARD_PIV_CREDENTIAL, second, 2048);
    assert_int_equal(piv_host_sign(host, CARD_PIV_KEY_9E, 8, point[2]), SW_OK);
    assert_int_equal(piv_host_manage(host), SW_OK);
}

/* STORE DATA of a message with so many bytes, and a phone's way of reading it. */
static void test_shows_its_message(void **state)
{
    (void)state;
    static const uint8_t container[] = {0x00, 0x0F, 0x20, 0x00, 0xFF, 0x00, 0xFF, 0x04,
                                        0x06, 0xE1, 0x04, 0x0C, 0x02, 0x00, 0xFF};
    uint8_t message[MESSAGE], whole[2 + MESSAGE];
    assert_int_equal(host_hex(host, "00A4040007 D2760000850101 00"), SW_NOT_FOUND);
    host_open(host, SCP03_LEVEL_C_MAC);
    assert_int_equal(host_store(host, CARD_APP_NDEF, invented(31, message, MESSAGE), 240), SW_OK);
    assert_int_equal(host_hex(host, "00A4040007 D2760000850101 00"), SW_OK);
    assert_int_equal(host_hex(host, "00A4000C02 E103"), SW_OK);
    assert_int_equal(host_hex(host, "00B0000000"), SW_OK);
    check_bytes(host->data, span_of(container, sizeof container));
    assert_int_equal(host_hex(host, "00A4000C02 E104"), SW_OK);
    for (size_t at = 0; at < sizeof whole; at += host->data.len) {
        const struct apdu read = {
            .ins = CARD_INS_READ_BINARY,
            .p1 = (uint8_t)(at >> 8),
            .p2 = (uint8_t)at,
            .ne = (uint32_t)(sizeof whole - at < 255 ? sizeof whole - at : 255)};
        assert_int_equal(host_send(host, &read), SW_OK);
        memcpy(whole + at, host->data.ptr, host->data.len);
    }
    assert_int_equal(whole[0] << 8 | whole[1], MESSAGE);
    assert_memory_equal(whole + 2, message, MESSAGE);
    assert_int_equal(host_hex(host, "00D6000001 00"), SW_INS_UNKNOWN);
}

/* ---- losses of power ---- */

/* Sends a command, and takes the power away within the time that it needs. */
static void cut(const struct apdu *command, uint64_t takes_us, uint64_t *seed)
{
    uint8_t room[64];
    struct writer w = writer_of(room, sizeof room);
    assert_true(apdu_write(&w, command));
    board_send(&run, writer_span(&w));
    usleep((useconds_t)(check_random(seed) % (takes_us + 1)));
    board_power_cycle(&run);
    piv_host_select(host);
}

static unsigned tries(void)
{
    uint16_t sw = host_hex(host, "00200080");
    assert_int_equal(sw & 0xFFF0, SW_TRIES_LEFT);
    return sw & 0x0F;
}

static void test_no_loss_of_power_gives_a_try_back(void **state)
{
    (void)state;
    uint64_t seed = 41;
    unsigned spent = 0;
    piv_host_select(host);
    assert_int_equal(piv_host_verify(host, PIV_HOST_PIN), SW_OK);
    uint64_t takes_us = now_us();
    assert_int_equal(piv_host_verify(host, "000000\xFF\xFF"), SW_TRIES_LEFT | 2);
    takes_us = now_us() - takes_us;
    unsigned n = times(3, 60);
    for (unsigned i = 0; i < n; i++) {
        unsigned before = tries();
        const struct apdu wrong = {
            .ins = CARD_INS_VERIFY, .p2 = CARD_PIV_PIN, .data = span_of("111111\xFF\xFF", 8)};
        cut(&wrong, takes_us, &seed);
        unsigned after = tries();
        assert_true(after == before || after + 1 == before);
        spent += before - after;
        if (after == 1) {
            assert_int_equal(piv_host_verify(host, PIV_HOST_PIN), SW_OK);
            board_power_cycle(&run);
            piv_host_select(host);
            assert_int_equal(tries(), PIV_HOST_TRIES);
        }
    }
    printf("  %s: %u losses of power at a wrong PIN: %u tries spent, none given back\n",
           run.kind->name, n, spent);
}

static void test_power_goes_while_a_pin_is_changed(void **state)
{
    (void)state;
    static const char *const pins[] = {PIV_HOST_PIN, "765432\xFF\xFF"};
    uint64_t seed = 43;
    unsigned now = 0;
    unsigned changes = 0;
    uint64_t takes_us = now_us();
    assert_int_equal(
        piv_host_secret(host, CARD_INS_CHANGE_REFERENCE_DATA, CARD_PIV_PIN, pins[0], pins[0]),
        SW_OK);
    takes_us = now_us() - takes_us;
    unsigned n = times(3, 60);
    for (unsigned i = 0; i < n; i++) {
        uint8_t both[16];
        memcpy(both, pins[now], 8);
        memcpy(both + 8, pins[1 - now], 8);
        const struct apdu change = {.ins = CARD_INS_CHANGE_REFERENCE_DATA,
                                    .p2 = CARD_PIV_PIN,
                                    .data = span_of(both, sizeof both)};
        cut(&change, takes_us, &seed);
        if (piv_host_verify(host, pins[now]) != SW_OK) {
            now = 1 - now;
            changes++;
            assert_int_equal(piv_host_verify(host, pins[now]), SW_OK);
        }
    }
    printf("  %s: %u losses of power while the PIN was changed: %u new ones, %u old ones\n",
           run.kind->name, n, changes, n - changes);
    assert_int_equal(piv_host_secret(host, CARD_INS_RESET_RETRY_COUNTER, CARD_PIV_PIN, PIV_HOST_PUK,
                                     PIV_HOST_PIN),
                     SW_OK);
}

/* ---- the stack ---- */

static void do_all_of_the_credential_application(void)
{
    uint8_t bytes[1500];
    const uint8_t level = SCP03_LEVEL_C_MAC | SCP03_LEVEL_C_ENC | SCP03_LEVEL_R_MAC;
    host_open(host, level);
    assert_int_equal(host_store(host, CARD_APP_PHOTO, invented(51, bytes, sizeof bytes), 700),
                     SW_OK);
    assert_int_equal(host_put_keys(host, SCP03_FIRST_VERSION, 32, 8), SW_OK);
    host_open(host, level);
    assert_int_equal(host_store(host, CARD_APP_CREDENTIAL, span_of(bytes, 800), 2048), SW_OK);
    assert_int_equal(host_read(host, CARD_APP_PHOTO, bytes, 1000), sizeof bytes);
    assert_int_equal(host_prove(host), SW_OK);
}

static void do_all_of_piv(void)
{
    uint8_t made[65];
    piv_host_open(host, 0x13);
    assert_int_equal(piv_host_put(host, CARD_PIV_PUK, span_of("\x03" PIV_HOST_PUK, 9)), SW_OK);
    piv_host_select(host);
    assert_int_equal(piv_host_manage(host), SW_OK);
    assert_int_equal(piv_host_generate(host, CARD_PIV_KEY_9C, made), SW_OK);
    assert_int_equal(piv_host_verify(host, PIV_HOST_PIN), SW_OK);
    assert_int_equal(piv_host_sign(host, CARD_PIV_KEY_9C, 61, made), SW_OK);
    assert_int_equal(piv_host_sign(host, CARD_PIV_KEY_9E, 62, point[2]), SW_OK);
    test_keeps_objects(NULL);
}

/* Last. Each part is measured from a start of its own, then all of them in one life. */
static void test_stack_is_bounded(void **state)
{
    (void)state;
    static void (*const parts[])(void) = {do_all_of_piv, do_all_of_the_credential_application};
    size_t worst = 0;
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        board_power_cycle(&run);
        parts[i]();
        size_t used = board_stack_used(&run);
        worst = used > worst ? used : worst;
    }
    assert_int_equal(host_hex(host, "00A4040007 D2760000850101 00"), SW_OK);
    assert_int_equal(host_hex(host, "00A4000C02 E104"), SW_OK);
    assert_int_equal(host_hex(host, "00B0000000"), SW_OK);
    size_t used = board_stack_used(&run);
    worst = used > worst ? used : worst;
    printf("  %s: %zu bytes of stack used at most, %zu never\n", run.kind->name, worst,
           BOARD_STACK - worst);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_is_given_secrets),
        cmocka_unit_test(test_makes_keys),
        cmocka_unit_test(test_signs_as_the_keys_allow),
        cmocka_unit_test(test_keeps_objects),
        cmocka_unit_test(test_shows_its_message),
        cmocka_unit_test(test_no_loss_of_power_gives_a_try_back),
        cmocka_unit_test(test_power_goes_while_a_pin_is_changed),
        cmocka_unit_test(test_stack_is_bounded),
    };
    int status = choose_board(argc, argv);
    return status != 0 ? status : cmocka_run_group_tests(tests, set_up, tear_down);
}
