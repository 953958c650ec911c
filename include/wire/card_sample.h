/* SPDX-License-Identifier: Apache-2.0
 *
 * SAMPLE master keys, for cards that keep no secret: those of the port to this machine, the virtual
 * ones and those on emulated boards. Everyone knows them. A card for a hand has others.
 */
#ifndef WIRE_CARD_SAMPLE_H
#define WIRE_CARD_SAMPLE_H

#define CARD_SAMPLE_TRANSPORT_MASTER "SAKSI SAMPLE KEY"
#define CARD_SAMPLE_ISSUER_MASTER    "SAMPLE ISSUER 01"

enum { CARD_SAMPLE_MASTER_BYTES = 16 };

/* The version that an issuer's keys have on cards of sample data, whatever the keys: the last there
 * is. Real ones have others. */
enum { CARD_SAMPLE_KEY_VERSION = 0x3F };

#endif
