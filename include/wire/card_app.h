/* SPDX-License-Identifier: Apache-2.0
 *
 * What card and reader agree on: the applications' names, their files and objects, commands and
 * limits. WIRE.md, "The card", says the same in prose.
 */
#ifndef WIRE_CARD_APP_H
#define WIRE_CARD_APP_H

#include <stdbool.h>
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
    CARD_APP_NDEF = 0xE104,       /* the message of the NDEF application, which is off without */
    CARD_APP_CREDENTIAL = 0xE110  /* to 0xE117: COSE_Sign1 */
};

enum {
    CARD_APP_CREDENTIALS = 8,
    CARD_APP_MAX_CREDENTIAL = 4096,
    CARD_APP_MAX_PHOTO = 16384,
    CARD_APP_MAX_NDEF = 3072, /* a code's text of 2,900 characters as a record */
    CARD_APP_PUBLIC_KEY_BYTES = 65,
    CARD_APP_INDEX_VERSION = 1,
    CARD_APP_INDEX_HEAD = 2,  /* version, life cycle state */
    CARD_APP_INDEX_ENTRY = 4, /* file identifier, length */
    CARD_APP_MAX_INDEX = CARD_APP_INDEX_HEAD + CARD_APP_INDEX_ENTRY * (CARD_APP_CREDENTIALS + 3),
    CARD_APP_MAX_NC = 2048, /* data bytes of a command, all parts of a chain together */
    CARD_APP_MAX_NE = 2048  /* data bytes of one response */
};

enum card_app_ins {
    CARD_INS_VERIFY = 0x20,
    CARD_INS_CHANGE_REFERENCE_DATA = 0x24,
    CARD_INS_RESET_RETRY_COUNTER = 0x2C,
    CARD_INS_GENERATE = 0x47, /* ISO/IEC 7816-8 */
    CARD_INS_EXTERNAL_AUTHENTICATE = 0x82,
    CARD_INS_GENERAL_AUTHENTICATE = 0x87,
    CARD_INS_INTERNAL_AUTHENTICATE = 0x88,
    CARD_INS_SELECT = 0xA4,
    CARD_INS_READ_BINARY = 0xB0,
    CARD_INS_READ_BINARY_ODD = 0xB1,
    CARD_INS_GET_RESPONSE = 0xC0,
    CARD_INS_GET_DATA = 0xCB,
    CARD_INS_PUT_DATA = 0xDB,
    CARD_INS_INITIALIZE_UPDATE = 0x50, /* GlobalPlatform, CLA 8x, from here on */
    CARD_INS_PUT_KEY = 0xD8,
    CARD_INS_STORE_DATA = 0xE2,
    CARD_INS_SET_STATUS = 0xF0
};

/* Bits of CLA (ISO/IEC 7816-4 §5.1.1): chaining, and secure messaging as GlobalPlatform has it. */
enum { CARD_CLA_CHAIN = 0x10, CARD_CLA_SECURE = 0x04, CARD_CLA_PROPRIETARY = 0x80 };

/* Life cycle, in the coding of GlobalPlatform's card states. It goes downwards here, and back
 * only to BLANK, with nothing left but the channel's keys. */
enum card_app_state {
    CARD_BLANK = 0x01,        /* being made */
    CARD_PERSONALISED = 0x0F, /* whole, and not finished: certificates can be added */
    CARD_LOCKED = 0x7F,       /* finished: nothing can be changed any more */
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
    SCP03_TRIES = 64,         /* challenges without a right answer before the channel is shut */
    SCP03_FREE_TRIES = 2,     /* of these in a row before the card waits ahead of the next, ... */
    SCP03_DELAY_MIN_MS = 100, /* ... at first so long, then twice as long each time, ... */
    SCP03_DELAY_MAX_MS = 3200 /* ... up to this */
};

/* The PIV application (NIST SP 800-73-4). It answers to its AID and to any part of it that holds at
 * least the registered provider identifier. */
#define CARD_PIV_AID "\xA0\x00\x00\x03\x08\x00\x00\x10\x00\x01\x00"
enum { CARD_PIV_AID_BYTES = 11, CARD_PIV_RID_BYTES = 5 };

/* Its data objects: the tags that GET DATA and PUT DATA name behind 5C. */
enum card_piv_object {
    CARD_PIV_DISCOVERY = 0x7E, /* made by the card */
    CARD_PIV_CERTIFICATE_9E = 0x5FC101,
    CARD_PIV_CHUID = 0x5FC102,
    CARD_PIV_CERTIFICATE_9A = 0x5FC105,
    CARD_PIV_CCC = 0x5FC107,
    CARD_PIV_CERTIFICATE_9C = 0x5FC10A,
    CARD_PIV_CREDENTIAL = 0x5FC1F0 /* ours, beyond what NIST uses: COSE_Sign1, no template */
};

/* Bytes inside 53, most. */
enum {
    CARD_PIV_MAX_CCC = 287,
    CARD_PIV_MAX_CHUID = 512,
    CARD_PIV_MAX_CERTIFICATE = 2044,
    CARD_PIV_MAX_CREDENTIAL = CARD_APP_MAX_CREDENTIAL
};

/* Its key references (SP 800-73-4, part 1, table 4b). */
enum card_piv_reference {
    CARD_PIV_PIN = 0x80,
    CARD_PIV_PUK = 0x81,
    CARD_PIV_KEY_9A = 0x9A, /* authentication, after the PIN */
    CARD_PIV_KEY_9B = 0x9B, /* management */
    CARD_PIV_KEY_9C = 0x9C, /* signature, after the PIN each time */
    CARD_PIV_KEY_9E = 0x9E  /* card authentication, without the PIN */
};

/* Its algorithms (SP 800-78-4, table 6-2). */
enum card_piv_algorithm {
    CARD_PIV_AES_128 = 0x08,
    CARD_PIV_AES_192 = 0x0A,
    CARD_PIV_AES_256 = 0x0C,
    CARD_PIV_P256 = 0x11
};

enum {
    CARD_PIV_SECRET = 8,     /* bytes of PIN and PUK; a PIN of 6 to 8 digits is filled up with FF */
    CARD_PIV_MAX_TRIES = 15, /* what 63Cx can say */
    CARD_PIV_HASH = 32,      /* what P-256 keys sign */
    CARD_PIV_CHALLENGE = 16  /* of the management key */
};

/* The NDEF application (NFC Forum, Type 4 Tag 2.0), and its files. */
#define CARD_NDEF_AID "\xD2\x76\x00\x00\x85\x01\x01"
enum { CARD_NDEF_AID_BYTES = 7 };

enum card_ndef_file {
    CARD_NDEF_CC = 0xE103,     /* capability container */
    CARD_NDEF_MESSAGE = 0xE104 /* length (2), message */
};

enum { CARD_NDEF_CC_BYTES = 15 };

/* Whether the file of that identifier holds a certificate. */
static inline bool card_app_is_credential(uint16_t file)
{
    return file >= CARD_APP_CREDENTIAL && file < CARD_APP_CREDENTIAL + CARD_APP_CREDENTIALS;
}

#endif
