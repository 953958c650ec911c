/* SPDX-License-Identifier: Apache-2.0
 *
 * What an issuer does to a card: the whole of its life over native cards and every kind of line,
 * every refusal by name, cards that know their keys and lie, and cards that go at any moment.
 */
#include "card_line.h"

#include "devices/card_manage.h"
#include "wire/card_sample.h"

static struct card_host host, kept;
static struct card_line line;
static struct card_io io;
static struct card_session session;
static struct card_manage manage;
static struct card_key_master transport, issuer, long_issuer;
static uint8_t photo[CARD_APP_MAX_PHOTO + 1], document[CARD_APP_MAX_CREDENTIAL + 1];
static uint8_t point[CARD_APP_PUBLIC_KEY_BYTES];

static struct card_key_master master_of(const char *bytes)
{
    struct card_key_master master = {.len = CARD_SAMPLE_MASTER_BYTES};
    memcpy(master.bytes, bytes, CARD_SAMPLE_MASTER_BYTES);
    return master;
}

static int make(void **state)
{
    (void)state;
    uint64_t seed = 12;
    check_random_bytes(&seed, photo, sizeof photo);
    check_random_bytes(&seed, document, sizeof document);
    transport = master_of(CARD_SAMPLE_TRANSPORT_MASTER);
    issuer = master_of(CARD_SAMPLE_ISSUER_MASTER);
    long_issuer.len = 32;
    check_random_bytes(&seed, long_issuer.bytes, 32);
    host_make(&host, 80);
    line = (struct card_line){.host = &host};
    io = card_line_io(&line);
    return 0;
}

static int end(void **state)
{
    (void)state;
    card_manage_close(&manage);
    return host.native.broke_a_rule ? -1 : 0;
}

static void open_session(void)
{
    assert_int_equal(card_session_open(&session, &io), CARD_IO_OK);
}

static enum card_io_error open_with(const struct card_key_master *t,
                                    const struct card_key_master *i)
{
    open_session();
    return card_manage_open(&manage, &session, t, i);
}

static void open_good(void)
{
    assert_int_equal(open_with(&transport, &issuer), CARD_IO_OK);
}

static enum card_io_error store(uint16_t file, const uint8_t *bytes, size_t len)
{
    return card_manage_store(&manage, file, span_of(bytes, len));
}

/* What the session knows is what a new one finds. */
static void expect_session_is_true(void)
{
    static struct card_session fresh;
    assert_int_equal(card_session_open(&fresh, &io), CARD_IO_OK);
    assert_int_equal(session.state, fresh.state);
    assert_int_equal(session.file_count, fresh.file_count);
    for (size_t i = 0; i < fresh.file_count; i++) {
        assert_int_equal(session.file[i].id, fresh.file[i].id);
        assert_int_equal(session.file[i].len, fresh.file[i].len);
    }
}

static void expect_file(uint16_t file, const uint8_t *bytes, size_t len)
{
    static uint8_t back[CARD_APP_MAX_PHOTO];
    host_select(&host);
    check_bytes(span_of(back, host_read(&host, file, back, 2048)), span_of(bytes, len));
}

static void expect_wiped(const struct card_manage *m)
{
    static const struct card_channel closed;
    static const struct card_key_set none;
    assert_memory_equal(&m->channel, &closed, sizeof closed);
    assert_memory_equal(&m->keys, &none, sizeof none);
}

/* From the factory to a holder's hand, from wherever the card stands in between. */
static enum card_io_error personalise(void)
{
    enum card_io_error error = card_session_open(&session, &io);
    if (error == CARD_IO_OK) {
        error = card_manage_open(&manage, &session, &transport, &issuer);
    }
    if (error == CARD_IO_OK && session.state == CARD_PERSONALISED) {
        return CARD_IO_OK;
    }
    if (error == CARD_IO_OK) {
        error = card_manage_generate(&manage, point);
    }
    if (error == CARD_IO_OK) {
        error = store(CARD_APP_CREDENTIAL, document, 700);
    }
    if (error == CARD_IO_OK) {
        error = store(CARD_APP_PHOTO, photo, 5000);
    }
    if (error == CARD_IO_OK && manage.transport) {
        error = card_manage_put_keys(&manage, &issuer, 0x30);
    }
    return error == CARD_IO_OK ? card_manage_set_state(&manage, CARD_PERSONALISED) : error;
}

