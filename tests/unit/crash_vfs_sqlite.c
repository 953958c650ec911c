/* SPDX-License-Identifier: Apache-2.0
 *
 * What tests tell SQLite and ask of it: calls that fail, the connection opened last, and memory. */
#include "crash_vfs_room.h"

#include "check.h"

static sqlite3 *connection; /* the last one opened */
static struct crash_fault fault;
static unsigned long calls[CRASH_CALLS], failed;

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
int crash_count(enum crash_call call)
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

/* ---- the connection that was opened last ---- */

int crash_remember_connection(sqlite3 *opened, const char **message,
                              const struct sqlite3_api_routines *api)
{
    (void)message;
    (void)api;
    connection = opened;
    return SQLITE_OK;
}

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
