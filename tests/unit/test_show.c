/* SPDX-License-Identifier: Apache-2.0
 *
 * Verdicts as text and as JSON: exact lines of some, and of every vector of the decision that the
 * two say the same and tell no name where none may be told.
 */
#include "check.h"

#include <stdio.h>

#include "base/json.h"
#include "cli/show.h"
#include "vectors.h"

static struct world *w;
static struct trust_store *store;
static struct verifier *verifier;
static struct verdict verdict;
static bool sample; /* the list at hand is sample data */

static int enter(void **state)
{
    (void)state;
    w = world_new();
    store = world_store(w, "region.db");
    return verifier_new(store, &verifier) == VERIFY_OK ? 0 : 1;
}

static int leave(void **state)
{
    (void)state;
    verifier_free(verifier);
    trust_store_close(store);
    world_free(w);
    return 0;
}

/* What a verdict prints; the caller frees it. */
static char *printed(bool json, const char *lang, const struct show_source *source)
{
    char *text = NULL;
    size_t len = 0;
    struct show show = {.lang = lang, .verifier = verifier, .sample = sample};
    FILE *kept = stdout, *memory = open_memstream(&text, &len);
    assert_non_null(memory);
    stdout = memory;
    bool shown = true;
    if (json) {
        shown = show_json(&show, source, &verdict);
    } else {
        show_text(&show, source, &verdict);
    }
    stdout = kept;
    assert_int_equal(fclose(memory), 0);
    assert_true(shown);
    assert_int_equal(strlen(text), len);
    return text;
}

static void judge(const struct vector *v)
{
    struct verify_request request = vector_request(w, v);
    assert_int_equal(verify_qr_text(verifier, &request, vector_text(w, v), &verdict), VERIFY_OK);
}

static const struct show_source page_two = {.input = "a.pdf", .page = 2}, no_page = {.input = "-"};

static void nothing_read_is_shown_exactly(void **state)
{
    (void)state;
    verify_nothing(SAKSI_NO_CODE, &verdict);
    verdict.sample = false;
    char *text = printed(true, "en", &page_two);
    assert_string_equal(
        text,
        "{\"input\":\"a.pdf\",\"page\":2,\"outcome\":\"cannot_verify\",\"assurance\":\"none\","
        "\"person\":\"not_checked\",\"reasons\":[{\"code\":602,\"name\":\"NO_CODE\","
        "\"severity\":\"cannot_verify\"}]}\n");
    free(text);
    text = printed(false, "en", &no_page);
    assert_string_equal(text, " ? CANNOT VERIFY  NO CODE\n"
                              "  Input           -\n"
                              "  Reasons         602  No QR code was found.\n"
                              "  Next step       Show the whole code, flat, sharp and well lit.\n"
                              "  This result is not a permission to work or to enter.\n\n");
    free(text);
}

static void names_of_files_cannot_speak(void **state)
{
    (void)state;
    static const struct show_source evil = {.input = "a\n \xE2\x9C\x94 VALID\033[1m\xFF"};
    verify_nothing(SAKSI_UNREADABLE, &verdict);
    char *text = printed(false, "en", &evil);
    assert_non_null(strstr(text, "  Input           a? ✔ VALID?[1m?\n"));
    assert_null(strchr(text, '\033'));
    free(text);
    text = printed(true, "en", &evil);
    assert_non_null(strstr(text, "\"input\":\"a\\n "));
    assert_null(strchr(text, '\033'));
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
    free(text);
}

static void what_a_card_proved_is_said(void **state)
{
    (void)state;
    static const struct show_source event = {.input = "R, certificate 2", .event = "R"};
    static const char *const said[] = {
        [SAKSI_ASSURANCE_NONE] = NULL,
        [SAKSI_ASSURANCE_CARD_READ] = "  Card            read only\n",
        [SAKSI_ASSURANCE_QR] = NULL,
        [SAKSI_ASSURANCE_QR_FACE] = NULL,
        [SAKSI_ASSURANCE_TOKEN_PROVED] = "  Card            key proved (generic token)\n",
        [SAKSI_ASSURANCE_CARD_PROVED] = "  Card            key proved\n",
    };
    verify_nothing(SAKSI_NO_CODE, &verdict);
    for (size_t i = 0; i < COUNT_OF(said); i++) {
        verdict.assurance = (enum saksi_assurance)i;
        char *text = printed(false, "en", &no_page), *json = printed(true, "en", &event);
        assert_int_equal(strstr(text, "  Card  ") != NULL, said[i] != NULL);
        assert_true(said[i] == NULL || strstr(text, said[i]) != NULL);
        assert_ptr_equal(
            strstr(json, "{\"event\":\"verdict\",\"reader\":\"R\",\"input\":\"R, certificate 2\","),
            json);
        free(text);
        free(json);
    }
}

