/* SPDX-License-Identifier: Apache-2.0
 *
 * What saksi and the helper program saksi-tpm say to each other, one line of ASCII each way.
 *
 *     saksi-tpm read TCTI real|sample
 *     saksi-tpm raise TCTI real|sample        and on standard input "ROOT HEADER\n"
 *
 * TCTI says where the TPM is, as tss2-tctildr takes it. The answer on standard output is one of
 *
 *     mark ROOT HEADER\n      the mark as it stands now; after raise never lower than asked for
 *     none\n                  to read: no mark was ever made
 *     error WORD\n            one of the words below
 *
 * with versions in decimal: no sign, no leading zero, ROOT from 1, HEADER from 0, up to 2^63 − 1.
 */
#ifndef DEVICES_TPM_TPM_LINE_H
#define DEVICES_TPM_TPM_LINE_H

#include <stdbool.h>
#include <stdint.h>
#include "wire/bytes.h"

#define TPM_PROGRAM          "saksi-tpm"
#define TPM_LINE_MAX         64 /* bytes, newline included; either way */
#define TPM_WORD_READ        "read"
#define TPM_WORD_RAISE       "raise"
#define TPM_WORD_REAL        "real"
#define TPM_WORD_SAMPLE      "sample"
#define TPM_WORD_MARK        "mark "
#define TPM_WORD_NONE        "none\n"
#define TPM_WORD_ERROR       "error "
#define TPM_WORD_UNREACHABLE "unreachable\n"
#define TPM_WORD_DENIED      "denied\n"
#define TPM_WORD_FOREIGN     "foreign\n"
#define TPM_WORD_FAILED      "failed\n"

/* "ROOT HEADER\n" and nothing else. */
bool tpm_line_versions(struct span line, int64_t *ret_root, int64_t *ret_header);

#endif
