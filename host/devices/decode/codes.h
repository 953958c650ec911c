/* SPDX-License-Identifier: Apache-2.0
 *
 * The bounded list of texts found in a file, and its encoding for the caller (decode_result.h).
 */
#ifndef DEVICES_DECODE_CODES_H
#define DEVICES_DECODE_CODES_H

#include "devices/decode/decode_result.h"
#include "wire/bytes.h"

struct code {
    unsigned page; /* from 1 */
    size_t offset, len;
};

/* Texts lie one after the other in `text`. Large: keep it static or on the heap. */
struct code_list {
    unsigned pages, pages_seen;
    size_t count, bytes;
    struct code code[DECODE_CODES_MAX];
    uint8_t text[DECODE_CODES_BYTES_MAX - DECODE_CODES_HEAD - DECODE_CODES_MAX * DECODE_CODE_HEAD];
};

/* Copies the text in. A text already known on this page, and one that no longer fits, is dropped.
 */
void code_list_add(struct code_list *list, unsigned page, struct span text);

/* The whole result, head included. */
void code_list_write(const struct code_list *list, enum decode_status status, struct writer *w);

#endif
