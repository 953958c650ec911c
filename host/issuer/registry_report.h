/* SPDX-License-Identifier: Apache-2.0
 *
 * The station's report to its authority: the registry's changes as a signed document
 * (issuer/report.h).
 */
#ifndef ISSUER_REGISTRY_REPORT_H
#define ISSUER_REGISTRY_REPORT_H

#include "issuer/registry.h"
#include "issuer/report.h"
#include "issuer/signer.h"

struct registry_report {
    uint8_t *document; /* owned: free() it */
    size_t len;
    uint64_t first, last; /* the changes it tells */
    uint64_t last_of_all; /* when greater than `last`, another report is needed for the rest */
    size_t rows;
};

/* Tells the changes from `first` on, at most REPORT_MAX_ROWS of them. REGISTRY_STATE when signing
 * failed. */
MUST_USE enum registry_error registry_report_make(struct registry *registry,
                                                  const struct signer *signer,
                                                  const struct registry_identity *identity,
                                                  uint64_t first, int64_t now_s,
                                                  struct registry_report *ret_report);

#endif
