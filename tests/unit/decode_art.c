/* SPDX-License-Identifier: Apache-2.0
 *
 * The scene and the camera. Distances on the paper are in modules, in the picture in pixels; each
 * pixel is the mean of a few rays through it.
 */
#include "decode_art.h"

#include <math.h>
#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>

enum { QUIET = 4, RAYS = 3 };

const char *art_fault_name(enum art_fault fault)
{
    static const char *const NAMES[ART_FAULTS] = {
        "none",  "small", "rotated", "tilted", "curved",   "blurred", "shaken", "noisy",
        "faint", "glare", "shadow",  "jpeg",   "inverted", "moire",   "mixed"};
    return NAMES[fault];
}

uint32_t art_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)(*state >> 24);
}

double art_between(uint64_t *state, double low, double high)
{
    return low + (high - low) * (double)art_random(state) / UINT32_MAX;
}

static double gauss(uint64_t *state)
{
    double sum = 0;
    for (unsigned i = 0; i < 12; i++) {
        sum += art_between(state, 0, 1);
    }
    return sum - 6;
}

char *art_text(uint64_t *state, size_t len)
{
    static const char BASE45[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    char *text = malloc(len + 5);
    if (text == NULL) {
        abort();
    }
    memcpy(text, "CC1:", 4);
    for (size_t i = 0; i < len; i++) {
        text[4 + i] = BASE45[art_random(state) % 45];
    }
    text[4 + len] = '\0';
    return text;
}

struct art art_blank(unsigned width, unsigned height, uint8_t grey)
{
    struct art art = {width, height, malloc((size_t)width * height)};
    if (art.px == NULL) {
        abort();
    }
    memset(art.px, grey, (size_t)width * height);
    return art;
}

void art_free(struct art *art)
{
    free(art->px);
    *art = (struct art){0};
}

static QRcode *encode(struct span text)
{
    bool alphanumeric = span_starts_with(text, span_str("CC1:"));
    QRcode *qr = NULL;
    if (alphanumeric) {
        char copy[8192] = {0};
        memcpy(copy, text.ptr, text.len < sizeof copy - 1 ? text.len : sizeof copy - 1);
        qr = QRcode_encodeString(copy, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    } else {
        qr = QRcode_encodeData((int)text.len, text.ptr, 0, QR_ECLEVEL_M);
    }
    if (qr == NULL) {
        abort();
    }
    return qr;
}

static bool dark(const QRcode *qr, int x, int y)
{
    return x >= 0 && y >= 0 && x < qr->width && y < qr->width && (qr->data[y * qr->width + x] & 1);
}

unsigned art_draw_code(struct art *art, struct span text, unsigned x, unsigned y, unsigned module)
{
    QRcode *qr = encode(text);
    unsigned side = ((unsigned)qr->width + 2 * QUIET) * module;
    for (unsigned v = 0; v < side && y + v < art->height; v++) {
        for (unsigned u = 0; u < side && x + u < art->width; u++) {
            bool ink = dark(qr, (int)(u / module) - QUIET, (int)(v / module) - QUIET);
            art->px[(size_t)(y + v) * art->width + x + u] = ink ? 0 : 255;
        }
    }
    QRcode_free(qr);
    return side;
}

struct art art_code(struct span text, unsigned module)
{
    QRcode *qr = encode(text);
    unsigned side = ((unsigned)qr->width + 2 * QUIET) * module;
    QRcode_free(qr);
    struct art art = art_blank(side, side, 255);
    art_draw_code(&art, text, 0, 0, module);
    return art;
}

/* Grey of the paper or the desk at a place given in modules from the code's centre. */
static double scene(const QRcode *qr, double u, double v, uint32_t seed)
{
    double half = qr->width / 2.0;
    double au = fabs(u), av = fabs(v);
    if (au < half && av < half) {
        return dark(qr, (int)floor(u + half), (int)floor(v + half)) ? 35 : 230;
    }
    if (au < half + 6 && av < half + 6) {
        return 230;
    }
    /* A sheet with lines of print, then the desk with a grain. */
    bool paper = au < half * 2.2 && av < half * 1.7;
    int row = (int)floor(v / (paper ? 2.5 : 7)), column = (int)floor(u / (paper ? 0.8 : 9));
    uint64_t cell = ((uint64_t)(uint32_t)row << 32 | (uint32_t)column) * 0x9e3779b97f4a7c15U + seed;
    uint32_t hash = art_random(&cell);
    if (!paper) {
        return 90 + hash % 50;
    }
    bool ink = fabs(v / 2.5 - row - 0.5) < 0.3 && hash % 5 < 2 && (unsigned)row % 7 != 0;
    return ink ? 70 : 225;
}

/* Where the camera stands and what is wrong with it. Pixels unless said otherwise. */
struct camera {
    double module;              /* pixels a module at the centre */
    double turn, tilt, tilt_at; /* radians */
    double curve;               /* radians of arc from the centre to the code's edge */
    double blur, shake, shake_at;
    double noise;
    double low, high; /* the picture's black and white */
    double glare, shadow;
    int jpeg;
    bool invert;
    double moire;
};

/* A picture point to a paper point: turn back, undo the perspective, unroll. */
static void to_paper(const struct camera *c, double half, double x, double y, double *u, double *v)
{
    double sx = cos(c->tilt_at), sy = sin(c->tilt_at);
    double along = (x * sx + y * sy) / c->module, across = (-x * sy + y * sx) / c->module;
    double distance = 6 * half;
    double scale = distance / (distance * cos(c->tilt) - along * sin(c->tilt));
    double a = along * scale, b = across * (1 + a * sin(c->tilt) / distance);
    double pu = a * sx - b * sy, pv = a * sy + b * sx;
    *u = pu * cos(c->turn) + pv * sin(c->turn);
    *v = -pu * sin(c->turn) + pv * cos(c->turn);
    if (c->curve > 0) {
        double radius = half / c->curve, t = *u / radius;
        *u = radius * asin(t < -0.99 ? -0.99 : t > 0.99 ? 0.99 : t);
    }
}

static double pixel(const QRcode *qr, const struct camera *c, double x, double y, uint32_t seed)
{
    double sum = 0;
    for (int i = 0; i < RAYS * RAYS; i++) {
        double u = 0, v = 0;
        int row = i / RAYS;
        to_paper(c, qr->width / 2.0, x + (i % RAYS + 0.5) / RAYS, y + (row + 0.5) / RAYS, &u, &v);
        double grey = scene(qr, u, v, seed);
        /* A screen: dark lines between its own pixels, finer than a module. */
        double grid = c->moire * (cos(u * 2 * M_PI * 2.13) + cos(v * 2 * M_PI * 2.13)) / 2;
        sum += grey * (1 - c->moire + grid);
    }
    return sum / (RAYS * RAYS);
}

static uint8_t byte_of(double grey)
{
    return (uint8_t)(grey < 0 ? 0 : grey > 255 ? 255 : grey + 0.5);
}

/* One direction of a separable or a directed blur. */
static void smear(struct art *art, double dx, double dy, const double *weight, int reach)
{
    struct art from = art_blank(art->width, art->height, 0);
    memcpy(from.px, art->px, (size_t)art->width * art->height);
    for (int y = 0; y < (int)art->height; y++) {
        for (int x = 0; x < (int)art->width; x++) {
            double sum = 0;
            for (int i = -reach; i <= reach; i++) {
                int px = x + (int)lround(i * dx), py = y + (int)lround(i * dy);
                px = px < 0 ? 0 : px >= (int)art->width ? (int)art->width - 1 : px;
                py = py < 0 ? 0 : py >= (int)art->height ? (int)art->height - 1 : py;
                sum += weight[i + reach] * from.px[(size_t)py * art->width + (size_t)px];
            }
            art->px[(size_t)y * art->width + (size_t)x] = byte_of(sum);
        }
    }
    art_free(&from);
}

void art_blur(struct art *art, double sigma)
{
    double weight[65] = {0}, sum = 0;
    int reach = (int)ceil(3 * sigma);
    reach = reach > 32 ? 32 : reach;
    for (int i = -reach; i <= reach; i++) {
        weight[i + reach] = exp(-i * i / (2 * sigma * sigma));
        sum += weight[i + reach];
    }
    for (int i = 0; i <= 2 * reach; i++) {
        weight[i] /= sum;
    }
    smear(art, 1, 0, weight, reach);
    smear(art, 0, 1, weight, reach);
}

static void shake(struct art *art, double length, double angle)
{
    double weight[65];
    int reach = (int)ceil(length / 2);
    reach = reach > 32 ? 32 : reach;
    for (int i = 0; i <= 2 * reach; i++) {
        weight[i] = 1.0 / (2 * reach + 1);
    }
    smear(art, cos(angle) * length / (2 * reach + 1), sin(angle) * length / (2 * reach + 1), weight,
          reach);
}

void art_noise(struct art *art, uint64_t *state, double sigma)
{
    for (size_t i = 0; i < (size_t)art->width * art->height; i++) {
        art->px[i] = byte_of(art->px[i] + sigma * gauss(state));
    }
}

void art_invert(struct art *art)
{
    for (size_t i = 0; i < (size_t)art->width * art->height; i++) {
        art->px[i] = (uint8_t)(255 - art->px[i]);
    }
}

static void light(struct art *art, const struct camera *c)
{
    for (unsigned y = 0; y < art->height; y++) {
        for (unsigned x = 0; x < art->width; x++) {
            uint8_t *p = &art->px[(size_t)y * art->width + x];
            double grey = c->low + (c->high - c->low) * *p / 255.0;
            double dx = ((double)x - art->width * 0.42) / art->height;
            double dy = ((double)y - art->height * 0.55) / art->height;
            grey += c->glare * exp(-(dx * dx + dy * dy) / 0.004);
            grey *= (double)x + 0.3 * y < 0.6 * art->width ? 1 - c->shadow : 1;
            *p = byte_of(grey);
        }
    }
}

static struct camera camera_for(uint64_t *state, enum art_fault fault)
{
    struct camera c = {.module = art_between(state, 2.3, 4), .noise = 3, .high = 255};
    c.turn = art_between(state, -0.1, 0.1);
    bool mixed = fault == ART_MIXED;
    if (fault == ART_SMALL) {
        c.module = art_between(state, 1.5, 2.5);
    }
    if (fault == ART_ROTATED || mixed) {
        c.turn = art_between(state, -M_PI, M_PI);
    }
    if (fault == ART_TILTED || mixed) {
        c.tilt = art_between(state, mixed ? 0.1 : 0.35, mixed ? 0.4 : 0.75);
        c.tilt_at = art_between(state, -M_PI, M_PI);
    }
    c.curve = fault == ART_CURVED ? art_between(state, 0.3, 0.8) : 0;
    if (fault == ART_BLURRED || mixed) {
        c.blur = c.module * art_between(state, mixed ? 0.2 : 0.3, mixed ? 0.35 : 0.55);
    }
    if (fault == ART_SHAKEN) {
        c.shake = c.module * art_between(state, 0.8, 1.5);
        c.shake_at = art_between(state, -M_PI, M_PI);
    }
    if (fault == ART_NOISY || mixed) {
        c.noise = art_between(state, 12, mixed ? 20 : 40);
    }
    if (fault == ART_FAINT || mixed) {
        double span = art_between(state, mixed ? 80 : 25, mixed ? 160 : 60);
        c.low = art_between(state, 20, 200 - span);
        c.high = c.low + span;
    }
    c.glare = fault == ART_GLARE ? art_between(state, 60, 200) : 0;
    c.shadow = fault == ART_SHADOW ? art_between(state, 0.4, 0.8) : 0;
    c.jpeg = fault == ART_JPEG ? (int)art_between(state, 10, 40) : 0;
    c.invert = fault == ART_INVERTED;
    c.moire = fault == ART_MOIRE ? art_between(state, 0.1, 0.3) : 0;
    return c;
}

/* In art_files.c; a picture through JPEG and back. */
void art_through_jpeg(struct art *art, int quality);

struct art art_frame(uint64_t *state, struct span text, enum art_fault fault, unsigned width,
                     unsigned height)
{
    QRcode *qr = encode(text);
    struct camera c = camera_for(state, fault);
    double fits = 0.85 * height / (qr->width + 4);
    c.module = fault == ART_ROTATED || fault == ART_MIXED ? fmin(c.module, fits / 1.25)
                                                          : fmin(c.module, fits);
    double cx = width / 2.0 + art_between(state, -20, 20);
    double cy = height / 2.0 + art_between(state, -10, 10);
    uint32_t seed = art_random(state);
    struct art art = art_blank(width, height, 0);
    for (unsigned y = 0; y < height; y++) {
        for (unsigned x = 0; x < width; x++) {
            art.px[(size_t)y * width + x] = byte_of(pixel(qr, &c, x - cx, y - cy, seed));
        }
    }
    QRcode_free(qr);
    if (c.invert) {
        art_invert(&art);
    }
    art_blur(&art, hypot(0.5, c.blur));
    if (c.shake > 0) {
        shake(&art, c.shake, c.shake_at);
    }
    light(&art, &c);
    art_noise(&art, state, c.noise);
    if (c.jpeg > 0) {
        art_through_jpeg(&art, c.jpeg);
    }
    return art;
}
