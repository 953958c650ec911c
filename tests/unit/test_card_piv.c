/* SPDX-License-Identifier: Apache-2.0
 *
 * The host's side of PIV cards: genuine ones, copies, and cards that lie, stop or vanish.
 */
#include "piv_line.h"
#include "wire/tlv.h"

#include "codec/cose.h"
#include "codec/credential.h"

static struct card_host host, other;
static struct card_line line;
static struct card_visit visit;
static struct card_photo photo;
static struct card_holding holding;
static uint8_t thumbprint[32];

static int make(void **state)
{
    (void)state;
    piv_line_make(&host, 1, thumbprint);
    piv_line_personalise(&host, 1, NULL);
    piv_line_personalise(&other, 2, NULL);
    return 0;
}

static void start(struct card_host *card)
{
    host_restart(card);
    line = (struct card_line){.host = card};
    photo.read = false;
}

static enum card_io_error take(void)
{
    struct card_io io = card_line_io(&line);
    enum card_io_error error = card_visit_open(&visit, &io);
    return error == CARD_IO_OK && visit.certificates != 0
               ? card_holding_read(&visit, 0, &photo, &holding)
               : error;
}

static void thumbprint_of(struct card_host *card, uint8_t room[32])
{
    struct card_line own = {.host = card};
    struct card_io io = card_line_io(&own);
    struct card_piv piv;
    uint8_t point[CARD_APP_PUBLIC_KEY_BYTES];
    host_restart(card);
    assert_int_equal(card_piv_open(&piv, &io), CARD_IO_OK);
    assert_int_equal(card_piv_key(&piv, point), CARD_IO_OK);
    assert_int_equal(card_point_thumbprint(point, room), CARD_IO_OK);
}

static void a_genuine_token_proves_itself(void **state)
{
    (void)state;
    struct cose_sign1 cose;
    struct credential claims;
    uint8_t room[CARD_APP_MAX_CREDENTIAL + 64], digest[32], own[32];
    thumbprint_of(&host, own);
    start(&host);
    assert_int_equal(take(), CARD_IO_OK);
    const struct card_proof *proof = &holding.proof;
    assert_string_equal(visit.profile->name, "piv");
    assert_int_equal(visit.profile->most, SAKSI_ASSURANCE_TOKEN_PROVED);
    assert_true(proof->present && proof->generic_token && !proof->has_photo);
    assert_int_equal(proof->answer, CARD_ANSWER_GOOD);
    assert_memory_equal(proof->key_thumbprint, own, 32);
    assert_int_equal(holding.number, 1);
    assert_int_equal(
        cose_sign1_decode(span_of(holding.document, holding.len), COSE_TYP_CREDENTIAL, &cose),
        COSE_OK);
    assert_int_equal(credential_decode(cose.payload, &claims).error, CREDENTIAL_OK);
    check_bytes(credential_text(&claims, SAKSI_CLAIM_CNF), span_of(own, 32));
    struct writer w = writer_of(room, sizeof room);
    cose_sign1_to_be_signed(&w, &cose);
    struct span message = writer_span(&w);
    assert_int_equal(crypto_sha256(&message, 1, digest), CRYPTO_OK);
    assert_memory_equal(proof->credential_digest, digest, 32);
    /* SELECT and index of an empty card; SELECT PIV, the certificate in parts, one signature */
    unsigned parts = (unsigned)((holding.len + 4 + 255) / 256);
    assert_int_equal(visit.piv.traffic.commands, 2 + parts);
    assert_int_equal(line.count, 4 + parts);
    print_message("%zu bytes: %u commands, %zu bytes out, %zu in\n", holding.len, line.count,
                  visit.piv.traffic.bytes_out, visit.piv.traffic.bytes_in);
}

static void give(uint8_t state)
{
    host_open(&host, SCP03_LEVEL_C_MAC);
    assert_int_equal(host_set_status(&host, state), SW_OK);
}