/* A paper that agrees, and where the photo is to be had: of a card alone. */
static void paper_and_photo_are_told_of_a_card(void **state)
{
    (void)state;
    static const struct show_source card = {.input = "R", .card = true},
                                    both = {.input = "R", .card = true, .same_paper = true};
    static const char paper[] = "  Paper           the same certificate\n",
                      photo[] = "  Photo           on the card; this writes it: saksi card read "
                                "--out FOLDER\n";
    for (int with_photo = 0; with_photo < 2; with_photo++) {
        verdict_start(&verdict);
        verdict_add(&verdict, with_photo ? SAKSI_COMPARE_PHOTO : SAKSI_NO_CODE, span_str(""));
        char *plain = printed(false, "en", &no_page), *alone = printed(false, "en", &card),
             *text = printed(false, "en", &both);
        assert_null(strstr(plain, "  Paper  "));
        assert_null(strstr(plain, "  Photo  "));
        assert_null(strstr(alone, "  Paper  "));
        assert_non_null(strstr(text, paper));
        assert_int_equal(strstr(alone, photo) != NULL, with_photo);
        assert_int_equal(strstr(text, photo) != NULL, with_photo);
        free(plain);
        free(alone);
        free(text);
        char *json = printed(true, "en", &card), *same = printed(true, "en", &both);
        assert_null(strstr(json, "\"paper\""));
        assert_non_null(strstr(same, "\"paper\":\"same\","));
        assert_null(strstr(same, "saksi card read"));
        free(json);
        free(same);
    }
}

static void where_no_list_is_installed_is_told(void **state)
{
    (void)state;
    char *bytes = NULL;
    size_t len = 0;
    struct show show = {.lang = "en", .db = "/var/\033/trust.db"};
    verify_nothing(SAKSI_NO_TRUST_LIST, &verdict);
    FILE *kept = stdout, *memory = open_memstream(&bytes, &len);
    assert_non_null(memory);
    stdout = memory;
    show_text(&show, &no_page, &verdict);
    stdout = kept;
    assert_int_equal(fclose(memory), 0);
    assert_non_null(strstr(bytes, "  501  No trust list is installed here. (/var/?/trust.db)\n"));
    free(bytes);
    bytes = printed(false, "en", &no_page);
    assert_non_null(strstr(bytes, "  501  No trust list is installed here.\n"));
    free(bytes);
}

/* Also where nothing was asked of the list: the reader must know what stands behind the answer. */
static void a_sample_list_is_named_with_every_verdict(void **state)
{
    (void)state;
    verify_nothing(SAKSI_NO_CODE, &verdict);
    sample = true;
    char *text = printed(false, "en", &no_page), *json = printed(true, "en", &no_page);
    sample = false;
    assert_non_null(strstr(text, "\n  SAMPLE  "));
    assert_non_null(strstr(json, ",\"sample\":true}\n"));
    free(text);
    free(json);
}

/* Whether a vector can be judged with the store at hand. */
static bool is_plain(const struct vector *v)
{
    return v->spoil == NULL && v->store == VECTOR_FULL_STORE && v->nothing == 0;
}

static void assert_shape(const char *text)
{
    static const char *const heads[] = {
        [SAKSI_VALID] = " ✔ VALID  ",
        [SAKSI_CHECK_BY_HAND] = " ▲ CHECK BY HAND  ",
        [SAKSI_CANNOT_VERIFY] = " ? CANNOT VERIFY  ",
        [SAKSI_NOT_VALID] = " ✖ NOT VALID  ",
    };
    const char *head = heads[verdict.outcome];
    assert_memory_equal(text, head, strlen(head));
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        assert_true((enum saksi_outcome)i == verdict.outcome || strstr(text, heads[i]) == NULL);
    }
    assert_non_null(strstr(text, "This result is not a permission to work or to enter."));
}

