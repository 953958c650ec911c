/* SPDX-License-Identifier: Apache-2.0
 *
 * What the subcommands of `saksi trust` share.
 */
#ifndef CLI_CMD_TRUST_H
#define CLI_CMD_TRUST_H

#include "cli/settings.h"
#include "verifier/trust_update.h"

/* Opens the store of the settings; says what is wrong and gives the exit status otherwise. */
MUST_USE int trust_open(const struct settings *settings, enum db_mode mode,
                        struct trust_store **ret_store);

/* saksi trust status: text, or one JSON object. */
MUST_USE int trust_status(const struct settings *settings, bool json);

#endif
