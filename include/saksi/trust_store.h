/* SPDX-License-Identifier: Apache-2.0
 *
 * The trust store: one file that holds whom a checkpoint trusts. It begins with a root that its
 * operator has confirmed and grows by signed bundles; what does not fit its rules is refused and
 * changes nothing.
 *
 * A store belongs to one thread at a time. Several programs may open one file.
 */
#ifndef SAKSI_TRUST_STORE_H
#define SAKSI_TRUST_STORE_H

#include <stddef.h>
#include <stdint.h>
#include <saksi/error.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SAKSI_ROOT_ID_SIZE 32

struct saksi_store;

enum saksi_store_flags {
    SAKSI_STORE_READ = 0,   /* the file must exist; nothing is written */
    SAKSI_STORE_CREATE = 1, /* may be written, and is made when absent */
    SAKSI_STORE_SAMPLE = 2, /* sample data is welcome; verdicts say that they rest on it */
};

/* Opens a store. On SAKSI_OK the caller closes *ret_store; otherwise it is untouched. */
SAKSI_API SAKSI_MUST_USE enum saksi_error saksi_store_open(const char *path, unsigned flags,
                                                           struct saksi_store **ret_store);

/* Close verifiers that use it first. NULL is allowed. */
SAKSI_API void saksi_store_close(struct saksi_store *store);

/* Puts the first root into an empty store. `root` are the bytes of a .root file; `root_id` is its
 * identity as the operator confirmed it by another way than the file's. `now_s` is the device's
 * clock, `build_s` when the program was built, both in seconds since 1970. The same root again is
 * SAKSI_OK. */
SAKSI_API SAKSI_MUST_USE enum saksi_error
saksi_store_init(struct saksi_store *store, const void *root, size_t root_len,
                 const unsigned char root_id[SAKSI_ROOT_ID_SIZE], int64_t now_s, int64_t build_s);

/* Imports the bytes of a .bundle file, whole or not at all. */
SAKSI_API SAKSI_MUST_USE enum saksi_error saksi_store_import(struct saksi_store *store,
                                                             const void *bundle, size_t bundle_len,
                                                             int64_t now_s, int64_t build_s);

/* The name of the last SAKSI_ERROR_REFUSED of this store ("ROLLBACK") and a sentence about it; ""
 * when there was none. Both live as long as the library. */
SAKSI_API const char *saksi_store_refusal(const struct saksi_store *store);
SAKSI_API const char *saksi_store_refusal_text(const struct saksi_store *store);

#ifdef __cplusplus
}
#endif

#endif
