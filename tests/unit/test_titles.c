/* SPDX-License-Identifier: Apache-2.0
 *
 * Names and titles as an issuing station reads them: those that are there, and every way in which
 * they may be missing, too old, too long or damaged. */
#include "trust_scene.h"

#include "issuer/titles.h"

#define LSP    "ID.BNSP.LSP-0123"
#define SCHEME "SKKNI-2019-012"

static struct titles titles;

static void add_title(struct fixture_rows *rows, enum row_type type, const char *code,
                      const char *english, const char *native)
{
    uint8_t room[512];
    struct writer w = writer_of(room, sizeof room);
    struct row_title title = {type, span_str(code), {.count = native == NULL ? 1 : 2}};
    title.names.name[0].lang = span_str("en");
    title.names.name[0].text = span_str(english);
    title.names.name[1].lang = span_str("id");
    title.names.name[1].text = span_str(native == NULL ? "" : native);
    row_title_write(&w, &title);
    fixture_add(rows, writer_span(&w));
}

static struct fixture_rows *usual_rows(struct scene *s)
{
    struct fixture_rows *rows = fixture_rows_new(s->f);
    fixture_add_issuer(rows, "ID.BNSP", ROW_AWARDING_BODY, NULL);
    fixture_add_issuer(rows, LSP, ROW_CERTIFICATION_BODY, "ID.BNSP");
    add_title(rows, ROW_SCHEME_TITLE, SCHEME, "Housekeeping", "Tata Graha");
    add_title(rows, ROW_UNIT_TITLE, "U1", "Clean rooms", "Membersihkan kamar");
    add_title(rows, ROW_UNIT_TITLE, "U2", "Handle linen", NULL);
    add_title(rows, ROW_JOB_TITLE, "U3", "A job, no unit", "Bukan unit");
    return rows;
}

static void import(struct scene *s, const struct fixture_list *list)
{
    fixture_import(s->store,
                   fixture_bundle(s->f, NULL, 0, fixture_header(s->f, 1, list, 1), list, 1));
}

static void import_usual(struct scene *s)
{
    struct fixture_list list = fixture_list(s->f, "ID", 1, usual_rows(s));
    import(s, &list);
}

/* A credential of LSP with units U1, U2 and U3. */
static struct credential usual(void)
{
    struct credential c;
    memset(&c, 0, sizeof c);
    credential_set_text(&c, SAKSI_CLAIM_ISS, span_str(LSP));
    credential_set_text(&c, SAKSI_CLAIM_SCHEME_CODE, span_str(SCHEME));
    assert_true(credential_add_unit(&c, span_str("U1")));
    assert_true(credential_add_unit(&c, span_str("U2")));
    assert_true(credential_add_unit(&c, span_str("U3")));
    return c;
}

/* Reads into memory that was full of something else. */
static enum titles_error read_at(struct scene *s, const struct credential *c, const char *language,
                                 int64_t now_s)
{
    memset(&titles, 0xAA, sizeof titles);
    return titles_read(s->store, c, span_str(language), now_s, &titles);
}

static void assert_none(void)
{
    assert_int_equal(titles.scheme_native.len, 0);
    for (size_t i = 0; i < CREDENTIAL_MAX_UNITS; i++) {
        assert_int_equal(titles.unit[i].english.len, 0);
        assert_int_equal(titles.unit[i].native.len, 0);
    }
}

/* ---- titles ---- */

static void titles_are_read_in_two_languages(void **state)
{
    import_usual(*state);
    struct credential c = usual();
    assert_int_equal(read_at(*state, &c, "id", FIXTURE_NOW_S), TITLES_OK);
    check_bytes(titles.scheme_native, span_str("Tata Graha"));
    check_bytes(titles.unit[0].english, span_str("Clean rooms"));
    check_bytes(titles.unit[0].native, span_str("Membersihkan kamar"));
    check_bytes(titles.unit[1].english, span_str("Handle linen"));
    assert_int_equal(titles.unit[1].native.len, 0);
    /* No such unit, though a job has that code. */
    assert_int_equal(titles.unit[2].english.len, 0);
    assert_int_equal(titles.unit[2].native.len, 0);
    assert_int_equal(titles.unit[3].english.len, 0);
}

static void a_missing_language_leaves_english_alone(void **state)
{
    static const char *const language[] = {"", "th", "i", "id-x", "en"};
    import_usual(*state);
    struct credential c = usual();
    for (size_t i = 0; i < COUNT_OF(language); i++) {
        assert_int_equal(read_at(*state, &c, language[i], FIXTURE_NOW_S), TITLES_OK);
        assert_int_equal(titles.scheme_native.len, 0);
        check_bytes(titles.unit[0].english, span_str("Clean rooms"));
        assert_int_equal(titles.unit[0].native.len, 0);
    }
}

