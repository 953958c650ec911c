/* SPDX-License-Identifier: Apache-2.0
 *
 * Reports checked and stored.
 */
#include "authority/reports.h"

#include <limits.h>
#include <stdlib.h>

#include "authority/reports_db.h"
#include "authority/reports_void.h"
#include "authority/source_list.h"
#include "codec/credential.h"
#include "issuer/report.h"

/* Compiled once an import: a report has up to REPORT_MAX_ROWS rows. */
enum query { FIND_ROW, ADD_ROW, VOID_ROW, FIND_STATION, PUT_STATION, QUERY_COUNT };

static const char *const query_sql[QUERY_COUNT] = {
    [FIND_ROW] = ("SELECT number, centre, blank, issue_day, state, told FROM certificate"
                  " WHERE issuer = ?1 AND at = ?2"),
    [ADD_ROW] = "INSERT INTO certificate VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [VOID_ROW] = "UPDATE certificate SET state = ?3, told = ?4 WHERE issuer = ?1 AND at = ?2",
    [FIND_STATION] = "SELECT last FROM station WHERE issuer = ?1 AND station = ?2",
    [PUT_STATION] = "REPLACE INTO station VALUES (?1, ?2, ?3)",
};

struct import {
    const char *dir;
    const char *path; /* of the report, for messages */
    char state[TRUST_STATE_SIZE + 1];
    int64_t day; /* today */
    struct db *db;
    struct db_stmt *query[QUERY_COUNT];
    struct report report;
    uint64_t known; /* the last of the station's changes before which none is missing */
    struct reports_result *result;
    struct authority_problem *problem;
};

static enum authority_error db_failed(const struct import *in, enum db_error error)
{
    return reports_db_failed(in->problem, error);
}

/* --- who signed --- */

/* The issuer's key with the report's kid, from the sources. */
static bool find_key(const struct list_source *list, const struct report *report,
                     struct row_key *ret_key)
{
    for (size_t i = 0; i < list->rows.count; i++) {
        const struct row *row = &list->rows.row[i];
        if (row->type == ROW_KEY && row_key_decode(row->bytes, ret_key) &&
            span_equal(ret_key->issuer, report->issuer) && span_equal(ret_key->kid, report->kid)) {
            return true;
        }
    }
    return false;
}

static enum authority_error judge_key(const struct import *in, const struct row_key *key,
                                      struct span document)
{
    const struct report *report = &in->report;
    const char *what = NULL;
    bool ended = key->end != ROW_KEY_OPEN && report->made_at_s >= key->end_s;
    if (key->end == ROW_KEY_COMPROMISED) {
        what = "its key is listed as compromised; enter what it says by hand";
    } else if (report->made_at_s < key->from_s || report->made_at_s > key->until_s || ended) {
        what = "its key was not in force when the report was made";
    } else if (report_verify(document, key->alg, key->public_key) != REPORT_OK) {
        what = "the signature does not fit the content: it was altered or forged";
    }
    return what == NULL ? AUTHORITY_OK
                        : authority_fail(in->problem, AUTHORITY_DOCUMENT, "%s: %s", in->path, what);
}

/* The state a report claims, which must be one of ours; nothing is verified yet. */
static enum authority_error claimed_state(struct import *in)
{
    char path[PATH_MAX];
    memcpy(in->state, in->report.issuer.ptr, TRUST_STATE_SIZE);
    if (!trust_is_state(span_of(in->state, TRUST_STATE_SIZE))) {
        return authority_fail(in->problem, AUTHORITY_DOCUMENT,
                              "%s: its issuer does not begin with a state code", in->path);
    }
    enum authority_error error =
        authority_path(in->problem, path, "%s/%s/list.json", in->dir, in->state);
    if (error == AUTHORITY_OK && !file_exists(path)) {
        error = authority_fail(in->problem, AUTHORITY_DOCUMENT,
                               "%s: its issuer belongs to %s, which has no sources here", in->path,
                               in->state);
    }
    return error;
}

