/* SPDX-License-Identifier: Apache-2.0
 *
 * Takes COSE_Sign1, COSE_Sign and CWT messages of any maker apart (RFC 9052 §4, RFC 8392): tags
 * optional, `kid` and `alg` in either header. Says where things stood; judges nothing.
 */
#ifndef CLI_INSPECT_COSE_H
#define CLI_INSPECT_COSE_H

#include "wire/bytes.h"

#define INSPECT_MAX_SIGNERS 16

/* Where a header parameter was found. */
enum inspect_where {
    INSPECT_ABSENT = 0,
    INSPECT_PROTECTED,
    INSPECT_UNPROTECTED,
};

/* One signature. Spans point into the message or its arena. */
struct inspect_signer {
    struct span protected; /* what is signed over; of a COSE_Sign1 the message's own protected
                              header */
    struct span signature;
    enum inspect_where alg_where;
    bool alg_is_number; /* false: a text, or a number beyond 63 bits: no algorithm known here */
    int64_t alg;
    enum inspect_where kid_where;
    struct span kid;
};

struct inspect_cose {
    struct span message; /* borrowed */
    bool single;         /* COSE_Sign1; otherwise COSE_Sign */
    bool has_crit;       /* header parameters that a verifier must know (RFC 9052 §3.1, crit) */
    struct span protected;
    bool detached; /* the payload is nil: it is somewhere else */
    struct span payload;
    struct inspect_signer signer[INSPECT_MAX_SIGNERS];
    size_t signer_count;
};

/* Opens a message. `arena` takes strings that came in chunks and must stay as long as ret_cose is
 * used. False when it is not one such message, has a header parameter twice, or more signers than
 * INSPECT_MAX_SIGNERS. */
bool inspect_cose_open(struct span message, struct writer *arena, struct inspect_cose *ret_cose);

/* The Sig_structure (RFC 9052 §4.4) of one signer; `external_aad` may be empty. */
void inspect_cose_to_be_signed(struct writer *w, const struct inspect_cose *cose,
                               const struct inspect_signer *signer, struct span external_aad);

#endif
