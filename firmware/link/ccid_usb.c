/* SPDX-License-Identifier: Apache-2.0
 *
 * The descriptors as they go over the wire; numbers are little-endian.
 */
#include "ccid_usb.h"

#include "link/ccid.h"

#define LE16(n) (uint8_t)((n)&0xFF), (uint8_t)((n) >> 8 & 0xFF)
#define LE32(n) LE16(n), LE16((uint32_t)(n) >> 16)

enum { CONFIGURATION = 2, INTERFACE = 4, ENDPOINT = 5, CLASS = 0x21, SMART_CARD = 0x0B, BULK = 2 };

const uint8_t ccid_usb_descriptors[CCID_USB_BYTES] = {
    /* configuration: one interface, powered by the bus, 50 mA */
    CCID_USB_CONFIGURATION, CONFIGURATION, LE16(CCID_USB_BYTES), 1, 1, 0, 0x80, 25,
    /* interface: number 0, two endpoints, bulk transfer */
    CCID_USB_INTERFACE, INTERFACE, 0, 0, 2, SMART_CARD, 0, 0, 0,
    /* class */
    CCID_USB_CLASS, CLASS, LE16(0x0110),             /* bcdCCID */
    0,                                               /* bMaxSlotIndex */
    0x01,                                            /* bVoltageSupport: 5 V, which is the bus's */
    LE32(0x00000002),                                /* dwProtocols: T=1 */
    LE32(CCID_CLOCK_KHZ),                            /* dwDefaultClock */
    LE32(CCID_CLOCK_KHZ),                            /* dwMaximumClock */
    0,                                               /* bNumClockSupported: that one */
    LE32(CCID_DATA_RATE),                            /* dwDataRate */
    LE32(CCID_DATA_RATE),                            /* dwMaxDataRate */
    0,                                               /* bNumDataRatesSupported: that one */
    LE32(T1_IFSC),                                   /* dwMaxIFSD */
    LE32(0),                                         /* dwSynchProtocols */
    LE32(0),                                         /* dwMechanical */
    LE32(CCID_USB_FEATURES), LE32(CCID_MAX_MESSAGE), /* dwMaxCCIDMessageLength */
    0xFF, 0xFF, /* bClassGetResponse, bClassEnvelope: the host's */
    LE16(0),    /* wLcdLayout */
    0,          /* bPINSupport */
    1,          /* bMaxCCIDBusySlots */
    /* endpoints */
    CCID_USB_ENDPOINT, ENDPOINT, CCID_USB_OUT, BULK, LE16(CCID_USB_PACKET), 0, CCID_USB_ENDPOINT,
    ENDPOINT, CCID_USB_IN, BULK, LE16(CCID_USB_PACKET), 0};