static void expect_personalised(void)
{
    uint8_t shown[CARD_APP_PUBLIC_KEY_BYTES];
    assert_int_equal(host.card.state, CARD_PERSONALISED);
    expect_file(CARD_APP_CREDENTIAL, document, 700);
    expect_file(CARD_APP_PHOTO, photo, 5000);
    assert_int_equal(host_prove(&host), SW_OK);
    assert_int_equal(host_read(&host, CARD_APP_PUBLIC_KEY, shown, 65), 65);
    assert_memory_equal(shown, point, sizeof point);
}

/* ---- a life ---- */

static void a_card_is_personalised(void **state)
{
    (void)state;
    assert_int_equal(personalise(), CARD_IO_OK);
    assert_false(manage.transport);
    assert_memory_equal(manage.channel.serial, host.native.serial, SCP03_DIVERSIFICATION);
    expect_session_is_true();
    expect_personalised();
    /* SELECT, index, two to open, GENERATE, document, photo in three, PUT KEY, SET STATUS */
    assert_int_equal(session.traffic.commands, 11);
}

static void every_kind_of_line_will_do(void **state)
{
    static const size_t parts[] = {0, 32, 255, 256};
    for (size_t i = 0; i < COUNT_OF(parts) * 2; i++) {
        make(state);
        line.part = parts[i / 2];
        line.short_only = i % 2 == 1;
        assert_int_equal(personalise(), CARD_IO_OK);
        assert_int_equal(session.short_only, i % 2 == 1);
        line.part = 0;
        expect_session_is_true();
        expect_personalised();
    }
}

static void the_largest_of_everything_fits(void **state)
{
    static const size_t lengths[] = {1, 235, 236, 239, 474, 2043, 2044, 2045, 4093};
    for (int short_only = 0; short_only < 2; short_only++) {
        make(state);
        line.short_only = short_only == 1;
        open_good();
        assert_int_equal(store(CARD_APP_PHOTO, photo, CARD_APP_MAX_PHOTO), CARD_IO_OK);
        assert_int_equal(store(CARD_APP_NDEF, photo, CARD_APP_MAX_NDEF), CARD_IO_OK);
        for (unsigned i = 0; i < CARD_APP_CREDENTIALS; i++) {
            assert_int_equal(store((uint16_t)(CARD_APP_CREDENTIAL + i), document + i % 2,
                                   CARD_APP_MAX_CREDENTIAL),
                             CARD_IO_OK);
        }
        assert_int_equal(store(CARD_APP_PHOTO, photo, CARD_APP_MAX_PHOTO + 1), CARD_IO_FULL);
        assert_int_equal(store(CARD_APP_NDEF, photo, CARD_APP_MAX_NDEF + 1), CARD_IO_FULL);
        assert_int_equal(store(CARD_APP_CREDENTIAL, document, CARD_APP_MAX_CREDENTIAL + 1),
                         CARD_IO_FULL);
        expect_session_is_true();
        expect_file(CARD_APP_PHOTO, photo, CARD_APP_MAX_PHOTO);
        expect_file(CARD_APP_NDEF, photo, CARD_APP_MAX_NDEF);
        expect_file(CARD_APP_CREDENTIAL + 7, document + 1, CARD_APP_MAX_CREDENTIAL);
        for (size_t i = 0; i < COUNT_OF(lengths); i++) {
            open_good();
            assert_int_equal(store(CARD_APP_CREDENTIAL, document, lengths[i]), CARD_IO_OK);
            expect_file(CARD_APP_CREDENTIAL, document, lengths[i]);
        }
    }
}

static void files_are_removed_by_writing_nothing(void **state)
{
    (void)state;
    open_good();
    for (unsigned i = 0; i < CARD_APP_CREDENTIALS; i++) {
        assert_int_equal(store((uint16_t)(CARD_APP_CREDENTIAL + (i * 5) % 8), document, 10 + i),
                         CARD_IO_OK);
    }
    assert_int_equal(store(CARD_APP_CREDENTIAL + 3, NULL, 0), CARD_IO_OK);
    assert_int_equal(store(CARD_APP_CREDENTIAL + 3, NULL, 0), CARD_IO_OK);
    assert_int_equal(store(CARD_APP_CREDENTIAL + 7, NULL, 0), CARD_IO_OK);
    assert_int_equal(store(CARD_APP_CREDENTIAL, NULL, 0), CARD_IO_OK);
    assert_int_equal(session.file_count, 5);
    assert_null(card_session_find(&session, CARD_APP_CREDENTIAL + 3));
    expect_session_is_true();
}

