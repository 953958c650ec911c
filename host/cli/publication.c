/* SPDX-License-Identifier: Apache-2.0
 *
 * The header is asked for first because it is small: most of the time nothing is new. Equal headers
 * mean that only while every list that the header names is here, too: a header may have come alone.
 */
#include "cli/publication.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/monotonic.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "devices/fetch/part.h"

#define QUIET_MS 1000
#define EVERY_MS 2000

/* What the store holds now. */
struct stored {
    bool has_header;
    bool complete; /* every list that the header names is here and in force */
    int64_t version;
    uint8_t digest[TRUST_DIGEST_SIZE];
    uint8_t *header; /* owned: the signed document */
    size_t header_len;
};

/* One file that was asked for. */
struct got {
    struct fetch_answer answer;
    uint8_t *bytes; /* owned; NULL unless the outcome is FETCH_OK */
    uint64_t kept;  /* bytes from which the next try goes on */
};

enum result {
    RESULT_DONE,      /* imported */
    RESULT_UNCHANGED, /* the server has what was imported before */
    RESULT_ABSENT,    /* the server answers, but not with this file */
    RESULT_REFUSED,   /* it came and is not taken */
    RESULT_FAILED,    /* nothing more is to be had from this server now */
};

/* --- the store --- */

static bool is_complete(const struct trust_state *state)
{
    for (size_t i = 0; i < state->header.state_count; i++) {
        const struct trust_stored_list *list =
            trust_state_list(state, state->header.state[i].state);
        if (list == NULL || list->behind || list->disabled) {
            return false;
        }
    }
    return true;
}

static void copy_header(struct trust_store *store, const struct trust_state *state,
                        struct stored *stored)
{
    struct span document;
    if (trust_store_header_document(store, &document) != TRUST_STORE_OK) {
        return;
    }
    stored->header = malloc(document.len + 1);
    if (stored->header != NULL) {
        memcpy(stored->header, document.ptr, document.len);
        stored->header_len = document.len;
        stored->has_header = true;
        stored->version = state->header.version;
        stored->complete = is_complete(state);
        memcpy(stored->digest, state->header_digest, sizeof stored->digest);
    }
}

/* Looks into the store. What cannot be read counts as not there: the import will say why. */
static void look(struct publication *p, struct stored *ret_stored)
{
    struct trust_state *state = calloc(1, sizeof *state); /* some KiB */
    *ret_stored = (struct stored){0};
    if (state != NULL && trust_store_begin_read(p->store) == TRUST_STORE_OK) {
        if (trust_store_read_state(p->store, state) == TRUST_STORE_OK) {
            if (state->has_header) {
                copy_header(p->store, state, ret_stored);
            }
            trust_state_free(state);
        }
        trust_store_rollback(p->store);
    }
    free(state);
}

static bool holds(const struct stored *stored, const struct got *header)
{
    return stored->has_header && header->bytes != NULL &&
           span_equal(span_of(stored->header, stored->header_len),
                      span_of(header->bytes, header->answer.len));
}

/* --- one file --- */

struct progress {
    const char *url;
    int64_t start_ms, shown_ms;
};

/* Says something only when people begin to wonder. */
static void show_progress(void *ctx, uint64_t done, uint64_t all)
{
    struct progress *p = ctx;
    int64_t now_ms = monotonic_ms();
    if (now_ms - p->start_ms < QUIET_MS || now_ms - p->shown_ms < EVERY_MS) {
        return;
    }
    p->shown_ms = now_ms;
    if (all == 0) {
        terminal_error("trust", "%s: %llu bytes so far", p->url, (unsigned long long)done);
    } else {
        terminal_error("trust", "%s: %llu of %llu bytes", p->url, (unsigned long long)done,
                       (unsigned long long)all);
    }
}

/* Keeps a part file only when the next try can go on from it. */
static void settle_part(struct publication *p, enum fetch_cache_role role, int file,
                        struct got *got)
{
    struct fetch_part part;
    if (fetcher_can_go_on(got->answer.outcome) && fetch_part_read(file, &part)) {
        bool known = part.validators.etag[0] == '"' || part.validators.modified[0] != '\0';
        got->kept = known ? part.len : 0;
    }
    if (got->kept == 0) {
        fetch_cache_drop_part(p->cache, role);
    }
}

