/* SPDX-License-Identifier: Apache-2.0
 *
 * Dates: every day of ten thousand years against a calendar that counts on its fingers.
 */
#include "check.h"
#include "codec/date.h"

#define FIRST_DAY (-719528)
#define LAST_DAY  2932896

static int month_length(int year, int month)
{
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : length[month - 1];
}

static struct date next(struct date d)
{
    if (++d.day > month_length(d.year, d.month)) {
        d.day = 1;
        if (++d.month > 12) {
            d.month = 1;
            d.year++;
        }
    }
    return d;
}

static void every_day(void **state)
{
    (void)state;
    struct date wanted = {0, 1, 1};
    for (int64_t day = FIRST_DAY; day <= LAST_DAY; day++) {
        struct date got = date_of_day(day);
        assert_int_equal(got.year, wanted.year);
        assert_int_equal(got.month, wanted.month);
        assert_int_equal(got.day, wanted.day);
        assert_true(date_to_day(wanted) == day);
        wanted = next(wanted);
    }
    assert_int_equal(wanted.year, 10000);
}

static void known_days(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t day;
    } table[] = {
        {"1970-01-01", 0},         {"1969-12-31", -1},     {"2000-02-29", 11016},
        {"2024-02-29", 19782},     {"2026-11-22", 20779},  {"1950-01-01", -7305},
        {"2199-12-31", 84005},     {"1900-01-01", -25567}, {"9999-12-31", LAST_DAY},
        {"0000-01-01", FIRST_DAY},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        int64_t day = 0;
        char text[DATE_TEXT_SIZE];
        assert_true(date_parse(span_str(table[i].text), &day));
        assert_true(day == table[i].day);
        assert_string_equal(date_format(day, text), table[i].text);
    }
}

static void text_that_is_no_date(void **state)
{
    (void)state;
    static const char *const table[] = {
        "",           "2026-11-2",  "2026-11-222", "2026/11/22", "2026-11/22",
        "20261122",   "2026-00-01", "2026-13-01",  "2026-01-00", "2026-01-32",
        "2026-04-31", "2025-02-29", "1900-02-29",  "-026-01-01", "+026-01-01",
        " 026-01-01", "2026-1a-01", "2026-01-0x",  "2026-01- 1", "x026-01-01",
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        int64_t day = 4711;
        struct span text = span_str(table[i]);
        uint8_t *copy = check_heap_copy(text);
        assert_false(date_parse(span_of(copy, text.len), &day));
        free(copy);
        assert_true(day == 4711);
    }
}

static void days_beyond_four_digits(void **state)
{
    (void)state;
    static const int64_t table[] = {FIRST_DAY - 1, LAST_DAY + 1, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        char text[DATE_TEXT_SIZE];
        assert_string_equal(date_format(table[i], text), "????"
                                                         "-??"
                                                         "-??");
        struct date date = date_of_day(table[i]);
        assert_int_equal(date.year | date.month | date.day, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day),
        cmocka_unit_test(known_days),
        cmocka_unit_test(text_that_is_no_date),
        cmocka_unit_test(days_beyond_four_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
