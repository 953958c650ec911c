/* SPDX-License-Identifier: Apache-2.0
 *
 * What cards answer to a challenge, and what they show for a key, by value: signatures in other
 * forms and with numbers out of range, and points that are none.
 */
#include "card_line.h"

static struct card_host host;
static struct card_line line;
static struct card_visit visit;
static struct card_photo photo;
static struct card_holding holding;

static int make(void **state)
{
    (void)state;
    card_line_personalise(&host, 1, 1, 0);
    return 0;
}

static void take(void)
{
    struct card_io io = card_line_io(&line);
    assert_int_equal(card_visit_open(&visit, &io), CARD_IO_OK);
    assert_int_equal(visit.certificates, 1);
    assert_int_equal(card_holding_read(&visit, 0, &photo, &holding), CARD_IO_OK);
}

static void start(void)
{
    host_restart(&host);
    line = (struct card_line){.host = &host};
    photo.read = false;
}

/* r ‖ s of a genuine answer, written or computed otherwise. */
enum change {
    OTHER_S, /* n - s: as good as s */
    SWAPPED,
    R_ZERO,
    S_ZERO,
    R_ORDER,
    S_ORDER,
    R_NEXT, /* n + 1 */
    S_NEXT,
    R_ONES,
    S_ONES,
    BOTH_ZERO,
    BOTH_ORDER,
    SHORTER, /* by a byte */
    LONGER,
    AS_DER,
    CHANGES
};

static const uint8_t order[32] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                  0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                  0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

static void negate(uint8_t *number)
{
    unsigned borrow = 0;
    for (size_t i = 32; i-- > 0;) {
        unsigned difference = 0x100U + order[i] - number[i] - borrow;
        number[i] = (uint8_t)difference;
        borrow = difference < 0x100U;
    }
}

static void swap(uint8_t *signature)
{
    uint8_t r[32];
    memcpy(r, signature, 32);
    memcpy(signature, signature + 32, 32);
    memcpy(signature + 32, r, 32);
}

/* ECDSA-Sig-Value with both numbers in 33 bytes, as they stand when their top bits are set. */
static size_t write_der(uint8_t *signature)
{
    static const uint8_t head[] = {0x30, 0x46, 0x02, 0x21, 0x00}, middle[] = {0x02, 0x21, 0x00};
    memmove(signature + 40, signature + 32, 32);
    memmove(signature + 5, signature, 32);
    memcpy(signature, head, sizeof head);
    memcpy(signature + 37, middle, sizeof middle);
    return 72;
}

static size_t change_signature(uint8_t *signature, enum change change)
{
    bool of_s = change == S_ZERO || change == S_ORDER || change == S_NEXT || change == S_ONES;
    uint8_t *number = signature + (of_s ? 32 : 0);
    switch (change) {
    case OTHER_S:
        negate(signature + 32);
        return 64;
    case SWAPPED:
        swap(signature);
        return 64;
    case R_ORDER:
    case S_ORDER:
    case R_NEXT:
    case S_NEXT:
        memcpy(number, order, 32);
        number[31] = (uint8_t)(number[31] + (change == R_NEXT || change == S_NEXT));
        return 64;
    case BOTH_ORDER:
        memcpy(signature, order, 32);
        memcpy(signature + 32, order, 32);
        return 64;
    case SHORTER:
        return 63;
    case LONGER:
        signature[64] = 0;
        return 65;
    case AS_DER:
        return write_der(signature);
    case BOTH_ZERO:
        memset(signature, 0, 64);
        return 64;
    default:
        memset(number, change == R_ONES || change == S_ONES ? 0xFF : 0, 32);
        return 64;
    }
}

static size_t twist_answer(struct card_line *l, struct span command, uint8_t *response, size_t len,
                           size_t cap)
{
    if (command.ptr[1] != CARD_INS_INTERNAL_AUTHENTICATE) {
        return len;
    }
    assert_true(len == 66 && cap >= 74);
    size_t data = change_signature(response, (enum change)l->number);
    memcpy(response + data, "\x90\x00", 2);
    return data + 2;
}

static void answers_are_64_bytes_in_range(void **state)
{
    (void)state;
    for (unsigned change = 0; change < CHANGES; change++) {
        start();
        line.twist = twist_answer;
        line.number = change;
        take();
        assert_int_equal(holding.proof.answer,
                         change == OTHER_S ? CARD_ANSWER_GOOD : CARD_ANSWER_WRONG);
    }
}

/* What the card shows for its key. */
static uint8_t shown_key[65];

static size_t show_key(struct card_line *l, struct span command, uint8_t *response, size_t len,
                       size_t cap)
{
    (void)l;
    (void)cap;
    if (command.ptr[1] == CARD_INS_READ_BINARY &&
        command.ptr[2] == (0x80 | (CARD_APP_PUBLIC_KEY & 0x1F))) {
        memcpy(response, shown_key, sizeof shown_key);
    }
    return len;
}

static void expect_key(enum card_io_error thumbprint_error)
{
    uint8_t thumbprint[32] = {0};
    static const uint8_t none[32];
    start();
    line.twist = show_key;
    take();
    assert_int_equal(holding.proof.answer, CARD_ANSWER_WRONG);
    assert_int_equal(card_session_thumbprint(&visit.session, thumbprint), thumbprint_error);
    assert_true(thumbprint_error == CARD_IO_OK || memcmp(thumbprint, none, 32) == 0);
}

/* RFC 6979 A.2.5, a point; and what is none. */
#define X    "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
#define Y    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
#define ZERO "0000000000000000000000000000000000000000000000000000000000000000"
#define P    "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"

static void keys_that_are_no_points_prove_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        enum card_io_error error;
    } row[] = {
        {"04" X Y, CARD_IO_OK},    /* somebody else's */
        {"04" X "86fc01eef7474367" /* p - y: also a point */
         "5be51616a9d7439b0d0e4df4d28160ae885c3d6b2bb9dd66",
         CARD_IO_OK},
        {"04" X "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d446229b",
         CARD_IO_NONSENSE}, /* y + 2, of the same parity */
        {"04" ZERO ZERO, CARD_IO_NONSENSE},
        {"00" ZERO ZERO, CARD_IO_NONSENSE}, /* the point at infinity, filled up */
        {"04" X ZERO, CARD_IO_NONSENSE},
        {"04" P Y, CARD_IO_NONSENSE},
        {"04" Y X, CARD_IO_NONSENSE},
        {"06" X Y, CARD_IO_NONSENSE}, /* hybrid forms */
        {"07" X Y, CARD_IO_NONSENSE},
        {"03" X Y, CARD_IO_NONSENSE},
        {"00" X Y, CARD_IO_NONSENSE},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        check_hex(row[i].key, shown_key, sizeof shown_key);
        expect_key(row[i].error);
    }
}

/* The card's own x with a y that has the right parity and is wrong: it would have verified, and a
 * thumbprint of no key at all would have been taken for one. */
static void a_wrong_y_is_no_key(void **state)
{
    (void)state;
    for (size_t bit = 1; bit < 256; bit++) {
        assert_int_equal(host_read(&host, CARD_APP_PUBLIC_KEY, shown_key, 65), 65);
        shown_key[64 - bit / 8] ^= (uint8_t)(1U << bit % 8);
        host_restart(&host);
        expect_key(CARD_IO_NONSENSE);
        host_select(&host);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_64_bytes_in_range),
        cmocka_unit_test(keys_that_are_no_points_prove_nothing),
        cmocka_unit_test(a_wrong_y_is_no_key),
    };
    return cmocka_run_group_tests(tests, make, NULL);
}
