/* SPDX-License-Identifier: Apache-2.0
 *
 * Each thing has a number; a list has it or not, in one of three contents, which depend on number
 * and content alone. Sets are changed once more by the list's own chance. */
#include "random_list.h"

#include <stdio.h>

#include "check.h"

#define CONTENTS 3
#define ISSUERS  9 /* number 0 is the awarding body of all */
#define DENSE    17000
#define FEW      40

/* A list's chances, and where its rows go. */
struct maker {
    struct fixture *f;
    struct fixture_rows *rows;
    uint64_t *random;
};

/* Whether the list has a thing; and the chance its content is made of. */
static bool has(struct maker *m, uint64_t thing, uint64_t *ret_content)
{
    uint64_t choice = check_random(m->random);
    *ret_content = thing * CONTENTS + choice / 8 % CONTENTS;
    return choice % 8 < 6;
}

static const char *issuer_id(struct maker *m, unsigned number)
{
    static const char *const id[ISSUERS] = {
        "MY.A",        "MY.A.LSP-1", "MY.A.LSP-2",          "MY.A.LSP-0123456789-ABCDEFGHIJK",
        "MY.B",        "MY.AA.B",    "MY.CENTRE/of (all)!", "MY.x",
        "MY.A.LSP-22",
    };
    (void)m;
    return id[number];
}

static struct row_names names_of(struct maker *m, uint64_t *content)
{
    static const char *const text[] = {"A name", "Another name", "Nama lain", "N\303\241me"};
    static const char *const lang[] = {"en", "id", "ms", "th-TH"};
    struct row_names names = {.count = 1 + check_random(content) % 3};
    (void)m;
    for (size_t i = 0; i < names.count; i++) {
        names.name[i].lang = span_str(lang[i]);
        names.name[i].text = span_str(text[check_random(content) % COUNT_OF(text)]);
    }
    return names;
}

/* ---- issuers and keys ---- */

static void add_issuer(struct maker *m, unsigned number, uint64_t content)
{
    struct row_licence licence[3] = {0};
    struct row_suspension suspension[2];
    uint8_t room[2048];
    struct writer w = writer_of(room, sizeof room);
    size_t licences = check_random(&content) % 4, suspensions = check_random(&content) % 3;
    for (size_t i = 0; i < licences; i++) {
        licence[i].from_day = (int64_t)(check_random(&content) % 20000) - 5000;
        licence[i].until_day = i == 2 ? ROW_NO_END_DAY : licence[i].from_day + (int64_t)i * 100;
        licence[i].scheme_count = check_random(&content) % 2;
        licence[i].scheme[0] = span_str("HK-*");
        licence[i].levels_count = check_random(&content) % 2;
        licence[i].levels[0] = (struct row_levels){1, 2, 3};
    }
    for (size_t i = 0; i < suspensions; i++) {
        int64_t from_day = (int64_t)(check_random(&content) % 20000);
        suspension[i] = (struct row_suspension){from_day, from_day + 5, 1 + (int)i};
    }
    struct row_names names = names_of(m, &content);
    row_issuer_write(&w, span_str(issuer_id(m, number)),
                     (enum row_issuer_kind)(1 + check_random(&content) % 3),
                     span_str(number == 0 ? "" : issuer_id(m, 0)), &names, licence, licences,
                     suspension, suspensions);
    fixture_add(m->rows, writer_span(&w));
}

static void add_key(struct maker *m, unsigned number, unsigned key_number, uint64_t content)
{
    const struct fixture_key *key = fixture_key(m->f, key_number);
    uint8_t room[256];
    struct writer w = writer_of(room, sizeof room);
    int64_t from_s = (int64_t)(check_random(&content) % FIXTURE_NOW_S);
    struct row_key row = {.issuer = span_str(issuer_id(m, number)),
                          .kid = key->kid,
                          .alg = key->alg,
                          .public_key = key->public_key,
                          .from_s = from_s,
                          .until_s = from_s + (int64_t)(check_random(&content) % 34560000),
                          .end = (enum row_key_end)(check_random(&content) % 4)};
    row.end_s = row.end == ROW_KEY_OPEN ? 0 : from_s + 1;
    row_key_write(&w, &row);
    fixture_add(m->rows, writer_span(&w));
}

/* ---- status ---- */

static void add_status(struct maker *m, unsigned number, uint64_t content)
{
    static const uint32_t allotment[] = {0,     1,     3,     100,   16383,      16384,
                                         16385, 40000, 65536, 70000, UINT32_MAX, 5000000};
    const struct row_centre centre = {span_str("TUK-1"), 20000, ROW_NO_END_DAY, 6, 20400};
    const struct row_blank blank = {span_str("B-"), 6, 5, 77, 3, -20};
    uint8_t room[256];
    struct writer w = writer_of(room, sizeof room);
    uint32_t size = allotment[check_random(&content) % COUNT_OF(allotment)];
    size_t centres = check_random(&content) % 2, blanks = check_random(&content) % 2;
    row_status_write(&w, span_str(issuer_id(m, number)), size, &centre, centres, &blank, blanks);
    fixture_add(m->rows, writer_span(&w));
}