/* Asks for a file; after FETCH_OK its bytes are in memory. Free got->bytes with free(). */
static void get(struct publication *p, enum fetch_cache_role role, const char *url,
                const struct fetch_validators *known, size_t most, struct got *got)
{
    struct progress progress = {.url = url, .start_ms = monotonic_ms()};
    int file = fetch_cache_part(p->cache, role);
    *got = (struct got){.answer = {.outcome = FETCH_WRITE}};
    if (file < 0) {
        return;
    }
    p->fetcher.progress = show_progress;
    p->fetcher.ctx = &progress;
    fetcher_get(&p->fetcher, file, url, known, most, &got->answer);
    if (got->answer.outcome == FETCH_OK) {
        got->bytes = fetcher_read(file, &got->answer);
        got->answer.outcome = got->bytes == NULL ? FETCH_CRASHED : FETCH_OK;
    }
    settle_part(p, role, file, got);
    (void)close(file);
}

static int status_of(enum fetch_outcome outcome)
{
    switch (outcome) {
    case FETCH_TOO_LARGE:
    case FETCH_URL:
        return EXIT_REFUSED;
    case FETCH_SYSTEM:
    case FETCH_NO_PROGRAM:
    case FETCH_CRASHED:
        return EXIT_INTERNAL;
    default:
        return EXIT_INPUT_OUTPUT;
    }
}

/* Says why a file did not come; gives the exit status. */
static int say_failed(const char *url, const struct got *got)
{
    char text[256], kept[64] = "";
    const char *where = got->answer.where;
    bool sent_on = where[0] != '\0' && strcmp(where, url) != 0;
    fetcher_text(&got->answer, text, sizeof text);
    if (got->kept != 0) {
        (void)snprintf(kept, sizeof kept, " (%llu bytes are kept to go on from)",
                       (unsigned long long)got->kept);
    }
    terminal_error("trust", "%s: %s%s%s%s%s", url, sent_on ? "sent on to " : "",
                   sent_on ? where : "", sent_on ? ": " : "", text, kept);
    return status_of(got->answer.outcome);
}

/* --- one bundle --- */

static bool is_web_page(struct span bytes)
{
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
    if (span_starts_with(bytes, span_of(mark, sizeof mark))) {
        bytes = span_of(bytes.ptr + sizeof mark, bytes.len - sizeof mark);
    }
    while (bytes.len != 0 &&
           (bytes.ptr[0] == ' ' || (bytes.ptr[0] >= '\t' && bytes.ptr[0] <= '\r'))) {
        bytes = span_of(bytes.ptr + 1, bytes.len - 1);
    }
    return bytes.len != 0 && bytes.ptr[0] == '<';
}

static int say_web_page(const char *url)
{
    terminal_error("trust",
                   "%s: refused: FORMAT: it is a web page, not a trust document; check the "
                   "address, and whether this network wants a login first",
                   url);
    return EXIT_REFUSED;
}

/* After an import: which state of the file on its server is the one in the store. */
static void remember(struct publication *p, enum fetch_cache_role role, const char *url,
                     const struct got *got)
{
    struct stored now;
    look(p, &now);
    if (now.has_header) {
        fetch_cache_remember(p->cache, role, url, now.digest, &got->answer.validators);
    }
    free(now.header);
}

static void drop_parts(struct publication *p)
{
    fetch_cache_drop_part(p->cache, FETCH_HEADER);
    fetch_cache_drop_part(p->cache, FETCH_SINCE);
    fetch_cache_drop_part(p->cache, FETCH_BUNDLE);
}

/* Fetches and imports; *ret_status is the exit status that goes with the result. An absent file is
 * said only when it is the `last` that is tried. */
static enum result fetch_bundle(struct publication *p, enum fetch_cache_role role, const char *url,
                                const struct stored *stored, bool last, int *ret_status)
{
    struct fetch_validators known;
    struct got got;
    enum result result = RESULT_DONE;
    bool seen =
        stored->has_header && fetch_cache_known(p->cache, role, url, stored->digest, &known);
    get(p, role, url, seen ? &known : NULL, TRUST_MAX_BUNDLE, &got);
    *ret_status = 0;
    if (got.answer.outcome == FETCH_OK) {
        struct span bundle = span_of(got.bytes, got.answer.len);
        *ret_status = is_web_page(bundle) ? say_web_page(url)
                                          : trust_import_bytes(p->options, p->store, url, bundle);
        result = *ret_status == 0 ? RESULT_DONE : RESULT_REFUSED;
    } else if (got.answer.outcome == FETCH_NOT_MODIFIED) {
        result = RESULT_UNCHANGED;
    } else if (got.answer.outcome == FETCH_STATUS && !last) {
        result = RESULT_ABSENT;
    } else {
        *ret_status = say_failed(url, &got);
        result = *ret_status == EXIT_REFUSED ? RESULT_REFUSED : RESULT_FAILED;
    }
    if (result == RESULT_DONE) {
        if (role == FETCH_BUNDLE) {
            remember(p, role, url, &got);
        }
        drop_parts(p);
    }
    free(got.bytes);
    return result;
}

