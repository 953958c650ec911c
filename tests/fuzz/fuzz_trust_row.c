/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a sequence of rows: each row that is accepted says what its bytes say, and its key
 * lies where the store looks for it.
 */
#include "fuzz.h"
#include "trust_row_sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader rows = reader_of(span_of(data, size));
    struct row row;
    while (rows.rest.len != 0 && row_next(&rows, &row) == TRUST_DOC_OK) {
        FUZZ_REQUIRE(row.bytes.len != 0 && row.bytes.len <= TRUST_MAX_ROW_BYTES);
        FUZZ_REQUIRE(row.key.ptr == row.bytes.ptr + 2 && row.key.len <= ROW_MAX_KEY_BYTES);
        FUZZ_REQUIRE(row.bytes.ptr[1] == (uint8_t)row.type);
        FUZZ_REQUIRE(row_writes_itself(&row));
    }
    return 0;
}
