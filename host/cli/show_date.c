/* SPDX-License-Identifier: Apache-2.0
 *
 * Dates from own month names and the Gregorian calendar: the C library's locales print other
 * calendars, and an expiry read 543 years wrong is a security fault.
 */
#include "cli/show.h"

#include <stdio.h>
#include <string.h>

#include "codec/date.h"

const char *show_date(const struct show *show, int64_t day, char text[SHOW_DATE_SIZE])
{
    static const char *const month[] = {N_("January"), N_("February"), N_("March"),
                                        N_("April"),   N_("May"),      N_("June"),
                                        N_("July"),    N_("August"),   N_("September"),
                                        N_("October"), N_("November"), N_("December")};
    struct date date = date_of_day(day);
    if (date.month == 0) { /* of a damaged list: no year between 0 and 9999 */
        (void)snprintf(text, SHOW_DATE_SIZE, "?");
        return text;
    }
    const char *name = translation_text(show->translation, month[date.month - 1]);
    int len = snprintf(text, SHOW_DATE_SIZE, "%d %s %d", date.day, name, date.year);
    if (strcmp(show->lang, "th") == 0 && len > 0 && len < SHOW_DATE_SIZE) {
        snprintf(text + len, (size_t)(SHOW_DATE_SIZE - len), " (พ.ศ. %d)", date.year + 543);
    }
    return text;
}
