/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi trust verify: everything in the store checked again, offline: signatures, digests, rows.
 */
#include "cli/cmd_trust.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "verifier/trust_recheck.h"

struct checks {
    struct json_value *list; /* NULL: lines of text */
    size_t count, wrong;
};

static void say(const char *subject, enum trust_update_error error)
{
    bool good = error == TRUST_UPDATE_OK;
    terminal_colour(stdout, good ? TERMINAL_GREEN : TERMINAL_RED);
    printf("%-16s %s", subject, trust_update_error_name(error));
    terminal_colour(stdout, TERMINAL_PLAIN);
    printf("%s%s\n", good ? "" : ": ", good ? "" : trust_update_error_text(error));
}

static void note(void *ctx, const char *subject, enum trust_update_error error)
{
    struct checks *checks = ctx;
    checks->count++;
    checks->wrong += error != TRUST_UPDATE_OK;
    if (checks->list == NULL) {
        say(subject, error);
        return;
    }
    struct json_value *object = json_new_object();
    json_put_string(object, "subject", subject);
    json_put_string(object, "result", trust_update_error_name(error));
    json_append(checks->list, object);
}

static int print_json(const struct checks *checks, bool sample)
{
    struct json_value *object = json_new_object();
    json_put_bool(object, "sample", sample);
    json_put_bool(object, "sound", checks->wrong == 0);
    json_put(object, "checks", checks->list);
    char *text = json_format(object, 0);
    json_free(object);
    if (text == NULL) {
        terminal_error("trust", "memory ran out");
        return EXIT_INTERNAL;
    }
    puts(text);
    free(text);
    return 0;
}

static int finish(const struct trust_options *o, const struct checks *checks, bool sample)
{
    int status = checks->wrong == 0 ? 0 : EXIT_REFUSED;
    if (o->json) {
        int printed = print_json(checks, sample);
        return printed == 0 ? status : printed;
    }
    if (checks->wrong == 0) {
        printf("%s: %zu checks, all sound\n", o->settings.db, checks->count);
    } else {
        printf("%s: %zu of %zu checks failed: import a complete bundle again, into a new file if "
               "that does not help\n",
               o->settings.db, checks->wrong, checks->count);
    }
    return status;
}

int trust_verify(struct trust_options *o, int count, char **names)
{
    struct trust_store *store = NULL;
    struct checks checks = {.list = NULL};
    if (count != 0) {
        terminal_error("trust", "verify: %s: takes no file; use --db FILE", names[0]);
        return EXIT_USAGE;
    }
    int status = trust_open(&o->settings, DB_READ, &store);
    if (status != 0) {
        return status;
    }
    bool sample = trust_store_holds_sample(store);
    if (o->json) {
        checks.list = json_new_array();
    } else if (sample) {
        printf("SAMPLE DATA: these authorities are examples and prove nothing.\n");
    }
    trust_recheck(store, note, &checks);
    status = finish(o, &checks, sample);
    trust_store_close(store);
    return status;
}
