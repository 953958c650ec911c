/* SPDX-License-Identifier: Apache-2.0
 *
 * The only file that knows poppler, cairo and fontconfig. For codes, every page is drawn once at
 * 200 dpi; only when the whole document gave nothing are pages drawn finer, for small codes, and
 * then coarser, for scans whose noise must be averaged away.
 */
#include "devices/decode/decode_pdf.h"
#include "devices/decode/image.h"
#include "devices/decode/scan.h"

#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <math.h>
#include <poppler.h>

enum {
    PAGE_PIXELS_MAX = 12 * 1024 * 1024,
    PICTURE_DPI = 150,
    PAGE_BUDGET_MS = 500,
    DOCUMENT_BUDGET_MS = 6000, /* the caller ends the program a little later */
};

static const struct round {
    double dpi;
    enum scan_effort effort;
} ROUNDS[] = {{200, SCAN_QUICK}, {300, SCAN_THOROUGH}, {100, SCAN_THOROUGH}};

void decode_pdf_prepare(void)
{
    FcConfig *empty = FcConfigCreate();
    if (empty != NULL) {
        FcConfigSetCurrent(empty);
    }
}

static enum decode_status open_document(struct span file, PopplerDocument **ret_document)
{
    GError *error = NULL;
    GBytes *bytes = g_bytes_new_static(file.ptr, file.len);
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, &error);
    bool locked = g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED);
    g_clear_error(&error);
    g_bytes_unref(bytes);
    if (document == NULL) {
        return locked ? DECODE_ENCRYPTED : DECODE_UNREADABLE;
    }
    *ret_document = document;
    return DECODE_OK;
}

/* Pixels a point, for the resolution asked for or what the pixel limit leaves of it; 0 = no sane
 * page. */
static double scale_for(PopplerPage *page, double dpi)
{
    double width = 0, height = 0;
    poppler_page_get_size(page, &width, &height);
    if (!(width >= 1 && height >= 1 && width <= 1e6 && height <= 1e6)) {
        return 0;
    }
    double scale = dpi / 72;
    double pixels = width * height * scale * scale;
    if (pixels > PAGE_PIXELS_MAX) {
        scale *= sqrt(PAGE_PIXELS_MAX / pixels);
    }
    return scale;
}

static void take_grey(const struct image *xrgb, const struct image *grey)
{
    size_t pixels = (size_t)grey->width * grey->height;
    for (size_t i = 0; i < pixels; i++) {
        uint32_t pixel;
        memcpy(&pixel, xrgb->px + 4 * i, sizeof pixel);
        grey->px[i] = luma(pixel >> 16 & 0xff, pixel >> 8 & 0xff, pixel & 0xff);
    }
}

static void take_rgb(const struct image *xrgb, const struct image *rgb)
{
    size_t pixels = (size_t)rgb->width * rgb->height;
    for (size_t i = 0; i < pixels; i++) {
        uint32_t pixel;
        memcpy(&pixel, xrgb->px + 4 * i, sizeof pixel);
        rgb->px[3 * i] = pixel >> 16 & 0xff;
        rgb->px[3 * i + 1] = pixel >> 8 & 0xff;
        rgb->px[3 * i + 2] = pixel & 0xff;
    }
}

/* The paper is white already, as new images are. */
static bool draw(PopplerPage *page, const struct image *xrgb, double scale)
{
    cairo_surface_t *surface = cairo_image_surface_create_for_data(
        xrgb->px, CAIRO_FORMAT_RGB24, (int)xrgb->width, (int)xrgb->height, (int)image_stride(xrgb));
    cairo_t *cairo = cairo_create(surface);
    cairo_scale(cairo, scale, scale);
    poppler_page_render(page, cairo);
    bool ok = cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    cairo_surface_destroy(surface);
    return ok;
}

static bool render(PopplerPage *page, double dpi, unsigned channels, struct image *ret_image)
{
    double width = 0, height = 0, scale = scale_for(page, dpi);
    poppler_page_get_size(page, &width, &height);
    struct image xrgb = {0}, image = {0};
    bool ok = scale > 0 && image_new((unsigned long)ceil(width * scale),
                                     (unsigned long)ceil(height * scale), 4, &xrgb) == DECODE_OK;
    ok = ok && image_new(xrgb.width, xrgb.height, channels, &image) == DECODE_OK;
    ok = ok && draw(page, &xrgb, scale);
    if (ok) {
        channels == 1 ? take_grey(&xrgb, &image) : take_rgb(&xrgb, &image);
        *ret_image = image;
    } else {
        image_free(&image);
    }
    image_free(&xrgb);
    return ok;
}

static void scan_at(PopplerDocument *document, unsigned number, const struct round *round,
                    unsigned budget_ms, struct code_list *list)
{
    struct image image = {0};
    PopplerPage *page = poppler_document_get_page(document, (int)number - 1);
    if (page == NULL) {
        return;
    }
    if (render(page, round->dpi, 1, &image)) {
        scan_page(&image, number, round->effort, budget_ms, list);
    }
    image_free(&image);
    g_object_unref(page);
}

/* What is left of the document's time is shared by the pages still to come. */
static unsigned page_budget_ms(uint64_t deadline_ms, unsigned pages_left)
{
    uint64_t now = scan_clock_ms();
    uint64_t share = now < deadline_ms ? (deadline_ms - now) / pages_left : 0;
    return share < PAGE_BUDGET_MS ? (unsigned)share : PAGE_BUDGET_MS;
}

static void scan_document(PopplerDocument *document, unsigned pages, struct code_list *list)
{
    uint64_t deadline_ms = scan_clock_ms() + DOCUMENT_BUDGET_MS;
    for (size_t i = 0; i < sizeof ROUNDS / sizeof ROUNDS[0] && list->count == 0; i++) {
        for (unsigned number = 1; number <= pages; number++) {
            unsigned budget_ms = page_budget_ms(deadline_ms, pages - number + 1);
            if (budget_ms == 0) {
                return;
            }
            scan_at(document, number, &ROUNDS[i], budget_ms, list);
            list->pages_seen = i == 0 ? number : list->pages_seen;
        }
    }
}

enum decode_status decode_pdf(struct span file, struct code_list *list)
{
    PopplerDocument *document = NULL;
    enum decode_status status = open_document(file, &document);
    if (status != DECODE_OK) {
        return status;
    }
    int count = poppler_document_get_n_pages(document);
    unsigned pages = count < 1 ? 0 : count > UINT16_MAX ? UINT16_MAX : (unsigned)count;
    list->pages = pages;
    scan_document(document, pages < DECODE_PAGES_MAX ? pages : DECODE_PAGES_MAX, list);
    g_object_unref(document);
    return pages == 0 ? DECODE_UNREADABLE : DECODE_OK;
}

enum decode_status decode_pdf_picture(struct span file, struct image *ret_rgb)
{
    PopplerDocument *document = NULL;
    enum decode_status status = open_document(file, &document);
    if (status != DECODE_OK) {
        return status;
    }
    PopplerPage *page = poppler_document_get_page(document, 0);
    status = page != NULL && render(page, PICTURE_DPI, 3, ret_rgb) ? DECODE_OK : DECODE_UNREADABLE;
    g_clear_object(&page);
    g_object_unref(document);
    return status;
}
