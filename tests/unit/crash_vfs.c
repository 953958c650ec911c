/* SPDX-License-Identifier: Apache-2.0
 *
 * The methods SQLite calls, over crash_disk: files and their folder. */
#include "crash_vfs_room.h"

#include <stdio.h>

#include "check.h"

static struct crash_disk *mounted;
static uint64_t noise = 0x5A;

/* ---- files ---- */

static int close_file(sqlite3_file *file)
{
    struct handle *h = of(file);
    (void)crash_unlock(file, SQLITE_LOCK_NONE);
    if (h->file == &h->temporary) {
        free(h->temporary.bytes);
    } else if (h->delete_on_close) {
        crash_disk_remove(h->disk, h->file, false);
    }
    return SQLITE_OK;
}

static int read_file(sqlite3_file *file, void *room, int len, sqlite3_int64 offset)
{
    struct handle *h = of(file);
    int code = crash_count(CRASH_CALL_READ);
    if (code != SQLITE_OK) {
        return code;
    }
    size_t at = (size_t)offset, wanted = (size_t)len;
    size_t there = at < h->file->len ? h->file->len - at : 0;
    size_t got = there < wanted ? there : wanted;
    if (got != 0) {
        memcpy(room, h->file->bytes + at, got);
    }
    memset((uint8_t *)room + got, 0, wanted - got);
    return got == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int write_file(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 offset)
{
    struct handle *h = of(file);
    int code = crash_count(CRASH_CALL_WRITE);
    size_t done = code == SQLITE_OK ? (size_t)len : (size_t)len / 2;
    crash_disk_write(h->disk, h->file, (size_t)offset, span_of(bytes, done));
    return code;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 len)
{
    int code = crash_count(CRASH_CALL_TRUNCATE);
    if (code == SQLITE_OK) {
        crash_disk_truncate(of(file)->disk, of(file)->file, (size_t)len);
    }
    return code;
}

static int sync_file(sqlite3_file *file, int flags)
{
    (void)flags;
    int code = crash_count(CRASH_CALL_SYNC);
    if (code == SQLITE_OK) {
        crash_disk_sync(of(file)->disk, of(file)->file, of(file)->is_log);
    }
    return code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    *ret_size = (sqlite3_int64)of(file)->file->len;
    return crash_count(CRASH_CALL_SIZE);
}

static int control(sqlite3_file *file, int what, void *argument)
{
    if (what != SQLITE_FCNTL_PERSIST_WAL) {
        return SQLITE_NOTFOUND;
    }
    int *value = argument;
    if (*value >= 0) {
        of(file)->persist_wal = *value;
    }
    *value = of(file)->persist_wal;
    return SQLITE_OK;
}

static int sector_size(sqlite3_file *file)
{
    (void)file;
    return 4096;
}

static int device_characteristics(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = crash_lock,
    .xUnlock = crash_unlock,
    .xCheckReservedLock = crash_check_reserved,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = device_characteristics,
    .xShmMap = crash_shm_map,
    .xShmLock = crash_shm_lock,
    .xShmBarrier = crash_shm_barrier,
    .xShmUnmap = crash_shm_unmap,
};

/* ---- the folder ---- */

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *ret_flags)
{
    (void)vfs;
    struct handle *h = of(file);
    file->pMethods = NULL; /* a failed open is not closed */
    int code = crash_count(CRASH_CALL_OPEN);
    if (code != SQLITE_OK) {
        return code;
    }
    *h = (struct handle){.disk = mounted};
    h->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    h->is_log = (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    h->file = name == NULL ? &h->temporary : crash_disk_find(mounted, name);
    if (h->file == NULL && (flags & SQLITE_OPEN_CREATE) == 0) {
        return SQLITE_CANTOPEN;
    }
    if (h->file == NULL) {
        h->file = crash_disk_create(mounted, name);
    }
    mounted->release = crash_release_shared;
    file->pMethods = &methods;
    if (ret_flags != NULL) {
        *ret_flags = flags;
    }
    return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    int code = crash_count(CRASH_CALL_DELETE);
    if (code != SQLITE_OK) {
        return code;
    }
    struct crash_file *file = crash_disk_find(mounted, name);
    if (file == NULL) {
        return SQLITE_IOERR_DELETE_NOENT;
    }
    crash_disk_remove(mounted, file, sync_folder != 0);
    return SQLITE_OK;
}

/* An empty file of no use is as good as none, as on Unix. */
static int access_file(sqlite3_vfs *vfs, const char *name, int flags, int *ret_there)
{
    (void)vfs;
    const struct crash_file *file = crash_disk_find(mounted, name);
    *ret_there = file != NULL && (flags != SQLITE_ACCESS_EXISTS || file->len != 0);
    return crash_count(CRASH_CALL_ACCESS);
}

static int full_path(sqlite3_vfs *vfs, const char *name, int cap, char *room)
{
    (void)vfs;
    int len = snprintf(room, (size_t)cap, "%s", name);
    return len >= 0 && len < cap ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int randomness(sqlite3_vfs *vfs, int len, char *room)
{
    (void)vfs;
    check_random_bytes(&noise, (uint8_t *)room, (size_t)len);
    return len;
}

/* Nobody is waited for: there is one thread. */
static int sleep_us(sqlite3_vfs *vfs, int us)
{
    (void)vfs;
    return us;
}

static int last_error(sqlite3_vfs *vfs, int len, char *room)
{
    (void)vfs;
    (void)len;
    (void)room;
    return 0;
}

/* ---- installation ---- */

void crash_vfs_install(void)
{
    static sqlite3_vfs vfs;
    const sqlite3_vfs *usual = sqlite3_vfs_find(NULL);
    assert_non_null(usual);
    vfs = *usual;
    vfs.iVersion = 2;
    vfs.szOsFile = (int)sizeof(struct handle);
    vfs.pNext = NULL;
    vfs.zName = "crash";
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    vfs.xAccess = access_file;
    vfs.xFullPathname = full_path;
    vfs.xRandomness = randomness;
    vfs.xSleep = sleep_us;
    vfs.xGetLastError = last_error;
    assert_int_equal(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
    assert_int_equal(sqlite3_auto_extension((void (*)(void))crash_remember_connection), SQLITE_OK);
}

void crash_vfs_mount(struct crash_disk *disk)
{
    mounted = disk;
}