/* A card of ours has one state for all its applications, and is finished when it is locked. */
static void our_card_is_unfinished_in_every_application(void **state)
{
    (void)state;
    uint8_t room[32];
    start(&host);
    assert_int_equal(take(), CARD_IO_OK);
    assert_string_equal(visit.profile->name, "piv");
    assert_int_equal(visit.state, CARD_BLANK);
    assert_true(holding.proof.unfinished);
    host_open(&host, SCP03_LEVEL_C_MAC);
    assert_int_equal(host_generate(&host), SW_OK);
    assert_int_equal(host_put_keys(&host, 0x30, 16, 9), SW_OK);
    give(CARD_PERSONALISED);
    start(&host);
    assert_int_equal(take(), CARD_IO_OK);
    assert_int_equal(visit.state, CARD_PERSONALISED);
    assert_true(holding.proof.unfinished);
    give(CARD_LOCKED);
    start(&host);
    assert_int_equal(take(), CARD_IO_OK);
    assert_string_equal(visit.profile->name, "piv");
    assert_int_equal(visit.state, CARD_LOCKED);
    assert_int_equal(holding.proof.answer, CARD_ANSWER_GOOD);
    assert_false(holding.proof.unfinished);
    piv_line_make(&host, 1, room); /* as it was */
    piv_line_personalise(&host, 1, NULL);
}

static const char *word;

/* Another maker's token has no such state. */
static size_t hide_ours(struct card_line *l, struct span command, uint8_t *response, size_t len,
                        size_t cap)
{
    (void)l;
    bool ours = command.len > 12 && command.ptr[1] == 0xA4 && command.ptr[5] == 0xF0;
    return ours ? check_hex(word, response, cap).len : len;
}

/* Whatever it says to our application's name. */
static void another_token_has_no_state(void **state)
{
    (void)state;
    static const char *const words[] = {"6A82", "6999", "6D00", "6F00", "6985", "6982", "6400"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        start(&host);
        word = words[i];
        line.twist = hide_ours;
        assert_int_equal(take(), CARD_IO_OK);
        assert_string_equal(visit.profile->name, "piv");
        assert_int_equal(visit.certificates, 1);
        assert_int_equal(visit.state, 0);
        assert_false(holding.proof.unfinished);
    }
}

static size_t refuse_index(struct card_line *l, struct span command, uint8_t *response, size_t len,
                           size_t cap)
{
    (void)l;
    return command.ptr[1] == CARD_INS_READ_BINARY ? check_hex(word, response, cap).len : len;
}

/* What a card of ours holds for PIV readers is not taken when its own application fails: its issuer
 * may not have finished it. */
static void our_card_does_not_pass_for_another_token(void **state)
{
    (void)state;
    static const char *const words[] = {"6A82", "6F00", "6982", "6581", "6285"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        start(&host);
        word = words[i];
        line.twist = refuse_index;
        assert_int_not_equal(take(), CARD_IO_OK);
        assert_int_equal(line.count, 2);
    }
    start(&host);
    word = "6581";
    line.twist = hide_ours;
    assert_int_equal(take(), CARD_IO_WORN);
    assert_int_equal(line.count, 1);
}

static void a_token_as_new_is_one(void **state)
{
    (void)state;
    static struct card_host empty;
    uint8_t own[32], made[32], point[65];
    piv_line_make(&empty, 9, made);
    for (size_t i = 0; i < 2; i++) {
        start(&empty);
        word = i == 0 ? "6A82" : "6F00";
        line.twist = hide_ours;
        assert_int_equal(take(), CARD_IO_OK);
        assert_string_equal(visit.profile->name, "piv");
        assert_int_equal(visit.certificates, 0);
        assert_int_equal(visit.state, 0);
        assert_int_equal(visit.profile->key(&visit, point), CARD_IO_OK);
        assert_int_equal(card_point_thumbprint(point, own), CARD_IO_OK);
        assert_memory_equal(own, made, 32);
    }
    start(&empty); /* a card of ours with the same in it is one of ours */
    assert_int_equal(take(), CARD_IO_OK);
    assert_string_equal(visit.profile->name, "saksi");
    assert_int_equal(visit.state, CARD_BLANK);
}

