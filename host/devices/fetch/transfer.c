/* SPDX-License-Identifier: Apache-2.0
 *
 * Redirects are followed here, not by libcurl, so that each address passes the same check. A
 * download goes on (Range) only when its server can say that the file is still the same one
 * (If-Range, RFC 9110, 13.1.5 and 14.2); otherwise it begins anew.
 */
#include "devices/fetch/transfer.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/monotonic.h"
#include "devices/fetch/part.h"

enum {
    CONNECT_S = 30,
    SLOW_S = 30, /* so long below SLOW_BYTES a second is not to be waited for */
    SLOW_BYTES = 64,
    HEADERS_MAX = 65536,
    IGNORED_MAX = 65536, /* the page that comes with an error */
};

struct transfer {
    const struct fetch_request *request;
    struct fetch_answer *answer;
    int file;
    CURL *curl;
    int64_t deadline_ms;
    char url[FETCH_URL_MAX + 1]; /* of this hop */
    struct fetch_part part;      /* what was there before */
    bool resuming;
    bool begun;                 /* the part file is that of this response */
    bool wrong_range;           /* a part came that does not continue ours */
    uint64_t offset;            /* where the next byte belongs */
    uint64_t headers, ignored;  /* bytes */
    enum fetch_outcome stopped; /* why a callback ended the transfer */
};

static unsigned status_of(const struct transfer *t)
{
    long status = 0;
    (void)curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    return status < 0 || status > 999 ? 0 : (unsigned)status;
}

/* --- headers --- */

/* "" when it is missing or could not stand in a header of ours. */
static void take_header(struct transfer *t, const char *name, char text[FETCH_VALIDATOR_MAX + 1])
{
    struct curl_header *header = NULL;
    text[0] = '\0';
    if (curl_easy_header(t->curl, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK &&
        fetch_is_validator(span_str(header->value))) {
        memcpy(text, header->value, strlen(header->value) + 1);
    }
}

static void take_validators(struct transfer *t, struct fetch_validators *ret)
{
    take_header(t, "etag", ret->etag);
    take_header(t, "last-modified", ret->modified);
}

/* What If-Range can hold: a strong entity-tag or a date; "" when there is neither. */
static const char *range_validator(const struct fetch_validators *v)
{
    return v->etag[0] == '"' ? v->etag : v->modified;
}

/* Whether the part that comes begins where ours ends, and is of the same file. */
static bool continues(struct transfer *t)
{
    char range[FETCH_VALIDATOR_MAX + 1], expected[48];
    struct fetch_validators now;
    take_header(t, "content-range", range);
    take_validators(t, &now);
    (void)snprintf(expected, sizeof expected, "bytes %llu-", (unsigned long long)t->part.len);
    return strncmp(range, expected, strlen(expected)) == 0 &&
           (now.etag[0] == '\0' || strcmp(now.etag, t->part.validators.etag) == 0);
}

/* --- the body --- */

/* Before the first byte: the head of the part file, or the decision to go on with it. */
static enum fetch_outcome begin(struct transfer *t)
{
    curl_off_t length = -1;
    struct fetch_part *part = &t->part;
    (void)curl_easy_getinfo(t->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    uint64_t more = length < 0 ? 0 : (uint64_t)length;
    if (status_of(t) == 206) {
        t->wrong_range = !t->resuming || !continues(t);
        t->offset = part->len;
        t->answer->resumed_at = t->wrong_range ? 0 : (uint32_t)part->len;
        return t->wrong_range                        ? FETCH_PROTOCOL
               : more > t->request->most - part->len ? FETCH_TOO_LARGE
                                                     : FETCH_OK;
    }
    t->offset = 0;
    *part = (struct fetch_part){.total = more};
    memcpy(part->url, t->request->url, sizeof part->url);
    take_validators(t, &part->validators);
    if (more > t->request->most) {
        return FETCH_TOO_LARGE;
    }
    return fetch_part_begin(t->file, part) ? FETCH_OK : FETCH_WRITE;
}

static enum fetch_outcome take_body(struct transfer *t, struct span bytes)
{
    if (!t->begun) {
        enum fetch_outcome outcome = begin(t);
        if (outcome != FETCH_OK) {
            return outcome;
        }
        t->begun = true;
    }
    if (bytes.len > t->request->most - t->offset) {
        return FETCH_TOO_LARGE;
    }
    if (!fetch_part_write(t->file, t->offset, bytes)) {
        return FETCH_WRITE;
    }
    t->offset += bytes.len;
    return FETCH_OK;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *ctx)
{
    struct transfer *t = ctx;
    size_t len = size * count;
    unsigned status = status_of(t);
    if (status != 200 && status != 206) {
        t->ignored += len;
        t->stopped = t->ignored > IGNORED_MAX ? FETCH_STATUS : FETCH_OK;
    } else {
        t->stopped = take_body(t, span_of(bytes, len));
    }
    return t->stopped == FETCH_OK ? len : 0;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *ctx)
{
    struct transfer *t = ctx;
    (void)bytes;
    t->headers += size * count;
    t->stopped = t->headers > HEADERS_MAX ? FETCH_PROTOCOL : FETCH_OK;
    return t->stopped == FETCH_OK ? size * count : 0;
}

/* --- the request --- */

static bool set_up(struct transfer *t)
{
    const struct fetch_request *request = t->request;
    struct curl_blob cacert = {.data = (void *)(uintptr_t)request->cacert.ptr,
                               .len = request->cacert.len,
                               .flags = CURL_BLOB_NOCOPY};
    long slow_s = request->timeout_s < SLOW_S ? (long)request->timeout_s : SLOW_S;
#define SET(option, value) curl_easy_setopt(t->curl, (option), (value)) == CURLE_OK
    bool ok =
        SET(CURLOPT_PROTOCOLS_STR, "http,https") &&
        SET(CURLOPT_REDIR_PROTOCOLS_STR, "http,https") && SET(CURLOPT_FOLLOWLOCATION, 0L) &&
        SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) && SET(CURLOPT_NETRC, 0L) &&
        SET(CURLOPT_HTTPGET, 1L) && SET(CURLOPT_HTTP_CONTENT_DECODING, 0L) &&
        SET(CURLOPT_HTTP09_ALLOWED, 0L) && SET(CURLOPT_USERAGENT, "saksi/" SAKSI_VERSION) &&
        SET(CURLOPT_SSL_VERIFYPEER, 1L) && SET(CURLOPT_SSL_VERIFYHOST, 2L) &&
        SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) && SET(CURLOPT_NOSIGNAL, 1L) &&
        SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) && SET(CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S) &&
        SET(CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES) && SET(CURLOPT_LOW_SPEED_TIME, slow_s) &&
        SET(CURLOPT_WRITEFUNCTION, on_body) && SET(CURLOPT_WRITEDATA, t) &&
        SET(CURLOPT_HEADERFUNCTION, on_header) && SET(CURLOPT_HEADERDATA, t);
    if (ok && request->proxy[0] != '\0') {
        ok = SET(CURLOPT_PROXY, request->proxy);
    }
    if (ok && request->cacert.len != 0) { /* these certificates alone */
        ok = SET(CURLOPT_CAINFO_BLOB, &cacert) && SET(CURLOPT_CAPATH, NULL);
    }
