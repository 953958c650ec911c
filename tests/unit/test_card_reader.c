/* SPDX-License-Identifier: Apache-2.0
 *
 * What the host makes of the card service's answers. Simulated: this test plays the service's
 * library, with refusals as polkit's and reader names as no maker should choose them.
 */
#include "check.h"

#include <winscard.h>

#include "base/json.h"
#include "devices/card_reader.h"

static const char *name[CARD_READER_MAX];
static LONG establish_code, connect_code;
static unsigned full;                      /* which readers have a card, by bit */
static char asked[CARD_READER_NAME_SIZE];  /* the reader that was connected to */
static char waited[CARD_READER_NAME_SIZE]; /* the first one whose state was waited for */

/* ---- the library ---- */

LONG SCardEstablishContext(DWORD dwScope, LPCVOID pvReserved1, LPCVOID pvReserved2,
                           LPSCARDCONTEXT phContext)
{
    (void)dwScope, (void)pvReserved1, (void)pvReserved2;
    *phContext = 1;
    return establish_code;
}

LONG SCardReleaseContext(SCARDCONTEXT hContext)
{
    (void)hContext;
    return SCARD_S_SUCCESS;
}

LONG SCardListReaders(SCARDCONTEXT hContext, LPCSTR mszGroups, LPSTR mszReaders,
                      LPDWORD pcchReaders)
{
    (void)hContext, (void)mszGroups;
    DWORD len = 0;
    for (size_t i = 0; i < CARD_READER_MAX && name[i] != NULL; i++) {
        size_t more = strlen(name[i]) + 1;
        assert_true(len + more < *pcchReaders);
        memcpy(mszReaders + len, name[i], more);
        len += (DWORD)more;
    }
    mszReaders[len++] = '\0';
    *pcchReaders = len;
    return len == 1 ? SCARD_E_NO_READERS_AVAILABLE : SCARD_S_SUCCESS;
}

LONG SCardGetStatusChange(SCARDCONTEXT hContext, DWORD dwTimeout, SCARD_READERSTATE *rgReaderStates,
                          DWORD cReaders)
{
    (void)hContext;
    if (dwTimeout != 0) {
        (void)snprintf(waited, sizeof waited, "%s", rgReaderStates[0].szReader);
        return SCARD_E_TIMEOUT;
    }
    for (DWORD i = 0; i < cReaders; i++) {
        rgReaderStates[i].dwEventState =
            (full >> i & 1) != 0 ? SCARD_STATE_PRESENT : SCARD_STATE_EMPTY;
    }
    return SCARD_S_SUCCESS;
}

LONG SCardConnect(SCARDCONTEXT hContext, LPCSTR szReader, DWORD dwShareMode,
                  DWORD dwPreferredProtocols, LPSCARDHANDLE phCard, LPDWORD pdwActiveProtocol)
{
    (void)hContext, (void)dwShareMode, (void)dwPreferredProtocols;
    (void)snprintf(asked, sizeof asked, "%s", szReader);
    *phCard = 1;
    *pdwActiveProtocol = SCARD_PROTOCOL_T1;
    return connect_code;
}

LONG SCardBeginTransaction(SCARDHANDLE hCard)
{
    (void)hCard;
    return SCARD_S_SUCCESS;
}

LONG SCardEndTransaction(SCARDHANDLE hCard, DWORD dwDisposition)
{
    (void)hCard, (void)dwDisposition;
    return SCARD_S_SUCCESS;
}

LONG SCardDisconnect(SCARDHANDLE hCard, DWORD dwDisposition)
{
    (void)hCard, (void)dwDisposition;
    return SCARD_S_SUCCESS;
}

/* ---- the tests ---- */

static int make(void **state)
{
    (void)state;
    memset(name, 0, sizeof name);
    memset(asked, 0, sizeof asked);
    name[0] = "Reader 0";
    establish_code = connect_code = SCARD_S_SUCCESS;
    full = 1;
    return 0;
}

static struct card_readers *open_readers(void)
{
    struct card_readers *readers = NULL;
    assert_int_equal(card_readers_open(&readers), CARD_IO_OK);
    return readers;
}

static enum card_io_error connect_to(const char *reader)
{
    struct card_readers *readers = open_readers();
    struct card_io io;
    enum card_io_error error = card_readers_connect(readers, reader, &io);
    if (error == CARD_IO_OK) {
        io.close(io.ctx);
    }
    card_readers_close(readers);
    return error;
}

