/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows for tests: collected, sorted, laid end to end. */
#include <stdio.h>

#include "check.h"
#include "trust_fixture_room.h"

struct fixture_rows {
    struct fixture *f;
    struct row *row;
    size_t count, cap;
};

struct fixture_rows *fixture_rows_new(struct fixture *f)
{
    struct fixture_rows *rows = (void *)fixture_room(f, sizeof *rows);
    rows->f = f;
    return rows;
}

void fixture_add(struct fixture_rows *rows, struct span row)
{
    if (rows->count == rows->cap) {
        size_t cap = rows->cap == 0 ? 16 : rows->cap * 2;
        struct row *more = (void *)fixture_room(rows->f, cap * sizeof *more);
        if (rows->count != 0) {
            memcpy(more, rows->row, rows->count * sizeof *more);
        }
        rows->row = more;
        rows->cap = cap;
    }
    struct reader r = reader_of(fixture_copy(rows->f, row));
    assert_int_equal(row_next(&r, &rows->row[rows->count]), TRUST_DOC_OK);
    assert_true(reader_done(&r));
    rows->count++;
}

static int in_order(const void *a, const void *b)
{
    return row_compare(a, b);
}

struct span fixture_rows_bytes(struct fixture_rows *rows, enum row_type least, enum row_type most)
{
    if (rows->count != 0) {
        qsort(rows->row, rows->count, sizeof *rows->row, in_order);
    }
    size_t len = 0;
    for (size_t i = 0; i < rows->count; i++) {
        len += rows->row[i].bytes.len;
    }
    struct writer w = writer_of(fixture_room(rows->f, len), len);
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->row[i].type >= least && rows->row[i].type <= most) {
            writer_put(&w, rows->row[i].bytes);
        }
    }
    return writer_span(&w);
}

/* ---- plain rows ---- */

static struct row_names english(const char *text)
{
    struct row_names names = {.count = 1};
    names.name[0].lang = span_str("en");
    names.name[0].text = span_str(text);
    return names;
}

void fixture_add_issuer(struct fixture_rows *rows, const char *id, enum row_issuer_kind kind,
                        const char *parent)
{
    uint8_t room[512];
    struct writer w = writer_of(room, sizeof room);
    char title[64];
    snprintf(title, sizeof title, "Issuer %s", id);
    struct row_names names = english(title);
    struct row_licence licence = {.from_day = 18262, .until_day = ROW_NO_END_DAY};
    row_issuer_write(&w, span_str(id), kind, span_str(parent == NULL ? "" : parent), &names,
                     &licence, 1, NULL, 0);
    fixture_add(rows, writer_span(&w));
}

void fixture_add_key(struct fixture_rows *rows, const char *issuer, unsigned number)
{
    const struct fixture_key *key = fixture_key(rows->f, number);
    uint8_t room[256];
    struct writer w = writer_of(room, sizeof room);
    row_key_write(&w, &(struct row_key){
                          .issuer = span_str(issuer),
                          .kid = key->kid,
                          .alg = key->alg,
                          .public_key = key->public_key,
                          .from_s = FIXTURE_NOW_S - FIXTURE_DAYS_S(100),
                          .until_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(265),
                      });
    fixture_add(rows, writer_span(&w));
}

void fixture_add_status(struct fixture_rows *rows, const char *issuer, uint32_t allotment)
{
    uint8_t room[64];
    struct writer w = writer_of(room, sizeof room);
    row_status_write(&w, span_str(issuer), allotment, NULL, 0, NULL, 0);
    fixture_add(rows, writer_span(&w));
}

