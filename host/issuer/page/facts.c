/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows how one fact is set and how facts stand in rows. Which facts a page shows is up to the
 * layout.
 */
#include "facts.h"

#include <math.h>
#include <string.h>

#include "calendar.h"

struct facts facts_begin(const struct text_style *label, const struct text_style *value,
                         double width, size_t columns, double gap)
{
    double cell = (width - gap * (double)(columns - 1)) / (double)columns;
    return (struct facts){
        .columns = columns, .cell = cell, .gap = gap, .label = *label, .value = *value};
}

/* The second language goes on a line of its own, so that labels stand alike in every cell. */
static const struct text *label_of(struct layout *l, const struct facts *facts, enum label label)
{
    const char *second = layout_second(l, label);
    struct text_run runs[] = {
        {"en", label_text(label, "en"), 1, INK_ACCENT, false, BREAK_WORDS},
        {"en", second == NULL ? NULL : "\n", 1, INK_SOFT, false, BREAK_WORDS},
        {l->in->second, second, 1, INK_SOFT, false, BREAK_WORDS},
    };
    return layout_runs(l, "label", &facts->label, runs, 3, facts->cell);
}

static void add(struct layout *l, struct facts *facts, enum label label, const char *member,
                const char *value, const char *second_value)
{
    struct text_run runs[] = {
        {"en", value, 1, INK_TEXT, true, BREAK_WORDS},
        {"en", second_value == NULL ? NULL : "\n", 0.85, INK_SOFT, false, BREAK_WORDS},
        {l->in->second, second_value, 0.85, INK_TEXT, false, BREAK_WORDS},
    };
    if (value != NULL && facts->count < FACTS_MAX) {
        facts->cells[facts->count++] =
            (struct fact){member, label_of(l, facts, label),
                          layout_runs(l, member, &facts->value, runs, 3, facts->cell)};
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
    /* Some months are called alike: once is enough. */
    bool alike = l->in->second == NULL || strcmp(english, second) == 0;
    add(l, facts, label, member, english, alike ? NULL : second);
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

static bool in_row(const struct facts *facts, size_t i, size_t row)
{
    return i < facts->count && i / facts->columns == row;
}

/* Values of a row begin below its tallest label. */
static double label_height(const struct facts *facts, size_t row)
{
    double height = 0;
    for (size_t i = row * facts->columns; in_row(facts, i, row); i++) {
        height = fmax(height, text_height(facts->cells[i].label));
    }
    return height;
}

static double row_height(const struct facts *facts, size_t row)
{
    double height = 0;
    for (size_t i = row * facts->columns; in_row(facts, i, row); i++) {
        height = fmax(height, text_height(facts->cells[i].value));
    }
    return label_height(facts, row) + height;
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

static void put_row(struct layout *l, const struct facts *facts, size_t row, double x, double y)
{
    double below = y + label_height(facts, row);
    for (size_t i = row * facts->columns; in_row(facts, i, row); i++) {
        const struct fact *fact = &facts->cells[i];
        double left = x + (double)(i % facts->columns) * (facts->cell + facts->gap);
        layout_put(l, "label", fact->label, left, y);
        layout_put(l, fact->member, fact->value, left, below);
    }
}

void facts_put(struct layout *l, const struct facts *facts, double x, double y)
{
    for (size_t row = 0; row < row_count(facts); row++) {
        put_row(l, facts, row, x, y);
        y += row_height(facts, row) + facts->gap;
    }
}
