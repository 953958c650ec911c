/* SPDX-License-Identifier: Apache-2.0
 *
 * Attacks by deltas, which nobody signs: on another base, with other changes than lead to what the
 * state signed, with sizes that lie, with documents and roots that do not belong to them. Each
 * beside its genuine counterpart. Numbered in test_attacks.c.
 */
#include "delta_scene.h"

static const struct span none = {NULL, 0};

/* ---- 5. another base ---- */

static void delta_without_any_base(void **state)
{
    struct scene *s = *state;
    struct fixture_list before = scene_list(s, "MY", 1), after = scene_list(s, "MY", 2);
    after.file = fixture_delta(s->f, &before, &after);
    scene_refused(s, scene_bundle(s, 1, &after), "BASE_MISMATCH", "list MY");
    fixture_import(s->store, scene_bundle(s, 1, &before));
    fixture_import(s->store, scene_bundle(s, 2, &after));
}

static void delta_to_another_version(void **state)
{
    struct scene *s = *state;
    struct fixture_list list[4];
    for (size_t i = 1; i < COUNT_OF(list); i++) {
        struct fixture_rows *rows = scene_rows(s, "MY");
        fixture_add_status(rows, "MY.BODY", (uint32_t)i);
        list[i] = fixture_list(s->f, "MY", 5 + (int64_t)i, rows);
    }
    fixture_import(s->store, scene_bundle(s, 1, &list[1])); /* version 6 */
    list[3].file = fixture_delta(s->f, &list[2], &list[3]);
    scene_refused(s, scene_bundle(s, 2, &list[3]), "BASE_MISMATCH", "list MY");
    fixture_import(s->store, scene_bundle(s, 2, &list[2]));
    fixture_import(s->store, scene_bundle(s, 3, &list[3]));
}

/* One bit of the base's name, and the base of another state. */
static void delta_to_a_base_with_another_name(void **state)
{
    struct delta d = delta_new(*state);
    struct scene *s = d.s;
    struct fixture_list forged = d.after, id = scene_list(s, "ID", 1);
    struct span name = fixture_copy(s->f, d.before.digest);
    ((uint8_t *)(uintptr_t)name.ptr)[31] ^= 1;
    forged.file = delta_file(s, d.after.document, name, &d.security, &d.catalogue);
    scene_refused(s, scene_bundle(s, 2, &forged), "BASE_MISMATCH", "list MY");
    fixture_import(s->store,
                   fixture_bundle(s->f, NULL, 0, fixture_header(s->f, 2, &id, 1), &id, 1));
    forged.file = delta_file(s, d.after.document, id.digest, &d.security, &d.catalogue);
    scene_refused(s, scene_bundle(s, 3, &forged), "BASE_MISMATCH", "list MY");
    forged.file = delta_file(s, d.after.document, d.before.digest, &d.security, &d.catalogue);
    fixture_import(s->store, scene_bundle(s, 3, &forged));
}

/* ---- 6. other changes ---- */

static void delta_with_a_row_flipped(void **state)
{
    struct delta d = delta_new(*state);
    for (size_t i = 1; i < COUNT_OF(d.change); i++) { /* the rows that come */
        struct span piece[] = {d.change[0], d.change[1], d.change[2]};
        piece[i] = fixture_copy(d.s->f, piece[i]);
        uint8_t *bytes = (uint8_t *)(uintptr_t)piece[i].ptr;
        bytes[i == 1 ? 22 : piece[i].len - 2] ^= 1; /* a letter of a name; the end of a key */
        delta_refused_changes(&d, piece, 3, 0, "DIGEST_MISMATCH");
    }
    delta_accepted(&d);
}

static void delta_with_a_row_added(void **state)
{
    struct delta d = delta_new(*state);
    struct fixture_rows *rows = fixture_rows_new(d.s->f);
    fixture_add_issuer(rows, "MY.D", ROW_CENTRE, "MY.A");
    struct span more = fixture_rows_bytes(rows, ROW_ISSUER, ROW_ISSUER);
    struct span piece[] = {d.change[0], d.change[1], more, d.change[2]};
    delta_refused_changes(&d, piece, 4, 0, "FORMAT"); /* and the size of before */
    delta_refused_changes(&d, piece, 4, (int64_t)more.len, "DIGEST_MISMATCH");
    delta_accepted(&d);
}

static void delta_with_a_row_omitted(void **state)
{
    struct delta d = delta_new(*state);
    struct reader r = reader_of(d.before.rows);
    struct row kept;
    assert_int_equal(row_next(&r, &kept), TRUST_DOC_OK);
    assert_int_equal(row_next(&r, &kept), TRUST_DOC_OK); /* MY.B */
    struct span stays[] = {d.change[1], d.change[2]};
    delta_refused_changes(&d, stays, 2, (int64_t)kept.bytes.len, "DIGEST_MISMATCH");
    struct span without_c[] = {d.change[0], d.change[2]};
    delta_refused_changes(&d, without_c, 2, -(int64_t)d.change[1].len, "DIGEST_MISMATCH");
    delta_accepted(&d);
}

