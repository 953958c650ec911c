/* SPDX-License-Identifier: Apache-2.0
 *
 * Certificates: what is left out when a page will not take all, and what made one too long. What is
 * put into the JSON is paper_json.c's, how it becomes a page paper_page.c's.
 */
#include "issuer/paper.h"

#include <stdio.h>

#include "issuer/paper_json.h"

#define MESSAGE_SIZE 256

enum paper_error paper_make(const struct paper_request *request, uint8_t **ret_pdf, size_t *ret_len,
                            char message[MESSAGE_SIZE])
{
    struct paper_request bare = *request;
    enum paper_error error = paper_page_make(request->libexec_dir, paper_json(request),
                                             request->qr_text, ret_pdf, ret_len, message);
    if (error != PAPER_INPUT || request->titles == NULL) {
        return error;
    }
    /* Nobody signed the titles: what was signed is not lost over one that no font has. */
    bare.titles = NULL;
    return paper_make(&bare, ret_pdf, ret_len, message);
}

/* Bytes a claim takes in the credential; 0 for what has a fixed size. */
static size_t claim_size(const struct credential *c, enum saksi_claim claim)
{
    size_t size = 0;
    enum claim_kind kind = claim_info[claim].kind;
    if (kind == CLAIM_CODES) {
        for (size_t i = 0; i < c->unit_count; i++) {
            size += c->unit[i].len + 1;
        }
        return size;
    }
    bool variable = kind == CLAIM_TEXT || kind == CLAIM_CODE || claim == SAKSI_CLAIM_FACE;
    return variable && !claim_info[claim].top ? credential_text(c, claim).len : 0;
}

void paper_longest_claims(const struct credential *credential, char text[MESSAGE_SIZE])
{
    uint64_t told = 0;
    size_t used = 0;
    text[0] = '\0';
    for (int n = 0; n < 3 && used < MESSAGE_SIZE; n++) {
        enum saksi_claim longest = SAKSI_CLAIM_COUNT;
        for (int i = 0; i < SAKSI_CLAIM_COUNT; i++) {
            bool longer =
                longest == SAKSI_CLAIM_COUNT ||
                claim_size(credential, (enum saksi_claim)i) > claim_size(credential, longest);
            if ((told >> i & 1) == 0 && longer) {
                longest = (enum saksi_claim)i;
            }
        }
        if (claim_size(credential, longest) == 0) {
            return;
        }
        told |= (uint64_t)1 << longest;
        used += (size_t)snprintf(text + used, MESSAGE_SIZE - used, "%s%s (%zu bytes)",
                                 n == 0 ? "" : ", ", claim_info[longest].json,
                                 claim_size(credential, longest));
    }
}
