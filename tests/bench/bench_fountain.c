/* SPDX-License-Identifier: Apache-2.0
 *
 * Files over QR sequences: how many frames are shown beside what no code can beat, and how many
 * bytes a second arrive through drawn codes, a camera's blur and noise, and the decoder. Usage:
 * bench_fountain [runs a cell [files a line]]. A wrong file fails the program.
 */
#include "base/crypto.h"
#include "codec/fountain.h"
#include "decode_art.h"
#include "devices/decode/decode_zbar.h"
#include "devices/decode/scan.h"
#include "issuer/page/qr.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WIDTH = 1280, HEIGHT = 720, BUDGET_MS = 500, MODULE = 6, FPS = 8, FRAMES_MAX = 20000 };

static struct fountain_receiver receiver;
static unsigned wrong;

struct file {
    uint8_t *bytes;
    struct fountain_sender sender;
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static struct file file_of(uint64_t *random, size_t len, size_t piece)
{
    struct file f = {.bytes = malloc(len)};
    uint8_t digest[CRYPTO_SHA256_SIZE];
    for (size_t i = 0; f.bytes != NULL && i < len; i++) {
        f.bytes[i] = (uint8_t)art_random(random);
    }
    struct span blob = span_of(f.bytes, len);
    if (f.bytes == NULL || crypto_sha256(&blob, 1, digest) != CRYPTO_OK ||
        !fountain_sender_init(&f.sender, blob, digest, piece)) {
        exit(EXIT_FAILURE);
    }
    return f;
}

static bool lost(uint64_t *random, unsigned percent)
{
    return art_random(random) % 100 < percent;
}

static void check(const struct file *f)
{
    wrong += !span_equal(fountain_blob(&receiver), f->sender.blob);
}

/* --- frames shown and frames needed --- */

static void count_one(const struct file *f, uint64_t *random, unsigned loss, double *shown,
                      double *got)
{
    uint8_t frame[FOUNTAIN_FRAME_MAX];
    fountain_receiver_init(&receiver);
    for (uint32_t n = 0; !fountain_complete(&receiver); n++) {
        *shown += 1;
        if (!lost(random, loss)) {
            struct writer w = writer_of(frame, sizeof frame);
            fountain_frame_write(&f->sender, n, &w);
            (void)fountain_receive(&receiver, writer_span(&w));
            *got += 1;
        }
    }
    check(f);
}

static void overhead(uint64_t *random, unsigned runs)
{
    static const size_t pieces[] = {10, 20, 40, 100, 250};
    static const unsigned loss[] = {0, 30, 50};
    printf("%6s %6s %12s %10s %14s\n", "K", "loss", "shown / K", "ideal", "received / K");
    for (size_t k = 0; k < sizeof pieces / sizeof pieces[0]; k++) {
        for (size_t l = 0; l < sizeof loss / sizeof loss[0]; l++) {
            struct file f = file_of(random, pieces[k] * 8, 8);
            double shown = 0, got = 0, all = (double)pieces[k] * runs;
            for (unsigned i = 0; i < runs; i++) {
                count_one(&f, random, loss[l], &shown, &got);
            }
            printf("%6zu %5u%% %12.3f %10.3f %14.3f\n", pieces[k], loss[l], shown / all,
                   100.0 / (100 - loss[l]), got / all);
            free(f.bytes);
        }
    }
}

/* --- through pictures --- */

struct tally {
    unsigned drawn, read;
    double ms[FRAMES_MAX];
};

static void draw_symbol(const struct file *f, uint32_t symbol, struct art *art)
{
    char text[FOUNTAIN_TEXT_MAX + 1];
    struct qr qr;
    struct refusal refusal = {.internal = false};
    struct writer w = writer_of(text, sizeof text - 1);
    fountain_text_write(&f->sender, symbol, &w);
    text[w.len] = '\0';
    if (!qr_make_at(text, QR_LEVEL_L, QR_VERSION_MAX, &qr, &refusal)) {
        exit(EXIT_FAILURE);
    }
    unsigned side = qr_modules_with_quiet(&qr) * MODULE;
    unsigned left = (WIDTH - side) / 2, top = (HEIGHT - side) / 2;
    for (unsigned y = 0; y < side; y++) {
        for (unsigned x = 0; x < side; x++) {
            unsigned column = x / MODULE - QR_QUIET_MODULES, row = y / MODULE - QR_QUIET_MODULES;
            bool dark = column < qr.side && row < qr.side && qr_dark(&qr, column, row);
            art->px[(size_t)(top + y) * WIDTH + left + x] = dark ? 20 : 235;
        }
    }
    qr_free(&qr);
}

static void on_found(void *context, const struct qr_found *found)
{
    (void)fountain_receive_text(&receiver, found->text);
    *(unsigned *)context += 1;
}

static void see(struct image *image, bool bare, struct tally *t)
{
    static struct code_list list;
    double start = now_ms();
    if (bare) {
        decode_zbar(image, on_found, &t->read);
    } else {
        list.count = 0;
        list.bytes = 0;
        scan_page(image, 1, SCAN_THOROUGH, BUDGET_MS, &list);
        for (size_t i = 0; i < list.count; i++) {
            struct span text = span_of(list.text + list.code[i].offset, list.code[i].len);
            (void)fountain_receive_text(&receiver, text);
            t->read++;
        }
    }
    if (t->drawn < FRAMES_MAX) {
        t->ms[t->drawn++] = now_ms() - start;
    }
}

static void show_frame(const struct file *f, uint32_t symbol, uint64_t *random, bool bare,
                       struct tally *t)
{
    struct art art = art_blank(WIDTH, HEIGHT, 90);
    draw_symbol(f, symbol, &art);
    art_blur(&art, art_between(random, 0.8, 1.8));
    art_noise(&art, random, 4);
    struct image image = {art.width, art.height, 1, 1, art.px};
    see(&image, bare, t);
    art_free(&art);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void through_pictures(uint64_t *random, size_t len, bool bare, unsigned files)
{
    static struct tally t;
    t = (struct tally){0};
    double shown = 0;
    size_t pieces = 0;
    for (unsigned i = 0; i < files; i++) {
        struct file f = file_of(random, len, FOUNTAIN_PIECE_MAX);
        fountain_receiver_init(&receiver);
        for (uint32_t n = 0; !fountain_complete(&receiver); n++) {
            shown += 1;
            if (!lost(random, 30)) {
                show_frame(&f, n, random, bare, &t);
            }
        }
        check(&f);
        pieces = f.sender.pieces;
        free(f.bytes);
    }
    qsort(t.ms, t.drawn, sizeof t.ms[0], by_size);
    printf("%8zu %5zu %8s %9.3f %7.1f%% %9.0f %8.1f %8.1f\n", len, pieces, bare ? "zbar" : "scan",
           shown / (double)pieces / files, 100.0 * t.read / t.drawn,
           (double)len * files / (shown / FPS), t.ms[t.drawn / 2], t.ms[t.drawn * 19 / 20]);
}

static void solving_time(uint64_t *random)
{
    uint8_t frame[FOUNTAIN_FRAME_MAX];
    struct file f = file_of(random, FOUNTAIN_BLOB_MAX, FOUNTAIN_PIECE_MAX);
    fountain_receiver_init(&receiver);
    double taking = 0, last = 0, sending = 0;
    for (uint32_t n = FOUNTAIN_PIECES_MAX; !fountain_complete(&receiver); n++) {
        struct writer w = writer_of(frame, sizeof frame);
        double start = now_ms();
        fountain_frame_write(&f.sender, n, &w);
        double sent = now_ms();
        (void)fountain_receive(&receiver, writer_span(&w));
        last = now_ms() - sent;
        taking += last;
        sending += sent - start;
    }
    check(&f);
    printf(
        "largest file, random symbols only: %.3f ms to make a frame, %.3f ms to take one, %.0f ms"
        " the last, %.0f ms in all\n",
        sending / FOUNTAIN_PIECES_MAX, taking / FOUNTAIN_PIECES_MAX, last, taking);
    free(f.bytes);
}

int main(int argc, char **argv)
{
    static const size_t len[] = {8200, 36000, 90000};
    unsigned runs = argc > 1 ? (unsigned)atoi(argv[1]) : 500;
    unsigned files = argc > 2 ? (unsigned)atoi(argv[2]) : 1;
    uint64_t random = 20240501;
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    overhead(&random, runs < 1 ? 1 : runs);
    solving_time(&random);
    printf("\ndrawn at %d pixels a module in %d x %d, 30 %% not seen at all, %d frames a second\n",
           MODULE, WIDTH, HEIGHT, FPS);
    printf("%8s %5s %8s %9s %8s %9s %8s %8s\n", "bytes", "K", "decoder", "shown / K", "read",
           "bytes/s", "med ms", "p95 ms");
    for (size_t i = 0; i < sizeof len / sizeof len[0]; i++) {
        through_pictures(&random, len[i], true, files < 1 ? 1 : files);
        through_pictures(&random, len[i], false, files < 1 ? 1 : files);
    }
    return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
