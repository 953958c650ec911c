/* SPDX-License-Identifier: Apache-2.0
 *
 * Invented authorities of four states for demonstrations and tests. Every name says SAMPLE, and so
 * does the root: verifiers open it only when asked to.
 */
#ifndef AUTHORITY_SAMPLE_H
#define AUTHORITY_SAMPLE_H

#include "authority/ceremony.h"

/* Writes the sources (root, header, ID, MY, PH, TH) with dates around `now_s`, and a key for every
 * name they mention to DIR/keys/NAME.pem: root-1.pem, ID-2.pem, and for issuers their id, as
 * ID.SAMPLE-A.LSP-01.pem; a former key has a suffix (.old, .stolen). Nothing is overwritten. */
MUST_USE enum authority_error authority_sample_write(const char *dir, int64_t now_s,
                                                     struct authority_problem *problem);

/* The same, then builds, signs and publishes: DIR/out/root-1.root and DIR/out/trust.bundle. */
MUST_USE enum authority_error authority_sample_publish(const char *dir,
                                                       const struct trust_clock_input *clock,
                                                       struct ceremony_result *ret_result,
                                                       struct authority_problem *problem);

#endif
