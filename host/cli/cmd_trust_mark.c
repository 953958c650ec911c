/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi trust mark: raises the mark in the TPM to what is stored: where the TPM is new, or where
 * the power went between an import and its mark.
 */
#include "cli/cmd_trust.h"

#include "cli/command.h"
#include "cli/mark.h"
#include "cli/terminal.h"

int trust_mark(struct trust_options *o, int count, char **names)
{
    struct trust_store *store = NULL;
    bool behind = false;
    if (count != 0) {
        terminal_error("trust", "mark: %s: takes no file; use --db FILE", names[0]);
        return EXIT_USAGE;
    }
    if (o->settings.tpm[0] == '\0') {
        terminal_error("trust", "mark: no TPM is set: give --tpm TCTI, for example --tpm "
                                "device:/dev/tpmrm0, or set \"tpm\" in /etc/saksi/saksi.conf");
        return EXIT_USAGE;
    }
    int status = trust_open(&o->settings, DB_WRITE, &store);
    if (status != 0) {
        return status;
    }
    status = mark_raise(&o->settings, store, &behind);
    trust_store_close(store);
    return status == 0 && behind ? EXIT_REFUSED : status;
}
