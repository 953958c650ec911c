/* SPDX-License-Identifier: Apache-2.0
 *
 * From bytes to a command and back. Every command is checked in this order, and the first check
 * that fails answers:
 *
 *   1  the card can read its memory               6581
 *   2  the bytes are an APDU, no longer than fits 6700
 *   3  CLA: known, no logical channel, messaging  6E00 6881 6882
 *   4  INS: of the selected application (of any while none is), and in this class   6D00 6E00
 *   5  a chain goes on as it began                6883; the command may be chained: 6884
 *   6  the card is not terminated, an application is selected    6985
 *   7  the secure channel: there, and the MAC right               6982 6988
 *   8  the command's own: P1-P2 6A86, lengths 6700, state 69xx, data and references 6Axx
 *
 * GET RESPONSE stands beside the others: it fetches what the last response did not hold.
 */
#include "command.h"

enum {
    CLA_CHANNEL = 0x03,   /* bits of a logical channel, 0 to 3 */
    CLA_MESSAGING = 0x0C, /* bits of secure messaging */
    CLA_CLASS = 0xE0,     /* 00 first interindustry, 80 proprietary */
    CLA_FURTHER = 0x40    /* interindustry, logical channels 4 to 19 */
};

enum needs {
    CHANNEL = 1,   /* only inside a secure channel */
    CHAINABLE = 2, /* may come in parts */
    ALWAYS = 4,    /* before the application is selected, and when it is terminated */
    OWN_MAC = 8,   /* carries a MAC that the command itself checks */
    STREAMED = 16, /* and is given each part as it comes */
    STEP = 32      /* times what card_patience() says of it; a write is a step where it may move */
};

enum { CREDENTIAL = APPLICATION_CREDENTIAL, PIV = APPLICATION_PIV, NDEF = APPLICATION_NDEF };

struct entry {
    uint8_t class;
    uint8_t ins;
    uint8_t applications;
    uint8_t needs;
    command_run *run;
};

static const struct entry entries[] = {
    {0x00, CARD_INS_SELECT, CREDENTIAL | PIV | NDEF, ALWAYS, command_select},
    {0x00, CARD_INS_READ_BINARY, CREDENTIAL | NDEF, 0, command_read_binary},
    {0x00, CARD_INS_READ_BINARY_ODD, CREDENTIAL, 0, command_read_binary_odd},
    {0x00, CARD_INS_INTERNAL_AUTHENTICATE, CREDENTIAL, CHAINABLE | 1 * STEP,
     command_internal_authenticate},
    {0x00, CARD_INS_GENERATE, CREDENTIAL, CHANNEL | 3 * STEP, command_generate},
    {0x80, CARD_INS_INITIALIZE_UPDATE, CREDENTIAL | PIV, 2 * STEP, command_initialize_update},
    {0x80, CARD_INS_EXTERNAL_AUTHENTICATE, CREDENTIAL | PIV, OWN_MAC | 1 * STEP,
     command_external_authenticate},
    {0x80, CARD_INS_PUT_KEY, CREDENTIAL, CHANNEL | 2 * STEP, command_put_key},
    {0x80, CARD_INS_STORE_DATA, CREDENTIAL, CHANNEL | 1 * STEP, command_store_data},
    {0x80, CARD_INS_SET_STATUS, CREDENTIAL, CHANNEL | 2 * STEP, command_set_status},
    {0x00, CARD_INS_VERIFY, PIV, 1 * STEP, command_verify},
    {0x00, CARD_INS_CHANGE_REFERENCE_DATA, PIV, 2 * STEP, command_change_reference_data},
    {0x00, CARD_INS_RESET_RETRY_COUNTER, PIV, 2 * STEP, command_reset_retry_counter},
    {0x00, CARD_INS_GENERAL_AUTHENTICATE, PIV, CHAINABLE | 1 * STEP, command_general_authenticate},
    {0x00, CARD_INS_GENERATE, PIV, 3 * STEP, command_piv_generate},
    {0x80, CARD_INS_STORE_DATA, PIV, CHANNEL | 2 * STEP, command_piv_store_data},
    {0x00, CARD_INS_GET_DATA, PIV, 0, command_get_data},
    {0x00, CARD_INS_PUT_DATA, PIV, CHAINABLE | STREAMED | 1 * STEP, command_put_data},
};

/* With a buffer for commands, a stack of 3 KiB and T=1, this has to fit in 12 KiB. */
_Static_assert(sizeof(struct card) <= (size_t)5 * 1024, "the card's memory");

enum { ENTRIES = sizeof entries / sizeof entries[0] };

static bool load_state(struct card *card)
{
    card->state = CARD_BLANK;
    if (store_length(&card->store, STORE_STATE) == 0) {
        return true;
    }
    return store_length(&card->store, STORE_STATE) == 1 &&
           store_read(&card->store, STORE_STATE, 0, &card->state, 1) &&
           (card->state == CARD_PERSONALISED || card->state == CARD_LOCKED ||
            card->state == CARD_TERMINATED);
}

