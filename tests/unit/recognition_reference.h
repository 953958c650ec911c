/* SPDX-License-Identifier: Apache-2.0
 *
 * Recognition once more, slowly: every rule is explained in full, the explanations are sorted, and
 * the first one is the answer. Written from the prose of recognition.h and WIRE.md (row type 6)
 * alone; shares no code with recognition.c, and cares for neither speed nor size.
 *
 * It can be made wrong in one place at a time, so that a test can show that it would notice.
 */
#ifndef TESTS_RECOGNITION_REFERENCE_H
#define TESTS_RECOGNITION_REFERENCE_H

#include "verifier/recognition.h"

#define RECOGNITION_REFERENCE_MAX_RULES 64

/* One comparison each that comes out wrong. */
enum recognition_slip {
    SLIP_NONE = 0,
    SLIP_STATE_ANY,            /* rules about another state count too */
    SLIP_VALID_FROM_AFTER,     /* > instead of >= */
    SLIP_VALID_UNTIL_BEFORE,   /* < instead of <= */
    SLIP_ISSUED_FROM_AFTER,    /* > instead of >= */
    SLIP_ISSUED_UNTIL_BEFORE,  /* < instead of <= */
    SLIP_LEVEL_LEAST_ABOVE,    /* > instead of >= */
    SLIP_LEVEL_MOST_BELOW,     /* < instead of <= */
    SLIP_PURPOSE_ANY,          /* not asked */
    SLIP_AWARDING_BEGINNING,   /* begins with, instead of equal */
    SLIP_CERTIFYING_BEGINNING, /* begins with, instead of equal */
    SLIP_CERTIFYING_UNSURE,    /* no certification body is like an absent claim */
    SLIP_TYPES_ANY,            /* not asked */
    SLIP_COVERAGE_UP_TO,       /* <= instead of == */
    SLIP_FAMILY_UP_TO,         /* <= instead of == */
    SLIP_FRAMEWORK_UP_TO,      /* <= instead of == */
    SLIP_EDITION_UP_TO,        /* <= instead of == */
    SLIP_SCHEME_BEGINNING,     /* begins with, instead of equal */
    SLIP_SCHEME_PREFIX_WHOLE,  /* equal, instead of begins with */
    SLIP_SECTOR_WHOLE,         /* equal, instead of begins with */
    SLIP_OCCUPATION_WHOLE,     /* equal, instead of begins with */
    SLIP_JOB_BEGINNING,        /* begins with, instead of equal */
    SLIP_NATIONALITY_FIRST,    /* the others of the list are forgotten */
    SLIP_CONDITIONAL_NEGATIVE, /* < instead of <=: conditional is no positive result */
    SLIP_CASE_POSITIVE,        /* case by case is a positive result */
    SLIP_DOUBT_KEEPS_RESULT,   /* a negative rule in doubt keeps its own result */
    SLIP_REFUSAL_AFTER_DOUBT,  /* doubt about one field hides the refusal of another */
    SLIP_SUSPENSION_RANKED,    /* a suspension wins only when it is the most specific */
    SLIP_DOUBTFUL_RANKED,      /* the same of a suspension in doubt */
    SLIP_RANK_0,               /* fields of the tuple turned around, one after the other */
    SLIP_RANK_6 = SLIP_RANK_0 + 6,
    SLIP_PREFIX_UNMEASURED, /* a prefix counts as there or not, whatever its length */
    SLIP_BEST_OF_EQUALS,    /* the best result instead of the worst */
    SLIP_HIGHEST_ID,        /* the highest id instead of the lowest */
    SLIP_COUNT
};

/* The result's rule points into `rules`; at most RECOGNITION_REFERENCE_MAX_RULES of them. */
struct recognition_result recognition_reference(const struct row_rule *rules, size_t count,
                                                const struct recognition_input *input,
                                                enum recognition_slip slip);

#endif
