/* SPDX-License-Identifier: Apache-2.0
 *
 * What `saksi trust status` finds in a store: counts, ages, ends and problems, on days of the
 * test's choice. */
#include <limits.h>

#include "cli/trust_survey.h"
#include "trust_scene.h"

/* Asked by nobody in particular, `days` after the fixture's day. */
static struct survey_request request_at(int64_t days)
{
    return (struct survey_request){.system_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(days),
                                   .build_s = FIXTURE_BUILD_S};
}

static struct trust_survey *survey_of(struct scene *s, const struct survey_request *request)
{
    struct trust_survey *survey = NULL;
    assert_int_equal(trust_survey_make(s->store, request, &survey), SURVEY_OK);
    return survey;
}

static struct trust_survey *survey_at(struct scene *s, int64_t days)
{
    struct survey_request request = request_at(days);
    return survey_of(s, &request);
}

/* All problems in one line: "list_old MY, map_missing ID". */
static void expect_problems(const struct trust_survey *survey, const char *wanted)
{
    char text[2048] = "";
    size_t len = 0;
    for (size_t i = 0; i < survey->problems.count; i++) {
        const struct survey_note *note = &survey->problems.note[i];
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", i == 0 ? "" : ", ",
                                survey_problem_name((enum survey_problem)note->kind));
        const char *more[] = {note->state, note->about, note->issuer};
        for (size_t k = 0; k < COUNT_OF(more); k++) {
            len += (size_t)snprintf(text + len, sizeof text - len, "%s%s",
                                    more[k][0] == '\0' ? "" : " ", more[k]);
        }
    }
    assert_string_equal(text, wanted);
}

/* The same of what ends: "60 header, 365 list ID". */
static void expect_ends(const struct trust_survey *survey, const char *wanted)
{
    char text[2048] = "";
    size_t len = 0;
    for (size_t i = 0; i < survey->expiring.count; i++) {
        const struct survey_note *note = &survey->expiring.note[i];
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%lld %s%s%s%s%s",
                                i == 0 ? "" : ", ", (long long)(note->day - FIXTURE_DAY),
                                survey_expiry_name((enum survey_expiry)note->kind),
                                note->state[0] == '\0' ? "" : " ", note->state,
                                note->issuer[0] == '\0' ? "" : " ", note->issuer);
    }
    assert_string_equal(text, wanted);
}

static void import_rows(struct scene *s, struct fixture_rows *id_rows)
{
    struct fixture_list list[] = {
        fixture_list(s->f, "ID", 1, id_rows),
        scene_list(s, "MY", 1),
        scene_list(s, "PH", 1),
        scene_list(s, "TH", 1),
    };
    struct span header = fixture_header(s->f, 1, list, COUNT_OF(list));
    fixture_import(s->store, fixture_bundle(s->f, NULL, 0, header, list, COUNT_OF(list)));
}

/* --- what there is --- */

static void rows_and_indices_are_counted(void **state)
{
    struct scene *s = *state;
    fixture_import(s->store, fixture_standard_bundle(s->f));
    struct trust_survey *survey = survey_at(s, 0);
    assert_int_equal(survey->trust.list_count, 2);
    const struct survey_list *id = &survey->list[0], *my = &survey->list[1];
    assert_string_equal(id->stored->state, "ID");
    assert_int_equal(id->issuers, 2);
    assert_int_equal(id->issuers_licensed, 2);
    assert_int_equal(id->issuers_suspended, 0);
    assert_int_equal(id->keys, 2);
    assert_int_equal(id->keys_in_force, 2);
    assert_int_equal(id->allotted, 40000);
    assert_int_equal(id->revoked, 103);
    assert_int_equal(id->suspended, 1);
    assert_int_equal(id->survivors, 0);
    assert_int_equal(id->titles, 1);
    assert_int_equal(my->rules, 1);
    assert_int_equal(my->rules_in_force, 1);
    expect_problems(survey, "state_without_list PH, state_without_list TH");
    expect_ends(survey, "60 header, 365 list ID, 365 list MY, 730 root");
    trust_survey_free(survey);
}

