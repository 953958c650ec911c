/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi scan: prints the texts of the codes in images and PDF; judges nothing.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "cli/command.h"
#include "cli/input.h"
#include "cli/place.h"
#include "cli/terminal.h"

static const char help[] =
    "Usage: saksi scan [--json] FILE...\n"
    "Print the texts of the QR codes in images (PNG, JPEG, WebP) and PDF files, one a\n"
    "line. Nothing is checked and no address is opened; use saksi verify for a\n"
    "verdict.\n"
    "\n"
    "  --json    one JSON object a line: input, page, text\n"
    "  --help\n"
    "\n"
    "Exit status: 0 every file held a code, 3 one held none or could not be decoded,\n"
    "64 usage, 70 internal error, 74 a file could not be read.\n";

static bool print_json(const char *path, const struct decoder_code *code)
{
    struct json_value *object = json_new_object();
    json_put_string(object, "input", path);
    json_put_int(object, "page", code->page);
    json_put_text(object, "text", code->text);
    char *text = json_format(object, 0);
    json_free(object);
    if (text != NULL) {
        puts(text);
    }
    free(text);
    return text != NULL;
}

static int print_codes(const char *path, const struct decoder_result *codes, bool json)
{
    int status = EXIT_ALL_VALID;
    for (size_t i = 0; i < codes->count; i++) {
        if (!json) {
            terminal_text(stdout, codes->code[i].text);
            putchar('\n');
        } else if (!print_json(path, &codes->code[i])) {
            terminal_error("scan", "%s: page %u: a code is not text; scan it without --json", path,
                           codes->code[i].page);
            status = EXIT_ANY_CANNOT;
        }
    }
    return status;
}

static int scan_file(const char *path, bool json)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    enum file_error file_error = file_read(path, INPUT_MAX_BYTES, &bytes, &len);
    if (file_error != FILE_OK) {
        terminal_error("scan", "%s: %s", path, file_error_text(file_error));
        return file_error == FILE_SYSTEM ? EXIT_INTERNAL : EXIT_INPUT_OUTPUT;
    }
    struct decoder_result codes = {0};
    struct span file = span_of(bytes, len);
    enum decoder_error error = decoder_scan(place_libexec(), file, &codes);
    int status = EXIT_ALL_VALID;
    if (error == DECODER_OK) {
        status = print_codes(path, &codes, json);
        decoder_result_clear(&codes);
    } else {
        terminal_error("scan", "%s: %s", path, decoder_error_text(error, file_kind_of(file)));
        status =
            error == DECODER_NO_HELPER || error == DECODER_SYSTEM ? EXIT_INTERNAL : EXIT_ANY_CANNOT;
    }
    free(bytes);
    return status;
}

int cmd_scan(int argc, char **argv)
{
    static const struct option options[] = {
        {"json", no_argument, NULL, 'j'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    bool json = false;
    int option, status = EXIT_ALL_VALID;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            return EXIT_ALL_VALID;
        }
        if (option != 'j') {
            terminal_bad_option("scan", argv[optind - 1]);
            return EXIT_USAGE;
        }
        json = true;
    }
    if (optind == argc) {
        terminal_error("scan", "name an image or PDF file");
        return EXIT_USAGE;
    }
    for (int i = optind; i < argc; i++) {
        int result = scan_file(argv[i], json);
        status = result > status ? result : status;
    }
    return status;
}
