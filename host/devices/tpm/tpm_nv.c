/* SPDX-License-Identifier: Apache-2.0
 *
 * The index is an ordinary one: read and written with the empty authorisation, readable by the
 * owner too, and without lockout, so that nobody can lock a checkpoint out by guessing. A TPM's own
 * monotonic counter only counts by one, and cannot hold versions; that the record never goes down
 * is the program's doing, and whoever may talk to the TPM may undo it.
 */
#include "devices/tpm/tpm_nv.h"

#include <stdlib.h>
#include <string.h>
#include <tss2/tss2_esys.h>
#include <tss2/tss2_tctildr.h>

#define NO_SESSIONS ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE
#define NV_NEEDED   (TPMA_NV_AUTHREAD | TPMA_NV_AUTHWRITE)
#define NV_MADE     (NV_NEEDED | TPMA_NV_OWNERREAD | TPMA_NV_NO_DA)

struct tpm_nv {
    TSS2_TCTI_CONTEXT *tcti;
    ESYS_CONTEXT *esys;
};

/* Error codes of format one carry the number of a handle or session in their upper bits. */
static enum tpm_nv_error of_code(TSS2_RC code)
{
    TSS2_RC format_one = code & (TPM2_RC_FMT1 | 0x3F);
    if (code == TSS2_RC_SUCCESS) {
        return TPM_NV_OK;
    }
    if ((code & TSS2_RC_LAYER_MASK) == TSS2_TCTI_RC_LAYER) {
        return TPM_NV_UNREACHABLE;
    }
    bool denied = code == TPM2_RC_NV_AUTHORIZATION || code == TPM2_RC_NV_LOCKED ||
                  code == TPM2_RC_LOCKOUT || format_one == TPM2_RC_BAD_AUTH ||
                  format_one == TPM2_RC_AUTH_FAIL;
    return denied ? TPM_NV_DENIED : TPM_NV_FAILED;
}

enum tpm_nv_error tpm_nv_open(const char *tcti, struct tpm_nv **ret_nv)
{
    struct tpm_nv *nv = calloc(1, sizeof *nv);
    if (nv == NULL) {
        return TPM_NV_FAILED;
    }
    if (Tss2_TctiLdr_Initialize(tcti, &nv->tcti) != TSS2_RC_SUCCESS) {
        free(nv);
        return TPM_NV_UNREACHABLE;
    }
    if (Esys_Initialize(&nv->esys, nv->tcti, NULL) != TSS2_RC_SUCCESS) {
        Tss2_TctiLdr_Finalize(&nv->tcti);
        free(nv);
        return TPM_NV_FAILED;
    }
    *ret_nv = nv;
    return TPM_NV_OK;
}

void tpm_nv_close(struct tpm_nv *nv)
{
    if (nv != NULL) {
        Esys_Finalize(&nv->esys);
        Tss2_TctiLdr_Finalize(&nv->tcti);
        free(nv);
    }
}

/* Asked by listing handles: an error about a missing one would differ from TPM to TPM. */
static enum tpm_nv_error is_defined(struct tpm_nv *nv, uint32_t index)
{
    TPMI_YES_NO more = 0;
    TPMS_CAPABILITY_DATA *data = NULL;
    enum tpm_nv_error error = of_code(
        Esys_GetCapability(nv->esys, NO_SESSIONS, TPM2_CAP_HANDLES, index, 1, &more, &data));
    if (error == TPM_NV_OK &&
        (data->data.handles.count == 0 || data->data.handles.handle[0] != (TPM2_HANDLE)index)) {
        error = TPM_NV_ABSENT;
    }
    Esys_Free(data);
    return error;
}

static enum tpm_nv_error check_public(const TPMS_NV_PUBLIC *public)
{
    bool ordinary =
        (public->attributes & TPMA_NV_TPM2_NT_MASK) >> TPMA_NV_TPM2_NT_SHIFT == TPM2_NT_ORDINARY;
    return ordinary && public->dataSize == TPM_RECORD_SIZE &&
                   (public->attributes & NV_NEEDED) == NV_NEEDED
               ? TPM_NV_OK
               : TPM_NV_FOREIGN;
}

