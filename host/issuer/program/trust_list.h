/* SPDX-License-Identifier: Apache-2.0
 *
 * The trust list as a station uses it: for the names of its issuer and authority when it is set up,
 * for titles on pages, and to see whether a block is signed by the authority.
 */
#ifndef ISSUER_TRUST_LIST_H
#define ISSUER_TRUST_LIST_H

#include "issuer/titles.h"
#include "program.h"

/* Opens a trust list that is real or sample like the station. The message has been printed unless
 * it answers STATUS_OK. */
MUST_USE int trust_list_open(const char *path, bool sample, struct trust_store **ret_store);

/* STATUS_OK when the list could be read, whether or not the issuer is in it. */
MUST_USE int trust_list_names(const char *path, bool sample, struct span issuer,
                              struct titles_names *ret_names);

#endif
