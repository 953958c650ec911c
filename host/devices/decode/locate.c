/* SPDX-License-Identifier: Apache-2.0
 *
 * A QR code is busy in both directions; text, rules and edges are busy in one. So: mean neighbour
 * difference a block, the lesser of the two directions, relative to the local brightness (a shadow
 * must not hide a code), smoothed, cut at a share of the maximum, connected, and kept when roughly
 * square.
 */
#include "devices/decode/locate.h"

#include <stdlib.h>

enum {
    BRIGHTNESS_FLOOR = 32, /* in dark blocks noise would win over everything else */
    SMOOTH = 2,            /* blocks either side: 5 x 5 */
    MIN_BLOCKS = 4,        /* a side: less is speckle */
};

/* Columns and rows fit: a picture has at most DECODE_SIDE_MAX pixels a side. */
struct cell {
    uint16_t c, r;
};

/* The grid of blocks over an image. */
struct grid {
    unsigned columns, rows;
    uint32_t *energy;   /* owned; columns * rows, as the others */
    uint32_t *smooth;   /* owned */
    bool *taken;        /* owned */
    struct cell *stack; /* owned; cells waiting to be connected */
};

static void grid_free(struct grid *g)
{
    free(g->energy);
    free(g->smooth);
    free(g->taken);
    free(g->stack);
}

static bool grid_new(const struct image *grey, unsigned block, struct grid *g)
{
    *g = (struct grid){.columns = grey->width / block, .rows = grey->height / block};
    size_t cells = (size_t)g->columns * g->rows;
    if (g->columns < MIN_BLOCKS || g->rows < MIN_BLOCKS) {
        return false;
    }
    g->energy = calloc(cells, sizeof *g->energy);
    g->smooth = calloc(cells, sizeof *g->smooth);
    g->taken = calloc(cells, sizeof *g->taken);
    g->stack = calloc(cells, sizeof *g->stack);
    return g->energy != NULL && g->smooth != NULL && g->taken != NULL && g->stack != NULL;
}

static unsigned difference(uint8_t a, uint8_t b)
{
    return a > b ? (unsigned)(a - b) : (unsigned)(b - a);
}

/* Sums down the columns of one row of blocks: differences along x, along y, and brightness. A block
 * has at most 128 rows, so 16 bits hold each sum, and the compiler can add many columns at once. */
struct columns {
    uint16_t *x, *y, *light; /* grid.columns * block entries each */
};

static void add_row(const struct columns *s, const uint8_t *row, const uint8_t *below,
                    unsigned width)
{
    uint16_t *restrict sum_x = s->x;
    uint16_t *restrict sum_y = s->y;
    uint16_t *restrict light = s->light;
    for (unsigned i = 0; i < width; i++) {
        sum_x[i] = (uint16_t)(sum_x[i] + difference(row[i], row[i + 1]));
        sum_y[i] = (uint16_t)(sum_y[i] + difference(row[i], below[i]));
        light[i] = (uint16_t)(light[i] + row[i]);
    }
}

static uint32_t block_energy(const struct columns *s, unsigned from, unsigned block)
{
    uint32_t x = 0, y = 0, light = 0;
    for (unsigned i = from; i < from + block; i++) {
        x += s->x[i];
        y += s->y[i];
        light += s->light[i];
    }
    uint32_t lesser = x < y ? x : y;
    return (uint32_t)((uint64_t)lesser * 4096 / (light + BRIGHTNESS_FLOOR * block * block));
}

/* The picture's last column and row have no neighbour and are left out. */
static void measure(const struct image *grey, unsigned block, const struct columns *s,
                    struct grid *g)
{
    unsigned width = g->columns * block;
    unsigned usable = width < grey->width ? width : width - 1;
    for (unsigned r = 0; r < g->rows; r++) {
        memset(s->x, 0, 3 * (size_t)width * sizeof *s->x);
        for (unsigned y = r * block; y < (r + 1) * block && y + 1 < grey->height; y++) {
            add_row(s, image_row(grey, y), image_row(grey, y + 1), usable);
        }
        for (unsigned c = 0; c < g->columns; c++) {
            g->energy[r * g->columns + c] = block_energy(s, c * block, block);
        }
    }
}

static uint32_t mean_around(const struct grid *g, unsigned column, unsigned row)
{
    unsigned c0 = column > SMOOTH ? column - SMOOTH : 0, r0 = row > SMOOTH ? row - SMOOTH : 0;
    unsigned c1 = column + SMOOTH < g->columns ? column + SMOOTH : g->columns - 1;
    unsigned r1 = row + SMOOTH < g->rows ? row + SMOOTH : g->rows - 1;
    uint32_t sum = 0, cells = 0;
    for (unsigned r = r0; r <= r1; r++) {
        for (unsigned c = c0; c <= c1; c++, cells++) {
            sum += g->energy[r * g->columns + c];
        }
    }
    return cells == 0 ? 0 : sum / cells;
}