#undef SET
    return ok;
}

/* Adds "NAME: VALUE"; false when memory runs out. The list stays the caller's. */
static bool add_header(struct curl_slist **list, const char *name, const char *value)
{
    char line[FETCH_VALIDATOR_MAX + 32];
    (void)snprintf(line, sizeof line, "%s: %s", name, value);
    struct curl_slist *longer = curl_slist_append(*list, line);
    *list = longer != NULL ? longer : *list;
    return longer != NULL;
}

static bool add_condition(const struct transfer *t, struct curl_slist **list)
{
    const struct fetch_validators *known = &t->request->known;
    if (t->resuming) {
        return add_header(list, "If-Range", range_validator(&t->part.validators));
    }
    if (known->etag[0] != '\0') {
        return add_header(list, "If-None-Match", known->etag);
    }
    return known->modified[0] == '\0' || add_header(list, "If-Modified-Since", known->modified);
}

static CURLcode perform(struct transfer *t)
{
    char range[32];
    struct curl_slist *headers = NULL;
    int64_t left_ms = t->deadline_ms - monotonic_ms();
    t->begun = t->wrong_range = false;
    t->headers = t->ignored = t->offset = 0;
    t->stopped = FETCH_OK;
    if (left_ms <= 0) {
        return CURLE_OPERATION_TIMEDOUT;
    }
    (void)snprintf(range, sizeof range, "%llu-", (unsigned long long)t->part.len);
    /* Not CURLOPT_ACCEPT_ENCODING, which would also unpack what was not asked for. */
    bool ok = add_header(&headers, "Accept-Encoding", "identity") && add_condition(t, &headers) &&
              curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
              curl_easy_setopt(t->curl, CURLOPT_URL, t->url) == CURLE_OK &&
              curl_easy_setopt(t->curl, CURLOPT_TIMEOUT_MS, (long)left_ms) == CURLE_OK &&
              curl_easy_setopt(t->curl, CURLOPT_RANGE, t->resuming ? range : NULL) == CURLE_OK;
    CURLcode code = ok ? curl_easy_perform(t->curl) : CURLE_OUT_OF_MEMORY;
    (void)curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    return code;
}

/* --- the answer --- */

