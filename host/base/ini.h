/* SPDX-License-Identifier: Apache-2.0
 *
 * INI files, one value at a time. The only file that includes ini.h of inih.
 */
#ifndef BASE_INI_H
#define BASE_INI_H

#include <stdbool.h>

#define INI_MAX_BYTES      65536
#define INI_MAX_LINE_BYTES 190 /* a longer line is a fault of syntax */

enum ini_error {
    INI_OK = 0,
    INI_MISSING, /* no such file: usually fine */
    INI_SYNTAX,  /* see the line */
    INI_REFUSED, /* `take` said no; see the line */
    INI_IO,      /* cannot be read, is no regular file, or is larger than INI_MAX_BYTES */
};

/* Calls `take` for every value of the file, in order; it answers false to refuse one. *ret_line is
 * the line of the first fault, and is set only with INI_SYNTAX and INI_REFUSED. */
enum ini_error ini_read(const char *path,
                        bool (*take)(void *ctx, const char *section, const char *name,
                                     const char *value),
                        void *ctx, int *ret_line);

#endif
