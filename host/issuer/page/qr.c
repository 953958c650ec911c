/* SPDX-License-Identifier: Apache-2.0
 *
 * The only file of this program that knows libqrencode.
 */
#include "qr.h"

#include <qrencode.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* The library keeps module state in the upper bits of each byte; the colour is the lowest. */
static uint8_t *copy_modules(const QRcode *code)
{
    size_t count = (size_t)code->width * (size_t)code->width;
    uint8_t *modules = malloc(count);
    for (size_t i = 0; modules != NULL && i < count; i++) {
        modules[i] = code->data[i] & 1u;
    }
    return modules;
}

static bool refuse_version(unsigned version, unsigned version_max, struct refusal *refusal)
{
    char reason[80];
    (void)snprintf(reason, sizeof reason, "needs QR version %u, this layout takes %u at most",
                   version, version_max);
    return refuse(refusal, "qr", reason);
}

bool qr_make_at(const char *text, enum qr_level level, unsigned version_max, struct qr *ret_qr,
                struct refusal *refusal)
{
    /* The 8-bit hint is the one the library accepts; it still finds the alphanumeric runs itself.
     */
    QRcode *code = QRcode_encodeString(text, 0, level == QR_LEVEL_L ? QR_ECLEVEL_L : QR_ECLEVEL_M,
                                       QR_MODE_8, 1);
    if (code == NULL) {
        return refuse(refusal, "qr", "does not fit a QR code");
    }
    struct qr qr = {(unsigned)code->version, (unsigned)code->width, NULL};
    bool fits = qr.version <= version_max || refuse_version(qr.version, version_max, refusal);
    if (fits) {
        qr.modules = copy_modules(code);
        fits = qr.modules != NULL || refuse_internal(refusal, "qr", "out of memory");
    }
    QRcode_free(code);
    if (fits) {
        *ret_qr = qr;
    }
    return fits;
}

bool qr_make(const char *text, unsigned version_max, struct qr *ret_qr, struct refusal *refusal)
{
    return qr_make_at(text, QR_LEVEL_M, version_max, ret_qr, refusal);
}

void qr_free(struct qr *qr)
{
    free(qr->modules);
    *qr = (struct qr){0};
}
