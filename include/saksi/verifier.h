/* SPDX-License-Identifier: Apache-2.0
 *
 * The check of a certificate: bytes and circumstances in, one verdict out. It reads no clock, no
 * environment and no configuration, opens nothing but the store it is given, writes nothing and
 * prints nothing.
 *
 * A verifier belongs to one thread at a time, with its store. A verdict is a copy and belongs to
 * nobody else.
 */
#ifndef SAKSI_VERIFIER_H
#define SAKSI_VERIFIER_H

#include <saksi/card.h>
#include <saksi/credential.h>
#include <saksi/trust_store.h>
#include <saksi/verdict.h>

#ifdef __cplusplus
extern "C" {
#endif

struct saksi_verifier;
struct saksi_verdict;

/* The circumstances of a check. Set everything to zero first, then `size` to sizeof(struct
 * saksi_request). */
struct saksi_request {
    size_t size;
    int64_t now_s;        /* the device's clock, seconds since 1970-01-01T00:00:00Z */
    int64_t build_s;      /* when the program was built, seconds; no earlier time is believed */
    int32_t utc_offset_s; /* of the checkpoint, seconds east of UTC, within a day */
    int has_at;           /* not 0: judge as of the day at_day instead of now */
    int64_t at_day;       /* days since 1970-01-01 */
    const char *host;     /* the state whose rules apply: two capital letters (ISO 3166-1) */
    enum saksi_purpose purpose;
    const char
        *post; /* job index, occupation or scheme code of the post asked for; NULL or "" for none */
    /* Ages of lists in days up to which a verdict stays plain, green, amber; 0: as the lists say.
     * Tighter only. */
    int plain_days, shown_days, amber_days;
    /* Protection against an old copy of the store, for a device that keeps the versions of the
     * newest root and header it ever had outside its disk; a store below them is STATE_ROLLBACK.
     * mark_known 0 with mark_wanted not 0: they could not be read (MARK_UNREADABLE). All zero, or a
     * `size` that ends before them: there is no such protection. */
    int64_t mark_root_version, mark_header_version;
    int mark_wanted, mark_known;
    const struct saksi_card *card; /* what the card proved that the certificate was read from; NULL,
                                      or a `size` that ends before: it stands on paper. Borrowed
                                      during the call */
};

/* Makes a verifier. `store` is borrowed until saksi_verifier_free; NULL makes every verdict
 * NO_TRUST_LIST. */
SAKSI_API SAKSI_MUST_USE enum saksi_error saksi_verifier_new(struct saksi_store *store,
                                                             struct saksi_verifier **ret_verifier);
SAKSI_API void saksi_verifier_free(struct saksi_verifier *verifier);

/* Judges the text of a QR code, whatever it holds. On SAKSI_OK the caller frees *ret_verdict; on
 * any error it is set to NULL, and the certificate must be treated like CANNOT VERIFY. */
SAKSI_API SAKSI_MUST_USE enum saksi_error saksi_verify_qr_text(struct saksi_verifier *verifier,
                                                               const struct saksi_request *request,
                                                               const char *text, size_t len,
                                                               struct saksi_verdict **ret_verdict);

/* Judges the bytes of a credential (a .cose file). As above. */
SAKSI_API SAKSI_MUST_USE enum saksi_error
saksi_verify_credential(struct saksi_verifier *verifier, const struct saksi_request *request,
                        const void *bytes, size_t len, struct saksi_verdict **ret_verdict);
/* Wipes and frees. NULL is allowed. */
SAKSI_API void saksi_verdict_free(struct saksi_verdict *verdict);

/* ---- What a verdict says ---- */

/* NULL is read as a verdict that is CANNOT VERIFY and says nothing else. */

SAKSI_API enum saksi_outcome saksi_verdict_outcome(const struct saksi_verdict *verdict);
SAKSI_API enum saksi_assurance saksi_verdict_assurance(const struct saksi_verdict *verdict);
/* Not 0: sample data was used; say so wherever the verdict is shown. */
SAKSI_API int saksi_verdict_is_sample(const struct saksi_verdict *verdict);

/* The reasons, worst first; the first is the headline. The number 0 beyond the last. */
SAKSI_API size_t saksi_verdict_reason_count(const struct saksi_verdict *verdict);
SAKSI_API enum saksi_reason saksi_verdict_reason(const struct saksi_verdict *verdict, size_t at);
/* The state whose list the reason is about, or "". */
SAKSI_API const char *saksi_verdict_reason_state(const struct saksi_verdict *verdict, size_t at);

/* What the document says of its issuer, unverified: for "claims to be from ..." only. "" when
 * unreadable. */
SAKSI_API const char *saksi_verdict_claimed_issuer(const struct saksi_verdict *verdict);

/* Claims are there when the signature was verified, the holder's only on VALID and CHECK BY HAND.
 * 1: the claim is there and written to the output, which points into the verdict; 0: it is not, or
 * is of another kind. Text is UTF-8 without NUL. Days count from 1970-01-01. */
SAKSI_API int saksi_verdict_claim_text(const struct saksi_verdict *verdict, enum saksi_claim claim,
                                       const char **ret_text, size_t *ret_len);
SAKSI_API int saksi_verdict_claim_number(const struct saksi_verdict *verdict,
                                         enum saksi_claim claim, int64_t *ret_number);
/* 1: the claim is there and says "none" (valid_until: no expiry). */
SAKSI_API int saksi_verdict_claim_is_null(const struct saksi_verdict *verdict,
                                          enum saksi_claim claim);
SAKSI_API size_t saksi_verdict_unit_count(const struct saksi_verdict *verdict);
SAKSI_API int saksi_verdict_unit(const struct saksi_verdict *verdict, size_t at,
                                 const char **ret_text, size_t *ret_len);

/* The issuer's name as the trust list gives it, in `lang` (BCP 47) or else English. 1 and 0 as
 * above. */
SAKSI_API int saksi_verdict_issuer_name(const struct saksi_verdict *verdict, const char *lang,
                                        const char **ret_text, size_t *ret_len);
/* The awarding body's id, or "". */
SAKSI_API const char *saksi_verdict_awarding_body(const struct saksi_verdict *verdict);

/* The id of the rule that decided about recognition, or ""; and its conditions. */
SAKSI_API const char *saksi_verdict_rule(const struct saksi_verdict *verdict);
SAKSI_API int saksi_verdict_conditions(const struct saksi_verdict *verdict, const char *lang,
                                       const char **ret_text, size_t *ret_len);

/* The AQRF level for information, 1 to 8; 0 when no endorsed map gives one. */
SAKSI_API int saksi_verdict_aqrf_level(const struct saksi_verdict *verdict);

/* Of the lists that count: whole days since the older one was last vouched for; -1 when unknown.
 * And the version of the newest header, 0 when unknown. */
SAKSI_API int saksi_verdict_trust_age_days(const struct saksi_verdict *verdict);
SAKSI_API int64_t saksi_verdict_header_version(const struct saksi_verdict *verdict);

/* ---- Words. English; never NULL; "" for a number that is not in the table. They live as long as
 * the library. ---- */

SAKSI_API const char *saksi_outcome_text(enum saksi_outcome outcome); /* "CHECK BY HAND" */
SAKSI_API const char *saksi_outcome_name(enum saksi_outcome outcome); /* "check_by_hand" */
SAKSI_API const char *saksi_reason_name(enum saksi_reason reason);    /* "REVOKED" */
SAKSI_API const char *saksi_reason_sentence(enum saksi_reason reason);
SAKSI_API const char *saksi_reason_next_step(enum saksi_reason reason); /* "" when there is none */
SAKSI_API enum saksi_outcome saksi_reason_severity(enum saksi_reason reason);
SAKSI_API const char *saksi_claim_name(enum saksi_claim claim); /* "holder_name" */

#ifdef __cplusplus
}
#endif

#endif
