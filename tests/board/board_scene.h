/* SPDX-License-Identifier: Apache-2.0
 *
 * What the programs that test on a board share: which board they are to take, one card on it for
 * all their tests, and how long they take. For tests of one file each.
 *   PROGRAM BOARD FOLDER-OF-IMAGES
 */
#ifndef TESTS_BOARD_SCENE_H
#define TESTS_BOARD_SCENE_H

#include <stdio.h>
#include <time.h>

#include "board_run.h"

enum { SKIPPED = 77, WRONG_USE = 64 };

static struct board_run run;
static struct card_host *host; /* speaks to the card on the board */
static const struct board_kind *chosen;
static const char *images;

/* Takes the arguments of main(); 0, or what it has to return. */
static inline int choose_board(int argc, char **argv)
{
    chosen = argc == 3 ? board_find(argv[1]) : NULL;
    if (chosen == NULL) {
        fprintf(stderr, "usage: %s BOARD FOLDER-OF-IMAGES\n", argc > 0 ? argv[0] : "PROGRAM");
        return WRONG_USE;
    }
    const char *why = board_missing(argv[2], argv[1]);
    if (why != NULL) {
        printf("skipped: %s\n", why);
        return SKIPPED;
    }
    images = argv[2];
    return 0;
}

/* The chosen board, not started yet. */
static inline void make_board(void)
{
    host = malloc(sizeof *host);
    assert_non_null(host);
    host_make(host, 3);
    host->transmit = board_transmit;
    host->transmit_context = &run;
    board_make(&run, chosen, images, host);
}

static inline int set_up(void **state)
{
    (void)state;
    make_board();
    board_start(&run, "card");
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    board_remove(&run);
    free(host);
    return 0;
}

static inline unsigned times(unsigned ordinary, unsigned in_the_long_run)
{
    return check_is_long() ? in_the_long_run : ordinary;
}

static inline uint64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

#endif
