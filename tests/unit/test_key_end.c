/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys that end, once and for good, and the certificates that survive a theft.
 */
#include "authority/key_end.h"
#include "authority/key_file.h"
#include "source_json.h"

static char dir[PATH_MAX];
static uint8_t kid[CRYPTO_KID_SIZE]; /* of ISSUER's key in force */

static void read_kid(void)
{
    uint8_t public_key[CRYPTO_MAX_PUBLIC_KEY];
    struct authority_problem problem;
    struct crypto_private_key *key = NULL;
    assert_int_equal(key_file_read(folder_path(dir, "keys/" ISSUER ".pem"), NULL, &key, &problem),
                     AUTHORITY_OK);
    size_t len = crypto_private_key_public(key, public_key);
    assert_int_equal(crypto_kid(crypto_private_key_alg(key), span_of(public_key, len), kid),
                     CRYPTO_OK);
    crypto_private_key_free(key);
}

static int set_up(void **state)
{
    (void)state;
    folder_make_sample(dir);
    read_kid();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(dir);
    return 0;
}

static enum authority_error end(const char *issuer, enum row_key_end as, int64_t day,
                                bool *ret_changed, struct authority_problem *problem)
{
    struct key_end_request request = {
        .dir = dir, .state = "ID", .issuer = issuer, .end = as, .at_s = day * 86400};
    memcpy(request.kid, kid, sizeof kid);
    return key_end(&request, ret_changed, problem);
}

static void kids_are_sixteen_digits(void **state)
{
    (void)state;
    uint8_t found[CRYPTO_KID_SIZE] = {0};
    static const uint8_t expected[] = {0xf8, 0x57, 0xae, 0x4e, 0xd6, 0xe3, 0x4e, 0x33};
    static const char *const bad[] = {"", "f857ae4ed6e34e3", "f857ae4ed6e34e333",
                                      "g857ae4ed6e34e33", "f857ae4ed6e34e3 "};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(key_end_read_kid(bad[i], found));
    }
    assert_true(key_end_read_kid("F857ae4ED6e34e33", found));
    assert_memory_equal(found, expected, sizeof expected);
}

/* The text of keys.json from the key's "until" to the end of its entry. */
static void assert_entry_ends(const char *expected)
{
    struct json_reader r;
    struct span bytes = folder_read(dir, "ID/keys.json");
    assert_true(json_open(bytes, &r));
    char *entry = json_format(json_at(json_get_array(&r, r.document, "keys", 0, 9), 1), 0);
    char *quoted = source_quoted(expected);
    const char *found = strstr(entry, "\"until\"");
    assert_non_null(found);
    assert_string_equal(found, quoted);
    free(quoted);
    free(entry);
    json_close(&r);
    folder_free(bytes);
}

static void a_key_ends(void **state)
{
    (void)state;
    bool changed = false;
    struct authority_problem problem;
    assert_entry_ends("'until':'2027-02-04T10:13:20Z'}");
    assert_int_equal(end(ISSUER, ROW_KEY_SUPERSEDED, TODAY, &changed, &problem), AUTHORITY_OK);
    assert_true(changed);
    assert_entry_ends("'until':'2027-02-04T10:13:20Z','end':'superseded',"
                      "'at':'2026-06-09T00:00:00Z'}");
    assert_int_equal(end(ISSUER, ROW_KEY_SUPERSEDED, TODAY, &changed, &problem), AUTHORITY_OK);
    assert_false(changed);
    /* worse news */
    assert_int_equal(end(ISSUER, ROW_KEY_COMPROMISED, TODAY - 9, &changed, &problem), AUTHORITY_OK);
    assert_true(changed);
    assert_entry_ends("'until':'2027-02-04T10:13:20Z','end':'compromised',"
                      "'at':'2026-05-31T00:00:00Z'}");
}

static void assert_refused(const char *issuer, enum row_key_end as, int64_t day,
                           enum authority_error expected, const char *text)
{
    bool changed = false;
    struct authority_problem problem;
    struct span before = folder_read(dir, "ID/keys.json");
    assert_int_equal(end(issuer, as, day, &changed, &problem), expected);
    assert_string_equal(problem.text, text);
    struct span after = folder_read(dir, "ID/keys.json");
    check_bytes(after, before);
    folder_free(before);
    folder_free(after);
}

