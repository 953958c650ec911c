/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi authority init, sample, raise and build.
 */
#include "cli/cmd_authority.h"

#include <limits.h>
#include <stdio.h>

#include "authority/build.h"
#include "authority/init.h"
#include "authority/raise.h"
#include "authority/sample.h"
#include "cli/command.h"
#include "cli/fingerprint.h"

/* --- init and sample --- */

static void print_first_bundle(const char *dir, const struct ceremony_result *result, bool sample)
{
    const char *option = sample ? " --sample" : "";
    printf("%s/out/trust.bundle: %zu bytes, %u list%s\n"
           "The root's fingerprint; give it to every checkpoint by another way than the files:\n",
           dir, result->bundle.bytes, result->bundle.report.lists_added,
           result->bundle.report.lists_added == 1 ? "" : "s");
    fingerprint_print(stdout, result->root_id);
    printf("Next, at a checkpoint:\n"
           "    saksi trust init --root %s/out/root-1.root%s\n"
           "    saksi trust import %s/out/trust.bundle%s\n",
           dir, option, dir, option);
}

static void print_key_advice(const char *dir, bool encrypted)
{
    if (!encrypted) {
        printf("The keys in %s/keys are NOT encrypted: whoever can read the files can sign. "
               "--password-file encrypts them.\n",
               dir);
    }
    printf("The keys are all in %s/keys. Before real use, keep them apart: the root's keys offline "
           "in a safe,\n"
           "each with its holder, and the publisher's and the state's on machines of their own; "
           "raise the thresholds\n"
           "in root.json so that no single theft is enough, and remove the copies here.\n",
           dir);
}

static int init_with(const struct authority_options *o, const char *password)
{
    struct authority_problem problem;
    struct ceremony_result result;
    struct trust_clock_input clock = authority_clock();
    struct init_options options = {.state = o->state,
                                   .holder = o->holder,
                                   .alg = authority_alg(o),
                                   .password = password,
                                   .sample = o->sample};
    enum authority_error error = authority_init(o->names[0], &options, &clock, &result, &problem);
    if (error != AUTHORITY_OK) {
        return authority_failed(error, &problem);
    }
    print_first_bundle(o->names[0], &result, o->sample);
    if (!o->sample) {
        print_key_advice(o->names[0], password != NULL);
    }
    return 0;
}

int authority_run_init(const struct authority_options *o)
{
    struct password password = {""};
    if (!authority_is_state(o->state)) {
        return authority_usage("init: give the state as two capital letters: --state ID");
    }
    if (authority_alg(o) == 0) {
        return authority_usage("init: --alg is neither ES256 nor EdDSA");
    }
    int status = authority_read_password(o, &password);
    if (status == 0) {
        status = init_with(o, o->password_file != NULL ? password.text : NULL);
    }
    password_wipe(&password);
    return status;
}

int authority_run_sample(const struct authority_options *o)
{
    struct authority_problem problem;
    struct ceremony_result result;
    struct trust_clock_input clock = authority_clock();
    enum authority_error error = authority_sample_publish(o->names[0], &clock, &result, &problem);
    if (error != AUTHORITY_OK) {
        return authority_failed(error, &problem);
    }
    print_first_bundle(o->names[0], &result, true);
    return 0;
}

/* --- raise --- */

static int print_raised(enum authority_error error, const struct raise_result *result,
                        const struct authority_problem *problem)
{
    if (error != AUTHORITY_OK) {
        return authority_failed(error, problem);
    }
    printf("%s: version %lld\n", result->path, (long long)result->version);
    return 0;
}

static int raise_all(const char *dir, int64_t now_s)
{
    struct authority_problem problem;
    struct raise_result result;
    struct build_states states;
    char header[PATH_MAX];
    enum authority_error error = authority_path(&problem, header, "%s/header.json", dir);
    if (error == AUTHORITY_OK) {
        error = build_find_states(dir, &states, &problem);
    }
    int status = error == AUTHORITY_OK ? 0 : authority_failed(error, &problem);
    for (size_t i = 0; status == 0 && i < states.count; i++) {
        error = raise_list(dir, states.state[i], now_s, &result, &problem);
        status = print_raised(error, &result, &problem);
    }
    if (status == 0 && file_exists(header)) {
        error = raise_header(dir, now_s, &result, &problem);
        status = print_raised(error, &result, &problem);
    }
    return status;
}

int authority_run_raise(const struct authority_options *o)
{
    struct authority_problem problem;
    struct raise_result result;
    int64_t now_s = authority_clock().now_s;
    if (o->state == NULL) {
        return raise_all(o->names[0], now_s);
    }
    if (!authority_is_state(o->state)) {
        return authority_usage("raise: --state takes two capital letters");
    }
    enum authority_error error = raise_list(o->names[0], o->state, now_s, &result, &problem);
    return print_raised(error, &result, &problem);
}

/* --- build --- */

static void print_result(const struct build_result *result)
{
    printf("%s: version %lld", result->path, (long long)result->version);
    if (result->rows != 0) {
        printf(", %zu rows", result->rows);
    }
    printf("%s\n", result->unchanged ? ", unchanged" : ", to be signed");
}

static int build_states(const char *dir, struct authority_problem *problem)
{
    struct build_states states;
    struct build_result result;
    enum authority_error error = build_find_states(dir, &states, problem);
    for (size_t i = 0; error == AUTHORITY_OK && i < states.count; i++) {
        error = build_list(dir, states.state[i], NULL, &result, problem);
        if (error == AUTHORITY_OK) {
            print_result(&result);
        }
    }
    return error == AUTHORITY_OK ? 0 : authority_failed(error, problem);
}

/* Root and header are built where their sources are: a state's own folder may have neither. */
static int build_if_there(const char *dir, const char *source,
                          enum authority_error (*build)(const char *dir,
                                                        struct build_result *ret_result,
                                                        struct authority_problem *problem),
                          struct authority_problem *problem)
{
    char path[PATH_MAX];
    struct build_result result;
    enum authority_error error = authority_path(problem, path, "%s/%s", dir, source);
    if (error == AUTHORITY_OK && !file_exists(path)) {
        return 0;
    }
    if (error == AUTHORITY_OK) {
        error = build(dir, &result, problem);
    }
    if (error != AUTHORITY_OK) {
        return authority_failed(error, problem);
    }
    print_result(&result);
    return 0;
}

static enum authority_error build_plain_header(const char *dir, struct build_result *ret_result,
                                               struct authority_problem *problem)
{
    return build_header(dir, NULL, ret_result, problem);
}

static int build_all(const char *dir)
{
    struct authority_problem problem;
    int status = build_if_there(dir, "root.json", build_root, &problem);
    if (status == 0) {
        status = build_states(dir, &problem);
    }
    return status == 0 ? build_if_there(dir, "header.json", build_plain_header, &problem) : status;
}

int authority_run_build(const struct authority_options *o)
{
    struct authority_problem problem;
    struct build_result result;
    if (o->state == NULL) {
        return o->against == NULL
                   ? build_all(o->names[0])
                   : authority_usage("build: --against belongs to the list of one state: --state");
    }
    if (!authority_is_state(o->state)) {
        return authority_usage("build: --state takes two capital letters");
    }
    enum authority_error error = build_list(o->names[0], o->state, o->against, &result, &problem);
    if (error != AUTHORITY_OK) {
        return authority_failed(error, &problem);
    }
    print_result(&result);
    return 0;
}
