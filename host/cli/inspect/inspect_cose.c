/* SPDX-License-Identifier: Apache-2.0
 *
 * The order of tags, headers and arrays in COSE messages, read generously but never guessed: a
 * parameter that stands twice could be read in two ways, so such a message is not opened.
 */
#include "cli/inspect/inspect_cose.h"

#include "cli/inspect/inspect_cbor.h"
#include "codec/cbor.h"

#define TAG_SIGN1          18
#define TAG_CWT            61
#define TAG_SIGN           98
#define TAG_SELF_DESCRIBED 55799
#define HEADER_ALG         1
#define HEADER_CRIT        2
#define HEADER_KID         4
#define MAX_HEADER_ENTRIES 64

struct parameters {
    bool alg, alg_is_number, kid, crit;
    int64_t alg_number;
    struct span kid_bytes;
};

/* Reads the value of a known label; a kid that is not bytes counts as none. */
static void read_parameter(struct reader *r, int64_t label, struct writer *arena,
                           struct parameters *p)
{
    bool twice = false;
    if (label == HEADER_ALG) {
        twice = p->alg;
        p->alg = true;
        p->alg_is_number = inspect_int(r, &p->alg_number);
        if (!p->alg_is_number) {
            (void)inspect_skip(r);
        }
    } else if (label == HEADER_KID && inspect_peek(r).major == INSPECT_BYTES) {
        twice = p->kid;
        p->kid = true;
        p->kid_bytes = inspect_string(r, INSPECT_BYTES, arena);
    } else {
        twice = label == HEADER_CRIT && p->crit;
        p->crit = p->crit || label == HEADER_CRIT;
        (void)inspect_skip(r);
    }
    r->failed = r->failed || twice;
}

/* Reads a header map; unknown entries are passed over. */
static struct parameters read_header(struct reader *r, struct writer *arena)
{
    struct parameters p = {0};
    struct inspect_head head = inspect_head(r);
    struct inspect_rest rest = inspect_rest_of(head);
    if (head.major != INSPECT_MAP) {
        r->failed = true;
    }
    for (unsigned entries = 0; inspect_more(r, &rest); entries++) {
        int64_t label = 0;
        if (entries >= MAX_HEADER_ENTRIES) {
            r->failed = true;
        } else if (inspect_int(r, &label)) {
            read_parameter(r, label, arena, &p);
        } else {
            (void)inspect_skip(r);
            (void)inspect_skip(r);
        }
    }
    return p;
}

/* The map inside the byte string; an empty byte string is an empty map (RFC 9052 §3). */
static struct parameters read_protected(struct reader *r, struct span bytes, struct writer *arena)
{
    struct parameters p = {0};
    if (bytes.len != 0) {
        struct reader inner = reader_of(bytes);
        p = read_header(&inner, arena);
        r->failed = r->failed || !reader_done(&inner);
    }
    return p;
}

static enum inspect_where where(bool in_protected, bool in_unprotected)
{
    return in_protected ? INSPECT_PROTECTED : in_unprotected ? INSPECT_UNPROTECTED : INSPECT_ABSENT;
}

/* Reads `protected, unprotected` into a signer. RFC 9052 §3 forbids a parameter in both, yet
 * messages have it: what is signed over counts. */
static void read_headers(struct reader *r, struct writer *arena, struct inspect_signer *signer,
                         bool *has_crit)
{
    struct span bytes = inspect_string(r, INSPECT_BYTES, arena);
    struct parameters signed_over = read_protected(r, bytes, arena);
    struct parameters open = read_header(r, arena);

    signer->protected = bytes;
    signer->alg_where = where(signed_over.alg, open.alg);
    signer->kid_where = where(signed_over.kid, open.kid);
    signer->alg_is_number = signed_over.alg ? signed_over.alg_is_number : open.alg_is_number;
    signer->alg = signed_over.alg ? signed_over.alg_number : open.alg_number;
    signer->kid = signed_over.kid ? signed_over.kid_bytes : open.kid_bytes;
    *has_crit = *has_crit || signed_over.crit || open.crit;
}

static bool is_nil(const struct reader *r)
{
    struct inspect_head head = inspect_peek(r);
    return r->rest.len != 0 && head.major == INSPECT_SIMPLE && head.value == 22 && head.info == 22;
}

