/* SPDX-License-Identifier: Apache-2.0
 *
 * What time it is, when the device's clock may lie: the floor F (time that is certainly past), the
 * high-water mark H (latest plausible clock seen), and a judgement. Pure arithmetic; reads no clock
 * and stores nothing.
 */
#ifndef VERIFIER_CLOCK_H
#define VERIFIER_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_DAY_S       86400LL
#define CLOCK_MAX_AHEAD_S (400 * CLOCK_DAY_S)

/* All in seconds since 1970-01-01T00:00:00Z; any value is allowed. */
struct clock_input {
    int64_t system_s;     /* the device's clock */
    int64_t build_s;      /* when the program was built */
    int64_t floor_s;      /* F as stored */
    int64_t high_water_s; /* H as stored */
};

struct clock_judgement {
    int64_t floor_s;      /* max(F, build) */
    int64_t now_s;        /* max(system, floor) */
    int64_t high_water_s; /* what to store as H: unchanged when the clock is suspect */
    bool suspect;         /* system < H, system < floor, or system > floor + 400 days */
};

struct clock_judgement clock_judge(const struct clock_input *input);

/* The calendar day at the checkpoint, `utc_offset_s` seconds east of UTC; days since 1970-01-01. */
int64_t clock_day(int64_t now_s, int32_t utc_offset_s);

/* The last second of a calendar day at the checkpoint. */
int64_t clock_end_of_day(int64_t day, int32_t utc_offset_s);

/* a + b, held at the ends of int64_t: dates of hostile documents never wrap around. */
static inline int64_t clock_add(int64_t a, int64_t b)
{
    if (b > 0 && a > INT64_MAX - b) {
        return INT64_MAX;
    }
    if (b < 0 && a < INT64_MIN - b) {
        return INT64_MIN;
    }
    return a + b;
}

#endif
