/* SPDX-License-Identifier: Apache-2.0
 *
 * What a trust store holds, counted, dated and held against itself: what is missing, what will
 * expire. Prints nothing, judges no certificate, and changes nothing in the store.
 */
#ifndef CLI_TRUST_SURVEY_H
#define CLI_TRUST_SURVEY_H

#include "verifier/clock.h"
#include "verifier/staleness.h"

#define SURVEY_SOON_DAYS 60  /* keys and licences that end within so many days are noted */
#define SURVEY_MAX_NOTES 100 /* kept of each kind of notes, the first ones; the rest is counted */
#define SURVEY_MAX_ID    32  /* of an issuer, WIRE.md */
#define SURVEY_KID_SIZE  8

/* Who asks, and when. */
struct survey_request {
    char host[3];                   /* "" when not configured */
    int32_t utc_offset_s;           /* of the checkpoint */
    struct trust_staleness tighten; /* local limits; 0: the header's */
    int64_t system_s, build_s;      /* the device's clock, and when the program was built */
};

/* What is wrong or missing, worst first. */
enum survey_problem {
    SURVEY_NO_ROOT,
    SURVEY_CLOCK_SUSPECT,
    SURVEY_ROOT_EXPIRED,
    SURVEY_NO_HEADER,
    SURVEY_HEADER_EXPIRED,
    SURVEY_HOST_LIST_MISSING, /* of the host state itself: no list that may be used */
    SURVEY_LIST_DISABLED,     /* its keys are no longer in the root */
    SURVEY_LIST_MISSING,      /* the header names it */
    SURVEY_LIST_EXPIRED,
    SURVEY_LIST_OLD,    /* `days` old, beyond the limit for green */
    SURVEY_LIST_BEHIND, /* the header names another list of that state, or none */
    SURVEY_LAST_FAULT = SURVEY_LIST_BEHIND, /* a newer bundle, or the right time, mends all these */
    SURVEY_HOST_RULES_MISSING,              /* its list has no rule in force */
    SURVEY_STATE_WITHOUT_LIST,              /* in the root, and not even named by the header */
    SURVEY_ISSUER_WITHOUT_KEY,              /* licensed today, and none of its keys in force */
    SURVEY_KEY_WITHOUT_LICENCE,             /* in force, its issuer unknown or not licensed today */
    SURVEY_RULES_NOT_COVERED, /* `count` rules about a state that the root does not know */
    SURVEY_MAP_MISSING,       /* rules name a framework that the state itself does not map */
    SURVEY_PROBLEM_COUNT
};

enum survey_expiry {
    SURVEY_EXPIRY_HEADER,
    SURVEY_EXPIRY_LIST,
    SURVEY_EXPIRY_ROOT,
    SURVEY_EXPIRY_KEY,
    SURVEY_EXPIRY_LICENCE,
    SURVEY_EXPIRY_COUNT
};

/* One finding; what does not belong to its kind is zero. */
struct survey_note {
    int64_t day; /* of an expiry */
    int kind;    /* enum survey_problem or enum survey_expiry */
    char state[TRUST_STATE_SIZE + 1];
    char about[TRUST_STATE_SIZE + 1]; /* the state that rules are about */
    char issuer[SURVEY_MAX_ID + 1];
    uint8_t kid[SURVEY_KID_SIZE]; /* of SURVEY_KEY_WITHOUT_LICENCE and SURVEY_EXPIRY_KEY */
    int framework, edition;       /* edition 0: any */
    int days;
    size_t count;
};

/* In the order of their fields: by day, then by kind. */
struct survey_notes {
    struct survey_note note[SURVEY_MAX_NOTES];
    size_t count;
    size_t more; /* found beyond these */
};

/* One stored list. Numbers of rows, but for indices where said. */
struct survey_list {
    const struct trust_stored_list *stored; /* in `trust` */
    int age_days;                           /* INT_MAX: no header ever named it */
    enum staleness staleness;
    size_t issuers, issuers_licensed, issuers_suspended; /* licensed, suspended: today */
    size_t keys, keys_in_force, keys_to_come, keys_compromised;
    size_t rules, rules_in_force, derecognised, maps, titles;
    uint64_t allotted, revoked, suspended, survivors; /* indices; a range overrules the sets */
    size_t centres, blanks;                           /* revoked ones */
};

struct trust_survey {
    struct trust_state trust;
    struct clock_judgement clock;
    int32_t utc_offset_s; /* of the checkpoint */
    int64_t today;        /* there */
    char host[3];
    struct trust_staleness limits;             /* that hold here; -1 without a header */
    struct survey_list list[TRUST_MAX_STATES]; /* trust.list_count of them */
    struct survey_notes problems, expiring;
};

enum survey_error {
    SURVEY_OK = 0,
    SURVEY_DATA,   /* a stored row or document is damaged */
    SURVEY_STORE,  /* the database failed: trust_store_db_error */
    SURVEY_SYSTEM, /* memory */
};

/* Reads the whole store in one read transaction. trust_survey_free frees the survey. */
MUST_USE enum survey_error trust_survey_make(struct trust_store *store,
                                             const struct survey_request *request,
                                             struct trust_survey **ret_survey);
void trust_survey_free(struct trust_survey *survey);

/* The names by which programs know them; stable. */
const char *survey_problem_name(enum survey_problem problem);
const char *survey_expiry_name(enum survey_expiry expiry);
const char *survey_staleness_name(enum staleness staleness);

#endif