static void the_life_cycle_is_kept(void **state)
{
    (void)state;
    assert_int_equal(personalise(), CARD_IO_OK);
    assert_int_equal(card_manage_generate(&manage, point), CARD_IO_STATE);
    assert_int_equal(manage.sw, SW_CONDITIONS);
    assert_int_equal(card_manage_set_state(&manage, CARD_PERSONALISED), CARD_IO_STATE);
    assert_int_equal(card_manage_set_state(&manage, 0x42), CARD_IO_REFUSED);
    assert_int_equal(store(CARD_APP_CREDENTIAL + 1, document, 20), CARD_IO_OK);
    assert_int_equal(card_manage_set_state(&manage, CARD_LOCKED), CARD_IO_OK);
    assert_int_equal(store(CARD_APP_CREDENTIAL + 1, document, 21), CARD_IO_STATE);
    assert_int_equal(card_manage_put_keys(&manage, &issuer, 0x31), CARD_IO_STATE);
    assert_int_equal(card_manage_set_state(&manage, CARD_PERSONALISED), CARD_IO_STATE);
    expect_session_is_true();
    open_good();
    assert_int_equal(card_manage_set_state(&manage, CARD_TERMINATED), CARD_IO_OK);
    expect_wiped(&manage);
    assert_int_equal(session.state, CARD_TERMINATED);
    assert_int_equal(store(CARD_APP_CREDENTIAL + 1, document, 21), CARD_IO_REFUSED);
    assert_int_equal(card_session_open(&session, &io), CARD_IO_TERMINATED);
}

static void an_erased_card_is_made_again(void **state)
{
    (void)state;
    uint8_t old[CARD_APP_PUBLIC_KEY_BYTES];
    for (int round = 0; round < 4; round++) {
        assert_int_equal(personalise(), CARD_IO_OK);
        assert_true(round == 0 || memcmp(old, point, sizeof old) != 0);
        memcpy(old, point, sizeof old);
        if (round % 2 == 1) {
            assert_int_equal(card_manage_set_state(&manage, CARD_LOCKED), CARD_IO_OK);
        }
        assert_int_equal(card_manage_erase(&manage), CARD_IO_OK);
        assert_int_equal(session.state, CARD_BLANK);
        assert_int_equal(session.file_count, 0);
        assert_int_equal(card_manage_erase(&manage), CARD_IO_OK); /* the channel is open yet */
        assert_int_equal(card_manage_set_state(&manage, CARD_PERSONALISED), CARD_IO_STATE);
        expect_session_is_true();
        assert_int_equal(open_with(&transport, NULL), CARD_IO_NO_KEYS); /* the issuer's stay */
        host_restart(&host);
    }
}

/* ---- keys ---- */

static void the_card_says_whose_it_is(void **state)
{
    (void)state;
    assert_int_equal(open_with(NULL, &issuer), CARD_IO_NO_KEYS);
    expect_wiped(&manage);
    assert_int_equal(open_with(NULL, NULL), CARD_IO_NO_KEYS);
    assert_int_equal(open_with(&issuer, &transport), CARD_IO_WRONG_KEYS);
    expect_wiped(&manage);
    assert_int_equal(open_with(&transport, NULL), CARD_IO_OK);
    assert_true(manage.transport);
    assert_int_equal(card_manage_put_keys(&manage, &long_issuer, 0x3F), CARD_IO_OK);
    assert_false(manage.transport);
    assert_int_equal(manage.keys.version, 0x3F);
    assert_int_equal(open_with(&transport, NULL), CARD_IO_NO_KEYS);
    assert_int_equal(open_with(&transport, &issuer), CARD_IO_WRONG_KEYS);
    assert_int_equal(open_with(&transport, &long_issuer), CARD_IO_OK);
    assert_false(manage.transport);
    assert_int_equal(manage.channel.key_len, 32);
}