static void unknown_codes_have_no_titles(void **state)
{
    import_usual(*state);
    struct credential c;
    memset(&c, 0, sizeof c);
    credential_set_text(&c, SAKSI_CLAIM_ISS, span_str("ID.NOBODY"));
    credential_set_text(&c, SAKSI_CLAIM_SCHEME_CODE, span_str("SKKNI-2019-01"));
    assert_true(credential_add_unit(&c, span_str("U")));
    assert_true(credential_add_unit(&c, span_str("U12")));
    assert_int_equal(read_at(*state, &c, "id", FIXTURE_NOW_S), TITLES_OK);
    assert_none();
    memset(&c, 0, sizeof c); /* no codes at all, but a state */
    credential_set_text(&c, SAKSI_CLAIM_ISS, span_str("ID"));
    assert_int_equal(read_at(*state, &c, "id", FIXTURE_NOW_S), TITLES_OK);
    assert_none();
}

static void what_is_too_long_for_the_page_is_left_out(void **state)
{
    struct scene *s = *state;
    char fits[TITLES_MAX_ENGLISH + 1] = "", longer[TITLES_MAX_ENGLISH + 2] = "";
    char native[TITLES_MAX_NATIVE + 1] = "";
    memset(fits, 'f', TITLES_MAX_ENGLISH);
    memset(longer, 'l', TITLES_MAX_ENGLISH + 1);
    memset(native, 'n', TITLES_MAX_NATIVE);
    struct fixture_rows *rows = fixture_rows_new(s->f);
    fixture_add_issuer(rows, LSP, ROW_AWARDING_BODY, NULL);
    add_title(rows, ROW_SCHEME_TITLE, SCHEME, longer, native);
    add_title(rows, ROW_UNIT_TITLE, "U1", fits, native);
    add_title(rows, ROW_UNIT_TITLE, "U2", longer, "Pendek");
    struct fixture_list list = fixture_list(s->f, "ID", 1, rows);
    import(s, &list);
    struct credential c = usual();
    assert_int_equal(read_at(s, &c, "id", FIXTURE_NOW_S), TITLES_OK);
    check_bytes(titles.scheme_native, span_str(native));
    check_bytes(titles.unit[0].english, span_str(fits));
    check_bytes(titles.unit[0].native, span_str(native));
    assert_int_equal(titles.unit[1].english.len, 0);
    check_bytes(titles.unit[1].native, span_str("Pendek"));
    /* As many as there may be, each as long as it may be. */
    c.unit_count = 0;
    while (c.unit_count < CREDENTIAL_MAX_UNITS) {
        assert_true(credential_add_unit(&c, span_str("U1")));
    }
    assert_int_equal(read_at(s, &c, "id", FIXTURE_NOW_S), TITLES_OK);
    check_bytes(titles.unit[CREDENTIAL_MAX_UNITS - 1].english, span_str(fits));
    check_bytes(titles.unit[CREDENTIAL_MAX_UNITS - 1].native, span_str(native));
}

/* ---- lists that give none ---- */

static void assert_answers(struct scene *s, const char *issuer, int64_t now_s,
                           enum titles_error expected)
{
    struct credential c = usual();
    credential_set_text(&c, SAKSI_CLAIM_ISS, span_str(issuer));
    struct span code = span_of(issuer, strlen(issuer) < 2 ? 0 : 2);
    assert_int_equal(titles_check(s->store, code, now_s), expected);
    assert_int_equal(read_at(s, &c, "id", now_s), expected);
    if (expected != TITLES_OK) {
        assert_none();
    }
}

static void other_states_have_no_titles(void **state)
{
    assert_answers(*state, LSP, FIXTURE_NOW_S, TITLES_NO_LIST); /* nothing imported yet */
    import_usual(*state);
    assert_answers(*state, LSP, FIXTURE_NOW_S, TITLES_OK);
    assert_answers(*state, "MY.BODY", FIXTURE_NOW_S, TITLES_NO_LIST);
    assert_answers(*state, "I", FIXTURE_NOW_S, TITLES_NO_LIST);
    assert_answers(*state, "", FIXTURE_NOW_S, TITLES_NO_LIST);
}

static void a_list_may_come_without_catalogue(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = fixture_list(s->f, "ID", 1, usual_rows(s));
    list.catalogue = span_of(NULL, 0);
    fixture_list_sign(s->f, &list);
    import(s, &list);
    assert_answers(s, LSP, FIXTURE_NOW_S, TITLES_NO_CATALOGUE);
}

