/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing: a record granule by granule with its commit last, and the move to the other area.
 */
#include "store_flash.h"

static enum store_result copy_record(struct store *store, const struct store_entry *from,
                                     uint32_t to)
{
    uint32_t size = store_record_bytes(from->len);
    for (uint32_t i = 0; i < size; i += FLASH_GRANULE) {
        uint8_t granule[FLASH_GRANULE];
        if (!store_get(store, from->at + i, granule, sizeof granule) ||
            !store_put(store, to + i, granule)) {
            return store_fail(store);
        }
    }
    return STORE_OK;
}

/* The area that counts changes in the one instant in which the new head becomes whole. */
enum store_result store_purge(struct store *store, uint32_t keep)
{
    store_abandon(store);
    uint32_t old_area = store->area;
    uint32_t area = store_other_area(store);
    uint32_t end = area + FLASH_GRANULE;
    struct store_entry entries[STORE_OBJECTS] = {{0, 0}};
    if (store->failed || store->sequence == STORE_MAX_SEQUENCE ||
        (!store->other_erased && !store_erase_area(store, area))) {
        return store_fail(store);
    }
    for (unsigned object = 0; object < STORE_OBJECTS; object++) {
        const struct store_entry *from = &store->entries[object];
        if (from->len == 0 || (keep >> object & 1) == 0) {
            continue;
        }
        if (copy_record(store, from, end) != STORE_OK) {
            return STORE_FAULT;
        }
        entries[object] = (struct store_entry){end, from->len};
        end += store_record_bytes(from->len);
    }
    if (!store_put_word(store, area, (uint32_t)STORE_FORMAT << 24 | (store->sequence + 1))) {
        return store_fail(store);
    }
    store->sequence++;
    store->area = area;
    store->end = end;
    memcpy(store->entries, entries, sizeof entries);
    store->other_erased = store_erase_area(store, old_area);
    return store->other_erased ? STORE_OK : store_fail(store);
}

/* Files leave a reserve, so that the life cycle, the tries and the keys can always be written, and
 * files always be removed. */
static uint32_t reserve_for(unsigned object, size_t len)
{
    return object >= STORE_FILE && len != 0 ? STORE_RESERVE : 0;
}

static bool has_room(const struct store *store, unsigned object, size_t len)
{
    uint32_t limit = store->area + store->port->area_bytes - reserve_for(object, len);
    return store->end <= limit && store_record_bytes(len) <= limit - store->end;
}

/* Bytes an area would take with the objects it has and one record more. */
static bool would_fit(const struct store *store, unsigned object, size_t len)
{
    uint32_t total = FLASH_GRANULE + store_record_bytes(len);
    for (unsigned i = 0; i < STORE_OBJECTS; i++) {
        total += store->entries[i].len == 0 ? 0 : store_record_bytes(store->entries[i].len);
    }
    return total + reserve_for(object, len) <= store->port->area_bytes;
}

/* What is refused changes nothing: a record that is open stays so. */
static enum store_result check_record(const struct store *store, unsigned object, size_t len)
{
    if (store->failed) {
        return STORE_FAULT;
    }
    if (object == 0 || object >= STORE_OBJECTS || len > STORE_MAX_VALUE) {
        return STORE_MISUSE;
    }
    bool fits = has_room(store, object, len) || would_fit(store, object, len);
    return fits ? STORE_OK : STORE_FULL;
}

/* Makes room for a record and writes its head. */
static enum store_result start_record(struct store *store, unsigned object, size_t len)
{
    enum store_result result = check_record(store, object, len);
    if (result != STORE_OK) {
        return result;
    }
    store_abandon(store);
    if (!has_room(store, object, len)) {
        enum store_result moved = store_purge(store, STORE_KEEP_ALL);
        if (moved != STORE_OK) {
            return moved;
        }
    }
    uint32_t head = store_head_word(object, len);
    if (!store_put_word(store, store->end, head)) {
        return store_fail(store);
    }
    store->open = (struct store_entry){store->end, (uint16_t)len};
    store->open_object = (uint8_t)object;
    store->done = 0;
    store->crc = store_head_crc(head);
    store->end += store_record_bytes(len);
    return STORE_OK;
}

/* Takes value bytes and programs each granule that is complete; at the end of the value the last
 * one is filled up. */
static enum store_result take_bytes(struct store *store, struct span bytes)
{
    store->crc = store_crc(store->crc, bytes);
    for (size_t i = 0; i < bytes.len; i++) {
        size_t filled = store->done % FLASH_GRANULE;
        uint32_t granule = store->open.at + FLASH_GRANULE + (uint32_t)(store->done - filled);
        store->tail[filled++] = bytes.ptr[i];
        store->done++;
        if (filled < FLASH_GRANULE && store->done < store->open.len) {
            continue;
        }
        memset(store->tail + filled, 0xFF, FLASH_GRANULE - filled);
        if (!store_put(store, granule, store->tail)) {
            return store_fail(store);
        }
    }
    return STORE_OK;
}

static enum store_result finish_record(struct store *store)
{
    uint32_t commit = store->open.at + store_record_bytes(store->open.len) - FLASH_GRANULE;
    if (!store_put_word(store, commit, store->crc)) {
        return store_fail(store);
    }
    store->entries[store->open_object] = store->open;
    store_abandon(store);
    return STORE_OK;
}

enum store_result store_begin(struct store *store, unsigned object, size_t len)
{
    return len == 0 ? STORE_MISUSE : start_record(store, object, len);
}

enum store_result store_append(struct store *store, struct span bytes)
{
    if (store->failed) {
        return STORE_FAULT;
    }
    if (bytes.len > (size_t)(store->open.len - store->done)) {
        return STORE_MISUSE;
    }
    return take_bytes(store, bytes);
}

enum store_result store_commit(struct store *store)
{
    if (store->failed) {
        return STORE_FAULT;
    }
    if (store->open.len == 0 || store->done != store->open.len) {
        return STORE_MISUSE;
    }
    return finish_record(store);
}

void store_abandon(struct store *store)
{
    store->open = (struct store_entry){0, 0};
    store->done = 0;
    memset(store->tail, 0, sizeof store->tail);
}

enum store_result store_write(struct store *store, unsigned object, struct span value)
{
    enum store_result result = start_record(store, object, value.len);
    if (result == STORE_OK) {
        result = take_bytes(store, value);
    }
    return result == STORE_OK ? finish_record(store) : result;
}
