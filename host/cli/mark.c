/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the mark is and how it moves. Whether a store is older is trust_mark's arithmetic.
 */
#include "cli/mark.h"

#include <stdio.h>

#include "cli/command.h"
#include "cli/place.h"
#include "cli/terminal.h"
#include "devices/tpm_mark.h"

struct versions {
    int64_t root, header; /* 0: none */
};

static struct versions stored(const struct trust_state *state)
{
    return (struct versions){.root = state->has_root ? state->root->version : 0,
                             .header = state->has_header ? state->header.version : 0};
}

static bool is_behind(const struct trust_mark *mark, struct versions here)
{
    return trust_mark_is_above(mark, here.root, here.header);
}

static struct tpm_mark_call call_of(const struct settings *settings, bool sample)
{
    return (struct tpm_mark_call){
        .libexec_dir = place_libexec(), .tcti = settings->tpm, .sample = sample};
}

struct trust_mark mark_read(const char *command, const struct settings *settings, bool sample)
{
    struct trust_mark mark = {.wanted = settings->tpm[0] != '\0'};
    if (mark.wanted) {
        struct tpm_mark_call call = call_of(settings, sample);
        enum tpm_mark_error error = tpm_mark_read(&call, &mark);
        if (error != TPM_MARK_OK) {
            terminal_error(command, "the mark in the TPM: %s", tpm_mark_error_text(error));
        }
    }
    return mark;
}

static int store_failed(const struct settings *settings, const struct trust_store *store,
                        enum trust_store_error error)
{
    terminal_error("trust", "%s: the mark in the TPM was not raised: %s", settings->db,
                   error == TRUST_STORE_DATA ? "a stored document is damaged"
                                             : db_error_text(trust_store_db_error(store)));
    return EXIT_INPUT_OUTPUT;
}

static int raise_to(const struct settings *settings, const struct trust_state *state,
                    bool *ret_behind)
{
    struct trust_mark mark = {0};
    struct versions here = stored(state);
    struct tpm_mark_call call = call_of(settings, state->root->sample);
    enum tpm_mark_error error = tpm_mark_raise(&call, here.root, here.header, &mark);
    if (error != TPM_MARK_OK) {
        terminal_error("trust",
                       "the trust list is stored, but the mark in the TPM was not raised: %s",
                       tpm_mark_error_text(error));
        return EXIT_INPUT_OUTPUT;
    }
    *ret_behind = is_behind(&mark, here);
    if (*ret_behind) {
        terminal_error("trust",
                       "STATE_ROLLBACK: the trust list (root %lld, header %lld) is older than one "
                       "this device had (root %lld, header %lld); import a newer bundle",
                       (long long)here.root, (long long)here.header, (long long)mark.root_version,
                       (long long)mark.header_version);
    } else {
        printf("TPM      mark at root %lld, header %lld\n", (long long)mark.root_version,
               (long long)mark.header_version);
    }
    return 0;
}

/* Inside a write transaction, though nothing is written: no other import may come between reading
 * the versions and raising the mark, or the later one could be overtaken by the earlier. */
int mark_raise(const struct settings *settings, struct trust_store *store, bool *ret_behind)
{
    bool behind = false;
    int status = 0;
    if (settings->tpm[0] == '\0') {
        return 0;
    }
    enum trust_store_error error = trust_store_begin_write(store);
    if (error != TRUST_STORE_OK) {
        return store_failed(settings, store, error);
    }
    struct trust_state state;
    error = trust_store_read_state(store, &state);
    if (error != TRUST_STORE_OK) {
        status = store_failed(settings, store, error);
    } else {
        if (state.has_root) {
            status = raise_to(settings, &state, &behind);
        }
        trust_state_free(&state);
    }
    trust_store_rollback(store);
    if (ret_behind != NULL) {
        *ret_behind = behind;
    }
    return status;
}

/* --- status --- */

void mark_print(const struct trust_mark *mark, const struct trust_state *state)
{
    struct versions here = stored(state);
    if (!mark->wanted) {
        printf("TPM      none; an old copy of this trust list would not be noticed\n");
    } else if (!mark->known) {
        printf("TPM      THE MARK CANNOT BE READ; nothing is VALID until it can\n");
    } else {
        bool newer = trust_mark_compare(here.root, here.header, mark->root_version,
                                        mark->header_version) > 0;
        printf("TPM      mark at root %lld, header %lld%s\n", (long long)mark->root_version,
               (long long)mark->header_version,
               is_behind(mark, here) ? ": STORE ROLLED BACK; import a newer bundle"
               : newer               ? "; the next import raises it"
                                     : "");
    }
}

void mark_put(struct json_value *object, const struct trust_mark *mark,
              const struct trust_state *state)
{
    if (!mark->wanted) {
        json_put_null(object, "mark");
        return;
    }
    struct json_value *to = json_new_object();
    json_put_bool(to, "known", mark->known);
    if (mark->known) {
        json_put_int(to, "root_version", mark->root_version);
        json_put_int(to, "header_version", mark->header_version);
        json_put_bool(to, "rolled_back", is_behind(mark, stored(state)));
    }
    json_put(object, "mark", to);
}
