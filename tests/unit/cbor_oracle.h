/* SPDX-License-Identifier: Apache-2.0
 *
 * libcbor's answer about some bytes. A file of its own, because its header and ours share names.
 */
#ifndef TESTS_CBOR_ORACLE_H
#define TESTS_CBOR_ORACLE_H

#include "wire/bytes.h"

struct cbor_oracle {
    bool silent;    /* it would not say: see cbor_oracle.c */
    bool accepted;  /* an item could be read from the front */
    size_t read;    /* the bytes it took */
    size_t written; /* the bytes of the item written again; 0 when they did not fit */
};

struct cbor_oracle cbor_oracle_read(struct span input, uint8_t *again, size_t cap);

#endif
