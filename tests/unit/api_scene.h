/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of libsaksi share: a sample store that was made through its own headers, a
 * verifier with it, and an ordinary question. For tests of one file each.
 */
#ifndef TESTS_API_SCENE_H
#define TESTS_API_SCENE_H

#include <saksi/saksi.h>

#include "check.h"
#include "vectors.h"

static struct world *w;
static struct saksi_store *store;
static struct saksi_verifier *verifier;

static inline int set_up(void **state)
{
    (void)state;
    w = world_new();
    assert_int_equal(saksi_store_open(fixture_path(w->f, "api.db"),
                                      SAKSI_STORE_CREATE | SAKSI_STORE_SAMPLE, &store),
                     SAKSI_OK);
    assert_int_equal(saksi_store_init(store, w->root.ptr, w->root.len, fixture_root_id(w->f),
                                      FIXTURE_NOW_S, FIXTURE_BUILD_S),
                     SAKSI_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(saksi_store_import(store, w->bundle[i].ptr, w->bundle[i].len,
                                            FIXTURE_NOW_S, FIXTURE_BUILD_S),
                         SAKSI_OK);
    }
    assert_int_equal(saksi_verifier_new(store, &verifier), SAKSI_OK);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    saksi_verifier_free(verifier);
    saksi_store_close(store);
    world_free(w);
    return 0;
}

/* About a card, or about paper when that is NULL. */
static inline struct saksi_request plain_request(const struct saksi_card *card)
{
    return (struct saksi_request){.size = sizeof(struct saksi_request),
                                  .now_s = FIXTURE_NOW_S + 3600,
                                  .build_s = FIXTURE_BUILD_S,
                                  .utc_offset_s = 7 * 3600,
                                  .host = "MY",
                                  .purpose = SAKSI_HIRING,
                                  .card = card};
}

#endif
