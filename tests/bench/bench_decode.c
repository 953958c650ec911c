/* SPDX-License-Identifier: Apache-2.0
 *
 * How many hard camera frames the scanner reads, and in what time, beside the bare QR library on
 * the same frames. Usage: bench_decode [frames a fault [seed [fault]]]. A wrong text is reported
 * and fails the program.
 */
#include "decode_art.h"
#include "devices/decode/decode_zbar.h"
#include "devices/decode/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WIDTH = 1280, HEIGHT = 720, BUDGET_MS = 500, FRAMES_MAX = 1000 };

struct tally {
    unsigned read, wrong;
    double ms[FRAMES_MAX * ART_FAULTS];
    unsigned frames;
};

static struct code_list list;
static struct tally total_bare, total_scan;

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void on_found(void *context, const struct qr_found *found)
{
    (void)context;
    code_list_add(&list, 1, found->text);
}

static void count(struct tally *t, struct span text, double ms)
{
    for (size_t i = 0; i < list.count; i++) {
        bool same = span_equal(text, span_of(list.text + list.code[i].offset, list.code[i].len));
        t->read += same;
        t->wrong += !same;
    }
    t->ms[t->frames++] = ms;
    list.count = 0;
    list.bytes = 0;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print(const char *name, struct tally *bare, struct tally *scan)
{
    qsort(bare->ms, bare->frames, sizeof bare->ms[0], by_size);
    qsort(scan->ms, scan->frames, sizeof scan->ms[0], by_size);
    printf("%-10s %5u   %5u %8.1f %8.1f   %5u %8.1f %8.1f   %u\n", name, bare->frames, bare->read,
           bare->ms[bare->frames / 2], bare->ms[bare->frames * 19 / 20], scan->read,
           scan->ms[scan->frames / 2], scan->ms[scan->frames * 19 / 20], bare->wrong + scan->wrong);
}

static void add(struct tally *total, const struct tally *part)
{
    total->read += part->read;
    total->wrong += part->wrong;
    memcpy(total->ms + total->frames, part->ms, part->frames * sizeof part->ms[0]);
    total->frames += part->frames;
}

static void one_frame(uint64_t *state, enum art_fault fault, struct tally *bare, struct tally *scan)
{
    static const size_t LENGTHS[] = {200, 300, 400, 500, 700};
    char *text = art_text(state, LENGTHS[art_random(state) % 5]);
    struct art art = art_frame(state, span_str(text), fault, WIDTH, HEIGHT);
    struct image image = {art.width, art.height, 1, 1, art.px};
    double start = now_ms();
    decode_zbar(&image, on_found, NULL);
    count(bare, span_str(text), now_ms() - start);
    start = now_ms();
    scan_page(&image, 1, SCAN_THOROUGH, BUDGET_MS, &list);
    count(scan, span_str(text), now_ms() - start);
    art_free(&art);
    free(text);
}

int main(int argc, char **argv)
{
    unsigned frames = argc > 1 ? (unsigned)atoi(argv[1]) : 8;
    uint64_t state = argc > 2 ? strtoull(argv[2], NULL, 10) : 20240501;
    frames = frames < 1 ? 1 : frames > FRAMES_MAX ? FRAMES_MAX : frames;
    printf("%-10s %5s   %5s %8s %8s   %5s %8s %8s   %s\n", "fault", "shown", "bare", "med ms",
           "p95 ms", "scan", "med ms", "p95 ms", "wrong");
    for (int fault = 0; fault < ART_FAULTS; fault++) {
        static struct tally bare, scan;
        if (argc > 3 && strcmp(argv[3], art_fault_name((enum art_fault)fault)) != 0) {
            continue;
        }
        bare = (struct tally){0};
        scan = (struct tally){0};
        for (unsigned i = 0; i < frames; i++) {
            one_frame(&state, (enum art_fault)fault, &bare, &scan);
        }
        print(art_fault_name((enum art_fault)fault), &bare, &scan);
        add(&total_bare, &bare);
        add(&total_scan, &scan);
    }
    print("all", &total_bare, &total_scan);
    return total_bare.wrong + total_scan.wrong == 0 ? 0 : 1;
}
