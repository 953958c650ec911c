/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi demo: makes everything, judges every page, and shows expected beside actual verdicts.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#ifdef SAKSI_HAVE_CARD
#include "cli/demo/card.h"
#endif
#include "cli/demo/demo.h"
#include "cli/place.h"
#include "cli/terminal.h"
#include "verifier/verdict.h"

static const char help[] =
    "Usage: saksi demo [--card] [DIR]\n"
    "Make sample authorities and certificates in DIR (default ./saksi-demo), print\n"
    "them, scan the pages and compare the verdicts with the expected ones. A DIR left\n"
    "by an earlier demo is made anew.\n"
    "\n"
    "  --card  issue on a card instead, copy the card, and judge card, paper and\n"
    "          copy (DIR is ./saksi-card-demo then); in two virtual readers, which\n"
    "          tools/virtual-card of a source tree provides\n"
    "\n"
    "Exit status: 0 every verdict is as expected, 1 one is not, 64 usage, 74 a file\n"
    "could not be made.\n";

static const enum terminal_colour colour_of[] = {
    [SAKSI_VALID] = TERMINAL_GREEN,
    [SAKSI_CHECK_BY_HAND] = TERMINAL_AMBER,
    [SAKSI_CANNOT_VERIFY] = TERMINAL_GREY,
    [SAKSI_NOT_VALID] = TERMINAL_RED,
};

static void print_row(const struct demo_case *c, const struct demo_answer *answer, bool as_expected)
{
    printf("%-24s %-14s %-26s ", c->name, outcome_text(c->outcome), reason_find(c->reason)->name);
    terminal_colour(stdout, colour_of[answer->outcome]);
    printf("%-14s", outcome_text(answer->outcome));
    terminal_colour(stdout, TERMINAL_PLAIN);
    printf(" %-26s %s\n", reason_find(answer->reason)->name,
           as_expected ? "as expected" : "DIFFERENT");
}

/* One line a certificate, so that another program can repeat the comparison. */
static bool write_expected(struct demo *demo)
{
    char path[PATH_MAX];
    FILE *file = demo_path(demo, path, "%s/expected.csv", demo->dir) ? fopen(path, "we") : NULL;
    if (file == NULL) {
        return demo_fail(demo, "%s: cannot be written", path);
    }
    fputs("name,host,purpose,post,outcome,reason\n", file);
    for (size_t i = 0; i < demo_case_count; i++) {
        const struct demo_case *c = &demo_case[i];
        fprintf(file, "%s," DEMO_HOST ",%s,%s,%s,%s\n", c->name,
                row_enum_name(ROW_ENUM_PURPOSE, (int)c->purpose), c->post == NULL ? "" : c->post,
                outcome_json(c->outcome), reason_find(c->reason)->name);
    }
    return fclose(file) == 0 || demo_fail(demo, "%s: cannot be written", path);
}

/* Returns the number of certificates whose verdict is not the expected one; -1 when a page cannot
 * be judged. */
static int judge_all(struct demo *demo)
{
    struct demo_judge *judge = NULL;
    int different = 0;
    if (!demo_judge_open(demo, &judge)) {
        return -1;
    }
    printf("\n%-24s %-41s %s\n", "certificate", "expected", "scanned from its page");
    for (size_t i = 0; i < demo_case_count && different >= 0; i++) {
        struct demo_answer answer;
        if (!demo_judge_page(demo, judge, &demo_case[i], &answer)) {
            different = -1;
            break;
        }
        bool as_expected =
            answer.outcome == demo_case[i].outcome && answer.reason == demo_case[i].reason;
        print_row(&demo_case[i], &answer, as_expected);
        different += !as_expected;
    }
    demo_judge_close(judge);
    return different;
}

/* A line that counts up on a terminal, and is written once elsewhere. */
static void print_progress(size_t done)
{
    bool terminal = isatty(STDOUT_FILENO);
    if (terminal || done == demo_case_count) {
        printf("%scertificates: %zu of %zu issued, printed, read back", terminal ? "\r" : "", done,
               demo_case_count);
        fflush(stdout);
    }
}

