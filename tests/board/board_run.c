/* SPDX-License-Identifier: Apache-2.0
 *
 * QEMU's command line and its monitor. The serial line and the monitor are socket
 * pairs: there is no port and no path that two tests could share.
 */
#include "board_run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMEOUT_MS = 20000, NUDGE_MS = 100, MAX_ARGUMENTS = 32, TEXT = 512 };

static const struct board_kind KINDS[] = {
    {"microbit", "microbit", 0x20000000, 0x00010000, 0x0003FC00, 16, false},
    {"an385", "mps2-an385", 0x20000000, 0x21000000, 0x21028000, 25, true},
    {"an386", "mps2-an386", 0x20000000, 0x21000000, 0x21028000, 25, true},
    {"an505", "mps2-an505", 0x38000000, 0x80000000, 0x80028000, 20, true},
};

const struct board_kind *board_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
        if (strcmp(KINDS[i].name, name) == 0) {
            return &KINDS[i];
        }
    }
    return NULL;
}

static bool is_there(const char *images, const char *prefix, const char *name)
{
    char path[TEXT];
    snprintf(path, sizeof path, "%.400s/%s-%s.elf", images, prefix, name);
    return access(path, R_OK) == 0;
}

const char *board_missing(const char *images, const char *name)
{
    if (!is_there(images, "card", name) || !is_there(images, "cost", name)) {
        return "there is no image for this board (preset card)";
    }
    if (system("qemu-system-arm --version >/dev/null 2>&1") != 0) {
        return "qemu-system-arm is not installed";
    }
    return NULL;
}

static void path_of(const struct board_run *run, const char *name, char path[TEXT])
{
    snprintf(path, TEXT, "%s/%s", run->folder, name);
}

static void write_file(const struct board_run *run, const char *name, const void *bytes, size_t len,
                       off_t whole)
{
    char path[TEXT];
    path_of(run, name, path);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, len), len);
    assert_int_equal(ftruncate(file, whole), 0);
    close(file);
}

void board_make(struct board_run *run, const struct board_kind *kind, const char *images,
                const struct card_host *host)
{
    const char *temporary = getenv("TMPDIR");
    memset(run, 0, sizeof *run);
    run->kind = kind;
    run->images = images;
    run->seed = 1;
    snprintf(run->folder, sizeof run->folder, "%s/saksi-board-XXXXXX",
             temporary == NULL ? "/tmp" : temporary);
    assert_non_null(mkdtemp(run->folder));
    memcpy(run->factory.magic, FACTORY_MAGIC, FACTORY_MAGIC_BYTES);
    memcpy(run->factory.serial, host->native.serial, CARD_SERIAL_BYTES);
    run->factory.key_version = host->keys.version;
    memcpy(run->factory.enc, host->keys.enc, FACTORY_KEY_BYTES);
    memcpy(run->factory.mac, host->keys.mac, FACTORY_KEY_BYTES);
    memcpy(run->factory.dek, host->keys.dek, FACTORY_KEY_BYTES);
    uint8_t *erased = malloc(BOARD_STORAGE);
    assert_non_null(erased);
    memset(erased, 0xFF, BOARD_STORAGE);
    board_put_flash(run, erased);
    free(erased);
}

void board_put_flash(const struct board_run *run, const uint8_t *bytes)
{
    write_file(run, "flash", bytes, BOARD_STORAGE,
               run->kind->has_file ? BOARD_FILE : BOARD_STORAGE);
}

static void read_file(const struct board_run *run, const char *name, uint8_t *bytes, size_t len)
{
    char path[TEXT];
    path_of(run, name, path);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0);
    assert_int_equal(read(file, bytes, len), len);
    close(file);
}

void board_get_flash(struct board_run *run, uint8_t *bytes)
{
    if (run->kind->has_file) {
        read_file(run, "flash", bytes, BOARD_STORAGE);
    } else {
        board_memory(run, run->kind->storage, bytes, BOARD_STORAGE);
    }
}

