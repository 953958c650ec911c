/* SPDX-License-Identifier: Apache-2.0
 *
 * Time that only goes forward, for deadlines and progress: setting the clock does not move it. It
 * says nothing of the date.
 */
#ifndef BASE_MONOTONIC_H
#define BASE_MONOTONIC_H

#include <stdint.h>
#include <time.h>

/* Milliseconds since some moment before this process. */
static inline int64_t monotonic_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
