/* SPDX-License-Identifier: Apache-2.0
 *
 * Build, sign and publish in one place, with all the keys in one folder: for first steps and sample
 * data only. Real authorities sign each document where its key is.
 */
#ifndef AUTHORITY_CEREMONY_H
#define AUTHORITY_CEREMONY_H

#include "authority/publish.h"

struct ceremony_result {
    uint8_t root_id[TRUST_DIGEST_SIZE];
    struct publish_result bundle;
};

/* Builds root, lists and header of DIR, signs each with keys of DIR/keys until its threshold is
 * met, and writes DIR/out/trust.bundle. What is complete already is left alone. */
MUST_USE enum authority_error ceremony_publish(const char *dir, const char *password,
                                               const struct trust_clock_input *clock,
                                               struct ceremony_result *ret_result,
                                               struct authority_problem *problem);

/* Signs one document with keys of a folder until every threshold is met; AUTHORITY_KEY when they do
 * not suffice. */
MUST_USE enum authority_error ceremony_sign(const char *path, const char *roots,
                                            const char *keys_folder, const char *password,
                                            struct authority_problem *problem);

#endif
