/* SPDX-License-Identifier: Apache-2.0
 *
 * An issuer's report to its authority (WIRE.md, "Reports"): which index went with which certificate
 * number, centre and blank, so that the authority can revoke by any of them. Bytes ↔ structs and
 * the signature; knows no registry.
 */
#ifndef ISSUER_REPORT_H
#define ISSUER_REPORT_H

#include "wire/must_use.h"
#include "codec/cose.h"

#define REPORT_TYP       "report1"
#define REPORT_MAX_ROWS  65536
#define REPORT_MAX_BYTES 16777216

enum report_error {
    REPORT_OK = 0,
    REPORT_FORMAT,      /* not deterministic CBOR, or not this structure */
    REPORT_UNSUPPORTED, /* an algorithm or document type this version does not know */
    REPORT_LIMIT,       /* larger than a limit of WIRE.md */
    REPORT_SIGNATURE,   /* the signature does not fit the key and the content */
    REPORT_SYSTEM,      /* memory, library */
};

enum report_state {
    REPORT_ISSUED = 1, /* signed and handed over, or about to be */
    REPORT_VOID = 2,   /* must not be accepted any more: spoilt, replaced, or never finished */
};

struct report_row {
    uint32_t index;
    struct span certificate_number;
    struct span centre, blank; /* empty when there is none */
    int64_t issue_day;
    enum report_state state;
};

/* Spans point into the document. */
struct report {
    struct span issuer, station;
    uint64_t first,
        last; /* the station's changes that are told, numbered from 1; first ≤ last + 1 */
    int64_t made_at_s;
    size_t row_count;        /* rows ascend by index */
    struct cbor_cursor rows; /* stands at the first row */

    /* From the signature's header: which of the issuer's keys to look up. */
    int alg;
    struct span kid;
};

/* Takes a document apart and checks the form of all rows, NOT the signature: use report_verify with
 * the issuer's key before believing a word. *ret_report is zeroed on failure. */
MUST_USE enum report_error report_decode(struct span document, struct report *ret_report);

/* Checks the signature with one public key as WIRE.md carries it (33 or 32 bytes). */
MUST_USE enum report_error report_verify(struct span document, int alg, struct span public_key);

/* The next row; false after the last one. */
bool report_row_next(struct report *report, struct report_row *ret_row);

/* Writes the payload: the fields of `report` but `rows`, `alg` and `kid`, then `rows`, which ascend
 * by index. */
void report_encode(const struct report *report, const struct report_row *rows, struct writer *w);

/* One phrase that fits "FILE: PHRASE". */
const char *report_error_text(enum report_error error);

#endif
