/* SPDX-License-Identifier: Apache-2.0
 *
 * One step back after another, from the stored list to the one wanted.
 */
#include "verifier/trust_old_rows.h"

void trust_old_rows_free(struct trust_old_rows *old)
{
    trust_rows_free(&old->part[0]);
    trust_rows_free(&old->part[1]);
    old->known = false;
}

/* What cannot be applied is a way that is not known: the whole list is sent instead. */
static bool step_part(const struct trust_part *way, const struct trust_rows *from,
                      struct trust_rows *rows, enum trust_update_error *error)
{
    struct trust_rows before;
    enum trust_update_error unpacked = trust_unpack(way, from, &before);
    if (unpacked != TRUST_UPDATE_OK) {
        *error = unpacked == TRUST_UPDATE_SYSTEM ? unpacked : TRUST_UPDATE_OK;
        return false;
    }
    trust_rows_free(rows);
    *rows = before;
    return true;
}

static bool step_back(const struct trust_old_list *way, const struct trust_rows now[2], bool first,
                      struct trust_old_rows *old, enum trust_update_error *error)
{
    bool catalogue = now[1].count != 0;
    if (catalogue && !way->has_catalogue) {
        return false;
    }
    return step_part(&way->security, first ? &now[0] : &old->part[0], &old->part[0], error) &&
           (!catalogue ||
            step_part(&way->catalogue, first ? &now[1] : &old->part[1], &old->part[1], error));
}

/* A failing disk may have changed the way so that it leads elsewhere; changes from there would fit
 * nobody. */
static bool arrived(const struct trust_old_list *way, const struct trust_old_rows *old,
                    bool catalogue, enum trust_update_error *error)
{
    uint8_t digest[2][TRUST_DIGEST_SIZE] = {{0}};
    enum trust_rows_error found = trust_rows_digest(&old->part[0], false, digest[0]);
    if (found == TRUST_ROWS_OK && catalogue) {
        found = trust_rows_digest(&old->part[1], true, digest[1]);
    }
    *error = trust_update_error_of_rows(found);
    return found == TRUST_ROWS_OK && memcmp(digest[0], way->rows[0], TRUST_DIGEST_SIZE) == 0 &&
           (!catalogue || memcmp(digest[1], way->rows[1], TRUST_DIGEST_SIZE) == 0);
}

enum trust_update_error trust_old_rows(struct trust_store *store,
                                       const struct trust_stored_list *stored, struct span base,
                                       const struct trust_rows now[2],
                                       struct trust_old_rows *ret_old)
{
    struct trust_old_rows old = {0};
    enum trust_update_error error = TRUST_UPDATE_OK;
    int64_t version = stored->version;
    bool on_the_way = true;
    while (on_the_way && !old.known) {
        struct trust_old_list way;
        enum trust_store_error read =
            trust_store_older_list(store, span_str(stored->state), version, &way);
        if (read == TRUST_STORE_DB) {
            error = TRUST_UPDATE_STORE;
        }
        on_the_way = read == TRUST_STORE_OK &&
                     step_back(&way, now, version == stored->version, &old, &error);
        if (on_the_way && span_equal(base, span_of(way.digest, sizeof way.digest))) {
            old.known = arrived(&way, &old, now[1].count != 0, &error);
            on_the_way = false;
        }
        version = on_the_way ? way.version : version;
    }
    if (!old.known || error != TRUST_UPDATE_OK) {
        trust_old_rows_free(&old);
    }
    *ret_old = old;
    return error;
}
