/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands of saksi and the exit statuses they share.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

/* Exit statuses; scripts depend on them. The numbers from 64 on are those of sysexits.h. */
enum exit_status {
    EXIT_ALL_VALID = 0,
    EXIT_ANY_NOT_VALID = 1,
    EXIT_ANY_CHECK = 2,
    EXIT_ANY_CANNOT = 3,
    EXIT_REFUSED = 1, /* of commands that judge no certificate: the input was refused */
    EXIT_USAGE = 64,
    EXIT_DATA = 65,
    EXIT_INTERNAL = 70,
    EXIT_CANNOT_CREATE = 73,
    EXIT_INPUT_OUTPUT = 74,
    EXIT_PERMISSION = 77,
};

/* Each gets its own name as argv[0] and returns an exit status. */
int cmd_verify(int argc, char **argv);
int cmd_scan(int argc, char **argv);
int cmd_inspect(int argc, char **argv);
int cmd_trust(int argc, char **argv);
int cmd_authority(int argc, char **argv);

#endif
