/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of A4 pages, each in a file of its own; a4.c puts the certificate together and
 * code_sheet.c a code sheet. All are measured before any is put down.
 */
#ifndef PAGE_A4_H
#define PAGE_A4_H

#include "facts.h"
#include "layout.h"
#include "table.h"

#define A4_PAPER_WIDTH  MM(210)
#define A4_PAPER_HEIGHT MM(297)
#define A4_MARGIN       MM(13.2) /* inside of the frame */
#define A4_LEFT         MM(22)
#define A4_WIDTH        MM(166)
#define A4_TOP          MM(21)
#define A4_BOTTOM       MM(276)

/* ---- a4_sheet.c: what every page has ---- */

/* A new page of any document with its frame, and line work as a ground for a part of it. */
void a4_begin_paper(struct layout *l);
void a4_put_ground(struct layout *l, struct rect area);

/* SAMPLE in large letters across an area, behind everything; a line of words at top and bottom. */
void a4_put_ghost(struct layout *l, double size, struct rect area);
void a4_put_sample_lines(struct layout *l, const struct text_run *runs, size_t count);

/* A short double line in gold below or above a title. */
void a4_add_divider(struct flow *flow, double gap, double stretch);

/* A new page of a certificate, with SAMPLE marks when it is a sample. */
void a4_begin_page(struct layout *l);

/* How to verify, and which page this is: the lines that end at A4_BOTTOM. Returns their height. */
double a4_measure_footer(struct layout *l, size_t page, size_t pages, struct flow *flow);
void a4_put_footer(struct layout *l, size_t page, size_t pages);

/* ---- a4_words.c: who awards what to whom ---- */

void a4_measure_words(struct layout *l, struct flow *flow);

/* ---- a4_units.c: the units on page one, or on pages of their own ---- */

/* The table as the next item of page one; it must outlive the flow. */
void a4_add_table(struct layout *l, struct flow *flow, const struct table *table);

/* A note that the units follow. */
void a4_add_overleaf_note(struct layout *l, struct flow *flow);

struct a4_overleaf {
    struct flow head;
    struct table table;
    double top; /* of the table */
    size_t pages;
    size_t starts[SHEET_PAGES_MAX + 1]; /* first row of each page, then the end */
};

void a4_measure_overleaf(struct layout *l, struct a4_overleaf *overleaf);
void a4_put_overleaf(struct layout *l, const struct a4_overleaf *overleaf);

/* ---- a4_foot.c: photo, numbers and dates, code ---- */

struct a4_foot {
    struct facts number, facts, codes;
    unsigned qr_dots;
    double top;      /* of the photo, facts and code */
    double code_row; /* top of the row of codes below them */
};

/* Everything that stands at a fixed place above `bottom`. */
void a4_measure_foot(struct layout *l, double bottom, struct a4_foot *foot);
void a4_put_foot(struct layout *l, const struct a4_foot *foot);

/* The height left above it: clear of the foot and of the code's quiet zone. */
double a4_room_above(const struct a4_foot *foot);

#endif
