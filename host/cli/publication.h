/* SPDX-License-Identifier: Apache-2.0
 *
 * Which files of a publication (WIRE.md, "A publication") are fetched, in which order, and when
 * there is nothing new. What comes is imported like any other bundle; this decides nothing about
 * it.
 */
#ifndef CLI_PUBLICATION_H
#define CLI_PUBLICATION_H

#include "cli/cmd_trust.h"
#include "devices/fetch_cache.h"
#include "devices/fetcher.h"

struct publication {
    const struct trust_options *options;
    struct trust_store *store; /* open for writing */
    const struct fetch_cache *cache;
    struct fetcher fetcher; /* progress and ctx are set here */
};

/* Fetches a bundle from its address; or, from the folder of a publication (`url` ends in "/"), the
 * header, and then what brings the store up to it. Says what it did or why it failed and gives the
 * exit status. */
int publication_fetch_bundle(struct publication *p, const char *url);
int publication_fetch_folder(struct publication *p, const char *url);

#endif