/* Also twice in one session: the key that keys are sent under is the new one. */
static void keys_are_put_again_and_again(void **state)
{
    (void)state;
    open_good();
    assert_int_equal(card_manage_put_keys(&manage, &issuer, 0x30), CARD_IO_OK);
    assert_int_equal(card_manage_put_keys(&manage, &long_issuer, 0x30), CARD_IO_OK);
    assert_int_equal(card_manage_put_keys(&manage, &long_issuer, 0x31), CARD_IO_OK);
    assert_int_equal(card_manage_put_keys(&manage, &issuer, 0x32), CARD_IO_OK);
    assert_int_equal(card_manage_put_keys(&manage, &issuer, 0x2F), CARD_IO_REFUSED);
    assert_int_equal(card_manage_put_keys(&manage, &issuer, 0x40), CARD_IO_REFUSED);
    assert_int_equal(card_manage_put_keys(&manage, &issuer, SCP03_TRANSPORT_VERSION),
                     CARD_IO_REFUSED);
    assert_int_equal(open_with(NULL, &issuer), CARD_IO_OK);
    assert_int_equal(manage.keys.version, 0x32);
}

/* ---- refusals ---- */

static void what_the_card_makes_is_not_written(void **state)
{
    (void)state;
    open_good();
    assert_int_equal(store(CARD_APP_INDEX, document, 9), CARD_IO_STATE);
    assert_int_equal(store(CARD_APP_PUBLIC_KEY, document, 65), CARD_IO_STATE);
    assert_int_equal(store(CARD_APP_CREDENTIAL + 8, document, 9), CARD_IO_REFUSED);
    assert_int_equal(manage.sw, SW_NOT_FOUND);
    assert_int_equal(session.file_count, 0);
    assert_int_equal(store(CARD_APP_CREDENTIAL, document, 9), CARD_IO_OK); /* and it goes on */
}

static void a_worn_card_says_so(void **state)
{
    (void)state;
    open_good();
    host.native.deaf = true;
    assert_int_equal(store(CARD_APP_CREDENTIAL, document, 9), CARD_IO_WORN);
    host.native.deaf = false;
    host_restart(&host);
    open_good();
    host.native.random_fails = true;
    assert_int_equal(card_manage_generate(&manage, point), CARD_IO_REFUSED);
    assert_int_equal(manage.sw, SW_INTERNAL);
    host.native.random_fails = false;
    assert_int_equal(card_manage_generate(&manage, point), CARD_IO_OK);
}

static void a_small_card_is_full(void **state)
{
    (void)state;
    native_resize(&host.native, 1024, 8 * 1024);
    host_restart(&host);
    open_good();
    assert_int_equal(store(CARD_APP_PHOTO, photo, 5000), CARD_IO_OK);
    assert_int_equal(store(CARD_APP_CREDENTIAL, document, 3000), CARD_IO_FULL);
    expect_session_is_true();
    expect_file(CARD_APP_PHOTO, photo, 5000);
}

/* 6700 from behind the channel moves it as every answer does: the card's side has moved. */
static void a_length_that_the_card_refuses_does_not_part_the_two(void **state)
{
    (void)state;
    uint8_t room[2 + SCP03_MAC];
    struct apdu_response response;
    const struct apdu wrong = {.cla = CARD_CLA_PROPRIETARY,
                               .ins = CARD_INS_SET_STATUS,
                               .p1 = 0x80,
                               .p2 = CARD_PERSONALISED,
                               .data = span_of(document, 1),
                               .extended = true};
    open_good();
    assert_int_equal(card_channel_send(&manage.channel, &wrong, room, sizeof room, &response),
                     CARD_IO_OK);
    assert_int_equal(response.sw, SW_WRONG_LENGTH);
    assert_int_equal(store(CARD_APP_CREDENTIAL, document, 30), CARD_IO_OK);
    expect_session_is_true();
}

/* The master key of the kind that the card asks for. */
static void the_keys_asked_for_are_known_afterwards(void **state)
{
    (void)state;
    assert_int_equal(open_with(NULL, &issuer), CARD_IO_NO_KEYS);
    assert_true(manage.transport);
    assert_int_equal(open_with(&issuer, NULL), CARD_IO_WRONG_KEYS);
    assert_true(manage.transport);
    assert_int_equal(personalise(), CARD_IO_OK);
    assert_int_equal(open_with(&transport, NULL), CARD_IO_NO_KEYS);
    assert_false(manage.transport);
    assert_int_equal(open_with(&transport, &transport), CARD_IO_WRONG_KEYS);
    assert_false(manage.transport);
}

