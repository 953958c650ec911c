/* SPDX-License-Identifier: Apache-2.0
 *
 * The card's port on a host: flash in memory that obeys the rules of NOR flash and can lose power
 * at any bit of any operation, and random bytes that are the same in every run unless asked for.
 * For tests, tools and virtual readers; it keeps no secret.
 */
#ifndef CARD_NATIVE_H
#define CARD_NATIVE_H

#include "card/port.h"

enum {
    NATIVE_PAGE = 2048,
    NATIVE_AREA = 40 * NATIVE_PAGE,
    NATIVE_FLASH = 2 * NATIVE_AREA,
    NATIVE_KEY_BYTES = 16
};

/* How an operation ends in which the power goes. */
enum native_cut {
    NATIVE_CUT_NONE, /* no bit has changed */
    NATIVE_CUT_ALL,  /* all bits have, but nobody was told */
    NATIVE_CUT_FEW,  /* about one in eight */
    NATIVE_CUT_HALF,
    NATIVE_CUT_MOST,  /* all but about one in eight */
    NATIVE_CUT_FIRST, /* those before some bit, as if written one after another */
    NATIVE_CUTS
};

struct native {
    uint32_t page_bytes; /* a geometry of at most NATIVE_FLASH bytes */
    uint32_t area_bytes;
    uint64_t operations; /* programs and erasures since native_make() */
    uint64_t cut_after;  /* operations left until the power goes; UINT64_MAX: never */
    enum native_cut cut; /* how the one that is cut ends */
    bool powered;
    bool broke_a_rule;     /* programmed what was not erased, or outside the flash */
    uint64_t random_state; /* of random bytes and of cuts */
    bool deaf;             /* programs nothing and says that it did */
    bool random_fails;
    bool random_is_real; /* from the system instead */
    unsigned waits;      /* how often the card has waited, ... */
    uint32_t waited_ms;  /* ... how long the last time, ... */
    uint64_t waited_in_all_ms;
    bool wait_fails;
    bool wait_is_real; /* takes the time; else it is only counted */
    uint8_t serial[CARD_SERIAL_BYTES];
    struct card_keys transport_keys;
    struct card_port port; /* what the card is given; its context is this struct, which stays put */
    uint8_t flash[NATIVE_FLASH];
};

/* A card as its factory makes it: erased flash, a serial number made from `seed`, and transport
 * keys derived for it from the SAMPLE master key (wire/card_sample.h). */
void native_make(struct native *native, uint64_t seed);

/* For a card that others use: its random bytes are the system's, and its waits take their time. */
void native_make_real(struct native *native);

/* Smaller flash, for tests that want it full. */
void native_resize(struct native *native, uint32_t page_bytes, uint32_t area_bytes);

/* Lets the power go in the operation after the next `operations`; UINT64_MAX never does. */
void native_cut_after(struct native *native, uint64_t operations, enum native_cut cut);

/* Makes `to` the same card in the same state, for an experiment that must not change `from`. */
void native_copy(struct native *to, const struct native *from);

/* The power comes back, and stays. */
void native_power_up(struct native *native);

#endif
