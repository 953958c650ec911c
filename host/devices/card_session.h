/* SPDX-License-Identifier: Apache-2.0
 *
 * A conversation with our card: what is on it, its certificates, its photo, and the proof that it
 * holds its key (WIRE.md, "The card"). Believes nothing the card says: every length is checked, and
 * what it proves is checked here. Judges no certificate, and decodes no photo.
 */
#ifndef DEVICES_CARD_SESSION_H
#define DEVICES_CARD_SESSION_H

#include "devices/card_challenge.h"
#include "devices/card_command.h"
#include "devices/card_point.h"

enum { CARD_SESSION_FILES = CARD_APP_CREDENTIALS + 3 };

struct card_session_file {
    uint16_t id;
    uint16_t len; /* bytes, 1 to what its kind may have */
};

struct card_session {
    struct card_io io;
    struct card_traffic traffic;
    bool short_only; /* the card, or the reader, takes no extended length */
    bool ours;       /* the application is there: whatever fails, the card is no other kind */
    uint8_t state;   /* enum card_app_state */
    size_t file_count;
    struct card_session_file file[CARD_SESSION_FILES]; /* in the order of the index */
    bool has_key;
    uint8_t key[CARD_APP_PUBLIC_KEY_BYTES]; /* 04 ‖ x ‖ y as the card gives it */
};

/* Selects the application and reads its index. Where the card is not `ours`, the error is that of
 * card_select(). `io` is copied; it is the caller's to close. */
MUST_USE enum card_io_error card_session_open(struct card_session *session,
                                              const struct card_io *io);

/* The file of that identifier, or NULL. */
const struct card_session_file *card_session_find(const struct card_session *session, uint16_t id);

/* Reads a file of the index whole; `room` has space for its length. */
MUST_USE enum card_io_error card_session_read(struct card_session *session,
                                              const struct card_session_file *file, uint8_t *room);

/* Keep the session's list of files true after a command that changed them on the card
 * (card_manage): the file has `len` bytes now, 0: it was removed; and: all were removed. The key is
 * read again when it is next asked for. */
void card_session_note(struct card_session *session, uint16_t id, uint16_t len);
void card_session_forget(struct card_session *session);

/* The public key that the card shows, 04 ‖ x ‖ y, and its thumbprint (RFC 9679). CARD_IO_REFUSED
 * when there is none, CARD_IO_NONSENSE when it is no P-256 key. */
MUST_USE enum card_io_error card_session_key(struct card_session *session,
                                             uint8_t ret_point[CARD_APP_PUBLIC_KEY_BYTES]);
MUST_USE enum card_io_error card_session_thumbprint(struct card_session *session,
                                                    uint8_t ret_thumbprint[CRYPTO_SHA256_SIZE]);

/* Challenges the card about a credential of that digest, with fresh random bytes, and fills in
 * `answer`, `key_thumbprint` and `credential_digest`. A card without a key, or one that declines,
 * gives CARD_ANSWER_NONE; a signature or key that is none gives CARD_ANSWER_WRONG. */
MUST_USE enum card_io_error card_session_prove(struct card_session *session,
                                               const uint8_t credential_digest[CRYPTO_SHA256_SIZE],
                                               uint8_t purpose, struct card_proof *proof);

#endif
