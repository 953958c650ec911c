/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON: every reading form with good and bad members, the path of each problem, hostile documents,
 * and output. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>

#include "base/json.h"

static struct json_reader open_text(const char *text)
{
    struct json_reader r;
    assert_true(json_open(span_str(text), &r));
    return r;
}

static void assert_refused(struct json_reader *r, const char *path, const char *what)
{
    assert_true(r->failed);
    assert_string_equal(r->problem.path, path);
    assert_string_equal(r->problem.what, what);
    json_close(r);
}

static void assert_span(struct span got, const char *expected)
{
    assert_int_equal(got.len, strlen(expected));
    assert_memory_equal(got.ptr, expected, got.len);
}

static void reads_members_of_every_kind(void **state)
{
    (void)state;
    struct json_reader r = open_text("{\"t\":\"text\",\"n\":-7,\"b\":true,\"d\":\"1970-01-02\","
                                     "\"s\":\"1970-01-02T00:00:01Z\",\"o\":{\"x\":1},\"a\":[1,2,3],"
                                     "\"z\":null}");
    const struct json_value *d = r.document;
    bool found = false;
    assert_span(json_get_text(&r, d, "t", 1, 4), "text");
    assert_span(json_find_text(&r, d, "t", 1, 4), "text");
    assert_int_equal(json_find_text(&r, d, "absent", 1, 4).len, 0);
    assert_int_equal(json_get_int(&r, d, "n", -7, -7), -7);
    assert_int_equal(json_find_int(&r, d, "n", -9, 9, &found), -7);
    assert_true(found);
    assert_int_equal(json_find_int(&r, d, "absent", 1, 9, &found), 0);
    assert_false(found);
    assert_true(json_find_bool(&r, d, "b"));
    assert_false(json_find_bool(&r, d, "absent"));
    assert_int_equal(json_get_day(&r, d, "d"), 1);
    assert_int_equal(json_find_day(&r, d, "absent", &found), 0);
    assert_false(found);
    assert_int_equal(json_get_time(&r, d, "s"), 86401);
    assert_int_equal(json_count(json_get_object(&r, d, "o")), 1);
    assert_null(json_find_object(&r, d, "absent"));
    assert_int_equal(json_count(json_get_array(&r, d, "a", 3, 3)), 3);
    assert_int_equal(json_int_at(&r, json_get_array(&r, d, "a", 0, 9), 2, 0, 9), 3);
    assert_int_equal(json_count(json_find_array(&r, d, "absent", 9)), 0);
    assert_true(json_is_null(d, "z"));
    assert_false(json_is_null(d, "t"));
    assert_false(json_is_null(d, "absent"));
    assert_true(json_has(d, "z"));
    assert_false(json_has(d, "absent"));
    assert_true(json_is_an_object(d));
    assert_false(json_is_an_object(json_get_array(&r, d, "a", 0, 9)));
    assert_false(json_is_an_object(NULL));
    assert_false(r.failed);
    json_close(&r);
}

struct refusal {
    const char *text, *path, *what;
};

static void check(const struct refusal *c, void (*read)(struct json_reader *r))
{
    struct json_reader r = open_text(c->text);
    read(&r);
    assert_refused(&r, c->path, c->what);
}

static void get_text(struct json_reader *r)
{
    assert_int_equal(json_get_text(r, r->document, "x", 2, 4).len, 0);
}

static void refuses_texts(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"{}", "x", "is missing"},
        {"{\"x\":1}", "x", "must be text"},
        {"{\"x\":null}", "x", "must be text"},
        {"{\"x\":\"\"}", "x", "is empty"},
        {"{\"x\":\"a\"}", "x", "is shorter than 2 bytes"},
        {"{\"x\":\"abcde\"}", "x", "is longer than 4 bytes"},
        {"{\"x\":\"a\\u0007\"}", "x",
         "holds a character that is not allowed (a control or direction mark)"},
        {"{\"x\":\"\\u202e\"}", "x",
         "holds a character that is not allowed (a control or direction mark)"},
        {"[]", "", "must be an object"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check(&cases[i], get_text);
    }
}

static void get_int(struct json_reader *r)
{
    assert_int_equal(json_get_int(r, r->document, "x", 0, 9), 0);
}

static void get_day(struct json_reader *r)
{
    assert_int_equal(json_get_day(r, r->document, "x"), 0);
}

