/* SPDX-License-Identifier: Apache-2.0
 *
 * A delta between two lists of MY, taken to pieces, and deltas made of other pieces. What is
 * between the two: an issuer goes, one comes, a key comes; of the revoked an index leaves and one
 * enters, one is suspended; a title changes.
 */
#ifndef TESTS_DELTA_SCENE_H
#define TESTS_DELTA_SCENE_H

#include "base/deflate.h"
#include "codec/rank_set.h"
#include "codec/row_change.h"
#include "trust_scene.h"
#include "verifier/trust_pack.h"

#define DELTA_ALLOTMENT 20000

struct delta {
    struct scene *s; /* the store holds `before` */
    struct fixture_list before, after;
    struct trust_part security, catalogue; /* the genuine parts */
    struct row_packed packed;              /* the genuine security part */
    struct span change[3];                 /* MY.B goes, MY.C comes, key 102 of MY.A comes */
};

static inline struct fixture_rows *delta_rows(struct scene *s, bool after)
{
    static const uint32_t old[] = {3, 16384}, new[] = {4, 16384}, suspended[] = {7};
    struct fixture_rows *rows = fixture_rows_new(s->f);
    fixture_add_issuer(rows, "MY.A", ROW_AWARDING_BODY, NULL);
    fixture_add_issuer(rows, after ? "MY.C" : "MY.B", ROW_CENTRE, "MY.A");
    fixture_add_key(rows, "MY.A", 101);
    fixture_add_status(rows, "MY.A", DELTA_ALLOTMENT);
    fixture_add_set(rows, "MY.A", ROW_SET_REVOKED, after ? new : old, 2);
    fixture_add_title(rows, ROW_UNIT_TITLE, "U1", after ? "A unit" : "The unit of before");
    if (after) {
        fixture_add_key(rows, "MY.A", 102);
        fixture_add_set(rows, "MY.A", ROW_SET_SUSPENDED, suspended, 1);
    }
    return rows;
}

/* The changes of a packed part, in the fixture's room. */
static inline struct span delta_changes(struct scene *s, const struct row_packed *packed)
{
    uint8_t *bytes = NULL;
    assert_int_equal(deflate_unpack(packed->changes, packed->changes_size, &bytes), DEFLATE_OK);
    struct span changes = fixture_copy(s->f, span_of(bytes, packed->changes_size));
    free(bytes);
    return changes;
}

static inline struct delta delta_new(struct scene *s)
{
    struct delta d = {.s = s};
    d.before = fixture_list(s->f, "MY", 1, delta_rows(s, false));
    d.after = fixture_list(s->f, "MY", 2, delta_rows(s, true));
    d.security = fixture_packed(s->f, d.before.rows, d.after.rows);
    d.catalogue = fixture_packed(s->f, d.before.catalogue, d.after.catalogue);
    assert_int_equal(row_packed_decode(d.security.data, &d.packed), TRUST_DOC_OK);
    assert_int_equal(d.packed.set_count, 2);
    struct reader r = reader_of(delta_changes(s, &d.packed));
    for (size_t i = 0; i < COUNT_OF(d.change); i++) {
        struct row_change change;
        const uint8_t *from = r.rest.ptr;
        assert_int_equal(row_change_next(&r, &change), TRUST_DOC_OK);
        d.change[i] = span_of(from, (size_t)(r.rest.ptr - from));
    }
    assert_true(reader_done(&r));
    fixture_import(s->store, scene_bundle(s, 1, &d.before));
    return d;
}

static inline struct span delta_joined(struct scene *s, const struct span *piece, size_t count)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        len += piece[i].len;
    }
    struct writer w = writer_of(fixture_room(s->f, len), len);
    for (size_t i = 0; i < count; i++) {
        writer_put(&w, piece[i]);
    }
    return writer_span(&w);
}

/* A part of these changes and sets, which claims to give `size` bytes of rows. */
static inline struct trust_part delta_part(struct scene *s, struct span changes,
                                           const struct row_packed_set *set, size_t set_count,
                                           size_t size)
{
    struct row_packed packed = {.changes_size = changes.len, .set_count = set_count};
    uint8_t *deflated = NULL;
    size_t len = 0;
    assert_int_equal(deflate_pack(changes, &deflated, &len), DEFLATE_OK);
    packed.changes = span_of(deflated, len);
    for (size_t i = 0; i < set_count; i++) {
        packed.set[i] = set[i];
    }
    struct writer dry = writer_of(NULL, 0);
    row_packed_encode(&packed, &dry);
    struct writer w = writer_of(fixture_room(s->f, dry.len), dry.len);
    row_packed_encode(&packed, &w);
    free(deflated);
    return (struct trust_part){TRUST_PART_PACKED, size, writer_span(&w)};
}

/* The list file of a delta, whatever its parts are. */
static inline struct span delta_file(struct scene *s, struct span document, struct span base,
                                     const struct trust_part *security,
                                     const struct trust_part *catalogue)
{
    struct trust_list_file file = {.document = document, .base = base, .security = *security};
    if (catalogue != NULL) {
        file.has_catalogue = true;
        file.catalogue = *catalogue;
    }
    struct writer dry = writer_of(NULL, 0);
    trust_list_file_encode(&file, &dry);
    struct writer w = writer_of(fixture_room(s->f, dry.len), dry.len);
    trust_list_file_encode(&file, &w);
    return writer_span(&w);
}

/* The delta with another security part, in a bundle with the header of its week. */
static inline struct span delta_bundle(const struct delta *d, const struct trust_part *security)
{
    struct fixture_list list = d->after;
    list.file = delta_file(d->s, list.document, d->before.digest, security, &d->catalogue);
    return scene_bundle(d->s, 2, &list);
}

/* The genuine one. */
static inline void delta_accepted(const struct delta *d)
{
    fixture_import(d->s->store, delta_bundle(d, &d->security));
}

static inline void delta_refused(const struct delta *d, const struct trust_part *security,
                                 const char *name)
{
    scene_refused(d->s, delta_bundle(d, security), name, "list MY");
}

/* These changes with the genuine sets; `size` bytes more or fewer than the genuine rows. */
static inline void delta_refused_changes(const struct delta *d, const struct span *piece,
                                         size_t count, int64_t more, const char *name)
{
    struct trust_part part =
        delta_part(d->s, delta_joined(d->s, piece, count), d->packed.set, d->packed.set_count,
                   (size_t)((int64_t)d->after.rows.len + more));
    delta_refused(d, &part, name);
}

#endif
