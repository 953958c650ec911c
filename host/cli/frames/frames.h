/* SPDX-License-Identifier: Apache-2.0
 *
 * The program `saksi-frames` (libexec): draws QR codes on a screen and into pictures. Started by
 * `saksi trust show` and `saksi trust token`, which check what their user asked for; this program
 * looks at limits again and at nothing else. Its arguments:
 *
 *   show FILE SAMPLE FPS FRAMES          on the terminal; FRAMES 0: until it is interrupted
 *   files FILE SAMPLE DIR FRAMES SCALE FPS   as DIR/frame-0001.png and so on
 *   code SAMPLE SCALE                    the text on standard input as a PNG on standard output
 *
 * SAMPLE is 0 or 1; SCALE counts pixels a module.
 */
#ifndef CLI_FRAMES_H
#define CLI_FRAMES_H

#include "cli/frames/limits.h"
#include "codec/fountain.h"
#include "issuer/page/qr.h"

/* A file and its pieces. */
struct frames {
    const char *path;
    bool sample; /* SAMPLE stands beside every code */
    uint8_t *bytes;
    size_t len;
    uint8_t digest[32];
    struct fountain_sender sender;
};

/* Says what is wrong and gives an exit status, or 0. frames_close in any case. */
int frames_open(const char *path, bool sample, struct frames *ret_frames);
void frames_close(struct frames *frames);

/* The code of a symbol; qr_free it. False after a message. */
bool frames_code(const struct frames *frames, uint32_t symbol, struct qr *ret_qr);

/* A code in black on white with its quiet zone, and SAMPLE below when asked for, as a PNG file;
 * free() it. False when there is no memory. */
bool frames_png(const struct qr *qr, unsigned scale, bool sample, uint8_t **ret_png,
                size_t *ret_len);

/* The commands; exit statuses. */
int frames_on_screen(struct frames *frames, unsigned fps, uint64_t count);
int frames_into_files(struct frames *frames, const char *folder, unsigned count, unsigned scale,
                      unsigned fps);

#endif
