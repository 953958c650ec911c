/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi trust: its options and a table of its subcommands, one file each.
 */
#include "cli/cmd_trust.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "cli/command.h"
#include "cli/terminal.h"

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

/* Options that are kept as they were typed, until the subcommand looks at them. */
static const struct text_option {
    const char *name;
    size_t at; /* in struct trust_options */
} text_option[] = {
    {"root", offsetof(struct trust_options, root)},
    {"root-id", offsetof(struct trust_options, root_id)},
    {"out", offsetof(struct trust_options, out)},
    {"since", offsetof(struct trust_options, since)},
    {"frames", offsetof(struct trust_options, frames)},
    {"fps", offsetof(struct trust_options, fps)},
    {"scale", offsetof(struct trust_options, scale)},
    {"timeout", offsetof(struct trust_options, timeout)},
};
#define TEXTS (sizeof text_option / sizeof text_option[0])

/* Options that are settings, too. */
static const struct setting_option {
    const char *name, *problem;
} setting_option[] = {
    {"db", "the path is empty or too long"},
    {"cacert", "the path is empty or too long"},
    {"tpm", "names no TPM, as device:/dev/tpmrm0 does"},
};
#define SETTINGS (sizeof setting_option / sizeof setting_option[0])

enum { OPTION_SETTING = 1000, OPTION_SAMPLE = 2000, OPTION_JSON, OPTION_HELP };

static void list_options(struct option list[TEXTS + SETTINGS + 4])
{
    static const struct option plain[] = {{"sample", no_argument, NULL, OPTION_SAMPLE},
                                          {"json", no_argument, NULL, OPTION_JSON},
                                          {"help", no_argument, NULL, OPTION_HELP},
                                          {NULL, 0, NULL, 0}};
    for (size_t i = 0; i < TEXTS; i++) {
        list[i] = (struct option){text_option[i].name, required_argument, NULL, (int)i};
    }
    for (size_t i = 0; i < SETTINGS; i++) {
        list[TEXTS + i] = (struct option){setting_option[i].name, required_argument, NULL,
                                          OPTION_SETTING + (int)i};
    }
    memcpy(list + TEXTS + SETTINGS, plain, sizeof plain);
}

/* False, after a message, when the value cannot be set. */
static bool set_setting(struct trust_options *o, size_t which)
{
    const struct setting_option *option = &setting_option[which];
    if (settings_set(&o->settings, option->name, optarg)) {
        return true;
    }
    terminal_error("trust", "--%s %s: %s", option->name, optarg, option->problem);
    return false;
}

/* Returns the exit status to stop with, or -1 to go on. */
static int take_options(struct trust_options *o, int argc, char **argv)
{
    struct option list[TEXTS + SETTINGS + 4];
    list_options(list);
    int option;
    while ((option = getopt_long(argc, argv, "", list, NULL)) != -1) {
        if (option >= 0 && (size_t)option < TEXTS) {
            *(const char **)((char *)o + text_option[option].at) = optarg;
        } else if (option >= OPTION_SETTING && option < OPTION_SAMPLE) {
            if (!set_setting(o, (size_t)(option - OPTION_SETTING))) {
                return EXIT_USAGE;
            }
        } else if (option == OPTION_SAMPLE) {
            o->settings.sample = true;
        } else if (option == OPTION_JSON) {
            o->json = true;
        } else if (option == OPTION_HELP) {
            (void)fputs(trust_help, stdout);
            return 0;
        } else {
            terminal_bad_option("trust", argv[optind - 1]);
            return EXIT_USAGE;
        }
    }
    return -1;
}

bool trust_number(const char *name, const char *text, int64_t least, int64_t most,
                  int64_t *ret_number)
{
    char *end = NULL;
    if (text == NULL) {
        return true;
    }
    errno = 0;
    long long number = strtoll(text, &end, 10);
    bool digits = text[0] >= '0' && text[0] <= '9' && *end == '\0';
    if (!digits || errno != 0 || number < least || number > most) {
        terminal_error("trust", "--%s: give a number, %lld to %lld", name, (long long)least,
                       (long long)most);
        return false;
    }
    *ret_number = number;
    return true;
}

int cmd_trust(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(struct trust_options *o, int count, char **names);
    } subcommands[] = {
        {"init", trust_init},     {"import", trust_import},   {"fetch", trust_fetch},
        {"status", trust_status}, {"verify", trust_verify},   {"export", trust_export},
        {"show", trust_show},     {"receive", trust_receive}, {"token", trust_token},
        {"mark", trust_mark},
    };
    struct trust_options o = {0};
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
        (void)fputs("saksi trust: name a subcommand: init, import, fetch, status, verify, export, "
                    "show, receive, token or mark\n"
                    "Try: saksi trust --help\n",
                    stderr);
        return EXIT_USAGE;
    }
    return status;
}
