/* SPDX-License-Identifier: Apache-2.0
 *
 * What the helper says about a TPM, true or not: only exact answers count, and nothing that it says
 * or does makes a mark that is not there.
 */
#include "check.h"
#include "devices/tpm/tpm_line.h"
#include "devices/tpm_mark.h"

#include <stdio.h>
#include <unistd.h>

static char lair[64];

static int make_lair(void **state)
{
    char path[128];
    (void)state;
    strcpy(lair, "/tmp/saksi-tpm-XXXXXX");
    if (mkdtemp(lair) == NULL) {
        return -1;
    }
    (void)snprintf(path, sizeof path, "%s/" TPM_PROGRAM, lair);
    return symlink(TEST_LIAR, path);
}

static int remove_lair(void **state)
{
    char path[128];
    (void)state;
    (void)snprintf(path, sizeof path, "%s/" TPM_PROGRAM, lair);
    (void)unlink(path);
    return rmdir(lair);
}

static const struct trust_mark untouched = {.header_version = 77};
static struct trust_mark mark;

/* A TCTI that makes the helper do as told. */
static struct tpm_mark_call told(const char *word, char room[256])
{
    (void)snprintf(room, 256, "device:%s", word);
    return (struct tpm_mark_call){.libexec_dir = lair, .tcti = room, .timeout_ms = 5000};
}

static enum tpm_mark_error read_told(const char *word)
{
    char room[256];
    struct tpm_mark_call call = told(word, room);
    mark = untouched;
    return tpm_mark_read(&call, &mark);
}

static enum tpm_mark_error read_said(const char *text)
{
    char word[200] = "say:";
    size_t at = 4;
    for (; *text != '\0' && at + 2 < sizeof word; text++) {
        at += (size_t)snprintf(word + at, sizeof word - at, "%02x", (unsigned char)*text);
    }
    return read_told(word);
}

static enum tpm_mark_error raise_told(const char *word, int64_t root, int64_t header)
{
    char room[256];
    struct tpm_mark_call call = told(word, room);
    mark = untouched;
    return tpm_mark_raise(&call, root, header, &mark);
}

static void check_mark(int64_t root, int64_t header)
{
    assert_true(mark.wanted && mark.known);
    assert_int_equal(mark.root_version, root);
    assert_int_equal(mark.header_version, header);
}

static void check_untouched(void)
{
    assert_memory_equal(&mark, &untouched, sizeof mark);
}

static void exact_answers_count(void **state)
{
    (void)state;
    assert_int_equal(read_said("mark 1 0\n"), TPM_MARK_OK);
    check_mark(1, 0);
    assert_int_equal(read_said("mark 12 345\n"), TPM_MARK_OK);
    check_mark(12, 345);
    static const struct {
        const char *said;
        enum tpm_mark_error error;
    } rows[] = {{"none\n", TPM_MARK_NONE},
                {"error unreachable\n", TPM_MARK_UNREACHABLE},
                {"error denied\n", TPM_MARK_DENIED},
                {"error foreign\n", TPM_MARK_FOREIGN},
                {"error failed\n", TPM_MARK_FAILED}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(read_said(rows[i].said), rows[i].error);
        check_untouched();
    }
}

static void other_answers_are_none(void **state)
{
    (void)state;
    static const char *const answers[] = {"",
                                          "\n",
                                          "mark",
                                          "mark \n",
                                          "mark 1 0",
                                          "mark 0 1\n",
                                          "MARK 1 0\n",
                                          "mark 1\n",
                                          "mark 1 0\n\n",
                                          " mark 1 0\n",
                                          "none",
                                          "nonemark 1 0\n",
                                          "none\nnone",
                                          "error\n",
                                          "error denied",
                                          "error denied\n\n",
                                          "mark -1 0\n",
                                          "mark 1 99999999999999999999\n"};
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        if (read_said(answers[i]) != TPM_MARK_FAILED) {
            fail_msg("\"%s\" was taken", answers[i]);
        }
        check_untouched();
    }
    assert_int_equal(read_told("say:6d61726b203120300a00"), TPM_MARK_FAILED); /* a NUL after it */
    assert_int_equal(read_told("say:6d61726b00203120300a"), TPM_MARK_FAILED);
    check_untouched();
}

static void misdeeds_are_failures(void **state)
{
    (void)state;
    static const char *const words[] = {"crash",  "crash-late", "flood",
                                        "exit:1", "exit:64",    "nothing"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        assert_int_equal(read_told(words[i]), TPM_MARK_FAILED);
        assert_int_equal(raise_told(words[i], 1, 2), TPM_MARK_FAILED);
        check_untouched();
    }
    char room[256];
    struct tpm_mark_call call = told("hang", room);
    call.timeout_ms = 100;
    assert_int_equal(tpm_mark_read(&call, &mark), TPM_MARK_FAILED);
    call = told("close-and-hang", room);
    call.timeout_ms = 100;
    assert_int_equal(tpm_mark_read(&call, &mark), TPM_MARK_FAILED);
    check_untouched();
}

