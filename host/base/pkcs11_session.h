/* SPDX-License-Identifier: Apache-2.0
 *
 * The seam between pkcs11.c (modules and tokens) and pkcs11_key.c (keys); for these two only.
 */
#ifndef BASE_PKCS11_SESSION_H
#define BASE_PKCS11_SESSION_H

#include <p11-kit/pkcs11.h>

#include "base/password.h"
#include "base/pkcs11.h"

struct pkcs11 {
    void *library;
    CK_FUNCTION_LIST *f;
    bool initialised; /* by us, so it is ours to finalise */
    bool has_session, logged_in;
    CK_SLOT_ID slot;
    CK_SESSION_HANDLE session;
    CK_FLAGS flags;
    struct pkcs11_token info;
    struct password pin; /* only while it may be needed again */
    bool has_pin;

    /* the key, once it is found */
    CK_OBJECT_HANDLE key;
    int alg;
    bool asks_again; /* CKA_ALWAYS_AUTHENTICATE */
    char failed[PKCS11_TEXT_SIZE];
};

/* Writes the problem and returns `error`. */
enum pkcs11_error pkcs11_fail(struct pkcs11_problem *problem, enum pkcs11_error error,
                              const char *detail);

/* PKCS11_OK, or the failure with the name of the call and its number. */
enum pkcs11_error pkcs11_check(struct pkcs11_problem *problem, const char *call, CK_RV rv);

/* One try with the PIN at hand, or at the token's own pad. */
CK_RV pkcs11_log_in(struct pkcs11 *p, CK_USER_TYPE user);

#endif