static void an_empty_store_has_no_root_and_one_without_lists_no_header(void **state)
{
    struct scene *s = *state;
    struct trust_survey *survey = survey_at(s, 0);
    expect_problems(survey, "no_header, state_without_list ID, state_without_list MY, "
                            "state_without_list PH, state_without_list TH");
    assert_int_equal(survey->limits.plain_days, -1);
    trust_survey_free(survey);

    struct trust_store *empty = NULL;
    enum db_error error = DB_OK;
    assert_int_equal(
        trust_store_open(fixture_path(s->f, "empty.db"), DB_CREATE, true, &empty, &error),
        TRUST_STORE_OK);
    struct survey_request request = request_at(0);
    assert_int_equal(trust_survey_make(empty, &request, &survey), SURVEY_OK);
    expect_problems(survey, "no_root");
    assert_int_equal(survey->expiring.count, 0);
    trust_survey_free(survey);
    trust_store_close(empty);
}

static void add_range(struct fixture_rows *rows, const char *issuer, uint32_t first, uint32_t last,
                      enum row_range_status status)
{
    uint8_t room[128];
    struct writer w = writer_of(room, sizeof room);
    row_range_write(&w, &(struct row_range){.issuer = span_str(issuer),
                                            .first = first,
                                            .last = last,
                                            .status = status,
                                            .reason = 1,
                                            .date_day = FIXTURE_DAY - 9});
    fixture_add(rows, writer_span(&w));
}

/* Ranges overrule the sets of their own issuer, and of no other, in whatever order ids sort. */
static void an_index_counts_once(void **state)
{
    struct scene *s = *state;
    static const uint32_t indices[] = {1, 10, 11, 20, 30, 16384, 16390, 40000};
    struct fixture_rows *rows = scene_rows(s, "ID");
    static const char *const issuer[] = {"ID.BODY.Z", "ID.BODY.AA", "ID.BODY.LONG-ENOUGH-FOR-IT",
                                         "ID.BODY.B"};
    for (size_t i = 0; i < COUNT_OF(issuer); i++) {
        fixture_add_issuer(rows, issuer[i], ROW_CERTIFICATION_BODY, "ID.BODY");
        fixture_add_key(rows, issuer[i], 100 + (unsigned)i);
        fixture_add_status(rows, issuer[i], 4294967295);
        fixture_add_set(rows, issuer[i], ROW_SET_REVOKED, indices, COUNT_OF(indices));
        fixture_add_set(rows, issuer[i], ROW_SET_SUSPENDED, indices, 2);
        fixture_add_set(rows, issuer[i], ROW_SET_SURVIVORS, indices, 3);
    }
    add_range(rows, "ID.BODY.Z", 10, 10, ROW_RANGE_REINSTATED);
    add_range(rows, "ID.BODY.Z", 20, 29, ROW_RANGE_SUSPENDED);
    add_range(rows, "ID.BODY.AA", 11, 16384, ROW_RANGE_REVOKED);
    add_range(rows, "ID.BODY.LONG-ENOUGH-FOR-IT", 0, UINT32_MAX, ROW_RANGE_REINSTATED);
    import_rows(s, rows);
    struct trust_survey *survey = survey_at(s, 0);
    const struct survey_list *id = &survey->list[0];
    assert_int_equal(id->allotted, 4 * 4294967295LL);
    /* Z: 1 11 30 16384 16390 40000 · AA: the range, and 1 10 16390 40000 · LONG: none · B: all */
    assert_int_equal(id->revoked, 6 + (16384 - 11 + 1) + 4 + 0 + 8);
    /* Z: the range, and 1 · AA: 1 10 · LONG: none · B: 1 10 */
    assert_int_equal(id->suspended, 10 + 1 + 2 + 0 + 2);
    assert_int_equal(id->survivors, 12);
    trust_survey_free(survey);
}

/* --- time --- */

