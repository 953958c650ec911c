/* SPDX-License-Identifier: Apache-2.0
 *
 * The X.509 certificate (RFC 5280) that a PIV card signs with its own key 9E, so that programs
 * which find keys through certificates find it. Always the same but for the key: it names nobody,
 * says nothing about the holder, and no other is read by Saksi.
 */
#ifndef DEVICES_CARD_PIV_CERTIFICATE_H
#define DEVICES_CARD_PIV_CERTIFICATE_H

#include "wire/card_app.h"
#include "wire/bytes.h"

enum { CARD_PIV_CERTIFICATE_MAX = 512 }; /* bytes of either of these */

/* Writes what is to be signed: TBSCertificate. */
void card_piv_certificate_body(struct writer *w, const uint8_t point[CARD_APP_PUBLIC_KEY_BYTES]);

/* Writes the value of the PIV data object (SP 800-73-4, part 1, appendix A): 70{certificate},
 * 71{not compressed}, FE{}. `signature` is r ‖ s. */
void card_piv_certificate_object(struct writer *w, struct span body,
                                 const uint8_t signature[CARD_PROOF_SIGNATURE]);

/* Whether the value of such an object is one of ours, and for which key, 04 ‖ x ‖ y. The signature
 * is not looked at. */
bool card_piv_certificate_read(struct span value, uint8_t ret_point[CARD_APP_PUBLIC_KEY_BYTES]);

#endif
