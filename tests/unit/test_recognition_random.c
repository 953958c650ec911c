/* SPDX-License-Identifier: Apache-2.0
 *
 * Recognition against the slow evaluator: random rules that collide, through their encoding and
 * back, and random certificates. Compared is all that a verdict tells of them: result, arrangement,
 * rule, conditions.
 *
 * A set of rules is made from its number alone. An ordinary run takes the sets that fit in three
 * seconds, SAKSI_LONG=1 takes 200,000; a number in SAKSI_RECOGNITION_SET takes that one only.
 */
#include <stdio.h>
#include <time.h>

#include "check.h"
#include "recognition_reference.h"

#define TODAY            20600
#define ISSUED           20500
#define MAX_RULES        40
#define CERTIFICATES     6
#define ORDINARY_S       3
#define ORDINARY_SETS    2000 /* at least, however slow the machine; what slips are caught within */
#define LONG_SETS        200000
#define MAX_ANSWER_BYTES 512

/* --- chance --- */

static uint64_t chance;

static size_t below(size_t limit)
{
    return (size_t)(check_random(&chance) % limit);
}

static bool one_in(size_t n)
{
    return below(n) == 0;
}

static struct span any_of(const char *const *words, size_t count)
{
    return span_str(words[below(count)]);
}

#define ANY(...)                                                                                   \
    any_of((const char *const[]){__VA_ARGS__}, COUNT_OF(((const char *const[]){__VA_ARGS__})))

/* A day at, before or after an edge. */
static int64_t about(int64_t day)
{
    return day - 1 + (int64_t)below(3);
}

/* --- rules --- */

struct set {
    size_t count;
    struct row_rule made[MAX_RULES], read[MAX_RULES]; /* as written, and read from its encoding */
    uint8_t bytes[MAX_RULES * 512];
};

/* Few words, so that rules meet; most begin others. */
static void random_codes(struct row_rule *r, size_t rarity)
{
    r->awarding_body = one_in(rarity) ? ANY("ID.A", "ID.AB", "ID.B") : r->awarding_body;
    r->certification_body = one_in(rarity) ? ANY("ID.A.1", "ID.A.12") : r->certification_body;
    r->scheme_code = one_in(rarity) ? ANY("S", "SK", "SKM", "T") : r->scheme_code;
    r->scheme_prefix = one_in(rarity) ? ANY("S", "SK", "SKM", "T") : r->scheme_prefix;
    r->sector_prefix = one_in(rarity) ? ANY("I", "I5", "I55", "F") : r->sector_prefix;
    r->occupation_prefix = one_in(rarity) ? ANY("5", "51", "515", "7") : r->occupation_prefix;
    r->job_index = one_in(rarity) ? ANY("H.1", "H.12") : r->job_index;
}

static void random_levels(struct row_rule *r, size_t rarity)
{
    r->framework = one_in(rarity) ? 1 + (int)below(3) : 0;
    r->edition = one_in(rarity) ? 2011 + (int)below(3) : 0;
    r->level_least = one_in(rarity) ? (int)below(4) : -1;
    if (one_in(rarity)) {
        r->level_most = (r->level_least < 0 ? 0 : r->level_least) + (int)below(3);
    }
}

/* States ascend and differ, as WIRE.md has it. */
static void random_nationalities(struct row_rule *r)
{
    static const char *const states[] = {"ID", "MY", "PH", "TH"};
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        if (one_in(2)) {
            r->nationality[r->nationality_count++] = span_str(states[i]);
        }
    }
}

static void random_dates(struct row_rule *r)
{
    if (one_in(3)) {
        r->valid_from_day = about(TODAY);
    }
    if (one_in(3)) {
        int64_t until = about(TODAY);
        r->valid_until_day = until < r->valid_from_day ? r->valid_from_day : until;
    }
    if (one_in(3)) {
        r->issued_from_day = about(ISSUED);
    }
    if (one_in(3)) {
        int64_t until = about(ISSUED);
        r->issued_until_day = until < r->issued_from_day ? r->issued_from_day : until;
    }
}

static void random_conditions(struct row_rule *r)
{
    static const char *const lang[] = {"en", "id", "ms"};
    r->conditions.count = below(4);
    for (size_t i = 0; i < r->conditions.count; i++) {
        r->conditions.name[i].lang = span_str(lang[i]);
        r->conditions.name[i].text =
            ANY("With an interpreter", "Six months", "On the list of posts");
    }
}

