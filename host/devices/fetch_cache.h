/* SPDX-License-Identifier: Apache-2.0
 *
 * What a device keeps between two fetches, in a private folder beside its trust list: part files,
 * and which state of a file on its server is the one that was imported. Losing it costs a download;
 * nothing in it is believed.
 */
#ifndef DEVICES_FETCH_CACHE_H
#define DEVICES_FETCH_CACHE_H

#include <limits.h>

#include "devices/fetch/message.h"

#define FETCH_CACHE_ENDING ".fetch"
#define FETCH_CACHE_DIGEST 32

enum fetch_cache_error {
    FETCH_CACHE_OK = 0,
    FETCH_CACHE_HELD,    /* another program fetches into the same trust list */
    FETCH_CACHE_FOREIGN, /* the folder is another user's, a link, or no folder */
    FETCH_CACHE_IO,      /* it cannot be made or written */
};

/* The three files that a publication may have. */
enum fetch_cache_role { FETCH_HEADER, FETCH_SINCE, FETCH_BUNDLE };

struct fetch_cache {
    char path[PATH_MAX]; /* of the folder */
    int folder, lock;    /* descriptors */
};

/* Makes the folder DB.fetch (mode 0700) where there is none, and locks it. ret_cache->path is set
 * in any case, for messages; the rest only with FETCH_CACHE_OK. */
MUST_USE enum fetch_cache_error fetch_cache_open(const char *db, struct fetch_cache *ret_cache);
void fetch_cache_close(struct fetch_cache *cache);

/* Opens the part file of a role for reading and writing, making it; -1 when that fails. */
int fetch_cache_part(const struct fetch_cache *cache, enum fetch_cache_role role);

/* Removes it; also when there is none. */
void fetch_cache_drop_part(const struct fetch_cache *cache, enum fetch_cache_role role);

/* The validators that `url` had when what it gave was imported, and the store held the header of
 * that digest since: false when it was another file, the store another one, or nothing is known. */
bool fetch_cache_known(const struct fetch_cache *cache, enum fetch_cache_role role, const char *url,
                       const uint8_t header_digest[FETCH_CACHE_DIGEST],
                       struct fetch_validators *ret_validators);

/* Remembers them; forgets instead when they are empty. A failure costs a download next time. */
void fetch_cache_remember(const struct fetch_cache *cache, enum fetch_cache_role role,
                          const char *url, const uint8_t header_digest[FETCH_CACHE_DIGEST],
                          const struct fetch_validators *validators);

#endif
