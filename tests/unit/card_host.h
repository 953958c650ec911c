/* SPDX-License-Identifier: Apache-2.0
 *
 * The other side of a native card, for tests: sends commands, and speaks SCP03 with an
 * implementation of its own over OpenSSL that shares no code with the card's.
 */
#ifndef TESTS_CARD_HOST_H
#define TESTS_CARD_HOST_H

#include "check.h"
#include "card/card.h"
#include "port/native/native.h"

/* Sends a command to a card that is elsewhere; returns the length of the response, which has room
 * for CARD_MAX_RESPONSE bytes, or 0 when there was none. */
typedef size_t host_transmit(void *context, struct span command, uint8_t *response);

struct card_host {
    host_transmit *transmit; /* NULL: the card below */
    void *transmit_context;
    struct native native;
    struct card card;
    uint8_t bytes[CARD_MAX_RESPONSE];
    uint8_t whole[CARD_MAX_RESPONSE]; /* put together from several responses */
    struct span data;                 /* of the last response; points into one of these */
    uint16_t sw;
    struct card_keys keys; /* those the host believes in */
    /* the host's side of the channel */
    uint8_t level;
    uint8_t s_enc[32];
    uint8_t s_mac[32];
    uint8_t s_rmac[32];
    uint8_t chain[16];
    uint8_t counter[16];
    uint8_t host_cryptogram[8];
};

/* A card fresh from the factory, started with contacts. */
void host_make(struct card_host *host, uint64_t seed);

/* Makes `to` the same card before the same reader, in the same state. */
void host_copy(struct card_host *to, const struct card_host *from);

/* Power off and on again. */
void host_restart(struct card_host *host);

/* Sends bytes; returns the status word. */
uint16_t host_bytes(struct card_host *host, struct span command);
uint16_t host_hex(struct card_host *host, const char *command);
uint16_t host_send(struct card_host *host, const struct apdu *command);

/* SELECT of the application, which must succeed. */
void host_select(struct card_host *host);

/* INITIALIZE UPDATE with the host's keys; checks the card's cryptogram unless it is refused. */
uint16_t host_challenge(struct card_host *host);

/* EXTERNAL AUTHENTICATE. */
uint16_t host_authenticate(struct card_host *host, uint8_t level);

/* Both, after SELECT; they must succeed. */
void host_open(struct card_host *host, uint8_t level);

/* Wraps a command for the open channel; it points into `room` of 2,200 bytes. */
struct span host_wrap(struct card_host *host, const struct apdu *command, uint8_t *room);

/* Wraps, sends, and takes the MAC off the response, which must be right where the level asks for
 * one. */
uint16_t host_secure(struct card_host *host, const struct apdu *command);

/* PUT KEY with keys made of `seed`; the host uses them from then on, if the card took them. */
uint16_t host_put_keys(struct card_host *host, uint8_t version, uint8_t key_bytes, uint64_t seed);

uint16_t host_put_these_keys(struct card_host *host, const struct card_keys *new);

/* The data of PUT KEY. */
struct span host_key_data(const struct card_host *host, const struct card_keys *keys,
                          uint8_t *room);

uint16_t host_generate(struct card_host *host);

/* Writes a file in blocks of at most `block` bytes; stops at the first refusal. */
uint16_t host_store(struct card_host *host, uint16_t file, struct span bytes, size_t block);

uint16_t host_set_status(struct card_host *host, uint8_t state);

/* Reads a whole file into `room` in pieces of `piece` bytes; 0 bytes when it is not there. */
size_t host_read(struct card_host *host, uint16_t file, uint8_t *room, size_t piece);

/* INTERNAL AUTHENTICATE, and the check of its signature with the public key read from the card. */
uint16_t host_prove(struct card_host *host);

/* From the factory to a holder's hand: keys of its own, a key pair, PERSONALISED. */
void host_personalise(struct card_host *host, uint64_t seed);

/* AES-CMAC and AES-CBC by OpenSSL. */
void host_cmac(struct span key, struct span message, uint8_t mac[16]);
void host_cbc(struct span key, const uint8_t iv[16], bool encrypt, uint8_t *bytes, size_t len);

#endif
