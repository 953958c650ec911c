/* SPDX-License-Identifier: Apache-2.0
 *
 * The power goes in every flash operation of every command of the PIV application that writes, and
 * of writing the NDEF message, ending it in every way the model knows, and again while the card
 * starts. Afterwards each object is the old one or the new one, and no try of PIN or PUK has come
 * back. A sample is taken in ordinary runs; SAKSI_LONG=1 takes every place.
 */
#include "cut_scene.h"
#include "piv_host.h"

enum { SECRET = 10 };

#define NEW_PIN "24681357"
#define NEW_PUK "ABCDEFGH"

static void prepare_fresh(void)
{
    make_blank(18);
    host_personalise(&before, 7);
    piv_host_open(&before, 0x03);
}

/* PIN and PUK have two of three tries left, so that one that comes back is seen. */
static void prepare(void)
{
    uint8_t point[65];
    prepare_fresh();
    piv_host_personalise(&before);
    assert_int_equal(piv_host_manage(&before), SW_OK);
    assert_int_equal(piv_host_generate(&before, 0x9C, point), SW_OK);
    assert_int_equal(piv_host_put_object(&before, CARD_PIV_CHUID, span_of(old_file, FILE_BYTES), 0),
                     SW_OK);
    assert_int_equal(piv_host_verify(&before, NEW_PIN), SW_TRIES_LEFT + 2);
    assert_int_equal(piv_host_secret(&before, 0x2C, 0x80, NEW_PUK, NEW_PIN), SW_TRIES_LEFT + 2);
}

/* So often rewritten that what comes next makes the journal move. */
static void prepare_nearly_full(void)
{
    prepare();
    while (before.card.store.end + 40 <= before.card.store.area + AREA) {
        assert_int_equal(piv_host_verify(&before, PIV_HOST_PIN), SW_OK);
        piv_host_verify(&before, NEW_PIN);
    }
}

static void prepare_channel(void)
{
    prepare();
    piv_host_open(&before, 0x03);
}

static void prepare_credential(void)
{
    prepare();
    host_open(&before, 0x01);
}

static void prepare_encrypted(void)
{
    prepare();
    host_open(&before, 0x03);
}

static void prepare_locked(void)
{
    prepare_encrypted();
    assert_int_equal(host_set_status(&before, CARD_LOCKED), SW_OK);
}

static void act_verify(struct card_host *h)
{
    piv_host_verify(h, PIV_HOST_PIN);
}

static void act_guess(struct card_host *h)
{
    piv_host_verify(h, NEW_PIN);
}

static void act_change_pin(struct card_host *h)
{
    piv_host_secret(h, 0x24, 0x80, PIV_HOST_PIN, NEW_PIN);
}

static void act_change_puk(struct card_host *h)
{
    piv_host_secret(h, 0x24, 0x81, PIV_HOST_PUK, NEW_PUK);
}

static void act_change_guess(struct card_host *h)
{
    piv_host_secret(h, 0x24, 0x81, NEW_PUK, NEW_PUK);
}

static void act_reset(struct card_host *h)
{
    piv_host_secret(h, 0x2C, 0x80, PIV_HOST_PUK, NEW_PIN);
}

static void act_reset_guess(struct card_host *h)
{
    piv_host_secret(h, 0x2C, 0x80, NEW_PUK, NEW_PIN);
}

static void act_generate(struct card_host *h)
{
    uint8_t point[65];
    piv_host_generate(h, 0x9E, point);
}

static void act_generate_again(struct card_host *h)
{
    uint8_t point[65];
    piv_host_generate(h, 0x9C, point);
}

static void act_put(struct card_host *h)
{
    piv_host_put_object(h, CARD_PIV_CHUID, span_of(new_file, FILE_BYTES), 100);
}

static void act_remove(struct card_host *h)
{
    piv_host_put_object(h, CARD_PIV_CHUID, span_of(NULL, 0), 0);
}

static void act_set_pin(struct card_host *h)
{
    piv_host_put(h, 0x80, span_of("\x05" NEW_PIN, 9));
}

static void act_set_puk(struct card_host *h)
{
    piv_host_put(h, 0x81, span_of("\x05" NEW_PUK, 9));
}

static void act_set_key(struct card_host *h)
{
    uint8_t key[33] = {CARD_PIV_AES_256};
    memcpy(key + 1, piv_host_key, 32);
    piv_host_put(h, 0x9B, span_of(key, sizeof key));
}

static void act_ndef(struct card_host *h)
{
    host_store(h, CARD_APP_NDEF, span_of(new_file, FILE_BYTES), 120);
}

static void act_terminate(struct card_host *h)
{
    host_set_status(h, CARD_TERMINATED);
}

static void act_erase(struct card_host *h)
{
    host_set_status(h, CARD_BLANK);
}

