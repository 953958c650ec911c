/* SPDX-License-Identifier: Apache-2.0
 *
 * QR text ↔ credential. zlib gets its memory from an arena on the stack: its needs are known
 * beforehand and hostile input cannot make it ask for more.
 */
#include "codec/qr_text.h"
#include "codec/base45.h"
#include "codec/qr_dictionary.h"

#include <stdalign.h>
#include <zlib.h>

#define PREFIX_LEN     (sizeof QR_TEXT_PREFIX - 1)
#define PACKED_MAX     ((QR_TEXT_MAX - PREFIX_LEN) / 3 * 2 + 1)
#define CREDENTIAL_TAG 0xD2 /* COSE_Sign1: the first byte of every credential */
#define FDICT          0x20

#define INFLATE_ARENA (48 * 1024) /* state 7 KiB, window 32 KiB */

/* A window of 8 KiB holds dictionary and credential; small hash tables are quick to clear. */
#define DEFLATE_WINDOW_BITS 13
#define DEFLATE_MEMORY      6
#define DEFLATE_ARENA       (96 * 1024) /* state 6 KiB, four tables of 16 KiB each */

struct arena {
    uint8_t *ptr;
    size_t left;
};

static void *arena_take(void *opaque, unsigned items, unsigned size)
{
    struct arena *arena = (struct arena *)opaque;
    size_t align = alignof(max_align_t);
    uint64_t len = ((uint64_t)items * size + align - 1) / align * align;
    if (len > arena->left) {
        return NULL;
    }
    void *taken = arena->ptr;
    arena->ptr += len;
    arena->left -= (size_t)len;
    return taken;
}

static void arena_give(void *opaque, void *memory)
{
    (void)opaque;
    (void)memory; /* the whole arena ends with its function */
}

static uint8_t lower(uint8_t character)
{
    return character >= 'A' && character <= 'Z' ? (uint8_t)(character | 0x20) : character;
}

static bool starts_with_any_case(struct span text, const char *prefix)
{
    size_t len = strlen(prefix);
    if (text.len < len) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (lower(text.ptr[i]) != (uint8_t)prefix[i]) {
            return false;
        }
    }
    return true;
}

static bool is_web_address(struct span text)
{
    return starts_with_any_case(text, "http://") || starts_with_any_case(text, "https://") ||
           starts_with_any_case(text, "www.");
}

static bool is_zlib(struct span packed)
{
    return packed.len >= 2 && (packed.ptr[0] & 0x8F) == Z_DEFLATED;
}

/* The stream's own answer when it asks for a dictionary. */
static enum qr_text_error give_dictionary(z_stream *z)
{
    struct span dictionary = qr_dictionary_1();
    if (z->adler != QR_DICTIONARY_1_ID) {
        return QR_TEXT_DICTIONARY;
    }
    int result = inflateSetDictionary(z, dictionary.ptr, (uInt)dictionary.len);
    return result == Z_OK ? QR_TEXT_OK : QR_TEXT_COMPRESSION;
}

/* One call that must end the stream, use up the input (Adler-32 included) and stay within the
 * limit: there is room for one byte more, so that "too long" is told from "cut off". */
static enum qr_text_error inflate_all(z_stream *z, struct writer *w)
{
    uint8_t room[QR_TEXT_MAX_CREDENTIAL + 1];
    z->next_out = room;
    z->avail_out = sizeof room;
    int result = inflate(z, Z_FINISH);
    if (result == Z_NEED_DICT) {
        enum qr_text_error error = give_dictionary(z);
        if (error != QR_TEXT_OK) {
            return error;
        }
        result = inflate(z, Z_FINISH);
    }
    if (z->total_out > QR_TEXT_MAX_CREDENTIAL) {
        return QR_TEXT_TOO_LONG;
    }
    if (result != Z_STREAM_END || z->avail_in != 0) {
        return QR_TEXT_COMPRESSION;
    }
    if (z->total_out == 0 || room[0] != CREDENTIAL_TAG) {
        return QR_TEXT_CONTENT;
    }
    writer_put(w, span_of(room, z->total_out));
    return QR_TEXT_OK;
}

