/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi trust receive: a bundle from the codes of a sequence. Hashes what the receiver has put
 * together before anything looks at it; the rest is import's.
 */
#include "cli/cmd_trust.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/monotonic.h"
#include "cli/command.h"
#include "cli/input.h"
#include "cli/terminal.h"
#include "cli/trust_input.h"
#include "codec/fountain.h"
#include "codec/trust_text.h"

#define LINE_MAX_BYTES 4096
#define STEP_MS        500 /* between two lines of progress while files are read */
#define STANDARD_INPUT "standard input"

struct receipt {
    struct fountain_receiver *receiver;
    struct span bytes; /* what was received; empty until then */
    uint8_t *token;    /* owned: where it lies when it was a token */
    size_t frames;     /* texts looked at */
    size_t unreadable; /* files without a code */
    size_t spoilt;     /* complete files that were not the announced one */
    bool typed;        /* from standard input: every piece is worth a line */
    int64_t shown_ms;
};

static void show_progress(struct receipt *r)
{
    int64_t now_ms = monotonic_ms();
    if (r->typed || now_ms - r->shown_ms >= STEP_MS || fountain_complete(r->receiver)) {
        r->shown_ms = now_ms;
        (void)fprintf(stderr, "saksi trust: %zu of %zu pieces\n", r->receiver->have,
                      r->receiver->pieces);
    }
}

/* Nothing may look into the bytes before this has. */
static bool is_announced(const struct fountain_receiver *receiver)
{
    uint8_t digest[CRYPTO_SHA256_SIZE];
    struct span blob = fountain_blob(receiver);
    return crypto_sha256(&blob, 1, digest) == CRYPTO_OK &&
           memcmp(digest, receiver->id, FOUNTAIN_ID_SIZE) == 0;
}

static void take_frame(struct receipt *r, struct span text)
{
    if (fountain_receive_text(r->receiver, text) != FOUNTAIN_TAKEN) {
        return;
    }
    show_progress(r);
    if (!fountain_complete(r->receiver)) {
        return;
    }
    if (is_announced(r->receiver)) {
        r->bytes = fountain_blob(r->receiver);
        return;
    }
    r->spoilt++;
    terminal_error("trust", "HASH: the pieces do not give the file that was announced: one of the "
                            "codes was another's; beginning anew");
    fountain_receiver_restart(r->receiver);
}

/* False when reading on is of no use. */
static bool take_text(struct receipt *r, const char *name, struct span text, int *status)
{
    if (text.len == 0) {
        return true;
    }
    r->frames++;
    if (!trust_text_is(text)) {
        take_frame(r, text);
        return r->bytes.len == 0;
    }
    size_t len = 0;
    *status = trust_input_token(name, text, &r->token, &len);
    r->bytes = span_of(r->token, len);
    return false;
}

/* --- where texts come from --- */

static bool take_lines(struct receipt *r, const char *name, struct span text, int *status)
{
    struct span line;
    while (input_next_line(&text, &line)) {
        if (!take_text(r, name, line, status)) {
            return false;
        }
    }
    return true;
}

static bool take_codes(struct receipt *r, const char *name, const struct decoder_result *codes,
                       int *status)
{
    for (size_t i = 0; i < codes->count; i++) {
        if (!take_text(r, name, codes->code[i].text, status)) {
            return false;
        }
    }
    return true;
}

/* An image that shows nothing is a frame lost; others will make up for it. */
static bool pass_over(struct receipt *r, const char *path, const struct input_problem *problem,
                      int *status)
{
    if (problem->file != FILE_OK) {
        *status = trust_file_failed(path, problem->file);
        return false;
    }
    if (problem->decoder == DECODER_NO_HELPER || problem->decoder == DECODER_SYSTEM) {
        terminal_error("trust", "%s: %s", path,
                       decoder_error_text(problem->decoder, problem->kind));
        *status = EXIT_INTERNAL;
        return false;
    }
    r->unreadable++;
    return true;
}

static bool take_file(struct receipt *r, const char *path, int *status)
{
    struct input input;
    struct input_problem problem;
    if (!input_open(path, &input, &problem)) {
        return pass_over(r, path, &problem, status);
    }
    bool on = input.kind == INPUT_CODES ? take_codes(r, path, &input.codes, status)
                                        : take_lines(r, path, input.bytes, status);
    input_close(&input);
    return on;
}

