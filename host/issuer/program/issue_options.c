/* SPDX-License-Identifier: Apache-2.0
 *
 * The options of "saksi issue RECORD...", and which of them exclude each other.
 */
#include "issue_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const char help[] =
    "Usage: saksi issue [OPTION]... RECORD.json...\n"
    "       saksi issue init | block | report | void | status [OPTION]...   (each has --help)\n"
    "Sign records, register them, and write NAME.cose, NAME.txt and NAME.pdf for each; NAME is "
    "the\n"
    "certificate number. A file holds one record or an array of records. Every page is read back\n"
    "before its certificate counts as issued. What an earlier run left half-way is finished "
    "first.\n"
    "\n"
    "  --station DIR         the station's folder (default: the current one)\n"
    "  --out DIR             where the files go (default: as station.json says)\n"
    "  --a4                  make an A4 page (the default)\n"
    "  --card                make a card, NAME-card.pdf; with --a4 both\n"
    "  --no-pdf              make no page\n"
    "  --photo FILE          bind this JPEG photo; for a single record\n"
    "  --duplicate           replace the certificate of the same number: that one becomes void\n"
    "  --sibling             issue another copy of the same certificate, beside the first\n"
    "  --resume              finish what stands half-way; pass over what is issued already\n"
    "  --check               check the records, issue nothing\n"
    "  --password-file FILE  the key's password, in the first line; else it is asked for\n"
    "  --help\n"
    "\n"
    "Exit status: 0 all issued, 64 usage, 65 a record cannot be issued, 70 internal error or a "
    "page\n"
    "that does not read back, 73 cannot create, 74 a file could not be read or written, 77 key.\n"
    "Example: saksi issue --station lsp-0123 candidates.json\n";

static int parse(int argc, char **argv, struct issue_options *o)
{
    enum {
        STATION = 256,
        OUT,
        A4,
        CARD,
        NO_PDF,
        PHOTO,
        DUPLICATE,
        SIBLING,
        RESUME,
        CHECK,
        PASSWORD,
        HELP
    };
    static const struct option names[] = {
        {"station", required_argument, NULL, STATION},
        {"out", required_argument, NULL, OUT},
        {"a4", no_argument, NULL, A4},
        {"card", no_argument, NULL, CARD},
        {"no-pdf", no_argument, NULL, NO_PDF},
        {"photo", required_argument, NULL, PHOTO},
        {"duplicate", no_argument, NULL, DUPLICATE},
        {"sibling", no_argument, NULL, SIBLING},
        {"resume", no_argument, NULL, RESUME},
        {"check", no_argument, NULL, CHECK},
        {"password-file", required_argument, NULL, PASSWORD},
        {"help", no_argument, NULL, HELP},
        {NULL, 0, NULL, 0},
    };
    for (int found; (found = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        switch (found) {
        case STATION:
            o->station = optarg;
            break;
        case OUT:
            o->out = optarg;
            break;
        case A4:
            o->pages |= ISSUE_A4;
            break;
        case CARD:
            o->pages |= ISSUE_CARD;
            break;
        case NO_PDF:
            o->no_pdf = true;
            break;
        case PHOTO:
            o->photo = optarg;
            break;
        case DUPLICATE:
            o->duplicate = true;
            break;
        case SIBLING:
            o->sibling = true;
            break;
        case RESUME:
            o->resume = true;
            break;
        case CHECK:
            o->check = true;
            break;
        case PASSWORD:
            o->password_file = optarg;
            break;
        case HELP:
            fputs(help, stdout);
            exit(STATUS_OK);
        default:
            return say_usage("");
        }
    }
    o->files = argv + optind;
    o->file_count = argc - optind;
    return STATUS_OK;
}

static int check(struct issue_options *o)
{
    if (o->file_count == 0 && !o->resume) {
        return say(STATUS_USAGE, "no record is named; see saksi issue --help");
    }
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

int issue_options_parse(int argc, char **argv, struct issue_options *ret_options)
{
    struct issue_options o = {.station = "."};
    int status = parse(argc, argv, &o);
    status = status != STATUS_OK ? status : check(&o);
    *ret_options = o;
    return status;
}
