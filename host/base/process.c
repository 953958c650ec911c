/* SPDX-License-Identifier: Apache-2.0
 *
 * The input is put into a memory file before the start, so that only output has to be waited for
 * and nothing can block on both sides.
 */
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/monotonic.h"

/* Descriptors kept from 0 to 2, which the child's are put on. */
#define PARKED_FD  10
#define FIRST_ROOM 65536

/* A growing buffer that reads from one pipe until its end. */
struct pipe_end {
    int fd; /* -1 when at its end */
    uint8_t *bytes;
    size_t len, room, most;
    bool cut; /* what is beyond `most` is dropped, not refused */
};

struct run {
    int input;
    int child_output, child_errors;
    struct pipe_end output, errors;
    pid_t pid;
    int64_t deadline_ms;
};

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
}

static bool park(int *fd)
{
    int moved = *fd < 0 ? -1 : fcntl(*fd, F_DUPFD_CLOEXEC, PARKED_FD);
    close_fd(fd);
    *fd = moved;
    return moved >= 0;
}

static bool fill(int fd, struct span bytes)
{
    while (bytes.len != 0) {
        ssize_t put = write(fd, bytes.ptr, bytes.len);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        if (put > 0) {
            bytes = span_of(bytes.ptr + put, bytes.len - (size_t)put);
        }
    }
    return lseek(fd, 0, SEEK_SET) == 0;
}

static bool make_pipe(struct pipe_end *end, int *child)
{
    int fd[2];
    if (pipe2(fd, O_CLOEXEC) != 0) {
        return false;
    }
    end->fd = fd[0];
    *child = fd[1];
    return park(&end->fd) && park(child);
}

static bool make_ends(struct run *run, const struct process_call *call)
{
    run->input = memfd_create("input", MFD_CLOEXEC);
    return park(&run->input) && fill(run->input, call->input) &&
           make_pipe(&run->output, &run->child_output) &&
           make_pipe(&run->errors, &run->child_errors);
}

static bool set_up_child(const struct run *run, posix_spawn_file_actions_t *actions,
                         posix_spawnattr_t *attributes)
{
    sigset_t all, none;
    (void)sigfillset(&all);
    (void)sigemptyset(&none);
    return posix_spawn_file_actions_adddup2(actions, run->input, STDIN_FILENO) == 0 &&
           posix_spawn_file_actions_adddup2(actions, run->child_output, STDOUT_FILENO) == 0 &&
           posix_spawn_file_actions_adddup2(actions, run->child_errors, STDERR_FILENO) == 0 &&
           posix_spawnattr_setsigdefault(attributes, &all) == 0 &&
           posix_spawnattr_setsigmask(attributes, &none) == 0 &&
           posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) ==
               0;
}

static enum process_error start(struct run *run, const struct process_call *call)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        return PROCESS_RESOURCE;
    }
    if (posix_spawnattr_init(&attributes) != 0) {
        (void)posix_spawn_file_actions_destroy(&actions);
        return PROCESS_RESOURCE;
    }
    int failed = ENOMEM;
    if (set_up_child(run, &actions, &attributes)) {
        failed = posix_spawn(&run->pid, call->argv[0], &actions, &attributes,
                             (char *const *)call->argv, (char *const *)call->environment);
    }
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&actions);
    bool absent = failed == ENOENT || failed == EACCES || failed == ENOTDIR || failed == ENOEXEC;
    return failed == 0 ? PROCESS_OK : absent ? PROCESS_MISSING : PROCESS_RESOURCE;
}

static bool grow(struct pipe_end *end)
{
    size_t room = end->room == 0 ? FIRST_ROOM : end->room * 2;
    uint8_t *bytes = realloc(end->bytes, room);
    if (bytes == NULL) {
        return false;
    }
    end->bytes = bytes;
    end->room = room;
    return true;
}

static enum process_error read_some(struct pipe_end *end)
{
    if (end->len == end->room && !grow(end)) {
        return PROCESS_RESOURCE;
    }
    ssize_t got = read(end->fd, end->bytes + end->len, end->room - end->len);
    if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) {
        close_fd(&end->fd);
        return PROCESS_OK;
    }
    end->len += got > 0 ? (size_t)got : 0;
    if (end->len > end->most) {
        end->len = end->most;
        return end->cut ? PROCESS_OK : PROCESS_OUTPUT;
    }
    return PROCESS_OK;
}

