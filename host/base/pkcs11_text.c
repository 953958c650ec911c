/* SPDX-License-Identifier: Apache-2.0
 *
 * What went wrong with a token, for people.
 */
#include "base/pkcs11.h"

#include <stdio.h>

static const char *const text[] = {
    [PKCS11_OK] = "all is well",
    [PKCS11_NO_MODULE] = "there is no such PKCS#11 module; name the token's own with --module",
    [PKCS11_NOT_MODULE] = "this file is not a PKCS#11 module",
    [PKCS11_NO_TOKEN] = "no such token is there; is it plugged in?",
    [PKCS11_TOKENS] = "several tokens are like this; name one by token= or serial=",
    [PKCS11_NO_KEY] = "the token has no such private key",
    [PKCS11_KEYS] = "several keys are like this; name one by object= and id=",
    [PKCS11_NO_PUBLIC] =
        "the token holds no public key of this one; store it beside, with the same "
        "id",
    [PKCS11_NO_PIN] = "the token wants its PIN; use --password-file or a terminal",
    [PKCS11_PIN] = "the PIN is wrong; it was tried once, and few more tries lock the token",
    [PKCS11_PIN_FORM] = "the token does not take a PIN of this length or of these characters",
    [PKCS11_PIN_LOCKED] = "the PIN is locked; unlock it with the token's own tools",
    [PKCS11_PIN_UNSET] = "the token has no PIN, or it has expired; set it with the token's own "
                         "tools",
    [PKCS11_KEY_TYPE] = "this key is neither an EC key nor an Ed25519 key",
    [PKCS11_CURVE] = "this key is on another curve than P-256 or Ed25519",
    [PKCS11_MAY_NOT_SIGN] = "this key may not be used for signing",
    [PKCS11_MECHANISM] = "the token cannot sign with this key (it needs CKM_ECDSA or CKM_EDDSA)",
    [PKCS11_BAD_KEY] = "the public key in the token is not a good one",
    [PKCS11_ANSWER] = "the module's answer breaks the standard; nothing of it is used",
    [PKCS11_REMOVED] = "the token was removed, or it does not answer",
    [PKCS11_FAILED] = "the token or its module failed",
    [PKCS11_SYSTEM] = "memory ran out",
};

void pkcs11_describe(const struct pkcs11_problem *problem, char ret_text[PKCS11_TEXT_SIZE])
{
    bool more = problem->detail[0] != '\0';
    (void)snprintf(ret_text, PKCS11_TEXT_SIZE, "%s%s%s%s", text[problem->error], more ? " (" : "",
                   problem->detail, more ? ")" : "");
}