static void a_list_ages_by_the_limits_that_hold(void **state)
{
    struct scene *s = *state;
    fixture_import(s->store, fixture_standard_bundle(s->f));
    static const struct {
        int64_t days;
        enum staleness alone, tightened; /* 7, 30, 90 · 3, 10 */
    } table[] = {
        {0, STALENESS_PLAIN, STALENESS_PLAIN},      {3, STALENESS_PLAIN, STALENESS_PLAIN},
        {4, STALENESS_PLAIN, STALENESS_SHOWN},      {7, STALENESS_PLAIN, STALENESS_SHOWN},
        {8, STALENESS_SHOWN, STALENESS_SHOWN},      {10, STALENESS_SHOWN, STALENESS_SHOWN},
        {11, STALENESS_SHOWN, STALENESS_AMBER},     {30, STALENESS_SHOWN, STALENESS_AMBER},
        {31, STALENESS_AMBER, STALENESS_AMBER},     {90, STALENESS_AMBER, STALENESS_AMBER},
        {91, STALENESS_UNKNOWN, STALENESS_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct survey_request request = request_at(table[i].days);
        struct trust_survey *survey = survey_of(s, &request);
        assert_int_equal(survey->list[0].age_days, table[i].days);
        assert_int_equal(survey->list[0].staleness, table[i].alone);
        trust_survey_free(survey);
        request.tighten = (struct trust_staleness){3, 10, 400}; /* the last is looser: no effect */
        survey = survey_of(s, &request);
        assert_int_equal(survey->list[0].staleness, table[i].tightened);
        assert_int_equal(survey->limits.amber_days, 90);
        trust_survey_free(survey);
    }
}

static void documents_expire_one_after_the_other(void **state)
{
    struct scene *s = *state;
    import_rows(s, scene_rows(s, "ID"));
    struct trust_survey *survey = survey_at(s, 30);
    expect_problems(survey, "");
    trust_survey_free(survey);
    survey = survey_at(s, 61);
    expect_problems(survey, "header_expired, list_old ID, list_old MY, list_old PH, list_old TH");
    expect_ends(survey, "365 list ID, 365 list MY, 365 list PH, 365 list TH, 730 root");
    trust_survey_free(survey);
    survey = survey_at(s, 366);
    expect_problems(survey, "header_expired, list_expired ID, list_expired MY, list_expired PH, "
                            "list_expired TH, list_old ID, list_old MY, list_old PH, list_old TH");
    expect_ends(survey, "730 root");
    trust_survey_free(survey);
    survey = survey_at(s, 731);
    assert_int_equal(survey->problems.note[0].kind, SURVEY_CLOCK_SUSPECT);
    assert_int_equal(survey->problems.note[1].kind, SURVEY_ROOT_EXPIRED);
    assert_int_equal(survey->expiring.count, 0);
    trust_survey_free(survey);
}

static void a_clock_is_believed_from_the_mark_to_400_days_past_the_floor(void **state)
{
    struct scene *s = *state;
    static const struct {
        int64_t at_s;
        bool suspect;
    } table[] = {
        {-1, true}, {0, false}, {FIXTURE_DAYS_S(400), false}, {FIXTURE_DAYS_S(400) + 1, true}};
    import_rows(s, scene_rows(s, "ID"));
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct survey_request request = request_at(0);
        request.system_s += table[i].at_s;
        struct trust_survey *survey = survey_of(s, &request);
        assert_int_equal(survey->clock.suspect, table[i].suspect);
        assert_int_equal(survey->problems.count > 0 &&
                             survey->problems.note[0].kind == SURVEY_CLOCK_SUSPECT,
                         table[i].suspect);
        assert_true(survey->clock.now_s >= FIXTURE_NOW_S);
        trust_survey_free(survey);
    }
}

/* The day of an end is the checkpoint's own. */
static void days_are_those_of_the_checkpoint(void **state)
{
    struct scene *s = *state;
    import_rows(s, scene_rows(s, "ID"));
    struct survey_request request = request_at(0);
    request.utc_offset_s = -3600;
    struct trust_survey *survey = survey_of(s, &request);
    assert_int_equal(survey->today, FIXTURE_DAY - 1);
    assert_int_equal(survey->expiring.note[0].day, FIXTURE_DAY + 59);
    trust_survey_free(survey);
}

/* --- keys and licences --- */

static void add_key(struct scene *s, struct fixture_rows *rows, const char *issuer, unsigned number,
                    int64_t from_day, int64_t until_day, enum row_key_end end, int64_t end_day)
{
    const struct fixture_key *key = fixture_key(s->f, number);
    uint8_t room[256];
    struct writer w = writer_of(room, sizeof room);
    row_key_write(&w, &(struct row_key){.issuer = span_str(issuer),
                                        .kid = key->kid,
                                        .alg = key->alg,
                                        .public_key = key->public_key,
                                        .from_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(from_day),
                                        .until_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(until_day),
                                        .end = end,
                                        .end_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(end_day)});
    fixture_add(rows, writer_span(&w));
}

