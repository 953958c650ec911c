/* SPDX-License-Identifier: Apache-2.0
 *
 * Frames on a terminal, two modules a character, until somebody interrupts. Works on the
 * terminal's second screen and gives the first one back as it was, however it ends.
 */
#include "frames.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/terminal.h"

#define TEXT_LINES  2
#define SCREEN_ROOM (128 * 1024) /* the largest code takes 57 lines of 113 characters */

#define ENTER "\033[?1049h\033[?25l\033[2J"
#define LEAVE "\033[0m\033[?25h\033[?1049l"

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

/* All that would leave the terminal in disorder, stopping for a while included. */
static void catch_signals(void)
{
    static const int number[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGPIPE};
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) {
        (void)sigaction(number[i], &action, NULL);
    }
}

struct size {
    unsigned columns, lines;
};

static struct size window(void)
{
    struct winsize w = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_col == 0 || w.ws_row == 0) {
        return (struct size){80, 24};
    }
    return (struct size){w.ws_col, w.ws_row};
}

static bool fits(unsigned modules, struct size size)
{
    return modules <= size.columns && (modules + 1) / 2 + TEXT_LINES <= size.lines;
}

/* The modules of a code with pieces of this size, whatever they hold; 0 on failure. */
static unsigned modules_of(size_t piece)
{
    char text[FOUNTAIN_TEXT_MAX + 1];
    struct qr qr;
    struct refusal refusal = {.internal = false};
    size_t bytes = FOUNTAIN_HEAD_SIZE + piece;
    size_t len = strlen(FOUNTAIN_PREFIX) + bytes / 2 * 3 + bytes % 2 * 2;
    memset(text, 'A', len);
    text[len] = '\0';
    if (!qr_make_at(text, QR_LEVEL_L, QR_VERSION_MAX, &qr, &refusal)) {
        return 0;
    }
    unsigned modules = qr_modules_with_quiet(&qr);
    qr_free(&qr);
    return modules;
}

/* The largest pieces whose codes the window holds; 0 when there are none. */
static size_t piece_for(struct size size)
{
    size_t least = 0, most = FOUNTAIN_PIECE_MAX;
    while (least < most) {
        size_t middle = (least + most + 1) / 2;
        unsigned modules = modules_of(middle);
        if (modules != 0 && fits(modules, size)) {
            least = middle;
        } else {
            most = middle - 1;
        }
    }
    return least;
}

static bool write_all(struct span text)
{
    while (text.len > 0) {
        ssize_t n = write(STDOUT_FILENO, text.ptr, text.len);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        text = span_of(text.ptr + n, text.len - (size_t)n);
    }
    return true;
}

static bool dark_at(const struct qr *qr, unsigned column, unsigned row)
{
    unsigned x = column - QR_QUIET_MODULES, y = row - QR_QUIET_MODULES;
    return x < qr->side && y < qr->side && qr_dark(qr, x, y);
}

/* Black and white by number, since "black" and "white" are whatever a theme says. */
static void draw(struct writer *w, const struct qr *qr)
{
    unsigned modules = qr_modules_with_quiet(qr);
    for (unsigned row = 0; row < modules; row += 2) {
        writer_put(w, span_str("\033[38;5;16;48;5;231m"));
        for (unsigned column = 0; column < modules; column++) {
            bool upper = dark_at(qr, column, row);
            bool lower = row + 1 < modules && dark_at(qr, column, row + 1);
            writer_put(w, span_str(upper ? lower ? "█" : "▀" : lower ? "▄" : " "));
        }
        writer_put(w, span_str("\033[0m\033[K\r\n"));
    }
}

static void draw_text(struct writer *w, const struct frames *f, uint64_t shown)
{
    char line[160];
    size_t pieces = f->sender.pieces;
    int len = snprintf(line, sizeof line, "%sframe %llu, %zu pieces, round %llu\033[K\r\n%s",
                       f->sample ? "SAMPLE  " : "", (unsigned long long)shown + 1, pieces,
                       (unsigned long long)(shown / pieces + 1), "Ctrl-C ends\033[K");
    writer_put(w, span_of(line, (size_t)len));
}

