/* SPDX-License-Identifier: Apache-2.0
 *
 * Preset dictionary 1 of the QR text (RFC 1950 §2.2, FDICT). Frozen: a byte changed here makes
 * certificates in print unreadable, so another dictionary is another file and another DICTID.
 */
#ifndef CODEC_QR_DICTIONARY_H
#define CODEC_QR_DICTIONARY_H

#include "wire/bytes.h"

/* Its Adler-32: the DICTID. */
#define QR_DICTIONARY_1_ID 0x8230FD04U

struct span qr_dictionary_1(void);

#endif
