/* SPDX-License-Identifier: Apache-2.0
 *
 * Private keys that stay in a token: smart cards, USB tokens and security modules behind a PKCS#11
 * module (OASIS PKCS#11 2.40 and 3.0). A module is loaded when a token is opened, never before. The
 * module is code of the token's maker and runs in this process: it is believed not to attack it,
 * but no answer of it is believed unchecked, and every signature is verified by OpenSSL.
 */
#ifndef BASE_PKCS11_H
#define BASE_PKCS11_H

#include "base/crypto_sign.h"
#include "base/pkcs11_uri.h"

#define PKCS11_MAX_SLOTS 256 /* slots with a token in them */

enum pkcs11_error {
    PKCS11_OK = 0,
    PKCS11_NO_MODULE,    /* no such file */
    PKCS11_NOT_MODULE,   /* not a library, or not one with PKCS#11 in it */
    PKCS11_NO_TOKEN,     /* none is like the URI */
    PKCS11_TOKENS,       /* several are: a PIN is never tried on one of them */
    PKCS11_NO_KEY,       /* no private key is like the URI */
    PKCS11_KEYS,         /* several are */
    PKCS11_NO_PUBLIC,    /* the token holds no public key beside the private one */
    PKCS11_NO_PIN,       /* the token wants a PIN, none was given */
    PKCS11_PIN,          /* the PIN is wrong */
    PKCS11_PIN_FORM,     /* too short, too long, or with characters the token does not take */
    PKCS11_PIN_LOCKED,   /* too many wrong ones */
    PKCS11_PIN_UNSET,    /* the token has no PIN yet, or it has expired */
    PKCS11_KEY_TYPE,     /* neither an EC nor an Edwards key */
    PKCS11_CURVE,        /* neither P-256 nor Ed25519 */
    PKCS11_MAY_NOT_SIGN, /* the key is for something else */
    PKCS11_MECHANISM,    /* the token cannot sign with such a key */
    PKCS11_BAD_KEY,      /* the public key is no good point of its curve */
    PKCS11_ANSWER,       /* the module's answer breaks the standard */
    PKCS11_REMOVED,      /* the token is gone, or does not answer */
    PKCS11_FAILED,       /* anything else; the detail has the number */
    PKCS11_SYSTEM,       /* memory */
};

struct pkcs11_problem {
    enum pkcs11_error error;
    char detail[128]; /* "C_Login gave 0xa0", what the loader said; may be empty */
};

/* What a person is told about a token: the fields of CK_TOKEN_INFO, without padding and with "?"
 * for what cannot be shown. */
struct pkcs11_token {
    char label[PKCS11_MAX_LABEL + 1], manufacturer[PKCS11_MAX_LABEL + 1];
    char serial[PKCS11_MAX_SERIAL + 1], model[PKCS11_MAX_SERIAL + 1];
    bool wants_pin; /* pkcs11_login needs a PIN */
    bool own_pad;   /* the PIN is typed at the token, pkcs11_login needs none */
    bool pin_low;   /* a wrong one was tried before */
    bool pin_final; /* one more wrong one locks the token */
};

/* A module, and a session with one token. */
struct pkcs11;

/* Loads the module, which must be an absolute path, and opens the one token the URI names. The
 * caller closes it. */
MUST_USE enum pkcs11_error pkcs11_open(const char *module, const struct pkcs11_uri *uri,
                                       struct pkcs11 **ret_token, struct pkcs11_problem *problem);

/* Logs out, lets go of the token and of the module, wipes the PIN. */
void pkcs11_close(struct pkcs11 *token);

/* For as long as the token is open. */
const struct pkcs11_token *pkcs11_info(const struct pkcs11 *token);

/* Logs in, where the token wants it. `pin` may be NULL. Each call tries once; a PIN that is locked
 * is not tried. Keys that want it again for each signature get it: the copy is wiped when the
 * token is closed. */
MUST_USE enum pkcs11_error pkcs11_login(struct pkcs11 *token, const char *pin,
                                        struct pkcs11_problem *problem);

/* The one private key the URI names. On success the key owns the token and closes it. */
MUST_USE enum pkcs11_error pkcs11_key(struct pkcs11 *token, const struct pkcs11_uri *uri,
                                      struct crypto_private_key **ret_key,
                                      struct pkcs11_problem *problem);

/* The phrase of an error, which fits "KEY: PHRASE", and the detail. */
#define PKCS11_TEXT_SIZE 320
void pkcs11_describe(const struct pkcs11_problem *problem, char ret_text[PKCS11_TEXT_SIZE]);

#endif
