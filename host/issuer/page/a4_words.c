/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of page one in their order: who awards it, the title, whom, what, full or partial, and
 * what restricts it.
 */
#include "a4.h"

#include <stdio.h>

#include "calendar.h"

static double gap(const struct layout *l, double mm)
{
    return MM(mm) * l->density;
}

static void add_native(struct layout *l, struct flow *flow, const char *member,
                       const struct text_style *style, struct native_text native, enum ink ink)
{
    flow_text(flow, member, layout_text(l, member, style, native.lang, native.text, ink, A4_WIDTH),
              gap(l, 0.6), 0, ALIGN_CENTRE);
}

static void add_awarding_bodies(struct layout *l, struct flow *flow)
{
    static const struct text_style authority = {FACE_SERIF, ALIGN_CENTRE, 14, 9, 4};
    static const struct text_style authority_native = {FACE_SERIF, ALIGN_CENTRE, 10.5, 7.5, 4};
    static const struct text_style issuer = {FACE_SERIF, ALIGN_CENTRE, 10.5, 7.5, 4};
    static const struct text_style small = {FACE_SANS, ALIGN_CENTRE, 7.5, 6, 1};
    static const struct text_style issuer_native = {FACE_SERIF, ALIGN_CENTRE, 9, 7, 4};
    const struct input *in = l->in;
    struct text_run name = {"en", in->authority.name, 1, INK_ACCENT, true, BREAK_WORDS};
    flow_text(flow, "authority.names",
              layout_runs(l, "authority.names", &authority, &name, 1, A4_WIDTH), 0, 0,
              ALIGN_CENTRE);
    add_native(l, flow, "authority.names", &authority_native, in->authority.native, INK_SOFT);
    flow_text(flow, "label", layout_label(l, LABEL_ISSUED_BY, &small, INK_SOFT, A4_WIDTH),
              gap(l, 2.2), 1, ALIGN_CENTRE);
    flow_text(flow, "issuer.names",
              layout_text(l, "issuer.names", &issuer, "en", in->issuer.name, INK_TEXT, A4_WIDTH), 0,
              0, ALIGN_CENTRE);
    add_native(l, flow, "issuer.names", &issuer_native, in->issuer.native, INK_SOFT);
}

static void add_title(struct layout *l, struct flow *flow)
{
    static const struct text_style title = {FACE_DISPLAY, ALIGN_CENTRE, 31, 20, 1};
    static const struct text_style native = {FACE_SERIF, ALIGN_CENTRE, 14, 9, 1};
    a4_add_divider(flow, gap(l, 3), 2);
    struct text_run run = {"en", label_text(LABEL_TITLE, "en"), 1, INK_ACCENT, true, BREAK_WORDS};
    flow_text(flow, "title", layout_runs(l, "label", &title, &run, 1, A4_WIDTH), gap(l, 2), 1,
              ALIGN_CENTRE);
    struct native_text second = {l->in->second, layout_second(l, LABEL_TITLE)};
    add_native(l, flow, "title", &native, second, INK_SOFT);
}

/* "Date of birth · Tanggal lahir  3 May 1994    Nationality · ...  ID" */
static const struct text *person_line(struct layout *l)
{
    static const struct text_style style = {FACE_SANS, ALIGN_CENTRE, 9, 7, 2};
    const struct input *in = l->in;
    bool born = in->birth_date.year != 0;
    bool both = born && in->nationality != NULL;
    char date[CALENDAR_TEXT_SIZE] = "";
    if (born) {
        calendar_print(in->birth_date, "en", date);
    }
    struct text_run runs[] = {
        {"en", born ? label_text(LABEL_BIRTH_DATE, "en") : NULL, 0.8, INK_SOFT, false, BREAK_WORDS},
        {"en", born ? "  " : NULL, 1, INK_SOFT, false, BREAK_WORDS},
        {"en", born ? date : NULL, 1, INK_TEXT, true, BREAK_WORDS},
        {"en", both ? "      " : NULL, 1, INK_SOFT, false, BREAK_WORDS},
        {"en", in->nationality == NULL ? NULL : label_text(LABEL_NATIONALITY, "en"), 0.8, INK_SOFT,
         false, BREAK_WORDS},
        {"en", in->nationality == NULL ? NULL : "  ", 1, INK_SOFT, false, BREAK_WORDS},
        {"en", in->nationality, 1, INK_TEXT, true, BREAK_WORDS},
    };
    return layout_runs(l, "certificate.birth_date", &style, runs, 7, A4_WIDTH);
}

