/* SPDX-License-Identifier: Apache-2.0
 *
 * What connections of one process share and no disk holds: locks on a file, and the memory in which
 * the log's index stands. */
#include "crash_vfs_room.h"

#include "check.h"

struct shared *crash_shared(struct handle *h)
{
    if (h->file->user == NULL) {
        h->file->user = crash_room(sizeof(struct shared));
    }
    return h->file->user;
}

static void forget_regions(struct shared *s)
{
    for (size_t i = 0; i < SHM_REGIONS; i++) {
        free(s->region[i]);
        s->region[i] = NULL;
    }
}

void crash_release_shared(void *user)
{
    forget_regions(user);
    free(user);
}

/* ---- locks on the file ---- */

int crash_lock(sqlite3_file *file, int level)
{
    struct handle *h = of(file);
    int code = crash_count(CRASH_CALL_LOCK);
    if (code != SQLITE_OK || h->level >= level) {
        return code;
    }
    struct shared *s = crash_shared(h);
    if (h->level == SQLITE_LOCK_NONE) {
        if (s->closed_to_readers) {
            return SQLITE_BUSY;
        }
        s->readers++;
        h->level = SQLITE_LOCK_SHARED;
    }
    if (level == SQLITE_LOCK_SHARED) {
        return SQLITE_OK;
    }
    if (s->writer != NULL && s->writer != h) {
        return SQLITE_BUSY;
    }
    s->writer = h;
    if (level == SQLITE_LOCK_EXCLUSIVE) {
        s->closed_to_readers = true;
        if (s->readers > 1) {
            h->level = SQLITE_LOCK_PENDING;
            return SQLITE_BUSY;
        }
    }
    h->level = level;
    return SQLITE_OK;
}

int crash_unlock(sqlite3_file *file, int level)
{
    struct handle *h = of(file);
    if (h->level <= level) {
        return SQLITE_OK;
    }
    struct shared *s = crash_shared(h);
    if (s->writer == h) {
        s->writer = NULL;
        s->closed_to_readers = false;
    }
    if (level == SQLITE_LOCK_NONE) {
        s->readers--;
    }
    h->level = level;
    return SQLITE_OK;
}

int crash_check_reserved(sqlite3_file *file, int *ret_reserved)
{
    struct shared *s = crash_shared(of(file));
    *ret_reserved = s->writer != NULL;
    return SQLITE_OK;
}

/* ---- shared memory of the log ---- */

int crash_shm_map(sqlite3_file *file, int number, int size, int extend, void volatile **ret_region)
{
    *ret_region = NULL;
    int code = crash_count(CRASH_CALL_SHM_MAP);
    if (code != SQLITE_OK) {
        return code;
    }
    assert_true(number < SHM_REGIONS);
    struct shared *s = crash_shared(of(file));
    s->mapped += !of(file)->mapped;
    of(file)->mapped = true;
    if (s->region[number] == NULL && extend != 0) {
        s->region[number] = crash_room((size_t)size);
    }
    *ret_region = s->region[number];
    return SQLITE_OK;
}

static void shm_unlock(struct handle *h, struct shared *s, int slot, bool exclusive)
{
    if (exclusive && h->own_exclusive[slot] != 0) {
        s->shm_lock[slot] = 0;
        h->own_exclusive[slot] = 0;
    } else if (!exclusive && h->own_shared[slot] != 0) {
        s->shm_lock[slot]--;
        h->own_shared[slot] = 0;
    }
}

static bool shm_is_free(const struct handle *h, const struct shared *s, int slot, bool exclusive)
{
    return exclusive ? s->shm_lock[slot] - h->own_shared[slot] == 0
                     : s->shm_lock[slot] >= 0 || h->own_exclusive[slot] != 0;
}

static void shm_take(struct handle *h, struct shared *s, int slot, bool exclusive)
{
    if (exclusive) {
        s->shm_lock[slot] = -1;
        h->own_exclusive[slot] = 1;
    } else if (h->own_shared[slot] == 0) {
        s->shm_lock[slot]++;
        h->own_shared[slot] = 1;
    }
}

int crash_shm_lock(sqlite3_file *file, int first, int n, int flags)
{
    struct handle *h = of(file);
    struct shared *s = crash_shared(h);
    bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        for (int slot = first; slot < first + n; slot++) {
            shm_unlock(h, s, slot, exclusive);
        }
        return SQLITE_OK;
    }
    int code = crash_count(CRASH_CALL_SHM_LOCK);
    for (int slot = first; slot < first + n && code == SQLITE_OK; slot++) {
        code = shm_is_free(h, s, slot, exclusive) ? SQLITE_OK : SQLITE_BUSY;
    }
    for (int slot = first; slot < first + n && code == SQLITE_OK; slot++) {
        shm_take(h, s, slot, exclusive);
    }
    return code;
}

void crash_shm_barrier(sqlite3_file *file)
{
    (void)file;
}

/* As on Unix, whoever comes when nobody had it open makes it anew, from the log. */
int crash_shm_unmap(sqlite3_file *file, int remove)
{
    (void)remove;
    struct handle *h = of(file);
    struct shared *s = crash_shared(h);
    for (int slot = 0; slot < SQLITE_SHM_NLOCK; slot++) {
        shm_unlock(h, s, slot, true);
        shm_unlock(h, s, slot, false);
    }
    s->mapped -= h->mapped;
    h->mapped = false;
    if (s->mapped == 0) {
        forget_regions(s);
    }
    return SQLITE_OK;
}
