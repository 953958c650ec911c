/* SPDX-License-Identifier: Apache-2.0
 *
 * flock(2): unlike fcntl's locks, closing another descriptor of the same file does not end it.
 */
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

enum lock_error lock_take(const char *path, int *ret_lock)
{
    /* O_NONBLOCK: a FIFO in the file's place must not hang the program. */
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0600);
    if (lock < 0) {
        return LOCK_FAILED;
    }
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        enum lock_error error = errno == EWOULDBLOCK ? LOCK_HELD : LOCK_FAILED;
        (void)close(lock);
        return error;
    }
    *ret_lock = lock;
    return LOCK_OK;
}

void lock_release(int lock)
{
    if (lock >= 0) {
        (void)close(lock);
    }
}
