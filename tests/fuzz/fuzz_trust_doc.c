/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever is accepted as the payload of a root, list or header says what its bytes say: written
 * again it is the same.
 */
#include "codec/trust_doc.h"
#include "fuzz.h"

static void require_same(void (*write)(const void *what, struct writer *w), const void *what,
                         struct span payload)
{
    uint8_t *again = malloc(payload.len);
    FUZZ_REQUIRE(again != NULL);
    struct writer w = writer_of(again, payload.len);
    write(what, &w);
    FUZZ_REQUIRE(writer_ok(&w) && span_equal(writer_span(&w), payload));
    free(again);
}

static void write_root(const void *what, struct writer *w)
{
    trust_root_encode(what, w);
}

static void write_list(const void *what, struct writer *w)
{
    trust_list_encode(what, w);
}

static void write_header(const void *what, struct writer *w)
{
    trust_header_encode(what, w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct trust_root root;
    static struct trust_header header;
    struct trust_list list;
    struct span payload = span_of(data, size);
    if (trust_root_decode(payload, &root) == TRUST_DOC_OK) {
        FUZZ_REQUIRE(root.root.threshold <= root.root.key_count);
        require_same(write_root, &root, payload);
    }
    if (trust_list_decode(payload, &list) == TRUST_DOC_OK) {
        require_same(write_list, &list, payload);
    }
    if (trust_header_decode(payload, &header) == TRUST_DOC_OK) {
        require_same(write_header, &header, payload);
    }
    return 0;
}
