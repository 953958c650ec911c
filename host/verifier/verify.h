/* SPDX-License-Identifier: Apache-2.0
 *
 * The decision: bytes in, one verdict out, in the order of the four questions: genuine, in force,
 * recognised here, this person. Gets clock, host state, purpose and post as arguments; touches no
 * device, screen or environment, and writes nothing.
 */
#ifndef VERIFIER_VERIFY_H
#define VERIFIER_VERIFY_H

#include "verifier/card_proof.h"
#include "verifier/trust_mark.h"
#include "verifier/trust_store.h"
#include "verifier/verdict.h"

/* A store found damaged during a check gives one of two answers. Where the database still reads,
 * but a row or document cannot be taken apart or is not what was signed: VERIFY_OK, with DATA_ERROR
 * among the reasons, which is CANNOT VERIFY or worse. Where the database itself finds its file
 * corrupt: VERIFY_STORE with DB_CORRUPT, as any other failure of it (busy, disk). `saksi verify`
 * shows the first like any verdict (status 3, or 1), and ends the second with a message and 74. */
enum verify_error {
    VERIFY_OK = 0, /* a verdict was made, whatever it says */
    VERIFY_STORE,  /* the database failed: trust_store_db_error */
    VERIFY_SYSTEM, /* memory, library */
};

struct verify_request {
    int64_t now_s;        /* the device's clock, seconds since 1970 */
    int64_t build_s;      /* when the program was built */
    int32_t utc_offset_s; /* of the checkpoint, seconds east of UTC */
    bool has_at;          /* judge as of a day (AS_OF) instead of now */
    int64_t at_day;       /* days since 1970-01-01 */
    char host[3];         /* the host state, two capital letters */
    enum saksi_purpose purpose;
    struct span post; /* job index, occupation or scheme code asked for; empty for none; borrowed
                         during the call */
    struct trust_staleness tighten; /* local limits; 0 = the header's; a larger value than the
                                       header's has no effect */
    struct trust_mark mark;         /* all zero: this device keeps none */
    struct card_proof card;         /* all zero: no card was read */
    struct span paper; /* a credential that was shown together with the card, to be compared with
                          it; empty for none; borrowed during the call */
};

/* Holds parsed keys, issuers and rules between calls, until the store changes; one a thread. */
struct verifier;

/* `store` may be NULL or empty: every certificate is then NO_TRUST_LIST. It is borrowed until
 * verifier_free. */
MUST_USE enum verify_error verifier_new(struct trust_store *store, struct verifier **ret_verifier);
void verifier_free(struct verifier *verifier);

/* Judges a credential's bytes (`document`, borrowed during the call). On an error *ret_verdict is
 * CANNOT VERIFY for DATA_ERROR. */
MUST_USE enum verify_error verify_credential(struct verifier *verifier,
                                             const struct verify_request *request,
                                             struct span document, struct verdict *ret_verdict);

/* Judges the text of a QR code; other kinds of codes get their own reason. On an error as above. */
MUST_USE enum verify_error verify_qr_text(struct verifier *verifier,
                                          const struct verify_request *request, struct span text,
                                          struct verdict *ret_verdict);

/* The verdict about something that gave no certificate: UNREADABLE or NO_CODE. */
void verify_nothing(enum saksi_reason reason, struct verdict *ret_verdict);

/* The text of the signed catalogue for a code of a state (type 9, 10 or 11), in `lang` or English;
 * empty when there is none. For display beside the code only. Holds until the next call. */
struct span verify_catalogue_title(struct verifier *verifier, struct span state, enum row_type type,
                                   struct span code, struct span lang);

#endif
