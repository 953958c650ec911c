/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi trust status: what is stored, how old it is, and how much of it there is. Judges nothing.
 */
#include "cli/cmd_trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/json.h"
#include "cli/command.h"
#include "cli/fingerprint.h"
#include "cli/terminal.h"
#include "codec/date.h"

#define DAY_S 86400

struct status {
    const struct settings *settings;
    struct trust_store *store;
    struct trust_state state;
    int64_t now_s;
    size_t rows[TRUST_MAX_STATES][ROW_JOB_TITLE + 1]; /* by list and row type */
};

static int64_t age_days(const struct status *s, int64_t since_s)
{
    return s->now_s > since_s ? (s->now_s - since_s) / DAY_S : 0;
}

static const char *day_text(int64_t time_s, char text[DATE_TEXT_SIZE])
{
    return date_format(time_s / DAY_S, text);
}

/* --- text --- */

static void print_list(const struct status *s, size_t at)
{
    const struct trust_stored_list *list = &s->state.list[at];
    const size_t *rows = s->rows[at];
    char as_of[DATE_TEXT_SIZE];
    char expires[DATE_TEXT_SIZE];
    printf("%s  version %lld, as of %s, until %s", list->state, (long long)list->version,
           day_text(list->as_of_s, as_of), day_text(list->expires_s, expires));
    if (list->fresh_as_of_s != 0) {
        printf(", confirmed %lld days ago", (long long)age_days(s, list->fresh_as_of_s));
    }
    printf("%s%s%s\n", list->disabled ? ", DISABLED: its keys are no longer in the root" : "",
           list->behind ? ", a newer list exists" : "",
           list->expires_s < s->now_s ? ", EXPIRED" : "");
    printf("    %zu issuers, %zu keys, %zu rules, %zu titles\n", rows[ROW_ISSUER], rows[ROW_KEY],
           rows[ROW_RULE], rows[ROW_SCHEME_TITLE] + rows[ROW_UNIT_TITLE] + rows[ROW_JOB_TITLE]);
}

static void print_text(const struct status *s)
{
    const struct trust_state *t = &s->state;
    char day[DATE_TEXT_SIZE];
    if (!t->has_root) {
        printf("No root is installed. Next: saksi trust init --root FILE.root\n");
        return;
    }
    if (t->root->sample) {
        printf("SAMPLE DATA: these authorities are examples and prove nothing.\n");
    }
    printf("Root     version %lld, until %s, fingerprint\n", (long long)t->root->version,
           day_text(t->root->expires_s, day));
    fingerprint_print(stdout, t->root_id);
    if (t->has_header) {
        printf("Header   version %lld, issued %s, %lld days ago\n", (long long)t->header.version,
               day_text(t->header.issued_at_s, day), (long long)age_days(s, t->header.issued_at_s));
    } else {
        printf("Header   none; import a bundle\n");
    }
    if (t->floor_s != 0) {
        printf("Floor    it is certainly later than %s\n", day_text(t->floor_s, day));
    }
    for (size_t i = 0; i < t->list_count; i++) {
        print_list(s, i);
    }
}

/* --- JSON --- */

static struct json_value *list_object(const struct status *s, size_t at)
{
    const struct trust_stored_list *list = &s->state.list[at];
    struct json_value *object = json_new_object();
    json_put_string(object, "state", list->state);
    json_put_int(object, "version", list->version);
    json_put_time(object, "as_of", list->as_of_s);
    json_put_time(object, "expires", list->expires_s);
    if (list->fresh_as_of_s != 0) {
        json_put_time(object, "fresh_as_of", list->fresh_as_of_s);
        json_put_int(object, "age_days", age_days(s, list->fresh_as_of_s));
    } else {
        json_put_null(object, "fresh_as_of");
        json_put_null(object, "age_days");
    }
    json_put_bool(object, "behind", list->behind);
    json_put_bool(object, "disabled", list->disabled);
    json_put_hex(object, "digest", span_of(list->digest, sizeof list->digest));
    json_put_int(object, "issuers", (int64_t)s->rows[at][ROW_ISSUER]);
    json_put_int(object, "keys", (int64_t)s->rows[at][ROW_KEY]);
    json_put_int(object, "rules", (int64_t)s->rows[at][ROW_RULE]);
    return object;
}

