/* SPDX-License-Identifier: Apache-2.0
 *
 * The small facts of a certificate, numbers and dates, each a label in two languages above its
 * value, set in a grid.
 */
#ifndef PAGE_FACTS_H
#define PAGE_FACTS_H

#include "layout.h"

#define FACTS_MAX 14

/* A label and its value are fitted apart: a long value shrinks alone. */
struct fact {
    const char *member;
    const struct text *label, *value;
};

struct facts {
    struct fact cells[FACTS_MAX];
    size_t count, columns;
    double cell, gap; /* width of a cell, space between cells both ways */
    struct text_style label, value;
};

/* An empty grid of `columns` in `width`. */
struct facts facts_begin(const struct text_style *label, const struct text_style *value,
                         double width, size_t columns, double gap);

/* Add a value; NULL is skipped. */
void facts_add(struct layout *l, struct facts *facts, enum label label, const char *member,
               const char *value);

/* Add a date in both languages; an absent one is skipped. */
void facts_add_date(struct layout *l, struct facts *facts, enum label label, const char *member,
                    struct date date);

/* "Valid until", with the words for no expiry when there is none. */
void facts_add_expiry(struct layout *l, struct facts *facts);

double facts_height(const struct facts *facts);
void facts_put(struct layout *l, const struct facts *facts, double x, double y);

#endif
