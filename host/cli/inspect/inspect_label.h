/* SPDX-License-Identifier: Apache-2.0
 *
 * What the numbers in COSE messages and CWTs are called (RFC 9052, RFC 8392, saksi/claim.def): for
 * comments only.
 */
#ifndef CLI_INSPECT_LABEL_H
#define CLI_INSPECT_LABEL_H

#include "wire/bytes.h"

/* A place whose labels (map keys) or positions (array indices) have names. */
enum inspect_place {
    INSPECT_PLAIN,    /* no names; a byte string is a byte string */
    INSPECT_EMBEDDED, /* no names; a byte string is opened when it holds CBOR */
    INSPECT_SIGN1,
    INSPECT_SIGN,
    INSPECT_SIGNERS,
    INSPECT_SIGNER,
    INSPECT_HEADER,
    INSPECT_CLAIMS,
    INSPECT_CNF,
    INSPECT_CERTIFICATE,
};

/* The name of a label at a place, or NULL, and the place its value is. Constant strings. */
const char *inspect_label_name(enum inspect_place place, int64_t label,
                               enum inspect_place *ret_place);

#define INSPECT_NOTE_SIZE 48

/* What an integer stands for ("ES256", "2021-05-03T18:00:00Z"), or NULL; `note` gives room. */
const char *inspect_label_note(enum inspect_place place, int64_t label, int64_t value,
                               char note[INSPECT_NOTE_SIZE]);

#endif