static void every_kind_of_line_brings_the_same(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        start(&host);
        line.short_only = (i & 1) != 0;
        line.exact = (i & 2) != 0;
        assert_int_equal(take(), CARD_IO_OK);
        assert_int_equal(holding.proof.answer, CARD_ANSWER_GOOD);
    }
}

static void a_certificate_has_any_length(void **state)
{
    (void)state;
    static const size_t lengths[] = {1,   127, 128, 252, 253,  254,  255, 256,
                                     257, 508, 512, 513, 2048, 4095, 4096};
    static uint8_t bytes[CARD_PIV_MAX_CREDENTIAL];
    uint64_t seed = 3;
    struct card_piv piv;
    enum card_io_error error;
    check_random_bytes(&seed, bytes, sizeof bytes);
    piv_line_make(&other, 3, (uint8_t[32]){0});
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        piv_line_open(&other, &line, &piv);
        assert_int_equal(card_piv_put_credential(&piv, span_of(bytes, lengths[i]), &error),
                         CARD_PIV_OK);
        start(&other);
        assert_int_equal(take(), CARD_IO_OK);
        check_bytes(span_of(holding.document, holding.len), span_of(bytes, lengths[i]));
        assert_int_equal(holding.proof.answer, CARD_ANSWER_NONE); /* no certificate: not asked */
    }
    assert_int_equal(line.count, 3 + 17); /* 4,100 bytes by 256 */
    piv_line_personalise(&other, 2, NULL);
}

static void a_card_may_go_at_any_moment(void **state)
{
    (void)state;
    static const enum card_io_error errors[] = {CARD_IO_REMOVED, CARD_IO_MUTE, CARD_IO_RESET,
                                                CARD_IO_NO_SERVICE, CARD_IO_FAILED};
    start(&host);
    assert_int_equal(take(), CARD_IO_OK);
    unsigned commands = line.count;
    for (size_t e = 0; e < COUNT_OF(errors); e++) {
        for (unsigned at = 1; at <= commands; at++) {
            start(&host);
            line.fail_at = at;
            line.failure = errors[e];
            assert_int_equal(take(), errors[e]);
            assert_int_equal(line.count, at);
        }
    }
}

/* ---- other cards ---- */

static void a_copy_answers_with_another_key(void **state)
{
    (void)state;
    struct card_piv piv;
    enum card_io_error error;
    uint8_t own[32];
    start(&host);
    assert_int_equal(take(), CARD_IO_OK);
    struct card_holding genuine = holding;
    piv_line_open(&other, &line, &piv);
    assert_int_equal(card_piv_put_credential(&piv, span_of(genuine.document, genuine.len), &error),
                     CARD_PIV_OK);
    thumbprint_of(&other, own);
    start(&other);
    assert_int_equal(take(), CARD_IO_OK);
    assert_int_equal(holding.proof.answer, CARD_ANSWER_WRONG);
    assert_true(holding.proof.generic_token);
    assert_memory_equal(holding.proof.credential_digest, genuine.proof.credential_digest, 32);
    assert_memory_not_equal(holding.proof.key_thumbprint, genuine.proof.key_thumbprint, 32);
    piv_line_personalise(&other, 2, NULL);
}

static void put(struct card_host *card, struct span document)
{
    struct card_piv piv;
    enum card_io_error error;
    piv_line_open(card, &line, &piv);
    assert_int_equal(card_piv_put_credential(&piv, document, &error), CARD_PIV_OK);
}

