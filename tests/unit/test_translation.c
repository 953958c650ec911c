/* SPDX-License-Identifier: Apache-2.0
 *
 * Translations from .mo files made here, byte by byte: found, not found, damaged in every bit.
 */
#include "check.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/translation.h"

static char folder[64];

static int enter(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/saksi-mo-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int leave(void **state)
{
    (void)state;
    char path[96];
    (void)snprintf(path, sizeof path, "%s/xx.mo", folder);
    (void)unlink(path);
    return rmdir(folder);
}

static void put_word(struct writer *w, uint32_t word)
{
    writer_put(w, span_of(&word, sizeof word)); /* this machine's order, as msgfmt writes it */
}

static const char *const pairs[][2] = {
    {"", "Language: xx\n"},
    {"No", "Tidak"},
    {"VALID", "SAH"},
    {"Yes", ""},
};

/* The four pairs as a file: a header, two tables, the strings. */
static struct span make_file(uint8_t *room, size_t cap)
{
    uint32_t strings = 28 + 2 * 8 * COUNT_OF(pairs), at = strings;
    struct writer w = writer_of(room, cap);
    const uint32_t head[] = {0x950412de, 0, COUNT_OF(pairs), 28, 28 + 8 * COUNT_OF(pairs), 0, 0};
    for (size_t i = 0; i < COUNT_OF(head); i++) {
        put_word(&w, head[i]);
    }
    for (size_t column = 0; column < 2; column++) {
        for (size_t i = 0; i < COUNT_OF(pairs); i++) {
            put_word(&w, (uint32_t)strlen(pairs[i][column]));
            put_word(&w, at);
            at += (uint32_t)strlen(pairs[i][column]) + 1;
        }
    }
    for (size_t column = 0; column < 2; column++) {
        for (size_t i = 0; i < COUNT_OF(pairs); i++) {
            writer_put(&w, span_of(pairs[i][column], strlen(pairs[i][column]) + 1));
        }
    }
    assert_true(writer_ok(&w));
    return writer_span(&w);
}

static struct translation *open_bytes(struct span bytes)
{
    char path[96];
    (void)snprintf(path, sizeof path, "%s/xx.mo", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    if (bytes.len != 0) {
        assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
    }
    assert_int_equal(fclose(file), 0);
    return translation_open(folder, "xx");
}

static void found_and_not_found(void **state)
{
    (void)state;
    uint8_t room[512];
    struct translation *t = open_bytes(make_file(room, sizeof room));
    assert_non_null(t);
    assert_string_equal(translation_text(t, "VALID"), "SAH");
    assert_string_equal(translation_text(t, "No"), "Tidak");
    assert_string_equal(translation_text(t, "Yes"), "Yes"); /* not translated yet */
    assert_string_equal(translation_text(t, ""), "");       /* never the file's own header */
    assert_string_equal(translation_text(t, "VALID "), "VALID ");
    assert_string_equal(translation_text(t, "A"), "A");
    assert_string_equal(translation_text(t, "z"), "z");
    translation_close(t);
    assert_string_equal(translation_text(NULL, "VALID"), "VALID");
    translation_close(NULL);
}

static void other_languages_are_not_there(void **state)
{
    (void)state;
    uint8_t room[512];
    translation_close(open_bytes(make_file(room, sizeof room)));
    assert_null(translation_open(folder, "yy"));
    assert_null(translation_open("/none", "xx"));
    assert_null(translation_open(folder, "../xx"));
    assert_null(translation_open(folder, ""));
    assert_null(open_bytes(span_of(NULL, 0)));
}

/* Whatever a damaged file says, it is text that ends, and the English is never lost. */
static void ask_everything(struct span bytes, void *context)
{
    size_t *opened = context;
    struct translation *t = open_bytes(bytes);
    *opened += t != NULL;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        assert_true(strlen(translation_text(t, pairs[i][0])) < 512);
    }
    translation_close(t);
}

static void prefixes_stay_english(void **state)
{
    (void)state;
    uint8_t room[512];
    size_t opened = 0;
    struct span whole = make_file(room, sizeof room);
    check_prefixes(whole, ask_everything, &opened);
    assert_true(opened < whole.len - 28); /* the header and the tables must be whole */
    struct translation *t = open_bytes(span_of(whole.ptr, whole.len - 1));
    assert_string_equal(translation_text(t, "VALID"), "SAH");
    translation_close(t);
    t = open_bytes(span_of(whole.ptr, whole.len - 6)); /* the end of "SAH" is gone */
    assert_string_equal(translation_text(t, "VALID"), "VALID");
    translation_close(t);
}

static void flipped_bits_do_no_harm(void **state)
{
    (void)state;
    uint8_t room[512];
    size_t opened = 0;
    check_bit_flips(make_file(room, sizeof room), ask_everything, &opened);
    assert_true(opened > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(found_and_not_found, enter, leave),
        cmocka_unit_test_setup_teardown(other_languages_are_not_there, enter, leave),
        cmocka_unit_test_setup_teardown(prefixes_stay_english, enter, leave),
        cmocka_unit_test_setup_teardown(flipped_bits_do_no_harm, enter, leave),
    };
    return cmocka_run_group_tests_name("translation", tests, NULL, NULL);
}
