/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi issue RECORD...: reads all records before the first is issued, says all that is wrong with
 * them, then issues batch by batch.
 */
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "issuer/output.h"
#include "issuer/record.h"
#include "program.h"

#define RECORDS_MAX_BYTES (64u * 1024 * 1024)

static const char help[] =
    "Usage: saksi issue [OPTION]... RECORD.json...\n"
    "       saksi issue init | block | report | void | status [OPTION]...   (each has --help)\n"
    "Sign records, register them, and write NAME.cose, NAME.txt and NAME.pdf for each; NAME is "
    "the\n"
    "certificate number. A file holds one record or an array of records. Every page is read back\n"
    "before its certificate counts as issued. What an earlier run left half-way is finished "
    "first.\n"
    "\n"
    "  --station DIR         the station's folder (default: the current one)\n"
    "  --out DIR             where the files go (default: as station.json says)\n"
    "  --a4                  make an A4 page (the default)\n"
    "  --card                make a card, NAME-card.pdf; with --a4 both\n"
    "  --no-pdf              make no page\n"
    "  --photo FILE          bind this JPEG photo; for a single record\n"
    "  --duplicate           replace the certificate of the same number: that one becomes void\n"
    "  --sibling             issue another copy of the same certificate, beside the first\n"
    "  --resume              finish what stands half-way; pass over what is issued already\n"
    "  --check               check the records, issue nothing\n"
    "  --password-file FILE  the key's password, in the first line; else it is asked for\n"
    "  --help\n"
    "\n"
    "Exit status: 0 all issued, 64 usage, 65 a record cannot be issued, 70 internal error or a "
    "page\n"
    "that does not read back, 73 cannot create, 74 a file could not be read or written, 77 key.\n"
    "Example: saksi issue --station lsp-0123 candidates.json\n";

struct options {
    const char *station, *out, *photo, *password_file;
    unsigned pages;
    bool no_pdf, duplicate, sibling, resume, check;
    char **files;
    int file_count;
};

/* One file of records, and where its items begin. */
struct loaded {
    const char *path;
    uint8_t *text;
    struct record_file records;
    bool is_open;
};

struct work {
    struct options options;
    struct opened opened;
    struct loaded *files;
    struct issue_item *items;
    size_t item_count;
    struct holder_photo photo;
    struct timespec started;
    size_t done;
    bool progress_shown;
    char folder[PATH_MAX], photo_path[PATH_MAX]; /* absolute: an unfinished certificate may be
                                                    finished from elsewhere */
};

/* --- options --- */

