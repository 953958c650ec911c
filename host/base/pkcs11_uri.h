/* SPDX-License-Identifier: Apache-2.0
 *
 * The name of a key on a token: a "pkcs11:" URI (RFC 7512), of which the attributes that choose a
 * token and a private key are understood. Strict: what is not understood is refused by name, for an
 * attribute that is passed over could name another key. Opens nothing.
 */
#ifndef BASE_PKCS11_URI_H
#define BASE_PKCS11_URI_H

#include <limits.h>

#include "wire/must_use.h"
#include "wire/bytes.h"

#define PKCS11_URI_MAX    8192 /* bytes */
#define PKCS11_MAX_LABEL  32   /* CK_TOKEN_INFO: label and manufacturerID */
#define PKCS11_MAX_SERIAL 16   /* serialNumber and model */
#define PKCS11_MAX_OBJECT 128  /* bytes of a key's label; the standard sets none */
#define PKCS11_MAX_ID     64   /* bytes of CKA_ID */

/* What the URI asks for. Texts are NUL-terminated UTF-8 without control characters, "" when not
 * asked for. */
struct pkcs11_uri {
    char token[PKCS11_MAX_LABEL + 1], manufacturer[PKCS11_MAX_LABEL + 1];
    char serial[PKCS11_MAX_SERIAL + 1], model[PKCS11_MAX_SERIAL + 1];
    char object[PKCS11_MAX_OBJECT + 1];
    uint8_t id[PKCS11_MAX_ID];
    size_t id_len; /* 0: not asked for */
    bool has_slot;
    uint32_t slot; /* slot-id */
    char module_path[PATH_MAX];
    char pin_source[PATH_MAX]; /* a path, also when the URI has it as file: */
};

enum pkcs11_uri_error {
    PKCS11_URI_OK = 0,
    PKCS11_URI_FORMAT,  /* no "pkcs11:" URI: a character or an escape that must not stand there */
    PKCS11_URI_UNKNOWN, /* an attribute that is not supported */
    PKCS11_URI_TWICE,   /* an attribute stands twice */
    PKCS11_URI_VALUE,   /* empty, too long, or not of the attribute's kind */
    PKCS11_URI_SECRET,  /* pin-value: others can see command lines */
};

/* The attribute a refusal is about, "" when it is about the whole. */
struct pkcs11_uri_fault {
    char attribute[24];
};

/* Whether a key's name is a URI, and no path of a file. */
bool pkcs11_uri_is(const char *text);

/* *ret_fault is written on failure only, *ret_uri on success only. */
MUST_USE enum pkcs11_uri_error pkcs11_uri_parse(const char *text, struct pkcs11_uri *ret_uri,
                                                struct pkcs11_uri_fault *ret_fault);

/* One phrase that fits "--key: ATTRIBUTE: PHRASE". */
const char *pkcs11_uri_error_text(enum pkcs11_uri_error error);

#endif
