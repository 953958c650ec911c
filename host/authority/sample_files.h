/* SPDX-License-Identifier: Apache-2.0
 *
 * The files of sample/ inside the program; written by sample/embed.cmake when building.
 */
#ifndef AUTHORITY_SAMPLE_FILES_H
#define AUTHORITY_SAMPLE_FILES_H

#include <stddef.h>

struct sample_file {
    const char *name;          /* "ID/rules.json" */
    const unsigned char *text; /* not NUL-terminated */
    size_t len;
};

extern const struct sample_file sample_file[];
extern const size_t sample_file_count;

#endif
