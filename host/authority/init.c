/* SPDX-License-Identifier: Apache-2.0
 *
 * The first folder of an authority.
 */
#include "authority/init.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "authority/key_file.h"
#include "authority/source.h"
#include "codec/cbor.h"
#include "codec/trust_doc.h"

#define DAY_S            86400
#define ROOT_DAYS        1826 /* five years; a new root comes long before */
#define HEADER_DAYS      30
#define LIST_DAYS        90
#define SAMPLE_KEY_DAYS  365
#define SAMPLE_ALLOTMENT 16384

struct init {
    const char *dir;
    const struct init_options *options;
    int64_t now_s;
    struct authority_problem *problem;
};

/* --- writing sources --- */

/* Formats and writes a source, unless it is there; takes over `value`. */
static enum authority_error write_source(const struct init *in, const char *name,
                                         struct json_value *value)
{
    char path[PATH_MAX];
    enum file_error failed = FILE_OK;
    enum authority_error error = authority_path(in->problem, path, "%s/%s", in->dir, name);
    char *text = json_format(value, 2);
    json_free(value);
    if (text == NULL) {
        return authority_fail_system(in->problem);
    }
    if (error == AUTHORITY_OK && !file_exists(path)) {
        failed = file_write_new(path, span_str(text), 0644);
    }
    free(text);
    return failed != FILE_OK ? authority_fail_file(in->problem, path, failed) : error;
}

static enum authority_error write_state_source(const struct init *in, const char *name,
                                               struct json_value *value)
{
    char path[64];
    (void)snprintf(path, sizeof path, "%s/%s.json", in->options->state, name);
    return write_source(in, path, value);
}

/* --- root.json --- */

static enum authority_error open_key(const struct init *in, const char *name,
                                     char ret_hex[KEY_HEX_SIZE], int *ret_alg)
{
    char path[PATH_MAX];
    struct crypto_private_key *key = NULL;
    enum authority_error error = authority_path(in->problem, path, "%s/keys/%s.pem", in->dir, name);
    if (error == AUTHORITY_OK) {
        error = key_file_open(path, in->options->alg, in->options->password, &key, in->problem);
    }
    if (error == AUTHORITY_OK) {
        key_file_public_hex(key, ret_hex);
        *ret_alg = crypto_private_key_alg(key);
        crypto_private_key_free(key);
    }
    return error;
}

/* Adds { threshold: 1, keys: [ the key of that name ] } to `role`. */
static enum authority_error put_role(const struct init *in, struct json_value *role,
                                     const char *key_name)
{
    char hex[KEY_HEX_SIZE];
    char holder[64];
    int alg = 0;
    enum authority_error error = open_key(in, key_name, hex, &alg);
    if (error != AUTHORITY_OK) {
        return error;
    }
    (void)snprintf(holder, sizeof holder, "Authority of %s", in->options->state);
    struct json_value *key = json_new_object();
    struct json_value *keys = json_new_array();
    json_put_string(key, "holder", in->options->holder != NULL ? in->options->holder : holder);
    json_put_string(key, "alg", alg_name(alg));
    json_put_string(key, "public", hex);
    json_append(keys, key);
    json_put_int(role, "threshold", 1);
    json_put(role, "keys", keys);
    return AUTHORITY_OK;
}

static enum authority_error write_root(const struct init *in)
{
    struct json_value *root_role = json_new_object();
    struct json_value *publisher = json_new_object();
    struct json_value *authority = json_new_object();
    struct json_value *authorities = json_new_array();
    struct json_value *root = json_new_object();
    json_put_int(root, "version", 1);
    json_put_time(root, "issued_at", in->now_s);
    json_put_time(root, "expires", in->now_s + (int64_t)ROOT_DAYS * DAY_S);
    json_put_bool(root, "sample", in->options->sample);
    json_put_string(authority, "state", in->options->state);
    json_put_null(authority, "ended");
    enum authority_error error = put_role(in, root_role, "root");
    if (error == AUTHORITY_OK) {
        error = put_role(in, publisher, "publisher");
    }
    if (error == AUTHORITY_OK) {
        error = put_role(in, authority, in->options->state);
    }
    json_put(root, "root", root_role);
    json_put(root, "publisher", publisher);
    json_append(authorities, authority);
    json_put(root, "authorities", authorities);
    if (error != AUTHORITY_OK) {
        json_free(root);
        return error;
    }
    return write_source(in, "root.json", root);
}

