/* SPDX-License-Identifier: Apache-2.0
 *
 * The caller of saksi-fetch, with a program in its place that crashes, hangs and lies; and what is
 * kept between two fetches.
 */
#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "devices/fetch/part.h"
#include "devices/fetch_cache.h"
#include "devices/fetcher.h"

#define URL "http://127.0.0.1:1/trust/saksi.bundle"

static char folder[64];

static int enter(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/saksi-fetcher-XXXXXX");
    return mkdtemp(folder) == NULL || chdir(folder) != 0 || mkdir("libexec", 0755) != 0;
}

static int leave(void **state)
{
    (void)state;
    char command[192];
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    return chdir("/") != 0 || system(command) != 0;
}

/* --- the program --- */

/* A program of that text of the shell in saksi-fetch's place. */
static void install(const char *text)
{
    char script[512];
    (void)snprintf(script, sizeof script, "#!/bin/sh\n%s\n", text);
    assert_int_equal(file_write_atomic("libexec/" FETCH_PROGRAM, span_str(script), 0755), FILE_OK);
}

static struct fetch_answer get_within(unsigned timeout_s)
{
    static const char *const environment[] = {"no_proxy=*", NULL};
    struct fetcher fetcher = {
        .libexec_dir = "libexec", .environment = environment, .proxy = "", .timeout_s = timeout_s};
    struct fetch_answer answer;
    int part = open("part", O_RDWR | O_CREAT, 0600);
    assert_true(part >= 0);
    fetcher_get(&fetcher, part, URL, NULL, 100, &answer);
    assert_int_equal(close(part), 0);
    return answer;
}

static void expect(const char *script, enum fetch_outcome outcome)
{
    install(script);
    struct fetch_answer answer = get_within(60);
    if (answer.outcome != outcome) {
        fail_msg("%s: %d", script, (int)answer.outcome);
    }
}

static void a_program_that_misbehaves(void **state)
{
    (void)state;
    struct fetch_answer answer = get_within(60);
    assert_int_equal(answer.outcome, FETCH_NO_PROGRAM);
    assert_string_equal(answer.where, URL);
    expect("exit 1", FETCH_CRASHED);
    expect("kill -9 $$", FETCH_CRASHED);
    expect("exit 0", FETCH_CRASHED);
    expect("echo nonsense", FETCH_CRASHED);
    expect("cat /dev/zero", FETCH_CRASHED);
    expect("[ \"$no_proxy\" = '*' ] || exit 0; [ -r /dev/fd/3 ] || exit 0; printf "
           "'\\1\\2\\1\\224\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0'",
           FETCH_STATUS);
    /* more bytes than were allowed */
    expect("printf '\\1\\0\\0\\310\\0\\0\\0\\145\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0'", FETCH_CRASHED);
    /* an outcome that only the caller may give */
    expect("printf '\\1\\22\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0'", FETCH_CRASHED);
}

static void bytes_that_are_not_there(void **state)
{
    (void)state;
    struct fetch_answer answer = {.len = 5};
    int part = open("part", O_RDWR | O_CREAT, 0600);
    struct fetch_part head = {.url = URL};
    assert_true(fetch_part_begin(part, &head));
    assert_true(fetch_part_write(part, 0, span_str("four")));
    assert_null(fetcher_read(part, &answer));
    answer.len = 4;
    uint8_t *bytes = fetcher_read(part, &answer);
    assert_non_null(bytes);
    check_bytes(span_of(bytes, 4), span_str("four"));
    free(bytes);
    assert_int_equal(close(part), 0);
}

static void every_outcome_has_words(void **state)
{
    (void)state;
    char text[256];
    for (int outcome = FETCH_OK; outcome <= FETCH_CRASHED; outcome++) {
        struct fetch_answer answer = {.outcome = (enum fetch_outcome)outcome, .http_status = 503};
        fetcher_text(&answer, text, sizeof text);
        assert_true(strlen(text) > 5 && strchr(text, '%') == NULL && strchr(text, '\n') == NULL);
    }
}

/* --- the cache --- */

static const uint8_t digest[FETCH_CACHE_DIGEST] = {1}, other_digest[FETCH_CACHE_DIGEST] = {2};

