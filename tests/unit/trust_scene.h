/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of updates share: a fixture with one store, lists with one plain row, and the
 * claim that a refusal changes nothing. */
#ifndef TESTS_TRUST_SCENE_H
#define TESTS_TRUST_SCENE_H

#include <stdio.h>

#include "check.h"
#include "trust_fixture.h"
#include "trust_tables.h"

struct scene {
    struct fixture *f;
    struct trust_store *store; /* holds root 1 */
    const char *path;
};

static inline int scene_setup(void **state)
{
    struct scene *s = calloc(1, sizeof *s);
    s->f = fixture_new();
    s->store = fixture_store(s->f, "a.db");
    s->path = fixture_path(s->f, "a.db");
    *state = s;
    return 0;
}

static inline int scene_teardown(void **state)
{
    struct scene *s = *state;
    trust_store_close(s->store);
    fixture_free(s->f);
    free(s);
    return 0;
}

#define SCENE_TEST(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

/* Rows of a state with one awarding body "XX.BODY" and `text` in a title, to make contents differ.
 */
static inline struct fixture_rows *scene_rows(struct scene *s, const char *state)
{
    char id[16];
    snprintf(id, sizeof id, "%s.BODY", state);
    struct fixture_rows *rows = fixture_rows_new(s->f);
    fixture_add_issuer(rows, id, ROW_AWARDING_BODY, NULL);
    return rows;
}

static inline struct fixture_list scene_list(struct scene *s, const char *state, int64_t version)
{
    return fixture_list(s->f, state, version, scene_rows(s, state));
}

/* A bundle of a header of that version and one list that it names. */
static inline struct span scene_bundle(struct scene *s, int64_t header_version,
                                       const struct fixture_list *list)
{
    return fixture_bundle(s->f, NULL, 0, fixture_header(s->f, header_version, list, 1), list, 1);
}

/* The bytes of a file, in the fixture's room. */
static inline struct span scene_file(struct scene *s, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size_t len = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = fixture_room(s->f, len);
    assert_int_equal(fread(bytes, 1, len, file), len);
    fclose(file);
    return span_of(bytes, len);
}

/* The bundle is refused by this name, about this subject, and the store and its file are as before:
 * what its interface tells, every value in every table, and the bytes. */
static inline void scene_refused_at(struct scene *s, struct span bundle, int64_t now_s,
                                    const char *name, const char *subject)
{
    uint8_t before[2][32], after[2][32];
    struct span file = scene_file(s, s->path);
    fixture_dump(s->store, before[0]);
    trust_tables_digest(s->path, before[1]);
    struct trust_refusal refusal = fixture_try(s->store, bundle, now_s);
    assert_string_equal(trust_update_error_name(refusal.error), name);
    assert_string_equal(refusal.subject, subject);
    fixture_dump(s->store, after[0]);
    trust_tables_digest(s->path, after[1]);
    assert_memory_equal(before, after, sizeof before);
    check_bytes(scene_file(s, s->path), file);
}

static inline void scene_refused(struct scene *s, struct span bundle, const char *name,
                                 const char *subject)
{
    scene_refused_at(s, bundle, FIXTURE_NOW_S, name, subject);
}

static inline struct trust_state scene_state(struct scene *s)
{
    struct trust_state state;
    assert_int_equal(trust_store_begin_read(s->store), TRUST_STORE_OK);
    assert_int_equal(trust_store_read_state(s->store, &state), TRUST_STORE_OK);
    trust_store_rollback(s->store);
    return state;
}

#endif
