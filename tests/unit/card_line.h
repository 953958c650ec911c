/* SPDX-License-Identifier: Apache-2.0
 *
 * A struct card_io with a native card behind it, and a liar in between: for tests of what the host
 * believes.
 */
#ifndef TESTS_CARD_LINE_H
#define TESTS_CARD_LINE_H

#include "card_host.h"
#include "devices/card_holding.h"

struct card_line {
    struct card_host *host;
    unsigned count;             /* commands so far */
    unsigned fail_at;           /* this command, from 1, and all after it fail; 0: none */
    enum card_io_error failure; /* with this */
    size_t part;                /* responses are handed out in parts of so many bytes; 0: whole */
    bool short_only;            /* extended lengths are 6700 */
    bool exact;                 /* a Le of more than there is is 6Cxx, as with T=0 */
    /* Changes a response of `len` bytes with room for `cap`; returns its new length. */
    size_t (*twist)(struct card_line *line, struct span command, uint8_t *response, size_t len,
                    size_t cap);
    size_t number; /* for `twist` */
    uint8_t waiting[CARD_MAX_RESPONSE];
    size_t waiting_len, waiting_at;
};

struct card_io card_line_io(struct card_line *line);

/* A certificate with sample claims, cnf and photo_digest where they are not NULL. `room` has
 * CREDENTIAL_MAX_BYTES. Its signature is nobody's. */
struct span card_line_document(size_t sample, const uint8_t *cnf, const uint8_t *photo_digest,
                               uint8_t *room);

/* RFC 9679, of the key in a card. */
void card_line_thumbprint(struct card_host *host, uint8_t thumbprint[32]);

/* A card in a holder's hand with `count` certificates for it, and a photo of `photo_len` bytes. */
void card_line_personalise(struct card_host *host, uint64_t seed, size_t count, size_t photo_len);

#endif