static struct row_rule random_rule(const char *id, size_t rarity)
{
    struct row_rule r = {.id = span_str(id),
                         .arrangement = (enum row_arrangement)(1 + below(5)),
                         .result = (enum row_result)(1 + below(one_in(4) ? 5 : 4)),
                         .issuing_state = one_in(12) ? span_str("PH") : span_str("ID"),
                         .valid_from_day = TODAY - 400,
                         .valid_until_day = ROW_NO_END_DAY,
                         .level_least = -1,
                         .level_most = -1,
                         .issued_from_day = INT64_MIN,
                         .issued_until_day = INT64_MAX};
    random_codes(&r, rarity);
    random_levels(&r, rarity * 2);
    if (one_in(rarity * 2)) {
        random_nationalities(&r);
    }
    if (one_in(4)) {
        random_dates(&r);
    }
    r.purposes = one_in(rarity) ? (unsigned)below(16) << 1 : 0;
    r.scheme_types = one_in(rarity) ? (unsigned)below(8) << 1 : 0;
    r.coverage = one_in(rarity * 2) ? 1 + (int)below(2) : 0;
    r.standard_family = one_in(rarity * 2) ? 1 + (int)below(3) : 0;
    random_conditions(&r);
    return r;
}

/* Through its encoding, as in a list. */
static void read_back(struct set *set)
{
    struct writer w = writer_of(set->bytes, sizeof set->bytes);
    struct reader rows;
    struct row row;
    for (size_t i = 0; i < set->count; i++) {
        row_rule_write(&w, &set->made[i]);
    }
    assert_true(writer_ok(&w));
    rows = reader_of(writer_span(&w));
    for (size_t i = 0; i < set->count; i++) {
        assert_int_equal(row_next(&rows, &row), TRUST_DOC_OK);
        assert_true(row_rule_decode(row.bytes, &set->read[i]));
    }
    assert_true(reader_done(&rows));
}

/* Ids differ, some begin others, and they come in no order. */
static void random_set(struct set *set)
{
    static char id[MAX_RULES][8];
    size_t rarity = 2 + below(5);
    set->count = one_in(8) ? below(3) : below(MAX_RULES + 1);
    for (size_t i = 0; i < set->count; i++) {
        (void)snprintf(id[i], sizeof id[i], "R%zu", (i * 7 + 3) % 41);
        set->made[i] = random_rule(id[i], rarity);
    }
    read_back(set);
}

/* --- certificates --- */

static void set_texts(struct credential *c)
{
    credential_set_text(c, SAKSI_CLAIM_SCHEME_CODE, ANY("S", "SK", "SKM", "SKMX", "T"));
    credential_set_text(c, SAKSI_CLAIM_SECTOR_CODE, ANY("I", "I5", "I55", "I551", "F"));
    credential_set_text(c, SAKSI_CLAIM_OCCUPATION_CODE, ANY("5", "51", "515", "5151", "7"));
    credential_set_text(c, SAKSI_CLAIM_JOB_INDEX, ANY("H.1", "H.12", "F.1"));
    credential_set_text(c, SAKSI_CLAIM_NATIONALITY, ANY("ID", "MY", "PH", "TH", "VN"));
}

static struct credential random_certificate(void)
{
    struct credential c = {0};
    set_texts(&c);
    credential_set_number(&c, SAKSI_CLAIM_SCHEME_TYPE, 1 + (int64_t)below(3));
    credential_set_number(&c, SAKSI_CLAIM_COVERAGE, 1 + (int64_t)below(2));
    credential_set_number(&c, SAKSI_CLAIM_STANDARD_FAMILY, 1 + (int64_t)below(3));
    credential_set_number(&c, SAKSI_CLAIM_FRAMEWORK, 1 + (int64_t)below(3));
    credential_set_number(&c, SAKSI_CLAIM_EDITION, 2011 + (int64_t)below(3));
    credential_set_number(&c, SAKSI_CLAIM_LEVEL, (int64_t)below(6));
    for (enum saksi_claim claim = 0; claim < SAKSI_CLAIM_COUNT; claim++) {
        if (one_in(6)) {
            credential_clear(&c, claim);
        }
    }
    credential_set_number(&c, SAKSI_CLAIM_ISSUE_DATE, about(ISSUED));
    return c;
}

static struct recognition_input random_input(const struct credential *c)
{
    const struct span none = {NULL, 0};
    return (struct recognition_input){
        .credential = c,
        .issuing_state = one_in(10) ? span_str("PH") : span_str("ID"),
        .awarding_body = one_in(6) ? none : ANY("ID.A", "ID.AB", "ID.B"),
        .certification_body = one_in(6) ? none : ANY("ID.A.1", "ID.A.12", "ID.A.123"),
        .purpose = (enum saksi_purpose)(1 + below(4)),
        .today = about(TODAY)};
}

/* --- answers --- */

