/* SPDX-License-Identifier: Apache-2.0
 *
 * The library of the card service waits without a limit for a driver that hangs; a child process
 * can be ended. What it prints is passed on when it is through, so that events are never mixed.
 */
#include "cli/card/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/monotonic.h"
#include "cli/command.h"

enum {
    MOST = 512 * 1024, /* bytes of all verdicts of a card */
    LOOK_MS = 200      /* between two looks at the readers */
};

/* ---- the child ---- */

static void judge_card(struct card_options *o)
{
    static struct card_holding holding[CARD_APP_CREDENTIALS];
    static struct card_guest guest;
    static struct card_photo photo;
    enum card_io_error error = card_guest_wait(o, &guest);
    if (error == CARD_IO_OK) {
        error = card_guest_visit(&guest);
    }
    if (error == CARD_IO_OK) {
        error = card_take(&guest, holding, &photo);
    }
    size_t count = guest.visit.certificates;
    card_guest_close(&guest);
    if (error == CARD_IO_NO_CARD) { /* it was there a moment ago */
        error = CARD_IO_REMOVED;
    }
    if (error != CARD_IO_OK) {
        watch_say_error(o->reader, card_io_error_name(error), card_io_error_text(error));
        return;
    }
    for (size_t i = 0; i < count; i++) {
        card_show(&o->judge, o->reader, &holding[i], count, true);
    }
    if (count == 0) {
        watch_say_error(o->reader, "no_certificate", "the card holds no certificate");
    }
}

static void child(const struct card_options *from, const char *reader, int out)
{
    static struct card_options o;
    o = *from;
    o.reader = reader;
    o.wait_s = 0;
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
    if (dup2(out, STDOUT_FILENO) < 0) {
        _exit(EXIT_INTERNAL);
    }
    (void)close(out);
    if (judge_open(&o.judge, SAKSI_BUILD_TIME)) {
        judge_card(&o);
    }
    judge_close(&o.judge);
    bool written = fflush(stdout) == 0;
    _exit(written ? o.judge.failure : EXIT_INPUT_OUTPUT);
}

/* ---- its parent ---- */

enum end { END_DONE, END_LATE, END_STOPPED, END_FAILED };

/* Everything the child prints, until it closes its output. */
static enum end collect(int in, char *text, size_t *len, void (*look)(void *ctx), void *ctx)
{
    int64_t end = monotonic_ms() + (int64_t)CARD_SESSION_S * 1000;
    while (watch_stopped == 0) {
        struct pollfd wait = {.fd = in, .events = POLLIN};
        if (monotonic_ms() >= end) {
            return END_LATE;
        }
        if (poll(&wait, 1, LOOK_MS) <= 0) {
            look(ctx);
            continue;
        }
        ssize_t got = read(in, text + *len, MOST - *len);
        if (got == 0) {
            return END_DONE;
        }
        *len += got > 0 ? (size_t)got : 0;
        if ((got < 0 && errno != EINTR) || *len == MOST) {
            return END_FAILED;
        }
    }
    return END_STOPPED;
}

/* Nothing of a child that was ended, or that failed, is passed on. */
static void pass_on(enum end end, int status, const char *reader, struct span text)
{
    bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (end == END_LATE) {
        watch_say_error(reader, "too_slow",
                        "the card, its reader or another program took more than "
                        "60 s; take the card out and try again");
    } else if (end == END_DONE && clean && text.len != 0) {
        (void)fwrite(text.ptr, 1, text.len, stdout);
        (void)fflush(stdout);
    } else if (end != END_STOPPED) {
        watch_say_error(reader, "not_judged", "the card could not be judged; see the messages");
    }
}

void watch_judge(const struct card_options *o, const char *reader, void (*look)(void *ctx),
                 void *ctx)
{
    static char text[MOST];
    size_t len = 0;
    int pipe_of[2], status = 0;
    if (pipe2(pipe_of, O_CLOEXEC) != 0) {
        watch_say_error(reader, "system", card_io_error_text(CARD_IO_SYSTEM));
        return;
    }
    pid_t pid = fork();
    if (pid == 0) {
        (void)close(pipe_of[0]);
        child(o, reader, pipe_of[1]);
    }
    (void)close(pipe_of[1]);
    enum end end = pid < 0 ? END_FAILED : collect(pipe_of[0], text, &len, look, ctx);
    (void)close(pipe_of[0]);
    if (pid > 0) {
        if (end != END_DONE) {
            (void)kill(pid, SIGKILL);
        }
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
        }
    }
    pass_on(end, status, reader, span_of(text, len));
}
