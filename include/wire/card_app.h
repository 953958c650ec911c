/* SPDX-License-Identifier: Apache-2.0
 *
 * What card and reader agree on for the credential application: its name, its files, its commands
 * and its limits. WIRE.md, "The card", says the same in prose.
 */
#ifndef WIRE_CARD_APP_H
#define WIRE_CARD_APP_H

#include <stdint.h>

/* AID: category F of ISO/IEC 7816-4 §8.2.1.2 (proprietary, without registration), "SAKSI", 1. */
#define CARD_APP_AID "\xF0SAKSI\x01"
enum { CARD_APP_AID_BYTES = 7 };

/* Files. Those of credentials follow one another. The short identifier of a file is the low five
 * bits of its identifier. */
enum card_app_file {
    CARD_APP_INDEX = 0xE101,      /* what is on the card; made by the card */
    CARD_APP_PUBLIC_KEY = 0xE102, /* 04 ‖ x ‖ y; made by the card */
    CARD_APP_PHOTO = 0xE103,      /* JPEG or WebP */
    CARD_APP_CREDENTIAL = 0xE110  /* to 0xE117: COSE_Sign1 */
};

enum {
    CARD_APP_CREDENTIALS = 8,
    CARD_APP_MAX_CREDENTIAL = 4096,
    CARD_APP_MAX_PHOTO = 16384,
    CARD_APP_PUBLIC_KEY_BYTES = 65,
    CARD_APP_INDEX_VERSION = 1,
    CARD_APP_INDEX_HEAD = 2,  /* version, life cycle state */
    CARD_APP_INDEX_ENTRY = 4, /* file identifier, length */
    CARD_APP_MAX_INDEX = CARD_APP_INDEX_HEAD + CARD_APP_INDEX_ENTRY * (CARD_APP_CREDENTIALS + 2),
    CARD_APP_MAX_NC = 2048, /* data bytes of a command, all parts of a chain together */
    CARD_APP_MAX_NE = 2048  /* data bytes of one response */
};

enum card_app_ins {
    CARD_INS_GENERATE = 0x47, /* ISO/IEC 7816-8 */
    CARD_INS_EXTERNAL_AUTHENTICATE = 0x82,
    CARD_INS_INTERNAL_AUTHENTICATE = 0x88,
    CARD_INS_SELECT = 0xA4,
    CARD_INS_READ_BINARY = 0xB0,
    CARD_INS_READ_BINARY_ODD = 0xB1,
    CARD_INS_GET_RESPONSE = 0xC0,
    CARD_INS_INITIALIZE_UPDATE = 0x50, /* GlobalPlatform, CLA 8x, from here on */
    CARD_INS_PUT_KEY = 0xD8,
    CARD_INS_STORE_DATA = 0xE2,
    CARD_INS_SET_STATUS = 0xF0
};

/* Bits of CLA (ISO/IEC 7816-4 §5.1.1): chaining, and secure messaging as GlobalPlatform has it. */
enum { CARD_CLA_CHAIN = 0x10, CARD_CLA_SECURE = 0x04, CARD_CLA_PROPRIETARY = 0x80 };

/* Life cycle, in the coding of GlobalPlatform's card states. It only ever goes downwards here. */
enum card_app_state {
    CARD_BLANK = 0x01,        /* being made */
    CARD_PERSONALISED = 0x0F, /* in a holder's hand; certificates can be added */
    CARD_LOCKED = 0x7F,       /* nothing can be changed any more */
    CARD_TERMINATED = 0xFF    /* nothing is left */
};

/* INTERNAL AUTHENTICATE signs SHA-256(prefix ‖ challenge ‖ credential_digest ‖ purpose). The
 * prefix ends with its NUL. */
#define CARD_PROOF_PREFIX "saksi/ia/1"
enum {
    CARD_PROOF_PREFIX_BYTES = sizeof CARD_PROOF_PREFIX,
    CARD_PROOF_CHALLENGE = 32,
    CARD_PROOF_DIGEST = 32,
    CARD_PROOF_INPUT = CARD_PROOF_CHALLENGE + CARD_PROOF_DIGEST + 1,
    CARD_PROOF_SIGNATURE = 64 /* r ‖ s */
};

enum card_proof_purpose {
    CARD_PURPOSE_VERIFY = 1, /* someone checks a certificate */
    CARD_PURPOSE_ISSUE = 2   /* the issuer checks the card it has made */
};

/* The secure channel: SCP03 (GlobalPlatform Card Specification, Amendment D). */
enum {
    SCP03_PROTOCOL = 0x03,
    SCP03_OPTIONS = 0x20, /* "i": random card challenge, R-MAC, no R-ENC */
    SCP03_CHALLENGE = 8,
    SCP03_CRYPTOGRAM = 8,
    SCP03_MAC = 8,              /* what of a MAC is sent */
    SCP03_DIVERSIFICATION = 10, /* the card's serial number */
    SCP03_KEY_TYPE_AES = 0x88,
    SCP03_KCV = 3,
    SCP03_TRANSPORT_VERSION = 0xFF, /* the keys a card leaves its factory with */
    SCP03_FIRST_VERSION = 0x30,
    SCP03_LAST_VERSION = 0x3F,
    SCP03_LEVEL_C_MAC = 0x01,
    SCP03_LEVEL_C_ENC = 0x02,
    SCP03_LEVEL_R_MAC = 0x10,
    SCP03_TRIES = 64 /* wrong host cryptograms in a row before the channel is shut */
};

#endif
