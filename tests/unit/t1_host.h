/* SPDX-License-Identifier: Apache-2.0
 *
 * The host's side of a CCID reader with a T=1 card in it, for tests: messages, blocks, and commands
 * in one piece, with an implementation of its own. Blocks may be disturbed on the way; it recovers
 * as ISO/IEC 7816-3 §11.6.3 says.
 */
#ifndef TESTS_T1_HOST_H
#define TESTS_T1_HOST_H

#include "card_host.h"
#include "link/twin.h"

/* Carries a message of `len` bytes to the reader; returns the length of the answer, which stands in
 * the same place, with room for CCID_MAX_MESSAGE bytes. */
typedef size_t ccid_exchange(void *context, uint8_t *message, size_t len);

struct t1_host {
    ccid_exchange *exchange;
    void *context;
    /* Changes `len` bytes of a block on their way; returns how many arrive. NULL: a quiet line. */
    size_t (*noise)(void *context, uint8_t *block, size_t len);
    void *noise_context;
    size_t ifsc; /* bytes of information in a block, most */
    uint8_t seq;
    uint8_t ns, nr; /* of the next block to be sent, and expected */
    unsigned blocks, granted, disturbed, resynchronised; /* counts */
    uint8_t status, error, specific;                     /* of the last answer */
    struct span data;                                    /* of the last answer */
    uint8_t message[CCID_MAX_MESSAGE];
};

/* A reader that is spoken to without disturbance, with blocks of the largest size. */
void t1_host_make(struct t1_host *host, ccid_exchange *exchange, void *context);

/* Sends a message with the three bytes of its own (NULL: zeros) and checks that the answer is one
 * of type `answer` to it, with the length that it says. */
void t1_host_message(struct t1_host *host, uint8_t type, const uint8_t *specific, struct span data,
                     uint8_t answer);

/* Power, and the numbers of blocks begin anew. */
void t1_host_power_on(struct t1_host *host);

/* Sends bytes as one block; what comes back is in host->data. */
void t1_host_block(struct t1_host *host, struct span block);

/* S(IFS request). */
void t1_host_set_ifsd(struct t1_host *host, uint8_t ifsd);

/* Of card_host; the context is a struct t1_host. */
host_transmit t1_host_transmit;

/* The exchange with a struct ccid. */
ccid_exchange t1_host_native;

#endif
