/* SPDX-License-Identifier: Apache-2.0
 *
 * Void rows of reports.db to revoked indices.
 */
#include "authority/reports_void.h"

#include <stdlib.h>

#include "authority/revoke.h"
#include "codec/trust_row.h"
#include "issuer/report.h"

/* A report does not say why; that another certificate has the number since does. */
static const char count_void[] =
    "SELECT count(*) FROM certificate WHERE issuer = ?1 AND state = ?2";
static const char select_void[] =
    "SELECT at, EXISTS (SELECT 1 FROM certificate AS later WHERE later.issuer = gone.issuer"
    "  AND later.plain = gone.plain AND gone.plain <> '' AND later.at > gone.at"
    "  AND later.state = ?3)"
    " FROM certificate AS gone WHERE issuer = ?1 AND state = ?2 ORDER BY at";

static enum authority_error db_failed(struct authority_problem *problem, enum db_error error)
{
    return authority_fail(problem, AUTHORITY_FILE, "reports.db: %s", db_error_text(error));
}

static enum db_error count_rows(struct db *db, struct span issuer, size_t *ret_count)
{
    struct db_stmt *s = db_prepare(db, count_void);
    db_bind_text(s, 1, issuer);
    db_bind_int(s, 2, REPORT_VOID);
    enum db_error error = db_step(s);
    *ret_count = error == DB_OK ? (size_t)db_column_int(s, 0) : 0;
    db_reset(s);
    return error;
}

static enum db_error read_rows(struct db *db, struct span issuer, struct revoke_indices *to,
                               size_t room)
{
    int replaced = row_enum_value(ROW_ENUM_REASON, span_str("superseded"));
    int spoilt = row_enum_value(ROW_ENUM_REASON, span_str("error"));
    enum db_error error;
    struct db_stmt *s = db_prepare(db, select_void);
    db_bind_text(s, 1, issuer);
    db_bind_int(s, 2, REPORT_VOID);
    db_bind_int(s, 3, REPORT_ISSUED);
    while ((error = db_step(s)) == DB_OK && to->count < room) {
        to->index[to->count++] = (struct revoke_index){
            .index = (uint32_t)db_column_int(s, 0),
            .reason = db_column_int(s, 1) != 0 ? replaced : spoilt,
        };
    }
    db_reset(s);
    return error == DB_DONE ? DB_OK : error;
}

enum authority_error reports_revoke_void(struct db *db, const struct reports_void *request,
                                         size_t *ret_added, struct authority_problem *problem)
{
    size_t room = 0;
    struct span issuer = span_str(request->issuer);
    struct revoke_indices found = {
        .state = request->state, .issuer = request->issuer, .day = request->day};
    enum db_error failed = count_rows(db, issuer, &room);
    if (failed != DB_OK || room == 0) {
        *ret_added = 0;
        return failed != DB_OK ? db_failed(problem, failed) : AUTHORITY_OK;
    }
    found.index = calloc(room, sizeof *found.index);
    if (found.index == NULL) {
        return authority_fail_system(problem);
    }
    failed = read_rows(db, issuer, &found, room);
    enum authority_error error = failed != DB_OK
                                     ? db_failed(problem, failed)
                                     : revoke_indices(request->dir, &found, ret_added, problem);
    free(found.index);
    return error;
}
