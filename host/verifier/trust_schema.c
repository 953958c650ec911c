/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables and statements of the trust store: all of its SQL.
 */
#include "verifier/trust_schema.h"

const struct db_schema trust_schema = {
    .application_id = 0x536B5472, /* "SkTr" */
    .version = 3,
    .sql = "CREATE TABLE store ("
           "  one INTEGER PRIMARY KEY CHECK (one = 1),"
           "  root_id BLOB,"
           "  sample INTEGER NOT NULL,"
           "  floor_s INTEGER NOT NULL,"
           "  high_water_s INTEGER NOT NULL"
           ") STRICT;"
           "INSERT INTO store VALUES (1, NULL, 0, 0, 0);"
           "CREATE TABLE root ("
           "  version INTEGER PRIMARY KEY,"
           "  digest BLOB NOT NULL,"
           "  document BLOB NOT NULL"
           ") STRICT;"
           "CREATE TABLE header ("
           "  one INTEGER PRIMARY KEY CHECK (one = 1),"
           "  version INTEGER NOT NULL,"
           "  least_version INTEGER NOT NULL,"
           "  digest BLOB NOT NULL,"
           "  document BLOB NOT NULL"
           ") STRICT;"
           "CREATE TABLE list ("
           "  state TEXT PRIMARY KEY,"
           "  version INTEGER NOT NULL,"
           "  least_version INTEGER NOT NULL,"
           "  as_of_s INTEGER NOT NULL,"
           "  expires_s INTEGER NOT NULL,"
           "  digest BLOB NOT NULL,"
           "  document BLOB NOT NULL,"
           "  fresh_as_of_s INTEGER NOT NULL,"
           "  behind INTEGER NOT NULL,"
           "  disabled INTEGER NOT NULL,"
           "  security BLOB NOT NULL,"
           "  catalogue BLOB"
           ") STRICT, WITHOUT ROWID;"
           "CREATE TABLE bucket ("
           "  place INTEGER PRIMARY KEY,"
           "  data BLOB NOT NULL"
           ") STRICT;"
           "CREATE TABLE list_history ("
           "  state TEXT NOT NULL,"
           "  version INTEGER NOT NULL,"
           "  digest BLOB NOT NULL,"
           "  rows_digest BLOB NOT NULL,"
           "  security_size INTEGER NOT NULL,"
           "  security BLOB NOT NULL,"
           "  catalogue_size INTEGER,"
           "  catalogue BLOB,"
           "  PRIMARY KEY (state, version)"
           ") STRICT;"
           "CREATE TABLE header_history ("
           "  version INTEGER PRIMARY KEY,"
           "  document BLOB NOT NULL"
           ") STRICT;",
};

static const char *const sql[] = {
    [SQL_STORE] = "SELECT root_id, sample, floor_s, high_water_s FROM store",
    [SQL_PUT_ROOT_ID] = "UPDATE store SET root_id = ?1, sample = ?2",
    [SQL_PUT_TIME] = "UPDATE store SET floor_s = ?1, high_water_s = ?2",
    [SQL_ROOT] = "SELECT document FROM root WHERE version = ?1",
    [SQL_NEWEST_ROOT] = "SELECT document FROM root ORDER BY version DESC LIMIT 1",
    [SQL_PUT_ROOT] = "INSERT INTO root VALUES (?1, ?2, ?3)",
    [SQL_HEADER] = "SELECT document, digest, least_version FROM header",
    [SQL_PUT_HEADER] = "REPLACE INTO header VALUES (1, ?1, ?1, ?2, ?3)",
    [SQL_REMOVE_HEADER] = "DELETE FROM header",
    [SQL_LISTS] = "SELECT state, version, least_version, as_of_s, expires_s, digest,"
                  " catalogue IS NOT NULL, fresh_as_of_s, behind, disabled FROM list"
                  " ORDER BY state",
    [SQL_LIST_DOCUMENT] = "SELECT document FROM list WHERE state = ?1",
    [SQL_PUT_LIST] = "INSERT INTO list VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, 0, 1, 0, x'', NULL)"
                     " ON CONFLICT (state) DO UPDATE SET version = ?2, least_version = ?2,"
                     " as_of_s = ?3, expires_s = ?4, digest = ?5, document = ?6,"
                     " fresh_as_of_s = 0, behind = 1, disabled = 0",
    [SQL_RESET_LIST] = "UPDATE list SET least_version = 0 WHERE state = ?1",
    [SQL_PUT_FRESHNESS] = "UPDATE list SET fresh_as_of_s = ?2, behind = ?3, disabled = ?4"
                          " WHERE state = ?1",
    [SQL_BUCKETS] = "SELECT security, catalogue FROM list WHERE state = ?1",
    [SQL_PUT_BUCKETS] = "UPDATE list SET security = iif(?2, security, ?3),"
                        " catalogue = iif(?2, ?3, catalogue) WHERE state = ?1",
    [SQL_BUCKET] = "SELECT data FROM bucket WHERE place = ?1",
    [SQL_PART] = "SELECT data FROM bucket WHERE place BETWEEN ?1 AND ?2 ORDER BY place",
    [SQL_PUT_BUCKET] = "REPLACE INTO bucket VALUES (?1, ?2)",
    [SQL_REMOVE_PART] = "DELETE FROM bucket WHERE place BETWEEN ?1 AND ?2",
    [SQL_HISTORY] =
        "SELECT version, digest, rows_digest, security_size, security, catalogue_size, catalogue"
        " FROM list_history WHERE state = ?1 AND version < ?2"
        " ORDER BY version DESC LIMIT 1",
    [SQL_PUT_HISTORY] = "REPLACE INTO list_history VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [SQL_TRIM_HISTORY] = "DELETE FROM list_history WHERE state = ?1 AND version NOT IN"
                         " (SELECT version FROM list_history WHERE state = ?1"
                         "  ORDER BY version DESC LIMIT ?2)",
    [SQL_FORGET_HISTORY] = "DELETE FROM list_history WHERE state = ?1",
    [SQL_OLD_HEADER] = "SELECT document FROM header_history WHERE version = ?1",
    [SQL_OLD_HEADERS] = "SELECT version FROM header_history ORDER BY version DESC LIMIT ?1",
    [SQL_PUT_OLD_HEADER] = "REPLACE INTO header_history SELECT version, document FROM header",
    [SQL_TRIM_OLD_HEADERS] = "DELETE FROM header_history WHERE version NOT IN"
                             " (SELECT version FROM header_history ORDER BY version DESC LIMIT ?1)",
    [SQL_FORGET_OLD_HEADERS] = "DELETE FROM header_history",
};

const char *trust_schema_sql(enum trust_statement which)
{
    return sql[which];
}