static enum qr_text_error unpack(struct span packed, struct writer *w)
{
    alignas(max_align_t) uint8_t memory[INFLATE_ARENA];
    struct arena arena = {memory, sizeof memory};
    z_stream z = {.zalloc = arena_take, .zfree = arena_give, .opaque = &arena};
    z.next_in = (z_const Bytef *)packed.ptr;
    z.avail_in = (uInt)packed.len;
    if (inflateInit(&z) != Z_OK) {
        return QR_TEXT_COMPRESSION;
    }
    enum qr_text_error error = inflate_all(&z, w);
    inflateEnd(&z);
    return error;
}

enum qr_text_error qr_text_decode(struct span text, struct writer *w)
{
    if (!span_starts_with(text, span_str(QR_TEXT_PREFIX))) {
        return is_web_address(text) ? QR_TEXT_URL : QR_TEXT_OTHER;
    }
    if (text.len > QR_TEXT_MAX) {
        return QR_TEXT_TOO_LONG;
    }
    uint8_t room[PACKED_MAX];
    struct writer unpacked = writer_of(room, sizeof room);
    if (!base45_decode(span_of(text.ptr + PREFIX_LEN, text.len - PREFIX_LEN), &unpacked)) {
        return QR_TEXT_BASE45;
    }
    struct span packed = writer_span(&unpacked);
    enum qr_text_error error = QR_TEXT_OK;
    if (packed.len != 0 && packed.ptr[0] == CREDENTIAL_TAG) {
        writer_put(w, packed);
    } else if (is_zlib(packed)) {
        error = unpack(packed, w);
    } else {
        error = QR_TEXT_CONTENT;
    }
    return error == QR_TEXT_OK && !writer_ok(w) ? QR_TEXT_TOO_LONG : error;
}

/* Packs into `room`; empty when the result would be longer than `cap`. */
static struct span pack(struct span credential, struct span dictionary, uint8_t *room, size_t cap)
{
    alignas(max_align_t) uint8_t memory[DEFLATE_ARENA];
    struct arena arena = {memory, sizeof memory};
    z_stream z = {.zalloc = arena_take, .zfree = arena_give, .opaque = &arena};
    if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, DEFLATE_WINDOW_BITS, DEFLATE_MEMORY,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        return span_of(NULL, 0);
    }
    bool ok = dictionary.len == 0 ||
              deflateSetDictionary(&z, dictionary.ptr, (uInt)dictionary.len) == Z_OK;
    z.next_in = (z_const Bytef *)credential.ptr;
    z.avail_in = (uInt)credential.len;
    z.next_out = room;
    z.avail_out = (uInt)cap;
    ok = ok && deflate(&z, Z_FINISH) == Z_STREAM_END;
    size_t len = z.total_out;
    deflateEnd(&z);
    return ok ? span_of(room, len) : span_of(NULL, 0);
}

enum qr_text_error qr_text_encode(struct span credential, struct writer *w)
{
    if (credential.len > QR_TEXT_MAX_CREDENTIAL) {
        return QR_TEXT_TOO_LONG;
    }
    if (credential.len == 0 || credential.ptr[0] != CREDENTIAL_TAG) {
        return QR_TEXT_CONTENT;
    }
    uint8_t room[2][PACKED_MAX];
    struct span shortest = credential;
    struct span candidate[2] = {
        pack(credential, span_of(NULL, 0), room[0], PACKED_MAX),
        pack(credential, qr_dictionary_1(), room[1], PACKED_MAX),
    };
    for (size_t i = 0; i < 2; i++) {
        if (candidate[i].len != 0 && candidate[i].len < shortest.len) {
            shortest = candidate[i];
        }
    }
    if (PREFIX_LEN + BASE45_ENCODED_SIZE(shortest.len) > QR_TEXT_MAX) {
        return QR_TEXT_TOO_LONG;
    }
    writer_put(w, span_str(QR_TEXT_PREFIX));
    base45_encode(shortest, w);
    return writer_ok(w) ? QR_TEXT_OK : QR_TEXT_TOO_LONG;
}