void fixture_add_set(struct fixture_rows *rows, const char *issuer, enum row_set set,
                     const uint32_t *index, size_t count)
{
    uint8_t *offsets = fixture_room(rows->f, ROW_MAX_BLOCK_BYTES);
    uint8_t *room = fixture_room(rows->f, TRUST_MAX_ROW_BYTES);
    for (size_t i = 0; i < count;) {
        uint32_t number = index[i] / ROW_BLOCK_INDICES;
        struct writer in = writer_of(offsets, ROW_MAX_BLOCK_BYTES);
        for (; i < count && index[i] / ROW_BLOCK_INDICES == number; i++) {
            writer_be(&in, index[i] % ROW_BLOCK_INDICES, 2);
        }
        struct writer w = writer_of(room, TRUST_MAX_ROW_BYTES);
        row_block_write(&w, &(struct row_block){span_str(issuer), set, number, writer_span(&in)});
        fixture_add(rows, writer_span(&w));
    }
}

void fixture_add_rule(struct fixture_rows *rows, const char *id, const char *issuing_state,
                      enum row_result result)
{
    uint8_t room[256];
    struct writer w = writer_of(room, sizeof room);
    row_rule_write(&w, &(struct row_rule){
                           .id = span_str(id),
                           .arrangement = ROW_MRA_TP,
                           .result = result,
                           .issuing_state = span_str(issuing_state),
                           .valid_from_day = 18262,
                           .valid_until_day = ROW_NO_END_DAY,
                           .level_least = -1,
                           .level_most = -1,
                           .issued_from_day = INT64_MIN,
                           .issued_until_day = INT64_MAX,
                       });
    fixture_add(rows, writer_span(&w));
}

void fixture_add_title(struct fixture_rows *rows, enum row_type type, const char *code,
                       const char *title)
{
    uint8_t room[256];
    struct writer w = writer_of(room, sizeof room);
    row_title_write(&w, &(struct row_title){type, span_str(code), english(title)});
    fixture_add(rows, writer_span(&w));
}

/* ---- the standard bundle ---- */

static void add_range(struct fixture_rows *rows, const char *issuer, uint32_t first, uint32_t last)
{
    uint8_t room[64];
    struct writer w = writer_of(room, sizeof room);
    row_range_write(&w, &(struct row_range){span_str(issuer), first, last, ROW_RANGE_REVOKED, 2,
                                            FIXTURE_DAY - 10});
    fixture_add(rows, writer_span(&w));
}

struct span fixture_standard_bundle(struct fixture *f)
{
    static const uint32_t revoked[] = {5, 16383, 16384};
    static const uint32_t suspended[] = {7};
    struct fixture_rows *id = fixture_rows_new(f);
    fixture_add_issuer(id, "ID.BNSP", ROW_AWARDING_BODY, NULL);
    fixture_add_issuer(id, "ID.BNSP.LSP-0123", ROW_CERTIFICATION_BODY, "ID.BNSP");
    fixture_add_key(id, "ID.BNSP.LSP-0123", 101);
    fixture_add_key(id, "ID.BNSP.LSP-0123", 102);
    fixture_add_status(id, "ID.BNSP.LSP-0123", 40000);
    fixture_add_set(id, "ID.BNSP.LSP-0123", ROW_SET_REVOKED, revoked, COUNT_OF(revoked));
    fixture_add_set(id, "ID.BNSP.LSP-0123", ROW_SET_SUSPENDED, suspended, COUNT_OF(suspended));
    add_range(id, "ID.BNSP.LSP-0123", 100, 199);
    fixture_add_title(id, ROW_SCHEME_TITLE, "SKKNI-2019-012", "Housekeeping supervisor");

    struct fixture_rows *my = fixture_rows_new(f);
    fixture_add_issuer(my, "MY.DSD", ROW_AWARDING_BODY, NULL);
    fixture_add_rule(my, "MY-ID-1", "ID", ROW_RECOGNISED);

    struct fixture_list list[] = {fixture_list(f, "ID", 1, id), fixture_list(f, "MY", 1, my)};
    struct span root = fixture_root(f);
    return fixture_bundle(f, &root, 1, fixture_header(f, 1, list, 2), list, 2);
}
