/* SPDX-License-Identifier: Apache-2.0
 *
 * The only file of this program that knows Pango. Two traps shape it: text without a language tag
 * is shaped with a neighbour's font and shows dotted circles while Pango reports no unknown glyph,
 * and wrapping anywhere inserts hyphens into names unless told not to.
 */
#include "text.h"

#include <hb.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

#include "line_break.h"

#define TEXT_BYTES_MAX 4096
#define SHAPED_SIZE    12.0 /* points at which all text is shaped */
#define DOTTED_CIRCLE  0x25cc
#define SHRINK_STEP    0.95
#define SHRINK_FIRST   0.80 /* shrink to this share of the size before taking another line */

struct text_env {
    PangoFontMap *fonts;
    PangoContext *context;
};

struct text {
    PangoLayout *layout;             /* at SHAPED_SIZE */
    double scale;                    /* from there to the size that fits */
    double left, top, width, height; /* points: union of logical and ink extents */
};

/* Where each run lies in the composed text, to know which families it may use. */
struct composed {
    char bytes[TEXT_BYTES_MAX];
    size_t len;
    size_t ends[TEXT_RUNS_MAX];
    const char *families[TEXT_RUNS_MAX];
    size_t count;
    bool anywhere;             /* a line may end after any character */
    PangoAttrList *attributes; /* owned */
};

struct text_env *text_env_new(void)
{
    struct text_env *env = calloc(1, sizeof *env);
    if (env == NULL) {
        return NULL;
    }
    env->fonts = pango_cairo_font_map_new();
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(env->fonts), 72);
    env->context = pango_font_map_create_context(env->fonts);
    /* The page is measured in points, not in pixels of a screen: nothing may be rounded to either.
     */
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(env->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(env->context, FALSE);
    return env;
}

void text_env_free(struct text_env *env)
{
    if (env != NULL) {
        g_object_unref(env->context);
        g_object_unref(env->fonts);
        free(env);
    }
}

static void add_attribute(struct composed *c, PangoAttribute *attribute, size_t from)
{
    attribute->start_index = (guint)from;
    attribute->end_index = (guint)c->len;
    pango_attr_list_insert(c->attributes, attribute);
}

static void add_run_attributes(struct composed *c, const struct text_run *run, size_t from)
{
    struct rgb rgb = ink_rgb(run->ink);
    add_attribute(c, pango_attr_language_new(pango_language_from_string(run->lang)), from);
    add_attribute(c, pango_attr_family_new(c->families[c->count]), from);
    add_attribute(c, pango_attr_scale_new(run->scale), from);
    add_attribute(c, pango_attr_weight_new(run->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL),
                  from);
    add_attribute(c,
                  pango_attr_foreground_new((guint16)(rgb.red * 65535),
                                            (guint16)(rgb.green * 65535),
                                            (guint16)(rgb.blue * 65535)),
                  from);
}

/* Forbid breaks within each word from `from` on. */
static void keep_words_whole(struct composed *c, size_t from)
{
    while (from < c->len) {
        size_t len = strcspn(c->bytes + from, " ");
        PangoAttribute *whole = pango_attr_allow_breaks_new(FALSE);
        whole->start_index = (guint)from;
        whole->end_index = (guint)(from + len);
        pango_attr_list_insert(c->attributes, whole);
        from += len + 1;
    }
}

static bool add_run(struct composed *c, const struct text_run *run, enum face face)
{
    char *marked = line_break_mark(run->text, run->lang);
    size_t len = marked == NULL ? 0 : strlen(marked);
    bool fits = marked != NULL && c->count < TEXT_RUNS_MAX && len < sizeof c->bytes - c->len;
    if (fits) {
        size_t from = c->len;
        memcpy(c->bytes + from, marked, len + 1);
        c->len += len;
        c->families[c->count] = fonts_families(run->lang, face);
        add_run_attributes(c, run, from);
        if (run->breaks == BREAK_SPACES) {
            keep_words_whole(c, from);
        }
        c->anywhere = run->breaks == BREAK_ANYWHERE;
        c->ends[c->count++] = c->len;
    }
    free(marked);
    return fits;
}

/* Whether `families`, "A, B", lists this family. */
static bool is_listed(const char *families, const char *family)
{
    size_t len = strlen(family);
    for (const char *at = families; at != NULL; at = strchr(at, ',')) {
        at += strspn(at, ", ");
        if (strncmp(at, family, len) == 0 && (at[len] == ',' || at[len] == '\0')) {
            return true;
        }
    }
    return false;
}

