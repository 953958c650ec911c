/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi-card STORE HOST TEXT THUMBPRINT ANSWER: how a program that reads cards itself asks for a
 * verdict. TEXT is the certificate that it read, as its QR code has it; THUMBPRINT (64 hexadecimal
 * digits) is of the key that the card shows; ANSWER says how the card answered a challenge over the
 * digest of the certificate: "good", "wrong" or "none". Sample data is welcome: this is a test. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <saksi/saksi.h>

static int read_digest(const char *text, unsigned char digest[SAKSI_DIGEST_SIZE])
{
    if (strlen(text) != 2 * SAKSI_DIGEST_SIZE) {
        return 0;
    }
    for (size_t i = 0; i < SAKSI_DIGEST_SIZE; i++) {
        char two[3] = {text[2 * i], text[2 * i + 1], 0};
        digest[i] = (unsigned char)strtoul(two, NULL, 16);
    }
    return 1;
}

static enum saksi_card_answer read_answer(const char *text)
{
    return strcmp(text, "good") == 0    ? SAKSI_CARD_ANSWER_GOOD
           : strcmp(text, "wrong") == 0 ? SAKSI_CARD_ANSWER_WRONG
                                        : SAKSI_CARD_NO_ANSWER;
}

static enum saksi_error check(struct saksi_store *store, const char *host, const char *text,
                              struct saksi_card *card, struct saksi_verdict **ret_verdict)
{
    unsigned char digest[SAKSI_DIGEST_SIZE];
    struct saksi_verifier *verifier = NULL;
    const struct saksi_request request = {.size = sizeof request,
                                          .now_s = time(NULL),
                                          .utc_offset_s = 7 * 3600,
                                          .host = host,
                                          .purpose = SAKSI_HIRING,
                                          .card = card};
    enum saksi_error error = saksi_credential_digest(text, strlen(text), digest);
    if (error == SAKSI_OK) {
        error = saksi_verifier_new(store, &verifier);
    }
    if (error == SAKSI_OK) {
        card->credential_digest = digest; /* here the card is challenged about it */
        error = saksi_verify_qr_text(verifier, &request, text, strlen(text), ret_verdict);
    }
    saksi_verifier_free(verifier);
    return error;
}

int main(int argc, char **argv)
{
    unsigned char thumbprint[SAKSI_DIGEST_SIZE];
    struct saksi_store *store = NULL;
    struct saksi_verdict *verdict = NULL;
    struct saksi_card card = {.size = sizeof card, .present = 1, .key_thumbprint = thumbprint};
    if (argc != 6 || !read_digest(argv[4], thumbprint)) {
        fprintf(stderr, "usage: saksi-card STORE HOST TEXT THUMBPRINT good|wrong|none\n");
        return 64;
    }
    card.answer = read_answer(argv[5]);
    enum saksi_error error = saksi_store_open(argv[1], SAKSI_STORE_SAMPLE, &store);
    if (error == SAKSI_OK) {
        error = check(store, argv[2], argv[3], &card, &verdict);
    }
    if (error != SAKSI_OK) {
        fprintf(stderr, "saksi-card: %s\n", saksi_error_text(error));
    }
    printf("%s\n", saksi_outcome_text(saksi_verdict_outcome(verdict)));
    for (size_t i = 0; i < saksi_verdict_reason_count(verdict); i++) {
        printf("  %s\n", saksi_reason_sentence(saksi_verdict_reason(verdict, i)));
    }
    int status = (int)saksi_verdict_outcome(verdict);
    saksi_verdict_free(verdict);
    saksi_store_close(store);
    return status;
}
