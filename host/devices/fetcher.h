/* SPDX-License-Identifier: Apache-2.0
 *
 * Fetches one file over HTTP(S) by starting saksi-fetch, which alone has libcurl. Nothing that
 * comes this way is trusted: whoever reads the file judges it by its signatures.
 */
#ifndef DEVICES_FETCHER_H
#define DEVICES_FETCHER_H

#include "devices/fetch/message.h"

/* How to fetch; everything borrowed. */
struct fetcher {
    const char *libexec_dir;
    const char *const *environment; /* the proxy variables that curl knows; NULL-terminated */
    const char *proxy;              /* "": as the environment says */
    struct span cacert; /* PEM of the only certificates to be trusted; empty: the system's */
    unsigned timeout_s;
    /* Called about twice a second with the bytes so far, of how many (0: not known). NULL: not. */
    void (*progress)(void *ctx, uint64_t done, uint64_t all);
    void *ctx;
};

/* Fetches `url` into `part`, a part file that is open for reading and writing, or goes on with what
 * it holds. `known` may be NULL: then the file is wanted in any case. The answer is always filled.
 */
void fetcher_get(const struct fetcher *fetcher, int part, const char *url,
                 const struct fetch_validators *known, size_t most,
                 struct fetch_answer *ret_answer);

/* The bytes of the file in a part file after FETCH_OK; NULL when they cannot be read. The caller
 * frees them with free(). */
uint8_t *fetcher_read(int part, const struct fetch_answer *answer);

/* Whether the next call can go on with what an outcome left. */
bool fetcher_can_go_on(enum fetch_outcome outcome);

/* What happened and what to do, in one phrase that fits "URL: PHRASE"; FETCH_STATUS needs its
 * number from the answer. */
void fetcher_text(const struct fetch_answer *answer, char *ret_text, size_t size);

#endif
