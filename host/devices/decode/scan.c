/* SPDX-License-Identifier: Apache-2.0
 *
 * Regions first, the whole frame after them, and for each a list of recipes from cheap to costly. A
 * cheap recipe goes round all regions before the next one starts: the likeliest fix for the second
 * region is worth more than the unlikeliest for the first.
 */
#include "devices/decode/scan.h"
#include "devices/decode/decode_zbar.h"
#include "devices/decode/locate.h"
#include "devices/decode/warp.h"

#include <stdlib.h>
#include <time.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum {
    FIT_SIDE = 600,        /* regions above are reduced: modules stay large, noise shrinks */
    FRAME_FIT_SIDE = 1600, /* the same for the whole frame, where a code is a small part */
    GLANCE_SIDE = 800,     /* and for the rest of a frame in which a code was found ... */
    GLANCE_FACTOR_MAX = 2, /* ... where no code would survive being reduced more */
    SMALL_CODE_SIDE = 450, /* codes up to here gain by doubling */
    ATTEMPT_PIXELS_MAX = 8 * 1024 * 1024,
    FINE_BLOCK = 8,    /* grain of the locator: for codes of small modules */
    COARSE_BLOCK = 24, /* and of large ones, inside which a fine grain sees only edges */
    SMALL_SIDE = 1000, /* the locator sees large frames about this large */
    REGIONS_MAX = 3 * LOCATE_MAX + 1,
    THRESHOLD_WINDOW = 31,
};

enum scale { FIT, AS_IS, DOUBLE };

/* How to make a region readable, in the order of the fields. */
struct recipe {
    enum scale scale;
    double lean, bend;
    unsigned directions; /* of the warp: 0 = no warp */
    bool blur, invert, threshold;
};

/* Enough for clean pages; also tried on what is left of a page where a code was found. */
static const struct recipe QUICK[] = {
    {.scale = FIT},
    {.scale = AS_IS},
    {.scale = DOUBLE},
};

/* For photos. */
static const struct recipe CHEAP[] = {
    {.scale = FIT, .threshold = true},
    {.scale = FIT, .invert = true},
};

/* Leaning views and curled paper come before what is rarer than they are. */
static const struct recipe COSTLY[] = {
    {.lean = 0.15, .directions = 8},
    {.bend = 0.8, .directions = 4},
    {.scale = DOUBLE, .threshold = true},
    {.scale = DOUBLE, .blur = true},
    {.scale = DOUBLE, .invert = true},
    {.lean = 0.15, .directions = 8, .threshold = true},
    {.scale = DOUBLE, .blur = true, .threshold = true},
    {.bend = 0.5, .directions = 4},
    {.lean = 0.3, .directions = 8},
    {.scale = DOUBLE, .invert = true, .threshold = true},
};

/* The frame is large: no warps, and doubling only last. */
static const struct recipe WHOLE_FRAME[] = {
    {.scale = FIT, .invert = true},       {.scale = AS_IS},
    {.scale = FIT, .threshold = true},    {.scale = DOUBLE},
    {.scale = DOUBLE, .threshold = true},
};

struct region {
    struct box box;
    bool whole_frame;
    bool read; /* a code was found in it, or most of it belongs to one found elsewhere */
};

struct scan {
    struct image *page_image;
    unsigned page;
    uint64_t deadline_ms; /* 0 = none */
    struct code_list *list;
    unsigned found;
    struct region region[REGIONS_MAX]; /* the whole frame is the last one */
    unsigned regions;
};

/* What turns a corner in an attempt's picture back into a place on the page. */
struct attempt {
    struct scan *scan;
    struct box box;
    bool warped;
    struct warp warp;
    unsigned times, over; /* page = box + place before the warp * times / over */
    unsigned found;
};

uint64_t scan_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static bool out_of_time(const struct scan *s)
{
    return s->deadline_ms != 0 && scan_clock_ms() >= s->deadline_ms;
}

static unsigned longer_side(struct box box)
{
    unsigned wide = box.x1 - box.x0, high = box.y1 - box.y0;
    return wide > high ? wide : high;
}

static uint64_t area(struct box b)
{
    return (uint64_t)(b.x1 - b.x0) * (b.y1 - b.y0);
}

static unsigned overlap(unsigned a0, unsigned a1, unsigned b0, unsigned b1)
{
    unsigned from = a0 > b0 ? a0 : b0, to = a1 < b1 ? a1 : b1;
    return from < to ? to - from : 0;
}

static uint64_t common_area(struct box a, struct box b)
{
    return (uint64_t)overlap(a.x0, a.x1, b.x0, b.x1) * overlap(a.y0, a.y1, b.y0, b.y1);
}

