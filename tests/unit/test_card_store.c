/* SPDX-License-Identifier: Apache-2.0
 *
 * The card's journal while the power stays: values, limits, moves between areas, damage.
 */
#include "check.h"
#include "card/store_flash.h"
#include "port/native/native.h"

enum { PAGE = 256, AREA = 1536 };

static struct native native;
static struct store store;

static int make(void **state)
{
    (void)state;
    native_make(&native, 1);
    native_resize(&native, PAGE, AREA);
    return store_mount(&store, &native.port) == STORE_OK ? 0 : -1;
}

static int rules_were_kept(void **state)
{
    (void)state;
    return native.broke_a_rule ? -1 : 0;
}

static void expect(unsigned object, struct span value)
{
    uint8_t room[AREA];
    assert_int_equal(store_length(&store, object), value.len);
    assert_true(store_read(&store, object, 0, room, value.len));
    check_bytes(span_of(room, value.len), value);
}

static struct span text(const char *s)
{
    return span_str(s);
}

static void values_outlive_a_restart(void **state)
{
    (void)state;
    assert_int_equal(store_write(&store, STORE_STATE, text("one")), STORE_OK);
    assert_int_equal(store_write(&store, STORE_FILE, text("a longer value of a file")), STORE_OK);
    assert_int_equal(store_write(&store, STORE_STATE, text("two")), STORE_OK);
    for (int i = 0; i < 3; i++) {
        expect(STORE_STATE, text("two"));
        expect(STORE_FILE, text("a longer value of a file"));
        expect(STORE_KEYS, span_of(NULL, 0));
        assert_int_equal(store_mount(&store, &native.port), STORE_OK);
    }
}

static void an_empty_value_removes(void **state)
{
    (void)state;
    assert_int_equal(store_write(&store, STORE_FILE, text("x")), STORE_OK);
    assert_int_equal(store_write(&store, STORE_FILE, text("")), STORE_OK);
    expect(STORE_FILE, text(""));
    assert_int_equal(store_mount(&store, &native.port), STORE_OK);
    expect(STORE_FILE, text(""));
}

static void pieces_count_when_committed(void **state)
{
    (void)state;
    assert_int_equal(store_write(&store, STORE_FILE, text("old")), STORE_OK);
    assert_int_equal(store_begin(&store, STORE_FILE, 11), STORE_OK);
    assert_int_equal(store_append(&store, text("hello")), STORE_OK);
    assert_int_equal(store_commit(&store), STORE_MISUSE); /* six are missing */
    assert_int_equal(store_append(&store, text(" world!")), STORE_MISUSE);
    assert_int_equal(store_append(&store, text(" world")), STORE_OK);
    expect(STORE_FILE, text("old"));
    assert_int_equal(store_commit(&store), STORE_OK);
    expect(STORE_FILE, text("hello world"));
    assert_int_equal(store_commit(&store), STORE_MISUSE); /* only once */
    assert_int_equal(store_append(&store, text("x")), STORE_MISUSE);
    assert_int_equal(store_mount(&store, &native.port), STORE_OK);
    expect(STORE_FILE, text("hello world"));
}

static void another_write_drops_the_pieces(void **state)
{
    (void)state;
    assert_int_equal(store_begin(&store, STORE_FILE, 9), STORE_OK);
    assert_int_equal(store_append(&store, text("new")), STORE_OK);
    assert_int_equal(store_write(&store, STORE_TRIES, text("7")), STORE_OK);
    assert_int_equal(store_append(&store, text("value!")), STORE_MISUSE);
    assert_int_equal(store_begin(&store, STORE_FILE, 3), STORE_OK);
    store_abandon(&store);
    assert_int_equal(store_commit(&store), STORE_MISUSE);
    assert_int_equal(store_mount(&store, &native.port), STORE_OK);
    expect(STORE_FILE, text(""));
    expect(STORE_TRIES, text("7"));
}

