/* SPDX-License-Identifier: Apache-2.0
 *
 * What all pages share while they are laid out: short ways to fit a text and put it
 * down, and a flow that spreads items from top to bottom. Failure sticks in the refusal.
 */
#ifndef PAGE_LAYOUT_H
#define PAGE_LAYOUT_H

#include "input.h"
#include "labels.h"
#include "sheet.h"
#include "text.h"

#define FLOW_ITEMS_MAX 24

/* One attempt at a layout. */
struct layout {
    const struct input
        *in; /* the certificate; NULL on a code sheet, which has no labels or photo */
    struct text_env *env;
    struct sheet *sheet;
    struct refusal *refusal;
    double density; /* 1: as designed; less: smaller texts and gaps, because there is much to say */
};

/* The two layouts of a certificate: fill l->sheet. A refusal when something cannot be printed
 * legibly. */
void a4_lay_out(struct layout *l, const struct qr *qr);
void card_lay_out(struct layout *l, const struct qr *qr);

/* The input without its second label language, which gives way when names and titles are very long.
 * Native names and titles stay. Borrows everything: not to be freed. */
struct input layout_english(const struct input *in);

/* Fit runs into a width, scaled by the density; owned by the sheet. Runs with NULL text or language
 * are left out. NULL when nothing is left or on a refusal. */
struct text *layout_runs(struct layout *l, const char *member, const struct text_style *style,
                         const struct text_run *runs, size_t count, double width);

/* One run in one language. */
struct text *layout_text(struct layout *l, const char *member, const struct text_style *style,
                         const char *lang, const char *words, enum ink ink, double width);

/* A label in English and the second language, on one line while there is room. */
struct text *layout_label(struct layout *l, enum label label, const struct text_style *style,
                          enum ink ink, double width);

/* The label in the second language; NULL without one. */
const char *layout_second(const struct layout *l, enum label label);

/* Put a text down with its top left corner at x, y. NULL is skipped. */
void layout_put(struct layout *l, const char *name, const struct text *text, double x, double y);

/* The same, centred between x and x + width. */
void layout_put_centred(struct layout *l, const char *name, const struct text *text, double x,
                        double width, double y);

void layout_rule(struct layout *l, enum ink ink, double x, double y, double width, double height);

/* The QR code with its quiet zone as large as `side` points allow, in whole dots: the dots of a
 * module, or 0 with a refusal when they would be fewer than QR_DOTS_MODULE_MIN. */
unsigned layout_qr_dots(struct layout *l, double side);

/* Put the code down near x, y on the grid of printer dots. */
void layout_put_qr(struct layout *l, unsigned dots, double x, double y);

/* The photo as large as a box of width x height allows, its proportions kept. */
struct rect layout_photo(const struct layout *l, double x, double y, double width, double height);

/* One thing in a flow; `place` puts it down, `data` is for it. */
struct flow_item {
    const char *name;
    const struct text *text;
    double height, gap; /* gap: the least space above */
    double stretch;     /* share of the space left over that goes above this item */
    void (*place)(struct layout *l, const struct flow_item *item, double x, double y, double width);
    const void *data;
};

struct flow {
    struct flow_item items[FLOW_ITEMS_MAX];
    size_t count;
};

/* Add a text (NULL is skipped), or an item of one's own. */
void flow_text(struct flow *flow, const char *name, const struct text *text, double gap,
               double stretch, enum text_align align);
void flow_item(struct flow *flow, struct flow_item item);

double flow_height(const struct flow *flow);

/* Put all items down in `area`, at most `stretch_max` points of whose spare height go into the gaps
 * above the items. */
void flow_place(struct layout *l, const struct flow *flow, struct rect area, double stretch_max);

#endif
