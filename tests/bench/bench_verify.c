/* SPDX-License-Identifier: Apache-2.0
 *
 * QR text to verdict, beside one bare ES256 verification by OpenSSL in the same run: the key known,
 * a list of 3,000 issuers in a WAL file. Prints microseconds (least and median of rounds) and their
 * ratio. With an argument N: only N checks, for profilers. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "check.h"
#include "codec/qr_text.h"
#include "world.h"

#define ISSUERS 3000
#define ROUNDS  101
#define BATCH   100

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* A national list of the size a large state would have. */
static void add_issuers(struct world *w, struct trust_store *store)
{
    struct fixture_rows *rows = fixture_rows_new(w->f);
    for (int i = 0; i < ISSUERS; i++) {
        char id[32];
        snprintf(id, sizeof id, "ID.BNSP.LSP-%05d", i);
        fixture_add_issuer(rows, id, ROW_CERTIFICATION_BODY, "ID.BNSP");
        fixture_add_key(rows, id, WORLD_KEY_ES256);
        fixture_add_status(rows, id, 100000);
    }
    struct reader r = reader_of(fixture_rows_bytes(rows, ROW_ISSUER, ROW_STATUS));
    struct row row;
    struct row *all = malloc(3 * ISSUERS * sizeof *all);
    size_t count = 0;
    assert_non_null(all);
    assert_int_equal(trust_store_begin_write(store), TRUST_STORE_OK);
    while (row_next(&r, &row) == TRUST_DOC_OK && row.bytes.len != 0) {
        all[count++] = row;
    }
    fixture_put_rows(store, "ID", all, count);
    free(all);
    assert_int_equal(trust_store_commit(store), TRUST_STORE_OK);
    world_publish_again(w, store, "ID");
}

/* ---- the bare verification ---- */

struct bare {
    EVP_PKEY *key;
    uint8_t message[CREDENTIAL_MAX_BYTES];
    size_t message_len;
    uint8_t signature[80]; /* DER */
    size_t signature_len;
};

static void bare_prepare(struct bare *b, struct world *w, struct span document)
{
    struct cose_sign1 cose;
    assert_int_equal(cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose), COSE_OK);
    struct writer message = writer_of(b->message, sizeof b->message);
    cose_sign1_to_be_signed(&message, &cose);
    b->message_len = message.len;

    ECDSA_SIG *sig = ECDSA_SIG_new();
    assert_int_equal(ECDSA_SIG_set0(sig, BN_bin2bn(cose.signature.ptr, 32, NULL),
                                    BN_bin2bn(cose.signature.ptr + 32, 32, NULL)),
                     1);
    uint8_t *der = b->signature;
    b->signature_len = (size_t)i2d_ECDSA_SIG(sig, &der);
    ECDSA_SIG_free(sig);

    struct span point = fixture_key(w->f, WORLD_KEY_ES256)->public_key;
    EVP_PKEY *like = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    b->key = EVP_PKEY_new();
    assert_int_equal(EVP_PKEY_copy_parameters(b->key, like), 1);
    assert_int_equal(EVP_PKEY_set1_encoded_public_key(b->key, point.ptr, point.len), 1);
    EVP_PKEY_free(like);
}

static void bare_verify(const struct bare *b)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, b->key), 1);
    assert_int_equal(
        EVP_DigestVerify(ctx, b->signature, b->signature_len, b->message, b->message_len), 1);
    EVP_MD_CTX_free(ctx);
}

/* ---- the whole check ---- */

struct whole {
    struct verifier *verifier;
    struct verify_request request;
    struct span text;
    struct verdict verdict;
};

static void whole_verify(struct whole *h)
{
    assert_int_equal(verify_qr_text(h->verifier, &h->request, h->text, &h->verdict), VERIFY_OK);
    assert_int_equal(h->verdict.outcome, SAKSI_VALID);
}

static void print_figures(double *bare, double *whole)
{
    qsort(bare, ROUNDS, sizeof bare[0], by_value);
    qsort(whole, ROUNDS, sizeof whole[0], by_value);
    printf("bare ES256 verification   least %6.1f  median %6.1f us\n", bare[0], bare[ROUNDS / 2]);
    printf("QR text to verdict        least %6.1f  median %6.1f us\n", whole[0], whole[ROUNDS / 2]);
    printf("ratio                     least %6.2f  median %6.2f\n", whole[0] / bare[0],
           whole[ROUNDS / 2] / bare[ROUNDS / 2]);
}

static void measure(const struct bare *b, struct whole *h)
{
    double bare[ROUNDS], whole[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        double start = now_us();
        for (int i = 0; i < BATCH; i++) {
            bare_verify(b);
        }
        double middle = now_us();
        for (int i = 0; i < BATCH; i++) {
            whole_verify(h);
        }
        bare[round] = (middle - start) / BATCH;
        whole[round] = (now_us() - middle) / BATCH;
    }
    print_figures(bare, whole);
}

int main(int argc, char **argv)
{
    static struct bare b;
    static struct whole h;
    struct world *w = world_new();
    struct trust_store *store = world_store(w, "bench.db");
    add_issuers(w, store);
    struct credential c = world_credential();
    struct span document = world_sign(w, &c, WORLD_KEY_ES256);
    bare_prepare(&b, w, document);
    h.request = world_request();
    h.text = world_text(w, document);
    assert_int_equal(verifier_new(store, &h.verifier), VERIFY_OK);
    whole_verify(&h);
    if (argc > 1) {
        for (long n = strtol(argv[1], NULL, 10); n > 0; n--) {
            whole_verify(&h);
        }
    } else {
        printf("credential %zu bytes, QR text %zu characters, %d issuers\n", document.len,
               h.text.len, ISSUERS);
        measure(&b, &h);
    }
    verifier_free(h.verifier);
    trust_store_close(store);
    EVP_PKEY_free(b.key);
    world_free(w);
    return 0;
}
