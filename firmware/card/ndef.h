/* SPDX-License-Identifier: Apache-2.0
 *
 * The files of the NDEF application (NFC Forum, Type 4 Tag 2.0, §5): a phone reads the message that
 * the issuer wrote. Nothing here writes.
 */
#ifndef CARD_NDEF_H
#define CARD_NDEF_H

#include "card.h"

enum { NDEF_OBJECT = STORE_FILE + 9 }; /* the message; the application is off without */

/* The length of a file; 0 when there is none of that identifier. */
size_t ndef_length(const struct card *card, uint16_t file);

/* Copies bytes that lie within the file. False when the flash fails. */
MUST_USE bool ndef_read(struct card *card, uint16_t file, size_t offset, uint8_t *bytes,
                        size_t len);

#endif
