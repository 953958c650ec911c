/* SPDX-License-Identifier: Apache-2.0
 *
 * Codes as pictures. The word SAMPLE is drawn here, dot by dot: six letters need no fonts.
 */
#include "frames.h"

#include <stdlib.h>

#include "devices/png_file.h"

#define LETTERS       6
#define LETTER_WIDTH  6 /* with the gap behind it */
#define LETTER_HEIGHT 7
#define WORD_WIDTH    (LETTERS * LETTER_WIDTH - 1)
#define WORD_ROOM     (WORD_WIDTH + 2)
#define WORD_SHARE    50 /* dots in the width of a code */

struct canvas {
    unsigned width, height; /* pixels */
    unsigned scale;         /* pixels a module */
    unsigned modules;       /* in the width */
    uint8_t *px;
};

static void fill_module(struct canvas *c, unsigned column, unsigned row)
{
    for (unsigned y = row * c->scale; y < (row + 1) * c->scale; y++) {
        memset(c->px + (size_t)y * c->width + (size_t)column * c->scale, 0, c->scale);
    }
}

static void draw_code(struct canvas *c, const struct qr *qr)
{
    unsigned left = (c->modules - qr->side) / 2;
    for (unsigned row = 0; row < qr->side; row++) {
        for (unsigned column = 0; column < qr->side; column++) {
            if (qr_dark(qr, column, row)) {
                fill_module(c, left + column, row + QR_QUIET_MODULES);
            }
        }
    }
}

static bool letter_dark(unsigned column, unsigned row)
{
    static const uint8_t letter[LETTERS][LETTER_HEIGHT] = {
        {0x0F, 0x10, 0x10, 0x0E, 0x01, 0x01, 0x1E}, {0x0E, 0x11, 0x11, 0x1F, 0x11, 0x11, 0x11},
        {0x11, 0x1B, 0x15, 0x15, 0x11, 0x11, 0x11}, {0x1E, 0x11, 0x11, 0x1E, 0x10, 0x10, 0x10},
        {0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1F}, {0x1F, 0x10, 0x10, 0x1E, 0x10, 0x10, 0x1F},
    };
    unsigned within = column % LETTER_WIDTH;
    return within < 5 && (letter[column / LETTER_WIDTH][row] >> (4 - within) & 1) != 0;
}

/* Modules a dot of the word, which is about two thirds as wide as the code. */
static unsigned word_dot(const struct qr *qr)
{
    unsigned dot = qr->side / WORD_SHARE;
    return dot == 0 ? 1 : dot;
}

static void draw_word(struct canvas *c, const struct qr *qr)
{
    unsigned dot = word_dot(qr);
    unsigned left = (c->modules - WORD_WIDTH * dot) / 2;
    for (unsigned y = 0; y < LETTER_HEIGHT * dot; y++) {
        for (unsigned x = 0; x < WORD_WIDTH * dot; x++) {
            if (letter_dark(x / dot, y / dot)) {
                fill_module(c, left + x, qr_modules_with_quiet(qr) + y);
            }
        }
    }
}

bool frames_png(const struct qr *qr, unsigned scale, bool sample, uint8_t **ret_png,
                size_t *ret_len)
{
    unsigned height = qr_modules_with_quiet(qr), width = height;
    if (sample) {
        height += LETTER_HEIGHT * word_dot(qr) + QR_QUIET_MODULES;
        width = width < WORD_ROOM ? WORD_ROOM : width; /* the smallest codes are narrower */
    }
    struct canvas c = {width * scale, height * scale, scale, width, NULL};
    size_t size = (size_t)c.width * c.height;
    c.px = malloc(size);
    if (c.px == NULL) {
        return false;
    }
    memset(c.px, 0xFF, size);
    draw_code(&c, qr);
    if (sample) {
        draw_word(&c, qr);
    }
    bool written = png_file_write(c.px, c.width, c.height, PNG_FILE_GREY, ret_png, ret_len);
    free(c.px);
    return written;
}
