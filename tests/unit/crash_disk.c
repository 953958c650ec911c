/* SPDX-License-Identifier: Apache-2.0
 *
 * Files in memory, and the record of what was done to them. */
#include "crash_disk.h"

#include <stdio.h>

#include "check.h"

/* Room for at least `wanted` items of `size`; doubles. */
static void make_room(void **items, size_t *cap, size_t wanted, size_t size)
{
    if (wanted <= *cap) {
        return;
    }
    size_t more = *cap == 0 ? 4096 : *cap;
    while (more < wanted) {
        more *= 2;
    }
    *items = reallocarray(*items, more, size);
    assert_non_null(*items);
    *cap = more;
}

void *crash_room(size_t len)
{
    void *room = reallocarray(NULL, 1, len);
    assert_non_null(room);
    return memset(room, 0, len);
}

struct crash_disk *crash_disk_new(void)
{
    return crash_room(sizeof(struct crash_disk));
}

void crash_disk_free(struct crash_disk *disk)
{
    if (disk == NULL) {
        return;
    }
    for (size_t i = 0; i < disk->file_count; i++) {
        if (disk->file[i].user != NULL) {
            disk->release(disk->file[i].user);
        }
        free(disk->file[i].bytes);
    }
    crash_disk_free(disk->start);
    free(disk->event);
    free(disk->written);
    free(disk);
}

static void set_length(struct crash_file *file, size_t len)
{
    make_room((void **)&file->bytes, &file->cap, len, 1);
    if (len > file->len) {
        memset(file->bytes + file->len, 0, len - file->len);
    }
    file->len = len;
}

struct crash_disk *crash_disk_copy(const struct crash_disk *disk)
{
    struct crash_disk *copy = crash_disk_new();
    copy->file_count = disk->file_count;
    for (size_t i = 0; i < disk->file_count; i++) {
        const struct crash_file *from = &disk->file[i];
        struct crash_file *to = &copy->file[i];
        memcpy(to->name, from->name, sizeof to->name);
        to->named = from->named;
        to->synced = true;
        if (from->len != 0) {
            set_length(to, from->len);
            memcpy(to->bytes, from->bytes, from->len);
        }
    }
    return copy;
}

void crash_disk_record(struct crash_disk *disk)
{
    crash_disk_free(disk->start);
    disk->start = crash_disk_copy(disk);
    disk->event_count = 0;
    disk->written_len = 0;
    disk->recording = true;
}

/* ---- what is done to it ---- */

static void remember(struct crash_disk *disk, struct crash_event event)
{
    if (!disk->recording || event.file >= disk->file_count) {
        return;
    }
    make_room((void **)&disk->event, &disk->event_cap, disk->event_count + 1, sizeof event);
    disk->event[disk->event_count++] = event;
}

/* SIZE_MAX for a file that is not on the disk: nothing is remembered about it. */
static size_t number_of(const struct crash_disk *disk, const struct crash_file *file)
{
    for (size_t i = 0; i < disk->file_count; i++) {
        if (&disk->file[i] == file) {
            return i;
        }
    }
    return SIZE_MAX;
}

struct crash_file *crash_disk_find(struct crash_disk *disk, const char *name)
{
    for (size_t i = 0; i < disk->file_count; i++) {
        if (disk->file[i].named && strcmp(disk->file[i].name, name) == 0) {
            return &disk->file[i];
        }
    }
    return NULL;
}

struct crash_file *crash_disk_create(struct crash_disk *disk, const char *name)
{
    assert_true(disk->file_count < CRASH_MAX_FILES);
    struct crash_file *file = &disk->file[disk->file_count++];
    int len = snprintf(file->name, sizeof file->name, "%s", name);
    assert_true(len > 0 && (size_t)len < sizeof file->name);
    file->named = true;
    remember(disk, (struct crash_event){CRASH_CREATE, number_of(disk, file), 0, 0, 0});
    return file;
}

static bool is_wal(const struct crash_file *file)
{
    size_t len = strlen(file->name);
    return len > 4 && strcmp(file->name + len - 4, "-wal") == 0;
}

