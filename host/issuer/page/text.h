/* SPDX-License-Identifier: Apache-2.0
 *
 * Text that is measured before it is drawn: shaped in its own language with named fonts, fitted to
 * a width by shrinking within limits and then by wrapping. Refuses text that no listed font can
 * print; never clips, hyphenates or substitutes.
 */
#ifndef PAGE_TEXT_H
#define PAGE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "fonts.h"
#include "ink.h"
#include "refusal.h"

#define TEXT_RUNS_MAX 8

struct text_env; /* fonts and their settings; one a program */
struct text;     /* one fitted text */

/* Where a line may end. */
enum text_break {
    BREAK_WORDS,    /* where the language allows */
    BREAK_SPACES,   /* at spaces alone: a code split at a full stop reads as two */
    BREAK_ANYWHERE, /* after any character, in all runs of a text or in none */
};

/* A piece of text in one language. */
struct text_run {
    const char *lang; /* BCP 47 */
    const char *text; /* UTF-8; copied */
    double scale;     /* of the style's size */
    enum ink ink;
    bool bold;
    enum text_break breaks;
};

enum text_align { ALIGN_LEFT, ALIGN_CENTRE };

struct text_style {
    enum face face;
    enum text_align align;
    double size, size_min; /* points: the size aimed at and the smallest allowed */
    int lines;             /* the most lines allowed at size_min */
};

struct text_env *text_env_new(void); /* NULL when out of memory */
void text_env_free(struct text_env *env);

/* Fit `count` runs, set one after another, into `width` points. `member` names the text in a
 * refusal (it does not fit, or a character has no font). NULL when refused; else free with
 * text_free. */
struct text *text_fit(struct text_env *env, const char *member, const struct text_style *style,
                      const struct text_run *runs, size_t count, double width,
                      struct refusal *refusal);
void text_free(struct text *text);

/* The tight box around lines and ink, in points; 0 for NULL, so that layouts need no questions. */
double text_width(const struct text *text);
double text_height(const struct text *text);
double text_size(const struct text *text); /* of the style, after fitting */
int text_lines(const struct text *text);

/* Draw with the box's top left corner at x, y. `cairo` is a cairo_t. */
void text_draw(const struct text *text, void *cairo, double x, double y);

#endif
