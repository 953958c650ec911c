/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi-fetch: reads a request (descriptor 3), gives up what it does not need, downloads into the
 * part file (descriptor 4), writes an answer (standard output). Not for people: `saksi trust fetch`
 * starts it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "devices/fetch/confine.h"
#include "devices/fetch/part.h"
#include "devices/fetch/transfer.h"

enum { REQUEST_FD = 3, PART_FD = 4 };

/* The whole of a sealed memory file; empty when there is none. The caller frees it. */
static struct span read_request(void)
{
    struct stat st;
    if (fstat(REQUEST_FD, &st) != 0 || st.st_size <= 0 || st.st_size > FETCH_REQUEST_MAX) {
        return span_of(NULL, 0);
    }
    uint8_t *bytes = malloc((size_t)st.st_size);
    ssize_t got = bytes == NULL ? -1 : pread(REQUEST_FD, bytes, (size_t)st.st_size, 0);
    if (got != st.st_size) {
        free(bytes);
        return span_of(NULL, 0);
    }
    return span_of(bytes, (size_t)got);
}

int main(void)
{
    static struct fetch_request request;
    static struct fetch_answer answer;
    uint8_t bytes[FETCH_ANSWER_MAX];
    struct writer w = writer_of(bytes, sizeof bytes);
    struct span input = read_request();
    if (!fetch_request_decode(input, &request)) {
        (void)fputs("saksi-fetch is started by saksi trust fetch\n", stderr);
        return EXIT_FAILURE;
    }
    if (!confine((uint64_t)request.most + FETCH_PART_HEAD)) {
        return EXIT_FAILURE;
    }
    transfer_run(&request, PART_FD, &answer);
    fetch_answer_encode(&answer, &w);
    struct span out = writer_span(&w);
    bool told = write(STDOUT_FILENO, out.ptr, out.len) == (ssize_t)out.len;
    free((void *)(uintptr_t)input.ptr);
    return told ? EXIT_SUCCESS : EXIT_FAILURE;
}