static void get_time(struct json_reader *r)
{
    assert_int_equal(json_get_time(r, r->document, "x"), 0);
}

static void refuses_numbers_and_dates(void **state)
{
    (void)state;
    static const struct refusal numbers[] = {
        {"{}", "x", "is missing"},
        {"{\"x\":\"1\"}", "x", "must be a whole number"},
        {"{\"x\":1.0}", "x", "must be a whole number"},
        {"{\"x\":-1}", "x", "must be from 0 to 9"},
        {"{\"x\":10}", "x", "must be from 0 to 9"},
    };
    static const char *const days[] = {"2025-02-29", "2025-2-3", "20250203", "", "2025-13-01"};
    static const char *const times[] = {"2025-02-03",           "2025-02-03T24:00:00Z",
                                        "2025-02-03T00:60:00Z", "2025-02-03T00:00:60Z",
                                        "2025-02-03T00:00:00",  "2025-02-03T00:00:00+07:00",
                                        "2025-02-03t00:00:00Z", "2025-02-03T-1:00:00Z"};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        check(&numbers[i], get_int);
    }
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        char text[80];
        (void)snprintf(text, sizeof text, "{\"x\":\"%s\"}", days[i]);
        check(&(struct refusal){text, "x", "must be a date like \"2025-03-14\""}, get_day);
    }
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        char text[80];
        (void)snprintf(text, sizeof text, "{\"x\":\"%s\"}", times[i]);
        check(&(struct refusal){text, "x", "must be a time like \"2025-03-14T08:00:00Z\""},
              get_time);
    }
}

static void get_array(struct json_reader *r)
{
    assert_null(json_get_array(r, r->document, "x", 1, 2));
}

static void get_object(struct json_reader *r)
{
    assert_null(json_get_object(r, r->document, "x"));
}

static void find_bool(struct json_reader *r)
{
    assert_false(json_find_bool(r, r->document, "x"));
}

static void refuses_containers_and_switches(void **state)
{
    (void)state;
    check(&(struct refusal){"{\"x\":{}}", "x", "must be an array"}, get_array);
    check(&(struct refusal){"{\"x\":[]}", "x", "has fewer than 1 elements"}, get_array);
    check(&(struct refusal){"{\"x\":[1,2,3]}", "x", "has more than 2 elements"}, get_array);
    check(&(struct refusal){"{}", "x", "is missing"}, get_array);
    check(&(struct refusal){"{\"x\":[]}", "x", "must be an object"}, get_object);
    check(&(struct refusal){"{\"x\":1}", "x", "must be true or false"}, find_bool);
}

static void names_the_place_deep_inside(void **state)
{
    (void)state;
    struct json_reader r =
        open_text("{\"a\":[{\"n\":{\"en\":\"x\"}},{\"n\":{\"en\":\"y\",\"id\":5}}]}");
    const struct json_value *second = json_at(json_get_array(&r, r.document, "a", 0, 9), 1);
    (void)json_get_text(&r, json_get_object(&r, second, "n"), "id", 1, 9);
    assert_refused(&r, "a[1].n.id", "must be text");

    r = open_text("{\"a\":[{\"u\":[\"p\",\"q\"]}]}");
    const struct json_value *first = json_at(json_get_array(&r, r.document, "a", 0, 9), 0);
    const struct json_value *u = json_get_array(&r, first, "u", 0, 9);
    assert_span(json_text_at(&r, u, 0, 1, 1), "p");
    assert_int_equal(json_text_at(&r, u, 1, 2, 2).len, 0);
    assert_refused(&r, "a[0].u[1]", "is shorter than 2 bytes");

    r = open_text("[[1],[2]]");
    (void)json_int_at(&r, json_at(r.document, 1), 0, 0, 1);
    assert_refused(&r, "[1][0]", "must be from 0 to 1");
}

static void assert_place(struct json_reader *r, const char *path)
{
    assert_true(r->failed);
    assert_string_equal(r->problem.path, path);
    json_recover(r);
}

