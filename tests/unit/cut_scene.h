/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of cuts share: a small native card, the power that goes in every flash operation
 * of a command, ending it in every way the model knows, and again while the card starts. What has
 * to be true afterwards is said by each test. For tests of one file each.
 */
#ifndef TESTS_CUT_SCENE_H
#define TESTS_CUT_SCENE_H

#include "card_host.h"

enum { PAGE = 512, AREA = 4096, FILE_BYTES = 300 };

/* One command, or the commands of one write. */
struct scene {
    const char *name;
    void (*prepare)(void); /* brings `before` there */
    void (*act)(struct card_host *host);
    uint16_t sw;     /* of the last command, undisturbed */
    unsigned random; /* the object whose new value is another one each time, or 0 */
};

/* What is done with each scene. */
struct cutting {
    void (*check)(const struct scene *scene); /* fails unless `host` is as it may be, started */
    uint64_t rounds; /* how often each cut is made, with other random bits */
    uint64_t every;  /* how many operations lie between cuts, the first and the second */
};

static struct card_host before; /* the command is about to be sent; copied to be cut again */
static struct card_host done;   /* the same card after it */
static struct card_host host;
static struct card_host cut; /* as the first cut left it */
static uint8_t old_file[FILE_BYTES];
static uint8_t new_file[FILE_BYTES];
static uint64_t places;

/* ---- cards ---- */

/* `before` is a card fresh from the factory. */
static inline void make_blank(uint64_t seed)
{
    memset(&before, 0, sizeof before);
    native_make(&before.native, seed);
    native_resize(&before.native, PAGE, AREA);
    before.keys = before.native.transport_keys;
    card_start(&before.card, &before.native.port, CARD_CONTACT);
}

static inline struct span object_of(const struct card_host *h, unsigned object, uint8_t room[AREA])
{
    struct store store = h->card.store;
    size_t len = store_length(&store, object);
    assert_true(store_read(&store, object, 0, room, len));
    return span_of(room, len);
}

static inline bool same_object(const struct card_host *a, const struct card_host *b,
                               unsigned object)
{
    uint8_t of_a[AREA];
    uint8_t of_b[AREA];
    return span_equal(object_of(a, object, of_a), object_of(b, object, of_b));
}

/* The same in all objects but those of the mask, a bit each. */
static inline bool same_card(const struct card_host *a, const struct card_host *b, uint32_t but)
{
    for (unsigned i = 0; i < STORE_OBJECTS; i++) {
        if ((but >> i & 1) == 0 && !same_object(a, b, i)) {
            return false;
        }
    }
    return a->card.state == b->card.state;
}

/* A terminated card has nothing left but that, and says so. */
static inline void check_terminated(const char *select)
{
    for (unsigned i = 0; i < STORE_OBJECTS; i++) {
        assert_true(i == STORE_STATE || store_length(&host.card.store, i) == 0);
    }
    assert_int_equal(host_hex(&host, select), SW_TERMINATED);
}

/* ---- cuts ---- */

static inline void check_place(const struct scene *scene, const struct cutting *cutting)
{
    host_restart(&host);
    places++;
    assert_false(host.card.store.failed);
    cutting->check(scene);
    assert_false(host.native.broke_a_rule);
}

static inline uint64_t operations_of_start(void)
{
    uint64_t start = host.native.operations;
    host_restart(&host);
    return host.native.operations - start;
}

static inline void cut_again(const struct scene *scene, uint64_t round,
                             const struct cutting *cutting)
{
    host_copy(&host, &cut);
    uint64_t operations = operations_of_start();
    for (uint64_t second = round % cutting->every; second < operations; second += cutting->every) {
        host_copy(&host, &cut);
        native_power_up(&host.native);
        host.native.random_state += second;
        native_cut_after(&host.native, second, (enum native_cut)((second + round) % NATIVE_CUTS));
        card_start(&host.card, &host.native.port, CARD_CONTACT);
        assert_false(host.native.powered);
        check_place(scene, cutting);
    }
}

static inline void cut_here(const struct scene *scene, uint64_t at, uint64_t round,
                            const struct cutting *cutting)
{
    host_copy(&host, &before);
    host.native.random_state = at << 32 ^ round;
    native_cut_after(&host.native, at, (enum native_cut)((at + round) % NATIVE_CUTS));
    scene->act(&host);
    assert_false(host.native.powered);
    assert_int_equal(host.sw, SW_MEMORY_FAILURE); /* the last command is not said to have worked */
    host_copy(&cut, &host);
    check_place(scene, cutting);
    cut_again(scene, round, cutting);
}

/* Returns how many operations the command takes. */
static inline uint64_t cut_everywhere(const struct scene *scene, const struct cutting *cutting)
{
    scene->prepare();
    host_copy(&done, &before);
    scene->act(&done);
    assert_int_equal(done.sw, scene->sw);
    uint64_t operations = done.native.operations - before.native.operations;
    assert_true(operations != 0);
    for (uint64_t at = 0; at < operations; at++) {
        for (uint64_t round = 0; round < cutting->rounds; round++) {
            if (at % cutting->every == round % cutting->every) {
                cut_here(scene, at, round, cutting);
            }
        }
    }
    return operations;
}

/* All of it, with files made of `seed`; fails when it was too little. */
static inline void cut_scenes(const struct scene *scenes, size_t count,
                              const struct cutting *cutting, uint64_t seed)
{
    check_random_bytes(&seed, old_file, sizeof old_file);
    check_random_bytes(&seed, new_file, sizeof new_file);
    places = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t start = places;
        uint64_t operations = cut_everywhere(&scenes[i], cutting);
        print_message("%-36s %4llu operations %7llu places\n", scenes[i].name,
                      (unsigned long long)operations, (unsigned long long)(places - start));
    }
    print_message("%-36s %23llu places\n", "all", (unsigned long long)places);
    assert_true(places >= (check_is_long() ? 100000 : 1000));
}

#endif