static void read_payload(struct reader *r, struct writer *arena, struct inspect_cose *cose)
{
    cose->detached = is_nil(r);
    if (cose->detached) {
        (void)inspect_skip(r);
    } else {
        cose->payload = inspect_string(r, INSPECT_BYTES, arena);
    }
}

/* Counts off elements that are read next. Where the array is indefinite, a break among them fails
 * as an item. */
static bool expect_more(struct reader *r, struct inspect_rest *rest, unsigned count)
{
    for (unsigned i = 0; i < count && !r->failed; i++) {
        r->failed = !inspect_more(r, rest);
    }
    return !r->failed;
}

static struct inspect_rest read_array(struct reader *r)
{
    struct inspect_head head = inspect_head(r);
    if (head.major != INSPECT_ARRAY) {
        r->failed = true;
    }
    return inspect_rest_of(head);
}

static void read_signers(struct reader *r, struct writer *arena, struct inspect_cose *cose)
{
    struct inspect_rest all = read_array(r);
    while (inspect_more(r, &all)) {
        if (cose->signer_count == INSPECT_MAX_SIGNERS) {
            r->failed = true;
            return;
        }
        struct inspect_signer *signer = &cose->signer[cose->signer_count++];
        struct inspect_rest rest = read_array(r);
        (void)expect_more(r, &rest, 3);
        read_headers(r, arena, signer, &cose->has_crit);
        signer->signature = inspect_string(r, INSPECT_BYTES, arena);
        r->failed = inspect_more(r, &rest) || r->failed;
    }
}

/* Passes over the tags; an unknown one, or one that stands twice, is an error. Returns 18, 98 or 0.
 */
static uint64_t read_tags(struct reader *r)
{
    static const uint64_t order[] = {TAG_SELF_DESCRIBED, TAG_CWT, TAG_SIGN1};
    uint64_t tag = 0;
    for (size_t i = 0; i < 3 && inspect_peek(r).major == INSPECT_TAG; i++) {
        uint64_t next = inspect_peek(r).value;
        if (next == order[i] || (next == TAG_SIGN && order[i] == TAG_SIGN1)) {
            tag = inspect_head(r).value;
        }
    }
    return tag == TAG_SIGN1 || tag == TAG_SIGN ? tag : 0;
}

bool inspect_cose_open(struct span message, struct writer *arena, struct inspect_cose *ret_cose)
{
    struct inspect_cose cose = {.message = message};
    struct inspect_signer own = {0};
    struct reader r = reader_of(message);
    uint64_t tag = read_tags(&r);
    struct inspect_rest rest = read_array(&r);

    (void)expect_more(&r, &rest, 2);
    read_headers(&r, arena, &own, &cose.has_crit);
    (void)expect_more(&r, &rest, 1);
    read_payload(&r, arena, &cose);
    (void)expect_more(&r, &rest, 1);
    cose.single = inspect_peek(&r).major == INSPECT_BYTES;
    cose.protected = own.protected;
    if (cose.single) {
        own.signature = inspect_string(&r, INSPECT_BYTES, arena);
        cose.signer[cose.signer_count++] = own;
    } else {
        read_signers(&r, arena, &cose);
    }
    if (inspect_more(&r, &rest) || !reader_done(&r) || cose.signer_count == 0 ||
        (tag != 0 && cose.single != (tag == TAG_SIGN1))) {
        return false;
    }
    *ret_cose = cose;
    return true;
}

/* RFC 9052 §4.4: a map without entries is signed as an empty string, whichever way it was sent. */
static struct span as_signed(struct span protected)
{
    static const uint8_t empty_map = 0xA0;
    return span_equal(protected, span_of(&empty_map, 1)) ? span_of(NULL, 0) : protected;
}

void inspect_cose_to_be_signed(struct writer *w, const struct inspect_cose *cose,
                               const struct inspect_signer *signer, struct span external_aad)
{
    cbor_write_array(w, cose->single ? 4 : 5);
    cbor_write_text(w, span_str(cose->single ? "Signature1" : "Signature"));
    cbor_write_bytes(w, as_signed(cose->protected));
    if (!cose->single) {
        cbor_write_bytes(w, as_signed(signer->protected));
    }
    cbor_write_bytes(w, external_aad);
    cbor_write_bytes(w, cose->payload);
}
