/* SPDX-License-Identifier: Apache-2.0
 *
 * The one file that speaks to pcscd. Every code it may answer with becomes one of our names; one
 * that we do not know is a failure of the reader.
 */
#include "devices/card_reader.h"

#include <stdlib.h>
#include <time.h>
#include <winscard.h>

#include "codec/cbor.h"

enum {
    STEP_MS = 1000, /* the longest wait without looking at the list of readers again */
    LOOK_MS = 1000  /* how long a card that does not answer may turn out to be gone */
};

struct card_readers {
    SCARDCONTEXT context;
};

static enum card_io_error error_of(LONG code)
{
    switch (code) {
    case SCARD_S_SUCCESS:
        return CARD_IO_OK;
    case SCARD_E_NO_SERVICE:
    case SCARD_E_SERVICE_STOPPED:
    case SCARD_E_INVALID_HANDLE: /* of a service that was started again */
    case SCARD_F_COMM_ERROR:
        return CARD_IO_NO_SERVICE;
    case SCARD_W_SECURITY_VIOLATION: /* of polkit */
        return CARD_IO_DENIED;
    case SCARD_E_UNKNOWN_READER:
    case SCARD_E_READER_UNAVAILABLE:
    case SCARD_E_NO_READERS_AVAILABLE:
        return CARD_IO_NO_READER;
    case SCARD_E_TIMEOUT:
        return CARD_IO_NO_CARD;
    case SCARD_E_NO_SMARTCARD:
    case SCARD_W_REMOVED_CARD:
        return CARD_IO_REMOVED;
    case SCARD_W_RESET_CARD:
        return CARD_IO_RESET;
    case SCARD_E_SHARING_VIOLATION:
        return CARD_IO_BUSY;
    case SCARD_W_UNRESPONSIVE_CARD:
    case SCARD_W_UNPOWERED_CARD:
    case SCARD_E_PROTO_MISMATCH:
        return CARD_IO_MUTE;
    case SCARD_E_NO_MEMORY:
        return CARD_IO_SYSTEM;
    case SCARD_E_INSUFFICIENT_BUFFER:
        return CARD_IO_NONSENSE; /* it said more than it may */
    default:
        return CARD_IO_FAILED;
    }
}

enum card_io_error card_readers_open(struct card_readers **ret_readers)
{
    struct card_readers *readers = calloc(1, sizeof *readers);
    if (readers == NULL) {
        return CARD_IO_SYSTEM;
    }
    enum card_io_error error =
        error_of(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &readers->context));
    if (error != CARD_IO_OK) {
        free(readers);
        return error;
    }
    *ret_readers = readers;
    return CARD_IO_OK;
}

void card_readers_close(struct card_readers *readers)
{
    if (readers != NULL) {
        (void)SCardReleaseContext(readers->context);
        free(readers);
    }
}

/* ---- the list ---- */

/* The names, one NUL behind each; they point into `room`. */
static enum card_io_error read_names(struct card_readers *readers,
                                     char room[CARD_READER_MAX * CARD_READER_NAME_SIZE + 1],
                                     const char *name[CARD_READER_MAX], size_t *ret_count)
{
    DWORD len = (DWORD)CARD_READER_MAX * CARD_READER_NAME_SIZE;
    LONG code = SCardListReaders(readers->context, NULL, room, &len);
    size_t count = 0;
    if (code == SCARD_E_NO_READERS_AVAILABLE) {
        len = 0;
    } else if (code != SCARD_S_SUCCESS) {
        return error_of(code);
    }
    room[len] = '\0';
    for (DWORD at = 0; at < len && room[at] != '\0' && count < CARD_READER_MAX;) {
        name[count++] = room + at;
        at += (DWORD)strlen(room + at) + 1;
    }
    *ret_count = count;
    return CARD_IO_OK;
}

/* A reader's maker chooses its name, and may write anything. */
static void write_name(const char *id, char name[CARD_READER_NAME_SIZE])
{
    struct span text = span_str(id);
    struct writer w = writer_of((uint8_t *)name, CARD_READER_NAME_SIZE - 1);
    while (text.len != 0) {
        size_t len = cbor_text_first(text);
        writer_put(&w, len != 0 ? span_of(text.ptr, len) : span_str("?"));
        len = len != 0 ? len : 1;
        text = span_of(text.ptr + len, text.len - len);
    }
    name[w.len] = '\0';
}

