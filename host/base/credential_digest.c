/* SPDX-License-Identifier: Apache-2.0
 *
 * The Sig_structure is made again from the parts: it is nowhere in the document.
 */
#include "base/credential_digest.h"

#include "codec/credential.h"

bool credential_digest(const struct cose_sign1 *cose, uint8_t ret_digest[CRYPTO_SHA256_SIZE])
{
    uint8_t room[CREDENTIAL_MAX_BYTES + COSE_SIG_STRUCTURE_MORE];
    struct writer w = writer_of(room, sizeof room);
    cose_sign1_to_be_signed(&w, cose);
    struct span message = writer_span(&w);
    return writer_ok(&w) && crypto_sha256(&message, 1, ret_digest) == CRYPTO_OK;
}
