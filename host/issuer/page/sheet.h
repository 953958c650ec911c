/* SPDX-License-Identifier: Apache-2.0
 *
 * A document as boxes on pages, before anything is drawn. Layouts (a4.c, card.c, code_sheet.c) put
 * boxes down, sheet_check() proves that nothing leaves the page or touches its neighbour, pdf.c
 * draws them. All lengths are points (1/72 inch) from the top left corner.
 */
#ifndef PAGE_SHEET_H
#define PAGE_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "ink.h"
#include "photo.h"
#include "qr.h"
#include "refusal.h"
#include "text.h"

#define MM(length) ((length) * (72.0 / 25.4))
#define DOT        (72.0 / 300.0) /* one printer dot */

#define SHEET_PAGES_MAX 12
#define SHEET_BOXES_MAX 256
#define SHEET_TEXTS_MAX 1024

struct rect {
    double x, y, width, height;
};

enum box_kind {
    BOX_FRAME,     /* guilloche border; background, may be covered */
    BOX_ROSETTE,   /* guilloche ground; background */
    BOX_WAVES,     /* guilloche ground of a card; background */
    BOX_WATERMARK, /* large diagonal text; background */
    BOX_PANEL,     /* filled, holds whole texts */
    BOX_OUTLINE,   /* outlined, holds whole texts */
    BOX_RULE,      /* a line */
    BOX_TEXT,
    BOX_QR, /* with its quiet zone */
    BOX_PHOTO,
};

struct box {
    enum box_kind kind;
    const char *name; /* of the member or part shown; static text */
    struct rect area;
    enum ink ink;
    const struct text *text; /* BOX_TEXT and BOX_WATERMARK; owned by the sheet */
};

struct page {
    struct box boxes[SHEET_BOXES_MAX];
    size_t count;
};

struct sheet {
    double width, height;
    double margin; /* no text, code or photo comes nearer to an edge */
    struct page pages[SHEET_PAGES_MAX];
    size_t page_count;
    struct text *texts[SHEET_TEXTS_MAX]; /* owned */
    size_t text_count;
    const struct qr *qr;       /* borrowed; drawn by BOX_QR */
    const struct photo *photo; /* borrowed; drawn by BOX_PHOTO */
};

void sheet_begin(struct sheet *sheet, double width, double height, double margin);

/* Drop all pages and free all texts; the sheet can be filled again. */
void sheet_clear(struct sheet *sheet);

/* A new empty page at the end. */
void sheet_add_page(struct sheet *sheet, struct refusal *refusal);

/* Put a box on the last page. */
void sheet_put(struct sheet *sheet, struct box box, struct refusal *refusal);

/* Hand a text over to the sheet, also when refused; returns it for use. NULL stays NULL. */
struct text *sheet_keep(struct sheet *sheet, struct text *text, struct refusal *refusal);

/* Every box inside its page, no two overlapping (backgrounds aside; a panel holds its texts whole).
 * A failure is ours, not the input's: the page is refused rather than printed unreadable. */
bool sheet_check(const struct sheet *sheet, struct refusal *refusal);

#endif