static void old_lists_give_none(void **state)
{
    struct scene *s = *state;
    import_usual(s);
    assert_answers(s, LSP, INT64_MIN, TITLES_OK); /* a certificate from before the list */
    assert_answers(s, LSP, FIXTURE_NOW_S + FIXTURE_DAYS_S(91) - 1, TITLES_OK);
    assert_answers(s, LSP, FIXTURE_NOW_S + FIXTURE_DAYS_S(91), TITLES_STALE);
    assert_answers(s, LSP, INT64_MAX, TITLES_STALE);
}

static void expired_lists_give_none(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = fixture_list(s->f, "ID", 1, usual_rows(s));
    list.expires_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(5);
    fixture_list_sign(s->f, &list);
    import(s, &list);
    assert_answers(s, LSP, list.expires_s, TITLES_OK);
    assert_answers(s, LSP, list.expires_s + 1, TITLES_STALE);
}

static void put_freshness(struct scene *s, int64_t fresh_as_of_s, bool disabled)
{
    assert_int_equal(trust_store_begin_write(s->store), TRUST_STORE_OK);
    assert_int_equal(
        trust_store_put_freshness(s->store, span_str("ID"), fresh_as_of_s, false, disabled),
        TRUST_STORE_OK);
    assert_int_equal(trust_store_commit(s->store), TRUST_STORE_OK);
}

static void lists_that_nobody_vouches_for_give_none(void **state)
{
    struct scene *s = *state;
    import_usual(s);
    put_freshness(s, FIXTURE_NOW_S, true);
    assert_answers(s, LSP, FIXTURE_NOW_S, TITLES_NO_LIST);
    put_freshness(s, 0, false);
    assert_answers(s, LSP, FIXTURE_NOW_S, TITLES_STALE);
    put_freshness(s, FIXTURE_NOW_S, false);
    assert_answers(s, LSP, FIXTURE_NOW_S, TITLES_OK);
    assert_int_equal(trust_store_begin_write(s->store), TRUST_STORE_OK);
    assert_int_equal(trust_store_remove_header(s->store), TRUST_STORE_OK);
    assert_int_equal(trust_store_commit(s->store), TRUST_STORE_OK);
    assert_answers(s, LSP, FIXTURE_NOW_S, TITLES_STALE);
}

/* ---- damage ---- */

static void damage(struct scene *s, enum row_type type, const char *code)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer key = writer_of(room, sizeof room);
    row_key_of_code(&key, span_str(code));
    assert_int_equal(trust_store_begin_write(s->store), TRUST_STORE_OK);
    fixture_damage(s->store, "ID", type, writer_span(&key));
    assert_int_equal(trust_store_commit(s->store), TRUST_STORE_OK);
}

static void a_damaged_row_leaves_no_titles(void **state)
{
    struct scene *s = *state;
    struct credential c = usual();
    import_usual(s);
    assert_int_equal(read_at(s, &c, "id", FIXTURE_NOW_S), TITLES_OK);
    damage(s, ROW_UNIT_TITLE, "U2");
    assert_int_equal(read_at(s, &c, "id", FIXTURE_NOW_S), TITLES_DAMAGED);
    assert_none();
}

/* Titles as they were, or none: a store that can still be opened gives nothing else. */
static enum titles_error read_damaged(struct scene *s)
{
    struct credential c = usual();
    enum titles_error error = read_at(s, &c, "id", FIXTURE_NOW_S);
    if (error == TITLES_OK) {
        check_bytes(titles.scheme_native, span_str("Tata Graha"));
        check_bytes(titles.unit[0].english, span_str("Clean rooms"));
        check_bytes(titles.unit[0].native, span_str("Membersihkan kamar"));
        check_bytes(titles.unit[1].english, span_str("Handle linen"));
    } else {
        assert_none();
    }
    return error;
}

static void a_damaged_page_of_the_file_gives_all_titles_or_none(void **state)
{
    struct scene *s = *state;
    enum db_error db_error = DB_OK;
    size_t damaged = 0, whole = 0;
    import_usual(s);
    trust_store_close(s->store);
    s->store = NULL;
    struct span file = scene_file(s, s->path);
    for (size_t at = 4096; at < file.len; at += 4096) {
        uint8_t *copy = check_heap_copy(file);
        memset(copy + at, 0xFF, file.len - at < 4096 ? file.len - at : 4096);
        assert_int_equal(file_write_atomic(s->path, span_of(copy, file.len), 0644), FILE_OK);
        free(copy);
        if (trust_store_open(s->path, DB_READ, true, &s->store, &db_error) == TRUST_STORE_OK) {
            enum titles_error error = read_damaged(s);
            damaged += error == TITLES_DAMAGED;
            whole += error == TITLES_OK;
            trust_store_close(s->store);
            s->store = NULL;
        }
    }
    assert_true(damaged >= 2); /* the pages of lists and of rows */
    assert_true(whole >= 1);   /* those of blocks, for one */
}

