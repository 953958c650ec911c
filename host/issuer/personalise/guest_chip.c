/* SPDX-License-Identifier: Apache-2.0
 *
 * Cards of ours, opened with a factory's or an issuer's master key.
 */
#include "personalise.h"

static bool is_about_keys(enum card_io_error error)
{
    return error == CARD_IO_NO_KEYS || error == CARD_IO_WRONG_KEYS || error == CARD_IO_SHUT;
}

static int say_keys(const struct guest *guest)
{
    const struct key_ring *ring = guest->ring;
    if (guest->writer.io_error == CARD_IO_NO_KEYS) {
        return say(STATUS_KEY,
                   "%s: this card is new from the factory: give --transport-keys FILE, the key "
                   "that came with the cards",
                   guest->reader);
    }
    return say(STATUS_KEY, "%s: %s (the key tried was %s)", guest->reader,
               card_io_error_text(guest->writer.io_error),
               guest->writer.manage.transport ? ring->transport_path : ring->issuer_path);
}

static int status_of(const struct chip_writer *writer, enum chip_error error)
{
    switch (error) {
    case CHIP_OK:
        return STATUS_OK;
    case CHIP_IO:
        return is_about_keys(writer->io_error)      ? STATUS_KEY
               : writer->io_error == CARD_IO_SYSTEM ? STATUS_INTERNAL
                                                    : STATUS_IO;
    case CHIP_DIFFERS:
        return STATUS_IO;
    case CHIP_SAMPLE:
    case CHIP_NOT_SAMPLE:
    case CHIP_UNPROVED:
    case CHIP_PHOTO:
        break;
    }
    return STATUS_DATA;
}

static int note(struct guest *guest, enum chip_error error)
{
    const struct chip_writer *writer = &guest->writer;
    int status = status_of(writer, error);
    guest->chip = writer->has_key ? &writer->chip : NULL;
    guest->key = writer->has_key ? writer->chip.thumbprint : NULL;
    if (status == STATUS_KEY) {
        return say_keys(guest);
    }
    return status == STATUS_OK
               ? STATUS_OK
               : say(status, "%s: %s", guest->reader, chip_writer_text(writer, error));
}

static int look(struct guest *guest)
{
    const struct chip_keys keys = key_ring_keys(guest->ring);
    struct chip_writer *writer = &guest->writer;
    enum chip_error error = chip_writer_open(writer, &guest->io, &keys);
    bool another = writer->io_error == CARD_IO_NO_APPLICATION ||
                   (writer->io_error == CARD_IO_REFUSED && !writer->session.ours);
    if (error == CHIP_IO && another) {
        return say(STATUS_DATA,
                   "%s: this is another kind of card; if it is a PIV card, give --management-key "
                   "FILE with its key",
                   guest->reader);
    }
    if (error == CHIP_OK) {
        guest->taken = chip_writer_is_taken(writer);
        error = chip_writer_label(writer, &guest->label);
    }
    return note(guest, error);
}

static int erase(struct guest *guest)
{
    return note(guest, chip_writer_erase(&guest->writer));
}

static int make_key(struct guest *guest)
{
    return note(guest, chip_writer_make_key(&guest->writer));
}

static int blame(const struct guest *guest)
{
    int status = status_of(&guest->writer, guest->writer.failure);
    return status == STATUS_KEY ? say_keys(guest) : status;
}

static void let_go(struct guest *guest)
{
    chip_writer_close(&guest->writer);
}

const struct guest_kind guest_chip = {look, erase, make_key, blame, let_go};
