/* SPDX-License-Identifier: Apache-2.0
 *
 * Revoked certificates as a set of ranks: bytes in transport and in storage beside the bound
 * log2 C(N, R), a bit string under zlib (as a Token Status List has it) and plain 128-bit ids; the
 * processor time to write, and to read a member. 3,000 issuers of equal allotment lie end to end;
 * bursts are whole batches of one issuer.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "check.h"
#include "base/deflate.h"
#include "codec/rank_set.h"

#define ISSUERS       3000
#define BURST         200 /* mean length of a batch */
#define STORAGE_BLOCK 16384
#define ID_BYTES      16
#define RUNS          7

struct status {
    uint32_t certificates, revoked;
    uint8_t *bits;  /* a bit string of `certificates` bits */
    uint64_t *rank; /* the same, as ranks */
};

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double chance(uint64_t *random)
{
    return (double)(check_random(random) >> 11) / 9007199254740992.0;
}

/* One more than before, unless it was revoked already. */
static uint32_t revoke(struct status *s, uint32_t rank)
{
    uint8_t bit = (uint8_t)(1U << rank % 8);
    bool is_new = (s->bits[rank / 8] & bit) == 0;
    s->bits[rank / 8] |= bit;
    return is_new ? 1 : 0;
}

static void revoke_batches(struct status *s, uint32_t wanted, uint64_t *random)
{
    uint32_t allotment = (s->certificates + ISSUERS - 1) / ISSUERS;
    for (uint32_t done = 0; done < wanted;) {
        uint32_t rank = (uint32_t)(check_random(random) % s->certificates);
        uint32_t end = rank / allotment * allotment + allotment;
        do {
            done += revoke(s, rank++);
        } while (rank < end && rank < s->certificates && done < wanted &&
                 chance(random) >= 1.0 / BURST);
    }
}

static struct status make_status(uint32_t certificates, double rate, double in_bursts)
{
    struct status s = {.certificates = certificates, .bits = calloc(1, certificates / 8 + 1)};
    uint64_t random = 2026;
    s.revoked = (uint32_t)(certificates * rate);
    s.rank = calloc(s.revoked, sizeof *s.rank);
    assert_true(s.bits != NULL && s.rank != NULL);
    uint32_t bursts = (uint32_t)(s.revoked * in_bursts), count = 0;
    revoke_batches(&s, bursts, &random);
    for (uint32_t done = bursts; done < s.revoked;) {
        done += revoke(&s, (uint32_t)(check_random(&random) % certificates));
    }
    for (uint32_t rank = 0; rank < certificates; rank++) {
        if ((s.bits[rank / 8] >> rank % 8 & 1) != 0) {
            s.rank[count++] = rank;
        }
    }
    assert_int_equal(count, s.revoked);
    return s;
}

/* ---- the measures ---- */

static double bound_bytes(const struct status *s)
{
    double n = s->certificates, r = s->revoked;
    return (lgamma(n + 1) - lgamma(r + 1) - lgamma(n - r + 1)) / log(2) / 8;
}

static size_t zlib_bytes(const struct status *s)
{
    uint8_t *packed = NULL;
    size_t len = 0;
    assert_int_equal(deflate_pack(span_of(s->bits, (s->certificates + 7) / 8), &packed, &len),
                     DEFLATE_OK);
    free(packed);
    return len;
}

/* One row an issuer and STORAGE_BLOCK indices, the sets alone. */
static size_t storage_bytes(const struct status *s)
{
    static uint32_t index[STORAGE_BLOCK];
    uint32_t allotment = (s->certificates + ISSUERS - 1) / ISSUERS;
    struct writer w = writer_of(NULL, 0);
    for (uint32_t at = 0; at < s->revoked;) {
        uint64_t issuer = s->rank[at] / allotment, block = s->rank[at] % allotment / STORAGE_BLOCK;
        size_t count = 0;
        for (; at < s->revoked && s->rank[at] / allotment == issuer &&
               s->rank[at] % allotment / STORAGE_BLOCK == block;
             at++) {
            index[count++] = (uint32_t)(s->rank[at] % allotment % STORAGE_BLOCK);
        }
        assert_true(index_set_encode(index, count, STORAGE_BLOCK, &w));
    }
    return w.len;
}

static double read_s(const struct status *s, struct span stream)
{
    static uint32_t index[RANK_SET_BLOCK];
    struct rank_set_reader r = rank_set_reader_of(stream);
    uint64_t first;
    size_t count, total = 0;
    double start = now_s();
    while (rank_set_next(&r, &first, index, &count)) {
        total += count;
    }
    double seconds = now_s() - start;
    assert_true(rank_set_done(&r) && total == s->revoked);
    return seconds;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(uint32_t certificates, double rate, double in_bursts)
{
    struct status s = make_status(certificates, rate, in_bursts);
    size_t cap = (size_t)s.certificates / 8 + 64, zlib = zlib_bytes(&s),
           storage = storage_bytes(&s);
    uint8_t *room = malloc(cap);
    assert_non_null(room);
    double write[RUNS], read[RUNS], bound = bound_bytes(&s);
    size_t len = 0;
    for (size_t i = 0; i < RUNS; i++) {
        struct writer w = writer_of(room, cap);
        write[i] = now_s();
        assert_true(rank_set_encode(s.rank, s.revoked, &w) && writer_ok(&w));
        write[i] = now_s() - write[i];
        read[i] = read_s(&s, writer_span(&w));
        len = w.len;
    }
    qsort(write, RUNS, sizeof write[0], by_value);
    qsort(read, RUNS, sizeof read[0], by_value);
    size_t ids = (size_t)s.revoked * ID_BYTES;
    printf(
        "| %u M | %.1f %% | %.0f %% | %.0f | %zu (%.3f) | %zu (%.3f) | %zu (%.2f) | %zu (%.1f) | "
        "%.1f | %.1f (%.1f) |\n",
        certificates / 1000000, rate * 100, in_bursts * 100, bound, len, (double)len / bound,
        storage, (double)storage / bound, zlib, (double)zlib / bound, ids, (double)ids / bound,
        write[RUNS / 2] * 1e3, read[0] * 1e9 / s.revoked, read[RUNS / 2] * 1e9 / s.revoked);
    fflush(stdout);
    free(room);
    free(s.bits);
    free(s.rank);
}

int main(void)
{
    static const uint32_t certificates[] = {1000000, 10000000, 60000000};
    static const double rate[] = {0.001, 0.01, 0.05}, in_bursts[] = {0, 0.5};
    printf(
        "| N | revoked | in bursts | bound, bytes | rank set | blocks of 16,384 | bit string, zlib "
        "| 128-bit ids | write, ms | read, ns a member, least (median) |\n"
        "|---|---|---|---|---|---|---|---|---|---|\n");
    for (size_t n = 0; n < COUNT_OF(certificates); n++) {
        for (size_t b = 0; b < COUNT_OF(in_bursts); b++) {
            for (size_t r = 0; r < COUNT_OF(rate); r++) {
                measure(certificates[n], rate[r], in_bursts[b]);
            }
        }
    }
    return 0;
}
