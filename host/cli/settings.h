/* SPDX-License-Identifier: Apache-2.0
 *
 * Settings of a checkpoint and of an authority: /etc/saksi/saksi.conf, then the user's
 * saksi/saksi.conf, then options.
 */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include <limits.h>
#include <saksi/verdict.h>
#include "codec/trust_doc.h"
#include "devices/fetch/message.h"
#include "devices/tpm_mark.h"

#define SETTINGS_DEFAULT_DB "/var/lib/saksi/trust.db"

struct settings {
    char db[PATH_MAX];
    bool sample;
    char host[3]; /* "" when not configured */
    enum saksi_purpose purpose;
    int32_t utc_offset_s;
    char lang[13];
    struct trust_staleness tighten;  /* 0: as the signed header says */
    char tpm[TPM_MARK_TCTI_MAX + 1]; /* where the mark is kept; "": nowhere */
    char module[PATH_MAX];           /* PKCS#11, absolute; "" when not configured */
    /* Where lists are fetched from; "" when not configured. */
    char url[FETCH_URL_MAX + 1];
    char proxy[FETCH_PROXY_MAX + 1];
    char cacert[PATH_MAX];
};

/* Defaults, then both files. False after a message to standard error: a faulty file is an error, a
 * missing one is not. */
bool settings_load(const char *command, struct settings *ret_settings);

/* One setting by its name in the file ("host", "utc_offset", ...); false when the value is not
 * allowed. */
bool settings_set(struct settings *settings, const char *name, const char *value);

#endif