static unsigned clamped(int value)
{
    return value < 0 ? 0 : (unsigned)value;
}

static struct box bounds_of(const int (*corner)[2], unsigned count)
{
    struct box b = {clamped(corner[0][0]), clamped(corner[0][1]), 0, 0};
    for (unsigned i = 0; i < count; i++) {
        unsigned x = clamped(corner[i][0]), y = clamped(corner[i][1]);
        b.x0 = x < b.x0 ? x : b.x0;
        b.y0 = y < b.y0 ? y : b.y0;
        b.x1 = x > b.x1 ? x : b.x1;
        b.y1 = y > b.y1 ? y : b.y1;
    }
    return b;
}

/* The code's own surroundings need no second look. */
static void mark_read(struct scan *s, struct box code)
{
    for (unsigned i = 0; i + 1 < s->regions; i++) {
        struct region *r = &s->region[i];
        r->read = r->read || 2 * common_area(r->box, code) >= area(r->box);
    }
}

static void on_found(void *context, const struct qr_found *found)
{
    struct attempt *a = context;
    int corner[4][2];
    for (unsigned i = 0; i < 4; i++) {
        int x = found->corner[i][0], y = found->corner[i][1];
        if (a->warped) {
            warp_back(&a->warp, &x, &y);
        }
        corner[i][0] = (int)((long)x * (long)a->times / (long)a->over + (long)a->box.x0);
        corner[i][1] = (int)((long)y * (long)a->times / (long)a->over + (long)a->box.y0);
    }
    code_list_add(a->scan->list, a->scan->page, found->text);
    image_wipe_polygon(a->scan->page_image, corner, 4);
    mark_read(a->scan, bounds_of(corner, 4));
    a->found++;
}

static unsigned fit_factor(const struct scan *s, const struct region *r)
{
    unsigned side = longer_side(r->box);
    unsigned fit = !r->whole_frame ? FIT_SIDE : s->found > 0 ? GLANCE_SIDE : FRAME_FIT_SIDE;
    return (side + fit - 1) / fit;
}

/* Not when it would repeat another recipe, or cost too much, on a region of this size. */
static bool worthwhile(const struct scan *s, const struct recipe *recipe, const struct region *r)
{
    switch (recipe->scale) {
    case FIT:
        return s->found == 0 || fit_factor(s, r) <= GLANCE_FACTOR_MAX;
    case AS_IS:
        return s->found == 0 && fit_factor(s, r) > 1 && area(r->box) <= ATTEMPT_PIXELS_MAX;
    case DOUBLE:
        return s->found > 0 ? longer_side(r->box) <= SMALL_CODE_SIDE
                            : 4 * area(r->box) <= ATTEMPT_PIXELS_MAX;
    }
    return false;
}

static bool replace(struct image *image, bool made, struct image next)
{
    if (made) {
        image_free(image);
        *image = next;
    }
    return made;
}

static bool resize(struct image *image, enum scale scale, unsigned factor, struct attempt *a)
{
    struct image next = {0};
    if (scale == DOUBLE) {
        a->over = 2;
        return replace(image, image_double(image, &next), next);
    }
    if (scale == FIT && factor > 1) {
        a->times = factor;
        return replace(image, image_reduce(image, factor, &next), next);
    }
    return true;
}

static bool warp(struct image *image, const struct recipe *recipe, unsigned direction,
                 struct attempt *a)
{
    struct image next = {0};
    unsigned side = image->width > image->height ? image->width : image->height;
    a->warped = true;
    a->warp = (struct warp){.width = image->width,
                            .height = image->height,
                            .direction = direction,
                            .lean = recipe->lean,
                            .bend = recipe->bend,
                            .times = side <= SMALL_CODE_SIDE ? 2 : 1};
    return replace(image, warp_image(image, &a->warp, &next), next);
}

static bool prepare(struct image *image, const struct recipe *recipe, unsigned direction,
                    unsigned factor, struct attempt *a)
{
    struct image next = {0};
    if (!resize(image, recipe->scale, factor, a) ||
        (recipe->directions > 0 && !warp(image, recipe, direction, a))) {
        return false;
    }
    if (recipe->blur) {
        image_blur(image);
    }
    if (recipe->invert) {
        image_invert(image);
    }
    if (recipe->threshold) {
        unsigned doubled = a->over * (a->warped ? a->warp.times : 1);
        return replace(image, image_threshold(image, doubled * THRESHOLD_WINDOW, &next), next);
    }
    return true;
}

