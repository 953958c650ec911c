/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON sources and reports in a folder, for tests: put there and compared in short. In the texts
 * here ' stands for ".
 */
#ifndef TESTS_SOURCE_JSON_H
#define TESTS_SOURCE_JSON_H

#include "authority/reports_db.h"
#include "authority_folder.h"
#include "base/json.h"
#include "codec/credential.h"

#define ISSUER "ID.SAMPLE-A.LSP-01"
#define OTHER  "ID.SAMPLE-A.LSP-02"
#define TODAY  (FOLDER_NOW_S / 86400) /* 2026-06-09 */

/* The text with its quotation marks; the caller frees it. */
static inline char *source_quoted(const char *text)
{
    char *copy = strdup(text);
    assert_non_null(copy);
    for (char *c = copy; *c != '\0'; c++) {
        *c = *c == '\'' ? '"' : *c;
    }
    return copy;
}

static inline void source_put(const char *dir, const char *name, const char *text)
{
    char *quoted = source_quoted(text);
    folder_write(dir, name, span_str(quoted));
    free(quoted);
}

/* ID/status.json with one entry, for ISSUER, that has 20000 indices and what follows. */
static inline void source_put_status(const char *dir, const char *more)
{
    char text[4096];
    (void)snprintf(text, sizeof text, "{'status':[{'issuer':'" ISSUER "','allotment':20000%s%s}]}",
                   *more == '\0' ? "" : ",", more);
    source_put(dir, "ID/status.json", text);
}

/* What a source says, without blanks and line ends. */
static inline void source_is(const char *dir, const char *name, const char *text)
{
    struct json_reader r;
    struct span bytes = folder_read(dir, name);
    char *quoted = source_quoted(text);
    assert_true(json_open(bytes, &r));
    char *found = json_format(r.document, 0);
    assert_string_equal(found, quoted);
    free(found);
    free(quoted);
    json_close(&r);
    folder_free(bytes);
}

/* The same for the one entry of ID/status.json, behind its allotment. */
static inline void source_status_is(const char *dir, const char *more)
{
    char text[4096];
    (void)snprintf(text, sizeof text, "{'status':[{'issuer':'" ISSUER "','allotment':20000%s%s}]}",
                   *more == '\0' ? "" : ",", more);
    source_is(dir, "ID/status.json", text);
}

/* A certificate in DIR/ID/reports.db, as an import leaves it; state: of report.h. */
static inline void source_report(const char *dir, uint32_t index, const char *number,
                                 const char *centre, const char *blank, int64_t day, int state)
{
    struct db *db = NULL;
    uint8_t plain[CERTIFICATE_NUMBER_MAX];
    struct authority_problem problem;
    assert_int_equal(reports_db_open(dir, span_str(ISSUER), DB_CREATE, &db, &problem),
                     AUTHORITY_OK);
    struct db_stmt *s =
        db_prepare(db, "INSERT INTO certificate VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1)");
    db_bind_text(s, 1, span_str(ISSUER));
    db_bind_int(s, 2, index);
    db_bind_text(s, 3, span_str(number));
    db_bind_text(s, 4, certificate_number_key(span_str(number), plain));
    db_bind_text(s, 5, span_str(centre));
    db_bind_text(s, 6, span_str(blank));
    db_bind_int(s, 7, day);
    db_bind_int(s, 8, state);
    assert_int_equal(db_run(s), DB_OK);
    db_close(db);
}

#endif
