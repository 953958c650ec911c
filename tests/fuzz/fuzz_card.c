/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a session with a whole card: an octet with flags, then commands, each behind its
 * length in two bytes. Some reach the card as they are, some are given a right MAC first, so that
 * what lies behind the secure channel is reached as well; some lose power. Whatever comes, the
 * answer is an answer, no flash rule is broken, and the card starts again.
 */
#include "fuzz.h"
#include "card/card.h"
#include "port/native/native.h"

enum {
    PAGE = 256,
    AREA = 4096,
    STEPS = 64,
    /* the high byte of a length */
    SECURE = 0x80,  /* wrap the command for the open channel */
    OPEN = 0x40,    /* first open the channel */
    CUT = 0x20,     /* and lose power in some operation of this command */
    START = 0x10,   /* power off and on before it */
    LENGTH = 0x0FFF /* of the command */
};

static struct native native;
static struct card card;
static uint8_t response[CARD_MAX_RESPONSE];

static uint16_t send(struct span command)
{
    struct apdu_response parsed = {.sw = 0};
    size_t len = card_transmit(&card, command, response);
    FUZZ_REQUIRE(len >= 2 && len <= CARD_MAX_RESPONSE);
    FUZZ_REQUIRE(apdu_response_read(span_of(response, len), &parsed));
    FUZZ_REQUIRE((parsed.sw & 0xF000) == 0x9000 || (parsed.sw & 0xF000) == 0x6000);
    FUZZ_REQUIRE(parsed.data.len == 0 || parsed.sw == SW_OK || parsed.sw == SW_END_OF_FILE ||
                 parsed.sw >> 8 == 0x61);
    FUZZ_REQUIRE(!native.broke_a_rule);
    return parsed.sw;
}

static void start(void)
{
    native_power_up(&native);
    card_start(&card, &native.port, CARD_CONTACT);
    FUZZ_REQUIRE(!card.store.failed);
}

/* Knows the card's mind: the session keys are read from it. */
static void open_channel(void)
{
    static const struct apdu select = {
        .ins = CARD_INS_SELECT, .p1 = 0x04, .data = {(const uint8_t *)CARD_APP_AID, 7}};
    uint8_t room[64];
    struct writer w = writer_of(room, sizeof room);
    apdu_write(&w, &select);
    send(writer_span(&w));
    card.channel.phase = SCP03_OPEN;
    card.channel.level = SCP03_LEVEL_C_MAC | SCP03_LEVEL_R_MAC;
    card.channel.key_bytes = 16;
}

/* Adds the MAC that the card is about to compute. */
static void send_secure(struct span bytes)
{
    struct apdu command;
    uint8_t room[LENGTH + 32];
    uint8_t body[LENGTH + SCP03_MAC];
    uint8_t mac[CARD_BLOCK];
    if (!apdu_read(bytes, &command)) {
        return;
    }
    size_t len = command.data.len;
    if (len != 0) {
        memcpy(body, command.data.ptr, len);
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
    if ((head >> 8 & SECURE) != 0) {
        send_secure(command);
    } else {
        send(command);
    }
    if (!native.powered) {
        start();
    }
}

/* A card that a session left is one that starts, and ends only in ways it should. */
static void check_end(uint8_t highest_state)
{
    start();
    FUZZ_REQUIRE(card.state >= highest_state); /* the life cycle never goes back */
    FUZZ_REQUIRE(store_length(&card.store, STORE_PAIR) == 0 ||
                 store_length(&card.store, STORE_PAIR) == 97);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(span_of(data, size));
    native_make(&native, 1);
    native_resize(&native, PAGE, AREA);
    card_start(&card, &native.port, reader_be(&r, 1) & 1 ? CARD_CONTACTLESS : CARD_CONTACT);
    uint8_t highest = card.state;
    for (int i = 0; i < STEPS && !r.failed && r.rest.len != 0; i++) {
        uint16_t head = (uint16_t)reader_be(&r, 2);
        size_t len = head & LENGTH;
        struct span command = reader_take(&r, len < r.rest.len ? len : r.rest.len);
        step(head, command);
        FUZZ_REQUIRE(card.state >= highest);
        highest = card.state;
    }
    check_end(highest);
    return 0;
}