static void without_a_key_there_is_no_answer(void **state)
{
    (void)state;
    uint8_t room[CARD_APP_MAX_CREDENTIAL], point[65];
    host_make(&other, 4);
    piv_host_personalise(&other);
    put(&other, card_line_document(0, thumbprint, NULL, room));
    start(&other);
    assert_int_equal(take(), CARD_IO_OK);
    assert_int_equal(holding.proof.answer, CARD_ANSWER_NONE);
    assert_int_equal(visit.profile->key(&visit, point), CARD_IO_REFUSED);
    piv_line_personalise(&other, 2, NULL);
}

static void what_names_no_key_is_not_asked_for_one(void **state)
{
    (void)state;
    uint8_t room[CARD_APP_MAX_CREDENTIAL], digest[32] = {5};
    piv_line_make(&other, 4, thumbprint);
    put(&other, card_line_document(0, NULL, NULL, room));
    start(&other);
    assert_int_equal(take(), CARD_IO_OK);
    assert_int_equal(holding.proof.answer, CARD_ANSWER_NONE);
    unsigned commands = line.count;
    put(&other, card_line_document(0, thumbprint, digest, room)); /* a photo it cannot have */
    start(&other);
    assert_int_equal(take(), CARD_IO_OK);
    assert_int_equal(holding.proof.answer, CARD_ANSWER_GOOD);
    assert_false(holding.proof.has_photo);
    assert_int_equal(line.count, commands + 1);
    piv_line_personalise(&other, 2, NULL);
}

static void the_first_profile_with_a_certificate_is_taken(void **state)
{
    (void)state;
    static struct card_host both;
    static const uint8_t text[] = {0xD1, 0x01, 0x07, 'T', 2, 'e', 'n', 'C', 'C', '1', ':'};
    card_line_personalise(&both, 6, 1, 0);
    start(&both);
    assert_int_equal(take(), CARD_IO_OK);
    assert_string_equal(visit.profile->name, "saksi");
    assert_int_equal(line.count, 5);
    host_make(&both, 7); /* nothing at all: one of ours, and empty */
    start(&both);
    assert_int_equal(take(), CARD_IO_OK);
    assert_string_equal(visit.profile->name, "saksi");
    assert_int_equal(visit.certificates, 0);
    host_open(&both, SCP03_LEVEL_C_MAC); /* a message that begins like ours, and is no code */
    assert_int_equal(host_store(&both, CARD_APP_NDEF, span_of(text, sizeof text), 240), SW_OK);
    start(&both);
    assert_int_equal(take(), CARD_IO_NONSENSE);
    piv_line_personalise(&both, 8, NULL);
    host_open(&both, SCP03_LEVEL_C_MAC);
    assert_int_equal(host_store(&both, CARD_APP_NDEF, span_of(text, sizeof text), 240), SW_OK);
    start(&both);
    assert_int_equal(take(), CARD_IO_OK);
    assert_string_equal(visit.profile->name, "piv");
}

/* ---- lies ---- */

static const char *lie;
static uint8_t lie_ins;

/* Only to the PIV application. */
static size_t tell_lie(struct card_line *l, struct span command, uint8_t *response, size_t len,
                       size_t cap)
{
    (void)l;
    bool piv = l->host->card.application == APPLICATION_PIV;
    return piv && command.ptr[1] == lie_ins ? check_hex(lie, response, cap).len : len;
}

static enum card_io_error after_lie(uint8_t ins, const char *hex)
{
    lie_ins = ins;
    lie = hex;
    start(&host);
    line.twist = tell_lie;
    return take();
}

