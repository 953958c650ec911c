/* SPDX-License-Identifier: Apache-2.0
 *
 * The only file of the tests that knows libcbor.
 */
#include "cbor_oracle.h"

#include <cbor.h>

/* An array or map that claims more than 65,535 elements: libcbor would allocate them before
 * looking. */
static bool may_claim_too_much(struct span input)
{
    for (size_t i = 0; i < input.len; i++) {
        struct reader r = reader_of(span_of(input.ptr + i + 1, input.len - i - 1));
        bool long_count = (input.ptr[i] & 0xDE) == 0x9A;
        if (long_count && reader_be(&r, input.ptr[i] % 2 == 0 ? 4 : 8) > UINT16_MAX) {
            return true;
        }
    }
    return false;
}

/* libcbor 0.8 refuses the tags 6 to 20, among them COSE_Sign1's 18. */
static bool stopped_at_a_tag(const struct cbor_load_result *result, struct span input)
{
    size_t at = result->error.position;
    return at < input.len && input.ptr[at] >= 0xC6 && input.ptr[at] <= 0xD4;
}

struct cbor_oracle cbor_oracle_read(struct span input, uint8_t *again, size_t cap)
{
    struct cbor_oracle answer = {.silent = may_claim_too_much(input)};
    if (answer.silent) {
        return answer;
    }
    struct cbor_load_result result;
    cbor_item_t *item = cbor_load(input.ptr, input.len, &result);
    if (item == NULL) {
        answer.silent = stopped_at_a_tag(&result, input);
        return answer;
    }
    answer.accepted = result.error.code == CBOR_ERR_NONE;
    answer.read = result.read;
    answer.written = cbor_serialize(item, again, cap);
    cbor_decref(&item);
    return answer;
}