static void sync_now(struct crash_disk *disk, struct crash_file *file, bool new_name)
{
    bool first = !file->synced;
    file->synced = true;
    if (disk->no_syncs) {
        return;
    }
    remember(disk, (struct crash_event){CRASH_SYNC, number_of(disk, file), 0, 0, 0});
    if (first && new_name) {
        remember(disk, (struct crash_event){CRASH_FOLDER_SYNC, number_of(disk, file), 0, 0, 0});
    }
}

static void write_bytes(struct crash_file *file, size_t offset, struct span bytes)
{
    if (offset + bytes.len > file->len) {
        set_length(file, offset + bytes.len);
    }
    memcpy(file->bytes + offset, bytes.ptr, bytes.len);
}

void crash_disk_write(struct crash_disk *disk, struct crash_file *file, size_t offset,
                      struct span bytes)
{
    if (bytes.len == 0) {
        return;
    }
    if (disk->late != NULL && file != disk->late) {
        sync_now(disk, disk->late, true);
        disk->late = NULL;
    }
    write_bytes(file, offset, bytes);
    if (!disk->recording) {
        return;
    }
    make_room((void **)&disk->written, &disk->written_cap, disk->written_len + bytes.len, 1);
    memcpy(disk->written + disk->written_len, bytes.ptr, bytes.len);
    remember(disk, (struct crash_event){CRASH_WRITE, number_of(disk, file), offset, bytes.len,
                                        disk->written_len});
    disk->written_len += bytes.len;
}

void crash_disk_truncate(struct crash_disk *disk, struct crash_file *file, size_t len)
{
    set_length(file, len);
    remember(disk, (struct crash_event){CRASH_TRUNCATE, number_of(disk, file), len, 0, 0});
}

void crash_disk_sync(struct crash_disk *disk, struct crash_file *file, bool new_name)
{
    if (disk->late_wal_syncs && is_wal(file)) {
        disk->late = file;
        return;
    }
    sync_now(disk, file, new_name);
}

void crash_disk_remove(struct crash_disk *disk, struct crash_file *file, bool sync_folder)
{
    file->named = false;
    remember(disk, (struct crash_event){CRASH_REMOVE, number_of(disk, file), 0, 0, 0});
    if (sync_folder && !disk->no_syncs) {
        remember(disk, (struct crash_event){CRASH_FOLDER_SYNC, number_of(disk, file), 0, 0, 0});
    }
}

/* ---- what a power cut leaves of it ---- */

struct crash_replay {
    const struct crash_disk *record;
    struct crash_disk *safe; /* what is certainly there */
    size_t at;               /* the next event */
    size_t *pending;         /* events that are not safe, in order */
    size_t pending_count, pending_cap;
};

struct crash_replay *crash_replay_new(const struct crash_disk *record)
{
    assert_true(record->recording);
    struct crash_replay *replay = crash_room(sizeof *replay);
    replay->record = record;
    replay->safe = crash_disk_copy(record->start);
    return replay;
}

void crash_replay_free(struct crash_replay *replay)
{
    crash_disk_free(replay->safe);
    free(replay->pending);
    free(replay);
}

static bool is_about_names(const struct crash_event *event)
{
    return event->kind == CRASH_CREATE || event->kind == CRASH_REMOVE;
}

static struct span bytes_of(const struct crash_disk *record, const struct crash_event *event)
{
    return span_of(record->written + event->bytes, event->len);
}

/* A new file takes its name from another that a lost removal left there. */
static void take_name(struct crash_disk *disk, size_t number, const char *name)
{
    struct crash_file *file = &disk->file[number];
    struct crash_file *other = crash_disk_find(disk, name);
    if (other != NULL) {
        other->named = false;
    }
    memcpy(file->name, name, sizeof file->name);
    file->named = true;
}

static void apply(struct crash_disk *disk, const struct crash_disk *record,
                  const struct crash_event *event)
{
    struct crash_file *file = &disk->file[event->file];
    switch (event->kind) {
    case CRASH_CREATE:
        take_name(disk, event->file, record->file[event->file].name);
        break;
    case CRASH_WRITE:
        write_bytes(file, event->offset, bytes_of(record, event));
        break;
    case CRASH_TRUNCATE:
        set_length(file, event->offset);
        break;
    case CRASH_REMOVE:
        file->named = false;
        break;
    case CRASH_SYNC:
    case CRASH_FOLDER_SYNC:
        break;
    }
}

