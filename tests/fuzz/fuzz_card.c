/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a session with a whole card: an octet with flags, then commands, each behind its
 * length in two bytes. Some reach the card as they are, some are given a right MAC and encryption
 * first, so that what lies behind the secure channel is reached as well; some come to a PIV
 * application to which everything has been shown; some lose power. Whatever comes, the answer is an
 * answer, no flash rule is broken, no try comes back that was not earned, without contacts nothing
 * but the NDEF application answers, and the card starts again.
 */
#include "fuzz.h"
#include "card/card.h"
#include "port/native/native.h"

enum {
    PAGE = 256,
    AREA = 4096,
    STEPS = 64,
    /* the first octet */
    CONTACTLESS = 0x01,
    WITH_PIV = 0x02,  /* personalised, and channels are opened in the PIV application */
    WITH_NDEF = 0x04, /* a message is there */
    SHOWN = 0x08,     /* opening also shows PIN and management key */
    ENCRYPTS = 0x10,  /* channels encrypt in the credential application, too */
    IN_USE = 0x20,    /* the card is PERSONALISED */
    /* the high byte of a length */
    SECURE = 0x80,  /* wrap the command for the open channel */
    OPEN = 0x40,    /* first open the channel */
    CUT = 0x20,     /* and lose power in some operation of this command */
    START = 0x10,   /* power off and on before it */
    LENGTH = 0x0FFF /* of the command */
};

static struct native native;
static struct card card;
static uint8_t flags;
static uint8_t response[CARD_MAX_RESPONSE];
static const uint8_t pin[] = {3, 3, '1', '2', '3', '4', '5', '6', 0xFF, 0xFF};
static const uint8_t puk[] = {3, 3, '8', '7', '6', '5', '4', '3', '2', '1'};

static uint16_t send(struct span command)
{
    struct apdu_response parsed = {.sw = 0};
    size_t len = card_transmit(&card, command, response);
    FUZZ_REQUIRE(len >= 2 && len <= CARD_MAX_RESPONSE);
    FUZZ_REQUIRE(apdu_response_read(span_of(response, len), &parsed));
    FUZZ_REQUIRE((parsed.sw & 0xF000) == 0x9000 || (parsed.sw & 0xF000) == 0x6000);
    FUZZ_REQUIRE(parsed.data.len == 0 || parsed.sw == SW_OK || parsed.sw == SW_END_OF_FILE ||
                 parsed.sw >> 8 == 0x61 || parsed.sw >> 4 == 0x63C);
    FUZZ_REQUIRE(card.interface == CARD_CONTACT || card.application == APPLICATION_NONE ||
                 card.application == APPLICATION_NDEF);
    FUZZ_REQUIRE(!native.broke_a_rule);
    return parsed.sw;
}

static void start(void)
{
    native_power_up(&native);
    card_start(&card, &native.port, flags & CONTACTLESS ? CARD_CONTACTLESS : CARD_CONTACT);
    FUZZ_REQUIRE(!card.store.failed);
}

static void select_by(const char *name, size_t len)
{
    const struct apdu select = {.ins = 0xA4, .p1 = 0x04, .data = span_of(name, len)};
    uint8_t room[64];
    struct writer w = writer_of(room, sizeof room);
    FUZZ_REQUIRE(apdu_write(&w, &select));
    send(writer_span(&w));
}

/* Knows the card's mind: the session keys are read from it. */
static void open_channel(void)
{
    bool piv = (flags & WITH_PIV) != 0;
    if (piv) {
        select_by(CARD_PIV_AID, CARD_PIV_AID_BYTES);
    } else {
        select_by(CARD_APP_AID, CARD_APP_AID_BYTES);
    }
    if (card.application == APPLICATION_NONE || card.interface == CARD_CONTACTLESS) {
        return;
    }
    card.channel.phase = SCP03_OPEN;
    bool encrypts = piv || (flags & ENCRYPTS) != 0;
    card.channel.level = SCP03_LEVEL_C_MAC | SCP03_LEVEL_R_MAC | (encrypts ? SCP03_LEVEL_C_ENC : 0);
    card.channel.key_bytes = 16;
    if (piv && (flags & SHOWN) != 0) {
        card.piv.verified = card.piv.fresh = card.piv.managed = true;
    }
}

