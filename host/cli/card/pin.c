/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi card pin: the PIN of a card's PIV application. What is typed is wiped on every way out, and
 * nothing is sent that may be the card's last try unless that was asked for.
 */
#include <stdio.h>

#include "base/password.h"
#include "cli/card/card.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "devices/card_piv_pin.h"

/* What was typed: the PIN or PUK there is, and the PIN there shall be. */
struct secrets {
    struct card_pin old, new_pin;
};

static int failed(const struct card_guest *guest, const char *what)
{
    terminal_error("card", "%s: %s", guest->reader, what);
    return EXIT_REFUSED;
}

/* ---- what is typed ---- */

static bool read_text(const char *path, const char *prompt, struct password *password)
{
    if (path == NULL) {
        if (!password_ask(prompt, password)) {
            terminal_error("card", "nothing was typed, or there is no terminal; use --pin-file and "
                                   "--new-pin-file");
            return false;
        }
        return true;
    }
    enum password_error error = password_read_file(path, password);
    if (error != PASSWORD_OK) {
        terminal_error("card", "%s: %s", path, password_error_text(error));
    }
    return error == PASSWORD_OK;
}

/* A wrong length would only cost a try. */
static int read_pin(const char *path, const char *prompt, bool is_new, struct card_pin *pin)
{
    struct password password;
    if (!read_text(path, prompt, &password)) {
        return EXIT_INPUT_OUTPUT;
    }
    bool right = card_pin_make(span_str(password.text), is_new, pin);
    password_wipe(&password);
    if (!right) {
        terminal_error("card",
                       is_new ? "a PIN has 6 to 8 digits" : "PIN and PUK have 6 to 8 characters");
        return EXIT_DATA;
    }
    return 0;
}

/* A new PIN that is typed is typed twice. */
static int read_new_pin(const char *path, struct card_pin *pin)
{
    struct card_pin again;
    int status = read_pin(path, "New PIN: ", true, pin);
    if (status == 0 && path == NULL) {
        status = read_pin(NULL, "New PIN again: ", true, &again);
        if (status == 0 && !crypto_equal(pin, &again, sizeof again)) {
            terminal_error("card", "the two are not the same");
            status = EXIT_DATA;
        }
        crypto_wipe(&again, sizeof again);
    }
    return status;
}

static int read_secrets(const struct card_options *o, const char *prompt, struct secrets *secrets)
{
    int status = read_pin(o->pin, prompt, false, &secrets->old);
    return status == 0 ? read_new_pin(o->new_pin, &secrets->new_pin) : status;
}

/* ---- what is said to the card ---- */

/* The card's PIV application, whatever else the card holds. 0, or an exit status after a message.
 */
static int open_piv(const struct card_options *o, struct card_guest *guest, struct card_piv *piv)
{
    enum card_io_error error = card_guest_wait(o, guest);
    if (error == CARD_IO_OK) {
        card_guest_start_clock();
        error = card_guest_connect(guest);
    }
    if (error == CARD_IO_OK) {
        error = card_piv_open(piv, &guest->io);
    }
    if (error == CARD_IO_NO_APPLICATION) {
        terminal_error("card", "%s: the card has no PIV application", guest->reader);
        return EXIT_INPUT_OUTPUT;
    }
    return error == CARD_IO_OK ? 0 : card_guest_failed(o, guest, error);
}

static int say(const struct card_guest *guest, const char *what, enum card_pin_error error,
               unsigned tries, enum card_io_error io)
{
    switch (error) {
    case CARD_PIN_OK:
        return 0;
    case CARD_PIN_WRONG:
        terminal_error("card", "%s: wrong %s; %u more %s", guest->reader, what, tries,
                       tries == 1 ? "try, which is the last" : "tries");
        return EXIT_REFUSED;
    case CARD_PIN_BLOCKED:
        terminal_error("card", "%s: the %s has no tries left; %s", guest->reader, what,
                       strcmp(what, "PIN") == 0 ? "set a new one with saksi card pin unblock"
                                                : "nothing can be done with it any more");
        return EXIT_REFUSED;
    case CARD_PIN_NONE:
        terminal_error("card", "%s: the card has no %s", guest->reader, what);
        return EXIT_REFUSED;
    case CARD_PIN_REFUSED:
        return failed(guest, "the card does not take this PIN");
    case CARD_PIN_IO:
        break;
    }
    return card_failed(guest->reader, io);
}

