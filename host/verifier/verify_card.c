/* SPDX-License-Identifier: Apache-2.0
 *
 * What a card adds to a certificate: that it is no copy, or that it is one; and whether the paper
 * shown with it says the same.
 */
#include "verifier/verify_steps.h"

static bool is_claim(const struct check *c, enum saksi_claim claim, const uint8_t digest[32])
{
    return credential_has(&c->claims, claim) &&
           span_equal(claim_text(c, claim), span_of(digest, CRYPTO_SHA256_SIZE));
}

/* A good answer is one about these very bytes, by the key that they name. Another key, or another
 * signature, is another chip than the one the certificate was issued for. */
static void judge_answer(struct check *c)
{
    const struct card_proof *card = &c->request->card;
    bool bound = is_claim(c, SAKSI_CLAIM_CNF, card->key_thumbprint) &&
                 memcmp(card->credential_digest, c->v->credential_digest, CRYPTO_SHA256_SIZE) == 0;
    if (card->answer == CARD_ANSWER_NONE) {
        check_object(c, SAKSI_COPY_POSSIBLE);
    } else if (card->answer != CARD_ANSWER_GOOD || !bound) {
        check_object(c, SAKSI_CARD_CLONE_SUSPECTED);
    } else {
        check_object(c, SAKSI_KEY_PROVED);
        c->v->assurance =
            card->generic_token ? SAKSI_ASSURANCE_TOKEN_PROVED : SAKSI_ASSURANCE_CARD_PROVED;
    }
}

/* Two documents of one award are the same, or siblings. Paper that is not one of this number is
 * not compared: it is another certificate, with a verdict of its own. */
static void compare_paper(struct check *c)
{
    struct cose_sign1 cose;
    struct credential paper;
    uint8_t key[2][CERTIFICATE_NUMBER_MAX];
    if (!credential_open(c->request->paper, &cose, &paper)) {
        return;
    }
    struct span mine =
        certificate_number_key(claim_text(c, SAKSI_CLAIM_CERTIFICATE_NUMBER), key[0]);
    struct span other =
        certificate_number_key(credential_text(&paper, SAKSI_CLAIM_CERTIFICATE_NUMBER), key[1]);
    if (mine.len != 0 && span_equal(mine, other) && !credential_siblings(&c->claims, &paper)) {
        check_object(c, SAKSI_CARD_QR_MISMATCH);
    }
}

bool card_shows_photo(const struct check *c)
{
    const struct card_proof *card = &c->request->card;
    return card->present && card->has_photo &&
           is_claim(c, SAKSI_CLAIM_PHOTO_DIGEST, card->photo_digest);
}

void card_judge(struct check *c)
{
    if (!c->request->card.present) {
        return;
    }
    c->v->assurance = SAKSI_ASSURANCE_CARD_READ;
    if (credential_has(&c->claims, SAKSI_CLAIM_CNF)) {
        judge_answer(c);
    } else {
        check_object(c, SAKSI_CARD_READ_ONLY);
    }
    if (c->request->card.unfinished) {
        check_object(c, SAKSI_CARD_UNFINISHED);
    }
    if (credential_has(&c->claims, SAKSI_CLAIM_PHOTO_DIGEST) &&
        !credential_has(&c->claims, SAKSI_CLAIM_FACE) && !card_shows_photo(c)) {
        check_object(c, SAKSI_PHOTO_MISSING);
    }
    compare_paper(c);
}
