/* SPDX-License-Identifier: Apache-2.0
 *
 * The survey of a trust store as text: what is wrong or missing first, then what there is, then
 * what will end, the next end first.
 */
#include "cli/trust_status.h"

#include <limits.h>
#include <stdio.h>

#include "cli/fingerprint.h"
#include "cli/terminal.h"
#include "codec/credential.h"
#include "codec/date.h"

#define LABEL_COLUMNS 10
#define MAX_LINES     16 /* of problems, and of ends: a screen holds both */

static void label(const char *text)
{
    printf("  %-*s", LABEL_COLUMNS, text);
}

static void coloured(enum terminal_colour colour, const char *word)
{
    terminal_colour(stdout, colour);
    printf(" %s ", word);
    terminal_colour(stdout, TERMINAL_PLAIN);
}

static void dim(const char *text)
{
    terminal_colour(stdout, TERMINAL_DIM);
    fputs(text, stdout);
    terminal_colour(stdout, TERMINAL_PLAIN);
}

static void print_day(const struct trust_survey *s, int64_t time_s)
{
    char text[DATE_TEXT_SIZE];
    fputs(date_format(clock_day(time_s, s->utc_offset_s), text), stdout);
}

static void print_days(int64_t days, const char *suffix)
{
    printf("%lld %s%s", (long long)days, days == 1 ? "day" : "days", suffix);
}

static void print_more(const struct survey_notes *notes, size_t shown)
{
    size_t more = notes->count - shown + notes->more;
    if (more > 0) {
        label("");
        printf("and %zu more\n", more);
    }
}

static size_t lines_of(const struct survey_notes *notes)
{
    return notes->count < MAX_LINES ? notes->count : MAX_LINES;
}

/* --- what is wrong or missing --- */

/* The part of a sentence behind the state; what is named in it follows. */
static const char *const problem_text[SURVEY_PROBLEM_COUNT] = {
    [SURVEY_NO_ROOT] = "No root is installed. Next: saksi trust init --root FILE.root",
    [SURVEY_CLOCK_SUSPECT] =
        "This device's clock is not believed: set it, or import a newer bundle",
    [SURVEY_ROOT_EXPIRED] = "The root has expired: import a bundle with the next one",
    [SURVEY_NO_HEADER] = "No header: nothing says how old the lists are; import a bundle",
    [SURVEY_HEADER_EXPIRED] = "The header has expired: import a newer bundle",
    [SURVEY_HOST_LIST_MISSING] = "the host state: its list is not here, so nothing is recognised",
    [SURVEY_LIST_DISABLED] = "its list is DISABLED: its keys are no longer in the root",
    [SURVEY_LIST_MISSING] = "its list is missing, though the header names it",
    [SURVEY_LIST_EXPIRED] = "its list has EXPIRED",
    [SURVEY_LIST_OLD] = "its list is old",
    [SURVEY_LIST_BEHIND] = "its list is behind: the header names a newer one, or none",
    [SURVEY_HOST_RULES_MISSING] = "the host state: its list has no rule in force",
    [SURVEY_STATE_WITHOUT_LIST] = "in the root, but without a list",
    [SURVEY_ISSUER_WITHOUT_KEY] = "licensed, but no key in force:",
    [SURVEY_KEY_WITHOUT_LICENCE] = "key in force, but no licence:",
    [SURVEY_RULES_NOT_COVERED] = "rules about a state that the root does not know:",
    [SURVEY_MAP_MISSING] = "does not map a framework that rules name:",
};

static void print_framework(const struct survey_note *note)
{
    const char *name = claim_value_name(SAKSI_CLAIM_FRAMEWORK, note->framework);
    if (name != NULL) {
        printf(" %s", name);
    } else {
        printf(" framework %d", note->framework);
    }
    if (note->edition != 0) {
        printf(" %d", note->edition);
    }
}

static void print_kid(const struct survey_note *note)
{
    putchar(' ');
    for (size_t i = 0; i < sizeof note->kid; i++) {
        printf("%02x", note->kid[i]);
    }
}

static void print_issuer(const struct survey_note *note)
{
    if (note->issuer[0] != '\0') {
        putchar(' ');
        terminal_text(stdout, span_str(note->issuer));
    }
}

static void print_problem(const struct survey_note *note)
{
    bool fault = note->kind <= SURVEY_LAST_FAULT;
    fputs("  ", stdout);
    coloured(fault ? TERMINAL_RED : TERMINAL_AMBER, fault ? "✖ FAULT" : "▲ GAP  ");
    printf(" %s%s%s", note->state, note->state[0] == '\0' ? "" : "  ", problem_text[note->kind]);
    print_issuer(note);
    if (note->kind == SURVEY_KEY_WITHOUT_LICENCE) {
        print_kid(note);
    }
    if (note->kind == SURVEY_LIST_OLD && note->days != INT_MAX) {
        printf(": %d days", note->days);
    }
    if (note->about[0] != '\0') {
        printf(" %s (%zu)", note->about, note->count);
    }
    if (note->framework != 0) {
        print_framework(note);
    }
    putchar('\n');
}

static void print_problems(const struct survey_notes *notes)
{
    size_t shown = lines_of(notes);
    for (size_t i = 0; i < shown; i++) {
        print_problem(&notes->note[i]);
    }
    print_more(notes, shown);
    if (notes->count == 0) {
        fputs("  ", stdout);
        coloured(TERMINAL_GREEN, "✔ IN ORDER");
        puts(" nothing is missing or overdue");
    }
    putchar('\n');
}

/* --- what there is --- */

