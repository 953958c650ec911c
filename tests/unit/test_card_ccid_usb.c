/* SPDX-License-Identifier: Apache-2.0
 *
 * The reader's USB descriptors, field by field.
 */
#include "check.h"
#include "link/ccid_usb.h"

static uint32_t le(size_t offset, size_t len)
{
    uint32_t value = 0;
    while (len-- != 0) {
        value = value << 8 | ccid_usb_descriptors[offset + len];
    }
    return value;
}

static void descriptors_say_what_the_reader_is(void **state)
{
    (void)state;
    static const uint8_t kinds[][2] = {{9, 2}, {9, 4}, {54, 0x21}, {7, 5}, {7, 5}};
    size_t at = 0;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        assert_int_equal(ccid_usb_descriptors[at], kinds[i][0]);
        assert_int_equal(ccid_usb_descriptors[at + 1], kinds[i][1]);
        at += kinds[i][0];
    }
    assert_int_equal(at, sizeof ccid_usb_descriptors);
    assert_int_equal(le(2, 2), at);    /* wTotalLength */
    assert_int_equal(le(4, 1), 1);     /* bNumInterfaces */
    assert_int_equal(le(13, 1), 2);    /* bNumEndpoints */
    assert_int_equal(le(14, 1), 0x0B); /* bInterfaceClass: smart card */
    assert_int_equal(le(15, 2), 0);    /* bulk transfer */
    const size_t c = 18;
    assert_int_equal(le(c + 2, 2), 0x0110); /* bcdCCID */
    assert_int_equal(le(c + 4, 1), 0);      /* bMaxSlotIndex */
    assert_int_equal(le(c + 6, 4), 2);      /* dwProtocols: T=1 */
    assert_int_equal(le(c + 10, 4), 4000);
    assert_int_equal(le(c + 14, 4), 4000);
    assert_int_equal(le(c + 19, 4), 10753);
    assert_int_equal(le(c + 23, 4), 10753);
    assert_int_equal(le(c + 28, 4), 254); /* dwMaxIFSD */
    assert_int_equal(le(c + 40, 4), 0x000100BA);
    assert_int_equal(le(c + 40, 4) & 0x00070000, 0x00010000); /* TPDU, and no other level */
    assert_int_equal(le(c + 40, 4) & 0x00000400, 0);          /* the host negotiates IFSD */
    assert_int_equal(le(c + 44, 4), 271);                     /* dwMaxCCIDMessageLength */
    assert_int_equal(le(c + 52, 1), 0);                       /* bPINSupport */
    assert_int_equal(le(c + 53, 1), 1);                       /* bMaxCCIDBusySlots */
    for (size_t e = c + 54; e < at; e += 7) {
        assert_int_equal(le(e + 2, 1), e == c + 54 ? CCID_USB_OUT : CCID_USB_IN);
        assert_int_equal(le(e + 3, 1), 2); /* bulk */
        assert_int_equal(le(e + 4, 2), 64);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descriptors_say_what_the_reader_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