static void an_end_is_for_good(void **state)
{
    (void)state;
    bool changed = false;
    char text[128];
    struct authority_problem problem;
    assert_int_equal(end(ISSUER, ROW_KEY_CEASED, TODAY, &changed, &problem), AUTHORITY_OK);
    assert_refused(ISSUER, ROW_KEY_SUPERSEDED, TODAY, AUTHORITY_CONFLICT,
                   "this key ended on 2026-06-09 as ceased; what has ended can only end as "
                   "compromised, once");
    assert_refused(ISSUER, ROW_KEY_CEASED, TODAY + 1, AUTHORITY_CONFLICT,
                   "this key ended on 2026-06-09 as ceased; what has ended can only end as "
                   "compromised, once");
    assert_int_equal(end(ISSUER, ROW_KEY_COMPROMISED, TODAY, &changed, &problem), AUTHORITY_OK);
    assert_refused(ISSUER, ROW_KEY_CEASED, TODAY, AUTHORITY_CONFLICT,
                   "this key ended on 2026-06-09 as compromised; what has ended can only end as "
                   "compromised, once");
    /* another issuer has no such key */
    (void)snprintf(text, sizeof text,
                   "ID/keys.json: has no key %02x%02x%02x%02x%02x%02x%02x%02x of " OTHER
                   "; saksi authority status shows those it has",
                   kid[0], kid[1], kid[2], kid[3], kid[4], kid[5], kid[6], kid[7]);
    assert_refused(OTHER, ROW_KEY_CEASED, TODAY, AUTHORITY_SOURCE, text);
    assert_refused(ISSUER, ROW_KEY_COMPROMISED, TRUST_MOST_DAY + 1, AUTHORITY_CONFLICT,
                   "this key ended on 2026-06-09 as compromised; what has ended can only end as "
                   "compromised, once");
}

static void an_end_is_found(void **state)
{
    (void)state;
    bool changed = false;
    enum row_key_end found = ROW_KEY_CEASED;
    struct authority_problem problem;
    struct key_end_request request = {.dir = dir, .state = "ID", .issuer = ISSUER};
    memcpy(request.kid, kid, sizeof kid);
    assert_int_equal(key_end_find(&request, &found, &problem), AUTHORITY_OK);
    assert_int_equal(found, ROW_KEY_OPEN);
    assert_int_equal(end(ISSUER, ROW_KEY_COMPROMISED, TODAY, &changed, &problem), AUTHORITY_OK);
    assert_int_equal(key_end_find(&request, &found, &problem), AUTHORITY_OK);
    assert_int_equal(found, ROW_KEY_COMPROMISED);
    request.kid[0] ^= 1;
    assert_int_equal(key_end_find(&request, &found, &problem), AUTHORITY_SOURCE);
}

/* --- survivors --- */

static enum authority_error survive(struct index_run run, struct survivors_result *ret_result,
                                    struct authority_problem *problem)
{
    struct index_runs runs = {.run = &run, .count = 1};
    struct survivors_request request = {dir, "ID", ISSUER, &runs};
    return key_end_survivors(&request, ret_result, problem);
}

static void survivors_are_added(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct survivors_result result;
    source_put_status(dir, "'survivors':[9,4]");
    source_report(dir, 4, "N-1", "", "", TODAY, 1);
    source_report(dir, 5, "N-2", "", "", TODAY, 1);
    assert_int_equal(survive((struct index_run){3, 5, 0}, &result, &problem), AUTHORITY_OK);
    assert_true(result.added == 2 && result.before == 1 && result.reported == 2);
    source_status_is(dir, "'survivors':[9,4,3,5]");
    struct span before = folder_read(dir, "ID/status.json");
    assert_int_equal(survive((struct index_run){3, 5, 0}, &result, &problem), AUTHORITY_OK);
    assert_true(result.added == 0 && result.before == 3);
    struct span after = folder_read(dir, "ID/status.json");
    check_bytes(after, before);
    folder_free(before);
    folder_free(after);
}

static void survivors_have_limits(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct survivors_result result;
    source_put_status(dir, "");
    assert_int_equal(survive((struct index_run){19999, 20000, 0}, &result, &problem),
                     AUTHORITY_SOURCE);
    assert_string_equal(problem.text, "ID/status.json: status[0].survivors: holds 20000, which is "
                                      "not below the allotment of 20000");
    assert_int_equal(survive((struct index_run){0, 1000000, 0}, &result, &problem),
                     AUTHORITY_SOURCE);
    assert_string_equal(problem.text, "these are more than 1000000 indices; split them");
    assert_int_equal(survive((struct index_run){UINT32_MAX, UINT32_MAX, 0}, &result, &problem),
                     AUTHORITY_SOURCE);
    source_status_is(dir, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kids_are_sixteen_digits),
        TEST(a_key_ends),
        TEST(an_end_is_for_good),
        TEST(an_end_is_found),
        TEST(survivors_are_added),
        TEST(survivors_have_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
