/* SPDX-License-Identifier: Apache-2.0
 *
 * The power goes in every operation of every kind of write, ending it in every way the model knows,
 * and again in the recovery: each object then has its old value or its new one, and can be written.
 * A sample is taken in ordinary runs; SAKSI_LONG=1 takes more than 100,000 places.
 */
#include "check.h"
#include "card/store.h"
#include "port/native/native.h"

enum { PAGE = 256, AREA = 1280, OBJECTS = 4, VALUE = 96 };

/* What is held, and what one write makes of it. */
struct scene {
    const char *name;
    unsigned fill;   /* how many times the journal is written before, so that it is near its end */
    unsigned object; /* that is written */
    size_t len;      /* of its new value; 0 removes */
    bool pieces;     /* begun, appended and committed */
    unsigned purge;  /* instead: what a purge keeps */
};

static const struct scene scenes[] = {
    {"a value", 0, STORE_STATE, 1, false, 0},
    {"a longer value", 0, STORE_KEYS, VALUE, false, 0},
    {"a value that is removed", 0, STORE_FILE, 0, false, 0},
    {"a value in pieces", 0, STORE_FILE, 61, true, 0},
    {"a value that makes the journal move", 28, STORE_FILE, VALUE, false, 0},
    {"pieces that make the journal move", 28, STORE_FILE, VALUE, true, 0},
    {"a purge of all that was replaced", 5, 0, 0, false, STORE_KEEP_ALL},
    {"a purge of all but one", 5, 0, 0, false, 1U << STORE_STATE},
};

static const unsigned objects[OBJECTS] = {STORE_STATE, STORE_KEYS, STORE_TRIES, STORE_FILE};

static struct native native;
static struct native before; /* as it was made, to be cut again and again */
static struct native cut;    /* as the first cut left it */
static uint64_t places;

struct values {
    uint8_t bytes[STORE_OBJECTS][VALUE];
    size_t len[STORE_OBJECTS];
};

static void put(struct store *store, struct values *values, unsigned object, size_t len,
                uint8_t with)
{
    memset(values->bytes[object], with, len);
    values->len[object] = len;
    assert_int_equal(store_write(store, object, span_of(values->bytes[object], len)), STORE_OK);
}

static struct values prepare(const struct scene *scene)
{
    struct values values = {.len = {0}};
    struct store store;
    native_make(&before, 3);
    native_resize(&before, PAGE, AREA);
    assert_int_equal(store_mount(&store, &before.port), STORE_OK);
    for (unsigned i = 0; i < OBJECTS; i++) {
        put(&store, &values, objects[i], 16 + 5 * i, (uint8_t)(0x10 + i));
    }
    for (unsigned i = 0; i < scene->fill; i++) {
        put(&store, &values, STORE_TRIES, 1, (uint8_t)i);
    }
    return values;
}

static struct values after_scene(const struct scene *scene, struct values values)
{
    if (scene->object != 0) {
        memset(values.bytes[scene->object], 0xC3, scene->len);
        values.len[scene->object] = scene->len;
    }
    for (unsigned i = 0; i < STORE_OBJECTS; i++) {
        if (scene->object == 0 && (scene->purge >> i & 1) == 0) {
            values.len[i] = 0;
        }
    }
    return values;
}

/* The write itself; whatever goes wrong in it is seen afterwards. */
static enum store_result write_scene(struct store *store, const struct scene *scene)
{
    uint8_t value[VALUE];
    memset(value, 0xC3, sizeof value);
    if (scene->object == 0) {
        return store_purge(store, scene->purge);
    }
    if (!scene->pieces) {
        return store_write(store, scene->object, span_of(value, scene->len));
    }
    enum store_result result = store_begin(store, scene->object, scene->len);
    for (size_t i = 0; i < scene->len && result == STORE_OK; i += 7) {
        size_t n = scene->len - i < 7 ? scene->len - i : 7;
        result = store_append(store, span_of(value, n));
    }
    return result == STORE_OK ? store_commit(store) : result;
}

static bool holds(struct store *store, const struct values *values)
{
    for (unsigned i = 1; i < STORE_OBJECTS; i++) {
        uint8_t room[VALUE];
        size_t len = store_length(store, i);
        if (len != values->len[i] || !store_read(store, i, 0, room, len) ||
            memcmp(room, values->bytes[i], len) != 0) {
            return false;
        }
    }
    return true;
}

static bool power_up_and_mount(struct store *store)
{
    native_power_up(&native);
    return store_mount(store, &native.port) == STORE_OK;
}

static void check_place(const struct values *old, const struct values *new)
{
    struct store store;
    assert_true(power_up_and_mount(&store));
    bool is_old = holds(&store, old);
    assert_true(is_old || holds(&store, new));
    assert_true(power_up_and_mount(&store)); /* and stays so */
    assert_true(holds(&store, is_old ? old : new));
    assert_int_equal(store_write(&store, STORE_TRIES, span_of("again", 5)), STORE_OK);
    for (int i = 0; i < 2; i++) { /* into the area that the cut was in, and back */
        assert_int_equal(store_purge(&store, ~(1U << STORE_TRIES)), STORE_OK);
    }
    struct values left = is_old ? *old : *new;
    left.len[STORE_TRIES] = 0;
    assert_true(holds(&store, &left));
    assert_false(native.broke_a_rule);
    places++;
}

