/* SPDX-License-Identifier: Apache-2.0
 *
 * The two faces of `saksi trust status`: for people, and for programs.
 */
#ifndef CLI_TRUST_STATUS_H
#define CLI_TRUST_STATUS_H

#include "cli/mark.h"
#include "cli/trust_survey.h"

/* On standard output: what is wrong first, then what there is, then what will expire. */
void trust_status_text(const struct trust_survey *survey, const struct trust_mark *mark);

/* One JSON object, a line of standard output; its members are in the manual. False when memory ran
 * out; nothing is printed then. */
bool trust_status_json(const struct trust_survey *survey, const struct trust_mark *mark);

#endif
