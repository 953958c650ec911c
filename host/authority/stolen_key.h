/* SPDX-License-Identifier: Apache-2.0
 *
 * A compromised key is compromised for every issuer: whoever has it could sign for all that it
 * stands under. Compares the key rows of one list.
 */
#ifndef AUTHORITY_STOLEN_KEY_H
#define AUTHORITY_STOLEN_KEY_H

#include "authority/source_list.h"

/* AUTHORITY_SOURCE, naming key and issuers, when a key that is compromised under one issuer is not
 * so under another. Asked when a list is built, not when one of its files changes: two rows cannot
 * be ended in one step. */
MUST_USE enum authority_error stolen_key_check(const struct list_source *list,
                                               struct authority_problem *problem);

#endif