static uint32_t smooth(struct grid *g)
{
    uint32_t most = 0;
    for (unsigned r = 0; r < g->rows; r++) {
        for (unsigned c = 0; c < g->columns; c++) {
            uint32_t mean = mean_around(g, c, r);
            g->smooth[r * g->columns + c] = mean;
            most = mean > most ? mean : most;
        }
    }
    return most;
}

/* A connected patch of busy cells. */
struct patch {
    unsigned c0, r0, c1, r1; /* inclusive */
    uint64_t weight;
};

static void push_if_busy(struct grid *g, unsigned c, unsigned r, uint32_t cut, uint32_t *depth)
{
    if (c >= g->columns || r >= g->rows) {
        return;
    }
    size_t at = (size_t)r * g->columns + c;
    if (!g->taken[at] && g->smooth[at] >= cut) {
        g->taken[at] = true;
        g->stack[(*depth)++] = (struct cell){(uint16_t)c, (uint16_t)r};
    }
}

/* Each cell enters the stack at most once, so the stack of one entry a cell cannot overflow. A
 * coordinate below zero wraps to one outside the grid. */
static struct patch connect(struct grid *g, unsigned column, unsigned row, uint32_t cut)
{
    struct patch p = {column, row, column, row, 0};
    uint32_t depth = 0;
    push_if_busy(g, column, row, cut, &depth);
    while (depth > 0) {
        unsigned c = g->stack[--depth].c, r = g->stack[depth].r;
        p.c0 = c < p.c0 ? c : p.c0;
        p.r0 = r < p.r0 ? r : p.r0;
        p.c1 = c > p.c1 ? c : p.c1;
        p.r1 = r > p.r1 ? r : p.r1;
        p.weight += g->smooth[(size_t)r * g->columns + c];
        push_if_busy(g, c - 1, r, cut, &depth);
        push_if_busy(g, c + 1, r, cut, &depth);
        push_if_busy(g, c, r - 1, cut, &depth);
        push_if_busy(g, c, r + 1, cut, &depth);
    }
    return p;
}

static bool plausible(const struct patch *p)
{
    unsigned wide = p->c1 - p->c0 + 1, high = p->r1 - p->r0 + 1;
    return wide >= MIN_BLOCKS && high >= MIN_BLOCKS && wide * 10 <= high * 24 &&
           high * 10 <= wide * 24;
}

/* Keeps the heaviest patches, heaviest first. */
static unsigned keep(struct patch kept[LOCATE_MAX], unsigned count, struct patch p)
{
    unsigned at = count;
    while (at > 0 && kept[at - 1].weight < p.weight) {
        at--;
    }
    if (at == LOCATE_MAX) {
        return count;
    }
    unsigned end = count < LOCATE_MAX ? count : LOCATE_MAX - 1;
    memmove(&kept[at + 1], &kept[at], (end - at) * sizeof p);
    kept[at] = p;
    return end + 1;
}

static unsigned patches_above(struct grid *g, uint32_t cut, struct patch kept[LOCATE_MAX])
{
    unsigned count = 0;
    for (unsigned r = 0; r < g->rows; r++) {
        for (unsigned c = 0; c < g->columns; c++) {
            size_t at = (size_t)r * g->columns + c;
            if (g->taken[at] || g->smooth[at] < cut) {
                continue;
            }
            struct patch p = connect(g, c, r, cut);
            if (plausible(&p)) {
                count = keep(kept, count, p);
            }
        }
    }
    return count;
}

/* A tenth more on each side, for the quiet zone and for what the cut nibbled away. */
static struct box padded(const struct patch *p, unsigned block, const struct image *grey)
{
    unsigned wide = (p->c1 - p->c0 + 1) * block, high = (p->r1 - p->r0 + 1) * block;
    unsigned pad = (wide > high ? wide : high) / 10 + block;
    unsigned x0 = p->c0 * block, y0 = p->r0 * block;
    unsigned x1 = x0 + wide + pad, y1 = y0 + high + pad;
    return (struct box){x0 > pad ? x0 - pad : 0, y0 > pad ? y0 - pad : 0,
                        x1 < grey->width ? x1 : grey->width, y1 < grey->height ? y1 : grey->height};
}

static unsigned find_patches(const struct image *grey, unsigned block, struct grid *g,
                             struct patch kept[LOCATE_MAX])
{
    size_t width = (size_t)g->columns * block;
    uint16_t *sums = malloc(3 * width * sizeof *sums);
    if (sums == NULL) {
        return 0;
    }
    measure(grey, block, &(struct columns){sums, sums + width, sums + 2 * width}, g);
    free(sums);
    uint32_t most = smooth(g);
    return most > 0 ? patches_above(g, most / 2 + 1, kept) : 0;
}

unsigned locate_codes(const struct image *grey, unsigned block, struct box ret_boxes[LOCATE_MAX])
{
    struct grid g;
    struct patch kept[LOCATE_MAX];
    unsigned count = 0;
    if (grid_new(grey, block, &g)) {
        count = find_patches(grey, block, &g, kept);
    }
    grid_free(&g);
    for (unsigned i = 0; i < count; i++) {
        ret_boxes[i] = padded(&kept[i], block, grey);
    }
    return count;
}
