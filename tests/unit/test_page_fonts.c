/* SPDX-License-Identifier: Apache-2.0
 *
 * A machine without the fonts of a script: these tests hide those for Chinese, Japanese, Korean and
 * Khmer, whatever is installed. Names in these scripts are then refused by name; no other font that
 * happens to have the characters steps in.
 */
#include "page_sample.h"

#include <unistd.h>

static const char configuration[] =
    "<?xml version='1.0'?>\n<!DOCTYPE fontconfig SYSTEM 'fonts.dtd'>\n<fontconfig>\n"
    "<include ignore_missing='yes'>/etc/fonts/fonts.conf</include>\n<selectfont>\n"
    "<rejectfont><glob>*CJK*</glob></rejectfont>\n"
    "<rejectfont><glob>*Khmer*</glob></rejectfont>\n"
    "</selectfont>\n</fontconfig>\n";

static char path[] = "/tmp/saksi-fonts-XXXXXX";
static struct text_env *env;

static int hide_fonts(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    size_t len = sizeof configuration - 1;
    if (fd < 0 || write(fd, configuration, len) != (ssize_t)len || close(fd) != 0 ||
        setenv("FONTCONFIG_FILE", path, 1) != 0) {
        return -1;
    }
    env = text_env_new();
    return env == NULL ? -1 : 0;
}

static int show_fonts(void **state)
{
    (void)state;
    text_env_free(env);
    return unlink(path);
}

struct name {
    const char *lang, *text;
    bool prints;
};

static void assert_name(const char *layout, const struct name *name)
{
    static struct sheet sheet;
    struct input in;
    struct qr qr = {0};
    struct refusal refusal = {.internal = false};
    json_t *root = page_sample();
    page_set(root, "layout", layout);
    page_set_text(root, "certificate.holder_name_native.lang", name->lang);
    page_set_text(root, "certificate.holder_name_native.text", name->text);
    page_read(root, &in);
    assert_true(render_sheet(&in, env, &qr, &sheet, &refusal) == name->prints);
    assert_string_equal(refusal.sentence, name->prints
                                              ? ""
                                              : "certificate.holder_name_native: has a character "
                                                "that no installed font of its language prints");
    assert_false(refusal.internal);
    sheet_clear(&sheet);
    qr_free(&qr);
    input_free(&in);
    json_decref(root);
}

static void names_without_fonts_are_refused_by_name(void **state)
{
    (void)state;
    static const struct name names[] = {
        {"th", "สมชาย", true},
        {"zh", "王小明", false},
        {"zh-Hant", "王小明", false},
        {"zh-SG", "陈伟", false},
        {"ja", "山田太郎", false},
        {"ko", "홍길동", false},
        {"km", "សុខ", false},
        /* One letter that prints does not carry one that does not. */
        {"zh", "Wang 王", false},
        /* A language whose script needs no further font. */
        {"zh", "Wang Xiaoming", true},
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        assert_name("'a4'", &names[i]);
        assert_name("'card'", &names[i]);
    }
}

static void nothing_is_written_for_them(void **state)
{
    (void)state;
    struct refusal refusal = {.internal = false};
    uint8_t *pdf = NULL;
    size_t len = 0;
    json_t *root = page_sample();
    page_set(root, "certificate.holder_name_native", "{'lang':'zh','text':'王小明'}");
    struct span bytes = page_bytes(root);
    assert_false(render(bytes, NULL, &pdf, &len, &refusal));
    assert_null(pdf);
    assert_string_equal(refusal.sentence, "certificate.holder_name_native: has a character that no "
                                          "installed font of its language prints");
    page_free_bytes(bytes);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_without_fonts_are_refused_by_name),
        cmocka_unit_test(nothing_is_written_for_them),
    };
    return cmocka_run_group_tests(tests, hide_fonts, show_fonts);
}
