/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of national lists that look random: few names with few contents each, so that two lists have
 * much in common and differ in every way, and sets at every edge of blocks and allotments. The same
 * in every run for one seed.
 */
#ifndef TESTS_RANDOM_LIST_H
#define TESTS_RANDOM_LIST_H

#include "trust_fixture.h"

/* Rows of MY, security part and catalogue; now and then none at all. */
struct fixture_rows *random_list(struct fixture *f, uint64_t *random);

#endif
