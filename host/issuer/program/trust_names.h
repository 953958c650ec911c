/* SPDX-License-Identifier: Apache-2.0
 *
 * What a station takes from the trust list when it is set up: the names of its issuer and
 * authority, and whether a block is signed by that authority.
 */
#ifndef ISSUER_TRUST_NAMES_H
#define ISSUER_TRUST_NAMES_H

#include "codec/trust_row.h"
#include "program.h"

/* Copies of two rows of the list, and views into them. */
struct trust_names {
    uint8_t issuer_row[TRUST_MAX_ROW_BYTES], authority_row[TRUST_MAX_ROW_BYTES];
    struct row_issuer issuer, authority;
    bool has_issuer, has_authority;
};

/* STATUS_OK when the list could be read, whether or not the issuer is in it. The message has been
 * printed otherwise. */
MUST_USE int trust_names_read(const char *db_path, bool sample, struct span issuer,
                              struct trust_names *ret_names);

/* Fills in what is not given; the parties then point into `names`. */
void trust_names_fill(const struct trust_names *names, struct station_party *issuer,
                      struct station_party *authority);

#endif