static void draw_too_small(struct writer *w, unsigned modules)
{
    char line[160];
    int len = snprintf(line, sizeof line,
                       "\033[2JThe window became too small: make it %u columns by %u lines.\r\n",
                       modules, (modules + 1) / 2 + TEXT_LINES);
    writer_put(w, span_of(line, (size_t)len));
}

/* Each frame in one write, so that no half of one is seen. */
static bool show_frame(const struct frames *f, uint64_t shown, uint8_t *room, unsigned *last_side)
{
    struct qr qr;
    struct writer w = writer_of(room, SCREEN_ROOM);
    if (!frames_code(f, (uint32_t)shown, &qr)) {
        return false;
    }
    writer_put(&w, span_str(*last_side == qr.side ? "\033[H" : "\033[2J\033[H"));
    *last_side = qr.side;
    if (fits(qr_modules_with_quiet(&qr), window())) {
        draw(&w, &qr);
        draw_text(&w, f, shown);
    } else {
        draw_too_small(&w, qr_modules_with_quiet(&qr));
    }
    qr_free(&qr);
    return writer_ok(&w) && write_all(writer_span(&w));
}

/* Sleeps until `due`, so that drawing takes nothing from the rate. */
static void wait_until(struct timespec *due, unsigned fps)
{
    due->tv_nsec += 1000000000L / fps;
    if (due->tv_nsec >= 1000000000L) {
        due->tv_nsec -= 1000000000L;
        due->tv_sec++;
    }
    (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, due, NULL);
}

static bool show_all(const struct frames *f, unsigned fps, uint64_t count, uint64_t *ret_shown)
{
    uint8_t *room = malloc(SCREEN_ROOM);
    struct timespec due = {0};
    unsigned last_side = 0;
    bool ok = room != NULL && clock_gettime(CLOCK_MONOTONIC, &due) == 0;
    uint64_t shown = 0;
    while (ok && interrupted == 0 && (count == 0 || shown < count)) {
        ok = show_frame(f, shown, room, &last_side);
        shown += ok;
        wait_until(&due, fps);
    }
    free(room);
    *ret_shown = shown;
    return ok;
}

/* Keys typed meanwhile must not scroll the picture. */
static bool silence_keys(struct termios *ret_before)
{
    if (tcgetattr(STDIN_FILENO, ret_before) != 0) {
        return false;
    }
    struct termios quiet = *ret_before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ICANON);
    return tcsetattr(STDIN_FILENO, TCSANOW, &quiet) == 0;
}

static bool make_pieces(struct frames *f)
{
    size_t piece = piece_for(window());
    if (piece != 0 && fountain_sender_init(&f->sender, f->sender.blob, f->digest, piece)) {
        return true;
    }
    struct size size = window();
    terminal_error("trust",
                   "the window of %u columns by %u lines is too small for this file; make it "
                   "larger, its letters smaller, or write pictures with --out",
                   size.columns, size.lines);
    return false;
}

int frames_on_screen(struct frames *frames, unsigned fps, uint64_t count)
{
    struct termios before;
    uint64_t shown = 0;
    if (isatty(STDOUT_FILENO) == 0) {
        terminal_error("trust", "show: this is no terminal; write pictures with --out DIR");
        return EXIT_USAGE;
    }
    if (!make_pieces(frames)) {
        return EXIT_REFUSED;
    }
    catch_signals();
    bool silenced = silence_keys(&before);
    bool ok = write_all(span_str(ENTER)) && show_all(frames, fps, count, &shown);
    ok = write_all(span_str(LEAVE)) && ok;
    if (silenced) {
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    }
    printf("%s: %s%llu frames shown; the file has %zu pieces\n", frames->path,
           frames->sample ? "SAMPLE, " : "", (unsigned long long)shown, frames->sender.pieces);
    return ok || interrupted != 0 ? 0 : EXIT_INPUT_OUTPUT;
}