static enum authority_error write_header(const struct init *in)
{
    struct json_value *header = json_new_object();
    struct json_value *staleness = json_new_object();
    json_put_int(header, "version", 1);
    json_put_time(header, "issued_at", in->now_s);
    json_put_int(header, "valid_days", HEADER_DAYS);
    json_put_int(staleness, "plain", 7);
    json_put_int(staleness, "shown", 30);
    json_put_int(staleness, "amber", 90);
    json_put(header, "staleness", staleness);
    return write_source(in, "header.json", header);
}

/* --- the state's sources --- */

static enum authority_error write_list(const struct init *in)
{
    struct json_value *list = json_new_object();
    json_put_int(list, "version", 1);
    json_put_time(list, "as_of", in->now_s);
    json_put_int(list, "valid_days", LIST_DAYS);
    return write_state_source(in, "list", list);
}

/* A file with empty arrays of these names, to be filled in. */
static enum authority_error write_empty(const struct init *in, const char *file,
                                        const char *const *array)
{
    struct json_value *object = json_new_object();
    for (; *array != NULL; array++) {
        json_put(object, *array, json_new_array());
    }
    return write_state_source(in, file, object);
}

static enum authority_error write_one(const struct init *in, const char *file,
                                      struct json_value *element)
{
    struct json_value *object = json_new_object();
    struct json_value *array = json_new_array();
    json_append(array, element);
    json_put(object, file, array);
    return write_state_source(in, file, object);
}

static void sample_issuer_id(const struct init *in, char ret_id[24])
{
    (void)snprintf(ret_id, 24, "%s.SAMPLE.CB-01", in->options->state);
}

static enum authority_error write_sample_issuer(const struct init *in)
{
    char id[24];
    sample_issuer_id(in, id);
    struct json_value *names = json_new_object();
    struct json_value *licence = json_new_object();
    struct json_value *licences = json_new_array();
    struct json_value *issuer = json_new_object();
    json_put_string(names, "en", "Sample certification body (SAMPLE)");
    json_put_day(licence, "from", in->now_s / DAY_S - SAMPLE_KEY_DAYS);
    json_put_null(licence, "until");
    json_append(licences, licence);
    json_put_string(issuer, "id", id);
    json_put_string(issuer, "kind", row_enum_name(ROW_ENUM_ISSUER_KIND, ROW_CERTIFICATION_BODY));
    json_put_null(issuer, "parent");
    json_put(issuer, "names", names);
    json_put(issuer, "licences", licences);
    return write_one(in, "issuers", issuer);
}

static enum authority_error write_sample_key(const struct init *in)
{
    char id[24];
    char hex[KEY_HEX_SIZE];
    int alg = 0;
    sample_issuer_id(in, id);
    enum authority_error error = open_key(in, id, hex, &alg);
    if (error != AUTHORITY_OK) {
        return error;
    }
    struct json_value *key = json_new_object();
    json_put_string(key, "issuer", id);
    json_put_string(key, "alg", alg_name(alg));
    json_put_string(key, "public", hex);
    json_put_time(key, "from", in->now_s - DAY_S);
    json_put_time(key, "until", in->now_s + (int64_t)SAMPLE_KEY_DAYS * DAY_S);
    return write_one(in, "keys", key);
}

