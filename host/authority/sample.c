/* SPDX-License-Identifier: Apache-2.0
 *
 * The templates of sample/ filled in. A template is JSON with marks inside its strings:
 *
 *     {day:-30}      the date thirty days before now
 *     {time:-30}     the same moment of that day
 *     {ES256:NAME}   the public key of DIR/keys/NAME.pem, which is made when absent; or
 * {EdDSA:NAME}
 */
#include "authority/sample.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "authority/key_file.h"
#include "authority/sample_files.h"
#include "authority/source.h"
#include "codec/cose.h"
#include "codec/date.h"

#define DAY_S     86400
#define MAX_MARK  64
#define MAX_VALUE 80

struct filler {
    const char *dir, *file;
    int64_t now_s;
    struct authority_problem *problem;
};

static enum authority_error bad_mark(const struct filler *f, const char *mark)
{
    return authority_fail(f->problem, AUTHORITY_SYSTEM, "sample file %s: unknown mark {%s}",
                          f->file, mark);
}

static enum authority_error fill_date(const struct filler *f, const char *mark, const char *days,
                                      bool with_time, char value[MAX_VALUE])
{
    char *end = NULL;
    char text[DATE_TEXT_SIZE];
    long long offset = strtoll(days, &end, 10);
    if (*days == '\0' || *end != '\0') {
        return bad_mark(f, mark);
    }
    int64_t time_s = f->now_s + offset * DAY_S;
    int second = (int)(time_s % DAY_S);
    (void)date_format(time_s / DAY_S, text);
    if (with_time) {
        (void)snprintf(value, MAX_VALUE, "%sT%02d:%02d:%02dZ", text, second / 3600,
                       second / 60 % 60, second % 60);
    } else {
        (void)snprintf(value, MAX_VALUE, "%s", text);
    }
    return AUTHORITY_OK;
}

static enum authority_error fill_key(const struct filler *f, int alg, const char *name,
                                     char value[MAX_VALUE])
{
    char path[PATH_MAX];
    struct crypto_private_key *key = NULL;
    _Static_assert(MAX_VALUE >= KEY_HEX_SIZE, "a public key fits");
    enum authority_error error = authority_path(f->problem, path, "%s/keys/%s.pem", f->dir, name);
    if (error == AUTHORITY_OK) {
        error = key_file_open(path, alg, NULL, &key, f->problem);
    }
    if (error == AUTHORITY_OK) {
        key_file_public_hex(key, value);
        crypto_private_key_free(key);
    }
    return error;
}

static enum authority_error fill(const struct filler *f, const char *mark, char value[MAX_VALUE])
{
    if (strncmp(mark, "day:", 4) == 0) {
        return fill_date(f, mark, mark + 4, false, value);
    }
    if (strncmp(mark, "time:", 5) == 0) {
        return fill_date(f, mark, mark + 5, true, value);
    }
    if (strncmp(mark, "ES256:", 6) == 0) {
        return fill_key(f, COSE_ES256, mark + 6, value);
    }
    if (strncmp(mark, "EdDSA:", 6) == 0) {
        return fill_key(f, COSE_EDDSA, mark + 6, value);
    }
    return bad_mark(f, mark);
}

/* A mark stands directly behind a quotation mark: other braces are JSON's. Returns its length with
 * both braces, or 0. */
static size_t mark_at(struct span text, size_t at, char ret_mark[MAX_MARK])
{
    size_t end = at + 1;
    if (text.ptr[at] != '{' || at == 0 || text.ptr[at - 1] != '"') {
        return 0;
    }
    while (end < text.len && end - at < MAX_MARK && text.ptr[end] != '}') {
        end++;
    }
    if (end == text.len || text.ptr[end] != '}') {
        return 0;
    }
    memcpy(ret_mark, text.ptr + at + 1, end - at - 1);
    ret_mark[end - at - 1] = '\0';
    return end - at + 1;
}

static enum authority_error expand(const struct filler *f, struct span text, struct writer *w)
{
    char mark[MAX_MARK];
    char value[MAX_VALUE];
    enum authority_error error = AUTHORITY_OK;
    for (size_t i = 0; i < text.len && error == AUTHORITY_OK;) {
        size_t len = mark_at(text, i, mark);
        if (len == 0) {
            writer_put(w, span_of(text.ptr + i, 1));
            i++;
            continue;
        }
        error = fill(f, mark, value);
        if (error == AUTHORITY_OK) {
            writer_put(w, span_str(value));
            i += len;
        }
    }
    return error;
}

static enum authority_error write_file(const struct filler *f, struct span text)
{
    char path[PATH_MAX];
    enum file_error failed = FILE_OK;
    enum authority_error error = authority_path(f->problem, path, "%s/%s", f->dir, f->file);
    if (error != AUTHORITY_OK || file_exists(path)) {
        return error;
    }
    size_t cap =
        text.len * 4 + MAX_VALUE; /* a mark of at least four bytes grows to a key at most */
    uint8_t *filled = malloc(cap);
    if (filled == NULL) {
        return authority_fail_system(f->problem);
    }
    struct writer w = writer_of(filled, cap);
    error = expand(f, text, &w);
    if (error == AUTHORITY_OK) {
        failed = file_write_new(path, writer_span(&w), 0644);
    }
    free(filled);
    return failed != FILE_OK ? authority_fail_file(f->problem, path, failed) : error;
}

static enum authority_error make_folders(const char *dir, struct authority_problem *problem)
{
    static const char *const names[] = {"", "/keys", "/ID", "/MY", "/PH", "/TH"};
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        enum authority_error error = authority_path(problem, path, "%s%s", dir, names[i]);
        if (error != AUTHORITY_OK) {
            return error;
        }
        enum file_error failed = file_make_folder(path, i == 1 ? 0700 : 0755);
        if (failed != FILE_OK) {
            return authority_fail_file(problem, path, failed);
        }
    }
    return AUTHORITY_OK;
}

enum authority_error authority_sample_write(const char *dir, int64_t now_s,
                                            struct authority_problem *problem)
{
    enum authority_error error = make_folders(dir, problem);
    for (size_t i = 0; i < sample_file_count && error == AUTHORITY_OK; i++) {
        struct filler f = {dir, sample_file[i].name, now_s, problem};
        error = write_file(&f, span_of(sample_file[i].text, sample_file[i].len));
    }
    return error;
}

enum authority_error authority_sample_publish(const char *dir,
                                              const struct trust_clock_input *clock,
                                              struct ceremony_result *ret_result,
                                              struct authority_problem *problem)
{
    enum authority_error error = authority_sample_write(dir, clock->now_s, problem);
    return error == AUTHORITY_OK ? ceremony_publish(dir, NULL, clock, ret_result, problem) : error;
}
