/* SPDX-License-Identifier: Apache-2.0
 *
 * Bundles made to exhaust whoever reads them: each is refused by name within a second and a few
 * MiB of memory beside the bundle itself, measured in a program of its own, and changes nothing.
 * Only rows that are packed to just below their limit cost that limit too: they are unpacked before
 * they are digested. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/deflate.h"
#include "codec/rank_set.h"
#include "codec/row_change.h"
#include "base/file.h"
#include "codec/cbor.h"
#include "trust_scene.h"

#define MOST_MS  1000 /* of the processor */
#define MOST_KIB 4096L
#define ROWS_KIB (TRUST_MAX_ROWS_BYTES / 1024L)
#ifdef __SANITIZE_ADDRESS__ /* whose memory is not the program's */
#define MEASURED false
#else
#define MEASURED true
#endif

/* What a child found. */
struct finding {
    int error; /* enum trust_update_error */
    long ms, kib;
};

static long now_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static long most_kib(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : -1;
}

/* A new program starts with the most that its parent ever had: fill up to there first, so that
 * whatever comes on top is seen. */
static void fill_up(void)
{
    long most = most_kib();
    for (size_t mib = 1; most_kib() <= most && mib < 4096; mib++) {
        uint8_t *room = malloc(1U << 20);
        if (room == NULL) {
            _exit(3);
        }
        memset(room, 0x5A, 1U << 20);
        __asm__ volatile("" : : "r"(room) : "memory"); /* it is used, and stays */
    }
}

static struct finding in_child(struct scene *s, struct span bundle)
{
    int ends[2];
    struct finding found = {0};
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct trust_store *store = NULL;
        enum db_error error = DB_OK;
        if (trust_store_open(s->path, DB_WRITE, true, &store, &error) != TRUST_STORE_OK) {
            _exit(2);
        }
        fill_up();
        long kib = most_kib(), ms = now_ms();
        found.error = (int)fixture_try(store, bundle, FIXTURE_NOW_S).error;
        found.ms = now_ms() - ms;
        found.kib = most_kib() - kib;
        _exit(write(ends[1], &found, sizeof found) == sizeof found ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(read(ends[0], &found, sizeof found), sizeof found);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return found;
}

static void refused_for(struct scene *s, const char *what, struct span bundle, const char *name,
                        long kib)
{
    uint8_t before[32], after[32];
    fixture_dump(s->store, before);
    struct finding found = in_child(s, bundle);
    fixture_dump(s->store, after);
    const char *got = trust_update_error_name((enum trust_update_error)found.error);
    print_message("%s: %s, %ld ms, %ld KiB\n", what, got, found.ms, found.kib);
    assert_string_equal(got, name);
    assert_memory_equal(before, after, sizeof before);
    assert_true(!MEASURED || (found.ms <= MOST_MS && found.kib <= kib));
}

static void refused_cheaply(struct scene *s, const char *what, struct span bundle, const char *name)
{
    refused_for(s, what, bundle, name, MOST_KIB);
}

/* ---- files ---- */

static const char *sparse_file(struct scene *s, off_t len)
{
    const char *path = fixture_path(s->f, "sparse.bundle");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, len), 0);
    assert_int_equal(close(fd), 0);
    return path;
}

static void files_of_4_gib_are_limit(void **state)
{
    struct scene *s = *state;
    const off_t len = (off_t)4 << 30;
    const char *path = sparse_file(s, len);
    uint8_t *bytes = NULL;
    size_t size = 0;
    assert_int_equal(file_read(path, TRUST_MAX_BUNDLE, &bytes, &size), FILE_TOO_LARGE);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    void *map = mmap(NULL, (size_t)len, PROT_READ, MAP_PRIVATE | MAP_NORESERVE, fd, 0);
    assert_true(map != MAP_FAILED);
    refused_cheaply(s, "4 GiB", span_of(map, (size_t)len), "LIMIT");
    assert_int_equal(munmap(map, (size_t)len), 0);
    assert_int_equal(close(fd), 0);
}

