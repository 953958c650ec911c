/* SPDX-License-Identifier: Apache-2.0
 *
 * The head: "saksi-part", then the fields as message.h writes them, then zeros.
 */
#include "devices/fetch/part.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[] = "saksi-part";

static bool read_head(int fd, uint8_t head[FETCH_PART_HEAD])
{
    ssize_t got = -1;
    do {
        got = pread(fd, head, FETCH_PART_HEAD, 0);
    } while (got < 0 && errno == EINTR);
    return got == FETCH_PART_HEAD;
}

bool fetch_part_read(int fd, struct fetch_part *ret_part)
{
    uint8_t head[FETCH_PART_HEAD];
    struct fetch_part part = {.total = 0};
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size < FETCH_PART_HEAD || !read_head(fd, head)) {
        return false;
    }
    struct reader r = reader_of(span_of(head, sizeof head));
    bool ok = span_equal(reader_take(&r, sizeof magic), span_of(magic, sizeof magic)) &&
              fetch_take_text(&r, part.url, sizeof part.url) &&
              fetch_take_text(&r, part.validators.etag, sizeof part.validators.etag) &&
              fetch_take_text(&r, part.validators.modified, sizeof part.validators.modified);
    part.total = reader_be(&r, 8);
    if (!ok || r.failed) {
        return false;
    }
    part.len = (uint64_t)st.st_size - FETCH_PART_HEAD;
    *ret_part = part;
    return true;
}

static bool write_at(int fd, off_t offset, struct span bytes)
{
    while (bytes.len != 0) {
        ssize_t put = pwrite(fd, bytes.ptr, bytes.len, offset);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        if (put > 0) {
            offset += put;
            bytes = span_of(bytes.ptr + put, bytes.len - (size_t)put);
        }
    }
    return true;
}

bool fetch_part_begin(int fd, const struct fetch_part *part)
{
    uint8_t head[FETCH_PART_HEAD] = {0};
    struct writer w = writer_of(head, sizeof head);
    writer_put(&w, span_of(magic, sizeof magic));
    fetch_put_text(&w, part->url);
    fetch_put_text(&w, part->validators.etag);
    fetch_put_text(&w, part->validators.modified);
    writer_be(&w, part->total, 8);
    return writer_ok(&w) && ftruncate(fd, 0) == 0 && write_at(fd, 0, span_of(head, sizeof head));
}

bool fetch_part_write(int fd, uint64_t offset, struct span bytes)
{
    return write_at(fd, (off_t)offset + FETCH_PART_HEAD, bytes);
}
