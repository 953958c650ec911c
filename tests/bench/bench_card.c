/* SPDX-License-Identifier: Apache-2.0
 *
 * What a card costs at a checkpoint, before a card service. To be run before one with a card of a
 * sample region, best one with a photo of 8 KiB:
 *
 *     tools/virtual-card --build BUILD --personalised --photo FILE -- BUILD/tests/bench/bench_card
 * [ROUNDS]
 *
 * (with --vpcd or --qemu BOARD, and some 50 rounds there, for the other readers). Beside the times
 * measured here stand those that the same commands would need on real lines.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "devices/card_holding.h"
#include "devices/card_reader.h"
#include "verifier/verify.h"

enum { ROUNDS = 2000, WHOLE_ROUNDS = 200 };

static double sample[ROUNDS];
static size_t rounds = ROUNDS;

static double now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print(const char *what, size_t count)
{
    qsort(sample, count, sizeof sample[0], compare);
    printf("%-52s %9.1f us median, %9.1f us p95\n", what, sample[count / 2],
           sample[count * 95 / 100]);
}

static void require(enum card_io_error error)
{
    if (error != CARD_IO_OK) {
        fprintf(stderr, "bench_card: %s\n", card_io_error_text(error));
        exit(1);
    }
}

static void one_command(const struct card_io *io, const char *what, const struct apdu *command)
{
    uint8_t room[CARD_APP_MAX_NE + 2];
    struct apdu_response response;
    for (size_t i = 0; i < rounds; i++) {
        double start = now_us();
        require(card_command(io, command, room, sizeof room, NULL, &response));
        sample[i] = now_us() - start;
    }
    print(what, rounds);
}

static void commands(struct card_readers *readers, const char *name)
{
    struct card_io io;
    uint8_t input[CARD_PROOF_INPUT] = {[CARD_PROOF_INPUT - 1] = CARD_PURPOSE_VERIFY};
    require(card_readers_connect(readers, name, &io));
    one_command(&io, "SELECT",
                &(struct apdu){.ins = CARD_INS_SELECT,
                               .p1 = 0x04,
                               .data = {(const uint8_t *)CARD_APP_AID, CARD_APP_AID_BYTES},
                               .ne = 256});
    one_command(&io, "READ BINARY of the index",
                &(struct apdu){.ins = CARD_INS_READ_BINARY, .p1 = 0x81, .ne = 256});
    one_command(&io, "READ BINARY of a certificate",
                &(struct apdu){.ins = CARD_INS_READ_BINARY, .p1 = 0x90, .ne = 2048});
    one_command(&io, "INTERNAL AUTHENTICATE",
                &(struct apdu){.ins = CARD_INS_INTERNAL_AUTHENTICATE,
                               .data = {input, sizeof input},
                               .ne = 256});
    io.close(io.ctx);
}

/* --- real lines --- */

/* What carries commands to a chip. A command or response goes in blocks, and whoever sends more
 * than one waits for an acknowledgement after each but the last. */
struct line {
    const char *name;
    double byte_us;     /* with start, parity and guard bits */
    double turn_us;     /* before the other side begins */
    size_t block;       /* information bytes of one block */
    size_t block_extra; /* bytes around them, and of an acknowledgement */
    double whole_us;    /* the sum so far */
};

enum { SIGNATURE_US = 120000 }; /* of a chip at some tens of MHz */

static struct line line[] = {
    /* ISO/IEC 7816-3 §11: 11 etu a byte, 22 etu between blocks, IFS 254 */
    {"contact, 9,600 x 12 bit/s, T=1", 11e6 / 115200, 22e6 / 115200, 254, 4, 0},
    /* ISO/IEC 14443-3 and -4, type A: 9 bits a byte, about 100 us between frames, FSC 256 */
    {"contactless, 106 kbit/s", 9e6 / 106000, 100, 253, 3, 0},
};
enum { LINES = sizeof line / sizeof line[0] };

