/* SPDX-License-Identifier: Apache-2.0
 *
 * What the decoding helpers have in common: arguments, the input file, the locks, the output.
 */
#ifndef DEVICES_PROGRAM_H
#define DEVICES_PROGRAM_H

#include "devices/decode/codes.h"
#include "devices/decode/image.h"

/* The part in which the helpers differ. Both functions run behind the locks. */
struct program {
    void (*prepare)(void); /* what needs files, before the locks; may be NULL */
    enum decode_status (*codes)(struct span file, struct code_list *list);
    /* NULL when this program shows no photos */
    enum decode_status (*photo)(struct span file, struct image *ret_rgb);
};

/* The exit code for main(). */
int program_main(const struct program *program, int argc, char **argv);

#endif
