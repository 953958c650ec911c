/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows the months and the word order of dates in each label language. Only English has been
 * reviewed; every other row is a draft until a native reader has signed it off.
 */
#include "calendar.h"

#include <stdio.h>
#include <string.h>

/* In `order`: %d day, %m month, %y Gregorian year, %b Buddhist year; the rest is copied. */
struct calendar {
    const char *lang;
    const char *order;
    const char *months[12];
};

static const struct calendar calendars[] = {
    {"en",
     "%d %m %y",
     {"January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December"}},
    {"id",
     "%d %m %y",
     {"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
      "Oktober", "November", "Desember"}},
    {"ms",
     "%d %m %y",
     {"Januari", "Februari", "Mac", "April", "Mei", "Jun", "Julai", "Ogos", "September", "Oktober",
      "November", "Disember"}},
    {"fil",
     "ika-%d ng %m %y",
     {"Enero", "Pebrero", "Marso", "Abril", "Mayo", "Hunyo", "Hulyo", "Agosto", "Setyembre",
      "Oktubre", "Nobyembre", "Disyembre"}},
    {"th",
     "%d %m ค.ศ. %y (พ.ศ. %b)",
     {"มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน",
      "ตุลาคม", "พฤศจิกายน", "ธันวาคม"}},
    {"vi",
     "ngày %d %m năm %y",
     {"tháng 1", "tháng 2", "tháng 3", "tháng 4", "tháng 5", "tháng 6", "tháng 7", "tháng 8",
      "tháng 9", "tháng 10", "tháng 11", "tháng 12"}},
    {"km",
     "ថ្ងៃទី %d ខែ%m ឆ្នាំ %y",
     {"មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា", "កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ"}},
    {"lo",
     "ວັນທີ %d %m %y",
     {"ມັງກອນ", "ກຸມພາ", "ມີນາ", "ເມສາ", "ພຶດສະພາ", "ມິຖຸນາ", "ກໍລະກົດ", "ສິງຫາ", "ກັນຍາ", "ຕຸລາ", "ພະຈິກ",
      "ທັນວາ"}},
    {"my",
     "%d %m %y",
     {"ဇန်နဝါရီ", "ဖေဖော်ဝါရီ", "မတ်", "ဧပြီ", "မေ", "ဇွန်", "ဇူလိုင်", "ဩဂုတ်", "စက်တင်ဘာ", "အောက်တိုဘာ", "နိုဝင်ဘာ",
      "ဒီဇင်ဘာ"}},
};

static const struct calendar *calendar_of(const char *lang)
{
    for (size_t i = 0; i < sizeof calendars / sizeof *calendars; i++) {
        if (strcmp(calendars[i].lang, lang) == 0) {
            return &calendars[i];
        }
    }
    return &calendars[0];
}

/* The text that stands for one letter of an order. */
static void print_part(char letter, struct date date, const struct calendar *calendar, char *part,
                       size_t cap)
{
    switch (letter) {
    case 'd':
        (void)snprintf(part, cap, "%d", date.day);
        break;
    case 'm':
        (void)snprintf(part, cap, "%s", calendar->months[date.month - 1]);
        break;
    case 'b':
        (void)snprintf(part, cap, "%d", date.year + 543);
        break;
    default:
        (void)snprintf(part, cap, "%d", date.year);
        break;
    }
}

void calendar_print(struct date date, const char *lang, char text[CALENDAR_TEXT_SIZE])
{
    const struct calendar *calendar = calendar_of(lang);
    const char *order = calendar->order;
    if (date.month == 0) { /* Thai labels its years here too */
        order = strcmp(calendar->lang, "th") == 0 ? "ค.ศ. %y (พ.ศ. %b)" : "%y";
    }
    size_t len = 0;
    text[0] = '\0';
    while (*order != '\0' && len < CALENDAR_TEXT_SIZE - 1) {
        char part[64] = {*order, '\0'};
        if (*order == '%') {
            print_part(*++order, date, calendar, part, sizeof part);
        }
        order++;
        (void)snprintf(text + len, CALENDAR_TEXT_SIZE - len, "%s", part);
        len += strlen(text + len);
    }
}