static const struct {
    LONG code;
    enum card_io_error error;
} codes[] = {
    {SCARD_W_SECURITY_VIOLATION, CARD_IO_DENIED},
    {SCARD_E_NO_SERVICE, CARD_IO_NO_SERVICE},
    {SCARD_E_READER_UNAVAILABLE, CARD_IO_NO_READER},
    {SCARD_E_NO_SMARTCARD, CARD_IO_REMOVED},
    {SCARD_E_SHARING_VIOLATION, CARD_IO_BUSY},
    {SCARD_W_UNRESPONSIVE_CARD, CARD_IO_MUTE},
    {SCARD_E_NO_MEMORY, CARD_IO_SYSTEM},
    {SCARD_F_UNKNOWN_ERROR, CARD_IO_FAILED},
};

static void refusals_have_their_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        struct card_readers *readers = NULL;
        establish_code = codes[i].code;
        assert_int_equal(card_readers_open(&readers), codes[i].error);
        assert_null(readers);
        establish_code = SCARD_S_SUCCESS;
        connect_code = codes[i].code;
        assert_int_equal(connect_to("Reader 0"), codes[i].error);
    }
    assert_string_equal(card_io_error_name(CARD_IO_DENIED), "denied");
    assert_non_null(strstr(card_io_error_text(CARD_IO_DENIED), "polkit"));
}

/* Bytes of an ISO 8859 name, a control character, half a character, one that turns text round, an
 * overlong one; and 127 bytes of nothing. */
static char nothing[CARD_READER_NAME_SIZE];
static char marks[CARD_READER_NAME_SIZE];
static const struct {
    const char *id, *text;
} odd[] = {
    {"Reader", "Reader"},
    {"L\xE9gic 00", "L?gic 00"},
    {"caf\xC3\xA9", "caf\xC3\xA9"},
    {"two\nlines", "two?lines"},
    {"cut \xE2\x82", "cut ??"},
    {"\xE2\x80\xAEround", "???round"},
    {"\xC0\xAF", "??"},
    {nothing, marks},
};

static void make_odd(void)
{
    memset(nothing, 0xFF, sizeof nothing - 1);
    memset(marks, '?', sizeof marks - 1);
    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        name[i] = odd[i].id;
    }
}

static void names_are_text(void **state)
{
    (void)state;
    struct card_reader_state list[CARD_READER_MAX];
    size_t count = 0;
    make_odd();
    struct card_readers *readers = open_readers();
    assert_int_equal(card_readers_list(readers, list, &count), CARD_IO_OK);
    assert_int_equal(count, COUNT_OF(odd));
    for (size_t i = 0; i < count; i++) {
        struct json_reader back;
        struct json_value *object = json_new_object();
        assert_string_equal(list[i].name, odd[i].text);
        json_put_string(object, "reader", list[i].name);
        char *text = json_format(object, 0);
        json_free(object);
        assert_non_null(text);
        assert_true(json_open(span_str(text), &back));
        json_close(&back);
        free(text);
    }
    card_readers_close(readers);
}

static void what_is_listed_can_be_chosen(void **state)
{
    (void)state;
    struct card_reader_state list[CARD_READER_MAX];
    char found[CARD_READER_NAME_SIZE];
    size_t count = 0;
    make_odd();
    struct card_readers *readers = open_readers();
    assert_int_equal(card_readers_list(readers, list, &count), CARD_IO_OK);
    for (size_t i = 0; i < count; i++) {
        full = 1U << i;
        assert_int_equal(connect_to(list[i].name), CARD_IO_OK);
        assert_string_equal(asked, odd[i].id);
        assert_int_equal(card_readers_wait(readers, list[i].name, 0, found), CARD_IO_OK);
        assert_string_equal(found, list[i].name);
        assert_int_equal(card_readers_wait(readers, NULL, 0, found), CARD_IO_OK);
        assert_string_equal(found, list[i].name);
        assert_int_equal(card_readers_sleep(readers, &list[i], 1, 1), CARD_IO_OK);
        assert_string_equal(waited, odd[i].id);
    }
    asked[0] = '\0';
    assert_int_equal(connect_to("L\xE9gic 00"), CARD_IO_NO_READER);
    assert_int_equal(connect_to("another"), CARD_IO_NO_READER);
    assert_string_equal(asked, "");
    card_readers_close(readers);
}

static void of_two_names_that_read_the_same_the_first_is_meant(void **state)
{
    (void)state;
    name[0] = "R\xE8";
    name[1] = "R\xE9";
    full = 3;
    assert_int_equal(connect_to("R?"), CARD_IO_OK);
    assert_string_equal(asked, "R\xE8");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(refusals_have_their_names, make),
        cmocka_unit_test_setup(names_are_text, make),
        cmocka_unit_test_setup(what_is_listed_can_be_chosen, make),
        cmocka_unit_test_setup(of_two_names_that_read_the_same_the_first_is_meant, make),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
