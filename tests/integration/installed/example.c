/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi-check [--sample] STORE HOST TEXT: the smallest program that checks a certificate with the
 * installed library. Sample data proves nothing: it is refused unless it is asked for. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <saksi/saksi.h>

int main(int argc, char **argv)
{
    struct saksi_store *store = NULL;
    struct saksi_verifier *verifier = NULL;
    struct saksi_verdict *verdict = NULL;
    struct saksi_request request = {.size = sizeof request, .purpose = SAKSI_HIRING};
    unsigned flags = SAKSI_STORE_READ;
    if (argc == 5 && strcmp(argv[1], "--sample") == 0) {
        flags = SAKSI_STORE_SAMPLE;
        argv++;
    } else if (argc != 4) {
        fprintf(stderr, "usage: saksi-check [--sample] STORE HOST TEXT\n");
        return 64;
    }
    request.now_s = time(NULL);
    request.utc_offset_s = 7 * 3600;
    request.host = argv[2];
    enum saksi_error error = saksi_store_open(argv[1], flags, &store);
    if (error == SAKSI_OK) {
        error = saksi_verifier_new(store, &verifier);
    }
    if (error == SAKSI_OK) {
        error = saksi_verify_qr_text(verifier, &request, argv[3], strlen(argv[3]), &verdict);
    }
    if (error != SAKSI_OK) {
        fprintf(stderr, "saksi-check: %s\n", saksi_error_text(error));
    }
    enum saksi_outcome outcome = saksi_verdict_outcome(verdict);
    printf("%s\n", saksi_outcome_text(outcome));
    for (size_t i = 0; i < saksi_verdict_reason_count(verdict); i++) {
        printf("  %s\n", saksi_reason_sentence(saksi_verdict_reason(verdict, i)));
    }
    saksi_verdict_free(verdict);
    saksi_verifier_free(verifier);
    saksi_store_close(store);
    return (int)outcome;
}
