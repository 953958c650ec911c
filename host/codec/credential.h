/* SPDX-License-Identifier: Apache-2.0
 *
 * The claims of a certificate (saksi/claim.def): CBOR payload ↔ struct. Knows form and limits, not
 * trust.
 */
#ifndef CODEC_CREDENTIAL_H
#define CODEC_CREDENTIAL_H

#include <saksi/credential.h>
#include "codec/cbor.h"

#define CREDENTIAL_MAX_UNITS   40
#define CREDENTIAL_MAX_BYTES   4096
#define CERTIFICATE_NUMBER_MAX 40 /* of saksi/claim.def */

enum credential_error {
    CREDENTIAL_OK = 0,
    CREDENTIAL_MALFORMED,   /* CBOR, type, length or range; see cbor and claim */
    CREDENTIAL_UNSUPPORTED, /* a claim or value this version does not know */
    CREDENTIAL_MISSING,     /* a claim that must be there is not */
    CREDENTIAL_CONFLICT,    /* claims that contradict each other, or stand alone where they belong
                               together */
};

/* One claim's value: text and bytes in `text` (pointing into the payload), numbers, days and enums
 * in `number`. */
struct claim_value {
    struct span text;
    int64_t number;
};

struct credential {
    uint64_t present; /* bit (1 << SAKSI_CLAIM_x) */
    uint64_t is_null; /* the same, for DAY_OR_NULL claims that are null */
    struct claim_value value[SAKSI_CLAIM_COUNT];
    struct span unit[CREDENTIAL_MAX_UNITS];
    size_t unit_count;
};

/* Why a payload was refused. */
struct credential_problem {
    enum credential_error error;
    enum cbor_error cbor;   /* for CREDENTIAL_MALFORMED */
    enum saksi_claim claim; /* the claim concerned, or SAKSI_CLAIM_COUNT */
};

enum claim_kind {
    CLAIM_CODE,
    CLAIM_TEXT,
    CLAIM_NUMBER,
    CLAIM_DAY,
    CLAIM_DAY_OR_NULL,
    CLAIM_ENUM,
    CLAIM_BYTES,
    CLAIM_CODES,
    CLAIM_CKT,
};

/* A row of claim.def. */
struct claim_info {
    const char *json; /* the claim's name in JSON */
    int label;
    enum claim_kind kind;
    int64_t least, most;
    bool always;
    bool top; /* stands in the outer map */
};

extern const struct claim_info claim_info[SAKSI_CLAIM_COUNT];

/* Decodes a payload; spans point into it. On refusal *ret_credential is zeroed and the problem
 * told. */
struct credential_problem credential_decode(struct span payload, struct credential *ret_credential);

struct cose_sign1;

/* Takes a whole certificate apart, whoever signed it. False when it is none; what was asked for is
 * not to be used then. Both point into the document. */
bool credential_open(struct span document, struct cose_sign1 *ret_cose,
                     struct credential *ret_claims);

/* Checks what credential_decode checks beyond types: presence and conditions between claims. */
struct credential_problem credential_check(const struct credential *c);

/* Writes the payload. Checks what credential_decode checks, by decoding the result; on refusal *w
 * is untouched. */
struct credential_problem credential_encode(const struct credential *c, struct writer *w);

static inline bool credential_has(const struct credential *c, enum saksi_claim claim)
{
    return (c->present >> claim & 1) != 0;
}

/* Empty or zero when the claim is absent. */
static inline struct span credential_text(const struct credential *c, enum saksi_claim claim)
{
    return c->value[claim].text;
}

static inline int64_t credential_number(const struct credential *c, enum saksi_claim claim)
{
    return c->value[claim].number;
}

void credential_set_text(struct credential *c, enum saksi_claim claim, struct span text);
void credential_set_number(struct credential *c, enum saksi_claim claim, int64_t number);
void credential_set_null(struct credential *c, enum saksi_claim claim);
/* False when there are CREDENTIAL_MAX_UNITS already. */
bool credential_add_unit(struct credential *c, struct span code);

/* Whether two certificates say the same of the same award: all claims are equal but those in which
 * the document on a card and the one on paper may differ (iat, cnf, status_index, photo_digest,
 * face). */
bool credential_siblings(const struct credential *a, const struct credential *b);

/* Removes a claim. */
void credential_clear(struct credential *c, enum saksi_claim claim);

/* Removes everything about the holder: names, birth, nationality, identity hint, face, digest of
 * the photo. */
void credential_clear_holder(struct credential *c);

/* The name of an enumerated value ("qualification"), or NULL; and back, or 0. */
const char *claim_value_name(enum saksi_claim claim, int64_t value);
int64_t claim_value_number(enum saksi_claim claim, struct span name);

/* The claim of that JSON name, or SAKSI_CLAIM_COUNT. */
enum saksi_claim claim_of_json(struct span name);

/* The form in which certificate numbers are compared: without blanks and dashes, in capitals. It
 * stands in `room`; empty when nothing is left, or more than fits. */
struct span certificate_number_key(struct span number, uint8_t room[CERTIFICATE_NUMBER_MAX]);

#endif
