/* SPDX-License-Identifier: Apache-2.0
 *
 * From a file to the codes of its symbols.
 */
#include "frames.h"

#include <stdlib.h>

#include "base/crypto.h"
#include "base/file.h"
#include "cli/command.h"
#include "cli/terminal.h"

int frames_open(const char *path, bool sample, struct frames *ret_frames)
{
    struct frames *f = ret_frames;
    *f = (struct frames){.path = path, .sample = sample};
    enum file_error error = file_read(path, FOUNTAIN_BLOB_MAX, &f->bytes, &f->len);
    if (error == FILE_TOO_LARGE) {
        terminal_error("trust", "%s: too large for a sequence of codes (%d bytes): carry the file",
                       path, FOUNTAIN_BLOB_MAX);
        return EXIT_REFUSED;
    }
    if (error != FILE_OK) {
        terminal_error("trust", "%s: %s", path, file_error_text(error));
        return error == FILE_SYSTEM ? EXIT_INTERNAL : EXIT_INPUT_OUTPUT;
    }
    struct span blob = span_of(f->bytes, f->len);
    if (crypto_sha256(&blob, 1, f->digest) != CRYPTO_OK ||
        !fountain_sender_init(&f->sender, blob, f->digest, FOUNTAIN_PIECE_MAX)) {
        terminal_error("trust", "%s: cannot be hashed", path);
        return EXIT_INTERNAL;
    }
    return 0;
}

void frames_close(struct frames *frames)
{
    free(frames->bytes);
    frames->bytes = NULL;
}

bool frames_code(const struct frames *frames, uint32_t symbol, struct qr *ret_qr)
{
    char text[FOUNTAIN_TEXT_MAX + 1];
    struct refusal refusal = {.internal = false};
    struct writer w = writer_of(text, sizeof text - 1);
    fountain_text_write(&frames->sender, symbol, &w);
    text[w.len] = '\0';
    if (!qr_make_at(text, QR_LEVEL_L, QR_VERSION_MAX, ret_qr, &refusal)) {
        terminal_error("trust", "a code cannot be made: %s", refusal.sentence);
        return false;
    }
    return true;
}
