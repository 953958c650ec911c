/* SPDX-License-Identifier: Apache-2.0
 *
 * The methods SQLite calls, over crash_disk. */
#include "crash_vfs.h"

#include <sqlite3.h>
#include <stdio.h>

#include "check.h"

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

static struct crash_disk *mounted;
static sqlite3_vfs *usual;
static sqlite3 *connection; /* the last one opened */
static struct crash_fault fault;
static unsigned long calls[CRASH_CALLS], failed;
static uint64_t noise = 0x5A;

/* ---- calls that fail ---- */

const char *crash_call_name(enum crash_call call)
{
    static const char *const name[] = {
        [CRASH_CALL_OPEN] = "open",         [CRASH_CALL_DELETE] = "delete",
        [CRASH_CALL_ACCESS] = "access",     [CRASH_CALL_READ] = "read",
        [CRASH_CALL_WRITE] = "write",       [CRASH_CALL_TRUNCATE] = "truncate",
        [CRASH_CALL_SYNC] = "sync",         [CRASH_CALL_SIZE] = "size",
        [CRASH_CALL_LOCK] = "lock",         [CRASH_CALL_SHM_MAP] = "map",
        [CRASH_CALL_SHM_LOCK] = "log lock",
    };
    return name[call];
}

void crash_vfs_fail(const struct crash_fault *wanted)
{
    fault = wanted == NULL ? (struct crash_fault){.number = 0} : *wanted;
    memset(calls, 0, sizeof calls);
    failed = 0;
}

unsigned long crash_vfs_calls(enum crash_call call)
{
    return calls[call];
}

unsigned long crash_vfs_failed(void)
{
    return failed;
}

/* SQLITE_OK, or how this call fails. */
static int count(enum crash_call call)
{
    static const int detail[] = {
        [CRASH_CALL_OPEN] = SQLITE_CANTOPEN,          [CRASH_CALL_DELETE] = SQLITE_IOERR_DELETE,
        [CRASH_CALL_ACCESS] = SQLITE_IOERR_ACCESS,    [CRASH_CALL_READ] = SQLITE_IOERR_READ,
        [CRASH_CALL_WRITE] = SQLITE_IOERR_WRITE,      [CRASH_CALL_TRUNCATE] = SQLITE_IOERR_TRUNCATE,
        [CRASH_CALL_SYNC] = SQLITE_IOERR_FSYNC,       [CRASH_CALL_SIZE] = SQLITE_IOERR_FSTAT,
        [CRASH_CALL_LOCK] = SQLITE_IOERR_LOCK,        [CRASH_CALL_SHM_MAP] = SQLITE_IOERR_SHMMAP,
        [CRASH_CALL_SHM_LOCK] = SQLITE_IOERR_SHMLOCK,
    };
    unsigned long number = ++calls[call];
    bool fails = fault.number != 0 && fault.call == call &&
                 (number == fault.number || (fault.for_ever && number > fault.number));
    if (!fails) {
        return SQLITE_OK;
    }
    failed++;
    return fault.failure == CRASH_DISK_FULL ? SQLITE_FULL
           : fault.failure == CRASH_LOCKED  ? SQLITE_BUSY
                                            : detail[call];
}

/* ---- files ---- */

static struct handle *of(sqlite3_file *file)
{
    return (struct handle *)file;
}

static struct shared *shared_of(struct handle *h)
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

static void release_shared(void *user)
{
    forget_regions(user);
    free(user);
}

static int unlock_to(sqlite3_file *file, int level);

static int close_file(sqlite3_file *file)
{
    struct handle *h = of(file);
    (void)unlock_to(file, SQLITE_LOCK_NONE);
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
    int code = count(CRASH_CALL_READ);
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
    int code = count(CRASH_CALL_WRITE);
    size_t done = code == SQLITE_OK ? (size_t)len : (size_t)len / 2;
    crash_disk_write(h->disk, h->file, (size_t)offset, span_of(bytes, done));
    return code;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 len)
{
    int code = count(CRASH_CALL_TRUNCATE);
    if (code == SQLITE_OK) {
        crash_disk_truncate(of(file)->disk, of(file)->file, (size_t)len);
    }
    return code;
}

