/* SPDX-License-Identifier: Apache-2.0
 *
 * The mark of the settings' TPM and a trust store, brought together for the commands: what verify
 * is told, what an import leaves behind, and what status says. Without the setting "tpm" nothing is
 * started and nothing is said.
 */
#ifndef CLI_MARK_H
#define CLI_MARK_H

#include "base/json.h"
#include "cli/settings.h"
#include "verifier/trust_store.h"

/* The mark for a store, to be asked for before the store is read: an import beside it writes the
 * store first. All zero when no TPM is set; wanted and not known, after a message, when it cannot
 * be read. */
struct trust_mark mark_read(const char *command, const struct settings *settings, bool sample);

/* After a commit to the store: raises the mark to what is stored now, and says where it stands; a
 * store that is still older is said on standard error and *ret_behind (may be NULL) is true.
 * Returns 0, or the exit status after a message: then the store is good and the mark is as it was.
 */
int mark_raise(const struct settings *settings, struct trust_store *store, bool *ret_behind);

/* One line, and one member "mark", about a mark that mark_read gave and what is stored. */
void mark_print(const struct trust_mark *mark, const struct trust_state *state);
void mark_put(struct json_value *object, const struct trust_mark *mark,
              const struct trust_state *state);

#endif
