/* SPDX-License-Identifier: Apache-2.0
 *
 * The steps in their order. Each is left at its first doubt, and the caller is told which one it
 * was.
 */
#include "cli/inspect/inspect.h"

#include <stdlib.h>

#include "base/inflate.h"
#include "cli/inspect/inspect_cbor.h"
#include "cli/inspect/inspect_print.h"
#include "codec/base45.h"
#include "codec/qr_text.h"

#define FLAG_DICTIONARY 0x20 /* FDICT, RFC 1950 §2.2 */

static bool is_prefix_character(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* The length of the prefix before the first colon, or 0. */
static size_t prefix_length(struct span text)
{
    size_t len = 0;
    while (len < text.len && len <= INSPECT_MAX_PREFIX && is_prefix_character(text.ptr[len])) {
        len++;
    }
    bool ok = len >= 2 && len <= INSPECT_MAX_PREFIX && len < text.len && text.ptr[len] == ':';
    return ok ? len : 0;
}

/* A blank may belong to base45, a line end cannot. */
static struct span without_line_end(struct span text)
{
    while (text.len != 0 && (text.ptr[text.len - 1] == '\n' || text.ptr[text.len - 1] == '\r')) {
        text.len--;
    }
    return text;
}

/* Takes the prefix off; what remains is base45. */
static bool open_prefix(struct inspect *in, struct span *text, const char *expected)
{
    size_t len = prefix_length(*text);
    if (len == 0) {
        return false;
    }
    memcpy(in->prefix, text->ptr, len);
    *text = span_of(text->ptr + len + 1, text->len - len - 1);
    return expected == NULL || strcmp(in->prefix, expected) == 0;
}

static bool open_base45(struct inspect *in, struct span text)
{
    struct writer w = writer_of(in->base45_room, sizeof in->base45_room);
    if (!base45_decode(text, &w) || !writer_ok(&w)) {
        return false;
    }
    in->packed = writer_span(&w);
    return true;
}

/* Only certificates have a dictionary, and only their codec knows it. */
static bool open_with_dictionary(struct inspect *in, struct span text)
{
    struct writer w = writer_of(in->message_room, sizeof in->message_room);
    in->with_dictionary = true;
    if (qr_text_decode(text, &w) != QR_TEXT_OK) {
        return false;
    }
    in->message = writer_span(&w);
    return true;
}

/* `text` is the whole code, prefix included. */
static bool open_zlib(struct inspect *in, struct span text)
{
    in->compressed = inflate_is_zlib(in->packed);
    if (!in->compressed) {
        in->message = in->packed;
        return true;
    }
    if ((in->packed.ptr[1] & FLAG_DICTIONARY) != 0) {
        return open_with_dictionary(in, text);
    }
    size_t len = 0;
    if (inflate_bytes(in->packed, in->message_room, sizeof in->message_room, &len) != INFLATE_OK) {
        return false;
    }
    in->message = span_of(in->message_room, len);
    return true;
}

static enum inspect_step open_text(struct inspect *in, struct span text, const char *prefix)
{
    struct span base45 = text;
    in->is_text = true;
    if (!open_prefix(in, &base45, prefix)) {
        return INSPECT_AT_PREFIX;
    }
    if (!open_base45(in, base45)) {
        return INSPECT_AT_BASE45;
    }
    return open_zlib(in, text) ? INSPECT_DONE : INSPECT_AT_INFLATE;
}

static enum inspect_step open_message(struct inspect *in)
{
    struct writer arena = writer_of(in->arena_room, sizeof in->arena_room);
    if (!inspect_is_item(in->message)) {
        return INSPECT_AT_CBOR;
    }
    return inspect_cose_open(in->message, &arena, &in->cose) ? INSPECT_DONE : INSPECT_AT_COSE;
}

static enum inspect_step open_input(struct inspect *in, struct span input, const char *prefix)
{
    if (input.len == 0 || input.len > INSPECT_MAX_INPUT) {
        return INSPECT_AT_SIZE;
    }
    /* Every COSE message begins with an array or a tag: 0x80 or above, which no code's text has. */
    if (input.ptr[0] >= 0x80 && prefix == NULL) {
        in->message = input;
        return INSPECT_DONE;
    }
    return open_text(in, without_line_end(input), prefix);
}

bool inspect_open(struct span input, const char *prefix, struct inspect *ret_inspect)
{
    /* The rooms are written before they are read; clearing them would cost more than the rest. */
    memset(ret_inspect, 0, offsetof(struct inspect, base45_room));
    ret_inspect->failed_at = open_input(ret_inspect, input, prefix);
    if (ret_inspect->failed_at == INSPECT_DONE) {
        ret_inspect->failed_at = open_message(ret_inspect);
    }
    return ret_inspect->failed_at == INSPECT_DONE;
}

const char *inspect_step_text(enum inspect_step step)
{
    static const char *const text[] = {
        [INSPECT_DONE] = "opened",
        [INSPECT_AT_SIZE] = "it is empty or too large (at most 65,536 bytes)",
        [INSPECT_AT_PREFIX] = "it does not begin with the prefix of a code, such as CC1: or HC1:",
        [INSPECT_AT_BASE45] = "behind the prefix it is not base45",
        [INSPECT_AT_INFLATE] = "its compressed content is damaged or too large",
        [INSPECT_AT_CBOR] = "its content is not CBOR",
        [INSPECT_AT_COSE] = "its content is CBOR, but no signed COSE message",
    };
    return text[step];
}

enum inspect_verdict inspect_check(const struct inspect *inspect,
                                   const struct inspect_signer *signer, struct span external_aad,
                                   const struct crypto_any_key *key)
{
    if (inspect->cose.detached) {
        return INSPECT_NO_PAYLOAD;
    }
    if (!signer->alg_is_number || signer->alg_where == INSPECT_ABSENT) {
        return INSPECT_NO_ALGORITHM;
    }
    struct writer dry = writer_of(NULL, 0);
    inspect_cose_to_be_signed(&dry, &inspect->cose, signer, external_aad);
    uint8_t *bytes = (uint8_t *)malloc(dry.len);
    if (bytes == NULL) {
        return INSPECT_FAILURE;
    }
    struct writer w = writer_of(bytes, dry.len);
    inspect_cose_to_be_signed(&w, &inspect->cose, signer, external_aad);
    enum crypto_error error =
        crypto_any_verify(key, signer->alg, writer_span(&w), signer->signature);
    free(bytes);
    switch (error) {
    case CRYPTO_OK:
        return INSPECT_GOOD;
    case CRYPTO_BAD_SIGNATURE:
        return INSPECT_BAD;
    case CRYPTO_UNSUPPORTED:
        return INSPECT_NO_ALGORITHM;
    case CRYPTO_BAD_KEY:
        return INSPECT_OTHER_ALGORITHM;
    case CRYPTO_REMOTE:
    case CRYPTO_SYSTEM:
        break;
    }
    return INSPECT_FAILURE;
}

bool inspect_show(const struct inspect *inspect, struct writer *w)
{
    enum inspect_place place = inspect->failed_at == INSPECT_AT_COSE ? INSPECT_PLAIN
                               : inspect->cose.single                ? INSPECT_SIGN1
                                                                     : INSPECT_SIGN;
    if (inspect->failed_at != INSPECT_DONE && inspect->failed_at != INSPECT_AT_COSE) {
        return false;
    }
    return inspect_print(w, inspect->message, place) && writer_ok(w);
}
