/* SPDX-License-Identifier: Apache-2.0
 *
 * The power goes in every flash operation of every command that writes, ending it in every way the
 * model knows, and again while the card starts: afterwards the card is as it was before the
 * command or as it is after it, in all that can be read from it and done with it. A sample is taken
 * in ordinary runs; SAKSI_LONG=1 takes more than 100,000 places.
 */
#include "cut_scene.h"

enum { TRY_BYTES = 3 * FLASH_GRANULE };

static void prepare_blank(void)
{
    make_blank(17);
    host_open(&before, 0x01);
}

static void prepare_with_pair(void)
{
    prepare_blank();
    assert_int_equal(host_generate(&before), SW_OK);
}

static void prepare_with_keys(void)
{
    prepare_with_pair();
    assert_int_equal(host_put_keys(&before, 0x30, 16, 3), SW_OK);
}

static void prepare_personalised(void)
{
    prepare_with_keys();
    assert_int_equal(host_set_status(&before, CARD_PERSONALISED), SW_OK);
    host_open(&before, 0x03);
    assert_int_equal(host_store(&before, CARD_APP_PHOTO, span_of(old_file, FILE_BYTES), 240),
                     SW_OK);
    assert_int_equal(host_store(&before, CARD_APP_CREDENTIAL, span_of(old_file, 200), 240), SW_OK);
}

/* So often rewritten that the next file makes the journal move. */
static void prepare_nearly_full(void)
{
    prepare_personalised();
    while (before.card.store.end + 320 < before.card.store.area + AREA - STORE_RESERVE) {
        assert_int_equal(host_store(&before, CARD_APP_CREDENTIAL, span_of(old_file, 200), 240),
                         SW_OK);
    }
}

static void prepare_locked(void)
{
    prepare_personalised();
    assert_int_equal(host_set_status(&before, CARD_LOCKED), SW_OK);
}

/* Some tries are spent already, so that one that comes back is seen. */
static void prepare_selected(void)
{
    prepare_personalised();
    for (int i = 0; i < 3; i++) {
        host_select(&before);
        assert_int_equal(host_challenge(&before), SW_OK);
    }
    host_select(&before);
}

static void prepare_challenged(void)
{
    prepare_selected();
    assert_int_equal(host_challenge(&before), SW_OK);
}

/* The journal has no room for another try. */
static void prepare_selected_full(void)
{
    prepare_selected();
    while (before.card.store.end + TRY_BYTES <= before.card.store.area + AREA) {
        uint8_t tries = SCP03_TRIES - 3;
        assert_int_equal(store_write(&before.card.store, STORE_TRIES, span_of(&tries, 1)),
                         STORE_OK);
    }
}

static void prepare_challenged_full(void)
{
    prepare_selected_full();
    assert_int_equal(host_challenge(&before), SW_OK);
    while (before.card.store.end + TRY_BYTES <= before.card.store.area + AREA) {
        uint8_t tries = SCP03_TRIES - 4;
        assert_int_equal(store_write(&before.card.store, STORE_TRIES, span_of(&tries, 1)),
                         STORE_OK);
    }
}

static void act_generate(struct card_host *h)
{
    host_generate(h);
}

static void act_put_keys(struct card_host *h)
{
    host_put_keys(h, 0x31, 16, 4);
}

static void act_personalise(struct card_host *h)
{
    host_set_status(h, CARD_PERSONALISED);
}

static void act_lock(struct card_host *h)
{
    host_set_status(h, CARD_LOCKED);
}

static void act_terminate(struct card_host *h)
{
    host_set_status(h, CARD_TERMINATED);
}

static void act_erase(struct card_host *h)
{
    host_set_status(h, CARD_BLANK);
}

static void act_store(struct card_host *h)
{
    host_store(h, CARD_APP_PHOTO, span_of(new_file, FILE_BYTES), 100);
}

static void act_remove(struct card_host *h)
{
    host_store(h, CARD_APP_CREDENTIAL, span_of(NULL, 0), 100);
}

static void act_authenticate(struct card_host *h)
{
    host_authenticate(h, 0x01);
}

static void act_challenge(struct card_host *h)
{
    host_challenge(h);
}