static int sync_file(sqlite3_file *file, int flags)
{
    (void)flags;
    int code = count(CRASH_CALL_SYNC);
    if (code == SQLITE_OK) {
        crash_disk_sync(of(file)->disk, of(file)->file, of(file)->is_log);
    }
    return code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    *ret_size = (sqlite3_int64)of(file)->file->len;
    return count(CRASH_CALL_SIZE);
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

/* ---- locks on the file ---- */

static int lock_to(sqlite3_file *file, int level)
{
    struct handle *h = of(file);
    int code = count(CRASH_CALL_LOCK);
    if (code != SQLITE_OK || h->level >= level) {
        return code;
    }
    struct shared *s = shared_of(h);
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

static int unlock_to(sqlite3_file *file, int level)
{
    struct handle *h = of(file);
    if (h->level <= level) {
        return SQLITE_OK;
    }
    struct shared *s = shared_of(h);
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

static int check_reserved(sqlite3_file *file, int *ret_reserved)
{
    struct shared *s = shared_of(of(file));
    *ret_reserved = s->writer != NULL;
    return SQLITE_OK;
}

/* ---- shared memory of the log ---- */

static int shm_map(sqlite3_file *file, int number, int size, int extend, void volatile **ret_region)
{
    *ret_region = NULL;
    int code = count(CRASH_CALL_SHM_MAP);
    if (code != SQLITE_OK) {
        return code;
    }
    assert_true(number < SHM_REGIONS);
    struct shared *s = shared_of(of(file));
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

static int shm_lock(sqlite3_file *file, int first, int n, int flags)
{
    struct handle *h = of(file);
    struct shared *s = shared_of(h);
    bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        for (int slot = first; slot < first + n; slot++) {
            shm_unlock(h, s, slot, exclusive);
        }
        return SQLITE_OK;
    }
    int code = count(CRASH_CALL_SHM_LOCK);
    for (int slot = first; slot < first + n && code == SQLITE_OK; slot++) {
        code = shm_is_free(h, s, slot, exclusive) ? SQLITE_OK : SQLITE_BUSY;
    }
    for (int slot = first; slot < first + n && code == SQLITE_OK; slot++) {
        shm_take(h, s, slot, exclusive);
    }
    return code;
}

static void shm_barrier(sqlite3_file *file)
{
    (void)file;
}

/* As on Unix, whoever comes when nobody had it open makes it anew, from the log. */
static int shm_unmap(sqlite3_file *file, int remove)
{
    (void)remove;
    struct handle *h = of(file);
    struct shared *s = shared_of(h);
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

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_to,
    .xUnlock = unlock_to,
    .xCheckReservedLock = check_reserved,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = device_characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

/* ---- the folder ---- */

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *ret_flags)
{
    (void)vfs;
    struct handle *h = of(file);
    file->pMethods = NULL; /* a failed open is not closed */
    int code = count(CRASH_CALL_OPEN);
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
    mounted->release = release_shared;
    file->pMethods = &methods;
    if (ret_flags != NULL) {
        *ret_flags = flags;
    }
    return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    int code = count(CRASH_CALL_DELETE);
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
    return count(CRASH_CALL_ACCESS);
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

static int remember_connection(sqlite3 *opened, const char **message,
                               const struct sqlite3_api_routines *api)
{
    (void)message;
    (void)api;
    connection = opened;
    return SQLITE_OK;
}

void crash_vfs_install(void)
{
    static sqlite3_vfs vfs;
    usual = sqlite3_vfs_find(NULL);
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
    assert_int_equal(sqlite3_auto_extension((void (*)(void))remember_connection), SQLITE_OK);
}

void crash_vfs_mount(struct crash_disk *disk)
{
    mounted = disk;
}

/* ---- the connection that was opened last ---- */

void crash_vfs_checkpoint_at(int pages)
{
    assert_int_equal(sqlite3_wal_autocheckpoint(connection, pages), SQLITE_OK);
}

bool crash_vfs_pages(uint8_t **ret_pages, size_t *ret_len)
{
    sqlite3_int64 len = 0;
    unsigned char *pages = sqlite3_serialize(connection, "main", &len, 0);
    if (pages == NULL) {
        return false;
    }
    *ret_pages = crash_room((size_t)len);
    *ret_len = (size_t)len;
    memcpy(*ret_pages, pages, *ret_len);
    sqlite3_free(pages);
    return true;
}

bool crash_vfs_is_sound(void)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(connection, "PRAGMA integrity_check", -1, &stmt, NULL);
    bool sound = code == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW &&
                 strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") == 0;
    sqlite3_finalize(stmt);
    return sound;
}

/* ---- memory ---- */

static struct crash_memory memory;

/* The length stands before what is handed out, at the distance of the strictest alignment. */
#define HEAD 16

static void *sqlite_malloc(int len)
{
    uint8_t *block = memory.allocate((size_t)len + HEAD);
    if (block == NULL) {
        return NULL;
    }
    memcpy(block, &len, sizeof len);
    return block + HEAD;
}

static void sqlite_free(void *ptr)
{
    memory.release((uint8_t *)ptr - HEAD);
}

static void *sqlite_realloc(void *ptr, int len)
{
    uint8_t *block = memory.resize((uint8_t *)ptr - HEAD, (size_t)len + HEAD);
    if (block == NULL) {
        return NULL;
    }
    memcpy(block, &len, sizeof len);
    return block + HEAD;
}

static int sqlite_size(void *ptr)
{
    int len = 0;
    memcpy(&len, (uint8_t *)ptr - HEAD, sizeof len);
    return len;
}

static int sqlite_round_up(int len)
{
    return (len + 7) & ~7;
}

static int sqlite_memory_begin(void *ctx)
{
    (void)ctx;
    return SQLITE_OK;
}

static void sqlite_memory_end(void *ctx)
{
    (void)ctx;
}

void crash_vfs_memory(const struct crash_memory *wanted)
{
    static const sqlite3_mem_methods own = {
        .xMalloc = sqlite_malloc,
        .xFree = sqlite_free,
        .xRealloc = sqlite_realloc,
        .xSize = sqlite_size,
        .xRoundup = sqlite_round_up,
        .xInit = sqlite_memory_begin,
        .xShutdown = sqlite_memory_end,
    };
    memory = *wanted;
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &own), SQLITE_OK);
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0), SQLITE_OK);
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0), SQLITE_OK);
}
