/* SPDX-License-Identifier: Apache-2.0
 *
 * Void rows of reports.db to revoked indices.
 */
#include "authority/reports_void.h"

#include "authority/reports_db.h"
#include "authority/revoke.h"
#include "issuer/report.h"

/* A report does not say why; that another certificate has the number since does. */
static const char select_void[] =
    "SELECT at, EXISTS (SELECT 1 FROM certificate AS later WHERE later.issuer = gone.issuer"
    "  AND later.plain = gone.plain AND gone.plain <> '' AND later.at > gone.at"
    "  AND later.state = ?3)"
    " FROM certificate AS gone WHERE issuer = ?1 AND state = ?2 ORDER BY at";

static enum authority_error read_rows(struct db *db, const struct reports_void *request,
                                      struct index_runs *runs, struct authority_problem *problem)
{
    int replaced = row_enum_value(ROW_ENUM_REASON, span_str("superseded"));
    int spoilt = row_enum_value(ROW_ENUM_REASON, span_str("error"));
    enum authority_error error = AUTHORITY_OK;
    enum db_error failed = DB_OK;
    struct db_stmt *s = db_prepare(db, select_void);
    db_bind_text(s, 1, span_str(request->issuer));
    db_bind_int(s, 2, REPORT_VOID);
    db_bind_int(s, 3, REPORT_ISSUED);
    while (error == AUTHORITY_OK && (failed = db_step(s)) == DB_OK) {
        uint32_t at = (uint32_t)db_column_int(s, 0);
        int reason = db_column_int(s, 1) != 0 ? replaced : spoilt;
        error = index_runs_add(runs, (struct index_run){at, at, reason}, problem);
    }
    db_reset(s);
    return error == AUTHORITY_OK && failed != DB_DONE ? reports_db_failed(problem, failed) : error;
}

enum authority_error reports_revoke_void(struct db *db, const struct reports_void *request,
                                         size_t *ret_added, struct authority_problem *problem)
{
    struct index_runs runs = {0};
    struct revoke_result result = {0};
    struct revoke_request all = {.dir = request->dir,
                                 .state = request->state,
                                 .issuer = request->issuer,
                                 .status = ROW_RANGE_REVOKED,
                                 .runs = &runs,
                                 .day = request->day};
    enum authority_error error = read_rows(db, request, &runs, problem);
    if (error == AUTHORITY_OK && runs.count != 0) {
        index_runs_sort(&runs);
        error = revoke_runs_locked(&all, &result, problem);
    }
    index_runs_free(&runs);
    if (error == AUTHORITY_OK) {
        *ret_added = (size_t)result.changed;
    }
    return error;
}