static bool make_certificates(struct demo *demo)
{
    for (size_t i = 0; i < demo_case_count; i++) {
        print_progress(i + 1);
        if (!demo_make_certificate(demo, &demo_case[i])) {
            putchar('\n');
            return false;
        }
    }
    putchar('\n');
    return true;
}

static int run(struct demo *demo)
{
    if (!demo_make_folder(demo)) {
        return -1;
    }
    printf("SAMPLE DATA: invented authorities, people and rules, in %s\n", demo->dir);
    puts("authorities: ID, MY, PH, TH: keys, lists, signatures, two bundles a hundred days apart");
    if (!demo_make_trust(demo)) {
        return -1;
    }
    if (!make_certificates(demo) || !write_expected(demo)) {
        return -1;
    }
    return judge_all(demo);
}

#ifdef SAKSI_HAVE_CARD
static int run_card(struct demo *demo)
{
    struct demo_answer answer[DEMO_CARD_CASES];
    int different = 0;
    if (!demo_card_ready(demo) || !demo_make_folder(demo)) {
        return -1;
    }
    printf("SAMPLE DATA: invented authorities, people and keys, in %s\n", demo->dir);
    if (!demo_make_trust(demo) || !demo_card(demo, answer)) {
        return -1;
    }
    printf("\n%-24s %-41s %s\n", "shown", "expected", "judged");
    for (size_t i = 0; i < DEMO_CARD_CASES; i++) {
        const struct demo_case *c = &demo_card_case[i];
        bool as_expected = answer[i].outcome == c->outcome && answer[i].reason == c->reason;
        print_row(c, &answer[i], as_expected);
        different += !as_expected;
    }
    return different;
}
#else
static int run_card(struct demo *demo)
{
    (void)demo_fail(demo, "this build reads no cards: it was made without libpcsclite");
    return -1;
}
#endif

static int take_arguments(struct demo *demo, bool *card, int argc, char **argv)
{
    static const struct option options[] = {
        {"card", no_argument, NULL, 'c'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    int option = getopt_long(argc, argv, "", options, NULL);
    if (option == 'h') {
        fputs(help, stdout);
        return EXIT_SUCCESS;
    }
    if (option == 'c') {
        *card = true;
        option = getopt_long(argc, argv, "", options, NULL);
    }
    if (option != -1 || argc - optind > 1) {
        fputs("Try: saksi demo --help\n", stderr);
        return EXIT_USAGE;
    }
    const char *dir = optind < argc ? argv[optind] : *card ? "saksi-card-demo" : "saksi-demo";
    return demo_path(demo, demo->dir, "%s", dir) ? -1 : EXIT_USAGE;
}

int main(int argc, char **argv)
{
    static struct demo demo;
    bool card = false;
    int stop = take_arguments(&demo, &card, argc, argv);
    if (stop >= 0) {
        return stop;
    }
    demo.libexec_dir = place_libexec();
    demo.now_s = (int64_t)time(NULL);
    demo.build_s = SAKSI_BUILD_TIME;
    size_t count = card ? 3 : demo_case_count;
    int different = card ? run_card(&demo) : run(&demo);
    if (different < 0) {
        terminal_error("demo", "%s", demo.problem.text);
        return EXIT_INPUT_OUTPUT;
    }
    if (different > 0) {
        printf("\n%d of %zu verdicts are not as expected\n", different, count);
        return EXIT_REFUSED;
    }
    if (card) {
        printf("\nall %zu verdicts are as expected; try:\n    saksi card verify --sample "
               "--host " DEMO_HOST " --db %s/trust.db\n",
               count, demo.dir);
        return EXIT_SUCCESS;
    }
    printf("\nall %zu verdicts are as expected; try:\n    saksi verify --sample --host " DEMO_HOST
           " --db %s/trust.db %s/certificates/revoked.png\n",
           demo_case_count, demo.dir, demo.dir);
    return EXIT_SUCCESS;
}
