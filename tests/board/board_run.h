/* SPDX-License-Identifier: Apache-2.0
 *
 * A board under QEMU with an image of the card: started, spoken to over its serial line, looked
 * into, and killed. What the card is to keep lies in a file, where the board has such memory.
 */
#ifndef TESTS_BOARD_RUN_H
#define TESTS_BOARD_RUN_H

#include <sys/types.h>

#include "card_host.h"
#include "port/cortexm/factory.h"

struct board_kind {
    const char *name;
    const char *machine;
    uint32_t ram;       /* where the stack begins */
    uint32_t storage;   /* the card's flash */
    uint32_t factory;   /* its factory page */
    uint32_t clock_mhz; /* of SysTick */
    bool has_file;      /* storage outlives the emulator */
};

enum {
    BOARD_STACK = 4864,
    BOARD_STACK_SPARE = 384,
    BOARD_STORAGE = 163840,
    BOARD_PATH = 200,
    BOARD_FILE = 16 << 20
};

struct board_run {
    const struct board_kind *kind;
    const char *images; /* folder */
    char folder[BOARD_PATH];
    struct factory factory;
    bool counts;      /* instructions are time, ... */
    uint8_t slowness; /* ... 2^slowness ns each */
    bool seedless;    /* the next start gets a seed of zeros */
    pid_t pid;        /* 0: not running */
    int line;
    int monitor;
    uint64_t seed;
};

/* NULL: no such board. */
const struct board_kind *board_find(const char *name);

/* Why the board cannot be tested with the images in this folder; NULL: it can. */
const char *board_missing(const char *images, const char *name);

/* A folder for the files, and a factory page made from what the host knows of its card. */
void board_make(struct board_run *run, const struct board_kind *kind, const char *images,
                const struct card_host *host);

/* Starts the image `prefix`-BOARD.elf with a fresh seed, and with the flash that it was given:
 * what it writes stays there at once, or, where the emulator alone has the flash, until it is
 * killed. */
void board_start(struct board_run *run, const char *prefix);

/* Gives the card flash that holds these BOARD_STORAGE bytes, before it is started. */
void board_put_flash(const struct board_run *run, const uint8_t *bytes);

/* What its flash holds, while it runs. */
void board_get_flash(struct board_run *run, uint8_t *bytes);

/* SIGKILL. */
void board_kill(struct board_run *run);

/* Loses the power and gets it back: SIGKILL, and a new start with the flash that is left. */
void board_power_cycle(struct board_run *run);

void board_remove(struct board_run *run);

/* One message; board_receive() returns the length of the answer, or 0 when none came. */
void board_send(struct board_run *run, struct span message);
size_t board_receive(struct board_run *run, uint8_t *room, size_t cap);

/* The rest of a line that carries bytes without frames. */
void board_read_exactly(struct board_run *run, uint8_t *bytes, size_t len);

/* Of card_host. The context is a struct board_run. */
host_transmit board_transmit;

/* A command of QEMU's monitor (QMP), with its arguments as JSON. */
void board_monitor(struct board_run *run, const char *command, const char *arguments);

/* Waits for all of it; false when none comes for twenty seconds. */
bool board_read(int fd, uint8_t *bytes, size_t len);
void board_write(int fd, const void *bytes, size_t len);

/* Copies memory as the processor sees it. */
void board_memory(struct board_run *run, uint32_t address, uint8_t *bytes, size_t len);

/* How deep the stack has been since the card started: it was painted then. Fails when less than
 * BOARD_STACK_SPARE bytes of it were never used. */
size_t board_stack_used(struct board_run *run);

/* The emulator's debugger: a connection that stops the processor. */
int board_debugger(struct board_run *run);

/* Sends a command of the remote serial protocol. */
void board_debug_send(int debugger, const char *command);

/* The next answer; false when none comes for `timeout_ms`. */
bool board_debug_receive(int debugger, char *room, size_t cap, int timeout_ms);

#endif
