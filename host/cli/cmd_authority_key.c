/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi authority key and survivors: keys made, shown and ended, and what outlives a theft.
 */
#include "cli/cmd_authority.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "authority/index_file.h"
#include "authority/key_end.h"
#include "authority/key_file.h"
#include "base/pkcs11_uri.h"
#include "authority/source.h"
#include "cli/command.h"

/* --- new and show --- */

#define YEAR_S (365 * (int64_t)86400)

/* For keys.json when --issuer says whose it is, from now on for a year; else for root.json. */
static void print_entry(const struct authority_options *o, const struct crypto_private_key *key)
{
    char hex[KEY_HEX_SIZE];
    int64_t now_s = authority_clock().now_s;
    struct json_value *entry = json_new_object();
    key_file_public_hex(key, hex);
    if (o->issuer != NULL) {
        json_put_string(entry, "issuer", o->issuer);
    } else {
        json_put_string(entry, "holder", o->holder != NULL ? o->holder : "who holds this key");
    }
    json_put_string(entry, "alg", alg_name(crypto_private_key_alg(key)));
    json_put_string(entry, "public", hex);
    if (o->issuer != NULL) {
        json_put_time(entry, "from", now_s);
        json_put_time(entry, "until", now_s + YEAR_S);
    }
    char *text = json_format(entry, 2);
    json_free(entry);
    if (text != NULL) {
        printf("%s", text);
    }
    free(text);
}

static int new_key(const struct authority_options *o, const char *path)
{
    struct authority_problem problem;
    struct password password = {""};
    struct crypto_private_key *key = NULL;
    if (pkcs11_uri_is(path)) {
        return authority_usage("key new: makes files; make keys on a token with its own tools, "
                               "then use key show");
    }
    if (authority_alg(o) == 0) {
        return authority_usage("key: --alg is neither ES256 nor EdDSA");
    }
    int status = authority_read_password(o, &password);
    if (status != 0) {
        return status;
    }
    enum authority_error error = key_file_create(
        path, authority_alg(o), o->password_file != NULL ? password.text : NULL, &key, &problem);
    password_wipe(&password);
    if (error != AUTHORITY_OK) {
        return authority_failed(error, &problem);
    }
    printf("%s: a new key%s. Its entry for %s:\n", path,
           o->password_file == NULL ? ", not encrypted (--password-file encrypts)" : "",
           o->issuer != NULL ? "keys.json" : "root.json; with --issuer ID for keys.json");
    print_entry(o, key);
    crypto_private_key_free(key);
    return 0;
}

static int show_key(const struct authority_options *o, const char *path)
{
    struct crypto_private_key *key = NULL;
    int status = authority_read_key(o, path, &key);
    if (status == 0) {
        print_entry(o, key);
        crypto_private_key_free(key);
    }
    return status;
}

/* --- end --- */

/* What a word in keys.json does not say by itself. */
static void print_consequences(const struct authority_options *o, enum row_key_end end)
{
    if (end != ROW_KEY_COMPROMISED) {
        printf(
            "What it signed before that stays good. This believes the time a certificate claims: "
            "when somebody else\nmay have had the key, end it as compromised.\n");
        return;
    }
    printf("From the next list on every certificate it signed is CHECK BY HAND (KEY_COMPROMISED) "
           "at best, whatever its date,\nbut for those the issuer confirms:\n"
           "    saksi authority survivors %s --issuer %s --file FILE\n"
           "Its reports are not believed any more. What the reports of the time of the theft name "
           "is revoked by\n"
           "    saksi authority revoke %s --issuer %s --key %s --from DAY --reason fraud\n"
           "The issuer needs a new key: saksi authority key new FILE --issuer %s\n",
           o->names[1], o->issuer, o->names[1], o->issuer, o->kid, o->issuer);
}

static int end_key(const struct authority_options *o, const char *dir)
{
    char state[TRUST_STATE_SIZE + 1];
    struct authority_problem problem;
    int64_t day = 0;
    bool changed = false;
    struct key_end_request request = {.dir = dir, .state = state, .issuer = o->issuer};
    if (!authority_state_of(o->issuer, state)) {
        return authority_usage("key end: give the issuer, for example --issuer ID.X.Y");
    }
    if (o->kid == NULL || !key_end_read_kid(o->kid, request.kid)) {
        return authority_usage("key end: --kid takes 16 hexadecimal digits, as saksi authority "
                               "status shows them");
    }
    request.end = o->as == NULL
                      ? ROW_KEY_OPEN
                      : (enum row_key_end)row_enum_value(ROW_ENUM_KEY_END, span_str(o->as));
    if (request.end == ROW_KEY_OPEN) {
        return authority_usage("key end: say --as superseded, ceased or compromised");
    }
    if (!authority_day(o->at, &day)) {
        return authority_usage("key end: --at takes a day like 2026-01-31; the key ends as it "
                               "begins, UTC");
    }
    request.at_s = day * 86400;
    enum authority_error error = key_end(&request, &changed, &problem);
    if (error != AUTHORITY_OK) {
        return authority_failed(error, &problem);
    }
    printf("%s: the key %s %s %s on %s\n", o->issuer, o->kid,
           changed ? "ends in the sources as" : "has ended before as", o->as, o->at);
    print_consequences(o, request.end);
    if (changed) {
        authority_print_next(dir, state);
    }
    return 0;
}

int authority_run_key(const struct authority_options *o)
{
    static const struct {
        const char *name;
        int (*run)(const struct authority_options *o, const char *thing);
    } verbs[] = {{"new", new_key}, {"show", show_key}, {"end", end_key}};
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(o->names[0], verbs[i].name) == 0) {
            return verbs[i].run(o, o->names[1]);
        }
    }
    return authority_usage("key: say new, show or end");
}

/* --- survivors --- */

static int add_survivors(const struct authority_options *o, const struct index_file *file,
                         const char *state)
{
    struct authority_problem problem;
    struct index_runs runs = {0};
    struct survivors_result result = {0};
    struct survivors_request request = {file->dir, state, file->issuer, &runs};
    enum authority_error error = index_file_read(file, &runs, &problem);
    if (error == AUTHORITY_OK) {
        error = key_end_survivors(&request, &result, &problem);
        index_runs_free(&runs);
    }
    if (error != AUTHORITY_OK) {
        return authority_failed(error, &problem);
    }
    uint64_t all = result.added + result.before;
    printf("%s: %" PRIu64 " survivors are new in the sources, %" PRIu64 " were there before\n",
           file->issuer, result.added, result.before);
    if (result.reported < all) {
        printf("%" PRIu64 " of these %" PRIu64 " are in no report: make sure that the issuer, not "
               "the thief, gave them out.\n",
               all - result.reported, all);
    }
    if (result.added != 0) {
        authority_print_next(o->names[0], state);
    }
    return 0;
}

int authority_run_survivors(const struct authority_options *o)
{
    char state[TRUST_STATE_SIZE + 1];
    struct index_file file = {.path = o->file, .dir = o->names[0], .issuer = o->issuer};
    if (!authority_state_of(o->issuer, state)) {
        return authority_usage("survivors: give the issuer, for example --issuer ID.X.Y");
    }
    if (o->file == NULL) {
        return authority_usage("survivors: give --file with the indices that the issuer confirms");
    }
    if (o->by != NULL && !authority_by(o, &file.by_number)) {
        return authority_usage("survivors: --by takes index or number");
    }
    return add_survivors(o, &file, state);
}
