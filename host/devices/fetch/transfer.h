/* SPDX-License-Identifier: Apache-2.0
 *
 * One file over HTTP or HTTPS into a part file, and on from where the last try ended. The only
 * place that knows libcurl. Sends nothing but the request: no cookies, no credentials, no referrer.
 */
#ifndef DEVICES_FETCH_TRANSFER_H
#define DEVICES_FETCH_TRANSFER_H

#include "devices/fetch/message.h"

/* Always fills *ret_answer. `file` is the part file, open for reading and writing; what it holds
 * after FETCH_INTERRUPTED or FETCH_TIMEOUT can be gone on from by the next call. */
void transfer_run(const struct fetch_request *request, int file, struct fetch_answer *ret_answer);

#endif
