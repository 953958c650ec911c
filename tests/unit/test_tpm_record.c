/* SPDX-License-Identifier: Apache-2.0
 *
 * The mark as bytes in the TPM and as a line between programs: genuine beside damaged.
 */
#include "check.h"
#include "devices/tpm/tpm_line.h"
#include "devices/tpm/tpm_record.h"

static void a_record_is_what_it_was(void **state)
{
    (void)state;
    static const uint8_t wanted[TPM_RECORD_SIZE] = {
        'S', 'A', 'K', 'S', 'I', 'M', 'K', 1, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 3, 4, 5};
    uint8_t record[TPM_RECORD_SIZE];
    int64_t root = 0, header = 0;
    tpm_record_encode(0x102, 0x30405, record);
    assert_memory_equal(record, wanted, sizeof wanted);
    assert_true(tpm_record_decode(record, &root, &header));
    assert_int_equal(root, 0x102);
    assert_int_equal(header, 0x30405);
    tpm_record_encode(INT64_MAX, 0, record);
    assert_true(tpm_record_decode(record, &root, &header));
    assert_true(root == INT64_MAX && header == 0);
    tpm_record_encode(1, INT64_MAX, record);
    assert_true(tpm_record_decode(record, &root, &header));
    assert_true(root == 1 && header == INT64_MAX);
}

static void refused(const uint8_t record[TPM_RECORD_SIZE])
{
    int64_t root = -7, header = -8;
    assert_false(tpm_record_decode(record, &root, &header));
    assert_int_equal(root, -7);
    assert_int_equal(header, -8);
}

static void flipped(struct span bytes, void *context)
{
    size_t *taken = context;
    int64_t root = 0, header = 0;
    *taken += tpm_record_decode(bytes.ptr, &root, &header);
}

static void other_bytes_are_no_record(void **state)
{
    (void)state;
    uint8_t record[TPM_RECORD_SIZE] = {0};
    size_t taken = 0;
    refused(record);
    memset(record, 0xFF, sizeof record); /* fresh memory of some TPMs */
    refused(record);
    tpm_record_encode(0, 5, record);
    refused(record);
    tpm_record_encode(-1, 5, record);
    refused(record);
    tpm_record_encode(5, -1, record);
    refused(record);
    tpm_record_encode(3, 5, record);
    check_bit_flips(span_of(record, sizeof record), flipped, &taken);
    /* every flip in the first eight bytes is refused, and the two signs */
    assert_int_equal(taken, 16 * 8 - 2);
}

static bool line(const char *text, int64_t *ret_root, int64_t *ret_header)
{
    uint8_t *copy = check_heap_copy(span_str(text));
    bool taken = tpm_line_versions(span_of(copy, strlen(text)), ret_root, ret_header);
    free(copy);
    return taken;
}

static void lines_are_exact(void **state)
{
    (void)state;
    int64_t root = 0, header = 0;
    assert_true(line("1 0\n", &root, &header));
    assert_true(root == 1 && header == 0);
    assert_true(line("9223372036854775807 9223372036854775807\n", &root, &header));
    assert_true(root == INT64_MAX && header == INT64_MAX);
    static const char *const refused_lines[] = {"",
                                                "\n",
                                                "1",
                                                "1 0",
                                                "1\n",
                                                "1 \n",
                                                " 1 0\n",
                                                "1  0\n",
                                                "1 0 \n",
                                                "1 0\n\n",
                                                "1 0\nmark",
                                                "1 0\r\n",
                                                "1\t0\n",
                                                "0 1\n",
                                                "01 1\n",
                                                "1 01\n",
                                                "1 00\n",
                                                "-1 1\n",
                                                "1 -1\n",
                                                "+1 1\n",
                                                "1 1.0\n",
                                                "0x1 1\n",
                                                "1 2 3\n",
                                                "9223372036854775808 1\n",
                                                "1 9223372036854775808\n",
                                                "1 18446744073709551617\n",
                                                "99999999999999999999999999999 1\n"};
    root = -7;
    header = -8;
    for (size_t i = 0; i < COUNT_OF(refused_lines); i++) {
        if (line(refused_lines[i], &root, &header)) {
            fail_msg("\"%s\" was taken", refused_lines[i]);
        }
        assert_true(root == -7 && header == -8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_what_it_was),
        cmocka_unit_test(other_bytes_are_no_record),
        cmocka_unit_test(lines_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
