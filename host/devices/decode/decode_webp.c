/* SPDX-License-Identifier: Apache-2.0
 *
 * The only file that knows libwebp. The decoder has an RGBA frame of its own, so large images are
 * reduced by it on the way.
 */
#include "devices/decode/decode_webp.h"
#include "devices/decode/exif.h"

#include <webp/decode.h>

enum { PIXELS_WANTED = 12 * 1024 * 1024 };

/* Walks the RIFF chunks (RFC 9649, 2.3) to the EXIF one, which follows the picture. */
static unsigned orientation_of(struct span file)
{
    struct reader r = reader_of(file);
    reader_take(&r, 12);
    while (!r.failed && r.rest.len > 8) {
        struct span name = reader_take(&r, 4);
        struct span le = reader_take(&r, 4);
        size_t len = le.len < 4 ? 0
                                : (size_t)le.ptr[0] | (size_t)le.ptr[1] << 8 |
                                      (size_t)le.ptr[2] << 16 | (size_t)le.ptr[3] << 24;
        struct span body = reader_take(&r, len);
        if (span_equal(name, span_str("EXIF"))) {
            return exif_orientation(body);
        }
        reader_take(&r, len & 1);
    }
    return 1;
}

static void choose_scale(WebPDecoderConfig *config)
{
    unsigned long pixels = (unsigned long)config->input.width * (unsigned long)config->input.height;
    int factor = 1;
    while (pixels > PIXELS_WANTED) {
        factor *= 2;
        pixels /= 4;
    }
    if (factor > 1) {
        config->options.use_scaling = 1;
        config->options.scaled_width = config->input.width / factor;
        config->options.scaled_height = config->input.height / factor;
    }
}

static enum decode_status take_image(const WebPDecBuffer *out, unsigned channels,
                                     struct image *ret_image)
{
    struct image image;
    enum decode_status status =
        image_new((unsigned long)out->width, (unsigned long)out->height, channels, &image);
    if (status != DECODE_OK) {
        return status;
    }
    for (unsigned y = 0; y < image.height; y++) {
        image_put_rgba_row(&image, y, out->u.RGBA.rgba + (size_t)out->u.RGBA.stride * y);
    }
    *ret_image = image;
    return DECODE_OK;
}

enum decode_status decode_webp(struct span file, unsigned channels, struct image *ret_image)
{
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config) ||
        WebPGetFeatures(file.ptr, file.len, &config.input) != VP8_STATUS_OK) {
        return DECODE_UNREADABLE;
    }
    if (config.input.has_animation) {
        return DECODE_UNSUPPORTED;
    }
    if (!image_size_ok((unsigned long)config.input.width, (unsigned long)config.input.height)) {
        return DECODE_TOO_LARGE;
    }
    choose_scale(&config);
    config.output.colorspace = MODE_RGBA;
    enum decode_status status = DECODE_UNREADABLE;
    if (WebPDecode(file.ptr, file.len, &config) == VP8_STATUS_OK) {
        status = take_image(&config.output, channels, ret_image);
    }
    WebPFreeDecBuffer(&config.output);
    if (status == DECODE_OK) {
        ret_image->orientation = orientation_of(file);
    }
    return status;
}
