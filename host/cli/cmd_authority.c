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
#include "base/pkcs11_uri.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "codec/cose.h"
#include "codec/date.h"

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

bool authority_state_of(const char *issuer, char ret_state[TRUST_STATE_SIZE + 1])
{
    if (issuer == NULL || strlen(issuer) < 4 || issuer[TRUST_STATE_SIZE] != '.') {
        return false;
    }
    memcpy(ret_state, issuer, TRUST_STATE_SIZE);
    ret_state[TRUST_STATE_SIZE] = '\0';
    return authority_is_state(ret_state);
}

bool authority_day(const char *text, int64_t *ret_day)
{
    return text != NULL && date_parse(span_str(text), ret_day) && *ret_day >= TRUST_LEAST_DAY &&
           *ret_day <= TRUST_MOST_DAY;
}

bool authority_by(const struct authority_options *o, bool *ret_by_number)
{
    bool number = o->by != NULL && strcmp(o->by, "number") == 0;
    *ret_by_number = number;
    return number || (o->by != NULL && strcmp(o->by, "index") == 0);
}

void authority_print_next(const char *dir, const char *state)
{
    printf("Next, for the list of %s: saksi authority raise %s, then build, sign and bundle.\n",
           state, dir);
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

static int read_file_key(const struct authority_options *o, const char *path,
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

int authority_read_key(const struct authority_options *o, const char *name,
                       struct crypto_private_key **ret_key)
{
    return pkcs11_uri_is(name) ? authority_read_token_key(o, name, ret_key)
                               : read_file_key(o, name, ret_key);
}

/* --- options --- */

#define FIRST_TEXT_OPTION 256
#define OPTION_SAMPLE     1
#define OPTION_YES        2
#define OPTION_SUSPEND    3
#define OPTION_HELP       4
#define FLAG_OPTIONS      4

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
    {"centre", offsetof(struct authority_options, centre)},
    {"from", offsetof(struct authority_options, from)},
    {"until", offsetof(struct authority_options, until)},
    {"blank", offsetof(struct authority_options, blank)},
    {"file", offsetof(struct authority_options, file)},
    {"by", offsetof(struct authority_options, by)},
    {"kid", offsetof(struct authority_options, kid)},
    {"as", offsetof(struct authority_options, as)},
    {"at", offsetof(struct authority_options, at)},
    {"module", offsetof(struct authority_options, module)},
    {"keep", offsetof(struct authority_options, keep)},
};
#define TEXT_OPTIONS (sizeof text_options / sizeof text_options[0])

/* Returns the exit status to stop with, or -1 to go on. */
static int take_options(struct authority_options *o, int argc, char **argv)
{
    struct option options[TEXT_OPTIONS + FLAG_OPTIONS + 1] = {
        {"sample", no_argument, NULL, OPTION_SAMPLE},
        {"yes", no_argument, NULL, OPTION_YES},
        {"suspend", no_argument, NULL, OPTION_SUSPEND},
        {"help", no_argument, NULL, OPTION_HELP},
    };
    int option;
    for (size_t i = 0; i < TEXT_OPTIONS; i++) {
        options[FLAG_OPTIONS + i] = (struct option){text_options[i].name, required_argument, NULL,
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
        } else if (option == OPTION_SUSPEND) {
            o->suspend = true;
        } else if (option == OPTION_HELP) {
            (void)fputs(authority_help, stdout);
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
        {"publish", authority_run_publish, 1, 1},
        {"station", authority_run_station, 1, 1},
        {"import-report", authority_run_import_report, 2, 4096},
        {"revoke", authority_run_revoke, 1, 1},
        {"reinstate", authority_run_reinstate, 1, 1},
        {"survivors", authority_run_survivors, 1, 1},
        {"status", authority_run_status, 1, 1},
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
        "name a subcommand: init, sample, key, raise, build, sign, bundle, publish, station, "
        "import-report, revoke, reinstate, survivors or status");
}
