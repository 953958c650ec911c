/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers big-endian, texts with their length in front, nothing optional.
 */
#include "devices/fetch/message.h"

#define VERSION 1

static bool is_printable(struct span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < 0x20 || text.ptr[i] > 0x7E) {
            return false;
        }
    }
    return true;
}

bool fetch_is_validator(struct span text)
{
    return text.len != 0 && text.len <= FETCH_VALIDATOR_MAX && is_printable(text);
}

void fetch_put_text(struct writer *w, const char *text)
{
    struct span s = span_str(text);
    writer_be(w, s.len, 2);
    writer_put(w, s);
}

bool fetch_take_text(struct reader *r, char *ret_text, size_t size)
{
    struct span s = reader_take(r, (size_t)reader_be(r, 2));
    if (r->failed || s.len >= size || !is_printable(s)) {
        r->failed = true;
        return false;
    }
    if (s.len != 0) {
        memcpy(ret_text, s.ptr, s.len);
    }
    ret_text[s.len] = '\0';
    return true;
}

static void put_validators(struct writer *w, const struct fetch_validators *v)
{
    fetch_put_text(w, v->etag);
    fetch_put_text(w, v->modified);
}

static bool take_validators(struct reader *r, struct fetch_validators *v)
{
    return fetch_take_text(r, v->etag, sizeof v->etag) &&
           fetch_take_text(r, v->modified, sizeof v->modified);
}

void fetch_request_encode(const struct fetch_request *request, struct writer *w)
{
    writer_be(w, VERSION, 1);
    fetch_put_text(w, request->url);
    put_validators(w, &request->known);
    writer_be(w, request->most, 4);
    writer_be(w, request->timeout_s, 4);
    fetch_put_text(w, request->proxy);
    writer_be(w, request->cacert.len, 4);
    writer_put(w, request->cacert);
}

bool fetch_request_decode(struct span bytes, struct fetch_request *ret_request)
{
    struct fetch_request request = {.most = 0};
    struct reader r = reader_of(bytes);
    bool ok = reader_be(&r, 1) == VERSION && fetch_take_text(&r, request.url, sizeof request.url) &&
              take_validators(&r, &request.known);
    request.most = (uint32_t)reader_be(&r, 4);
    request.timeout_s = (uint32_t)reader_be(&r, 4);
    ok = ok && fetch_take_text(&r, request.proxy, sizeof request.proxy);
    request.cacert = reader_take(&r, (size_t)reader_be(&r, 4));
    if (!ok || !reader_done(&r) || request.cacert.len > FETCH_CACERT_MAX) {
        return false;
    }
    *ret_request = request;
    return true;
}

void fetch_answer_encode(const struct fetch_answer *answer, struct writer *w)
{
    writer_be(w, VERSION, 1);
    writer_be(w, (uint64_t)answer->outcome, 1);
    writer_be(w, answer->http_status, 2);
    writer_be(w, answer->len, 4);
    writer_be(w, answer->resumed_at, 4);
    put_validators(w, &answer->validators);
    fetch_put_text(w, answer->where);
}

bool fetch_answer_decode(struct span bytes, struct fetch_answer *ret_answer)
{
    struct fetch_answer answer = {.outcome = FETCH_CRASHED};
    struct reader r = reader_of(bytes);
    bool ok = reader_be(&r, 1) == VERSION;
    uint64_t outcome = reader_be(&r, 1);
    answer.http_status = (unsigned)reader_be(&r, 2);
    answer.len = (uint32_t)reader_be(&r, 4);
    answer.resumed_at = (uint32_t)reader_be(&r, 4);
    ok = ok && take_validators(&r, &answer.validators) &&
         fetch_take_text(&r, answer.where, sizeof answer.where);
    if (!ok || !reader_done(&r) || outcome > FETCH_SYSTEM || answer.resumed_at > answer.len) {
        return false;
    }
    answer.outcome = (enum fetch_outcome)outcome;
    *ret_answer = answer;
    return true;
}
