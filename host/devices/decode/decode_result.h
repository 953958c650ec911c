/* SPDX-License-Identifier: Apache-2.0
 *
 * What the decoding helpers and their caller agree on: program names, limits, exit codes, result
 * bytes. It knows no image format and no process. The caller never trusts what it reads by these
 * rules.
 *
 * Started as   saksi-decode codes | saksi-decode photo MAX_WIDTH MAX_HEIGHT | saksi-decode-pdf
 * codes with the file in a sealed memfd as descriptor 3, and an empty environment. The result is
 * written to standard output in one piece, numbers big-endian, nothing after it:
 *
 *   codes: version 1 byte, status 1 byte, pages 2, pages_seen 2, count 2,
 *          then count times: page 2 (from 1, at most pages), length 4, text
 *   photo: version 1 byte, status 1 byte, width 4, height 4, then height x width x (R, G, B)
 *
 * With a status other than DECODE_OK every later number is zero.
 */
#ifndef DEVICES_DECODE_RESULT_H
#define DEVICES_DECODE_RESULT_H

#define DECODE_PROGRAM     "saksi-decode"
#define DECODE_PROGRAM_PDF "saksi-decode-pdf"

enum decode_limit {
    DECODE_RESULT_VERSION = 1,
    DECODE_INPUT_FD = 3,
    DECODE_FILE_MAX = 16 * 1024 * 1024,
    DECODE_PIXELS_MAX = 64 * 1024 * 1024,
    DECODE_SIDE_MAX = 32768,
    DECODE_PAGES_MAX = 20,
    DECODE_CODES_MAX = 256,
    DECODE_TEXT_MAX = 7089, /* digits in a version 40-L symbol, ISO/IEC 18004 table 7 */
    DECODE_CODES_HEAD = 8,
    DECODE_CODE_HEAD = 6,
    DECODE_CODES_BYTES_MAX = 1024 * 1024,
    DECODE_PHOTO_HEAD = 10,
    DECODE_PHOTO_SIDE_MAX = 2048,
    DECODE_PHOTO_BYTES_MAX = DECODE_PHOTO_HEAD + DECODE_PHOTO_SIDE_MAX * DECODE_PHOTO_SIDE_MAX * 3,
};

enum decode_status {
    DECODE_OK = 0,
    DECODE_UNREADABLE = 1,
    DECODE_UNSUPPORTED = 2,
    DECODE_TOO_LARGE = 3,
    DECODE_ENCRYPTED = 4,
};

/* 0: a result was written. Every other exit, or a signal, means there is none. */
enum decode_exit {
    DECODE_EXIT_OK = 0,
    DECODE_EXIT_USAGE = 64,
    DECODE_EXIT_INPUT = 65,   /* descriptor 3 is not a sealed memfd within the limit */
    DECODE_EXIT_SANDBOX = 66, /* it could not lock itself in, so it did not look at the file */
    DECODE_EXIT_OUTPUT = 67,
};

#endif
