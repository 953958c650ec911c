/* SPDX-License-Identifier: Apache-2.0
 *
 * Names of keys on tokens: what is understood, and what is refused, by which name.
 */
#include "base/pkcs11_uri.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"

static struct pkcs11_uri parse_ok(const char *text)
{
    struct pkcs11_uri uri;
    struct pkcs11_uri_fault fault = {"untouched"};
    assert_int_equal(pkcs11_uri_parse(text, &uri, &fault), PKCS11_URI_OK);
    assert_string_equal(fault.attribute, "untouched");
    return uri;
}

static void refuse(const char *text, enum pkcs11_uri_error wanted, const char *attribute)
{
    struct pkcs11_uri uri = {.slot = 77};
    struct pkcs11_uri_fault fault = {"untouched"};
    assert_int_equal(pkcs11_uri_parse(text, &uri, &fault), wanted);
    assert_string_equal(fault.attribute, attribute);
    assert_int_equal(uri.slot, 77);
}

static void a_whole_uri_is_taken_apart(void **state)
{
    (void)state;
    struct pkcs11_uri uri =
        parse_ok("pkcs11:token=The%20Ministry;manufacturer=M%2fK;model=v2;serial=00aB;object=list;"
                 "id=%01%ff%00Z;slot-id=4294967295;type=private"
                 "?module-path=/usr/lib/a.so&pin-source=file:/etc/pin%201");
    assert_string_equal(uri.token, "The Ministry");
    assert_string_equal(uri.manufacturer, "M/K");
    assert_string_equal(uri.model, "v2");
    assert_string_equal(uri.serial, "00aB");
    assert_string_equal(uri.object, "list");
    check_bytes(span_of(uri.id, uri.id_len), span_of("\x01\xff\0Z", 4));
    assert_true(uri.has_slot);
    assert_int_equal(uri.slot, UINT32_MAX);
    assert_string_equal(uri.module_path, "/usr/lib/a.so");
    assert_string_equal(uri.pin_source, "/etc/pin 1");
}

static void what_is_not_asked_for_is_empty(void **state)
{
    (void)state;
    static const char *const texts[] = {"pkcs11:", "pkcs11:?", "pkcs11:type=private"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct pkcs11_uri uri = parse_ok(texts[i]);
        assert_string_equal(uri.token, "");
        assert_string_equal(uri.object, "");
        assert_string_equal(uri.module_path, "");
        assert_int_equal(uri.id_len, 0);
        assert_false(uri.has_slot);
    }
}

static void every_plain_character_may_stand_there(void **state)
{
    (void)state;
    assert_string_equal(parse_ok("pkcs11:object=aZ09-._~:[]@!$'()*+,=&").object,
                        "aZ09-._~:[]@!$'()*+,=&");
    assert_string_equal(parse_ok("pkcs11:?pin-source=/a/b?c|d").pin_source, "/a/b?c|d");
    assert_string_equal(parse_ok("pkcs11:?pin-source=file:///p").pin_source, "/p");
    assert_string_equal(parse_ok("pkcs11:object=%c3%A9").object, "\xC3\xA9");
    assert_int_equal(parse_ok("pkcs11:slot-id=0").slot, 0);
}

