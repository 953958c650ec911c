/* SPDX-License-Identifier: Apache-2.0
 *
 * A verdict on paper or in a pipe: text for people, one JSON object a line for programs. Takes
 * verdicts, nothing else.
 */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "base/translation.h"
#include "verifier/verify.h"

/* Where a verdict's certificate was found. */
struct show_source {
    const char *input; /* as the user named it */
    unsigned page;     /* from 1; 0 when the input has no pages */
    const char *event; /* the reader, when the verdict is one of a stream of events; or NULL */
    bool card;         /* it is a card, whose photo can be copied from it */
    bool same_paper;   /* a paper was shown with it that is the same certificate */
};

/* Everything a verdict is shown with. Pointers are borrowed. */
struct show {
    const struct translation *translation; /* NULL: English */
    const char *lang;
    struct verifier *verifier; /* for the titles of the signed catalogue */
    bool sample;               /* the trust list is sample data: say so with every verdict */
    const char *db;            /* where the trust list is looked for; NULL: not told */
};

void show_text(const struct show *show, const struct show_source *source,
               const struct verdict *verdict);

/* False when memory ran out; nothing is printed then. */
bool show_json(const struct show *show, const struct show_source *source,
               const struct verdict *verdict);

/* The name of an assurance in JSON; and what a card proved, in English, or NULL where there was
 * none.
 */
const char *show_assurance(enum saksi_assurance assurance);
const char *show_card_assurance(enum saksi_assurance assurance);

/* "14 March 2025" in the language of `translation`; Thai adds the Buddhist year, labelled. */
#define SHOW_DATE_SIZE 96
const char *show_date(const struct show *show, int64_t day, char text[SHOW_DATE_SIZE]);

#endif
