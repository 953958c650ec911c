/* SPDX-License-Identifier: Apache-2.0
 *
 * One full row of each type, and the proof that a row's struct says what its bytes say: written
 * again it is the same. For test_trust_row and the fuzz target of rows. */
#ifndef TESTS_TRUST_ROW_SAMPLE_H
#define TESTS_TRUST_ROW_SAMPLE_H

#include "codec/trust_row.h"

#define ROW_SAMPLES 13

struct row_samples {
    size_t count;
    struct span row[ROW_SAMPLES];
    uint8_t room[4096];
};

/* 0 issuer, 1 and 2 keys, 3 status, 4 block, 5 range, 6 and 7 rules (full, bare), 8 derecognised, 9
 * framework, 10 to 12 titles. NULL without memory. */
struct row_samples *row_samples_new(void);
void row_samples_free(struct row_samples *samples);

/* Decodes the row and writes it again: the bytes are the same. */
bool row_writes_itself(const struct row *row);

/* The key of a row by the writer of its type. */
void row_sample_key(const struct row *row, struct writer *w);

#endif
