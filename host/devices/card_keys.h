/* SPDX-License-Identifier: Apache-2.0
 *
 * The keys of secure channels: one master key of a factory or an issuer, and from it the three keys
 * of each card (WIRE.md, "Keys of a card"). Knows where keys come from, not what they open.
 */
#ifndef DEVICES_CARD_KEYS_H
#define DEVICES_CARD_KEYS_H

#include "wire/must_use.h"
#include "wire/bytes.h"
#include "wire/card_app.h"

enum { CARD_KEY_MAX = 32 /* bytes */ };

/* The cards' keys are as long as the master key. Wipe it with card_key_master_wipe. */
struct card_key_master {
    uint8_t len; /* 16 or 32 */
    uint8_t bytes[CARD_KEY_MAX];
};

/* The three keys of one card (Amendment D §6.1). */
struct card_key_set {
    uint8_t version;
    uint8_t len; /* of each: 16 or 32 */
    uint8_t enc[CARD_KEY_MAX], mac[CARD_KEY_MAX], dek[CARD_KEY_MAX];
};

enum card_key_error {
    CARD_KEY_OK = 0,
    CARD_KEY_MISSING, /* there is no such file */
    CARD_KEY_FILE,    /* it cannot be opened or read, or is no regular file */
    CARD_KEY_OPEN,    /* its group or others may read or write it: mode 0600 is demanded */
    CARD_KEY_FORM,    /* it is not 32 or 64 hexadecimal digits on one line */
    CARD_KEY_WEAK,    /* all its bytes are the same */
};

/* Reads a master key from a file (base/key_file.h) of 32 or 64 digits. */
MUST_USE enum card_key_error card_key_master_read(const char *path,
                                                  struct card_key_master *ret_master);

void card_key_master_wipe(struct card_key_master *master);

/* The keys of the card with that serial number, under a key version. False when the cryptographic
 * library fails. The caller wipes them. */
MUST_USE bool card_keys_derive(const struct card_key_master *master,
                               const uint8_t serial[SCP03_DIVERSIFICATION], uint8_t version,
                               struct card_key_set *ret_keys);

void card_keys_wipe(struct card_key_set *keys);

/* One phrase that fits "PATH: PHRASE". A constant string. */
const char *card_key_error_text(enum card_key_error error);

#endif
