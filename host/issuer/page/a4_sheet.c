/* SPDX-License-Identifier: Apache-2.0
 *
 * Frame, ground, SAMPLE marks and the closing lines of an A4 page.
 */
#include "a4.h"

#include <stdio.h>

#define FRAME_INSET MM(6.5)

static void put_sample_marks(struct layout *l)
{
    static const struct text_style line = {FACE_SANS, ALIGN_CENTRE, 7.8, 6, 1};
    static const struct text_style large = {FACE_SANS, ALIGN_CENTRE, 150, 150, 1};
    if (!l->in->sample) {
        return;
    }
    struct text_run ghost = {"en", "SAMPLE", 1, INK_GHOST, true, false};
    struct rect paper = {0, 0, A4_PAPER_WIDTH, A4_PAPER_HEIGHT};
    const struct text *word = layout_runs(l, "sample", &large, &ghost, 1, A4_PAPER_HEIGHT);
    sheet_put(l->sheet, (struct box){BOX_WATERMARK, "sample", paper, INK_GHOST, word}, l->refusal);
    const char *second = layout_second(l, LABEL_SAMPLE);
    struct text_run runs[] = {
        {"en", label_text(LABEL_SAMPLE, "en"), 1, INK_SAMPLE, true, false},
        {"en", second == NULL ? NULL : "   ·   ", 1, INK_SAMPLE, false, false},
        {l->in->second, second, 1, INK_SAMPLE, true, false},
    };
    const struct text *mark = layout_runs(l, "sample", &line, runs, 3, A4_WIDTH);
    layout_put_centred(l, "sample", mark, A4_LEFT, A4_WIDTH, A4_TOP - MM(1) - text_height(mark));
    layout_put_centred(l, "sample", mark, A4_LEFT, A4_WIDTH, A4_BOTTOM + MM(1));
}

void a4_begin_page(struct layout *l)
{
    struct rect frame = {FRAME_INSET, FRAME_INSET, A4_PAPER_WIDTH - 2 * FRAME_INSET,
                         A4_PAPER_HEIGHT - 2 * FRAME_INSET};
    struct rect ground = {MM(50), MM(75), MM(110), MM(110)};
    sheet_add_page(l->sheet, l->refusal);
    sheet_put(l->sheet, (struct box){BOX_FRAME, "frame", frame, INK_ACCENT, NULL}, l->refusal);
    sheet_put(l->sheet, (struct box){BOX_ROSETTE, "rosette", ground, INK_GROUND, NULL}, l->refusal);
    put_sample_marks(l);
}

/* "Certificate number ... · 1 / 2" */
static const struct text *page_line(struct layout *l, size_t page, size_t pages)
{
    static const struct text_style style = {FACE_SANS, ALIGN_CENTRE, 6.5, 5.5, 1};
    char number[32];
    (void)snprintf(number, sizeof number, "   ·   %zu / %zu", page, pages);
    struct text_run runs[] = {
        {"en", l->in->certificate_number, 1, INK_SOFT, false, false},
        {"en", pages > 1 ? number : NULL, 1, INK_SOFT, false, false},
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
        {lang, label_text(LABEL_VERIFY, lang), 1, ink, false, false},
        {"en", " ", 1, ink, false, false},
        {lang, label_text(LABEL_NO_PERMISSION, lang), 1, ink, false, false},
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