/* All that is told of an answer, as bytes. */
struct told {
    uint8_t bytes[MAX_ANSWER_BYTES];
    size_t len;
};

static void tell_text(struct writer *w, struct span text)
{
    writer_be(w, text.len, 2);
    writer_put(w, text);
}

static struct told tell(const struct recognition_result *r)
{
    struct told told = {.len = 0};
    struct writer w = writer_of(told.bytes, sizeof told.bytes);
    writer_be(&w, r->covered, 1);
    writer_be(&w, r->result, 1);
    if (r->rule != NULL) {
        writer_be(&w, r->rule->arrangement, 1);
        tell_text(&w, r->rule->id);
        for (size_t i = 0; i < r->rule->conditions.count; i++) {
            tell_text(&w, r->rule->conditions.name[i].lang);
            tell_text(&w, r->rule->conditions.name[i].text);
        }
    }
    assert_true(writer_ok(&w));
    told.len = writer_span(&w).len;
    return told;
}

static bool told_same(const struct told *a, const struct told *b)
{
    return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* --- the tests --- */

static unsigned long seen[ROW_SUSPENDED + 1];

static void start_set(long number, struct set *set)
{
    chance = (uint64_t)number;
    random_set(set);
}

static bool agree(const struct set *set, enum recognition_slip slip)
{
    struct credential c = random_certificate();
    struct recognition_input input = random_input(&c);
    struct recognition_result got = recognition_evaluate(set->read, set->count, &input);
    struct recognition_result wanted = recognition_reference(set->made, set->count, &input, slip);
    struct told a = tell(&got), b = tell(&wanted);
    seen[wanted.result] += slip == SLIP_NONE;
    return told_same(&a, &b);
}

static void compare_set(long number)
{
    static struct set set;
    start_set(number, &set);
    for (int i = 0; i < CERTIFICATES; i++) {
        if (!agree(&set, SLIP_NONE)) {
            fail_msg("certificate %d of SAKSI_RECOGNITION_SET=%ld", i, number);
        }
    }
}

static double seconds(void)
{
    struct timespec t;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &t), 0);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void both_evaluators_agree(void **state)
{
    (void)state;
    const char *one = getenv("SAKSI_RECOGNITION_SET");
    long sets = 0, most = check_is_long() ? LONG_SETS : ORDINARY_SETS;
    double end = seconds() + ORDINARY_S;
    if (one != NULL) {
        compare_set(strtol(one, NULL, 10));
        return;
    }
    while (sets < most || (most == ORDINARY_SETS && seconds() < end)) {
        compare_set(sets++);
    }
    print_message("%ld sets of rules, %d certificates each\n", sets, CERTIFICATES);
    for (size_t i = 0; i < COUNT_OF(seen); i++) {
        print_message("result %zu: %lu\n", i, seen[i]);
        assert_true(seen[i] > 100);
    }
}

/* The number of the set that shows the slip; -1 when none does. */
static long set_that_shows(enum recognition_slip slip)
{
    static struct set set;
    for (long number = 0; number < ORDINARY_SETS; number++) {
        start_set(number, &set);
        for (int i = 0; i < CERTIFICATES; i++) {
            if (!agree(&set, slip)) {
                return number;
            }
        }
    }
    return -1;
}

static void every_slip_would_be_noticed(void **state)
{
    (void)state;
    long latest = 0;
    for (int slip = SLIP_NONE + 1; slip < SLIP_COUNT; slip++) {
        long number = set_that_shows((enum recognition_slip)slip);
        if (number < 0) {
            fail_msg("slip %d is not noticed", slip);
        }
        latest = number > latest ? number : latest;
    }
    print_message("%d slips, the last one seen in set %ld\n", SLIP_COUNT - 1, latest);
}

static void shuffle(struct row_rule *rules, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = below(i);
        struct row_rule moved = rules[i - 1];
        rules[i - 1] = rules[other];
        rules[other] = moved;
    }
}

static void the_order_of_rules_does_not_matter(void **state)
{
    (void)state;
    static struct set set;
    for (long number = 0; number < ORDINARY_SETS; number++) {
        start_set(number, &set);
        struct credential c = random_certificate();
        struct recognition_input input = random_input(&c);
        struct recognition_result result = recognition_evaluate(set.read, set.count, &input);
        struct told first = tell(&result);
        for (int i = 0; i < 4; i++) {
            shuffle(set.read, set.count);
            result = recognition_evaluate(set.read, set.count, &input);
            struct told again = tell(&result);
            assert_true(told_same(&first, &again));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_evaluators_agree),
        cmocka_unit_test(every_slip_would_be_noticed),
        cmocka_unit_test(the_order_of_rules_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
