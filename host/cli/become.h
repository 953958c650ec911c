/* SPDX-License-Identifier: Apache-2.0
 *
 * Commands that are programs of their own in libexec, because they need libraries that the others
 * do not.
 */
#ifndef CLI_BECOME_H
#define CLI_BECOME_H

/* Becomes the program libexec/saksi-NAME; `command` is who says so when that fails. Returns an exit
 * status, and only then. */
int become_helper(const char *name, const char *command, char **argv);

#endif