static bool font_is_listed(const struct composed *c, PangoFont *font, size_t offset)
{
    size_t run = 0;
    while (run + 1 < c->count && offset >= c->ends[run]) {
        run++;
    }
    PangoFontDescription *description = pango_font_describe(font);
    const char *family = pango_font_description_get_family(description);
    bool listed = family != NULL && is_listed(c->families[run], family);
    pango_font_description_free(description);
    return listed;
}

/* A shaper that cannot combine a mark prints a dotted circle, which is nobody's name. */
static bool glyphs_are_good(const PangoGlyphItem *run)
{
    hb_codepoint_t circle = 0;
    hb_font_t *font = pango_font_get_hb_font(run->item->analysis.font);
    bool has_circle = hb_font_get_nominal_glyph(font, DOTTED_CIRCLE, &circle);
    for (int i = 0; i < run->glyphs->num_glyphs; i++) {
        PangoGlyph glyph = run->glyphs->glyphs[i].glyph;
        bool unknown = glyph != PANGO_GLYPH_EMPTY && (glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0;
        if (unknown || glyph == 0 || (has_circle && glyph == circle)) {
            return false;
        }
    }
    return true;
}

static bool is_printable(PangoLayout *layout, const struct composed *c)
{
    bool good = pango_layout_get_unknown_glyphs_count(layout) == 0;
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    do {
        const PangoLayoutRun *run = pango_layout_iter_get_run_readonly(at);
        if (run != NULL) {
            good = good && font_is_listed(c, run->item->analysis.font, (size_t)run->item->offset) &&
                   glyphs_are_good(run);
        }
    } while (good && pango_layout_iter_next_run(at));
    pango_layout_iter_free(at);
    return good;
}

static void set_font(PangoLayout *layout, const struct composed *c)
{
    PangoFontDescription *description = pango_font_description_new();
    pango_font_description_set_family_static(description, c->families[0]);
    pango_font_description_set_absolute_size(description, SHAPED_SIZE * PANGO_SCALE);
    pango_layout_set_font_description(layout, description);
    pango_font_description_free(description);
}

static double natural_width(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return logical.width / (double)PANGO_SCALE;
}

/* Whether text of this size, wrapped at `width`, keeps to it and to `lines`. Nothing is hinted or
 * rounded, so text of half the size is text in twice the width: fonts are loaded in one size only,
 * which is what makes a page take milliseconds. */
static bool fits(PangoLayout *layout, double size, double width, int lines)
{
    double shaped_width = width * SHAPED_SIZE / size;
    pango_layout_set_width(layout, (int)(shaped_width * PANGO_SCALE));
    return pango_layout_get_line_count(layout) <= lines &&
           natural_width(layout) <= shaped_width + 0.01;
}

static double floor_size(const struct text_style *style, int lines)
{
    return lines == style->lines ? style->size_min
                                 : fmax(style->size_min, style->size * SHRINK_FIRST);
}

/* The largest size at which the text keeps to `lines`, or 0; words stay whole unless `mode` allows
 * more. */
static double largest_size(PangoLayout *layout, const struct text_style *style, double width,
                           int lines, PangoWrapMode mode)
{
    double floor = floor_size(style, lines);
    double size = style->size;
    pango_layout_set_wrap(layout, mode);
    while (!fits(layout, size, width, lines)) {
        if (size <= floor) {
            return 0;
        }
        size = fmax(size * SHRINK_STEP, floor);
    }
    return size;
}

/* The same for text that needs no wrapping, by proportion. */
static double unwrapped_size(PangoLayout *layout, const struct text_style *style, double width)
{
    pango_layout_set_width(layout, -1);
    int lines = pango_layout_get_line_count(layout);
    double size = fmin(style->size, 0.999 * width * SHAPED_SIZE / fmax(natural_width(layout), 1));
    bool good = lines <= style->lines && size >= floor_size(style, lines);
    return good && fits(layout, size, width, lines) ? size : 0;
}

static double fit_size(PangoLayout *layout, const struct text_style *style, double width,
                       bool anywhere)
{
    double size = unwrapped_size(layout, style, width);
    if (anywhere) {
        return size > 0 ? size : largest_size(layout, style, width, style->lines, PANGO_WRAP_CHAR);
    }
    for (int lines = 1; size == 0 && lines <= style->lines; lines++) {
        size = largest_size(layout, style, width, lines, PANGO_WRAP_WORD);
    }
    if (size == 0) {
        size = largest_size(layout, style, width, style->lines, PANGO_WRAP_WORD_CHAR);
    }
    return size;
}

/* Lines of similar length: the narrowest width that needs no further line. */
static void balance(PangoLayout *layout, double size, double width)
{
    int lines = pango_layout_get_line_count(layout);
    double narrow = width / lines;
    double wide = width;
    for (int step = 0; lines > 1 && step < 7; step++) {
        double middle = (narrow + wide) / 2;
        if (fits(layout, size, middle, lines)) {
            wide = middle;
        } else {
            narrow = middle;
        }
    }
    (void)fits(layout, size, wide, lines);
}

static void measure(struct text *text)
{
    PangoRectangle ink;
    PangoRectangle logical;
    pango_layout_get_extents(text->layout, &ink, &logical);
    int left = ink.width > 0 ? MIN(ink.x, logical.x) : logical.x;
    int top = ink.height > 0 ? MIN(ink.y, logical.y) : logical.y;
    int right = MAX(ink.x + ink.width, logical.x + logical.width);
    int bottom = MAX(ink.y + ink.height, logical.y + logical.height);
    double points = text->scale / PANGO_SCALE;
    text->left = left * points;
    text->top = top * points;
    text->width = (right - left) * points;
    text->height = (bottom - top) * points;
}

static PangoLayout *new_layout(struct text_env *env, const struct composed *c,
                               const struct text_style *style)
{
    PangoLayout *layout = pango_layout_new(env->context);
    pango_layout_set_text(layout, c->bytes, (int)c->len);
    pango_layout_set_attributes(layout, c->attributes);
    pango_layout_set_alignment(layout, style->align == ALIGN_CENTRE ? PANGO_ALIGN_CENTER
                                                                    : PANGO_ALIGN_LEFT);
    set_font(layout, c);
    return layout;
}

static bool compose(struct composed *c, const struct text_style *style, const struct text_run *runs,
                    size_t count)
{
    *c = (struct composed){.attributes = pango_attr_list_new()};
    for (size_t i = 0; i < count; i++) {
        if (!add_run(c, &runs[i], style->face)) {
            return false;
        }
    }
    add_attribute(c, pango_attr_insert_hyphens_new(FALSE), 0);
    return true;
}

/* Fit the layout; its size, or 0 after a refusal. */
static double settle(PangoLayout *layout, const struct composed *c, const char *member,
                     const struct text_style *style, double width, struct refusal *refusal)
{
    if (!is_printable(layout, c)) {
        (void)refuse(refusal, member,
                     "has a character that no installed font of its language prints");
        return 0;
    }
    double size = fit_size(layout, style, width, c->anywhere);
    if (size == 0) {
        (void)refuse(refusal, member, "too long to be printed at a readable size");
    } else if (style->align == ALIGN_CENTRE) {
        balance(layout, size, width);
    }
    return size;
}

struct text *text_fit(struct text_env *env, const char *member, const struct text_style *style,
                      const struct text_run *runs, size_t count, double width,
                      struct refusal *refusal)
{
    if (refused(refusal)) {
        return NULL;
    }
    struct text *text = NULL;
    struct composed composed;
    if (!compose(&composed, style, runs, count)) {
        (void)refuse_internal(refusal, member, "could not be composed");
        goto out;
    }
    PangoLayout *layout = new_layout(env, &composed, style);
    double size = settle(layout, &composed, member, style, width, refusal);
    text = size > 0 ? calloc(1, sizeof *text) : NULL;
    if (text == NULL) {
        (void)refuse_internal(refusal, member, "out of memory"); /* unless refused already */
        g_object_unref(layout);
        goto out;
    }
    text->layout = layout;
    text->scale = size / SHAPED_SIZE;
    measure(text);
out:
    pango_attr_list_unref(composed.attributes);
    return text;
}

void text_free(struct text *text)
{
    if (text != NULL) {
        g_object_unref(text->layout);
        free(text);
    }
}

double text_width(const struct text *text)
{
    return text == NULL ? 0 : text->width;
}

double text_height(const struct text *text)
{
    return text == NULL ? 0 : text->height;
}

double text_size(const struct text *text)
{
    return text == NULL ? 0 : text->scale * SHAPED_SIZE;
}

int text_lines(const struct text *text)
{
    return text == NULL ? 0 : pango_layout_get_line_count(text->layout);
}

void text_draw(const struct text *text, void *cairo, double x, double y)
{
    cairo_t *cr = cairo;
    cairo_save(cr);
    cairo_translate(cr, x - text->left, y - text->top);
    cairo_scale(cr, text->scale, text->scale);
    cairo_move_to(cr, 0, 0);
    pango_cairo_show_layout(cr, text->layout);
    cairo_restore(cr);
}
