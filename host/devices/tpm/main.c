/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi-tpm: the mark in a TPM, read or raised, in one line (tpm_line.h). It never lowers a mark.
 * Between its reading and its writing another one might write: the caller holds the trust store's
 * write lock meanwhile.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/tpm/tpm_line.h"
#include "devices/tpm/tpm_nv.h"
#include "verifier/trust_mark.h"

struct mark {
    int64_t root, header;
};

static enum tpm_nv_error read_mark(struct tpm_nv *nv, uint32_t index, struct mark *ret_mark)
{
    uint8_t record[TPM_RECORD_SIZE];
    enum tpm_nv_error error = tpm_nv_read(nv, index, record);
    if (error == TPM_NV_OK && !tpm_record_decode(record, &ret_mark->root, &ret_mark->header)) {
        error = TPM_NV_FOREIGN;
    }
    return error;
}

/* Answers what the TPM holds afterwards, read back. */
static enum tpm_nv_error raise_mark(struct tpm_nv *nv, uint32_t index, const struct mark *wanted,
                                    struct mark *ret_mark)
{
    uint8_t record[TPM_RECORD_SIZE];
    enum tpm_nv_error error = read_mark(nv, index, ret_mark);
    bool lower = error == TPM_NV_ABSENT ||
                 (error == TPM_NV_OK && trust_mark_compare(ret_mark->root, ret_mark->header,
                                                           wanted->root, wanted->header) < 0);
    if (!lower) {
        return error;
    }
    tpm_record_encode(wanted->root, wanted->header, record);
    error = tpm_nv_write(nv, index, record);
    return error == TPM_NV_OK ? read_mark(nv, index, ret_mark) : error;
}

static const char *word_of(enum tpm_nv_error error)
{
    switch (error) {
    case TPM_NV_UNREACHABLE:
        return TPM_WORD_UNREACHABLE;
    case TPM_NV_DENIED:
        return TPM_WORD_DENIED;
    case TPM_NV_FOREIGN:
        return TPM_WORD_FOREIGN;
    default:
        return TPM_WORD_FAILED;
    }
}

static void answer(enum tpm_nv_error error, bool reading, const struct mark *mark)
{
    if (error == TPM_NV_OK) {
        printf(TPM_WORD_MARK "%" PRId64 " %" PRId64 "\n", mark->root, mark->header);
    } else if (error == TPM_NV_ABSENT && reading) {
        (void)fputs(TPM_WORD_NONE, stdout);
    } else {
        printf(TPM_WORD_ERROR "%s", word_of(error));
    }
}

static bool read_wanted(struct mark *ret_mark)
{
    char line[TPM_LINE_MAX + 1];
    size_t len = fread(line, 1, sizeof line, stdin);
    return tpm_line_versions(span_of(line, len), &ret_mark->root, &ret_mark->header);
}

int main(int argc, char **argv)
{
    struct mark wanted = {0}, mark = {0};
    struct tpm_nv *nv = NULL;
    bool reading = argc == 4 && strcmp(argv[1], TPM_WORD_READ) == 0;
    bool raising = argc == 4 && strcmp(argv[1], TPM_WORD_RAISE) == 0;
    bool sample = argc == 4 && strcmp(argv[3], TPM_WORD_SAMPLE) == 0;
    bool known = (reading || raising) && (sample || strcmp(argv[3], TPM_WORD_REAL) == 0);
    if (!known || (raising && !read_wanted(&wanted))) {
        (void)fputs("usage: saksi-tpm read|raise TCTI real|sample; saksi starts it\n", stderr);
        return 64;
    }
    /* The libraries would explain every refusal on standard error. */
    (void)setenv("TSS2_LOG", "all+NONE", 1);
    uint32_t index = sample ? TPM_NV_INDEX_SAMPLE : TPM_NV_INDEX_REAL;
    enum tpm_nv_error error = tpm_nv_open(argv[2], &nv);
    if (error == TPM_NV_OK) {
        error = reading ? read_mark(nv, index, &mark) : raise_mark(nv, index, &wanted, &mark);
    }
    tpm_nv_close(nv);
    answer(error, reading, &mark);
    return fflush(stdout) == 0 ? 0 : 74;
}
