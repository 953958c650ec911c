/* SPDX-License-Identifier: Apache-2.0
 *
 * The names come from the IANA registries COSE Header Parameters, CBOR Web Token Claims and CWT
 * Confirmation Methods, and from the table of claims.
 */
#include "cli/inspect/inspect_label.h"

#include <stdio.h>

#include "base/crypto_any.h"
#include "codec/credential.h"
#include "codec/date.h"

#define SECONDS_A_DAY 86400
#define LATEST_YEAR   253402300800 /* 10000-01-01T00:00:00Z */

static const struct label {
    enum inspect_place place;
    int64_t label;
    const char *name;
    enum inspect_place value;
} labels[] = {
    {INSPECT_SIGN1, 0, "protected", INSPECT_HEADER},
    {INSPECT_SIGN1, 1, "unprotected", INSPECT_HEADER},
    {INSPECT_SIGN1, 2, "payload", INSPECT_CLAIMS},
    {INSPECT_SIGN1, 3, "signature", INSPECT_PLAIN},
    {INSPECT_SIGN, 0, "protected", INSPECT_HEADER},
    {INSPECT_SIGN, 1, "unprotected", INSPECT_HEADER},
    {INSPECT_SIGN, 2, "payload", INSPECT_EMBEDDED},
    {INSPECT_SIGN, 3, "signatures", INSPECT_SIGNERS},
    {INSPECT_SIGNER, 0, "protected", INSPECT_HEADER},
    {INSPECT_SIGNER, 1, "unprotected", INSPECT_HEADER},
    {INSPECT_SIGNER, 2, "signature", INSPECT_PLAIN},
    {INSPECT_HEADER, 1, "alg", INSPECT_PLAIN},
    {INSPECT_HEADER, 2, "crit", INSPECT_PLAIN},
    {INSPECT_HEADER, 3, "content type", INSPECT_PLAIN},
    {INSPECT_HEADER, 4, "kid", INSPECT_PLAIN},
    {INSPECT_HEADER, 5, "IV", INSPECT_PLAIN},
    {INSPECT_HEADER, 6, "partial IV", INSPECT_PLAIN},
    {INSPECT_HEADER, 7, "counter signature", INSPECT_SIGNER},
    {INSPECT_HEADER, 15, "CWT claims", INSPECT_CLAIMS},
    {INSPECT_HEADER, 16, "typ", INSPECT_PLAIN},
    {INSPECT_HEADER, 32, "x5bag", INSPECT_PLAIN},
    {INSPECT_HEADER, 33, "x5chain", INSPECT_PLAIN},
    {INSPECT_HEADER, 34, "x5t", INSPECT_PLAIN},
    {INSPECT_HEADER, 35, "x5u", INSPECT_PLAIN},
    {INSPECT_CLAIMS, 1, "iss", INSPECT_PLAIN},
    {INSPECT_CLAIMS, 2, "sub", INSPECT_PLAIN},
    {INSPECT_CLAIMS, 3, "aud", INSPECT_PLAIN},
    {INSPECT_CLAIMS, 4, "exp", INSPECT_PLAIN},
    {INSPECT_CLAIMS, 5, "nbf", INSPECT_PLAIN},
    {INSPECT_CLAIMS, 6, "iat", INSPECT_PLAIN},
    {INSPECT_CLAIMS, 7, "cti", INSPECT_PLAIN},
    {INSPECT_CLAIMS, 8, "cnf", INSPECT_CNF},
    {INSPECT_CLAIMS, -260, "hcert", INSPECT_PLAIN},
    {INSPECT_CLAIMS, -65537, "certificate", INSPECT_CERTIFICATE},
    {INSPECT_CNF, 1, "COSE_Key", INSPECT_PLAIN},
    {INSPECT_CNF, 3, "kid", INSPECT_PLAIN},
    {INSPECT_CNF, 5, "ckt", INSPECT_PLAIN},
};

/* The claim inside the map `certificate`, or SAKSI_CLAIM_COUNT. */
static enum saksi_claim certificate_claim(int64_t label)
{
    for (int claim = 0; claim < SAKSI_CLAIM_COUNT; claim++) {
        if (!claim_info[claim].top && claim_info[claim].label == label) {
            return (enum saksi_claim)claim;
        }
    }
    return SAKSI_CLAIM_COUNT;
}

const char *inspect_label_name(enum inspect_place place, int64_t label,
                               enum inspect_place *ret_place)
{
    *ret_place = place == INSPECT_SIGNERS ? INSPECT_SIGNER : INSPECT_PLAIN;
    if (place == INSPECT_CERTIFICATE) {
        enum saksi_claim claim = certificate_claim(label);
        return claim == SAKSI_CLAIM_COUNT ? NULL : claim_info[claim].json;
    }
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        if (labels[i].place == place && labels[i].label == label) {
            *ret_place = labels[i].value;
            return labels[i].name;
        }
    }
    return NULL;
}

static const char *note_time(int64_t seconds, char note[INSPECT_NOTE_SIZE])
{
    char day[DATE_TEXT_SIZE];
    if (seconds < 0 || seconds >= LATEST_YEAR) {
        return NULL;
    }
    int rest = (int)(seconds % SECONDS_A_DAY);
    (void)snprintf(note, INSPECT_NOTE_SIZE, "%sT%02d:%02d:%02dZ",
                   date_format(seconds / SECONDS_A_DAY, day), rest / 3600, rest / 60 % 60,
                   rest % 60);
    return note;
}

static const char *note_certificate(int64_t label, int64_t value, char note[INSPECT_NOTE_SIZE])
{
    char day[DATE_TEXT_SIZE];
    enum saksi_claim claim = certificate_claim(label);
    if (claim == SAKSI_CLAIM_COUNT) {
        return NULL;
    }
    switch (claim_info[claim].kind) {
    case CLAIM_ENUM:
        return claim_value_name(claim, value);
    case CLAIM_DAY:
    case CLAIM_DAY_OR_NULL:
        if (value < -LATEST_YEAR / SECONDS_A_DAY || value > LATEST_YEAR / SECONDS_A_DAY) {
            return NULL;
        }
        (void)snprintf(note, INSPECT_NOTE_SIZE, "%s", date_format(value, day));
        return note;
    default:
        return NULL;
    }
}

const char *inspect_label_note(enum inspect_place place, int64_t label, int64_t value,
                               char note[INSPECT_NOTE_SIZE])
{
    switch (place) {
    case INSPECT_HEADER:
        return label == 1 ? crypto_any_alg_name(value) : NULL;
    case INSPECT_CLAIMS:
        return label >= 4 && label <= 6 ? note_time(value, note) : NULL;
    case INSPECT_CERTIFICATE:
        return note_certificate(label, value, note);
    default:
        return NULL;
    }
}
