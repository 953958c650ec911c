/* SPDX-License-Identifier: Apache-2.0
 *
 * The host's rules of recognition, read once and kept by issuing state, so that a certificate is
 * held against the rules about its own state only.
 */
#include <stdlib.h>

#include "verifier/verify_cache.h"

void verify_cache_forget_rules(struct verify_cache *cache)
{
    free(cache->rule);
    free(cache->rule_bytes);
    cache->rule = NULL;
    cache->rule_bytes = NULL;
    cache->rule_count = 0;
    cache->rules_host[0] = '\0';
}

struct row_heap {
    uint8_t *ptr; /* owned by whoever takes it */
    size_t len, cap;
    size_t count;
};

static bool heap_append(struct row_heap *heap, struct span row)
{
    if (heap->ptr == NULL || row.len > heap->cap - heap->len) {
        size_t cap = 2 * heap->cap + row.len; /* rows of a list end at TRUST_MAX_ROWS_BYTES */
        uint8_t *larger = realloc(heap->ptr, cap);
        if (larger == NULL) {
            return false;
        }
        heap->ptr = larger;
        heap->cap = cap;
    }
    memcpy(heap->ptr + heap->len, row.ptr, row.len);
    heap->len += row.len;
    heap->count++;
    return true;
}

static enum lookup read_rows(struct trust_store *store, struct span host, struct row_heap *heap)
{
    struct row row;
    enum trust_store_error error = trust_store_rows_begin(store, host, ROW_RULE, ROW_RULE);
    while (error == TRUST_STORE_OK) {
        error = trust_store_rows_next(store, &row);
        if (error != TRUST_STORE_OK) {
            break;
        }
        if (heap->count == VERIFY_MAX_RULES) {
            return LOOKUP_DAMAGED;
        }
        if (!heap_append(heap, row.bytes)) {
            return LOOKUP_SYSTEM;
        }
    }
    return error == TRUST_STORE_EMPTY ? LOOKUP_OK : lookup_of_store(error);
}

static bool decode_rules(struct row_rule *rule, size_t count, struct span bytes)
{
    struct reader rows = reader_of(bytes);
    struct row row;
    for (size_t i = 0; i < count; i++) {
        if (row_next(&rows, &row) != TRUST_DOC_OK || row.type != ROW_RULE ||
            !row_rule_decode(row.bytes, &rule[i])) {
            return false;
        }
    }
    return reader_done(&rows);
}

static int by_issuing_state(const void *a, const void *b)
{
    const struct row_rule *ra = a, *rb = b;
    return span_compare(ra->issuing_state, rb->issuing_state);
}

static enum lookup load_rules(struct verify_cache *cache, struct span host)
{
    struct row_heap heap = {NULL, 0, 0, 0};
    enum lookup answer = read_rows(cache->store, host, &heap);
    cache->rule_bytes = heap.ptr;
    if (answer != LOOKUP_OK || heap.count == 0) {
        return answer;
    }
    cache->rule = calloc(heap.count, sizeof cache->rule[0]);
    if (cache->rule == NULL) {
        return LOOKUP_SYSTEM;
    }
    cache->rule_count = heap.count;
    if (!decode_rules(cache->rule, heap.count, span_of(heap.ptr, heap.len))) {
        return LOOKUP_DAMAGED;
    }
    qsort(cache->rule, cache->rule_count, sizeof cache->rule[0], by_issuing_state);
    return LOOKUP_OK;
}

/* The first rule whose issuing state is not before `state`, or, with `past`, is after it. */
static size_t rule_bound(const struct verify_cache *cache, struct span state, bool past)
{
    size_t least = 0, most = cache->rule_count;
    while (least < most) {
        size_t middle = least + (most - least) / 2;
        int order = span_compare(cache->rule[middle].issuing_state, state);
        if (order < 0 || (past && order == 0)) {
            least = middle + 1;
        } else {
            most = middle;
        }
    }
    return least;
}

enum lookup verify_cache_rules(struct verify_cache *cache, struct span host,
                               struct span issuing_state, const struct row_rule **ret_rules,
                               size_t *ret_count)
{
    if (host.len != TRUST_STATE_SIZE) {
        return LOOKUP_ABSENT;
    }
    if (!span_equal(host, span_str(cache->rules_host))) {
        verify_cache_forget_rules(cache);
        enum lookup answer = load_rules(cache, host);
        if (answer != LOOKUP_OK) {
            verify_cache_forget_rules(cache);
            return answer;
        }
        memcpy(cache->rules_host, host.ptr, host.len);
        cache->rules_host[host.len] = '\0';
    }
    size_t first = rule_bound(cache, issuing_state, false);
    *ret_count = rule_bound(cache, issuing_state, true) - first;
    *ret_rules = *ret_count == 0 ? NULL : cache->rule + first;
    return LOOKUP_OK;
}
