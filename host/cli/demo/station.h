/* SPDX-License-Identifier: Apache-2.0
 *
 * An issuing station for one issuer of the demo: its names, its trust list, its key, its registry
 * with room for one index.
 */
#ifndef DEMO_STATION_H
#define DEMO_STATION_H

#include "cli/demo/demo.h"
#include "issuer/registry.h"
#include "issuer/signer.h"
#include "issuer/station.h"
#include "issuer/titles.h"

struct demo_station {
    struct station station;
    struct registry *registry;
    struct signer *signer;
    struct trust_store *trust_list; /* the demo's trust.db */
    struct titles_names names;      /* what the names in `station` point into */
};

/* False with the problem told; *ret_station is then closed too. */
bool demo_station_open(struct demo *demo, const struct demo_case *c,
                       struct demo_station **ret_station);
void demo_station_close(struct demo_station *station);

#endif