/* ---- nesting and counts ---- */

static void nested_a_million_times_is_format(void **state)
{
    struct scene *s = *state;
    size_t len = 1000000;
    uint8_t *room = fixture_room(s->f, len);
    memset(room, 0x81, len); /* an array of one */
    refused_cheaply(s, "nested arrays", span_of(room, len), "FORMAT");
    memset(room, 0xC1, len); /* a tag */
    refused_cheaply(s, "nested tags", span_of(room, len), "FORMAT");
    memset(room, 0x5F, len); /* a byte string in pieces */
    refused_cheaply(s, "strings in pieces", span_of(room, len), "FORMAT");
    memset(room, 0xA1, len); /* a map of one */
    refused_cheaply(s, "nested maps", span_of(room, len), "FORMAT");
}

/* The same where a document should be: it is taken apart before its signatures are looked at. */
static void nested_documents_are_format(void **state)
{
    struct scene *s = *state;
    uint8_t *room = fixture_room(s->f, TRUST_MAX_DOC_BYTES);
    memset(room, 0x81, TRUST_MAX_DOC_BYTES);
    struct span nested = span_of(room, TRUST_MAX_DOC_BYTES), none = span_of(NULL, 0);
    struct fixture_list list = {.document = nested};
    struct trust_part part = {TRUST_PART_RAW, nested.len, nested};
    list.file = fixture_list_file(s->f, &list, &part, &part);
    refused_cheaply(s, "a nested root", fixture_bundle(s->f, &nested, 1, none, NULL, 0), "FORMAT");
    refused_cheaply(s, "a nested header", fixture_bundle(s->f, NULL, 0, nested, NULL, 0), "FORMAT");
    refused_cheaply(s, "a nested list", fixture_bundle(s->f, NULL, 0, none, &list, 1), "FORMAT");
}

/* The head of a bundle, as far as the array of roots. */
static struct writer head_of_bundle(struct scene *s, size_t room)
{
    struct writer w = writer_of(fixture_room(s->f, room), room);
    cbor_write_array(&w, 5);
    cbor_write_text(&w, span_str("saksi-bundle"));
    cbor_write_uint(&w, 1);
    return w;
}

