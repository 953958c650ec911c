/* SPDX-License-Identifier: Apache-2.0
 *
 * What saksi-page is told about one certificate (issuer/page.h).
 */
#ifndef ISSUER_PAPER_JSON_H
#define ISSUER_PAPER_JSON_H

#include "issuer/paper.h"

/* The JSON text, allocated; free with free(). NULL when memory ran out. */
char *paper_json(const struct paper_request *request);

#endif
