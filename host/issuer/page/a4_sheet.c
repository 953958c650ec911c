/* SPDX-License-Identifier: Apache-2.0
 *
 * Frame, ground and SAMPLE marks of an A4 page, and the closing lines of a certificate.
 */
#include "a4.h"

#include <stdio.h>

#define FRAME_INSET MM(6.5)

void a4_begin_paper(struct layout *l)
{
    struct rect frame = {FRAME_INSET, FRAME_INSET, A4_PAPER_WIDTH - 2 * FRAME_INSET,
                         A4_PAPER_HEIGHT - 2 * FRAME_INSET};
    sheet_add_page(l->sheet, l->refusal);
    sheet_put(l->sheet, (struct box){BOX_FRAME, "frame", frame, INK_ACCENT, NULL}, l->refusal);
}

void a4_put_ground(struct layout *l, struct rect area)
{
    sheet_put(l->sheet, (struct box){BOX_ROSETTE, "rosette", area, INK_GROUND, NULL}, l->refusal);
}

void a4_put_ghost(struct layout *l, double size, struct rect area)
{
    const struct text_style large = {FACE_SANS, ALIGN_CENTRE, size, size, 1};
    struct text_run ghost = {"en", "SAMPLE", 1, INK_GHOST, true, BREAK_WORDS};
    const struct text *word = layout_runs(l, "sample", &large, &ghost, 1, A4_PAPER_HEIGHT);
    sheet_put(l->sheet, (struct box){BOX_WATERMARK, "sample", area, INK_GHOST, word}, l->refusal);
}

void a4_put_sample_lines(struct layout *l, const struct text_run *runs, size_t count)
{
    static const struct text_style style = {FACE_SANS, ALIGN_CENTRE, 7.8, 6, 1};
    const struct text *line = layout_runs(l, "sample", &style, runs, count, A4_WIDTH);
    layout_put_centred(l, "sample", line, A4_LEFT, A4_WIDTH, A4_TOP - MM(1) - text_height(line));
    layout_put_centred(l, "sample", line, A4_LEFT, A4_WIDTH, A4_BOTTOM + MM(1));
}

static void place_divider(struct layout *l, const struct flow_item *item, double x, double y,
                          double width)
{
    double length = MM(46);
    layout_rule(l, INK_GOLD, x + (width - length) / 2, y, length, 0.9);
    layout_rule(l, INK_GOLD, x + (width - length / 3) / 2, y + item->height - 0.5, length / 3, 0.5);
}

void a4_add_divider(struct flow *flow, double gap, double stretch)
{
    flow_item(flow, (struct flow_item){"divider", NULL, MM(1), gap, stretch, place_divider, NULL});
}

static void put_sample_marks(struct layout *l)
{
    const char *second = layout_second(l, LABEL_SAMPLE);
    struct text_run line[] = {
        {"en", label_text(LABEL_SAMPLE, "en"), 1, INK_SAMPLE, true, BREAK_WORDS},
        {"en", second == NULL ? NULL : "   ·   ", 1, INK_SAMPLE, false, BREAK_WORDS},
        {l->in->second, second, 1, INK_SAMPLE, true, BREAK_WORDS},
    };
    a4_put_ghost(l, 150, (struct rect){0, 0, A4_PAPER_WIDTH, A4_PAPER_HEIGHT});
    a4_put_sample_lines(l, line, sizeof line / sizeof *line);
}

void a4_begin_page(struct layout *l)
{
    a4_begin_paper(l);
    a4_put_ground(l, (struct rect){MM(50), MM(75), MM(110), MM(110)});
    if (l->in->sample) {
        put_sample_marks(l);
    }
}

/* "Certificate number ... · 1 / 2" */
static const struct text *page_line(struct layout *l, size_t page, size_t pages)
{
    static const struct text_style style = {FACE_SANS, ALIGN_CENTRE, 6.5, 5.5, 1};
    char number[32];
    (void)snprintf(number, sizeof number, "   ·   %zu / %zu", page, pages);
    struct text_run runs[] = {
        {"en", l->in->certificate_number, 1, INK_SOFT, false, BREAK_WORDS},
        {"en", pages > 1 ? number : NULL, 1, INK_SOFT, false, BREAK_WORDS},
    };
    return layout_runs(l, "certificate.certificate_number", &style, runs, 2, A4_WIDTH);
}

static const struct text *verify_line(struct layout *l, const char *lang, enum ink ink)
{
    static const struct text_style style = {FACE_SANS, ALIGN_CENTRE, 7.2, 6, 2};
    if (lang == NULL) {
        return NULL;
    }
    struct text_run runs[] = {
        {lang, label_text(LABEL_VERIFY, lang), 1, ink, false, BREAK_WORDS},
        {"en", " ", 1, ink, false, BREAK_WORDS},
        {lang, label_text(LABEL_NO_PERMISSION, lang), 1, ink, false, BREAK_WORDS},
    };
    return layout_runs(l, "label", &style, runs, 3, A4_WIDTH);
}

double a4_measure_footer(struct layout *l, size_t page, size_t pages, struct flow *flow)
{
    flow->count = 0;
    flow_text(flow, "verify", verify_line(l, "en", INK_TEXT), MM(2), 0, ALIGN_CENTRE);
    flow_text(flow, "verify", verify_line(l, l->in->second, INK_SOFT), 0, 0, ALIGN_CENTRE);
    flow_text(flow, "page", page_line(l, page, pages), MM(0.8), 0, ALIGN_CENTRE);
    return flow_height(flow);
}

void a4_put_footer(struct layout *l, size_t page, size_t pages)
{
    struct flow flow;
    double height = a4_measure_footer(l, page, pages, &flow);
    layout_rule(l, INK_GOLD, A4_LEFT, A4_BOTTOM - height, A4_WIDTH, 0.5);
    flow_place(l, &flow, (struct rect){A4_LEFT, A4_BOTTOM - height, A4_WIDTH, height}, 0);
}
