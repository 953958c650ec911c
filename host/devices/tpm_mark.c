/* SPDX-License-Identifier: Apache-2.0
 *
 * One line to the helper, one line back. The helper is trusted with the TPM, not with this process:
 * whatever it answers that is not exactly one of its words is a failure.
 */
#include "devices/tpm_mark.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/process.h"
#include "devices/tpm/tpm_line.h"

bool tpm_mark_is_tcti(const char *text)
{
    static const char *const drivers[] = {"device:", "swtpm:", "mssim:", "tabrmd:"};
    struct span s = span_str(text);
    bool driver = false;
    for (size_t i = 0; i < sizeof drivers / sizeof drivers[0]; i++) {
        driver = driver || span_starts_with(s, span_str(drivers[i]));
    }
    bool plain = s.len <= TPM_MARK_TCTI_MAX;
    for (size_t i = 0; i < s.len && plain; i++) {
        plain = s.ptr[i] > 0x20 && s.ptr[i] < 0x7F;
    }
    return driver && plain;
}

static enum tpm_mark_error error_of_word(struct span word)
{
    static const struct {
        const char *word;
        enum tpm_mark_error error;
    } words[] = {
        {TPM_WORD_UNREACHABLE, TPM_MARK_UNREACHABLE},
        {TPM_WORD_DENIED, TPM_MARK_DENIED},
        {TPM_WORD_FOREIGN, TPM_MARK_FOREIGN},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (span_equal(word, span_str(words[i].word))) {
            return words[i].error;
        }
    }
    return TPM_MARK_FAILED;
}

static struct span after(struct span line, const char *word)
{
    size_t len = strlen(word);
    return span_of(line.ptr + len, line.len - len);
}

static enum tpm_mark_error read_answer(struct span line, struct trust_mark *ret_mark)
{
    struct trust_mark mark = {.wanted = true, .known = true};
    if (span_equal(line, span_str(TPM_WORD_NONE))) {
        return TPM_MARK_NONE;
    }
    if (span_starts_with(line, span_str(TPM_WORD_ERROR))) {
        return error_of_word(after(line, TPM_WORD_ERROR));
    }
    if (!span_starts_with(line, span_str(TPM_WORD_MARK)) ||
        !tpm_line_versions(after(line, TPM_WORD_MARK), &mark.root_version, &mark.header_version)) {
        return TPM_MARK_FAILED;
    }
    *ret_mark = mark;
    return TPM_MARK_OK;
}

static enum tpm_mark_error ask(const struct tpm_mark_call *call, const char *word,
                               struct span input, struct trust_mark *ret_mark)
{
    char program[PATH_MAX];
    static const char *const environment[] = {NULL};
    if (!tpm_mark_is_tcti(call->tcti)) {
        return TPM_MARK_UNREACHABLE;
    }
    int len = snprintf(program, sizeof program, "%s/" TPM_PROGRAM, call->libexec_dir);
    if (len < 0 || (size_t)len >= sizeof program) {
        return TPM_MARK_NO_HELPER;
    }
    const char *argv[] = {program, word, call->tcti, call->sample ? TPM_WORD_SAMPLE : TPM_WORD_REAL,
                          NULL};
    struct process_call process = {.argv = argv,
                                   .environment = environment,
                                   .input = input,
                                   .output_max = TPM_LINE_MAX,
                                   .timeout_ms = call->timeout_ms == 0 ? TPM_MARK_TIMEOUT_MS
                                                                       : call->timeout_ms};
    struct process_result result = {0};
    enum process_error error = process_run(&process, &result);
    if (error != PROCESS_OK) {
        return error == PROCESS_MISSING ? TPM_MARK_NO_HELPER : TPM_MARK_FAILED;
    }
    enum tpm_mark_error answer =
        result.exit_code == 0 ? read_answer(span_of(result.output, result.output_len), ret_mark)
                              : TPM_MARK_FAILED;
    free(result.output);
    return answer;
}

enum tpm_mark_error tpm_mark_read(const struct tpm_mark_call *call, struct trust_mark *ret_mark)
{
    return ask(call, TPM_WORD_READ, span_of(NULL, 0), ret_mark);
}

enum tpm_mark_error tpm_mark_raise(const struct tpm_mark_call *call, int64_t root_version,
                                   int64_t header_version, struct trust_mark *ret_mark)
{
    char line[TPM_LINE_MAX + 1];
    struct trust_mark mark = {0};
    int len =
        snprintf(line, sizeof line, "%" PRId64 " %" PRId64 "\n", root_version, header_version);
    enum tpm_mark_error error = ask(call, TPM_WORD_RAISE, span_of(line, (size_t)len), &mark);
    /* None, or one below what was asked for, is no answer to this. */
    if (error == TPM_MARK_NONE ||
        (error == TPM_MARK_OK && trust_mark_compare(mark.root_version, mark.header_version,
                                                    root_version, header_version) < 0)) {
        error = TPM_MARK_FAILED;
    }
    if (error == TPM_MARK_OK) {
        *ret_mark = mark;
    }
    return error;
}

const char *tpm_mark_error_text(enum tpm_mark_error error)
{
    switch (error) {
    case TPM_MARK_OK:
        return "was read";
    case TPM_MARK_NONE:
        return "there is none yet; where this TPM is new, saksi trust mark makes it";
    case TPM_MARK_NO_HELPER:
        return "the program saksi-tpm is not installed; install the complete saksi package";
    case TPM_MARK_UNREACHABLE:
        return "no TPM answers there; check the setting \"tpm\", and that this user may open it";
    case TPM_MARK_DENIED:
        return "the TPM asks for a password; see TPM in saksi(1)";
    case TPM_MARK_FOREIGN:
        return "something else lies in its place; see TPM in saksi(1)";
    case TPM_MARK_FAILED:
        break;
    }
    return "the TPM failed or took too long";
}
