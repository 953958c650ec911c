/* SPDX-License-Identifier: Apache-2.0
 *
 * What a card proved, as facts from a program that reads cards itself; saksi card verify hands over
 * the same ones and gets the same verdict. WIRE.md, "The card", has every byte of the conversation.
 *
 * The conversation, with challenge = 32 fresh random bytes and digest = saksi_credential_digest():
 *   SELECT F0 53414B5349 01; READ BINARY of a credential (E110 to E117) and of the key (E102);
 *   INTERNAL AUTHENTICATE of challenge ‖ digest ‖ 01 (ISO/IEC 7816-4 §11.5.2), answered by r ‖ s;
 *   READ BINARY of the photo (E103).
 * Whoever fills in the facts has checked that signature, and compares nothing with the certificate:
 * that is the verifier's to do.
 */
#ifndef SAKSI_CARD_H
#define SAKSI_CARD_H

#include <stddef.h>
#include <saksi/error.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SAKSI_DIGEST_SIZE 32

enum saksi_card_answer {
    SAKSI_CARD_NO_ANSWER = 0, /* it was not asked, has no key, or declined (any status word but
                                 9000): it may be a copy (COPY_POSSIBLE) */
    /* A signature that verifies with the key the card shows, a point of P-256: ECDSA (FIPS 186-4
     * §6.4) over SHA-256("saksi/ia/1" ‖ 00 ‖ challenge ‖ digest ‖ 01). */
    SAKSI_CARD_ANSWER_GOOD = 1,
    SAKSI_CARD_ANSWER_WRONG = 2, /* anything else, also a key that is no point: NOT VALID */
};

/* Set everything to zero first, then `size` to sizeof(struct saksi_card). All pointers are borrowed
 * during the call; a digest is SAKSI_DIGEST_SIZE bytes. A conversation that broke off gives no
 * facts and no verdict: begin anew. */
struct saksi_card {
    size_t size;
    int present;       /* not 0: the certificate was read from a card. 0: from paper, and nothing
                          else here is set */
    int generic_token; /* not 0: a token for any purpose, which signs whatever it is given; its
                          proof is SAKSI_ASSURANCE_TOKEN_PROVED */
    int unfinished;    /* not 0: SELECT named another state than 7F, LOCKED: its issuer has not
                          finished it (CARD_UNFINISHED) */
    enum saksi_card_answer answer;
    /* SHA-256 thumbprint (RFC 9679 §3) of the key that the card shows: of A4 01 02 20 01 21 58 20 ‖
     * x ‖ 22 58 20 ‖ y. The claim cnf names the right one (RFC 8747 §3.1). NULL: no key is shown.
     */
    const unsigned char *key_thumbprint;
    /* What the card signed beside the challenge: as saksi_credential_digest() gives it for the
     * bytes that were read. NULL: it signed nothing. */
    const unsigned char *credential_digest;
    /* SHA-256 (FIPS 180-4) of the photo, read whole. NULL: none was. */
    const unsigned char *photo_digest;
    /* The certificate on the paper that was shown with the card, as for saksi_credential_digest().
     * Paper of the same number that says something else is CARD_QR_MISMATCH; paper of another
     * number is not compared, and needs a verdict of its own. NULL: no paper. */
    const void *paper;
    size_t paper_len;
};

/* SHA-256 of the Sig_structure (RFC 9052 §4.4) of a certificate: the bytes of a credential, or the
 * text of its QR code. It is the same for every signature of the same content.
 * SAKSI_ERROR_ARGUMENT, and nothing is written, when it is no certificate; whether it is a good one
 * is not asked. */
SAKSI_API SAKSI_MUST_USE enum saksi_error
saksi_credential_digest(const void *certificate, size_t len,
                        unsigned char ret_digest[SAKSI_DIGEST_SIZE]);

#ifdef __cplusplus
}
#endif

#endif
