/* SPDX-License-Identifier: Apache-2.0
 *
 * make_vectors FOLDER writes the vectors as files, so that whole programs can be held to them:
 *
 *     root1.root, root1.id                          the root and its identity in hexadecimal
 *     region1.bundle, region2.bundle                to be imported in this order on FIXTURE_DAY
 *     NAME.txt                                      the text of a QR code
 *     verdicts.tsv                                  one line a vector: what is asked, what must be
 * answered
 *
 * Vectors that need a card, a damaged store, or none, are left to the unit test. Only ES256
 * signatures differ from run to run. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "check.h"
#include "vectors.h"

static const char *folder;

static FILE *open_file(const char *name, const char *suffix)
{
    char path[512];
    int len = snprintf(path, sizeof path, "%s/%s%s", folder, name, suffix);
    FILE *file = len > 0 && (size_t)len < sizeof path ? fopen(path, "wb") : NULL;
    if (file == NULL) {
        fprintf(stderr, "make_vectors: %s%s cannot be written\n", name, suffix);
        exit(1);
    }
    return file;
}

static void close_file(FILE *file)
{
    if (ferror(file) != 0 || fclose(file) != 0) {
        fprintf(stderr, "make_vectors: a file in %s cannot be written\n", folder);
        exit(1);
    }
}

static void write_file(const char *name, const char *suffix, struct span bytes)
{
    FILE *file = open_file(name, suffix);
    fwrite(bytes.ptr, 1, bytes.len, file);
    close_file(file);
}

static void write_root_id(struct world *w)
{
    FILE *file = open_file("root1", ".id");
    for (size_t i = 0; i < TRUST_DIGEST_SIZE; i++) {
        fprintf(file, "%02x", fixture_root_id(w->f)[i]);
    }
    close_file(file);
}

static void write_reasons(FILE *table, const struct vector *v)
{
    for (size_t i = 0; i < VECTOR_MAX_REASONS && v->reason[i] != 0; i++) {
        fprintf(table, "%s%s", i == 0 ? "" : ",", reason_find(v->reason[i])->name);
    }
    fputc('\n', table);
}

/* "-": none is wanted; "?": it cannot be read; else the versions of root and header. */
static void write_mark(FILE *table, const struct trust_mark *mark)
{
    if (mark->wanted && mark->known) {
        fprintf(table, "%" PRId64 ",%" PRId64, mark->root_version, mark->header_version);
    } else {
        fputc(mark->wanted ? '?' : '-', table);
    }
}

static void write_line(struct world *w, FILE *table, const struct vector *v)
{
    struct verify_request r = vector_request(w, v);
    fprintf(table, "%s\t%s\t%d\t%" PRId64 "\t%" PRId64 "\t%" PRId32 "\t", v->name,
            r.host[0] == '\0' ? "-" : r.host, (int)r.purpose, r.now_s, r.build_s, r.utc_offset_s);
    if (r.has_at) {
        fprintf(table, "%" PRId64, r.at_day);
    } else {
        fputc('-', table);
    }
    fprintf(table, "\t%.*s\t%d,%d,%d\t", r.post.len == 0 ? 1 : (int)r.post.len,
            r.post.len == 0 ? "-" : (const char *)r.post.ptr, r.tighten.plain_days,
            r.tighten.shown_days, r.tighten.amber_days);
    write_mark(table, &r.mark);
    fprintf(table, "\t%s\t", outcome_json(v->outcome));
    write_reasons(table, v);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: make_vectors FOLDER\n");
        return 64;
    }
    folder = argv[1];
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "make_vectors: %s cannot be made\n", folder);
        return 1;
    }
    struct world *w = world_new();
    write_file("root1", ".root", w->root);
    write_root_id(w);
    write_file("region1", ".bundle", w->bundle[0]);
    write_file("region2", ".bundle", w->bundle[1]);
    FILE *table = open_file("verdicts", ".tsv");
    fputs("name\thost\tpurpose\tnow_s\tbuild_s\tutc_offset_s\tat_"
          "day\tpost\ttighten\tmark\toutcome\treasons\n",
          table);
    for (size_t i = 0; i < vector_count; i++) {
        const struct vector *v = &vector_table[i];
        if (v->nothing == 0 && v->spoil == NULL && v->card == NULL &&
            v->store == VECTOR_FULL_STORE) {
            write_file(v->name, ".txt", vector_text(w, v));
            write_line(w, table, v);
        }
    }
    close_file(table);
    world_free(w);
    return 0;
}
