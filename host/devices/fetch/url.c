/* SPDX-License-Identifier: Apache-2.0
 *
 * A coarse look, stricter than RFC 3986: what passes here is taken apart by libcurl, which is told
 * the same rules again.
 */
#include "devices/fetch/url.h"

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

/* What is behind "http://" or "https://"; false when there is neither. */
static bool behind_scheme(struct span url, struct span *ret_rest)
{
    static const char *const scheme[] = {"http://", "https://"};
    for (size_t i = 0; i < sizeof scheme / sizeof scheme[0]; i++) {
        size_t len = strlen(scheme[i]), same = 0;
        while (same < len && same < url.len && lower(url.ptr[same]) == (uint8_t)scheme[i][same]) {
            same++;
        }
        if (same == len) {
            *ret_rest = span_of(url.ptr + len, url.len - len);
            return true;
        }
    }
    return false;
}

static bool has_odd_characters(struct span url)
{
    for (size_t i = 0; i < url.len; i++) {
        if (url.ptr[i] <= 0x20 || url.ptr[i] >= 0x7F || strchr("\"<>\\^`{|}", url.ptr[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static bool has(struct span s, char c)
{
    return s.len != 0 && memchr(s.ptr, c, s.len) != NULL;
}

enum url_error url_check(struct span url)
{
    struct span rest;
    if (url.len > FETCH_URL_MAX) {
        return URL_LONG;
    }
    if (!behind_scheme(url, &rest)) {
        return URL_SCHEME;
    }
    if (has_odd_characters(url)) {
        return URL_CHARACTERS;
    }
    size_t host = 0;
    while (host < rest.len && strchr("/?#", rest.ptr[host]) == NULL) {
        host++;
    }
    if (has(span_of(rest.ptr, host), '@')) {
        return URL_CREDENTIALS;
    }
    if (host == 0 || rest.ptr[0] == ':') {
        return URL_HOST;
    }
    return has(rest, '#') ? URL_FRAGMENT : URL_OK;
}

bool url_is_folder(struct span url)
{
    return url.len != 0 && url.ptr[url.len - 1] == '/' && !has(url, '?');
}

const char *url_error_text(enum url_error error)
{
    static const char *const text[] = {
        [URL_OK] = "is fine",
        [URL_SCHEME] = "is no address to fetch from; it begins with http:// or https://",
        [URL_HOST] = "names no server; write it like https://example.org/trust/",
        [URL_CREDENTIALS] = "has a user name or password in it; leave them out, the files are "
                            "public",
        [URL_FRAGMENT] = "has a \"#\" in it; leave out what follows it, and the \"#\"",
        [URL_CHARACTERS] = "has characters that an address cannot have; write them as %XX",
        [URL_LONG] = "is longer than 2048 characters; use a shorter address",
    };
    return (size_t)error < sizeof text / sizeof text[0] ? text[error] : text[URL_SCHEME];
}
