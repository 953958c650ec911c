/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite on a disk in memory (crash_disk.h), with calls that fail when they are told to. Installed
 * as the default, so that the code under test opens its files as it always does; only the file it
 * looks for before SQLite does must also be on the real disk, empty. One thread.
 *
 * Locks and shared memory are those of one process with several connections: they are not on the
 * disk, and a disk after a crash has none. Write-ahead logging runs as on Unix, with the same
 * sector size and promises of the device. */
#ifndef TESTS_CRASH_VFS_H
#define TESTS_CRASH_VFS_H

#include "crash_disk.h"

/* Once, before the first use of SQLite. */
void crash_vfs_install(void);

/* Instead of the C library's memory; before crash_vfs_install. */
struct crash_memory {
    void *(*allocate)(size_t len);
    void *(*resize)(void *ptr, size_t len);
    void (*release)(void *ptr);
};
void crash_vfs_memory(const struct crash_memory *memory);

/* The disk on which names are looked up from now on. Files that are open stay with their own. */
void crash_vfs_mount(struct crash_disk *disk);

/* ---- the connection that was opened last ---- */

/* Log pages after which a commit moves the log into the file; SQLite's usual is 1000. */
void crash_vfs_checkpoint_at(int pages);
/* All pages as its reader sees them, the log applied. The caller frees *ret_pages with free(). */
bool crash_vfs_pages(uint8_t **ret_pages, size_t *ret_len);
/* PRAGMA integrity_check says "ok". */
bool crash_vfs_is_sound(void);

/* ---- calls that fail ---- */

enum crash_call {
    CRASH_CALL_OPEN,
    CRASH_CALL_DELETE,
    CRASH_CALL_ACCESS,
    CRASH_CALL_READ,
    CRASH_CALL_WRITE,
    CRASH_CALL_TRUNCATE,
    CRASH_CALL_SYNC,
    CRASH_CALL_SIZE,
    CRASH_CALL_LOCK,
    CRASH_CALL_SHM_MAP,
    CRASH_CALL_SHM_LOCK,
    CRASH_CALLS,
};

enum crash_failure {
    CRASH_IO_ERROR, /* SQLITE_IOERR, with the detail that belongs to the call */
    CRASH_DISK_FULL,
    CRASH_LOCKED, /* SQLITE_BUSY */
    CRASH_FAILURES,
};

/* From now on the call of that number (from 1) fails, once or with all that follow; half of a write
 * that fails has been done. NULL: none does. Calls are counted anew. */
struct crash_fault {
    enum crash_call call;
    enum crash_failure failure;
    unsigned long number;
    bool for_ever;
};
void crash_vfs_fail(const struct crash_fault *fault);
/* How often that kind was called since crash_vfs_fail, and how many calls failed. */
unsigned long crash_vfs_calls(enum crash_call call);
unsigned long crash_vfs_failed(void);
const char *crash_call_name(enum crash_call call);

#endif
