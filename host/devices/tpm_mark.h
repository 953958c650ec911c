/* SPDX-License-Identifier: Apache-2.0
 *
 * The mark of the newest trust list, kept in a TPM 2.0 so that an old copy of the disk is noticed.
 * Starts the helper program saksi-tpm and checks what it says; links no TPM library, and decides
 * nothing about stores.
 */
#ifndef DEVICES_TPM_MARK_H
#define DEVICES_TPM_MARK_H

#include "wire/must_use.h"
#include "verifier/trust_mark.h"

enum tpm_mark_error {
    TPM_MARK_OK = 0,
    TPM_MARK_NONE,        /* the TPM answered: no mark was ever made in it */
    TPM_MARK_NO_HELPER,   /* the helper program is not installed */
    TPM_MARK_UNREACHABLE, /* no TPM there, or this user may not open it */
    TPM_MARK_DENIED,      /* the TPM asks for an authorisation */
    TPM_MARK_FOREIGN,     /* what lies in its place is no mark */
    TPM_MARK_FAILED,      /* the TPM or the helper failed, took too long or talked nonsense */
};

#define TPM_MARK_TCTI_MAX   255   /* bytes of a TCTI string */
#define TPM_MARK_TIMEOUT_MS 10000 /* of one call; a discrete TPM may take a second to write */

struct tpm_mark_call {
    const char *libexec_dir; /* where the helper program is */
    const char *tcti;        /* which TPM; tpm_mark_is_tcti */
    bool sample;             /* the mark of sample data, which is another one */
    unsigned timeout_ms;     /* 0: TPM_MARK_TIMEOUT_MS */
};

/* Whether a string names a TPM in a way that is allowed: device:, swtpm:, mssim: or tabrmd: and
 * plain characters. (The libraries would also load any file, or run any command, named there.) */
bool tpm_mark_is_tcti(const char *text);

/* *ret_mark is wanted and known after TPM_MARK_OK, and untouched otherwise. SIGCHLD must not be
 * ignored. */
MUST_USE enum tpm_mark_error tpm_mark_read(const struct tpm_mark_call *call,
                                           struct trust_mark *ret_mark);

/* Raises the mark to these versions (root from 1, header from 0), unless it is there or above
 * already; *ret_mark is the one that stands now. As above. */
MUST_USE enum tpm_mark_error tpm_mark_raise(const struct tpm_mark_call *call, int64_t root_version,
                                            int64_t header_version, struct trust_mark *ret_mark);

/* One phrase that fits "the mark in the TPM: PHRASE", with what to do. A constant string. */
const char *tpm_mark_error_text(enum tpm_mark_error error);

#endif
