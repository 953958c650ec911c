/* SPDX-License-Identifier: Apache-2.0
 *
 * A PKCS#11 module that lies as it is told. It has one token with one key pair, and OpenSSL signs.
 */
#ifndef TESTS_FAKE_PKCS11_H
#define TESTS_FAKE_PKCS11_H

#include <stdbool.h>

enum fake_lie {
    FAKE_TRUTH,
    /* functions and slots */
    FAKE_NO_LIST,
    FAKE_LIST_FAILS,
    FAKE_FUNCTION_MISSING,
    FAKE_OLD_VERSION,
    FAKE_INITIALISE_FAILS,
    FAKE_SLOTS_TOO_MANY,
    FAKE_SLOTS_FAIL,
    FAKE_SLOTS_GREW,
    FAKE_TOKEN_FAILS,
    FAKE_TOKEN_EMPTY,
    FAKE_TOKEN_TWICE,
    FAKE_TOKEN_CONTROLS,
    FAKE_SESSION_FAILS,
    /* the PIN */
    FAKE_PIN_LOCKED_FLAG,
    FAKE_PIN_LOCKED,
    FAKE_PIN_LENGTH,
    FAKE_PIN_EXPIRED,
    /* objects */
    FAKE_FIND_INIT_FAILS,
    FAKE_FIND_FAILS,
    FAKE_FIND_ENDLESS,
    FAKE_FIND_MORE,
    FAKE_FIND_NONE,
    FAKE_ATTRIBUTE_LONG,
    FAKE_ATTRIBUTE_UNAVAILABLE,
    FAKE_ATTRIBUTE_TOO_SMALL,
    FAKE_ATTRIBUTE_FAILS,
    FAKE_TYPE_SHORT,
    FAKE_TYPE_EMPTY,
    FAKE_TYPE_RSA,
    FAKE_SIGN_FALSE,
    FAKE_SIGN_LONG_BOOL,
    FAKE_CURVE_OTHER,
    FAKE_CURVE_EMPTY,
    /* the public key */
    FAKE_PUBLIC_NONE,
    FAKE_PUBLIC_TWICE,
    FAKE_PUBLIC_NAMELESS,
    FAKE_POINT_RAW,
    FAKE_POINT_EMPTY,
    FAKE_POINT_SHORT,
    FAKE_POINT_LONG,
    FAKE_POINT_OFF_CURVE,
    FAKE_POINT_OTHER_LENGTH,
    FAKE_POINT_OTHER_KEY,
    /* signatures */
    FAKE_ASKS_AGAIN,
    FAKE_MECHANISM,
    FAKE_NOT_PERMITTED,
    FAKE_REMOVED,
    FAKE_SIGNATURE_SHORT,
    FAKE_SIGNATURE_LONG,
    FAKE_SIGNATURE_EMPTY,
    FAKE_SIGNATURE_ZERO,
    FAKE_SIGNATURE_FLIPPED,
    FAKE_SIGNATURE_ELSE,
};

#define FAKE_PIN "2468"

/* What the module is told, and what it saw. */
struct fake_state {
    enum fake_lie lie;
    bool edwards;
    unsigned logins, wrong_pins, finds, signs;
    bool open; /* initialised, and not finalised */
    unsigned sessions;
};

/* The module's own, found with dlsym. */
#define FAKE_STATE "fake_state"

#endif
