/* SPDX-License-Identifier: Apache-2.0
 *
 * In place of BearSSL's ecdsa_i15_bits.c and ecdsa_i31_bits.c, for P-256 alone. Theirs shift the
 * number by no bits, over as many words as it has up to its highest bit. ECDSA's nonce comes this
 * way, and a signature took some instructions less when its highest word was zero: half of the time
 * on words of 15 bits, once in 256 times on words of 31, when it tells eight bits of the nonce.
 * Many such signatures tell the key. For an order of 256 bits there is nothing to shift.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { ORDER_BYTES = 32 };

/* BearSSL's, from its inner.h: x[0] is the length in bits, the words follow, lowest first. */
void br_i15_decode(uint16_t *x, const void *src, size_t len);
void br_i31_decode(uint32_t *x, const void *src, size_t len);
void br_ecdsa_i15_bits2int(uint16_t *x, const void *src, size_t len, uint32_t ebitlen);
void br_ecdsa_i31_bits2int(uint32_t *x, const void *src, size_t len, uint32_t ebitlen);

void br_ecdsa_i15_bits2int(uint16_t *x, const void *src, size_t len, uint32_t ebitlen)
{
    memset(x + 1, 0, ((ebitlen + 15) >> 4) * sizeof *x);
    br_i15_decode(x, src, len < ORDER_BYTES ? len : ORDER_BYTES);
    x[0] = (uint16_t)ebitlen;
}

void br_ecdsa_i31_bits2int(uint32_t *x, const void *src, size_t len, uint32_t ebitlen)
{
    memset(x + 1, 0, ((ebitlen + 31) >> 5) * sizeof *x);
    br_i31_decode(x, src, len < ORDER_BYTES ? len : ORDER_BYTES);
    x[0] = ebitlen;
}
