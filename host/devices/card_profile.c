/* SPDX-License-Identifier: Apache-2.0
 *
 * The table and its rows: each translates a kind of card into the same five questions.
 */
#include "devices/card_profile.h"

/* ---- our card: the credential application ---- */

static enum card_io_error own_open(struct card_visit *visit, const struct card_io *io)
{
    struct card_session *session = &visit->session;
    enum card_io_error error = card_session_open(session, io);
    visit->known = session->ours;
    if (error != CARD_IO_OK) {
        return error;
    }
    const struct card_session_file *photo = card_session_find(session, CARD_APP_PHOTO);
    for (size_t i = 0; i < session->file_count; i++) {
        visit->certificates += card_app_is_credential(session->file[i].id);
    }
    visit->photo_bytes = photo == NULL ? 0 : photo->len;
    visit->state = session->state;
    return CARD_IO_OK;
}

static enum card_io_error own_read(struct card_visit *visit, size_t at, uint8_t *room,
                                   size_t *ret_len, unsigned *ret_number)
{
    for (size_t i = 0; i < visit->session.file_count; i++) {
        const struct card_session_file *file = &visit->session.file[i];
        if (card_app_is_credential(file->id) && at-- == 0) {
            *ret_len = file->len;
            *ret_number = file->id - CARD_APP_CREDENTIAL + 1U;
            return card_session_read(&visit->session, file, room);
        }
    }
    return CARD_IO_SYSTEM;
}

static enum card_io_error own_photo(struct card_visit *visit, uint8_t *room)
{
    return card_session_read(&visit->session, card_session_find(&visit->session, CARD_APP_PHOTO),
                             room);
}

static enum card_io_error own_key(struct card_visit *visit,
                                  uint8_t ret_point[CARD_APP_PUBLIC_KEY_BYTES])
{
    return card_session_key(&visit->session, ret_point);
}

static enum card_io_error own_prove(struct card_visit *visit, const struct card_question *question,
                                    struct card_proof *proof)
{
    return card_session_prove(&visit->session, question->credential_digest, question->purpose,
                              proof);
}

/* ---- PIV cards ---- */

static enum card_io_error piv_open(struct card_visit *visit, const struct card_io *io)
{
    uint8_t room[CARD_PIV_MAX_OBJECT + 2];
    struct span document;
    enum card_io_error error = card_piv_open(&visit->piv, io);
    if (error != CARD_IO_OK) {
        return error;
    }
    visit->known = true;
    error = card_piv_get(&visit->piv, CARD_PIV_CREDENTIAL, room, sizeof room, &document);
    if (error == CARD_IO_REFUSED || (error == CARD_IO_OK && document.len == 0)) {
        return CARD_IO_OK; /* what it does not show, it does not show with a key */
    }
    if (error != CARD_IO_OK) {
        return error;
    }
    if (document.len > sizeof visit->document) {
        return CARD_IO_NONSENSE;
    }
    memcpy(visit->document, document.ptr, document.len);
    visit->document_len = document.len;
    visit->certificates = 1;
    return CARD_IO_OK;
}

static enum card_io_error piv_read(struct card_visit *visit, size_t at, uint8_t *room,
                                   size_t *ret_len, unsigned *ret_number)
{
    (void)at;
    memcpy(room, visit->document, visit->document_len);
    *ret_len = visit->document_len;
    *ret_number = 1;
    return CARD_IO_OK;
}

static enum card_io_error piv_key(struct card_visit *visit,
                                  uint8_t ret_point[CARD_APP_PUBLIC_KEY_BYTES])
{
    return card_piv_key(&visit->piv, ret_point);
}

static enum card_io_error piv_prove(struct card_visit *visit, const struct card_question *question,
                                    struct card_proof *proof)
{
    return card_piv_prove(&visit->piv, question->credential_digest, question->purpose,
                          question->cnf, proof);
}

/* ---- NDEF tags ---- */

static enum card_io_error ndef_open(struct card_visit *visit, const struct card_io *io)
{
    enum card_io_error error = card_ndef_open(&visit->ndef, io);
    visit->certificates = error == CARD_IO_OK;
    visit->known = error == CARD_IO_OK;
    return error;
}

static enum card_io_error ndef_read(struct card_visit *visit, size_t at, uint8_t *room,
                                    size_t *ret_len, unsigned *ret_number)
{
    (void)at;
    memcpy(room, visit->ndef.document, visit->ndef.len);
    *ret_len = visit->ndef.len;
    *ret_number = 1;
    return CARD_IO_OK;
}

/* ---- the table ---- */

const struct card_profile card_profiles[CARD_PROFILES] = {
    {.name = "saksi",
     .text = "Saksi card",
     .most = SAKSI_ASSURANCE_CARD_PROVED,
     .open = own_open,
     .read = own_read,
     .photo = own_photo,
     .key = own_key,
     .prove = own_prove},
    {.name = "piv",
     .text = "PIV card",
     .most = SAKSI_ASSURANCE_TOKEN_PROVED,
     .open = piv_open,
     .read = piv_read,
     .key = piv_key,
     .prove = piv_prove},
    {.name = "ndef",
     .text = "NDEF tag",
     .most = SAKSI_ASSURANCE_CARD_READ,
     .open = ndef_open,
     .read = ndef_read},
};

static enum card_io_error open_as(struct card_visit *visit, const struct card_profile *profile,
                                  const struct card_io *io)
{
    memset(visit, 0, sizeof *visit);
    visit->profile = profile;
    return profile->open(visit, io);
}

/* Whether another kind may be tried: none of what was found stands in the way of it. Cards that
 * know nothing of ours refuse its name in words of their own; our card that refuses anything else,
 * or whose memory failed, is still ours, and what may be in its other applications was not finished
 * by its issuer for all that is known. */
static bool may_be_another(const struct card_visit *visit, enum card_io_error error)
{
    return error == CARD_IO_NO_APPLICATION || (error == CARD_IO_REFUSED && !visit->known);
}

enum card_io_error card_visit_open(struct card_visit *visit, const struct card_io *io)
{
    const struct card_profile *empty = NULL;
    enum card_io_error none = CARD_IO_NO_APPLICATION;
    uint8_t state = 0; /* of all applications of a card of ours, wherever the certificate is */
    for (size_t i = 0; i < CARD_PROFILES; i++) {
        enum card_io_error error = open_as(visit, &card_profiles[i], io);
        state = visit->state != 0 ? visit->state : state;
        if (error == CARD_IO_OK && visit->certificates == 0) {
            empty = empty != NULL ? empty : visit->profile;
        } else if (may_be_another(visit, error)) {
            none = error == CARD_IO_REFUSED ? error : none;
        } else {
            visit->state = state;
            return error;
        }
    }
    return empty == NULL ? none : open_as(visit, empty, io);
}
