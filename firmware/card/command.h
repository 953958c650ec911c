/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands of the credential application, for card.c's table. Each gets a command that is
 * allowed (class, application, secure channel) with its data in plain, writes its response data to
 * `out`, and returns the status word. They check P1-P2, then lengths, then state, then data.
 */
#ifndef CARD_COMMAND_H
#define CARD_COMMAND_H

#include "card.h"

typedef uint16_t command_run(struct card *card, const struct apdu *command, struct writer *out);

command_run command_select;
command_run command_read_binary;
command_run command_read_binary_odd;
command_run command_internal_authenticate;
command_run command_generate;
command_run command_initialize_update;
command_run command_external_authenticate;
command_run command_put_key;
command_run command_store_data;
command_run command_set_status;

/* The status word of a write. */
uint16_t command_store_sw(enum store_result result);

#endif
