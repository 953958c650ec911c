/* SPDX-License-Identifier: Apache-2.0
 *
 * The sources against every list that was signed: issuers and keys here, the rest in
 * succession_status.c.
 */
#include "authority/succession.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "authority/document.h"
#include "authority/history.h"
#include "codec/hex.h"

enum authority_error succession_refuse(const struct succession *s, const char *file,
                                       const char *format, ...)
{
    char what[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return authority_fail(s->problem, AUTHORITY_SOURCE, "%s/%s: %s (version %lld, %.120s)",
                          s->list->state, file, what, (long long)s->version, s->path);
}

static int compare_rows(const void *a, const void *b)
{
    return row_compare(a, b);
}

const struct row *succession_find(const struct succession *s, const struct row *before)
{
    return bsearch(before, s->now, s->now_count, sizeof *s->now, compare_rows);
}

/* --- issuers --- */

static enum authority_error check_issuer(const struct succession *s, const struct row *before)
{
    struct row_issuer issuer;
    if (!row_issuer_decode(before->bytes, &issuer)) {
        return AUTHORITY_OK;
    }
    if (succession_find(s, before) == NULL) {
        return succession_refuse(s, "issuers.json",
                                 "%.*s is gone; put it back and end its licence: rows end, they "
                                 "are not deleted",
                                 (int)issuer.id.len, (const char *)issuer.id.ptr);
    }
    return succession_check_status(s, issuer.id);
}

/* --- keys --- */

/* What the end of a key has become, or NULL when it is no milder than before. */
static const char *judge_end(const struct row_key *before, const struct row_key *now)
{
    if (before->end == ROW_KEY_OPEN) {
        return NULL;
    }
    if (now->end == ROW_KEY_OPEN) {
        return "has lost its end";
    }
    if (before->end == ROW_KEY_COMPROMISED && now->end != ROW_KEY_COMPROMISED) {
        return "is no longer compromised";
    }
    bool dated = now->end != ROW_KEY_COMPROMISED;
    return dated && now->end_s > before->end_s ? "ends later than before" : NULL;
}

static enum authority_error check_key(const struct succession *s, const struct row *before)
{
    char kid[HEX_SIZE(CRYPTO_KID_SIZE)];
    struct row_key old;
    struct row_key new;
    const char *what = NULL;
    const struct row *now = succession_find(s, before);
    if (!row_key_decode(before->bytes, &old)) {
        return AUTHORITY_OK;
    }
    if (now == NULL) {
        what = "is gone; put it back and end it: rows end, they are not deleted";
    } else if (row_key_decode(now->bytes, &new)) {
        what = judge_end(&old, &new);
    }
    if (what == NULL) {
        return AUTHORITY_OK;
    }
    return succession_refuse(s, "keys.json", "the key %s of %.*s %s", hex_write(old.kid, kid),
                             (int)old.issuer.len, (const char *)old.issuer.ptr, what);
}

static enum authority_error compare(const struct succession *s)
{
    enum authority_error error = AUTHORITY_OK;
    for (size_t i = 0; i < s->before_count && error == AUTHORITY_OK; i++) {
        const struct row *row = &s->before[i];
        if (row->type == ROW_ISSUER) {
            error = check_issuer(s, row);
        } else if (row->type == ROW_KEY) {
            error = check_key(s, row);
        }
    }
    return error;
}

/* --- earlier lists --- */

static enum authority_error compare_document(struct succession *s, const struct document *document)
{
    struct trust_list list;
    struct trust_rows rows;
    if (document->kind != DOCUMENT_LIST ||
        trust_list_decode(document->cose.payload, &list) != TRUST_DOC_OK ||
        !span_equal(list.state, span_str(s->list->state))) {
        return authority_fail(s->problem, AUTHORITY_DOCUMENT, "%s: is not a list of %s", s->path,
                              s->list->state);
    }
    enum authority_error error =
        document_unpack(&document->list_file.security, s->path, &rows, s->problem);
    if (error == AUTHORITY_OK) {
        s->before = rows.row;
        s->before_count = rows.count;
        error = compare(s);
        trust_rows_free(&rows);
    }
    return error;
}

static enum authority_error visit(void *context, const char *path, int64_t version,
                                  struct authority_problem *problem)
{
    const struct list_source *list = context;
    uint8_t *file = NULL;
    struct document document;
    struct succession s = {.list = list,
                           .now = list->rows.row,
                           .now_count = list->rows.count,
                           .version = version,
                           .path = path,
                           .problem = problem};
    enum authority_error error = document_read(path, &file, &document, problem);
    if (error == AUTHORITY_OK) {
        error = compare_document(&s, &document);
        free(file);
    }
    return error;
}

enum authority_error succession_check(const char *dir, const struct list_source *list,
                                      const char *against, struct authority_problem *problem)
{
    /* Only read; the visitor's context is no constant for others. */
    struct history_visitor visitor = {visit, (void *)(uintptr_t)list};
    return history_visit(dir, list->state, ".list", against, &visitor, problem);
}
