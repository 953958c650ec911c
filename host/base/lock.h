/* SPDX-License-Identifier: Apache-2.0
 *
 * One program at a time: an exclusive lock on a file made for it, for what no database guards. The
 * kernel ends it with the process, however that ends; the empty file stays.
 */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include "wire/must_use.h"

enum lock_error {
    LOCK_OK = 0,
    LOCK_HELD,   /* by another program, or by this one already */
    LOCK_FAILED, /* the file cannot be made or locked: permissions, file system */
};

/* Takes the lock at `path` without waiting, making the file (mode 0600) where there is none;
 * *ret_lock is a descriptor for lock_release, untouched on failure. */
MUST_USE enum lock_error lock_take(const char *path, int *ret_lock);

/* Ends the lock; a negative one is none. */
void lock_release(int lock);

#endif
