/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables and statements of the trust store: all of its SQL.
 */
#include "verifier/trust_schema.h"

/* An issuer in status_block is its encoding, so that the order of the primary key is the order of
 * the rows. */
const struct db_schema trust_schema = {
    .application_id = 0x536B5472, /* "SkTr" */
    .version = 1,
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
           "  has_catalogue INTEGER NOT NULL,"
           "  fresh_as_of_s INTEGER NOT NULL,"
           "  behind INTEGER NOT NULL,"
           "  disabled INTEGER NOT NULL"
           ") STRICT, WITHOUT ROWID;"
           "CREATE TABLE list_row ("
           "  state TEXT NOT NULL,"
           "  type INTEGER NOT NULL,"
           "  key BLOB NOT NULL,"
           "  row BLOB NOT NULL,"
           "  PRIMARY KEY (state, type, key)"
           ") STRICT, WITHOUT ROWID;"
           "CREATE TABLE status_block ("
           "  state TEXT NOT NULL,"
           "  issuer BLOB NOT NULL,"
           "  set_kind INTEGER NOT NULL,"
           "  block INTEGER NOT NULL,"
           "  data BLOB NOT NULL,"
           "  PRIMARY KEY (state, issuer, set_kind, block)"
           ") STRICT, WITHOUT ROWID;",
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
    [SQL_RESET_HEADER] = "UPDATE header SET least_version = 0",
    [SQL_LISTS] = "SELECT state, version, least_version, as_of_s, expires_s, digest, has_catalogue,"
                  " fresh_as_of_s, behind, disabled FROM list ORDER BY state",
    [SQL_LIST_DOCUMENT] = "SELECT document FROM list WHERE state = ?1",
    [SQL_PUT_LIST] = "REPLACE INTO list VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, 0, 1, 0)",
    [SQL_RESET_LIST] = "UPDATE list SET least_version = 0 WHERE state = ?1",
    [SQL_PUT_FRESHNESS] = "UPDATE list SET fresh_as_of_s = ?2, behind = ?3, disabled = ?4"
                          " WHERE state = ?1",
    [SQL_PUT_ROW] = "INSERT INTO list_row VALUES (?1, ?2, ?3, ?4)",
    [SQL_REMOVE_ROWS] = "DELETE FROM list_row WHERE state = ?1 AND type BETWEEN ?2 AND ?3",
    [SQL_ROWS] = "SELECT type, key, row FROM list_row WHERE state = ?1 AND type BETWEEN ?2 AND ?3"
                 " ORDER BY type, key",
    [SQL_BLOCK] = "SELECT data FROM status_block"
                  " WHERE state = ?1 AND issuer = ?2 AND set_kind = ?3 AND block = ?4",
    [SQL_PUT_BLOCK] = "INSERT INTO status_block VALUES (?1, ?2, ?3, ?4, ?5)",
    [SQL_REMOVE_BLOCKS] = "DELETE FROM status_block WHERE state = ?1",
    [SQL_BLOCKS] = "SELECT issuer, set_kind, block, data FROM status_block WHERE state = ?1"
                   " ORDER BY issuer, set_kind, block",
    [SQL_ALL_ROWS] = "SELECT state, key, type, 0 FROM list_row ORDER BY state, type, key",
    [SQL_ALL_BLOCKS] = "SELECT state, issuer, set_kind, block FROM status_block"
                       " ORDER BY state, issuer, set_kind, block",
};

static const char get_sql[] =
    "SELECT row FROM list_row WHERE state = ?1 AND type = ?2 AND key = ?3";
static const char floor_sql[] =
    "SELECT row, key FROM list_row WHERE state = ?1 AND type = ?2 AND key <= ?3"
    " ORDER BY key DESC LIMIT 1";

const char *trust_schema_sql(enum trust_statement which)
{
    if (which >= SQL_FLOOR) {
        return floor_sql;
    }
    return which >= SQL_GET ? get_sql : sql[which];
}
