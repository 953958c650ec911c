/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the program's own files are, seen from the running program: installed, or in a build
 * folder.
 */
#ifndef CLI_PLACE_H
#define CLI_PLACE_H

/* The folder of helper programs, and the folder of data (translations, samples). Constant after the
 * first call. */
const char *place_libexec(void);
const char *place_share(void);

#endif
