/* SPDX-License-Identifier: Apache-2.0
 *
 * The A4 certificate. Page one, from top to bottom: who awards it, the title, whom, what, full or
 * partial (a4_words.c), the units (a4_units.c); at its foot the photo, the numbers and dates, and
 * the code (a4_foot.c); below them how to verify it (a4_sheet.c). Units that do not fit go to pages
 * of their own. Draws nothing: pdf.c does.
 */
#include "a4.h"

#define DENSITY_STEP   0.09
#define DENSITY_INLINE 0.8 /* page one is made this much tighter to keep the units on it */
#define DENSITY_MIN    0.3 /* long texts make it tighter still; each has its own smallest size */

/* Page one, measured. */
struct front {
    struct flow flow;
    struct table table;
    struct a4_foot foot;
    bool overleaf; /* the units are on pages of their own */
};

/* Add the units to page one in the largest text that fits. */
static bool add_units_inline(struct layout *l, double room, struct front *front)
{
    static const double sizes[] = {8.5, 7.5};
    size_t words = front->flow.count;
    double rest = room - flow_height(&front->flow);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (table_least_height(l->in, sizes[i]) > rest) {
            continue;
        }
        table_measure(l, sizes[i], A4_WIDTH, &front->table);
        front->flow.count = words;
        a4_add_table(l, &front->flow, &front->table);
        if (flow_height(&front->flow) <= room) {
            return true;
        }
    }
    return false;
}

/* One attempt at a density. True when page one holds it, or when it was refused. */
static bool attempt(struct layout *l, double density, bool overleaf, struct front *front)
{
    struct flow footer;
    l->density = density;
    sheet_clear(l->sheet);
    a4_begin_page(l);
    *front = (struct front){.overleaf = overleaf};
    a4_measure_foot(l, A4_BOTTOM - a4_measure_footer(l, 1, 2, &footer) - MM(3), &front->foot);
    a4_measure_words(l, &front->flow);
    double room = a4_room_above(&front->foot);
    if (overleaf) {
        a4_add_overleaf_note(l, &front->flow);
    } else if (l->in->unit_count > 0 && !add_units_inline(l, room, front)) {
        return refused(l->refusal);
    }
    return flow_height(&front->flow) <= room || refused(l->refusal);
}

static bool try_densities(struct layout *l, double least, bool overleaf, struct front *front)
{
    int steps = (int)((1 - least) / DENSITY_STEP);
    for (int i = 0; i <= steps; i++) {
        if (attempt(l, 1 - i * DENSITY_STEP, overleaf, front)) {
            return true;
        }
    }
    return false;
}

/* The units stand on page one, if need be in somewhat smaller text; else that page is set in full
 * size and they follow. */
static bool lay_out(struct layout *l)
{
    struct front front;
    struct a4_overleaf overleaf = {.pages = 0};
    bool units = l->in->unit_count > 0;
    if (!try_densities(l, DENSITY_INLINE, false, &front) &&
        !try_densities(l, DENSITY_MIN, units, &front)) {
        return false;
    }
    if (front.overleaf) {
        a4_measure_overleaf(l, &overleaf);
    }
    struct rect area = {A4_LEFT, A4_TOP, A4_WIDTH, a4_room_above(&front.foot)};
    flow_place(l, &front.flow, area, MM(60));
    a4_put_foot(l, &front.foot);
    a4_put_footer(l, 1, overleaf.pages + 1);
    a4_put_overleaf(l, &overleaf);
    return true;
}

void a4_lay_out(struct layout *l, const struct qr *qr)
{
    struct layout english_layout = *l;
    struct input english = layout_english(l->in);
    english_layout.in = &english;
    sheet_begin(l->sheet, A4_PAPER_WIDTH, A4_PAPER_HEIGHT, A4_MARGIN);
    l->sheet->qr = qr;
    l->sheet->photo = &l->in->photo;
    if (!lay_out(l) && !lay_out(&english_layout)) {
        (void)refuse(l->refusal, "certificate", "its texts are too long together for one page");
    }
}
