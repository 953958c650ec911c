/* SPDX-License-Identifier: Apache-2.0
 *
 * What the user named becomes texts, credential bytes or a picture, by content alone.
 */
#include "check.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/input.h"

static char folder[64], path[96];

static int enter(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/saksi-input-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/valid.png", folder); /* names say nothing */
    return 0;
}

static int leave(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static bool open_bytes(struct span bytes, struct input *input, struct input_problem *problem)
{
    assert_int_equal(file_write_atomic(path, bytes, 0600), FILE_OK);
    return input_open(path, input, problem);
}

static void lines_end_as_they_may(void **state)
{
    (void)state;
    struct span text = span_str("one\r\n  two\t\n\n \r\nlast"), line;
    static const char *const expected[] = {"one", "two", "", "", "last"};
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_true(input_next_line(&text, &line));
        check_bytes(line, span_str(expected[i]));
    }
    assert_false(input_next_line(&text, &line));
    text = span_str("a\n"); /* an end is not a beginning */
    assert_true(input_next_line(&text, &line));
    assert_false(input_next_line(&text, &line));
    text = span_of("a\0b\nc", 5);
    assert_true(input_next_line(&text, &line));
    check_bytes(line, span_of("a\0b", 3));
}

/* Lines of any bytes, from blocks of their exact size: nothing is lost but blanks and ends. */
static void lines_of_anything(void **state)
{
    (void)state;
    uint64_t seed = 5;
    static const uint8_t alphabet[] = {'\n', ' ', '\r', 'x', 0, 0xFF};
    for (int turn = 0; turn < 3000; turn++) {
        uint8_t bytes[24];
        size_t len = check_random(&seed) % sizeof bytes, seen = 0, wanted = 0;
        for (size_t i = 0; i < len; i++) {
            bytes[i] = alphabet[check_random(&seed) % sizeof alphabet];
            wanted += bytes[i] == 'x';
        }
        uint8_t *copy = check_heap_copy(span_of(bytes, len));
        struct span text = span_of(copy, len), line;
        while (input_next_line(&text, &line)) {
            for (size_t i = 0; i < line.len; i++) {
                assert_int_not_equal(line.ptr[i], '\n');
                seen += line.ptr[i] == 'x';
            }
        }
        assert_int_equal(seen, wanted);
        free(copy);
    }
}

static void kinds_are_told_by_content(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        enum input_kind kind;
    } rows[] = {
        {"CC1:ABC\n", 8, INPUT_TEXTS},
        {"https://register.example/", 25, INPUT_TEXTS},
        {"\r\n\t x", 5, INPUT_TEXTS},
        {"\xD2\x84", 2, INPUT_TEXTS}, /* a letter; too short for a credential */
        {"\xD2\x84\x43", 3, INPUT_CREDENTIAL},
        {"\xD2\x84\x43\xA1\x01\x26 CC1:", 11, INPUT_CREDENTIAL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct input input;
        struct input_problem problem;
        assert_true(open_bytes(span_of(rows[i].bytes, rows[i].len), &input, &problem));
        assert_int_equal(input.kind, rows[i].kind);
        check_bytes(input.bytes, span_of(rows[i].bytes, rows[i].len));
        input_close(&input);
        assert_null(input.buffer);
    }
}

/* Here no helper program lies beside the test: pictures are told from others, and not opened. */
static void pictures_go_to_the_helper(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        enum decoder_error error;
    } rows[] = {
        {"\x89PNG\r\n\x1A\n and so on, and so on", 27, DECODER_NO_HELPER},
        {"\xFF\xD8\xFF\xE0 and so on, and so on", 23, DECODER_NO_HELPER},
        {"%PDF-1.7 and so on, and so on\n", 30, DECODER_NO_HELPER},
        {"PK\3\4 and so on, and so on", 22, DECODER_UNSUPPORTED},
        {"GIF89a and so on, and so on", 27, DECODER_UNSUPPORTED},
        {"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16, DECODER_UNSUPPORTED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct input input = {.buffer = NULL};
        struct input_problem problem;
        assert_false(open_bytes(span_of(rows[i].bytes, rows[i].len), &input, &problem));
        assert_int_equal(problem.file, FILE_OK);
        assert_int_equal(problem.decoder, rows[i].error);
        assert_null(input.buffer); /* untouched */
    }
}

static void files_that_cannot_be_read(void **state)
{
    (void)state;
    struct input input;
    struct input_problem problem;
    assert_false(input_open(path, &input, &problem));
    assert_int_equal(problem.file, FILE_MISSING);
    assert_false(input_open(folder, &input, &problem));
    assert_int_equal(problem.file, FILE_NOT_REGULAR);
    assert_false(input_open("/dev/zero", &input, &problem));
    assert_int_equal(problem.file, FILE_NOT_REGULAR);
    assert_false(open_bytes(span_of(NULL, 0), &input, &problem));
    assert_int_equal(problem.file, FILE_EMPTY);
    assert_int_equal(truncate(path, (off_t)INPUT_MAX_BYTES + 1), 0);
    assert_false(input_open(path, &input, &problem));
    assert_int_equal(problem.file, FILE_TOO_LARGE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_as_they_may), cmocka_unit_test(lines_of_anything),
        TEST(kinds_are_told_by_content),         TEST(pictures_go_to_the_helper),
        TEST(files_that_cannot_be_read),
    };
    return cmocka_run_group_tests_name("input", tests, NULL, NULL);
}
