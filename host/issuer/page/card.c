/* SPDX-License-Identifier: Apache-2.0
 *
 * The card, ISO/IEC 7810 ID-1. Front: who awards it, photo, name, what, number and dates. Back: the
 * code as large as fits, and the units or what to do with the code. Draws nothing: pdf.c does.
 */
#include "layout.h"

#include <math.h>
#include <stdio.h>

#include "facts.h"

#define CARD_WIDTH   MM(85.60)
#define CARD_HEIGHT  MM(53.98)
#define SAFE_MARGIN  MM(0.8)
#define SIDE         MM(4)
#define BAND_HEIGHT  MM(9.6)
#define BAND_PAD     MM(1.1)
#define PHOTO_WIDTH  MM(22)
#define PHOTO_HEIGHT MM(28.3)
#define COLUMN_GAP   MM(3)
#define QR_ROOM      MM(46)
#define BACK_GAP     MM(1.5)
#define DENSITY_STEP 0.08
#define DENSITY_MIN  0.35

/* The SAMPLE lines at both edges; the height each takes, 0 on a real card. */
static double put_sample_marks(struct layout *l)
{
    static const struct text_style line = {FACE_SANS, ALIGN_CENTRE, 5.8, 4, 1};
    static const struct text_style large = {FACE_SANS, ALIGN_CENTRE, 54, 54, 1};
    if (!l->in->sample) {
        return 0;
    }
    struct text_run ghost = {"en", "SAMPLE", 1, INK_GHOST, true, BREAK_WORDS};
    struct rect card = {0, 0, CARD_WIDTH, CARD_HEIGHT};
    const struct text *word = layout_runs(l, "sample", &large, &ghost, 1, 2 * CARD_WIDTH);
    sheet_put(l->sheet, (struct box){BOX_WATERMARK, "sample", card, INK_GHOST, word}, l->refusal);
    const char *second = layout_second(l, LABEL_SAMPLE);
    struct text_run runs[] = {
        {"en", label_text(LABEL_SAMPLE, "en"), 1, INK_SAMPLE, true, BREAK_WORDS},
        {"en", second == NULL ? NULL : "  ·  ", 1, INK_SAMPLE, false, BREAK_WORDS},
        {l->in->second, second, 1, INK_SAMPLE, true, BREAK_WORDS},
    };
    const struct text *mark = layout_runs(l, "sample", &line, runs, 3, CARD_WIDTH - 2 * SIDE);
    double height = text_height(mark);
    layout_put_centred(l, "sample", mark, 0, CARD_WIDTH, SAFE_MARGIN);
    layout_put_centred(l, "sample", mark, 0, CARD_WIDTH, CARD_HEIGHT - SAFE_MARGIN - height);
    return height + SAFE_MARGIN;
}

/* Begin a side; the part of it that is open to content. */
static struct rect begin_side(struct layout *l)
{
    struct rect card = {0, 0, CARD_WIDTH, CARD_HEIGHT};
    sheet_add_page(l->sheet, l->refusal);
    sheet_put(l->sheet, (struct box){BOX_WAVES, "waves", card, INK_GROUND, NULL}, l->refusal);
    double strip = put_sample_marks(l);
    return (struct rect){0, strip, CARD_WIDTH, CARD_HEIGHT - 2 * strip};
}

/* The awarding authority in white on a band; returns the y below it. */
static double put_band(struct layout *l, double top)
{
    static const struct text_style name = {FACE_SERIF, ALIGN_LEFT, 8.5, 5.5, 2};
    static const struct text_style native = {FACE_SERIF, ALIGN_LEFT, 6, 4.8, 2};
    double width = CARD_WIDTH - 2 * SIDE;
    struct flow flow = {.count = 0};
    struct text_run run = {"en", l->in->authority.name, 1, INK_PAPER, true, BREAK_WORDS};
    flow_text(&flow, "authority.names", layout_runs(l, "authority.names", &name, &run, 1, width),
              BAND_PAD, 0, ALIGN_LEFT);
    flow_text(&flow, "authority.names",
              layout_text(l, "authority.names", &native, l->in->authority.native.lang,
                          l->in->authority.native.text, INK_PAPER, width),
              MM(0.1), 0, ALIGN_LEFT);
    double height = fmax(BAND_HEIGHT, flow_height(&flow) + BAND_PAD);
    struct box band = {BOX_PANEL, "band", {0, top, CARD_WIDTH, height}, INK_ACCENT, NULL};
    sheet_put(l->sheet, band, l->refusal);
    layout_rule(l, INK_GOLD, 0, top + height, CARD_WIDTH, 1);
    double slack = (height - flow_height(&flow) - BAND_PAD) / 2;
    flow_place(l, &flow, (struct rect){SIDE, top + slack, width, height - slack}, 0);
    return top + height + 1;
}

