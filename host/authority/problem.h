/* SPDX-License-Identifier: Apache-2.0
 *
 * How the functions of this folder fail: a class for the program, one line for the person.
 */
#ifndef AUTHORITY_PROBLEM_H
#define AUTHORITY_PROBLEM_H

#include "base/file.h"
#include "base/lock.h"
#include "wire/must_use.h"

enum authority_error {
    AUTHORITY_OK = 0,
    AUTHORITY_SOURCE,   /* a source file is wrong */
    AUTHORITY_DOCUMENT, /* a document or report is damaged, forged, or not signed by enough keys */
    AUTHORITY_VERSION,  /* the content changed, the version did not rise */
    AUTHORITY_CONFLICT, /* contradicts what was recorded or given out before */
    AUTHORITY_KEY,      /* a key file cannot be used, or its key may not sign this */
    AUTHORITY_FILE,     /* reading or writing a file failed */
    AUTHORITY_SYSTEM,   /* memory, library */
};

/* "FILE: MEMBER: what is wrong", naming the remedy where it is not plain. */
struct authority_problem {
    char text[640];
};

/* Writes the text and returns `error`, so that a function can end with it. Texts taken from files
 * must have been checked (no control characters) by the caller. */
enum authority_error authority_fail(struct authority_problem *problem, enum authority_error error,
                                    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* "memory ran out" */
enum authority_error authority_fail_system(struct authority_problem *problem);

/* The failure of a file operation on `path`. */
enum authority_error authority_fail_file(struct authority_problem *problem, const char *path,
                                         enum file_error error);

/* Formats a path of at most PATH_MAX bytes; AUTHORITY_FILE when it is longer. */
MUST_USE enum authority_error authority_path(struct authority_problem *problem, char *ret_path,
                                             const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Takes the lock of a state's sources (DIR/STATE/.lock) before they are read to be changed, so that
 * of two programs none undoes what the other wrote; AUTHORITY_FILE when another one holds it. For
 * lock_release. */
MUST_USE enum authority_error authority_lock(struct authority_problem *problem, const char *dir,
                                             const char *state, int *ret_lock);

/* The same for one document: FOLDER/.NAME.lock beside FOLDER/NAME. */
MUST_USE enum authority_error authority_lock_document(struct authority_problem *problem,
                                                      const char *path, int *ret_lock);

#endif
