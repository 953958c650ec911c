/* SPDX-License-Identifier: Apache-2.0
 *
 * Collects the changed rows and signs them; what is signed is read back first.
 */
#include "issuer/registry_report.h"

#include <stdlib.h>

#define FIRST_ROOM 256
/* A row with every field at its longest, and the head of a report. */
#define ROW_MAX_BYTES  128
#define HEAD_MAX_BYTES 256

struct rows {
    struct registry_entry *entry;
    size_t count, room;
};

static bool grow(struct rows *rows)
{
    size_t room = rows->room == 0 ? FIRST_ROOM : rows->room * 2;
    struct registry_entry *entry = realloc(rows->entry, room * sizeof *entry);
    if (entry == NULL) {
        return false;
    }
    rows->entry = entry;
    rows->room = room;
    return true;
}

static enum registry_error collect(struct registry *registry, uint64_t first, uint64_t last,
                                   struct rows *rows)
{
    enum registry_error error = REGISTRY_OK;
    registry_begin_changed(registry, first, last);
    while (error == REGISTRY_OK) {
        if (rows->count == rows->room && !grow(rows)) {
            registry_begin_changed(registry, 1, 0);
            return REGISTRY_STATE;
        }
        error = registry_next_changed(registry, &rows->entry[rows->count]);
        rows->count += error == REGISTRY_OK;
    }
    return error == REGISTRY_DONE ? REGISTRY_OK : error;
}

static struct report_row row_of(const struct registry_entry *entry)
{
    return (struct report_row){
        .index = entry->index,
        .certificate_number = span_str(entry->number),
        .centre = span_str(entry->centre),
        .blank = span_str(entry->blank),
        .issue_day = entry->issue_day,
        .state = entry->state == REGISTRY_VOID ? REPORT_VOID : REPORT_ISSUED,
    };
}

/* As the authority will. */
static bool reads_back(const struct signer *signer, const struct registry_report *made)
{
    struct report back;
    struct span document = span_of(made->document, made->len);
    return report_decode(document, &back) == REPORT_OK && back.row_count == made->rows &&
           report_verify(document, signer_alg(signer), signer_public_key(signer)) == REPORT_OK;
}

static bool sign(const struct signer *signer, const struct report *head, const struct rows *rows,
                 struct registry_report *made)
{
    size_t cap = HEAD_MAX_BYTES + rows->count * ROW_MAX_BYTES;
    struct report_row *row = calloc(rows->count + 1, sizeof *row);
    uint8_t *payload = malloc(cap);
    bool done = false;
    if (row != NULL && payload != NULL) {
        struct writer w = writer_of(payload, cap);
        for (size_t i = 0; i < rows->count; i++) {
            row[i] = row_of(&rows->entry[i]);
        }
        report_encode(head, row, &w);
        done = writer_ok(&w) && signer_sign_document(signer, REPORT_TYP, writer_span(&w),
                                                     &made->document, &made->len) == SIGNER_OK;
    }
    free(row);
    free(payload);
    return done;
}

enum registry_error registry_report_make(struct registry *registry, const struct signer *signer,
                                         const struct registry_identity *identity, uint64_t first,
                                         int64_t now_s, struct registry_report *ret_report)
{
    struct rows rows = {.entry = NULL};
    struct registry_report made = {.first = first};
    enum registry_error error = registry_last_change(registry, &made.last_of_all);
    if (error != REGISTRY_OK) {
        return error;
    }
    if (first == 0 || first > made.last_of_all + 1) {
        return REGISTRY_NO_SUCH;
    }
    made.last = made.last_of_all - first >= REPORT_MAX_ROWS && made.last_of_all >= first
                    ? first + REPORT_MAX_ROWS - 1
                    : made.last_of_all;
    error = collect(registry, made.first, made.last, &rows);
    made.rows = rows.count;
    struct report head = {
        .issuer = span_str(identity->issuer),
        .station = span_str(identity->station),
        .first = made.first,
        .last = made.last,
        .made_at_s = now_s,
        .row_count = rows.count,
    };
    if (error == REGISTRY_OK && !(sign(signer, &head, &rows, &made) && reads_back(signer, &made))) {
        error = REGISTRY_STATE;
    }
    free(rows.entry);
    if (error != REGISTRY_OK) {
        free(made.document);
        return error;
    }
    *ret_report = made;
    return REGISTRY_OK;
}
