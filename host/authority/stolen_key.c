/* SPDX-License-Identifier: Apache-2.0
 *
 * Key rows sorted by key, so that those of one key stand together, the compromised ones first.
 */
#include "authority/stolen_key.h"

#include <stdlib.h>

static int by_key(const void *a, const void *b)
{
    const struct row_key *x = a, *y = b;
    int order = span_compare(x->public_key, y->public_key);
    if (order != 0) {
        return order;
    }
    bool stolen_x = x->end == ROW_KEY_COMPROMISED, stolen_y = y->end == ROW_KEY_COMPROMISED;
    return stolen_x != stolen_y ? (int)stolen_y - (int)stolen_x
                                : span_compare(x->issuer, y->issuer);
}

static enum authority_error refuse(const struct list_source *list, const struct row_key *stolen,
                                   const struct row_key *key, struct authority_problem *problem)
{
    char kid[2 * CRYPTO_KID_SIZE + 1] = "";
    for (size_t i = 0; i < key->kid.len && i < CRYPTO_KID_SIZE; i++) {
        (void)snprintf(kid + 2 * i, 3, "%02x", key->kid.ptr[i]);
    }
    return authority_fail(problem, AUTHORITY_SOURCE,
                          "%s/keys.json: the key %s of %.*s is compromised under %.*s; end it as "
                          "compromised there, too",
                          list->state, kid, (int)key->issuer.len, (const char *)key->issuer.ptr,
                          (int)stolen->issuer.len, (const char *)stolen->issuer.ptr);
}

static enum authority_error compare(const struct list_source *list, const struct row_key *key,
                                    size_t count, struct authority_problem *problem)
{
    const struct row_key *stolen = NULL;
    for (size_t i = 0; i < count; i++) {
        bool same = stolen != NULL && span_equal(stolen->public_key, key[i].public_key);
        if (key[i].end == ROW_KEY_COMPROMISED) {
            stolen = &key[i];
        } else if (same) {
            return refuse(list, stolen, &key[i], problem);
        }
    }
    return AUTHORITY_OK;
}

enum authority_error stolen_key_check(const struct list_source *list,
                                      struct authority_problem *problem)
{
    size_t count = 0;
    struct row_key *key = calloc(list_rows_count(&list->rows, ROW_KEY) + 1, sizeof *key);
    if (key == NULL) {
        return authority_fail_system(problem);
    }
    for (size_t i = 0; i < list->rows.count; i++) {
        const struct row *row = &list->rows.row[i];
        count += row->type == ROW_KEY && row_key_decode(row->bytes, &key[count]);
    }
    qsort(key, count, sizeof *key, by_key);
    enum authority_error error = compare(list, key, count, problem);
    free(key);
    return error;
}
