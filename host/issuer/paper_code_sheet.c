/* SPDX-License-Identifier: Apache-2.0
 *
 * A code sheet's members, as saksi-page wants them.
 */
#include "issuer/paper_code_sheet.h"

#include "base/json.h"

/* NULL when memory ran out. */
static char *sheet_json(const struct paper_code_sheet *sheet)
{
    struct json_value *page = json_new_object();
    json_put_string(page, "layout", "code");
    json_put_bool(page, "sample", sheet->sample);
    json_put_string(page, "qr", sheet->code);
    json_put_string(page, "heading", sheet->heading);
    json_put_string(page, "text", sheet->text);
    char *text = json_format(page, 0);
    json_free(page);
    return text;
}

enum paper_error paper_make_code_sheet(const struct paper_code_sheet *sheet, uint8_t **ret_pdf,
                                       size_t *ret_len, char message[256])
{
    return paper_page_make(sheet->libexec_dir, sheet_json(sheet), span_str(sheet->code), ret_pdf,
                           ret_len, message);
}
