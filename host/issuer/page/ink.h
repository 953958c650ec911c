/* SPDX-License-Identifier: Apache-2.0
 *
 * The colours of a page, by the job they do. Text inks keep a contrast of 4.5:1 or more on paper.
 */
#ifndef PAGE_INK_H
#define PAGE_INK_H

enum ink {
    INK_TEXT,   /* what the certificate says */
    INK_SOFT,   /* labels, the second language */
    INK_ACCENT, /* titles, English labels, full award */
    INK_GOLD,   /* ornament, never text */
    INK_TINT,   /* hairlines, never text */
    INK_GROUND, /* line work behind text, never text */
    INK_WARN,   /* partial award, restrictions */
    INK_SAMPLE, /* the SAMPLE lines */
    INK_GHOST,  /* the large SAMPLE behind the content */
    INK_PAPER,
    INK_COUNT
};

struct rgb {
    double red, green, blue; /* 0..1, sRGB */
};

static inline struct rgb ink_rgb(enum ink ink)
{
    static const struct rgb inks[INK_COUNT] = {
        [INK_TEXT] = {0.086, 0.106, 0.122},   [INK_SOFT] = {0.345, 0.384, 0.408},
        [INK_ACCENT] = {0.047, 0.259, 0.325}, [INK_GOLD] = {0.690, 0.565, 0.325},
        [INK_TINT] = {0.847, 0.886, 0.886},   [INK_GROUND] = {0.918, 0.941, 0.941},
        [INK_WARN] = {0.596, 0.243, 0.024},   [INK_SAMPLE] = {0.702, 0.051, 0.133},
        [INK_GHOST] = {0.957, 0.898, 0.898},  [INK_PAPER] = {1, 1, 1},
    };
    return inks[ink];
}

#endif
