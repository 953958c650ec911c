/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads a whole .mo file once and checks every offset before it is used; a search is a bisection
 * over the sorted table of originals. Knows neither plural forms nor other byte orders: msgfmt
 * writes ours on the same machine.
 */
#include "base/translation.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MO_MAGIC    0x950412deu
#define MO_MAX_SIZE (1 << 20)

struct translation {
    uint32_t count;
    uint32_t originals, translations; /* offsets of the two tables of {length, offset} */
    size_t size;
    char bytes[];
};

static uint32_t word_at(const struct translation *t, size_t offset)
{
    uint32_t word;
    memcpy(&word, t->bytes + offset, sizeof word);
    return word;
}

/* The at-th string of a table; NULL when it is not wholly inside and ended by a NUL. */
static const char *string_at(const struct translation *t, uint32_t table, uint32_t at)
{
    size_t entry = table + (size_t)at * 8;
    uint32_t len = word_at(t, entry), offset = word_at(t, entry + 4);
    if (offset >= t->size || len >= t->size - offset || t->bytes[offset + len] != '\0') {
        return NULL;
    }
    return t->bytes + offset;
}

static bool tables_fit(struct translation *t)
{
    if (t->size < 28 || word_at(t, 0) != MO_MAGIC || word_at(t, 4) >> 16 != 0) {
        return false;
    }
    t->count = word_at(t, 8);
    t->originals = word_at(t, 12);
    t->translations = word_at(t, 16);
    size_t table = (size_t)t->count * 8;
    return t->originals <= t->size && table <= t->size - t->originals &&
           t->translations <= t->size && table <= t->size - t->translations;
}

static struct translation *read_file(int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size <= 0 ||
        st.st_size > MO_MAX_SIZE) {
        return NULL;
    }
    size_t size = (size_t)st.st_size;
    struct translation *t = calloc(1, sizeof *t + size);
    if (t == NULL) {
        return NULL;
    }
    t->size = size;
    if (read(fd, t->bytes, size) != (ssize_t)size || !tables_fit(t)) {
        free(t);
        return NULL;
    }
    return t;
}

struct translation *translation_open(const char *dir, const char *lang)
{
    char path[4096];
    int len = snprintf(path, sizeof path, "%s/%s.mo", dir, lang);
    if (len < 0 || (size_t)len >= sizeof path || strchr(lang, '/') != NULL) {
        return NULL;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return NULL;
    }
    struct translation *t = read_file(fd);
    close(fd);
    return t;
}

void translation_close(struct translation *translation)
{
    free(translation);
}

const char *translation_text(const struct translation *t, const char *english)
{
    if (t == NULL || *english == '\0') {
        return english; /* the empty original is the file's own header */
    }
    uint32_t low = 0, high = t->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const char *original = string_at(t, t->originals, middle);
        if (original == NULL) {
            return english;
        }
        int order = strcmp(english, original);
        if (order == 0) {
            const char *translated = string_at(t, t->translations, middle);
            return translated != NULL && *translated != '\0' ? translated : english;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return english;
}
