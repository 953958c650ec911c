/* SPDX-License-Identifier: Apache-2.0
 *
 * What a check can answer: four outcomes and a closed table of reasons (verdict.def).
 */
#ifndef SAKSI_VERDICT_H
#define SAKSI_VERDICT_H

#ifdef __cplusplus
extern "C" {
#endif

/* From best to worst; the worst reason of a verdict is its outcome. */
enum saksi_outcome {
    SAKSI_VALID = 0,         /* green */
    SAKSI_CHECK_BY_HAND = 1, /* amber: genuine, but something could not be established */
    SAKSI_CANNOT_VERIFY = 2, /* grey: nothing is said about genuineness */
    SAKSI_NOT_VALID = 3,     /* red */
};

enum saksi_reason {
#define SAKSI_REASON(number, name, severity, sentence, next_step) SAKSI_##name = (number),
#include <saksi/verdict.def>
};

/* What was proved about the thing that was shown, weakest first. */
enum saksi_assurance {
    SAKSI_ASSURANCE_NONE = 0,
    SAKSI_ASSURANCE_CARD_READ = 1,    /* a card that was only read */
    SAKSI_ASSURANCE_QR = 2,           /* a code without a face */
    SAKSI_ASSURANCE_QR_FACE = 3,      /* a code that carries a signed face */
    SAKSI_ASSURANCE_TOKEN_PROVED = 4, /* a generic token that proved its key */
    SAKSI_ASSURANCE_CARD_PROVED = 5,  /* a card that proved its key */
};

/* Why the certificate is asked for; a rule of recognition may depend on it. */
enum saksi_purpose {
    SAKSI_BORDER = 1,
    SAKSI_HIRING = 2,
    SAKSI_HOTEL = 3,
    SAKSI_EVENT = 4,
};

#ifdef __cplusplus
}
#endif

#endif
