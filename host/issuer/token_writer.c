/* SPDX-License-Identifier: Apache-2.0
 *
 * Key, proof, the certificate of 9E for other programs; then, when it is signed, our certificate.
 */
#include "issuer/token_writer.h"

#include "devices/card_piv_certificate.h"

const char *token_writer_text(const struct token_writer *w, enum token_error error)
{
    switch (error) {
    case TOKEN_OK:
        return "the card is finished";
    case TOKEN_IO:
        return card_io_error_text(w->io_error);
    case TOKEN_PIV:
        return card_piv_error_text(w->piv_error);
    case TOKEN_OURS:
        return "this is a Saksi card, not another maker's PIV card; leave --management-key out";
    case TOKEN_IMPOSTOR:
        return "another key signs than the card should have; do not use this card";
    case TOKEN_UNPROVED:
        break;
    }
    return "key 9E does not sign by itself; take a card that asks for no touch and no PIN there";
}

static enum token_error of_io(struct token_writer *w, enum card_io_error error)
{
    w->io_error = error;
    return error == CARD_IO_OK ? TOKEN_OK : TOKEN_IO;
}

static enum token_error of_piv(struct token_writer *w, enum card_piv_error error)
{
    w->piv_error = error;
    return error == CARD_PIV_OK ? TOKEN_OK : error == CARD_PIV_ERROR_IO ? TOKEN_IO : TOKEN_PIV;
}

/* ---- looking ---- */

static bool write_chip(void *ctx, const struct signed_credential *made,
                       const struct holder_photo *photo, char why[400])
{
    struct token_writer *w = ctx;
    (void)photo; /* there is no room for one, and whoever asked for one was refused */
    enum token_error error =
        token_writer_write(w, span_of(made->document, made->document_len), made->credential_digest);
    w->failure = error;
    (void)snprintf(why, 400, "%s", error == TOKEN_OK ? "" : token_writer_text(w, error));
    return error == TOKEN_OK;
}

/* A verifier looks there first, and finds a card that its issuer never locked. */
static enum token_error refuse_ours(struct token_writer *w, const struct card_io *io)
{
    struct card_session session;
    enum card_io_error error = card_session_open(&session, io);
    if (error == CARD_IO_OK || error == CARD_IO_TERMINATED) {
        return TOKEN_OURS;
    }
    bool is_other = error == CARD_IO_NO_APPLICATION || (error == CARD_IO_REFUSED && !session.ours);
    return is_other ? TOKEN_OK : of_io(w, error);
}

/* What signs nonsense is no key, and a new one takes its place. */
static enum card_io_error look_for_key(struct token_writer *w)
{
    enum card_io_error error = card_piv_key(&w->piv, w->point);
    if (error == CARD_IO_OK) {
        error = card_point_thumbprint(w->point, w->chip.thumbprint);
        w->has_key = error == CARD_IO_OK;
    }
    return error == CARD_IO_REFUSED || error == CARD_IO_NONSENSE ? CARD_IO_OK : error;
}

/* A key that somebody else uses has his certificate. Ours tells of a key that does not answer just
 * now, and that something may wait for. */
static enum card_io_error look_for_others(struct token_writer *w)
{
    uint8_t room[CARD_PIV_MAX_OBJECT + 2], point[CARD_APP_PUBLIC_KEY_BYTES];
    struct span value;
    enum card_io_error error =
        card_piv_get(&w->piv, CARD_PIV_CERTIFICATE_9E, room, sizeof room, &value);
    if (error != CARD_IO_OK) {
        return error;
    }
    bool ours = card_piv_certificate_read(value, point);
    w->shows_key = w->has_key || ours;
    w->taken =
        value.len != 0 && !(ours && w->has_key && memcmp(point, w->point, sizeof point) == 0);
    return ours && !w->has_key ? card_point_thumbprint(point, w->chip.thumbprint) : CARD_IO_OK;
}

static enum card_io_error look_for_certificate(struct token_writer *w)
{
    uint8_t room[CARD_PIV_MAX_OBJECT + 2];
    struct span document;
    enum card_io_error error =
        card_piv_get(&w->piv, CARD_PIV_CREDENTIAL, room, sizeof room, &document);
    if (error != CARD_IO_OK) {
        return error;
    }
    w->taken = w->taken || document.len != 0;
    card_label_read(document, w->shows_key ? w->chip.thumbprint : NULL, &w->label);
    return CARD_IO_OK;
}

