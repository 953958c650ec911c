/* SPDX-License-Identifier: Apache-2.0
 *
 * A conversation with an NFC Forum Type 4 tag (Type 4 Tag 2.0): the code's text in its message, as
 * a certificate. Such a tag can be copied by anyone, and proves nothing.
 */
#ifndef DEVICES_CARD_NDEF_H
#define DEVICES_CARD_NDEF_H

#include "devices/card_command.h"
#include "wire/card_app.h"

enum { CARD_NDEF_MAX_MESSAGE = 8192 }; /* of any tag; ours are shorter */

struct card_ndef {
    struct card_io io;
    struct card_traffic traffic;
    size_t len;
    uint8_t document[CARD_APP_MAX_CREDENTIAL];
};

/* Selects the application, with the errors of card_select(), and reads its message.
 * CARD_IO_NO_APPLICATION when there is none, when it may not be read, or when none of its records
 * is a text that begins as our codes do; CARD_IO_NONSENSE when such a text is no code, or a length
 * is a lie. `io` is copied; it is the caller's to close. */
MUST_USE enum card_io_error card_ndef_open(struct card_ndef *ndef, const struct card_io *io);

/* The text of the first record of type "T", UTF-8, that begins with `prefix`. False when the
 * message is none: *ret_text is empty when it is one without such a record. Points into `message`.
 */
bool card_ndef_text(struct span message, struct span prefix, struct span *ret_text);

#endif
