/* SPDX-License-Identifier: Apache-2.0
 *
 * PIV cards as a holder has them, made by the code that issuers use, over card_line.
 */
#ifndef TESTS_PIV_LINE_H
#define TESTS_PIV_LINE_H

#include "card_line.h"
#include "devices/card_piv_manage.h"
#include "piv_host.h"

/* The management key of piv_host.h. */
struct card_piv_management piv_line_key(void);

/* A line to the card, started anew, with its PIV application selected and rights to write. */
void piv_line_open(struct card_host *host, struct card_line *line, struct card_piv *piv);

/* A card with PIN, PUK, management key and key pair 9E; its thumbprint. */
void piv_line_make(struct card_host *host, uint64_t seed, uint8_t thumbprint[32]);

/* The same, with a certificate for it, and a photo_digest unless that is NULL. */
void piv_line_personalise(struct card_host *host, uint64_t seed, const uint8_t *photo_digest);

#endif
