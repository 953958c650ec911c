/* SPDX-License-Identifier: Apache-2.0
 *
 * The judgement of a clock that may lie. A clock is believed between the latest time known to be
 * past and 400 days after the last signed news; outside, it is suspect and leaves no trace.
 */
#include "verifier/clock.h"

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

struct clock_judgement clock_judge(const struct clock_input *input)
{
    struct clock_judgement j;
    j.floor_s = later(input->floor_s, input->build_s);
    j.now_s = later(input->system_s, j.floor_s);
    j.suspect = input->system_s < j.floor_s || input->system_s < input->high_water_s ||
                input->system_s > clock_add(j.floor_s, CLOCK_MAX_AHEAD_S);
    /* A suspect clock must not raise H: a clock set ten years ahead by mistake and put right again
     * would otherwise be behind H for ten years. */
    j.high_water_s = j.suspect ? input->high_water_s : later(input->high_water_s, input->system_s);
    return j;
}

int64_t clock_day(int64_t now_s, int32_t utc_offset_s)
{
    int64_t local_s = clock_add(now_s, utc_offset_s);
    int64_t day = local_s / CLOCK_DAY_S;
    /* C rounds towards zero; days before 1970 are counted downwards. */
    return local_s % CLOCK_DAY_S < 0 ? day - 1 : day;
}

int64_t clock_end_of_day(int64_t day, int32_t utc_offset_s)
{
    if (day >= INT64_MAX / CLOCK_DAY_S || day <= INT64_MIN / CLOCK_DAY_S) {
        return day > 0 ? INT64_MAX : INT64_MIN;
    }
    return clock_add(day * CLOCK_DAY_S + CLOCK_DAY_S - 1, -(int64_t)utc_offset_s);
}