/* More than bytes are left is FORMAT; more than may be is LIMIT. */
static void a_thousand_million_claimed_is_refused(void **state)
{
    struct scene *s = *state;
    struct writer w = head_of_bundle(s, 64);
    cbor_write_array(&w, 1000000000);
    refused_cheaply(s, "10^9 roots", writer_span(&w), "FORMAT");

    w = head_of_bundle(s, 64);
    cbor_write_array(&w, 0);
    cbor_write_null(&w);
    cbor_write_array(&w, 1000000000);
    refused_cheaply(s, "10^9 lists", writer_span(&w), "FORMAT");

    w = head_of_bundle(s, 4096);
    cbor_write_array(&w, 1000);
    writer_put(&w, span_of(fixture_room(s->f, 4000), 4000));
    refused_cheaply(s, "1000 roots", writer_span(&w), "LIMIT");

    struct writer outer = writer_of(fixture_room(s->f, 16), 16);
    cbor_write_array(&outer, 1000000000);
    refused_cheaply(s, "10^9 parts", writer_span(&outer), "FORMAT");

    w = head_of_bundle(s, 64);
    cbor_write_array(&w, 1);
    static const uint8_t long_string[] = {0x5B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    writer_put(&w, span_of(long_string, sizeof long_string));
    refused_cheaply(s, "a root of 2^63 bytes", writer_span(&w), "FORMAT");
}

/* ---- packed rows ---- */

/* A bundle whose list was signed by its state and named by the header, and whose rows, which are
 * only digested, somebody has replaced. */
static struct span with_packed(struct scene *s, const struct row_packed *packed, size_t size)
{
    struct fixture_list list = scene_list(s, "MY", 1);
    size_t room = packed->changes.len + packed->set[0].ranks.len + 64;
    struct writer w = writer_of(fixture_room(s->f, room), room);
    row_packed_encode(packed, &w);
    struct trust_part part = {TRUST_PART_PACKED, size, writer_span(&w)};
    list.file = fixture_list_file(s->f, &list, &part, NULL);
    return scene_bundle(s, 1, &list);
}

static struct span with_part(struct scene *s, struct span changes, size_t size)
{
    struct row_packed packed = {.changes_size = size, .changes = changes};
    return with_packed(s, &packed, size < TRUST_MAX_ROWS_BYTES ? size : TRUST_MAX_ROWS_BYTES);
}

static struct span zeros_packed(struct scene *s, size_t len)
{
    uint8_t *zeros = calloc(1, len), *packed = NULL;
    size_t packed_len = 0;
    assert_non_null(zeros);
    assert_int_equal(deflate_pack(span_of(zeros, len), &packed, &packed_len), DEFLATE_OK);
    struct span kept = fixture_copy(s->f, span_of(packed, packed_len));
    free(packed);
    free(zeros);
    return kept;
}

static void packed_bombs_are_refused(void **state)
{
    struct scene *s = *state;
    struct span bomb = zeros_packed(s, (size_t)64 << 20);
    print_message("64 MiB in %zu bytes\n", bomb.len);
    refused_cheaply(s, "a bomb that says its size", with_part(s, bomb, (size_t)64 << 20), "LIMIT");
    refused_cheaply(s, "a bomb that lies", with_part(s, bomb, 1000), "LIMIT");
    refused_for(s, "a bomb up to the limit", with_part(s, bomb, TRUST_MAX_ROWS_BYTES), "LIMIT",
                MOST_KIB + ROWS_KIB);
    bomb = zeros_packed(s, TRUST_MAX_ROWS_BYTES);
    refused_for(s, "rows at the limit, all zeros", with_part(s, bomb, TRUST_MAX_ROWS_BYTES),
                "FORMAT", MOST_KIB + ROWS_KIB);
}

/* Four bytes stand for 65,536 revoked indices: rows are counted as they grow. */
static void bombs_of_ranks_are_limit(void **state)
{
    enum { BLOCKS = 65000 };
    struct scene *s = *state;
    static uint64_t rank[65536];
    uint8_t row[128], *packed = NULL;
    size_t len = 0;
    struct writer status = writer_of(row, sizeof row);
    row_status_write(&status, span_str("MY.BODY"), UINT32_MAX, NULL, 0, NULL, 0);
    assert_int_equal(deflate_pack(writer_span(&status), &packed, &len), DEFLATE_OK);
    for (size_t i = 0; i < COUNT_OF(rank); i++) {
        rank[i] = i;
    }
    uint8_t block[64];
    struct writer one = writer_of(block, sizeof block);
    assert_true(rank_set_encode(rank, COUNT_OF(rank), &one) && writer_ok(&one));
    struct writer all = writer_of(fixture_room(s->f, BLOCKS * one.len), BLOCKS * one.len);
    for (size_t i = 0; i < BLOCKS; i++) {
        writer_put(&all, writer_span(&one));
    }
    struct row_packed bomb = {.changes_size = status.len,
                              .changes = span_of(packed, len),
                              .set_count = 1,
                              .set[0] = {ROW_SET_REVOKED, writer_span(&all)}};
    print_message("%d blocks of 65,536 in %zu bytes\n", BLOCKS, all.len);
    refused_for(s, "a bomb of ranks", with_packed(s, &bomb, TRUST_MAX_ROWS_BYTES), "LIMIT",
                MOST_KIB + 2 * ROWS_KIB);
    free(packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(files_of_4_gib_are_limit),    SCENE_TEST(nested_a_million_times_is_format),
        SCENE_TEST(nested_documents_are_format), SCENE_TEST(a_thousand_million_claimed_is_refused),
        SCENE_TEST(packed_bombs_are_refused),    SCENE_TEST(bombs_of_ranks_are_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
