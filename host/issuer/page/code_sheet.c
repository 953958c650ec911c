/* SPDX-License-Identifier: Apache-2.0
 *
 * A code sheet from top to bottom: heading, paragraph, code, the code's text. Draws nothing: pdf.c
 * does.
 */
#include "code_sheet.h"

#include "a4.h"

#define QR_SIDE      MM(96) /* with its quiet zone: the dark part is 68 mm or more in any version */
#define GROUND_SIDE  MM(142)
#define GHOST_HEIGHT MM(112)
#define TEXT_WIDTH   MM(140)
#define DENSITY_STEP 0.1
#define DENSITY_MIN  0.5

static double gap(const struct layout *l, double mm)
{
    return MM(mm) * l->density;
}

static void add_heading(struct layout *l, struct flow *flow, const struct code_sheet *sheet)
{
    static const struct text_style style = {FACE_DISPLAY, ALIGN_CENTRE, 29, 14, 4};
    struct text_run run = {"en", sheet->heading, 1, INK_ACCENT, true, BREAK_WORDS};
    flow_text(flow, "heading", layout_runs(l, "heading", &style, &run, 1, A4_WIDTH), gap(l, 6), 1,
              ALIGN_CENTRE);
    a4_add_divider(flow, gap(l, 4), 0);
}

static void add_text(struct layout *l, struct flow *flow, const struct code_sheet *sheet)
{
    static const struct text_style style = {FACE_SERIF, ALIGN_CENTRE, 12, 9, 14};
    flow_text(flow, "text", layout_text(l, "text", &style, "en", sheet->text, INK_TEXT, TEXT_WIDTH),
              gap(l, 5), 0.2, ALIGN_CENTRE);
}

/* The line work of the ground is a ring around the code. */
static void place_qr(struct layout *l, const struct flow_item *item, double x, double y,
                     double width)
{
    const unsigned *dots = item->data;
    double outside = (GROUND_SIDE - item->height) / 2;
    struct rect ground = {x + (width - GROUND_SIDE) / 2, y - outside, GROUND_SIDE, GROUND_SIDE};
    a4_put_ground(l, ground);
    layout_put_qr(l, *dots, x + (width - item->height) / 2, y);
}

/* `dots` must outlive the flow. */
static void add_qr(struct layout *l, struct flow *flow, const unsigned *dots)
{
    double side = qr_modules_with_quiet(l->sheet->qr) * *dots * DOT;
    flow_item(flow, (struct flow_item){"qr", NULL, side, gap(l, 5), 0.6, place_qr, dots});
}

/* The usual width is that of the paragraph; a page with much to say needs all there is. */
static void add_code_text(struct layout *l, struct flow *flow, const struct code_sheet *sheet)
{
    static const struct text_style style = {FACE_SANS, ALIGN_CENTRE, 9, 5, 48};
    struct text_run run = {"en", sheet->code, 1, INK_SOFT, false, BREAK_ANYWHERE};
    double width = l->density < 1 ? A4_WIDTH : TEXT_WIDTH;
    flow_text(flow, "qr", layout_runs(l, "qr", &style, &run, 1, width), gap(l, 2), 0, ALIGN_CENTRE);
}

/* The code lies where one large word would: there is one above it and one below. */
static void put_sample_marks(struct layout *l)
{
    static const struct text_run line = {
        "en", "SAMPLE – FOR DEMONSTRATION ONLY", 1, INK_SAMPLE, true, BREAK_WORDS};
    a4_put_ghost(l, 92, (struct rect){0, 0, A4_PAPER_WIDTH, GHOST_HEIGHT});
    a4_put_ghost(l, 92,
                 (struct rect){0, A4_PAPER_HEIGHT - GHOST_HEIGHT, A4_PAPER_WIDTH, GHOST_HEIGHT});
    a4_put_sample_lines(l, &line, 1);
}

/* One attempt at a density. True when the page holds it, or when it was refused. */
static bool attempt(struct layout *l, const struct code_sheet *sheet, unsigned dots)
{
    static const struct rect area = {A4_LEFT, A4_TOP, A4_WIDTH, A4_BOTTOM - A4_TOP - MM(1)};
    struct flow flow = {.count = 0};
    sheet_clear(l->sheet);
    a4_begin_paper(l);
    if (sheet->sample) {
        put_sample_marks(l);
    }
    add_heading(l, &flow, sheet);
    add_text(l, &flow, sheet);
    add_qr(l, &flow, &dots);
    add_code_text(l, &flow, sheet);
    if (flow_height(&flow) > area.height) {
        return refused(l->refusal);
    }
    flow_place(l, &flow, area, MM(60));
    return true;
}

void code_sheet_lay_out(struct layout *l, const struct code_sheet *sheet, const struct qr *qr)
{
    sheet_begin(l->sheet, A4_PAPER_WIDTH, A4_PAPER_HEIGHT, A4_MARGIN);
    l->sheet->qr = qr;
    unsigned dots = layout_qr_dots(l, QR_SIDE);
    for (int i = 0; 1 - i * DENSITY_STEP >= DENSITY_MIN; i++) {
        l->density = 1 - i * DENSITY_STEP;
        if (attempt(l, sheet, dots)) {
            return;
        }
    }
    (void)refuse(l->refusal, "text", "too long, with the heading and the code, for one page");
}
