/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows the segments of a JPEG file (ITU-T T.81 annex B) up to its frame header, and nothing of its
 * pixels.
 */
#include "issuer/holder_photo.h"

#include <stdlib.h>

#include "base/file.h"
#include "devices/decode/exif.h"
#include "devices/decoder.h"

#define MARKER_SOI  0xFFD8
#define MARKER_APP1 0xFFE1
#define MARKER_SOS  0xFFDA

/* What the segments before the image data say. */
struct jpeg_head {
    unsigned width, height;
    unsigned orientation; /* 1 is upright */
};

/* Baseline, extended and progressive frames are what PDF readers decode. */
static bool is_frame(uint64_t marker)
{
    return marker >= 0xFFC0 && marker <= 0xFFC2;
}

static bool read_head(struct span jpeg, struct jpeg_head *head)
{
    struct reader r = reader_of(jpeg);
    *head = (struct jpeg_head){0, 0, 1};
    if (reader_be(&r, 2) != MARKER_SOI) {
        return false;
    }
    while (!r.failed) {
        uint64_t marker = reader_be(&r, 2);
        size_t len = (size_t)reader_be(&r, 2);
        struct reader segment = reader_of(reader_take(&r, len < 2 ? SIZE_MAX : len - 2));
        if (marker == MARKER_APP1 && head->orientation == 1) {
            head->orientation = exif_orientation(segment.rest);
        }
        if (is_frame(marker)) {
            (void)reader_be(&segment, 1); /* bits a sample */
            head->height = (unsigned)reader_be(&segment, 2);
            head->width = (unsigned)reader_be(&segment, 2);
            return !r.failed && !segment.failed;
        }
        if (marker == MARKER_SOS || marker >> 8 != 0xFF) {
            return false;
        }
    }
    return false;
}

static const char *judge_head(const struct jpeg_head *head)
{
    if (head->width == 0 || head->height == 0 || head->width > HOLDER_PHOTO_MAX_SIDE ||
        head->height > HOLDER_PHOTO_MAX_SIDE) {
        return "is too large; 4096 pixels a side are the limit";
    }
    if (head->orientation != 1) {
        return "is stored turned and would be printed turned; save it upright";
    }
    return NULL;
}

/* The helper decodes it whole; what it cannot decode must not be printed or signed. */
static const char *judge_pixels(const char *libexec_dir, struct span jpeg)
{
    struct decoder_photo pixels;
    enum decoder_error error = decoder_photo(libexec_dir, jpeg, 64, 64, &pixels);
    if (error != DECODER_OK) {
        return decoder_error_text(error, file_kind_of(jpeg));
    }
    decoder_photo_clear(&pixels);
    return NULL;
}

static const char *judge(const char *libexec_dir, struct holder_photo *photo)
{
    struct jpeg_head head;
    struct span jpeg = span_of(photo->bytes, photo->len);
    if (file_kind_of(jpeg) != FILE_KIND_JPEG) {
        return "is not a JPEG photo; save it as JPEG";
    }
    if (!read_head(jpeg, &head)) {
        return "is damaged, or a kind of JPEG that cannot be printed";
    }
    const char *why = judge_head(&head);
    if (why == NULL) {
        why = judge_pixels(libexec_dir, jpeg);
    }
    photo->width = head.width;
    photo->height = head.height;
    return why;
}

/* The file's bytes and their digest, not judged yet; NULL, or why not. */
static const char *load(const char *path, struct holder_photo *photo)
{
    *photo = (struct holder_photo){.bytes = NULL};
    enum file_error error = file_read(path, HOLDER_PHOTO_MAX_BYTES, &photo->bytes, &photo->len);
    if (error != FILE_OK) {
        return error == FILE_TOO_LARGE ? "is larger than 2 MiB" : file_error_text(error);
    }
    struct span bytes = span_of(photo->bytes, photo->len);
    return crypto_sha256(&bytes, 1, photo->digest) == CRYPTO_OK
               ? NULL
               : "could not be hashed: not enough memory";
}

bool holder_photo_read(const char *path, const char *libexec_dir, struct holder_photo *ret_photo,
                       const char **ret_why)
{
    struct holder_photo photo;
    const char *why = load(path, &photo);
    if (why == NULL) {
        why = judge(libexec_dir, &photo);
    }
    if (why != NULL) {
        holder_photo_clear(&photo);
        *ret_why = why;
        return false;
    }
    *ret_photo = photo;
    return true;
}

/* The digest decides: the same bytes were judged good once, so that now the judge fails, not they.
 */
enum holder_photo_again holder_photo_read_again(const char *path, const char *libexec_dir,
                                                struct span digest, struct holder_photo *ret_photo,
                                                const char **ret_why)
{
    struct holder_photo photo;
    enum holder_photo_again again = HOLDER_PHOTO_AWAY;
    const char *why = load(path, &photo);
    if (why == NULL && !span_equal(span_of(photo.digest, sizeof photo.digest), digest)) {
        again = HOLDER_PHOTO_OTHER;
        why = "is another photo than the one that was signed";
    }
    if (why == NULL) {
        why = judge(libexec_dir, &photo);
    }
    if (why != NULL) {
        holder_photo_clear(&photo);
        *ret_why = why;
        return again;
    }
    *ret_photo = photo;
    return HOLDER_PHOTO_SAME;
}

void holder_photo_clear(struct holder_photo *photo)
{
    free(photo->bytes);
    *photo = (struct holder_photo){.bytes = NULL};
}
