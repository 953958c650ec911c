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

/* The rules among the rows, copied, so that they stay when the store reads others. */
static enum lookup copy_rules(struct verify_cache *cache, const struct trust_rows *rows)
{
    size_t len = 0, count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        len += rows->row[i].type == ROW_RULE ? rows->row[i].bytes.len : 0;
        count += rows->row[i].type == ROW_RULE;
    }
    if (count > VERIFY_MAX_RULES) {
        return LOOKUP_DAMAGED;
    }
    cache->rule_bytes = malloc(len + 1);
    cache->rule = calloc(count + 1, sizeof cache->rule[0]);
    if (cache->rule_bytes == NULL || cache->rule == NULL) {
        return LOOKUP_SYSTEM;
    }
    struct writer w = writer_of(cache->rule_bytes, len);
    for (size_t i = 0; i < rows->count; i++) {
        struct span bytes = rows->row[i].bytes;
        if (rows->row[i].type != ROW_RULE) {
            continue;
        }
        struct span copy = span_of(cache->rule_bytes + w.len, bytes.len);
        writer_put(&w, bytes);
        if (!row_rule_decode(copy, &cache->rule[cache->rule_count++])) {
            return LOOKUP_DAMAGED;
        }
    }
    return LOOKUP_OK;
}

static int by_issuing_state(const void *a, const void *b)
{
    const struct row_rule *ra = a, *rb = b;
    return span_compare(ra->issuing_state, rb->issuing_state);
}

static enum lookup load_rules(struct verify_cache *cache, struct span host)
{
    const struct trust_rows *rows;
    enum lookup answer = lookup_of_store(trust_store_rules(cache->store, host, &rows));
    if (answer == LOOKUP_ABSENT) {
        return LOOKUP_OK; /* no list, no rules */
    }
    if (answer == LOOKUP_OK) {
        answer = copy_rules(cache, rows);
    }
    if (answer == LOOKUP_OK) {
        qsort(cache->rule, cache->rule_count, sizeof cache->rule[0], by_issuing_state);
    }
    return answer;
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