static void an_object_must_be_one(void **state)
{
    (void)state;
    static const char *const lies[] = {
        "9000",
        "53 9000",
        "5301 9000",
        "5302aa 9000",
        "5301aabb 9000",
        "5401aa 9000",
        "7e03 5301aa 9000",
        "538101aa 9000",   /* longer than it need be */
        "53820001aa 9000", /* also */
        "5383000001aa 9000",
        "5380aa0000 9000",
        "5301aa 5301aa 9000",
        "",
        "90",
    };
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        assert_int_equal(after_lie(CARD_INS_GET_DATA, lies[i]), CARD_IO_NONSENSE);
    }
    static const char *const refusals[] = {"6a82", "6a80", "6982",     "6d00",
                                           "6f00", "0000", "5300 9000"};
    for (size_t i = 0; i < COUNT_OF(refusals); i++) { /* then it is a card of ours, empty */
        assert_int_equal(after_lie(CARD_INS_GET_DATA, refusals[i]), CARD_IO_OK);
        assert_int_equal(visit.certificates, 0);
    }
    assert_int_equal(after_lie(CARD_INS_GET_DATA, "6581"), CARD_IO_WORN);
    assert_int_equal(after_lie(CARD_INS_SELECT, "6581"), CARD_IO_WORN);
    assert_int_equal(after_lie(CARD_INS_SELECT, "6285"), CARD_IO_TERMINATED);
    assert_int_equal(after_lie(CARD_INS_SELECT, ""), CARD_IO_NONSENSE);
    assert_int_equal(after_lie(CARD_INS_SELECT, "6f00"), CARD_IO_OK);
    assert_int_equal(visit.certificates, 0);
    assert_int_equal(after_lie(CARD_INS_SELECT, "6a82"), CARD_IO_OK);
    assert_int_equal(visit.certificates, 0);
}

/* 4,097 bytes in an object; and parts that never end, of 256 bytes or of none. */
static size_t tell_long(struct card_line *l, struct span command, uint8_t *response, size_t len,
                        size_t cap)
{
    uint8_t ins = command.ptr[1];
    if (ins != CARD_INS_GET_DATA && ins != CARD_INS_GET_RESPONSE) {
        return len;
    }
    memset(response, 0, cap);
    size_t n = l->number == 2 ? 0 : 256;
    if (ins == CARD_INS_GET_DATA) {
        memcpy(response, l->number == 0 ? "\x53\x82\x10\x01" : "\x53\x82\xFF\xFF", 4);
        n = 256;
    }
    bool last = l->number == 0 && l->count == 4 + 16;
    n = last ? 5 : n;
    response[n] = last ? 0x90 : 0x61;
    return n + 2;
}

static void lengths_and_parts_have_an_end(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < 3; kind++) {
        start(&host);
        line.twist = tell_long;
        line.number = kind;
        assert_int_equal(take(), CARD_IO_NONSENSE);
        assert_true(line.count <= 4 + CARD_COMMAND_MAX_RESPONSES);
    }
}

/* ---- signatures ---- */

static void what_is_no_signature_is_a_wrong_answer(void **state)
{
    (void)state;
    static const char *const lies[] = {
        "9000",
        "7c00 9000",
        "7c02 8200 9000",
        "7c04 82023000 9000",
        "7c07 8205 3003 020101 9000",               /* no s */
        "7c0a 8208 3006 020101 020101 9000",        /* a signature, of nobody */
        "7c0a 8208 3006 020100 020101 9000",        /* r = 0 */
        "7c0a 8208 3006 020101 020100 9000",        /* s = 0 */
        "7c0a 8208 3006 020181 020101 9000",        /* negative */
        "7c0b 8209 3007 02020001 020101 9000",      /* a needless zero */
        "7c09 8207 3005 0200 020101 9000",          /* no r */
        "7c0a 8208 3006 020101 030101 9000",        /* no INTEGER */
        "7c0a 8208 3106 020101 020101 9000",        /* no SEQUENCE */
        "7c0a 8108 3006 020101 020101 9000",        /* no response */
        "7d0a 8208 3006 020101 020101 9000",        /* no template */
        "7c0d 820b 3009 020101 020101 020101 9000", /* three numbers */
        "7c0c 820a 3006 020101 020101 0500 9000",   /* something behind them */
        "7c0c 8208 3006 020101 020101 8100 9000",   /* two parts */
        "7c0a 8208 3006 020101 020101 00 9000",     /* something behind it all */
        "7c0b 8209 300781 020101 020101 9000",
        "7c0b 8209 308106 020101 020101 9000", /* longer than it need be */
        "7c2b 8229 3027 0222 00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        "02 0101 9000", /* r of 33 bytes */
    };
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        assert_int_equal(after_lie(CARD_INS_GENERAL_AUTHENTICATE, lies[i]), CARD_IO_OK);
        assert_int_equal(holding.proof.answer, CARD_ANSWER_WRONG);
    }
    static const char *const refusals[] = {"6982", "6985", "6a88", "6a86", "6f00", "6282"};
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        assert_int_equal(after_lie(CARD_INS_GENERAL_AUTHENTICATE, refusals[i]), CARD_IO_OK);
        assert_int_equal(holding.proof.answer, CARD_ANSWER_NONE);
    }
}

