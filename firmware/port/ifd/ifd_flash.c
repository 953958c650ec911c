/* SPDX-License-Identifier: Apache-2.0
 *
 * The file is written whole, behind the back of no other program: one reader has one card.
 */
#include "ifd_flash.h"

#include <stdio.h>
#include <stdlib.h>

#define MAGIC "SAKSICRD"

enum { HEAD = 16 };

static bool write_file(const struct ifd_flash *flash)
{
    uint8_t head[HEAD];
    struct writer w = writer_of(head, sizeof head);
    writer_put(&w, span_str(MAGIC));
    writer_be(&w, flash->seed, 8);
    FILE *file = fopen(flash->path, "r+b");
    if (file == NULL) {
        file = fopen(flash->path, "wb");
    }
    if (file == NULL) {
        return false;
    }
    bool ok = fwrite(head, 1, HEAD, file) == HEAD &&
              fwrite(flash->native.flash, 1, NATIVE_FLASH, file) == NATIVE_FLASH;
    return fclose(file) == 0 && ok;
}

/* Two files are two cards: FNV-1a over the name. */
static uint64_t choose_seed(const char *path)
{
    const char *set = getenv("SAKSI_CARD_SEED");
    uint64_t seed = 0xCBF29CE484222325U;
    if (set != NULL && *set != '\0') {
        return strtoull(set, NULL, 0);
    }
    for (const char *c = path; *c != '\0'; c++) {
        seed = (seed ^ (uint8_t)*c) * 0x100000001B3U;
    }
    return seed;
}

/* How much of a card the file holds: all of it, none (a new file), or something else. */
static enum { FILE_CARD, FILE_NEW, FILE_OTHER } read_file(struct ifd_flash *flash, uint8_t *cells)
{
    uint8_t head[HEAD];
    FILE *file = fopen(flash->path, "rb");
    if (file == NULL) {
        return FILE_NEW;
    }
    size_t len = fread(head, 1, HEAD, file);
    bool whole = len == HEAD && memcmp(head, MAGIC, 8) == 0 &&
                 fread(cells, 1, NATIVE_FLASH, file) == NATIVE_FLASH && fgetc(file) == EOF;
    (void)fclose(file);
    if (!whole) {
        return len == 0 ? FILE_NEW : FILE_OTHER;
    }
    struct reader r = reader_of(span_of(head + 8, 8));
    flash->seed = reader_be(&r, 8);
    return FILE_CARD;
}

bool ifd_flash_open(struct ifd_flash *flash, const char *path)
{
    static uint8_t cells[NATIVE_FLASH];
    size_t len = strlen(path);
    if (len >= sizeof flash->path) {
        return false;
    }
    memcpy(flash->path, path, len + 1);
    flash->seed = choose_seed(path);
    int kind = read_file(flash, cells);
    if (kind == FILE_OTHER) {
        return false;
    }
    native_make(&flash->native, flash->seed);
    flash->saved = flash->native.operations;
    if (kind == FILE_NEW) {
        return write_file(flash);
    }
    memcpy(flash->native.flash, cells, NATIVE_FLASH);
    return true;
}

bool ifd_flash_save(struct ifd_flash *flash)
{
    if (flash->native.operations == flash->saved) {
        return true;
    }
    if (!write_file(flash)) {
        return false;
    }
    flash->saved = flash->native.operations;
    return true;
}
