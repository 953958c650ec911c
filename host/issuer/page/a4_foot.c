/* SPDX-License-Identifier: Apache-2.0
 *
 * The foot of page one: photo, numbers and dates, and the code with whole printer dots.
 */
#include "a4.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PHOTO_WIDTH  MM(35)
#define PHOTO_HEIGHT MM(45)
#define QR_SIDE      MM(54.6) /* 645 dots: version 20 gets 6 dots a module, version 26 gets 5 */
#define QR_SIDE_MAX  MM(60)   /* for larger versions, at 4 dots */

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
    bool named = strcmp(in->standard_family, "OTHER") != 0;
    (void)snprintf(scheme, sizeof scheme, "%s%s%s", named ? in->standard_family : "",
                   named ? " " : "", in->scheme_code);
    const char *const others[] = {in->sector_code, in->occupation_code, in->job_index,
                                  in->assessment_centre};
    size_t columns = 1;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        columns += others[i] != NULL ? 1 : 0;
    }
    *codes = facts_begin(&fact_label, &fact_value, A4_WIDTH, columns, MM(4));
    facts_add(l, codes, LABEL_SCHEME, "certificate.scheme_code", scheme);
    facts_add(l, codes, LABEL_SECTOR, "certificate.sector_code", in->sector_code);
    facts_add(l, codes, LABEL_OCCUPATION, "certificate.occupation_code", in->occupation_code);
    facts_add(l, codes, LABEL_JOB_INDEX, "certificate.job_index", in->job_index);
    facts_add(l, codes, LABEL_CENTRE, "certificate.assessment_centre", in->assessment_centre);
}

static bool has_photo(const struct layout *l)
{
    return l->in->photo.jpeg != NULL;
}

/* Larger modules while 5 dots fit the usual square; else the largest square at 4. */
static unsigned choose_dots(struct layout *l)
{
    unsigned modules = qr_modules_with_quiet(l->sheet->qr);
    bool usual = modules * 5 * DOT <= QR_SIDE;
    return layout_qr_dots(l, usual ? QR_SIDE : QR_SIDE_MAX);
}

/* The dark part of the code lines up with its neighbours; the quiet zone lies outside. */
static double qr_symbol(const struct layout *l, const struct a4_foot *foot)
{
    return l->sheet->qr->side * foot->qr_dots * DOT;
}

static double qr_quiet(const struct a4_foot *foot)
{
    return QR_QUIET_MODULES * foot->qr_dots * DOT;
}

static double photo_room(const struct layout *l)
{
    return has_photo(l) ? PHOTO_WIDTH + MM(5) : 0;
}

void a4_measure_foot(struct layout *l, double bottom, struct a4_foot *foot)
{
    foot->qr_dots = choose_dots(l);
    double symbol = qr_symbol(l, foot);
    double quiet = qr_quiet(foot);
    double width = A4_WIDTH - photo_room(l) - symbol - quiet - MM(3);
    measure_codes(l, &foot->codes);
    measure_number(l, width, &foot->number);
    measure_facts(l, width, &foot->facts);
    double facts = facts_height(&foot->number) + MM(3) + facts_height(&foot->facts);
    double height = fmax(fmax(symbol + quiet, facts), has_photo(l) ? PHOTO_HEIGHT : 0);
    foot->code_row = bottom - facts_height(&foot->codes);
    foot->top = foot->code_row - MM(3) - height;
}

double a4_room_above(const struct a4_foot *foot)
{
    return foot->top - fmax(MM(5), qr_quiet(foot) + MM(1)) - A4_TOP;
}

void a4_put_foot(struct layout *l, const struct a4_foot *foot)
{
    double x = A4_LEFT + photo_room(l);
    if (has_photo(l)) {
        struct rect area = layout_photo(l, A4_LEFT, foot->top, PHOTO_WIDTH, PHOTO_HEIGHT);
        sheet_put(l->sheet, (struct box){BOX_PHOTO, "photo", area, INK_TEXT, NULL}, l->refusal);
    }
    facts_put(l, &foot->number, x, foot->top);
    facts_put(l, &foot->facts, x, foot->top + facts_height(&foot->number) + MM(3));
    facts_put(l, &foot->codes, A4_LEFT, foot->code_row);
    double quiet = qr_quiet(foot);
    layout_put_qr(l, foot->qr_dots, A4_LEFT + A4_WIDTH - qr_symbol(l, foot) - quiet,
                  foot->top - quiet);
}