static void add_issuer(struct fixture_rows *rows, const char *id, int64_t until_day)
{
    uint8_t room[512];
    struct writer w = writer_of(room, sizeof room);
    struct row_names names = {.count = 1};
    names.name[0].lang = span_str("en");
    names.name[0].text = span_str("Body");
    struct row_licence licence = {.from_day = 18262, .until_day = FIXTURE_DAY + until_day};
    row_issuer_write(&w, span_str(id), ROW_CERTIFICATION_BODY, span_str("ID.BODY"), &names,
                     &licence, 1, NULL, 0);
    fixture_add(rows, writer_span(&w));
}

static void keys_and_licences_end_within_sixty_days(void **state)
{
    struct scene *s = *state;
    struct fixture_rows *rows = scene_rows(s, "ID");
    add_issuer(rows, "ID.BODY.1", 0);  /* ends today, and counts today */
    add_issuer(rows, "ID.BODY.2", 60); /* the last day that is told */
    add_issuer(rows, "ID.BODY.3", 61);
    add_issuer(rows, "ID.BODY.4", -1); /* has ended */
    add_key(s, rows, "ID.BODY.1", 101, -9, 60, ROW_KEY_OPEN, 0);
    add_key(s, rows, "ID.BODY.2", 102, -9, 61, ROW_KEY_OPEN, 0);
    add_key(s, rows, "ID.BODY.2", 103, 20, 50, ROW_KEY_OPEN, 0);         /* to come */
    add_key(s, rows, "ID.BODY.3", 104, -9, 90, ROW_KEY_SUPERSEDED, 30);  /* until day 29 */
    add_key(s, rows, "ID.BODY.3", 105, -9, 20, ROW_KEY_COMPROMISED, -1); /* counts no more */
    add_key(s, rows, "ID.BODY.3", 106, -90, -1, ROW_KEY_OPEN, 0);
    add_key(s, rows, "ID.BODY.4", 107, -9, 300, ROW_KEY_OPEN, 0);
    import_rows(s, rows);
    struct trust_survey *survey = survey_at(s, 0);
    const struct survey_list *id = &survey->list[0];
    assert_int_equal(id->issuers, 5);
    assert_int_equal(id->issuers_licensed, 4);
    assert_int_equal(id->keys, 7);
    assert_int_equal(id->keys_in_force, 4);
    assert_int_equal(id->keys_to_come, 1);
    assert_int_equal(id->keys_compromised, 1);
    expect_problems(survey, "key_without_licence ID ID.BODY.4");
    assert_memory_equal(survey->problems.note[0].kid, fixture_key(s->f, 107)->kid.ptr,
                        SURVEY_KID_SIZE);
    expect_ends(survey, "0 licence ID ID.BODY.1, 29 key ID ID.BODY.3, 50 key ID ID.BODY.2, "
                        "60 header, 60 key ID ID.BODY.1, 60 licence ID ID.BODY.2, 365 list ID, "
                        "365 list MY, 365 list PH, 365 list TH, 730 root");
    trust_survey_free(survey);
}

static void an_issuer_without_key_is_a_gap_unless_others_sign_for_it(void **state)
{
    struct scene *s = *state;
    struct fixture_rows *rows = scene_rows(s, "ID"); /* with the awarding body ID.BODY, no key */
    fixture_add_issuer(rows, "ID.OWN", ROW_AWARDING_BODY, NULL);
    add_key(s, rows, "ID.OWN", 101, -90, -1, ROW_KEY_OPEN, 0);
    add_issuer(rows, "ID.BODY.NONE", 300);
    add_issuer(rows, "ID.BODY.ENDED", -1);
    add_key(s, rows, "ID.NOBODY", 102, -9, 90, ROW_KEY_OPEN, 0);
    import_rows(s, rows);
    struct trust_survey *survey = survey_at(s, 0);
    expect_problems(survey, "issuer_without_key ID ID.BODY.NONE, issuer_without_key ID ID.OWN, "
                            "key_without_licence ID ID.NOBODY");
    trust_survey_free(survey);
}

