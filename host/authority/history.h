/* SPDX-License-Identifier: Apache-2.0
 *
 * What has been signed before: the newest version of a document that carries a signature. Whether
 * the signature is good does not matter; somebody may have published it.
 */
#ifndef AUTHORITY_HISTORY_H
#define AUTHORITY_HISTORY_H

#include "authority/problem.h"

/* The version of a file if anyone has signed it, else 0. AUTHORITY_DOCUMENT, naming the file, when
 * it is signed and its version cannot be read: never 0 then, which would let it be replaced. */
MUST_USE enum authority_error history_signed_version(const char *path, int64_t *ret_version,
                                                     struct authority_problem *problem);

/* Called with each signed document of that kind that is found; an error ends the search. */
struct history_visitor {
    enum authority_error (*visit)(void *context, const char *path, int64_t version,
                                  struct authority_problem *problem);
    void *context;
};

/* Visits the signed versions of a document that is built as DIR/out/NAME + EXTENSION: there, among
 * its earlier versions in DIR/out/signed, and `against` (may be NULL); in no order. */
MUST_USE enum authority_error history_visit(const char *dir, const char *name,
                                            const char *extension, const char *against,
                                            const struct history_visitor *visitor,
                                            struct authority_problem *problem);

/* The newest of these versions; 0 when there is none. */
MUST_USE enum authority_error history_newest_signed(const char *dir, const char *name,
                                                    const char *extension, const char *against,
                                                    int64_t *ret_newest,
                                                    struct authority_problem *problem);

#endif
