/* SPDX-License-Identifier: Apache-2.0
 *
 * Shared by the crash_vfs*.c files: what SQLite holds of an open file. */
#ifndef TESTS_CRASH_VFS_ROOM_H
#define TESTS_CRASH_VFS_ROOM_H

#include <sqlite3.h>

#include "crash_vfs.h"

#define SHM_REGIONS 64

/* What all who have a file open share; not on the disk. */
struct shared {
    int readers;           /* handles at SHARED or above */
    struct handle *writer; /* at RESERVED or above */
    bool closed_to_readers;
    int mapped; /* by how many handles */
    void *region[SHM_REGIONS];
    int shm_lock[SQLITE_SHM_NLOCK]; /* readers of each slot, or −1 */
};

struct handle {
    sqlite3_file base;
    struct crash_disk *disk;
    struct crash_file *file;
    struct crash_file temporary; /* a file without name is not on the disk */
    int level;
    bool delete_on_close;
    int persist_wal;
    int own_shared[SQLITE_SHM_NLOCK], own_exclusive[SQLITE_SHM_NLOCK];
    bool mapped;
    bool is_log; /* a journal or -wal: its first sync makes its name safe */
};

static inline struct handle *of(sqlite3_file *file)
{
    return (struct handle *)file;
}

/* Made when first asked for; freed with the disk by crash_release_shared. */
struct shared *crash_shared(struct handle *h);
void crash_release_shared(void *user);

/* Counts a call: SQLITE_OK, or how it fails. */
int crash_count(enum crash_call call);

/* For sqlite3_auto_extension. */
int crash_remember_connection(sqlite3 *opened, const char **message,
                              const struct sqlite3_api_routines *api);

/* Methods of an open file. */
int crash_lock(sqlite3_file *file, int level);
int crash_unlock(sqlite3_file *file, int level);
int crash_check_reserved(sqlite3_file *file, int *ret_reserved);
int crash_shm_map(sqlite3_file *file, int number, int size, int extend, void volatile **ret_region);
int crash_shm_lock(sqlite3_file *file, int first, int n, int flags);
void crash_shm_barrier(sqlite3_file *file);
int crash_shm_unmap(sqlite3_file *file, int remove);

#endif
