/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole files: read with a limit, written so that nothing is ever half there, refused by name.
 */
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

static char folder[64];

static int enter(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/saksi-file-XXXXXX");
    return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int leave(void **state)
{
    (void)state;
    char command[96];
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    return chdir("/") != 0 || system(command) != 0;
}

static void assert_content(const char *path, const char *expected)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    assert_int_equal(file_read(path, 4096, &bytes, &len), FILE_OK);
    check_bytes(span_of(bytes, len), span_str(expected));
    assert_int_equal(bytes[len], '\0');
    free(bytes);
}

/* Names in the folder, temporary ones too. */
static size_t entries(void)
{
    size_t count = 0;
    DIR *dir = opendir(".");
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    assert_int_equal(closedir(dir), 0);
    return count;
}

static void refuse(const char *path, size_t most, enum file_error error)
{
    static uint8_t untouched;
    uint8_t *bytes = &untouched;
    size_t len = 77;
    assert_int_equal(file_read(path, most, &bytes, &len), error);
    assert_ptr_equal(bytes, &untouched);
    assert_int_equal(len, 77);
}

static void reading_has_a_limit(void **state)
{
    (void)state;
    assert_int_equal(file_write_atomic("f", span_str("12345"), 0644), FILE_OK);
    assert_content("f", "12345");
    uint8_t *bytes = NULL;
    size_t len = 0;
    assert_int_equal(file_read("f", 5, &bytes, &len), FILE_OK);
    assert_int_equal(len, 5);
    free(bytes);
    refuse("f", 4, FILE_TOO_LARGE);
    refuse("f", 0, FILE_TOO_LARGE);
    assert_int_equal(file_write_atomic("empty", span_of(NULL, 0), 0644), FILE_OK);
    refuse("empty", 4, FILE_EMPTY);
    assert_int_equal(truncate("f", (off_t)1 << 40), 0);
    refuse("f", 1 << 20, FILE_TOO_LARGE);
}

static void other_things_are_no_files(void **state)
{
    (void)state;
    assert_int_equal(mkfifo("fifo", 0600), 0);
    assert_int_equal(symlink("loop", "loop"), 0);
    assert_int_equal(file_write_atomic("f", span_str("x"), 0644), FILE_OK);
    refuse("none", 9, FILE_MISSING);
    refuse("none/f", 9, FILE_MISSING);
    refuse("f/f", 9, FILE_MISSING);
    refuse("loop", 9, FILE_MISSING);
    refuse("", 9, FILE_MISSING);
    refuse(".", 9, FILE_NOT_REGULAR);
    refuse("fifo", 9, FILE_NOT_REGULAR); /* and does not wait for its writer */
    refuse("/dev/null", 9, FILE_NOT_REGULAR);
    refuse("/dev/zero", 9, FILE_NOT_REGULAR);
}

