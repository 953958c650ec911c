/* SPDX-License-Identifier: Apache-2.0
 *
 * How a call of libsaksi can end. What a certificate is worth is never an error: see verdict.h.
 */
#ifndef SAKSI_ERROR_H
#define SAKSI_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SAKSI_API      __attribute__((visibility("default")))
#define SAKSI_MUST_USE __attribute__((warn_unused_result))
#else
#define SAKSI_API
#define SAKSI_MUST_USE
#endif

enum saksi_error {
    SAKSI_OK = 0,
    SAKSI_ERROR_ARGUMENT = 1,   /* NULL, out of range, or a struct of an unknown size */
    SAKSI_ERROR_MISSING = 2,    /* no such file */
    SAKSI_ERROR_OTHER_FILE = 3, /* not a trust store of this version */
    SAKSI_ERROR_SAMPLE = 4,     /* holds sample data, and SAKSI_STORE_SAMPLE was not given */
    SAKSI_ERROR_BUSY = 5,       /* locked by another program */
    SAKSI_ERROR_STORE = 6,      /* damaged, full, not readable or not writable */
    SAKSI_ERROR_REFUSED = 7,    /* a document may not enter the store: see saksi_store_refusal */
    SAKSI_ERROR_SYSTEM = 8,     /* memory, cryptographic library */
    SAKSI_ERROR_CARD = 9,       /* facts about a card that cannot all be true: something about one
                                   that is not there, or a good answer without key or digest */
    SAKSI_ERROR_PAPER = 10,     /* the paper shown with a card is no certificate */
};

/* One English sentence; never NULL. */
SAKSI_API const char *saksi_error_text(enum saksi_error error);

#ifdef __cplusplus
}
#endif

#endif
