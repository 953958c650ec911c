/* SPDX-License-Identifier: Apache-2.0
 *
 * A small invented region for tests of the decision: four states with issuers of every kind of
 * fate, and the store a checkpoint of that region holds. Everything is made from fixed seeds on a
 * fixed day (FIXTURE_DAY).
 *
 * ID issues, MY is the usual host. PH has a newer list that is not stored, and its list expires on
 * the 20th day. TH left the region ten days ago. LA is in the root and has no list. VN is not in
 * the root.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include "trust_fixture.h"
#include "verifier/verify.h"

#define WORLD_ISSUER    "ID.BNSP.LSP-0123" /* licensed for everything */
#define WORLD_ALLOTMENT 40000

/* Numbers of issuers' keys; all EdDSA, whose signatures are the same in every run, but the first.
 */
enum world_key {
    WORLD_KEY_ES256 = 101,
    WORLD_KEY = 102,
    WORLD_KEY_SUPERSEDED = 104,  /* since 40 days ago */
    WORLD_KEY_CEASED = 106,      /* since 20 days ago */
    WORLD_KEY_COMPROMISED = 108, /* index 9 survives */
    WORLD_KEY_SHORT = 110,       /* from 35 to 25 days ago */
    WORLD_KEY_SCOPED = 112,      /* the issuers below */
    WORLD_KEY_SUSPENDED = 114,
    WORLD_KEY_ENDED = 116,
    WORLD_KEY_NO_ROW = 118,
    WORLD_KEY_NO_STATUS = 120,
    WORLD_KEY_FULL = 122,
    WORLD_KEY_CENTRE = 124,
    WORLD_KEY_MY = 132,
    WORLD_KEY_PH = 142,
    WORLD_KEY_TH = 144,
    WORLD_KEY_STRANGER = 190, /* in no list */
};

struct world {
    struct fixture *f;
    struct span root;      /* version 1 */
    struct span bundle[2]; /* to be imported in this order at FIXTURE_NOW_S */
};

struct world *world_new(void);
void world_free(struct world *w);

/* A store with both bundles in it; the caller closes it before world_free. */
struct trust_store *world_store(struct world *w, const char *name);
/* Signs a list and the header again over rows that a test put into the store. */
void world_publish_again(struct world *w, struct trust_store *own, const char *code);

/* A certificate of WORLD_ISSUER, issued and signed 30 days ago, that MY recognises. Texts are
 * static. */
struct credential world_credential(void);

/* A check in MY for hiring, an hour after the newest header. */
struct verify_request world_request(void);

/* Signs claims with a key of that number; lives until world_free. */
struct span world_sign(struct world *w, const struct credential *c, unsigned key);
/* The same for a payload that may be anything. */
struct span world_sign_payload(struct world *w, struct span payload, const char *typ, unsigned key);
/* The QR text of a document. */
struct span world_text(struct world *w, struct span document);

#endif
