/* SPDX-License-Identifier: Apache-2.0
 *
 * The names of the claims a certificate carries (claim.def).
 */
#ifndef SAKSI_CREDENTIAL_H
#define SAKSI_CREDENTIAL_H

#ifdef __cplusplus
extern "C" {
#endif

enum saksi_claim {
#define SAKSI_TOP_CLAIM(name, json, label, kind, least, most, presence) SAKSI_CLAIM_##name,
#define SAKSI_CLAIM(name, json, label, kind, least, most, presence)     SAKSI_CLAIM_##name,
#include <saksi/claim.def>
    SAKSI_CLAIM_COUNT
};

#ifdef __cplusplus
}
#endif

#endif
