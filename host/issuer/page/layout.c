/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows texts, boxes and flows; the certificate itself is laid out in a4.c and card.c.
 */
#include "layout.h"

#include <math.h>
#include <string.h>

struct input layout_english(const struct input *in)
{
    struct input english = *in;
    english.second = NULL;
    english.authority.native = english.issuer.native = (struct native_text){NULL, NULL};
    return english;
}

struct text *layout_runs(struct layout *l, const char *member, const struct text_style *style,
                         const struct text_run *runs, size_t count, double width)
{
    struct text_run used[TEXT_RUNS_MAX];
    size_t used_count = 0;
    for (size_t i = 0; i < count && used_count < TEXT_RUNS_MAX; i++) {
        if (runs[i].text != NULL && runs[i].lang != NULL) {
            used[used_count++] = runs[i];
        }
    }
    if (used_count == 0) {
        return NULL;
    }
    struct text_style scaled = *style;
    scaled.size = fmax(style->size * l->density, style->size_min);
    struct text *text = text_fit(l->env, member, &scaled, used, used_count, width, l->refusal);
    return sheet_keep(l->sheet, text, l->refusal);
}

struct text *layout_text(struct layout *l, const char *member, const struct text_style *style,
                         const char *lang, const char *words, enum ink ink, double width)
{
    struct text_run run = {.lang = lang, .text = words, .scale = 1, .ink = ink};
    return layout_runs(l, member, style, &run, 1, width);
}

const char *layout_second(const struct layout *l, enum label label)
{
    return l->in->second == NULL ? NULL : label_text(label, l->in->second);
}

struct text *layout_label(struct layout *l, enum label label, const struct text_style *style,
                          enum ink ink, double width)
{
    const char *second = layout_second(l, label);
    struct text_run runs[] = {
        {"en", label_text(label, "en"), 1, ink, false, BREAK_WORDS},
        {"en", second == NULL ? NULL : "  ·  ", 1, INK_SOFT, false, BREAK_WORDS},
        {l->in->second, second, 1, INK_SOFT, false, BREAK_WORDS},
    };
    return layout_runs(l, "label", style, runs, 3, width);
}

void layout_put(struct layout *l, const char *name, const struct text *text, double x, double y)
{
    if (text != NULL) {
        struct rect area = {x, y, text_width(text), text_height(text)};
        sheet_put(l->sheet, (struct box){BOX_TEXT, name, area, INK_TEXT, text}, l->refusal);
    }
}

void layout_put_centred(struct layout *l, const char *name, const struct text *text, double x,
                        double width, double y)
{
    layout_put(l, name, text, x + (width - text_width(text)) / 2, y);
}

void layout_rule(struct layout *l, enum ink ink, double x, double y, double width, double height)
{
    struct box box = {BOX_RULE, "rule", {x, y, width, height}, ink, NULL};
    sheet_put(l->sheet, box, l->refusal);
}

unsigned layout_qr_dots(struct layout *l, double side)
{
    unsigned dots = (unsigned)(side / DOT + 0.001) / qr_modules_with_quiet(l->sheet->qr);
    if (dots < QR_DOTS_MODULE_MIN) {
        (void)refuse(l->refusal, "qr", "too large to be printed with 4 dots a module at 300 dpi");
        return 0;
    }
    return dots;
}

void layout_put_qr(struct layout *l, unsigned dots, double x, double y)
{
    double side = qr_modules_with_quiet(l->sheet->qr) * dots * DOT;
    struct rect area = {round(x / DOT) * DOT, round(y / DOT) * DOT, side, side};
    sheet_put(l->sheet, (struct box){BOX_QR, "qr", area, INK_TEXT, NULL}, l->refusal);
}

struct rect layout_photo(const struct layout *l, double x, double y, double width, double height)
{
    const struct photo *photo = &l->in->photo;
    double scale = fmin(width / photo->width, height / photo->height);
    double w = photo->width * scale;
    double h = photo->height * scale;
    return (struct rect){x + (width - w) / 2, y + (height - h) / 2, w, h};
}

static void place_left(struct layout *l, const struct flow_item *item, double x, double y,
                       double width)
{
    (void)width;
    layout_put(l, item->name, item->text, x, y);
}

static void place_centred(struct layout *l, const struct flow_item *item, double x, double y,
                          double width)
{
    layout_put_centred(l, item->name, item->text, x, width, y);
}

void flow_item(struct flow *flow, struct flow_item item)
{
    if (flow->count < FLOW_ITEMS_MAX) {
        flow->items[flow->count++] = item;
    }
}

void flow_text(struct flow *flow, const char *name, const struct text *text, double gap,
               double stretch, enum text_align align)
{
    if (text != NULL) {
        flow_item(flow,
                  (struct flow_item){name, text, text_height(text), gap, stretch,
                                     align == ALIGN_CENTRE ? place_centred : place_left, NULL});
    }
}

double flow_height(const struct flow *flow)
{
    double height = 0;
    for (size_t i = 0; i < flow->count; i++) {
        height += flow->items[i].gap + flow->items[i].height;
    }
    return height;
}

void flow_place(struct layout *l, const struct flow *flow, struct rect area, double stretch_max)
{
    double shares = 0;
    for (size_t i = 0; i < flow->count; i++) {
        shares += flow->items[i].stretch;
    }
    double spare = fmin(fmax(area.height - flow_height(flow), 0), stretch_max);
    double y = area.y;
    for (size_t i = 0; i < flow->count; i++) {
        const struct flow_item *item = &flow->items[i];
        y += item->gap + (shares > 0 ? spare * item->stretch / shares : 0);
        item->place(l, item, area.x, y, area.width);
        y += item->height;
    }
}
