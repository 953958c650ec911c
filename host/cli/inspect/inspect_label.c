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
    enum inspect_place value; /* the place its value is */
    int64_t label;
    const char *name;
} labels[] = {
    {INSPECT_SIGN1, INSPECT_HEADER, 0, "protected"},
    {INSPECT_SIGN1, INSPECT_HEADER, 1, "unprotected"},
    {INSPECT_SIGN1, INSPECT_CLAIMS, 2, "payload"},
    {INSPECT_SIGN1, INSPECT_PLAIN, 3, "signature"},
    {INSPECT_SIGN, INSPECT_HEADER, 0, "protected"},
    {INSPECT_SIGN, INSPECT_HEADER, 1, "unprotected"},
    {INSPECT_SIGN, INSPECT_EMBEDDED, 2, "payload"},
    {INSPECT_SIGN, INSPECT_SIGNERS, 3, "signatures"},
    {INSPECT_SIGNER, INSPECT_HEADER, 0, "protected"},
    {INSPECT_SIGNER, INSPECT_HEADER, 1, "unprotected"},
    {INSPECT_SIGNER, INSPECT_PLAIN, 2, "signature"},
    {INSPECT_HEADER, INSPECT_PLAIN, 1, "alg"},
    {INSPECT_HEADER, INSPECT_PLAIN, 2, "crit"},
    {INSPECT_HEADER, INSPECT_PLAIN, 3, "content type"},
    {INSPECT_HEADER, INSPECT_PLAIN, 4, "kid"},
    {INSPECT_HEADER, INSPECT_PLAIN, 5, "IV"},
    {INSPECT_HEADER, INSPECT_PLAIN, 6, "partial IV"},
    {INSPECT_HEADER, INSPECT_SIGNER, 7, "counter signature"},
    {INSPECT_HEADER, INSPECT_CLAIMS, 15, "CWT claims"},
    {INSPECT_HEADER, INSPECT_PLAIN, 16, "typ"},
    {INSPECT_HEADER, INSPECT_PLAIN, 32, "x5bag"},
    {INSPECT_HEADER, INSPECT_PLAIN, 33, "x5chain"},
    {INSPECT_HEADER, INSPECT_PLAIN, 34, "x5t"},
    {INSPECT_HEADER, INSPECT_PLAIN, 35, "x5u"},
    {INSPECT_CLAIMS, INSPECT_PLAIN, 1, "iss"},
    {INSPECT_CLAIMS, INSPECT_PLAIN, 2, "sub"},
    {INSPECT_CLAIMS, INSPECT_PLAIN, 3, "aud"},
    {INSPECT_CLAIMS, INSPECT_PLAIN, 4, "exp"},
    {INSPECT_CLAIMS, INSPECT_PLAIN, 5, "nbf"},
    {INSPECT_CLAIMS, INSPECT_PLAIN, 6, "iat"},
    {INSPECT_CLAIMS, INSPECT_PLAIN, 7, "cti"},
    {INSPECT_CLAIMS, INSPECT_CNF, 8, "cnf"},
    {INSPECT_CLAIMS, INSPECT_PLAIN, -260, "hcert"},
    {INSPECT_CLAIMS, INSPECT_CERTIFICATE, -65537, "certificate"},
    {INSPECT_CNF, INSPECT_PLAIN, 1, "COSE_Key"},
    {INSPECT_CNF, INSPECT_PLAIN, 3, "kid"},
    {INSPECT_CNF, INSPECT_PLAIN, 5, "ckt"},
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
