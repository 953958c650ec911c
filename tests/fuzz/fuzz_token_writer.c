/* SPDX-License-Identifier: Apache-2.0
 *
 * Any behaviour as a PIV card that is being written. The card here knows its management key and has
 * two key pairs; one byte for each command says in what it deviates (enum below), a lie brings its
 * length in two bytes and then the response; without more bytes it is a good card. Nothing is
 * reported done unless the key that the certificate names signed last, and the certificate was
 * read back.
 */
#include "fuzz.h"
#include "base/crypto_aes.h"
#include "issuer/token_writer.h"
#include "wire/tlv.h"

#include <openssl/ec.h>
#include <openssl/evp.h>

enum {
    /* the first octet: what is asked for */
    ERASE = 0x01,
    /* that of a command */
    OTHER_SIGNS = 0x01,    /* the other key signs */
    OTHER_POINT = 0x02,    /* GENERATE shows the other key */
    FORGETS = 0x04,        /* PUT DATA stores nothing */
    SHOWS_NOTHING = 0x08,  /* GET DATA finds nothing */
    CHANGES_KEY = 0x10,    /* from now on the other key is 9E */
    GOES = 0x40,           /* the card is taken away */
    LIES = 0x80,           /* the response is what follows */
    DOCUMENT = 300,        /* more than one part, to the card and back */
    MOST_COMMANDS = 100000 /* of any run */
};

struct object {
    size_t len;
    uint8_t bytes[1024];
};

static struct {
    struct reader script;
    unsigned commands;
    bool gone;
    size_t key;                                     /* that is 9E */
    struct object stored[2], incoming;              /* the credential, the certificate */
    uint8_t waiting[sizeof(struct object) + 8 + 2]; /* a response in parts */
    size_t waiting_len, waiting_at;
    /* what the host was given */
    int signer;        /* the last signature's key, -1: none */
    struct object got; /* of the last GET DATA */
} card;

static EVP_PKEY *pair[2];
static uint8_t point[2][CARD_APP_PUBLIC_KEY_BYTES];
static const struct card_piv_management management = {
    .algorithm = CARD_PIV_AES_128, .len = 16, .key = "a key of testing"};
static const uint8_t document[DOCUMENT] = {0xD2, 1};

static void make_pairs(void)
{
    for (size_t i = 0; i < 2; i++) {
        size_t len = 0;
        pair[i] = EVP_EC_gen("P-256");
        FUZZ_REQUIRE(pair[i] != NULL);
        FUZZ_REQUIRE(
            EVP_PKEY_get_octet_string_param(pair[i], "pub", point[i], sizeof point[i], &len) == 1);
        FUZZ_REQUIRE(len == sizeof point[i]);
    }
}

/* ---- a good card ---- */

static void put_template(struct writer *w, uint16_t tag, struct span value)
{
    tlv_head(w, 0x7C, 2 + value.len); /* of fewer than 128 bytes */
    tlv_put(w, tag, value);
}

static void sign(size_t with, struct span hash, struct writer *w)
{
    uint8_t signature[80];
    size_t len = sizeof signature;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(pair[with], NULL);
    FUZZ_REQUIRE(EVP_PKEY_sign_init(context) == 1);
    FUZZ_REQUIRE(EVP_PKEY_sign(context, signature, &len, hash.ptr, hash.len) == 1);
    EVP_PKEY_CTX_free(context);
    put_template(w, 0x82, span_of(signature, len));
    card.signer = (int)with;
}

/* The witness is a block of zeros; the challenge is encrypted. */
static void authenticate(struct span template, struct writer *w)
{
    uint8_t block[16] = {0};
    struct span challenge;
    const struct span key = span_of(management.key, management.len);
    bool answers = tlv_find(template, 0x81, &challenge) && challenge.len == sizeof block;
    if (answers) {
        memcpy(block, challenge.ptr, sizeof block);
    }
    FUZZ_REQUIRE(crypto_aes_encrypt(key, block) == CRYPTO_OK);
    put_template(w, answers ? 0x82 : 0x80, span_of(block, sizeof block));
}

static struct object *object_of(struct span list)
{
    return &card.stored[list.len >= 5 && list.ptr[4] != (CARD_PIV_CREDENTIAL & 0xFF) ? 1 : 0];
}

