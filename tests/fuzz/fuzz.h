/* SPDX-License-Identifier: Apache-2.0
 *
 * The entry of a fuzz target (libFuzzer's, and replay.c's), and how a target says that a promise
 * was broken.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "wire/bytes.h"

/* Takes `size` bytes of anything; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program, so that the input is kept, when something that always holds does not. */
#define FUZZ_REQUIRE(holds)                                                                        \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #holds);                            \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#endif