/* Number, issue, expiry: the foot of the front. */
static void measure_front_facts(struct layout *l, struct facts *facts)
{
    static const struct text_style label = {FACE_SANS, ALIGN_LEFT, 5, 4.6, 2};
    static const struct text_style value = {FACE_SANS, ALIGN_LEFT, 6.4, 4.8, 3};
    *facts = facts_begin(&label, &value, CARD_WIDTH - 2 * SIDE, 3, MM(2));
    facts_add(l, facts, LABEL_CERTIFICATE_NUMBER, "certificate.certificate_number",
              l->in->certificate_number);
    facts_add_date(l, facts, LABEL_ISSUE_DATE, "certificate.issue_date", l->in->issue_date);
    facts_add_expiry(l, facts);
}

static void place_badge(struct layout *l, const struct flow_item *item, double x, double y,
                        double width)
{
    bool partial = l->in->coverage == COVERAGE_PARTIAL;
    struct rect area = {x, y, text_width(item->text) + MM(2.4), item->height};
    struct box box = {partial ? BOX_PANEL : BOX_OUTLINE, item->name, area,
                      partial ? INK_WARN : INK_ACCENT, NULL};
    (void)width;
    sheet_put(l->sheet, box, l->refusal);
    layout_put(l, item->name, item->text, x + MM(1.2), y + MM(0.4));
}

/* "PARTIAL AWARD · KKNI (2012) level 4" */
static void add_award(struct layout *l, struct flow *flow, double width)
{
    static const struct text_style style = {FACE_SANS, ALIGN_LEFT, 5.8, 4.8, 2};
    const struct input *in = l->in;
    bool partial = in->coverage == COVERAGE_PARTIAL;
    enum label label = partial ? LABEL_PARTIAL : LABEL_FULL;
    enum ink ink = partial ? INK_PAPER : INK_ACCENT;
    char level[80];
    (void)snprintf(level, sizeof level, "    %s (%d) %s %d",
                   in->framework == NULL ? "" : in->framework, in->edition,
                   label_text(LABEL_LEVEL, "en"), in->level);
    const char *second = layout_second(l, label);
    struct text_run runs[] = {
        {"en", label_text(label, "en"), 1, ink, true, BREAK_WORDS},
        {"en", second == NULL ? NULL : " · ", 1, ink, false, BREAK_WORDS},
        {in->second, second, 1, ink, true, BREAK_WORDS},
        {"en", in->framework == NULL ? NULL : level, 1, ink, false, BREAK_WORDS},
    };
    const struct text *text = layout_runs(l, "certificate.level", &style, runs, 4, width - MM(2.4));
    flow_item(flow, (struct flow_item){"certificate.coverage", text, text_height(text) + MM(0.8),
                                       MM(0.9) * l->density, 1, place_badge, NULL});
}

