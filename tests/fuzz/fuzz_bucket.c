/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a bucket at rest, as a failing disk or a stranger may have left them: rows that can
 * be read are written and read again the same.
 */
#include "fuzz.h"
#include "verifier/trust_bucket.h"

#define MOST_READ 4000000 /* to keep one run short */

static bool read_sealed(struct span bytes, struct trust_rows *rows)
{
    return trust_bucket_read(bytes, rows) == TRUST_ROWS_OK && rows->len <= MOST_READ &&
           trust_rows_seal(rows) == TRUST_ROWS_OK;
}

static void require_again(const struct trust_rows *rows)
{
    struct trust_rows again = {0};
    uint8_t *bytes = NULL;
    size_t len = 0;
    FUZZ_REQUIRE(trust_bucket_write(rows->row, rows->count, &bytes, &len) == TRUST_ROWS_OK);
    FUZZ_REQUIRE(read_sealed(span_of(bytes, len), &again));
    FUZZ_REQUIRE(again.count == rows->count);
    for (size_t i = 0; i < rows->count; i++) {
        FUZZ_REQUIRE(span_equal(again.row[i].bytes, rows->row[i].bytes));
    }
    trust_rows_free(&again);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trust_rows rows = {0};
    if (read_sealed(span_of(data, size), &rows)) {
        require_again(&rows);
    }
    trust_rows_free(&rows);
    return 0;
}
