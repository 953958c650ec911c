/* SPDX-License-Identifier: Apache-2.0
 *
 * The certificate to be printed, read from JSON and checked: the schema stands in issuer/page.h.
 * Knows which members there are and how long they may be; knows nothing of pages.
 */
#ifndef PAGE_INPUT_H
#define PAGE_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "codec/date.h"
#include "photo.h"
#include "reading.h"
#include "refusal.h"

#define INPUT_UNITS_MAX 40

enum input_layout { LAYOUT_A4, LAYOUT_CARD };
enum scheme_type {
    SCHEME_QUALIFICATION,
    SCHEME_OCCUPATION,
    SCHEME_CLUSTER,
    SCHEME_UNIT,
    SCHEME_JOB_TITLE,
    SCHEME_MODULAR
};
enum coverage { COVERAGE_FULL, COVERAGE_PARTIAL };

/* Text in a language; text is NULL when there is none. */
struct native_text {
    const char *lang; /* BCP 47 */
    const char *text;
};

struct unit {
    const char *code;
    const char *title; /* English; NULL when unknown */
    struct native_text native;
};

struct party {
    const char *id;
    const char *name;          /* English */
    struct native_text native; /* in the second label language */
};

/* All text is NUL-terminated and points into `texts`; NULL means absent. */
struct input {
    char *texts; /* owned */
    enum input_layout layout;
    bool sample;
    const char *second; /* second label language; NULL: English alone */
    const char *qr;
    const char *created; /* "YYYY-MM-DDThh:mm:ssZ" */

    const char *certificate_number, *registration_number, *blank_number;
    enum scheme_type scheme_type;
    enum coverage coverage;
    const char *scheme_code, *scheme_title;
    struct native_text scheme_title_native;
    const char *standard_family;
    struct unit units[INPUT_UNITS_MAX];
    size_t unit_count;
    const char *framework; /* NULL: then edition and level mean nothing */
    int edition, level;
    const char *sector_code, *occupation_code, *job_index, *assessment_centre;
    struct date issue_date;
    struct date valid_from;  /* year 0: absent */
    struct date valid_until; /* year 0: no expiry */
    const char *holder_name;
    struct native_text holder_name_native;
    struct date birth_date; /* year 0: absent; month 0: a year alone */
    const char *nationality, *restrictions;

    struct party authority, issuer;
    struct photo photo; /* owned; .jpeg is NULL when there is none */
};

/* Read and check everything. False, with a refusal and *ret_input empty, on the first fault. */
bool input_read(struct reading *r, struct input *ret_input, struct refusal *refusal);

/* Release what input_read gave; an empty input is allowed. */
void input_free(struct input *input);

#endif
