/* SPDX-License-Identifier: Apache-2.0
 *
 * The files that carry signed documents and rows: list file and bundle (WIRE.md, "Files"). Takes
 * them apart into spans; decodes neither the documents nor the rows inside.
 */
#include "codec/trust_doc.h"

#define LIST_FILE_NAME "saksi-list"
#define BUNDLE_NAME    "saksi-bundle"
#define FILE_FORMAT    1

static void read_name(struct cbor_cursor *c, const char *name)
{
    if (!span_equal(cbor_read_text(c, 1, 16), span_str(name))) {
        cbor_fail(c, CBOR_RANGE);
    }
    cbor_read_uint(c, FILE_FORMAT, FILE_FORMAT);
}

/* Too much is told apart from the wrong form, and the first thing found counts. */
static void check_limit(struct cbor_cursor *c, size_t value, size_t most, bool *over)
{
    if (c->error == CBOR_OK && value > most) {
        *over = true;
        cbor_fail(c, CBOR_RANGE);
    }
}

static enum trust_doc_error finish(struct cbor_cursor *c, bool over)
{
    if (cbor_finish(c)) {
        return TRUST_DOC_OK;
    }
    return over ? TRUST_DOC_LIMIT : TRUST_DOC_FORMAT;
}

static struct span read_document(struct cbor_cursor *c, bool *over)
{
    struct span document = cbor_read_bytes(c, 1, SIZE_MAX);
    check_limit(c, document.len, TRUST_MAX_DOC_BYTES, over);
    return document;
}

static void read_part(struct cbor_cursor *c, struct trust_part *part, bool *over)
{
    cbor_read_array(c, 3, 3);
    part->encoding = (unsigned)cbor_read_uint(c, TRUST_PART_RAW, TRUST_PART_PACKED);
    part->size = (size_t)cbor_read_uint(c, 0, INT64_MAX);
    check_limit(c, part->size, TRUST_MAX_ROWS_BYTES, over);
    part->data = cbor_read_bytes(c, 0, SIZE_MAX);
    if (part->encoding == TRUST_PART_RAW && part->size != part->data.len) {
        cbor_fail(c, CBOR_RANGE);
    }
}

enum trust_doc_error trust_list_file_decode(struct span file, struct trust_list_file *ret_file)
{
    if (file.len > TRUST_MAX_BUNDLE) {
        return TRUST_DOC_LIMIT;
    }
    bool over = false;
    struct cbor_cursor c = cbor_cursor_of(file);
    cbor_read_array(&c, 6, 6);
    read_name(&c, LIST_FILE_NAME);
    ret_file->document = read_document(&c, &over);
    ret_file->base = cbor_read_null(&c) ? span_of(NULL, 0)
                                        : cbor_read_bytes(&c, TRUST_DIGEST_SIZE, TRUST_DIGEST_SIZE);
    read_part(&c, &ret_file->security, &over);
    ret_file->has_catalogue = !cbor_read_null(&c);
    ret_file->catalogue = (struct trust_part){0};
    if (ret_file->has_catalogue) {
        read_part(&c, &ret_file->catalogue, &over);
    }
    bool packed = ret_file->security.encoding == TRUST_PART_PACKED &&
                  (!ret_file->has_catalogue || ret_file->catalogue.encoding == TRUST_PART_PACKED);
    if (ret_file->base.len != 0 && !packed) {
        cbor_fail(&c, CBOR_RANGE); /* rows end to end change nothing, they are all there is */
    }
    check_limit(&c, ret_file->security.size + ret_file->catalogue.size, TRUST_MAX_ROWS_BYTES,
                &over);
    return finish(&c, over);
}

static size_t read_files(struct cbor_cursor *c, size_t most, struct span *file, bool *over)
{
    size_t count = cbor_read_array(c, 0, SIZE_MAX);
    check_limit(c, count, most, over);
    for (size_t i = 0; i < count && c->error == CBOR_OK; i++) {
        file[i] = cbor_read_bytes(c, 1, SIZE_MAX);
    }
    return count;
}

enum trust_doc_error trust_bundle_decode(struct span file, struct trust_bundle *ret_bundle)
{
    if (file.len > TRUST_MAX_BUNDLE) {
        return TRUST_DOC_LIMIT;
    }
    bool over = false;
    struct cbor_cursor c = cbor_cursor_of(file);
    cbor_read_array(&c, 5, 5);
    read_name(&c, BUNDLE_NAME);
    ret_bundle->root_count = read_files(&c, TRUST_MAX_ROOTS, ret_bundle->root, &over);
    for (size_t i = 0; i < ret_bundle->root_count && c.error == CBOR_OK; i++) {
        check_limit(&c, ret_bundle->root[i].len, TRUST_MAX_DOC_BYTES, &over);
    }
    ret_bundle->header = cbor_read_null(&c) ? span_of(NULL, 0) : read_document(&c, &over);
    ret_bundle->list_count = read_files(&c, TRUST_MAX_STATES, ret_bundle->list, &over);
    return finish(&c, over);
}

static void write_span_or_null(struct writer *w, struct span bytes)
{
    if (bytes.len == 0) {
        cbor_write_null(w);
    } else {
        cbor_write_bytes(w, bytes);
    }
}

static void write_part(struct writer *w, const struct trust_part *part)
{
    cbor_write_array(w, 3);
    cbor_write_uint(w, part->encoding);
    cbor_write_uint(w, part->size);
    cbor_write_bytes(w, part->data);
}

void trust_list_file_encode(const struct trust_list_file *file, struct writer *w)
{
    cbor_write_array(w, 6);
    cbor_write_text(w, span_str(LIST_FILE_NAME));
    cbor_write_uint(w, FILE_FORMAT);
    cbor_write_bytes(w, file->document);
    write_span_or_null(w, file->base);
    write_part(w, &file->security);
    if (file->has_catalogue) {
        write_part(w, &file->catalogue);
    } else {
        cbor_write_null(w);
    }
}

static void write_files(struct writer *w, const struct span *file, size_t count)
{
    cbor_write_array(w, count);
    for (size_t i = 0; i < count; i++) {
        cbor_write_bytes(w, file[i]);
    }
}

void trust_bundle_encode(const struct trust_bundle *bundle, struct writer *w)
{
    cbor_write_array(w, 5);
    cbor_write_text(w, span_str(BUNDLE_NAME));
    cbor_write_uint(w, FILE_FORMAT);
    write_files(w, bundle->root, bundle->root_count);
    write_span_or_null(w, bundle->header);
    write_files(w, bundle->list, bundle->list_count);
}
