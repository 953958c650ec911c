/* SPDX-License-Identifier: Apache-2.0
 *
 * How long a reader must be ready to wait: the long things that each command does (key pairs made
 * and used, moves of the journal, waits) are counted, with the journal at every distance from its
 * end and files that leave no room. card_patience() promises no fewer; and no more than come about.
 */
#include "piv_host.h"
#include "card/crypto.h"

enum { PAGE = 256, AREA = 20 * PAGE, FREE = 400, RECORD = 3 * FLASH_GRANULE };

static struct card_host host, kept;
static unsigned pairs, moves;
static unsigned did, promised; /* by one command, most since they were set to nothing */

/* Names that the linker's --wrap makes. */
bool __wrap_card_sign(const uint8_t *private_key, const uint8_t *public_key, const uint8_t *digest,
                      uint8_t *signature);
bool __real_card_sign(const uint8_t *private_key, const uint8_t *public_key, const uint8_t *digest,
                      uint8_t *signature);
bool __wrap_card_make_key(const struct card_port *port, uint8_t *private_key, uint8_t *public_key);
bool __real_card_make_key(const struct card_port *port, uint8_t *private_key, uint8_t *public_key);

bool __wrap_card_sign(const uint8_t *private_key, const uint8_t *public_key, const uint8_t *digest,
                      uint8_t *signature)
{
    pairs++;
    return __real_card_sign(private_key, public_key, digest, signature);
}

bool __wrap_card_make_key(const struct card_port *port, uint8_t *private_key, uint8_t *public_key)
{
    pairs++;
    return __real_card_make_key(port, private_key, public_key);
}

static bool (*program)(void *context, uint32_t at, const uint8_t granule[FLASH_GRANULE]);

/* A move programs one area's head. */
static bool count_moves(void *context, uint32_t at, const uint8_t granule[FLASH_GRANULE])
{
    moves += at % AREA == 0;
    return program(context, at, granule);
}

static unsigned long_things(void)
{
    return pairs + moves + host.native.waits;
}

static size_t transmit(void *context, struct span command, uint8_t *response)
{
    (void)context;
    unsigned patience = card_patience(&host.card, command);
    unsigned before = long_things();
    size_t len = card_transmit(&host.card, command, response);
    unsigned things = long_things() - before;
    assert_true(things <= patience);
    promised = patience > promised ? patience : promised;
    did = things > did ? things : did;
    return len;
}

static const uint8_t bytes[AREA];

/* As much as there is room for, while the card has nothing of what may grow later. */
static void fill_with_a_file(void)
{
    size_t len = AREA;
    host_open(&host, 0x03);
    while (host_store(&host, CARD_APP_CREDENTIAL, span_of(bytes, len), 2000) != SW_OK) {
        len -= FLASH_GRANULE;
    }
}

/* Every object of its own that a card can have, once it can hold no more files. */
static int make(void **state)
{
    (void)state;
    static const uint8_t references[] = {0x9A, 0x9C, 0x9E};
    uint8_t point[65];
    host_make(&host, 55);
    native_resize(&host.native, PAGE, AREA);
    program = host.native.port.flash_program;
    host.native.port.flash_program = count_moves;
    host.transmit = transmit;
    host_restart(&host);
    fill_with_a_file();
    assert_int_equal(host_generate(&host), SW_OK);
    assert_int_equal(host_put_keys(&host, SCP03_FIRST_VERSION, 32, 8), SW_OK);
    piv_host_personalise(&host);
    for (size_t i = 0; i < COUNT_OF(references); i++) {
        assert_int_equal(piv_host_manage(&host), SW_OK);
        assert_int_equal(piv_host_generate(&host, references[i], point), SW_OK);
    }
    return 0;
}

static int rules_were_kept(void **state)
{
    (void)state;
    return host.native.broke_a_rule ? -1 : 0;
}

