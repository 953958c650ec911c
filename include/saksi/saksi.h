/* SPDX-License-Identifier: Apache-2.0
 *
 * libsaksi: everything a program needs to check certificates offline. Open a store, make a
 * verifier, verify, read the verdict. Examples stand beside the tests of the installed library.
 */
#ifndef SAKSI_SAKSI_H
#define SAKSI_SAKSI_H

#include <saksi/card.h>
#include <saksi/credential.h>
#include <saksi/error.h>
#include <saksi/trust_store.h>
#include <saksi/verdict.h>
#include <saksi/verifier.h>

#endif