/* Encrypts as the card is about to decrypt: with the counter one further on. */
static size_t encrypt(uint8_t *body, size_t len)
{
    uint8_t zero[CARD_BLOCK] = {0};
    uint8_t iv[CARD_BLOCK];
    memcpy(iv, card.channel.counter, sizeof iv);
    for (size_t i = sizeof iv; i-- > 0 && ++iv[i] == 0;) {
    }
    card_cbc_encrypt(span_of(card.channel.s_enc, 16), zero, iv, sizeof iv);
    body[len++] = 0x80;
    while (len % CARD_BLOCK != 0) {
        body[len++] = 0;
    }
    card_cbc_encrypt(span_of(card.channel.s_enc, 16), iv, body, len);
    return len;
}

/* Adds the MAC that the card is about to compute. */
static void send_secure(struct span bytes)
{
    struct apdu command;
    uint8_t room[LENGTH + 64];
    uint8_t body[LENGTH + CARD_BLOCK + SCP03_MAC];
    uint8_t mac[CARD_BLOCK];
    if (!apdu_read(bytes, &command)) {
        return;
    }
    size_t len = command.data.len;
    if (len != 0) {
        memcpy(body, command.data.ptr, len);
    }
    if ((card.channel.level & SCP03_LEVEL_C_ENC) != 0 && len != 0) {
        len = encrypt(body, len);
    }
    command.cla |= CARD_CLA_SECURE;
    command.data = span_of(body, len + SCP03_MAC);
    command.extended = command.extended || command.data.len > APDU_MAX_SHORT_NC;
    struct writer w = writer_of(room, sizeof room);
    writer_put(&w, span_of(card.channel.chain, CARD_BLOCK));
    const uint8_t head[] = {command.cla, command.ins, command.p1, command.p2, 0};
    writer_put(&w, span_of(head, command.extended ? 5 : 4));
    writer_be(&w, len + SCP03_MAC, command.extended ? 2 : 1);
    writer_put(&w, span_of(body, len));
    struct span part = writer_span(&w);
    card_cmac(span_of(card.channel.s_mac, 16), &part, 1, mac);
    memcpy(body + len, mac, SCP03_MAC);
    w = writer_of(room, sizeof room);
    FUZZ_REQUIRE(apdu_write(&w, &command) && writer_ok(&w));
    send(writer_span(&w));
}

/* What is stored for PIN or PUK; false when there is nothing. */
static bool load_secret(unsigned object, uint8_t secret[10])
{
    return store_length(&card.store, object) == 10 &&
           store_read(&card.store, object, 0, secret, 10);
}

struct secrets {
    uint8_t pin[10];
    uint8_t puk[10];
    bool there;
};

static struct secrets look(void)
{
    struct secrets found;
    found.there = load_secret(STORE_PIN, found.pin) && load_secret(STORE_PUK, found.puk);
    return found;
}

/* Tries rise, and values change, only for commands that held the right PIN or PUK, and for the
 * personaliser. Commands of a chain or a channel may hold it in ways that are not looked for. */
static void check_secrets(const struct secrets *before, uint16_t head, struct span bytes)
{
    struct apdu command;
    struct secrets now = look();
    bool known = apdu_read(bytes, &command) && (head >> 8 & SECURE) == 0;
    if (!before->there || !now.there || !known) {
        return;
    }
    bool right = command.data.len >= 8 && (memcmp(command.data.ptr, before->pin + 2, 8) == 0 ||
                                           memcmp(command.data.ptr, before->puk + 2, 8) == 0);
    FUZZ_REQUIRE(right || (now.pin[0] <= before->pin[0] && now.puk[0] <= before->puk[0] &&
                           memcmp(now.pin + 2, before->pin + 2, 8) == 0 &&
                           memcmp(now.puk + 2, before->puk + 2, 8) == 0));
}

/* The life cycle goes back to its beginning alone, and nothing but the channel's keys comes along.
 */
