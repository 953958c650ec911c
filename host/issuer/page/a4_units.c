/* SPDX-License-Identifier: Apache-2.0
 *
 * The units of an A4 certificate: as a table on page one, or a note there and pages of their own.
 */
#include "a4.h"

#include <stdio.h>

static double gap(const struct layout *l, double mm)
{
    return MM(mm) * l->density;
}

static void place_table(struct layout *l, const struct flow_item *item, double x, double y,
                        double width)
{
    const struct table *table = item->data;
    (void)width;
    table_put(l, table, 0, table->row_count, x, y);
}

void a4_add_table(struct layout *l, struct flow *flow, const struct table *table)
{
    double height = table_height(table, 0, table->row_count);
    flow_item(flow, (struct flow_item){"certificate.units", NULL, height, gap(l, 4), 1.5,
                                       place_table, table});
}

/* "12 units of competency · ... : listed on the following page" */
void a4_add_overleaf_note(struct layout *l, struct flow *flow)
{
    static const struct text_style style = {FACE_SANS, ALIGN_CENTRE, 8.5, 7, 2};
    const char *second = layout_second(l, LABEL_UNITS);
    char count[32];
    (void)snprintf(count, sizeof count, ": %zu, ", l->in->unit_count);
    struct text_run runs[] = {
        {"en", label_text(LABEL_UNITS, "en"), 1, INK_TEXT, false, BREAK_WORDS},
        {"en", count, 1, INK_TEXT, true, BREAK_WORDS},
        {"en", label_text(LABEL_UNITS_OVERLEAF, "en"), 1, INK_TEXT, false, BREAK_WORDS},
        {"en", second == NULL ? NULL : "\n", 1, INK_SOFT, false, BREAK_WORDS},
        {l->in->second, second, 1, INK_SOFT, false, BREAK_WORDS},
        {"en", second == NULL ? NULL : count, 1, INK_SOFT, false, BREAK_WORDS},
        {l->in->second, layout_second(l, LABEL_UNITS_OVERLEAF), 1, INK_SOFT, false, BREAK_WORDS},
    };
    flow_text(flow, "certificate.units", layout_runs(l, "label", &style, runs, 7, A4_WIDTH),
              gap(l, 4), 1.5, ALIGN_CENTRE);
}

/* Whose units these are: the head of every page after the first. */
static void measure_unit_head(struct layout *l, struct flow *flow)
{
    static const struct text_style head = {FACE_SERIF, ALIGN_CENTRE, 15, 10, 1};
    static const struct text_style name = {FACE_SERIF, ALIGN_CENTRE, 12, 8, 4};
    flow->count = 0;
    flow_text(flow, "title", layout_label(l, LABEL_UNITS, &head, INK_ACCENT, A4_WIDTH), 0, 0,
              ALIGN_CENTRE);
    flow_text(flow, "certificate.holder_name",
              layout_text(l, "certificate.holder_name", &name, "en", l->in->holder_name, INK_TEXT,
                          A4_WIDTH),
              MM(2), 0, ALIGN_CENTRE);
    flow_text(flow, "certificate.scheme_title",
              layout_text(l, "certificate.scheme_title", &name, "en", l->in->scheme_title, INK_SOFT,
                          A4_WIDTH),
              MM(0.5), 0, ALIGN_CENTRE);
}

/* Split the rows over pages: every row gets one, or the whole is refused. */
static void split_rows(struct layout *l, double room, struct a4_overleaf *overleaf)
{
    const struct table *table = &overleaf->table;
    while (overleaf->starts[overleaf->pages] < table->row_count) {
        size_t from = overleaf->starts[overleaf->pages];
        size_t rows = table_rows_fitting(table, from, room);
        if (rows == 0 || overleaf->pages + 2 > SHEET_PAGES_MAX) {
            (void)refuse(l->refusal, "certificate.units", "too long for the pages there are");
            return;
        }
        overleaf->pages++;
        overleaf->starts[overleaf->pages] = from + rows;
    }
}

/* The largest text that needs one page of units; a list that needs more has room for the largest.
 */
static void measure_overleaf_table(struct layout *l, double room, struct table *table)
{
    static const double sizes[] = {9, 8.5, 8, 7.5};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (table_least_height(l->in, sizes[i]) > room) {
            continue;
        }
        table_measure(l, sizes[i], A4_WIDTH, table);
        if (table_height(table, 0, table->row_count) <= room) {
            return;
        }
    }
    table_measure(l, sizes[0], A4_WIDTH, table);
}

void a4_measure_overleaf(struct layout *l, struct a4_overleaf *overleaf)
{
    struct flow footer;
    *overleaf = (struct a4_overleaf){.pages = 0};
    l->density = 1; /* these pages have room, whatever page one had to do */
    measure_unit_head(l, &overleaf->head);
    overleaf->top = A4_TOP + flow_height(&overleaf->head) + MM(5);
    double room = A4_BOTTOM - a4_measure_footer(l, 2, 2, &footer) - MM(3) - overleaf->top;
    measure_overleaf_table(l, room, &overleaf->table);
    split_rows(l, room, overleaf);
}

void a4_put_overleaf(struct layout *l, const struct a4_overleaf *overleaf)
{
    struct rect head = {A4_LEFT, A4_TOP, A4_WIDTH, flow_height(&overleaf->head)};
    for (size_t i = 0; i < overleaf->pages; i++) {
        a4_begin_page(l);
        flow_place(l, &overleaf->head, head, 0);
        table_put(l, &overleaf->table, overleaf->starts[i], overleaf->starts[i + 1], A4_LEFT,
                  overleaf->top);
        a4_put_footer(l, i + 2, overleaf->pages + 1);
    }
}
