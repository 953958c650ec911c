/* SPDX-License-Identifier: Apache-2.0
 *
 * DIR/STATE/reports.db: one row a certificate that an issuer has reported, as `certificate`
 * (issuer, at: the index, number, plain: certificate_number_key of it, centre, blank, issue_day,
 * state, told: the last change of the report that told the state), and one a station. For
 * reports*.c only.
 */
#ifndef AUTHORITY_REPORTS_DB_H
#define AUTHORITY_REPORTS_DB_H

#include "authority/problem.h"
#include "base/db.h"

/* Opens the database of the state that `issuer` begins with. Where it is only read and nothing was
 * reported yet, *ret_db is NULL. AUTHORITY_FILE with a text otherwise. */
MUST_USE enum authority_error reports_db_open(const char *dir, struct span issuer,
                                              enum db_mode mode, struct db **ret_db,
                                              struct authority_problem *problem);

/* A statement that failed. */
enum authority_error reports_db_failed(struct authority_problem *problem, enum db_error error);

#endif
