/* SPDX-License-Identifier: Apache-2.0
 *
 * The A4 certificate. Page one, from top to bottom: who awards it, the title, whom, what, full or
 * partial, the units; at the foot the photo, the numbers and dates, and the code; below them how to
 * verify it. Units that do not fit go to pages of their own. Draws nothing: pdf.c does.
 */
#include "layout.h"

#include <math.h>
#include <stdio.h>

#include "calendar.h"
#include "facts.h"
#include "table.h"

#define PAPER_WIDTH  MM(210)
#define PAPER_HEIGHT MM(297)
#define FRAME_INSET  MM(6.5)
#define SAFE_MARGIN  MM(13.2)
#define LEFT         MM(22)
#define WIDTH        MM(166)
#define TOP          MM(21)
#define BOTTOM       MM(276)
#define PHOTO_WIDTH  MM(35)
#define PHOTO_HEIGHT MM(45)
#define QR_SIDE      MM(54.6) /* 645 dots: version 20 gets 6 dots a module, version 26 gets 5 */
#define QR_SIDE_MAX  MM(60)   /* for larger versions, at 4 dots */
#define DENSITY_MIN  0.3

/* What page one is made of, measured. */
struct front {
    struct flow flow;
    struct table table;
    struct facts number, facts, codes;
    unsigned qr_dots;
    double foot;     /* top of the photo, facts and code */
    double code_row; /* top of the row of codes below them */
    bool overleaf;   /* the units are on pages of their own */
};

/* The pages of units after the first: none when all stand on page one. */
struct overleaf {
    struct flow head;
    double top; /* of the table */
    size_t pages;
    size_t starts[SHEET_PAGES_MAX + 1]; /* first row of each page, then the end */
};

/* ---- Grounds and the lines every page has ---- */

static void put_sample_marks(struct layout *l)
{
    static const struct text_style line = {FACE_SANS, ALIGN_CENTRE, 7.8, 6, 1};
    static const struct text_style large = {FACE_SANS, ALIGN_CENTRE, 150, 150, 1};
    if (!l->in->sample) {
        return;
    }
    struct text_run ghost = {"en", "SAMPLE", 1, true, INK_GHOST, false};
    struct rect paper = {0, 0, PAPER_WIDTH, PAPER_HEIGHT};
    const struct text *word = layout_runs(l, "sample", &large, &ghost, 1, PAPER_HEIGHT);
    sheet_put(l->sheet, (struct box){BOX_WATERMARK, "sample", paper, INK_GHOST, word}, l->refusal);
    const char *second = layout_second(l, LABEL_SAMPLE);
    struct text_run runs[] = {
        {"en", label_text(LABEL_SAMPLE, "en"), 1, true, INK_SAMPLE, false},
        {"en", second == NULL ? NULL : "   ·   ", 1, false, INK_SAMPLE, false},
        {l->in->second, second, 1, true, INK_SAMPLE, false},
    };
    const struct text *mark = layout_runs(l, "sample", &line, runs, 3, WIDTH);
    layout_put_centred(l, "sample", mark, LEFT, WIDTH, TOP - MM(1) - text_height(mark));
    layout_put_centred(l, "sample", mark, LEFT, WIDTH, BOTTOM + MM(1));
}

static void begin_page(struct layout *l)
{
    struct rect frame = {FRAME_INSET, FRAME_INSET, PAPER_WIDTH - 2 * FRAME_INSET,
                         PAPER_HEIGHT - 2 * FRAME_INSET};
    struct rect ground = {MM(50), MM(75), MM(110), MM(110)};
    sheet_add_page(l->sheet, l->refusal);
    sheet_put(l->sheet, (struct box){BOX_FRAME, "frame", frame, INK_ACCENT, NULL}, l->refusal);
    sheet_put(l->sheet, (struct box){BOX_ROSETTE, "rosette", ground, INK_GROUND, NULL}, l->refusal);
    put_sample_marks(l);
}

