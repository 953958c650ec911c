/* SPDX-License-Identifier: Apache-2.0
 *
 * libsaksi: the facts about a card. Facts that cannot all be true are refused here: they come of a
 * mistake in the program that reads the card, and a verdict would hide it.
 */
#include <saksi/saksi.h>

#include "base/credential_digest.h"
#include "codec/credential.h"
#include "codec/qr_text.h"
#include "verifier/api.h"

_Static_assert(SAKSI_DIGEST_SIZE == CRYPTO_SHA256_SIZE, "digests are SHA-256");
_Static_assert((int)SAKSI_CARD_NO_ANSWER == (int)CARD_ANSWER_NONE &&
                   (int)SAKSI_CARD_ANSWER_GOOD == (int)CARD_ANSWER_GOOD &&
                   (int)SAKSI_CARD_ANSWER_WRONG == (int)CARD_ANSWER_WRONG,
               "answers have the same numbers inside");

/* The bytes of a credential: as they are, or out of the text of a QR code into `room`. */
static bool credential_bytes(struct span input, uint8_t room[API_PAPER_ROOM], struct span *ret)
{
    struct writer w = writer_of(room, API_PAPER_ROOM);
    if (!span_starts_with(input, span_str(QR_TEXT_PREFIX))) {
        *ret = input;
        return true;
    }
    bool good = qr_text_decode(input, &w) == QR_TEXT_OK && writer_ok(&w);
    *ret = writer_span(&w);
    return good;
}

static bool is_certificate(struct span bytes, struct cose_sign1 *ret_cose)
{
    struct credential claims;
    return bytes.len <= CREDENTIAL_MAX_BYTES && credential_open(bytes, ret_cose, &claims);
}

enum saksi_error saksi_credential_digest(const void *certificate, size_t len,
                                         unsigned char ret_digest[SAKSI_DIGEST_SIZE])
{
    uint8_t room[API_PAPER_ROOM];
    struct cose_sign1 cose;
    struct span bytes;
    if (certificate == NULL || ret_digest == NULL ||
        !credential_bytes(span_of(certificate, len), room, &bytes) ||
        !is_certificate(bytes, &cose)) {
        return SAKSI_ERROR_ARGUMENT;
    }
    return credential_digest(&cose, ret_digest) ? SAKSI_OK : SAKSI_ERROR_SYSTEM;
}

/* Nothing is said of a card that is not there, and a good answer is one by a key about a
 * document. */
static bool facts_agree(const struct saksi_card *card)
{
    bool says = card->generic_token != 0 || card->unfinished != 0 ||
                card->answer != SAKSI_CARD_NO_ANSWER || card->key_thumbprint != NULL ||
                card->credential_digest != NULL || card->photo_digest != NULL ||
                card->paper != NULL;
    bool whole = card->key_thumbprint != NULL && card->credential_digest != NULL;
    return (card->present != 0 || !says) && (card->answer != SAKSI_CARD_ANSWER_GOOD || whole);
}

static void take(const unsigned char *from, uint8_t to[CRYPTO_SHA256_SIZE])
{
    if (from != NULL) {
        memcpy(to, from, CRYPTO_SHA256_SIZE);
    }
}

static enum saksi_error read_paper(const struct saksi_card *card, struct verify_request *request,
                                   uint8_t room[API_PAPER_ROOM])
{
    struct cose_sign1 cose;
    struct span bytes;
    if (card->paper == NULL) {
        return SAKSI_OK;
    }
    if (!credential_bytes(span_of(card->paper, card->paper_len), room, &bytes) ||
        !is_certificate(bytes, &cose)) {
        return SAKSI_ERROR_PAPER; /* it would not be compared, and look as if it had been */
    }
    request->paper = bytes;
    return SAKSI_OK;
}

enum saksi_error api_read_card(const struct saksi_card *from, struct verify_request *request,
                               uint8_t paper_room[API_PAPER_ROOM])
{
    struct saksi_card card = {0};
    if (from == NULL) {
        return SAKSI_OK;
    }
    if (from->size < sizeof card || !api_read_sized(from, from->size, &card, sizeof card) ||
        (card.paper == NULL && card.paper_len != 0) || (int)card.answer < SAKSI_CARD_NO_ANSWER ||
        card.answer > SAKSI_CARD_ANSWER_WRONG) {
        return SAKSI_ERROR_ARGUMENT;
    }
    if (!facts_agree(&card)) {
        return SAKSI_ERROR_CARD;
    }
    request->card = (struct card_proof){.present = card.present != 0,
                                        .generic_token = card.generic_token != 0,
                                        .unfinished = card.unfinished != 0,
                                        .answer = (enum card_answer)card.answer,
                                        .has_photo = card.photo_digest != NULL};
    take(card.key_thumbprint, request->card.key_thumbprint);
    take(card.credential_digest, request->card.credential_digest);
    take(card.photo_digest, request->card.photo_digest);
    return read_paper(&card, request, paper_room);
}
