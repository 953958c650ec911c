/* SPDX-License-Identifier: Apache-2.0
 *
 * apdu_card READER COUNT APDU...: sends commands in hexadecimal to the card in a reader, all of
 * them COUNT times, and prints the last answers, one a line, and then how many microseconds a
 * command took on average. Passes on whatever is said, of any length that PC/SC has.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <winscard.h>

enum { COMMANDS = 16, BYTES = 65544 };

static uint8_t commands[COMMANDS][BYTES];
static size_t lengths[COMMANDS];
static uint8_t answers[COMMANDS][BYTES];
static DWORD answer_lengths[COMMANDS];

static size_t read_hex(const char *hex, uint8_t *bytes)
{
    size_t n = 0;
    unsigned byte;
    for (; n < BYTES && sscanf(hex, "%2x", &byte) == 1 && strlen(hex) >= 2; hex += 2) {
        bytes[n++] = (uint8_t)byte;
    }
    return n;
}

static uint64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static LONG transmit(SCARDHANDLE card, size_t i)
{
    answer_lengths[i] = BYTES;
    return SCardTransmit(card, SCARD_PCI_T1, commands[i], (DWORD)lengths[i], NULL, answers[i],
                         &answer_lengths[i]);
}

static void print_answer(size_t i)
{
    for (DWORD b = 0; b < answer_lengths[i]; b++) {
        printf("%02x", answers[i][b]);
    }
    printf("\n");
}

static LONG run(SCARDHANDLE card, unsigned long count, size_t n)
{
    LONG result = SCARD_S_SUCCESS;
    uint64_t began = now_us();
    for (unsigned long c = 0; c < count; c++) {
        for (size_t i = 0; i < n && result == SCARD_S_SUCCESS; i++) {
            result = transmit(card, i);
        }
    }
    uint64_t took = now_us() - began;
    for (size_t i = 0; i < n && result == SCARD_S_SUCCESS; i++) {
        print_answer(i);
    }
    printf("%llu us\n", (unsigned long long)(took / (count * n == 0 ? 1 : count * n)));
    return result;
}

int main(int argc, char **argv)
{
    SCARDCONTEXT context;
    SCARDHANDLE card;
    DWORD protocol;
    size_t n = argc < 4 ? 0 : (size_t)argc - 3;
    if (n == 0 || n > COMMANDS) {
        return 64;
    }
    for (size_t i = 0; i < n; i++) {
        lengths[i] = read_hex(argv[3 + i], commands[i]);
    }
    LONG result = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);
    if (result == SCARD_S_SUCCESS) {
        result = SCardConnect(context, argv[1], SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T1, &card,
                              &protocol);
    }
    if (result == SCARD_S_SUCCESS) {
        result = run(card, strtoul(argv[2], NULL, 10), n);
        (void)SCardDisconnect(card, SCARD_LEAVE_CARD);
    }
    if (result != SCARD_S_SUCCESS) {
        fprintf(stderr, "apdu_card: %s: %s\n", argv[1], pcsc_stringify_error(result));
    }
    return result == SCARD_S_SUCCESS ? EXIT_SUCCESS : EXIT_FAILURE;
}
