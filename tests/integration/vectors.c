/* SPDX-License-Identifier: Apache-2.0
 *
 * Finding and reading the vectors; what they mean is the tests' business. */
#include "vectors.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "check.h"

static bool is_json(const char *name)
{
    size_t len = strlen(name);
    return len > 5 && strcmp(name + len - 5, ".json") == 0;
}

static bool join(char path[PATH_MAX], const char *folder, const char *name)
{
    int len = snprintf(path, PATH_MAX, "%s/%s", folder, name);
    return len > 0 && len < PATH_MAX;
}

static void visit_file(const char *path, const char *name,
                       void (*visit)(const char *name, const json_t *root))
{
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    if (root == NULL) {
        fail_msg("%s: line %d: %s", path, error.line, error.text);
    }
    visit(name, root);
    json_decref(root);
}

/* `top` is how much of a path is not shown. */
static size_t walk(const char *folder, size_t top,
                   void (*visit)(const char *name, const json_t *root))
{
    struct dirent **entry = NULL;
    size_t files = 0;
    int count = scandir(folder, &entry, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        struct stat st;
        bool ok = entry[i]->d_name[0] != '.' && join(path, folder, entry[i]->d_name) &&
                  stat(path, &st) == 0;
        if (ok && S_ISDIR(st.st_mode)) {
            files += walk(path, top, visit);
        } else if (ok && is_json(entry[i]->d_name)) {
            visit_file(path, path + top + 1, visit);
            files++;
        }
        free(entry[i]);
    }
    free(entry);
    return files;
}

size_t vectors_walk(const char *folder, void (*visit)(const char *name, const json_t *root))
{
    const char *set = getenv("SAKSI_VECTORS");
    char path[PATH_MAX];
    assert_true(join(path, set != NULL ? set : TEST_SOURCE_DIR "/../shared/vectors", folder));
    return walk(path, strlen(path), visit);
}

const json_t *vectors_at(const json_t *root, const char *path)
{
    while (root != NULL && *path != '\0') {
        char key[64];
        size_t len = strcspn(path, ".");
        assert_true(len < sizeof key);
        memcpy(key, path, len);
        key[len] = '\0';
        root = json_object_get(root, key);
        path += len + (path[len] == '.');
    }
    return root;
}

static uint8_t *room_for(size_t characters)
{
    uint8_t *room = (uint8_t *)malloc(characters + 1);
    assert_non_null(room);
    return room;
}

struct span vectors_hex(const json_t *value)
{
    const char *text = json_string_value(value);
    if (text == NULL) {
        return span_of(NULL, 0);
    }
    uint8_t *room = room_for(strlen(text) / 2);
    return check_hex(text, room, strlen(text) / 2);
}

struct span vectors_base64(const json_t *value)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
    const char *text = json_string_value(value);
    if (text == NULL) {
        return span_of(NULL, 0);
    }
    uint8_t *room = room_for(strlen(text));
    size_t len = 0;
    uint32_t bits = 0;
    unsigned count = 0;
    for (; *text != '\0' && *text != '='; text++) {
        const char *at = strchr(digits, *text);
        assert_non_null(at);
        size_t digit = (size_t)(at - digits);
        bits = bits << 6 | (uint32_t)(digit < 64 ? digit : digit - 2);
        count += 6;
        if (count >= 8) {
            count -= 8;
            room[len++] = (uint8_t)(bits >> count);
        }
    }
    return span_of(room, len);
}

void vectors_free(struct span bytes)
{
    free((void *)(uintptr_t)bytes.ptr);
}