/* "Certificate number ... · 1 / 2" */
static const struct text *page_line(struct layout *l, size_t page, size_t pages)
{
    static const struct text_style style = {FACE_SANS, ALIGN_CENTRE, 6.5, 5.5, 1};
    char number[32];
    (void)snprintf(number, sizeof number, "   ·   %zu / %zu", page, pages);
    struct text_run runs[] = {
        {"en", l->in->certificate_number, 1, false, INK_SOFT, false},
        {"en", pages > 1 ? number : NULL, 1, false, INK_SOFT, false},
    };
    return layout_runs(l, "certificate.certificate_number", &style, runs, 2, WIDTH);
}

static const struct text *verify_line(struct layout *l, const char *lang, enum ink ink)
{
    static const struct text_style style = {FACE_SANS, ALIGN_CENTRE, 7.2, 6, 2};
    if (lang == NULL) {
        return NULL;
    }
    struct text_run runs[] = {
        {lang, label_text(LABEL_VERIFY, lang), 1, false, ink, false},
        {"en", " ", 1, false, ink, false},
        {lang, label_text(LABEL_NO_PERMISSION, lang), 1, false, ink, false},
    };
    return layout_runs(l, "label", &style, runs, 3, WIDTH);
}

/* The lines at the very foot of a page; their height. */
static double measure_footer(struct layout *l, size_t page, size_t pages, struct flow *flow)
{
    flow->count = 0;
    flow_text(flow, "verify", verify_line(l, "en", INK_TEXT), MM(2), 0, ALIGN_CENTRE);
    flow_text(flow, "verify", verify_line(l, l->in->second, INK_SOFT), 0, 0, ALIGN_CENTRE);
    flow_text(flow, "page", page_line(l, page, pages), MM(0.8), 0, ALIGN_CENTRE);
    return flow_height(flow);
}

static void put_footer(struct layout *l, size_t page, size_t pages)
{
    struct flow flow;
    double height = measure_footer(l, page, pages, &flow);
    layout_rule(l, INK_GOLD, LEFT, BOTTOM - height, WIDTH, 0.5);
    flow_place(l, &flow, (struct rect){LEFT, BOTTOM - height, WIDTH, height}, 0);
}

/* ---- The flow of page one ---- */

static double gap(const struct layout *l, double mm)
{
    return MM(mm) * l->density;
}

