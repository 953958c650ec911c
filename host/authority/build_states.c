/* SPDX-License-Identifier: Apache-2.0
 *
 * Which states a folder has sources or lists of.
 */
#include "authority/build.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static int compare_state(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Names of the form XX + tail for which FOLDER/XX + needed is there. */
static enum authority_error find(const char *folder, const char *tail, const char *needed,
                                 struct build_states *ret_states, struct authority_problem *problem)
{
    enum authority_error error = AUTHORITY_OK;
    char path[PATH_MAX];
    DIR *dir = opendir(folder);
    *ret_states = (struct build_states){0};
    if (dir == NULL) {
        return authority_fail(problem, AUTHORITY_FILE, "%s: there is no such folder", folder);
    }
    for (struct dirent *entry; error == AUTHORITY_OK && (entry = readdir(dir)) != NULL;) {
        struct span name = span_str(entry->d_name);
        if (name.len < TRUST_STATE_SIZE || !trust_is_state(span_of(name.ptr, TRUST_STATE_SIZE)) ||
            strcmp(entry->d_name + TRUST_STATE_SIZE, tail) != 0) {
            continue;
        }
        error = authority_path(problem, path, "%s/%.2s%s", folder, entry->d_name, needed);
        if (error == AUTHORITY_OK && file_exists(path)) {
            if (ret_states->count == TRUST_MAX_STATES) {
                error = authority_fail(problem, AUTHORITY_SOURCE, "%s: has more than %d states",
                                       folder, TRUST_MAX_STATES);
                break;
            }
            memcpy(ret_states->state[ret_states->count++], entry->d_name, TRUST_STATE_SIZE);
        }
    }
    (void)closedir(dir);
    qsort(ret_states->state, ret_states->count, sizeof ret_states->state[0], compare_state);
    return error;
}

enum authority_error build_find_states(const char *dir, struct build_states *ret_states,
                                       struct authority_problem *problem)
{
    return find(dir, "", "/list.json", ret_states, problem);
}

enum authority_error build_find_lists(const char *dir, struct build_states *ret_states,
                                      struct authority_problem *problem)
{
    char out[PATH_MAX];
    enum authority_error error = authority_path(problem, out, "%s/out", dir);
    return error != AUTHORITY_OK ? error : find(out, ".list", ".list", ret_states, problem);
}
