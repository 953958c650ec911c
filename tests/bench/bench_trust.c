/* SPDX-License-Identifier: Apache-2.0
 *
 * National lists of 3,000 and 10,000 issuers with names in two languages and a key each: how large
 * they are as shipped, how long a full import takes, and how much memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"
#include "trust_fixture.h"

#define RUNS 7

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

/* Words as they occur in such names; the numbers keep the names apart. */
static const char *const trade[] = {"Pariwisata", "Konstruksi", "Logistik",  "Perhotelan",
                                    "Teknologi",  "Keuangan",   "Pertanian", "Kelistrikan"};
static const char *const place[] = {"Nusantara",      "Jawa Timur", "Bali", "Sulawesi",
                                    "Sumatera Utara", "Jakarta",    "Papua"};

static void add_issuer(struct fixture_rows *rows, unsigned number, const char *id)
{
    char title[2][96];
    snprintf(title[0], sizeof title[0], "Professional Certification Body %s %s %u",
             trade[number % COUNT_OF(trade)], place[number % COUNT_OF(place)], number);
    snprintf(title[1], sizeof title[1], "Lembaga Sertifikasi Profesi %s %s %u",
             trade[number % COUNT_OF(trade)], place[number % COUNT_OF(place)], number);
    struct row_names names = {.count = 2};
    names.name[0].lang = span_str("en");
    names.name[0].text = span_str(title[0]);
    names.name[1].lang = span_str("id");
    names.name[1].text = span_str(title[1]);
    struct row_licence licence = {.from_day = 18262 + number % 1500, .until_day = ROW_NO_END_DAY};
    uint8_t room[512];
    struct writer w = writer_of(room, sizeof room);
    row_issuer_write(&w, span_str(id), ROW_CERTIFICATION_BODY, span_str("ID.BNSP"), &names,
                     &licence, 1, NULL, 0);
    fixture_add(rows, writer_span(&w));
}

static void add_key(struct fixture_rows *rows, unsigned number, const char *id)
{
    uint8_t seed[32] = {1, (uint8_t)(number >> 8), (uint8_t)number, 7};
    uint8_t public_key[CRYPTO_MAX_PUBLIC_KEY], kid[CRYPTO_KID_SIZE], room[256];
    struct crypto_private_key *key = NULL;
    assert_int_equal(crypto_private_key_from_seed(COSE_ES256, seed, &key), CRYPTO_OK);
    struct span public_span = span_of(public_key, crypto_private_key_public(key, public_key));
    crypto_private_key_free(key);
    assert_int_equal(crypto_kid(COSE_ES256, public_span, kid), CRYPTO_OK);
    struct writer w = writer_of(room, sizeof room);
    row_key_write(&w, &(struct row_key){
                          .issuer = span_str(id),
                          .kid = span_of(kid, sizeof kid),
                          .alg = COSE_ES256,
                          .public_key = public_span,
                          .from_s = FIXTURE_NOW_S,
                          .until_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(365),
                      });
    fixture_add(rows, writer_span(&w));
}

static struct fixture_list large_list(struct fixture *f, unsigned issuers)
{
    struct fixture_rows *rows = fixture_rows_new(f);
    fixture_add_issuer(rows, "ID.BNSP", ROW_AWARDING_BODY, NULL);
    for (unsigned i = 0; i < issuers; i++) {
        char id[32];
        snprintf(id, sizeof id, "ID.BNSP.LSP-%04u", i);
        add_issuer(rows, i, id);
        add_key(rows, i, id);
        fixture_add_status(rows, id, 10000);
    }
    struct fixture_list list = fixture_list(f, "ID", 1, rows);
    list.encoding = TRUST_PART_PACKED;
    fixture_list_sign(f, &list);
    return list;
}

static double import_once(struct fixture *f, struct span bundle, unsigned run)
{
    char name[16];
    snprintf(name, sizeof name, "%u.db", run);
    struct trust_store *store = fixture_store(f, name);
    struct timespec start;
    (void)clock_gettime(CLOCK_MONOTONIC, &start);
    fixture_import(store, bundle);
    double seconds = seconds_since(&start);
    trust_store_close(store);
    return seconds;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ---- the whole program ---- */

static const char *write_file(struct fixture *f, const char *name, struct span bytes)
{
    const char *path = fixture_path(f, name);
    assert_int_equal(file_write_atomic(path, bytes, 0600), FILE_OK);
    return path;
}

/* Runs saksi and tells the largest memory it used, in KiB. */
static long run_saksi(const char *const argv[])
{
    int status = 0;
    struct rusage usage;
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        (void)!freopen("/dev/null", "w", stdout);
        execv(SAKSI, (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    assert_int_equal(wait4(child, &status, 0, &usage), child);
    assert_int_equal(status, 0);
    return usage.ru_maxrss;
}

static long import_memory(struct fixture *f, struct span bundle)
{
    char id[2 * TRUST_DIGEST_SIZE + 1];
    const char *db = fixture_path(f, "cli.db");
    const char *root = write_file(f, "1.root", fixture_root(f));
    const char *file = write_file(f, "1.bundle", bundle);
    for (size_t i = 0; i < TRUST_DIGEST_SIZE; i++) {
        snprintf(id + 2 * i, 3, "%02x", fixture_root_id(f)[i]);
    }
    const char *const init[] = {"saksi",  "trust", "init",      "--sample", "--db", db,
                                "--root", root,    "--root-id", id,         NULL};
    const char *const import[] = {"saksi", "trust", "import", "--sample", "--db", db, file, NULL};
    (void)run_saksi(init);
    return run_saksi(import);
}

static void measure(unsigned issuers)
{
    struct fixture *f = fixture_new();
    struct fixture_list list = large_list(f, issuers);
    struct span header = fixture_header(f, 1, &list, 1);
    struct span bundle = fixture_bundle(f, NULL, 0, header, &list, 1);
    double seconds[RUNS];
    for (unsigned i = 0; i < RUNS; i++) {
        seconds[i] = import_once(f, bundle, i);
    }
    qsort(seconds, RUNS, sizeof seconds[0], by_value);
    printf("%u issuers with names in two languages, keys and allotments: %zu bytes of rows, %zu as "
           "shipped\n",
           issuers, list.rows.len, list.file.len);
    printf("full import: %.3f s (least), %.3f s (median of %d); saksi trust import: %ld KiB\n",
           seconds[0], seconds[RUNS / 2], RUNS, import_memory(f, bundle));
    fixture_free(f);
}

int main(void)
{
    measure(3000);
    measure(10000);
    return 0;
}
