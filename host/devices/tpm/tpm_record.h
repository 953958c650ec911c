/* SPDX-License-Identifier: Apache-2.0
 *
 * The mark as it lies in the TPM: 24 bytes, "SAKSIMK", the version of this format (1), the root's
 * version and the header's, eight bytes each, big-endian.
 */
#ifndef DEVICES_TPM_TPM_RECORD_H
#define DEVICES_TPM_TPM_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#define TPM_RECORD_SIZE 24

void tpm_record_encode(int64_t root_version, int64_t header_version,
                       uint8_t ret_record[TPM_RECORD_SIZE]);

/* False when it is not such a record, or its versions are none: outputs are untouched. */
bool tpm_record_decode(const uint8_t record[TPM_RECORD_SIZE], int64_t *ret_root_version,
                       int64_t *ret_header_version);

#endif
