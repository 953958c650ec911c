/* SPDX-License-Identifier: Apache-2.0
 *
 * The digest that the card signs is computed here, from the bytes that were read.
 */
#include "devices/card_holding.h"

#include <stdio.h>

#include "base/credential_digest.h"
#include "codec/credential.h"

enum card_io_error card_photo_read(struct card_visit *visit, struct card_photo *photo)
{
    enum card_io_error error = CARD_IO_OK;
    if (photo->read) {
        return CARD_IO_OK;
    }
    photo->len = 0;
    if (visit->photo_bytes != 0) {
        error = visit->profile->photo(visit, photo->bytes);
        struct span bytes = span_of(photo->bytes, visit->photo_bytes);
        if (error == CARD_IO_OK && crypto_sha256(&bytes, 1, photo->digest) != CRYPTO_OK) {
            error = CARD_IO_SYSTEM;
        }
        photo->len = error == CARD_IO_OK ? visit->photo_bytes : 0;
    }
    photo->read = error == CARD_IO_OK;
    return error;
}

void card_label_read(struct span document, const uint8_t *thumbprint, struct card_label *ret_label)
{
    struct cose_sign1 cose;
    struct credential claims;
    *ret_label = (struct card_label){.number = ""};
    if (!credential_open(document, &cose, &claims)) {
        return;
    }
    struct span number = credential_text(&claims, SAKSI_CLAIM_CERTIFICATE_NUMBER);
    (void)snprintf(ret_label->number, CARD_NUMBER_SIZE, "%.*s", (int)number.len,
                   (const char *)number.ptr);
    struct span issuer = credential_text(&claims, SAKSI_CLAIM_ISS);
    (void)snprintf(ret_label->issuer, sizeof ret_label->issuer, "%.*s", (int)issuer.len,
                   (const char *)issuer.ptr);
    ret_label->index = (uint32_t)credential_number(&claims, SAKSI_CLAIM_STATUS_INDEX);
    ret_label->names_key =
        thumbprint != NULL && span_equal(credential_text(&claims, SAKSI_CLAIM_CNF),
                                         span_of(thumbprint, CRYPTO_SHA256_SIZE));
}

/* What the certificate, if it is one, gives reason to ask for. */
static enum card_io_error ask(struct card_visit *visit, struct card_photo *photo,
                              struct card_holding *holding)
{
    struct cose_sign1 cose;
    struct credential claims;
    struct card_question question = {.purpose = CARD_PURPOSE_VERIFY};
    enum card_io_error error = CARD_IO_OK;
    if (!credential_open(span_of(holding->document, holding->len), &cose, &claims)) {
        return CARD_IO_OK;
    }
    if (!credential_digest(&cose, question.credential_digest)) {
        return CARD_IO_SYSTEM;
    }
    if (credential_has(&claims, SAKSI_CLAIM_CNF) && visit->profile->prove != NULL) {
        memcpy(question.cnf, credential_text(&claims, SAKSI_CLAIM_CNF).ptr, sizeof question.cnf);
        error = visit->profile->prove(visit, &question, &holding->proof);
    }
    if (error == CARD_IO_OK && credential_has(&claims, SAKSI_CLAIM_PHOTO_DIGEST)) {
        error = card_photo_read(visit, photo);
        holding->proof.has_photo = error == CARD_IO_OK && photo->len != 0;
        memcpy(holding->proof.photo_digest, photo->digest, CRYPTO_SHA256_SIZE);
    }
    return error;
}

enum card_io_error card_holding_read(struct card_visit *visit, size_t at, struct card_photo *photo,
                                     struct card_holding *ret_holding)
{
    memset(ret_holding, 0, sizeof *ret_holding);
    ret_holding->proof.present = true;
    ret_holding->proof.unfinished = visit->state != 0 && visit->state != CARD_LOCKED;
    enum card_io_error error = visit->profile->read(visit, at, ret_holding->document,
                                                    &ret_holding->len, &ret_holding->number);
    return error == CARD_IO_OK ? ask(visit, photo, ret_holding) : error;
}