enum token_error token_writer_open(struct token_writer *w, const struct card_io *io,
                                   const struct card_piv_management *management)
{
    *w = (struct token_writer){.management = management};
    w->chip.write = write_chip;
    w->chip.ctx = w;
    enum token_error refused = refuse_ours(w, io);
    if (refused != TOKEN_OK) {
        return refused;
    }
    enum card_io_error error = card_piv_open(&w->piv, io);
    if (error == CARD_IO_OK) {
        error = look_for_key(w);
    }
    if (error == CARD_IO_OK) {
        error = look_for_others(w);
    }
    if (error == CARD_IO_OK) {
        error = look_for_certificate(w);
    }
    return of_io(w, error);
}

/* ---- with rights ---- */

static enum token_error unlock(struct token_writer *w)
{
    enum token_error error = TOKEN_OK;
    if (!w->opened) {
        error = of_piv(w, card_piv_authenticate(&w->piv, w->management, &w->io_error));
        w->opened = error == TOKEN_OK;
    }
    return error;
}

/* Empty first: a certificate of ours never stands beside a key that it is not for. */
enum token_error token_writer_erase(struct token_writer *w)
{
    enum token_error error = unlock(w);
    w->has_key = false;
    if (error == TOKEN_OK) {
        error = of_piv(w, card_piv_remove(&w->piv, &w->io_error));
    }
    w->taken = w->taken && error != TOKEN_OK;
    return error == TOKEN_OK ? of_piv(w, card_piv_generate(&w->piv, w->point, &w->io_error))
                             : error;
}

static enum token_error prove(struct token_writer *w, const uint8_t *credential_digest)
{
    struct card_proof proof = {.present = true};
    enum card_io_error error =
        card_piv_prove(&w->piv, credential_digest, CARD_PURPOSE_ISSUE, w->chip.thumbprint, &proof);
    if (error != CARD_IO_OK) {
        return of_io(w, error);
    }
    return proof.answer == CARD_ANSWER_GOOD   ? TOKEN_OK
           : proof.answer == CARD_ANSWER_NONE ? TOKEN_UNPROVED
                                              : TOKEN_IMPOSTOR;
}

/* One that wants a PIN or a touch is found out here, while nothing is signed for it. */
enum token_error token_writer_make_key(struct token_writer *w)
{
    static const uint8_t no_credential[CRYPTO_SHA256_SIZE];
    enum token_error error = token_writer_erase(w);
    if (error == TOKEN_OK) {
        error = of_io(w, card_point_thumbprint(w->point, w->chip.thumbprint));
    }
    if (error == TOKEN_OK) {
        error = prove(w, no_credential);
    }
    if (error == TOKEN_OK) {
        error = of_piv(w, card_piv_put_certificate(&w->piv, w->point, &w->io_error));
    }
    w->has_key = error == TOKEN_OK;
    return error;
}

/* As a verifier would: from the beginning, and without rights. */
static enum token_error check(struct token_writer *w, struct span document,
                              const uint8_t *credential_digest)
{
    uint8_t room[CARD_PIV_MAX_OBJECT + 2];
    struct span found = {NULL, 0};
    const struct card_io io = w->piv.io;
    w->opened = false;
    enum card_io_error error = card_piv_open(&w->piv, &io);
    if (error == CARD_IO_OK) {
        error = card_piv_get(&w->piv, CARD_PIV_CREDENTIAL, room, sizeof room, &found);
    }
    if (error != CARD_IO_OK) {
        return of_io(w, error);
    }
    return span_equal(found, document) ? prove(w, credential_digest)
                                       : of_piv(w, CARD_PIV_ERROR_DIFFERS);
}

enum token_error token_writer_write(struct token_writer *w, struct span document,
                                    const uint8_t credential_digest[CRYPTO_SHA256_SIZE])
{
    enum token_error error = unlock(w);
    if (error == TOKEN_OK) {
        error = prove(w, credential_digest);
    }
    if (error == TOKEN_OK) {
        error = of_piv(w, card_piv_put_credential(&w->piv, document, &w->io_error));
    }
    return error == TOKEN_OK ? check(w, document, credential_digest) : error;
}
