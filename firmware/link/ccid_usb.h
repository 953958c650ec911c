/* SPDX-License-Identifier: Apache-2.0
 *
 * What a USB port tells the host about this reader: its configuration, with the class descriptor
 * (CCID, revision 1.1, §5.1). The device descriptor, with numbers that belong to a maker, is the
 * port's.
 */
#ifndef LINK_CCID_USB_H
#define LINK_CCID_USB_H

#include <stdint.h>

enum {
    CCID_USB_CONFIGURATION = 9,
    CCID_USB_INTERFACE = 9,
    CCID_USB_CLASS = 54,
    CCID_USB_ENDPOINT = 7,
    CCID_USB_BYTES =
        CCID_USB_CONFIGURATION + CCID_USB_INTERFACE + CCID_USB_CLASS + 2 * CCID_USB_ENDPOINT,
    CCID_USB_OUT = 0x01, /* endpoints */
    CCID_USB_IN = 0x82,
    CCID_USB_PACKET = 64 /* full speed */
};

/* dwFeatures: the card's parameters follow from its answer to reset, voltage, clock, rate and PPS
 * are no concern of the host's; one message carries one TPDU. */
enum { CCID_USB_FEATURES = 0x000100BA };

/* Configuration, interface, class, bulk OUT and bulk IN. The card is never pulled out of a token,
 * so that there is no interrupt endpoint. */
extern const uint8_t ccid_usb_descriptors[CCID_USB_BYTES];

#endif