static const struct scene scenes[] = {
    {"VERIFY", prepare, act_verify, SW_OK, 0},
    {"VERIFY, wrong", prepare, act_guess, SW_TRIES_LEFT + 1, 0},
    {"VERIFY, and the journal moves", prepare_nearly_full, act_verify, SW_OK, 0},
    {"VERIFY, wrong, and the journal moves", prepare_nearly_full, act_guess, SW_TRIES_LEFT + 1, 0},
    {"CHANGE REFERENCE DATA, PIN", prepare, act_change_pin, SW_OK, 0},
    {"CHANGE REFERENCE DATA, PUK", prepare, act_change_puk, SW_OK, 0},
    {"CHANGE REFERENCE DATA, wrong", prepare, act_change_guess, SW_TRIES_LEFT + 1, 0},
    {"RESET RETRY COUNTER", prepare, act_reset, SW_OK, 0},
    {"RESET RETRY COUNTER, wrong", prepare, act_reset_guess, SW_TRIES_LEFT + 1, 0},
    {"GENERATE, the first", prepare, act_generate, SW_OK, STORE_PIV_PAIR + 2},
    {"GENERATE, another one", prepare, act_generate_again, SW_OK, STORE_PIV_PAIR + 1},
    {"PUT DATA", prepare, act_put, SW_OK, 0},
    {"PUT DATA, and the journal moves", prepare_nearly_full, act_put, SW_OK, 0},
    {"PUT DATA, removing", prepare, act_remove, SW_OK, 0},
    {"STORE DATA, PIN, the first", prepare_fresh, act_set_pin, SW_OK, 0},
    {"STORE DATA, PIN", prepare_channel, act_set_pin, SW_OK, 0},
    {"STORE DATA, PUK", prepare_channel, act_set_puk, SW_OK, 0},
    {"STORE DATA, key 9B", prepare_channel, act_set_key, SW_OK, 0},
    {"STORE DATA, NDEF message", prepare_credential, act_ndef, SW_OK, 0},
    {"SET STATUS, terminated", prepare_credential, act_terminate, SW_OK, 0},
    {"SET STATUS, blank", prepare_encrypted, act_erase, SW_OK, 0},
    {"SET STATUS, blank, from locked", prepare_locked, act_erase, SW_OK, 0},
};

/* Tries, and what carries them, have rules of their own. */
enum { CARRY_TRIES = 1 << STORE_TRIES | 1 << STORE_PIN | 1 << STORE_PUK };

/* A PIN or PUK is what it was, with a try less at most, or what it is to be; nothing else. Returns
 * true when it is what it is to be. */
static bool check_secret(unsigned object)
{
    uint8_t room[3][AREA];
    struct span now = object_of(&host, object, room[0]);
    struct span was = object_of(&before, object, room[1]);
    struct span then = object_of(&done, object, room[2]);
    bool is_new = span_equal(now, then);
    if (!is_new && !span_equal(now, was)) {
        assert_int_equal(now.len, SECRET);
        assert_int_equal(now.ptr[0] + 1, was.ptr[0]);
        assert_memory_equal(now.ptr + 1, was.ptr + 1, SECRET - 1);
    }
    return is_new;
}

static void check_secrets(const struct scene *scene)
{
    bool new_pin = check_secret(STORE_PIN);
    bool new_puk = check_secret(STORE_PUK);
    if (scene->act == act_reset) { /* the PUK's tries come back last */
        assert_true(new_pin || !new_puk);
    }
}

/* One PIN works, and it is the one that is stored. */
static void check_pin(void)
{
    uint8_t room[AREA];
    struct span pin = object_of(&host, STORE_PIN, room);
    piv_host_select(&host);
    if (pin.len == 0) {
        assert_int_equal(host_hex(&host, "00200080"), SW_REFERENCE);
        return;
    }
    bool is_new = memcmp(pin.ptr + 2, NEW_PIN, 8) == 0;
    if (pin.ptr[0] > 1) {
        assert_int_equal(piv_host_verify(&host, is_new ? PIV_HOST_PIN : NEW_PIN),
                         SW_TRIES_LEFT | (pin.ptr[0] - 1));
    }
    assert_int_equal(piv_host_verify(&host, is_new ? NEW_PIN : PIV_HOST_PIN), SW_OK);
    assert_int_equal(piv_host_tries(&host, STORE_PIN), pin.ptr[1]);
}

/* A pair that was being made is whole, whichever it is, and signs. */
static void check_pair(unsigned object)
{
    uint8_t room[AREA];
    struct span pair = object_of(&host, object, room);
    piv_host_select(&host);
    host.card.piv.fresh = true;
    uint8_t reference = object == STORE_PIV_PAIR + 1 ? 0x9C : 0x9E;
    assert_int_equal(pair.len, 97);
    assert_int_equal(piv_host_sign(&host, reference, places, pair.ptr + 32), SW_OK);
}

/* All or nothing: secrets, tries, keys and objects go in the same moment as the state. */
static void check_erased(bool is_old)
{
    bool blank = host.card.state == CARD_BLANK;
    assert_int_equal(blank, !is_old);
    for (unsigned i = 0; i < STORE_OBJECTS; i++) {
        bool stays = i == STORE_KEYS || i == STORE_TRIES;
        assert_true(blank && !stays ? store_length(&host.card.store, i) == 0
                                    : same_object(&host, &before, i));
    }
}

static void check_cut(const struct scene *scene)
{
    assert_false(host.card.piv.verified || host.card.piv.managed);
    bool is_old = same_card(&host, &before, CARRY_TRIES);
    if (host.card.state == CARD_TERMINATED) {
        check_terminated("00A4040005 A000000308 00");
        return;
    }
    if (scene->random != 0 && !is_old) {
        check_pair(scene->random);
    } else {
        assert_true(is_old || same_card(&host, &done, CARRY_TRIES));
    }
    if (scene->act == act_erase) {
        check_erased(is_old);
    }
    check_secrets(scene);
    check_pin();
}

static void every_cut_leaves_each_object_old_or_new(void **state)
{
    (void)state;
    bool all = check_is_long();
    const struct cutting cutting = {check_cut, all ? 18 : 10, all ? 1 : 5};
    cut_scenes(scenes, COUNT_OF(scenes), &cutting, 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cut_leaves_each_object_old_or_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