static void measure_front_words(struct layout *l, double width, struct flow *flow)
{
    static const struct text_style title = {FACE_SANS, ALIGN_LEFT, 5.6, 4.5, 2};
    static const struct text_style name = {FACE_SERIF, ALIGN_LEFT, 12, 6, 4};
    static const struct text_style native = {FACE_SERIF, ALIGN_LEFT, 8.5, 5, 5};
    static const struct text_style scheme = {FACE_SERIF, ALIGN_LEFT, 8, 5, 4};
    const struct input *in = l->in;
    struct text_run bold_name = {"en", in->holder_name, 1, INK_TEXT, true, BREAK_WORDS};
    struct text_run bold_scheme = {"en", in->scheme_title, 1, INK_ACCENT, true, BREAK_WORDS};
    flow->count = 0;
    flow_text(flow, "title", layout_label(l, LABEL_TITLE, &title, INK_ACCENT, width), 0, 0,
              ALIGN_LEFT);
    flow_text(flow, "certificate.holder_name",
              layout_runs(l, "certificate.holder_name", &name, &bold_name, 1, width),
              MM(0.8) * l->density, 1, ALIGN_LEFT);
    flow_text(flow, "certificate.holder_name_native",
              layout_text(l, "certificate.holder_name_native", &native, in->holder_name_native.lang,
                          in->holder_name_native.text, INK_TEXT, width),
              MM(0.2), 0, ALIGN_LEFT);
    flow_text(flow, "certificate.scheme_title",
              layout_runs(l, "certificate.scheme_title", &scheme, &bold_scheme, 1, width),
              MM(0.9) * l->density, 1, ALIGN_LEFT);
    add_award(l, flow, width);
}

/* One attempt at the front; true when it holds, or when it was refused. */
static bool try_front(struct layout *l)
{
    bool photo = l->in->photo.jpeg != NULL;
    double x = photo ? SIDE + PHOTO_WIDTH + COLUMN_GAP : SIDE;
    double width = CARD_WIDTH - SIDE - x;
    struct facts facts;
    struct flow words;
    sheet_clear(l->sheet);
    struct rect open = begin_side(l);
    double top = put_band(l, open.y) + MM(1.4);
    measure_front_facts(l, &facts);
    measure_front_words(l, width, &words);
    double foot = open.y + open.height - facts_height(&facts) - (l->in->sample ? MM(0.3) : MM(2.2));
    double room = foot - MM(1.2) - top;
    if (!refused(l->refusal) && flow_height(&words) > room) {
        return false;
    }
    if (photo) {
        struct rect area = layout_photo(l, SIDE, top, PHOTO_WIDTH, fmin(PHOTO_HEIGHT, room));
        sheet_put(l->sheet, (struct box){BOX_PHOTO, "photo", area, INK_TEXT, NULL}, l->refusal);
    }
    flow_place(l, &words, (struct rect){x, top, width, room}, MM(5));
    layout_rule(l, INK_TINT, SIDE, foot - MM(0.7), CARD_WIDTH - 2 * SIDE, 0.4);
    facts_put(l, &facts, SIDE, foot);
    return true;
}

/* ---- Back ---- */

/* All unit codes, separated so that lines break between them. */
static const struct text *unit_codes(struct layout *l, double size, double width)
{
    struct text_style style = {FACE_SANS, ALIGN_LEFT, size, size, 24};
    char codes[INPUT_UNITS_MAX * 28];
    size_t len = 0;
    for (size_t i = 0; i < l->in->unit_count; i++) {
        len += (size_t)snprintf(codes + len, sizeof codes - len, i == 0 ? "%s" : ", %s",
                                l->in->units[i].code);
    }
    struct text_run run = {"en", codes, 1, INK_TEXT, false, BREAK_SPACES};
    return layout_runs(l, "certificate.units.code", &style, &run, 1, width);
}

/* The codes in the largest size that leaves them in `room`; else how many there are, for the QR
 * code holds them all. */
static const struct text *units_text(struct layout *l, double width, double room)
{
    static const struct text_style style = {FACE_SANS, ALIGN_LEFT, 6, 5, 1};
    struct refusal too_wide = {.internal = false};
    struct layout trial = *l;
    trial.refusal = &too_wide;
    static const double sizes[] = {5.6, 5.2, 4.8};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const struct text *codes = unit_codes(&trial, sizes[i], width);
        if (codes != NULL && text_height(codes) <= room) {
            return codes;
        }
    }
    char count[24];
    (void)snprintf(count, sizeof count, "%zu", l->in->unit_count);
    return layout_text(l, "certificate.units", &style, "en", count, INK_TEXT, width);
}