static void attempt(struct scan *s, struct region *r, const struct recipe *recipe,
                    unsigned direction)
{
    struct attempt a = {.scan = s, .box = r->box, .times = 1, .over = 1};
    struct image image = {0};
    if (image_crop(s->page_image, r->box, &image) &&
        prepare(&image, recipe, direction, fit_factor(s, r), &a)) {
        decode_zbar(&image, on_found, &a);
    }
    image_free(&image);
    s->found += a.found;
    r->read = r->read || a.found != 0;
}

static void try_on(struct scan *s, struct region *r, const struct recipe *recipe)
{
    unsigned directions = recipe->directions > 0 ? recipe->directions : 1;
    for (unsigned d = 0; d < directions && !r->read && !out_of_time(s); d++) {
        if (worthwhile(s, recipe, r)) {
            attempt(s, r, recipe, d);
        }
    }
}

static void try_regions(struct scan *s, const struct recipe *recipe)
{
    for (unsigned i = 0; i + 1 < s->regions; i++) {
        try_on(s, &s->region[i], recipe);
    }
}

/* The locator passes often point at the same place. */
static bool nearly_same(struct box a, struct box b)
{
    uint64_t common = (uint64_t)overlap(a.x0, a.x1, b.x0, b.x1) * overlap(a.y0, a.y1, b.y0, b.y1);
    return 4 * common >= 3 * area(a) && 4 * common >= 3 * area(b);
}

static void add_region(struct scan *s, struct box box)
{
    for (unsigned i = 0; i < s->regions; i++) {
        if (nearly_same(s->region[i].box, box)) {
            return;
        }
    }
    s->region[s->regions++] = (struct region){.box = box};
}

static struct box enlarged(struct box b, unsigned factor)
{
    return (struct box){b.x0 * factor, b.y0 * factor, b.x1 * factor, b.y1 * factor};
}

static void locate_in(struct scan *s, const struct image *image, unsigned block, unsigned factor)
{
    struct box box[LOCATE_MAX];
    unsigned count = locate_codes(image, block, box);
    for (unsigned i = 0; i < count; i++) {
        add_region(s, enlarged(box[i], factor));
    }
}

/* Large frames are looked at reduced, where a code that fills the frame is still busy at the grain
 * of a block, and as they are, where a small code has not yet been averaged away. */
static void locate(struct scan *s)
{
    struct image *page = s->page_image, small = {0};
    struct box whole = {0, 0, page->width, page->height};
    unsigned factor = (longer_side(whole) + SMALL_SIDE - 1) / SMALL_SIDE;
    if (factor > 1 && image_reduce(page, factor, &small)) {
        locate_in(s, &small, FINE_BLOCK, factor);
        locate_in(s, &small, COARSE_BLOCK, factor);
        locate_in(s, page, FINE_BLOCK * ((factor + 1) / 2), 1);
    } else {
        locate_in(s, page, FINE_BLOCK, 1);
        locate_in(s, page, COARSE_BLOCK, 1);
    }
    image_free(&small);
    s->region[s->regions++] = (struct region){.box = whole, .whole_frame = true};
}

static void scan_quick(struct scan *s)
{
    for (size_t i = 0; i < COUNT_OF(QUICK); i++) {
        try_regions(s, &QUICK[i]);
    }
    try_on(s, &s->region[s->regions - 1], &QUICK[0]);
}

/* The costly recipes go region by region: nearly always it is the first that holds the code. */
static void scan_thorough(struct scan *s)
{
    for (size_t i = 0; i < COUNT_OF(CHEAP) && s->found == 0; i++) {
        try_regions(s, &CHEAP[i]);
    }
    for (unsigned r = 0; r + 1 < s->regions && s->found == 0; r++) {
        for (size_t i = 0; i < COUNT_OF(COSTLY) && s->found == 0; i++) {
            try_on(s, &s->region[r], &COSTLY[i]);
        }
    }
    for (size_t i = 0; i < COUNT_OF(WHOLE_FRAME) && s->found == 0; i++) {
        try_on(s, &s->region[s->regions - 1], &WHOLE_FRAME[i]);
    }
}

unsigned scan_page(struct image *grey, unsigned page, enum scan_effort effort, unsigned budget_ms,
                   struct code_list *list)
{
    struct scan s = {.page_image = grey, .page = page, .list = list};
    s.deadline_ms = budget_ms == SCAN_UNHURRIED_MS ? 0 : scan_clock_ms() + budget_ms;
    locate(&s);
    scan_quick(&s);
    if (effort == SCAN_THOROUGH) {
        scan_thorough(&s);
    }
    return s.found;
}
