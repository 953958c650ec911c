/* SPDX-License-Identifier: Apache-2.0
 *
 * The power goes in every flash operation of every command that writes, ending it in every way the
 * model knows, and again while the card starts: afterwards the card is as it was before the
 * command or as it is after it, in all that can be read from it and done with it. A sample is taken
 * in ordinary runs; SAKSI_LONG=1 takes more than 100,000 places.
 */
#include "card_host.h"

enum { PAGE = 512, AREA = 4096, FILE_BYTES = 300, TRY_BYTES = 3 * FLASH_GRANULE };

/* One command, or the commands of one write, most of them sent to an open channel. */
struct scene {
    const char *name;
    void (*prepare)(void); /* brings `before` there */
    void (*act)(struct card_host *host);
};

static struct card_host before; /* the command is about to be sent; copied to be cut again */
static struct card_host done;   /* the same card after it */
static struct card_host host;
static struct card_host cut; /* as the first cut left it */
static uint8_t old_file[FILE_BYTES];
static uint8_t new_file[FILE_BYTES];
static uint64_t places;

static void make_blank(void)
{
    memset(&before, 0, sizeof before);
    native_make(&before.native, 17);
    native_resize(&before.native, PAGE, AREA);
    before.keys = before.native.transport_keys;
    card_start(&before.card, &before.native.port, CARD_CONTACT);
}

static void prepare_blank(void)
{
    make_blank();
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
    {"GENERATE, the first", prepare_blank, act_generate},
    {"GENERATE, another one", prepare_with_pair, act_generate},
    {"PUT KEY, the first", prepare_with_pair, act_put_keys},
    {"PUT KEY, others", prepare_personalised, act_put_keys},
    {"SET STATUS, personalised", prepare_with_keys, act_personalise},
    {"SET STATUS, locked", prepare_personalised, act_lock},
    {"SET STATUS, terminated", prepare_locked, act_terminate},
    {"SET STATUS, blank, from personalised", prepare_personalised, act_erase},
    {"SET STATUS, blank, from locked", prepare_locked, act_erase},
    {"SET STATUS, blank, nearly full", prepare_nearly_full, act_erase},
    {"STORE DATA", prepare_personalised, act_store},
    {"STORE DATA, and the journal moves", prepare_nearly_full, act_store},
    {"STORE DATA, removing", prepare_personalised, act_remove},
    {"INITIALIZE UPDATE", prepare_selected, act_challenge},
    {"INITIALIZE UPDATE, journal moves", prepare_selected_full, act_challenge},
    {"EXTERNAL AUTHENTICATE", prepare_challenged, act_authenticate},
    {"EXTERNAL AUTHENTICATE, journal moves", prepare_challenged_full, act_authenticate},
};

static bool same_object(const struct card_host *a, const struct card_host *b, unsigned object)
{
    uint8_t of_a[AREA];
    uint8_t of_b[AREA];
    struct store store_a = a->card.store;
    struct store store_b = b->card.store;
    size_t len = store_length(&store_a, object);
    return len == store_length(&store_b, object) && store_read(&store_a, object, 0, of_a, len) &&
           store_read(&store_b, object, 0, of_b, len) && memcmp(of_a, of_b, len) == 0;
}

/* The same in all objects but the tries. */
static bool same_card(const struct card_host *a, const struct card_host *b)
{
    for (unsigned i = 0; i < STORE_OBJECTS; i++) {
        if (i != STORE_TRIES && !same_object(a, b, i)) {
            return false;
        }
    }
    return a->card.state == b->card.state;
}

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
        for (unsigned i = 0; i < STORE_OBJECTS; i++) {
            assert_true(i == STORE_STATE || store_length(&host.card.store, i) == 0);
        }
        assert_int_equal(host_hex(&host, "00A4040007 F053414B534901 00"), SW_TERMINATED);
        return;
    }
    host.keys = is_new ? done.keys : before.keys;
    host_open(&host, 0x01);
    uint16_t sw = host_store(&host, CARD_APP_CREDENTIAL + 1, span_of(new_file, 50), 100);
    assert_int_equal(sw, host.card.state == CARD_LOCKED ? SW_CONDITIONS : SW_OK);
}

static void check_place(const struct scene *scene)
{
    host_restart(&host);
    assert_false(host.card.store.failed);
    bool is_old = same_card(&host, &before);
    bool is_new = same_card(&host, &done);
    if (scene->act == act_generate && !is_old) { /* another key each time: whole, whichever it is */
        is_new = store_length(&host.card.store, STORE_PAIR) == 97;
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
    assert_false(host.native.broke_a_rule);
    places++;
}

struct sampling {
    uint64_t rounds; /* how often each cut is made, with other random bits */
    uint64_t every;  /* how many operations lie between cuts, the first and the second */
};

static uint64_t operations_of_start(void)
{
    uint64_t start = host.native.operations;
    host_restart(&host);
    return host.native.operations - start;
}

static void cut_here(const struct scene *scene, uint64_t at, uint64_t round, uint64_t every)
{
    host_copy(&host, &before);
    host.native.random_state = at << 32 ^ round;
    native_cut_after(&host.native, at, (enum native_cut)((at + round) % NATIVE_CUTS));
    scene->act(&host);
    assert_false(host.native.powered);
    assert_int_equal(host.sw, SW_MEMORY_FAILURE); /* the last command is not said to have worked */
    host_copy(&cut, &host);
    check_place(scene);
    host_copy(&host, &cut);
    uint64_t start = operations_of_start();
    for (uint64_t second = round % every; second < start; second += every) {
        host_copy(&host, &cut);
        native_power_up(&host.native);
        host.native.random_state += second;
        native_cut_after(&host.native, second, (enum native_cut)((second + round) % NATIVE_CUTS));
        card_start(&host.card, &host.native.port, CARD_CONTACT);
        assert_false(host.native.powered);
        check_place(scene);
    }
}

static void cut_everywhere(const struct scene *scene, const struct sampling *sampling)
{
    scene->prepare();
    host_copy(&done, &before);
    scene->act(&done);
    assert_int_equal(done.sw, SW_OK);
    uint64_t operations = done.native.operations - before.native.operations;
    assert_true(operations != 0);
    for (uint64_t at = 0; at < operations; at++) {
        for (uint64_t round = 0; round < sampling->rounds; round++) {
            if (at % sampling->every == round % sampling->every) {
                cut_here(scene, at, round, sampling->every);
            }
        }
    }
}

static void every_cut_leaves_the_card_before_or_after(void **state)
{
    (void)state;
    bool all = check_is_long();
    const struct sampling sampling = {all ? 45 : 30, all ? 1 : 5};
    uint64_t seed = 41;
    check_random_bytes(&seed, old_file, sizeof old_file);
    check_random_bytes(&seed, new_file, sizeof new_file);
    places = 0;
    for (size_t i = 0; i < COUNT_OF(scenes); i++) {
        uint64_t start = places;
        cut_everywhere(&scenes[i], &sampling);
        print_message("%-36s %llu places\n", scenes[i].name, (unsigned long long)(places - start));
    }
    assert_true(places >= (all ? 100000 : 1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cut_leaves_the_card_before_or_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
