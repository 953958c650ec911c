/* SPDX-License-Identifier: Apache-2.0
 *
 * One line for the person at the keyboard.
 */
#include "authority/problem.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

enum authority_error authority_fail(struct authority_problem *problem, enum authority_error error,
                                    const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(problem->text, sizeof problem->text, format, args);
    va_end(args);
    return error;
}

enum authority_error authority_fail_system(struct authority_problem *problem)
{
    return authority_fail(problem, AUTHORITY_SYSTEM, "memory ran out");
}

enum authority_error authority_fail_file(struct authority_problem *problem, const char *path,
                                         enum file_error error)
{
    return authority_fail(problem, AUTHORITY_FILE, "%s: %s", path, file_error_text(error));
}

enum authority_error authority_path(struct authority_problem *problem, char *ret_path,
                                    const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(ret_path, PATH_MAX, format, args);
    va_end(args);
    if (len < 0 || len >= PATH_MAX) {
        return authority_fail(problem, AUTHORITY_FILE, "%.200s...: the path is too long", ret_path);
    }
    return AUTHORITY_OK;
}

static enum authority_error take(struct authority_problem *problem, const char *path,
                                 const char *what, int *ret_lock)
{
    switch (lock_take(path, ret_lock)) {
    case LOCK_OK:
        return AUTHORITY_OK;
    case LOCK_HELD:
        return authority_fail(problem, AUTHORITY_FILE,
                              "%s: another program changes %s; wait until it has ended", path,
                              what);
    case LOCK_FAILED:
        break;
    }
    return authority_fail(problem, AUTHORITY_FILE,
                          "%s: cannot be locked; check the folder and its permissions", path);
}

enum authority_error authority_lock(struct authority_problem *problem, const char *dir,
                                    const char *state, int *ret_lock)
{
    char path[PATH_MAX];
    char what[32];
    (void)snprintf(what, sizeof what, "the sources of %.8s", state);
    enum authority_error error = authority_path(problem, path, "%s/%s/.lock", dir, state);
    return error == AUTHORITY_OK ? take(problem, path, what, ret_lock) : error;
}

enum authority_error authority_lock_document(struct authority_problem *problem, const char *path,
                                             int *ret_lock)
{
    char lock[PATH_MAX];
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    enum authority_error error =
        authority_path(problem, lock, "%.*s.%s.lock", (int)(name - path), path, name);
    return error == AUTHORITY_OK ? take(problem, lock, "this document", ret_lock) : error;
}