static int show_status(const struct card_options *o, const struct card_guest *guest, unsigned tries)
{
    if (o->judge.json) {
        struct json_value *object = json_new_object();
        json_put_string(object, "reader", guest->reader);
        json_put_int(object, "tries", (int64_t)tries);
        return card_print_json(object);
    }
    printf("Reader         ");
    terminal_text(stdout, span_str(guest->reader));
    if (tries == 0) {
        puts("\nPIN            blocked; set a new one with saksi card pin unblock");
    } else {
        printf("\nPIN            %u more %s\n", tries, tries == 1 ? "try" : "tries");
    }
    return 0;
}

static int status_of(struct card_options *o)
{
    struct card_guest guest;
    struct card_piv piv;
    unsigned tries = 0;
    enum card_io_error io = CARD_IO_OK;
    int status = open_piv(o, &guest, &piv);
    if (status == 0) {
        enum card_pin_error error = card_piv_pin_tries(&piv, &tries, &io);
        status = error == CARD_PIN_OK || error == CARD_PIN_BLOCKED
                     ? show_status(o, &guest, tries)
                     : say(&guest, "PIN", error, tries, io);
    }
    card_guest_close(&guest);
    return status;
}

/* The number of tries is asked for first, where the card tells it: that of the PIN. */
static int change_on(const struct card_options *o, const struct card_guest *guest,
                     struct card_piv *piv, const struct secrets *secrets)
{
    unsigned tries = 0;
    enum card_io_error io = CARD_IO_OK;
    enum card_pin_error error = card_piv_pin_tries(piv, &tries, &io);
    if (error == CARD_PIN_OK && tries == 1 && !o->last_try) {
        return failed(guest, "this is the last try of the PIN; add --last-try to use it");
    }
    if (error == CARD_PIN_OK) {
        error = card_piv_pin_change(piv, &secrets->old, &secrets->new_pin, &tries, &io);
    }
    return say(guest, "PIN", error, tries, io);
}

static int unblock_on(const struct card_options *o, const struct card_guest *guest,
                      struct card_piv *piv, const struct secrets *secrets)
{
    unsigned tries = 0;
    enum card_io_error io = CARD_IO_OK;
    (void)o;
    enum card_pin_error error =
        card_piv_pin_unblock(piv, &secrets->old, &secrets->new_pin, &tries, &io);
    return say(guest, "PUK", error, tries, io);
}

static int set_pin(struct card_options *o, const char *prompt,
                   int (*act)(const struct card_options *o, const struct card_guest *guest,
                              struct card_piv *piv, const struct secrets *secrets))
{
    struct card_guest guest = {0};
    struct card_piv piv;
    struct secrets secrets;
    int status = read_secrets(o, prompt, &secrets);
    if (status == 0) {
        status = open_piv(o, &guest, &piv);
        status = status == 0 ? act(o, &guest, &piv, &secrets) : status;
        card_guest_close(&guest);
    }
    crypto_wipe(&secrets, sizeof secrets);
    if (status == 0) {
        puts("The card has the new PIN.");
    }
    return status;
}

const char card_pin_help[] =
    "Usage: saksi card pin status|change|unblock [OPTION]...\n"
    "The PIN of a card's PIV application: how many tries it has left, another PIN,\n"
    "or another PIN with the PUK. What is typed is not shown, and is wiped.\n"
    "\n"
    "  --reader NAME   as list names it (default: the first with a card)\n" CARD_HELP_WAIT
    "  --pin-file FILE the PIN, or PUK, in its first line (default: asks)\n"
    "  --new-pin-file FILE\n"
    "                  the new PIN (default: asks)\n"
    "  --last-try      go on where a wrong PIN or PUK may be the last\n"
    "  --json          status as a JSON object\n"
    "  --help\n"
    "\n"
    "Exit status: 0 done, 1 the card refused, or has no, PIN, 64 usage, 65 what was\n"
    "typed is no PIN, 70 internal error, 74 the card or a file could not be read.\n"
    "Example: saksi card pin change\n";

int card_pin(struct card_options *o)
{
    const char *action = o->action == NULL ? "" : o->action;
    if (strcmp(action, "status") == 0) {
        return status_of(o);
    }
    if (strcmp(action, "change") == 0) {
        return set_pin(o, "PIN: ", change_on);
    }
    if (strcmp(action, "unblock") != 0) {
        terminal_error("card", "pin takes status, change or unblock");
        return EXIT_USAGE;
    }
    if (!o->last_try) { /* no card says how many tries of the PUK are left */
        terminal_error("card", "cards do not say how many tries of the PUK are left, and a wrong "
                               "one may be the last; add --last-try to go on");
        return EXIT_USAGE;
    }
    return set_pin(o, "PUK: ", unblock_on);
}
