/* SPDX-License-Identifier: Apache-2.0
 *
 * An issuer of good standing signs anything: no payload crashes the decision, gets a light that was
 * not established, or leaves a holder in a verdict that may not show one. The first byte chooses
 * the circumstances.
 */
#include "fuzz.h"
#include "world.h"

static struct world *w;
static struct verifier *verifier;
static const struct fixture_key *key;

static struct trust_store *store;

static void stop(void)
{
    verifier_free(verifier);
    trust_store_close(store);
    world_free(w);
}

static void start(void)
{
    if (w == NULL) {
        w = world_new();
        key = fixture_key(w->f, WORLD_KEY);
        store = world_store(w, "fuzz.db");
        FUZZ_REQUIRE(verifier_new(store, &verifier) == VERIFY_OK && atexit(stop) == 0);
    }
}

/* Like world_sign_payload, without keeping anything. */
static struct span sign(struct span payload, uint8_t *room, size_t cap)
{
    uint8_t header[64], message[CREDENTIAL_MAX_BYTES + 64], signature[CRYPTO_SIGNATURE_SIZE];
    struct writer h = writer_of(header, sizeof header);
    cose_write_sign1_protected(&h, key->alg, key->kid, COSE_TYP_CREDENTIAL);
    struct cose_sign1 cose = {.protected = writer_span(&h), .payload = payload};
    struct writer m = writer_of(message, sizeof message);
    cose_sign1_to_be_signed(&m, &cose);
    FUZZ_REQUIRE(crypto_sign(key->private_key, writer_span(&m), signature) == CRYPTO_OK);
    cose.signature = span_of(signature, sizeof signature);
    struct writer document = writer_of(room, cap);
    cose_write_sign1(&document, &cose);
    return writer_span(&document);
}

static struct verify_request request_of(uint8_t choice)
{
    static const char *const hosts[4] = {"MY", "ID", "PH", "LA"};
    static const char *const posts[4] = {"", "HHK.05", "REC-HK-01", "51"};
    struct verify_request r = world_request();
    memcpy(r.host, hosts[choice & 3], sizeof r.host);
    r.post = span_str(posts[choice >> 2 & 3]);
    r.purpose = (enum saksi_purpose)(1 + (choice >> 4 & 3));
    r.has_at = (choice & 64) != 0;
    r.at_day = FIXTURE_DAY + 3;
    r.now_s = (choice & 128) != 0 ? 0 : r.now_s;
    return r;
}

static void require_sound(const struct verdict *v)
{
    const uint8_t *first = (const uint8_t *)v, *last = first + sizeof *v;
    for (size_t i = 0; i < SAKSI_CLAIM_COUNT; i++) {
        struct span text = v->credential.value[i].text;
        FUZZ_REQUIRE(text.len == 0 || (text.ptr >= first && text.ptr + text.len <= last));
    }
    FUZZ_REQUIRE(v->reason_count > 0 && v->outcome == v->reason[0].severity);
    FUZZ_REQUIRE(v->outcome != SAKSI_VALID || v->established == VERDICT_ALL);
    FUZZ_REQUIRE(v->outcome > SAKSI_CHECK_BY_HAND || v->genuine);
    FUZZ_REQUIRE(v->genuine || v->credential.present == 0);
    FUZZ_REQUIRE(v->outcome <= SAKSI_CHECK_BY_HAND ||
                 !credential_has(&v->credential, SAKSI_CLAIM_HOLDER_NAME));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct verdict v;
    uint8_t room[CREDENTIAL_MAX_BYTES];
    start();
    if (size == 0 || size > CREDENTIAL_MAX_BYTES - 256) {
        return 0;
    }
    struct verify_request request = request_of(data[0]);
    struct span document = sign(span_of(data + 1, size - 1), room, sizeof room);
    FUZZ_REQUIRE(verify_credential(verifier, &request, document, &v) == VERIFY_OK);
    require_sound(&v);
    FUZZ_REQUIRE(!verdict_has(&v, SAKSI_SIGNATURE_WRONG) && !verdict_has(&v, SAKSI_DATA_ERROR));
    return 0;
}