/* A sync of a file makes its bytes safe; one of the folder, all names. */
static bool is_made_safe(const struct crash_event *event, const struct crash_event *sync)
{
    return sync->kind == CRASH_FOLDER_SYNC ? is_about_names(event)
                                           : event->file == sync->file && !is_about_names(event);
}

static void make_safe(struct crash_replay *replay, const struct crash_event *sync)
{
    size_t kept = 0;
    for (size_t i = 0; i < replay->pending_count; i++) {
        const struct crash_event *event = &replay->record->event[replay->pending[i]];
        if (is_made_safe(event, sync)) {
            apply(replay->safe, replay->record, event);
        } else {
            replay->pending[kept++] = replay->pending[i];
        }
    }
    replay->pending_count = kept;
}

void crash_replay_to(struct crash_replay *replay, size_t event)
{
    assert_true(event >= replay->at && event <= replay->record->event_count);
    for (; replay->at < event; replay->at++) {
        const struct crash_event *next = &replay->record->event[replay->at];
        if (next->file >= replay->safe->file_count) {
            replay->safe->file_count = next->file + 1;
        }
        if (next->kind == CRASH_SYNC || next->kind == CRASH_FOLDER_SYNC) {
            make_safe(replay, next);
            continue;
        }
        make_room((void **)&replay->pending, &replay->pending_cap, replay->pending_count + 1,
                  sizeof replay->pending[0]);
        replay->pending[replay->pending_count++] = replay->at;
    }
}

/* The sectors of a write that arrive: those before or after one of them, or any; what was in flight
 * may be noise. */
static void write_torn(struct crash_file *file, size_t offset, struct span bytes, uint64_t *random)
{
    size_t first = offset / CRASH_SECTOR, last = (offset + bytes.len - 1) / CRASH_SECTOR;
    size_t split = first + check_random(random) % (last - first + 1);
    unsigned way = (unsigned)(check_random(random) % 4);
    for (size_t sector = first; sector <= last; sector++) {
        size_t from = sector * CRASH_SECTOR > offset ? sector * CRASH_SECTOR : offset;
        size_t to = (sector + 1) * CRASH_SECTOR;
        to = to < offset + bytes.len ? to : offset + bytes.len;
        bool arrives = way == 0   ? sector < split
                       : way == 1 ? sector > split
                                  : check_random(random) % 2 == 0;
        if (arrives) {
            write_bytes(file, from, span_of(bytes.ptr + from - offset, to - from));
        } else if (way == 3) {
            uint8_t noise[CRASH_SECTOR];
            check_random_bytes(random, noise, to - from);
            write_bytes(file, from, span_of(noise, to - from));
        }
    }
}

/* Of 16: how many of the writes that are not safe arrive whole. */
static bool one_of_16(uint64_t *random, unsigned chances)
{
    return check_random(random) % 16 < chances;
}

static void cut_write(struct crash_disk *disk, const struct crash_disk *record,
                      const struct crash_event *event, unsigned chances, uint64_t *random)
{
    struct crash_file *file = &disk->file[event->file];
    if (one_of_16(random, chances)) {
        apply(disk, record, event);
    } else if (one_of_16(random, 4)) {
        write_torn(file, event->offset, bytes_of(record, event), random);
    } else if (event->offset + event->len > file->len && one_of_16(random, 4)) {
        set_length(file, event->offset + event->len);
    }
}

struct crash_disk *crash_replay_cut(const struct crash_replay *replay, uint64_t *random)
{
    static const unsigned chances_of[] = {0, 1, 4, 8, 12, 15, 16};
    unsigned chances = chances_of[check_random(random) % COUNT_OF(chances_of)];
    struct crash_disk *disk = crash_disk_copy(replay->safe);
    for (size_t i = 0; i < replay->pending_count; i++) {
        const struct crash_event *event = &replay->record->event[replay->pending[i]];
        if (event->kind == CRASH_WRITE) {
            cut_write(disk, replay->record, event, chances, random);
        } else if (one_of_16(random, chances)) {
            apply(disk, replay->record, event);
        }
    }
    return disk;
}
