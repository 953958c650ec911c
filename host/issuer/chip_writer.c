/* SPDX-License-Identifier: Apache-2.0
 *
 * The credential is written last, so that a card that was pulled before shows none; and the card is
 * locked only when a conversation without rights has found on it what the holder's verifier will
 * find.
 */
#include "issuer/chip_writer.h"

const char *chip_writer_text(const struct chip_writer *w, enum chip_error error)
{
    switch (error) {
    case CHIP_OK:
        return "the card is finished";
    case CHIP_IO:
        return card_io_error_text(w->io_error);
    case CHIP_SAMPLE:
        return "this is a SAMPLE card, made at a sample station; take another one";
    case CHIP_NOT_SAMPLE:
        return "this is a card of a real issuer, and the station is a SAMPLE";
    case CHIP_DIFFERS:
        return "the card does not hold what was written; take another card";
    case CHIP_UNPROVED:
        return "the card does not prove its own key; take another card";
    case CHIP_PHOTO:
        break;
    }
    return "the photo is larger than a card holds";
}

/* Notes what the card or its reader did. */
static enum chip_error of_io(struct chip_writer *w, enum card_io_error error)
{
    w->io_error = error;
    return error == CARD_IO_OK ? CHIP_OK : CHIP_IO;
}

/* ---- looking ---- */

/* Closing first: selecting the application ends the card's side of the channel, too. */
static enum chip_error look(struct chip_writer *w)
{
    chip_writer_close(w);
    enum card_io_error error = card_session_open(&w->session, &w->io);
    w->has_key = card_session_find(&w->session, CARD_APP_PUBLIC_KEY) != NULL;
    if (error == CARD_IO_OK && w->has_key) {
        error = card_session_thumbprint(&w->session, w->chip.thumbprint);
    }
    return of_io(w, error);
}

static bool write_chip(void *ctx, const struct signed_credential *made,
                       const struct holder_photo *photo, char why[400])
{
    struct chip_writer *w = ctx;
    struct span bytes = photo == NULL ? span_of(NULL, 0) : span_of(photo->bytes, photo->len);
    enum chip_error error = chip_writer_write(w, span_of(made->document, made->document_len),
                                              made->credential_digest, bytes);
    w->failure = error;
    (void)snprintf(why, 400, "%s", error == CHIP_OK ? "" : chip_writer_text(w, error));
    return error == CHIP_OK;
}

enum chip_error chip_writer_open(struct chip_writer *w, const struct card_io *io,
                                 const struct chip_keys *keys)
{
    *w = (struct chip_writer){.io = *io, .keys = *keys};
    w->chip.write = write_chip;
    w->chip.ctx = w;
    return look(w);
}

void chip_writer_close(struct chip_writer *w)
{
    card_manage_close(&w->manage);
    w->opened = false;
}

static const struct card_session_file *first_credential(const struct chip_writer *w)
{
    for (size_t i = 0; i < w->session.file_count; i++) {
        if (card_app_is_credential(w->session.file[i].id)) {
            return &w->session.file[i];
        }
    }
    return NULL;
}

bool chip_writer_is_taken(const struct chip_writer *w)
{
    return w->session.state != CARD_BLANK || first_credential(w) != NULL;
}

enum chip_error chip_writer_label(struct chip_writer *w, struct card_label *ret_label)
{
    const struct card_session_file *file = first_credential(w);
    *ret_label = (struct card_label){.number = ""};
    if (file == NULL) {
        return CHIP_OK;
    }
    enum card_io_error error = card_session_read(&w->session, file, w->room);
    if (error == CARD_IO_OK) {
        card_label_read(span_of(w->room, file->len), w->has_key ? w->chip.thumbprint : NULL,
                        ret_label);
    }
    return of_io(w, error);
}

/* ---- with rights ---- */

static bool is_sample(uint8_t version)
{
    return version == CHIP_KEYS_SAMPLE;
}