/* ---- cards that know their keys, and lie ---- */

static const char *lie;
static uint8_t lie_ins;

/* The lie instead of the answer, with the MAC that the card's keys make over it. */
static size_t lie_with_mac(struct card_line *l, struct span command, uint8_t *response, size_t len,
                           size_t cap)
{
    const struct scp03 *c = &l->host->card.channel;
    uint8_t mac[16];
    if (command.ptr[1] != lie_ins) {
        return len;
    }
    size_t n = check_hex(lie, response, cap).len;
    const struct span part[] = {span_of(c->chain, 16), span_of(response, n),
                                span_of("\x90\x00", 2)};
    card_cmac(span_of(c->s_rmac, c->key_bytes), part, 3, mac);
    memcpy(response + n, mac, SCP03_MAC);
    memcpy(response + n + SCP03_MAC, "\x90\x00", 2);
    return n + SCP03_MAC + 2;
}

#define X "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
#define Y "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"

static void a_point_must_be_one(void **state)
{
    (void)state;
    static const char *const lies[] = {
        "",
        "7F49",
        "7F4900",
        "7F49438641 04" X,
        "7F49438641 04" X Y "00",
        "7F49448642 04" X Y "00",
        "7F49428640 04" X "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51",
        "7F49438641 02" X Y,
        "7F49438641 06" X Y,
        "7F49438541 04" X Y,
        "7F48438641 04" X Y,
        "7F49458641 04" X Y "8600",
        "7F49438641 04"
        "0000000000000000000000000000000000000000000000000000000000000001" Y, /* no such point */
        "7F49438641 04"
        "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF" Y, /* x = p */
    };
    lie_ins = CARD_INS_GENERATE;
    line.twist = lie_with_mac;
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        uint8_t before[sizeof point];
        open_good();
        lie = lies[i];
        memset(point, 0x77, sizeof point);
        memcpy(before, point, sizeof point);
        assert_int_equal(card_manage_generate(&manage, point), CARD_IO_NONSENSE);
        assert_memory_equal(point, before, sizeof point);
        assert_int_equal(session.file_count, i == 0 ? 0 : 1); /* the genuine card made one */
    }
    open_good();
    lie = "7F49438641 04" X Y;
    assert_int_equal(card_manage_generate(&manage, point), CARD_IO_OK);
}

static void check_values_are_compared(void **state)
{
    (void)state;
    static const char *const lies[] = {"", "30", "30 000000000000000000",
                                       "30 00000000000000000000"};
    lie_ins = CARD_INS_PUT_KEY;
    line.twist = lie_with_mac;
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        host_make(&host, 80);
        open_good();
        lie = lies[i];
        assert_int_equal(card_manage_put_keys(&manage, &issuer, 0x30), CARD_IO_TAMPERED);
        assert_true(manage.transport);
    }
}

/* ---- a card that goes, or whose answer gets lost ---- */

static unsigned lost; /* this command's answer */

static size_t lose(struct card_line *l, struct span command, uint8_t *response, size_t len,
                   size_t cap)
{
    (void)command;
    (void)response;
    return l->count == lost ? cap + 1 : len;
}

/* Whatever was cut, the next station finishes it. */
static void expect_can_go_on(void)
{
    card_manage_close(&manage);
    line.fail_at = 0;
    line.twist = NULL;
    host_restart(&host);
    memset(point, 0, sizeof point);
    assert_int_equal(personalise(), CARD_IO_OK);
    if (point[0] == 0) { /* it was done already */
        host_select(&host);
        assert_int_equal(host_read(&host, CARD_APP_PUBLIC_KEY, point, 65), 65);
    }
    expect_personalised();
}

