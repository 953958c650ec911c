/* SPDX-License-Identifier: Apache-2.0
 *
 * While the program runs, the part file tells how far it is.
 */
#include "devices/fetcher.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "devices/fetch/part.h"
#include "devices/helper_process.h"

/* The program ends by itself; this is for one that cannot. */
#define GRACE_MS 5000

struct watch {
    const struct fetcher *fetcher;
    int part;
    const char *url;
};

static void watch_part(void *ctx)
{
    const struct watch *w = ctx;
    struct fetch_part part;
    if (fetch_part_read(w->part, &part) && strcmp(part.url, w->url) == 0) {
        w->fetcher->progress(w->fetcher->ctx, part.len, part.total);
    }
}

static void run(const struct watch *w, struct span input, struct fetch_answer *answer)
{
    char path[PATH_MAX];
    const char *const argv[] = {FETCH_PROGRAM, NULL};
    struct helper_output output = {0};
    struct helper_call call = {
        .program = path,
        .argv = argv,
        .input = input,
        .output_max = FETCH_ANSWER_MAX,
        .timeout_ms = w->fetcher->timeout_s * 1000 + GRACE_MS,
        .environment = w->fetcher->environment,
        .file = &w->part,
        .wait = w->fetcher->progress == NULL ? NULL : watch_part,
        .ctx = (void *)(uintptr_t)w,
    };
    int len = snprintf(path, sizeof path, "%s/" FETCH_PROGRAM, w->fetcher->libexec_dir);
    enum helper_error error =
        len < 0 || (size_t)len >= sizeof path ? HELPER_MISSING : helper_run(&call, &output);
    answer->outcome = error == HELPER_MISSING    ? FETCH_NO_PROGRAM
                      : error == HELPER_RESOURCE ? FETCH_SYSTEM
                                                 : FETCH_CRASHED;
    if (error == HELPER_OK && output.exit_code == 0 &&
        !fetch_answer_decode(span_of(output.ptr, output.len), answer)) {
        answer->outcome = FETCH_CRASHED;
    }
    free(output.ptr);
}

void fetcher_get(const struct fetcher *fetcher, int part, const char *url,
                 const struct fetch_validators *known, size_t most, struct fetch_answer *ret_answer)
{
    static struct fetch_request request; /* some KiB */
    struct watch w = {fetcher, part, url};
    *ret_answer = (struct fetch_answer){.outcome = FETCH_SYSTEM};
    (void)snprintf(ret_answer->where, sizeof ret_answer->where, "%s", url);
    request = (struct fetch_request){
        .most = (uint32_t)most, .timeout_s = fetcher->timeout_s, .cacert = fetcher->cacert};
    if (known != NULL) {
        request.known = *known;
    }
    (void)snprintf(request.url, sizeof request.url, "%s", url);
    (void)snprintf(request.proxy, sizeof request.proxy, "%s", fetcher->proxy);
    struct writer dry = writer_of(NULL, 0);
    fetch_request_encode(&request, &dry);
    uint8_t *bytes = malloc(dry.len);
    if (bytes != NULL) {
        struct writer full = writer_of(bytes, dry.len);
        fetch_request_encode(&request, &full);
        run(&w, writer_span(&full), ret_answer);
    }
    free(bytes);
    if (ret_answer->outcome == FETCH_OK && ret_answer->len > most) {
        ret_answer->outcome = FETCH_CRASHED;
    }
}

uint8_t *fetcher_read(int part, const struct fetch_answer *answer)
{
    size_t len = 0;
    uint8_t *bytes = malloc((size_t)answer->len + 1);
    while (bytes != NULL && len < answer->len) {
        ssize_t got = pread(part, bytes + len, answer->len - len, (off_t)(FETCH_PART_HEAD + len));
        if (got == 0 || (got < 0 && errno != EINTR)) {
            free(bytes);
            return NULL;
        }
        len += got > 0 ? (size_t)got : 0;
    }
    return bytes;
}

bool fetcher_can_go_on(enum fetch_outcome outcome)
{
    switch (outcome) {
    case FETCH_OK:
    case FETCH_NOT_MODIFIED:
    case FETCH_PROTOCOL:
    case FETCH_TOO_LARGE:
        return false;
    default:
        return true;
    }
}

static const char *const phrase[] = {
    [FETCH_OK] = "was fetched",
    [FETCH_NOT_MODIFIED] = "is unchanged",
    [FETCH_URL] = "is not fetched from: only http and https without a password are; tell whoever "
                  "runs the server",
    [FETCH_REDIRECTS] = "is sent on again and again; tell whoever runs the server",
    [FETCH_RESOLVE] = "there is no server of that name; check the address and the network",
    [FETCH_CONNECT] =
        "the server, or the proxy before it, cannot be reached; check the address and the "
        "network",
    [FETCH_PROXY] = "the proxy cannot be reached, or refuses; check its address",
    [FETCH_TLS] = "no encrypted connection could be made; check address and port",
    [FETCH_CERTIFICATE] = "the server's certificate is not trusted here; check the address and "
                          "this device's clock, or name the server's CA with --cacert",
    [FETCH_CACERT] = "the certificates of --cacert are none; name a PEM file",
    [FETCH_TIMEOUT] = "took too long; try again, or allow more time with --timeout",
    [FETCH_INTERRUPTED] = "the connection ended too early; try again",
    [FETCH_PROTOCOL] = "the answer is not proper HTTP; check address and port",
    [FETCH_TOO_LARGE] = "refused: LIMIT: it is larger than such a file may be; check the address",
    [FETCH_WRITE] = "could not be stored; check the space on the disk",
    [FETCH_SYSTEM] = "memory ran out",
    [FETCH_NO_PROGRAM] = "cannot start " FETCH_PROGRAM "; is the package complete?",
    [FETCH_CRASHED] = FETCH_PROGRAM " ended without an answer; try again",
};

void fetcher_text(const struct fetch_answer *answer, char *ret_text, size_t size)
{
    const char *text = phrase[FETCH_SYSTEM];
    if (answer->outcome == FETCH_STATUS) {
        bool missing = answer->http_status == 404 || answer->http_status == 410;
        (void)snprintf(ret_text, size, "the server answers with status %u%s", answer->http_status,
                       missing ? ", there is no such file; check the address"
                               : "; try again later, or tell whoever runs it");
        return;
    }
    if ((size_t)answer->outcome < sizeof phrase / sizeof phrase[0]) {
        text = phrase[answer->outcome];
    }
    (void)snprintf(ret_text, size, "%s", text);
}