/* Standing at an element changes where a place is looked for, never what it is called. */
static void names_the_place_from_where_it_stands(void **state)
{
    (void)state;
    struct json_reader r = open_text("[{\"a\":[1,{\"b\":2}]},{\"a\":[1,{\"b\":3}]}]");
    const struct json_value *first = json_at(r.document, 0), *second = json_at(r.document, 1);
    json_stand_at(&r, 1);
    const struct json_value *array = json_get_array(&r, second, "a", 1, 2);
    (void)json_get_text(&r, json_at(array, 1), "b", 1, 2);
    assert_place(&r, "[1].a[1].b");
    (void)json_get_text(&r, second, "c", 1, 2);
    assert_place(&r, "[1].c");
    (void)json_get_text(&r, first, "c", 1, 2);
    assert_place(&r, "[0].c");
    json_stand_at(&r, 2); /* there is none */
    (void)json_get_text(&r, second, "c", 1, 2);
    assert_place(&r, "[1].c");
    json_close(&r);
}

static void first_problem_sticks_and_can_be_cleared(void **state)
{
    (void)state;
    struct json_reader r = open_text("{\"a\":1,\"b\":2}");
    (void)json_get_text(&r, r.document, "a", 0, 1);
    assert_int_equal(json_get_int(&r, r.document, "b", 0, 9), 0);
    (void)json_get_text(&r, r.document, "b", 0, 1);
    assert_string_equal(r.problem.path, "a");
    json_recover(&r);
    assert_false(r.failed);
    assert_int_equal(json_get_int(&r, r.document, "b", 0, 9), 2);
    json_close(&r);
}

static void refuses_unknown_members(void **state)
{
    (void)state;
    static const char *const names[] = {"known", NULL};
    struct json_reader r = open_text("{\"known\":1}");
    json_only(&r, r.document, names);
    assert_false(r.failed);
    json_close(&r);
    r = open_text("{\"o\":{\"known\":1,\"knwon\\u001b\":2}}");
    json_only(&r, json_get_object(&r, r.document, "o"), names);
    assert_refused(&r, "o.knwon?", "is not a known name");
}

static void walks_members_in_order(void **state)
{
    (void)state;
    struct json_reader r = open_text("{\"z\":\"1\",\"a\":\"2\"}");
    struct span name;
    const struct json_value *value;
    assert_true(json_member_at(r.document, 0, &name, &value));
    assert_span(name, "z");
    assert_span(json_value_text(&r, value, 1, 1), "1");
    assert_true(json_member_at(r.document, 1, &name, &value));
    assert_span(name, "a");
    assert_false(json_member_at(r.document, 2, &name, &value));
    (void)json_value_text(&r, value, 2, 2);
    assert_refused(&r, "a", "is shorter than 2 bytes");
}

static void refuses_hostile_documents(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "{",
        "{}x",
        "{\"a\":1,\"a\":2}",
        "{\"a\":\"\xff\"}",
        "[1,]",
        "nul",
        "{\"a\":01}",
        "\"\\u0000\"",
        "{\"a\":1e999}",
        "\xef\xbb\xbf{}",
        "[99999999999999999999]",
        "{\"a\\u0000b\":1}",
        "'a'",
    };
    struct json_reader r;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(json_open(span_str(bad[i]), &r));
        assert_true(r.failed);
        assert_null(r.document);
        assert_true(r.problem.line > 0);
        assert_string_not_equal(r.problem.what, "");
        json_recover(&r);
        assert_true(r.failed);
        json_close(&r);
    }
}