/* A card whose termination was cut may hold more than its state, if only what was replaced. */
static bool finish_termination(struct card *card)
{
    return store_holds_only(&card->store, STORE_STATE) ||
           store_purge(&card->store, 1U << STORE_STATE) == STORE_OK;
}

void card_start(struct card *card, const struct card_port *port, enum card_interface interface)
{
    bytes_wipe(card, sizeof *card);
    card->port = port;
    card->interface = interface;
    if (store_mount(&card->store, port) != STORE_OK) {
        return;
    }
    bool known = load_state(card);
    if (!known || (card->state == CARD_TERMINATED && !finish_termination(card))) {
        card->store.failed = true;
    }
}

static uint16_t check_class(uint8_t cla)
{
    uint8_t class = cla & CLA_CLASS;
    if (class != 0x00 && class != CARD_CLA_PROPRIETARY) {
        return (cla & 0xC0) == CLA_FURTHER ? SW_CHANNEL_UNKNOWN : SW_CLA_UNKNOWN;
    }
    if ((cla & CLA_CHANNEL) != 0) {
        return SW_CHANNEL_UNKNOWN;
    }
    uint8_t messaging = cla & CLA_MESSAGING;
    return messaging != 0 && messaging != CARD_CLA_SECURE ? SW_MESSAGING_UNKNOWN : SW_OK;
}

/* While no application is selected, the commands of all are known, if none of them can run. */
static bool is_known(const struct card *card, const struct entry *entry)
{
    return card->application == APPLICATION_NONE || (entry->applications & card->application) != 0;
}

static uint16_t find_entry(const struct card *card, const struct apdu *command,
                           const struct entry **ret)
{
    uint16_t sw = SW_INS_UNKNOWN;
    for (size_t i = 0; i < ENTRIES; i++) {
        if (entries[i].ins != command->ins || !is_known(card, &entries[i])) {
            continue;
        }
        if (entries[i].class == (command->cla & CLA_CLASS)) {
            *ret = &entries[i];
            return SW_OK;
        }
        sw = SW_CLA_UNKNOWN;
    }
    return sw;
}

static void drop_chain(struct card *card)
{
    card->chained = false;
    card->command_len = 0;
    if (card->streaming == CARD_INS_PUT_DATA) {
        command_drop_stream(card);
    }
}

/* What all parts of a chain have in common. */
static void chain_head(const struct apdu *command, uint8_t head[4])
{
    head[0] = (uint8_t)(command->cla & ~CARD_CLA_CHAIN);
    head[1] = command->ins;
    head[2] = command->p1;
    head[3] = command->p2;
}

static bool goes_on(const struct card *card, const struct apdu *command)
{
    uint8_t head[4];
    chain_head(command, head);
    return memcmp(head, card->chain_head, sizeof head) == 0;
}

/* Adds a part to the chain. *ret_whole when it was the last one: the command's data is then all of
 * theirs. */
static uint16_t take_part(struct card *card, struct apdu *command, bool *ret_whole)
{
    if (command->data.len > CARD_APP_MAX_NC - card->command_len) {
        drop_chain(card);
        return SW_WRONG_LENGTH;
    }
    if (command->data.len != 0) {
        memcpy(card->command + card->command_len, command->data.ptr, command->data.len);
    }
    card->command_len += command->data.len;
    *ret_whole = (command->cla & CARD_CLA_CHAIN) == 0;
    if (*ret_whole) {
        command->data = span_of(card->command, card->command_len);
        drop_chain(card);
        return SW_OK;
    }
    card->chained = true;
    chain_head(command, card->chain_head);
    return SW_OK;
}

/* A part that the command itself takes. */
static void pass_part(struct card *card, const struct apdu *command)
{
    card->chained = (command->cla & CARD_CLA_CHAIN) != 0;
    chain_head(command, card->chain_head);
}

static uint16_t chain(struct card *card, const struct entry *entry, struct apdu *command,
                      bool *ret_whole)
{
    if (card->chained && !goes_on(card, command)) {
        drop_chain(card);
        return SW_CHAIN_BROKEN;
    }
    bool part = (command->cla & CARD_CLA_CHAIN) != 0;
    if (part && ((entry->needs & CHAINABLE) == 0 || (command->cla & CARD_CLA_SECURE) != 0)) {
        return SW_CHAIN_UNKNOWN; /* the MAC of a chained command has no agreed form */
    }
    if ((entry->needs & STREAMED) != 0) {
        *ret_whole = true;
        pass_part(card, command);
        return SW_OK;
    }
    *ret_whole = !part;
    return part || card->chained ? take_part(card, command, ret_whole) : SW_OK;
}

/* Takes secure messaging off a command that has it, and refuses one that should. */
static uint16_t unwrap(struct card *card, const struct entry *entry, struct apdu *command)
{
    bool secure = (command->cla & CARD_CLA_SECURE) != 0;
    if (entry->needs & OWN_MAC) {
        return secure ? SW_OK : SW_SECURITY;
    }
    if (!secure) {
        return entry->needs & CHANNEL ? SW_SECURITY : SW_OK;
    }
    return scp03_unwrap(&card->channel, command, card->command);
}

