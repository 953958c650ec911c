/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi card read: the files of a card as they are, into a folder. Judges nothing. The photo is
 * written only when a certificate on the card names its digest.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "cli/card/card.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "codec/cose.h"
#include "codec/credential.h"
#include "devices/decode/file_kind.h"

/* Everything on the card, read before anything is written. */
struct haul {
    size_t count;
    struct card_holding holding[CARD_APP_CREDENTIALS];
    struct card_photo photo;
    uint8_t key[CARD_APP_PUBLIC_KEY_BYTES];
    bool has_key;
};

static enum card_io_error take(struct card_guest *guest, struct haul *haul)
{
    struct card_visit *visit = &guest->visit;
    enum card_io_error error = card_take(guest, haul->holding, &haul->photo);
    haul->count = visit->certificates;
    if (error == CARD_IO_OK) {
        error = card_photo_read(visit, &haul->photo);
    }
    if (error == CARD_IO_OK && visit->profile->key != NULL) {
        error = visit->profile->key(visit, haul->key);
        haul->has_key = error == CARD_IO_OK;
    }
    return error == CARD_IO_REFUSED && haul->photo.read ? CARD_IO_OK : error; /* no key */
}

static int write_one(const char *folder, const char *name, struct span bytes)
{
    char path[PATH_MAX];
    int len = snprintf(path, sizeof path, "%s/%s", folder, name);
    enum file_error error =
        len > 0 && (size_t)len < sizeof path ? file_write_new(path, bytes, 0600) : FILE_MISSING;
    if (error != FILE_OK) {
        terminal_error("card", "%s/%s: %s", folder, name, file_error_text(error));
        return EXIT_CANNOT_CREATE;
    }
    terminal_text(stdout, span_str(path));
    putchar('\n');
    return EXIT_SUCCESS;
}

static bool names_photo(const struct card_holding *holding, const struct card_photo *photo)
{
    struct cose_sign1 cose;
    struct credential claims;
    return credential_open(span_of(holding->document, holding->len), &cose, &claims) &&
           span_equal(credential_text(&claims, SAKSI_CLAIM_PHOTO_DIGEST),
                      span_of(photo->digest, sizeof photo->digest));
}

static int write_photo(const char *folder, const struct haul *haul)
{
    bool named = false;
    for (size_t i = 0; i < haul->count; i++) {
        named = named || names_photo(&haul->holding[i], &haul->photo);
    }
    if (!named) {
        terminal_error("card", "no certificate on the card names its photo; it was left out");
        return EXIT_DATA;
    }
    struct span bytes = span_of(haul->photo.bytes, haul->photo.len);
    switch (file_kind_of(bytes)) {
    case FILE_KIND_JPEG:
        return write_one(folder, "photo.jpg", bytes);
    case FILE_KIND_WEBP:
        return write_one(folder, "photo.webp", bytes);
    default:
        return write_one(folder, "photo.bin", bytes);
    }
}

static int write_all(const char *folder, const struct haul *haul)
{
    int status = EXIT_SUCCESS;
    enum file_error error = file_make_folder(folder, 0700);
    if (error != FILE_OK) {
        terminal_error("card", "%s: %s", folder, file_error_text(error));
        return EXIT_CANNOT_CREATE;
    }
    for (size_t i = 0; i < haul->count && status == EXIT_SUCCESS; i++) {
        char name[32];
        const struct card_holding *holding = &haul->holding[i];
        snprintf(name, sizeof name, "certificate-%u.cose", holding->number);
        status = write_one(folder, name, span_of(holding->document, holding->len));
    }
    if (status == EXIT_SUCCESS && haul->has_key) {
        status = write_one(folder, "key.bin", span_of(haul->key, sizeof haul->key));
    }
    if (status == EXIT_SUCCESS && haul->photo.len != 0) {
        status = write_photo(folder, haul);
    }
    return status;
}

const char card_read_help[] =
    "Usage: saksi card read --out FOLDER [OPTION]...\n"
    "Copy what a card holds, and judge nothing: certificate-N.cose, key.bin (the\n"
    "public key, 04 x y) and photo.jpg, .webp or .bin. A photo that no certificate on\n"
    "the card names is left out.\n"
    "\n"
    "  --out FOLDER    where to; made if need be; files there are not replaced\n" CARD_HELP_READER
        CARD_HELP_WAIT "  --help\n"
    "\n"
    "Exit status: 0 done, 64 usage, 65 the photo was left out, 70 internal error,\n"
    "73 a file could not be written, 74 the card could not be read, or holds no\n"
    "certificate; nothing is written then.\n"
    "Example: saksi card read --out card\n";

int card_read(struct card_options *o)
{
    static struct haul haul;
    static struct card_guest guest;
    if (o->out == NULL) {
        terminal_error("card", "read needs --out FOLDER");
        return EXIT_USAGE;
    }
    int status = card_guest_open(o, &guest);
    if (status == 0) {
        enum card_io_error error = take(&guest, &haul);
        status = error == CARD_IO_OK ? 0 : card_failed(guest.reader, error);
    }
    if (status == 0 && haul.count == 0) { /* a folder would look as if there were one */
        terminal_error("card", "%s: the card holds no certificate", guest.reader);
        status = EXIT_INPUT_OUTPUT;
    }
    card_guest_close(&guest); /* the card may go while files are written */
    return status == 0 ? write_all(o->out, &haul) : status;
}
