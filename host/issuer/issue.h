/* SPDX-License-Identifier: Apache-2.0
 *
 * Issuing: records become signed, registered, written and read-back certificates, in an order that
 * loses and doubles nothing when the power fails: reserve (commit) → sign → note as signed (commit)
 * → make pages and read them back → make the card (commit) → write files → note as delivered
 * (commit). Knows nothing of how cards are spoken to.
 */
#ifndef ISSUER_ISSUE_H
#define ISSUER_ISSUE_H

#include "issuer/paper.h"
#include "issuer/registry.h"
#include "issuer/signer.h"
#include "issuer/station.h"

#define ISSUE_BATCH_MAX 100 /* certificates in one transaction */

/* Pages to make beside the .cose and .txt files, and whether a chip is still to be written; also
 * how the registry numbers them. */
enum { ISSUE_A4 = 1, ISSUE_CARD = 2, ISSUE_CHIP = 4 };

enum issue_error {
    ISSUE_OK = 0,
    ISSUE_REFUSED,  /* a record cannot be issued as asked */
    ISSUE_REGISTRY, /* see registry_error and registry_db_error */
    ISSUE_FILE,     /* files could not be written; what is signed waits for issue_resume */
    ISSUE_UNREAD,   /* a page did not read back, or could not be laid out: its index is void */
    ISSUE_PHOTO,    /* a photo of an earlier run cannot be read: its certificate waits */
    ISSUE_PROGRAM,  /* a helper program failed; what is signed waits for issue_resume */
    ISSUE_NO_CHIP,  /* what is signed waits for the card that it names */
    ISSUE_SYSTEM,
};

/* A card that is made together with its certificate. */
struct issue_chip {
    uint8_t thumbprint[CRYPTO_SHA256_SIZE]; /* RFC 9679, of the key made on it: the claim cnf */
    /* Puts certificate and photo (NULL: none) on the card, whatever of them is there already. True
     * when the card is finished: read back, challenged and locked. Else one sentence in `why`. */
    bool (*write)(void *ctx, const struct signed_credential *made, const struct holder_photo *photo,
                  char why[400]);
    void *ctx;
};

/* Everything borrowed. */
struct issue_session {
    const struct station *station;
    struct registry *registry;
    const struct signer *signer;
    const char *libexec_dir;
    const char *folder;            /* where the files go */
    unsigned pages;                /* ISSUE_A4, ISSUE_CARD */
    const struct issue_chip *chip; /* NULL: none; else certificates are issued one by one */
    enum registry_kind kind;
    bool pass_over_same;              /* what was issued already with the same claims is no error */
    const struct holder_photo *photo; /* NULL for none */
    const char *photo_path;           /* "" for none */
    struct trust_store *trust_list;   /* for titles on pages; NULL for none */
    int64_t now_s;
    void (*progress)(void *ctx, size_t done); /* may be NULL; after each certificate */
    void *ctx;
};

enum issue_outcome {
    ISSUE_NOT_TRIED = 0, /* because of another item of the batch */
    ISSUE_DELIVERED,
    ISSUE_PASSED_OVER, /* was issued before */
    ISSUE_FAILED,      /* see `why` */
    ISSUE_WAITS,       /* signed, not written: for issue_resume */
    ISSUE_WAITS_CHIP,  /* signed; for issue_resume with the card that it names */
};

struct issue_item {
    struct credential credential; /* of record_read; iss, iat, index and photo are added */
    enum issue_outcome outcome;
    uint32_t index;             /* when it got one */
    enum registry_why void_why; /* of ISSUE_FAILED after an index was taken */
    char why[400];              /* one sentence */
};

/* Issues up to ISSUE_BATCH_MAX records. When one cannot be issued, none is reserved:
 * *ret_registry_error tells more about ISSUE_REGISTRY. After signing, each stands for itself. */
MUST_USE enum issue_error issue_batch(const struct issue_session *session, struct issue_item *items,
                                      size_t count, enum registry_error *ret_registry_error);

/* What issue_batch would say to one record, before anything is done for it: the outcome is
 * ISSUE_NOT_TRIED, ISSUE_PASSED_OVER or ISSUE_FAILED. Reserves and signs nothing. */
MUST_USE enum issue_error issue_check(const struct issue_session *session, struct issue_item *item,
                                      enum registry_error *ret_registry_error);

/* Ends what an earlier run left half-way: what was only reserved becomes void, what was signed is
 * written out as it was meant to be; temporary files of a run that was stopped go. Calls `tell`
 * (may be NULL) for each.
 *
 * What waits for a card is told and left as it is, ISSUE_WAITS_CHIP: nobody but the card can say
 * how far it came. With session->chip, only what waits for that card is looked at, and ended.
 * Nothing that names a card ever becomes void here. */
MUST_USE enum issue_error issue_resume(const struct issue_session *session,
                                       void (*tell)(void *ctx, const struct issue_item *item),
                                       void *ctx, enum registry_error *ret_registry_error);

/* The certificate that was signed for the card with this key and is not on it yet: an index and its
 * claims. REGISTRY_DONE when there is none. */
MUST_USE enum registry_error issue_waiting(struct registry *registry,
                                           const uint8_t thumbprint[CRYPTO_SHA256_SIZE],
                                           uint32_t *ret_index, struct credential *ret_claims);

#endif
