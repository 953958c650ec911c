/* SPDX-License-Identifier: Apache-2.0
 *
 * Days ↔ year, month, day. Years are counted from March, so that the leap day is the last day of a
 * year and the lengths of the months before it follow one formula.
 */
#include "codec/date.h"

#define DAYS_PER_ERA       146097    /* 400 years */
#define EPOCH_FROM_0_MARCH 719468    /* days from 0000-03-01 to 1970-01-01 */
#define FIRST_DAY          (-719528) /* 0000-01-01 */
#define LAST_DAY           2932896   /* 9999-12-31 */
#define DATE_TEXT_LEN      10

int64_t date_to_day(struct date date)
{
    int64_t year = date.month > 2 ? date.year : date.year - 1;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t month = date.month > 2 ? date.month - 3 : date.month + 9; /* March is 0 */
    int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - EPOCH_FROM_0_MARCH;
}

struct date date_of_day(int64_t day)
{
    if (day < FIRST_DAY || day > LAST_DAY) {
        return (struct date){0, 0, 0};
    }
    int64_t from_march = day + EPOCH_FROM_0_MARCH;
    int64_t era = (from_march >= 0 ? from_march : from_march - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    int64_t day_of_era = from_march - era * DAYS_PER_ERA;
    int64_t leap_days = day_of_era / 1460 - day_of_era / 36524 + day_of_era / 146096;
    int64_t year_of_era = (day_of_era - leap_days) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153; /* March is 0 */
    struct date date = {
        .year = (int)(year_of_era + era * 400 + (month >= 10)),
        .month = (int)(month < 10 ? month + 3 : month - 9),
        .day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
    };
    return date;
}

/* A decimal number of exactly those characters, or -1. */
static int digits(const uint8_t *text, size_t len)
{
    int value = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool date_parse(struct span text, int64_t *ret_day)
{
    if (text.len != DATE_TEXT_LEN || text.ptr[4] != '-' || text.ptr[7] != '-') {
        return false;
    }
    struct date date = {digits(text.ptr, 4), digits(text.ptr + 5, 2), digits(text.ptr + 8, 2)};
    if (date.year < 0 || date.month < 1 || date.month > 12 || date.day < 1) {
        return false;
    }
    /* A day that does not exist comes back as another one. */
    int64_t day = date_to_day(date);
    struct date back = date_of_day(day);
    if (back.year != date.year || back.month != date.month || back.day != date.day) {
        return false;
    }
    *ret_day = day;
    return true;
}

static void put_digits(char *to, size_t len, int value)
{
    for (size_t i = len; i-- > 0;) {
        to[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

const char *date_format(int64_t day, char text[DATE_TEXT_SIZE])
{
    struct date date = date_of_day(day);
    memset(text, 0, DATE_TEXT_SIZE);
    memset(text, '?', DATE_TEXT_LEN);
    if (date.month != 0) {
        put_digits(text, 4, date.year);
        put_digits(text + 5, 2, date.month);
        put_digits(text + 8, 2, date.day);
    }
    text[4] = '-';
    text[7] = '-';
    return text;
}
