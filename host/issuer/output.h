/* SPDX-License-Identifier: Apache-2.0
 *
 * The files of one certificate: NAME.cose, NAME.txt and its pages; written, read back, compared.
 */
#ifndef ISSUER_OUTPUT_H
#define ISSUER_OUTPUT_H

#include "issuer/issue.h"

enum output_error {
    OUTPUT_OK = 0,
    OUTPUT_PAGE,    /* a page cannot be made of it, or does not read back */
    OUTPUT_PROGRAM, /* a helper program is missing or failed */
    OUTPUT_FILE,    /* writing failed */
};

#define OUTPUT_NAME_MAX 160

struct output_request {
    const struct station *station;
    const struct credential *credential;
    const struct signed_credential *made;
    const struct holder_photo *photo; /* NULL for none */
    const struct titles *titles;      /* NULL for none */
    const char *libexec_dir;
    const char *folder;
    const char *name; /* of the files, without extension */
    unsigned pages;
};

struct output;

/* Makes and checks the pages, in memory. `why` gets one sentence on failure. */
MUST_USE enum output_error output_make(const struct output_request *request,
                                       struct output **ret_output, char why[400]);

/* Writes what was made of the same request, and reads it back. */
MUST_USE enum output_error output_put(const struct output_request *request,
                                      const struct output *output, char why[400]);
void output_free(struct output *output); /* may be NULL */

/* Removes what an earlier run of this program left half-written in a folder when it was stopped.
 * The caller holds the station's lock. What cannot be removed is left for the next time. */
void output_sweep(const char *folder);

/* The certificate number as a file name: letters, digits, '.', '-' stay, blanks become '_', the
 * rest "%2F". With `with_index` '+' and the index follow, so that another certificate of the same
 * number does not overwrite the first. No two numbers share a name, nor a name and "-card". */
void output_name(struct span number, bool with_index, uint32_t index, char name[OUTPUT_NAME_MAX]);

#endif
