/* SPDX-License-Identifier: Apache-2.0
 *
 * What saksi-fetch answers, and what it is asked: whatever is accepted gives back the same bytes
 * and keeps the promises that its readers rely on. And any address: those taken can stand in a
 * request.
 */
#include "fuzz.h"
#include "devices/fetch/message.h"

static void require_same(const struct writer *w, struct span message)
{
    FUZZ_REQUIRE(span_equal(writer_span(w), message));
}

static void answer(struct span message)
{
    static struct fetch_answer a;
    static uint8_t again[FETCH_ANSWER_MAX];
    if (!fetch_answer_decode(message, &a)) {
        return;
    }
    struct writer w = writer_of(again, sizeof again);
    fetch_answer_encode(&a, &w);
    require_same(&w, message);
    FUZZ_REQUIRE(a.outcome <= FETCH_SYSTEM && a.resumed_at <= a.len);
    for (const char *c = a.where; *c != '\0'; c++) {
        FUZZ_REQUIRE(*c >= 0x20 && *c < 0x7F);
    }
}

static void request(struct span message)
{
    static struct fetch_request q;
    if (!fetch_request_decode(message, &q)) {
        return;
    }
    uint8_t *again = malloc(message.len);
    FUZZ_REQUIRE(again != NULL);
    struct writer w = writer_of(again, message.len);
    fetch_request_encode(&q, &w);
    require_same(&w, message);
    free(again);
}

static void address(struct span url)
{
    if (url_check(url) != URL_OK) {
        return;
    }
    FUZZ_REQUIRE(url.len > strlen("http://") && url.len <= FETCH_URL_MAX);
    for (size_t i = 0; i < url.len; i++) {
        FUZZ_REQUIRE(url.ptr[i] > 0x20 && url.ptr[i] < 0x7F && url.ptr[i] != '#');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    answer(span_of(data, size));
    request(span_of(data, size));
    address(span_of(data, size));
    return 0;
}
