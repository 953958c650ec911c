/* SPDX-License-Identifier: Apache-2.0
 *
 * What each way to fail is called.
 */
#include "devices/card_io.h"

const char *card_io_error_text(enum card_io_error error)
{
    switch (error) {
    case CARD_IO_OK:
        return "the card answered";
    case CARD_IO_NO_SERVICE:
        return "the card service does not answer; install and start pcscd";
    case CARD_IO_DENIED:
        return "the card service does not let this user in; allow it in polkit (see CARDS.md)";
    case CARD_IO_NO_READER:
        return "there is no such card reader; connect one, or see saksi card list";
    case CARD_IO_NO_CARD:
        return "no card was presented";
    case CARD_IO_REMOVED:
        return "the card was removed; leave it until the answer is there";
    case CARD_IO_RESET:
        return "another program reset the card; try again";
    case CARD_IO_BUSY:
        return "another program holds the card; end it, then try again";
    case CARD_IO_MUTE:
        return "the card does not answer; is it the right way round?";
    case CARD_IO_FAILED:
        return "the reader failed; try again";
    case CARD_IO_NO_APPLICATION:
        return "this is another kind of card; it holds no certificates";
    case CARD_IO_TERMINATED:
        return "the card was ended by its issuer; ask for another one";
    case CARD_IO_REFUSED:
        return "the card refuses to be read";
    case CARD_IO_NONSENSE:
        return "the card answers nonsense; do not rely on it";
    case CARD_IO_NO_KEYS:
        return "the key that opens this card was not given";
    case CARD_IO_WRONG_KEYS:
        return "the card has other keys; it is another issuer's, or a false one. Each attempt "
               "takes one of its 64 tries";
    case CARD_IO_SHUT:
        return "the card was tried with wrong keys too often, and takes none any more";
    case CARD_IO_TAMPERED:
        return "an answer was changed on its way; try another reader";
    case CARD_IO_STATE:
        return "the card's life cycle does not allow that any more, or not yet";
    case CARD_IO_FULL:
        return "the card has no room for that";
    case CARD_IO_WORN:
        return "the card's memory failed; take another card";
    case CARD_IO_SYSTEM:
        break;
    }
    return "memory ran out, or a library failed";
}

const char *card_io_error_name(enum card_io_error error)
{
    static const char *const names[] = {
        [CARD_IO_OK] = "ok",
        [CARD_IO_NO_SERVICE] = "no_service",
        [CARD_IO_DENIED] = "denied",
        [CARD_IO_NO_READER] = "no_reader",
        [CARD_IO_NO_CARD] = "no_card",
        [CARD_IO_REMOVED] = "removed",
        [CARD_IO_RESET] = "reset",
        [CARD_IO_BUSY] = "busy",
        [CARD_IO_MUTE] = "mute",
        [CARD_IO_FAILED] = "reader_failed",
        [CARD_IO_NO_APPLICATION] = "no_application",
        [CARD_IO_TERMINATED] = "terminated",
        [CARD_IO_REFUSED] = "refused",
        [CARD_IO_NONSENSE] = "nonsense",
        [CARD_IO_NO_KEYS] = "no_keys",
        [CARD_IO_WRONG_KEYS] = "wrong_keys",
        [CARD_IO_SHUT] = "shut",
        [CARD_IO_TAMPERED] = "tampered",
        [CARD_IO_STATE] = "state",
        [CARD_IO_FULL] = "full",
        [CARD_IO_WORN] = "worn",
        [CARD_IO_SYSTEM] = "system",
    };
    size_t at = (size_t)error;
    return at < sizeof names / sizeof names[0] && names[at] != NULL ? names[at] : "failed";
}
