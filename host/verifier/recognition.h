/* SPDX-License-Identifier: Apache-2.0
 *
 * The host state's recognition rules applied to one genuine certificate. Pure: the same rules and
 * input give the same result on every device, in whatever order the rules come. Knows nothing of
 * signatures, revocation or the state's own certificates.
 *
 * How it decides:
 *  - A rule counts when it is in force today, covers the issue date and the purpose, and each of
 * its filters fits.
 *  - A filter on something the certificate does not say: the rule does not count when it is
 * positive (recognised, with conditions); otherwise it counts as case_by_case.
 *  - A suspension wins whatever its specificity; one that only may apply makes the result
 * case_by_case at best.
 *  - Of the others the most specific win, by (scheme, length of scheme prefix, job index, length of
 *    occupation prefix, length of sector prefix, certification body, awarding body); among equals
 * the worst result.
 *  - The result names the lowest rule id among those that decided.
 */
#ifndef VERIFIER_RECOGNITION_H
#define VERIFIER_RECOGNITION_H

#include <saksi/verdict.h>
#include "codec/credential.h"
#include "codec/trust_row.h"

struct recognition_input {
    const struct credential *credential;
    struct span issuing_state;
    struct span awarding_body;      /* empty: not known, which is like a claim that is absent */
    struct span certification_body; /* the issuer, unless it is the awarding body; empty: none, so
                                       rules about one do not fit */
    enum saksi_purpose purpose;
    int64_t today; /* the day at the checkpoint */
};

struct recognition_result {
    bool covered;                /* false: no rule applies (NOT_COVERED); the rest is zero */
    enum row_result result;      /* may differ from rule->result when a claim is absent */
    const struct row_rule *rule; /* points into `rules` */
};

/* `rules` may be NULL when count is 0. */
struct recognition_result recognition_evaluate(const struct row_rule *rules, size_t count,
                                               const struct recognition_input *input);

#endif