/* The holder is somebody only on VALID and CHECK BY HAND. */
static void assert_holder(const char *text, bool json)
{
    static const enum saksi_claim personal[] = {
        SAKSI_CLAIM_HOLDER_NAME, SAKSI_CLAIM_HOLDER_NAME_NATIVE, SAKSI_CLAIM_NATIONALITY};
    bool told = verdict.outcome <= SAKSI_CHECK_BY_HAND;
    for (size_t i = 0; i < COUNT_OF(personal); i++) {
        assert_true(told || !credential_has(&verdict.credential, personal[i]));
    }
    assert_int_equal(told, strstr(text, json ? "\"holder_name\":" : "\n  Name   ") != NULL);
    assert_true(told || strstr(text, json ? "\"birth_" : "\n  Born   ") == NULL);
}

static void every_vector_is_shown_as_it_was_judged(void **state)
{
    (void)state;
    size_t shown[SAKSI_NOT_VALID + 1] = {0};
    for (size_t i = 0; i < vector_count; i++) {
        if (!is_plain(&vector_table[i])) {
            continue;
        }
        judge(&vector_table[i]);
        shown[verdict.outcome]++;
        char *text = printed(false, "en", &page_two), *json = printed(true, "en", &page_two);
        char expected[64];
        assert_shape(text);
        (void)snprintf(expected, sizeof expected, "\"outcome\":\"%s\"",
                       outcome_json(verdict.outcome));
        assert_non_null(strstr(json, expected));
        assert_holder(text, false);
        assert_holder(json, true);
        for (size_t r = 0; r < verdict.reason_count; r++) {
            const struct reason_info *info = reason_find(verdict.reason[r].reason);
            (void)snprintf(expected, sizeof expected, "{\"code\":%d,\"name\":\"%s\"", info->reason,
                           info->name);
            assert_non_null(strstr(json, expected));
            assert_non_null(strstr(text, info->sentence));
        }
        assert_int_equal(verdict.sample, strstr(text, "\n  SAMPLE  ") != NULL);
        assert_int_equal(verdict.sample, strstr(json, "\"sample\":true") != NULL);
        free(text);
        free(json);
    }
    for (size_t i = 0; i < COUNT_OF(shown); i++) {
        assert_true(shown[i] > 0);
    }
}

/* What a claim holds, whatever it is, comes out as JSON that reads back. */
static void json_reads_back(void **state)
{
    (void)state;
    size_t read = 0;
    for (size_t i = 0; i < vector_count; i++) {
        if (is_plain(&vector_table[i])) {
            struct json_reader reader;
            judge(&vector_table[i]);
            char *json = printed(true, "id", &no_page);
            assert_true(json_open(span_str(json), &reader));
            json_close(&reader);
            free(json);
            read++;
        }
    }
    assert_true(read > 50);
}

static void dates_are_gregorian_in_every_language(void **state)
{
    (void)state;
    static const struct {
        const char *lang;
        int64_t day;
        const char *expected;
    } rows[] = {
        {"en", 0, "1 January 1970"},
        {"en", -1, "31 December 1969"},
        {"en", 19782, "29 February 2024"},
        {"en", 20161, "14 March 2025"},
        {"id", 20161, "14 March 2025"}, /* no translation at hand */
        {"th", 20161, "14 March 2025 (พ.ศ. 2568)"},
        {"th", 19782, "29 February 2024 (พ.ศ. 2567)"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[SHOW_DATE_SIZE];
        struct show show = {.lang = rows[i].lang};
        assert_string_equal(show_date(&show, rows[i].day, text), rows[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_read_is_shown_exactly),
        cmocka_unit_test(names_of_files_cannot_speak),
        cmocka_unit_test(what_a_card_proved_is_said),
        cmocka_unit_test(paper_and_photo_are_told_of_a_card),
        cmocka_unit_test(where_no_list_is_installed_is_told),
        cmocka_unit_test(a_sample_list_is_named_with_every_verdict),
        cmocka_unit_test(every_vector_is_shown_as_it_was_judged),
        cmocka_unit_test(json_reads_back),
        cmocka_unit_test(dates_are_gregorian_in_every_language),
    };
    return cmocka_run_group_tests_name("show", tests, enter, leave);
}
