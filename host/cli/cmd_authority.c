/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi authority: options and subcommands. The work is done in host/authority.
 */
#include "cli/cmd_authority.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "authority/key_file.h"
#include "authority/source.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "codec/cose.h"

static const char help[] =
    "Usage: saksi authority init DIR --state CC [--sample] [--holder NAME] [--alg ALG]\n"
    "       saksi authority sample DIR\n"
    "       saksi authority key new FILE [--alg ALG] [--issuer ID | --holder NAME]\n"
    "       saksi authority key show FILE [--issuer ID | --holder NAME]\n"
    "       saksi authority raise DIR [--state CC]\n"
    "       saksi authority build DIR [--state CC] [--against OLD]\n"
    "       saksi authority sign FILE --key KEY [--root FOLDER] [--against OLD] [--yes]\n"
    "       saksi authority bundle DIR [--out FILE]\n"
    "       saksi authority station DIR --issuer ID --station NAME --first N --last N\n"
    "                               --key KEY --out FILE\n"
    "       saksi authority import-report DIR REPORT...\n"
    "       saksi authority revoke DIR --issuer ID --reason R (--index N[-M] | --number NUMBER)\n"
    "Build, sign and publish the trust documents of states from JSON sources. Each publication:\n"
    "raise, build, sign each list, sign the header, bundle. What a report calls void\n"
    "(spoilt, replaced) import-report revokes in the sources, for the next list.\n"
    "\n"
    "  --state CC           the state, for example ID; raise and build: only its list\n"
    "  --holder NAME        who holds the keys, as the root will say\n"
    "  --alg ALG            ES256 (default) or EdDSA\n"
    "  --key KEY            the private key, a PKCS#8 PEM file\n"
    "  --password-file F    its password is the first line of F (else it is asked for); init and\n"
    "                       key new encrypt only when it is given\n"
    "  --root FOLDER        the folder with the root files, when it is not the document's own\n"
    "  --against OLD        the document published before: its version must be lower, and sign\n"
    "                       shows what changed since\n"
    "  --yes                sign without asking\n"
    "  --sample             mark the root as sample data and add a sample issuer\n"
    "  --issuer ID --station NAME --first N --last N\n"
    "                       the indices a station of an issuer may give to certificates; key:\n"
    "                       --issuer prints the entry for keys.json\n"
    "  --index N[-M], --number NUMBER, --reason R\n"
    "                       what to revoke and why: error, fraud, holder_request, superseded,\n"
    "                       centre_fraud or unspecified\n"
    "  --out FILE           where to write\n"
    "  --help\n"
    "\n"
    "Exit status: 0 done, 1 refused, 64 usage, 65 a source is wrong, 70 internal error, 74 a file\n"
    "could not be read or written, 77 a key cannot be used.\n"
    "Example: saksi authority init office --state ID --sample\n";

int authority_failed(enum authority_error error, const struct authority_problem *problem)
{
    static const int status[] = {
        [AUTHORITY_SOURCE] = EXIT_DATA,     [AUTHORITY_DOCUMENT] = EXIT_REFUSED,
        [AUTHORITY_VERSION] = EXIT_REFUSED, [AUTHORITY_CONFLICT] = EXIT_REFUSED,
        [AUTHORITY_KEY] = EXIT_PERMISSION,  [AUTHORITY_FILE] = EXIT_INPUT_OUTPUT,
        [AUTHORITY_SYSTEM] = EXIT_INTERNAL,
    };
    terminal_error("authority", "%s", problem->text);
    return status[error];
}

int authority_usage(const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    terminal_error("authority", "%s; see saksi authority --help", text);
    return EXIT_USAGE;
}

struct trust_clock_input authority_clock(void)
{
    return (struct trust_clock_input){.now_s = (int64_t)time(NULL), .build_s = SAKSI_BUILD_TIME};
}

bool authority_is_state(const char *text)
{
    return text != NULL && trust_is_state(span_str(text));
}

int authority_alg(const struct authority_options *o)
{
    return o->alg == NULL ? COSE_ES256 : alg_of_name(span_str(o->alg));
}

bool authority_number(const char *text, uint32_t *ret_number)
{
    char *end = NULL;
    if (text == NULL || text[0] < '0' || text[0] > '9') {
        return false;
    }
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    *ret_number = (uint32_t)number;
    return errno == 0 && *end == '\0' && number <= UINT32_MAX;
}

int authority_read_password(const struct authority_options *o, struct password *ret_password)
{
    if (o->password_file == NULL) {
        return 0;
    }
    enum password_error error = password_read_file(o->password_file, ret_password);
    if (error != PASSWORD_OK) {
        terminal_error("authority", "%s: %s", o->password_file, password_error_text(error));
        return EXIT_INPUT_OUTPUT;
    }
    return 0;
}