/* Leaves so many bytes behind the journal's end, by a record that is begun and dropped. */
static void leave(size_t left)
{
    struct store *store = &host.card.store;
    size_t now = store->area + AREA - store->end;
    if (now < left + RECORD) {
        assert_int_equal(store_purge(store, STORE_KEEP_ALL), STORE_OK);
        now = store->area + AREA - store->end;
    }
    if (now >= left + RECORD) {
        size_t value = now - left - RECORD + FLASH_GRANULE;
        assert_int_equal(store_begin(store, STORE_TRIES, value), STORE_OK);
        store_abandon(store);
    }
}

/* ---- commands, each in a session that is ready for it ---- */

static void in_credential(void)
{
    host_open(&host, 0x13);
}

static void in_piv(void)
{
    piv_host_open(&host, 0x13);
}

static void with_pin(void)
{
    piv_host_select(&host);
    assert_int_equal(piv_host_verify(&host, PIV_HOST_PIN), SW_OK);
    assert_int_equal(piv_host_manage(&host), SW_OK);
}

static void after_wrong_keys(void)
{
    host_select(&host);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(host_challenge(&host), SW_OK);
    }
}

static void after_a_challenge(void)
{
    host_select(&host);
    assert_int_equal(host_challenge(&host), SW_OK);
}

static void select_again(void)
{
    host_select(&host);
}

static void generate(void)
{
    host_generate(&host);
}

static void put_keys(void)
{
    host_put_keys(&host, SCP03_FIRST_VERSION + 1, 32, 9);
}

static void remove_file(void)
{
    host_store(&host, CARD_APP_CREDENTIAL, span_of(NULL, 0), 20);
}

static void store_file(void)
{
    remove_file();
    host_store(&host, CARD_APP_CREDENTIAL + 1, span_of(bytes, 100), 200);
}

static void personalise(void)
{
    host_set_status(&host, CARD_PERSONALISED);
}

static void terminate(void)
{
    host_set_status(&host, CARD_TERMINATED);
}

static void blank(void)
{
    host_set_status(&host, CARD_BLANK);
}

static void prove(void)
{
    host_hex(&host, "0088000041 0000000000000000000000000000000000000000000000000000000000000000"
                    "0000000000000000000000000000000000000000000000000000000000000000 01 00");
}

static void challenge(void)
{
    host_challenge(&host);
}

static void authenticate(void)
{
    host_authenticate(&host, 0x03);
}

static void verify(void)
{
    piv_host_verify(&host, PIV_HOST_PIN);
}

static void verify_wrong(void)
{
    piv_host_verify(&host, "111111\xFF\xFF");
}

static void change_pin(void)
{
    piv_host_secret(&host, CARD_INS_CHANGE_REFERENCE_DATA, 0x80, PIV_HOST_PIN, "111111\xFF\xFF");
}

static void reset_pin(void)
{
    piv_host_secret(&host, CARD_INS_RESET_RETRY_COUNTER, 0x80, PIV_HOST_PUK, "111111\xFF\xFF");
}

static void sign(void)
{
    host_hex(&host, "0087119E 26 7C24 8200 8120"
                    "0101010101010101010101010101010101010101010101010101010101010101 00");
}

static void generate_9a(void)
{
    uint8_t point[65];
    piv_host_generate(&host, 0x9A, point);
}

static void put_pin(void)
{
    piv_host_put(&host, 0x80, span_of("\x03" PIV_HOST_PIN, 9));
}

static void remove_object(void)
{
    host_hex(&host, "00DB3FFF 07 5C035FC102 5300");
}

static void read_index(void)
{
    host_hex(&host, "00B08100 00");
}

static void get_discovery(void)
{
    host_hex(&host, "00CB3FFF 03 5C017E 00");
}