static int parse(int argc, char **argv, struct options *o)
{
    enum {
        STATION = 256,
        OUT,
        A4,
        CARD,
        NO_PDF,
        PHOTO,
        DUPLICATE,
        SIBLING,
        RESUME,
        CHECK,
        PASSWORD,
        HELP
    };
    static const struct option names[] = {
        {"station", required_argument, NULL, STATION},
        {"out", required_argument, NULL, OUT},
        {"a4", no_argument, NULL, A4},
        {"card", no_argument, NULL, CARD},
        {"no-pdf", no_argument, NULL, NO_PDF},
        {"photo", required_argument, NULL, PHOTO},
        {"duplicate", no_argument, NULL, DUPLICATE},
        {"sibling", no_argument, NULL, SIBLING},
        {"resume", no_argument, NULL, RESUME},
        {"check", no_argument, NULL, CHECK},
        {"password-file", required_argument, NULL, PASSWORD},
        {"help", no_argument, NULL, HELP},
        {NULL, 0, NULL, 0},
    };
    for (int found; (found = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        switch (found) {
        case STATION:
            o->station = optarg;
            break;
        case OUT:
            o->out = optarg;
            break;
        case A4:
            o->pages |= ISSUE_A4;
            break;
        case CARD:
            o->pages |= ISSUE_CARD;
            break;
        case NO_PDF:
            o->no_pdf = true;
            break;
        case PHOTO:
            o->photo = optarg;
            break;
        case DUPLICATE:
            o->duplicate = true;
            break;
        case SIBLING:
            o->sibling = true;
            break;
        case RESUME:
            o->resume = true;
            break;
        case CHECK:
            o->check = true;
            break;
        case PASSWORD:
            o->password_file = optarg;
            break;
        case HELP:
            fputs(help, stdout);
            exit(STATUS_OK);
        default:
            return say_usage("");
        }
    }
    o->files = argv + optind;
    o->file_count = argc - optind;
    return STATUS_OK;
}

static int check_options(struct options *o)
{
    if (o->file_count == 0 && !o->resume) {
        return say(STATUS_USAGE, "no record is named; see saksi issue --help");
    }
    if (o->duplicate && o->sibling) {
        return say(STATUS_USAGE, "--duplicate and --sibling exclude each other");
    }
    if (o->no_pdf && o->pages != 0) {
        return say(STATUS_USAGE, "--no-pdf excludes --a4 and --card");
    }
    if (!o->no_pdf && o->pages == 0) {
        o->pages = ISSUE_A4;
    }
    return STATUS_OK;
}

/* --- records --- */

static void print_notes(const char *path, const struct record_notes *notes, const char *kind)
{
    for (size_t i = 0; i < notes->count && i < RECORD_MAX_NOTES; i++) {
        const struct record_note *note = &notes->note[i];
        (void)say(0, "%s: %s%s%s%s", path, kind, note->path, *note->path == '\0' ? "" : ": ",
                  note->text);
    }
    if (notes->count > RECORD_MAX_NOTES) {
        (void)say(0, "%s: %sand %zu more", path, kind, notes->count - RECORD_MAX_NOTES);
    }
}

static int load(struct loaded *file, const char *path)
{
    struct record_notes notes = {.count = 0};
    size_t len = 0;
    file->path = path;
    enum file_error error = file_read(path, RECORDS_MAX_BYTES, &file->text, &len);
    if (error != FILE_OK) {
        return say(STATUS_IO, "%s: %s", path, file_error_text(error));
    }
    file->is_open = record_file_open(span_of(file->text, len), &file->records, &notes);
    if (!file->is_open) {
        print_notes(path, &notes, "");
        return STATUS_DATA;
    }
    return STATUS_OK;
}

static int load_all(struct work *work)
{
    int worst = STATUS_OK;
    work->files = calloc((size_t)work->options.file_count + 1, sizeof *work->files);
    if (work->files == NULL) {
        return say(STATUS_INTERNAL, "not enough memory");
    }
    for (int i = 0; i < work->options.file_count; i++) {
        int status = load(&work->files[i], work->options.files[i]);
        worst = status != STATUS_OK ? status : worst;
        if (work->files[i].is_open) {
            work->item_count += record_file_count(&work->files[i].records);
        }
    }
    return worst;
}

/* Reads one record; true when it can be issued. */
static bool read_record(struct work *work, struct loaded *file, size_t at, struct issue_item *item)
{
    static struct record_notes problems, warnings;
    struct record_context context = {
        .issuer = work->opened.station.issuer.id,
        .now_s = (int64_t)time(NULL),
        .has_photo = work->options.photo != NULL,
    };
    problems.count = 0;
    warnings.count = 0;
    bool fit = record_read(&file->records, at, &context, &item->credential, &problems, &warnings);
    print_notes(file->path, &problems, "");
    print_notes(file->path, &warnings, "warning: ");
    return fit;
}

static int read_records(struct work *work)
{
    size_t next = 0, unfit = 0;
    work->items = calloc(work->item_count + 1, sizeof *work->items);
    if (work->items == NULL) {
        return say(STATUS_INTERNAL, "not enough memory");
    }
    for (int i = 0; i < work->options.file_count; i++) {
        size_t count = record_file_count(&work->files[i].records);
        for (size_t at = 0; at < count; at++) {
            unfit += !read_record(work, &work->files[i], at, &work->items[next++]);
        }
    }
    if (unfit != 0) {
        return say(STATUS_DATA, "%zu of %zu records cannot be issued; nothing was issued", unfit,
                   work->item_count);
    }
    return STATUS_OK;
}

static int read_photo(struct work *work)
{
    const char *why = NULL;
    if (work->options.photo == NULL) {
        return STATUS_OK;
    }
    if (work->item_count > 1) {
        return say(STATUS_USAGE, "--photo goes with a single record; %zu are named",
                   work->item_count);
    }
    return holder_photo_read(work->options.photo, program_folder(), &work->photo, &why)
               ? STATUS_OK
               : say(STATUS_DATA, "%s: %s", work->options.photo, why);
}

/* --- issuing --- */

/* Without them every certificate would be signed and then stand half-way. */
static int check_programs(unsigned pages)
{
    static const char *const needed[] = {"saksi-page", "saksi-decode-pdf"};
    char path[4096];
    for (size_t i = 0; pages != 0 && i < sizeof needed / sizeof needed[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", program_folder(), needed[i]);
        if (access(path, X_OK) != 0) {
            return say(STATUS_INTERNAL, "%s is not installed; --no-pdf issues without pages", path);
        }
    }
    return STATUS_OK;
}

static void show_progress(void *ctx, size_t done)
{
    struct work *work = ctx;
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec - work->started.tv_sec < 1 || isatty(STDERR_FILENO) == 0) {
        return;
    }
    work->progress_shown = true;
    (void)fprintf(stderr, "\r%zu of %zu", work->done + done, work->item_count);
    (void)fflush(stderr);
}

static void end_progress(struct work *work)
{
    if (work->progress_shown) {
        (void)fputs("\r\033[K", stderr);
        work->progress_shown = false;
    }
}

static struct issue_session session_of(struct work *work)
{
    const struct options *o = &work->options;
    return (struct issue_session){
        .station = &work->opened.station,
        .registry = work->opened.registry,
        .signer = work->opened.signer,
        .libexec_dir = program_folder(),
        .folder = work->folder,
        .pages = o->pages,
        .kind = o->duplicate ? REGISTRY_DUPLICATE
                : o->sibling ? REGISTRY_SIBLING
                             : REGISTRY_ORIGINAL,
        .pass_over_same = o->resume,
        .photo = work->photo.bytes != NULL ? &work->photo : NULL,
        .photo_path = work->photo_path,
        .now_s = (int64_t)time(NULL),
        .progress = show_progress,
        .ctx = work,
    };
}

static void print_item(const struct issue_item *item)
{
    struct span number = credential_text(&item->credential, SAKSI_CLAIM_CERTIFICATE_NUMBER);
    switch (item->outcome) {
    case ISSUE_DELIVERED:
        (void)printf("issued %.*s, index %u\n", (int)number.len, (const char *)number.ptr,
                     (unsigned)item->index);
        break;
    case ISSUE_PASSED_OVER:
        (void)printf("passed over %.*s: issued before\n", (int)number.len,
                     (const char *)number.ptr);
        break;
    case ISSUE_FAILED:
        (void)say(0, "%.*s: %s", (int)number.len, (const char *)number.ptr, item->why);
        break;
    case ISSUE_WAITS:
        (void)say(0, "%.*s: signed, not written out: %s", (int)number.len, (const char *)number.ptr,
                  item->why);
        break;
    case ISSUE_NOT_TRIED:
        break;
    }
}

static int say_outcome(const struct work *work, enum issue_error error,
                       enum registry_error registry_error)
{
    switch (error) {
    case ISSUE_OK:
        return STATUS_OK;
    case ISSUE_REFUSED:
        return say(STATUS_DATA, "a record was refused; none of its batch was issued");
    case ISSUE_REGISTRY:
        return say_registry(work->opened.station.registry_path, registry_error,
                            registry_db_error(work->opened.registry));
    case ISSUE_FILE:
        return say(STATUS_IO, "what was signed and not written out waits for \"saksi issue "
                              "--resume\"");
    case ISSUE_PROGRAM:
        return say(STATUS_INTERNAL, "what was signed and not written out waits for \"saksi issue "
                                    "--resume\"");
    case ISSUE_UNREAD:
        return say(STATUS_INTERNAL, "a page failed; its certificate is void and must not be used");
    case ISSUE_SYSTEM:
        break;
    }
    return say(STATUS_INTERNAL, "issuing failed: not enough memory, or a fault in the machine");
}

static void tell_resumed(void *ctx, const struct issue_item *item)
{
    (void)ctx;
    struct span number = credential_text(&item->credential, SAKSI_CLAIM_CERTIFICATE_NUMBER);
    if (item->outcome == ISSUE_DELIVERED) {
        (void)printf("finished %.*s, index %u\n", (int)number.len, (const char *)number.ptr,
                     (unsigned)item->index);
    } else {
        (void)say(0, "index %u of an earlier run: %s; %s", (unsigned)item->index, item->why,
                  item->outcome == ISSUE_FAILED ? "it is void" : "it still waits");
    }
}

static int resume(struct work *work)
{
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = session_of(work);
    enum issue_error error = issue_resume(&session, tell_resumed, work, &registry_error);
    /* An earlier certificate that turned out void is told; it does not stop new ones. */
    return error == ISSUE_UNREAD ? STATUS_OK : say_outcome(work, error, registry_error);
}

static int issue_records(struct work *work)
{
    int worst = STATUS_OK;
    while (work->done < work->item_count && worst == STATUS_OK) {
        size_t left = work->item_count - work->done;
        size_t count = left < ISSUE_BATCH_MAX ? left : ISSUE_BATCH_MAX;
        struct issue_item *items = work->items + work->done;
        struct issue_session session = session_of(work);
        enum registry_error registry_error = REGISTRY_OK;
        enum issue_error error = issue_batch(&session, items, count, &registry_error);
        end_progress(work);
        for (size_t i = 0; i < count; i++) {
            print_item(&items[i]);
        }
        worst = say_outcome(work, error, registry_error);
        work->done += count;
    }
    return worst;
}

/* Numbers that nobody signed for can collide with another station's. */
static void warn_of_unsigned_blocks(struct work *work)
{
    struct registry_block block;
    int64_t after = -1;
    while (registry_next_block(work->opened.registry, after, &block) == REGISTRY_OK) {
        after = block.first;
        if (!block.is_signed && !work->opened.station.sample) {
            (void)say(0,
                      "warning: no authority signed for the indices %u to %u; another station may "
                      "use them too",
                      (unsigned)block.first, (unsigned)block.last);
        }
    }
}

static int find_places(struct work *work)
{
    const char *folder =
        work->options.out != NULL ? work->options.out : work->opened.station.out_path;
    enum file_error error = file_make_folder(folder, 0755);
    if (error == FILE_OK && realpath(folder, work->folder) == NULL) {
        error = FILE_MISSING;
    }
    if (error != FILE_OK) {
        return say(STATUS_CANNOT_CREATE, "%s: %s", folder, file_error_text(error));
    }
    if (work->options.photo != NULL && realpath(work->options.photo, work->photo_path) == NULL) {
        return say(STATUS_IO, "%s: %s", work->options.photo, file_error_text(FILE_MISSING));
    }
    return STATUS_OK;
}

static int run(struct work *work)
{
    const struct options *o = &work->options;
    (void)clock_gettime(CLOCK_MONOTONIC, &work->started);
    int status = opened_station(&work->opened, o->station, !o->check);
    status = status != STATUS_OK ? status : load_all(work);
    status = status != STATUS_OK ? status : read_photo(work);
    status = status != STATUS_OK ? status : read_records(work);
    if (status != STATUS_OK || o->check) {
        return status;
    }
    status = check_programs(o->pages);
    status = status != STATUS_OK ? status : opened_key(&work->opened, o->password_file);
    status = status != STATUS_OK ? status : find_places(work);
    if (status == STATUS_OK) {
        warn_of_unsigned_blocks(work);
    }
    status = status != STATUS_OK ? status : resume(work);
    return status != STATUS_OK ? status : issue_records(work);
}

static void close_work(struct work *work)
{
    for (int i = 0; work->files != NULL && i < work->options.file_count; i++) {
        if (work->files[i].is_open) {
            record_file_close(&work->files[i].records);
        }
        free(work->files[i].text);
    }
    free(work->files);
    free(work->items);
    holder_photo_clear(&work->photo);
    opened_close(&work->opened);
}

int program_issue(int argc, char **argv)
{
    static struct work work;
    work.options.station = ".";
    int status = parse(argc, argv, &work.options);
    status = status != STATUS_OK ? status : check_options(&work.options);
    if (status == STATUS_OK) {
        status = run(&work);
        close_work(&work);
    }
    if (fflush(stdout) != 0 && status == STATUS_OK) {
        status = STATUS_IO;
    }
    return status;
}
