/* SPDX-License-Identifier: Apache-2.0
 *
 * The PIV application (NIST SP 800-73-4): what has been shown to it since it was selected, and what
 * its commands share. The commands are in command.h.
 */
#ifndef CARD_PIV_H
#define CARD_PIV_H

#include "crypto.h"
#include "wire/apdu.h"
#include "wire/card_app.h"

struct card;

/* All zeros: nothing. */
struct piv {
    bool verified;   /* the PIN was right, ... */
    bool fresh;      /* ... and no key has been asked to sign since */
    bool managed;    /* the host has shown that it knows key 9B */
    uint8_t pending; /* what `challenge` waits for: PIV_WITNESS, PIV_CHALLENGE, or 0 */
    uint8_t challenge[CARD_BLOCK];
};

/* Tags of the dynamic authentication template 7C. */
enum { PIV_WITNESS = 0x80, PIV_CHALLENGE = 0x81, PIV_RESPONSE = 0x82 };

/* The parts of a template, for tags 80 to 82. */
struct piv_template {
    struct span part[3];
    bool there[3];
};

void piv_forget(struct piv *piv);

/* The application property template (part 2, §3.1.1). */
void piv_describe(struct writer *out);

/* True when the command may write: inside the secure channel, or after key 9B was shown. */
MUST_USE bool piv_may_write(const struct card *card, const struct apdu *command);

/* The object with a key pair, or 0 for other references. */
unsigned piv_pair_object(uint8_t reference);

/* The bytes of a key of an AES algorithm, or 0 for others. */
size_t piv_key_bytes(uint8_t algorithm);

/* Takes GENERAL AUTHENTICATE's data apart; each tag at most once, none but these. */
MUST_USE bool piv_read_template(struct span data, struct piv_template *ret);

/* GENERAL AUTHENTICATE with key 9B. */
MUST_USE uint16_t piv_manage(struct card *card, uint8_t algorithm, struct span data,
                             struct writer *out);

/* What the personaliser writes: PIN or PUK, as tries and value, and key 9B, as algorithm and key.
 * Return the status word. */
MUST_USE uint16_t piv_put_secret(struct card *card, uint8_t reference, struct span value);
MUST_USE uint16_t piv_put_management_key(struct card *card, struct span value);

#endif