struct command_line {
    const char *words[MAX_ARGUMENTS];
    size_t n;
};

static void add(struct command_line *line, const char *option, const char *value)
{
    line->words[line->n++] = option;
    line->words[line->n++] = value;
}

static void run_emulator(const struct board_run *run, const char *prefix, int line, int monitor)
{
    const struct board_kind *kind = run->kind;
    struct command_line command = {{"qemu-system-arm", "-nodefaults"}, 2};
    char text[8][TEXT];
    snprintf(text[0], TEXT, "%s%s", kind->machine, kind->has_file ? ",memory-backend=flash" : "");
    snprintf(text[1], TEXT, "%.200s/%s-%s.elf", run->images, prefix, kind->name);
    snprintf(text[2], TEXT, "loader,file=%s/factory,addr=0x%x,force-raw=on", run->folder,
             kind->factory);
    snprintf(text[3], TEXT, "socket,id=line,fd=%d", line);
    snprintf(text[4], TEXT, "socket,id=monitor,fd=%d", monitor);
    snprintf(text[5], TEXT, "memory-backend-file,id=flash,size=16M,mem-path=%s/flash,share=on",
             run->folder);
    snprintf(text[6], TEXT, "loader,file=%s/flash,addr=0x%x,force-raw=on", run->folder,
             kind->storage);
    snprintf(text[7], TEXT, "shift=%u", run->slowness);
    add(&command, "-display", "none");
    add(&command, "-machine", text[0]);
    add(&command, "-kernel", text[1]);
    add(&command, "-device", text[2]);
    add(&command, "-chardev", text[3]);
    add(&command, "-serial", "chardev:line");
    add(&command, "-chardev", text[4]);
    add(&command, "-mon", "chardev=monitor,mode=control");
    add(&command, kind->has_file ? "-object" : "-device", text[kind->has_file ? 5 : 6]);
    if (run->counts) {
        add(&command, "-icount", text[7]);
    }
    execvp(command.words[0], (char *const *)(uintptr_t)command.words);
    _exit(127);
}

static void pair(int ends[2])
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFD, FD_CLOEXEC), 0);
}

void board_start(struct board_run *run, const char *prefix)
{
    int line[2];
    int monitor[2];
    assert_int_equal(run->pid, 0);
    check_random_bytes(&run->seed, run->factory.seed, FACTORY_SEED_BYTES);
    if (run->seedless) {
        memset(run->factory.seed, 0, FACTORY_SEED_BYTES);
    }
    write_file(run, "factory", &run->factory, sizeof run->factory, sizeof run->factory);
    pair(line);
    pair(monitor);
    pid_t parent = getpid();
    run->pid = fork();
    assert_true(run->pid >= 0);
    if (run->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nothing running */
        if (getppid() == parent) {
            run_emulator(run, prefix, line[1], monitor[1]);
        }
        _exit(127);
    }
    close(line[1]);
    close(monitor[1]);
    run->line = line[0];
    run->monitor = monitor[0];
    board_monitor(run, "qmp_capabilities", "{}");
}

void board_kill(struct board_run *run)
{
    if (run->pid != 0) {
        kill(run->pid, SIGKILL);
        waitpid(run->pid, NULL, 0);
        close(run->line);
        close(run->monitor);
        run->pid = 0;
    }
}

/* Flash that is the emulator's alone is taken out of it first, the processor stopped. */
static void rescue_flash(struct board_run *run)
{
    static uint8_t bytes[BOARD_STORAGE];
    board_monitor(run, "stop", "{}");
    board_get_flash(run, bytes);
    board_put_flash(run, bytes);
}

void board_power_cycle(struct board_run *run)
{
    if (!run->kind->has_file) {
        rescue_flash(run);
    }
    board_kill(run);
    board_start(run, "card");
}

void board_remove(struct board_run *run)
{
    static const char *const names[] = {"flash", "factory", "memory", "debugger"};
    char path[TEXT];
    board_kill(run);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        path_of(run, names[i], path);
        unlink(path);
    }
    rmdir(run->folder);
}