static struct card_proof prove(void)
{
    struct card_piv piv;
    struct card_io io = card_line_io(&line);
    struct card_proof proof = {.present = true};
    uint8_t digest[32] = {1};
    assert_int_equal(card_piv_open(&piv, &io), CARD_IO_OK);
    assert_int_equal(card_piv_prove(&piv, digest, CARD_PURPOSE_VERIFY, thumbprint, &proof),
                     CARD_IO_OK);
    return proof;
}

/* Number below 10,000: flips this bit of the signature's response; above: cuts it to so many bytes.
 */
static size_t damage(struct card_line *l, struct span command, uint8_t *response, size_t len,
                     size_t cap)
{
    (void)cap;
    if (command.ptr[1] != CARD_INS_GENERAL_AUTHENTICATE) {
        return len;
    }
    if (l->number < 10000) {
        response[l->number / 8 % (len - 2)] ^= (uint8_t)(1U << l->number % 8);
        return len;
    }
    size_t n = (l->number - 10000) % (len - 2);
    memcpy(response + n, "\x90\x00", 2);
    return n + 2;
}

static void no_damaged_signature_proves_a_key(void **state)
{
    (void)state;
    enum { BYTES = 4 + 2 + 2 * 34 };
    thumbprint_of(&host, thumbprint);
    start(&host);
    assert_int_equal(prove().answer, CARD_ANSWER_GOOD);
    for (size_t i = 0; i < BYTES * 9; i++) {
        start(&host);
        line.twist = damage;
        line.number = i < BYTES * 8 ? i : 10000 + i - BYTES * 8;
        assert_int_equal(prove().answer, CARD_ANSWER_WRONG);
    }
}

static uint8_t recorded[CARD_MAX_RESPONSE];
static size_t recorded_len;

enum { RECORD, PLAY_BACK, OTHER_HASH, OTHER_CARD };

static size_t cheat(struct card_line *l, struct span command, uint8_t *response, size_t len,
                    size_t cap)
{
    (void)cap;
    uint8_t changed[256];
    if (command.ptr[1] != CARD_INS_GENERAL_AUTHENTICATE) {
        return len;
    }
    memcpy(changed, command.ptr, command.len);
    switch (l->number) {
    case RECORD:
        memcpy(recorded, response, len);
        recorded_len = len;
        return len;
    case PLAY_BACK:
        memcpy(response, recorded, recorded_len);
        return recorded_len;
    case OTHER_HASH: /* as for another certificate, or another challenge */
        changed[command.len - 2] ^= 1;
        return card_transmit(&l->host->card, span_of(changed, command.len), response);
    default:
        host_restart(&other);
        piv_host_select(&other);
        return card_transmit(&other.card, command, response);
    }
}

static void signatures_of_others_and_of_the_past_are_wrong(void **state)
{
    (void)state;
    thumbprint_of(&host, thumbprint);
    for (size_t kind = RECORD; kind <= OTHER_CARD; kind++) {
        start(&host);
        line.twist = cheat;
        line.number = kind;
        struct card_proof proof = prove();
        assert_int_equal(proof.answer, kind == RECORD ? CARD_ANSWER_GOOD : CARD_ANSWER_WRONG);
        assert_true((memcmp(proof.key_thumbprint, thumbprint, 32) == 0) == (kind == RECORD));
    }
}