static uint16_t run(struct card *card, const struct entry *entry, struct apdu *command,
                    struct writer *out)
{
    bool whole;
    uint16_t sw = chain(card, entry, command, &whole);
    if (sw != SW_OK || !whole) {
        return sw;
    }
    if (card->application == APPLICATION_NONE && (entry->needs & ALWAYS) == 0) {
        return SW_CONDITIONS;
    }
    sw = unwrap(card, entry, command);
    if (sw != SW_OK) {
        return sw;
    }
    if (command->data.len > CARD_APP_MAX_NC) {
        return SW_WRONG_LENGTH;
    }
    return entry->run(card, command, out);
}

static uint16_t more(size_t left)
{
    return (uint16_t)(SW_MORE | (left < 0x100 ? left : 0));
}

static size_t answer(uint16_t sw, uint8_t *response)
{
    struct writer w = writer_of(response, 2);
    writer_be(&w, sw, 2);
    return w.len;
}

/* Hands out as much of the waiting response as the reader asks for and has room for. */
static size_t deliver(struct card *card, uint32_t ne, uint8_t *response)
{
    const size_t most = CARD_APP_MAX_NE + SCP03_MAC;
    size_t n = card->left < ne ? card->left : ne;
    n = n < most ? n : most;
    if (card->source == 0) {
        memcpy(response, card->response + card->sent, n);
    } else if (!store_read(&card->store, card->source, card->sent, response, n)) {
        return answer(SW_MEMORY_FAILURE, response);
    }
    card->sent += n;
    card->left -= n;
    struct writer w = {response, CARD_MAX_RESPONSE, n};
    writer_be(&w, card->left == 0 ? card->last_sw : more(card->left), 2);
    if (card->left == 0) {
        bytes_wipe(card->response, card->source == 0 ? card->sent : 0);
        card->sent = 0;
        card->source = 0;
    }
    return w.len;
}

static size_t get_response(struct card *card, const struct apdu *command, uint8_t *response)
{
    if (command->p1 != 0 || command->p2 != 0) {
        return answer(SW_WRONG_P1P2, response);
    }
    if (command->data.len != 0 || command->ne == 0) {
        return answer(SW_WRONG_LENGTH, response);
    }
    if (card->left == 0) {
        return answer(SW_CONDITIONS, response);
    }
    if (command->ne < APDU_MAX_SHORT_NE && command->ne > card->left) {
        return answer((uint16_t)(SW_WRONG_LE | card->left), response);
    }
    return deliver(card, command->ne, response);
}

/* A response that was not fetched and a file that was not finished end with the next command that
 * is another one. */
static void drop_unfinished(struct card *card, const struct apdu *command)
{
    card->left = 0;
    card->sent = 0;
    card->source = 0;
    if (card->streaming != 0 && command->ins != card->streaming) {
        command_drop_stream(card);
    }
}

static size_t execute(struct card *card, struct apdu *command, uint8_t *response)
{
    const struct entry *entry = NULL;
    uint16_t sw = find_entry(card, command, &entry);
    if (sw != SW_OK) {
        drop_chain(card);
        return answer(sw, response);
    }
    struct writer out = writer_of(card->response, CARD_APP_MAX_NE);
    sw = run(card, entry, command, &out);
    if (card->store.failed) {
        sw = SW_MEMORY_FAILURE;
    }
    if (sw != SW_OK && sw != SW_END_OF_FILE) {
        out.len = 0; /* failures carry no data */
        card->source = 0;
        if ((entry->needs & STREAMED) != 0) {
            command_drop_stream(card);
            drop_chain(card);
        }
    }
    out.cap = sizeof card->response;
    if ((command->cla & CARD_CLA_SECURE) != 0 && (entry->needs & OWN_MAC) == 0) {
        scp03_wrap(&card->channel, &out, sw);
        bytes_wipe(card->command, sizeof card->command); /* keys and PINs came in it */
    }
    card->left = card->source == 0 ? out.len : store_length(&card->store, card->source);
    card->last_sw = sw;
    return deliver(card, command->ne, response);
}

size_t card_transmit(struct card *card, struct span command, uint8_t *response)
{
    struct apdu apdu;
    if (card->store.failed) {
        return answer(SW_MEMORY_FAILURE, response);
    }
    if (command.len > CARD_MAX_COMMAND || !apdu_read(command, &apdu)) {
        return answer(SW_WRONG_LENGTH, response);
    }
    uint16_t sw = check_class(apdu.cla);
    if (sw != SW_OK) {
        return answer(sw, response);
    }
    if (apdu.cla == 0x00 && apdu.ins == CARD_INS_GET_RESPONSE) {
        return get_response(card, &apdu, response);
    }
    drop_unfinished(card, &apdu);
    return execute(card, &apdu, response);
}

uint8_t card_patience(const struct card *card, struct span command)
{
    struct apdu apdu;
    const struct entry *entry = NULL;
    bool runs = card->application != APPLICATION_NONE && apdu_read(command, &apdu) &&
                check_class(apdu.cla) == SW_OK && find_entry(card, &apdu, &entry) == SW_OK;
    return runs ? entry->needs / STEP : 0;
}
