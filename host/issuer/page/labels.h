/* SPDX-License-Identifier: Apache-2.0
 *
 * The fixed words of a page in each label language. Knows no certificate and no font.
 */
#ifndef PAGE_LABELS_H
#define PAGE_LABELS_H

#include <stdbool.h>
#include <stddef.h>

enum label {
    LABEL_TITLE,
    LABEL_ISSUED_BY,
    LABEL_CERTIFY_THAT,
    LABEL_COMPETENT_IN,
    LABEL_QUALIFICATION, /* six kinds of scheme, in the order of enum scheme_type */
    LABEL_OCCUPATION_SCHEME,
    LABEL_CLUSTER,
    LABEL_UNIT_SCHEME,
    LABEL_JOB_TITLE,
    LABEL_MODULAR,
    LABEL_FULL,
    LABEL_PARTIAL,
    LABEL_PARTIAL_NOTE,
    LABEL_LEVEL,
    LABEL_UNITS,
    LABEL_CODE,
    LABEL_UNIT,
    LABEL_UNITS_OVERLEAF,
    LABEL_CERTIFICATE_NUMBER,
    LABEL_REGISTRATION_NUMBER,
    LABEL_BLANK_NUMBER,
    LABEL_ISSUE_DATE,
    LABEL_VALID_FROM,
    LABEL_VALID_UNTIL,
    LABEL_NO_EXPIRY,
    LABEL_BIRTH_DATE,
    LABEL_NATIONALITY,
    LABEL_SCHEME,
    LABEL_SECTOR,
    LABEL_OCCUPATION,
    LABEL_JOB_INDEX,
    LABEL_CENTRE,
    LABEL_RESTRICTIONS,
    LABEL_VERIFY,
    LABEL_NO_PERMISSION,
    LABEL_SAMPLE,
    LABEL_COUNT
};

/* The label in the language `lang`; NULL when there is no table for it. */
const char *label_text(enum label label, const char *lang);

/* Whether there is a table for `lang`. */
bool labels_have(const char *lang);

/* The tag of the table at `index`, NULL past the last: for tests that walk all of them. */
const char *labels_language(size_t index);

/* False for a draft that no native reader has signed off. */
bool labels_reviewed(const char *lang);

#endif
