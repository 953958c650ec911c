/* SPDX-License-Identifier: Apache-2.0
 *
 * The program behind "saksi demo": invented authorities and certificates, made by the code that
 * makes real ones, printed, scanned from the rendered pages and judged. Shares its table of
 * certificates and its steps.
 */
#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

#include <limits.h>
#include <saksi/verdict.h>
#include "authority/problem.h"
#include "codec/credential.h"
#include "verifier/trust_update.h"

#define DEMO_HOST         "MY"
#define DEMO_STALE_STATE  "TH" /* its list is the one that did not arrive */
#define DEMO_STALE_DAYS   100
#define DEMO_MAX_UNITS    6
#define DEMO_FOREIGN_CODE "https://register.example/verify?id=S-000017"

enum demo_trick {
    DEMO_GENUINE,
    DEMO_FORGED,  /* signed, then the name is changed */
    DEMO_FOREIGN, /* the page of another system: its code is a web address */
};

/* One certificate and the verdict it must get. Dates count in days before the demo runs. */
struct demo_case {
    const char *name; /* of its files */
    const char *issuer, *key;
    uint32_t index;
    enum demo_trick trick;
    int signed_ago, issued_ago;
    int valid_days; /* after the issue date; 0: no expiry */
    const char *holder, *native, *native_lang;
    const char *scheme, *title, *sector, *job_index;
    enum saksi_purpose purpose; /* asked at the checkpoint */
    const char *post;           /* asked at the checkpoint, or NULL */
    int framework, edition, level;
    bool partial, card;
    const char *centre, *blank;
    const char *unit[DEMO_MAX_UNITS];
    enum saksi_outcome outcome;
    enum saksi_reason reason; /* must be among the reasons */
};

extern const struct demo_case demo_case[];
extern const size_t demo_case_count;

/* Where everything is, and when. */
struct demo {
    char dir[PATH_MAX]; /* the demo's folder */
    const char *libexec_dir;
    int64_t now_s, build_s;
    struct authority_problem problem; /* why a step failed */
};

/* Paths below the demo's folder. False, with the problem, when too long. */
bool demo_path(struct demo *demo, char path[PATH_MAX], const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Puts a sentence in `problem` and answers false. */
bool demo_fail(struct demo *demo, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Removes everything in a folder of the demo, not the folder. */
void demo_empty_folder(const char *path);

/* The steps; false with the problem told. */
bool demo_make_folder(struct demo *demo);
bool demo_make_trust(struct demo *demo);
bool demo_make_certificate(struct demo *demo, const struct demo_case *c);

/* Issues it on a card that has made its key, with a page that carries the same bytes. */
struct issue_chip;
bool demo_issue_on_chip(struct demo *demo, const struct demo_case *c,
                        const struct issue_chip *chip);

/* Scans the page of a certificate and judges it: what came out. */
struct demo_answer {
    enum saksi_outcome outcome;
    enum saksi_reason reason; /* the expected one when it is there, else the first */
};
struct demo_judge;
bool demo_judge_open(struct demo *demo, struct demo_judge **ret_judge);
void demo_judge_close(struct demo_judge *judge);

/* A certificate as it is shown: its bytes, and what its card proved (NULL: paper). */
struct card_proof;
struct demo_document {
    struct span document;
    const struct card_proof *proof;
};
bool demo_judge_document(struct demo *demo, struct demo_judge *judge, const struct demo_case *c,
                         const struct demo_document *shown, struct demo_answer *ret_answer);
bool demo_judge_page(struct demo *demo, struct demo_judge *judge, const struct demo_case *c,
                     struct demo_answer *ret_answer);

#endif
