/* SPDX-License-Identifier: Apache-2.0
 *
 * The steps that issuing and resuming share; for issue*.c only.
 */
#ifndef ISSUER_ISSUE_STEPS_H
#define ISSUER_ISSUE_STEPS_H

#include "issuer/issue.h"

/* A code measured before signing may come out this much longer: the signature compresses by chance.
 */
#define ISSUE_MEASURE_SLACK 6

/* Makes the pages of a signed certificate, then its card where `pages` has ISSUE_CHIP, then writes
 * the files, and notes in the item whether it may be delivered (it stays ISSUE_NOT_TRIED then),
 * waits, or failed. */
MUST_USE enum issue_error issue_write(const struct issue_session *session, struct issue_item *item,
                                      const struct signed_credential *made, const char *folder,
                                      unsigned pages);

/* Tells the registry how it ended, inside a transaction. */
MUST_USE enum registry_error issue_settle(const struct issue_session *session,
                                          struct issue_item *item);

#endif
