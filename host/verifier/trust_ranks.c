/* SPDX-License-Identifier: Apache-2.0
 *
 * Issuers and their ranks.
 */
#include "verifier/trust_ranks.h"

#include <stdlib.h>

#include "codec/rank_set.h"

struct span trust_issuer_of_key(struct span key)
{
    struct cbor_cursor c = cbor_cursor_of(key);
    return cbor_skip(&c);
}

enum trust_rows_error trust_ranks_of(const struct trust_rows *rows, struct trust_ranks *ret_ranks)
{
    size_t first = trust_rows_bound(rows, ROW_STATUS, span_of(NULL, 0));
    size_t past = trust_rows_bound(rows, ROW_STATUS + 1, span_of(NULL, 0));
    uint64_t rank = 0;
    *ret_ranks = (struct trust_ranks){0};
    ret_ranks->line = calloc(past - first + 1, sizeof ret_ranks->line[0]);
    if (ret_ranks->line == NULL) {
        return TRUST_ROWS_SYSTEM;
    }
    for (size_t i = first; i < past; i++) {
        struct row_status status;
        if (!row_status_decode(rows->row[i].bytes, &status)) {
            return TRUST_ROWS_FORMAT;
        }
        if (rank + status.allotment > RANK_SET_MAX_RANK) {
            break;
        }
        ret_ranks->line[ret_ranks->count++] =
            (struct trust_rank_line){rows->row[i].key, rank, rank + status.allotment};
        rank += status.allotment;
    }
    return TRUST_ROWS_OK;
}

void trust_ranks_free(struct trust_ranks *ranks)
{
    free(ranks->line);
    *ranks = (struct trust_ranks){0};
}

const struct trust_rank_line *trust_ranks_find(const struct trust_ranks *ranks, struct span issuer)
{
    size_t least = 0, most = ranks->count;
    while (least < most) {
        size_t middle = least + (most - least) / 2;
        int order = span_compare(ranks->line[middle].issuer, issuer);
        if (order == 0) {
            return &ranks->line[middle];
        }
        if (order < 0) {
            least = middle + 1;
        } else {
            most = middle;
        }
    }
    return NULL;
}
