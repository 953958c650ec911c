/* SPDX-License-Identifier: Apache-2.0
 *
 * Locks this process in, for good: after it no file, socket, program or process can be opened or
 * made. What is needed from files must be loaded before. It knows nothing of what the process then
 * does.
 */
#ifndef DEVICES_SANDBOX_H
#define DEVICES_SANDBOX_H

#include <stdbool.h>

/* True when every lock that this kernel must offer is in place: no new privileges, no core dump,
 * resource limits, and the system call filter. Landlock is added where the kernel has it. False =
 * do not go on. Harmless probes (open, sysinfo, ...) then fail with EPERM; exec, sockets, ptrace
 * and new processes or threads kill the process. Call once, before input is looked at, with a
 * single thread. */
bool sandbox_enter(void);

#endif
