/* SPDX-License-Identifier: Apache-2.0
 *
 * Pictures of QR codes for the decoder's tests: a small scene with a certificate on a desk, seen
 * through a bad camera, and its encoding as a file. Everything follows from a seed. It knows
 * nothing of the decoder.
 */
#ifndef TESTS_DECODE_ART_H
#define TESTS_DECODE_ART_H

#include "wire/bytes.h"

/* A grey picture; px is owned, width bytes a row. */
struct art {
    unsigned width, height;
    uint8_t *px;
};

/* A file's bytes; ptr is owned. */
struct art_file {
    uint8_t *ptr;
    size_t len;
};

enum art_fault {
    ART_NONE,
    ART_SMALL, /* 1.5 to 2.5 pixels a module */
    ART_ROTATED,
    ART_TILTED,
    ART_CURVED,
    ART_BLURRED,
    ART_SHAKEN,
    ART_NOISY,
    ART_FAINT,
    ART_GLARE,
    ART_SHADOW,
    ART_JPEG,
    ART_INVERTED,
    ART_MOIRE, /* photographed from a screen */
    ART_MIXED,
    ART_FAULTS,
};

const char *art_fault_name(enum art_fault fault);

/* A small generator (xorshift); never returns to where it was within a test. */
uint32_t art_random(uint64_t *state);
double art_between(uint64_t *state, double low, double high);

/* Random text as certificates carry it: a prefix and `len` base45 characters. NUL-terminated;
 * free() it. */
char *art_text(uint64_t *state, size_t len);

struct art art_blank(unsigned width, unsigned height, uint8_t grey);
void art_free(struct art *art);

/* A code of `module` pixels a module with its quiet zone, drawn at x, y (of the quiet zone). The
 * side drawn. */
unsigned art_draw_code(struct art *art, struct span text, unsigned x, unsigned y, unsigned module);

/* A code alone in its quiet zone. */
struct art art_code(struct span text, unsigned module);

/* A camera frame of a certificate that carries the text, with one fault of random strength. */
struct art art_frame(uint64_t *state, struct span text, enum art_fault fault, unsigned width,
                     unsigned height);

void art_blur(struct art *art, double sigma);
void art_noise(struct art *art, uint64_t *state, double sigma);
void art_invert(struct art *art);

enum art_png {
    ART_PNG_GREY,
    ART_PNG_RGB,
    ART_PNG_RGBA,
    ART_PNG_PALETTE,
    ART_PNG_GREY16,
    ART_PNG_BITS
};
struct art_file art_png(const struct art *art, enum art_png kind, bool interlaced);
struct art_file art_jpeg(const struct art *art, int quality, bool progressive);
struct art_file art_webp(const struct art *art, bool lossless);
/* One page a picture, A4, the code `width_mm` wide at the middle. */
struct art_file art_pdf(const struct art *const *pages, size_t count, double width_mm);
void art_file_free(struct art_file *file);

#endif