static enum fetch_outcome outcome_of(const struct transfer *t, CURLcode code)
{
    long proxy_status = 0;
    (void)curl_easy_getinfo(t->curl, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
    switch (code) {
    case CURLE_WRITE_ERROR:
        return t->stopped != FETCH_OK ? t->stopped : FETCH_SYSTEM;
    case CURLE_COULDNT_RESOLVE_HOST:
        return FETCH_RESOLVE;
    case CURLE_COULDNT_CONNECT:
        return t->request->proxy[0] != '\0' ? FETCH_PROXY : FETCH_CONNECT;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
        return FETCH_PROXY;
    case CURLE_PEER_FAILED_VERIFICATION:
        return FETCH_CERTIFICATE;
    case CURLE_SSL_CACERT_BADFILE:
        return FETCH_CACERT;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ENGINE_INITFAILED:
        return FETCH_TLS;
    case CURLE_OPERATION_TIMEDOUT:
        return FETCH_TIMEOUT;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        return proxy_status >= 300 ? FETCH_PROXY : FETCH_INTERRUPTED;
    case CURLE_URL_MALFORMAT:
    case CURLE_LOGIN_DENIED:
        return FETCH_URL;
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
        return FETCH_SYSTEM;
    default:
        return FETCH_PROTOCOL;
    }
}

static enum fetch_outcome finish(struct transfer *t)
{
    unsigned status = status_of(t);
    bool asked = !t->resuming &&
                 (t->request->known.etag[0] != '\0' || t->request->known.modified[0] != '\0');
    if (status == 304 && asked) {
        return FETCH_NOT_MODIFIED;
    }
    if (status != 200 && status != 206) {
        return status == 407 ? FETCH_PROXY : FETCH_STATUS;
    }
    enum fetch_outcome outcome = take_body(t, span_of(NULL, 0)); /* for a file without a byte */
    bool whole = t->part.total == 0 || t->offset == t->part.total;
    return outcome == FETCH_OK && !whole ? FETCH_INTERRUPTED : outcome;
}

/* Where the response sends this request on; NULL: nowhere. */
static const char *redirect_of(const struct transfer *t)
{
    char *to = NULL;
    switch (status_of(t)) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
        (void)curl_easy_getinfo(t->curl, CURLINFO_REDIRECT_URL, &to);
        return to;
    default:
        return NULL;
    }
}

static bool set_url(struct transfer *t, const char *url)
{
    struct span s = span_str(url);
    bool ok = url_check(s) == URL_OK;
    /* What is refused is named, as far as it can be. */
    s.len = s.len > FETCH_URL_MAX ? FETCH_URL_MAX : s.len;
    memcpy(t->url, s.ptr, s.len);
    t->url[s.len] = '\0';
    return ok;
}

static enum fetch_outcome follow(struct transfer *t)
{
    for (unsigned redirects = 0;;) {
        CURLcode code = perform(t);
        unsigned status = status_of(t);
        enum fetch_outcome outcome = code == CURLE_OK ? FETCH_OK : outcome_of(t, code);
        const char *to = code == CURLE_OK ? redirect_of(t) : NULL;
        t->answer->http_status = status;
        if (t->resuming && (t->wrong_range || (code == CURLE_OK && status == 416))) {
            t->resuming = false; /* begin anew, once */
        } else if (to == NULL) {
            return outcome == FETCH_OK ? finish(t) : outcome;
        } else if (++redirects > FETCH_REDIRECTS_MAX) {
            return FETCH_REDIRECTS;
        } else if (!set_url(t, to)) {
            return FETCH_URL;
        }
    }
}

/* Whether the part file is of this address, and its server can tell if the file is still the same.
 */
static bool can_resume(struct transfer *t)
{
    struct fetch_part *part = &t->part;
    return fetch_part_read(t->file, part) && strcmp(part->url, t->request->url) == 0 &&
           part->len != 0 && part->len < t->request->most &&
           (part->total == 0 || part->len < part->total) &&
           range_validator(&part->validators)[0] != '\0';
}

static void name_place(const struct transfer *t, char where[FETCH_URL_MAX + 1])
{
    for (size_t i = 0; i < sizeof t->url; i++) {
        where[i] = t->url[i] == '\0' || (t->url[i] > 0x20 && t->url[i] < 0x7F) ? t->url[i] : '?';
    }
}

void transfer_run(const struct fetch_request *request, int file, struct fetch_answer *ret_answer)
{
    struct transfer t = {.request = request, .answer = ret_answer, .file = file};
    *ret_answer = (struct fetch_answer){.outcome = FETCH_SYSTEM};
    t.deadline_ms = monotonic_ms() + (int64_t)request->timeout_s * 1000;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return;
    }
    t.curl = curl_easy_init();
    t.resuming = can_resume(&t);
    if (!set_url(&t, request->url)) {
        ret_answer->outcome = FETCH_URL;
    } else if (t.curl != NULL && set_up(&t)) {
        ret_answer->outcome = follow(&t);
    }
    if (ret_answer->outcome == FETCH_OK) {
        ret_answer->len = (uint32_t)t.offset;
        ret_answer->validators = t.part.validators;
    } else {
        ret_answer->resumed_at = 0;
    }
    name_place(&t, ret_answer->where);
    curl_easy_cleanup(t.curl);
    curl_global_cleanup();
}
