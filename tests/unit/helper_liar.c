/* SPDX-License-Identifier: Apache-2.0
 *
 * A helper program that misbehaves as told: by its first argument or, when that is a mode of a real
 * helper, by the word after the first eight bytes of its input, or after "device:" in its second
 * argument. Only tests run it.
 */
#include "wire/bytes.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(const void *bytes, size_t len)
{
    if (write(STDOUT_FILENO, bytes, len) != (ssize_t)len) {
        _exit(99);
    }
}

static void put_hex(const char *hex)
{
    for (; hex[0] != '\0' && hex[1] != '\0'; hex += 2) {
        char pair[3] = {hex[0], hex[1], '\0'};
        uint8_t byte = (uint8_t)strtoul(pair, NULL, 16);
        put(&byte, 1);
    }
}

static void sleep_forever(void)
{
    for (;;) {
        pause();
    }
}

static void flood(void)
{
    static const uint8_t BLOCK[65536];
    for (;;) {
        put(BLOCK, sizeof BLOCK);
    }
}

/* One line: open descriptors, number of environment variables, whether signals are as after boot.
 */
static void tell_surroundings(void)
{
    char line[64];
    unsigned open_fds = 0, variables = 0;
    for (int fd = 0; fd < 1024; fd++) {
        open_fds += fcntl(fd, F_GETFD) >= 0;
    }
    for (char **e = environ; *e != NULL; e++) {
        variables++;
    }
    sigset_t mask;
    struct sigaction pipe_action;
    sigprocmask(SIG_SETMASK, NULL, &mask);
    sigaction(SIGPIPE, NULL, &pipe_action);
    bool plain = !sigismember(&mask, SIGTERM) && pipe_action.sa_handler == SIG_DFL;
    int len = snprintf(line, sizeof line, "fds %u env %u plain %d", open_fds, variables, plain);
    put(line, (size_t)len);
}

/* Standard input, as a mark. */
static void repeat_input(void)
{
    char buffer[64];
    ssize_t n = read(STDIN_FILENO, buffer, sizeof buffer);
    put("mark ", 5);
    put(buffer, n < 0 ? 0 : (size_t)n);
}

/* The input, when it is sealed and cannot be changed; else nothing. */
static void tell_input(void)
{
    int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
    struct stat st;
    char buffer[256];
    if (fcntl(3, F_GET_SEALS) == seals && fstat(3, &st) == 0 && st.st_size <= 256 &&
        write(3, "x", 1) < 0 && ftruncate(3, 0) != 0) {
        ssize_t n = pread(3, buffer, sizeof buffer, 0);
        put(buffer, n < 0 ? 0 : (size_t)n);
    }
}

/* The variable SAKSI_TOLD, and one byte more at the end of the file. */
static void tell_gift(void)
{
    const char *told = getenv("SAKSI_TOLD");
    put(told == NULL ? "" : told, told == NULL ? 0 : strlen(told));
    if (lseek(4, 0, SEEK_END) < 0 || write(4, "+", 1) != 1) {
        put("no file", 7);
    }
}

static int act(const char *word)
{
    if (strcmp(word, "crash") == 0) {
        raise(SIGKILL);
    } else if (strcmp(word, "crash-late") == 0) {
        put_hex("0100000100010000");
        raise(SIGKILL);
    } else if (strcmp(word, "hang") == 0) {
        sleep_forever();
    } else if (strcmp(word, "close-and-hang") == 0) {
        close(STDOUT_FILENO);
        sleep_forever();
    } else if (strcmp(word, "flood") == 0) {
        flood();
    } else if (strcmp(word, "surroundings") == 0) {
        tell_surroundings();
    } else if (strcmp(word, "input") == 0) {
        tell_input();
    } else if (strcmp(word, "repeat") == 0) {
        repeat_input();
    } else if (strcmp(word, "gift") == 0) {
        tell_gift();
    } else if (strncmp(word, "exit:", 5) == 0) {
        return (int)strtol(word + 5, NULL, 10);
    } else if (strncmp(word, "say:", 4) == 0) {
        put_hex(word + 4);
    }
    return 0;
}

int main(int argc, char **argv)
{
    char word[512] = {0};
    bool real_mode = argc > 1 && (strcmp(argv[1], "codes") == 0 || strcmp(argv[1], "photo") == 0);
    if (argc == 4 && strncmp(argv[2], "device:", 7) == 0) {
        return act(argv[2] + 7);
    }
    if (real_mode && pread(3, word, sizeof word - 1, 8) < 0) {
        return 98;
    }
    return act(real_mode ? word : argc > 1 ? argv[1] : "");
}
