/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of the decision share: a verifier with the store of the invented region, the last
 * verdict, and the vectors by their names. For tests of one file each.
 */
#ifndef TESTS_VERIFY_SCENE_H
#define TESTS_VERIFY_SCENE_H

#include "check.h"
#include "vectors.h"
#include "verifier/trust_schema.h"

static struct world *w;
static struct trust_store *store;
static struct verifier *verifier;
static struct verdict verdict; /* large: kept off the stack */

static inline int set_up(void **state)
{
    (void)state;
    w = world_new();
    store = world_store(w, "region.db");
    assert_int_equal(verifier_new(store, &verifier), VERIFY_OK);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    verifier_free(verifier);
    trust_store_close(store);
    world_free(w);
    return 0;
}

/* What the verifier says of a document that is shown to it in the ordinary way. */
static inline enum saksi_outcome check_document(struct span document)
{
    struct verify_request request = world_request();
    assert_int_equal(verify_credential(verifier, &request, document, &verdict), VERIFY_OK);
    return verdict.outcome;
}

static inline void print_reasons(const char *what, const char *name)
{
    print_message("%s: %s: %s:", name, what, outcome_text(verdict.outcome));
    for (size_t i = 0; i < verdict.reason_count; i++) {
        print_message(" %s/%s", reason_find(verdict.reason[i].reason)->name,
                      verdict.reason[i].state);
    }
    print_message("\n");
}

static inline const struct vector *vector_named(const char *name)
{
    for (size_t i = 0; i < vector_count; i++) {
        if (strcmp(vector_table[i].name, name) == 0) {
            return &vector_table[i];
        }
    }
    fail_msg("no vector %s", name);
    return NULL;
}

static inline void run_vector(struct verifier *with, const struct vector *v)
{
    struct verify_request request = vector_request(w, v);
    if (v->nothing != 0) {
        verify_nothing(v->nothing, &verdict);
        return;
    }
    assert_int_equal(verify_qr_text(with, &request, vector_text(w, v), &verdict), VERIFY_OK);
}

static inline void verify_named(const char *name)
{
    run_vector(verifier, vector_named(name));
}

/* Whether these bytes are anywhere in the verdict. */
static inline bool verdict_holds(const void *needle, size_t len)
{
    return memmem(&verdict, sizeof verdict, needle, len) != NULL;
}

/* In a store of the fixture, behind the back of whoever has it open. */
static inline void run_sql(const char *name, const char *sql)
{
    struct db *db = NULL;
    assert_int_equal(db_open(fixture_path(w->f, name), DB_WRITE, &trust_schema, &db), DB_OK);
    assert_int_equal(db_run(db_prepare(db, sql)), DB_OK);
    db_close(db);
}

#endif
