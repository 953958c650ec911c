/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows rectangles. Does not know what a certificate looks like.
 */
#include "sheet.h"

#include <stdio.h>
#include <string.h>

#define SLACK 0.05 /* points two boxes may share: rounding, not a clash */

void sheet_begin(struct sheet *sheet, double width, double height, double margin)
{
    memset(sheet, 0, sizeof *sheet);
    sheet->width = width;
    sheet->height = height;
    sheet->margin = margin;
}

void sheet_clear(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->text_count; i++) {
        text_free(sheet->texts[i]);
    }
    sheet->text_count = 0;
    sheet->page_count = 0;
}

void sheet_add_page(struct sheet *sheet, struct refusal *refusal)
{
    if (sheet->page_count == SHEET_PAGES_MAX) {
        (void)refuse(refusal, "certificate.units", "too long for the pages there are");
        return;
    }
    sheet->pages[sheet->page_count++].count = 0;
}

void sheet_put(struct sheet *sheet, struct box box, struct refusal *refusal)
{
    if (refused(refusal)) {
        return;
    }
    struct page *page = &sheet->pages[sheet->page_count - 1];
    if (page->count == SHEET_BOXES_MAX) {
        (void)refuse_internal(refusal, box.name, "too many boxes on a page");
        return;
    }
    page->boxes[page->count++] = box;
}

struct text *sheet_keep(struct sheet *sheet, struct text *text, struct refusal *refusal)
{
    if (text == NULL) {
        return NULL;
    }
    if (sheet->text_count == SHEET_TEXTS_MAX) {
        text_free(text);
        (void)refuse_internal(refusal, "page", "too many texts");
        return NULL;
    }
    sheet->texts[sheet->text_count++] = text;
    return text;
}

static bool is_background(enum box_kind kind)
{
    return kind <= BOX_WATERMARK;
}

static bool is_holder(enum box_kind kind)
{
    return kind == BOX_PANEL || kind == BOX_OUTLINE;
}

static bool contains(struct rect outer, struct rect inner)
{
    return inner.x >= outer.x - SLACK && inner.y >= outer.y - SLACK &&
           inner.x + inner.width <= outer.x + outer.width + SLACK &&
           inner.y + inner.height <= outer.y + outer.height + SLACK;
}

static bool overlap(struct rect a, struct rect b)
{
    return a.x + a.width > b.x + SLACK && b.x + b.width > a.x + SLACK &&
           a.y + a.height > b.y + SLACK && b.y + b.height > a.y + SLACK;
}

static bool clash(const struct box *a, const struct box *b)
{
    if (is_background(a->kind) || is_background(b->kind) || !overlap(a->area, b->area)) {
        return false;
    }
    return !(is_holder(a->kind) && contains(a->area, b->area)) &&
           !(is_holder(b->kind) && contains(b->area, a->area));
}

/* Panels and rules may bleed off the page; what is read may not come near its edge. */
static bool is_inside(const struct sheet *sheet, const struct box *box)
{
    double inset = is_holder(box->kind) || box->kind == BOX_RULE ? 0 : sheet->margin;
    struct rect room = {inset, inset, sheet->width - 2 * inset, sheet->height - 2 * inset};
    return is_background(box->kind) || contains(room, box->area);
}

static bool check_page(const struct sheet *sheet, const struct page *page, struct refusal *refusal)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct box *box = &page->boxes[i];
        if (!is_inside(sheet, box)) {
            return refuse_internal(refusal, box->name, "would leave the page");
        }
        for (size_t j = i + 1; j < page->count; j++) {
            if (clash(box, &page->boxes[j])) {
                char reason[96];
                (void)snprintf(reason, sizeof reason, "would overlap %s", page->boxes[j].name);
                return refuse_internal(refusal, box->name, reason);
            }
        }
    }
    return true;
}

bool sheet_check(const struct sheet *sheet, struct refusal *refusal)
{
    for (size_t i = 0; i < sheet->page_count; i++) {
        if (!check_page(sheet, &sheet->pages[i], refusal)) {
            return false;
        }
    }
    return true;
}