static void carry(struct line *l, size_t bytes)
{
    size_t blocks = bytes == 0 ? 1 : (bytes + l->block - 1) / l->block;
    size_t acknowledgements = blocks - 1;
    l->whole_us += (double)(bytes + (blocks + acknowledgements) * l->block_extra) * l->byte_us;
    l->whole_us += (double)(blocks + acknowledgements) * l->turn_us;
}

/* Lets everything through to `ctx`, another card_io, and adds its time on each line. */
static enum card_io_error count_and_pass(void *ctx, struct span command, uint8_t *response,
                                         size_t cap, size_t *ret_len)
{
    const struct card_io *inner = (const struct card_io *)ctx;
    enum card_io_error error = inner->transmit(inner->ctx, command, response, cap, ret_len);
    for (size_t i = 0; i < LINES && error == CARD_IO_OK; i++) {
        carry(&line[i], command.len);
        carry(&line[i], *ret_len);
    }
    return error;
}

static void print_lines(struct card_readers *readers, const char *name)
{
    static struct card_photo photo;
    static struct card_holding holding;
    struct card_session session;
    struct card_io io, counting = {.transmit = count_and_pass, .ctx = &io};
    require(card_readers_connect(readers, name, &io));
    require(card_session_open(&session, &counting));
    require(card_holding_read(&session, 0, &photo, &holding));
    io.close(io.ctx);
    for (size_t i = 0; i < LINES; i++) {
        printf("%-52s %9.0f ms with a signature of %d ms (limit 1500)\n", line[i].name,
               (line[i].whole_us + SIGNATURE_US) / 1e3, SIGNATURE_US / 1000);
    }
    printf("the photo has %zu bytes\n", photo.len);
}

/* From a card that is there to its verdict. */
static void whole(struct card_readers *readers, const char *name, struct verifier *verifier)
{
    static struct card_photo photo;
    static struct card_holding holding;
    static struct verdict verdict;
    struct card_session session;
    struct verify_request request = {
        .now_s = (int64_t)time(NULL), .host = "MY", .purpose = SAKSI_HIRING};
    size_t n = rounds < WHOLE_ROUNDS ? rounds : WHOLE_ROUNDS;
    for (size_t i = 0; i < n; i++) {
        struct card_io io;
        double start = now_us();
        photo.read = false;
        require(card_readers_connect(readers, name, &io));
        require(card_session_open(&session, &io));
        require(card_holding_read(&session, 0, &photo, &holding));
        io.close(io.ctx);
        request.card = holding.proof;
        if (verify_credential(verifier, &request, span_of(holding.document, holding.len),
                              &verdict) != VERIFY_OK ||
            verdict.outcome != SAKSI_VALID) {
            require(CARD_IO_NONSENSE);
        }
        sample[i] = now_us() - start;
    }
    print("card there -> VALID, key proved, connecting included", n);
    printf("%u commands, %zu bytes out, %zu bytes in\n", session.traffic.commands,
           session.traffic.bytes_out, session.traffic.bytes_in);
}

int main(int argc, char **argv)
{
    struct card_readers *readers = NULL;
    struct trust_store *store = NULL;
    struct verifier *verifier = NULL;
    enum db_error error;
    char name[CARD_READER_NAME_SIZE], path[4096];
    const char *folder = getenv("VIRTUAL_CARD");
    if (argc == 2) {
        size_t asked = strtoul(argv[1], NULL, 10);
        rounds = asked >= 1 && asked <= ROUNDS ? asked : ROUNDS;
    }
    (void)snprintf(path, sizeof path, "%s/trust.db", folder == NULL ? "." : folder);
    require(card_readers_open(&readers));
    require(card_readers_wait(readers, NULL, 5000, name));
    commands(readers, name);
    if (trust_store_open(path, DB_READ, true, &store, &error) != TRUST_STORE_OK ||
        verifier_new(store, &verifier) != VERIFY_OK) {
        fprintf(stderr, "bench_card: there is no trust list in $VIRTUAL_CARD\n");
        return 1;
    }
    whole(readers, name, verifier);
    print_lines(readers, name);
    verifier_free(verifier);
    trust_store_close(store);
    card_readers_close(readers);
    return 0;
}