static void add_native(struct layout *l, struct flow *flow, const char *member,
                       const struct text_style *style, struct native_text native, enum ink ink)
{
    flow_text(flow, member, layout_text(l, member, style, native.lang, native.text, ink, WIDTH),
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
    struct text_run name = {"en", in->authority.name, 1, true, INK_ACCENT, false};
    flow_text(flow, "authority.names",
              layout_runs(l, "authority.names", &authority, &name, 1, WIDTH), 0, 0, ALIGN_CENTRE);
    add_native(l, flow, "authority.names", &authority_native, in->authority.native, INK_SOFT);
    flow_text(flow, "label", layout_label(l, LABEL_ISSUED_BY, &small, INK_SOFT, WIDTH), gap(l, 2.2),
              1, ALIGN_CENTRE);
    flow_text(flow, "issuer.names",
              layout_text(l, "issuer.names", &issuer, "en", in->issuer.name, INK_TEXT, WIDTH), 0, 0,
              ALIGN_CENTRE);
    add_native(l, flow, "issuer.names", &issuer_native, in->issuer.native, INK_SOFT);
}

/* A short double line in gold. */
static void place_divider(struct layout *l, const struct flow_item *item, double x, double y,
                          double width)
{
    double length = MM(46);
    layout_rule(l, INK_GOLD, x + (width - length) / 2, y, length, 0.9);
    layout_rule(l, INK_GOLD, x + (width - length / 3) / 2, y + item->height - 0.5, length / 3, 0.5);
}

static void add_title(struct layout *l, struct flow *flow)
{
    static const struct text_style title = {FACE_DISPLAY, ALIGN_CENTRE, 31, 20, 1};
    static const struct text_style native = {FACE_SERIF, ALIGN_CENTRE, 14, 9, 1};
    flow_item(flow, (struct flow_item){"divider", NULL, MM(1), gap(l, 3), 2, place_divider, NULL});
    struct text_run run = {"en", label_text(LABEL_TITLE, "en"), 1, true, INK_ACCENT, false};
    flow_text(flow, "title", layout_runs(l, "label", &title, &run, 1, WIDTH), gap(l, 2), 1,
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
        {"en", born ? label_text(LABEL_BIRTH_DATE, "en") : NULL, 0.8, false, INK_SOFT, false},
        {"en", born ? "  " : NULL, 1, false, INK_SOFT, false},
        {"en", born ? date : NULL, 1, true, INK_TEXT, false},
        {"en", both ? "      " : NULL, 1, false, INK_SOFT, false},
        {"en", in->nationality == NULL ? NULL : label_text(LABEL_NATIONALITY, "en"), 0.8, false,
         INK_SOFT, false},
        {"en", in->nationality == NULL ? NULL : "  ", 1, false, INK_SOFT, false},
        {"en", in->nationality, 1, true, INK_TEXT, false},
    };
    return layout_runs(l, "certificate.birth_date", &style, runs, 7, WIDTH);
}

static void add_holder(struct layout *l, struct flow *flow)
{
    static const struct text_style lead = {FACE_SERIF, ALIGN_CENTRE, 10, 8, 1};
    static const struct text_style name = {FACE_SERIF, ALIGN_CENTRE, 26, 13, 4};
    static const struct text_style native = {FACE_SERIF, ALIGN_CENTRE, 17, 10, 4};
    flow_text(flow, "label", layout_label(l, LABEL_CERTIFY_THAT, &lead, INK_SOFT, WIDTH), gap(l, 4),
              2, ALIGN_CENTRE);
    struct text_run run = {"en", l->in->holder_name, 1, true, INK_TEXT, false};
    flow_text(flow, "certificate.holder_name",
              layout_runs(l, "certificate.holder_name", &name, &run, 1, WIDTH), gap(l, 2), 1,
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
        {lang, label_text(LABEL_COMPETENT_IN, lang), 1, false, INK_SOFT, false},
        {"en", " ", 1, false, INK_SOFT, false},
        {lang, label_text(kind, lang), 1, false, INK_SOFT, false},
    };
    return layout_runs(l, "label", &style, runs, 3, WIDTH);
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
        {"en", edition, 1, false, INK_SOFT, false},
        {"en", label_text(LABEL_LEVEL, "en"), 1, true, INK_ACCENT, false},
        {"en", level, 1, true, INK_ACCENT, false},
        {"en", second == NULL ? NULL : "  ·  ", 1, false, INK_SOFT, false},
        {in->second, second, 1, false, INK_SOFT, false},
        {"en", second == NULL ? NULL : level, 1, false, INK_SOFT, false},
    };
    return layout_runs(l, "certificate.level", &style, runs, 6, WIDTH);
}