static void what_was_seen_is_known(void **state)
{
    (void)state;
    struct fetch_cache cache, second;
    struct fetch_validators seen = {"\"tag\"", "a date"}, none = {"", ""}, back = {"", ""};
    assert_int_equal(fetch_cache_open("trust.db", &cache), FETCH_CACHE_OK);
    assert_int_equal(fetch_cache_open("trust.db", &second), FETCH_CACHE_HELD);
    assert_string_equal(second.path, "trust.db.fetch");
    assert_false(fetch_cache_known(&cache, FETCH_BUNDLE, URL, digest, &back));
    fetch_cache_remember(&cache, FETCH_BUNDLE, URL, digest, &seen);
    assert_true(fetch_cache_known(&cache, FETCH_BUNDLE, URL, digest, &back));
    assert_string_equal(back.etag, seen.etag);
    assert_string_equal(back.modified, seen.modified);
    assert_false(fetch_cache_known(&cache, FETCH_HEADER, URL, digest, &back));
    assert_false(fetch_cache_known(&cache, FETCH_BUNDLE, URL "2", digest, &back));
    assert_false(fetch_cache_known(&cache, FETCH_BUNDLE, URL, other_digest, &back));
    fetch_cache_remember(&cache, FETCH_BUNDLE, URL, digest, &none);
    assert_false(fetch_cache_known(&cache, FETCH_BUNDLE, URL, digest, &back));
    assert_false(file_exists("trust.db.fetch/bundle.seen"));
    fetch_cache_close(&cache);
    assert_int_equal(fetch_cache_open("trust.db", &cache), FETCH_CACHE_OK);
    fetch_cache_close(&cache);
}

static void damaged_memories_are_none(void **state)
{
    (void)state;
    struct fetch_cache cache;
    struct fetch_validators seen = {"\"tag\"", "a date"}, back = {"", ""};
    uint8_t *bytes = NULL;
    size_t len = 0;
    const char *path = "trust.db.fetch/bundle.seen";
    assert_int_equal(fetch_cache_open("trust.db", &cache), FETCH_CACHE_OK);
    fetch_cache_remember(&cache, FETCH_BUNDLE, URL, digest, &seen);
    assert_int_equal(file_read(path, 4096, &bytes, &len), FILE_OK);
    for (size_t cut = 0; cut < len; cut++) {
        assert_int_equal(file_write_atomic(path, span_of(bytes, cut), 0600), FILE_OK);
        assert_false(fetch_cache_known(&cache, FETCH_BUNDLE, URL, digest, &back));
    }
    bytes[len - 1] = '\n'; /* would end a header */
    assert_int_equal(file_write_atomic(path, span_of(bytes, len), 0600), FILE_OK);
    assert_false(fetch_cache_known(&cache, FETCH_BUNDLE, URL, digest, &back));
    free(bytes);
    fetch_cache_close(&cache);
}

static void the_folder_is_private(void **state)
{
    (void)state;
    struct fetch_cache cache;
    struct stat st;
    assert_int_equal(mkdir("trust.db.fetch", 0777), 0);
    assert_int_equal(chmod("trust.db.fetch", 0777), 0);
    assert_int_equal(fetch_cache_open("trust.db", &cache), FETCH_CACHE_OK);
    assert_int_equal(stat("trust.db.fetch", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    int part = fetch_cache_part(&cache, FETCH_BUNDLE);
    assert_true(part >= 0);
    assert_int_equal(fstat(part, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(close(part), 0);
    fetch_cache_drop_part(&cache, FETCH_BUNDLE);
    assert_false(file_exists("trust.db.fetch/bundle.part"));
    fetch_cache_drop_part(&cache, FETCH_BUNDLE);
    assert_int_equal(symlink("../part", "trust.db.fetch/bundle.part"), 0);
    assert_int_equal(fetch_cache_part(&cache, FETCH_BUNDLE), -1);
    assert_false(file_exists("part"));
    fetch_cache_drop_part(&cache, FETCH_BUNDLE);
    assert_int_equal(mkfifo("trust.db.fetch/bundle.part", 0600), 0);
    assert_int_equal(fetch_cache_part(&cache, FETCH_BUNDLE), -1);
    fetch_cache_close(&cache);
}

static void other_things_are_no_folder(void **state)
{
    (void)state;
    struct fetch_cache cache;
    assert_int_equal(file_write_atomic("a.fetch", span_str("x"), 0600), FILE_OK);
    assert_int_equal(fetch_cache_open("a", &cache), FETCH_CACHE_FOREIGN);
    assert_int_equal(mkdir("real", 0700), 0);
    assert_int_equal(symlink("real", "b.fetch"), 0);
    assert_int_equal(fetch_cache_open("b", &cache), FETCH_CACHE_FOREIGN);
    assert_int_equal(fetch_cache_open("none/c", &cache), FETCH_CACHE_IO);
    if (geteuid() == 0) {
        assert_int_equal(mkdir("d.fetch", 0700), 0);
        assert_int_equal(chown("d.fetch", 65534, 65534), 0);
        assert_int_equal(fetch_cache_open("d", &cache), FETCH_CACHE_FOREIGN);
    }
    assert_int_equal(mkdir("e.fetch", 0700), 0);
    assert_int_equal(mkdir("e.fetch/lock", 0700), 0);
    assert_int_equal(fetch_cache_open("e", &cache), FETCH_CACHE_IO);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
    const struct CMUnitTest tests[] = {
        TEST(a_program_that_misbehaves),  TEST(bytes_that_are_not_there),
        TEST(every_outcome_has_words),    TEST(what_was_seen_is_known),
        TEST(damaged_memories_are_none),  TEST(the_folder_is_private),
        TEST(other_things_are_no_folder),
    };
    return cmocka_run_group_tests_name("fetcher", tests, NULL, NULL);
}
