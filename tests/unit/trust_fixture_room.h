/* SPDX-License-Identifier: Apache-2.0
 *
 * Shared by the trust_fixture*.c files. */
#ifndef TESTS_TRUST_FIXTURE_ROOM_H
#define TESTS_TRUST_FIXTURE_ROOM_H

#include "trust_fixture.h"

/* What `write` writes about `what`, in room of exactly its size. */
struct span fixture_written(struct fixture *f, void (*write)(struct writer *w, const void *what),
                            const void *what);

#endif
