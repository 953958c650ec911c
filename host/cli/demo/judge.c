/* SPDX-License-Identifier: Apache-2.0
 *
 * The demo's checkpoint: scans the picture of a page and judges the code in it, with nothing but
 * the trust list.
 */
#include "cli/demo/demo.h"

#include <stdlib.h>

#include "devices/decoder.h"
#include "verifier/verify.h"

struct demo_judge {
    struct trust_store *store;
    struct verifier *verifier;
    struct verdict verdict;
};

bool demo_judge_open(struct demo *demo, struct demo_judge **ret_judge)
{
    char path[PATH_MAX];
    enum db_error db_error = DB_OK;
    struct demo_judge *judge = calloc(1, sizeof *judge);
    if (judge == NULL || !demo_path(demo, path, "%s/trust.db", demo->dir)) {
        free(judge);
        return demo_fail(demo, "memory ran out");
    }
    if (trust_store_open(path, DB_READ, true, &judge->store, &db_error) != TRUST_STORE_OK ||
        verifier_new(judge->store, &judge->verifier) != VERIFY_OK) {
        demo_judge_close(judge);
        return demo_fail(demo, "%s: %s", path, db_error_text(db_error));
    }
    *ret_judge = judge;
    return true;
}

void demo_judge_close(struct demo_judge *judge)
{
    if (judge != NULL) {
        verifier_free(judge->verifier);
        trust_store_close(judge->store);
        free(judge);
    }
}

static struct verify_request request_of(const struct demo *demo, const struct demo_case *c)
{
    return (struct verify_request){.now_s = demo->now_s,
                                   .build_s = demo->build_s,
                                   .host = DEMO_HOST,
                                   .purpose = c->purpose,
                                   .post = c->post == NULL ? span_of(NULL, 0) : span_str(c->post)};
}

static void take_answer(const struct demo_judge *judge, const struct demo_case *c,
                        struct demo_answer *ret_answer)
{
    ret_answer->outcome = judge->verdict.outcome;
    ret_answer->reason =
        verdict_has(&judge->verdict, c->reason) ? c->reason : judge->verdict.reason[0].reason;
}

bool demo_judge_document(struct demo *demo, struct demo_judge *judge, const struct demo_case *c,
                         const struct demo_document *shown, struct demo_answer *ret_answer)
{
    struct verify_request request = request_of(demo, c);
    if (shown->proof != NULL) {
        request.card = *shown->proof;
    }
    if (verify_credential(judge->verifier, &request, shown->document, &judge->verdict) !=
        VERIFY_OK) {
        return demo_fail(demo, "%s: cannot be judged", c->name);
    }
    take_answer(judge, c, ret_answer);
    return true;
}

static bool judge_text(const struct demo *demo, struct demo_judge *judge, const struct demo_case *c,
                       struct span text)
{
    struct verify_request request = request_of(demo, c);
    return verify_qr_text(judge->verifier, &request, text, &judge->verdict) == VERIFY_OK;
}

bool demo_judge_page(struct demo *demo, struct demo_judge *judge, const struct demo_case *c,
                     struct demo_answer *ret_answer)
{
    char path[PATH_MAX];
    uint8_t *page = NULL;
    size_t len = 0;
    struct decoder_result codes = {0};
    if (!demo_path(demo, path, "%s/certificates/%s.png", demo->dir, c->name)) {
        return false;
    }
    enum file_error file_error = file_read(path, DECODE_FILE_MAX, &page, &len);
    enum decoder_error error = file_error == FILE_OK
                                   ? decoder_scan(demo->libexec_dir, span_of(page, len), &codes)
                                   : DECODER_UNREADABLE;
    free(page);
    if (error != DECODER_OK) {
        return demo_fail(demo, "%s: %s", path,
                         file_error == FILE_OK ? decoder_error_text(error, FILE_KIND_PNG)
                                               : file_error_text(file_error));
    }
    bool judged = codes.count == 1 && judge_text(demo, judge, c, codes.code[0].text);
    decoder_result_clear(&codes);
    if (!judged) {
        return demo_fail(demo, "%s: does not hold exactly one code", path);
    }
    take_answer(judge, c, ret_answer);
    return true;
}
