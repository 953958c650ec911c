/* SPDX-License-Identifier: Apache-2.0
 *
 * Takes from this process what a download does not need: other users' rights, writing to any file
 * but those open already, starting programs, much memory, outliving its caller.
 */
#ifndef DEVICES_FETCH_CONFINE_H
#define DEVICES_FETCH_CONFINE_H

#include <stdbool.h>
#include <stdint.h>

/* `file_bytes`: how long a file may become by writing. False = do not go on. Landlock is added
 * where the kernel has it; a process of root becomes one of nobody where the kernel lets it. */
bool confine(uint64_t file_bytes);

#endif
