/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows columns, rows and hairlines. Which page a row goes to is decided in a4.c.
 */
#include "table.h"

#include <math.h>

#define COLUMN_GAP MM(4)
#define CODE_MAX   MM(46)
#define ROW_PAD    MM(0.7) /* above and below the text of a row */

static const struct text_style head_style = {FACE_SANS, ALIGN_LEFT, 7, 6, 2};

static bool any_title(const struct input *in)
{
    for (size_t i = 0; i < in->unit_count; i++) {
        if (in->units[i].title != NULL || in->units[i].native.text != NULL) {
            return true;
        }
    }
    return false;
}

static bool any_native(const struct input *in)
{
    for (size_t i = 0; i < in->unit_count; i++) {
        if (in->units[i].native.text != NULL) {
            return true;
        }
    }
    return false;
}

static void set_row_height(struct table_row *row)
{
    row->height = 0;
    for (size_t i = 0; i < TABLE_COLUMNS_MAX; i++) {
        row->height = fmax(row->height, text_height(row->cells[i]));
    }
    row->height += row->height > 0 ? 2 * ROW_PAD : 0;
}

/* Titles wrap rather than shrink, so that all rows are set alike. */
static struct text_style cell_style(double size)
{
    return (struct text_style){FACE_SANS, ALIGN_LEFT, size, size, 12};
}

static const struct text *measure_code(struct layout *l, const struct unit *unit, double size,
                                       double width)
{
    struct text_style style = {FACE_SANS, ALIGN_LEFT, size, 6, 2};
    struct text_run run = {"en", unit->code, 1, INK_ACCENT, false, BREAK_WORDS};
    return layout_runs(l, "certificate.units.code", &style, &run, 1, width);
}

static void measure_codes_only(struct layout *l, double size, struct table *t)
{
    t->column_count = TABLE_COLUMNS_MAX;
    double cell = (t->width - (TABLE_COLUMNS_MAX - 1) * COLUMN_GAP) / TABLE_COLUMNS_MAX;
    for (size_t i = 0; i < TABLE_COLUMNS_MAX; i++) {
        t->offsets[i] = (double)i * (cell + COLUMN_GAP);
    }
    for (size_t i = 0; i < l->in->unit_count; i++) {
        t->row_count = i / TABLE_COLUMNS_MAX + 1;
        t->rows[t->row_count - 1].cells[i % TABLE_COLUMNS_MAX] =
            measure_code(l, &l->in->units[i], size, cell);
    }
}

/* The code column is as wide as its widest code; titles share the rest. */
static void measure_columns(struct layout *l, double size, struct table *t)
{
    double code = MM(18);
    for (size_t i = 0; i < t->row_count; i++) {
        t->rows[i].cells[0] = measure_code(l, &l->in->units[i], size, CODE_MAX);
        code = fmax(code, text_width(t->rows[i].cells[0]));
    }
    double rest = t->width - code - COLUMN_GAP;
    t->column_count = any_native(l->in) ? 3 : 2;
    t->offsets[1] = code + COLUMN_GAP;
    t->offsets[2] = code + COLUMN_GAP + (rest + COLUMN_GAP) / 2;
}

/* Bare codes stand under one heading. */
static void measure_codes_head(struct layout *l, struct table *t)
{
    t->head.cells[0] = layout_label(l, LABEL_UNITS, &head_style, INK_ACCENT, t->width);
    set_row_height(&t->head);
}

static double column_width(const struct table *t, size_t column)
{
    bool last = column + 1 == t->column_count;
    return (last ? t->width : t->offsets[column + 1] - COLUMN_GAP) - t->offsets[column];
}

static void measure_titles(struct layout *l, double size, struct table *t)
{
    struct text_style style = cell_style(size);
    for (size_t i = 0; i < t->row_count; i++) {
        const struct unit *unit = &l->in->units[i];
        t->rows[i].cells[1] = layout_text(l, "certificate.units.title", &style, "en", unit->title,
                                          INK_TEXT, column_width(t, 1));
        if (t->column_count == 3) {
            t->rows[i].cells[2] =
                layout_text(l, "certificate.units.title_native", &style, unit->native.lang,
                            unit->native.text, INK_SOFT, column_width(t, 2));
        }
    }
}

static void measure_head(struct layout *l, struct table *t)
{
    t->head.cells[0] = layout_label(l, LABEL_CODE, &head_style, INK_ACCENT, column_width(t, 0));
    t->head.cells[1] = layout_label(l, LABEL_UNIT, &head_style, INK_ACCENT, column_width(t, 1));
    set_row_height(&t->head);
}

void table_measure(struct layout *l, double size, double width, struct table *ret_table)
{
    struct layout exact = *l;
    exact.density = 1; /* the caller has chosen the size */
    *ret_table = (struct table){.width = width, .row_count = l->in->unit_count};
    if (any_title(l->in)) {
        measure_columns(&exact, size, ret_table);
        measure_titles(&exact, size, ret_table);
        measure_head(&exact, ret_table);
    } else {
        measure_codes_only(&exact, size, ret_table);
        measure_codes_head(&exact, ret_table);
    }
    for (size_t i = 0; i < ret_table->row_count; i++) {
        set_row_height(&ret_table->rows[i]);
    }
}

double table_least_height(const struct input *in, double size)
{
    size_t abreast = any_title(in) ? 1 : TABLE_COLUMNS_MAX;
    size_t rows = (in->unit_count + abreast - 1) / abreast;
    return (double)rows * (size + 2 * ROW_PAD);
}

double table_height(const struct table *table, size_t from, size_t to)
{
    double height = table->head.height;
    for (size_t i = from; i < to; i++) {
        height += table->rows[i].height;
    }
    return height;
}

size_t table_rows_fitting(const struct table *table, size_t from, double height)
{
    size_t to = from;
    while (to < table->row_count && table_height(table, from, to + 1) <= height) {
        to++;
    }
    return to - from;
}

static double put_row(struct layout *l, const struct table *table, const struct table_row *row,
                      enum ink rule, double x, double y)
{
    for (size_t i = 0; i < table->column_count; i++) {
        layout_put(l, "certificate.units", row->cells[i], x + table->offsets[i], y + ROW_PAD);
    }
    y += row->height;
    layout_rule(l, rule, x, y - 0.2, table->width, 0.4);
    return y;
}

void table_put(struct layout *l, const struct table *table, size_t from, size_t to, double x,
               double y)
{
    y = put_row(l, table, &table->head, INK_ACCENT, x, y);
    for (size_t i = from; i < to; i++) {
        y = put_row(l, table, &table->rows[i], INK_TINT, x, y);
    }
}