static const struct scene scenes[] = {
    {"GENERATE, the first", prepare_blank, act_generate, SW_OK, STORE_PAIR},
    {"GENERATE, another one", prepare_with_pair, act_generate, SW_OK, STORE_PAIR},
    {"PUT KEY, the first", prepare_with_pair, act_put_keys, SW_OK, 0},
    {"PUT KEY, others", prepare_personalised, act_put_keys, SW_OK, 0},
    {"SET STATUS, personalised", prepare_with_keys, act_personalise, SW_OK, 0},
    {"SET STATUS, locked", prepare_personalised, act_lock, SW_OK, 0},
    {"SET STATUS, terminated", prepare_locked, act_terminate, SW_OK, 0},
    {"SET STATUS, blank, from personalised", prepare_personalised, act_erase, SW_OK, 0},
    {"SET STATUS, blank, from locked", prepare_locked, act_erase, SW_OK, 0},
    {"SET STATUS, blank, nearly full", prepare_nearly_full, act_erase, SW_OK, 0},
    {"STORE DATA", prepare_personalised, act_store, SW_OK, 0},
    {"STORE DATA, and the journal moves", prepare_nearly_full, act_store, SW_OK, 0},
    {"STORE DATA, removing", prepare_personalised, act_remove, SW_OK, 0},
    {"INITIALIZE UPDATE", prepare_selected, act_challenge, SW_OK, 0},
    {"INITIALIZE UPDATE, journal moves", prepare_selected_full, act_challenge, SW_OK, 0},
    {"EXTERNAL AUTHENTICATE", prepare_challenged, act_authenticate, SW_OK, 0},
    {"EXTERNAL AUTHENTICATE, journal moves", prepare_challenged_full, act_authenticate, SW_OK, 0},
};

static uint8_t tries_of(struct card_host *h)
{
    uint8_t tries = SCP03_TRIES;
    if (store_length(&h->card.store, STORE_TRIES) != 0) {
        assert_true(store_read(&h->card.store, STORE_TRIES, 0, &tries, 1));
    }
    return tries;
}

/* No cut gives a try back: a challenge costs one or none, and a right answer, which comes to its
 * end or not, gives back all or none. */
static void check_tries(const struct scene *scene)
{
    uint8_t tries = tries_of(&host);
    uint8_t was = tries_of(&before);
    if (scene->act == act_challenge || scene->act == act_authenticate) {
        uint8_t is = scene->act == act_challenge ? (uint8_t)(was - 1) : SCP03_TRIES;
        assert_true(tries == was || tries == is);
        return;
    }
    assert_true(tries == was || host.card.state == CARD_TERMINATED);
}

/* Nothing is left in flash of what an erased card held but the channel's keys and its tries. */
static void check_erased(void)
{
    uint8_t pair[97];
    assert_true(store_read(&before.card.store, STORE_PAIR, 0, pair, sizeof pair));
    for (size_t i = 0; i + 32 <= (size_t)2 * AREA; i++) {
        const uint8_t *cells = host.native.flash + i;
        assert_true(memcmp(cells, pair, 32) != 0 && memcmp(cells, pair + 32, 32) != 0 &&
                    memcmp(cells, old_file, 32) != 0);
    }
    for (unsigned i = 0; i < STORE_OBJECTS; i++) {
        assert_true(i == STORE_KEYS || i == STORE_TRIES || store_length(&host.card.store, i) == 0);
    }
    assert_true(same_object(&host, &before, STORE_KEYS));
    assert_true(same_object(&host, &before, STORE_TRIES));
}

/* The card works: with the keys it then has, in the state it then has. */
static void check_use(bool is_new)
{
    if (host.card.state == CARD_TERMINATED) {
        check_terminated("00A4040007 F053414B534901 00");
        return;
    }
    host.keys = is_new ? done.keys : before.keys;
    host_open(&host, 0x01);
    uint16_t sw = host_store(&host, CARD_APP_CREDENTIAL + 1, span_of(new_file, 50), 100);
    assert_int_equal(sw, host.card.state == CARD_LOCKED ? SW_CONDITIONS : SW_OK);
}

static void check_cut(const struct scene *scene)
{
    bool is_old = same_card(&host, &before, 1U << STORE_TRIES);
    bool is_new = same_card(&host, &done, 1U << STORE_TRIES);
    if (scene->random != 0 && !is_old) { /* another key each time: whole, whichever it is */
        is_new = store_length(&host.card.store, scene->random) == 97;
        host_select(&host);
        assert_int_equal(host_prove(&host), SW_OK);
    }
    assert_true(is_old || is_new);
    assert_true(scene->act != act_erase || is_new == (host.card.state == CARD_BLANK));
    if (scene->act == act_erase && is_new) {
        check_erased();
    }
    check_tries(scene);
    check_use(!is_old);
}

static void every_cut_leaves_the_card_before_or_after(void **state)
{
    (void)state;
    bool all = check_is_long();
    const struct cutting cutting = {check_cut, all ? 45 : 30, all ? 1 : 5};
    cut_scenes(scenes, COUNT_OF(scenes), &cutting, 41);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cut_leaves_the_card_before_or_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
