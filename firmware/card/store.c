/* SPDX-License-Identifier: Apache-2.0
 *
 * Mounting: which area counts, which records count, and what a loss of power left to repair.
 */
#include "store_flash.h"

enum { CHUNK = 32 };

/* What a walk over the journal finds. */
enum scan { SCAN_CLEAN, SCAN_TORN, SCAN_DAMAGED };

static bool value_crc(struct store *store, uint32_t head, uint32_t at, size_t len, uint32_t *ret)
{
    uint32_t crc = store_head_crc(head);
    while (len != 0) {
        uint8_t chunk[CHUNK];
        size_t n = len < sizeof chunk ? len : sizeof chunk;
        if (!store_get(store, at, chunk, n)) {
            return false;
        }
        crc = store_crc(crc, span_of(chunk, n));
        at += (uint32_t)n;
        len -= n;
    }
    *ret = crc;
    return true;
}

/* One record whose head is whole. A commit that is whole but does not fit the value is no trace of
 * a cut: the flash has lost bits, and an older value must not come back in its place. */
static enum scan scan_record(struct store *store, uint32_t head)
{
    unsigned object = head >> 24;
    size_t len = head & 0xFFFF;
    uint32_t size = store_record_bytes(len);
    if ((head >> 16 & 0xFF) != STORE_MARK || object == 0 || object >= STORE_OBJECTS ||
        len > STORE_MAX_VALUE || size > store->area + store->port->area_bytes - store->end) {
        return SCAN_DAMAGED;
    }
    uint32_t at = store->end;
    store->end += size;
    enum store_granule kind;
    uint32_t commit;
    if (!store_get_word(store, store->end - FLASH_GRANULE, &kind, &commit)) {
        return SCAN_DAMAGED;
    }
    if (kind != GRANULE_WHOLE) {
        return kind == GRANULE_BLANK ? SCAN_CLEAN : SCAN_TORN; /* an abandoned record is clean */
    }
    uint32_t crc;
    if (!value_crc(store, head, at + FLASH_GRANULE, len, &crc) || crc != commit) {
        return SCAN_DAMAGED;
    }
    store->entries[object] = (struct store_entry){at, (uint16_t)len};
    return SCAN_CLEAN;
}

/* Walks the records of the area that counts. store->end stands behind the last one. */
static enum scan scan_area(struct store *store)
{
    enum scan found = SCAN_CLEAN;
    uint32_t limit = store->area + store->port->area_bytes;
    store->end = store->area + FLASH_GRANULE;
    while (store->end < limit) {
        enum store_granule kind;
        uint32_t head;
        if (!store_get_word(store, store->end, &kind, &head)) {
            return SCAN_DAMAGED;
        }
        if (kind == GRANULE_BLANK) {
            return found;
        }
        if (kind == GRANULE_TORN) {
            return SCAN_TORN; /* nothing can lie behind it: its length was never known */
        }
        enum scan record = scan_record(store, head);
        if (record == SCAN_DAMAGED) {
            return SCAN_DAMAGED;
        }
        found = record == SCAN_TORN ? SCAN_TORN : found;
    }
    return found;
}

/* True when nothing but the two heads of areas was ever programmed. */
static bool never_used(struct store *store)
{
    const struct card_port *port = store->port;
    for (uint32_t at = 0; at < 2 * port->area_bytes; at += FLASH_GRANULE) {
        enum store_granule kind;
        uint32_t word;
        bool head = at == 0 || at == port->area_bytes;
        if (!store_get_word(store, at, &kind, &word) || (kind != GRANULE_BLANK && !head)) {
            return false;
        }
    }
    return true;
}

static enum store_result format(struct store *store)
{
    if (!never_used(store)) {
        return store_fail(store);
    }
    store->area = 0;
    store->sequence = 1;
    store->end = FLASH_GRANULE;
    if (!store->port->flash_erase(store->port->context, 0) ||
        !store->port->flash_erase(store->port->context, store->port->area_bytes) ||
        !store_put_word(store, 0, (uint32_t)STORE_FORMAT << 24 | store->sequence)) {
        return store_fail(store);
    }
    store->other_erased = true;
    return STORE_OK;
}

struct area_head {
    uint32_t sequence; /* 0 when the area does not count */
    bool blank;
};

/* Erasing an area ends with the page of its head (store_erase_area): when all of that is blank, the
 * area is. Its head alone may be, where the power went in that last page, and secrets behind it. */
static bool first_page_is_blank(struct store *store, uint32_t area, bool *ret)
{
    *ret = true;
    for (uint32_t at = 0; at < store->port->page_bytes && *ret; at += FLASH_GRANULE) {
        enum store_granule kind;
        uint32_t word;
        if (!store_get_word(store, area + at, &kind, &word)) {
            return false;
        }
        *ret = kind == GRANULE_BLANK;
    }
    return true;
}

static bool read_area_head(struct store *store, uint32_t area, struct area_head *ret)
{
    enum store_granule kind;
    uint32_t head;
    if (!store_get_word(store, area, &kind, &head)) {
        return false;
    }
    bool counts = kind == GRANULE_WHOLE && head >> 24 == STORE_FORMAT;
    ret->sequence = counts ? head & STORE_MAX_SEQUENCE : 0;
    return first_page_is_blank(store, area, &ret->blank);
}

/* Repairs what a cut left: an area that was left but not erased to its end, or begun and not
 * finished, by erasing it; a torn record, by moving the whole ones there. */
static enum store_result repair(struct store *store, enum scan found, bool other_is_blank)
{
    if (found == SCAN_DAMAGED) {
        return store_fail(store);
    }
    if (!other_is_blank) {
        store->other_erased = store_erase_area(store, store_other_area(store));
        if (!store->other_erased) {
            return store_fail(store);
        }
    }
    return found == SCAN_TORN ? store_purge(store, STORE_KEEP_ALL) : STORE_OK;
}

enum store_result store_mount(struct store *store, const struct card_port *port)
{
    *store = (struct store){.port = port};
    struct area_head first;
    struct area_head second;
    if (!read_area_head(store, 0, &first) || !read_area_head(store, port->area_bytes, &second)) {
        return store_fail(store);
    }
    if (first.sequence == 0 && second.sequence == 0) {
        return format(store);
    }
    if (first.sequence == second.sequence) {
        return store_fail(store);
    }
    bool takes_second = second.sequence > first.sequence;
    store->area = takes_second ? port->area_bytes : 0;
    store->sequence = takes_second ? second.sequence : first.sequence;
    return repair(store, scan_area(store), takes_second ? first.blank : second.blank);
}

size_t store_length(const struct store *store, unsigned object)
{
    return object < STORE_OBJECTS ? store->entries[object].len : 0;
}

/* The area that does not count is blank. */
bool store_holds_only(const struct store *store, unsigned object)
{
    size_t len = store_length(store, object);
    return len != 0 && store->end == store->area + FLASH_GRANULE + store_record_bytes(len);
}

bool store_read(struct store *store, unsigned object, size_t offset, uint8_t *bytes, size_t len)
{
    size_t there = store_length(store, object);
    if (store->failed || offset > there || len > there - offset) {
        return false;
    }
    uint32_t at = store->entries[object].at + FLASH_GRANULE + (uint32_t)offset;
    if (len != 0 && !store_get(store, at, bytes, len)) {
        store->failed = true;
        return false;
    }
    return true;
}
