/* SPDX-License-Identifier: Apache-2.0
 *
 * One program at a time: held, released, ended with its process; and what cannot be locked.
 */
#include "check.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/lock.h"

static char folder[64], path[96];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/saksi-lock-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/lock", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static void one_holds_it_until_it_is_released(void **state)
{
    (void)state;
    int lock = -1, second = -1;
    struct stat st;
    assert_int_equal(lock_take(path, &lock), LOCK_OK);
    assert_int_equal(lock_take(path, &second), LOCK_HELD);
    assert_int_equal(second, -1);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    lock_release(lock);
    assert_int_equal(lock_take(path, &second), LOCK_OK);
    lock_release(second);
    lock_release(-1);
}

/* A child takes it, says so and hangs until it is killed. */
static void it_ends_with_its_process(void **state)
{
    (void)state;
    int pipes[2], lock = -1;
    char said = 0;
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        said = lock_take(path, &lock) == LOCK_OK ? 'y' : 'n';
        (void)!write(pipes[1], &said, 1);
        for (;;) {
            (void)pause();
        }
    }
    assert_int_equal(read(pipes[0], &said, 1), 1);
    assert_int_equal(said, 'y');
    assert_int_equal(lock_take(path, &lock), LOCK_HELD);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(lock_take(path, &lock), LOCK_OK);
    lock_release(lock);
    (void)close(pipes[0]);
    (void)close(pipes[1]);
}

static void other_things_in_its_place_are_refused(void **state)
{
    (void)state;
    int lock = -1;
    char beyond[128];
    (void)snprintf(beyond, sizeof beyond, "%s/none/lock", folder);
    assert_int_equal(lock_take(beyond, &lock), LOCK_FAILED);
    assert_int_equal(lock_take(folder, &lock), LOCK_FAILED);
    assert_int_equal(symlink("/tmp", path), 0);
    assert_int_equal(lock_take(path, &lock), LOCK_FAILED);
    assert_int_equal(lock, -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_holds_it_until_it_is_released),
        TEST(it_ends_with_its_process),
        TEST(other_things_in_its_place_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
