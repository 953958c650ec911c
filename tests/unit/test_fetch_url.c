/* SPDX-License-Identifier: Apache-2.0
 *
 * Addresses: which are fetched from, and why the others are not.
 */
#include "check.h"
#include "devices/fetch/url.h"

static void addresses_that_are_taken(void **state)
{
    (void)state;
    static const char *const urls[] = {
        "http://a",
        "HTTPS://EXAMPLE.ORG/trust/",
        "http://127.0.0.1:8080/x?y=z/@",
        "https://[::1]:443/",
        "https://example.org/a@b/~c/%20;p,=+$&'()*!",
    };
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        if (url_check(span_str(urls[i])) != URL_OK) {
            fail_msg("%s was refused", urls[i]);
        }
    }
}

static void addresses_that_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        enum url_error error;
    } rows[] = {
        {"", URL_SCHEME},
        {"http", URL_SCHEME},
        {"http:/", URL_SCHEME},
        {"http:a", URL_SCHEME},
        {"/etc/passwd", URL_SCHEME},
        {"file:///etc/passwd", URL_SCHEME},
        {"ftp://a/", URL_SCHEME},
        {"httpsx://a/", URL_SCHEME},
        {" http://a/", URL_SCHEME},
        {"http://", URL_HOST},
        {"http:///a", URL_HOST},
        {"https://:443/", URL_HOST},
        {"https://?a", URL_HOST},
        {"http://user@a/", URL_CREDENTIALS},
        {"http://user:secret@a/", URL_CREDENTIALS},
        {"http://@a/", URL_CREDENTIALS},
        {"http://a@b?c", URL_CREDENTIALS},
        {"http://a/#b", URL_FRAGMENT},
        {"http://a#@b/", URL_FRAGMENT},
        {"http://a/b c", URL_CHARACTERS},
        {"http://a/b\n", URL_CHARACTERS},
        {"http://a\\@b/", URL_CHARACTERS},
        {"http://a/\"", URL_CHARACTERS},
        {"http://a/\x7f", URL_CHARACTERS},
        {"http://a/\xc3\xa9", URL_CHARACTERS},
        {"http://a/\x1b[1m", URL_CHARACTERS},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (url_check(span_str(rows[i].url)) != rows[i].error) {
            fail_msg("%s: not %d", rows[i].url, (int)rows[i].error);
        }
    }
    assert_int_equal(url_check(span_of("http://a/\0b", 11)), URL_CHARACTERS);
}

static void an_address_has_a_limit(void **state)
{
    (void)state;
    uint8_t *url = malloc(FETCH_URL_MAX + 1);
    assert_non_null(url);
    memset(url, 'a', FETCH_URL_MAX + 1);
    memcpy(url, "http://", 7);
    assert_int_equal(url_check(span_of(url, FETCH_URL_MAX)), URL_OK);
    assert_int_equal(url_check(span_of(url, FETCH_URL_MAX + 1)), URL_LONG);
    free(url);
}

static void no_byte_behind_the_end_is_read(struct span prefix, void *context)
{
    (void)context;
    (void)url_is_folder(prefix);
    for (int error = URL_OK; error <= URL_LONG; error++) {
        if (url_check(prefix) == (enum url_error)error) {
            return;
        }
    }
    fail();
}

static void prefixes_and_flips(void **state)
{
    (void)state;
    struct span url = span_str("https://example.org:8443/trust/?x#y");
    check_prefixes(url, no_byte_behind_the_end_is_read, NULL);
    check_bit_flips(url, no_byte_behind_the_end_is_read, NULL);
}

static void folders_end_in_a_slash(void **state)
{
    (void)state;
    assert_true(url_is_folder(span_str("http://a/")));
    assert_true(url_is_folder(span_str("http://a/trust/")));
    assert_false(url_is_folder(span_str("http://a/trust")));
    assert_false(url_is_folder(span_str("http://a/?x/")));
    assert_false(url_is_folder(span_of(NULL, 0)));
}

static void every_error_has_words(void **state)
{
    (void)state;
    for (int error = URL_OK; error <= URL_LONG + 1; error++) {
        assert_true(strlen(url_error_text((enum url_error)error)) > 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_that_are_taken), cmocka_unit_test(addresses_that_are_refused),
        cmocka_unit_test(an_address_has_a_limit),   cmocka_unit_test(prefixes_and_flips),
        cmocka_unit_test(folders_end_in_a_slash),   cmocka_unit_test(every_error_has_words),
    };
    return cmocka_run_group_tests_name("fetch_url", tests, NULL, NULL);
}
