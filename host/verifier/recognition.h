/* SPDX-License-Identifier: Apache-2.0
 *
 * The host state's recognition rules applied to one genuine certificate. Pure: the same rules and input give the same
 * result on every device.
 */
#ifndef VERIFIER_RECOGNITION_H
#define VERIFIER_RECOGNITION_H

#include <saksi/verdict.h>
#include "codec/credential.h"
#include "codec/trust_row.h"

struct recognition_input {
    const struct credential *credential;
    struct span issuing_state;
    struct span awarding_body;      /* empty when unknown */
    struct span certification_body; /* empty when the issuer is none */
    enum saksi_purpose purpose;
    int64_t today; /* the day at the checkpoint */
};

struct recognition_result {
    bool covered;                /* false: no rule applies (NOT_COVERED) */
    enum row_result result;
    const struct row_rule *rule; /* the lowest rule id among those that decided; points into `rules` */
};

/* Rules in any order; the result does not depend on it. */
struct recognition_result recognition_evaluate(const struct row_rule *rules, size_t count,
                                               const struct recognition_input *input);

#endif
