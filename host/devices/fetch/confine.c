/* SPDX-License-Identifier: Apache-2.0
 *
 * Sockets, resolver and certificates of the system must keep working, so there is no filter of
 * system calls here; what is left to whoever takes this process over is the network and reading
 * what everybody may read.
 */
#include "devices/fetch/confine.h"

#include <errno.h>
#include <grp.h>
#include <linux/landlock.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CPU_S = 120, FILES = 64, MEMORY_BYTES = 512 * 1024 * 1024, NOBODY = 65534 };

/* Address sanitizers reserve terabytes of address space, so such builds do without that one limit.
 */
#if defined(__SANITIZE_ADDRESS__)
enum { LIMIT_MEMORY = false };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { LIMIT_MEMORY = false };
#else
enum { LIMIT_MEMORY = true };
#endif
#else
enum { LIMIT_MEMORY = true };
#endif

static bool limit(__rlimit_resource_t resource, rlim_t value)
{
    return setrlimit(resource, &(struct rlimit){value, value}) == 0;
}

static bool limit_resources(uint64_t file_bytes)
{
    /* A file at its limit is an error like any other, not a signal. */
    return signal(SIGXFSZ, SIG_IGN) != SIG_ERR && limit(RLIMIT_FSIZE, (rlim_t)file_bytes) &&
           limit(RLIMIT_CORE, 0) && limit(RLIMIT_CPU, CPU_S) && limit(RLIMIT_NOFILE, FILES) &&
           (!LIMIT_MEMORY || limit(RLIMIT_AS, MEMORY_BYTES));
}

/* Not possible in a user namespace that does not know the number: then it stays who it is there. */
static bool become_nobody(void)
{
    if (geteuid() != 0 || setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0) {
        return true;
    }
    return setresuid(NOBODY, NOBODY, NOBODY) == 0;
}

/* A ruleset that handles these rights and grants none. False only when the kernel has Landlock and
 * refused all the same. */
static bool deny_writing(void)
{
    uint64_t rights =
        LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
        LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
        LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
        LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;
    if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) < 1) {
        return true;
    }
    struct landlock_ruleset_attr attr = {.handled_access_fs = rights};
    long fd = syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (fd < 0) {
        return false;
    }
    bool ok = syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    close((int)fd);
    return ok;
}

/* Ends with the caller; one that is gone already reads no answer. */
static bool end_with_caller(void)
{
    struct pollfd answer = {.fd = STDOUT_FILENO};
    return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 &&
           (poll(&answer, 1, 0) == 0 || (answer.revents & POLLERR) == 0);
}

bool confine(uint64_t file_bytes)
{
    /* A change of user undoes the two that follow it. */
    return become_nobody() && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && end_with_caller() && deny_writing() &&
           limit_resources(file_bytes);
}