/* What signs now with one key and now with another has none. */
static size_t alternate(struct card_line *l, struct span command, uint8_t *response, size_t len,
                        size_t cap)
{
    bool second = command.ptr[1] == CARD_INS_GENERAL_AUTHENTICATE && l->count % 2 == 0;
    l->number = OTHER_CARD;
    return second ? cheat(l, command, response, len, cap) : len;
}

static void a_key_is_that_of_all_signatures(void **state)
{
    (void)state;
    struct card_piv piv;
    struct card_io io = card_line_io(&line);
    uint8_t point[65], own[32];
    start(&host);
    assert_int_equal(card_piv_open(&piv, &io), CARD_IO_OK);
    assert_int_equal(card_piv_key(&piv, point), CARD_IO_OK);
    assert_int_equal(card_point_check(point), CARD_IO_OK);
    assert_int_equal(line.count, 3);
    thumbprint_of(&host, thumbprint);
    assert_int_equal(card_point_thumbprint(point, own), CARD_IO_OK);
    assert_memory_equal(own, thumbprint, 32);
    start(&host);
    line.twist = alternate;
    assert_int_equal(card_piv_open(&piv, &io), CARD_IO_OK);
    assert_int_equal(card_piv_key(&piv, point), CARD_IO_NONSENSE);
    lie_ins = CARD_INS_GENERAL_AUTHENTICATE;
    lie = "7c00 9000";
    line.twist = tell_lie;
    assert_int_equal(card_piv_key(&piv, point), CARD_IO_NONSENSE);
}

/* ---- what is signed ---- */

static void a_challenge_is_laid_out_as_agreed(void **state)
{
    (void)state;
    struct card_challenge first, second;
    uint8_t digest[32];
    memset(digest, 0xAB, sizeof digest);
    assert_int_equal(card_challenge_make(digest, CARD_PURPOSE_ISSUE, &first), CARD_IO_OK);
    assert_int_equal(card_challenge_make(digest, CARD_PURPOSE_ISSUE, &second), CARD_IO_OK);
    assert_int_equal(sizeof first.bytes, 11 + 32 + 32 + 1);
    assert_memory_equal(first.bytes, "saksi/ia/1\0", 11);
    assert_memory_not_equal(first.bytes + 11, second.bytes + 11, 32);
    assert_memory_equal(first.bytes + 43, digest, 32);
    assert_int_equal(first.bytes[75], CARD_PURPOSE_ISSUE);
    check_bytes(card_challenge_input(&first), span_of(first.bytes + 11, 65));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_genuine_token_proves_itself),
        cmocka_unit_test(our_card_is_unfinished_in_every_application),
        cmocka_unit_test(another_token_has_no_state),
        cmocka_unit_test(our_card_does_not_pass_for_another_token),
        cmocka_unit_test(a_token_as_new_is_one),
        cmocka_unit_test(every_kind_of_line_brings_the_same),
        cmocka_unit_test(a_certificate_has_any_length),
        cmocka_unit_test(a_card_may_go_at_any_moment),
        cmocka_unit_test(a_copy_answers_with_another_key),
        cmocka_unit_test(without_a_key_there_is_no_answer),
        cmocka_unit_test(what_names_no_key_is_not_asked_for_one),
        cmocka_unit_test(the_first_profile_with_a_certificate_is_taken),
        cmocka_unit_test(an_object_must_be_one),
        cmocka_unit_test(lengths_and_parts_have_an_end),
        cmocka_unit_test(what_is_no_signature_is_a_wrong_answer),
        cmocka_unit_test(no_damaged_signature_proves_a_key),
        cmocka_unit_test(signatures_of_others_and_of_the_past_are_wrong),
        cmocka_unit_test(a_key_is_that_of_all_signatures),
        cmocka_unit_test(a_challenge_is_laid_out_as_agreed),
    };
    return cmocka_run_group_tests(tests, make, NULL);
}