static void add_scheme(struct layout *l, struct flow *flow)
{
    static const struct text_style title = {FACE_SERIF, ALIGN_CENTRE, 19, 11, 3};
    static const struct text_style native = {FACE_SERIF, ALIGN_CENTRE, 12.5, 8.5, 3};
    flow_text(flow, "label", competent_line(l, "en"), gap(l, 3), 2, ALIGN_CENTRE);
    flow_text(flow, "label", competent_line(l, l->in->second), gap(l, 0.3), 0, ALIGN_CENTRE);
    struct text_run run = {"en", l->in->scheme_title, 1, true, INK_ACCENT, false};
    flow_text(flow, "certificate.scheme_title",
              layout_runs(l, "certificate.scheme_title", &title, &run, 1, WIDTH), gap(l, 2), 1,
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
        {"en", label_text(label, "en"), 1, true, ink, false},
        {"en", second == NULL ? NULL : "  ·  ", 1, false, ink, false},
        {l->in->second, second, 1, true, ink, false},
    };
    const struct text *text = layout_runs(l, "label", &style, runs, 3, WIDTH - 2 * BADGE_PAD_X);
    flow_item(flow,
              (struct flow_item){"certificate.coverage", text, text_height(text) + 2 * BADGE_PAD_Y,
                                 gap(l, 3), 1, place_badge, NULL});
    if (partial) {
        flow_text(flow, "certificate.coverage",
                  layout_label(l, LABEL_PARTIAL_NOTE, &note, INK_WARN, WIDTH), gap(l, 1), 0,
                  ALIGN_CENTRE);
    }
}

static void add_restrictions(struct layout *l, struct flow *flow)
{
    static const struct text_style style = {FACE_SANS, ALIGN_CENTRE, 9, 7, 3};
    const char *second = layout_second(l, LABEL_RESTRICTIONS);
    struct text_run runs[] = {
        {"en", label_text(LABEL_RESTRICTIONS, "en"), 0.85, false, INK_WARN, false},
        {"en", second == NULL ? NULL : " · ", 0.85, false, INK_WARN, false},
        {l->in->second, second, 0.85, false, INK_WARN, false},
        {"en", ":  ", 0.85, false, INK_WARN, false},
        {"en", l->in->restrictions, 1, true, INK_TEXT, false},
    };
    if (l->in->restrictions != NULL) {
        flow_text(flow, "certificate.restrictions",
                  layout_runs(l, "certificate.restrictions", &style, runs, 5, WIDTH), gap(l, 2),
                  0.5, ALIGN_CENTRE);
    }
}

/* ---- Units ---- */

static void place_table(struct layout *l, const struct flow_item *item, double x, double y,
                        double width)
{
    const struct table *table = item->data;
    (void)width;
    table_put(l, table, 0, table->row_count, x, y);
}

static void add_table(struct layout *l, struct flow *flow, const struct table *table)
{
    double height = table_height(table, 0, table->row_count);
    flow_item(flow, (struct flow_item){"certificate.units", NULL, height, gap(l, 4), 1.5,
                                       place_table, table});
}

/* "12 units of competency · ... : listed on the following page" */
static void add_overleaf_note(struct layout *l, struct flow *flow)
{
    static const struct text_style style = {FACE_SANS, ALIGN_CENTRE, 8.5, 7, 2};
    const char *second = layout_second(l, LABEL_UNITS);
    char count[32];
    (void)snprintf(count, sizeof count, ": %zu, ", l->in->unit_count);
    struct text_run runs[] = {
        {"en", label_text(LABEL_UNITS, "en"), 1, false, INK_TEXT, false},
        {"en", count, 1, true, INK_TEXT, false},
        {"en", label_text(LABEL_UNITS_OVERLEAF, "en"), 1, false, INK_TEXT, false},
        {"en", second == NULL ? NULL : "\n", 1, false, INK_SOFT, false},
        {l->in->second, second, 1, false, INK_SOFT, false},
        {"en", second == NULL ? NULL : count, 1, false, INK_SOFT, false},
        {l->in->second, layout_second(l, LABEL_UNITS_OVERLEAF), 1, false, INK_SOFT, false},
    };
    flow_text(flow, "certificate.units", layout_runs(l, "label", &style, runs, 7, WIDTH), gap(l, 4),
              1.5, ALIGN_CENTRE);
}

