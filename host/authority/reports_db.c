/* SPDX-License-Identifier: Apache-2.0
 *
 * The database of reports: its schema and how it is opened.
 */
#include "authority/reports_db.h"

#include <limits.h>

static const struct db_schema schema = {
    .application_id = 0x536B5270, /* "SkRp" */
    .version = 1,
    .sql = "CREATE TABLE certificate ("
           "  issuer TEXT NOT NULL,"
           "  at INTEGER NOT NULL,"
           "  number TEXT NOT NULL,"
           "  plain TEXT NOT NULL,"
           "  centre TEXT NOT NULL,"
           "  blank TEXT NOT NULL,"
           "  issue_day INTEGER NOT NULL,"
           "  state INTEGER NOT NULL,"
           "  told INTEGER NOT NULL,"
           "  PRIMARY KEY (issuer, at)"
           ") STRICT, WITHOUT ROWID;"
           "CREATE INDEX by_number ON certificate (issuer, plain);"
           "CREATE TABLE station ("
           "  issuer TEXT NOT NULL,"
           "  station TEXT NOT NULL,"
           "  last INTEGER NOT NULL,"
           "  PRIMARY KEY (issuer, station)"
           ") STRICT, WITHOUT ROWID;",
};

enum authority_error reports_db_failed(struct authority_problem *problem, enum db_error error)
{
    return authority_fail(problem, AUTHORITY_FILE, "reports.db: %s", db_error_text(error));
}

enum authority_error reports_db_open(const char *dir, struct span issuer, enum db_mode mode,
                                     struct db **ret_db, struct authority_problem *problem)
{
    char path[PATH_MAX];
    struct db *db = NULL;
    enum authority_error error =
        authority_path(problem, path, "%s/%.2s/reports.db", dir, (const char *)issuer.ptr);
    if (error != AUTHORITY_OK) {
        return error;
    }
    enum db_error failed = db_open(path, mode, &schema, &db);
    if (failed != DB_OK && !(failed == DB_MISSING && mode == DB_READ)) {
        return authority_fail(problem, AUTHORITY_FILE, "%s: %s", path, db_error_text(failed));
    }
    *ret_db = failed == DB_OK ? db : NULL;
    return AUTHORITY_OK;
}
