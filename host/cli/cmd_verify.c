/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi verify: reads inputs, asks the verifier, shows one verdict a certificate, and sums up in
 * the exit status.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/judge.h"
#include "cli/terminal.h"
#include "codec/qr_text.h"

static const char help[] =
    "Usage: saksi verify [OPTION]... INPUT...\n"
    "Judge certificates offline. INPUT is an image (PNG, JPEG, WebP), a PDF, a .cose\n"
    "file, a text file holding the QR text, or - for standard input with one QR text\n"
    "a line.\n"
    "\n"
    "  --host CC          the state of this checkpoint, for example MY\n"
    "  --purpose P        border, hiring (default), hotel or event\n"
    "  --post CODE        the post asked for: a job index, occupation or scheme code\n"
    "  --at YYYY-MM-DD    judge as of that day\n"
    "  --utc-offset +HH:MM  local time at the checkpoint, for example +07:00\n"
    "  --db FILE          the trust list (default " SETTINGS_DEFAULT_DB ")\n"
    "  --tpm TCTI         the TPM that keeps the mark, for example device:/dev/tpmrm0\n"
    "  --sample           accept a trust list of sample data, and say so\n"
    "  --lang L           language of the sentences: en, id, ms, fil, th, vi\n"
    "  --json             one JSON object a line\n"
    "  --help\n"
    "\n"
    "Exit status: 0 all VALID, 1 any NOT VALID, 2 otherwise any CHECK BY HAND, 3\n"
    "otherwise any CANNOT VERIFY, 64 usage, 70 internal error, 74 a file could not be\n"
    "read.\n"
    "Example: saksi verify --host MY certificate.pdf\n";

static void judge_text(struct judge *run, const struct show_source *source, struct span text)
{
    judge_finish(run, source, verify_qr_text(run->verifier, &run->request, text, &run->verdict));
}

static bool is_certificate(struct span text)
{
    return span_starts_with(text, span_str(QR_TEXT_PREFIX));
}

/* Codes beside a certificate never worsen it: where there is a certificate, other codes are passed
 * over; where there is none, the first code speaks for all. */
static void judge_codes(struct judge *run, const char *path, const struct decoder_result *codes)
{
    size_t certificates = 0;
    for (size_t i = 0; i < codes->count; i++) {
        bool repeated = false;
        for (size_t j = 0; j < i && !repeated; j++) {
            repeated = span_equal(codes->code[i].text, codes->code[j].text);
        }
        if (is_certificate(codes->code[i].text) && !repeated) {
            struct show_source source = {.input = path, .page = codes->code[i].page};
            judge_text(run, &source, codes->code[i].text);
            certificates++;
        }
    }
    if (certificates == 0) {
        struct show_source source = {.input = path, .page = codes->code[0].page};
        judge_text(run, &source, codes->code[0].text);
    }
}

/* The lines of a text file: its certificates; where there is none, its first line speaks for all.
 */
static void judge_lines(struct judge *run, const struct show_source *source, struct span text)
{
    struct span line, first = {NULL, 0};
    size_t certificates = 0;
    while (certificates < INPUT_MAX_TEXTS && input_next_line(&text, &line)) {
        first = first.len == 0 ? line : first;
        if (is_certificate(line)) {
            judge_text(run, source, line);
            certificates++;
        }
    }
    if (certificates == 0) {
        judge_text(run, source, first);
    } else if (certificates == INPUT_MAX_TEXTS && text.len > 0) {
        terminal_error("verify", "%s: is too long; only its first %d certificates were judged",
                       source->input, INPUT_MAX_TEXTS);
        judge_fail(run, EXIT_DATA);
    }
}

static void judge_undecodable(struct judge *run, const struct show_source *source,
                              const struct input_problem *problem)
{
    if (problem->decoder == DECODER_NO_HELPER || problem->decoder == DECODER_SYSTEM) {
        terminal_error("verify", "%s: %s", source->input,
                       decoder_error_text(problem->decoder, problem->kind));
        judge_fail(run, EXIT_INTERNAL);
        return;
    }
    if (!run->json) {
        terminal_error("verify", "%s: %s", source->input,
                       decoder_error_text(problem->decoder, problem->kind));
    }
    verify_nothing(problem->decoder == DECODER_EMPTY ? SAKSI_NO_CODE : SAKSI_UNREADABLE,
                   &run->verdict);
    judge_show(run, source);
}