/* Whose units these are: the head of every page after the first. */
static void measure_unit_head(struct layout *l, struct flow *flow)
{
    static const struct text_style head = {FACE_SERIF, ALIGN_CENTRE, 15, 10, 1};
    static const struct text_style name = {FACE_SERIF, ALIGN_CENTRE, 12, 8, 4};
    flow->count = 0;
    flow_text(flow, "title", layout_label(l, LABEL_UNITS, &head, INK_ACCENT, WIDTH), 0, 0,
              ALIGN_CENTRE);
    flow_text(
        flow, "certificate.holder_name",
        layout_text(l, "certificate.holder_name", &name, "en", l->in->holder_name, INK_TEXT, WIDTH),
        MM(2), 0, ALIGN_CENTRE);
    flow_text(flow, "certificate.scheme_title",
              layout_text(l, "certificate.scheme_title", &name, "en", l->in->scheme_title, INK_SOFT,
                          WIDTH),
              MM(0.5), 0, ALIGN_CENTRE);
}

/* Split the rows over pages: every row gets one, or the whole is refused. */
static void split_rows(struct layout *l, const struct table *table, double room, struct overleaf *o)
{
    while (o->starts[o->pages] < table->row_count) {
        size_t rows = table_rows_fitting(table, o->starts[o->pages], room);
        if (rows == 0 || o->pages + 2 > SHEET_PAGES_MAX) {
            (void)refuse(l->refusal, "certificate.units", "too long for the pages there are");
            return;
        }
        o->starts[o->pages + 1] = o->starts[o->pages] + rows;
        o->pages++;
    }
}

/* The largest text that needs one page of units; a list that needs more has room for the largest.
 */
static void measure_overleaf_table(struct layout *l, double room, struct table *table)
{
    static const double sizes[] = {9, 8.5, 8, 7.5};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (table_least_height(l->in, sizes[i]) > room) {
            continue;
        }
        table_measure(l, sizes[i], WIDTH, table);
        if (table_height(table, 0, table->row_count) <= room) {
            return;
        }
    }
    table_measure(l, sizes[0], WIDTH, table);
}

static void measure_overleaf(struct layout *l, struct table *table, struct overleaf *o)
{
    struct flow footer;
    l->density = 1;
    measure_unit_head(l, &o->head);
    o->top = TOP + flow_height(&o->head) + MM(5);
    double room = BOTTOM - measure_footer(l, 2, 2, &footer) - MM(3) - o->top;
    measure_overleaf_table(l, room, table);
    split_rows(l, table, room, o);
}

static void put_overleaf(struct layout *l, const struct table *table, const struct overleaf *o)
{
    for (size_t i = 0; i < o->pages; i++) {
        begin_page(l);
        flow_place(l, &o->head, (struct rect){LEFT, TOP, WIDTH, flow_height(&o->head)}, 0);
        table_put(l, table, o->starts[i], o->starts[i + 1], LEFT, o->top);
        put_footer(l, i + 2, o->pages + 1);
    }
}

/* ---- The foot of page one ---- */

static const struct text_style fact_label = {FACE_SANS, ALIGN_LEFT, 6.6, 5.5, 4};
static const struct text_style fact_value = {FACE_SANS, ALIGN_LEFT, 8.4, 6, 4};

static void measure_number(struct layout *l, double width, struct facts *number)
{
    static const struct text_style value = {FACE_SANS, ALIGN_LEFT, 11.5, 7.5, 2};
    *number = facts_begin(&fact_label, &value, width, 1, 0);
    facts_add(l, number, LABEL_CERTIFICATE_NUMBER, "certificate.certificate_number",
              l->in->certificate_number);
}

static void measure_facts(struct layout *l, double width, struct facts *facts)
{
    const struct input *in = l->in;
    *facts = facts_begin(&fact_label, &fact_value, width, width > MM(105) ? 3 : 2, MM(3));
    facts_add_date(l, facts, LABEL_ISSUE_DATE, "certificate.issue_date", in->issue_date);
    facts_add_expiry(l, facts);
    facts_add_date(l, facts, LABEL_VALID_FROM, "certificate.valid_from", in->valid_from);
    facts_add(l, facts, LABEL_REGISTRATION_NUMBER, "certificate.registration_number",
              in->registration_number);
    facts_add(l, facts, LABEL_BLANK_NUMBER, "certificate.blank_number", in->blank_number);
}