/* `before` is the exit status when this brings nothing new. */
static int fetch_last(struct publication *p, const char *url, const struct stored *stored,
                      int before)
{
    int status = 0;
    if (fetch_bundle(p, FETCH_BUNDLE, url, stored, true, &status) == RESULT_UNCHANGED) {
        printf("%s: nothing new\n", url);
        return before;
    }
    return status;
}

int publication_fetch_bundle(struct publication *p, const char *url)
{
    struct stored stored;
    look(p, &stored);
    int status = fetch_last(p, url, &stored, 0);
    free(stored.header);
    return status;
}

/* --- a folder --- */

/* The changes since the stored header. True when no more is to be done, and *ret_status is set. */
static bool fetch_since(struct publication *p, const char *url, const struct stored *stored,
                        const struct got *header, int *ret_status)
{
    char since[FETCH_URL_MAX + 1];
    struct stored now;
    int len =
        snprintf(since, sizeof since, "%s" TRUST_CHANGES_NAME, url, (long long)stored->version);
    if (len < 0 || (size_t)len >= sizeof since) {
        return false;
    }
    enum result result = fetch_bundle(p, FETCH_SINCE, since, stored, false, ret_status);
    if (result == RESULT_REFUSED) {
        terminal_error("trust", "fetching the whole bundle instead");
    }
    if (result != RESULT_DONE) {
        return result == RESULT_FAILED;
    }
    look(p, &now);
    bool there = holds(&now, header) && now.complete;
    free(now.header);
    return there;
}

static int fetch_changes(struct publication *p, const char *url, const struct stored *stored,
                         const struct got *header, bool same)
{
    char whole[FETCH_URL_MAX + 1];
    int since = 0, status = 0;
    if (header->bytes != NULL && !same && fetch_since(p, url, stored, header, &since)) {
        return since;
    }
    struct stored now; /* the changes may have brought something */
    look(p, &now);
    (void)snprintf(whole, sizeof whole, "%s" TRUST_BUNDLE_NAME, url);
    status = fetch_last(p, whole, &now, since);
    free(now.header);
    return status;
}

/* The header did not come: whether the rest is worth a try. */
static bool is_final(enum fetch_outcome outcome)
{
    return outcome != FETCH_OK && outcome != FETCH_NOT_MODIFIED && outcome != FETCH_STATUS &&
           outcome != FETCH_TOO_LARGE;
}

static int fetch_by_header(struct publication *p, const char *url, const struct stored *stored)
{
    char name[FETCH_URL_MAX + 1];
    struct fetch_validators known;
    struct got header;
    (void)snprintf(name, sizeof name, "%s" TRUST_HEADER_NAME, url);
    bool seen = fetch_cache_known(p->cache, FETCH_HEADER, name, stored->digest, &known);
    get(p, FETCH_HEADER, name, seen ? &known : NULL, TRUST_MAX_DOC_BYTES, &header);
    bool same = header.answer.outcome == FETCH_NOT_MODIFIED || holds(stored, &header);
    int status = 0;
    if (is_final(header.answer.outcome)) {
        status = say_failed(name, &header);
    } else if (header.bytes != NULL && is_web_page(span_of(header.bytes, header.answer.len))) {
        status = say_web_page(name);
    } else if (same && stored->complete) {
        printf("%s: nothing new\n", url);
    } else {
        status = fetch_changes(p, url, stored, &header, same);
    }
    struct stored now;
    look(p, &now);
    if (holds(&now, &header)) {
        fetch_cache_remember(p->cache, FETCH_HEADER, name, now.digest, &header.answer.validators);
    }
    free(now.header);
    free(header.bytes);
    return status;
}

int publication_fetch_folder(struct publication *p, const char *url)
{
    struct stored stored;
    struct got none = {0};
    look(p, &stored);
    int status = stored.has_header ? fetch_by_header(p, url, &stored)
                                   : fetch_changes(p, url, &stored, &none, false);
    free(stored.header);
    return status;
}
