/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi-decode-pdf: QR texts out of the pages of a PDF document, and a picture of its first page.
 */
#include "devices/decode/decode_pdf.h"
#include "devices/decode/file_kind.h"
#include "devices/decode/program.h"

static enum decode_status codes(struct span file, struct code_list *list)
{
    return file_kind_of(file) == FILE_KIND_PDF ? decode_pdf(file, list) : DECODE_UNSUPPORTED;
}

static enum decode_status picture(struct span file, struct image *ret_rgb)
{
    return file_kind_of(file) == FILE_KIND_PDF ? decode_pdf_picture(file, ret_rgb)
                                               : DECODE_UNSUPPORTED;
}

int main(int argc, char **argv)
{
    static const struct program PROGRAM = {
        .prepare = decode_pdf_prepare, .codes = codes, .photo = picture};
    return program_main(&PROGRAM, argc, argv);
}
