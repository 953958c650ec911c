/* SPDX-License-Identifier: Apache-2.0
 *
 * A failure outweighs any verdict, and the worst verdict the others.
 */
#include "cli/judge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/command.h"
#include "cli/mark.h"
#include "cli/place.h"
#include "cli/terminal.h"
#include "codec/date.h"

void judge_fail(struct judge *judge, int status)
{
    if (judge->failure == 0) {
        judge->failure = status;
    }
}

void judge_show(struct judge *judge, const struct show_source *source)
{
    judge->seen[judge->verdict.outcome] = true;
    if (!judge->json) {
        show_text(&judge->show, source, &judge->verdict);
    } else if (!show_json(&judge->show, source, &judge->verdict)) {
        terminal_error(judge->command, "memory ran out");
        judge_fail(judge, EXIT_INTERNAL);
    }
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        terminal_error(judge->command, "the output could not be written: %s", strerror(errno));
        judge_fail(judge, EXIT_INPUT_OUTPUT);
    }
}

void judge_finish(struct judge *judge, const struct show_source *source, enum verify_error error)
{
    if (error == VERIFY_OK) {
        judge_show(judge, source);
    } else if (error == VERIFY_STORE) {
        terminal_error(judge->command, "%s: %s", judge->settings.db,
                       db_error_text(trust_store_db_error(judge->store)));
        judge_fail(judge, EXIT_INPUT_OUTPUT);
    } else {
        terminal_error(judge->command, "memory ran out, or the cryptographic library failed");
        judge_fail(judge, EXIT_INTERNAL);
    }
}

int judge_summary(const struct judge *judge)
{
    if (judge->failure != 0) {
        return judge->failure;
    }
    if (judge->seen[SAKSI_NOT_VALID]) {
        return EXIT_ANY_NOT_VALID;
    }
    if (judge->seen[SAKSI_CHECK_BY_HAND]) {
        return EXIT_ANY_CHECK;
    }
    return judge->seen[SAKSI_CANNOT_VERIFY] ? EXIT_ANY_CANNOT : EXIT_ALL_VALID;
}

bool judge_take(struct judge *judge, int option, const char *value)
{
    static const char *const name[] = {
        ['d'] = "db",         ['h'] = "host", ['p'] = "purpose",
        ['u'] = "utc_offset", ['l'] = "lang", ['t'] = "tpm",
    };
    switch (option) {
    case 's':
        judge->settings.sample = true;
        return true;
    case 'j':
        judge->json = true;
        return true;
    case 'o':
        judge->request.post = span_str(value);
        return true;
    case 'a':
        judge->request.has_at = true;
        return date_parse(span_str(value), &judge->request.at_day);
    default:
        return settings_set(&judge->settings, name[option], value);
    }
}

/* No trust list at all is an answer (NO_TRUST_LIST); one that cannot be opened is an error. */
static bool open_store(struct judge *judge)
{
    enum db_error db_error = DB_OK;
    const char *path = judge->settings.db;
    switch (trust_store_open(path, DB_READ, judge->settings.sample, &judge->store, &db_error)) {
    case TRUST_STORE_OK:
        return true;
    case TRUST_STORE_SAMPLE:
        terminal_error(judge->command,
                       "%s: holds sample data, which proves nothing; add --sample to use it", path);
        judge->failure = EXIT_USAGE;
        return false;
    default:
        if (db_error == DB_MISSING) {
            return true;
        }
        terminal_error(judge->command, "%s: %s", path, db_error_text(db_error));
        judge->failure = EXIT_INPUT_OUTPUT;
        return false;
    }
}

bool judge_open(struct judge *judge, int64_t build_s)
{
    if (!open_store(judge)) {
        return false;
    }
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s/translations", place_share());
    judge->translation = translation_open(folder, judge->settings.lang);
    if (judge->store != NULL) { /* once: while this runs, the store only gets newer */
        judge->request.mark =
            mark_read(judge->command, &judge->settings, trust_store_holds_sample(judge->store));
    }
    judge->request.build_s = build_s;
    judge->show = (struct show){
        .translation = judge->translation,
        .lang = judge->settings.lang,
        .sample = judge->store != NULL && trust_store_holds_sample(judge->store),
        .db = judge->settings.db,
    };
    if (verifier_new(judge->store, &judge->verifier) != VERIFY_OK) {
        terminal_error(judge->command, "memory ran out");
        judge_fail(judge, EXIT_INTERNAL);
        return false;
    }
    judge->show.verifier = judge->verifier;
    return true;
}

void judge_tell_language(const struct judge *judge)
{
    const char *lang = judge->settings.lang;
    if (judge->translation == NULL && strcmp(lang, "en") != 0) {
        terminal_error(judge->command,
                       "--lang %s: there is no translation; the sentences stay English", lang);
    }
}

void judge_close(struct judge *judge)
{
    verifier_free(judge->verifier);
    translation_close(judge->translation);
    trust_store_close(judge->store);
}

void judge_now(struct judge *judge)
{
    judge->request.now_s = (int64_t)time(NULL);
    judge->request.utc_offset_s = judge->settings.utc_offset_s;
    memcpy(judge->request.host, judge->settings.host, sizeof judge->request.host);
    judge->request.purpose = judge->settings.purpose;
    judge->request.tighten = judge->settings.tighten;
}
