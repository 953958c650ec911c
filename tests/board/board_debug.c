/* SPDX-License-Identifier: Apache-2.0
 *
 * QEMU's debugger (GDB's remote serial protocol), through a socket in the run's folder: it stops
 * the processor, and watches its memory.
 */
#include "board_run.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { TEXT = 512 };

int board_debugger(struct board_run *run)
{
    char arguments[TEXT];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int len = snprintf(address.sun_path, sizeof address.sun_path, "%s/debugger", run->folder);
    assert_true(len > 0 && (size_t)len < sizeof address.sun_path);
    unlink(address.sun_path);
    snprintf(arguments, sizeof arguments,
             "{\"command-line\":\"gdbserver unix:%s,server=on,wait=off\"}", address.sun_path);
    board_monitor(run, "human-monitor-command", arguments);
    int debugger = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(debugger, (struct sockaddr *)&address, sizeof address), 0);
    return debugger;
}

void board_debug_send(int debugger, const char *command)
{
    char text[8 * TEXT];
    uint8_t sum = 0;
    for (const char *p = command; *p != '\0'; p++) {
        sum = (uint8_t)(sum + (uint8_t)*p);
    }
    int len = snprintf(text, sizeof text, "$%s#%02x", command, sum);
    assert_true(len > 0 && (size_t)len < sizeof text);
    board_write(debugger, text, (size_t)len);
}

/* Acknowledgements come in between. */
bool board_debug_receive(int debugger, char *room, size_t cap, int timeout_ms)
{
    size_t len = 0;
    bool inside = false;
    for (;;) {
        char c;
        struct pollfd ready = {.fd = debugger, .events = POLLIN};
        if (poll(&ready, 1, timeout_ms) != 1 || read(debugger, &c, 1) != 1) {
            return false;
        }
        if (c == '#') {
            break;
        }
        if (inside && len < cap - 1) {
            room[len++] = c;
        }
        inside = inside || c == '$';
    }
    room[len] = '\0';
    uint8_t sum[2];
    assert_true(board_read(debugger, sum, sizeof sum));
    board_write(debugger, "+", 1);
    return true;
}
