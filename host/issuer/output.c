/* SPDX-License-Identifier: Apache-2.0
 *
 * All pages exist in memory, checked, before the first file is written: a certificate is on disk
 * whole or not at all.
 */
#include "issuer/output.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"

#define FILE_MODE 0640 /* personal data: not for everybody */
#define MAX_FILES 4

struct piece {
    const char *extension;
    struct span bytes;
    uint8_t *owned; /* NULL when borrowed */
};

struct output {
    size_t count;
    struct piece piece[MAX_FILES];
    char text[QR_TEXT_MAX + 2]; /* the QR text and a newline */
};

static void add(struct output *p, const char *extension, struct span bytes, uint8_t *owned)
{
    p->piece[p->count++] = (struct piece){extension, bytes, owned};
}

static enum output_error add_page(const struct output_request *request, enum paper_layout layout,
                                  const char *extension, struct output *p, char why[400])
{
    char message[256];
    uint8_t *pdf = NULL;
    size_t len = 0;
    struct paper_request page = {
        .station = request->station,
        .credential = request->credential,
        .qr_text = span_of(request->made->qr_text, request->made->qr_text_len),
        .photo = request->photo,
        .titles = request->titles,
        .layout = layout,
        .libexec_dir = request->libexec_dir,
    };
    enum paper_error error = paper_make(&page, &pdf, &len, message);
    if (error == PAPER_OK) {
        add(p, extension, span_of(pdf, len), pdf);
        return OUTPUT_OK;
    }
    (void)snprintf(why, 400, "%s", message);
    return error == PAPER_INPUT || error == PAPER_MISMATCH ? OUTPUT_PAGE : OUTPUT_PROGRAM;
}

static enum output_error gather(const struct output_request *request, struct output *p,
                                char why[400])
{
    const struct signed_credential *made = request->made;
    enum output_error error = OUTPUT_OK;
    (void)snprintf(p->text, sizeof p->text, "%s\n", made->qr_text);
    if ((request->pages & ISSUE_A4) != 0) {
        error = add_page(request, PAPER_A4, ".pdf", p, why);
    }
    if (error == OUTPUT_OK && (request->pages & ISSUE_CARD) != 0) {
        error = add_page(request, PAPER_CARD, "-card.pdf", p, why);
    }
    add(p, ".txt", span_str(p->text), NULL);
    add(p, ".cose", span_of(made->document, made->document_len), NULL);
    return error;
}

static enum file_error write_checked(const char *path, struct span bytes)
{
    uint8_t *back = NULL;
    size_t len = 0;
    enum file_error error = file_write_atomic(path, bytes, FILE_MODE);
    if (error == FILE_OK) {
        error = file_read(path, bytes.len, &back, &len);
    }
    if (error == FILE_OK && !span_equal(span_of(back, len), bytes)) {
        error = FILE_IO;
    }
    free(back);
    return error;
}

static enum output_error put(const struct output_request *request, const struct piece *piece,
                             char why[400])
{
    char path[PATH_MAX];
    int len =
        snprintf(path, sizeof path, "%s/%s%s", request->folder, request->name, piece->extension);
    enum file_error error =
        len < 0 || (size_t)len >= sizeof path ? FILE_IO : write_checked(path, piece->bytes);
    if (error != FILE_OK) {
        (void)snprintf(why, 400, "%.250s: %s", path, file_error_text(error));
        return OUTPUT_FILE;
    }
    return OUTPUT_OK;
}

enum output_error output_make(const struct output_request *request, struct output **ret_output,
                              char why[400])
{
    struct output *output = calloc(1, sizeof *output);
    if (output == NULL) {
        (void)snprintf(why, 400, "not enough memory");
        return OUTPUT_PROGRAM;
    }
    enum output_error error = gather(request, output, why);
    if (error != OUTPUT_OK) {
        output_free(output);
        return error;
    }
    *ret_output = output;
    return OUTPUT_OK;
}

enum output_error output_put(const struct output_request *request, const struct output *output,
                             char why[400])
{
    enum output_error error = OUTPUT_OK;
    for (size_t i = 0; i < output->count && error == OUTPUT_OK; i++) {
        error = put(request, &output->piece[i], why);
    }
    return error;
}

void output_free(struct output *output)
{
    for (size_t i = 0; output != NULL && i < output->count; i++) {
        free(output->piece[i].owned);
    }
    free(output);
}

static bool stays(uint8_t c, bool first)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c == '.' && !first) || (c == '-' && !first);
}

/* What output_name and the extensions make. */
static bool is_piece(struct span name)
{
    static const char *const extensions[] = {".pdf", ".txt", ".cose"};
    bool ends = false;
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
        struct span e = span_str(extensions[i]);
        ends |= name.len > e.len && span_equal(span_of(name.ptr + name.len - e.len, e.len), e);
    }
    bool fits = ends && name.len < OUTPUT_NAME_MAX + 16;
    for (size_t i = 0; fits && i < name.len; i++) {
        uint8_t c = name.ptr[i];
        fits = stays(c, i == 0) || c == '_' || c == '%' || (c == '+' && i != 0);
    }
    return fits;
}

void output_sweep(const char *folder)
{
    (void)file_remove_leftovers(folder, is_piece);
}

/* The end of the card's file, which a number must not end with: "N-card.pdf" is the card of N. File
 * systems may know no case. */
static bool begins_card_ending(struct span number, size_t at)
{
    static const char ending[] = "-card";
    bool same = number.len - at == sizeof ending - 1;
    for (size_t i = 0; same && i < sizeof ending - 1; i++) {
        same = (number.ptr[at + i] | 0x20) == (ending[i] | 0x20);
    }
    return same;
}

void output_name(struct span number, bool with_index, uint32_t index, char name[OUTPUT_NAME_MAX])
{
    size_t used = 0;
    for (size_t i = 0; i < number.len && used + 16 < OUTPUT_NAME_MAX; i++) {
        uint8_t c = number.ptr[i];
        if (stays(c, i == 0) && !begins_card_ending(number, i)) {
            name[used++] = (char)c;
        } else if (c == ' ') {
            name[used++] = '_';
        } else {
            used += (size_t)snprintf(name + used, OUTPUT_NAME_MAX - used, "%%%02X", c);
        }
    }
    name[used] = '\0';
    if (with_index) {
        (void)snprintf(name + used, OUTPUT_NAME_MAX - used, "+%u", (unsigned)index);
    }
}