static void judge_file(struct judge *run, const char *path)
{
    struct input input;
    struct input_problem problem;
    struct show_source source = {.input = path};
    if (!input_open(path, &input, &problem)) {
        if (problem.file != FILE_OK) {
            terminal_error("verify", "%s: %s", path, file_error_text(problem.file));
            judge_fail(run, problem.file == FILE_SYSTEM ? EXIT_INTERNAL : EXIT_INPUT_OUTPUT);
        } else {
            judge_undecodable(run, &source, &problem);
        }
        return;
    }
    if (input.kind == INPUT_CREDENTIAL) {
        judge_finish(run, &source,
                     verify_credential(run->verifier, &run->request, input.bytes, &run->verdict));
    } else if (input.kind == INPUT_CODES) {
        judge_codes(run, path, &input.codes);
    } else {
        judge_lines(run, &source, input.bytes);
    }
    input_close(&input);
}

/* One line, or its beginning where it is longer than the room. A NUL is a byte like any other: a
 * line must not hide the next one. False at the end. */
static bool read_line(uint8_t *room, size_t cap, size_t *ret_len)
{
    size_t len = 0;
    int c;
    while ((c = getchar()) != EOF && c != '\n') {
        if (len < cap) {
            room[len++] = (uint8_t)c;
        }
    }
    *ret_len = len;
    return c != EOF || len > 0;
}

/* One text a line; a line beyond the limit is judged by its beginning, which is refused for its
 * length. */
static void judge_standard_input(struct judge *run)
{
    static uint8_t room[QR_TEXT_MAX + 1024];
    const struct show_source source = {.input = "-"};
    size_t len = 0;
    bool any = false;
    while (read_line(room, sizeof room, &len)) {
        struct span text = span_of(room, len), line;
        if (input_next_line(&text, &line) && line.len > 0) {
            judge_text(run, &source, line);
            any = true;
        }
    }
    if (ferror(stdin)) {
        terminal_error("verify", "standard input could not be read: %s", strerror(errno));
        judge_fail(run, EXIT_INPUT_OUTPUT);
    } else if (!any) { /* nothing judged is not "all VALID" */
        terminal_error("verify", "standard input %s", file_error_text(FILE_EMPTY));
        judge_fail(run, EXIT_INPUT_OUTPUT);
    }
}

/* Returns the exit status to stop with, or -1 to go on. */
static int take_options(struct judge *run, int argc, char **argv)
{
    static const struct option options[] = {
        JUDGE_OPTIONS,
        {"help", no_argument, NULL, '?' + 256},
        {NULL, 0, NULL, 0},
    };
    int option, at = 0;
    while ((option = getopt_long(argc, argv, "", options, &at)) != -1) {
        if (option == '?' + 256) {
            /* A file of that name among the inputs must not look like "all VALID". */
            fputs(help, stdout);
            return argc == 2 ? EXIT_ALL_VALID : EXIT_USAGE;
        }
        if (option == '?') {
            terminal_bad_option("verify", argv[optind - 1]);
            return EXIT_USAGE;
        }
        if (!judge_take(run, option, optarg)) {
            terminal_error("verify",
                           "--%s %s: not a value this option takes; see saksi verify --help",
                           options[at].name, optarg);
            return EXIT_USAGE;
        }
    }
    if (optind == argc) {
        terminal_error("verify", "name an image, PDF, .cose or text file, or - for standard input");
        return EXIT_USAGE;
    }
    if (run->settings.host[0] == '\0') {
        terminal_error("verify",
                       "no host state: give --host CC, or set \"host\" in /etc/saksi/saksi.conf");
        return EXIT_USAGE;
    }
    return -1;
}

static void judge_all(struct judge *run, int count, char **inputs)
{
    for (int i = 0; i < count; i++) {
        judge_now(run);
        if (strcmp(inputs[i], "-") == 0) {
            judge_standard_input(run);
        } else {
            judge_file(run, inputs[i]);
        }
    }
}

int cmd_verify(int argc, char **argv)
{
    static struct judge run; /* the verdict is too large for the stack's taste */
    run.command = "verify";
    if (!settings_load("verify", &run.settings)) {
        return EXIT_USAGE;
    }
    int stop = take_options(&run, argc, argv);
    if (stop >= 0) {
        return stop;
    }
    if (judge_open(&run, SAKSI_BUILD_TIME)) {
        judge_all(&run, argc - optind, argv + optind);
    }
    judge_close(&run);
    return judge_summary(&run);
}
