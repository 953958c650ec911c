/* SPDX-License-Identifier: Apache-2.0
 *
 * What the host's rules cost one check: 16 rules about the issuing state, and 2,000 that differ in
 * scheme, sector and body so that most fit in part. Prints nanoseconds (least and median of
 * rounds). */
#include <stdio.h>
#include <time.h>

#include "check.h"
#include "verifier/recognition.h"

#define MAX_RULES 2000
#define ROUNDS    101
#define TODAY     20600

static struct row_rule rule[MAX_RULES];
static char text[MAX_RULES][3][16]; /* id, scheme prefix, body */

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void make_rules(void)
{
    static const char *const sector[] = {"", "I", "I5", "I55", "F"};
    for (size_t i = 0; i < MAX_RULES; i++) {
        (void)snprintf(text[i][0], sizeof text[i][0], "R%04zu", i);
        (void)snprintf(text[i][1], sizeof text[i][1], "HTL-%zu", i % 97);
        (void)snprintf(text[i][2], sizeof text[i][2], "ID.BODY-%zu", i % 7);
        rule[i] = (struct row_rule){.id = span_str(text[i][0]),
                                    .arrangement = ROW_AGP,
                                    .result = (enum row_result)(1 + i % 4),
                                    .issuing_state = span_str("ID"),
                                    .valid_from_day = TODAY - 100,
                                    .valid_until_day = ROW_NO_END_DAY,
                                    .awarding_body = span_str(text[i][2]),
                                    .scheme_prefix = span_str(i % 3 == 0 ? text[i][1] : "HTL-"),
                                    .sector_prefix = span_str(sector[i % COUNT_OF(sector)]),
                                    .level_least = 1,
                                    .level_most = 6,
                                    .issued_from_day = INT64_MIN,
                                    .issued_until_day = INT64_MAX};
    }
}

static struct credential certificate(void)
{
    struct credential c = {0};
    credential_set_number(&c, SAKSI_CLAIM_ISSUE_DATE, TODAY - 50);
    credential_set_number(&c, SAKSI_CLAIM_SCHEME_TYPE, 2);
    credential_set_number(&c, SAKSI_CLAIM_COVERAGE, 1);
    credential_set_text(&c, SAKSI_CLAIM_SCHEME_CODE, span_str("HTL-5-RA-2"));
    credential_set_text(&c, SAKSI_CLAIM_SECTOR_CODE, span_str("I551"));
    credential_set_number(&c, SAKSI_CLAIM_LEVEL, 3);
    return c;
}

static void measure(const struct recognition_input *input, size_t count)
{
    double round_ns[ROUNDS];
    int batch = (int)(200000 / count);
    size_t covered = 0;
    for (int round = 0; round < ROUNDS; round++) {
        double start = now_ns();
        for (int i = 0; i < batch; i++) {
            covered += recognition_evaluate(rule, count, input).covered;
        }
        round_ns[round] = (now_ns() - start) / batch;
    }
    assert_int_equal(covered, (size_t)batch * ROUNDS);
    qsort(round_ns, ROUNDS, sizeof round_ns[0], by_value);
    printf("%5zu rules   least %8.0f  median %8.0f ns\n", count, round_ns[0], round_ns[ROUNDS / 2]);
}

int main(void)
{
    struct credential c = certificate();
    struct recognition_input input = {.credential = &c,
                                      .issuing_state = span_str("ID"),
                                      .awarding_body = span_str("ID.BODY-1"),
                                      .certification_body = span_str("ID.BODY-1.LSP-1"),
                                      .purpose = SAKSI_HOTEL,
                                      .today = TODAY};
    make_rules();
    measure(&input, 16);
    measure(&input, MAX_RULES);
    return 0;
}
