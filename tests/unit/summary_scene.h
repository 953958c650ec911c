/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of summaries share: an authority's folder of sources, the steps from these to a
 * signed document, and its summary as text. For tests of one file each.
 */
#ifndef TESTS_SUMMARY_SCENE_H
#define TESTS_SUMMARY_SCENE_H

#include "authority/build.h"
#include "authority/earlier.h"
#include "authority/history.h"
#include "authority/key_file.h"
#include "authority/summary.h"
#include "authority_folder.h"
#include "codec/cose.h"

static char dir[PATH_MAX];
static char out[PATH_MAX];
static char text[SUMMARY_MAX_BYTES + 1];

static inline int set_up(void **state)
{
    (void)state;
    folder_make_sample(dir);
    folder_join(out, dir, "out");
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    folder_remove(dir);
    return 0;
}

/* --- steps --- */

static inline void put(const char *name, const char *json)
{
    folder_write(dir, name, span_str(json));
}

static inline void move(const char *from, const char *to)
{
    char from_path[PATH_MAX], to_path[PATH_MAX];
    folder_join(from_path, dir, from);
    folder_join(to_path, dir, to);
    assert_int_equal(rename(from_path, to_path), 0);
}

/* Who signs may be given what this builder refuses to build: it does not see the earlier lists. */
static inline enum authority_error build_unseen(const char *state, struct build_result *result,
                                                struct authority_problem *problem)
{
    char list[32], kept[64];
    int64_t version = 0;
    (void)snprintf(list, sizeof list, "out/%.2s.list", state);
    bool archive = file_exists(folder_path(dir, "out/signed"));
    if (file_exists(folder_path(dir, list))) {
        assert_int_equal(history_signed_version(folder_path(dir, list), &version, problem),
                         AUTHORITY_OK);
    }
    if (archive) {
        move("out/signed", "archive");
    }
    if (version != 0) {
        move(list, "list");
    }
    enum authority_error error = build_list(dir, state, NULL, result, problem);
    if (archive) {
        move("archive", "out/signed");
    }
    if (version != 0) {
        (void)snprintf(kept, sizeof kept, "out/signed/%.2s-%lld.list", state, (long long)version);
        assert_int_equal(file_make_folder(folder_path(dir, "out/signed"), 0755), FILE_OK);
        move("list", kept);
    }
    return error;
}

static inline void build(const char *state)
{
    struct authority_problem problem = {""};
    struct build_result result;
    enum authority_error error = build_root(dir, &result, &problem);
    if (error == AUTHORITY_OK) {
        error = strcmp(state, "root") == 0     ? AUTHORITY_OK
                : strcmp(state, "header") == 0 ? build_header(dir, NULL, &result, &problem)
                                               : build_unseen(state, &result, &problem);
    }
    assert_string_equal(problem.text, "");
    assert_int_equal(error, AUTHORITY_OK);
}

static inline void sign(const char *name, const char *key_name)
{
    char key_path[64];
    struct sign_desk desk;
    struct authority_problem problem;
    struct crypto_private_key *key = NULL;
    (void)snprintf(key_path, sizeof key_path, "keys/%s.pem", key_name);
    assert_int_equal(key_file_read(folder_path(dir, key_path), NULL, &key, &problem), AUTHORITY_OK);
    assert_int_equal(sign_open(folder_path(out, name), out, &desk, &problem), AUTHORITY_OK);
    assert_int_equal(sign_with(&desk, key, &problem), AUTHORITY_OK);
    sign_close(&desk);
    crypto_private_key_free(key);
}

static inline enum authority_error summarise(const char *name, const char *against,
                                             struct authority_problem *problem)
{
    char path[PATH_MAX];
    struct sign_desk desk;
    problem->text[0] = '\0';
    folder_join(path, dir, name);
    memset(text, 0, sizeof text);
    enum authority_error error = sign_open(path, out, &desk, problem);
    assert_int_equal(error, AUTHORITY_OK);
    struct writer w = writer_of(text, SUMMARY_MAX_BYTES);
    error = summary_write(&desk, against, &w, problem);
    assert_true(writer_ok(&w));
    sign_close(&desk);
    return error;
}

/* The folder's name is another one each time. */
static inline void shorten_paths(void)
{
    size_t len = strlen(dir);
    for (char *at = strstr(text, dir); at != NULL; at = strstr(at, dir)) {
        memcpy(at, "DIR", 3);
        memmove(at + 3, at + len, strlen(at + len) + 1);
    }
}

/* From the line about the version before, or that there is none, to the end. */
static inline void assert_changes(const char *name, const char *wanted)
{
    struct authority_problem problem;
    enum authority_error error = summarise(name, NULL, &problem);
    assert_string_equal(problem.text, "");
    assert_int_equal(error, AUTHORITY_OK);
    shorten_paths();
    const char *from = strstr(text, "  Changes since");
    from = from == NULL ? strstr(text, "  No signed version") : from;
    assert_non_null(from);
    assert_string_equal(from, wanted);
}

#define SINCE_1                                                                                    \
    "  Changes since version 1, as of 2026-06-09, signed by 1 (DIR/out/signed/MY-1.list):\n"
#define SIGNED_0 "Signed by 0 of the 1 needed (national authority of MY)\n"

/* Version 1 of the list of MY, signed; the sources say 2 from here on. */
static inline void publish_first(void)
{
    build("MY");
    sign("MY.list", "MY-1");
    folder_edit(dir, "MY/list.json", "\"version\": 1", "\"version\": 2");
}

static inline void assert_my_changes(const char *wanted)
{
    build("MY");
    assert_changes("out/MY.list", wanted);
}

/* The public keys of the seeds 1, 2, 3 ... */
static inline const char *public_hex(uint8_t seed_byte)
{
    static char hex[8][KEY_HEX_SIZE];
    uint8_t seed[32];
    struct crypto_private_key *key = NULL;
    memset(seed, seed_byte, sizeof seed);
    assert_int_equal(crypto_private_key_from_seed(COSE_ES256, seed, &key), CRYPTO_OK);
    key_file_public_hex(key, hex[seed_byte % 8]);
    crypto_private_key_free(key);
    return hex[seed_byte % 8];
}

/* Of MY.SAMPLE-B. */
static inline void put_status(const char *marks)
{
    char json[4096];
    int len = snprintf(
        json, sizeof json,
        "{ \"status\": [ { \"issuer\": \"MY.SAMPLE-B\", \"allotment\": 100000, %s } ] }", marks);
    assert_true(len > 0 && (size_t)len < sizeof json);
    put("MY/status.json", json);
}

#define SUMMARY_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
