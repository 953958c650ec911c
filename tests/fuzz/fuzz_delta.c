/* SPDX-License-Identifier: Apache-2.0
 *
 * A packed part from anybody, applied to one fixed list or to nothing: what comes out is a list
 * that packs again, both ways, to the last byte.
 *
 * An input is a byte (bit 0: to nothing; bit 1: the rest is the part as it travels), the size it
 * claims in eight bytes as this machine has them, and then either the part's bytes or its pieces,
 * so that zlib's checksum does not stand in the way: the changes' length in two bytes, the changes,
 * and for each set its number, its length in two bytes, its ranks.
 */
#include "codec/row_change.h"
#include "fuzz.h"
#include "trust_fixture.h"
#include "verifier/trust_pack.h"

#include "base/deflate.h"

#define ISSUER        "ID.BNSP.LSP-0123"
#define MOST_UNPACKED 4000000 /* to keep one run short */
#define MAX_INPUT     65536

/* The list: three issuers with allotments of 40,000, 3 and 70,000, keys, sets and a rule; one block
 * lies beyond its allotment. */
static void make_base(struct fixture *f, struct trust_rows *base)
{
    static const uint32_t few[] = {0, 5, 16383, 16384, 39999};
    static const uint32_t beyond[] = {1, 65536};
    static const uint32_t edges[] = {0, 65535, 65536, 69999};
    struct fixture_rows *rows = fixture_rows_new(f);
    fixture_add_issuer(rows, "ID.BNSP", ROW_AWARDING_BODY, NULL);
    fixture_add_issuer(rows, ISSUER, ROW_CERTIFICATION_BODY, "ID.BNSP");
    fixture_add_key(rows, ISSUER, 101);
    fixture_add_key(rows, ISSUER, 102);
    fixture_add_status(rows, ISSUER, 40000);
    fixture_add_status(rows, "ID.BNSP.LSP-02", 3);
    fixture_add_status(rows, "ID.BNSP.LSP-03", 70000);
    fixture_add_set(rows, ISSUER, ROW_SET_REVOKED, few, 5);
    fixture_add_set(rows, ISSUER, ROW_SET_SURVIVORS, few + 1, 1);
    fixture_add_set(rows, "ID.BNSP.LSP-02", ROW_SET_SUSPENDED, beyond, 2);
    fixture_add_set(rows, "ID.BNSP.LSP-03", ROW_SET_REVOKED, edges, 4);
    fixture_add_rule(rows, "ID-MY-1", "MY", ROW_RECOGNISED);
    FUZZ_REQUIRE(trust_rows_add(base, fixture_rows_bytes(rows, ROW_ISSUER, ROW_LAST_SECURITY)) ==
                 TRUST_ROWS_OK);
    FUZZ_REQUIRE(trust_rows_seal(base) == TRUST_ROWS_OK);
}

static const struct trust_rows *base_rows(void)
{
    static struct trust_rows base;
    if (base.count == 0) {
        struct fixture *f = fixture_new();
        make_base(f, &base);
        fixture_free(f);
    }
    return &base;
}

static void require_same(const struct trust_rows *a, const struct trust_rows *b)
{
    FUZZ_REQUIRE(a->count == b->count && a->len == b->len);
    for (size_t i = 0; i < a->count; i++) {
        FUZZ_REQUIRE(span_equal(a->row[i].bytes, b->row[i].bytes));
    }
}

/* What turns one into the other does so. */
static void require_way(const struct trust_rows *from, const struct trust_rows *to)
{
    struct trust_packed packed = {0};
    struct trust_rows again;
    FUZZ_REQUIRE(trust_pack(from, to, &packed) == TRUST_UPDATE_OK);
    FUZZ_REQUIRE(trust_unpack(&packed.part, from, &again) == TRUST_UPDATE_OK);
    require_same(&again, to);
    trust_rows_free(&again);
    free(packed.bytes);
}

static void apply(const struct trust_part *part, const struct trust_rows *base)
{
    struct trust_rows rows;
    if (part->size > MOST_UNPACKED || trust_unpack(part, base, &rows) != TRUST_UPDATE_OK) {
        return;
    }
    FUZZ_REQUIRE(rows.len == part->size);
    for (size_t i = 1; i < rows.count; i++) {
        FUZZ_REQUIRE(row_compare(&rows.row[i - 1], &rows.row[i]) < 0);
    }
    require_way(base, &rows);
    require_way(&rows, base != NULL ? base : &(struct trust_rows){0});
    trust_rows_free(&rows);
}

/* The part's bytes from its pieces; the changes are packed here. */
static struct span join(struct reader *r, struct writer *w, uint8_t **ret_deflated)
{
    struct span changes = reader_take(r, (size_t)reader_be(r, 2));
    struct row_packed packed = {.changes_size = changes.len};
    size_t len = 0;
    FUZZ_REQUIRE(deflate_pack(changes, ret_deflated, &len) == DEFLATE_OK);
    packed.changes = span_of(*ret_deflated, len);
    while (r->rest.len != 0 && packed.set_count < ROW_SETS) {
        struct row_packed_set *set = &packed.set[packed.set_count++];
        set->set = (enum row_set)reader_be(r, 1);
        set->ranks = reader_take(r, (size_t)reader_be(r, 2));
    }
    row_packed_encode(&packed, w);
    return writer_span(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t room[2 * MAX_INPUT];
    struct reader r = reader_of(span_of(data, size));
    uint64_t mode = reader_be(&r, 1), claimed = 0;
    struct span number = reader_take(&r, sizeof claimed);
    if (r.failed || size > MAX_INPUT) {
        return 0;
    }
    memcpy(&claimed, number.ptr, sizeof claimed);
    struct trust_part part = {TRUST_PART_PACKED, (size_t)claimed, r.rest};
    uint8_t *deflated = NULL;
    if ((mode & 2) == 0) {
        struct writer w = writer_of(room, sizeof room);
        part.data = join(&r, &w, &deflated);
    }
    apply(&part, (mode & 1) == 0 ? base_rows() : NULL);
    free(deflated);
    return 0;
}