int authority_read_key(const struct authority_options *o, const char *path,
                       struct crypto_private_key **ret_key)
{
    struct authority_problem problem;
    struct password password = {""};
    bool given = o->password_file != NULL;
    int status = authority_read_password(o, &password);
    if (status != 0) {
        return status;
    }
    if (!given && crypto_private_key_read(path, NULL, ret_key) == CRYPTO_FILE_OK) {
        return 0;
    }
    if (!given) {
        given = file_exists(path) && password_ask("Password of the key: ", &password);
    }
    enum authority_error error =
        key_file_read(path, given ? password.text : NULL, ret_key, &problem);
    password_wipe(&password);
    return error == AUTHORITY_OK ? 0 : authority_failed(error, &problem);
}

/* --- options --- */

#define FIRST_TEXT_OPTION 256
#define OPTION_SAMPLE     1
#define OPTION_YES        2
#define OPTION_HELP       3

/* Options with a text go straight to their member. */
static const struct text_option {
    const char *name;
    size_t member;
} text_options[] = {
    {"state", offsetof(struct authority_options, state)},
    {"holder", offsetof(struct authority_options, holder)},
    {"alg", offsetof(struct authority_options, alg)},
    {"password-file", offsetof(struct authority_options, password_file)},
    {"key", offsetof(struct authority_options, key)},
    {"root", offsetof(struct authority_options, root)},
    {"against", offsetof(struct authority_options, against)},
    {"out", offsetof(struct authority_options, out)},
    {"issuer", offsetof(struct authority_options, issuer)},
    {"station", offsetof(struct authority_options, station)},
    {"first", offsetof(struct authority_options, first)},
    {"last", offsetof(struct authority_options, last)},
    {"index", offsetof(struct authority_options, index)},
    {"number", offsetof(struct authority_options, number)},
    {"reason", offsetof(struct authority_options, reason)},
};
#define TEXT_OPTIONS (sizeof text_options / sizeof text_options[0])

/* Returns the exit status to stop with, or -1 to go on. */
static int take_options(struct authority_options *o, int argc, char **argv)
{
    struct option options[TEXT_OPTIONS + 4] = {
        {"sample", no_argument, NULL, OPTION_SAMPLE},
        {"yes", no_argument, NULL, OPTION_YES},
        {"help", no_argument, NULL, OPTION_HELP},
    };
    int option;
    for (size_t i = 0; i < TEXT_OPTIONS; i++) {
        options[3 + i] = (struct option){text_options[i].name, required_argument, NULL,
                                         FIRST_TEXT_OPTION + (int)i};
    }
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option >= FIRST_TEXT_OPTION) {
            size_t member = text_options[option - FIRST_TEXT_OPTION].member;
            *(const char **)(void *)((char *)o + member) = optarg;
        } else if (option == OPTION_SAMPLE) {
            o->sample = true;
        } else if (option == OPTION_YES) {
            o->yes = true;
        } else if (option == OPTION_HELP) {
            (void)fputs(help, stdout);
            return 0;
        } else {
            terminal_bad_option("authority", argv[optind - 1]);
            return EXIT_USAGE;
        }
    }
    return -1;
}

int cmd_authority(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(const struct authority_options *o);
        int least, most; /* names it takes */
    } subcommands[] = {
        {"init", authority_run_init, 1, 1},
        {"sample", authority_run_sample, 1, 1},
        {"key", authority_run_key, 2, 2},
        {"raise", authority_run_raise, 1, 1},
        {"build", authority_run_build, 1, 1},
        {"sign", authority_run_sign, 1, 1},
        {"bundle", authority_run_bundle, 1, 1},
        {"station", authority_run_station, 1, 1},
        {"import-report", authority_run_import_report, 2, 4096},
        {"revoke", authority_run_revoke, 1, 1},
    };
    struct authority_options o = {0};
    int status = take_options(&o, argc, argv);
    if (status >= 0) {
        return status;
    }
    o.count = argc - optind - 1;
    o.names = argv + optind + 1;
    for (size_t i = 0; optind < argc && i < sizeof subcommands / sizeof subcommands[0]; i++) {
        if (strcmp(argv[optind], subcommands[i].name) != 0) {
            continue;
        }
        if (o.count < subcommands[i].least || o.count > subcommands[i].most) {
            return authority_usage("%s: names too few or too many things", argv[optind]);
        }
        return subcommands[i].run(&o);
    }
    return authority_usage(
        "name a subcommand: init, sample, key, raise, build, sign, bundle, station, "
        "import-report or revoke");
}
