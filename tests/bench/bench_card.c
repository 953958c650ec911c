/* SPDX-License-Identifier: Apache-2.0
 *
 * What a card costs at a checkpoint, before a card service. To be run before one with a card of a
 * sample region:
 *
 *     tools/virtual-card --build BUILD --personalised -- BUILD/tests/bench/bench_card [ROUNDS]
 *
 * (with --vpcd or --qemu BOARD, and some 50 rounds there, for the other readers).
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
    verifier_free(verifier);
    trust_store_close(store);
    card_readers_close(readers);
    return 0;
}