static struct span removal_of(struct scene *s, enum row_type type, const char *id)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer key = writer_of(room, sizeof room);
    struct writer w = writer_of(fixture_room(s->f, 80), 80);
    row_key_of_code(&key, span_str(id));
    row_change_write_removal(&w, type, writer_span(&key));
    return writer_span(&w);
}

static void delta_with_a_row_removed_twice_or_not_there(void **state)
{
    struct delta d = delta_new(*state);
    struct span twice[] = {d.change[0], d.change[0], d.change[1], d.change[2]};
    delta_refused_changes(&d, twice, 4, 0, "FORMAT");
    struct span absent[] = {d.change[0], removal_of(d.s, ROW_ISSUER, "MY.BB"), d.change[1],
                            d.change[2]};
    delta_refused_changes(&d, absent, 4, 0, "FORMAT");
    struct span other_type[] = {removal_of(d.s, ROW_RULE, "MY.A")};
    delta_refused_changes(&d, other_type, 1, 0, "FORMAT");
    struct span then_added[] = {d.change[0], d.change[1], removal_of(d.s, ROW_ISSUER, "MY.C"),
                                d.change[2]};
    delta_refused_changes(&d, then_added, 4, 0, "FORMAT");
    delta_accepted(&d);
}

static void delta_in_another_order(void **state)
{
    static const size_t order[5][3] = {{0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    struct delta d = delta_new(*state);
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        struct span piece[] = {d.change[order[i][0]], d.change[order[i][1]], d.change[order[i][2]]};
        delta_refused_changes(&d, piece, 3, 0, "FORMAT");
    }
    struct span twice[] = {d.change[0], d.change[1], d.change[1], d.change[2]};
    delta_refused_changes(&d, twice, 4, (int64_t)d.change[1].len, "FORMAT");
    delta_accepted(&d);
}

/* The kid is computed: a delta cannot bring a key under the kid of another, nor one key twice. */
static void delta_with_a_key_row_that_collides(void **state)
{
    struct delta d = delta_new(*state);
    struct fixture_rows *rows = fixture_rows_new(d.s->f);
    fixture_add_key(rows, "MY.A", 102);
    struct span whole = fixture_rows_bytes(rows, ROW_KEY, ROW_KEY); /* with its kid */
    struct span with_kid[] = {d.change[0], d.change[1], whole};
    delta_refused_changes(&d, with_kid, 3, 0, "FORMAT");
    struct span twice[] = {d.change[0], d.change[1], d.change[2], d.change[2]};
    delta_refused_changes(&d, twice, 4, (int64_t)whole.len, "FORMAT");

    /* Key 101 again, with another end: in the place of the one that is there. */
    const struct fixture_key *key = fixture_key(d.s->f, 101);
    struct writer w = writer_of(fixture_room(d.s->f, 256), 256);
    row_key_write_short(&w, &(struct row_key){.issuer = span_str("MY.A"),
                                              .alg = key->alg,
                                              .public_key = key->public_key,
                                              .from_s = FIXTURE_NOW_S - FIXTURE_DAYS_S(100),
                                              .until_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(264)});
    int order = span_compare(key->kid, fixture_key(d.s->f, 102)->kid);
    struct span other[] = {d.change[0], d.change[1], order < 0 ? writer_span(&w) : d.change[2],
                           order < 0 ? d.change[2] : writer_span(&w)};
    delta_refused_changes(&d, other, 4, 0, "DIGEST_MISMATCH");

    /* A point that is not on the curve has no kid. */
    uint8_t off[33] = {2};
    memset(off + 1, 0xFF, 32);
    w = writer_of(fixture_room(d.s->f, 256), 256);
    row_key_write_short(&w, &(struct row_key){.issuer = span_str("MY.A"),
                                              .alg = COSE_ES256,
                                              .public_key = span_of(off, sizeof off),
                                              .from_s = 0,
                                              .until_s = 1});
    struct span no_key[] = {d.change[0], d.change[1], writer_span(&w)};
    delta_refused_changes(&d, no_key, 3, 0, "FORMAT");
    delta_accepted(&d);
}

/* ---- 18. what the state may not say, signed by it ---- */

static void delta_with_a_row_about_another_state(void **state)
{
    struct scene *s = *state;
    struct fixture_rows *rows = scene_rows(s, "MY");
    struct fixture_list before = fixture_list(s->f, "MY", 1, rows);
    fixture_import(s->store, scene_bundle(s, 1, &before));
    fixture_add_key(rows, "ID.BNSP", 101);
    struct fixture_list after = fixture_list(s->f, "MY", 2, rows);
    after.file = fixture_delta(s->f, &before, &after);
    scene_refused(s, scene_bundle(s, 2, &after), "SCOPE", "list MY");

    static const uint32_t one[] = {1};
    rows = scene_rows(s, "MY");
    fixture_add_set(rows, "ID.BNSP", ROW_SET_REVOKED, one, 1);
    after = fixture_list(s->f, "MY", 2, rows);
    after.file = fixture_delta(s->f, &before, &after);
    scene_refused(s, scene_bundle(s, 2, &after), "SCOPE", "list MY");

    rows = scene_rows(s, "MY");
    fixture_add_key(rows, "MY.BODY", 101);
    after = fixture_list(s->f, "MY", 2, rows);
    after.file = fixture_delta(s->f, &before, &after);
    fixture_import(s->store, scene_bundle(s, 2, &after));
}

/* ---- documents, headers and roots that do not belong to it ---- */

static void delta_with_the_header_of_another_week(void **state)
{
    struct delta d = delta_new(*state);
    struct fixture_list list = d.after;
    list.file = delta_file(d.s, list.document, d.before.digest, &d.security, &d.catalogue);
    struct fixture_list next = d.after;
    next.version = 3;
    fixture_list_sign(d.s->f, &next);
    struct span header = fixture_header(d.s->f, 3, &next, 1);
    scene_refused(d.s, fixture_bundle(d.s->f, NULL, 0, header, &list, 1), "MIX_MATCH", "list MY");
    header = fixture_header(d.s->f, 2, &d.before, 1);
    scene_refused(d.s, fixture_bundle(d.s->f, NULL, 0, header, &list, 1), "MIX_MATCH", "list MY");
    scene_refused(d.s, fixture_bundle(d.s->f, NULL, 0, none, &list, 1), "MIX_MATCH", "list MY");
    delta_accepted(&d);
}

static void delta_below_the_threshold(void **state)
{
    struct scene *s = *state;
    struct fixture_rows *rows = scene_rows(s, "ID");
    struct fixture_list before = fixture_list(s->f, "ID", 1, rows);
    fixture_import(s->store, scene_bundle(s, 1, &before));
    fixture_add_status(rows, "ID.BODY", 9);
    struct fixture_list after = fixture_list(s->f, "ID", 2, rows), few = after;
    few.key_count = 1;
    fixture_list_sign(s->f, &few);
    few.file = fixture_delta(s->f, &before, &few);
    scene_refused(s, scene_bundle(s, 2, &few), "THRESHOLD", "list ID");
    after.file = fixture_delta(s->f, &before, &after);
    fixture_import(s->store, scene_bundle(s, 2, &after));
}

/* A document of the publisher over right changes: a header match alone never suffices. */
static void delta_signed_by_the_publisher(void **state)
{
    struct delta d = delta_new(*state);
    struct fixture_list list = d.after;
    list.key[0] = FIXTURE_PUBLISHER_KEY;
    fixture_list_sign(d.s->f, &list);
    list.file = delta_file(d.s, list.document, d.before.digest, &d.security, &d.catalogue);
    scene_refused(d.s, scene_bundle(d.s, 2, &list), "THRESHOLD", "list MY");
    delta_accepted(&d);
}

static void delta_of_an_authority_that_the_bundle_removes(void **state)
{
    struct delta d = delta_new(*state);
    struct trust_root *root = fixture_root_plain(d.s->f);
    root->version = 2;
    for (size_t i = 1; i + 1 < root->authority_count; i++) { /* MY goes */
        root->authority[i] = root->authority[i + 1];
    }
    root->authority_count--;
    struct span document = fixture_root_signed(d.s->f, root, NULL, 0);
    struct fixture_list list = d.after;
    list.file = delta_file(d.s, list.document, d.before.digest, &d.security, &d.catalogue);
    struct span header = fixture_header(d.s->f, 2, &list, 1);
    scene_refused(d.s, fixture_bundle(d.s->f, &document, 1, header, &list, 1), "SCOPE", "list MY");
    delta_accepted(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(delta_without_any_base),
        SCENE_TEST(delta_to_another_version),
        SCENE_TEST(delta_to_a_base_with_another_name),
        SCENE_TEST(delta_with_a_row_flipped),
        SCENE_TEST(delta_with_a_row_added),
        SCENE_TEST(delta_with_a_row_omitted),
        SCENE_TEST(delta_with_a_row_removed_twice_or_not_there),
        SCENE_TEST(delta_in_another_order),
        SCENE_TEST(delta_with_a_key_row_that_collides),
        SCENE_TEST(delta_with_a_row_about_another_state),
        SCENE_TEST(delta_with_the_header_of_another_week),
        SCENE_TEST(delta_below_the_threshold),
        SCENE_TEST(delta_signed_by_the_publisher),
        SCENE_TEST(delta_of_an_authority_that_the_bundle_removes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
