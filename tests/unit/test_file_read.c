/* SPDX-License-Identifier: Apache-2.0
 *
 * A fixed name in a folder that somebody else has filled: only a regular file of that very name is
 * opened, whatever stands there instead is named.
 */
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

#define NAME "saksi.bundle"
#define MOST 16777216

static char folder[64];

static int enter(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/saksi-read-XXXXXX");
    return mkdtemp(folder) == NULL || chdir(folder) != 0 || mkdir("stick", 0755) != 0;
}

static int leave(void **state)
{
    (void)state;
    char command[192];
    (void)snprintf(command, sizeof command, "chmod -R u+rwx %s; rm -r %s", folder, folder);
    return chdir("/") != 0 || system(command) != 0;
}

static void put(const char *path, const char *text)
{
    assert_int_equal(file_write_atomic(path, span_str(text), 0644), FILE_OK);
}

static void refuse_in(const char *in, enum file_error error)
{
    static uint8_t untouched;
    uint8_t *bytes = &untouched;
    size_t len = 77;
    assert_int_equal(file_read_in(in, NAME, MOST, &bytes, &len), error);
    assert_ptr_equal(bytes, &untouched);
    assert_int_equal(len, 77);
}

static void refuse(enum file_error error)
{
    refuse_in("stick", error);
}

static void the_file_is_read(void **state)
{
    (void)state;
    uint8_t *bytes = NULL;
    size_t len = 0;
    put("stick/" NAME, "content");
    put("stick/other", "other");
    assert_int_equal(file_read_in("stick", NAME, MOST, &bytes, &len), FILE_OK);
    check_bytes(span_of(bytes, len), span_str("content"));
    assert_int_equal(bytes[len], '\0');
    free(bytes);
    assert_int_equal(symlink("stick", "mount"), 0); /* the folder was named by the operator */
    assert_int_equal(file_read_in("mount/", NAME, MOST, &bytes, &len), FILE_OK);
    free(bytes);
}

static void links_are_not_followed(void **state)
{
    (void)state;
    put("secret", "secret");
    put("stick/real", "real");
    static const char *const targets[] = {"../secret", "real", NAME, "none", "/dev/zero"};
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        assert_int_equal(symlink(targets[i], "stick/" NAME), 0);
        refuse(FILE_LINK);
        assert_int_equal(unlink("stick/" NAME), 0);
    }
}

static void pipes_sockets_and_folders_are_not_opened(void **state)
{
    (void)state;
    assert_int_equal(mkfifo("stick/" NAME, 0666), 0);
    refuse(FILE_PIPE); /* and does not wait for its writer */
    assert_int_equal(unlink("stick/" NAME), 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "stick/" NAME};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    refuse(FILE_SOCKET);
    uint8_t *bytes = NULL;
    size_t len = 0;
    assert_int_equal(file_read("stick/" NAME, MOST, &bytes, &len), FILE_NOT_REGULAR);
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink("stick/" NAME), 0);
    assert_int_equal(mkdir("stick/" NAME, 0755), 0);
    refuse(FILE_FOLDER);
    put("stick/" NAME "/" NAME, "not looked for here");
    refuse(FILE_FOLDER);
}

static void devices_are_not_opened(void **state)
{
    (void)state;
    uint8_t *bytes = NULL;
    size_t len = 0;
    assert_int_equal(file_read_in("/dev", "null", MOST, &bytes, &len), FILE_DEVICE);
    assert_int_equal(file_read_in("/dev", "zero", MOST, &bytes, &len), FILE_DEVICE);
    assert_int_equal(file_read_in("/dev", "tty", MOST, &bytes, &len), FILE_DEVICE);
}

static void other_names_are_not_looked_at(void **state)
{
    (void)state;
    static const char *const names[] = {NAME "\n", "\n" NAME, " " NAME,       NAME " ",
                                        "." NAME,  NAME "~",  "SAKSI.BUNDLE", NAME ".1"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "stick/%s", names[i]);
        put(path, "another");
    }
    refuse(FILE_MISSING);
    refuse_in("none", FILE_MISSING);
    refuse_in("stick/" NAME "~", FILE_MISSING); /* no folder */
}

static void a_file_has_a_limit(void **state)
{
    (void)state;
    uint8_t *bytes = NULL;
    size_t len = 0;
    put("stick/" NAME, "");
    refuse(FILE_EMPTY);
    assert_int_equal(truncate("stick/" NAME, MOST), 0);
    assert_int_equal(file_read_in("stick", NAME, MOST, &bytes, &len), FILE_OK);
    assert_int_equal(len, MOST);
    free(bytes);
    assert_int_equal(truncate("stick/" NAME, MOST + 1), 0);
    refuse(FILE_TOO_LARGE);
    assert_int_equal(truncate("stick/" NAME, (off_t)1 << 32), 0); /* 4 GiB of nothing */
    refuse(FILE_TOO_LARGE);
}

static void a_file_nobody_may_read(void **state)
{
    (void)state;
    if (geteuid() == 0) {
        print_message("left out: root may read every file\n");
        skip();
    }
    put("stick/" NAME, "content");
    assert_int_equal(chmod("stick/" NAME, 0), 0);
    refuse(FILE_DENIED);
    assert_int_equal(chmod("stick", 0), 0);
    refuse(FILE_DENIED);
}

/* Sets the file's length again and again, until it is killed: longer by `step`, or, without a step,
 * 4096 and 8192 in turn. */
static void keep_changing(off_t step)
{
    off_t at = 4096;
    while (truncate("stick/" NAME, at) == 0) {
        at = step != 0 ? at + step : 4096 + 8192 - at;
    }
    _exit(1);
}

/* Reads until it is seen that the file changes; every other answer must be one of a file at rest.
 */
static void see_changes(off_t step)
{
    bool seen = false;
    time_t end = time(NULL) + 20;
    put("stick/" NAME, "x");
    assert_int_equal(truncate("stick/" NAME, 4096), 0);
    pid_t pid = fork();
    if (pid == 0) {
        keep_changing(step);
    }
    while (!seen && time(NULL) < end) {
        uint8_t *bytes = NULL;
        size_t len = 0;
        enum file_error error = file_read_in("stick", NAME, (size_t)1 << 34, &bytes, &len);
        seen = error == FILE_CHANGED;
        assert_true(seen || error == FILE_OK);
        free(bytes);
    }
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_true(seen);
}

static void a_file_that_grows_is_refused(void **state)
{
    (void)state;
    see_changes(1);
}

static void a_file_that_shrinks_is_refused(void **state)
{
    (void)state;
    see_changes(0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
    const struct CMUnitTest tests[] = {
        TEST(the_file_is_read),
        TEST(links_are_not_followed),
        TEST(pipes_sockets_and_folders_are_not_opened),
        TEST(devices_are_not_opened),
        TEST(other_names_are_not_looked_at),
        TEST(a_file_has_a_limit),
        TEST(a_file_nobody_may_read),
        TEST(a_file_that_grows_is_refused),
        TEST(a_file_that_shrinks_is_refused),
    };
    return cmocka_run_group_tests_name("file_read", tests, NULL, NULL);
}
