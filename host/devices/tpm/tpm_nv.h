/* SPDX-License-Identifier: Apache-2.0
 *
 * One record in the non-volatile memory of a TPM 2.0 (TPM 2.0 Library, part 3, "Non-volatile
 * Storage"). Knows handles, attributes and authorisations; not what the record says.
 */
#ifndef DEVICES_TPM_TPM_NV_H
#define DEVICES_TPM_TPM_NV_H

#include "wire/must_use.h"
#include "devices/tpm/tpm_record.h"

/* Handles in the range that belongs to the TPM's owner, 0x01800000 to 0x01BFFFFF ("SA", "SB").
 * Samples have one of their own: trying them out must not move a device's mark. */
#define TPM_NV_INDEX_REAL   0x01835341U
#define TPM_NV_INDEX_SAMPLE 0x01835342U

enum tpm_nv_error {
    TPM_NV_OK = 0,
    TPM_NV_ABSENT,      /* there is no such index, or nothing was ever written to it */
    TPM_NV_UNREACHABLE, /* no TPM there, or it may not be opened */
    TPM_NV_DENIED,      /* the owner's or the index's authorisation is not the empty one */
    TPM_NV_FOREIGN,     /* the index was made by somebody else, for something else */
    TPM_NV_FAILED,      /* the TPM refused, or memory ran out */
};

struct tpm_nv;

/* Opens the TPM that a TCTI string names; closed by the caller. */
MUST_USE enum tpm_nv_error tpm_nv_open(const char *tcti, struct tpm_nv **ret_nv);
void tpm_nv_close(struct tpm_nv *nv);

MUST_USE enum tpm_nv_error tpm_nv_read(struct tpm_nv *nv, uint32_t index,
                                       uint8_t ret_record[TPM_RECORD_SIZE]);
/* Makes the index where there is none; whatever it held is replaced. */
MUST_USE enum tpm_nv_error tpm_nv_write(struct tpm_nv *nv, uint32_t index,
                                        const uint8_t record[TPM_RECORD_SIZE]);

#endif