static void describe(const SCARD_READERSTATE *from, struct card_reader_state *to)
{
    memset(to, 0, sizeof *to);
    size_t len = strlen(from->szReader);
    memcpy(to->id, from->szReader, len < sizeof to->id ? len : sizeof to->id - 1);
    write_name(to->id, to->name);
    to->present = (from->dwEventState & SCARD_STATE_PRESENT) != 0;
    to->mute = (from->dwEventState & SCARD_STATE_MUTE) != 0;
    to->in_use = (from->dwEventState & (SCARD_STATE_INUSE | SCARD_STATE_EXCLUSIVE)) != 0;
    to->atr_len = from->cbAtr < sizeof to->atr ? from->cbAtr : sizeof to->atr;
    memcpy(to->atr, from->rgbAtr, to->atr_len);
    to->changes = (unsigned)(from->dwEventState >> 16 & 0xFFFF);
    to->word = from->dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
}

enum card_io_error card_readers_list(struct card_readers *readers,
                                     struct card_reader_state ret_state[CARD_READER_MAX],
                                     size_t *ret_count)
{
    char room[CARD_READER_MAX * CARD_READER_NAME_SIZE + 1];
    const char *name[CARD_READER_MAX];
    SCARD_READERSTATE state[CARD_READER_MAX] = {0};
    size_t count = 0;
    enum card_io_error error = read_names(readers, room, name, &count);
    for (size_t i = 0; i < count; i++) {
        state[i].szReader = name[i];
    }
    if (error == CARD_IO_OK && count != 0) {
        error = error_of(SCardGetStatusChange(readers->context, 0, state, (DWORD)count));
        error = error == CARD_IO_NO_CARD ? CARD_IO_OK : error; /* nothing is about to change */
    }
    if (error == CARD_IO_NO_READER) { /* unplugged just now */
        error = CARD_IO_OK;
        count = 0;
    }
    if (error != CARD_IO_OK) {
        return error;
    }
    for (size_t i = 0; i < count; i++) {
        describe(&state[i], &ret_state[i]);
    }
    *ret_count = count;
    return CARD_IO_OK;
}

const struct card_reader_state *card_readers_find(const struct card_reader_state *state,
                                                  size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(state[i].name, name) == 0) {
            return &state[i];
        }
    }
    return NULL;
}

/* ---- waiting ---- */

static int64_t clock_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The first card there is. CARD_IO_NO_READER, CARD_IO_NO_CARD: not yet. */
static enum card_io_error find_card(const struct card_reader_state *state, size_t count,
                                    const char *name, char ret_name[CARD_READER_NAME_SIZE])
{
    enum card_io_error found = CARD_IO_NO_READER;
    for (size_t i = 0; i < count; i++) {
        if (name != NULL && strcmp(name, state[i].name) != 0) {
            continue;
        }
        if (state[i].present) {
            memcpy(ret_name, state[i].name, CARD_READER_NAME_SIZE);
            return state[i].mute ? CARD_IO_MUTE : CARD_IO_OK;
        }
        found = CARD_IO_NO_CARD;
    }
    return found;
}

enum card_io_error card_readers_sleep(struct card_readers *readers,
                                      const struct card_reader_state *known, size_t count,
                                      unsigned most_ms)
{
    SCARD_READERSTATE state[CARD_READER_MAX + 1] = {0};
    for (size_t i = 0; i < count; i++) {
        state[i].szReader = known[i].id;
        state[i].dwCurrentState = known[i].word;
    }
    state[count].szReader = "\\\\?PnP?\\Notification";
    enum card_io_error error =
        error_of(SCardGetStatusChange(readers->context, most_ms, state, (DWORD)count + 1));
    return error == CARD_IO_NO_CARD || error == CARD_IO_NO_READER ? CARD_IO_OK : error;
}

enum card_io_error card_readers_wait(struct card_readers *readers, const char *name,
                                     unsigned timeout_ms, char ret_name[CARD_READER_NAME_SIZE])
{
    struct card_reader_state state[CARD_READER_MAX];
    int64_t end = clock_ms() + timeout_ms;
    for (;;) {
        size_t count = 0;
        enum card_io_error error = card_readers_list(readers, state, &count);
        if (error != CARD_IO_OK) {
            return error;
        }
        error = find_card(state, count, name, ret_name);
        int64_t left = end - clock_ms();
        if ((error != CARD_IO_NO_CARD && error != CARD_IO_NO_READER) || left <= 0) {
            return error;
        }
        error =
            card_readers_sleep(readers, state, count, (unsigned)(left < STEP_MS ? left : STEP_MS));
        if (error != CARD_IO_OK) {
            return error;
        }
    }
}

enum card_io_error card_readers_wait_empty(struct card_readers *readers, const char *name,
                                           unsigned timeout_ms)
{
    struct card_reader_state state[CARD_READER_MAX];
    int64_t end = clock_ms() + timeout_ms;
    for (;;) {
        size_t count = 0;
        enum card_io_error error = card_readers_list(readers, state, &count);
        const struct card_reader_state *reader = card_readers_find(state, count, name);
        if (error != CARD_IO_OK || reader == NULL || !reader->present) {
            return error; /* the reader may have gone with it */
        }
        int64_t left = end - clock_ms();
        if (left <= 0) {
            return CARD_IO_NO_CARD;
        }
        error =
            card_readers_sleep(readers, state, count, (unsigned)(left < STEP_MS ? left : STEP_MS));
        if (error != CARD_IO_OK) {
            return error;
        }
    }
}

