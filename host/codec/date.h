/* SPDX-License-Identifier: Apache-2.0
 *
 * Calendar dates: days since 1970-01-01 ↔ year, month, day (proleptic Gregorian). No zone, no
 * locale.
 */
#ifndef CODEC_DATE_H
#define CODEC_DATE_H

#include "wire/bytes.h"

struct date {
    int year, month, day;
};

/* The date must exist. */
int64_t date_to_day(struct date date);
/* All zero outside the years 0000 to 9999. */
struct date date_of_day(int64_t day);

/* "YYYY-MM-DD", checked against the calendar. */
bool date_parse(struct span text, int64_t *ret_day);

#define DATE_TEXT_SIZE 12
/* Writes "YYYY-MM-DD" and a NUL; years outside 0000..9999 give "????-??-??". Returns text. */
const char *date_format(int64_t day, char text[DATE_TEXT_SIZE]);

#endif
