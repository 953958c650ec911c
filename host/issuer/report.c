/* SPDX-License-Identifier: Apache-2.0
 *
 * Reports: one decoder of the head, one of a row, their writers, and the signature by way of
 * base/crypto.
 */
#include "issuer/report.h"

#include <stdlib.h>

#include "base/crypto.h"
#include "codec/trust_doc.h"

enum { ISSUER = 0, STATION = 1, FIRST = 2, LAST = 3, MADE_AT = 4, ROWS = 5, FIELD_COUNT = 6 };

#define ROW_FIELDS 6
/* WIRE.md: the limits of issue_date. */
#define DAY_LEAST (-7305)
#define DAY_MOST  84005

static struct span read_code_or_null(struct cbor_cursor *c, size_t most)
{
    return cbor_read_null(c) ? span_of(NULL, 0) : cbor_read_code(c, 1, most);
}

static void read_row(struct cbor_cursor *c, struct report_row *row)
{
    (void)cbor_read_array(c, ROW_FIELDS, ROW_FIELDS);
    row->index = (uint32_t)cbor_read_uint(c, 0, UINT32_MAX);
    row->certificate_number = cbor_read_code(c, 1, 40);
    row->centre = read_code_or_null(c, 24);
    row->blank = read_code_or_null(c, 24);
    row->issue_day = cbor_read_int(c, DAY_LEAST, DAY_MOST);
    row->state = (enum report_state)cbor_read_uint(c, REPORT_ISSUED, REPORT_VOID);
}

/* Passes over all rows: each well formed, indices ascending. */
static void check_rows(struct cbor_cursor *c, size_t count)
{
    int64_t before = -1;
    for (size_t i = 0; i < count && c->error == CBOR_OK; i++) {
        struct report_row row;
        read_row(c, &row);
        if (c->error == CBOR_OK && row.index <= before) {
            cbor_fail(c, CBOR_UNSORTED);
        }
        before = row.index;
    }
}

static bool read_payload(struct span payload, struct report *report)
{
    struct cbor_cursor c = cbor_cursor_of(payload);
    struct cbor_map map = cbor_read_map(&c, FIELD_COUNT, FIELD_COUNT);
    cbor_map_expect(&c, &map, ISSUER);
    report->issuer = cbor_read_code(&c, 4, 32);
    cbor_map_expect(&c, &map, STATION);
    report->station = cbor_read_code(&c, 1, 32);
    cbor_map_expect(&c, &map, FIRST);
    report->first = cbor_read_uint(&c, 1, INT64_MAX);
    cbor_map_expect(&c, &map, LAST);
    report->last = cbor_read_uint(&c, report->first == 0 ? 0 : report->first - 1, INT64_MAX);
    cbor_map_expect(&c, &map, MADE_AT);
    report->made_at_s = (int64_t)cbor_read_uint(&c, 0, TRUST_MAX_SECONDS);
    cbor_map_expect(&c, &map, ROWS);
    report->row_count = cbor_read_array(&c, 0, REPORT_MAX_ROWS);
    report->rows = c;
    check_rows(&c, report->row_count);
    return cbor_finish(&c);
}

static enum report_error open_envelope(struct span document, struct cose_sign1 *ret_cose)
{
    if (document.len > REPORT_MAX_BYTES) {
        return REPORT_LIMIT;
    }
    switch (cose_sign1_decode(document, REPORT_TYP, ret_cose)) {
    case COSE_OK:
        return REPORT_OK;
    case COSE_UNSUPPORTED:
        return REPORT_UNSUPPORTED;
    case COSE_MALFORMED:
        break;
    }
    return REPORT_FORMAT;
}

