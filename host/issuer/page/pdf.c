/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows how each kind of box looks in cairo. The code is one vector path and the photo stays the
 * JPEG it was, so that a printer gets both unscaled.
 */
#include "pdf.h"

#include <cairo-pdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ornament.h"

struct output {
    unsigned char *bytes; /* owned */
    size_t len, cap;
};

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int len)
{
    struct output *out = closure;
    if (len > PDF_BYTES_MAX - out->len) {
        return CAIRO_STATUS_WRITE_ERROR;
    }
    if (out->len + len > out->cap) {
        size_t cap = 2 * (out->len + len);
        unsigned char *bytes = realloc(out->bytes, cap);
        if (bytes == NULL) {
            return CAIRO_STATUS_WRITE_ERROR;
        }
        out->bytes = bytes;
        out->cap = cap;
    }
    memcpy(out->bytes + out->len, data, len);
    out->len += len;
    return CAIRO_STATUS_SUCCESS;
}

static void set_ink(cairo_t *cr, enum ink ink)
{
    struct rgb rgb = ink_rgb(ink);
    cairo_set_source_rgb(cr, rgb.red, rgb.green, rgb.blue);
}

static void add_rect(cairo_t *cr, struct rect r)
{
    cairo_rectangle(cr, r.x, r.y, r.width, r.height);
}

/* Dark modules of one row as runs, so that no seam can show between neighbours. */
static void add_qr_row(cairo_t *cr, const struct qr *qr, unsigned row, double x, double y,
                       double module)
{
    for (unsigned column = 0; column < qr->side; column++) {
        unsigned from = column;
        while (column < qr->side && qr_dark(qr, column, row)) {
            column++;
        }
        if (column > from) {
            cairo_rectangle(cr, x + from * module, y, (column - from) * module, module);
        }
    }
}

static void draw_qr(cairo_t *cr, const struct qr *qr, struct rect area)
{
    double module = area.width / qr_modules_with_quiet(qr);
    double quiet = QR_QUIET_MODULES * module;
    set_ink(cr, INK_PAPER);
    add_rect(cr, area);
    cairo_fill(cr);
    cairo_set_source_rgb(cr, 0, 0, 0);
    for (unsigned row = 0; row < qr->side; row++) {
        add_qr_row(cr, qr, row, area.x + quiet, area.y + quiet + row * module, module);
    }
    cairo_fill(cr);
}

/* The PDF surface takes the JPEG bytes as they are; the one-pixel surface only carries them, and
 * the image fills the unit square that the pixel stands for. */
static void draw_photo(cairo_t *cr, const struct photo *photo, struct rect area)
{
    cairo_surface_t *carrier = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1);
    (void)cairo_surface_set_mime_data(carrier, CAIRO_MIME_TYPE_JPEG, photo->jpeg, photo->len, NULL,
                                      NULL);
    cairo_save(cr);
    cairo_translate(cr, area.x, area.y);
    cairo_scale(cr, area.width, area.height);
    cairo_set_source_surface(cr, carrier, 0, 0);
    cairo_paint(cr);
    cairo_restore(cr);
    cairo_surface_destroy(carrier);
    cairo_set_line_width(cr, 0.5);
    set_ink(cr, INK_ACCENT);
    add_rect(cr, area);
    cairo_stroke(cr);
}

/* Along the diagonal from bottom left to top right. */
static void draw_watermark(cairo_t *cr, const struct text *text, struct rect area)
{
    cairo_save(cr);
    cairo_translate(cr, area.x + area.width / 2, area.y + area.height / 2);
    cairo_rotate(cr, -atan2(area.height, area.width));
    text_draw(text, cr, -text_width(text) / 2, -text_height(text) / 2);
    cairo_restore(cr);
}

static void draw_box(cairo_t *cr, const struct sheet *sheet, const struct box *box)
{
    switch (box->kind) {
    case BOX_FRAME:
        ornament_frame(cr, box->area);
        break;
    case BOX_ROSETTE:
        ornament_rosette(cr, box->area, box->ink);
        break;
    case BOX_WAVES:
        ornament_waves(cr, box->area, box->ink);
        break;
    case BOX_WATERMARK:
        draw_watermark(cr, box->text, box->area);
        break;
    case BOX_PANEL:
    case BOX_RULE:
        set_ink(cr, box->ink);
        add_rect(cr, box->area);
        cairo_fill(cr);
        break;
    case BOX_OUTLINE:
        set_ink(cr, box->ink);
        cairo_set_line_width(cr, 0.9);
        add_rect(cr, box->area);
        cairo_stroke(cr);
        break;
    case BOX_TEXT:
        text_draw(box->text, cr, box->area.x, box->area.y);
        break;
    case BOX_QR:
        draw_qr(cr, sheet->qr, box->area);
        break;
    case BOX_PHOTO:
        draw_photo(cr, sheet->photo, box->area);
        break;
    }
}

/* Boxes are drawn in the order of their kinds: grounds, panels, then what is read. */
static void draw_page(cairo_t *cr, const struct sheet *sheet, const struct page *page)
{
    for (enum box_kind kind = BOX_FRAME; kind <= BOX_PHOTO; kind++) {
        for (size_t i = 0; i < page->count; i++) {
            if (page->boxes[i].kind == kind) {
                draw_box(cr, sheet, &page->boxes[i]);
            }
        }
    }
    cairo_show_page(cr);
}

static void set_metadata(cairo_surface_t *surface, const char *title, const char *created)
{
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Saksi");
    /* Unset it would be the time of day; what is no date is left out. */
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   created != NULL ? created : "");
}

bool pdf_write(const struct sheet *sheet, const char *title, const char *created, uint8_t **ret_pdf,
               size_t *ret_len, struct refusal *refusal)
{
    struct output out = {0};
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(append, &out, sheet->width, sheet->height);
    set_metadata(surface, title, created);
    cairo_t *cr = cairo_create(surface);
    for (size_t i = 0; i < sheet->page_count; i++) {
        draw_page(cr, sheet, &sheet->pages[i]);
    }
    cairo_status_t drawn = cairo_status(cr);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    cairo_status_t written = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (drawn != CAIRO_STATUS_SUCCESS || written != CAIRO_STATUS_SUCCESS) {
        free(out.bytes);
        return refuse_internal(refusal, "pdf", cairo_status_to_string(drawn ? drawn : written));
    }
    *ret_pdf = out.bytes;
    *ret_len = out.len;
    return true;
}
