/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever bytes come as a picture file: a picture within the limits or a named refusal; whatever
 * picture comes of it, the locator's boxes lie inside it and the photo made of it fits.
 */
#include "fuzz.h"
#include "devices/decode/decode_jpeg.h"
#include "devices/decode/decode_png.h"
#include "devices/decode/decode_webp.h"
#include "devices/decode/exif.h"
#include "devices/decode/file_kind.h"
#include "devices/decode/locate.h"
#include "devices/decode/photo.h"

/* Larger ones are refused only after a decoder spent its time on them: too slow to search with. */
enum { PIXELS_WORTH_FUZZING = 1 << 20, PHOTO_SIDE = 64 };

static enum decode_status decode(struct span file, unsigned channels, struct image *ret_image)
{
    switch (file_kind_of(file)) {
    case FILE_KIND_PNG:
        return decode_png(file, channels, ret_image);
    case FILE_KIND_JPEG:
        return decode_jpeg(file, channels, ret_image);
    case FILE_KIND_WEBP:
        return decode_webp(file, channels, ret_image);
    default:
        return DECODE_UNSUPPORTED;
    }
}

static void use_grey(const struct image *grey)
{
    struct box box[LOCATE_MAX];
    unsigned count = locate_codes(grey, 8, box);
    FUZZ_REQUIRE(count <= LOCATE_MAX);
    for (unsigned i = 0; i < count; i++) {
        FUZZ_REQUIRE(box[i].x0 < box[i].x1 && box[i].x1 <= grey->width);
        FUZZ_REQUIRE(box[i].y0 < box[i].y1 && box[i].y1 <= grey->height);
    }
}

static void use_rgb(const struct image *rgb)
{
    struct image photo = {0};
    FUZZ_REQUIRE(photo_fit(rgb, PHOTO_SIDE, PHOTO_SIDE, &photo) == DECODE_OK);
    FUZZ_REQUIRE(photo.width >= 1 && photo.width <= PHOTO_SIDE);
    FUZZ_REQUIRE(photo.height >= 1 && photo.height <= PHOTO_SIDE);
    image_free(&photo);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span file = span_of(data, size);
    unsigned orientation = exif_orientation(file);
    FUZZ_REQUIRE(orientation >= 1 && orientation <= 8);
    for (unsigned channels = 1; channels <= 3; channels += 2) {
        struct image image = {0};
        enum decode_status status = decode(file, channels, &image);
        FUZZ_REQUIRE((status == DECODE_OK) == (image.px != NULL));
        if (status == DECODE_OK) {
            FUZZ_REQUIRE(image_size_ok(image.width, image.height));
            FUZZ_REQUIRE(image.orientation >= 1 && image.orientation <= 8);
            if ((size_t)image.width * image.height <= PIXELS_WORTH_FUZZING) {
                channels == 1 ? use_grey(&image) : use_rgb(&image);
            }
        }
        image_free(&image);
    }
    return 0;
}