void board_write(int fd, const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    while (len != 0) {
        ssize_t n = send(fd, p, len, MSG_NOSIGNAL);
        assert_true(n > 0);
        p += n;
        len -= (size_t)n;
    }
}

bool board_read(int fd, uint8_t *bytes, size_t len)
{
    while (len != 0) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        ssize_t n = poll(&ready, 1, TIMEOUT_MS) == 1 ? read(fd, bytes, len) : 0;
        if (n <= 0) {
            return false;
        }
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

/* What was sent before the card had set up its line lies in the socket, and an emulator whose
 * processor sleeps does not look there again until something else wakes it. */
static bool read_line(struct board_run *run, uint8_t *bytes, size_t len)
{
    struct pollfd ready = {.fd = run->line, .events = POLLIN};
    for (int waited_ms = 0; poll(&ready, 1, NUDGE_MS) == 0; waited_ms += NUDGE_MS) {
        if (waited_ms > TIMEOUT_MS) {
            return false;
        }
        board_monitor(run, "query-status", "{}");
    }
    return board_read(run->line, bytes, len);
}

void board_read_exactly(struct board_run *run, uint8_t *bytes, size_t len)
{
    assert_true(read_line(run, bytes, len));
}

void board_send(struct board_run *run, struct span message)
{
    const uint8_t head[] = {(uint8_t)(message.len >> 8), (uint8_t)message.len};
    board_write(run->line, head, sizeof head);
    if (message.len != 0) {
        board_write(run->line, message.ptr, message.len);
    }
}

size_t board_receive(struct board_run *run, uint8_t *room, size_t cap)
{
    uint8_t head[2];
    if (!read_line(run, head, sizeof head)) {
        return 0;
    }
    size_t len = (size_t)(head[0] << 8 | head[1]);
    return len <= cap && read_line(run, room, len) ? len : 0;
}

size_t board_transmit(void *context, struct span command, uint8_t *response)
{
    board_send(context, command);
    return board_receive(context, response, CARD_MAX_RESPONSE);
}

/* Events and the greeting come in between. */
static void await_return(struct board_run *run)
{
    char line[4096];
    for (;;) {
        size_t len = 0;
        do {
            assert_true(len < sizeof line - 1);
            assert_true(board_read(run->monitor, (uint8_t *)&line[len], 1));
        } while (line[len++] != '\n');
        line[len] = '\0';
        if (strstr(line, "\"error\"") != NULL) {
            fail_msg("%s", line);
        }
        if (strstr(line, "\"return\"") != NULL) {
            return;
        }
    }
}

void board_monitor(struct board_run *run, const char *command, const char *arguments)
{
    char text[2 * TEXT];
    int len =
        snprintf(text, sizeof text, "{\"execute\":\"%s\",\"arguments\":%s}\n", command, arguments);
    assert_true(len > 0 && (size_t)len < sizeof text);
    board_write(run->monitor, text, (size_t)len);
    await_return(run);
}

void board_memory(struct board_run *run, uint32_t address, uint8_t *bytes, size_t len)
{
    char arguments[TEXT];
    snprintf(arguments, sizeof arguments, "{\"val\":%u,\"size\":%zu,\"filename\":\"%s/memory\"}",
             address, len, run->folder);
    board_monitor(run, "memsave", arguments);
    read_file(run, "memory", bytes, len);
}

size_t board_stack_used(struct board_run *run)
{
    static const uint8_t paint[] = {0xAC, 0x57, 0xFE, 0x5A};
    uint8_t stack[BOARD_STACK];
    size_t unused = 0;
    board_memory(run, run->kind->ram, stack, sizeof stack);
    while (unused < sizeof stack && stack[unused] == paint[unused % sizeof paint]) {
        unused++;
    }
    assert_true(unused >= BOARD_STACK_SPARE);
    return sizeof stack - unused;
}
