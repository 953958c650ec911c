/* SPDX-License-Identifier: Apache-2.0
 *
 * A verdict as text: the outcome first, then what was proved, about whom, why, and what to do next.
 */
#include "cli/show.h"

#include <stdio.h>
#include <string.h>

#include "cli/terminal.h"
#include "codec/date.h"

#define LABEL_COLUMNS 16

static const struct {
    const char *shape;
    const char *word;
    enum terminal_colour colour;
} look[] = {
    [SAKSI_VALID] = {"✔", N_("VALID"), TERMINAL_GREEN},
    [SAKSI_CHECK_BY_HAND] = {"▲", N_("CHECK BY HAND"), TERMINAL_AMBER},
    [SAKSI_NOT_VALID] = {"✖", N_("NOT VALID"), TERMINAL_RED},
    [SAKSI_CANNOT_VERIFY] = {"?", N_("CANNOT VERIFY"), TERMINAL_GREY},
};

/* Why a certificate was withdrawn, by the reason codes of WIRE.md. */
static const char *const withdrawal[] = {
    "",
    N_("no reason given"),
    N_("error"),
    N_("fraud"),
    N_("at the holder's request"),
    N_("superseded"),
    N_("fraud at the centre"),
};

const char *show_card_assurance(enum saksi_assurance assurance)
{
    switch (assurance) {
    case SAKSI_ASSURANCE_CARD_PROVED:
        return N_("key proved");
    case SAKSI_ASSURANCE_TOKEN_PROVED:
        return N_("key proved (generic token)");
    case SAKSI_ASSURANCE_CARD_READ:
        return N_("read only");
    default:
        return NULL;
    }
}

static const char *tr(const struct show *show, const char *english)
{
    return translation_text(show->translation, english);
}

static void label(const struct show *show, const char *english)
{
    const char *text = tr(show, english);
    int pad = LABEL_COLUMNS - terminal_width(span_str(text));
    printf("  %s%*s", text, pad > 1 ? pad : 1, "");
}

/* The label in front of the first of several values, blanks before the others. */
static void first_label(const struct show *show, bool first, const char *english)
{
    if (first) {
        label(show, english);
    } else {
        printf("  %*s", LABEL_COLUMNS, "");
    }
}

static void line(const struct show *show, const char *english, struct span value)
{
    if (value.len > 0) {
        label(show, english);
        terminal_text(stdout, value);
        putchar('\n');
    }
}

/* A further value under the label above it. */
static void line_more(struct span value)
{
    if (value.len > 0) {
        printf("  %*s", LABEL_COLUMNS, "");
        terminal_text(stdout, value);
        putchar('\n');
    }
}

static void claim(const struct show *show, const char *english, const struct verdict *v,
                  enum saksi_claim which)
{
    line(show, english, credential_text(&v->credential, which));
}

static void date_line(const struct show *show, const char *english, const struct verdict *v,
                      enum saksi_claim which)
{
    char text[SHOW_DATE_SIZE];
    if (credential_has(&v->credential, which)) {
        line(show, english,
             span_str(show_date(show, credential_number(&v->credential, which), text)));
    }
}

/* The reason to name beside the outcome: the worst, or with a good one, why it is recognised here.
 */
static const struct reason_info *headline_reason(const struct verdict *v)
{
    for (size_t i = 0; v->outcome == SAKSI_VALID && i < v->reason_count; i++) {
        if (v->reason[i].reason / 100 == 3) {
            return reason_find(v->reason[i].reason);
        }
    }
    return reason_find(v->reason[0].reason);
}

static void headline(const struct show *show, const struct verdict *v)
{
    const struct reason_info *first = headline_reason(v);
    char name[64];
    snprintf(name, sizeof name, "%s", first->name);
    for (char *c = name; *c != '\0'; c++) {
        *c = *c == '_' ? ' ' : *c;
    }
    terminal_colour(stdout, look[v->outcome].colour);
    printf(" %s %s ", look[v->outcome].shape, tr(show, look[v->outcome].word));
    terminal_colour(stdout, TERMINAL_PLAIN);
    printf(" %s\n", name);
}

