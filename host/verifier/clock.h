/* SPDX-License-Identifier: Apache-2.0
 *
 * What time it is, when the device's clock may lie: the floor F, the high-water mark H, and a judgement. Pure arithmetic.
 */
#ifndef VERIFIER_CLOCK_H
#define VERIFIER_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_MAX_AHEAD_S (400LL * 86400)

struct clock_input {
    int64_t system_s;     /* the device's clock, seconds since 1970 */
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

/* The calendar day at the checkpoint, `utc_offset_s` east of UTC. */
int64_t clock_day(int64_t now_s, int32_t utc_offset_s);

#endif