/* Reads both pipes until both end. */
static enum process_error collect(struct run *run)
{
    while (run->output.fd >= 0 || run->errors.fd >= 0) {
        struct pollfd p[2] = {{.fd = run->output.fd, .events = POLLIN},
                              {.fd = run->errors.fd, .events = POLLIN}};
        int64_t left_ms = run->deadline_ms - monotonic_ms();
        int ready = left_ms <= 0 ? 0 : poll(p, 2, (int)left_ms);
        if (ready == 0) {
            return PROCESS_TIMEOUT;
        }
        enum process_error error = PROCESS_OK;
        if (ready > 0 && p[0].revents != 0) {
            error = read_some(&run->output);
        }
        if (ready > 0 && p[1].revents != 0 && error == PROCESS_OK) {
            error = read_some(&run->errors);
        }
        if (error != PROCESS_OK) {
            return error;
        }
    }
    return PROCESS_OK;
}

/* A program that closed its output and does not end is ended at the deadline. */
static bool ends_in_time(const struct run *run, int *ret_status)
{
    for (;;) {
        pid_t got = waitpid(run->pid, ret_status, WNOHANG);
        if (got == run->pid) {
            return true;
        }
        if ((got < 0 && errno != EINTR) || monotonic_ms() >= run->deadline_ms) {
            return false;
        }
        (void)poll(NULL, 0, 1);
    }
}

static enum process_error finish(struct run *run, enum process_error error, int *ret_exit_code)
{
    int status = 0;
    if (error == PROCESS_OK && ends_in_time(run, &status)) {
        *ret_exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
        return WIFEXITED(status) ? PROCESS_OK : PROCESS_CRASHED;
    }
    (void)kill(run->pid, SIGKILL);
    while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR) {
    }
    return error == PROCESS_OK ? PROCESS_TIMEOUT : error;
}

/* What the program says is shown on a terminal: plain characters only. */
static void set_message(const struct pipe_end *errors, char message[PROCESS_MESSAGE_SIZE])
{
    size_t len = errors->len < PROCESS_MESSAGE_SIZE ? errors->len : PROCESS_MESSAGE_SIZE - 1;
    while (len != 0 && errors->bytes[len - 1] == '\n') {
        len--;
    }
    for (size_t i = 0; i < len; i++) {
        uint8_t c = errors->bytes[i];
        message[i] = c == '\n' ? ' ' : c < 0x20 || c > 0x7E ? '?' : (char)c;
    }
    message[len] = '\0';
}

static enum process_error run_to_end(struct run *run, const struct process_call *call,
                                     int *ret_exit_code)
{
    if (!make_ends(run, call)) {
        return PROCESS_RESOURCE;
    }
    enum process_error error = start(run, call);
    /* Or the ends of the pipes would never come. */
    close_fd(&run->child_output);
    close_fd(&run->child_errors);
    if (error != PROCESS_OK) {
        return error;
    }
    return finish(run, collect(run), ret_exit_code);
}

enum process_error process_run(const struct process_call *call, struct process_result *ret_result)
{
    struct run run = {
        .input = -1,
        .child_output = -1,
        .child_errors = -1,
        .output = {.fd = -1, .most = call->output_max},
        .errors = {.fd = -1, .most = PROCESS_MESSAGE_SIZE, .cut = true},
        .deadline_ms = monotonic_ms() + call->timeout_ms,
    };
    int exit_code = 0;
    enum process_error error = run_to_end(&run, call, &exit_code);
    if (error == PROCESS_OK) {
        ret_result->exit_code = exit_code;
        ret_result->output = run.output.bytes;
        ret_result->output_len = run.output.len;
        set_message(&run.errors, ret_result->message);
        run.output.bytes = NULL;
    }
    close_fd(&run.input);
    close_fd(&run.child_output);
    close_fd(&run.child_errors);
    close_fd(&run.output.fd);
    close_fd(&run.errors.fd);
    free(run.output.bytes);
    free(run.errors.bytes);
    return error;
}

const char *process_error_text(enum process_error error)
{
    switch (error) {
    case PROCESS_OK:
        return "ran";
    case PROCESS_MISSING:
        return "is not installed";
    case PROCESS_TIMEOUT:
        return "took too long";
    case PROCESS_OUTPUT:
        return "wrote more than it may";
    case PROCESS_CRASHED:
        return "crashed";
    case PROCESS_RESOURCE:
        break;
    }
    return "could not be started: no memory or file descriptors left";
}