static uint64_t operations_of_recovery(void)
{
    struct store store;
    uint64_t start = native.operations;
    power_up_and_mount(&store);
    return native.operations - start;
}

struct sampling {
    uint64_t rounds;       /* how often each cut is made, with other random bits */
    uint64_t second_every; /* how many operations of recovery lie between second cuts */
};

/* One cut in the write, and then one in each (or each so many) of the operations of recovery. */
static void cut_here(const struct scene *scene, uint64_t at, unsigned way, uint64_t round,
                     uint64_t second_every, const struct values *old, const struct values *new)
{
    struct store store;
    native_copy(&native, &before);
    native.random_state = at << 32 ^ way << 24 ^ round;
    assert_true(power_up_and_mount(&store));
    native_cut_after(&native, at, (enum native_cut)way);
    write_scene(&store, scene);
    assert_false(native.powered);
    native_copy(&cut, &native);
    check_place(old, new);
    native_copy(&native, &cut);
    uint64_t recovery = operations_of_recovery();
    for (uint64_t second = round % second_every; second < recovery; second += second_every) {
        native_copy(&native, &cut);
        native.random_state += second;
        native_power_up(&native);
        native_cut_after(&native, second, (enum native_cut)((second + round) % NATIVE_CUTS));
        assert_int_equal(store_mount(&store, &native.port), STORE_FAULT);
        check_place(old, new);
    }
}

static void cut_everywhere(const struct scene *scene, const struct sampling *sampling)
{
    struct values old = prepare(scene);
    struct values new = after_scene(scene, old);
    struct store store;
    native_copy(&native, &before);
    assert_true(power_up_and_mount(&store));
    uint64_t start = native.operations;
    assert_int_equal(write_scene(&store, scene), STORE_OK);
    assert_true(holds(&store, &new));
    uint64_t operations = native.operations - start;
    for (uint64_t at = 0; at < operations; at++) {
        for (unsigned way = 0; way < NATIVE_CUTS; way++) {
            for (uint64_t round = 0; round < sampling->rounds; round++) {
                cut_here(scene, at, way, round, sampling->second_every, &old, &new);
            }
        }
    }
}

static void every_cut_leaves_old_or_new(void **state)
{
    (void)state;
    bool all = check_is_long();
    const struct sampling sampling = {all ? 160 : 8, all ? 1 : 9};
    places = 0;
    for (size_t i = 0; i < COUNT_OF(scenes); i++) {
        uint64_t start = places;
        cut_everywhere(&scenes[i], &sampling);
        print_message("%-36s %llu places\n", scenes[i].name, (unsigned long long)(places - start));
    }
    assert_true(places >= (all ? 100000 : 1000));
}

/* Formatting is a write as well: a card that is cut in its first start is still a blank card. */
static void a_cut_while_formatting_leaves_blank_storage(void **state)
{
    (void)state;
    for (unsigned way = 0; way < NATIVE_CUTS * 64; way++) {
        for (uint64_t at = 0; at < 3; at++) {
            struct store store;
            native_make(&native, way);
            native_resize(&native, PAGE, AREA);
            native_cut_after(&native, at, (enum native_cut)(way % NATIVE_CUTS));
            assert_int_equal(store_mount(&store, &native.port), STORE_FAULT);
            native_power_up(&native);
            native_cut_after(&native, way % 3, (enum native_cut)(way % NATIVE_CUTS));
            enum store_result again = store_mount(&store, &native.port);
            assert_true(again == STORE_OK || again == STORE_FAULT);
            assert_true(power_up_and_mount(&store));
            assert_int_equal(store_write(&store, STORE_STATE, span_of("x", 1)), STORE_OK);
            assert_false(native.broke_a_rule);
        }
    }
}

/* A counter that is lowered before each attempt never rises, however often the power goes. */
static void a_counter_never_rises(void **state)
{
    (void)state;
    uint64_t seed = 11;
    struct store store;
    native_make(&native, 5);
    native_resize(&native, PAGE, AREA);
    assert_int_equal(store_mount(&store, &native.port), STORE_OK);
    for (int round = 0; round < 200; round++) {
        uint8_t left = 50;
        assert_int_equal(store_write(&store, STORE_TRIES, span_of(&left, 1)), STORE_OK);
        while (left != 0) {
            uint8_t lower = (uint8_t)(left - 1);
            native_cut_after(&native, check_random(&seed) % 4,
                             (enum native_cut)(check_random(&seed) % NATIVE_CUTS));
            enum store_result result = store_write(&store, STORE_TRIES, span_of(&lower, 1));
            assert_true(power_up_and_mount(&store));
            uint8_t now;
            assert_true(store_read(&store, STORE_TRIES, 0, &now, 1));
            assert_true(now == lower || (now == left && result != STORE_OK));
            left = now;
        }
    }
    assert_false(native.broke_a_rule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cut_leaves_old_or_new),
        cmocka_unit_test(a_cut_while_formatting_leaves_blank_storage),
        cmocka_unit_test(a_counter_never_rises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