/* Codes for those who look them up: one row across the page. */
static void measure_codes(struct layout *l, struct facts *codes)
{
    const struct input *in = l->in;
    char scheme[64];
    (void)snprintf(scheme, sizeof scheme, "%s %s", in->standard_family, in->scheme_code);
    const char *const others[] = {in->sector_code, in->occupation_code, in->job_index,
                                  in->assessment_centre};
    size_t columns = 1;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        columns += others[i] != NULL ? 1 : 0;
    }
    *codes = facts_begin(&fact_label, &fact_value, WIDTH, columns, MM(4));
    facts_add(l, codes, LABEL_SCHEME, "certificate.scheme_code", scheme);
    facts_add(l, codes, LABEL_SECTOR, "certificate.sector_code", in->sector_code);
    facts_add(l, codes, LABEL_OCCUPATION, "certificate.occupation_code", in->occupation_code);
    facts_add(l, codes, LABEL_JOB_INDEX, "certificate.job_index", in->job_index);
    facts_add(l, codes, LABEL_CENTRE, "certificate.assessment_centre", in->assessment_centre);
}

static bool has_photo(const struct layout *l)
{
    return l->in->photo.jpeg.ptr != NULL;
}

/* Larger modules while 5 dots fit the usual square; else the largest square at 4. */
static unsigned choose_dots(struct layout *l)
{
    unsigned modules = qr_modules_with_quiet(l->sheet->qr);
    bool usual = modules * 5 * DOT <= QR_SIDE;
    return layout_qr_dots(l, usual ? QR_SIDE : QR_SIDE_MAX);
}

/* The dark part of the code lines up with its neighbours; the quiet zone lies outside. */
static double qr_symbol(const struct layout *l, const struct front *front)
{
    return l->sheet->qr->side * front->qr_dots * DOT;
}

static double qr_quiet(const struct front *front)
{
    return QR_QUIET_MODULES * front->qr_dots * DOT;
}

static double photo_room(const struct layout *l)
{
    return has_photo(l) ? PHOTO_WIDTH + MM(5) : 0;
}

/* Everything that stands at a fixed place above `bottom`. */
static void measure_foot(struct layout *l, double bottom, struct front *front)
{
    front->qr_dots = choose_dots(l);
    double symbol = qr_symbol(l, front);
    double quiet = qr_quiet(front);
    double width = WIDTH - photo_room(l) - symbol - quiet - MM(3);
    measure_codes(l, &front->codes);
    measure_number(l, width, &front->number);
    measure_facts(l, width, &front->facts);
    double facts = facts_height(&front->number) + MM(3) + facts_height(&front->facts);
    double height = fmax(fmax(symbol + quiet, facts), has_photo(l) ? PHOTO_HEIGHT : 0);
    front->code_row = bottom - facts_height(&front->codes);
    front->foot = front->code_row - MM(3) - height;
}

/* What is left above for the flow: it keeps clear of the foot, and of the code's quiet zone. */
static double flow_room(const struct front *front)
{
    return front->foot - fmax(MM(5), qr_quiet(front) + MM(1)) - TOP;
}

static void put_foot(struct layout *l, const struct front *front)
{
    double x = LEFT + photo_room(l);
    if (has_photo(l)) {
        struct rect area = layout_photo(l, LEFT, front->foot, PHOTO_WIDTH, PHOTO_HEIGHT);
        sheet_put(l->sheet, (struct box){BOX_PHOTO, "photo", area, INK_TEXT, NULL}, l->refusal);
    }
    facts_put(l, &front->number, x, front->foot);
    facts_put(l, &front->facts, x, front->foot + facts_height(&front->number) + MM(3));
    facts_put(l, &front->codes, LEFT, front->code_row);
    double quiet = qr_quiet(front);
    layout_put_qr(l, front->qr_dots, LEFT + WIDTH - qr_symbol(l, front) - quiet,
                  front->foot - quiet);
}