static enum authority_error write_sample_status(const struct init *in)
{
    char id[24];
    sample_issuer_id(in, id);
    struct json_value *status = json_new_object();
    json_put_string(status, "issuer", id);
    json_put_int(status, "allotment", SAMPLE_ALLOTMENT);
    return write_one(in, "status", status);
}

static enum authority_error write_issuers(const struct init *in)
{
    static const struct {
        const char *file;
        const char *array[2];
        enum authority_error (*sample)(const struct init *in);
    } files[] = {
        {"issuers", {"issuers", NULL}, write_sample_issuer},
        {"keys", {"keys", NULL}, write_sample_key},
        {"status", {"status", NULL}, write_sample_status},
    };
    enum authority_error error = AUTHORITY_OK;
    for (size_t i = 0; i < sizeof files / sizeof files[0] && error == AUTHORITY_OK; i++) {
        error = in->options->sample ? files[i].sample(in)
                                    : write_empty(in, files[i].file, files[i].array);
    }
    return error;
}

static enum authority_error write_others(const struct init *in)
{
    static const struct {
        const char *file;
        const char *array[4];
    } files[] = {
        {"rules", {"rules", NULL}},
        {"derecognised", {"derecognised", NULL}},
        {"frameworks", {"frameworks", NULL}},
        {"catalogue", {"schemes", "units", "jobs", NULL}},
    };
    enum authority_error error = AUTHORITY_OK;
    for (size_t i = 0; i < sizeof files / sizeof files[0] && error == AUTHORITY_OK; i++) {
        error = write_empty(in, files[i].file, files[i].array);
    }
    return error;
}

/* --- everything --- */

/* What will stand in root.json is judged before there is a root.json: nothing is overwritten, so a
 * bad one would stay. */
static enum authority_error check_holder(const struct init *in)
{
    const char *holder = in->options->holder;
    if (holder == NULL) {
        return AUTHORITY_OK;
    }
    struct span text = span_str(holder);
    const char *what = text.len == 0                 ? "is empty"
                       : text.len > TRUST_MAX_HOLDER ? "is too long"
                       : cbor_check_text(text) != CBOR_OK
                           ? "holds a character that is not allowed (a control or direction mark)"
                           : NULL;
    return what == NULL ? AUTHORITY_OK
                        : authority_fail(in->problem, AUTHORITY_SOURCE,
                                         "the holder's name %s; give 1 to %d bytes of plain text",
                                         what, TRUST_MAX_HOLDER);
}

static enum authority_error make_folder(const struct init *in, const char *name, unsigned mode)
{
    char path[PATH_MAX];
    enum authority_error error =
        authority_path(in->problem, path, "%s%s%s", in->dir, name[0] == '\0' ? "" : "/", name);
    if (error != AUTHORITY_OK) {
        return error;
    }
    enum file_error failed = file_make_folder(path, mode);
    return failed != FILE_OK ? authority_fail_file(in->problem, path, failed) : AUTHORITY_OK;
}

static enum authority_error make_folders(const struct init *in)
{
    enum authority_error error = make_folder(in, "", 0755);
    if (error == AUTHORITY_OK) {
        error = make_folder(in, "keys", 0700);
    }
    return error == AUTHORITY_OK ? make_folder(in, in->options->state, 0755) : error;
}

enum authority_error authority_init(const char *dir, const struct init_options *options,
                                    const struct trust_clock_input *clock,
                                    struct ceremony_result *ret_result,
                                    struct authority_problem *problem)
{
    static enum authority_error (*const steps[])(const struct init *in) = {
        check_holder, make_folders,  write_root,   write_header,
        write_list,   write_issuers, write_others,
    };
    struct init in = {dir, options, clock->now_s, problem};
    enum authority_error error = AUTHORITY_OK;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && error == AUTHORITY_OK; i++) {
        error = steps[i](&in);
    }
    return error == AUTHORITY_OK
               ? ceremony_publish(dir, options->password, clock, ret_result, problem)
               : error;
}
