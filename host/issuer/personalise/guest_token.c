/* SPDX-License-Identifier: Apache-2.0
 *
 * PIV cards of other makers, opened with their management key.
 */
#include "personalise.h"

static int status_of_piv(enum card_piv_error error)
{
    switch (error) {
    case CARD_PIV_ERROR_REFUSED:
    case CARD_PIV_ERROR_DIFFERS:
        return STATUS_IO;
    case CARD_PIV_ERROR_TOO_LONG:
        return STATUS_DATA;
    default:
        return STATUS_KEY;
    }
}

static int status_of(const struct token_writer *token, enum token_error error)
{
    switch (error) {
    case TOKEN_OK:
        return STATUS_OK;
    case TOKEN_IO:
        return token->io_error == CARD_IO_SYSTEM ? STATUS_INTERNAL : STATUS_IO;
    case TOKEN_PIV:
        return status_of_piv(token->piv_error);
    case TOKEN_UNPROVED:
    case TOKEN_IMPOSTOR:
    case TOKEN_OURS:
        break;
    }
    return STATUS_DATA;
}

static int note(struct guest *guest, enum token_error error)
{
    const struct token_writer *token = &guest->token;
    guest->chip = token->has_key ? &token->chip : NULL;
    guest->key = token->shows_key ? token->chip.thumbprint : NULL;
    return error == TOKEN_OK ? STATUS_OK
                             : say(status_of(token, error), "%s: %s", guest->reader,
                                   token_writer_text(token, error));
}

static int look(struct guest *guest)
{
    struct token_writer *token = &guest->token;
    enum token_error error = token_writer_open(token, &guest->io, &guest->ring->management);
    if (error == TOKEN_IO && token->io_error == CARD_IO_NO_APPLICATION) {
        return say(STATUS_DATA, "%s: this is no PIV card; leave --management-key out",
                   guest->reader);
    }
    guest->taken = token->taken;
    guest->label = token->label;
    return note(guest, error);
}

static int erase(struct guest *guest)
{
    return note(guest, token_writer_erase(&guest->token));
}

static int make_key(struct guest *guest)
{
    return note(guest, token_writer_make_key(&guest->token));
}

static int blame(const struct guest *guest)
{
    return status_of(&guest->token, guest->token.failure);
}

/* It has no channel that could be closed. */
static void let_go(struct guest *guest)
{
    (void)guest;
}

const struct guest_kind guest_token = {look, erase, make_key, blame, let_go};