/* ---- Putting it together ---- */

static void measure_words(struct layout *l, struct flow *flow)
{
    flow->count = 0;
    add_awarding_bodies(l, flow);
    add_title(l, flow);
    add_holder(l, flow);
    add_scheme(l, flow);
    add_award(l, flow);
    add_restrictions(l, flow);
}

/* Add the units in the largest text that fits `room`; else, if allowed, a note that they follow. */
static bool measure_units(struct layout *l, double room, bool overleaf, struct front *front)
{
    static const double sizes[] = {8.5, 7.5};
    size_t words = front->flow.count;
    double rest = room - flow_height(&front->flow);
    for (size_t i = 0; i < 2 && l->in->unit_count > 0 && !overleaf; i++) {
        if (table_least_height(l->in, sizes[i]) > rest) {
            continue;
        }
        table_measure(l, sizes[i], WIDTH, &front->table);
        front->flow.count = words;
        add_table(l, &front->flow, &front->table);
        if (flow_height(&front->flow) <= room) {
            return true;
        }
    }
    front->flow.count = words;
    front->overleaf = overleaf;
    if (overleaf) {
        add_overleaf_note(l, &front->flow);
    }
    return (overleaf || l->in->unit_count == 0) && flow_height(&front->flow) <= room;
}

/* One attempt at a density. True when page one holds it, or when it was refused. */
static bool attempt(struct layout *l, double density, bool overleaf, struct front *front)
{
    struct flow footer;
    l->density = density;
    sheet_clear(l->sheet);
    begin_page(l);
    *front = (struct front){.overleaf = false};
    measure_foot(l, BOTTOM - measure_footer(l, 1, 2, &footer) - MM(3), front);
    measure_words(l, &front->flow);
    return measure_units(l, flow_room(front), overleaf, front) || refused(l->refusal);
}

/* Try smaller and smaller densities down to `least`. */
static bool try_densities(struct layout *l, double least, bool overleaf, struct front *front)
{
    for (double density = 1; density > least; density -= 0.09) {
        if (attempt(l, density, overleaf, front)) {
            return true;
        }
    }
    return false;
}

static void put_all(struct layout *l, const struct front *front, const struct overleaf *overleaf)
{
    struct rect area = {LEFT, TOP, WIDTH, flow_room(front)};
    flow_place(l, &front->flow, area, MM(60));
    put_foot(l, front);
    put_footer(l, 1, overleaf->pages + 1);
    put_overleaf(l, &front->table, overleaf);
}

/* The units stand on page one, if need be in somewhat smaller text; else that page is set in full
 * size and they follow. Only long texts make it smaller still. */
static bool lay_out(struct layout *l)
{
    struct front front;
    struct overleaf overleaf = {.pages = 0};
    bool units = l->in->unit_count > 0;
    if (!try_densities(l, 0.8, false, &front) && !try_densities(l, DENSITY_MIN, units, &front)) {
        return false;
    }
    if (front.overleaf) {
        measure_overleaf(l, &front.table, &overleaf);
    }
    put_all(l, &front, &overleaf);
    return true;
}

void a4_lay_out(struct layout *l, const struct qr *qr)
{
    struct layout english_layout = *l;
    struct input english = layout_english(l->in);
    english_layout.in = &english;
    sheet_begin(l->sheet, PAPER_WIDTH, PAPER_HEIGHT, SAFE_MARGIN);
    l->sheet->qr = qr;
    l->sheet->photo = &l->in->photo;
    if (!lay_out(l) && !lay_out(&english_layout)) {
        (void)refuse(l->refusal, "certificate", "its texts are too long together for one page");
    }
}