static void refuses_deep_nesting(void **state)
{
    (void)state;
    struct json_reader r;
    char text[67];
    memset(text, '[', 32);
    memset(text + 32, ']', 32);
    text[64] = '\0';
    assert_true(json_open(span_str(text), &r));
    json_close(&r);
    memset(text, '[', 33);
    memset(text + 33, ']', 33);
    text[66] = '\0';
    assert_false(json_open(span_str(text), &r));
    assert_int_equal(r.problem.line, 1);
    assert_string_equal(r.problem.what, "is nested more than 32 deep");
    /* Brackets inside text are text. */
    assert_true(json_open(span_str("[\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"]"), &r));
    json_close(&r);
}

static void every_prefix_is_refused(void **state)
{
    (void)state;
    static const char whole[] = "{\"a\":[1,{\"b\":\"\\u0041\xc3\xa9\"}],\"c\":true}";
    for (size_t len = 0; len < sizeof whole - 1; len++) {
        struct json_reader r;
        uint8_t *exact = malloc(len != 0 ? len : 1);
        assert_non_null(exact);
        memcpy(exact, whole, len);
        assert_false(json_open(span_of(exact, len), &r));
        free(exact);
    }
}

static void every_bit_flip_is_judged(void **state)
{
    (void)state;
    static const char whole[] = "{\"a\":[1,{\"b\":\"\xc3\xa9\"}],\"c\":true}";
    static const char *const names[] = {"a", "c", NULL};
    for (size_t bit = 0; bit < (sizeof whole - 1) * 8; bit++) {
        char flipped[sizeof whole];
        struct json_reader r;
        memcpy(flipped, whole, sizeof whole);
        flipped[bit / 8] = (char)(flipped[bit / 8] ^ 1 << bit % 8);
        if (json_open(span_of(flipped, sizeof whole - 1), &r)) {
            json_only(&r, r.document, names);
            (void)json_text_at(&r, json_get_array(&r, r.document, "a", 2, 2), 1, 1, 1);
            assert_true(r.failed);
        }
        json_close(&r);
    }
}

static void writes_what_was_put(void **state)
{
    (void)state;
    struct json_value *o = json_new_object();
    struct json_value *a = json_new_array();
    struct json_value *inner = json_new_object();
    json_put_string(o, "z", "e\xcc\x81\"\n");
    json_put_text(o, "bad",
                  span_str("a\xff"
                           "b\xed\xa0\x80"));
    json_put_int(o, "n", INT64_MIN);
    json_put_bool(o, "t", true);
    json_put_null(o, "nothing");
    json_put_hex(o, "hex", span_str("\x01\xab"));
    json_put_day(o, "day", -1);
    json_put_time(o, "time", -1);
    json_append_text(a, span_of(NULL, 0));
    json_append(a, inner);
    json_put(o, "a", a);
    char *text = json_format(o, 0);
    assert_string_equal(text,
                        "{\"z\":\"e\xcc\x81\\\"\\n\",\"bad\":\"a\xef\xbf\xbd"
                        "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\","
                        "\"n\":-9223372036854775808,\"t\":true,\"nothing\":null,"
                        "\"hex\":\"01ab\",\"day\":\"1969-12-31\",\"time\":\"1969-12-31T23:59:59Z\","
                        "\"a\":[\"\",{}]}");
    free(text);
    text = json_format(o, 2);
    assert_non_null(strstr(text, "\n  \"n\": -9223372036854775808,\n"));
    assert_string_equal(text + strlen(text) - 7, "\n  ]\n}\n");
    free(text);
    json_free(o);
    assert_null(json_format(NULL, 0));
}

/* What a terminal obeys is spelt out; other scripts stay as they are. The text is the same to a
 * reader. */
static void writes_nothing_that_a_terminal_obeys(void **state)
{
    (void)state;
    static const char text[] = "\x1B[\x7F|\xC2\x80|\xC2\x9B"
                               "31m|\xC2\x9F|\xC2\xA0|\xD8\x9C|\xE2\x80\xAE|\xE2\x81\xA9|\xE2"
                               "\x80\xA8|\xEF\xBB\xBF|\xE0\xB8\x81|\xF0\x9F\x98\x80";
    struct json_value *object = json_new_object();
    json_put_string(object, "t", text);
    char *written = json_format(object, 0);
    json_free(object);
    assert_string_equal(written, "{\"t\":\"\\u001B[\\u007F|\\u0080|\\u009B31m|\\u009F|\xC2\xA0|"
                                 "\\u061C|\\u202E|\\u2069|\\u2028|\\uFEFF|\xE0\xB8\x81|\xF0\x9F"
                                 "\x98\x80\"}");
    struct json_reader r = open_text(written);
    assert_true(json_has(r.document, "t"));
    json_close(&r);
    free(written);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_members_of_every_kind),
        cmocka_unit_test(refuses_texts),
        cmocka_unit_test(refuses_numbers_and_dates),
        cmocka_unit_test(refuses_containers_and_switches),
        cmocka_unit_test(names_the_place_deep_inside),
        cmocka_unit_test(names_the_place_from_where_it_stands),
        cmocka_unit_test(first_problem_sticks_and_can_be_cleared),
        cmocka_unit_test(refuses_unknown_members),
        cmocka_unit_test(walks_members_in_order),
        cmocka_unit_test(refuses_hostile_documents),
        cmocka_unit_test(refuses_deep_nesting),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(every_bit_flip_is_judged),
        cmocka_unit_test(writes_what_was_put),
        cmocka_unit_test(writes_nothing_that_a_terminal_obeys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
