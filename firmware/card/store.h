/* SPDX-License-Identifier: Apache-2.0
 *
 * Objects in flash that a loss of power leaves old or new, never mixed: a journal in one of two
 * areas. Knows numbered objects of bytes, not what they mean.
 *
 * An area is one granule of head and then records, each behind the one before:
 *
 *   head    format, sequence (3 bytes), and the complement of these
 *   record  head:   object, mark, length (2 bytes), and the complement of these
 *           value:  length bytes, filled up to whole granules with FF
 *           commit: CRC-32 over the head's first half and the value, and its complement
 *
 * A program operation that is cut leaves some bits set that it should have cleared, an erase
 * operation leaves some clear that it should have set, never both ways at once. A word that stands
 * beside its complement shows either for certain. Therefore:
 *   - a record counts when its commit granule is whole; that is programmed after the value is
 *     known to be there, and the last such record of an object holds its value;
 *   - an area counts when its head is whole; that is programmed after all its records, and of two
 *     such areas the one with the higher sequence counts. The other is blank: a move ends with
 *     erasing the area that it left, its head last, and mounting does that where it was cut.
 * Recovery is the same move from area to area, so that it may be cut as well. A page whose erasure
 * was cut at its very end may read as blank now and not later, so the first move after a start
 * erases the area it goes to once more.
 */
#ifndef CARD_STORE_H
#define CARD_STORE_H

#include "port.h"
#include "wire/bytes.h"
#include "wire/must_use.h"

/* STORE_FILE and what follows are the large ones; they leave STORE_RESERVE bytes free for those
 * before, so that a try can always be spent. */
enum store_object {
    STORE_STATE = 1, /* life cycle */
    STORE_KEYS,      /* of the secure channel */
    STORE_TRIES,     /* challenges of the channel left */
    STORE_PAIR,      /* the card's private and public key */
    STORE_PIN,       /* of the PIV application, with its tries */
    STORE_PUK,
    STORE_MANAGEMENT,                /* key 9B */
    STORE_PIV_PAIR,                  /* 9A, 9C, 9E */
    STORE_FILE = STORE_PIV_PAIR + 3, /* photo, 8 credentials, NDEF message */
    STORE_PIV_OBJECT = STORE_FILE + 10,
    STORE_OBJECTS = STORE_PIV_OBJECT + 6
};

enum { STORE_MAX_VALUE = 16384, STORE_RESERVE = 896 };

enum store_result {
    STORE_OK = 0,
    STORE_FULL, /* no room; nothing has changed */
    /* the flash failed, or what it holds is damaged: nothing works until mounted again */
    STORE_FAULT,
    /* no object of that number, more than STORE_MAX_VALUE bytes, a value in pieces that has none;
     * bytes that were not announced, or a commit before all of them are there, or of nothing that
     * was begun. Nothing has changed: what was begun can be gone on with. */
    STORE_MISUSE
};

struct store_entry {
    uint32_t at;  /* of the record's head */
    uint16_t len; /* 0: no such object */
};

struct store {
    const struct card_port *port;
    uint32_t area; /* where the area that counts begins */
    uint32_t sequence;
    uint32_t end; /* the first free granule */
    struct store_entry entries[STORE_OBJECTS];
    bool failed;
    bool other_erased; /* the other area, to its end and under power, since the start */
    /* the record being written: open.len of 0 is none */
    struct store_entry open;
    uint8_t open_object;
    uint16_t done;               /* value bytes taken so far */
    uint8_t tail[FLASH_GRANULE]; /* the last done % FLASH_GRANULE of them */
    uint32_t crc;
};

/* Finds the objects, after repairing what a loss of power left. Formats storage that is blank or
 * was cut while being formatted; storage that is damaged is STORE_FAULT, never formatted. */
MUST_USE enum store_result store_mount(struct store *store, const struct card_port *port);

/* The length of an object's value, 0 when it is not there. */
size_t store_length(const struct store *store, unsigned object);

/* True when flash holds this one object and nothing that was ever replaced or removed. */
MUST_USE bool store_holds_only(const struct store *store, unsigned object);

/* Copies bytes of a value. False when they are not all within it, or the flash fails. */
MUST_USE bool store_read(struct store *store, unsigned object, size_t offset, uint8_t *bytes,
                         size_t len);

/* Replaces a value; an empty one removes the object. */
MUST_USE enum store_result store_write(struct store *store, unsigned object, struct span value);

/* The same in pieces. The object keeps its old value until store_commit() has returned STORE_OK;
 * any other write that is not refused, and store_abandon(), drop the new one. len is 1 to
 * STORE_MAX_VALUE. */
MUST_USE enum store_result store_begin(struct store *store, unsigned object, size_t len);
MUST_USE enum store_result store_append(struct store *store, struct span bytes);
MUST_USE enum store_result store_commit(struct store *store);
void store_abandon(struct store *store);

/* Moves the objects whose bit (1 << object) is set in `keep` to the other area and erases this one,
 * so that nothing replaced or left out is in flash any more. */
MUST_USE enum store_result store_purge(struct store *store, uint32_t keep);

#define STORE_KEEP_ALL 0xFFFFFFFFU

_Static_assert((int)STORE_OBJECTS <= 32, "a bit for each object");

#endif
