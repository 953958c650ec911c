/* SPDX-License-Identifier: Apache-2.0
 *
 * The holder's photo as a file: checked in the sandbox of devices/decoder.h, then only hashed and
 * passed on. No pixel of it is decoded in this process.
 */
#ifndef ISSUER_HOLDER_PHOTO_H
#define ISSUER_HOLDER_PHOTO_H

#include "base/crypto.h"
#include "wire/must_use.h"

#define HOLDER_PHOTO_MAX_BYTES ((size_t)2 * 1024 * 1024)
#define HOLDER_PHOTO_MAX_SIDE  4096

struct holder_photo {
    uint8_t *bytes; /* owned: the JPEG file */
    size_t len;
    unsigned width, height; /* pixels, as the file says */
    uint8_t digest[CRYPTO_SHA256_SIZE];
};

/* Reads a JPEG file. On false *ret_why is one phrase that fits "PATH: PHRASE" (constant text). */
MUST_USE bool holder_photo_read(const char *path, const char *libexec_dir,
                                struct holder_photo *ret_photo, const char **ret_why);

enum holder_photo_again {
    HOLDER_PHOTO_SAME = 0,
    HOLDER_PHOTO_AWAY,  /* it cannot be read or checked now; later it may */
    HOLDER_PHOTO_OTHER, /* the file holds other bytes */
};

/* Reads the photo whose digest was signed before. On a failure *ret_why is one phrase as above. */
MUST_USE enum holder_photo_again holder_photo_read_again(const char *path, const char *libexec_dir,
                                                         struct span digest,
                                                         struct holder_photo *ret_photo,
                                                         const char **ret_why);

void holder_photo_clear(struct holder_photo *photo);

#endif