static void put_root(struct json_value *object, const struct trust_state *t)
{
    struct json_value *root = json_new_object();
    json_put_hex(root, "root_id", span_of(t->root_id, sizeof t->root_id));
    json_put_int(root, "version", t->root->version);
    json_put_time(root, "expires", t->root->expires_s);
    json_put(object, "root", root);
}

static void put_header(struct json_value *object, const struct status *s)
{
    const struct trust_header *header = &s->state.header;
    struct json_value *to = json_new_object();
    json_put_int(to, "version", header->version);
    json_put_time(to, "issued_at", header->issued_at_s);
    json_put_time(to, "expires", header->expires_s);
    json_put_int(to, "age_days", age_days(s, header->issued_at_s));
    json_put(object, "header", to);
}

static int print_json(const struct status *s)
{
    const struct trust_state *t = &s->state;
    struct json_value *object = json_new_object();
    struct json_value *lists = json_new_array();
    json_put_bool(object, "sample", t->has_root && t->root->sample);
    if (t->has_root) {
        put_root(object, t);
    } else {
        json_put_null(object, "root");
    }
    if (t->has_header) {
        put_header(object, s);
    } else {
        json_put_null(object, "header");
    }
    json_put_time(object, "floor", t->floor_s);
    for (size_t i = 0; i < t->list_count; i++) {
        json_append(lists, list_object(s, i));
    }
    json_put(object, "lists", lists);
    char *text = json_format(object, 0);
    json_free(object);
    if (text == NULL) {
        terminal_error("trust", "memory ran out");
        return EXIT_INTERNAL;
    }
    printf("%s\n", text);
    free(text);
    return 0;
}

/* --- reading --- */

static enum trust_store_error count_rows(struct status *s, size_t at)
{
    struct row row;
    struct span state = span_of(s->state.list[at].state, TRUST_STATE_SIZE);
    enum trust_store_error error =
        trust_store_rows_begin(s->store, state, ROW_ISSUER, ROW_JOB_TITLE);
    while (error == TRUST_STORE_OK) {
        error = trust_store_rows_next(s->store, &row);
        if (error == TRUST_STORE_OK) {
            s->rows[at][row.type]++;
        }
    }
    return error == TRUST_STORE_EMPTY ? TRUST_STORE_OK : error;
}

static enum trust_store_error read_all(struct status *s)
{
    enum trust_store_error error = trust_store_read_state(s->store, &s->state);
    for (size_t i = 0; error == TRUST_STORE_OK && i < s->state.list_count; i++) {
        error = count_rows(s, i);
    }
    return error;
}

static int read_failed(const struct status *s, enum trust_store_error error)
{
    terminal_error("trust", "%s: %s", s->settings->db,
                   error == TRUST_STORE_DATA ? "a stored row is damaged; import into a new file"
                                             : db_error_text(trust_store_db_error(s->store)));
    return EXIT_INPUT_OUTPUT;
}

int trust_status(struct trust_options *o, int count, char **names)
{
    int status = EXIT_INTERNAL;
    if (count != 0) {
        terminal_error("trust", "status: %s: takes no file; use --db FILE", names[0]);
        return EXIT_USAGE;
    }
    struct status *s = calloc(1, sizeof *s);
    if (s == NULL) {
        terminal_error("trust", "memory ran out");
        return EXIT_INTERNAL;
    }
    s->settings = &o->settings;
    s->now_s = (int64_t)time(NULL);
    status = trust_open(&o->settings, DB_READ, &s->store);
    if (status != 0) {
        goto out;
    }
    enum trust_store_error error = trust_store_begin_read(s->store);
    if (error == TRUST_STORE_OK) {
        error = read_all(s);
        trust_store_rollback(s->store);
    }
    if (error != TRUST_STORE_OK) {
        status = read_failed(s, error);
    } else if (o->json) {
        status = print_json(s);
    } else {
        print_text(s);
    }
    trust_state_free(&s->state);
    trust_store_close(s->store);
out:
    free(s);
    return status;
}