static void notes_are_bounded_and_the_first_ones_kept(void **state)
{
    struct scene *s = *state;
    struct fixture_rows *rows = scene_rows(s, "ID");
    char id[32];
    for (int i = 0; i < 150; i++) {
        (void)snprintf(id, sizeof id, "ID.BODY.%d", i);
        add_issuer(rows, id, i * 7 % 50);
    }
    import_rows(s, rows);
    struct trust_survey *survey = survey_at(s, 0);
    const struct survey_notes *ends = &survey->expiring, *problems = &survey->problems;
    assert_int_equal(ends->count, SURVEY_MAX_NOTES);
    assert_int_equal(ends->more, 150 + 6 - SURVEY_MAX_NOTES);
    for (size_t i = 0; i < ends->count; i++) {
        assert_int_equal(ends->note[i].day, FIXTURE_DAY + (int64_t)i / 3);
    }
    assert_int_equal(problems->count, SURVEY_MAX_NOTES);
    assert_int_equal(problems->more, 150 - SURVEY_MAX_NOTES);
    assert_string_equal(problems->note[0].issuer, "ID.BODY.0");
    assert_string_equal(problems->note[1].issuer, "ID.BODY.1");
    assert_string_equal(problems->note[2].issuer, "ID.BODY.10");
    trust_survey_free(survey);
}

/* --- rules --- */

static void add_rule(struct fixture_rows *rows, const char *id, const char *about, int framework,
                     int edition, int64_t until_day)
{
    uint8_t room[256];
    struct writer w = writer_of(room, sizeof room);
    row_rule_write(&w, &(struct row_rule){.id = span_str(id),
                                          .arrangement = ROW_AGP,
                                          .result = ROW_RECOGNISED,
                                          .issuing_state = span_str(about),
                                          .valid_from_day = FIXTURE_DAY - 9,
                                          .valid_until_day = until_day,
                                          .framework = framework,
                                          .edition = edition,
                                          .level_least = -1,
                                          .level_most = -1,
                                          .issued_from_day = INT64_MIN,
                                          .issued_until_day = INT64_MAX});
    fixture_add(rows, writer_span(&w));
}

static void rules_name_states_and_frameworks_that_must_be_known(void **state)
{
    struct scene *s = *state;
    uint8_t room[256];
    struct writer w = writer_of(room, sizeof room);
    struct fixture_rows *id = scene_rows(s, "ID"), *my = scene_rows(s, "MY");
    row_framework_write(&w, &(struct row_framework){.framework = 2,
                                                    .edition = 2011,
                                                    .level = 3,
                                                    .aqrf_level = 3,
                                                    .status = 1,
                                                    .source = span_str("Report")});
    fixture_add(my, writer_span(&w));
    add_rule(id, "R1", "VN", 0, 0, ROW_NO_END_DAY);
    add_rule(id, "R2", "VN", 11, 0, ROW_NO_END_DAY); /* noted as not covered, and not twice */
    add_rule(id, "R3", "LA", 0, 0, FIXTURE_DAY - 1); /* has ended */
    add_rule(id, "R4", "MY", 2, 0, ROW_NO_END_DAY);
    add_rule(id, "R5", "MY", 2, 2011, ROW_NO_END_DAY);
    add_rule(id, "R6", "MY", 2, 2017, ROW_NO_END_DAY);
    add_rule(id, "R7", "MY", 2, 2017, ROW_NO_END_DAY);
    add_rule(id, "R8", "MY", 999, 0, ROW_NO_END_DAY);
    add_rule(id, "R9", "PH", 3, 0, ROW_NO_END_DAY); /* no list: noted as such */
    struct fixture_list list[] = {fixture_list(s->f, "ID", 1, id), fixture_list(s->f, "MY", 1, my)};
    fixture_import(s->store,
                   fixture_bundle(s->f, NULL, 0, fixture_header(s->f, 1, list, 2), list, 2));
    struct trust_survey *survey = survey_at(s, 0);
    expect_problems(survey, "state_without_list PH, state_without_list TH, "
                            "rules_not_covered ID VN, map_missing MY, map_missing MY");
    const struct survey_note *note = survey->problems.note;
    assert_int_equal(note[2].count, 2);
    assert_int_equal(note[3].framework, 2);
    assert_int_equal(note[3].edition, 2017);
    assert_int_equal(note[4].framework, 999);
    assert_int_equal(note[4].edition, 0);
    assert_int_equal(survey->list[0].rules, 9);
    assert_int_equal(survey->list[0].rules_in_force, 8);
    trust_survey_free(survey);
}

