/* SPDX-License-Identifier: Apache-2.0
 *
 * A bundle from anybody, taken apart to the last row without regard to signatures: what an import
 * would do with it after a key was stolen.
 */
#include "codec/cose.h"
#include "fuzz.h"
#include "verifier/trust_pack.h"

#define MOST_UNPACKED 1000000 /* to keep one run short */

static void take_rows(const struct trust_part *part)
{
    struct trust_rows rows;
    struct trust_packed packed = {0};
    FUZZ_REQUIRE(part->size <= TRUST_MAX_ROWS_BYTES);
    if (part->size > MOST_UNPACKED || trust_unpack(part, NULL, &rows) != TRUST_UPDATE_OK) {
        return;
    }
    FUZZ_REQUIRE(rows.len == part->size);
    FUZZ_REQUIRE(trust_pack(NULL, &rows, &packed) == TRUST_UPDATE_OK);
    free(packed.bytes);
    trust_rows_free(&rows);
}

static void take_list(struct span bytes)
{
    struct trust_list_file file;
    struct cose_sign cose;
    struct trust_list list;
    if (trust_list_file_decode(bytes, &file) != TRUST_DOC_OK) {
        return;
    }
    if (cose_sign_decode(file.document, COSE_TYP_LIST, &cose) == COSE_OK) {
        (void)trust_list_decode(cose.payload, &list);
    }
    take_rows(&file.security);
    if (file.has_catalogue) {
        take_rows(&file.catalogue);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct trust_bundle bundle;
    static struct trust_root root;
    static struct trust_header header;
    struct cose_sign cose;
    uint8_t root_id[TRUST_DIGEST_SIZE];
    if (trust_bundle_decode(span_of(data, size), &bundle) != TRUST_DOC_OK) {
        return 0;
    }
    for (size_t i = 0; i < bundle.root_count; i++) {
        (void)!trust_root_open(bundle.root[i], &root, root_id);
    }
    if (cose_sign_decode(bundle.header, COSE_TYP_HEADER, &cose) == COSE_OK) {
        (void)trust_header_decode(cose.payload, &header);
    }
    for (size_t i = 0; i < bundle.list_count; i++) {
        take_list(bundle.list[i]);
    }
    return 0;
}