/* ---- one card ---- */

struct connection {
    SCARDCONTEXT context;
    SCARDHANDLE card;
    const SCARD_IO_REQUEST *protocol;
    char id[CARD_READER_NAME_SIZE];
};

/* A command that failed does not say whether the card is still there, and the service looks for it
 * only a few times a second. */
static enum card_io_error look_again(const struct connection *connection, enum card_io_error error)
{
    SCARD_READERSTATE state = {.szReader = connection->id,
                               .dwCurrentState = SCARD_STATE_PRESENT | SCARD_STATE_INUSE};
    if (error != CARD_IO_FAILED) {
        return error;
    }
    int64_t end = clock_ms() + LOOK_MS;
    do {
        enum card_io_error now =
            error_of(SCardGetStatusChange(connection->context, LOOK_MS, &state, 1));
        if (now == CARD_IO_NO_SERVICE || now == CARD_IO_NO_READER) {
            return now;
        }
        if ((state.dwEventState & (SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE)) != 0) {
            return CARD_IO_NO_READER;
        }
        if ((state.dwEventState & SCARD_STATE_EMPTY) != 0) {
            return CARD_IO_REMOVED;
        }
        state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
    } while (clock_ms() < end);
    return CARD_IO_MUTE;
}

static enum card_io_error transmit(void *ctx, struct span command, uint8_t *response, size_t cap,
                                   size_t *ret_len)
{
    struct connection *connection = ctx;
    DWORD len = (DWORD)cap;
    enum card_io_error error =
        error_of(SCardTransmit(connection->card, connection->protocol, command.ptr,
                               (DWORD)command.len, NULL, response, &len));
    if (error != CARD_IO_OK) {
        return look_again(connection, error);
    }
    *ret_len = len;
    return CARD_IO_OK;
}

static void disconnect(void *ctx)
{
    struct connection *connection = ctx;
    (void)SCardEndTransaction(connection->card, SCARD_RESET_CARD);
    (void)SCardDisconnect(connection->card, SCARD_RESET_CARD);
    free(connection);
}

/* Takes the card for this program alone; one that was reset since it was connected is connected
 * again, once. */
static enum card_io_error begin(struct connection *connection, DWORD *protocol)
{
    enum card_io_error error = error_of(SCardBeginTransaction(connection->card));
    if (error == CARD_IO_RESET) {
        error = error_of(SCardReconnect(connection->card, SCARD_SHARE_SHARED,
                                        SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD,
                                        protocol));
        if (error == CARD_IO_OK) {
            error = error_of(SCardBeginTransaction(connection->card));
        }
    }
    return error;
}

/* What a reader's name stands for. */
static enum card_io_error read_id(struct card_readers *readers, const char *name,
                                  char id[CARD_READER_NAME_SIZE])
{
    struct card_reader_state state[CARD_READER_MAX];
    size_t count = 0;
    enum card_io_error error = card_readers_list(readers, state, &count);
    const struct card_reader_state *reader = card_readers_find(state, count, name);
    if (error == CARD_IO_OK && reader == NULL) {
        error = CARD_IO_NO_READER;
    }
    if (error == CARD_IO_OK) {
        memcpy(id, reader->id, CARD_READER_NAME_SIZE);
    }
    return error;
}

/* Connects, and begins a transaction. */
static enum card_io_error connect_to(struct connection *connection)
{
    DWORD protocol = 0;
    enum card_io_error error =
        error_of(SCardConnect(connection->context, connection->id, SCARD_SHARE_SHARED,
                              SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &connection->card, &protocol));
    if (error != CARD_IO_OK) {
        return error;
    }
    error = begin(connection, &protocol);
    if (error != CARD_IO_OK) {
        (void)SCardDisconnect(connection->card, SCARD_LEAVE_CARD);
    }
    connection->protocol = protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    return error;
}

enum card_io_error card_readers_connect(struct card_readers *readers, const char *name,
                                        struct card_io *ret_io)
{
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) {
        return CARD_IO_SYSTEM;
    }
    connection->context = readers->context;
    enum card_io_error error = read_id(readers, name, connection->id);
    if (error == CARD_IO_OK) {
        error = connect_to(connection);
    }
    if (error != CARD_IO_OK) {
        free(connection);
        return error;
    }
    *ret_io = (struct card_io){.transmit = transmit, .close = disconnect, .ctx = connection};
    return CARD_IO_OK;
}