static void add_holder(struct layout *l, struct flow *flow)
{
    static const struct text_style lead = {FACE_SERIF, ALIGN_CENTRE, 10, 8, 1};
    static const struct text_style name = {FACE_SERIF, ALIGN_CENTRE, 26, 13, 4};
    static const struct text_style native = {FACE_SERIF, ALIGN_CENTRE, 17, 10, 4};
    flow_text(flow, "label", layout_label(l, LABEL_CERTIFY_THAT, &lead, INK_SOFT, A4_WIDTH),
              gap(l, 4), 2, ALIGN_CENTRE);
    struct text_run run = {"en", l->in->holder_name, 1, INK_TEXT, true, BREAK_WORDS};
    flow_text(flow, "certificate.holder_name",
              layout_runs(l, "certificate.holder_name", &name, &run, 1, A4_WIDTH), gap(l, 2), 1,
              ALIGN_CENTRE);
    add_native(l, flow, "certificate.holder_name_native", &native, l->in->holder_name_native,
               INK_TEXT);
    flow_text(flow, "certificate.birth_date", person_line(l), gap(l, 1.5), 0.5, ALIGN_CENTRE);
}

/* "has been ... competent in the qualification", in one language. */
static const struct text *competent_line(struct layout *l, const char *lang)
{
    static const struct text_style style = {FACE_SERIF, ALIGN_CENTRE, 10, 8, 2};
    if (lang == NULL) {
        return NULL;
    }
    enum label kind = (enum label)(LABEL_QUALIFICATION + (int)l->in->scheme_type);
    struct text_run runs[] = {
        {lang, label_text(LABEL_COMPETENT_IN, lang), 1, INK_SOFT, false, BREAK_WORDS},
        {"en", " ", 1, INK_SOFT, false, BREAK_WORDS},
        {lang, label_text(kind, lang), 1, INK_SOFT, false, BREAK_WORDS},
    };
    return layout_runs(l, "label", &style, runs, 3, A4_WIDTH);
}

/* "KKNI (2012)  level 4 · jenjang 4" */
static const struct text *level_line(struct layout *l)
{
    static const struct text_style style = {FACE_SANS, ALIGN_CENTRE, 10, 8, 1};
    const struct input *in = l->in;
    const char *second = layout_second(l, LABEL_LEVEL);
    char edition[64];
    char level[16];
    if (in->framework == NULL) {
        return NULL;
    }
    (void)snprintf(edition, sizeof edition, "%s (%d)   ", in->framework, in->edition);
    (void)snprintf(level, sizeof level, " %d", in->level);
    struct text_run runs[] = {
        {"en", edition, 1, INK_SOFT, false, BREAK_WORDS},
        {"en", label_text(LABEL_LEVEL, "en"), 1, INK_ACCENT, true, BREAK_WORDS},
        {"en", level, 1, INK_ACCENT, true, BREAK_WORDS},
        {"en", second == NULL ? NULL : "  ·  ", 1, INK_SOFT, false, BREAK_WORDS},
        {in->second, second, 1, INK_SOFT, false, BREAK_WORDS},
        {"en", second == NULL ? NULL : level, 1, INK_SOFT, false, BREAK_WORDS},
    };
    return layout_runs(l, "certificate.level", &style, runs, 6, A4_WIDTH);
}

static void add_scheme(struct layout *l, struct flow *flow)
{
    static const struct text_style title = {FACE_SERIF, ALIGN_CENTRE, 19, 11, 3};
    static const struct text_style native = {FACE_SERIF, ALIGN_CENTRE, 12.5, 8.5, 3};
    flow_text(flow, "label", competent_line(l, "en"), gap(l, 3), 2, ALIGN_CENTRE);
    flow_text(flow, "label", competent_line(l, l->in->second), gap(l, 0.3), 0, ALIGN_CENTRE);
    struct text_run run = {"en", l->in->scheme_title, 1, INK_ACCENT, true, BREAK_WORDS};
    flow_text(flow, "certificate.scheme_title",
              layout_runs(l, "certificate.scheme_title", &title, &run, 1, A4_WIDTH), gap(l, 2), 1,
              ALIGN_CENTRE);
    add_native(l, flow, "certificate.scheme_title_native", &native, l->in->scheme_title_native,
               INK_SOFT);
    flow_text(flow, "certificate.level", level_line(l), gap(l, 1.5), 0.5, ALIGN_CENTRE);
}