static void requests_beyond_the_limits_are_misuse(void **state)
{
    (void)state;
    assert_int_equal(store_write(&store, 0, text("x")), STORE_MISUSE);
    assert_int_equal(store_write(&store, STORE_OBJECTS, text("x")), STORE_MISUSE);
    assert_int_equal(store_begin(&store, STORE_FILE, 0), STORE_MISUSE);
    assert_int_equal(store_begin(&store, STORE_FILE, STORE_MAX_VALUE + 1), STORE_MISUSE);
    assert_int_equal(store_length(&store, 99), 0);
    uint8_t byte;
    assert_int_equal(store_write(&store, STORE_FILE, text("abc")), STORE_OK);
    assert_true(store_read(&store, STORE_FILE, 2, &byte, 1));
    assert_int_equal(byte, 'c');
    assert_false(store_read(&store, STORE_FILE, 3, &byte, 1));
    assert_false(store_read(&store, STORE_FILE, SIZE_MAX, &byte, 1));
    assert_true(store_read(&store, STORE_FILE, 3, &byte, 0));
}

static void what_is_refused_leaves_the_pieces(void **state)
{
    (void)state;
    static const uint8_t large[STORE_MAX_VALUE + 1];
    assert_int_equal(store_begin(&store, STORE_FILE, 9), STORE_OK);
    assert_int_equal(store_append(&store, text("new")), STORE_OK);
    assert_int_equal(store_write(&store, 0, text("x")), STORE_MISUSE);
    assert_int_equal(store_write(&store, STORE_OBJECTS, text("x")), STORE_MISUSE);
    assert_int_equal(store_write(&store, STORE_FILE, span_of(large, sizeof large)), STORE_MISUSE);
    assert_int_equal(store_begin(&store, STORE_KEYS, 0), STORE_MISUSE);
    assert_int_equal(store_begin(&store, STORE_OBJECTS, 1), STORE_MISUSE);
    assert_int_equal(store_write(&store, STORE_FILE + 1, span_of(large, AREA)), STORE_FULL);
    assert_int_equal(store_append(&store, text(" value")), STORE_OK);
    assert_int_equal(store_commit(&store), STORE_OK);
    expect(STORE_FILE, text("new value"));
}

static void a_full_store_refuses_files_and_takes_the_rest(void **state)
{
    (void)state;
    uint8_t value[AREA] = {1};
    size_t most = AREA - FLASH_GRANULE - STORE_RESERVE - 2 * FLASH_GRANULE;
    assert_int_equal(store_write(&store, STORE_FILE, span_of(value, most + 1)), STORE_FULL);
    assert_int_equal(store_write(&store, STORE_FILE, span_of(value, most)), STORE_OK);
    assert_int_equal(store_write(&store, STORE_FILE + 1, span_of(value, 1)), STORE_FULL);
    for (int i = 0; i < 100; i++) { /* again and again, by moving */
        assert_int_equal(store_write(&store, STORE_KEYS, span_of(value, 100)), STORE_OK);
        assert_int_equal(store_write(&store, STORE_PAIR, span_of(value, 97)), STORE_OK);
        assert_int_equal(store_write(&store, STORE_TRIES, span_of(value, 1)), STORE_OK);
    }
    expect(STORE_FILE, span_of(value, most));
    assert_int_equal(store_write(&store, STORE_FILE, span_of(value, 0)), STORE_OK);
    assert_int_equal(store_write(&store, STORE_FILE + 1, span_of(value, 200)), STORE_OK);
    expect(STORE_KEYS, span_of(value, 100));
}

static bool flash_holds(struct span needle)
{
    for (size_t i = 0; i + needle.len <= 2 * AREA; i++) {
        if (memcmp(native.flash + i, needle.ptr, needle.len) == 0) {
            return true;
        }
    }
    return false;
}

static void a_purge_leaves_nothing_behind(void **state)
{
    (void)state;
    assert_int_equal(store_write(&store, STORE_KEYS, text("first secret")), STORE_OK);
    assert_int_equal(store_write(&store, STORE_KEYS, text("second secret")), STORE_OK);
    assert_int_equal(store_write(&store, STORE_STATE, text("kept")), STORE_OK);
    assert_true(flash_holds(text("first secret")));
    assert_int_equal(store_purge(&store, STORE_KEEP_ALL), STORE_OK);
    assert_false(flash_holds(text("first secret")));
    expect(STORE_KEYS, text("second secret"));
    assert_int_equal(store_purge(&store, 1U << STORE_STATE), STORE_OK);
    assert_false(flash_holds(text("second secret")));
    expect(STORE_KEYS, text(""));
    expect(STORE_STATE, text("kept"));
    assert_int_equal(store_mount(&store, &native.port), STORE_OK);
    expect(STORE_STATE, text("kept"));
}

