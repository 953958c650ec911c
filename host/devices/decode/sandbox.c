/* SPDX-License-Identifier: Apache-2.0
 *
 * The only file that knows seccomp and Landlock. The filter is an allow-list; what is not on it
 * fails with EPERM rather than kills, because libc, iconv and font code probe files and cope with a
 * refusal.
 */
#include "devices/decode/sandbox.h"

#include <errno.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CPU_S = 10, MEMORY_BYTES = 1024 * 1024 * 1024 };

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

static bool limit_resources(void)
{
    return limit(RLIMIT_CPU, CPU_S) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) &&
           limit(RLIMIT_NPROC, 0) && limit(RLIMIT_NOFILE, 0) &&
           (!LIMIT_MEMORY || limit(RLIMIT_AS, MEMORY_BYTES));
}

/* Every file right this kernel's Landlock knows (landlock(7)): asking for an unknown one is an
 * error. */
static uint64_t landlock_rights(long abi)
{
    unsigned rights = abi >= 5 ? 16 : abi >= 3 ? 15 : abi == 2 ? 14 : 13;
    return (UINT64_C(1) << rights) - 1;
}

/* An empty ruleset grants nothing. False only when the kernel has Landlock and refused all the
 * same. */
static bool deny_files(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 1) {
        return true;
    }
    struct landlock_ruleset_attr attr = {.handled_access_fs = landlock_rights(abi)};
    long fd = syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (fd < 0) {
        return false;
    }
    bool ok = syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    close((int)fd);
    return ok;
}

static const int ALLOWED[] = {
    SCMP_SYS(brk),          SCMP_SYS(clock_gettime),  SCMP_SYS(clock_getres),
    SCMP_SYS(close),        SCMP_SYS(exit),           SCMP_SYS(exit_group),
    SCMP_SYS(fstat),        SCMP_SYS(futex),          SCMP_SYS(getpid),
    SCMP_SYS(getrandom),    SCMP_SYS(gettid),         SCMP_SYS(gettimeofday),
    SCMP_SYS(lseek),        SCMP_SYS(madvise),        SCMP_SYS(mremap),
    SCMP_SYS(munmap),       SCMP_SYS(read),           SCMP_SYS(restart_syscall),
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sched_yield),  SCMP_SYS(sigaltstack),    SCMP_SYS(time),
    SCMP_SYS(write),        SCMP_SYS(writev),
};

/* Nothing that decodes a picture does these by mistake. */
static const int DEADLY[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(clone),
    SCMP_SYS(clone3),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(socket),
    SCMP_SYS(socketpair),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(bpf),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(pidfd_getfd),
};

static bool add_rules(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (seccomp_rule_add(filter, action, calls[i], 0) != 0) {
            return false;
        }
    }
    return true;
}

/* Memory may be mapped and protected, but never made executable. */
static bool add_memory_rules(scmp_filter_ctx filter)
{
    struct scmp_arg_cmp no_exec = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, &no_exec) == 0 &&
           seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, &no_exec) == 0;
}

static bool filter_calls(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool ok = filter != NULL &&
              seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
              add_rules(filter, SCMP_ACT_ALLOW, ALLOWED, sizeof ALLOWED / sizeof ALLOWED[0]) &&
              add_rules(filter, SCMP_ACT_KILL_PROCESS, DEADLY, sizeof DEADLY / sizeof DEADLY[0]) &&
              add_memory_rules(filter) && seccomp_load(filter) == 0;
    if (filter != NULL) {
        seccomp_release(filter);
    }
    return ok;
}

bool sandbox_enter(void)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
           deny_files() && limit_resources() && filter_calls();
}
