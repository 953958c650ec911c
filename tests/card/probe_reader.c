/* SPDX-License-Identifier: Apache-2.0
 *
 * What goes through a reader at all.
 *     probe_reader READER length N...   sends a command of N bytes; prints what came of it
 *     probe_reader READER time N        selects the credential application N times; prints the
 *                                       median in microseconds
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <winscard.h>

enum { MOST = 66000, ROUNDS = 10000, HEAD = 7 };

static SCARDCONTEXT context;
static SCARDHANDLE card;
static unsigned char command[MOST], response[MOST];

static LONG transmit(size_t len, DWORD *ret_len)
{
    *ret_len = sizeof response;
    return SCardTransmit(card, SCARD_PCI_T1, command, (DWORD)len, NULL, response, ret_len);
}

/* The length fields of a command that is `len` bytes long (ISO/IEC 7816-4 §5.1, case 3). */
static void make(size_t len)
{
    memset(command, 0, sizeof command);
    command[5] = (unsigned char)((len - HEAD) >> 8);
    command[6] = (unsigned char)(len - HEAD);
}

static int lengths(char **numbers)
{
    for (; *numbers != NULL; numbers++) {
        DWORD n;
        size_t len = strtoul(*numbers, NULL, 10);
        if (len <= HEAD || len > MOST) {
            return 64;
        }
        make(len);
        LONG result = transmit(len, &n);
        if (result == SCARD_S_SUCCESS && n >= 2) {
            printf("%zu %02X%02X\n", len, response[n - 2], response[n - 1]);
        } else {
            printf("%zu %s\n", len,
                   result == SCARD_E_NOT_TRANSACTED ? "SCARD_E_NOT_TRANSACTED"
                                                    : pcsc_stringify_error(result));
        }
    }
    return 0;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int times(const char *number)
{
    static const unsigned char select[] = {0x00, 0xA4, 0x04, 0x00, 7,    0xF0, 'S',
                                           'A',  'K',  'S',  'I',  0x01, 0x00};
    static double sample[ROUNDS];
    size_t n = strtoul(number, NULL, 10);
    if (n == 0 || n > ROUNDS) {
        return 64;
    }
    memcpy(command, select, sizeof select);
    for (size_t i = 0; i < n; i++) {
        DWORD len;
        double began = now_us();
        if (transmit(sizeof select, &len) != SCARD_S_SUCCESS || response[len - 2] != 0x90) {
            return 1;
        }
        sample[i] = now_us() - began;
    }
    qsort(sample, n, sizeof sample[0], compare);
    printf("%.0f\n", sample[n / 2]);
    return 0;
}

int main(int argc, char **argv)
{
    DWORD protocol;
    if (argc < 4) {
        return 64;
    }
    LONG result = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);
    if (result == SCARD_S_SUCCESS) {
        result =
            SCardConnect(context, argv[1], SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &protocol);
    }
    if (result != SCARD_S_SUCCESS) {
        fprintf(stderr, "probe_reader: %s\n", pcsc_stringify_error(result));
        return 1;
    }
    int status = strcmp(argv[2], "length") == 0 ? lengths(argv + 3) : times(argv[3]);
    (void)SCardDisconnect(card, SCARD_LEAVE_CARD);
    (void)SCardReleaseContext(context);
    return status;
}
