/* SPDX-License-Identifier: Apache-2.0
 *
 * Turns what the user named (image, PDF, credential, text) into QR texts or credential bytes.
 * Decides by content, never by the name of the file.
 */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include "base/file.h"
#include "devices/decoder.h"

#define INPUT_MAX_BYTES (16u * 1024 * 1024)
#define INPUT_MAX_TEXTS 10000

enum input_kind {
    INPUT_CREDENTIAL, /* COSE bytes */
    INPUT_TEXTS,      /* lines of text */
    INPUT_CODES,      /* an image or PDF, decoded */
};

/* One input, read. Owns what it points to; input_close frees it. */
struct input {
    enum input_kind kind;
    struct span bytes; /* the file */
    uint8_t *buffer;
    struct decoder_result codes; /* for INPUT_CODES */
};

/* Why an input gave nothing: the file could not be read (a message for the user, exit status 74),
 * or its content could not be decoded (a verdict: UNREADABLE or NO_CODE). */
struct input_problem {
    enum file_error file;
    enum decoder_error decoder;
    enum file_kind kind;
};

MUST_USE bool input_open(const char *path, struct input *ret_input,
                         struct input_problem *ret_problem);
void input_close(struct input *input);

/* Takes the next line off `text`, without its end and surrounding blanks; false at the end. */
bool input_next_line(struct span *text, struct span *ret_line);

#endif
