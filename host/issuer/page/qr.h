/* SPDX-License-Identifier: Apache-2.0
 *
 * A QR symbol (ISO/IEC 18004) and its size in whole printer dots at 300 dpi.
 * Knows modules and dots; does not know what the text says.
 */
#ifndef PAGE_QR_H
#define PAGE_QR_H

#include <stdbool.h>
#include <stdint.h>

#include "refusal.h"

#define QR_QUIET_MODULES   4u
#define QR_DOTS_MODULE_MIN 4u
#define QR_VERSION_MAX     40u

struct qr {
    unsigned version; /* 1..40 */
    unsigned side;    /* modules in a side, without the quiet zone */
    uint8_t *modules; /* side * side, row by row; 1 is dark; owned */
};

/* How much of a symbol may be lost: 7 % (on screens, where there is always a next one) or 15 %. */
enum qr_level { QR_LEVEL_L, QR_LEVEL_M };

/* A refusal when the text does not fit a version up to version_max. qr_make takes level M. */
bool qr_make_at(const char *text, enum qr_level level, unsigned version_max, struct qr *ret_qr,
                struct refusal *refusal);
bool qr_make(const char *text, unsigned version_max, struct qr *ret_qr, struct refusal *refusal);
void qr_free(struct qr *qr);

/* The side in modules with its quiet zone. */
static inline unsigned qr_modules_with_quiet(const struct qr *qr)
{
    return qr->side + 2 * QR_QUIET_MODULES;
}

static inline bool qr_dark(const struct qr *qr, unsigned column, unsigned row)
{
    return qr->modules[row * qr->side + column] != 0;
}

#endif
