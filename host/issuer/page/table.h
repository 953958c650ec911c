/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of units: measured row by row first, so that the A4 layout can ask how much of it fits.
 */
#ifndef PAGE_TABLE_H
#define PAGE_TABLE_H

#include "layout.h"

#define TABLE_COLUMNS_MAX 4

struct table_row {
    const struct text *cells[TABLE_COLUMNS_MAX]; /* NULL: empty */
    double height;
};

struct table {
    struct table_row head; /* labels of the columns, or one for all */
    struct table_row rows[INPUT_UNITS_MAX];
    size_t row_count;
    double offsets[TABLE_COLUMNS_MAX]; /* of the columns, from the left edge */
    size_t column_count;
    double width;
};

/* Measure the units of l->in in text of `size` points: code, English title and native title, or
 * codes alone four abreast when no unit has a title. */
void table_measure(struct layout *l, double size, double width, struct table *ret_table);

/* A height below which no table of these units in this size can be: one line a row. Cheap. */
double table_least_height(const struct input *in, double size);

/* The height of the head and of rows from..to-1, and how many rows from `from` on fit a height. */
double table_height(const struct table *table, size_t from, size_t to);
size_t table_rows_fitting(const struct table *table, size_t from, double height);

void table_put(struct layout *l, const struct table *table, size_t from, size_t to, double x,
               double y);

#endif
