/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi-frames: what it is told (frames.h), and nothing but that.
 */
#include "frames.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/terminal.h"

#define TEXT_MAX 4096

/* A number of at most `most`; anything else ends the program, for only our own programs start it.
 */
static unsigned number(const char *text, unsigned long least, unsigned long most)
{
    char *end = NULL;
    unsigned long value = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || value < least || value > most) {
        terminal_error("trust", "saksi-frames: %s: not a number that fits", text);
        exit(EXIT_USAGE);
    }
    return (unsigned)value;
}

static int write_code(const char *text, unsigned scale, bool sample)
{
    struct qr qr;
    struct refusal refusal = {.internal = false};
    uint8_t *png = NULL;
    size_t len = 0;
    if (!qr_make(text, QR_VERSION_MAX, &qr, &refusal)) {
        terminal_error("trust", "%s", refusal.sentence);
        return EXIT_DATA;
    }
    bool written = frames_png(&qr, scale, sample, &png, &len) && fwrite(png, 1, len, stdout) == len;
    free(png);
    qr_free(&qr);
    return written ? 0 : EXIT_INTERNAL;
}

static int code(unsigned scale, bool sample)
{
    char text[TEXT_MAX];
    size_t len = fread(text, 1, sizeof text - 1, stdin);
    text[len] = '\0';
    return ferror(stdin) != 0 || strlen(text) != len ? EXIT_INPUT_OUTPUT
                                                     : write_code(text, scale, sample);
}

static int run(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";
    struct frames frames = {.bytes = NULL};
    int status = EXIT_USAGE;
    if (strcmp(command, "code") == 0 && argc == 4) {
        return code(number(argv[3], 1, FRAMES_SCALE_MAX), number(argv[2], 0, 1) == 1);
    }
    if (strcmp(command, "show") == 0 && argc == 6) {
        unsigned fps = number(argv[4], 1, FRAMES_FPS_MAX);
        unsigned count = number(argv[5], 0, FRAMES_COUNT_MAX);
        status = frames_open(argv[2], number(argv[3], 0, 1) == 1, &frames);
        status = status == 0 ? frames_on_screen(&frames, fps, count) : status;
    } else if (strcmp(command, "files") == 0 && argc == 8) {
        unsigned count = number(argv[5], 0, FRAMES_COUNT_MAX);
        unsigned scale = number(argv[6], 1, FRAMES_SCALE_MAX);
        unsigned fps = number(argv[7], 1, FRAMES_FPS_MAX);
        status = frames_open(argv[2], number(argv[3], 0, 1) == 1, &frames);
        status = status == 0 ? frames_into_files(&frames, argv[4], count, scale, fps) : status;
    }
    frames_close(&frames);
    return status;
}

int main(int argc, char **argv)
{
    terminal_start();
    int status = run(argc, argv);
    return terminal_finish("trust") || status >= EXIT_USAGE ? status : EXIT_INPUT_OUTPUT;
}