static int ascending(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static uint32_t some_index(uint64_t *random)
{
    static const uint32_t edge[] = {0,     1,     2,      3,       99,          100,       16382,
                                    16383, 16384, 16385,  39999,   40000,       65535,     65536,
                                    69999, 70000, 131071, 4999999, 4294967294U, UINT32_MAX};
    uint64_t choice = check_random(random);
    return choice % 2 == 0 ? edge[choice / 2 % COUNT_OF(edge)] : (uint32_t)(choice / 2 % 80000);
}

/* A few anywhere, or a long run without gaps; and what the list itself adds or takes away. */
static void add_set(struct maker *m, unsigned number, enum row_set set, uint64_t content)
{
    uint32_t *index = (void *)fixture_room(m->f, (DENSE + FEW) * sizeof *index);
    size_t count = 0, few = check_random(&content) % 20;
    if (check_random(&content) % 24 == 0) {
        for (; count < DENSE; count++) {
            index[count] = (uint32_t)count;
        }
    }
    for (size_t i = 0; i < few; i++) {
        index[count++] = some_index(&content);
    }
    for (uint64_t i = check_random(m->random) % 3; i > 0; i--) {
        index[count++] = some_index(m->random);
    }
    qsort(index, count, sizeof *index, ascending);
    size_t kept = 0, left_out = check_random(m->random) % 40;
    for (size_t i = 0; i < count; i++) {
        if (i != left_out && (kept == 0 || index[kept - 1] != index[i])) {
            index[kept++] = index[i];
        }
    }
    fixture_add_set(m->rows, issuer_id(m, number), set, index, kept);
}

static void add_ranges(struct maker *m, unsigned number, uint64_t content)
{
    uint32_t first = (uint32_t)(check_random(&content) % 50);
    for (uint64_t i = check_random(&content) % 4; i > 0; i--) {
        uint32_t last = first + (uint32_t)(check_random(&content) % 30);
        uint8_t room[64];
        struct writer w = writer_of(room, sizeof room);
        row_range_write(&w, &(struct row_range){span_str(issuer_id(m, number)), first, last,
                                                (enum row_range_status)i, 1 + (int)i, 20000});
        fixture_add(m->rows, writer_span(&w));
        first = last + 1 + (uint32_t)(check_random(&content) % 3);
    }
}

/* ---- what belongs to no issuer ---- */

static void add_rule(struct maker *m, unsigned number, uint64_t content)
{
    static const char *const states[] = {"ID", "PH", "TH"};
    char id[16];
    uint8_t room[512];
    struct writer w = writer_of(room, sizeof room);
    snprintf(id, sizeof id, "R-%u", number);
    struct row_rule rule = {.id = span_str(id),
                            .arrangement = (enum row_arrangement)(1 + check_random(&content) % 5),
                            .result = (enum row_result)(1 + check_random(&content) % 5),
                            .issuing_state = span_str(states[check_random(&content) % 3]),
                            .valid_from_day = 18262,
                            .valid_until_day = ROW_NO_END_DAY,
                            .level_least = -1,
                            .level_most = -1,
                            .issued_from_day = INT64_MIN,
                            .issued_until_day = INT64_MAX};
    if (check_random(&content) % 2 == 0) {
        rule.scheme_prefix = span_str("HK-");
        rule.conditions = names_of(m, &content);
    }
    row_rule_write(&w, &rule);
    fixture_add(m->rows, writer_span(&w));
}

static void add_others(struct maker *m, unsigned number, uint64_t content)
{
    uint8_t room[256];
    struct writer w = writer_of(room, sizeof room);
    row_derecognised_write(&w, &(struct row_derecognised){span_str("ID.BNSP"), number,
                                                          1 + (int)(check_random(&content) % 6),
                                                          20000});
    fixture_add(m->rows, writer_span(&w));
    w = writer_of(room, sizeof room);
    row_framework_write(&w, &(struct row_framework){
                                1, 2012, (int)number % 10, 1 + (int)(check_random(&content) % 8),
                                1 + (int)(check_random(&content) % 3), span_str("a report")});
    fixture_add(m->rows, writer_span(&w));
}

static void add_title(struct maker *m, unsigned number, uint64_t content)
{
    char code[16];
    uint8_t room[512];
    struct writer w = writer_of(room, sizeof room);
    snprintf(code, sizeof code, "C%u", number);
    row_title_write(&w, &(struct row_title){(enum row_type)(ROW_SCHEME_TITLE + number % 3),
                                            span_str(code), names_of(m, &content)});
    fixture_add(m->rows, writer_span(&w));
}

/* ---- the list ---- */

static void add_about_issuer(struct maker *m, unsigned number)
{
    uint64_t content, thing = number * 16;
    if (has(m, thing, &content)) {
        add_issuer(m, number, content);
    }
    for (unsigned i = 0; i < 2; i++) {
        if (has(m, thing + 1 + i, &content)) {
            add_key(m, number, 100 + (number + 4 * i) % 12, content);
        }
    }
    if (has(m, thing + 3, &content)) {
        add_status(m, number, content);
    }
    for (unsigned set = ROW_SET_REVOKED; set <= ROW_SET_SURVIVORS; set++) {
        if (has(m, thing + 4 + set, &content) && number % 2 == 0) {
            add_set(m, number, (enum row_set)set, content);
        }
    }
    if (has(m, thing + 8, &content)) {
        add_ranges(m, number, content);
    }
}

struct fixture_rows *random_list(struct fixture *f, uint64_t *random)
{
    struct maker m = {.f = f, .rows = fixture_rows_new(f), .random = random};
    uint64_t content;
    if (check_random(random) % 16 == 0) {
        return m.rows;
    }
    for (unsigned i = 0; i < ISSUERS; i++) {
        add_about_issuer(&m, i);
    }
    for (unsigned i = 0; i < 6; i++) {
        if (has(&m, 200 + i, &content)) {
            add_rule(&m, i, content);
        }
        if (has(&m, 210 + i, &content)) {
            add_others(&m, i, content);
        }
        if (has(&m, 220 + i, &content)) {
            add_title(&m, i, content);
        }
    }
    return m.rows;
}