/* One line, or its beginning where it is longer than any code. False at the end. */
static bool read_line(uint8_t room[LINE_MAX_BYTES], size_t *ret_len)
{
    size_t len = 0;
    int c;
    while ((c = getchar()) != EOF && c != '\n') {
        if (len < LINE_MAX_BYTES) {
            room[len++] = (uint8_t)c;
        }
    }
    *ret_len = len;
    return c != EOF || len > 0;
}

static bool take_standard_input(struct receipt *r, int *status)
{
    uint8_t line[LINE_MAX_BYTES];
    size_t len = 0;
    r->typed = true;
    while (read_line(line, &len)) {
        if (!take_lines(r, STANDARD_INPUT, span_of(line, len), status)) {
            return false;
        }
    }
    r->typed = false;
    if (ferror(stdin) != 0) {
        terminal_error("trust", "standard input could not be read: %s", strerror(errno));
        *status = EXIT_INPUT_OUTPUT;
        return false;
    }
    return true;
}

/* --- and where they go --- */

static void print_counts(const struct receipt *r)
{
    const struct fountain_receiver *f = r->receiver;
    static const enum fountain_result told[] = {FOUNTAIN_CONFLICT, FOUNTAIN_OTHER, FOUNTAIN_SHAPE,
                                                FOUNTAIN_LIMIT, FOUNTAIN_FORMAT};
    (void)fprintf(stderr, "saksi trust: %zu codes, %zu told nothing new", r->frames,
                  f->count[FOUNTAIN_KNOWN]);
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        if (f->count[told[i]] != 0) {
            (void)fprintf(stderr, ", %zu %s", f->count[told[i]], fountain_result_name(told[i]));
        }
    }
    if (r->unreadable != 0) {
        (void)fprintf(stderr, "; %zu files showed none", r->unreadable);
    }
    (void)fputc('\n', stderr);
}

static int say_incomplete(const struct receipt *r)
{
    const struct fountain_receiver *f = r->receiver;
    if (!f->started && r->spoilt == 0) {
        terminal_error("trust", "no code of a sequence was found");
    } else {
        terminal_error("trust", "INCOMPLETE: %zu of %zu pieces; show the rest, in any order",
                       f->have, f->pieces);
    }
    return EXIT_REFUSED;
}

static int deliver(const struct trust_options *o, struct trust_store *store,
                   const struct receipt *r)
{
    if (o->out == NULL) {
        return trust_import_bytes(o, store, "received", r->bytes);
    }
    enum file_error error = file_write_atomic(o->out, r->bytes, 0644);
    if (error != FILE_OK) {
        return trust_file_failed(o->out, error);
    }
    printf("%s: %zu bytes\n", o->out, r->bytes.len);
    return 0;
}

static int receive(const struct trust_options *o, struct trust_store *store, struct receipt *r,
                   int count, char **names)
{
    int status = 0;
    bool on = true;
    for (int i = 0; i < count && on; i++) {
        on = strcmp(names[i], "-") == 0 ? take_standard_input(r, &status)
                                        : take_file(r, names[i], &status);
    }
    if (status != 0) {
        return status;
    }
    print_counts(r);
    return r->bytes.len != 0 ? deliver(o, store, r) : say_incomplete(r);
}

int trust_receive(struct trust_options *o, int count, char **names)
{
    struct trust_store *store = NULL;
    struct receipt r = {.shown_ms = monotonic_ms()};
    if (count == 0) {
        terminal_error("trust", "receive: name images of the codes, or - for lines of text");
        return EXIT_USAGE;
    }
    int status = o->out == NULL ? trust_open(&o->settings, DB_WRITE, &store) : 0;
    if (status != 0) {
        return status;
    }
    r.receiver = malloc(sizeof *r.receiver);
    if (r.receiver == NULL) {
        terminal_error("trust", "memory ran out");
        status = EXIT_INTERNAL;
    } else {
        fountain_receiver_init(r.receiver);
        status = receive(o, store, &r, count, names);
    }
    free(r.token);
    free(r.receiver);
    return trust_finish(o, store, status);
}