static void a_random_walk_agrees_with_a_table(void **state)
{
    (void)state;
    uint8_t wanted[STORE_OBJECTS][64] = {{0}};
    size_t lengths[STORE_OBJECTS] = {0};
    uint64_t seed = 7;
    for (int step = 0; step < 5000; step++) {
        unsigned object = 1 + (unsigned)(check_random(&seed) % 6);
        size_t len = (size_t)(check_random(&seed) % 65);
        check_random_bytes(&seed, wanted[object], len);
        lengths[object] = len;
        assert_int_equal(store_write(&store, object, span_of(wanted[object], len)), STORE_OK);
        if (step % 50 == 0) {
            assert_int_equal(store_mount(&store, &native.port), STORE_OK);
        }
        for (unsigned i = 1; i < STORE_OBJECTS; i++) {
            expect(i, span_of(wanted[i], lengths[i]));
        }
    }
}

/* Any single bit of what counts may rot: the store refuses to go on rather than to show an older
 * value. A bit that becomes clear or set in a commit or head cannot be told from a cut, which is
 * why those of the last record are left out here. */
static void damage_to_a_value_is_a_fault(void **state)
{
    (void)state;
    assert_int_equal(store_write(&store, STORE_STATE, text("12345678")), STORE_OK);
    for (unsigned bit = 0; bit < 64; bit++) {
        uint8_t *byte = native.flash + 2 * FLASH_GRANULE + bit / 8;
        *byte ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(store_mount(&store, &native.port), STORE_FAULT);
        assert_int_equal(store_write(&store, STORE_STATE, text("x")), STORE_FAULT);
        assert_int_equal(store_begin(&store, STORE_STATE, 1), STORE_FAULT);
        assert_int_equal(store_append(&store, text("")), STORE_FAULT);
        assert_int_equal(store_commit(&store), STORE_FAULT);
        assert_int_equal(store_purge(&store, STORE_KEEP_ALL), STORE_FAULT);
        *byte ^= (uint8_t)(1U << bit % 8);
    }
    assert_int_equal(store_mount(&store, &native.port), STORE_OK);
    expect(STORE_STATE, text("12345678"));
}

static void damage_to_every_head_never_formats(void **state)
{
    (void)state;
    assert_int_equal(store_write(&store, STORE_STATE, text("x")), STORE_OK);
    native.flash[0] = 0;
    assert_int_equal(store_mount(&store, &native.port), STORE_FAULT);
    memset(native.flash + AREA, 0, 1);
    assert_int_equal(store_mount(&store, &native.port), STORE_FAULT);
    assert_int_equal(native.flash[2 * FLASH_GRANULE], 'x');
}

static void lying_records_are_a_fault(void **state)
{
    (void)state;
    static const uint32_t heads[] = {
        (uint32_t)STORE_STATE << 24 | 1,                                /* no mark */
        0x00A50001,                                                     /* object 0 */
        (uint32_t)STORE_OBJECTS << 24 | (uint32_t)STORE_MARK << 16 | 1, /* unknown object */
        (uint32_t)STORE_FILE << 24 | (uint32_t)STORE_MARK << 16 | 0xFFFF,
        (uint32_t)STORE_FILE << 24 | (uint32_t)STORE_MARK << 16 | AREA, /* longer than the area */
    };
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        make(NULL);
        assert_true(store_put_word(&store, FLASH_GRANULE, heads[i]));
        assert_int_equal(store_mount(&store, &native.port), STORE_FAULT);
    }
}

static void two_areas_of_one_sequence_are_a_fault(void **state)
{
    (void)state;
    memcpy(native.flash + AREA, native.flash, FLASH_GRANULE);
    assert_int_equal(store_mount(&store, &native.port), STORE_FAULT);
}

