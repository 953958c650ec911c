/* SPDX-License-Identifier: Apache-2.0
 *
 * The mark: the newest state of the trust store that was ever committed on this device, kept
 * outside the disk. A store below it was restored from an old copy. The root's version counts
 * first, since a new root may let the header's version begin again (recovery from a stolen key).
 */
#ifndef VERIFIER_TRUST_MARK_H
#define VERIFIER_TRUST_MARK_H

#include <stdbool.h>
#include <stdint.h>

struct trust_mark {
    bool wanted;                          /* the device is meant to have one */
    bool known;                           /* it could be read; the versions count only then */
    int64_t root_version, header_version; /* 0: no root, no header */
};

/* <0, 0, >0: the first state is older than the second, the same, newer. */
static inline int trust_mark_compare(int64_t root_a, int64_t header_a, int64_t root_b,
                                     int64_t header_b)
{
    int by_root = (root_a > root_b) - (root_a < root_b);
    return by_root != 0 ? by_root : (header_a > header_b) - (header_a < header_b);
}

/* Whether a store with these versions is older than a known mark. */
static inline bool trust_mark_is_above(const struct trust_mark *mark, int64_t root_version,
                                       int64_t header_version)
{
    return mark->known && trust_mark_compare(mark->root_version, mark->header_version, root_version,
                                             header_version) > 0;
}

#endif
