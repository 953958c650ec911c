/* SPDX-License-Identifier: Apache-2.0
 *
 * Frames as files, for a viewer or a projector that shows them in a loop. Files that are there
 * already are left alone: frames of two sequences in one folder would be shown as one.
 */
#include "frames.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "cli/command.h"
#include "cli/terminal.h"

static int write_failed(const char *path, enum file_error error)
{
    terminal_error("trust", "%s: %s", path, file_error_text(error));
    return error == FILE_SYSTEM ? EXIT_INTERNAL : EXIT_CANNOT_CREATE;
}

static int write_frame(const struct frames *f, const char *folder, uint32_t symbol, unsigned scale)
{
    char path[PATH_MAX];
    struct qr qr;
    uint8_t *png = NULL;
    size_t len = 0;
    int n = snprintf(path, sizeof path, "%s/frame-%04u.png", folder, symbol + 1);
    if (n < 0 || (size_t)n >= sizeof path) {
        return write_failed(folder, FILE_MISSING);
    }
    if (!frames_code(f, symbol, &qr)) {
        return EXIT_INTERNAL;
    }
    enum file_error error = frames_png(&qr, scale, f->sample, &png, &len)
                                ? file_write_new(path, span_of(png, len), 0644)
                                : FILE_SYSTEM;
    free(png);
    qr_free(&qr);
    return error == FILE_OK ? 0 : write_failed(path, error);
}

int frames_into_files(struct frames *frames, const char *folder, unsigned count, unsigned scale,
                      unsigned fps)
{
    enum file_error error = file_make_folder(folder, 0755);
    if (error != FILE_OK) {
        return write_failed(folder, error);
    }
    if (count == 0) { /* once plain, and once more to make up for what is lost */
        count = 2 * (unsigned)frames->sender.pieces;
    }
    for (uint32_t symbol = 0; symbol < count; symbol++) {
        int status = write_frame(frames, folder, symbol, scale);
        if (status != 0) {
            return status;
        }
    }
    printf("%s: %s%u frames, any %zu of which are enough as a rule; %u a second take %u s\n",
           folder, frames->sample ? "SAMPLE, " : "", count, frames->sender.pieces, fps,
           (count + fps - 1) / fps);
    return 0;
}
