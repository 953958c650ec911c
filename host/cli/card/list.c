/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi card list and status: what is connected, and what is on the card in it. Nothing personal is
 * read.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cli/card/card.h"
#include "cli/command.h"
#include "cli/terminal.h"

int card_print_json(struct json_value *object)
{
    char *text = json_format(object, 0);
    json_free(object);
    if (text == NULL) {
        terminal_error("card", "memory ran out");
        return EXIT_INTERNAL;
    }
    puts(text);
    free(text);
    return EXIT_SUCCESS;
}

/* ---- list ---- */

static const char *word_of(const struct card_reader_state *state)
{
    if (!state->present) {
        return "empty";
    }
    return state->mute ? "mute" : "card";
}

static int list_json(const struct card_reader_state *state)
{
    struct json_value *object = json_new_object();
    json_put_string(object, "reader", state->name);
    json_put_string(object, "state", word_of(state));
    json_put_bool(object, "in_use", state->in_use);
    if (state->present) {
        json_put_hex(object, "atr", span_of(state->atr, state->atr_len));
    }
    return card_print_json(object);
}

const char card_list_help[] =
    "Usage: saksi card list [--json]\n"
    "The readers that the card service knows, one a line, behind what is in them:\n"
    "card, mute (a card that does not answer) or empty.\n"
    "\n"
    "  --json          one JSON object a line, with atr and in_use (by a program)\n"
    "  --help\n"
    "\n"
    "Exit status: 0 done, 64 usage, 70 internal error, 74 there is no reader or no\n"
    "card service.\n"
    "Example: saksi card list\n";

int card_list(struct card_options *o)
{
    struct card_readers *readers = NULL;
    struct card_reader_state state[CARD_READER_MAX];
    size_t count = 0;
    int status = EXIT_SUCCESS;
    enum card_io_error error = card_readers_open(&readers);
    if (error == CARD_IO_OK) {
        error = card_readers_list(readers, state, &count);
    }
    card_readers_close(readers);
    if (error != CARD_IO_OK) {
        return card_failed(NULL, error);
    }
    for (size_t i = 0; i < count && status == EXIT_SUCCESS; i++) {
        if (o->judge.json) {
            status = list_json(&state[i]);
        } else {
            printf("%-6s  ", word_of(&state[i]));
            terminal_text(stdout, span_str(state[i].name));
            putchar('\n');
        }
    }
    return count == 0 ? card_failed(NULL, CARD_IO_NO_READER) : status;
}

/* ---- status ---- */

static const char *life_cycle(uint8_t state)
{
    switch (state) {
    case CARD_BLANK:
        return "blank";
    case CARD_PERSONALISED:
        return "personalised";
    case CARD_LOCKED:
        return "locked";
    case CARD_TERMINATED:
        return "terminated";
    default:
        return "unknown";
    }
}

/* What a certificate on this card could be shown with. */
static enum saksi_assurance promise(const struct card_visit *visit, bool has_key)
{
    return has_key ? visit->profile->most : SAKSI_ASSURANCE_CARD_READ;
}

/* A verdict about a certificate on it has CARD_UNFINISHED. A blank card without any is as new. */
static bool is_unfinished(const struct card_visit *visit)
{
    return visit->state == CARD_PERSONALISED ||
           (visit->state == CARD_BLANK && visit->certificates != 0);
}

static int status_json(const struct card_guest *guest, const uint8_t *thumbprint)
{
    const struct card_visit *visit = &guest->visit;
    struct json_value *object = json_new_object();
    json_put_string(object, "reader", guest->reader);
    json_put_string(object, "profile", visit->profile->name);
    if (visit->state != 0) {
        json_put_string(object, "state", life_cycle(visit->state));
    }
    json_put_int(object, "certificates", (int64_t)visit->certificates);
    json_put_int(object, "photo_bytes", (int64_t)visit->photo_bytes);
    if (thumbprint != NULL) {
        json_put_hex(object, "key", span_of(thumbprint, CRYPTO_SHA256_SIZE));
    }
    json_put_string(object, "assurance", show_assurance(promise(visit, thumbprint != NULL)));
    return card_print_json(object);
}

static void status_text(const struct card_guest *guest, const uint8_t *thumbprint)
{
    const struct card_visit *visit = &guest->visit;
    printf("Reader         ");
    terminal_text(stdout, span_str(guest->reader));
    printf("\nProfile        %s\n", visit->profile->text);
    if (visit->state != 0) {
        printf("Card           %s%s\n", life_cycle(visit->state),
               is_unfinished(visit) ? ", and not finished by its issuer" : "");
    }
    printf("Certificates   %zu\n", visit->certificates);
    if (visit->photo_bytes == 0) {
        puts("Photo          none");
    } else {
        printf("Photo          %zu bytes\n", visit->photo_bytes);
    }
    fputs("Key            ", stdout);
    for (size_t i = 0; thumbprint != NULL && i < CRYPTO_SHA256_SIZE; i++) {
        printf("%02x", thumbprint[i]);
    }
    puts(thumbprint == NULL ? "none" : "");
    printf("At best        %s%s\n", show_card_assurance(promise(visit, thumbprint != NULL)),
           is_unfinished(visit) ? ", but unfinished: CHECK BY HAND" : "");
}

/* CARD_IO_REFUSED when there is no key. */
static enum card_io_error read_thumbprint(struct card_visit *visit,
                                          uint8_t ret_thumbprint[CRYPTO_SHA256_SIZE])
{
    uint8_t point[CARD_APP_PUBLIC_KEY_BYTES];
    enum card_io_error error =
        visit->profile->key == NULL ? CARD_IO_REFUSED : visit->profile->key(visit, point);
    return error == CARD_IO_OK ? card_point_thumbprint(point, ret_thumbprint) : error;
}

const char card_status_help[] =
    "Usage: saksi card status [OPTION]...\n"
    "What kind of card it is, what it holds, the SHA-256 thumbprint of its key, and\n"
    "what a certificate on it can be shown with. Nothing personal is read.\n"
    "\n" CARD_HELP_READER CARD_HELP_WAIT "  --json          one JSON object\n"
    "  --help\n"
    "\n"
    "Exit status: 0 done, 64 usage, 70 internal error, 74 the card could not be read.\n"
    "Example: saksi card status\n";

int card_status(struct card_options *o)
{
    static struct card_guest guest;
    uint8_t room[CRYPTO_SHA256_SIZE];
    int status = card_guest_open(o, &guest);
    if (status == 0) {
        enum card_io_error error = read_thumbprint(&guest.visit, room);
        const uint8_t *thumbprint = error == CARD_IO_OK ? room : NULL;
        if (error != CARD_IO_OK && error != CARD_IO_REFUSED) {
            status = card_failed(guest.reader, error);
        } else if (o->judge.json) {
            status = status_json(&guest, thumbprint);
        } else {
            status_text(&guest, thumbprint);
        }
    }
    card_guest_close(&guest);
    return status;
}
