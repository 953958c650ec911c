/* SPDX-License-Identifier: Apache-2.0
 *
 * A PIV card that becomes the chip of a certificate: looked at, opened with its management key,
 * emptied, given a key 9E that signs, written, read back and challenged, over any struct card_io.
 * Such a card has no states. What is for other programs comes first, and shows from then on whose
 * key 9E is; our certificate comes last, so that a card that was pulled before has none that its
 * key proves. Knows no reader, no registry and no files; prints nothing.
 */
#ifndef ISSUER_TOKEN_WRITER_H
#define ISSUER_TOKEN_WRITER_H

#include "devices/card_holding.h"
#include "devices/card_piv_manage.h"
#include "issuer/issue.h"

enum token_error {
    TOKEN_OK = 0,
    TOKEN_IO,       /* the card or its reader: see io_error */
    TOKEN_PIV,      /* the key, or what the card refused: see piv_error */
    TOKEN_UNPROVED, /* 9E does not sign, as where a PIN or a touch is wanted */
    TOKEN_IMPOSTOR, /* another key signs than the card should have */
    TOKEN_OURS      /* a card of ours, which is written as such (chip_writer) or not at all */
};

struct token_writer {
    struct issue_chip chip; /* for a session of issuing, once has_key */
    bool has_key;           /* it signs, and has chip.thumbprint */
    bool shows_key; /* has_key, or its certificate for other programs is ours and tells the key */
    bool taken;     /* our certificate is on it, or another's for 9E */
    struct card_label label; /* of ours */
    const struct card_piv_management *management;
    struct card_piv piv;
    bool opened; /* the management key was shown */
    uint8_t point[CARD_APP_PUBLIC_KEY_BYTES];
    enum card_io_error io_error;
    enum token_error failure; /* of the last chip.write */
    enum card_piv_error piv_error;
};

/* Looks at a card. `io` is copied and stays the caller's to close, the key is borrowed; both must
 * outlive the writer. `writer->chip` points to the writer, which must not be moved. */
MUST_USE enum token_error token_writer_open(struct token_writer *writer, const struct card_io *io,
                                            const struct card_piv_management *management);

/* Takes the certificate from the card, and has it make a key 9E that nothing is issued for: the
 * certificate is proved by no card any more, wherever a copy of it is. */
MUST_USE enum token_error token_writer_erase(struct token_writer *writer);

/* Has the card, which is not taken, make a key 9E in place of the one it may have, sign with it,
 * and keep a certificate of that key for other programs. */
MUST_USE enum token_error token_writer_make_key(struct token_writer *writer);

/* Puts the certificate that names the key of the card on it. Can be repeated. */
MUST_USE enum token_error token_writer_write(struct token_writer *writer, struct span document,
                                             const uint8_t credential_digest[CRYPTO_SHA256_SIZE]);

/* One phrase that fits "READER: PHRASE". A constant string. */
const char *token_writer_text(const struct token_writer *writer, enum token_error error);

#endif
