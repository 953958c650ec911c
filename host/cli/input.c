/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows the few signs by which kinds of input are told apart; leaves images to the decoder.
 */
#include "cli/input.h"

#include <stdlib.h>

#include "cli/place.h"

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool input_next_line(struct span *text, struct span *ret_line)
{
    if (text->len == 0) {
        return false;
    }
    const uint8_t *end = memchr(text->ptr, '\n', text->len);
    size_t len = end == NULL ? text->len : (size_t)(end - text->ptr);
    struct span line = span_of(text->ptr, len);
    size_t passed = end == NULL ? len : len + 1;
    *text = span_of(text->ptr + passed, text->len - passed);
    while (line.len > 0 && is_blank(line.ptr[line.len - 1])) {
        line.len--;
    }
    while (line.len > 0 && is_blank(line.ptr[0])) {
        line = span_of(line.ptr + 1, line.len - 1);
    }
    *ret_line = line;
    return true;
}

/* Printable ASCII throughout: QR texts of every kind we answer about. */
static bool is_text(struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        if (!is_blank(bytes.ptr[i]) && (bytes.ptr[i] < 0x20 || bytes.ptr[i] > 0x7E)) {
            return false;
        }
    }
    return true;
}

/* A COSE_Sign1 begins with tag 18 and an array of four. */
static bool is_credential(struct span bytes)
{
    return bytes.len > 2 && bytes.ptr[0] == 0xD2 && bytes.ptr[1] == 0x84;
}

bool input_open(const char *path, struct input *ret_input, struct input_problem *ret_problem)
{
    struct input input = {.kind = INPUT_TEXTS};
    struct input_problem problem = {FILE_OK, DECODER_OK, 0};
    size_t len = 0;
    problem.file = file_read(path, INPUT_MAX_BYTES, &input.buffer, &len);
    if (problem.file != FILE_OK) {
        *ret_problem = problem;
        return false;
    }
    input.bytes = span_of(input.buffer, len);
    problem.kind = file_kind_of(input.bytes);
    bool unnamed = problem.kind == FILE_KIND_UNKNOWN;
    if (is_credential(input.bytes)) {
        input.kind = INPUT_CREDENTIAL;
    } else if (problem.kind != FILE_KIND_TEXT && !(unnamed && is_text(input.bytes))) {
        input.kind = INPUT_CODES;
        problem.decoder = decoder_scan(place_libexec(), input.bytes, &input.codes);
    }
    if (problem.decoder != DECODER_OK) {
        free(input.buffer);
        *ret_problem = problem;
        return false;
    }
    *ret_input = input;
    return true;
}

void input_close(struct input *input)
{
    if (input->kind == INPUT_CODES) {
        decoder_result_clear(&input->codes);
    }
    free(input->buffer);
    input->buffer = NULL;
}
