/* SPDX-License-Identifier: Apache-2.0
 *
 * reports.db asked.
 */
#include "authority/reports_query.h"

#include <stdlib.h>

#include "authority/reports_db.h"
#include "codec/credential.h"
#include "issuer/report.h"

struct reports_query {
    struct db *db; /* NULL: there are no reports */
    struct span issuer;
};

static const char by_number[] =
    "SELECT at FROM certificate WHERE issuer = ?1 AND plain = ?2 AND plain <> '' ORDER BY at";
static const char since[] =
    "SELECT at FROM certificate WHERE issuer = ?1 AND issue_day >= ?2 AND state = ?3 ORDER BY at";
static const char first_void[] = "SELECT at FROM certificate WHERE issuer = ?1 AND at >= ?2"
                                 " AND at <= ?3 AND state = ?4 ORDER BY at LIMIT 1";
static const char totals[] =
    "SELECT count(*), count(*) FILTER (WHERE state = ?2) FROM certificate WHERE issuer = ?1";
static const char known[] =
    "SELECT count(*) FROM certificate WHERE issuer = ?1 AND at >= ?2 AND at <= ?3";
static const char of_centre[] = "SELECT count(*) FROM certificate WHERE issuer = ?1"
                                " AND centre = ?2 AND issue_day >= ?3 AND issue_day <= ?4";
static const char of_blanks[] =
    "SELECT count(*) FROM certificate WHERE issuer = ?1 AND length(blank) = length(?2)"
    " AND blank >= ?2 AND blank <= ?3";

enum authority_error reports_query_open(const char *dir, const char *issuer,
                                        struct reports_query **ret_query,
                                        struct authority_problem *problem)
{
    struct reports_query *q = calloc(1, sizeof *q);
    if (q == NULL) {
        return authority_fail_system(problem);
    }
    q->issuer = span_str(issuer);
    enum authority_error error = reports_db_open(dir, q->issuer, DB_READ, &q->db, problem);
    if (error != AUTHORITY_OK) {
        free(q);
        return error;
    }
    *ret_query = q;
    return AUTHORITY_OK;
}

void reports_query_close(struct reports_query *q)
{
    if (q != NULL) {
        db_close(q->db);
        free(q);
    }
}

/* Only where there is a database. */
static struct db_stmt *ask(const struct reports_query *q, const char *sql)
{
    struct db_stmt *s = db_prepare(q->db, sql);
    db_bind_text(s, 1, q->issuer);
    return s;
}

/* --- indices --- */

static enum authority_error add_all(struct db_stmt *s, int reason, struct index_runs *runs,
                                    struct authority_problem *problem)
{
    enum authority_error error = AUTHORITY_OK;
    enum db_error db = DB_OK;
    while (error == AUTHORITY_OK && (db = db_step(s)) == DB_OK) {
        uint32_t at = (uint32_t)db_column_int(s, 0);
        error = index_runs_add(runs, (struct index_run){at, at, reason}, problem);
    }
    db_reset(s);
    return error == AUTHORITY_OK && db != DB_DONE ? reports_db_failed(problem, db) : error;
}

enum authority_error reports_query_number(struct reports_query *q, struct span number, int reason,
                                          struct index_runs *runs, size_t *ret_count,
                                          struct authority_problem *problem)
{
    uint8_t plain[CERTIFICATE_NUMBER_MAX];
    size_t before = runs->count;
    enum authority_error error = AUTHORITY_OK;
    if (q->db != NULL) {
        struct db_stmt *s = ask(q, by_number);
        db_bind_text(s, 2, certificate_number_key(number, plain));
        error = add_all(s, reason, runs, problem);
    }
    *ret_count = runs->count - before;
    return error;
}

enum authority_error reports_query_since(struct reports_query *q, int64_t day, int reason,
                                         struct index_runs *runs, struct authority_problem *problem)
{
    if (q->db == NULL) {
        return AUTHORITY_OK;
    }
    struct db_stmt *s = ask(q, since);
    db_bind_int(s, 2, day);
    db_bind_int(s, 3, REPORT_ISSUED);
    return add_all(s, reason, runs, problem);
}

/* --- one answer --- */

/* Steps once: whether there is a row, whose columns the caller then reads before db_reset. */
static enum authority_error answer(struct db_stmt *s, bool *ret_found,
                                   struct authority_problem *problem)
{
    enum db_error db = db_step(s);
    *ret_found = db == DB_OK;
    return db == DB_OK || db == DB_DONE ? AUTHORITY_OK : reports_db_failed(problem, db);
}

static enum authority_error count(struct db_stmt *s, uint64_t *ret_count,
                                  struct authority_problem *problem)
{
    bool found = false;
    enum authority_error error = answer(s, &found, problem);
    *ret_count = found ? (uint64_t)db_column_int(s, 0) : 0;
    db_reset(s);
    return error;
}

enum authority_error reports_query_void(struct reports_query *q, uint32_t first, uint32_t last,
                                        uint32_t *ret_index, bool *ret_found,
                                        struct authority_problem *problem)
{
    *ret_found = false;
    if (q->db == NULL) {
        return AUTHORITY_OK;
    }
    struct db_stmt *s = ask(q, first_void);
    db_bind_int(s, 2, first);
    db_bind_int(s, 3, last);
    db_bind_int(s, 4, REPORT_VOID);
    enum authority_error error = answer(s, ret_found, problem);
    *ret_index = *ret_found ? (uint32_t)db_column_int(s, 0) : 0;
    db_reset(s);
    return error;
}

enum authority_error reports_query_totals(struct reports_query *q, uint64_t *ret_all,
                                          uint64_t *ret_void, struct authority_problem *problem)
{
    bool found = false;
    *ret_all = 0;
    *ret_void = 0;
    if (q->db == NULL) {
        return AUTHORITY_OK;
    }
    struct db_stmt *s = ask(q, totals);
    db_bind_int(s, 2, REPORT_VOID);
    enum authority_error error = answer(s, &found, problem);
    if (found) {
        *ret_all = (uint64_t)db_column_int(s, 0);
        *ret_void = (uint64_t)db_column_int(s, 1);
    }
    db_reset(s);
    return error;
}

enum authority_error reports_query_known(struct reports_query *q, uint32_t first, uint32_t last,
                                         uint64_t *ret_count, struct authority_problem *problem)
{
    *ret_count = 0;
    if (q->db == NULL) {
        return AUTHORITY_OK;
    }
    struct db_stmt *s = ask(q, known);
    db_bind_int(s, 2, first);
    db_bind_int(s, 3, last);
    return count(s, ret_count, problem);
}

enum authority_error reports_query_centre(struct reports_query *q, struct span centre,
                                          int64_t from_day, int64_t until_day, uint64_t *ret_count,
                                          struct authority_problem *problem)
{
    *ret_count = 0;
    if (q->db == NULL) {
        return AUTHORITY_OK;
    }
    struct db_stmt *s = ask(q, of_centre);
    db_bind_text(s, 2, centre);
    db_bind_int(s, 3, from_day);
    db_bind_int(s, 4, until_day);
    return count(s, ret_count, problem);
}

enum authority_error reports_query_blanks(struct reports_query *q, struct span first,
                                          struct span last, uint64_t *ret_count,
                                          struct authority_problem *problem)
{
    *ret_count = 0;
    if (q->db == NULL) {
        return AUTHORITY_OK;
    }
    struct db_stmt *s = ask(q, of_blanks);
    db_bind_text(s, 2, first);
    db_bind_text(s, 3, last);
    return count(s, ret_count, problem);
}