/* The handle of an index that is as it should be, and whether anything is in it. */
static enum tpm_nv_error find(struct tpm_nv *nv, uint32_t index, ESYS_TR *ret_handle,
                              bool *ret_written)
{
    ESYS_TR handle = ESYS_TR_NONE;
    TPM2B_NV_PUBLIC *public = NULL;
    enum tpm_nv_error error = is_defined(nv, index);
    if (error == TPM_NV_OK) {
        error = of_code(Esys_TR_FromTPMPublic(nv->esys, index, NO_SESSIONS, &handle));
    }
    if (error == TPM_NV_OK) {
        error = of_code(Esys_NV_ReadPublic(nv->esys, handle, NO_SESSIONS, &public, NULL));
    }
    if (error == TPM_NV_OK) {
        error = check_public(&public->nvPublic);
    }
    if (error == TPM_NV_OK) {
        *ret_handle = handle;
        *ret_written = (public->nvPublic.attributes & TPMA_NV_WRITTEN) != 0;
    }
    Esys_Free(public);
    return error;
}

enum tpm_nv_error tpm_nv_read(struct tpm_nv *nv, uint32_t index,
                              uint8_t ret_record[TPM_RECORD_SIZE])
{
    ESYS_TR handle = ESYS_TR_NONE;
    TPM2B_MAX_NV_BUFFER *data = NULL;
    bool written = false;
    enum tpm_nv_error error = find(nv, index, &handle, &written);
    if (error == TPM_NV_OK && !written) {
        error = TPM_NV_ABSENT; /* the power went after it was made */
    }
    if (error == TPM_NV_OK) {
        error = of_code(Esys_NV_Read(nv->esys, handle, handle, ESYS_TR_PASSWORD, ESYS_TR_NONE,
                                     ESYS_TR_NONE, TPM_RECORD_SIZE, 0, &data));
    }
    if (error == TPM_NV_OK && data->size != TPM_RECORD_SIZE) {
        error = TPM_NV_FAILED;
    }
    if (error == TPM_NV_OK) {
        memcpy(ret_record, data->buffer, TPM_RECORD_SIZE);
    }
    Esys_Free(data);
    return error;
}

static enum tpm_nv_error define(struct tpm_nv *nv, uint32_t index, ESYS_TR *ret_handle)
{
    const TPM2B_AUTH empty = {.size = 0};
    const TPM2B_NV_PUBLIC public = {.nvPublic = {.nvIndex = index,
                                                 .nameAlg = TPM2_ALG_SHA256,
                                                 .attributes = NV_MADE,
                                                 .dataSize = TPM_RECORD_SIZE}};
    return of_code(Esys_NV_DefineSpace(nv->esys, ESYS_TR_RH_OWNER, ESYS_TR_PASSWORD, ESYS_TR_NONE,
                                       ESYS_TR_NONE, &empty, &public, ret_handle));
}

enum tpm_nv_error tpm_nv_write(struct tpm_nv *nv, uint32_t index,
                               const uint8_t record[TPM_RECORD_SIZE])
{
    ESYS_TR handle = ESYS_TR_NONE;
    TPM2B_MAX_NV_BUFFER data = {.size = TPM_RECORD_SIZE};
    bool written = false;
    enum tpm_nv_error error = find(nv, index, &handle, &written);
    memcpy(data.buffer, record, TPM_RECORD_SIZE);
    if (error == TPM_NV_ABSENT) {
        error = define(nv, index, &handle);
    }
    return error == TPM_NV_OK ? of_code(Esys_NV_Write(nv->esys, handle, handle, ESYS_TR_PASSWORD,
                                                      ESYS_TR_NONE, ESYS_TR_NONE, &data, 0))
                              : error;
}
