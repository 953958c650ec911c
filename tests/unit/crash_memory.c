/* SPDX-License-Identifier: Apache-2.0
 *
 * One counter in front of four allocators. */
#include "crash_memory.h"

#include <openssl/crypto.h>
#include <zlib.h>

#include "check.h"
#include "crash_vfs.h"

/* Names that the linker's --wrap makes. */
void *__real_malloc(size_t len);
void *__real_calloc(size_t count, size_t len);
void *__real_realloc(void *ptr, size_t len);
int __real_inflateInit_(z_stream *z, const char *version, int size);
void *__wrap_malloc(size_t len);
void *__wrap_calloc(size_t count, size_t len);
void *__wrap_realloc(void *ptr, size_t len);
int __wrap_inflateInit_(z_stream *z, const char *version, int size);

static unsigned long fail_at, calls, failed;
static bool fail_for_ever;

void crash_memory_fail(unsigned long number, bool for_ever)
{
    fail_at = number;
    fail_for_ever = for_ever;
    calls = 0;
    failed = 0;
}

unsigned long crash_memory_failed(void)
{
    return failed;
}

static bool fails(void)
{
    calls++;
    bool now = fail_at != 0 && (calls == fail_at || (fail_for_ever && calls > fail_at));
    failed += now;
    return now;
}

void *__wrap_malloc(size_t len)
{
    return fails() ? NULL : __real_malloc(len);
}

void *__wrap_calloc(size_t count, size_t len)
{
    return fails() ? NULL : __real_calloc(count, len);
}

void *__wrap_realloc(void *ptr, size_t len)
{
    return fails() ? NULL : __real_realloc(ptr, len);
}

static void *openssl_malloc(size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    return len == 0 ? NULL : malloc(len);
}

static void *openssl_realloc(void *ptr, size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    return realloc(ptr, len);
}

static void openssl_free(void *ptr, const char *file, int line)
{
    (void)file;
    (void)line;
    free(ptr);
}

static void *zlib_malloc(void *ctx, unsigned count, unsigned len)
{
    (void)ctx;
    return calloc(count, len);
}

static void zlib_free(void *ctx, void *ptr)
{
    (void)ctx;
    free(ptr);
}

int __wrap_inflateInit_(z_stream *z, const char *version, int size)
{
    z->zalloc = zlib_malloc;
    z->zfree = zlib_free;
    return __real_inflateInit_(z, version, size);
}

/* What the wrapped names are called by is seen by the linker only in objects it links; the
 * libraries ask here. */
void crash_memory_install(void)
{
    static const struct crash_memory for_sqlite = {malloc, realloc, free};
    assert_int_equal(CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free), 1);
    crash_vfs_memory(&for_sqlite);
}
