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
    "Read and judge cards in a reader (PC/SC). Each subcommand has --help.\n"
    "\n"
    "  list               the readers, and whether a card is in them\n"
    "  status             what is on the card, and how much it can prove\n"
    "  read --out FOLDER  copy its certificates, key and photo; judges nothing\n"
    "  verify             judge its certificates offline; the card must prove its key\n"
    "  watch              judge every card that comes, as JSON lines, until a signal\n"
    "  pin ACTION         the PIN of its PIV part: status, change, unblock (PUK)\n"
#ifdef SAKSI_HAVE_ISSUE
    "  personalise        issue certificates on cards\n"
    "  erase              take everything from a card of one's own\n"
    "  keys new FILE      make an issuer's master key for its cards\n"
#endif
    "\n"
    "Example: saksi card verify --host MY\n";

static const struct option options[] = {
    {"reader", required_argument, NULL, 'R'},   {"wait", required_argument, NULL, 'W'},
    {"out", required_argument, NULL, 'O'},      {"paper", required_argument, NULL, 'P'},
    {"pin-file", required_argument, NULL, 'I'}, {"new-pin-file", required_argument, NULL, 'N'},
    {"last-try", no_argument, NULL, 'L'},       JUDGE_OPTIONS,
    {"help", no_argument, NULL, 'H'},           {NULL, 0, NULL, 0},
};

#define JUDGING "dshpoalutj" /* JUDGE_OPTIONS */

struct subcommand {
    const char *name;
    int (*run)(struct card_options *o);
    const char *help;
    const char *takes; /* options, by their letters */
    int words;         /* behind its name, at most */
};

static const struct subcommand subcommands[] = {
    {"list", card_list, card_list_help, "j", 0},
    {"status", card_status, card_status_help, "RWj", 0},
    {"read", card_read, card_read_help, "RWO", 0},
    {"verify", card_verify, card_verify_help, "RWP" JUDGING, 0},
    {"watch", card_watch, card_watch_help, "R" JUDGING, 0},
    {"pin", card_pin, card_pin_help, "RWINLj", 1},
};

/* What was on the command line. */
struct given {
    char letters[64]; /* of options, each once */
    int count;
    char **words;
};

static bool take_option(struct card_options *o, int option, const char *value)
{
    if (value != NULL && *value == '\0' && option != 'o') { /* no post is one, too */
        return false;
    }
    switch (option) {
    case 'R':
        o->reader = value;
        return true;
    case 'W':
        return card_presented_seconds(value, &o->wait_s);
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

static const struct subcommand *find(const struct given *given)
{
    for (size_t i = 0; i < sizeof subcommands / sizeof subcommands[0] && given->count > 0; i++) {
        if (strcmp(given->words[0], subcommands[i].name) == 0) {
            return &subcommands[i];
        }
    }
    return NULL;
}

/* What an option takes, where its value alone can be wrong. */
static const char *expected(int option)
{
    switch (option) {
    case 'h':
        return "two capital letters, such as MY";
    case 'p':
        return "border, hiring, hotel or event";
    case 'a':
        return "a day, such as 2027-01-31";
    case 'u':
        return "a difference, such as +07:00";
    case 'l':
        return "en, id, ms, fil, th or vi";
    case 't':
        return "a TPM, such as device:/dev/tpmrm0";
    case 'W':
        return "seconds, at most 3600";
    default:
        return "a name";
    }
}

/* The subcommand that was most likely meant, for messages while options are still being read. */
static void name_page(int argc, char **argv, char room[32])
{
    struct given given = {.count = argc - 1, .words = argv + 1};
    const struct subcommand *s = find(&given);
    (void)snprintf(room, 32, "card%s%s", s == NULL ? "" : " ", s == NULL ? "" : s->name);
}

/* False after a message. */
static bool take_options(struct card_options *o, int argc, char **argv, struct given *given)
{
    char page[32];
    int option, at = 0;
    name_page(argc, argv, page);
    while ((option = getopt_long(argc, argv, "", options, &at)) != -1) {
        if (option == '?') {
            terminal_bad_option(page, argv[optind - 1]);
            return false;
        }
        if (option != 'H' && !take_option(o, option, optarg)) {
            terminal_error(
                "card", "--%s %s: not a value this option takes (%s); see saksi %s --help",
                options[at].name, *optarg == '\0' ? "\"\"" : optarg, expected(option), page);
            return false;
        }
        if (strchr(given->letters, option) == NULL) {
            given->letters[strlen(given->letters)] = (char)option;
        }
    }
    given->count = argc - optind;
    given->words = argv + optind;
    return true;
}

/* What the subcommand would pass over is a mistake. */
static bool fits(const struct subcommand *s, const struct given *given)
{
    size_t good = strspn(given->letters, s->takes);
    for (size_t i = 0; given->letters[good] != '\0' && options[i].name != NULL; i++) {
        if (options[i].val == given->letters[good]) {
            terminal_error("card", "--%s is not an option of %s; see saksi card %s --help",
                           options[i].name, s->name, s->name);
            return false;
        }
    }
    if (given->count > 1 + s->words) {
        terminal_error("card", "%s: %s: takes no file", s->name, given->words[1 + s->words]);
        return false;
    }
    return true;
}

static bool has_host(const struct card_options *o)
{
    if (o->judge.settings.host[0] == '\0') {
        terminal_error("card", "no host state: give --host CC, or set \"host\" in "
                               "/etc/saksi/saksi.conf");
        return false;
    }
    return true;
}

static int run(struct card_options *o, int argc, const struct given *given)
{
    const struct subcommand *s = find(given);
    bool wants_help = strchr(given->letters, 'H') != NULL;
    if (wants_help && (s != NULL || given->count == 0)) {
        fputs(s == NULL ? help : s->help, stdout);
        bool alone = argc == 2 + given->count && (s == NULL || given->count <= 1 + s->words);
        return alone ? EXIT_SUCCESS : EXIT_USAGE; /* must not look like "all VALID" */
    }
    if (s == NULL) {
        terminal_error("card", given->count == 0
                                   ? "name a subcommand; saksi card --help lists them"
                                   : "there is no subcommand of that name; see saksi card --help");
        return EXIT_USAGE;
    }
    if (!fits(s, given) || (strchr(s->takes, 'h') != NULL && !has_host(o))) {
        return EXIT_USAGE;
    }
    o->action = given->count > 1 ? given->words[1] : NULL;
    return s->run(o);
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
    static struct card_options o = {.wait_s = CARD_PRESENTED_WAIT_S};
    struct given given = {0};
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
    int status = take_options(&o, argc, argv, &given) ? run(&o, argc, &given) : EXIT_USAGE;
    return status >= EXIT_USAGE || terminal_finish("card") ? status : EXIT_INPUT_OUTPUT;
}
