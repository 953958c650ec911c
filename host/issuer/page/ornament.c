/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows three families of waves: around a frame, around a centre, across a card.
 */
#include "ornament.h"

#include <cairo.h>
#include <math.h>

#define PI 3.14159265358979323846

struct point {
    double x, y;
};

static void set_ink(cairo_t *cr, enum ink ink)
{
    struct rgb rgb = ink_rgb(ink);
    cairo_set_source_rgb(cr, rgb.red, rgb.green, rgb.blue);
}

/* The point at `distance` along a rounded rectangle, moved outwards by `offset`. */
static struct point on_rounded_rect(struct rect r, double radius, double distance, double offset)
{
    double w = r.width - 2 * radius;
    double h = r.height - 2 * radius;
    double arc = radius * PI / 2;
    const double straight[4] = {w, h, w, h};
    /* Clockwise from the top left: direction of each side and the centre of the corner after it. */
    const struct point centre[4] = {{r.x + r.width - radius, r.y + radius},
                                    {r.x + r.width - radius, r.y + r.height - radius},
                                    {r.x + radius, r.y + r.height - radius},
                                    {r.x + radius, r.y + radius}};
    for (int side = 0;; side = (side + 1) % 4) {
        double out = (side - 1) * PI / 2; /* angle of the outward normal of this side */
        struct point c = centre[side];
        if (distance < straight[side]) {
            double back = straight[side] - distance;
            return (struct point){c.x + (radius + offset) * cos(out) - back * cos(out + PI / 2),
                                  c.y + (radius + offset) * sin(out) - back * sin(out + PI / 2)};
        }
        distance -= straight[side];
        if (distance < arc) {
            double angle = out + distance / radius;
            return (struct point){c.x + (radius + offset) * cos(angle),
                                  c.y + (radius + offset) * sin(angle)};
        }
        distance -= arc;
    }
}

static double rounded_rect_length(struct rect r, double radius)
{
    return 2 * (r.width + r.height - 4 * radius) + 2 * PI * radius;
}

/* One closed wave around the frame. Half a period is one Bézier curve: with handles of 4/3 along
 * the slope at its ends it passes through the crest and stays within 2 % of the sine. */
static void wave_around(cairo_t *cr, struct rect r, double radius, int waves, double amplitude,
                        double phase)
{
    double half = rounded_rect_length(r, radius) / (2 * waves);
    double handle = half / PI * 4 / 3;
    double start = phase / PI * half;
    struct point p = on_rounded_rect(r, radius, start, 0);
    cairo_move_to(cr, p.x, p.y);
    for (int i = 0; i < 2 * waves; i++) {
        double swing = (i % 2 == 0 ? amplitude : -amplitude) * 4 / 3;
        double from = start + i * half;
        struct point a = on_rounded_rect(r, radius, from + handle, swing);
        struct point b = on_rounded_rect(r, radius, from + half - handle, swing);
        p = on_rounded_rect(r, radius, from + half, 0);
        cairo_curve_to(cr, a.x, a.y, b.x, b.y, p.x, p.y);
    }
    cairo_close_path(cr);
    cairo_stroke(cr);
}

static struct rect inset(struct rect r, double by)
{
    return (struct rect){r.x + by, r.y + by, r.width - 2 * by, r.height - 2 * by};
}

static void rounded_rect(cairo_t *cr, struct rect r, double radius)
{
    cairo_new_sub_path(cr);
    cairo_arc(cr, r.x + r.width - radius, r.y + radius, radius, -PI / 2, 0);
    cairo_arc(cr, r.x + r.width - radius, r.y + r.height - radius, radius, 0, PI / 2);
    cairo_arc(cr, r.x + radius, r.y + r.height - radius, radius, PI / 2, PI);
    cairo_arc(cr, r.x + radius, r.y + radius, radius, PI, 3 * PI / 2);
    cairo_close_path(cr);
    cairo_stroke(cr);
}

void ornament_frame(void *cairo, struct rect area)
{
    cairo_t *cr = cairo;
    struct rect centre = inset(area, MM(2.4));
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(cr, 0.28);
    set_ink(cr, INK_ACCENT);
    for (int i = 0; i < 4; i++) {
        wave_around(cr, centre, MM(5), 132, MM(2.0), i * PI / 4);
    }
    set_ink(cr, INK_GOLD);
    for (int i = 0; i < 2; i++) {
        wave_around(cr, centre, MM(5), 66, MM(2.2), i * PI);
    }
    cairo_set_line_width(cr, 0.9);
    set_ink(cr, INK_ACCENT);
    rounded_rect(cr, inset(area, MM(5.4)), MM(3));
    cairo_set_line_width(cr, 0.3);
    set_ink(cr, INK_GOLD);
    rounded_rect(cr, inset(area, MM(6.2)), MM(2.4));
}

/* One closed ring of 2 * petals half waves around a centre, curved like those of the frame. */
static void ring_around(cairo_t *cr, struct point centre, double radius, double swing, int petals,
                        double turn)
{
    double half = PI / petals;
    double handle = half / PI * 4 / 3;
    cairo_move_to(cr, centre.x + radius * cos(turn), centre.y + radius * sin(turn));
    for (int i = 0; i < 2 * petals; i++) {
        double crest = radius + (i % 2 == 0 ? swing : -swing) * 4 / 3;
        double from = turn + i * half;
        double to = from + half;
        cairo_curve_to(cr, centre.x + crest * cos(from + handle),
                       centre.y + crest * sin(from + handle), centre.x + crest * cos(to - handle),
                       centre.y + crest * sin(to - handle), centre.x + radius * cos(to),
                       centre.y + radius * sin(to));
    }
    cairo_close_path(cr);
    cairo_stroke(cr);
}

void ornament_rosette(void *cairo, struct rect area, enum ink ink)
{
    enum { RINGS = 22, PETALS = 12 };
    cairo_t *cr = cairo;
    struct point centre = {area.x + area.width / 2, area.y + area.height / 2};
    double outer = fmin(area.width, area.height) / 2;
    cairo_set_line_width(cr, 0.3);
    set_ink(cr, ink);
    for (int ring = 0; ring < RINGS; ring++) {
        double radius = outer * (0.34 + 0.54 * ring / RINGS);
        double turn = ring * PI / PETALS / 5.5;
        ring_around(cr, centre, radius, 0.12 * outer, PETALS, turn);
        ring_around(cr, centre, radius, 0.12 * outer, PETALS, -turn);
    }
}

void ornament_waves(void *cairo, struct rect area, enum ink ink)
{
    cairo_t *cr = cairo;
    cairo_save(cr);
    cairo_rectangle(cr, area.x, area.y, area.width, area.height);
    cairo_clip(cr);
    cairo_set_line_width(cr, 0.25);
    set_ink(cr, ink);
    for (int line = -6; line < 30; line++) {
        double base = area.y + area.height * line / 24;
        for (int i = 0; i <= 60; i++) {
            double share = i / 60.0;
            double swing = sin(2 * PI * share * 1.5 + line * 0.16) +
                           0.4 * sin(2 * PI * share * 4 - line * 0.21);
            cairo_line_to(cr, area.x + area.width * share, base + area.height * 0.07 * swing);
        }
        cairo_stroke(cr);
    }
    cairo_restore(cr);
}