static const struct scene {
    const char *name;
    void (*prepare)(void);
    void (*run)(void);
    uint16_t sw;
    unsigned most; /* long things in one command */
} scenes[] = {
    {"SELECT", in_piv, select_again, SW_OK, 0},
    {"READ BINARY", select_again, read_index, SW_OK, 0},
    {"GET DATA", with_pin, get_discovery, SW_OK, 0},
    {"INTERNAL AUTHENTICATE", select_again, prove, SW_OK, 1},
    {"GENERATE", in_credential, generate, SW_OK, 3},
    {"INITIALIZE UPDATE", after_wrong_keys, challenge, SW_OK, 2},
    {"EXTERNAL AUTHENTICATE", after_a_challenge, authenticate, SW_OK, 1},
    {"PUT KEY", in_credential, put_keys, SW_OK, 2},
    {"STORE DATA, removing", in_credential, remove_file, SW_OK, 1},
    {"STORE DATA", in_credential, store_file, SW_OK, 1},
    {"SET STATUS, personalised", in_credential, personalise, SW_OK, 1},
    {"SET STATUS, terminated", in_credential, terminate, SW_OK, 2},
    {"SET STATUS, blank", in_credential, blank, SW_OK, 1},
    {"VERIFY", with_pin, verify, SW_OK, 1},
    {"VERIFY, wrong", with_pin, verify_wrong, SW_TRIES_LEFT + 2, 1},
    {"CHANGE REFERENCE DATA", with_pin, change_pin, SW_OK, 2},
    {"RESET RETRY COUNTER", with_pin, reset_pin, SW_OK, 2},
    {"GENERAL AUTHENTICATE", with_pin, sign, SW_OK, 1},
    {"GENERATE, PIV", with_pin, generate_9a, SW_OK, 3},
    {"STORE DATA, PIN", in_piv, put_pin, SW_OK, 2},
    {"PUT DATA, removing", with_pin, remove_object, SW_OK, 1},
};

static void run_scene(const struct scene *scene)
{
    unsigned most = 0;
    for (size_t left = 0; left <= FREE; left += FLASH_GRANULE) {
        host_copy(&host, &kept);
        scene->prepare();
        leave(left);
        did = 0;
        scene->run();
        assert_int_equal(host.sw, scene->sw);
        most = did > most ? did : most;
    }
    if (most != scene->most) {
        print_error("%s\n", scene->name);
    }
    assert_int_equal(most, scene->most);
}

static void commands_do_no_more_than_is_promised(void **state)
{
    (void)state;
    host_copy(&kept, &host);
    for (size_t i = 0; i < COUNT_OF(scenes); i++) {
        run_scene(&scenes[i]);
    }
}

/* Where SET STATUS has one number for all states. */
static void no_more_is_promised_than_comes_about(void **state)
{
    (void)state;
    host_copy(&kept, &host);
    for (size_t i = 0; i < COUNT_OF(scenes); i++) {
        host_copy(&host, &kept);
        scenes[i].prepare();
        promised = 0;
        scenes[i].run();
        bool set_status = strncmp(scenes[i].name, "SET STATUS", 10) == 0;
        assert_int_equal(promised, set_status ? 2 : scenes[i].most);
    }
}

static uint8_t patience_of(const char *hex)
{
    uint8_t room[32];
    return card_patience(&host.card, check_hex(hex, room, sizeof room));
}

static void what_will_be_refused_is_not_waited_for(void **state)
{
    (void)state;
    static const char *const refused[] = {"",           "00",       "004700",   "0047000002 01",
                                          "0048000000", "20470000", "01470000", "A0470000"};
    host_restart(&host);
    assert_int_equal(patience_of("00470000"), 0); /* no application is selected */
    host_select(&host);
    assert_int_equal(patience_of("00470000"), 3);
    assert_int_equal(patience_of("0447000008 0001020304050607 00"), 3);
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        assert_int_equal(patience_of(refused[i]), 0);
    }
    assert_int_equal(patience_of("00200080"), 0); /* PIV's, ... */
    piv_host_select(&host);
    assert_int_equal(patience_of("00200080"), 1);
    assert_int_equal(patience_of("80D8008100"), 0); /* ... and not PIV's */
}

#define CARD_TEST(f) cmocka_unit_test_setup_teardown(f, make, rules_were_kept)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CARD_TEST(commands_do_no_more_than_is_promised),
        CARD_TEST(no_more_is_promised_than_comes_about),
        CARD_TEST(what_will_be_refused_is_not_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