static void the_host_state_needs_a_list_and_rules(void **state)
{
    struct scene *s = *state;
    fixture_import(s->store, fixture_standard_bundle(s->f));
    static const struct {
        const char *host, *problems;
    } table[] = {
        {"MY", "state_without_list PH, state_without_list TH"},
        {"ID", "host_rules_missing ID, state_without_list PH, state_without_list TH"},
        {"PH", "host_list_missing PH, state_without_list PH, state_without_list TH"},
        {"VN", "host_list_missing VN, state_without_list PH, state_without_list TH"},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct survey_request request = request_at(0);
        memcpy(request.host, table[i].host, sizeof request.host);
        struct trust_survey *survey = survey_of(s, &request);
        expect_problems(survey, table[i].problems);
        trust_survey_free(survey);
    }
}

/* --- documents against each other --- */

static void lists_are_missing_or_behind(void **state)
{
    struct scene *s = *state;
    struct fixture_list list[] = {scene_list(s, "ID", 1), scene_list(s, "MY", 1),
                                  scene_list(s, "PH", 1)};
    fixture_import(s->store,
                   fixture_bundle(s->f, NULL, 0, fixture_header(s->f, 1, list, 2), list, 2));
    list[0] = scene_list(s, "ID", 2);
    fixture_import(s->store,
                   fixture_bundle(s->f, NULL, 0, fixture_header(s->f, 2, list, 3), NULL, 0));
    struct trust_survey *survey = survey_at(s, 0);
    expect_problems(survey, "list_missing PH, list_behind ID, state_without_list TH");
    trust_survey_free(survey);
}

static void of_a_disabled_list_nothing_else_is_told(void **state)
{
    struct scene *s = *state;
    struct fixture_rows *rows = scene_rows(s, "MY");
    fixture_add_issuer(rows, "MY.BODY.NONE", ROW_CERTIFICATION_BODY, "MY.BODY");
    struct fixture_list list = fixture_list(s->f, "MY", 1, rows);
    fixture_import(s->store, scene_bundle(s, 1, &list));
    assert_int_equal(trust_store_begin_write(s->store), TRUST_STORE_OK);
    assert_int_equal(
        trust_store_put_freshness(s->store, span_str("MY"), FIXTURE_NOW_S, false, true),
        TRUST_STORE_OK);
    assert_int_equal(trust_store_commit(s->store), TRUST_STORE_OK);
    struct survey_request request = request_at(0);
    memcpy(request.host, "MY", sizeof request.host);
    struct trust_survey *survey = survey_of(s, &request);
    expect_problems(survey, "host_list_missing MY, list_disabled MY, state_without_list ID, "
                            "state_without_list PH, state_without_list TH");
    expect_ends(survey, "60 header, 730 root");
    assert_int_equal(survey->list[0].issuers, 2);
    trust_survey_free(survey);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(rows_and_indices_are_counted),
        SCENE_TEST(an_empty_store_has_no_root_and_one_without_lists_no_header),
        SCENE_TEST(an_index_counts_once),
        SCENE_TEST(a_list_ages_by_the_limits_that_hold),
        SCENE_TEST(documents_expire_one_after_the_other),
        SCENE_TEST(a_clock_is_believed_from_the_mark_to_400_days_past_the_floor),
        SCENE_TEST(days_are_those_of_the_checkpoint),
        SCENE_TEST(keys_and_licences_end_within_sixty_days),
        SCENE_TEST(an_issuer_without_key_is_a_gap_unless_others_sign_for_it),
        SCENE_TEST(notes_are_bounded_and_the_first_ones_kept),
        SCENE_TEST(rules_name_states_and_frameworks_that_must_be_known),
        SCENE_TEST(the_host_state_needs_a_list_and_rules),
        SCENE_TEST(lists_are_missing_or_behind),
        SCENE_TEST(of_a_disabled_list_nothing_else_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
