/* SPDX-License-Identifier: Apache-2.0
 *
 * Starts a program of our own with bytes on its standard input, and collects what it writes, within
 * limits of size and time. For programs that are trusted; those that open foreign files run by
 * devices/helper_process.h.
 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include "wire/must_use.h"
#include "wire/bytes.h"

enum process_error {
    PROCESS_OK = 0,
    PROCESS_MISSING,  /* there is no such program, or it may not be run */
    PROCESS_TIMEOUT,  /* it ran too long and was ended */
    PROCESS_OUTPUT,   /* it wrote more than the limit and was ended */
    PROCESS_CRASHED,  /* a signal ended it */
    PROCESS_RESOURCE, /* this process could not make what is needed to run it */
};

#define PROCESS_MESSAGE_SIZE 512

struct process_call {
    const char *const *argv;        /* argv[0] is the program's path; NULL-terminated */
    const char *const *environment; /* NULL-terminated */
    struct span input;
    size_t output_max;
    unsigned timeout_ms; /* from start to exit */
};

struct process_result {
    int exit_code;
    uint8_t *output; /* owned: free() it */
    size_t output_len;
    char message[PROCESS_MESSAGE_SIZE]; /* the beginning of its standard error, plain characters
                                           only, no newline at the end */
};

/* Runs the program to its end; it never outlives the call. The result counts only after PROCESS_OK,
 * whatever its exit code. SIGCHLD must not be ignored. */
MUST_USE enum process_error process_run(const struct process_call *call,
                                        struct process_result *ret_result);

/* One phrase that fits "PROGRAM PHRASE". */
const char *process_error_text(enum process_error error);

#endif
