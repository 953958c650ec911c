/* SPDX-License-Identifier: Apache-2.0
 *
 * Collecting texts. The same code is often seen by several stages; the list is where it becomes
 * one.
 */
#include "devices/decode/codes.h"

static struct span text_of(const struct code_list *list, size_t i)
{
    return span_of(list->text + list->code[i].offset, list->code[i].len);
}

static bool known(const struct code_list *list, unsigned page, struct span text)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->code[i].page == page && span_equal(text_of(list, i), text)) {
            return true;
        }
    }
    return false;
}

void code_list_add(struct code_list *list, unsigned page, struct span text)
{
    if (list->count == DECODE_CODES_MAX || text.len > sizeof list->text - list->bytes ||
        text.len == 0 || known(list, page, text)) {
        return;
    }
    list->code[list->count++] = (struct code){page, list->bytes, text.len};
    memcpy(list->text + list->bytes, text.ptr, text.len);
    list->bytes += text.len;
}

void code_list_write(const struct code_list *list, enum decode_status status, struct writer *w)
{
    bool ok = status == DECODE_OK;
    size_t count = ok ? list->count : 0;
    writer_be(w, DECODE_RESULT_VERSION, 1);
    writer_be(w, status, 1);
    writer_be(w, ok ? list->pages : 0, 2);
    writer_be(w, ok ? list->pages_seen : 0, 2);
    writer_be(w, count, 2);
    for (size_t i = 0; i < count; i++) {
        writer_be(w, list->code[i].page, 2);
        writer_be(w, list->code[i].len, 4);
        writer_put(w, text_of(list, i));
    }
}