enum report_error report_decode(struct span document, struct report *ret_report)
{
    struct cose_sign1 cose;
    struct report report = {.row_count = 0};
    memset(ret_report, 0, sizeof *ret_report);
    enum report_error error = open_envelope(document, &cose);
    if (error != REPORT_OK) {
        return error;
    }
    if (!read_payload(cose.payload, &report)) {
        return REPORT_FORMAT;
    }
    report.alg = cose.alg;
    report.kid = cose.kid;
    *ret_report = report;
    return REPORT_OK;
}

bool report_row_next(struct report *report, struct report_row *ret_row)
{
    if (report->row_count == 0) {
        return false;
    }
    report->row_count--;
    read_row(&report->rows, ret_row);
    return report->rows.error == CBOR_OK;
}

static enum report_error verify(const struct cose_sign1 *cose, const struct crypto_key *key,
                                size_t room)
{
    uint8_t *signed_bytes = malloc(room);
    if (signed_bytes == NULL) {
        return REPORT_SYSTEM;
    }
    struct writer w = writer_of(signed_bytes, room);
    cose_sign1_to_be_signed(&w, cose);
    enum crypto_error error = writer_ok(&w)
                                  ? crypto_verify(key, cose->alg, writer_span(&w), cose->signature)
                                  : CRYPTO_SYSTEM;
    free(signed_bytes);
    if (error == CRYPTO_SYSTEM) {
        return REPORT_SYSTEM;
    }
    return error == CRYPTO_OK ? REPORT_OK : REPORT_SIGNATURE;
}

enum report_error report_verify(struct span document, int alg, struct span public_key)
{
    struct cose_sign1 cose;
    struct crypto_key *key = NULL;
    enum report_error error = open_envelope(document, &cose);
    if (error != REPORT_OK) {
        return error;
    }
    switch (crypto_key_new(alg, public_key, &key)) {
    case CRYPTO_OK:
        break;
    case CRYPTO_SYSTEM:
        return REPORT_SYSTEM;
    default:
        return REPORT_SIGNATURE;
    }
    /* The Sig_structure is no longer than the document that carries its parts. */
    error = verify(&cose, key, document.len + 64);
    crypto_key_free(key);
    return error;
}

static void write_code_or_null(struct writer *w, struct span code)
{
    if (code.len == 0) {
        cbor_write_null(w);
    } else {
        cbor_write_text(w, code);
    }
}

static void write_row(const struct report_row *row, struct writer *w)
{
    cbor_write_array(w, ROW_FIELDS);
    cbor_write_uint(w, row->index);
    cbor_write_text(w, row->certificate_number);
    write_code_or_null(w, row->centre);
    write_code_or_null(w, row->blank);
    cbor_write_int(w, row->issue_day);
    cbor_write_uint(w, row->state);
}

void report_encode(const struct report *report, const struct report_row *rows, struct writer *w)
{
    cbor_write_map(w, FIELD_COUNT);
    cbor_write_uint(w, ISSUER);
    cbor_write_text(w, report->issuer);
    cbor_write_uint(w, STATION);
    cbor_write_text(w, report->station);
    cbor_write_uint(w, FIRST);
    cbor_write_uint(w, report->first);
    cbor_write_uint(w, LAST);
    cbor_write_uint(w, report->last);
    cbor_write_uint(w, MADE_AT);
    cbor_write_int(w, report->made_at_s);
    cbor_write_uint(w, ROWS);
    cbor_write_array(w, report->row_count);
    for (size_t i = 0; i < report->row_count; i++) {
        write_row(&rows[i], w);
    }
}

const char *report_error_text(enum report_error error)
{
    switch (error) {
    case REPORT_OK:
        return "is a report";
    case REPORT_FORMAT:
        return "is not an issuer's report, or is damaged";
    case REPORT_UNSUPPORTED:
        return "is another kind of document, or of a later version";
    case REPORT_LIMIT:
        return "is larger than a report may be";
    case REPORT_SIGNATURE:
        return "is not signed by that key, or was altered";
    case REPORT_SYSTEM:
        break;
    }
    return "could not be checked: not enough memory";
}