static void every_error_has_a_phrase(void **state)
{
    (void)state;
    for (int error = TITLES_OK; error <= TITLES_DAMAGED; error++) {
        assert_true(strlen(titles_error_text((enum titles_error)error)) > 5);
    }
}

/* ---- names ---- */

static struct titles_names *read_names(struct scene *s, const char *issuer)
{
    struct titles_names *names = calloc(1, sizeof *names);
    assert_non_null(names);
    assert_int_equal(trust_store_begin_read(s->store), TRUST_STORE_OK);
    titles_names_read(s->store, span_str(issuer), names);
    trust_store_rollback(s->store);
    return names;
}

static void an_issuer_and_its_authority_are_named(void **state)
{
    import_usual(*state);
    struct station_party issuer = {.id = span_str(LSP)}, authority = {.name_count = 0};
    struct titles_names *names = read_names(*state, LSP);
    titles_names_fill(names, &issuer, &authority);
    assert_int_equal(issuer.name_count, 1);
    check_bytes(issuer.name[0].lang, span_str("en"));
    check_bytes(issuer.name[0].text, span_str("Issuer " LSP));
    check_bytes(authority.id, span_str("ID.BNSP"));
    check_bytes(authority.name[0].text, span_str("Issuer ID.BNSP"));
    free(names);
}

static void an_awarding_body_is_its_own_authority(void **state)
{
    import_usual(*state);
    struct station_party issuer = {.id = span_str("ID.BNSP")}, authority = {.name_count = 0};
    struct titles_names *names = read_names(*state, "ID.BNSP");
    titles_names_fill(names, &issuer, &authority);
    check_bytes(issuer.name[0].text, span_str("Issuer ID.BNSP"));
    check_bytes(authority.id, span_str("ID.BNSP"));
    check_bytes(authority.name[0].text, span_str("Issuer ID.BNSP"));
    free(names);
}

static void given_names_stay(void **state)
{
    import_usual(*state);
    struct station_party issuer = {span_str(LSP), 1, {{span_str("en"), span_str("Mine")}}};
    struct station_party authority = {.id = span_str("ID.OTHER")};
    struct titles_names *names = read_names(*state, LSP);
    titles_names_fill(names, &issuer, &authority);
    check_bytes(issuer.name[0].text, span_str("Mine"));
    check_bytes(authority.id, span_str("ID.OTHER"));
    assert_int_equal(authority.name_count, 0);
    free(names);
}

static void strangers_have_no_names(void **state)
{
    static const char *const stranger[] = {"ID.NOBODY", "QZ.SAMPLE", "I", ""};
    import_usual(*state);
    for (size_t i = 0; i < COUNT_OF(stranger); i++) {
        struct station_party issuer = {.name_count = 0}, authority = {.name_count = 0};
        struct titles_names *names = read_names(*state, stranger[i]);
        assert_false(names->has_issuer);
        assert_false(names->has_authority);
        titles_names_fill(names, &issuer, &authority);
        assert_int_equal(issuer.name_count + authority.name_count, 0);
        free(names);
    }
}

static void a_damaged_issuer_has_no_name(void **state)
{
    import_usual(*state);
    damage(*state, ROW_ISSUER, LSP);
    struct titles_names *names = read_names(*state, LSP);
    assert_false(names->has_issuer);
    assert_false(names->has_authority);
    free(names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(titles_are_read_in_two_languages),
        SCENE_TEST(a_missing_language_leaves_english_alone),
        SCENE_TEST(unknown_codes_have_no_titles),
        SCENE_TEST(what_is_too_long_for_the_page_is_left_out),
        SCENE_TEST(other_states_have_no_titles),
        SCENE_TEST(a_list_may_come_without_catalogue),
        SCENE_TEST(old_lists_give_none),
        SCENE_TEST(expired_lists_give_none),
        SCENE_TEST(lists_that_nobody_vouches_for_give_none),
        SCENE_TEST(a_damaged_row_leaves_no_titles),
        SCENE_TEST(a_damaged_page_of_the_file_gives_all_titles_or_none),
        SCENE_TEST(every_error_has_a_phrase),
        SCENE_TEST(an_issuer_and_its_authority_are_named),
        SCENE_TEST(an_awarding_body_is_its_own_authority),
        SCENE_TEST(given_names_stay),
        SCENE_TEST(strangers_have_no_names),
        SCENE_TEST(a_damaged_issuer_has_no_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
