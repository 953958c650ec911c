/* SPDX-License-Identifier: Apache-2.0
 *
 * A station in a temporary folder, with a key, a registry and records, for tests of issuing.
 */
#ifndef TESTS_ISSUE_SCENE_H
#define TESTS_ISSUE_SCENE_H

#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/cose.h"
#include "issuer/issue.h"
#include "issuer/record.h"

#define SCENE_NOW_S   (20000LL * 86400)
#define SCENE_LIBEXEC TEST_BINARY_DIR "/libexec/saksi"

struct scene {
    char folder[64], out[96], key[96];
    struct station station;
    struct registry *registry;
    struct signer *signer;
};

static inline void scene_write_key(const char *path, uint8_t seed, const char *password)
{
    uint8_t bytes[32];
    struct crypto_private_key *key = NULL;
    memset(bytes, seed, sizeof bytes);
    assert_int_equal(crypto_private_key_from_seed(COSE_ES256, bytes, &key), CRYPTO_OK);
    assert_int_equal(crypto_private_key_write(key, path, password), CRYPTO_FILE_OK);
    crypto_private_key_free(key);
}

static inline struct signer *scene_signer(uint8_t seed)
{
    uint8_t bytes[32];
    struct crypto_private_key *key = NULL;
    struct signer *signer = NULL;
    memset(bytes, seed, sizeof bytes);
    assert_int_equal(crypto_private_key_from_seed(COSE_ES256, bytes, &key), CRYPTO_OK);
    assert_int_equal(signer_new(key, &signer), SIGNER_OK);
    return signer;
}

static inline void scene_write_station(struct scene *s)
{
    struct station_problem problem;
    struct station given = {
        .issuer = {span_str("ID.SAMPLE-A.LSP-01"),
                   2,
                   {{span_str("en"), span_str("Sample Hotel LSP (SAMPLE)")},
                    {span_str("id"), span_str("LSP Hotel Contoh (SAMPLE)")}}},
        .authority = {span_str("ID.SAMPLE-A"),
                      1,
                      {{span_str("en"), span_str("Sample Authority (SAMPLE)")}}},
        .station = span_str("hall"),
        .sample = true,
        .second_language = span_str("id"),
        .out_path = "out",
    };
    (void)snprintf(given.key_path, sizeof given.key_path, "%s", s->key);
    assert_true(station_create(s->folder, &given, &problem));
    assert_true(station_open(s->folder, &s->station, &problem));
}

/* Indices 100 to `last`. */
static inline void scene_open(struct scene *s, uint32_t last)
{
    enum db_error db_error = DB_OK;
    memset(s, 0, sizeof *s);
    strcpy(s->folder, "/tmp/saksi-issue-XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    (void)snprintf(s->out, sizeof s->out, "%s/out", s->folder);
    (void)snprintf(s->key, sizeof s->key, "%s/key.pem", s->folder);
    assert_int_equal(mkdir(s->out, 0755), 0);
    scene_write_key(s->key, 1, NULL);
    s->signer = scene_signer(1);
    scene_write_station(s);
    assert_int_equal(
        registry_create(s->station.registry_path, &s->station.identity, &s->registry, &db_error),
        REGISTRY_OK);
    assert_int_equal(registry_begin(s->registry), REGISTRY_OK);
    assert_int_equal(registry_add_block(s->registry, 100, last, span_of(NULL, 0), 1), REGISTRY_OK);
    assert_int_equal(registry_commit(s->registry), REGISTRY_OK);
}

static inline void scene_close(struct scene *s)
{
    char command[160];
    signer_free(s->signer);
    registry_close(s->registry);
    station_close(&s->station);
    (void)snprintf(command, sizeof command, "rm -r %s", s->folder);
    assert_int_equal(system(command), 0);
}

static inline struct issue_session scene_session(const struct scene *s)
{
    return (struct issue_session){
        .station = &s->station,
        .registry = s->registry,
        .signer = s->signer,
        .libexec_dir = SCENE_LIBEXEC,
        .folder = s->out,
        .kind = REGISTRY_ORIGINAL,
        .photo_path = "",
        .now_s = SCENE_NOW_S,
    };
}

/* A record of a certificate number, with `more` members in it ("" or ",\"x\":1"). */
static inline void scene_record(char text[2048], const char *number, const char *more)
{
    (void)snprintf(text, 2048,
                   "{\"certificate_number\":\"%s\",\"scheme_type\":\"occupation\","
                   "\"coverage\":\"full\",\"scheme_code\":\"RA-II\","
                   "\"scheme_title\":\"Room Attendant\",\"standard_family\":\"SKKNI\","
                   "\"issue_date\":\"2024-10-01\","
                   "\"valid_until\":\"2027-09-30\",\"holder_name\":\"Siti Aminah\","
                   "\"birth_date\":\"1999-02-03\"%s}",
                   number, more);
}

/* Records stay open as long as their items are used. */
struct scene_item {
    char text[2048];
    struct record_file file;
    struct issue_item item;
};

static inline void scene_item(struct scene_item *to, const char *number, const char *more)
{
    static struct record_notes problems, warnings;
    struct record_context context = {span_str("ID.SAMPLE-A.LSP-01"), SCENE_NOW_S, false};
    memset(&problems, 0, sizeof problems);
    memset(&to->item, 0, sizeof to->item);
    scene_record(to->text, number, more);
    assert_true(record_file_open(span_str(to->text), &to->file, &problems));
    assert_true(record_read(&to->file, 0, &context, &to->item.credential, &problems, &warnings));
}

/* The whole content of FOLDER/NAME; the caller frees it. */
static inline struct span scene_read(const char *folder, const char *name)
{
    char path[256];
    uint8_t *bytes = NULL;
    size_t len = 0;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    if (file_read(path, 1 << 24, &bytes, &len) != FILE_OK) {
        return span_of(NULL, 0);
    }
    return span_of(bytes, len);
}

static inline void scene_release(struct span bytes)
{
    free((void *)(uintptr_t)bytes.ptr);
}

static inline bool scene_has(const char *folder, const char *name)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

#endif
