/* SPDX-License-Identifier: Apache-2.0
 *
 * A client of the PIV application for tests, over card_host. Its cryptography is OpenSSL's.
 */
#ifndef TESTS_PIV_HOST_H
#define TESTS_PIV_HOST_H

#include "card_host.h"

#define PIV_HOST_PIN "123456\xFF\xFF"
#define PIV_HOST_PUK "87654321"

enum { PIV_HOST_TRIES = 3, PIV_HOST_KEY_BYTES = 24 };

extern const uint8_t piv_host_key[32]; /* the management key is its beginning */

void piv_host_select(struct card_host *host);

/* SELECT of the PIV application, and a channel there. */
void piv_host_open(struct card_host *host, uint8_t level);

/* STORE DATA of one secret, in a channel that is open. */
uint16_t piv_host_put(struct card_host *host, uint8_t reference, struct span value);

/* PIN, PUK and key 9B of AES-192, in a new channel. */
void piv_host_personalise(struct card_host *host);

/* INS 20, 24 or 2C with one or two values of eight bytes. */
uint16_t piv_host_secret(struct card_host *host, uint8_t ins, uint8_t reference, const char *first,
                         const char *second);

uint16_t piv_host_verify(struct card_host *host, const char *pin);

/* GENERAL AUTHENTICATE with the data in hex. */
uint16_t piv_host_authenticate(struct card_host *host, uint8_t algorithm, uint8_t reference,
                               const char *data);

/* Single authentication with key 9B, all of it. */
uint16_t piv_host_manage(struct card_host *host);

/* GENERATE; the point goes to `point`. */
uint16_t piv_host_generate(struct card_host *host, uint8_t reference, uint8_t point[65]);

/* Signs a digest made of `seed`, and checks the signature with the point. */
uint16_t piv_host_sign(struct card_host *host, uint8_t reference, uint64_t seed,
                       const uint8_t point[65]);

/* True when a DER signature over the digest is the point's. */
bool piv_host_is_signature(const uint8_t point[65], const uint8_t digest[32], struct span der);

/* PUT DATA in a chain of parts of `part` bytes, or at once when that is 0. */
uint16_t piv_host_put_object(struct card_host *host, uint32_t tag, struct span value, size_t part);

/* GET DATA, with GET RESPONSE for as long as there is more; the value inside 53 goes to `room`. */
uint16_t piv_host_get_object(struct card_host *host, uint32_t tag, uint32_t ne,
                             struct writer *room);

uint8_t piv_host_tries(const struct card_host *host, unsigned object);

/* One block of AES by OpenSSL. */
void piv_host_block(struct span key, bool encrypts, uint8_t block[16]);

#endif
