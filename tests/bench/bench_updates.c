/* SPDX-License-Identifier: Apache-2.0
 *
 * Revocation at scale through the whole path: 3,000 issuers with equal allotments, revocations at
 * random or half of them in batches. How large the list is as shipped and at rest, how long it
 * takes to import, a look-up, a week's delta, and the verdict beside one with a small list.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "check.h"
#include "codec/row_change.h"
#include "trust_fixture.h"
#include "verifier/trust_pack.h"

#define ISSUERS 3000
#define LOOKUPS 20000
#define BATCH   200 /* mean length of a batch */
#define WEEKS   260 /* revocations are spread over five years */

/* ---- random numbers: xorshift, the same in each run ---- */

static uint64_t seed = 0x9E3779B97F4A7C15U;

static uint64_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static double now_s(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- revoked ranks ---- */

struct ranks {
    uint8_t *bit; /* one a rank */
    uint64_t size;
};

static bool is_set(const struct ranks *r, uint64_t rank)
{
    return (r->bit[rank / 8] >> rank % 8 & 1) != 0;
}

static size_t set(struct ranks *r, uint64_t rank)
{
    bool was = is_set(r, rank);
    r->bit[rank / 8] |= (uint8_t)(1U << rank % 8);
    return was ? 0 : 1;
}

static void revoke_at_random(struct ranks *r, size_t count)
{
    while (count != 0) {
        count -= set(r, next_random() % r->size);
    }
}

static void revoke_in_batches(struct ranks *r, size_t count)
{
    while (count != 0) {
        uint64_t first = next_random() % r->size;
        uint64_t len = 1 + (uint64_t)(-log((double)(next_random() % 1000000 + 1) / 1e6) * BATCH);
        for (uint64_t i = first; i < first + len && i < r->size && count != 0; i++) {
            count -= set(r, i);
        }
    }
}

/* ---- the list ---- */

static void issuer_name(char name[32], unsigned number)
{
    snprintf(name, 32, "ID.BNSP.LSP-%04u", number);
}

static void add_blocks(struct fixture_rows *rows, const struct ranks *r, unsigned issuer,
                       uint32_t allotment)
{
    static uint32_t index[1 << 20];
    char name[32];
    size_t count = 0;
    issuer_name(name, issuer);
    for (uint32_t i = 0; i < allotment; i++) {
        if (is_set(r, (uint64_t)issuer * allotment + i)) {
            index[count++] = i;
        }
    }
    if (count != 0) {
        fixture_add_set(rows, name, ROW_SET_REVOKED, index, count);
    }
}

static struct fixture_list make_list(struct fixture *f, const struct ranks *r, int64_t version)
{
    struct fixture_rows *rows = fixture_rows_new(f);
    uint32_t allotment = (uint32_t)(r->size / ISSUERS);
    for (unsigned i = 0; i < ISSUERS; i++) {
        char name[32];
        issuer_name(name, i);
        fixture_add_status(rows, name, allotment);
        add_blocks(rows, r, i, allotment);
    }
    struct fixture_list list = fixture_list(f, "ID", version, rows);
    list.encoding = TRUST_PART_PACKED;
    fixture_list_sign(f, &list);
    return list;
}

/* ---- figures ---- */

static double bound_bytes(double n, double r)
{
    return (lgamma(n + 1) - lgamma(r + 1) - lgamma(n - r + 1)) / log(2) / 8;
}

static size_t sets_bytes(const struct trust_part *part)
{
    struct row_packed packed;
    size_t bytes = 0;
    assert_int_equal(row_packed_decode(part->data, &packed), TRUST_DOC_OK);
    for (size_t i = 0; i < packed.set_count; i++) {
        bytes += packed.set[i].ranks.len;
    }
    return bytes;
}

static long file_bytes(struct fixture *f, const char *name)
{
    struct stat s;
    assert_int_equal(stat(fixture_path(f, name), &s), 0);
    return (long)s.st_size;
}

static double lookup_us(struct trust_store *store, uint32_t allotment)
{
    bool in;
    size_t found = 0;
    double start = 0;
    assert_int_equal(trust_store_begin_read(store), TRUST_STORE_OK);
    for (size_t i = 0; i < 2 * LOOKUPS; i++) {
        char name[32];
        if (i == LOOKUPS) {
            start = now_s(); /* the first half warms up */
        }
        issuer_name(name, (unsigned)(next_random() % ISSUERS));
        assert_int_equal(trust_store_in_set(store, span_str("ID"), span_str(name), ROW_SET_REVOKED,
                                            (uint32_t)(next_random() % allotment), &in),
                         TRUST_STORE_OK);
        found += in;
    }
    double us = (now_s() - start) / LOOKUPS * 1e6;
    trust_store_rollback(store);
    assert_true(found != 0);
    return us;
}

static double import_s(struct trust_store *store, struct span bundle)
{
    double start = now_s();
    fixture_import(store, bundle);
    return now_s() - start;
}

static void measure(uint64_t n, double rate, bool batches)
{
    struct fixture *f = fixture_new();
    struct ranks r = {calloc(1, n / 8 + 1), n};
    size_t revoked = (size_t)((double)n * rate), week = revoked / WEEKS;
    assert_non_null(r.bit);
    revoke_in_batches(&r, batches ? (revoked - week) / 2 : 0);
    revoke_at_random(&r, revoked - week - (batches ? (revoked - week) / 2 : 0));
    struct fixture_list old = make_list(f, &r, 1);
    revoke_at_random(&r, week);
    struct fixture_list new = make_list(f, &r, 2), delta = new;
    delta.file = fixture_delta(f, &old, &new);

    struct trust_part whole = fixture_packed(f, span_of(NULL, 0), new.rows);
    double bound = bound_bytes((double)n, (double)revoked);
    struct trust_store *store = fixture_store(f, "a.db");
    double full =
        import_s(store, fixture_bundle(f, NULL, 0, fixture_header(f, 1, &old, 1), &old, 1));
    double applied =
        import_s(store, fixture_bundle(f, NULL, 0, fixture_header(f, 2, &delta, 1), &delta, 1));
    double lookup = lookup_us(store, (uint32_t)(n / ISSUERS));
    trust_store_close(store);
    size_t sets = sets_bytes(&whole);
    printf(
        "%4.0f M %4.1f %% %4s | %9.0f %8zu (%.3f) | %8zu %8ld | %6.2f %6.1f | %6.2f | %6zu %6zu\n",
        (double)n / 1e6, rate * 100, batches ? "half" : "none", bound, sets, (double)sets / bound,
        whole.data.len, file_bytes(f, "a.db"), full, applied * 1000, lookup, delta.file.len,
        delta.file.len - new.document.len);
    (void)fflush(stdout);
    free(r.bit);
    fixture_free(f);
}

int main(int argc, char **argv)
{
    (void)argv;
    static const double rate[] = {0.001, 0.01, 0.05};
    static const uint64_t n[] = {1000000, 10000000, 60000000};
    printf(
        "%d issuers; bytes, (x the bound log2 C(N,R)); import in s, delta in ms, look-up in us;\n"
        "the delta of a week: the whole file, and without its signed document\n"
        "     N  rate batch |     bound  in transit       |  as part  at rest |   full  delta | "
        "lookup |  delta\n",
        ISSUERS);
    for (size_t i = 0; i < COUNT_OF(n); i++) {
        for (size_t j = 0; j < COUNT_OF(rate); j++) {
            if (argc < 2 || (n[i] == 60000000 && j == 1)) { /* any argument: the main case alone */
                measure(n[i] / ISSUERS * ISSUERS, rate[j], false);
                measure(n[i] / ISSUERS * ISSUERS, rate[j], true);
            }
        }
    }
    return 0;
}
