/* SPDX-License-Identifier: Apache-2.0
 *
 * The fourth question: what the officer is to compare, and what a code on paper cannot prove.
 */
#include "verifier/verify_steps.h"

void person_to_compare(struct check *c)
{
    bool face = credential_has(&c->claims, SAKSI_CLAIM_FACE) || card_shows_photo(c);
    enum saksi_reason unseen =
        c->request->card.present ? SAKSI_COMPARE_HOLDER : SAKSI_COMPARE_IDENTITY;
    check_object(c, face ? SAKSI_COMPARE_PHOTO : unseen);
    /* The certificate names the key of a card, and no card was there. */
    if (credential_has(&c->claims, SAKSI_CLAIM_CNF) && !c->request->card.present) {
        bool border = c->request->purpose == SAKSI_BORDER;
        check_object(c, border ? SAKSI_CARD_EXISTS : SAKSI_CARD_EXISTS_NOTE);
    }
}