#define BADGE_PAD_X MM(5)
#define BADGE_PAD_Y MM(1.3)

static void place_badge(struct layout *l, const struct flow_item *item, double x, double y,
                        double width)
{
    double badge = text_width(item->text) + 2 * BADGE_PAD_X;
    bool partial = l->in->coverage == COVERAGE_PARTIAL;
    struct rect area = {x + (width - badge) / 2, y, badge, item->height};
    struct box box = {partial ? BOX_PANEL : BOX_OUTLINE, "certificate.coverage", area,
                      partial ? INK_WARN : INK_ACCENT, NULL};
    sheet_put(l->sheet, box, l->refusal);
    layout_put_centred(l, item->name, item->text, x, width, y + BADGE_PAD_Y);
}

/* Full is outlined; partial is filled and says what it covers. Neither depends on colour alone. */
static void add_award(struct layout *l, struct flow *flow)
{
    static const struct text_style style = {FACE_SANS, ALIGN_CENTRE, 9.5, 7.5, 2};
    static const struct text_style note = {FACE_SANS, ALIGN_CENTRE, 8, 6.5, 2};
    bool partial = l->in->coverage == COVERAGE_PARTIAL;
    enum label label = partial ? LABEL_PARTIAL : LABEL_FULL;
    enum ink ink = partial ? INK_PAPER : INK_ACCENT;
    const char *second = layout_second(l, label);
    struct text_run runs[] = {
        {"en", label_text(label, "en"), 1, ink, true, BREAK_WORDS},
        {"en", second == NULL ? NULL : "  ·  ", 1, ink, false, BREAK_WORDS},
        {l->in->second, second, 1, ink, true, BREAK_WORDS},
    };
    const struct text *text = layout_runs(l, "label", &style, runs, 3, A4_WIDTH - 2 * BADGE_PAD_X);
    flow_item(flow,
              (struct flow_item){"certificate.coverage", text, text_height(text) + 2 * BADGE_PAD_Y,
                                 gap(l, 3), 1, place_badge, NULL});
    if (partial) {
        flow_text(flow, "certificate.coverage",
                  layout_label(l, LABEL_PARTIAL_NOTE, &note, INK_WARN, A4_WIDTH), gap(l, 1), 0,
                  ALIGN_CENTRE);
    }
}

static void add_restrictions(struct layout *l, struct flow *flow)
{
    static const struct text_style style = {FACE_SANS, ALIGN_CENTRE, 9, 7, 3};
    const char *second = layout_second(l, LABEL_RESTRICTIONS);
    struct text_run runs[] = {
        {"en", label_text(LABEL_RESTRICTIONS, "en"), 0.85, INK_WARN, false, BREAK_WORDS},
        {"en", second == NULL ? NULL : " · ", 0.85, INK_WARN, false, BREAK_WORDS},
        {l->in->second, second, 0.85, INK_WARN, false, BREAK_WORDS},
        {"en", ":  ", 0.85, INK_WARN, false, BREAK_WORDS},
        {"en", l->in->restrictions, 1, INK_TEXT, true, BREAK_WORDS},
    };
    if (l->in->restrictions != NULL) {
        flow_text(flow, "certificate.restrictions",
                  layout_runs(l, "certificate.restrictions", &style, runs, 5, A4_WIDTH), gap(l, 2),
                  0.5, ALIGN_CENTRE);
    }
}

void a4_measure_words(struct layout *l, struct flow *flow)
{
    flow->count = 0;
    add_awarding_bodies(l, flow);
    add_title(l, flow);
    add_holder(l, flow);
    add_scheme(l, flow);
    add_award(l, flow);
    add_restrictions(l, flow);
}
