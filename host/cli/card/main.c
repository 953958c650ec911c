/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi-card: the command "saksi card", a program of its own because it needs the library of the
 * card service.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/become.h"
#include "cli/card/card.h"
#include "cli/command.h"
#include "cli/terminal.h"

static const char help[] =
    "Usage: saksi card SUBCOMMAND [OPTION]...\n"
    "Read and judge cards in a reader (PC/SC).\n"
    "\n"
    "  list               the readers, and whether a card is in them\n"
    "  status             what is on the card, and how much it can prove\n"
    "  read --out FOLDER  copy its certificates, key and photo; judges nothing\n"
    "  verify             judge its certificates offline; the card must prove its key\n"
    "  watch              judge every card that comes, as JSON lines, until a signal\n"
    "  pin ACTION         the PIN of its PIV part: status, change, unblock (PUK)\n"
#ifdef SAKSI_HAVE_ISSUE
    "  personalise        issue certificates on cards   (each of these has --help)\n"
    "  erase              take everything from a card of one's own\n"
    "  keys new FILE      make an issuer's master key for its cards\n"
#endif
    "\n"
    "  --reader NAME      as list names it (default: any with a card; watch: all)\n"
    "  --wait SECONDS     how long to wait for a card (default 30; 0 does not wait)\n"
    "  --out FOLDER       read: where to; files there are not replaced\n"
    "  --paper FILE       verify: the paper shown with the card, to compare with it\n"
    "  --pin-file FILE    pin: the PIN, or PUK, in its first line (default: asks)\n"
    "  --new-pin-file FILE  pin: the new PIN (default: asks)\n"
    "  --last-try         pin: go on where a wrong PIN or PUK may be the last\n"
    "  --json             JSON lines (list, status, verify, watch, pin status)\n"
    "verify and watch also take the options of saksi verify:\n"
    "  --host CC, --purpose P, --post CODE, --at YYYY-MM-DD, --utc-offset +HH:MM,\n"
    "  --db FILE, --tpm TCTI, --sample, --lang L\n"
    "  --help\n"
    "\n"
    "Exit status: of verify as of saksi verify; 1 the card refused, or has no, PIN;\n"
    "64 usage, 65 the paper is another certificate, or what was typed is no PIN,\n"
    "73 a file could not be written, 74 the card could not be read.\n"
    "watch: 0 after SIGINT or SIGTERM.\n"
    "Example: saksi card verify --host MY\n";

enum { JUDGES = 1, TAKES_PAPER = 2, NEEDS_OUT = 4, NEEDS_ACTION = 8 };

static const struct {
    const char *name;
    int (*run)(struct card_options *o);
    unsigned needs;
} subcommand[] = {
    {"list", card_list, 0},         {"status", card_status, 0},
    {"read", card_read, NEEDS_OUT}, {"verify", card_verify, JUDGES | TAKES_PAPER},
    {"watch", card_watch, JUDGES},  {"pin", card_pin, NEEDS_ACTION},
};

static bool take_wait(struct card_options *o, const char *value)
{
    size_t digits = strspn(value, "0123456789");
    if (digits == 0 || digits > 4 || value[digits] != '\0') {
        return false;
    }
    o->wait_s = (unsigned)strtoul(value, NULL, 10);
    return o->wait_s <= CARD_MAX_WAIT_S;
}

static bool take_option(struct card_options *o, int option, const char *value)
{
    switch (option) {
    case 'R':
        o->reader = value;
        return true;
    case 'W':
        return take_wait(o, value);
    case 'O':
        o->out = value;
        return true;
    case 'P':
        o->paper = value;
        return true;
    case 'I':
        o->pin = value;
        return true;
    case 'N':
        o->new_pin = value;
        return true;
    case 'L':
        o->last_try = true;
        return true;
    default:
        return judge_take(&o->judge, option, value);
    }
}

