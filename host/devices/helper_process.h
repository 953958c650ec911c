/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs one helper program on one input and collects what it writes, within limits of size and time.
 * It knows nothing of what the bytes mean, and trusts the program with nothing but its own input.
 */
#ifndef DEVICES_HELPER_PROCESS_H
#define DEVICES_HELPER_PROCESS_H

#include "wire/must_use.h"
#include "wire/bytes.h"

enum helper_error {
    HELPER_OK = 0,
    HELPER_MISSING,  /* there is no such program, or it may not be run */
    HELPER_FAILED,   /* it crashed, ran too long, or wrote too much */
    HELPER_RESOURCE, /* this process could not make what is needed to run it */
};

struct helper_call {
    const char *program;     /* its path */
    const char *const *argv; /* NULL-terminated; argv[0] by custom the program's name */
    struct span input;       /* copied into a sealed memfd: the helper's descriptor 3 */
    size_t output_max;       /* bytes on its standard output */
    unsigned timeout_ms;     /* from start to exit */

    /* Left out by most: */
    const char *const *environment; /* NULL-terminated; NULL: empty */
    const int *file;                /* an open file: the helper's descriptor 4; NULL: none */
    void (*wait)(void *ctx);        /* called about twice a second while it runs; NULL: not */
    void *ctx;
};

struct helper_output {
    uint8_t *ptr; /* owned: free() it; may be NULL when len is 0 */
    size_t len;
    int exit_code; /* 0 to 255 */
};

/* Starts the program with that environment, descriptors 0 to 3 or 4 only (nothing to read, nobody
 * listening on standard error) and default signals, and waits for its end; it never survives the
 * call and never stays a zombie. Safe in a process with threads. SIGCHLD must not be ignored. The
 * output counts only after HELPER_OK, and is untouched otherwise. */
MUST_USE enum helper_error helper_run(const struct helper_call *call,
                                      struct helper_output *ret_output);

#endif