static uint16_t get_data(const struct apdu *command, uint8_t how, struct writer *w)
{
    const struct object *object = object_of(command->data);
    card.got.len = 0;
    if (object->len == 0 || (how & SHOWS_NOTHING) != 0) {
        return SW_NOT_FOUND;
    }
    tlv_put(w, 0x53, span_of(object->bytes, object->len));
    return SW_OK;
}

static uint16_t put_data(const struct apdu *command, uint8_t how)
{
    struct object *in = &card.incoming;
    if (command->data.len > sizeof in->bytes - in->len) {
        in->len = 0;
        return SW_FULL;
    }
    memcpy(in->bytes + in->len, command->data.ptr, command->data.len);
    in->len += command->data.len;
    if ((command->cla & CARD_CLA_CHAIN) != 0) {
        return SW_OK;
    }
    struct span value = {NULL, 0}, all = span_of(in->bytes, in->len);
    bool whole = all.len > 5 && tlv_only(span_of(all.ptr + 5, all.len - 5), 0x53, &value);
    if (whole && (how & FORGETS) == 0) {
        struct object *object = object_of(all);
        object->len = value.len;
        memcpy(object->bytes, value.len == 0 ? all.ptr : value.ptr, value.len);
    }
    in->len = 0;
    return whole ? SW_OK : SW_WRONG_DATA;
}

static uint16_t general_authenticate(const struct apdu *command, uint8_t how, struct writer *w)
{
    struct span template, hash;
    if (!tlv_only(command->data, 0x7C, &template)) {
        return SW_WRONG_DATA;
    }
    if (command->p2 == CARD_PIV_KEY_9B) {
        authenticate(template, w);
    } else {
        FUZZ_REQUIRE(command->p2 == CARD_PIV_KEY_9E && tlv_find(template, 0x81, &hash));
        sign((how & OTHER_SIGNS) != 0 ? 1 - card.key : card.key, hash, w);
    }
    return SW_OK;
}

static uint16_t answer(const struct apdu *command, uint8_t how, struct writer *w)
{
    switch (command->ins) {
    case CARD_INS_SELECT:
        return span_equal(command->data, span_of(CARD_APP_AID, CARD_APP_AID_BYTES)) ? SW_NOT_FOUND
                                                                                    : SW_OK;
    case CARD_INS_GET_DATA:
        return get_data(command, how, w);
    case CARD_INS_PUT_DATA:
        return put_data(command, how);
    case CARD_INS_GENERATE:
        tlv_head(w, 0x7F49, 2 + CARD_APP_PUBLIC_KEY_BYTES);
        tlv_put(w, 0x86,
                span_of(point[(how & OTHER_POINT) != 0 ? 1 - card.key : card.key],
                        CARD_APP_PUBLIC_KEY_BYTES));
        return SW_OK;
    case CARD_INS_GENERAL_AUTHENTICATE:
        return general_authenticate(command, how, w);
    default:
        return SW_INS_UNKNOWN;
    }
}

/* ---- the line ---- */

static size_t hand_out(const struct apdu *command, uint8_t *response)
{
    size_t left = card.waiting_len - card.waiting_at;
    size_t n = left < command->ne ? left : command->ne;
    memcpy(response, card.waiting + card.waiting_at, n);
    card.waiting_at += n;
    left -= n;
    uint16_t sw = left == 0 ? SW_OK : (uint16_t)(SW_MORE | (left > 255 ? 0 : left));
    response[n] = (uint8_t)(sw >> 8);
    response[n + 1] = (uint8_t)sw;
    return n + 2;
}

static size_t respond(const struct apdu *command, uint8_t how, uint8_t *response)
{
    if (command->ins == CARD_INS_GET_RESPONSE) {
        return hand_out(command, response);
    }
    struct writer w = writer_of(card.waiting, sizeof card.waiting);
    uint16_t sw = answer(command, how, &w);
    card.waiting_len = w.len;
    card.waiting_at = 0;
    if (sw == SW_OK && w.len != 0) {
        return hand_out(command, response);
    }
    response[0] = (uint8_t)(sw >> 8);
    response[1] = (uint8_t)sw;
    return 2;
}

