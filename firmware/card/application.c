/* SPDX-License-Identifier: Apache-2.0
 *
 * The applications: which name selects which (ISO/IEC 7816-4 §12.2.2), on which interface, and what
 * ends when another one is selected. Without contacts there is only the NDEF application, and only
 * when the issuer has given it a message: a card in a pocket answers nobody.
 */
#include "command.h"
#include "ndef.h"
#include "wire/tlv.h"

enum { WITH_FCI = 0x00, TAG_FCI = 0x6F, TAG_NAME = 0x84, TAG_PROPRIETARY = 0x85 };

static void describe_credential(const struct card *card, struct writer *out)
{
    tlv_head(out, TAG_FCI, 2 + CARD_APP_AID_BYTES + 4);
    tlv_put(out, TAG_NAME, span_of(CARD_APP_AID, CARD_APP_AID_BYTES));
    const uint8_t about[] = {CARD_APP_INDEX_VERSION, card->state};
    tlv_put(out, TAG_PROPRIETARY, span_of(about, sizeof about));
}

static void describe_ndef(struct writer *out)
{
    tlv_head(out, TAG_FCI, 2 + CARD_NDEF_AID_BYTES);
    tlv_put(out, TAG_NAME, span_of(CARD_NDEF_AID, CARD_NDEF_AID_BYTES));
}

static void describe(const struct card *card, struct writer *out)
{
    if (card->application == APPLICATION_CREDENTIAL) {
        describe_credential(card, out);
    } else if (card->application == APPLICATION_PIV) {
        piv_describe(out);
    } else {
        describe_ndef(out);
    }
}

static bool is_piv(struct span name)
{
    return name.len >= CARD_PIV_RID_BYTES &&
           span_starts_with(span_of(CARD_PIV_AID, CARD_PIV_AID_BYTES), name);
}

static enum card_application application_of(struct span name)
{
    if (span_equal(name, span_of(CARD_APP_AID, CARD_APP_AID_BYTES))) {
        return APPLICATION_CREDENTIAL;
    }
    if (span_equal(name, span_of(CARD_NDEF_AID, CARD_NDEF_AID_BYTES))) {
        return APPLICATION_NDEF;
    }
    return is_piv(name) ? APPLICATION_PIV : APPLICATION_NONE;
}

/* Whether it is there for a reader on this interface. */
static bool is_there(const struct card *card, enum card_application application)
{
    if (application == APPLICATION_NONE) {
        return false;
    }
    if (card->interface == CARD_CONTACT && card->state == CARD_TERMINATED) {
        return true; /* to say that it was */
    }
    if (application == APPLICATION_NDEF) {
        return store_length(&card->store, NDEF_OBJECT) != 0;
    }
    return card->interface == CARD_CONTACT;
}

/* A secure channel ends with every SELECT. What was shown to the PIV application stays when it is
 * selected again, and only then (SP 800-73-4, part 2, §3.1.1). */
static void enter(struct card *card, enum card_application application)
{
    scp03_close(&card->channel);
    card->file = 0;
    if (card->application != (uint8_t)application) {
        piv_forget(&card->piv);
    }
    card->application = (uint8_t)application;
}

uint16_t application_select(struct card *card, const struct apdu *command, struct writer *out)
{
    enum card_application application = application_of(command->data);
    if (!is_there(card, application)) {
        return SW_NOT_FOUND; /* what was selected stays so */
    }
    bool terminated = card->state == CARD_TERMINATED;
    enter(card, terminated ? APPLICATION_NONE : application);
    if (terminated) {
        return SW_TERMINATED;
    }
    if (command->p2 == WITH_FCI) {
        describe(card, out);
    }
    return SW_OK;
}
