/* SPDX-License-Identifier: Apache-2.0
 *
 * COSE_Sign1 and COSE_Sign: one table-free walk over four or five fixed fields each. A document is
 * first checked as a whole, so that "unsupported" is said only of what is well formed.
 */
#include "codec/cose.h"

/* RFC 9052 §3.1, RFC 9596 §2. */
#define LABEL_ALG 1
#define LABEL_KID 4
#define LABEL_TYP 16

/* The protected headers a structure must have. */
struct header {
    bool unsupported; /* an unknown label, algorithm or type */
    bool has_alg, has_kid, has_typ;
    int alg;
    struct span kid;
};

static void read_alg(struct cbor_cursor *c, struct header *h)
{
    h->has_alg = true;
    if (cbor_peek(c) == CBOR_TEXT) {
        h->unsupported = true;
        cbor_skip(c);
        return;
    }
    int64_t alg = cbor_read_int(c, INT64_MIN, INT64_MAX);
    if (alg != COSE_ES256 && alg != COSE_EDDSA) {
        h->unsupported = true;
        return;
    }
    h->alg = (int)alg;
}

static void read_typ(struct cbor_cursor *c, struct header *h, const char *typ)
{
    h->has_typ = true;
    if (cbor_peek(c) == CBOR_UINT) {
        h->unsupported = true; /* a content format number: not one of our documents */
        cbor_skip(c);
    } else if (!span_equal(cbor_read_text(c, 0, SIZE_MAX), span_str(typ))) {
        h->unsupported = true;
    }
}

/* `typ` is NULL where the header has no type: there the label is unknown like any other. `crit` (2)
 * is too. */
static void read_header(struct cbor_cursor *c, struct header *h, int64_t label, const char *typ,
                        bool with_key)
{
    if (label == LABEL_ALG && with_key) {
        read_alg(c, h);
    } else if (label == LABEL_KID && with_key) {
        h->has_kid = true;
        h->kid = cbor_read_bytes(c, COSE_KID_SIZE, COSE_KID_SIZE);
    } else if (label == LABEL_TYP && typ != NULL) {
        read_typ(c, h, typ);
    } else {
        h->unsupported = true;
        cbor_skip(c);
    }
}

static enum cose_error decode_protected(struct span protected, const char *typ, bool with_key,
                                        struct header *ret_header)
{
    struct header h = {0};
    struct cbor_cursor c = cbor_cursor_of(protected);
    struct cbor_map map = cbor_read_map(&c, 0, SIZE_MAX);
    int64_t label;
    while (cbor_map_next_label(&c, &map, &label)) {
        read_header(&c, &h, label, typ, with_key);
    }
    if (!cbor_finish(&c)) {
        return COSE_MALFORMED;
    }
    if (h.unsupported) {
        return COSE_UNSUPPORTED;
    }
    if (h.has_alg != with_key || h.has_kid != with_key || h.has_typ != (typ != NULL)) {
        return COSE_MALFORMED;
    }
    *ret_header = h;
    return COSE_OK;
}

/* The first two fields: the protected headers, and the unprotected ones, of which there are none.
 */
static struct span read_headers(struct cbor_cursor *c)
{
    struct span protected = cbor_read_bytes(c, 0, SIZE_MAX);
    cbor_read_map(c, 0, 0);
    return protected;
}

enum cose_error cose_sign1_decode(struct span document, const char *typ,
                                  struct cose_sign1 *ret_cose)
{
    struct cbor_cursor c = cbor_cursor_of(document);
    cbor_read_tag(&c, COSE_TAG_SIGN1);
    cbor_read_array(&c, 4, 4);
    struct cose_sign1 cose = {.protected = read_headers(&c)};
    cose.payload = cbor_read_bytes(&c, 0, SIZE_MAX);
    cose.signature = cbor_read_bytes(&c, 0, COSE_MAX_SIGNATURE);
    if (!cbor_finish(&c)) {
        return COSE_MALFORMED;
    }
    struct header header;
    enum cose_error error = decode_protected(cose.protected, typ, true, &header);
    if (error != COSE_OK) {
        return error;
    }
    cose.alg = header.alg;
    cose.kid = header.kid;
    *ret_cose = cose;
    return COSE_OK;
}

static void read_signer(struct cbor_cursor *c, struct cose_signer *signer)
{
    cbor_read_array(c, 3, 3);
    signer->protected = read_headers(c);
    signer->signature = cbor_read_bytes(c, 0, COSE_MAX_SIGNATURE);
}