static enum card_io_error lie(uint8_t *response, size_t cap, size_t *ret_len)
{
    size_t len = (size_t)reader_be(&card.script, 2);
    struct span bytes =
        reader_take(&card.script, len < card.script.rest.len ? len : card.script.rest.len);
    if (bytes.len > cap) {
        return CARD_IO_NONSENSE;
    }
    if (bytes.len != 0) {
        memcpy(response, bytes.ptr, bytes.len);
    }
    *ret_len = bytes.len;
    return CARD_IO_OK;
}

/* Keeps in mind what the host was shown. */
static void note(const struct apdu *command, uint8_t how, const uint8_t *response, size_t len)
{
    bool reads = command->ins == CARD_INS_GET_DATA || command->ins == CARD_INS_GET_RESPONSE;
    if (command->ins == CARD_INS_GET_DATA) {
        card.got.len = 0;
    }
    if (reads && len >= 2 && len - 2 <= sizeof card.got.bytes - card.got.len) {
        memcpy(card.got.bytes + card.got.len, response, len - 2);
        card.got.len += len - 2;
    }
    if ((how & LIES) != 0 && command->ins == CARD_INS_GENERAL_AUTHENTICATE) {
        card.signer = -1;
    }
}

static enum card_io_error transmit(void *ctx, struct span bytes, uint8_t *response, size_t cap,
                                   size_t *ret_len)
{
    struct apdu command;
    (void)ctx;
    FUZZ_REQUIRE(apdu_read(bytes, &command));
    FUZZ_REQUIRE(++card.commands < MOST_COMMANDS);
    uint8_t how = card.script.rest.len == 0 ? 0 : (uint8_t)reader_be(&card.script, 1);
    card.gone = card.gone || (how & GOES) != 0;
    if (card.gone) {
        return CARD_IO_REMOVED;
    }
    card.key = (how & CHANGES_KEY) != 0 ? 1 - card.key : card.key;
    enum card_io_error error = CARD_IO_OK;
    if ((how & LIES) != 0) {
        error = lie(response, cap, ret_len);
    } else {
        uint8_t room[APDU_MAX_SHORT_NE + 2];
        *ret_len = respond(&command, how, room);
        FUZZ_REQUIRE(*ret_len <= cap);
        memcpy(response, room, *ret_len);
    }
    if (error == CARD_IO_OK) {
        note(&command, how, response, *ret_len);
    }
    return error;
}

/* ---- the host ---- */

static bool is_signed_by(const uint8_t wanted[CARD_APP_PUBLIC_KEY_BYTES])
{
    return card.signer >= 0 && memcmp(point[card.signer], wanted, CARD_APP_PUBLIC_KEY_BYTES) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t digest[CRYPTO_SHA256_SIZE] = {1};
    static struct token_writer writer;
    const struct card_io io = {.transmit = transmit};
    if (pair[0] == NULL) {
        make_pairs();
    }
    memset(&card, 0, sizeof card);
    card.script = reader_of(span_of(data, size));
    card.signer = -1;
    uint8_t flags = size == 0 ? 0 : (uint8_t)reader_be(&card.script, 1);
    enum token_error error = token_writer_open(&writer, &io, &management);
    if (error == TOKEN_OK && (flags & ERASE) != 0) {
        error = token_writer_erase(&writer);
        FUZZ_REQUIRE(error != TOKEN_OK || (!writer.taken && !writer.has_key));
    }
    if (error == TOKEN_OK) {
        error = token_writer_make_key(&writer);
        FUZZ_REQUIRE(writer.has_key == (error == TOKEN_OK));
        FUZZ_REQUIRE(error != TOKEN_OK || is_signed_by(writer.point));
    }
    if (error == TOKEN_OK) {
        error = token_writer_write(&writer, span_of(document, DOCUMENT), digest);
        FUZZ_REQUIRE(error != TOKEN_OK || is_signed_by(writer.point));
        FUZZ_REQUIRE(error != TOKEN_OK ||
                     (card.got.len >= DOCUMENT &&
                      memcmp(card.got.bytes + card.got.len - DOCUMENT, document, DOCUMENT) == 0));
    }
    FUZZ_REQUIRE(size > 1 || error == TOKEN_OK);
    return 0;
}