static void a_personalisation_can_be_cut_anywhere(void **state)
{
    (void)state;
    line.short_only = true;
    host_copy(&kept, &host);
    assert_int_equal(personalise(), CARD_IO_OK);
    unsigned commands = line.count;
    for (unsigned at = 1; at <= commands; at++) {
        host_copy(&host, &kept);
        card_manage_close(&manage);
        line.count = 0;
        line.fail_at = at;
        line.failure = CARD_IO_REMOVED;
        assert_int_equal(personalise(), CARD_IO_REMOVED);
        assert_int_equal(line.count, at);
        assert_int_equal(manage.channel.phase, CARD_CHANNEL_CLOSED);
        expect_can_go_on();
        host_copy(&host, &kept);
        line.count = 0;
        lost = at;
        line.twist = lose;
        assert_int_equal(personalise(), CARD_IO_NONSENSE);
        expect_can_go_on();
    }
    print_message("%u commands\n", commands);
}

static enum card_io_error open_and_erase(void)
{
    enum card_io_error error = card_session_open(&session, &io);
    if (error == CARD_IO_OK) {
        error = card_manage_open(&manage, &session, NULL, &issuer);
    }
    return error == CARD_IO_OK ? card_manage_erase(&manage) : error;
}

static void an_erasure_can_be_cut_anywhere(void **state)
{
    (void)state;
    assert_int_equal(personalise(), CARD_IO_OK);
    host_copy(&kept, &host);
    for (unsigned at = 1; at <= 5; at++) {
        for (int after = 0; after < 2; after++) {
            host_copy(&host, &kept);
            line.count = 0;
            line.fail_at = after == 0 ? at : 0;
            line.failure = CARD_IO_MUTE;
            line.twist = after == 0 ? NULL : lose;
            lost = at;
            assert_int_equal(open_and_erase(), after == 0 ? CARD_IO_MUTE : CARD_IO_NONSENSE);
            line.fail_at = 0;
            line.twist = NULL;
            host_restart(&host);
            assert_int_equal(host.card.state,
                             at == 5 && after == 1 ? CARD_BLANK : CARD_PERSONALISED);
            open_good();
        }
    }
}

/* Every flipped bit of every answer inside the channel is noticed, and nothing is reported done. */
static size_t flip(struct card_line *l, struct span command, uint8_t *response, size_t len,
                   size_t cap)
{
    (void)cap;
    if (command.ptr[0] == 0x84 && l->count == l->fail_at + 1000) {
        response[l->number / 8 % len] ^= (uint8_t)(1U << l->number % 8);
    }
    return len;
}

static void flipped_answers_are_noticed(void **state)
{
    (void)state;
    open_good();
    host_copy(&kept, &host);
    const struct card_manage opened = manage;
    const struct card_session before = session;
    for (size_t bit = 0; bit < (size_t)18 * 8; bit++) {
        host_copy(&host, &kept);
        manage = opened;
        session = before;
        line.count = 999;
        line.number = bit;
        line.twist = flip;
        enum card_io_error error = card_manage_put_keys(&manage, &issuer, 0x30);
        assert_int_equal(error, CARD_IO_TAMPERED);
        assert_true(manage.transport);
        assert_int_equal(manage.channel.phase, CARD_CHANNEL_CLOSED);
    }
}

#define MANAGE_TEST(f) cmocka_unit_test_setup_teardown(f, make, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MANAGE_TEST(a_card_is_personalised),
        MANAGE_TEST(every_kind_of_line_will_do),
        MANAGE_TEST(the_largest_of_everything_fits),
        MANAGE_TEST(files_are_removed_by_writing_nothing),
        MANAGE_TEST(the_life_cycle_is_kept),
        MANAGE_TEST(an_erased_card_is_made_again),
        MANAGE_TEST(the_card_says_whose_it_is),
        MANAGE_TEST(keys_are_put_again_and_again),
        MANAGE_TEST(what_the_card_makes_is_not_written),
        MANAGE_TEST(a_worn_card_says_so),
        MANAGE_TEST(a_small_card_is_full),
        MANAGE_TEST(a_length_that_the_card_refuses_does_not_part_the_two),
        MANAGE_TEST(the_keys_asked_for_are_known_afterwards),
        MANAGE_TEST(a_point_must_be_one),
        MANAGE_TEST(check_values_are_compared),
        MANAGE_TEST(a_personalisation_can_be_cut_anywhere),
        MANAGE_TEST(an_erasure_can_be_cut_anywhere),
        MANAGE_TEST(flipped_answers_are_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