static void print_header(const struct trust_survey *s)
{
    const struct trust_header *header = &s->trust.header;
    int64_t age_s = s->clock.now_s - header->issued_at_s;
    label("Header");
    if (!s->trust.has_header) {
        puts("none; import a bundle");
        return;
    }
    printf("version %lld, issued ", (long long)header->version);
    print_day(s, header->issued_at_s);
    fputs(" (", stdout);
    print_days(age_s > 0 ? age_s / CLOCK_DAY_S : 0, " ago), until ");
    print_day(s, header->expires_s);
    putchar('\n');
    label("Ages");
    printf("plain up to %d days, shown up to %d, amber up to %d, then unknown\n",
           s->limits.plain_days, s->limits.shown_days, s->limits.amber_days);
}

static void print_clock(const struct trust_survey *s)
{
    label("Clock");
    if (s->clock.suspect) {
        coloured(TERMINAL_RED, "SUSPECT");
        putchar(' ');
    } else {
        fputs("believed; ", stdout);
    }
    fputs("it is certainly later than ", stdout);
    print_day(s, s->clock.floor_s);
    if (s->trust.high_water_s != 0) {
        fputs(", the latest seen is ", stdout);
        print_day(s, s->trust.high_water_s);
    }
    putchar('\n');
}

static void print_documents(const struct trust_survey *s)
{
    label("Root");
    printf("version %lld, until ", (long long)s->trust.root->version);
    print_day(s, s->trust.root->expires_s);
    fputs(", fingerprint\n", stdout);
    fingerprint_print(stdout, s->trust.root_id);
    print_header(s);
    print_clock(s);
    label("Host");
    puts(s->host[0] == '\0' ? "not set in saksi.conf" : s->host);
}

static void print_age(const struct survey_list *list)
{
    static const enum terminal_colour colour[] = {
        [STALENESS_PLAIN] = TERMINAL_GREEN,
        [STALENESS_SHOWN] = TERMINAL_GREEN,
        [STALENESS_AMBER] = TERMINAL_AMBER,
        [STALENESS_UNKNOWN] = TERMINAL_RED,
    };
    if (list->age_days == INT_MAX) {
        printf("%12s", "never");
    } else {
        printf("%4d %s ago", list->age_days, list->age_days == 1 ? "day " : "days");
    }
    putchar(' ');
    coloured(colour[list->staleness], survey_staleness_name(list->staleness));
}

static void print_lists(const struct trust_survey *s)
{
    putchar('\n');
    label("Lists");
    dim("state  version  as of       until          confirmed\n");
    for (size_t i = 0; i < s->trust.list_count; i++) {
        const struct trust_stored_list *stored = s->list[i].stored;
        label("");
        printf("%-5s  %7lld  ", stored->state, (long long)stored->version);
        print_day(s, stored->as_of_s);
        fputs("  ", stdout);
        print_day(s, stored->expires_s);
        fputs("  ", stdout);
        print_age(&s->list[i]);
        printf("%s%s%s\n", stored->disabled ? " DISABLED" : "", stored->behind ? " BEHIND" : "",
               s->clock.now_s > stored->expires_s ? " EXPIRED" : "");
    }
}

/* "3/4": so many of them hold today. */
static void print_part(size_t part, size_t all, int columns)
{
    char text[48];
    (void)snprintf(text, sizeof text, "%zu/%zu", part, all);
    printf("%*s", columns, text);
}

static void print_contents(const struct trust_survey *s)
{
    putchar('\n');
    label("Contents");
    dim("state   issuers      keys     rules  maps  titles    allotted   revoked  suspended\n");
    for (size_t i = 0; i < s->trust.list_count; i++) {
        const struct survey_list *list = &s->list[i];
        label("");
        printf("%-5s", list->stored->state);
        print_part(list->issuers_licensed, list->issuers, 10);
        print_part(list->keys_in_force, list->keys, 10);
        print_part(list->rules_in_force, list->rules, 10);
        printf("%6zu%8zu%12llu%10llu%11llu\n", list->maps, list->titles,
               (unsigned long long)list->allotted, (unsigned long long)list->revoked,
               (unsigned long long)list->suspended);
    }
    label("");
    dim("(issuers licensed today of all; keys and rules in force of all)\n");
}

/* --- what will end --- */

static void print_end(const struct trust_survey *s, const struct survey_note *note)
{
    char day[DATE_TEXT_SIZE];
    const char *what = survey_expiry_name((enum survey_expiry)note->kind);
    printf("%s  in %4lld %s  ", date_format(note->day, day), (long long)(note->day - s->today),
           note->day - s->today == 1 ? "day " : "days");
    if (note->state[0] == '\0') {
        fputs(what, stdout);
    } else {
        printf("%-7s  %s", what, note->state);
    }
    print_issuer(note);
    if (note->kind == SURVEY_EXPIRY_KEY) {
        print_kid(note);
    }
    putchar('\n');
}

static void print_ends(const struct trust_survey *s)
{
    size_t shown = lines_of(&s->expiring);
    if (shown > 0) {
        putchar('\n');
    }
    for (size_t i = 0; i < shown; i++) {
        label(i == 0 ? "Ends" : "");
        print_end(s, &s->expiring.note[i]);
    }
    print_more(&s->expiring, shown);
}

void trust_status_text(const struct trust_survey *survey, const struct trust_mark *mark)
{
    if (survey->trust.has_root && survey->trust.root->sample) {
        coloured(TERMINAL_AMBER, "SAMPLE DATA:");
        puts("these authorities are examples and prove nothing.");
    }
    print_problems(&survey->problems);
    mark_print(mark, &survey->trust);
    if (!survey->trust.has_root) {
        return;
    }
    print_documents(survey);
    if (survey->trust.list_count > 0) {
        print_lists(survey);
        print_contents(survey);
    }
    print_ends(survey);
}
