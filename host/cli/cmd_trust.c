/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi trust: its options and a table of its subcommands, one file each.
 */
#include "cli/cmd_trust.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "cli/command.h"
#include "cli/terminal.h"

static const char help[] =
    "Usage: saksi trust init --root FILE [--root-id HEX] [--sample]\n"
    "       saksi trust import FILE|FOLDER...\n"
    "       saksi trust fetch [URL]\n"
    "       saksi trust status [--json]\n"
    "       saksi trust export --out FILE [--since VERSION]\n"
    "       saksi trust mark --tpm TCTI\n"
    "Install the root of trust, import or fetch bundles of lists, show what is stored, pass it\n"
    "on. FOLDER is a memory stick: only the file saksi.bundle in it is opened. URL is a bundle, "
    "or\n"
    "the folder of a publication (it ends in /); without it, url in saksi.conf.\n"
    "With a TPM, init, import and mark keep the newest versions there, so that an old copy is\n"
    "noticed.\n"
    "\n"
    "  --root FILE     the .root file of version 1\n"
    "  --root-id HEX   the fingerprint it must have, as it came to you by another way\n"
    "  --db FILE       the trust list (default " SETTINGS_DEFAULT_DB ")\n"
    "  --sample        work with a trust list of sample data\n"
    "  --json          status as one JSON object\n"
    "  --tpm TCTI      the TPM that keeps the mark, for example device:/dev/tpmrm0\n"
    "  --out FILE      where to write the bundle\n"
    "  --since VERSION only what changed since the header of that version, for a checkpoint that\n"
    "                  has it\n"
    "  --timeout S     give a download up after so many seconds (default 600)\n"
    "  --cacert FILE   trust the servers of these CAs (PEM) instead of the system's\n"
    "  --help\n"
    "\n"
    "Exit status: 0 done, 1 refused, 64 usage, 70 internal error, 74 a file could not be read or\n"
    "written, or a server not reached.\n"
    "Example: saksi trust import /media/usb\n";

struct trust_clock_input trust_clock_now(void)
{
    return (struct trust_clock_input){.now_s = (int64_t)time(NULL), .build_s = SAKSI_BUILD_TIME};
}

/* --- what goes wrong --- */

int trust_file_failed(const char *path, enum file_error error)
{
    terminal_error("trust", "%s: %s", path, file_error_text(error));
    return error == FILE_SYSTEM ? EXIT_INTERNAL : EXIT_INPUT_OUTPUT;
}

int trust_refused(const char *path, const struct trust_refusal *refusal, const struct settings *s,
                  const struct trust_store *store)
{
    if (refusal->error == TRUST_UPDATE_STORE) {
        terminal_error("trust", "%s: %s", s->db, db_error_text(trust_store_db_error(store)));
        return EXIT_INPUT_OUTPUT;
    }
    terminal_error("trust", "%s: %s%srefused: %s: %s", path, refusal->subject,
                   refusal->subject[0] == '\0' ? "" : ": ", trust_update_error_name(refusal->error),
                   trust_update_error_text(refusal->error));
    return refusal->error == TRUST_UPDATE_SYSTEM ? EXIT_INTERNAL : EXIT_REFUSED;
}

int trust_open(const struct settings *settings, enum db_mode mode, struct trust_store **ret_store)
{
    enum db_error db = DB_OK;
    switch (trust_store_open(settings->db, mode, settings->sample, ret_store, &db)) {
    case TRUST_STORE_OK:
        return 0;
    case TRUST_STORE_SAMPLE:
        terminal_error("trust",
                       "%s: holds sample data, which proves nothing; add --sample to work with it",
                       settings->db);
        return EXIT_USAGE;
    case TRUST_STORE_DB:
        terminal_error("trust", "%s: %s", settings->db,
                       db == DB_MISSING ? "there is no trust list yet; saksi trust init makes one"
                                        : db_error_text(db));
        return EXIT_INPUT_OUTPUT;
    default:
        terminal_error("trust", "%s: a stored document is damaged; import into a new file",
                       settings->db);
        return EXIT_INPUT_OUTPUT;
    }
}

