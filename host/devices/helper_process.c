/* SPDX-License-Identifier: Apache-2.0
 *
 * posix_spawn does the delicate part between fork and exec inside libc, where nothing of this
 * process's locks and heap is touched. One deadline covers reading and waiting; the end is always
 * kill and reap.
 */
#include "devices/helper_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/monotonic.h"

enum {
    CHILD_INPUT_FD = 3,
    CHILD_FILE_FD = 4,
    /* Descriptors meant for the child start here, so that putting one in place never overwrites
       another. */
    PARKED_FD = 10,
    FIRST_ROOM = 64 * 1024,
    WAIT_MS = 500,
};

/* What the child gets in place of its own descriptors; -1: nothing. */
struct ends {
    int input, output, file;
};

static void close_if_open(int fd)
{
    if (fd >= 0) {
        close(fd);
    }
}

/* Moves a descriptor to PARKED_FD or above; -1 on failure. The old one is closed either way. */
static int parked(int fd)
{
    int moved = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, PARKED_FD);
    close_if_open(fd);
    return moved;
}

static bool write_all(int fd, struct span bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        bytes.ptr += n;
        bytes.len -= (size_t)n;
    }
    return true;
}

/* The input where neither side can change it any more; -1 on failure. */
static int sealed_copy(struct span input)
{
    int fd = parked(memfd_create("input", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
    if (fd >= 0 && (!write_all(fd, input) || fcntl(fd, F_ADD_SEALS, seals) != 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool place_file(posix_spawn_file_actions_t *actions, int file)
{
    return file < 0 ? posix_spawn_file_actions_addclosefrom_np(actions, CHILD_FILE_FD) == 0
                    : posix_spawn_file_actions_adddup2(actions, file, CHILD_FILE_FD) == 0 &&
                          posix_spawn_file_actions_addclosefrom_np(actions, CHILD_FILE_FD + 1) == 0;
}

static bool place_descriptors(posix_spawn_file_actions_t *actions, const struct ends *ends)
{
    return posix_spawn_file_actions_adddup2(actions, ends->output, STDOUT_FILENO) == 0 &&
           posix_spawn_file_actions_adddup2(actions, ends->input, CHILD_INPUT_FD) == 0 &&
           posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
           posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) ==
               0 &&
           place_file(actions, ends->file);
}

static bool reset_signals(posix_spawnattr_t *attributes)
{
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    return posix_spawnattr_setsigdefault(attributes, &all) == 0 &&
           posix_spawnattr_setsigmask(attributes, &none) == 0 &&
           posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) ==
               0;
}

static enum helper_error start(const struct helper_call *call, const struct ends *ends,
                               pid_t *ret_pid)
{
    static const char *const NO_ENVIRONMENT[] = {NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        return HELPER_RESOURCE;
    }
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return HELPER_RESOURCE;
    }
    enum helper_error error = HELPER_RESOURCE;
    if (place_descriptors(&actions, ends) && reset_signals(&attributes)) {
        /* POSIX promises to leave the strings alone, though its types do not say so. */
        union {
            const char *const *mine;
            char *const *theirs;
        } argv = {call->argv},
          environment = {call->environment == NULL ? NO_ENVIRONMENT : call->environment};
        int failed = posix_spawn(ret_pid, call->program, &actions, &attributes, argv.theirs,
                                 environment.theirs);
        bool absent =
            failed == ENOENT || failed == EACCES || failed == ENOTDIR || failed == ENOEXEC;
        error = failed == 0 ? HELPER_OK : absent ? HELPER_MISSING : HELPER_RESOURCE;
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* False when the deadline passed first. A hang-up counts as ready: reading then tells the end. */
static bool ready_in_time(const struct helper_call *call, int fd, int64_t deadline_ms)
{
    for (;;) {
        int64_t left = deadline_ms - monotonic_ms();
        bool rest = call->wait == NULL || left < WAIT_MS;
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int n = left <= 0 ? 0 : poll(&p, 1, rest ? (int)left : WAIT_MS);
        if (n > 0 || left <= 0 || (n < 0 && errno != EINTR)) {
            return n > 0;
        }
        if (n == 0 && call->wait != NULL) {
            call->wait(call->ctx);
        }
    }
}

static bool make_room(struct helper_output *out, size_t *room, size_t most)
{
    if (out->len < *room) {
        return true;
    }
    /* One byte beyond the limit shows that there is more than the limit. */
    size_t more = *room == 0 ? FIRST_ROOM : *room * 2;
    more = more > most + 1 ? most + 1 : more;
    uint8_t *grown = more > *room ? realloc(out->ptr, more) : NULL;
    if (grown == NULL) {
        return false;
    }
    out->ptr = grown;
    *room = more;
    return true;
}

/* Reads to the end; false when it comes too late or after too much. */
static bool collect(int fd, const struct helper_call *call, int64_t deadline_ms,
                    struct helper_output *out)
{
    size_t room = 0;
    while (make_room(out, &room, call->output_max)) {
        if (!ready_in_time(call, fd, deadline_ms)) {
            return false;
        }
        ssize_t n = read(fd, out->ptr + out->len, room - out->len);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        if (n == 0) {
            return out->len <= call->output_max;
        }
        out->len += n > 0 ? (size_t)n : 0;
    }
    return false;
}

static bool ends_in_time(const struct helper_call *call, pid_t pid, int64_t deadline_ms)
{
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    bool ended = fd >= 0 && ready_in_time(call, fd, deadline_ms);
    close_if_open(fd);
    return ended;
}

/* The pid stays ours until it is reaped, so killing by it cannot hit a stranger. */
static bool finish(const struct helper_call *call, pid_t pid, bool wanted, int64_t deadline_ms,
                   int *ret_exit_code)
{
    int status = 0;
    bool ended = wanted && ends_in_time(call, pid, deadline_ms);
    if (!ended) {
        kill(pid, SIGKILL);
    }
    pid_t reaped = -1;
    do {
        reaped = waitpid(pid, &status, 0);
    } while (reaped < 0 && errno == EINTR);
    if (!ended || reaped != pid || !WIFEXITED(status)) {
        return false;
    }
    *ret_exit_code = WEXITSTATUS(status);
    return true;
}

static enum helper_error run_with(const struct helper_call *call, struct ends *ends, int output,
                                  struct helper_output *ret_output)
{
    int64_t deadline_ms = monotonic_ms() + call->timeout_ms;
    struct helper_output out = {0};
    pid_t pid = -1;
    enum helper_error error = start(call, ends, &pid);
    close(ends->output); /* or the end of the output would never come */
    ends->output = -1;
    if (error != HELPER_OK) {
        return error;
    }
    bool collected = collect(output, call, deadline_ms, &out);
    if (!finish(call, pid, collected, deadline_ms, &out.exit_code)) {
        free(out.ptr);
        return HELPER_FAILED;
    }
    *ret_output = out;
    return HELPER_OK;
}

enum helper_error helper_run(const struct helper_call *call, struct helper_output *ret_output)
{
    int pipe_fd[2] = {-1, -1};
    struct ends ends = {.input = sealed_copy(call->input), .output = -1, .file = -1};
    enum helper_error error = HELPER_RESOURCE;
    if (ends.input >= 0 && pipe2(pipe_fd, O_CLOEXEC) == 0) {
        ends.output = parked(pipe_fd[1]);
        ends.file = call->file == NULL ? -1 : fcntl(*call->file, F_DUPFD_CLOEXEC, PARKED_FD);
        if (ends.output >= 0 && (call->file == NULL || ends.file >= 0)) {
            error = run_with(call, &ends, pipe_fd[0], ret_output);
        }
    }
    close_if_open(pipe_fd[0]);
    close_if_open(ends.input);
    close_if_open(ends.output);
    close_if_open(ends.file);
    return error;
}
