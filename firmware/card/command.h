/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands of the applications, for card.c's table. Each gets a command that is
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

/* Those of the PIV application (SP 800-73-4, part 2, §3). */
command_run command_verify;
command_run command_change_reference_data;
command_run command_reset_retry_counter;
command_run command_general_authenticate;
command_run command_piv_generate;
command_run command_piv_store_data;
command_run command_get_data;
command_run command_put_data; /* gets each part of a chain */

/* The status word of a write. */
MUST_USE uint16_t command_store_sw(enum store_result result);

/* True while files, objects and keys can be changed. */
MUST_USE bool command_may_change(const struct card *card);

/* Drops what a command was writing in parts. */
void command_drop_stream(struct card *card);

/* Writes a secret, and forgets the one that it replaces: that shall not wait in flash for someone
 * with a microscope. */
MUST_USE uint16_t command_store_secret(struct card *card, unsigned object, struct span value);

/* SELECT by name, in application.c; P2 has been checked. */
MUST_USE uint16_t application_select(struct card *card, const struct apdu *command,
                                     struct writer *out);

#endif
