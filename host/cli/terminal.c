/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows terminals; knows nothing about certificates.
 */
#include "cli/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <wchar.h>

#include "codec/cbor.h"

bool terminal_has_colour(FILE *out)
{
    const char *term = getenv("TERM");
    return isatty(fileno(out)) && getenv("NO_COLOR") == NULL && term != NULL &&
           strcmp(term, "dumb") != 0;
}

void terminal_colour(FILE *out, enum terminal_colour colour)
{
    static const char *const sequence[] = {
        [TERMINAL_PLAIN] = "\033[0m",
        [TERMINAL_GREEN] = "\033[1;30;48;5;43m",
        [TERMINAL_AMBER] = "\033[1;30;48;5;221m",
        [TERMINAL_RED] = "\033[1;97;48;5;88m",
        [TERMINAL_GREY] = "\033[1;97;48;5;240m",
        [TERMINAL_BOLD] = "\033[1m",
        [TERMINAL_DIM] = "\033[2m",
    };
    if (terminal_has_colour(out)) {
        fputs(sequence[colour], out);
    }
}

void terminal_text(FILE *out, struct span text)
{
    while (text.len > 0) {
        size_t len = cbor_text_first(text);
        if (len == 0) {
            fputc('?', out);
            len = 1;
        } else {
            fwrite(text.ptr, 1, len, out);
        }
        text = span_of(text.ptr + len, text.len - len);
    }
}

int terminal_width(struct span text)
{
    int width = 0;
    while (text.len > 0) {
        wchar_t wide = L'?';
        mbstate_t state = {0};
        size_t len = mbrtowc(&wide, (const char *)text.ptr, text.len, &state);
        if (len == 0 || len > text.len) {
            len = 1;
        }
        int columns = wcwidth(wide);
        width += columns < 0 ? 1 : columns;
        text = span_of(text.ptr + len, text.len - len);
    }
    return width;
}

void terminal_error(const char *command, const char *format, ...)
{
    char message[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    fprintf(stderr, "saksi %s: ", command);
    terminal_text(stderr, span_str(message));
    fputc('\n', stderr);
}

void terminal_start(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            (void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}

bool terminal_finish(const char *command)
{
    if (fflush(stdout) == 0 && ferror(stdout) == 0) {
        return true;
    }
    terminal_error(command, "the output could not be written: %s", strerror(errno));
    return false;
}

void terminal_bad_option(const char *command, const char *argument)
{
    terminal_error(command,
                   "%s: is not an option here, or its value is missing; see saksi %s --help",
                   argument, command);
}
