/* SPDX-License-Identifier: Apache-2.0
 *
 * The clock that may lie, at each of its edges. */
#include "check.h"
#include "verifier/clock.h"

#define DAY   CLOCK_DAY_S
#define FLOOR (20500 * DAY)
#define AHEAD CLOCK_MAX_AHEAD_S

static struct clock_judgement judged(int64_t system_s, int64_t floor_s, int64_t high_water_s)
{
    const struct clock_input input = {
        .system_s = system_s, .build_s = 0, .floor_s = floor_s, .high_water_s = high_water_s};
    return clock_judge(&input);
}

static void a_plausible_clock_is_believed(void **state)
{
    (void)state;
    struct clock_judgement j = judged(FLOOR + 5 * DAY, FLOOR, FLOOR + DAY);
    assert_false(j.suspect);
    assert_true(j.floor_s == FLOOR);
    assert_true(j.now_s == FLOOR + 5 * DAY);
    assert_true(j.high_water_s == FLOOR + 5 * DAY);
}

static void the_build_time_raises_the_floor(void **state)
{
    (void)state;
    const struct clock_input input = {
        .system_s = FLOOR, .build_s = FLOOR + 1, .floor_s = FLOOR - DAY, .high_water_s = 0};
    struct clock_judgement j = clock_judge(&input);
    assert_true(j.floor_s == FLOOR + 1);
    assert_true(j.now_s == FLOOR + 1);
    assert_true(j.suspect);
}

static void edges(void **state)
{
    (void)state;
    static const struct {
        int64_t system_s, high_water_s;
        bool suspect;
        int64_t now_s, next_high_water_s;
    } table[] = {
        {FLOOR, 0, false, FLOOR, FLOOR},
        {FLOOR - 1, 0, true, FLOOR, 0},
        {FLOOR + AHEAD, 0, false, FLOOR + AHEAD, FLOOR + AHEAD},
        {FLOOR + AHEAD + 1, 0, true, FLOOR + AHEAD + 1, 0},
        {FLOOR + AHEAD - 1, 0, false, FLOOR + AHEAD - 1, FLOOR + AHEAD - 1},
        {FLOOR + 9, FLOOR + 9, false, FLOOR + 9, FLOOR + 9},
        {FLOOR + 8, FLOOR + 9, true, FLOOR + 8, FLOOR + 9},
        {FLOOR + 10, FLOOR + 9, false, FLOOR + 10, FLOOR + 10},
        {0, FLOOR + 9, true, FLOOR, FLOOR + 9},
        {-1, 0, true, FLOOR, 0},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct clock_judgement j = judged(table[i].system_s, FLOOR, table[i].high_water_s);
        assert_int_equal(j.suspect, table[i].suspect);
        assert_true(j.now_s == table[i].now_s);
        assert_true(j.high_water_s == table[i].next_high_water_s);
    }
}

static void a_clock_ten_years_ahead_does_no_lasting_harm(void **state)
{
    (void)state;
    struct clock_judgement wrong = judged(FLOOR + 3650 * DAY, FLOOR, FLOOR);
    assert_true(wrong.suspect);
    struct clock_judgement right = judged(FLOOR + DAY, FLOOR, wrong.high_water_s);
    assert_false(right.suspect);
}

static void a_clock_two_years_behind_uses_the_floor(void **state)
{
    (void)state;
    struct clock_judgement j = judged(FLOOR - 730 * DAY, FLOOR, FLOOR);
    assert_true(j.suspect);
    assert_true(j.now_s == FLOOR);
}

static void extremes_do_not_wrap_around(void **state)
{
    (void)state;
    assert_true(judged(INT64_MAX, INT64_MAX, INT64_MAX).now_s == INT64_MAX);
    assert_false(judged(INT64_MAX, INT64_MAX - 1, 0).suspect);
    assert_true(judged(INT64_MIN, INT64_MIN, INT64_MIN).now_s == 0); /* the build time */
    assert_true(clock_add(INT64_MAX, 1) == INT64_MAX);
    assert_true(clock_add(INT64_MIN, -1) == INT64_MIN);
    assert_true(clock_add(INT64_MIN, 1) == INT64_MIN + 1);
    assert_true(clock_day(INT64_MAX, 3600) == INT64_MAX / DAY);
    assert_true(clock_day(INT64_MIN, -3600) == INT64_MIN / DAY - 1);
    assert_true(clock_end_of_day(INT64_MAX, 0) == INT64_MAX);
    assert_true(clock_end_of_day(INT64_MIN, 0) == INT64_MIN);
}

static void days_begin_at_midnight_of_the_checkpoint(void **state)
{
    (void)state;
    static const struct {
        int64_t now_s;
        int32_t offset_s;
        int64_t day;
    } table[] = {
        {0, 0, 0},
        {DAY - 1, 0, 0},
        {DAY, 0, 1},
        {-1, 0, -1},
        {-DAY, 0, -1},
        {-DAY - 1, 0, -2},
        {0, 7 * 3600, 0},
        {17 * 3600 - 1, 7 * 3600, 0},
        {17 * 3600, 7 * 3600, 1},
        {0, -3600, -1},
        {3599, -3600, -1},
        {3600, -3600, 0},
        {DAY - 6 * 3600 - 1800, 6 * 3600 + 1800, 1}, /* Yangon */
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        assert_true(clock_day(table[i].now_s, table[i].offset_s) == table[i].day);
    }
    for (int64_t day = -3; day <= 3; day++) {
        int64_t end = clock_end_of_day(day, 8 * 3600);
        assert_true(clock_day(end, 8 * 3600) == day);
        assert_true(clock_day(end + 1, 8 * 3600) == day + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plausible_clock_is_believed),
        cmocka_unit_test(the_build_time_raises_the_floor),
        cmocka_unit_test(edges),
        cmocka_unit_test(a_clock_ten_years_ahead_does_no_lasting_harm),
        cmocka_unit_test(a_clock_two_years_behind_uses_the_floor),
        cmocka_unit_test(extremes_do_not_wrap_around),
        cmocka_unit_test(days_begin_at_midnight_of_the_checkpoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