static void what_is_not_understood_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum pkcs11_uri_error error;
        const char *attribute;
    } cases[] = {
        {"", PKCS11_URI_FORMAT, ""},
        {"key.pem", PKCS11_URI_FORMAT, ""},
        {"PKCS11:token=a", PKCS11_URI_FORMAT, ""},
        {"pkcs11:token", PKCS11_URI_FORMAT, ""},
        {"pkcs11:=a", PKCS11_URI_FORMAT, ""},
        {"pkcs11:;token=a", PKCS11_URI_FORMAT, ""},
        {"pkcs11:token=a;", PKCS11_URI_FORMAT, ""},
        {"pkcs11:token=a;;id=a", PKCS11_URI_FORMAT, ""},
        {"pkcs11:tok en=a", PKCS11_URI_FORMAT, ""},
        {"pkcs11:token=a?pin-source=/a&", PKCS11_URI_FORMAT, ""},
        {"pkcs11:token=a b", PKCS11_URI_FORMAT, "token"},
        {"pkcs11:token=a/b", PKCS11_URI_FORMAT, "token"},
        {"pkcs11:token=a#b", PKCS11_URI_FORMAT, "token"},
        {"pkcs11:token=\xC3\xA9", PKCS11_URI_FORMAT, "token"},
        {"pkcs11:token=%", PKCS11_URI_FORMAT, "token"},
        {"pkcs11:token=%4", PKCS11_URI_FORMAT, "token"},
        {"pkcs11:token=%4g", PKCS11_URI_FORMAT, "token"},
        {"pkcs11:token=a;token=a", PKCS11_URI_TWICE, "token"},
        {"pkcs11:?pin-source=/a&pin-source=/b", PKCS11_URI_TWICE, "pin-source"},
        {"pkcs11:token=", PKCS11_URI_VALUE, "token"},
        {"pkcs11:id=", PKCS11_URI_VALUE, "id"},
        {"pkcs11:token=a%00b", PKCS11_URI_VALUE, "token"},
        {"pkcs11:object=a%1b[31m", PKCS11_URI_VALUE, "object"},
        {"pkcs11:object=%e2%80%ae", PKCS11_URI_VALUE, "object"},
        {"pkcs11:object=%ff", PKCS11_URI_VALUE, "object"},
        {"pkcs11:token=123456789012345678901234567890123", PKCS11_URI_VALUE, "token"},
        {"pkcs11:serial=12345678901234567", PKCS11_URI_VALUE, "serial"},
        {"pkcs11:model=12345678901234567", PKCS11_URI_VALUE, "model"},
        {"pkcs11:slot-id=", PKCS11_URI_VALUE, "slot-id"},
        {"pkcs11:slot-id=4294967296", PKCS11_URI_VALUE, "slot-id"},
        {"pkcs11:slot-id=-1", PKCS11_URI_VALUE, "slot-id"},
        {"pkcs11:slot-id=0x1", PKCS11_URI_VALUE, "slot-id"},
        {"pkcs11:type=public", PKCS11_URI_VALUE, "type"},
        {"pkcs11:type=cert", PKCS11_URI_VALUE, "type"},
        {"pkcs11:?module-path=a.so", PKCS11_URI_VALUE, "module-path"},
        {"pkcs11:?pin-source=file:a", PKCS11_URI_VALUE, "pin-source"},
        {"pkcs11:?pin-source=file://host/a", PKCS11_URI_VALUE, "pin-source"},
        {"pkcs11:?pin-source=|/bin/pin", PKCS11_URI_VALUE, "pin-source"},
        {"pkcs11:?pin-value=1234", PKCS11_URI_SECRET, "pin-value"},
        {"pkcs11:pin-value=1234", PKCS11_URI_SECRET, "pin-value"},
        {"pkcs11:?module-name=softhsm2", PKCS11_URI_UNKNOWN, "module-name"},
        {"pkcs11:library-version=3", PKCS11_URI_UNKNOWN, "library-version"},
        {"pkcs11:slot-description=a", PKCS11_URI_UNKNOWN, "slot-description"},
        {"pkcs11:x-vendor=a", PKCS11_URI_UNKNOWN, "x-vendor"},
        {"pkcs11:Token=a", PKCS11_URI_UNKNOWN, "Token"},
        {"pkcs11:pin-source=/a", PKCS11_URI_UNKNOWN, "pin-source"},
        {"pkcs11:?token=a", PKCS11_URI_UNKNOWN, "token"},
        {"pkcs11:a-name-that-is-longer-than-the-room=a", PKCS11_URI_UNKNOWN,
         "a-name-that-is-longer-t"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        refuse(cases[i].text, cases[i].error, cases[i].attribute);
        assert_non_null(pkcs11_uri_error_text(cases[i].error));
    }
}

/* "pkcs11:NAME=aaa...", so long in all. */
static char *long_uri(const char *name, size_t value_len)
{
    char *text = calloc(1, value_len + 64);
    assert_non_null(text);
    (void)sprintf(text, "pkcs11:%s=", name);
    memset(text + strlen(text), 'a', value_len);
    return text;
}

static void lengths_end_where_the_fields_end(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t most;
    } cases[] = {{"token", PKCS11_MAX_LABEL},   {"manufacturer", PKCS11_MAX_LABEL},
                 {"serial", PKCS11_MAX_SERIAL}, {"model", PKCS11_MAX_SERIAL},
                 {"object", PKCS11_MAX_OBJECT}, {"id", PKCS11_MAX_ID}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *fits = long_uri(cases[i].name, cases[i].most);
        char *longer = long_uri(cases[i].name, cases[i].most + 1);
        (void)parse_ok(fits);
        refuse(longer, PKCS11_URI_VALUE, cases[i].name);
        free(fits);
        free(longer);
    }
    char *huge = long_uri("object", PKCS11_URI_MAX);
    refuse(huge, PKCS11_URI_FORMAT, "");
    huge[PKCS11_URI_MAX] = '\0';
    refuse(huge, PKCS11_URI_VALUE, "object");
    free(huge);
}

/* Every prefix in room of exactly its size: whatever the answer, nothing is read beyond it. */
static void no_prefix_is_read_beyond_its_end(void **state)
{
    (void)state;
    static const char whole[] = "pkcs11:token=a%20b;id=%01%02;slot-id=12?pin-source=file:/a%2fb";
    for (size_t len = 0; len < sizeof whole; len++) {
        struct pkcs11_uri uri;
        struct pkcs11_uri_fault fault;
        char *text = malloc(len + 1);
        assert_non_null(text);
        memcpy(text, whole, len);
        text[len] = '\0';
        enum pkcs11_uri_error error = pkcs11_uri_parse(text, &uri, &fault);
        assert_true(error == PKCS11_URI_OK || error == PKCS11_URI_FORMAT ||
                    error == PKCS11_URI_VALUE || error == PKCS11_URI_UNKNOWN);
        free(text);
    }
}

static void files_are_no_uris(void **state)
{
    (void)state;
    assert_true(pkcs11_uri_is("pkcs11:"));
    assert_false(pkcs11_uri_is("pkcs11"));
    assert_false(pkcs11_uri_is("./pkcs11:token=a"));
    assert_false(pkcs11_uri_is(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_uri_is_taken_apart),
        cmocka_unit_test(what_is_not_asked_for_is_empty),
        cmocka_unit_test(every_plain_character_may_stand_there),
        cmocka_unit_test(what_is_not_understood_is_named),
        cmocka_unit_test(lengths_end_where_the_fields_end),
        cmocka_unit_test(no_prefix_is_read_beyond_its_end),
        cmocka_unit_test(files_are_no_uris),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