static void flash_that_does_not_take_a_value_is_a_fault(void **state)
{
    (void)state;
    native.powered = false;
    assert_int_equal(store_write(&store, STORE_STATE, text("x")), STORE_FAULT);
    native_power_up(&native);
    assert_int_equal(store_write(&store, STORE_STATE, text("x")), STORE_FAULT); /* until mounted */
    assert_int_equal(store_mount(&store, &native.port), STORE_OK);
    assert_int_equal(store_write(&store, STORE_STATE, text("x")), STORE_OK);
}

static void flash_that_only_says_it_took_a_value_is_a_fault(void **state)
{
    (void)state;
    assert_int_equal(store_write(&store, STORE_STATE, text("old")), STORE_OK);
    native.deaf = true;
    assert_int_equal(store_write(&store, STORE_STATE, text("new")), STORE_FAULT);
    native.deaf = false;
    assert_int_equal(store_mount(&store, &native.port), STORE_OK);
    expect(STORE_STATE, text("old"));
}

/* The area it leaves, and after a start the one it goes to, too; beside that a move programs its
 * records and a head. */
static void a_move_erases_what_it_leaves(void **state)
{
    (void)state;
    enum { RECORDS = 2 * 3 }; /* head, value, commit */
    assert_int_equal(store_write(&store, STORE_STATE, text("1")), STORE_OK);
    assert_int_equal(store_write(&store, STORE_TRIES, text("2")), STORE_OK);
    for (int i = 0; i < 4; i++) {
        uint64_t operations = native.operations;
        assert_int_equal(store_purge(&store, STORE_KEEP_ALL), STORE_OK);
        unsigned areas = i == 2 ? 2 : 1;
        assert_int_equal(native.operations - operations, areas * (AREA / PAGE) + RECORDS + 1);
        if (i == 1) {
            assert_int_equal(store_mount(&store, &native.port), STORE_OK);
        }
    }
}

/* Wherever the power goes in a purge: once the new area counts, a start finishes the erasure. */
static void a_purge_that_is_cut_is_finished(void **state)
{
    static const uint64_t pages = AREA / PAGE;
    size_t finished = 0;
    for (uint64_t at = 0;; at++) {
        make(state);
        assert_int_equal(store_write(&store, STORE_KEYS, text("first secret")), STORE_OK);
        assert_int_equal(store_write(&store, STORE_KEYS, text("second secret")), STORE_OK);
        uint32_t sequence = store.sequence;
        native_cut_after(&native, at, NATIVE_CUT_NONE);
        if (store_purge(&store, STORE_KEEP_ALL) == STORE_OK) {
            break;
        }
        native_power_up(&native);
        assert_int_equal(store_mount(&store, &native.port), STORE_OK);
        expect(STORE_KEYS, text("second secret"));
        assert_int_equal(flash_holds(text("first secret")), store.sequence == sequence);
        finished += store.sequence != sequence;
    }
    assert_int_equal(finished, pages); /* cuts in the erasure of the old area, page by page */
}

static void the_crc_is_that_of_the_standard(void **state)
{
    (void)state;
    assert_true(store_crc(0, text("123456789")) == 0xCBF43926);
    assert_true(store_crc(store_crc(0, text("1234")), text("56789")) == 0xCBF43926);
}

#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, make, rules_were_kept)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(values_outlive_a_restart),
        STORE_TEST(an_empty_value_removes),
        STORE_TEST(pieces_count_when_committed),
        STORE_TEST(another_write_drops_the_pieces),
        STORE_TEST(requests_beyond_the_limits_are_misuse),
        STORE_TEST(what_is_refused_leaves_the_pieces),
        STORE_TEST(a_full_store_refuses_files_and_takes_the_rest),
        STORE_TEST(a_purge_leaves_nothing_behind),
        STORE_TEST(a_random_walk_agrees_with_a_table),
        STORE_TEST(damage_to_a_value_is_a_fault),
        STORE_TEST(damage_to_every_head_never_formats),
        STORE_TEST(lying_records_are_a_fault),
        STORE_TEST(two_areas_of_one_sequence_are_a_fault),
        STORE_TEST(flash_that_does_not_take_a_value_is_a_fault),
        STORE_TEST(flash_that_only_says_it_took_a_value_is_a_fault),
        STORE_TEST(a_move_erases_what_it_leaves),
        STORE_TEST(a_purge_that_is_cut_is_finished),
        STORE_TEST(the_crc_is_that_of_the_standard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
