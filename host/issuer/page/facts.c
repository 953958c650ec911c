/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows how one fact is set and how facts stand in rows. Which facts a page shows is up to the
 * layout.
 */
#include "facts.h"

#include <math.h>

#include "calendar.h"

#define VALUE_SCALE 1.2

struct facts facts_begin(const struct text_style *style, double width, size_t columns, double gap)
{
    double cell = (width - gap * (double)(columns - 1)) / (double)columns;
    return (struct facts){.columns = columns, .cell = cell, .gap = gap, .style = *style};
}

static void add(struct layout *l, struct facts *facts, enum label label, const char *member,
                const char *value, const char *second_value)
{
    const char *second = layout_second(l, label);
    struct text_run runs[] = {
        {"en", label_text(label, "en"), 1, false, INK_ACCENT},
        {"en", second == NULL ? NULL : "\n", 1, false, INK_SOFT},
        {l->in->second, second, 1, false, INK_SOFT},
        {"en", "\n", 1, false, INK_SOFT},
        {"en", value, VALUE_SCALE, true, INK_TEXT},
        {"en", second_value == NULL ? NULL : "\n", 1, false, INK_SOFT},
        {l->in->second, second_value, 1, false, INK_TEXT},
    };
    if (value != NULL && facts->count < FACTS_MAX) {
        facts->names[facts->count] = member;
        facts->cells[facts->count++] = layout_runs(l, member, &facts->style, runs, 7, facts->cell);
    }
}

void facts_add(struct layout *l, struct facts *facts, enum label label, const char *member,
               const char *value)
{
    add(l, facts, label, member, value, NULL);
}

void facts_add_date(struct layout *l, struct facts *facts, enum label label, const char *member,
                    struct date date)
{
    char english[CALENDAR_TEXT_SIZE];
    char second[CALENDAR_TEXT_SIZE];
    if (date.year == 0) {
        return;
    }
    calendar_print(date, "en", english);
    if (l->in->second != NULL) {
        calendar_print(date, l->in->second, second);
    }
    add(l, facts, label, member, english, l->in->second == NULL ? NULL : second);
}

void facts_add_expiry(struct layout *l, struct facts *facts)
{
    if (l->in->valid_until.year != 0) {
        facts_add_date(l, facts, LABEL_VALID_UNTIL, "certificate.valid_until", l->in->valid_until);
    } else {
        add(l, facts, LABEL_VALID_UNTIL, "certificate.valid_until",
            label_text(LABEL_NO_EXPIRY, "en"), layout_second(l, LABEL_NO_EXPIRY));
    }
}

static double row_height(const struct facts *facts, size_t row)
{
    double height = 0;
    for (size_t i = row * facts->columns; i < facts->count && i < (row + 1) * facts->columns; i++) {
        height = fmax(height, text_height(facts->cells[i]));
    }
    return height;
}

static size_t row_count(const struct facts *facts)
{
    return (facts->count + facts->columns - 1) / facts->columns;
}

double facts_height(const struct facts *facts)
{
    double height = 0;
    for (size_t row = 0; row < row_count(facts); row++) {
        height += row_height(facts, row) + (row == 0 ? 0 : facts->gap);
    }
    return height;
}

void facts_put(struct layout *l, const struct facts *facts, double x, double y)
{
    for (size_t i = 0; i < facts->count; i++) {
        size_t column = i % facts->columns;
        if (i > 0 && column == 0) {
            y += row_height(facts, i / facts->columns - 1) + facts->gap;
        }
        layout_put(l, facts->names[i], facts->cells[i],
                   x + (double)column * (facts->cell + facts->gap), y);
    }
}
