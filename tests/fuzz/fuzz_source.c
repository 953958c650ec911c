/* SPDX-License-Identifier: Apache-2.0
 *
 * An authority's JSON sources. The first byte chooses the file; the rest is its text. What is
 * accepted sorts into rows that every decoder takes.
 */
#include "authority/source_list.h"
#include "fuzz.h"

static const char *const names[] = {
    "issuers.json",      "keys.json",       "status.json",    "rules.json",
    "derecognised.json", "frameworks.json", "catalogue.json",
};
#define NAMES (sizeof names / sizeof names[0])

static void check_rows(const struct list_source *list)
{
    for (size_t i = 0; i < list->rows.count; i++) {
        struct row row;
        struct reader r = reader_of(list->rows.row[i].bytes);
        FUZZ_REQUIRE(row_next(&r, &row) == TRUST_DOC_OK && r.rest.len == 0);
        FUZZ_REQUIRE(i == 0 || row_compare(&list->rows.row[i - 1], &row) < 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct list_source list;
    struct authority_problem problem;
    if (size == 0) {
        return 0;
    }
    list_source_begin(&list, "ID");
    if (list_source_add(&list, names[data[0] % NAMES], span_of(data + 1, size - 1), &problem) ==
            AUTHORITY_OK &&
        list_rows_sort(&list.rows, &problem) == AUTHORITY_OK) {
        check_rows(&list);
    }
    list_source_free(&list);
    return 0;
}
