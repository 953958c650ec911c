/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads every record before any is issued, and says all that is wrong with them.
 */
#include "issue_records.h"

#include <stdlib.h>
#include <time.h>

#define RECORDS_MAX_BYTES ((size_t)64 * 1024 * 1024)

struct records_file {
    const char *path;
    uint8_t *text;
    struct record_file records;
    bool is_open;
};

static void print_notes(const char *path, const struct record_notes *notes, const char *kind)
{
    for (size_t i = 0; i < notes->count && i < RECORD_MAX_NOTES; i++) {
        const struct record_note *note = &notes->note[i];
        (void)say(0, "%s: %s%s%s%s", path, kind, note->path, *note->path == '\0' ? "" : ": ",
                  note->text);
    }
    if (notes->count > RECORD_MAX_NOTES) {
        (void)say(0, "%s: %sand %zu more", path, kind, notes->count - RECORD_MAX_NOTES);
    }
}

static int load(struct records_file *file, const char *path)
{
    struct record_notes notes = {.count = 0};
    size_t len = 0;
    file->path = path;
    enum file_error error = file_read(path, RECORDS_MAX_BYTES, &file->text, &len);
    if (error != FILE_OK) {
        return say(STATUS_IO, "%s: %s", path, file_error_text(error));
    }
    file->is_open = record_file_open(span_of(file->text, len), &file->records, &notes);
    if (!file->is_open) {
        print_notes(path, &notes, "");
        return STATUS_DATA;
    }
    return STATUS_OK;
}

int records_open(struct records *records, const struct issue_options *options)
{
    int worst = STATUS_OK;
    records->file_count = (size_t)options->file_count;
    records->file = calloc(records->file_count + 1, sizeof *records->file);
    if (records->file == NULL) {
        return say(STATUS_INTERNAL, "not enough memory");
    }
    for (size_t i = 0; i < records->file_count; i++) {
        int status = load(&records->file[i], options->files[i]);
        worst = status != STATUS_OK ? status : worst;
        if (records->file[i].is_open) {
            records->item_count += record_file_count(&records->file[i].records);
        }
    }
    return worst;
}

/* True when a certificate can be made of it; what is to be said about it is printed. */
static bool read_one(struct records_file *file, size_t at, const struct record_context *context,
                     struct issue_item *item)
{
    static struct record_notes problems, warnings;
    problems.count = 0;
    warnings.count = 0;
    bool fit = record_read(&file->records, at, context, &item->credential, &problems, &warnings);
    print_notes(file->path, &problems, "");
    print_notes(file->path, &warnings, "warning: ");
    return fit;
}

int records_read(struct records *records, struct span issuer, bool has_photo)
{
    struct record_context context = {issuer, (int64_t)time(NULL), has_photo};
    size_t next = 0, unfit = 0;
    records->items = calloc(records->item_count + 1, sizeof *records->items);
    if (records->items == NULL) {
        return say(STATUS_INTERNAL, "not enough memory");
    }
    for (size_t i = 0; i < records->file_count; i++) {
        size_t count = record_file_count(&records->file[i].records);
        for (size_t at = 0; at < count; at++) {
            unfit += !read_one(&records->file[i], at, &context, &records->items[next++]);
        }
    }
    if (unfit != 0) {
        return say(STATUS_DATA, "%zu of %zu records cannot be issued; nothing was issued", unfit,
                   records->item_count);
    }
    return STATUS_OK;
}

void records_close(struct records *records)
{
    for (size_t i = 0; records->file != NULL && i < records->file_count; i++) {
        if (records->file[i].is_open) {
            record_file_close(&records->file[i].records);
        }
        free(records->file[i].text);
    }
    free(records->file);
    free(records->items);
}
