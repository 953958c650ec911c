/* SPDX-License-Identifier: Apache-2.0
 *
 * The digest that the card signs is computed here, from the bytes that were read.
 */
#include "devices/card_holding.h"

#include "codec/cose.h"
#include "codec/credential.h"

static bool is_credential(const struct card_session_file *file)
{
    return file->id >= CARD_APP_CREDENTIAL && file->id < CARD_APP_CREDENTIAL + CARD_APP_CREDENTIALS;
}

size_t card_holding_count(const struct card_session *session)
{
    size_t count = 0;
    for (size_t i = 0; i < session->file_count; i++) {
        count += is_credential(&session->file[i]);
    }
    return count;
}

static const struct card_session_file *find(const struct card_session *session, size_t at)
{
    for (size_t i = 0; i < session->file_count; i++) {
        if (is_credential(&session->file[i]) && at-- == 0) {
            return &session->file[i];
        }
    }
    return NULL;
}

enum card_io_error card_photo_read(struct card_session *session, struct card_photo *photo)
{
    const struct card_session_file *file = card_session_find(session, CARD_APP_PHOTO);
    enum card_io_error error = CARD_IO_OK;
    if (photo->read) {
        return CARD_IO_OK;
    }
    photo->len = 0;
    if (file != NULL) {
        error = card_session_read(session, file, photo->bytes);
        struct span bytes = span_of(photo->bytes, file->len);
        if (error == CARD_IO_OK && crypto_sha256(&bytes, 1, photo->digest) != CRYPTO_OK) {
            error = CARD_IO_SYSTEM;
        }
        photo->len = error == CARD_IO_OK ? file->len : 0;
    }
    photo->read = error == CARD_IO_OK;
    return error;
}

static bool digest_of(const struct cose_sign1 *cose, uint8_t ret_digest[CRYPTO_SHA256_SIZE])
{
    uint8_t room[CARD_APP_MAX_CREDENTIAL + 64]; /* the document and the names around it */
    struct writer w = writer_of(room, sizeof room);
    cose_sign1_to_be_signed(&w, cose);
    struct span message = writer_span(&w);
    return writer_ok(&w) && crypto_sha256(&message, 1, ret_digest) == CRYPTO_OK;
}

/* What the certificate, if it is one, gives reason to ask for. */
static enum card_io_error ask(struct card_session *session, struct card_photo *photo,
                              struct card_holding *holding)
{
    struct cose_sign1 cose;
    struct credential claims;
    uint8_t digest[CRYPTO_SHA256_SIZE];
    enum card_io_error error = CARD_IO_OK;
    if (cose_sign1_decode(span_of(holding->document, holding->len), COSE_TYP_CREDENTIAL, &cose) !=
            COSE_OK ||
        credential_decode(cose.payload, &claims).error != CREDENTIAL_OK) {
        return CARD_IO_OK;
    }
    if (!digest_of(&cose, digest)) {
        return CARD_IO_SYSTEM;
    }
    if (credential_has(&claims, SAKSI_CLAIM_CNF)) {
        error = card_session_prove(session, digest, CARD_PURPOSE_VERIFY, &holding->proof);
    }
    if (error == CARD_IO_OK && credential_has(&claims, SAKSI_CLAIM_PHOTO_DIGEST)) {
        error = card_photo_read(session, photo);
        holding->proof.has_photo = error == CARD_IO_OK && photo->len != 0;
        memcpy(holding->proof.photo_digest, photo->digest, CRYPTO_SHA256_SIZE);
    }
    return error;
}

enum card_io_error card_holding_read(struct card_session *session, size_t at,
                                     struct card_photo *photo, struct card_holding *ret_holding)
{
    const struct card_session_file *file = find(session, at);
    if (file == NULL) {
        return CARD_IO_SYSTEM;
    }
    memset(ret_holding, 0, sizeof *ret_holding);
    ret_holding->file = file->id;
    ret_holding->proof.present = true;
    enum card_io_error error = card_session_read(session, file, ret_holding->document);
    ret_holding->len = file->len;
    return error == CARD_IO_OK ? ask(session, photo, ret_holding) : error;
}