static void show_source_line(const struct show *show, const struct show_source *source)
{
    label(show, "Input");
    terminal_text(stdout, span_str(source->input));
    if (source->page > 0) {
        printf(", %s %u", tr(show, "page"), source->page);
    }
    putchar('\n');
}

static void show_holder(const struct show *show, const struct verdict *v)
{
    claim(show, "Name", v, SAKSI_CLAIM_HOLDER_NAME);
    line_more(credential_text(&v->credential, SAKSI_CLAIM_HOLDER_NAME_NATIVE));
    date_line(show, "Born", v, SAKSI_CLAIM_BIRTH_DATE);
    if (credential_has(&v->credential, SAKSI_CLAIM_BIRTH_YEAR)) {
        label(show, "Born");
        printf("%lld\n", (long long)credential_number(&v->credential, SAKSI_CLAIM_BIRTH_YEAR));
    }
    claim(show, "Nationality", v, SAKSI_CLAIM_NATIONALITY);
}

static void show_level(const struct show *show, const struct verdict *v)
{
    const struct credential *c = &v->credential;
    if (!credential_has(c, SAKSI_CLAIM_LEVEL)) {
        return;
    }
    label(show, "Level");
    printf("%s %lld, %s %lld",
           claim_value_name(SAKSI_CLAIM_FRAMEWORK, credential_number(c, SAKSI_CLAIM_FRAMEWORK)),
           (long long)credential_number(c, SAKSI_CLAIM_EDITION), tr(show, "level"),
           (long long)credential_number(c, SAKSI_CLAIM_LEVEL));
    if (v->aqrf_level > 0) {
        printf(" (AQRF %d)", v->aqrf_level);
    }
    putchar('\n');
}

static void show_units(const struct show *show, const struct verdict *v)
{
    for (size_t i = 0; i < v->credential.unit_count; i++) {
        struct span code = v->credential.unit[i];
        first_label(show, i == 0, N_("Units"));
        terminal_text(stdout, code);
        struct span title = verify_catalogue_title(show->verifier, span_str(v->issuing_state),
                                                   ROW_UNIT_TITLE, code, span_str(show->lang));
        if (title.len > 0) {
            fputs("  ", stdout);
            terminal_text(stdout, title);
        }
        putchar('\n');
    }
}

static void show_title(const struct show *show, const struct verdict *v)
{
    struct span english = credential_text(&v->credential, SAKSI_CLAIM_SCHEME_TITLE);
    struct span code = credential_text(&v->credential, SAKSI_CLAIM_SCHEME_CODE);
    line(show, "Certificate", english);
    struct span title = verify_catalogue_title(show->verifier, span_str(v->issuing_state),
                                               ROW_SCHEME_TITLE, code, span_str(show->lang));
    if (!span_equal(title, english)) {
        line_more(title);
    }
    line(show, "Scheme", code);
}

static void show_validity(const struct show *show, const struct verdict *v)
{
    date_line(show, "Issued", v, SAKSI_CLAIM_ISSUE_DATE);
    if ((v->credential.is_null >> SAKSI_CLAIM_VALID_UNTIL & 1) != 0) {
        line(show, "Valid until", span_str(tr(show, "no expiry")));
    } else {
        date_line(show, "Valid until", v, SAKSI_CLAIM_VALID_UNTIL);
    }
    if (v->status_reason != 0 && v->status_day != INT64_MIN) {
        char text[SHOW_DATE_SIZE];
        label(show, "Withdrawn");
        printf("%s (%s)\n", show_date(show, v->status_day, text),
               tr(show, withdrawal[v->status_reason]));
    }
}

static void show_award(const struct show *show, const struct verdict *v)
{
    show_title(show, v);
    if (credential_has(&v->credential, SAKSI_CLAIM_COVERAGE)) {
        bool full = credential_number(&v->credential, SAKSI_CLAIM_COVERAGE) == 1;
        line(show, "Award", span_str(tr(show, full ? N_("full") : N_("PARTIAL"))));
    }
    show_level(show, v);
    show_units(show, v);
    claim(show, "Restrictions", v, SAKSI_CLAIM_RESTRICTIONS);
    claim(show, "Number", v, SAKSI_CLAIM_CERTIFICATE_NUMBER);
    show_validity(show, v);
}