static void add_units(struct layout *l, struct flow *flow, double width, double room)
{
    static const struct text_style style = {FACE_SANS, ALIGN_LEFT, 5.2, 4.5, 3};
    if (l->in->unit_count == 0) {
        return;
    }
    flow_text(flow, "label", layout_label(l, LABEL_UNITS, &style, INK_ACCENT, width), MM(1), 1,
              ALIGN_LEFT);
    flow_text(flow, "certificate.units", units_text(l, width, room - flow_height(flow)), MM(0.2), 0,
              ALIGN_LEFT);
}

static void add_line(struct layout *l, struct flow *flow, const char *name, const char *lang,
                     const char *words, enum ink ink, double gap, double width)
{
    static const struct text_style style = {FACE_SANS, ALIGN_LEFT, 5.4, 4.5, 8};
    flow_text(flow, name, layout_text(l, name, &style, lang, words, ink, width), gap, 0,
              ALIGN_LEFT);
}

static void add_notes(struct layout *l, struct flow *flow, double width)
{
    const char *second = l->in->second;
    add_line(l, flow, "verify", "en", label_text(LABEL_VERIFY, "en"), INK_TEXT, 0, width);
    add_line(l, flow, "verify", second, layout_second(l, LABEL_VERIFY), INK_SOFT, MM(0.2), width);
    add_line(l, flow, "verify", "en", label_text(LABEL_NO_PERMISSION, "en"), INK_TEXT, MM(0.9),
             width);
    add_line(l, flow, "verify", second, layout_second(l, LABEL_NO_PERMISSION), INK_SOFT, MM(0.2),
             width);
    if (l->in->restrictions != NULL) {
        add_line(l, flow, "label", "en", label_text(LABEL_RESTRICTIONS, "en"), INK_WARN, MM(0.9),
                 width);
        add_line(l, flow, "certificate.restrictions", "en", l->in->restrictions, INK_TEXT, 0,
                 width);
    }
}

static void measure_back_words(struct layout *l, double width, double room, struct flow *flow)
{
    flow->count = 0;
    add_line(l, flow, "issuer.names", "en", l->in->issuer.name, INK_ACCENT, 0, width);
    add_line(l, flow, "issuer.names", l->in->issuer.native.lang, l->in->issuer.native.text,
             INK_SOFT, MM(0.2), width);
    struct flow notes = {.count = 0};
    add_notes(l, &notes, width);
    add_units(l, flow, width, room - flow_height(&notes) - MM(1));
    for (size_t i = 0; i < notes.count; i++) {
        notes.items[i].gap += i == 0 ? MM(1) : 0;
        notes.items[i].stretch = i == 0 ? 1 : 0;
        flow_item(flow, notes.items[i]);
    }
}

/* One attempt at the back; true when it holds, or when it was refused. */
static bool try_back(struct layout *l)
{
    struct flow words;
    struct rect open = begin_side(l);
    unsigned dots = layout_qr_dots(l, QR_ROOM);
    double side = qr_modules_with_quiet(l->sheet->qr) * dots * DOT;
    double x = BACK_GAP + side + BACK_GAP;
    double width = CARD_WIDTH - SIDE - x;
    double room = open.height - MM(4);
    measure_back_words(l, width, room, &words);
    if (!refused(l->refusal) && flow_height(&words) > room) {
        return false;
    }
    layout_put_qr(l, dots, BACK_GAP, open.y + (open.height - side) / 2);
    flow_place(l, &words, (struct rect){x, open.y + MM(2), width, room}, MM(8));
    return true;
}

static bool try_densities(struct layout *l, double least)
{
    int steps = (int)((1 - least) / DENSITY_STEP);
    for (int i = 0; i <= steps; i++) {
        l->density = 1 - i * DENSITY_STEP;
        if (try_front(l) && try_back(l)) {
            return true;
        }
    }
    return false;
}

void card_lay_out(struct layout *l, const struct qr *qr)
{
    struct layout english_layout = *l;
    struct input english = layout_english(l->in);
    english_layout.in = &english;
    sheet_begin(l->sheet, CARD_WIDTH, CARD_HEIGHT, SAFE_MARGIN);
    l->sheet->qr = qr;
    l->sheet->photo = &l->in->photo;
    if (!try_densities(l, 0.6) && !try_densities(&english_layout, DENSITY_MIN)) {
        (void)refuse(l->refusal, "certificate", "its texts are too long together for a card");
    }
}
