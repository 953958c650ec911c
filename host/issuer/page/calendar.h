/* SPDX-License-Identifier: Apache-2.0
 *
 * Dates as a reader of each label language writes them, always in the Gregorian calendar. A Thai
 * date carries the Buddhist year too, both years labelled: a year misread by 543 is a security
 * fault. Uses own tables of months and never the process locale.
 */
#ifndef PAGE_CALENDAR_H
#define PAGE_CALENDAR_H

#include "codec/date.h"

#define CALENDAR_TEXT_SIZE 128 /* a printed date with its NUL, in the longest language */

/* Print for the language tag `lang`; a language without months of its own gets English. A date
 * whose month is 0 is a year alone. */
void calendar_print(struct date date, const char *lang, char text[CALENDAR_TEXT_SIZE]);

#endif
