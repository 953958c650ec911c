/* SPDX-License-Identifier: Apache-2.0
 *
 * From a code's text (PREFIX:, base45, perhaps zlib) or from raw bytes to an opened COSE message,
 * step by step, keeping what each step gave. For learning and for comparing with other makers'
 * codes; a verdict comes from verifier/verify.h.
 */
#ifndef CLI_INSPECT_H
#define CLI_INSPECT_H

#include "base/crypto_any.h"
#include "wire/must_use.h"
#include "cli/inspect/inspect_cose.h"

#define INSPECT_MAX_INPUT  65536
#define INSPECT_MAX_BYTES  65536 /* after inflation */
#define INSPECT_MAX_PREFIX 8
#define INSPECT_MAX_PRINT  1048576

enum inspect_step {
    INSPECT_DONE = 0,
    INSPECT_AT_SIZE,    /* empty, or more than INSPECT_MAX_INPUT */
    INSPECT_AT_PREFIX,  /* no prefix, or not the one expected */
    INSPECT_AT_BASE45,  /* not base45 */
    INSPECT_AT_INFLATE, /* damaged zlib, bytes after it, or more than INSPECT_MAX_BYTES */
    INSPECT_AT_CBOR,    /* not one CBOR item */
    INSPECT_AT_COSE,    /* CBOR, but no COSE_Sign1 or COSE_Sign */
};

/* What each step gave, up to the one that failed. Spans point into the input or into this struct,
 * which is large (some 260 KiB): keep it on the heap, and do not move it. */
struct inspect {
    enum inspect_step failed_at;
    bool is_text;
    char prefix[INSPECT_MAX_PREFIX + 1]; /* without the colon */
    struct span packed;                  /* what base45 held */
    bool compressed;
    bool with_dictionary; /* the preset dictionary of CC1 */
    struct span message;  /* the CBOR */
    struct inspect_cose cose;
    uint8_t base45_room[INSPECT_MAX_BYTES];
    uint8_t message_room[INSPECT_MAX_BYTES];
    uint8_t arena_room[2 * INSPECT_MAX_BYTES];
};

/* Opens `input`: text when it begins with a prefix or is no CBOR, raw bytes otherwise. `prefix` is
 * the only prefix to be taken
 * ("HC1"), or NULL for any of 2 to 8 capitals and digits. A line end behind text is passed over.
 * Every field of *ret_inspect is set. Returns failed_at == INSPECT_DONE. */
bool inspect_open(struct span input, const char *prefix, struct inspect *ret_inspect);

/* One phrase about the step that failed. */
const char *inspect_step_text(enum inspect_step step);

enum inspect_verdict {
    INSPECT_GOOD,
    INSPECT_BAD,
    INSPECT_NO_ALGORITHM,    /* the message names none, or one unknown here */
    INSPECT_OTHER_ALGORITHM, /* the key is not of the algorithm's kind */
    INSPECT_NO_PAYLOAD,      /* the payload is detached */
    INSPECT_FAILURE,         /* memory */
};

/* Checks one signature of an opened message under a key. */
enum inspect_verdict inspect_check(const struct inspect *inspect,
                                   const struct inspect_signer *signer, struct span external_aad,
                                   const struct crypto_any_key *key);

/* Prints the message in diagnostic notation; of a message that is CBOR but not COSE, the CBOR.
 * False when nothing could be opened or it does not fit. */
bool inspect_show(const struct inspect *inspect, struct writer *w);

#endif