/* --- the command --- */

static bool read_version(const char *text, int64_t *ret_version)
{
    char *end = NULL;
    errno = 0;
    long long version = strtoll(text, &end, 10);
    *ret_version = version;
    return text[0] >= '1' && text[0] <= '9' && errno == 0 && *end == '\0';
}

static bool take_timeout(struct trust_options *o, const char *text)
{
    char *end = NULL;
    long seconds = strtol(text, &end, 10);
    o->timeout_s = (unsigned)seconds;
    return end != text && *end == '\0' && seconds >= 1 && seconds <= 86400;
}

/* Returns the exit status to stop with, or -1 to go on. */
static int take_options(struct trust_options *o, int argc, char **argv)
{
    static const struct option options[] = {
        {"root", required_argument, NULL, 'r'},    {"root-id", required_argument, NULL, 'i'},
        {"db", required_argument, NULL, 'd'},      {"sample", no_argument, NULL, 's'},
        {"json", no_argument, NULL, 'j'},          {"out", required_argument, NULL, 'o'},
        {"since", required_argument, NULL, 'S'},   {"tpm", required_argument, NULL, 't'},
        {"timeout", required_argument, NULL, 'T'}, {"cacert", required_argument, NULL, 'c'},
        {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'r':
            o->root = optarg;
            break;
        case 'i':
            o->root_id = optarg;
            break;
        case 'd':
            if (!settings_set(&o->settings, "db", optarg)) {
                terminal_error("trust", "--db: the path is empty or too long");
                return EXIT_USAGE;
            }
            break;
        case 's':
            o->settings.sample = true;
            break;
        case 'j':
            o->json = true;
            break;
        case 't':
            if (!settings_set(&o->settings, "tpm", optarg)) {
                terminal_error("trust", "--tpm %s: names no TPM, as device:/dev/tpmrm0 does",
                               optarg);
                return EXIT_USAGE;
            }
            break;
        case 'o':
            o->out = optarg;
            break;
        case 'S':
            if (!read_version(optarg, &o->since)) {
                terminal_error("trust", "--since: is not a version number");
                return EXIT_USAGE;
            }
            break;
        case 'T':
            if (!take_timeout(o, optarg)) {
                terminal_error("trust", "--timeout: give seconds, 1 to 86400");
                return EXIT_USAGE;
            }
            break;
        case 'c':
            if (!settings_set(&o->settings, "cacert", optarg)) {
                terminal_error("trust", "--cacert: the path is empty or too long");
                return EXIT_USAGE;
            }
            break;
        case 'h':
            (void)fputs(help, stdout);
            return 0;
        default:
            terminal_bad_option("trust", argv[optind - 1]);
            return EXIT_USAGE;
        }
    }
    return -1;
}

int cmd_trust(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(struct trust_options *o, int count, char **names);
    } subcommands[] = {
        {"init", trust_init},     {"import", trust_import}, {"fetch", trust_fetch},
        {"status", trust_status}, {"export", trust_export}, {"mark", trust_mark},
    };
    struct trust_options o = {.timeout_s = 600};
    if (!settings_load("trust", &o.settings)) {
        return EXIT_USAGE;
    }
    int status = take_options(&o, argc, argv);
    if (status >= 0) {
        return status;
    }
    for (size_t i = 0; optind < argc && i < sizeof subcommands / sizeof subcommands[0]; i++) {
        if (strcmp(argv[optind], subcommands[i].name) == 0) {
            status = subcommands[i].run(&o, argc - optind - 1, argv + optind + 1);
        }
    }
    if (status < 0) {
        (void)fputs("saksi trust: name a subcommand; there are init, import, fetch, status, export "
                    "and mark\n"
                    "Try: saksi trust --help\n",
                    stderr);
        return EXIT_USAGE;
    }
    return status;
}