static void check_life(uint8_t before)
{
    if (card.state >= before) {
        return;
    }
    FUZZ_REQUIRE(card.state == CARD_BLANK && before != CARD_TERMINATED);
    for (unsigned i = 0; i < STORE_OBJECTS; i++) {
        FUZZ_REQUIRE(i == STORE_KEYS || i == STORE_TRIES || store_length(&card.store, i) == 0);
    }
}

/* Nobody here has the channel's keys, and each start finds what there was. */
static uint8_t channel_tries(void)
{
    uint8_t tries = SCP03_TRIES;
    FUZZ_REQUIRE(store_length(&card.store, STORE_TRIES) == 0 ||
                 store_read(&card.store, STORE_TRIES, 0, &tries, 1));
    return tries;
}

static void step(uint16_t head, struct span command)
{
    if ((head >> 8 & START) != 0) {
        start();
    }
    if ((head >> 8 & OPEN) != 0) {
        open_channel();
    }
    if ((head >> 8 & CUT) != 0) {
        native_cut_after(&native, command.len == 0 ? 0 : command.ptr[command.len - 1],
                         (enum native_cut)(command.len % NATIVE_CUTS));
    }
    struct secrets before = look();
    uint8_t tries = channel_tries();
    if ((head >> 8 & SECURE) != 0) {
        send_secure(command);
    } else {
        send(command);
    }
    if (!native.powered) {
        start();
    }
    check_secrets(&before, head, command);
    FUZZ_REQUIRE(channel_tries() <= tries || card.state == CARD_TERMINATED);
}

static void put(unsigned object, const void *bytes, size_t len)
{
    FUZZ_REQUIRE(store_write(&card.store, object, span_of(bytes, len)) == STORE_OK);
}

/* As an issuer would leave it. Keys that no one can guess are not what is looked for. */
static void personalise(void)
{
    uint8_t pair[CARD_PRIVATE_KEY + CARD_PUBLIC_KEY];
    uint8_t key[17] = {CARD_PIV_AES_128};
    static const uint8_t message[] = {0xD1, 0x01, 0x04, 'T', 2, 'e', 'n', '1'};
    if ((flags & WITH_NDEF) != 0) {
        put(STORE_FILE + 9, message, sizeof message);
    }
    memset(pair, 1, sizeof pair); /* signs nothing that verifies, and takes less time */
    if ((flags & IN_USE) != 0) {
        static const uint8_t keys[2 + 3 * 16] = {SCP03_FIRST_VERSION, 16};
        static const uint8_t state = CARD_PERSONALISED;
        put(STORE_KEYS, keys, sizeof keys);
        put(STORE_PAIR, pair, sizeof pair);
        put(STORE_STATE, &state, 1);
    }
    if ((flags & WITH_PIV) == 0) {
        return;
    }
    for (uint8_t i = 1; i < sizeof key; i++) {
        key[i] = i;
    }
    put(STORE_PIN, pin, sizeof pin);
    put(STORE_PUK, puk, sizeof puk);
    put(STORE_MANAGEMENT, key, sizeof key);
    put(STORE_PIV_PAIR + 2, pair, sizeof pair);
}

/* A card that a session left is one that starts, and ends only in ways it should. */
static void check_end(uint8_t state)
{
    start();
    FUZZ_REQUIRE(card.state == state);
    FUZZ_REQUIRE(store_length(&card.store, STORE_PAIR) == 0 ||
                 store_length(&card.store, STORE_PAIR) == 97);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(span_of(data, size));
    native_make(&native, 1);
    native_resize(&native, PAGE, AREA);
    flags = (uint8_t)reader_be(&r, 1);
    start();
    personalise();
    start();
    for (int i = 0; i < STEPS && !r.failed && r.rest.len != 0; i++) {
        uint16_t head = (uint16_t)reader_be(&r, 2);
        size_t len = head & LENGTH;
        struct span command = reader_take(&r, len < r.rest.len ? len : r.rest.len);
        uint8_t before = card.state;
        step(head, command);
        check_life(before);
    }
    check_end(card.state);
    return 0;
}
