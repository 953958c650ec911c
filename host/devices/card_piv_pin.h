/* SPDX-License-Identifier: Apache-2.0
 *
 * PIN and PUK of a PIV application (NIST SP 800-73-4, part 2, §3.2): asking how many tries are
 * left, changing the PIN, and setting a new one with the PUK. Asks nobody for anything, and keeps
 * nothing.
 */
#ifndef DEVICES_CARD_PIV_PIN_H
#define DEVICES_CARD_PIV_PIN_H

#include "devices/card_piv.h"

enum card_pin_error {
    CARD_PIN_OK = 0,
    CARD_PIN_WRONG,   /* PIN or PUK is wrong, and a try is spent */
    CARD_PIN_BLOCKED, /* there are no tries */
    CARD_PIN_NONE,    /* the card has no such PIN or PUK */
    CARD_PIN_REFUSED, /* the card does not take the new PIN, or gives no answer of these */
    CARD_PIN_IO       /* the card could not be spoken to: *ret_io says how */
};

/* As the card takes it; wipe it. */
struct card_pin {
    uint8_t bytes[CARD_PIV_SECRET];
};

/* Makes one of typed text, filled up with FF. False when it is none: a new PIN has 6 to 8 digits;
 * one that a card has already, and a PUK, 6 to 8 bytes of any kind. */
MUST_USE bool card_pin_make(struct span text, bool is_new, struct card_pin *ret_pin);

/* Asks for the tries of the PIN, without spending one. CARD_PIN_BLOCKED with *ret_tries 0. */
MUST_USE enum card_pin_error card_piv_pin_tries(struct card_piv *piv, unsigned *ret_tries,
                                                enum card_io_error *ret_io);

/* Gives the card a new PIN, for the old one or for the PUK. *ret_tries with CARD_PIN_WRONG: those
 * left of what was shown. */
MUST_USE enum card_pin_error card_piv_pin_change(struct card_piv *piv, const struct card_pin *old,
                                                 const struct card_pin *new_pin,
                                                 unsigned *ret_tries, enum card_io_error *ret_io);
MUST_USE enum card_pin_error card_piv_pin_unblock(struct card_piv *piv, const struct card_pin *puk,
                                                  const struct card_pin *new_pin,
                                                  unsigned *ret_tries, enum card_io_error *ret_io);

#endif