static enum authority_error check_signer(const struct import *in, struct span document)
{
    struct list_source list;
    struct row_key key;
    enum authority_error error = list_source_read(in->dir, in->state, &list, in->problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    if (find_key(&list, &in->report, &key)) {
        error = judge_key(in, &key, document);
    } else {
        error = authority_fail(
            in->problem, AUTHORITY_DOCUMENT, "%s: %s/keys.json has no key of %.*s that signed it",
            in->path, in->state, (int)in->report.issuer.len, (const char *)in->report.issuer.ptr);
    }
    list_source_free(&list);
    return error;
}

/* --- rows --- */

static enum authority_error contradiction(const struct import *in, const struct report_row *row,
                                          const char *field)
{
    return authority_fail(in->problem, AUTHORITY_CONFLICT,
                          "%s: index %u (%.*s): an earlier report says another %s", in->path,
                          row->index, (int)row->certificate_number.len,
                          (const char *)row->certificate_number.ptr, field);
}

/* A row that is there: the same, or made void since. */
static enum authority_error compare_row(struct import *in, struct db_stmt *s,
                                        const struct report_row *row, bool *ret_void)
{
    int64_t state = db_column_int(s, 4);
    if (!span_equal(db_column_span(s, 0), row->certificate_number)) {
        return contradiction(in, row, "certificate number");
    }
    if (!span_equal(db_column_span(s, 1), row->centre)) {
        return contradiction(in, row, "assessment centre");
    }
    if (!span_equal(db_column_span(s, 2), row->blank)) {
        return contradiction(in, row, "blank number");
    }
    if (db_column_int(s, 3) != row->issue_day) {
        return contradiction(in, row, "issue date");
    }
    /* A report that comes late tells what was so before. */
    bool later = in->report.first > (uint64_t)db_column_int(s, 5);
    if (state == REPORT_VOID && row->state == REPORT_ISSUED && later) {
        return authority_fail(in->problem, AUTHORITY_CONFLICT,
                              "%s: index %u (%.*s): was reported void before and cannot come back",
                              in->path, row->index, (int)row->certificate_number.len,
                              (const char *)row->certificate_number.ptr);
    }
    *ret_void = state == REPORT_ISSUED && row->state == REPORT_VOID;
    in->result->unchanged += *ret_void ? 0 : 1;
    in->result->voided += *ret_void ? 1 : 0;
    return AUTHORITY_OK;
}

static enum db_error insert(const struct import *in, const struct report_row *row)
{
    uint8_t plain[CERTIFICATE_NUMBER_MAX];
    struct db_stmt *s = in->query[ADD_ROW];
    db_bind_text(s, 1, in->report.issuer);
    db_bind_int(s, 2, row->index);
    db_bind_text(s, 3, row->certificate_number);
    db_bind_text(s, 4, certificate_number_key(row->certificate_number, plain));
    db_bind_text(s, 5, row->centre);
    db_bind_text(s, 6, row->blank);
    db_bind_int(s, 7, row->issue_day);
    db_bind_int(s, 8, row->state);
    db_bind_int(s, 9, (int64_t)in->report.last);
    in->result->added++;
    return db_run(s);
}

static enum db_error set_void(const struct import *in, const struct report_row *row)
{
    struct db_stmt *s = in->query[VOID_ROW];
    db_bind_text(s, 1, in->report.issuer);
    db_bind_int(s, 2, row->index);
    db_bind_int(s, 3, REPORT_VOID);
    db_bind_int(s, 4, (int64_t)in->report.last);
    return db_run(s);
}

static enum authority_error store_row(struct import *in, const struct report_row *row)
{
    enum authority_error error = AUTHORITY_OK;
    bool is_void = false;
    struct db_stmt *s = in->query[FIND_ROW];
    db_bind_text(s, 1, in->report.issuer);
    db_bind_int(s, 2, row->index);
    enum db_error db = db_step(s);
    bool is_new = db == DB_DONE;
    if (db == DB_OK) {
        error = compare_row(in, s, row, &is_void);
    }
    db_reset(s);
    if (is_new) {
        db = insert(in, row);
    } else if (is_void) {
        db = set_void(in, row);
    }
    return error == AUTHORITY_OK && db != DB_OK ? db_failed(in, db) : error;
}

/* --- the station's sequence --- */

static enum authority_error read_sequence(struct import *in)
{
    struct db_stmt *s = in->query[FIND_STATION];
    db_bind_text(s, 1, in->report.issuer);
    db_bind_text(s, 2, in->report.station);
    enum db_error db = db_step(s);
    in->known = db == DB_OK ? (uint64_t)db_column_int(s, 0) : 0;
    db_reset(s);
    return db == DB_OK || db == DB_DONE ? AUTHORITY_OK : db_failed(in, db);
}

/* Reports tell the changes first to last; a hole means one is still on its way, and the sequence
 * goes on when it is here. */
static enum authority_error note_sequence(const struct import *in)
{
    const struct report *r = &in->report;
    if (r->first > in->known + 1) {
        in->result->missing_first = in->known + 1;
        in->result->missing_last = r->first - 1;
        return AUTHORITY_OK;
    }
    if (r->last <= in->known) {
        return AUTHORITY_OK;
    }
    struct db_stmt *s = in->query[PUT_STATION];
    db_bind_text(s, 1, r->issuer);
    db_bind_text(s, 2, r->station);
    db_bind_int(s, 3, (int64_t)r->last);
    enum db_error db = db_run(s);
    return db == DB_OK ? AUTHORITY_OK : db_failed(in, db);
}

static enum authority_error store_all(struct import *in)
{
    struct report_row row;
    struct reports_void gone = {in->dir, in->state, in->result->issuer, in->day};
    enum db_error db = db_begin_write(in->db);
    if (db != DB_OK) {
        return db_failed(in, db);
    }
    enum authority_error error = read_sequence(in);
    while (error == AUTHORITY_OK && report_row_next(&in->report, &row)) {
        error = store_row(in, &row);
    }
    if (error == AUTHORITY_OK) {
        error = note_sequence(in);
    }
    if (error == AUTHORITY_OK) {
        /* Before the commit: should that fail, what must not be accepted is revoked all the same,
         * and the same report again makes up the rest. */
        error = reports_revoke_void(in->db, &gone, &in->result->revoked, in->problem);
    }
    if (error != AUTHORITY_OK) {
        db_rollback(in->db);
        return error;
    }
    db = db_commit(in->db);
    return db == DB_OK ? AUTHORITY_OK : db_failed(in, db);
}

/* --- everything --- */

/* With the state's sources locked. */
static enum authority_error import(struct import *in, struct span document)
{
    enum authority_error error = check_signer(in, document);
    if (error == AUTHORITY_OK) {
        /* At most 32 bytes each; the result is zeroed. */
        memcpy(in->result->issuer, in->report.issuer.ptr, in->report.issuer.len);
        memcpy(in->result->station, in->report.station.ptr, in->report.station.len);
        error = reports_db_open(in->dir, in->report.issuer, DB_CREATE, &in->db, in->problem);
    }
    if (error == AUTHORITY_OK) {
        for (size_t i = 0; i < QUERY_COUNT; i++) {
            in->query[i] = db_prepare(in->db, query_sql[i]);
        }
        error = store_all(in);
        db_close(in->db);
    }
    return error;
}

static enum authority_error lock_and_import(struct import *in, struct span document)
{
    int lock = -1;
    enum report_error failed = report_decode(document, &in->report);
    if (failed != REPORT_OK) {
        return authority_fail(in->problem, AUTHORITY_DOCUMENT, "%s: %s", in->path,
                              report_error_text(failed));
    }
    enum authority_error error = claimed_state(in);
    if (error == AUTHORITY_OK) {
        error = authority_lock(in->problem, in->dir, in->state, &lock);
    }
    if (error == AUTHORITY_OK) {
        error = import(in, document);
        lock_release(lock);
    }
    return error;
}

enum authority_error reports_import(const char *dir, const char *path, int64_t day,
                                    struct reports_result *ret_result,
                                    struct authority_problem *problem)
{
    uint8_t *file = NULL;
    size_t len = 0;
    struct import in = {
        .dir = dir, .path = path, .day = day, .result = ret_result, .problem = problem};
    *ret_result = (struct reports_result){0};
    enum file_error failed = file_read(path, REPORT_MAX_BYTES, &file, &len);
    if (failed != FILE_OK) {
        return authority_fail_file(problem, path, failed);
    }
    enum authority_error error = lock_and_import(&in, span_of(file, len));
    free(file);
    return error;
}
