/* SPDX-License-Identifier: Apache-2.0
 *
 * The schema of a code sheet in issuer/page.h, member by member.
 */
#include "code_sheet.h"

#include <stdlib.h>

#include "issuer/page.h"

#define HEADING_MAX 96u
#define TEXT_MAX    400u

static bool is_printable_ascii(const char *text)
{
    while (*text >= ' ' && *text <= '~') {
        text++;
    }
    return *text == '\0';
}

bool code_sheet_is_asked_for(struct reading *r)
{
    struct span layout = json_find_text(&r->json, r->json.document, "layout", 1, 32);
    return span_equal(layout, span_str("code"));
}

bool code_sheet_read(struct reading *r, struct code_sheet *ret_sheet, struct refusal *refusal)
{
    static const char *const members[] = {"layout", "sample",  "qr", "heading",
                                          "text",   "created", NULL};
    const struct json_value *root = r->json.document;
    struct code_sheet sheet = {
        .sample = json_find_bool(&r->json, root, "sample"),
        .code = reading_get_text(r, root, "qr", PAGE_QR_TEXT_MAX),
        .heading = reading_get_text(r, root, "heading", HEADING_MAX),
        .text = reading_get_text(r, root, "text", TEXT_MAX),
        .created = reading_find_time(r, root, "created"),
    };
    if (sheet.code != NULL && !is_printable_ascii(sheet.code)) {
        json_refuse(&r->json, root, "qr", "is not printable ASCII");
    }
    json_only(&r->json, root, members);
    sheet.texts = reading_end(r, refusal);
    if (sheet.texts == NULL) {
        return false;
    }
    *ret_sheet = sheet;
    return true;
}

void code_sheet_free(struct code_sheet *sheet)
{
    free(sheet->texts);
    *sheet = (struct code_sheet){0};
}
