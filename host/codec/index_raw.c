/* SPDX-License-Identifier: Apache-2.0
 *
 * One bit a number. Good for sets near half full, and it bounds what a set can cost.
 */
#include "codec/index_method.h"

size_t index_raw_size(uint32_t bound)
{
    return ((size_t)bound + 7) / 8;
}

void index_raw_write(const struct index_members *set, struct writer *w)
{
    uint32_t i = 0;
    for (uint32_t first = 0; first < set->bound; first += 8) {
        unsigned byte = 0;
        for (; i < set->count && set->index[i] < first + 8; i++) {
            byte |= 0x80U >> (set->index[i] - first);
        }
        writer_be(w, byte, 1);
    }
}

bool index_raw_read(struct span bytes, uint32_t bound, uint32_t count, uint32_t *ret_index,
                    size_t *ret_len)
{
    size_t len = index_raw_size(bound);
    if (bytes.len < len) {
        return false;
    }
    uint32_t found = 0;
    for (size_t at = 0; at < len; at++) {
        for (uint32_t byte = bytes.ptr[at]; byte != 0;) {
            unsigned place = (unsigned)__builtin_clz(byte) - 24;
            uint32_t index = (uint32_t)at * 8 + place;
            if (found == count || index >= bound) {
                return false;
            }
            ret_index[found++] = index;
            byte &= ~(0x80U >> place);
        }
    }
    *ret_len = len;
    return found == count;
}