static void a_raised_mark_is_not_below(void **state)
{
    (void)state;
    assert_int_equal(raise_told("repeat", 3, 4), TPM_MARK_OK);
    check_mark(3, 4);
    assert_int_equal(raise_told("repeat", INT64_MAX, INT64_MAX), TPM_MARK_OK);
    check_mark(INT64_MAX, INT64_MAX);
    /* "mark 3 4\n" */
    assert_int_equal(raise_told("say:6d61726b203320340a", 3, 4), TPM_MARK_OK);
    assert_int_equal(raise_told("say:6d61726b203320340a", 2, 9), TPM_MARK_OK);
    check_mark(3, 4);
    assert_int_equal(raise_told("say:6d61726b203320340a", 3, 5), TPM_MARK_FAILED);
    check_untouched();
    assert_int_equal(raise_told("say:6d61726b203320340a", 4, 0), TPM_MARK_FAILED);
    /* "none\n" is no answer to it */
    assert_int_equal(raise_told("say:6e6f6e650a", 3, 4), TPM_MARK_FAILED);
    check_untouched();
    /* what cannot be a store's state is not written */
    assert_int_equal(raise_told("repeat", 0, 4), TPM_MARK_FAILED);
    assert_int_equal(raise_told("repeat", 1, -1), TPM_MARK_FAILED);
    check_untouched();
}

static void a_missing_helper_is_named(void **state)
{
    (void)state;
    struct tpm_mark_call call = {.libexec_dir = "/nonexistent", .tcti = "device:/dev/tpmrm0"};
    mark = untouched;
    assert_int_equal(tpm_mark_read(&call, &mark), TPM_MARK_NO_HELPER);
    assert_int_equal(tpm_mark_raise(&call, 1, 1, &mark), TPM_MARK_NO_HELPER);
    check_untouched();
    for (int error = TPM_MARK_OK; error <= TPM_MARK_FAILED; error++) {
        assert_true(strlen(tpm_mark_error_text((enum tpm_mark_error)error)) > 5);
    }
}

static void only_drivers_of_tpms_are_started(void **state)
{
    (void)state;
    char name[TPM_MARK_TCTI_MAX + 2];
    static const char *const taken[] = {"device:/dev/tpmrm0", "device:", "swtpm:port=2321",
                                        "mssim:host=localhost,port=2321", "tabrmd:"};
    static const char *const refused[] = {"",
                                          "device",
                                          "/dev/tpmrm0",
                                          "cmd:rm x",
                                          "cmd:true",
                                          "pcap:device:/dev/tpmrm0",
                                          "libtss2-tcti-device.so:",
                                          "/tmp/x.so:",
                                          "Device:/dev/tpmrm0",
                                          " device:/dev/tpmrm0",
                                          "device:/dev/tpmrm0 ",
                                          "device:/dev/tpm\nrm0",
                                          "device:/dev/\x7f",
                                          "device:/dev/\xc3\xa9"};
    for (size_t i = 0; i < COUNT_OF(taken); i++) {
        assert_true(tpm_mark_is_tcti(taken[i]));
    }
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct tpm_mark_call call = {.libexec_dir = lair, .tcti = refused[i]};
        assert_false(tpm_mark_is_tcti(refused[i]));
        assert_int_equal(tpm_mark_read(&call, &mark), TPM_MARK_UNREACHABLE);
    }
    memset(name, 'x', sizeof name);
    memcpy(name, "device:", 7);
    name[TPM_MARK_TCTI_MAX] = '\0';
    assert_true(tpm_mark_is_tcti(name));
    name[TPM_MARK_TCTI_MAX] = 'x';
    name[TPM_MARK_TCTI_MAX + 1] = '\0';
    assert_false(tpm_mark_is_tcti(name));
}

/* The root's version counts first. */
static void marks_are_compared_in_order(void **state)
{
    (void)state;
    const struct trust_mark m = {true, true, 2, 5}, unread = {true, false, 2, 5};
    assert_true(trust_mark_is_above(&m, 2, 4));
    assert_true(trust_mark_is_above(&m, 1, INT64_MAX));
    assert_true(trust_mark_is_above(&m, 0, 0));
    assert_false(trust_mark_is_above(&m, 2, 5));
    assert_false(trust_mark_is_above(&m, 2, 6));
    assert_false(trust_mark_is_above(&m, 3, 0));
    assert_false(trust_mark_is_above(&unread, 0, 0));
    assert_int_equal(trust_mark_compare(2, 5, 2, 5), 0);
    assert_int_equal(trust_mark_compare(2, 4, 2, 5), -1);
    assert_int_equal(trust_mark_compare(3, 0, 2, 5), 1);
    assert_int_equal(trust_mark_compare(INT64_MIN, 0, INT64_MAX, 0), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_answers_count),
        cmocka_unit_test(other_answers_are_none),
        cmocka_unit_test(misdeeds_are_failures),
        cmocka_unit_test(a_raised_mark_is_not_below),
        cmocka_unit_test(a_missing_helper_is_named),
        cmocka_unit_test(only_drivers_of_tpms_are_started),
        cmocka_unit_test(marks_are_compared_in_order),
    };
    return cmocka_run_group_tests(tests, make_lair, remove_lair);
}
