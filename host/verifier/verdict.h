/* SPDX-License-Identifier: Apache-2.0
 *
 * The answer of a check. Only verify makes one; screens and printers take nothing else. Spans
 * inside point into the verdict itself, so it is passed by address and never copied. Knows how
 * reasons become one outcome and what may be shown with it; knows nothing of how a reason is found.
 */
#ifndef VERIFIER_VERDICT_H
#define VERIFIER_VERDICT_H

#include <saksi/verdict.h>
#include "base/crypto.h"
#include "codec/credential.h"
#include "codec/trust_row.h"

#define VERDICT_MAX_REASONS 24
#define VERDICT_NAMES_BYTES 8192 /* three sets of names at their longest */

/* A row of verdict.def. */
struct reason_info {
    enum saksi_reason reason;
    enum saksi_outcome severity;
    const char *name;      /* "REVOKED" */
    const char *sentence;  /* English */
    const char *next_step; /* English; "" when there is none */
};

/* The table in the order of its numbers, ended by an entry whose name is NULL; and one row of it
 * (NULL for a number not in it). */
extern const struct reason_info reason_table[];
const struct reason_info *reason_find(enum saksi_reason reason);

struct verdict_reason {
    enum saksi_reason reason;
    enum saksi_outcome severity;
    char state[3]; /* the state whose list it is about, or "" */
};

/* What was established beyond doubt, one bit a question; each is set in one place only, at the end
 * of the steps that answer it. VALID needs them all, whatever the reasons say. */
enum verdict_established {
    VERDICT_GENUINE = 1,
    VERDICT_IN_FORCE = 2,
    VERDICT_RECOGNISED = 4,
    VERDICT_ALL = 7,
};

struct verdict {
    enum saksi_outcome outcome;
    enum saksi_assurance assurance;
    bool sample; /* sample data was used: say so wherever this is shown */

    /* Worst first, then by number; at least one. The first is the headline. */
    size_t reason_count;
    struct verdict_reason reason[VERDICT_MAX_REASONS];

    /* What the document itself claims, unverified, for the sentence "claims to be from ..."; ""
     * when unreadable. */
    char claimed_issuer[33];

    /* Set when the signature was verified; without it the credential is empty. On NOT VALID and
     * CANNOT VERIFY the holder's claims are removed. */
    bool genuine;
    unsigned established;         /* enum verdict_established */
    struct credential credential; /* points into payload */
    uint8_t payload[CREDENTIAL_MAX_BYTES];
    uint8_t credential_digest[CRYPTO_SHA256_SIZE]; /* of the Sig_structure */
    char issuing_state[3];
    struct row_names issuer_names;        /* points into names_bytes */
    char awarding_body[33];               /* id, or "" */
    struct row_names awarding_body_names; /* points into names_bytes */

    /* Revocation or suspension that was found: reason code of WIRE.md (0 unknown) and date
     * (INT64_MIN unknown). */
    int status_reason;
    int64_t status_day;

    /* AQRF level for information: 0 when the map does not give an endorsed one. */
    int aqrf_level;

    struct {
        bool evaluated; /* the question was answered: domestic, or the host's rules were asked */
        bool covered;   /* a rule applies; only then the rest says something */
        bool domestic;
        enum row_result
            result; /* may be case_by_case where the rule says worse, see recognition.h */
        enum row_arrangement arrangement;
        char rule[33];               /* its id */
        struct row_names conditions; /* points into names_bytes */
    } recognition;

    struct {
        bool known;
        int64_t header_version;
        int64_t issued_at_s; /* fresh_as_of of the older of the two lists that count */
        int age_days;        /* whole days from then to the time judged */
    } trust;

    uint8_t names_bytes[VERDICT_NAMES_BYTES];
    size_t names_used;
};

/* "VALID", "CHECK BY HAND", "NOT VALID", "CANNOT VERIFY". */
const char *outcome_text(enum saksi_outcome outcome);
/* "valid", "check_by_hand", "not_valid", "cannot_verify". */
const char *outcome_json(enum saksi_outcome outcome);

/* For verify. Starts from nothing known: CANNOT VERIFY. */
void verdict_start(struct verdict *v);

/* Puts a reason in its place, once for each state; `state` is two letters, or empty. */
void verdict_add(struct verdict *v, enum saksi_reason reason, struct span state);

/* Copies names into the verdict; those that find no room are left out. */
void verdict_copy_names(struct verdict *v, struct row_names *ret_names,
                        const struct row_names *names);

/* Sets the outcome from the reasons and removes what may not be shown. What was not established
 * cannot be VALID, what is not genuine cannot be CHECK BY HAND: whoever adds reasons wrongly gets
 * CANNOT VERIFY. */
void verdict_finish(struct verdict *v);

bool verdict_has(const struct verdict *v, enum saksi_reason reason);

/* The severity of the worst reason so far; SAKSI_VALID when there is none. */
enum saksi_outcome verdict_worst(const struct verdict *v);

#endif