/* The headers of body and signers; a malformed one is named before an unsupported one. */
static enum cose_error decode_all_protected(struct cose_sign *cose, const char *typ)
{
    struct header header;
    enum cose_error worst = decode_protected(cose->protected, typ, false, &header);
    for (size_t i = 0; i < cose->signer_count && worst != COSE_MALFORMED; i++) {
        struct cose_signer *signer = &cose->signer[i];
        enum cose_error error = decode_protected(signer->protected, NULL, true, &header);
        if (error == COSE_OK) {
            signer->alg = header.alg;
            signer->kid = header.kid;
        } else if (error == COSE_MALFORMED || worst == COSE_OK) {
            worst = error;
        }
    }
    return worst;
}

enum cose_error cose_sign_decode(struct span document, const char *typ, struct cose_sign *ret_cose)
{
    struct cbor_cursor c = cbor_cursor_of(document);
    cbor_read_tag(&c, COSE_TAG_SIGN);
    cbor_read_array(&c, 4, 4);
    struct cose_sign cose = {.protected = read_headers(&c)};
    cose.payload = cbor_read_bytes(&c, 0, SIZE_MAX);
    cose.signer_count = cbor_read_array(&c, 1, COSE_MAX_SIGNERS);
    for (size_t i = 0; i < cose.signer_count; i++) {
        read_signer(&c, &cose.signer[i]);
    }
    if (!cbor_finish(&c)) {
        return COSE_MALFORMED;
    }
    enum cose_error error = decode_all_protected(&cose, typ);
    if (error == COSE_OK) {
        *ret_cose = cose;
    }
    return error;
}

void cose_sign1_to_be_signed(struct writer *w, const struct cose_sign1 *cose)
{
    cbor_write_array(w, 4);
    cbor_write_text(w, span_str("Signature1"));
    cbor_write_bytes(w, cose->protected);
    cbor_write_bytes(w, span_of(NULL, 0));
    cbor_write_bytes(w, cose->payload);
}

void cose_sign_to_be_signed(struct writer *w, const struct cose_sign *cose,
                            const struct cose_signer *signer, struct span external_aad)
{
    cbor_write_array(w, 5);
    cbor_write_text(w, span_str("Signature"));
    cbor_write_bytes(w, cose->protected);
    cbor_write_bytes(w, signer->protected);
    cbor_write_bytes(w, external_aad);
    cbor_write_bytes(w, cose->payload);
}

static void write_key_headers(struct writer *w, int alg, struct span kid)
{
    cbor_write_uint(w, LABEL_ALG);
    cbor_write_int(w, alg);
    cbor_write_uint(w, LABEL_KID);
    cbor_write_bytes(w, kid);
}

static void write_typ(struct writer *w, const char *typ)
{
    cbor_write_uint(w, LABEL_TYP);
    cbor_write_text(w, span_str(typ));
}

void cose_write_sign1_protected(struct writer *w, int alg, struct span kid, const char *typ)
{
    cbor_write_map(w, 3);
    write_key_headers(w, alg, kid);
    write_typ(w, typ);
}

void cose_write_sign_protected(struct writer *w, const char *typ)
{
    cbor_write_map(w, 1);
    write_typ(w, typ);
}

void cose_write_signer_protected(struct writer *w, int alg, struct span kid)
{
    cbor_write_map(w, 2);
    write_key_headers(w, alg, kid);
}

void cose_write_sign1(struct writer *w, const struct cose_sign1 *cose)
{
    cbor_write_tag(w, COSE_TAG_SIGN1);
    cbor_write_array(w, 4);
    cbor_write_bytes(w, cose->protected);
    cbor_write_map(w, 0);
    cbor_write_bytes(w, cose->payload);
    cbor_write_bytes(w, cose->signature);
}

void cose_write_sign(struct writer *w, const struct cose_sign *cose)
{
    cbor_write_tag(w, COSE_TAG_SIGN);
    cbor_write_array(w, 4);
    cbor_write_bytes(w, cose->protected);
    cbor_write_map(w, 0);
    cbor_write_bytes(w, cose->payload);
    cbor_write_array(w, cose->signer_count);
    for (size_t i = 0; i < cose->signer_count; i++) {
        cbor_write_array(w, 3);
        cbor_write_bytes(w, cose->signer[i].protected);
        cbor_write_map(w, 0);
        cbor_write_bytes(w, cose->signer[i].signature);
    }
}