static void show_issuer(const struct show *show, const struct verdict *v)
{
    if (v->genuine) {
        struct span lang = span_str(show->lang);
        struct span name = row_name(&v->issuer_names, lang);
        label(show, "Issuer");
        /* A list chooses the names of its issuers, but not the state it speaks for. */
        printf("%s  ", v->issuing_state);
        terminal_text(stdout,
                      name.len > 0 ? name : credential_text(&v->credential, SAKSI_CLAIM_ISS));
        putchar('\n');
        line(show, "Authority", row_name(&v->awarding_body_names, lang));
    } else if (v->claimed_issuer[0] != '\0') {
        label(show, "Issuer");
        terminal_text(stdout, span_str(v->claimed_issuer));
        printf(" (%s)\n", tr(show, "claimed, not verified"));
    }
}

static void show_recognition(const struct show *show, const struct verdict *v)
{
    if (!v->recognition.evaluated || !v->recognition.covered || v->recognition.domestic) {
        return;
    }
    label(show, "Recognition");
    printf("%s, %s %s\n", row_enum_name(ROW_ENUM_ARRANGEMENT, v->recognition.arrangement),
           tr(show, "rule"), v->recognition.rule);
    line(show, "Conditions", row_name(&v->recognition.conditions, span_str(show->lang)));
}

/* Whose list a reason is about, or where there is none. */
static void show_about(const struct show *show, const struct verdict_reason *reason)
{
    if (reason->state[0] != '\0') {
        printf(" (%s)", reason->state);
    } else if (reason->reason == SAKSI_NO_TRUST_LIST && show->db != NULL) {
        fputs(" (", stdout);
        terminal_text(stdout, span_str(show->db));
        putchar(')');
    }
}

static void show_reasons(const struct show *show, const struct verdict *v)
{
    for (size_t i = 0; i < v->reason_count; i++) {
        const struct reason_info *info = reason_find(v->reason[i].reason);
        first_label(show, i == 0, N_("Reasons"));
        printf("%d  %s", info->reason, tr(show, info->sentence));
        show_about(show, &v->reason[i]);
        putchar('\n');
    }
    for (size_t i = 0; i < v->reason_count; i++) {
        const struct reason_info *info = reason_find(v->reason[i].reason);
        if (info->next_step[0] != '\0' && info->severity == v->outcome) {
            line(show, "Next step", span_str(tr(show, info->next_step)));
            return;
        }
    }
}

static void show_lists(const struct show *show, const struct verdict *v)
{
    char text[SHOW_DATE_SIZE];
    if (v->trust.known) {
        label(show, "Lists");
        printf("%s %s, ", tr(show, "checked offline; lists of"),
               show_date(show, v->trust.issued_at_s / 86400, text));
        printf("%d %s\n", v->trust.age_days,
               tr(show, v->trust.age_days == 1 ? N_("day old") : N_("days old")));
    }
}

static void show_card(const struct show *show, const struct show_source *source,
                      const struct verdict *v)
{
    const char *proved = show_card_assurance(v->assurance);
    if (proved != NULL) {
        line(show, N_("Card"), span_str(tr(show, proved)));
    }
    if (source->same_paper) {
        line(show, "Paper", span_str(tr(show, "the same certificate")));
    }
    if (source->card && verdict_has(v, SAKSI_COMPARE_PHOTO)) {
        label(show, "Photo");
        printf("%s: saksi card read --out FOLDER\n", tr(show, "on the card; this writes it"));
    }
}

void show_text(const struct show *show, const struct show_source *source, const struct verdict *v)
{
    headline(show, v);
    show_source_line(show, source);
    if (v->genuine) {
        show_holder(show, v);
        show_award(show, v);
    }
    show_issuer(show, v);
    show_recognition(show, v);
    show_card(show, source, v);
    show_reasons(show, v);
    show_lists(show, v);
    if (v->sample || show->sample) {
        line(show, "SAMPLE",
             span_str(tr(show, "sample authorities and rules: this proves nothing")));
    }
    terminal_colour(stdout, TERMINAL_DIM);
    printf("  %s\n\n", tr(show, "This result is not a permission to work or to enter."));
    terminal_colour(stdout, TERMINAL_PLAIN);
}
