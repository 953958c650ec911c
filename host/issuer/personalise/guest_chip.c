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

static int status_of(enum chip_error error)
{
    return error == CHIP_SAMPLE || error == CHIP_NOT_SAMPLE ? STATUS_DATA : STATUS_IO;
}

static int note(struct guest *guest, enum chip_error error)
{
    const struct chip_writer *writer = &guest->writer;
    guest->chip = writer->has_key ? &writer->chip : NULL;
    if (error == CHIP_OK) {
        return STATUS_OK;
    }
    if (error != CHIP_IO) {
        return say(status_of(error), "%s: %s", guest->reader, chip_writer_text(writer, error));
    }
    return is_about_keys(writer->io_error) ? say_keys(guest)
                                           : guest_say_io(guest, writer->io_error);
}

static int look(struct guest *guest)
{
    const struct chip_keys keys = key_ring_keys(guest->ring);
    struct chip_writer *writer = &guest->writer;
    enum chip_error error = chip_writer_open(writer, &guest->io, &keys);
    if (error == CHIP_IO && writer->io_error == CARD_IO_NO_APPLICATION) {
        return say(STATUS_DATA,
                   "%s: this is another kind of card; if it is a PIV card, give --management-key "
                   "FILE with its key",
                   guest->reader);
    }
    if (error == CHIP_OK) {
        guest->taken = chip_writer_is_taken(writer);
        error = chip_writer_number(writer, guest->number);
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
    enum chip_error error = guest->writer.failure;
    return error == CHIP_IO && is_about_keys(guest->writer.io_error) ? say_keys(guest)
                                                                     : status_of(error);
}

static void let_go(struct guest *guest)
{
    chip_writer_close(&guest->writer);
}

const struct guest_kind guest_chip = {look, erase, make_key, blame, let_go};
