/* SPDX-License-Identifier: Apache-2.0
 *
 * A PIV card of another maker at a station: ours, with its credential application hidden; and what
 * a verifier finds on it afterwards.
 */
#ifndef TESTS_TOKEN_SCENE_H
#define TESTS_TOKEN_SCENE_H

#include "piv_line.h"

#include "codec/cose.h"
#include "issuer/token_writer.h"

static struct card_host host, before;
static struct card_line line;
static struct token_writer writer;
static struct card_piv_management key;

/* What is to be put on the card. */
static struct {
    uint8_t room[CREDENTIAL_MAX_BYTES], digest[32];
    struct span document;
} want;

static inline int make(void **state)
{
    (void)state;
    key = piv_line_key();
    host_make(&host, 1);
    host.native.random_is_real = true;
    piv_host_personalise(&host);
    native_copy(&before.native, &host.native);
    return 0;
}

/* A card with PIN, PUK and management key, and nothing else. */
static inline void fresh(void)
{
    native_copy(&host.native, &before.native);
}

/* Another maker's card: it has no credential application. */
static inline size_t as_token(struct span command, uint8_t *response, size_t len)
{
    if (command.ptr[1] != CARD_INS_SELECT || command.ptr[4] != CARD_APP_AID_BYTES ||
        memcmp(command.ptr + 5, CARD_APP_AID, CARD_APP_AID_BYTES) != 0) {
        return len;
    }
    memcpy(response, "\x6A\x82", 2);
    return 2;
}

static unsigned last_put; /* number of the command */

static inline size_t note_put(struct card_line *l, struct span command, uint8_t *response,
                              size_t len, size_t cap)
{
    (void)cap;
    last_put = command.ptr[1] == CARD_INS_PUT_DATA ? l->count : last_put;
    return as_token(command, response, len);
}

static inline enum token_error present_with(size_t (*twist)(struct card_line *, struct span,
                                                            uint8_t *, size_t, size_t))
{
    host_restart(&host);
    line = (struct card_line){.host = &host, .twist = twist, .failure = CARD_IO_REMOVED};
    struct card_io io = card_line_io(&line);
    return token_writer_open(&writer, &io, &key);
}

/* The card in the reader again. */
static inline enum token_error present(void)
{
    return present_with(note_put);
}

static inline void sign_for(size_t sample, const uint8_t thumbprint[32])
{
    uint8_t message[CREDENTIAL_MAX_BYTES + 64];
    struct cose_sign1 cose;
    want.document = card_line_document(sample, thumbprint, NULL, want.room);
    assert_int_equal(cose_sign1_decode(want.document, COSE_TYP_CREDENTIAL, &cose), COSE_OK);
    struct writer w = writer_of(message, sizeof message);
    cose_sign1_to_be_signed(&w, &cose);
    struct span signed_bytes = writer_span(&w);
    assert_int_equal(crypto_sha256(&signed_bytes, 1, want.digest), CRYPTO_OK);
}

static inline enum token_error write_it(void)
{
    return token_writer_write(&writer, want.document, want.digest);
}

static inline void finish(size_t sample)
{
    assert_int_equal(present(), TOKEN_OK);
    assert_int_equal(token_writer_make_key(&writer), TOKEN_OK);
    sign_for(sample, writer.chip.thumbprint);
    assert_int_equal(write_it(), TOKEN_OK);
}

/* --- what a verifier finds --- */

static struct card_visit visit;
static struct card_photo photo;
static struct card_holding holding;

/* Whether the card proves what it holds, and holds what was meant. */
static inline bool proves(void)
{
    host_restart(&host);
    line = (struct card_line){.host = &host, .twist = note_put};
    struct card_io io = card_line_io(&line);
    holding = (struct card_holding){.len = 0};
    photo = (struct card_photo){.read = false};
    enum card_io_error error = card_visit_open(&visit, &io);
    assert_int_equal(error, CARD_IO_OK);
    assert_string_equal(visit.profile->name, "piv");
    if (visit.certificates == 0) {
        return false;
    }
    assert_int_equal(card_holding_read(&visit, 0, &photo, &holding), CARD_IO_OK);
    assert_true(holding.proof.generic_token);
    assert_false(holding.proof.unfinished);
    return holding.proof.answer == CARD_ANSWER_GOOD;
}

static inline void holds_what_was_meant(void)
{
    assert_true(proves());
    assert_int_equal(holding.len, want.document.len);
    assert_memory_equal(holding.document, want.document.ptr, want.document.len);
    assert_memory_equal(holding.proof.credential_digest, want.digest, 32);
}

#endif