enum chip_error chip_writer_unlock(struct chip_writer *w)
{
    if (w->opened) {
        return CHIP_OK;
    }
    enum card_io_error error =
        card_manage_open(&w->manage, &w->session, w->keys.transport, w->keys.issuer);
    w->opened = error == CARD_IO_OK;
    if (!w->opened || w->manage.transport ||
        is_sample(w->manage.keys.version) == is_sample(w->keys.version)) {
        return of_io(w, error);
    }
    bool sample = is_sample(w->manage.keys.version);
    chip_writer_close(w);
    return sample ? CHIP_SAMPLE : CHIP_NOT_SAMPLE;
}

/* Removes every file but the key and those that `wanted` names. */
static enum card_io_error clear(struct chip_writer *w, const uint16_t *wanted, size_t count)
{
    enum card_io_error error = CARD_IO_OK;
    for (size_t i = w->session.file_count; i-- > 0 && error == CARD_IO_OK;) {
        uint16_t id = w->session.file[i].id;
        bool keep = id == CARD_APP_PUBLIC_KEY;
        for (size_t k = 0; k < count; k++) {
            keep = keep || id == wanted[k];
        }
        if (!keep) {
            error = card_manage_store(&w->manage, id, span_of(NULL, 0));
        }
    }
    return error;
}

enum chip_error chip_writer_erase(struct chip_writer *w)
{
    enum chip_error error = chip_writer_unlock(w);
    if (error == CHIP_OK) {
        error = of_io(w, card_manage_erase(&w->manage));
    }
    return error == CHIP_OK ? look(w) : error;
}

/* The key that others will read must be the one that came through the channel. */
static enum chip_error take_key(struct chip_writer *w,
                                const uint8_t point[CARD_APP_PUBLIC_KEY_BYTES])
{
    enum chip_error error = of_io(w, card_session_thumbprint(&w->session, w->chip.thumbprint));
    if (error == CHIP_OK && memcmp(w->session.key, point, CARD_APP_PUBLIC_KEY_BYTES) != 0) {
        error = CHIP_DIFFERS;
    }
    w->has_key = error == CHIP_OK;
    return error;
}

enum chip_error chip_writer_make_key(struct chip_writer *w)
{
    uint8_t point[CARD_APP_PUBLIC_KEY_BYTES];
    enum chip_error error = chip_writer_unlock(w);
    w->has_key = false;
    if (error == CHIP_OK) {
        error = of_io(w, clear(w, NULL, 0));
    }
    if (error == CHIP_OK) {
        error = of_io(w, card_manage_generate(&w->manage, point));
    }
    return error == CHIP_OK ? take_key(w, point) : error;
}

/* ---- writing ---- */

/* Whether a file of the card has these bytes; no bytes: whether it is not there. */
static enum card_io_error compare(struct chip_writer *w, uint16_t id, struct span bytes,
                                  bool *ret_same)
{
    const struct card_session_file *file = card_session_find(&w->session, id);
    size_t len = file == NULL ? 0 : file->len;
    enum card_io_error error = CARD_IO_OK;
    bool same = len == bytes.len;
    if (same && len != 0) {
        error = card_session_read(&w->session, file, w->room);
        same = span_equal(span_of(w->room, len), bytes);
    }
    *ret_same = error == CARD_IO_OK && same;
    return error;
}

static enum card_io_error bring(struct chip_writer *w, uint16_t id, struct span bytes)
{
    bool same = false;
    enum card_io_error error = compare(w, id, bytes, &same);
    return error == CARD_IO_OK && !same ? card_manage_store(&w->manage, id, bytes) : error;
}

static enum card_io_error bring_keys(struct chip_writer *w)
{
    bool there = !w->manage.transport && w->manage.keys.version == w->keys.version;
    if (there) {
        return CARD_IO_OK;
    }
    return w->keys.issuer == NULL
               ? CARD_IO_NO_KEYS
               : card_manage_put_keys(&w->manage, w->keys.issuer, w->keys.version);
}

