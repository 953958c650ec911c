/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory that runs out when it is told to: that of the code under test (its malloc, calloc and
 * realloc, by the linker's --wrap), of SQLite, of OpenSSL, and of zlib when it unpacks. */
#ifndef TESTS_CRASH_MEMORY_H
#define TESTS_CRASH_MEMORY_H

#include <stdbool.h>

/* Once, before any of these libraries is used. */
void crash_memory_install(void);

/* From now on the request of that number (from 1) fails, once or with all that follow; 0: none
 * does. Requests are counted anew. */
void crash_memory_fail(unsigned long number, bool for_ever);
unsigned long crash_memory_failed(void);

#endif