static void a_new_file_replaces_the_old_one(void **state)
{
    (void)state;
    struct stat st;
    (void)umask(0);
    assert_int_equal(file_write_atomic("f", span_str("old"), 0600), FILE_OK);
    assert_int_equal(stat("f", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(file_write_atomic("f", span_str("new"), 0644), FILE_OK);
    assert_content("f", "new");
    assert_int_equal(stat("f", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0644);
    assert_int_equal(file_write_new("f", span_str("third"), 0644), FILE_EXISTS);
    assert_content("f", "new");
    assert_int_equal(file_write_new("g", span_str("first"), 0644), FILE_OK);
    assert_content("g", "first");
    assert_int_equal(entries(), 2);
}

static void a_link_is_replaced_not_followed(void **state)
{
    (void)state;
    struct stat st;
    assert_int_equal(file_write_atomic("target", span_str("precious"), 0644), FILE_OK);
    assert_int_equal(symlink("target", "link"), 0);
    assert_int_equal(file_write_new("link", span_str("x"), 0644), FILE_EXISTS);
    assert_int_equal(file_write_atomic("link", span_str("x"), 0644), FILE_OK);
    assert_content("target", "precious");
    assert_int_equal(lstat("link", &st), 0);
    assert_true(S_ISREG(st.st_mode));
}

static void places_that_cannot_be_written(void **state)
{
    (void)state;
    struct span x = span_str("x");
    assert_int_equal(file_write_atomic("none/f", x, 0644), FILE_MISSING);
    assert_int_equal(file_make_folder("d", 0755), FILE_OK);
    assert_int_equal(file_write_atomic("d", x, 0644), FILE_NOT_REGULAR);
    assert_int_equal(file_write_new("d", x, 0644), FILE_EXISTS);
    assert_int_equal(file_make_folder("d", 0755), FILE_OK);
    assert_int_equal(file_write_atomic("f", x, 0644), FILE_OK);
    assert_int_equal(file_make_folder("f", 0755), FILE_EXISTS);
    assert_int_equal(file_make_folder("none/d", 0755), FILE_MISSING);
    assert_int_equal(file_write_atomic("/proc/none", x, 0644), FILE_MISSING);
    assert_int_equal(entries(), 2);
}

/* As with a quota: the file may not grow beyond 4096 bytes. */
static void a_full_disk_keeps_the_old_file(void **state)
{
    (void)state;
    static const uint8_t zeros[8192];
    struct rlimit before, small;
    assert_int_equal(file_write_atomic("f", span_str("old"), 0644), FILE_OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 4096;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum file_error replaced = file_write_atomic("f", span_of(zeros, sizeof zeros), 0644);
    enum file_error made = file_write_new("g", span_of(zeros, sizeof zeros), 0644);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, handler);
    assert_int_equal(replaced, FILE_FULL);
    assert_int_equal(made, FILE_FULL);
    assert_content("f", "old");
    assert_int_equal(entries(), 1);
}

static void moving(void **state)
{
    (void)state;
    assert_int_equal(file_make_folder("d", 0755), FILE_OK);
    assert_int_equal(file_write_atomic("f", span_str("f"), 0644), FILE_OK);
    assert_int_equal(file_write_atomic("d/g", span_str("g"), 0644), FILE_OK);
    assert_int_equal(file_move("f", "d/g"), FILE_OK);
    assert_content("d/g", "f");
    assert_false(file_exists("f"));
    assert_true(file_exists("d/g"));
    assert_int_equal(file_move("f", "d/g"), FILE_MISSING);
    assert_content("d/g", "f");
}

/* --- what was left --- */

static bool ends_in_a(struct span name)
{
    return name.len != 0 && name.ptr[name.len - 1] == 'a';
}

static void put(const char *path)
{
    assert_int_equal(file_write_atomic(path, span_str("x"), 0644), FILE_OK);
}

/* The number of a process that has ended. */
static int ended(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        _exit(0);
    }
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    return pid;
}

static const char *left_by(const char *name, int pid)
{
    static char path[2][64];
    static unsigned turn;
    char *to = path[turn++ % 2];
    (void)snprintf(to, sizeof path[0], "%s.%d.tmp", name, pid);
    return to;
}

static void leftovers_of_ended_processes_go(void **state)
{
    (void)state;
    int gone = ended();
    put(left_by("a", gone));
    put(left_by("1.2.a", gone));
    put(left_by("a", getpid())); /* this one writes nothing now */
    assert_int_equal(file_remove_leftovers(".", ends_in_a), FILE_OK);
    assert_int_equal(entries(), 0);
    assert_int_equal(file_remove_leftovers("none", ends_in_a), FILE_MISSING);
}

static void what_is_not_ours_stays(void **state)
{
    (void)state;
    static const char *const names[] = {
        "a",      "a.tmp",     "a..tmp",  "a.1x.tmp",          "a.0.tmp", "a.01.tmp",
        ".7.tmp", "a.7.tmp.b", "a.7.TMP", "a.99999999999.tmp", "7.tmp",   "a-7.tmp"};
    int gone = ended();
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        put(names[i]);
    }
    put(left_by("b", gone));
    assert_int_equal(symlink("a", left_by("la", gone)), 0);
    assert_int_equal(mkfifo(left_by("fa", gone), 0600), 0);
    assert_int_equal(mkdir(left_by("da", gone), 0755), 0);
    assert_int_equal(file_remove_leftovers(".", ends_in_a), FILE_OK);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        assert_content(names[i], "x");
    }
    struct stat st;
    assert_int_equal(lstat(left_by("b", gone), &st), 0);
    assert_int_equal(lstat(left_by("la", gone), &st), 0);
    assert_int_equal(lstat(left_by("fa", gone), &st), 0);
    assert_int_equal(lstat(left_by("da", gone), &st), 0);
}

static void what_a_living_process_writes_stays_for_an_hour(void **state)
{
    (void)state;
    const char *path = left_by("a", getppid());
    put(path);
    assert_int_equal(file_remove_leftovers(".", ends_in_a), FILE_OK);
    assert_true(file_exists(path));
    const struct timespec times[2] = {{.tv_sec = time(NULL) - 3700}, {.tv_sec = time(NULL) - 3700}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    assert_int_equal(file_remove_leftovers(".", ends_in_a), FILE_OK);
    assert_false(file_exists(path));
}

static void every_error_has_words(void **state)
{
    (void)state;
    for (int error = FILE_OK; error <= FILE_SYSTEM; error++) {
        const char *text = file_error_text((enum file_error)error);
        assert_true(strlen(text) > 5 && strchr(text, '%') == NULL && strchr(text, '\n') == NULL);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
    const struct CMUnitTest tests[] = {
        TEST(reading_has_a_limit),
        TEST(other_things_are_no_files),
        TEST(a_new_file_replaces_the_old_one),
        TEST(a_link_is_replaced_not_followed),
        TEST(places_that_cannot_be_written),
        TEST(a_full_disk_keeps_the_old_file),
        TEST(moving),
        TEST(leftovers_of_ended_processes_go),
        TEST(what_is_not_ours_stays),
        TEST(what_a_living_process_writes_stays_for_an_hour),
        TEST(every_error_has_words),
    };
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
