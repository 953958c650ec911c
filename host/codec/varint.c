/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers of seven bits a byte.
 */
#include "codec/varint.h"

#define MORE      0x80U
#define BITS      7U
#define LAST_WIDE (64U - BITS) /* the last place at which seven bits fit in 64 */

uint64_t varint_read(struct reader *r, uint64_t max)
{
    uint64_t value = 0, byte = MORE;
    for (unsigned place = 0; byte >= MORE && place <= LAST_WIDE && !r->failed; place += BITS) {
        byte = reader_be(r, 1);
        value |= (byte & ~(uint64_t)MORE) << place;
        r->failed = r->failed || (byte == 0 && place != 0); /* a shorter form would do */
    }
    r->failed = r->failed || byte >= MORE || value > max;
    return r->failed ? 0 : value;
}

void varint_write(struct writer *w, uint64_t value)
{
    for (; value >= MORE; value >>= BITS) {
        writer_be(w, MORE | value, 1);
    }
    writer_be(w, value, 1);
}
