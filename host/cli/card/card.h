/* SPDX-License-Identifier: Apache-2.0
 *
 * The subcommands of "saksi card" and what they share: the reader, the card in it, and messages.
 */
#ifndef CLI_CARD_H
#define CLI_CARD_H

#include "base/json.h"
#include "cli/judge.h"
#include "devices/card_holding.h"
#include "devices/card_presented.h"

#define CARD_SESSION_S 60 /* from the card's coming to the last byte read */

struct card_options {
    struct judge judge; /* with the settings; a verdict is made by verify and watch only */
    const char *reader; /* NULL: any */
    unsigned wait_s;
    const char *out;           /* NULL: none */
    const char *paper;         /* NULL: none */
    const char *action;        /* of pin: what is to be done */
    const char *pin, *new_pin; /* files; NULL: the terminal */
    bool last_try;
};

/* Each returns an exit status, and has its help beside it. */
int card_list(struct card_options *o);
int card_status(struct card_options *o);
int card_read(struct card_options *o);
int card_verify(struct card_options *o);
int card_watch(struct card_options *o);
int card_pin(struct card_options *o);
extern const char card_list_help[], card_status_help[], card_read_help[], card_verify_help[],
    card_watch_help[], card_pin_help[];

/* Lines that several of these have. */
#define CARD_HELP_READER                                                                           \
    "  --reader NAME   as list names it; without it, the first with a card, where\n"               \
    "                  one without certificates gives way to one with some\n"
#define CARD_HELP_WAIT                                                                             \
    "  --wait SECONDS  how long to wait for a card (default 30; 0 does not wait)\n"
#define CARD_HELP_JUDGE                                                                            \
    "  --host CC       the state of this checkpoint, for example MY\n"                             \
    "  --purpose P     border, hiring (default), hotel or event\n"                                 \
    "  --post CODE     the post asked for: a job index, occupation or scheme code\n"               \
    "  --at YYYY-MM-DD, --utc-offset +HH:MM\n"                                                     \
    "                  judge as of that day; local time here, such as +07:00\n"                    \
    "  --db FILE       the trust list (default " SETTINGS_DEFAULT_DB ")\n"                         \
    "  --tpm TCTI      the TPM that keeps the mark, such as device:/dev/tpmrm0\n"                  \
    "  --sample        accept a trust list of sample data, and say so\n"                           \
    "  --lang L        language of the sentences: en, id, ms, fil, th, vi\n"

/* A card that was presented, and the conversation with it. */
struct card_guest {
    struct card_readers *readers;
    char reader[CARD_READER_NAME_SIZE]; /* empty: none yet */
    struct card_io io;
    struct card_visit visit;
};

/* In this order: waits for a card; bounds the time from here on, after which the program ends with
 * a message; connects to the card, and for the last finds out what kind of card it is. These print
 * nothing; `guest` is to be closed in any case. */
MUST_USE enum card_io_error card_guest_wait(const struct card_options *o,
                                            struct card_guest *ret_guest);
void card_guest_start_clock(void);
MUST_USE enum card_io_error card_guest_connect(struct card_guest *guest);
MUST_USE enum card_io_error card_guest_visit(struct card_guest *guest);

/* All of these, with the card that the options mean: in the reader they name, otherwise the first
 * that there is; but one without certificates gives way to the first with some. On failure says
 * why, and returns an exit status; 0 otherwise. To be closed in either case. */
int card_guest_open(const struct card_options *o, struct card_guest *ret_guest);
void card_guest_close(struct card_guest *guest);

/* Reads all certificates, has the card prove its key for each, and reads the photo where one of
 * them names it; `holding` has room for CARD_APP_CREDENTIALS. */
MUST_USE enum card_io_error card_take(struct card_guest *guest, struct card_holding *holding,
                                      struct card_photo *ret_photo);

/* Judges and shows one of `count` certificates of the card in `reader`. `event`: as a line of
 * card_watch. */
void card_show(struct judge *judge, const char *reader, const struct card_holding *holding,
               size_t count, bool event);

/* Says what went wrong with the card in a reader (NULL: before there was one) and returns the exit
 * status for it. */
int card_failed(const char *reader, enum card_io_error error);
int card_guest_failed(const struct card_options *o, const struct card_guest *guest,
                      enum card_io_error error);

/* Prints an object as one line, and frees it; an exit status. */
int card_print_json(struct json_value *object);

#endif
