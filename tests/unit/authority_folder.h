/* SPDX-License-Identifier: Apache-2.0
 *
 * A temporary folder with an authority's sources, for tests: made, edited, removed.
 */
#ifndef TESTS_AUTHORITY_FOLDER_H
#define TESTS_AUTHORITY_FOLDER_H

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "authority/sample.h"
#include "check.h"

#define FOLDER_NOW_S 1781000000LL /* 2026-06-09T10:13:20Z */

static inline struct trust_clock_input folder_clock(void)
{
    return (struct trust_clock_input){.now_s = FOLDER_NOW_S, .build_s = FOLDER_NOW_S - 86400};
}

/* A new empty folder; its path stands in `dir`. */
static inline void folder_make(char dir[PATH_MAX])
{
    (void)snprintf(dir, PATH_MAX, "/tmp/saksi-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
}

static inline int folder_remove_one(const char *path, const struct stat *st, int type,
                                    struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static inline void folder_remove(const char *dir)
{
    assert_int_equal(nftw(dir, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static inline void folder_join(char to[PATH_MAX], const char *dir, const char *name)
{
    int len = snprintf(to, PATH_MAX, "%s/%s", dir, name);
    assert_true(len > 0 && len < PATH_MAX);
}

/* DIR/NAME; good until the fourth call from now. */
static inline const char *folder_path(const char *dir, const char *name)
{
    static char path[4][PATH_MAX];
    static unsigned turn;
    char *to = path[turn++ % 4];
    folder_join(to, dir, name);
    return to;
}

/* The bytes of DIR/NAME; the caller frees span.ptr with folder_free. */
static inline struct span folder_read(const char *dir, const char *name)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    assert_int_equal(file_read(folder_path(dir, name), 1U << 24, &bytes, &len), FILE_OK);
    return span_of(bytes, len);
}

static inline void folder_free(struct span bytes)
{
    free((void *)(uintptr_t)bytes.ptr);
}

static inline void folder_write(const char *dir, const char *name, struct span bytes)
{
    FILE *file = fopen(folder_path(dir, name), "wb"); /* no sync: some tests write thousands */
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
}

/* Replaces the first `from` in DIR/NAME, which must be there, by `to`. */
static inline void folder_edit(const char *dir, const char *name, const char *from, const char *to)
{
    struct span text = folder_read(dir, name);
    const uint8_t *at = memmem(text.ptr, text.len, from, strlen(from));
    assert_non_null(at);
    size_t before = (size_t)(at - text.ptr);
    size_t cap = text.len + strlen(to);
    uint8_t *room = malloc(cap);
    assert_non_null(room);
    struct writer w = writer_of(room, cap);
    writer_put(&w, span_of(text.ptr, before));
    writer_put(&w, span_str(to));
    writer_put(&w, span_of(text.ptr + before + strlen(from), text.len - before - strlen(from)));
    folder_write(dir, name, writer_span(&w));
    free(room);
    folder_free(text);
}

/* The sample region in a new folder. */
static inline void folder_make_sample(char dir[PATH_MAX])
{
    struct authority_problem problem = {""};
    folder_make(dir);
    enum authority_error error = authority_sample_write(dir, FOLDER_NOW_S, &problem);
    assert_string_equal(problem.text, "");
    assert_int_equal(error, AUTHORITY_OK);
}

#endif
