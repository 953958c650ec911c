/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi card watch: what happens at the readers, one JSON object a line, for a program that shows
 * it. A card is judged once for each time it comes, one after the other; that another one went is
 * said at once, for a verdict may be on a screen until then. Ends with a signal only.
 */
#include "cli/card/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/terminal.h"

enum { LOOK_MS = 1000, RETRY_S = 1 };

volatile sig_atomic_t watch_stopped;

struct watch {
    struct card_options *o;
    struct card_readers *readers;
    enum card_io_error lost; /* why the service is not there, as it was said */
    size_t count;
    struct card_reader_state known[CARD_READER_MAX];
    bool due[CARD_READER_MAX];        /* the card in each is to be judged */
    char busy[CARD_READER_NAME_SIZE]; /* whose card is being judged; empty: none */
};

static void stop(int signal)
{
    (void)signal;
    watch_stopped = 1;
}

static void catch_signals(void)
{
    const struct sigaction action = {.sa_handler = stop};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

/* ---- events ---- */

void watch_say(const char *event, const char *reader, struct json_value *object)
{
    struct json_value *said = object == NULL ? json_new_object() : object;
    json_put_string(said, "event", event);
    if (reader != NULL) {
        json_put_string(said, "reader", reader);
    }
    json_put_time(said, "time", (int64_t)time(NULL));
    (void)card_print_json(said);
    (void)fflush(stdout);
}

void watch_say_error(const char *reader, const char *name, const char *text)
{
    struct json_value *object = json_new_object();
    json_put_string(object, "error", name);
    json_put_string(object, "message", text);
    watch_say("error", reader, object);
}

static void say_inserted(const struct card_reader_state *state)
{
    struct json_value *object = json_new_object();
    json_put_hex(object, "atr", span_of(state->atr, state->atr_len));
    watch_say("card_inserted", state->name, object);
}

/* One reader that was there and is there: whether a card came since. */
static bool compare(const struct card_reader_state *before, const struct card_reader_state *now)
{
    bool changed = before->present != now->present || before->changes != now->changes;
    if (changed && before->present) {
        watch_say("card_removed", now->name, NULL);
    }
    if (changed && now->present) {
        say_inserted(now);
    }
    return changed && now->present;
}

static bool is_watched(const struct watch *w, const char *name)
{
    return w->o->reader == NULL || strcmp(w->o->reader, name) == 0;
}

static bool is_busy(const struct watch *w, const char *name)
{
    return strcmp(w->busy, name) == 0;
}

/* What happens at the reader whose card is being judged comes behind its verdict: until then the
 * reader is as it was. */
static size_t hold_back(const struct watch *w, struct card_reader_state now[CARD_READER_MAX],
                        size_t count)
{
    const struct card_reader_state *before = card_readers_find(w->known, w->count, w->busy);
    size_t at = 0;
    while (before != NULL && at < count && !is_busy(w, now[at].name)) {
        at++;
    }
    if (before == NULL || at == CARD_READER_MAX) {
        return count;
    }
    now[at] = *before;
    return at == count ? count + 1 : count;
}

/* One reader that is there. Returns whether its card is to be judged. */
static bool take_note_of(const struct watch *w, const struct card_reader_state *now)
{
    const struct card_reader_state *before = card_readers_find(w->known, w->count, now->name);
    if (!is_watched(w, now->name)) {
        return false;
    }
    if (before != NULL) {
        bool came = compare(before, now);
        return came || (now->present && w->due[before - w->known]);
    }
    watch_say("reader_added", now->name, NULL);
    if (now->present) {
        say_inserted(now);
    }
    return now->present;
}

/* Says what is different from what was known, and notes whose card is to be judged. */
static void take_note(struct watch *w, const struct card_reader_state *now, size_t count)
{
    bool due[CARD_READER_MAX] = {false};
    for (size_t i = 0; i < w->count; i++) {
        if (is_watched(w, w->known[i].name) &&
            card_readers_find(now, count, w->known[i].name) == NULL) {
            watch_say("reader_removed", w->known[i].name, NULL);
        }
    }
    for (size_t i = 0; i < count; i++) {
        due[i] = take_note_of(w, &now[i]);
    }
    memcpy(w->known, now, count * sizeof now[0]);
    memcpy(w->due, due, sizeof due);
    w->count = count;
}

/* ---- the loop ---- */

static enum card_io_error look(struct watch *w)
{
    struct card_reader_state now[CARD_READER_MAX];
    size_t count = 0;
    enum card_io_error error = card_readers_list(w->readers, now, &count);
    if (error == CARD_IO_OK) {
        take_note(w, now, hold_back(w, now, count));
    }
    return error;
}

/* While a card is judged. A service that is lost is found out afterwards. */
static void look_meanwhile(void *ctx)
{
    (void)!look(ctx);
}

/* The first card that is due. One that was waiting while another was judged may be gone, and is not
 * due any more. */
static bool judge_next(struct watch *w)
{
    size_t at = 0;
    while (at < w->count && !w->due[at]) {
        at++;
    }
    if (at == w->count) {
        return false;
    }
    w->due[at] = false;
    memcpy(w->busy, w->known[at].name, sizeof w->busy);
    watch_judge(w->o, w->busy, look_meanwhile, w);
    w->busy[0] = '\0';
    return true;
}

static enum card_io_error watch_readers(struct watch *w)
{
    enum card_io_error error = CARD_IO_OK;
    while (error == CARD_IO_OK && watch_stopped == 0 && ferror(stdout) == 0) {
        error = look(w);
        if (error == CARD_IO_OK && !judge_next(w) && watch_stopped == 0) {
            error = card_readers_sleep(w->readers, w->known, w->count, LOOK_MS);
        }
    }
    return error;
}

/* While the service is there. All its readers go with it. */
static enum card_io_error watch_service(struct watch *w)
{
    enum card_io_error error = card_readers_open(&w->readers);
    if (error != CARD_IO_OK) {
        return error;
    }
    if (w->lost != CARD_IO_OK) {
        watch_say("service_back", NULL, NULL);
    }
    w->lost = CARD_IO_OK;
    w->count = 0;
    memset(w->due, 0, sizeof w->due);
    error = watch_readers(w);
    card_readers_close(w->readers);
    return error;
}

/* Once; that there is no service explains itself, a refusal does not. */
static void say_lost(struct watch *w, enum card_io_error error)
{
    if (error == CARD_IO_DENIED && w->lost != error) {
        watch_say_error(NULL, card_io_error_name(error), card_io_error_text(error));
    }
    if (w->lost == CARD_IO_OK) {
        watch_say("service_lost", NULL, NULL);
    }
    w->lost = error;
}

/* The trust list is opened for each card anew, as it may have been replaced; once in the beginning,
 * so that what is wrong with it is known before the first card. */
static bool check_judge(struct card_options *o)
{
    bool good = judge_open(&o->judge, SAKSI_BUILD_TIME);
    if (good && o->judge.store == NULL) {
        terminal_error("card", "%s: there is no trust list; saksi trust init makes one",
                       o->judge.settings.db);
        judge_fail(&o->judge, EXIT_INPUT_OUTPUT);
        good = false;
    } else if (good) {
        judge_tell_language(&o->judge);
    }
    judge_close(&o->judge);
    o->judge.store = NULL;
    o->judge.verifier = NULL;
    o->judge.translation = NULL;
    return good;
}

const char card_watch_help[] =
    "Usage: saksi card watch [OPTION]...\n"
    "Judge every card that comes, until SIGINT or SIGTERM: one JSON object a line for\n"
    "a program that shows it. Its event is reader_added, reader_removed,\n"
    "card_inserted, card_removed, verdict, error, service_lost or service_back.\n"
    "\n"
    "  --reader NAME   only this one, as list names it (default: all)\n" CARD_HELP_JUDGE
    "  --json          as without it\n"
    "  --help\n"
    "\n"
    "Exit status: 0 after the signal, 64 usage, 70 internal error, 74 there is no\n"
    "trust list, it could not be read, or the output not be written.\n"
    "Example: saksi card watch --host MY\n";

int card_watch(struct card_options *o)
{
    static struct watch w;
    w.o = o;
    o->judge.json = true;
    if (!check_judge(o)) {
        return judge_summary(&o->judge);
    }
    catch_signals();
    while (watch_stopped == 0 && ferror(stdout) == 0) {
        enum card_io_error error = watch_service(&w);
        if (error == CARD_IO_SYSTEM) {
            return card_failed(NULL, error);
        }
        if (error != CARD_IO_OK) {
            say_lost(&w, error);
        }
        if (watch_stopped == 0) {
            (void)sleep(RETRY_S); /* ends early with a signal */
        }
    }
    return EXIT_SUCCESS;
}
