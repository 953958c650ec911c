/* SPDX-License-Identifier: Apache-2.0
 *
 * What a trust list knows in words: the names of issuers, and the titles of schemes and units, in
 * English and in a station's second language. Words on paper beside what is signed: they replace
 * none of it, and whatever is missing is left out.
 */
#ifndef ISSUER_TITLES_H
#define ISSUER_TITLES_H

#include "codec/credential.h"
#include "issuer/station.h"
#include "verifier/trust_store.h"

#define TITLES_MAX_ENGLISH 96  /* bytes; the page takes no longer title of a unit (page.h) */
#define TITLES_MAX_NATIVE  160 /* bytes; WIRE.md has none longer */

/* ---- titles ---- */

enum titles_error {
    TITLES_OK = 0,
    TITLES_NO_LIST,      /* no list of the issuer's state, or one that is signed no more */
    TITLES_NO_CATALOGUE, /* the list came without */
    TITLES_STALE,        /* so old that nobody judges by the list */
    TITLES_DAMAGED,      /* the store cannot be read */
};

/* Titles of one credential: empty where the catalogue has none, or none that fits on a page. Spans
 * point into `room`: not to be copied. */
struct titles {
    struct span scheme_native; /* the English one is signed */
    struct unit_title {
        struct span english, native;
    } unit[CREDENTIAL_MAX_UNITS]; /* in the order of the credential's units */
    uint8_t
        room[TITLES_MAX_NATIVE + CREDENTIAL_MAX_UNITS * (TITLES_MAX_ENGLISH + TITLES_MAX_NATIVE)];
};

/* Looks up the credential's scheme and units in the catalogue of its issuer's state. `language` may
 * be empty: no native titles then. All titles are empty unless it answers TITLES_OK. Not inside a
 * transaction. */
enum titles_error titles_read(struct trust_store *store, const struct credential *credential,
                              struct span language, int64_t now_s, struct titles *ret_titles);

/* Whether there are titles at all for an issuer of this state. */
MUST_USE enum titles_error titles_check(struct trust_store *store, struct span state,
                                        int64_t now_s);

/* A phrase that fits "TRUST LIST: PHRASE". */
const char *titles_error_text(enum titles_error error);

/* ---- names ---- */

/* An issuer and the authority it acts for: copies of two rows, and views into them. Not to be
 * copied. */
struct titles_names {
    uint8_t issuer_row[TRUST_MAX_ROW_BYTES], authority_row[TRUST_MAX_ROW_BYTES];
    struct row_issuer issuer, authority;
    bool has_issuer, has_authority; /* damaged rows are not there */
};

/* Inside a read transaction. Names need not be fresh: an issuer is who it is. */
void titles_names_read(struct trust_store *store, struct span issuer,
                       struct titles_names *ret_names);

/* Fills in what is not given; the parties then point into `names`. */
void titles_names_fill(const struct titles_names *names, struct station_party *issuer,
                       struct station_party *authority);

#endif