/* From BLANK, or from PERSONALISED, to PERSONALISED. */
static enum chip_error fill(struct chip_writer *w, struct span document, struct span photo)
{
    static const uint16_t wanted[] = {CARD_APP_PHOTO, CARD_APP_CREDENTIAL};
    enum chip_error opened = chip_writer_unlock(w);
    if (opened != CHIP_OK) {
        return opened;
    }
    enum card_io_error error = clear(w, wanted, 2);
    if (error == CARD_IO_OK) {
        error = bring(w, CARD_APP_PHOTO, photo);
    }
    if (error == CARD_IO_OK) {
        error = bring_keys(w);
    }
    if (error == CARD_IO_OK) {
        error = bring(w, CARD_APP_CREDENTIAL, document);
    }
    if (error == CARD_IO_OK && w->session.state == CARD_BLANK) {
        error = card_manage_set_state(&w->manage, CARD_PERSONALISED);
    }
    return of_io(w, error);
}

/* The key that it shows now must be the one that the certificate names. */
static enum chip_error prove(struct chip_writer *w, const uint8_t *credential_digest,
                             const uint8_t *thumbprint)
{
    struct card_proof proof = {.present = true};
    enum card_io_error error =
        card_session_prove(&w->session, credential_digest, CARD_PURPOSE_ISSUE, &proof);
    if (error != CARD_IO_OK) {
        return of_io(w, error);
    }
    bool proved = proof.answer == CARD_ANSWER_GOOD &&
                  memcmp(proof.key_thumbprint, thumbprint, CRYPTO_SHA256_SIZE) == 0 &&
                  memcmp(proof.credential_digest, credential_digest, CRYPTO_SHA256_SIZE) == 0;
    return proved ? CHIP_OK : CHIP_UNPROVED;
}

/* As a verifier would: from the beginning, and without rights. */
static enum chip_error check(struct chip_writer *w, struct span document,
                             const uint8_t *credential_digest, struct span photo)
{
    uint8_t thumbprint[CRYPTO_SHA256_SIZE];
    bool same[2] = {false, false};
    memcpy(thumbprint, w->chip.thumbprint, sizeof thumbprint);
    enum chip_error error = look(w);
    if (error == CHIP_OK) {
        error = of_io(w, compare(w, CARD_APP_PHOTO, photo, &same[0]));
    }
    if (error == CHIP_OK) {
        error = of_io(w, compare(w, CARD_APP_CREDENTIAL, document, &same[1]));
    }
    if (error != CHIP_OK) {
        return error;
    }
    size_t files = photo.len == 0 ? 2 : 3;
    if (!same[0] || !same[1] || !w->has_key || w->session.file_count != files ||
        memcmp(thumbprint, w->chip.thumbprint, sizeof thumbprint) != 0) {
        return CHIP_DIFFERS;
    }
    return prove(w, credential_digest, thumbprint);
}

static enum chip_error lock(struct chip_writer *w)
{
    enum chip_error error = chip_writer_unlock(w);
    if (error == CHIP_OK) {
        error = of_io(w, card_manage_set_state(&w->manage, CARD_LOCKED));
    }
    if (error == CHIP_OK) {
        error = look(w);
    }
    return error == CHIP_OK && w->session.state != CARD_LOCKED ? CHIP_DIFFERS : error;
}

enum chip_error chip_writer_write(struct chip_writer *w, struct span document,
                                  const uint8_t credential_digest[CRYPTO_SHA256_SIZE],
                                  struct span photo)
{
    enum chip_error error = photo.len <= CARD_APP_MAX_PHOTO ? CHIP_OK : CHIP_PHOTO;
    if (error == CHIP_OK && w->session.state != CARD_LOCKED) {
        error = fill(w, document, photo);
    }
    if (error == CHIP_OK) {
        error = check(w, document, credential_digest, photo);
    }
    if (error == CHIP_OK && w->session.state != CARD_LOCKED) {
        error = lock(w);
    }
    return error;
}
