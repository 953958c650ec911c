/* SPDX-License-Identifier: Apache-2.0
 *
 * NAME.part and NAME.seen for each role. Everything is opened relative to the folder, and a link in
 * the place of a file is never followed.
 */
#include "devices/fetch_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lock.h"

static const char magic[] = "saksi-seen";

#define SEEN_MAX 4096

static const char *const part_name[] = {
    [FETCH_HEADER] = "header.part", [FETCH_SINCE] = "since.part", [FETCH_BUNDLE] = "bundle.part"};
static const char *const seen_name[] = {
    [FETCH_HEADER] = "header.seen", [FETCH_SINCE] = "since.seen", [FETCH_BUNDLE] = "bundle.seen"};

/* --- the folder --- */

static enum fetch_cache_error open_folder(const char *path, int *ret_folder)
{
    struct stat st;
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return FETCH_CACHE_IO;
    }
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return errno == EACCES || errno == ENOTDIR || errno == ELOOP ? FETCH_CACHE_FOREIGN
                                                                     : FETCH_CACHE_IO;
    }
    bool known = fstat(fd, &st) == 0;
    enum fetch_cache_error error = !known                    ? FETCH_CACHE_IO
                                   : st.st_uid != geteuid()  ? FETCH_CACHE_FOREIGN
                                   : (st.st_mode & 077) == 0 ? FETCH_CACHE_OK
                                   : fchmod(fd, 0700) != 0   ? FETCH_CACHE_IO
                                                             : FETCH_CACHE_OK;
    if (error != FETCH_CACHE_OK) {
        (void)close(fd);
        return error;
    }
    *ret_folder = fd;
    return FETCH_CACHE_OK;
}

enum fetch_cache_error fetch_cache_open(const char *db, struct fetch_cache *ret_cache)
{
    char lock[PATH_MAX];
    int folder = -1;
    int len = snprintf(ret_cache->path, sizeof ret_cache->path, "%s" FETCH_CACHE_ENDING, db);
    if (len < 0 || len >= PATH_MAX ||
        snprintf(lock, sizeof lock, "%s/lock", ret_cache->path) >= PATH_MAX) {
        return FETCH_CACHE_IO;
    }
    enum fetch_cache_error error = open_folder(ret_cache->path, &folder);
    if (error != FETCH_CACHE_OK) {
        return error;
    }
    enum lock_error locked = lock_take(lock, &ret_cache->lock);
    if (locked != LOCK_OK) {
        (void)close(folder);
        return locked == LOCK_HELD ? FETCH_CACHE_HELD : FETCH_CACHE_IO;
    }
    ret_cache->folder = folder;
    return FETCH_CACHE_OK;
}

void fetch_cache_close(struct fetch_cache *cache)
{
    (void)close(cache->folder);
    lock_release(cache->lock);
}

/* --- part files --- */

int fetch_cache_part(const struct fetch_cache *cache, enum fetch_cache_role role)
{
    struct stat st;
    int fd = openat(cache->folder, part_name[role],
                    O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
    if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

void fetch_cache_drop_part(const struct fetch_cache *cache, enum fetch_cache_role role)
{
    (void)unlinkat(cache->folder, part_name[role], 0);
}

/* --- what was seen --- */

static bool name_seen(const struct fetch_cache *cache, enum fetch_cache_role role,
                      char ret_path[PATH_MAX])
{
    return snprintf(ret_path, PATH_MAX, "%s/%s", cache->path, seen_name[role]) < PATH_MAX;
}

static bool read_seen(struct span bytes, const char *url,
                      const uint8_t header_digest[FETCH_CACHE_DIGEST],
                      struct fetch_validators *ret_validators)
{
    char of[FETCH_URL_MAX + 1];
    struct fetch_validators v;
    struct reader r = reader_of(bytes);
    bool ok = span_equal(reader_take(&r, sizeof magic), span_of(magic, sizeof magic)) &&
              span_equal(reader_take(&r, FETCH_CACHE_DIGEST),
                         span_of(header_digest, FETCH_CACHE_DIGEST)) &&
              fetch_take_text(&r, of, sizeof of) && fetch_take_text(&r, v.etag, sizeof v.etag) &&
              fetch_take_text(&r, v.modified, sizeof v.modified) && reader_done(&r) &&
              strcmp(of, url) == 0;
    if (ok) {
        *ret_validators = v;
    }
    return ok;
}

bool fetch_cache_known(const struct fetch_cache *cache, enum fetch_cache_role role, const char *url,
                       const uint8_t header_digest[FETCH_CACHE_DIGEST],
                       struct fetch_validators *ret_validators)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    if (file_read_in(cache->path, seen_name[role], SEEN_MAX, &bytes, &len) != FILE_OK) {
        return false;
    }
    bool known = read_seen(span_of(bytes, len), url, header_digest, ret_validators);
    free(bytes);
    return known;
}

void fetch_cache_remember(const struct fetch_cache *cache, enum fetch_cache_role role,
                          const char *url, const uint8_t header_digest[FETCH_CACHE_DIGEST],
                          const struct fetch_validators *validators)
{
    uint8_t bytes[SEEN_MAX];
    char path[PATH_MAX];
    struct writer w = writer_of(bytes, sizeof bytes);
    writer_put(&w, span_of(magic, sizeof magic));
    writer_put(&w, span_of(header_digest, FETCH_CACHE_DIGEST));
    fetch_put_text(&w, url);
    fetch_put_text(&w, validators->etag);
    fetch_put_text(&w, validators->modified);
    bool empty = validators->etag[0] == '\0' && validators->modified[0] == '\0';
    if (empty || !writer_ok(&w) || !name_seen(cache, role, path) ||
        file_write_atomic(path, writer_span(&w), 0600) != FILE_OK) {
        (void)unlinkat(cache->folder, seen_name[role], 0);
    }
}
