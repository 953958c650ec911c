/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi trust fetch: bundles from a web server. Collects what a download needs; publication.h
 * fetches and imports.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cmd_trust.h"
#include "cli/command.h"
#include "cli/place.h"
#include "cli/publication.h"
#include "cli/terminal.h"

/* The variables of curl(1), "ENVIRONMENT"; http_proxy only in small letters, for HTTP_PROXY can be
 * set by whoever calls a CGI program. */
static const char *const proxy_variable[] = {
    "http_proxy=", "https_proxy=", "HTTPS_PROXY=", "all_proxy=",
    "ALL_PROXY=",  "no_proxy=",    "NO_PROXY="};

#define PROXY_VARIABLES (sizeof proxy_variable / sizeof proxy_variable[0])

static void collect_environment(const char *ret_environment[PROXY_VARIABLES + 1])
{
    size_t count = 0;
    for (char **e = environ; *e != NULL && count < PROXY_VARIABLES; e++) {
        for (size_t i = 0; i < PROXY_VARIABLES && count < PROXY_VARIABLES; i++) {
            if (strncmp(*e, proxy_variable[i], strlen(proxy_variable[i])) == 0) {
                ret_environment[count++] = *e;
            }
        }
    }
    ret_environment[count] = NULL;
}

static int open_cache(const struct settings *s, struct fetch_cache *ret_cache)
{
    switch (fetch_cache_open(s->db, ret_cache)) {
    case FETCH_CACHE_OK:
        return 0;
    case FETCH_CACHE_HELD:
        terminal_error("trust", "%s: another fetch is at work; wait for its end", ret_cache->path);
        return EXIT_INPUT_OUTPUT;
    case FETCH_CACHE_FOREIGN:
        terminal_error("trust",
                       "%s: belongs to another user, or is no folder; fetch as that user, or "
                       "remove it",
                       ret_cache->path);
        return EXIT_INPUT_OUTPUT;
    case FETCH_CACHE_IO:
        break;
    }
    terminal_error("trust", "%s: could not be made or written; check the folder it lies in",
                   ret_cache->path);
    return EXIT_INPUT_OUTPUT;
}

static int fetch_with(const struct trust_options *o, const char *url, struct span cacert)
{
    int64_t timeout_s = 600;
    const char *environment[PROXY_VARIABLES + 1];
    struct fetch_cache cache;
    struct publication p = {.options = o, .cache = &cache};
    if (!trust_number("timeout", o->timeout, 1, 86400, &timeout_s)) {
        return EXIT_USAGE;
    }
    int status = trust_open(&o->settings, DB_WRITE, &p.store);
    if (status != 0) {
        return status;
    }
    status = open_cache(&o->settings, &cache);
    if (status == 0) {
        collect_environment(environment);
        p.fetcher = (struct fetcher){.libexec_dir = place_libexec(),
                                     .environment = environment,
                                     .proxy = o->settings.proxy,
                                     .cacert = cacert,
                                     .timeout_s = (unsigned)timeout_s};
        status = url_is_folder(span_str(url)) ? publication_fetch_folder(&p, url)
                                              : publication_fetch_bundle(&p, url);
        fetch_cache_close(&cache);
    }
    return trust_finish(o, p.store, status);
}

/* The longest name of a publication's file is appended to a folder. */
static enum url_error check(const char *url)
{
    enum url_error error = url_check(span_str(url));
    bool fits = strlen(url) + sizeof "since-9223372036854775807.bundle" <= FETCH_URL_MAX;
    return error == URL_OK && !fits ? URL_LONG : error;
}

int trust_fetch(struct trust_options *o, int count, char **names)
{
    const char *url = count == 1 ? names[0] : o->settings.url;
    uint8_t *cacert = NULL;
    size_t len = 0;
    if (count > 1 || url[0] == '\0') {
        terminal_error("trust", "fetch: name one address, or set url under [trust] in saksi.conf");
        return EXIT_USAGE;
    }
    enum url_error wrong = check(url);
    if (wrong != URL_OK) {
        terminal_error("trust", "%s: %s", url, url_error_text(wrong));
        return EXIT_USAGE;
    }
    if (o->settings.cacert[0] != '\0') {
        enum file_error error = file_read(o->settings.cacert, FETCH_CACERT_MAX, &cacert, &len);
        if (error != FILE_OK) {
            return trust_file_failed(o->settings.cacert, error);
        }
    }
    int status = fetch_with(o, url, span_of(cacert, len));
    free(cacert);
    return status;
}
