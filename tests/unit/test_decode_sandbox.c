/* SPDX-License-Identifier: Apache-2.0
 *
 * What a process behind the locks can still do, tried by children that lock themselves in.
 */
#include "check.h"
#include "devices/decode/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORK_BYTES = 40000000 };

enum { LOCKS_FAILED = 50, DENIED = 51, ALLOWED = 52, WRONG = 53 };

/* How a child ended that did `deed` behind the locks: its exit code, or 1000 + the signal. */
static int fate_of(int (*deed)(void))
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        _exit(sandbox_enter() ? deed() : LOCKS_FAILED);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static int denied(long result)
{
    return result >= 0 ? ALLOWED : errno == EPERM ? DENIED : WRONG;
}

static int open_file(void)
{
    return denied(open("/etc/hostname", O_RDONLY));
}

static int open_for_writing(void)
{
    return denied(open("/tmp/saksi-sandbox-test", O_WRONLY | O_CREAT, 0600));
}

static int open_by_old_call(void)
{
#ifdef SYS_open
    return denied(syscall(SYS_open, "/etc/hostname", O_RDONLY));
#else
    return DENIED;
#endif
}

static int look_at_file(void)
{
    return denied(access("/etc/hostname", R_OK));
}

static int remove_file(void)
{
    return denied(unlink("/tmp/saksi-sandbox-test"));
}

static int probe_system(void)
{
    struct sysinfo info;
    return denied(sysinfo(&info));
}

static int signal_parent(void)
{
    return denied(kill(getppid(), 0));
}

static int make_executable(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? WRONG : denied(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static int map_executable(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return denied(page == MAP_FAILED ? -1 : 0);
}

static int unlock_again(void)
{
    struct rlimit more = {100, 100};
    return denied(setrlimit(RLIMIT_NOFILE, &more));
}

static int duplicate(void)
{
    return denied(dup(STDERR_FILENO));
}

static int make_socket(void)
{
    return denied(socket(AF_INET, SOCK_STREAM, 0));
}

static int make_socket_pair(void)
{
    int pair[2];
    return denied(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
}

static int run_program(void)
{
    char *argv[] = {(char[]){"true"}, NULL};
    return denied(execv("/bin/true", argv));
}

static int run_from_descriptor(void)
{
    return denied(syscall(SYS_execveat, 0, "/bin/true", NULL, NULL, 0));
}

static int make_process(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        _exit(0);
    }
    return denied(pid);
}

static int trace(void)
{
    return denied(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}

static int io_ring(void)
{
    return denied(syscall(SYS_io_uring_setup, 1, NULL));
}

static int work(void)
{
    char *memory = malloc(WORK_BYTES);
    struct timespec now;
    if (memory == NULL || clock_gettime(CLOCK_MONOTONIC, &now) != 0) {
        return WRONG;
    }
    memset(memory, 1, WORK_BYTES);
    free(memory);
    return ALLOWED;
}

/* Sanitizers reserve terabytes, so their builds go without this one limit. */
static int take_two_gigabytes(void)
{
    void *memory =
        mmap(NULL, (size_t)2 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory != MAP_FAILED ? ALLOWED : errno == ENOMEM ? DENIED : WRONG;
}

static bool limits_memory(void)
{
#if defined(__SANITIZE_ADDRESS__)
    return false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
    return false;
#endif
#endif
    return true;
}

static void can_still_work(void **state)
{
    (void)state;
    assert_int_equal(fate_of(work), ALLOWED);
    assert_int_equal(fate_of(take_two_gigabytes), limits_memory() ? DENIED : ALLOWED);
}

static void is_refused_what_is_harmless(void **state)
{
    (void)state;
    int (*const DEEDS[])(void) = {
        open_file,     open_for_writing, open_by_old_call, look_at_file, remove_file, probe_system,
        signal_parent, make_executable,  map_executable,   unlock_again, duplicate};
    for (size_t i = 0; i < COUNT_OF(DEEDS); i++) {
        assert_int_equal(fate_of(DEEDS[i]), DENIED);
    }
    assert_int_not_equal(access("/tmp/saksi-sandbox-test", F_OK), 0);
}

static void dies_of_what_is_not(void **state)
{
    (void)state;
    int (*const DEEDS[])(void) = {
        make_socket, make_socket_pair, run_program, run_from_descriptor, make_process,
        trace,       io_ring};
    for (size_t i = 0; i < COUNT_OF(DEEDS); i++) {
        assert_int_equal(fate_of(DEEDS[i]), 1000 + SIGSYS);
    }
}

/* The same deeds succeed outside, so that the refusals above are the locks' own. */
static void could_do_it_before(void **state)
{
    (void)state;
    int fd = open("/proc/self/status", O_RDONLY);
    assert_true(fd >= 0);
    close(fd);
    fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(probe_system(), ALLOWED);
    assert_int_equal(make_executable(), ALLOWED);
    assert_int_equal(signal_parent(), ALLOWED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(could_do_it_before),
        cmocka_unit_test(can_still_work),
        cmocka_unit_test(is_refused_what_is_harmless),
        cmocka_unit_test(dies_of_what_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
