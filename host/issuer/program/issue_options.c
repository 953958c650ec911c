/* SPDX-License-Identifier: Apache-2.0
 *
 * The options of "saksi issue RECORD...", and which of them exclude each other.
 */
#include "issue_options.h"

static const char help[] =
    "Usage: saksi issue [OPTION]... RECORD.json...\n"
    "       saksi issue init | block | report | void | status [OPTION]...\n"
    "       (each has --help)\n"
    "Sign records, register them, and write NAME.cose, NAME.txt and NAME.pdf for\n"
    "each; NAME is the certificate number. A file holds one record or an array of\n"
    "records. Every page is read back before its certificate counts as issued. What\n"
    "an earlier run left half-way is finished first.\n"
    "\n"
    "  --station DIR         the station's folder (default: the current one)\n"
    "  --out DIR             where the files go (default: as station.json says)\n"
    "  --a4                  make an A4 page (the default)\n"
    "  --card                make a card, NAME-card.pdf; with --a4 both\n"
    "  --no-pdf              make no page\n"
    "  --photo FILE          bind this JPEG photo; for a single record\n"
    "  --duplicate           replace the certificate of the same number: that one\n"
    "                        becomes void\n"
    "  --sibling             issue another copy of the same certificate, beside the\n"
    "                        first\n"
    "  --resume              finish what stands half-way; pass over what is issued\n"
    "                        already\n"
    "  --check               check the records, issue nothing\n"
    "  --password-file FILE  the key's password, in the first line; else it is asked\n"
    "                        for\n"
    "  --help\n"
    "\n"
    "Exit status: 0 all issued, 64 usage, 65 a record cannot be issued, 70 internal\n"
    "error or a page that does not read back, 73 cannot create, 74 a file could not\n"
    "be read or written, 77 key.\n"
    "Example: saksi issue --station lsp-0123 candidates.json\n";

static int parse(int argc, char **argv, const char *command, const char *text,
                 const struct option_row *more, size_t count, struct issue_options *o)
{
    bool a4 = false, card = false;
    int rest = 0;
    struct option_row rows[OPTIONS_MAX] = {
        {.name = "station", .text = &o->station},
        {.name = "out", .text = &o->out},
        {.name = "a4", .flag = &a4},
        {.name = "card", .flag = &card},
        {.name = "no-pdf", .flag = &o->no_pdf},
        {.name = "photo", .text = &o->photo},
        {.name = "duplicate", .flag = &o->duplicate},
        {.name = "sibling", .flag = &o->sibling},
        {.name = "resume", .flag = &o->resume},
        {.name = "check", .flag = &o->check},
        {.name = "password-file", .text = &o->password_file},
    };
    enum { OWN = 11 };
    for (size_t i = 0; i < count && OWN + i < OPTIONS_MAX; i++) {
        rows[OWN + i] = more[i];
    }
    int status = options_parse(argc, argv, command, text, rows, OWN + count, &rest);
    o->pages = (a4 ? ISSUE_A4 : 0u) | (card ? ISSUE_CARD : 0u);
    o->files = argv + rest;
    o->file_count = argc - rest;
    return status;
}

static int check(struct issue_options *o)
{
    if (o->duplicate && o->sibling) {
        return say(STATUS_USAGE, "--duplicate and --sibling exclude each other");
    }
    if (o->no_pdf && o->pages != 0) {
        return say(STATUS_USAGE, "--no-pdf excludes --a4 and --card");
    }
    if (!o->no_pdf && o->pages == 0) {
        o->pages = ISSUE_A4;
    }
    return STATUS_OK;
}

int issue_options_take(int argc, char **argv, const char *command, const char *text,
                       const struct option_row *rows, size_t count,
                       struct issue_options *ret_options)
{
    *ret_options = (struct issue_options){.station = "."};
    int status = parse(argc, argv, command, text, rows, count, ret_options);
    return status != STATUS_OK ? status : check(ret_options);
}

int issue_options_parse(int argc, char **argv, struct issue_options *ret_options)
{
    int status = issue_options_take(argc, argv, "", help, NULL, 0, ret_options);
    if (status == STATUS_OK && ret_options->file_count == 0 && !ret_options->resume) {
        status = say(STATUS_USAGE, "no record is named; see saksi issue --help");
    }
    return status;
}