/* Returns the exit status to stop with, or -1 to go on. */
static int take_options(struct card_options *o, int argc, char **argv)
{
    static const struct option options[] = {
        {"reader", required_argument, NULL, 'R'},   {"wait", required_argument, NULL, 'W'},
        {"out", required_argument, NULL, 'O'},      {"paper", required_argument, NULL, 'P'},
        {"pin-file", required_argument, NULL, 'I'}, {"new-pin-file", required_argument, NULL, 'N'},
        {"last-try", no_argument, NULL, 'L'},       JUDGE_OPTIONS,
        {"help", no_argument, NULL, '?' + 256},     {NULL, 0, NULL, 0},
    };
    int option, at = 0;
    while ((option = getopt_long(argc, argv, "", options, &at)) != -1) {
        if (option == '?' + 256) {
            fputs(help, stdout);
            return argc == 2 || (argc == 3 && optind == 3) ? EXIT_SUCCESS : EXIT_USAGE;
        }
        if (option == '?') {
            terminal_bad_option("card", argv[optind - 1]);
            return EXIT_USAGE;
        }
        if (!take_option(o, option, optarg)) {
            terminal_error("card", "--%s %s: not a value this option takes; see saksi card --help",
                           options[at].name, optarg);
            return EXIT_USAGE;
        }
    }
    return -1;
}

/* An option that the subcommand would pass over is a mistake. */
static bool fits(const struct card_options *o, unsigned needs)
{
    bool pin_option = o->pin != NULL || o->new_pin != NULL || o->last_try;
    if (((needs & NEEDS_OUT) != 0) != (o->out != NULL) ||
        (o->paper != NULL && (needs & TAKES_PAPER) == 0) ||
        (pin_option && (needs & NEEDS_ACTION) == 0)) {
        terminal_error("card", "read needs --out FOLDER; --out is for read, --paper for verify, "
                               "--pin-file, --new-pin-file and --last-try are for pin");
        return false;
    }
    if ((needs & JUDGES) != 0 && o->judge.settings.host[0] == '\0') {
        terminal_error("card", "no host state: give --host CC, or set \"host\" in "
                               "/etc/saksi/saksi.conf");
        return false;
    }
    return true;
}

/* The word behind the subcommand: what pin is to do, and nothing otherwise. */
static bool take_words(struct card_options *o, unsigned needs, int count, char **words)
{
    int most = (needs & NEEDS_ACTION) != 0 ? 2 : 1;
    if (count > most) {
        terminal_error("card", "%s: %s: takes no file", words[0], words[most]);
        return false;
    }
    if (most == 2 && count < 2) {
        terminal_error("card", "pin takes status, change or unblock");
        return false;
    }
    o->action = most == 2 ? words[1] : NULL;
    return true;
}

static int run(struct card_options *o, int count, char **words)
{
    for (size_t i = 0; i < sizeof subcommand / sizeof subcommand[0] && count > 0; i++) {
        if (strcmp(words[0], subcommand[i].name) == 0) {
            return take_words(o, subcommand[i].needs, count, words) && fits(o, subcommand[i].needs)
                       ? subcommand[i].run(o)
                       : EXIT_USAGE;
        }
    }
    terminal_error("card", count == 0
                               ? "name a subcommand; saksi card --help lists them"
                               : "there is no subcommand of that name; see saksi card --help");
    return EXIT_USAGE;
}

/* What can change cards is in no program of a checkpoint. */
static bool is_issuing(const char *word)
{
#ifdef SAKSI_HAVE_ISSUE
    static const char *const words[] = {"personalise", "erase", "keys"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(word, words[i]) == 0) {
            return true;
        }
    }
#else
    (void)word;
#endif
    return false;
}

int main(int argc, char **argv)
{
    static struct card_options o = {.wait_s = CARD_DEFAULT_WAIT_S};
    terminal_start();
    if (argc > 1 && is_issuing(argv[1])) {
        return become_helper("personalise", "card", argv + 1);
    }
    opterr = 0;
    setlocale(LC_CTYPE, "C.UTF-8");
    o.judge.command = "card";
    if (!settings_load("card", &o.judge.settings)) {
        return EXIT_USAGE;
    }
    int status = take_options(&o, argc, argv);
    if (status < 0) {
        status = run(&o, argc - optind, argv + optind);
    }
    return status >= EXIT_USAGE || terminal_finish("card") ? status : EXIT_INPUT_OUTPUT;
}
