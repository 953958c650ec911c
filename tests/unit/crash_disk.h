/* SPDX-License-Identifier: Apache-2.0
 *
 * A disk in memory that remembers what was done to it, and what it may hold after the power went at
 * any moment of that. Knows files and bytes; knows nothing of SQLite.
 *
 * What the model lets a power cut do:
 *  - what a file held at its last sync is kept;
 *  - each later write is kept, dropped, or torn: only some of its sectors of 512 bytes (counted
 * from the start of the file) arrive, and those in flight may hold noise. Writes of one file and of
 *    several files arrive in any order. A dropped write may still have made its file longer, by
 *    zeros. Later truncations are kept or dropped;
 *  - a new name in the folder is lost with its file, and a removed one comes back, until the folder
 *    is synced: as SQLite on Unix does with the first sync of a journal or -wal that it made. The
 *    sync of any other file does not keep its name.
 * What it does not do: change bytes outside a write, lose what was synced, swap sectors. */
#ifndef TESTS_CRASH_DISK_H
#define TESTS_CRASH_DISK_H

#include "wire/bytes.h"

#define CRASH_SECTOR    512
#define CRASH_MAX_FILES 32

/* A file. It lives as long as its disk, also when its name is gone. */
struct crash_file {
    char name[128];
    bool named;  /* its name is in the folder */
    bool synced; /* once or more */
    uint8_t *bytes;
    size_t len, cap;
    void *user; /* whoever opens files keeps here what is not on the disk; released by `release` */
};

enum crash_event_kind {
    CRASH_CREATE,
    CRASH_WRITE,
    CRASH_TRUNCATE, /* to `offset` */
    CRASH_SYNC,
    CRASH_REMOVE,
    CRASH_FOLDER_SYNC,
};

struct crash_event {
    enum crash_event_kind kind;
    size_t file;
    size_t offset, len;
    size_t bytes; /* where the written bytes stand in the disk's `written` */
};

struct crash_disk {
    struct crash_file file[CRASH_MAX_FILES];
    size_t file_count;
    void (*release)(void *user);

    /* For tests that must find something: syncs are not done, or those of a -wal not before another
     * file is written. */
    bool no_syncs, late_wal_syncs;
    struct crash_file *late;

    /* Since crash_disk_record: */
    bool recording;
    struct crash_disk *start; /* as it was then */
    struct crash_event *event;
    size_t event_count, event_cap;
    uint8_t *written;
    size_t written_len, written_cap;
};

/* Room filled with zeros; not by malloc and calloc, which tests make fail. */
void *crash_room(size_t len);

struct crash_disk *crash_disk_new(void);
void crash_disk_free(struct crash_disk *disk);
/* The files alone, all of them safe. */
struct crash_disk *crash_disk_copy(const struct crash_disk *disk);
/* All that is on the disk is safe; from here on everything is remembered. */
void crash_disk_record(struct crash_disk *disk);

/* NULL when there is none of that name. */
struct crash_file *crash_disk_find(struct crash_disk *disk, const char *name);
struct crash_file *crash_disk_create(struct crash_disk *disk, const char *name);
void crash_disk_write(struct crash_disk *disk, struct crash_file *file, size_t offset,
                      struct span bytes);
void crash_disk_truncate(struct crash_disk *disk, struct crash_file *file, size_t len);
/* `new_name`: the first sync of a file makes its name safe too, and with it the folder. */
void crash_disk_sync(struct crash_disk *disk, struct crash_file *file, bool new_name);
void crash_disk_remove(struct crash_disk *disk, struct crash_file *file, bool sync_folder);

/* A walk along a record, and disks as a power cut may leave them where it stands. */
struct crash_replay;
struct crash_replay *crash_replay_new(const struct crash_disk *record);
void crash_replay_free(struct crash_replay *replay);
/* To just before the event of that number; forwards only. */
void crash_replay_to(struct crash_replay *replay, size_t event);
struct crash_disk *crash_replay_cut(const struct crash_replay *replay, uint64_t *random);

#endif
