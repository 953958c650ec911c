/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi trust: first trust, import, status, export. Decides nothing: trust_update does.
 */
#include "cli/cmd_trust.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/command.h"
#include "cli/fingerprint.h"
#include "cli/terminal.h"

#define TYPED_DIGITS 8

static const char help[] =
    "Usage: saksi trust init --root FILE [--root-id HEX] [--sample]\n"
    "       saksi trust import FILE...\n"
    "       saksi trust status [--json]\n"
    "       saksi trust export --out FILE\n"
    "Install the root of trust, import bundles of lists, show what is stored, pass it on.\n"
    "\n"
    "  --root FILE     the .root file of version 1\n"
    "  --root-id HEX   the fingerprint it must have, as it came to you by another way\n"
    "  --db FILE       the trust list (default " SETTINGS_DEFAULT_DB ")\n"
    "  --sample        work with a trust list of sample data\n"
    "  --json          status as one JSON object\n"
    "  --out FILE      where to write the bundle\n"
    "  --help\n"
    "\n"
    "Exit status: 0 done, 1 refused, 64 usage, 70 internal error, 74 a file could not be read or\n"
    "written.\n"
    "Example: saksi trust import /media/usb/trust.bundle\n";

struct options {
    struct settings settings;
    const char *root, *root_id, *out;
    bool json;
};

static struct trust_clock_input clock_now(void)
{
    return (struct trust_clock_input){.now_s = (int64_t)time(NULL), .build_s = SAKSI_BUILD_TIME};
}

/* --- what goes wrong --- */

static int file_failed(const char *path, enum file_error error)
{
    terminal_error("trust", "%s: %s", path, file_error_text(error));
    return error == FILE_SYSTEM ? EXIT_INTERNAL : EXIT_INPUT_OUTPUT;
}

static int refused(const char *path, const struct trust_refusal *refusal, const struct settings *s,
                   const struct trust_store *store)
{
    if (refusal->error == TRUST_UPDATE_STORE) {
        terminal_error("trust", "%s: %s", s->db, db_error_text(trust_store_db_error(store)));
        return EXIT_INPUT_OUTPUT;
    }
    terminal_error("trust", "%s: %s%srefused: %s: %s", path, refusal->subject,
                   refusal->subject[0] == '\0' ? "" : ": ", trust_update_error_name(refusal->error),
                   trust_update_error_text(refusal->error));
    return refusal->error == TRUST_UPDATE_SYSTEM ? EXIT_INTERNAL : EXIT_REFUSED;
}

int trust_open(const struct settings *settings, enum db_mode mode, struct trust_store **ret_store)
{
    enum db_error db = DB_OK;
    switch (trust_store_open(settings->db, mode, settings->sample, ret_store, &db)) {
    case TRUST_STORE_OK:
        return 0;
    case TRUST_STORE_SAMPLE:
        terminal_error("trust",
                       "%s: holds sample data, which proves nothing; add --sample to work with it",
                       settings->db);
        return EXIT_USAGE;
    case TRUST_STORE_DB:
        terminal_error("trust", "%s: %s", settings->db,
                       db == DB_MISSING ? "there is no trust list yet; saksi trust init makes one"
                                        : db_error_text(db));
        return EXIT_INPUT_OUTPUT;
    default:
        terminal_error("trust", "%s: a stored document is damaged; import into a new file",
                       settings->db);
        return EXIT_INPUT_OUTPUT;
    }
}

/* --- init --- */

/* The operator's word for the fingerprint: given as an option, or typed at a terminal. */
static int confirm(const struct options *o, const uint8_t root_id[TRUST_DIGEST_SIZE])
{
    uint8_t expected[TRUST_DIGEST_SIZE];
    char line[256];
    if (o->root_id != NULL) {
        if (!fingerprint_parse(span_str(o->root_id), expected)) {
            terminal_error("trust", "--root-id: is not a fingerprint of 64 hexadecimal digits");
            return EXIT_USAGE;
        }
        if (memcmp(expected, root_id, sizeof expected) != 0) {
            terminal_error("trust", "%s: refused: ROOT_ID: its fingerprint is another one",
                           o->root);
            return EXIT_REFUSED;
        }
        return 0;
    }
    if (isatty(STDIN_FILENO) == 0) {
        terminal_error("trust", "give --root-id with the fingerprint that came by another way, or "
                                "run this at a terminal");
        return EXIT_USAGE;
    }
    printf("Compare every group with the fingerprint that came to you by another way.\n"
           "To trust this root, type the last two groups: ");
    (void)fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL ||
        !fingerprint_ends_with(root_id, span_str(line), TYPED_DIGITS)) {
        terminal_error("trust", "not confirmed; nothing was changed");
        return EXIT_REFUSED;
    }
    return 0;
}

static void show_root(const struct trust_root *root, const uint8_t root_id[TRUST_DIGEST_SIZE])
{
    if (root->sample) {
        printf("SAMPLE DATA: these authorities are examples and prove nothing.\n");
    }
    printf("Root of %zu state%s:", root->authority_count, root->authority_count == 1 ? "" : "s");
    for (size_t i = 0; i < root->authority_count; i++) {
        printf(" %.2s", (const char *)root->authority[i].state.ptr);
    }
    printf("\nFingerprint:\n");
    fingerprint_print(stdout, root_id);
}

static int install(const struct options *o, struct span file,
                   const uint8_t root_id[TRUST_DIGEST_SIZE])
{
    struct trust_store *store = NULL;
    struct trust_clock_input clock = clock_now();
    int status = trust_open(&o->settings, DB_CREATE, &store);
    if (status != 0) {
        return status;
    }
    struct trust_refusal refusal = trust_update_init(store, file, root_id, &clock);
    if (refusal.error != TRUST_UPDATE_OK) {
        status = refused(o->root, &refusal, &o->settings, store);
    } else {
        printf("%s: the root is installed. Next: saksi trust import FILE.bundle\n", o->settings.db);
    }
    trust_store_close(store);
    return status;
}

static int init_from(const struct options *o, struct span file, struct trust_root *root)
{
    uint8_t root_id[TRUST_DIGEST_SIZE];
    struct trust_refusal refusal = {.error = trust_root_open(file, root, root_id)};
    if (refusal.error == TRUST_UPDATE_OK && root->sample && !o->settings.sample) {
        refusal.error = TRUST_UPDATE_SAMPLE;
    }
    if (refusal.error != TRUST_UPDATE_OK) {
        return refused(o->root, &refusal, &o->settings, NULL);
    }
    show_root(root, root_id);
    int status = confirm(o, root_id);
    return status == 0 ? install(o, file, root_id) : status;
}

static int run_init(struct options *o, int count, char **names)
{
    uint8_t *file = NULL;
    size_t len = 0;
    (void)names;
    if (o->root == NULL || count != 0) {
        terminal_error("trust", "init: name the root file: --root FILE");
        return EXIT_USAGE;
    }
    enum file_error error = file_read(o->root, TRUST_MAX_DOC_BYTES, &file, &len);
    if (error != FILE_OK) {
        return file_failed(o->root, error);
    }
    struct trust_root *root = malloc(sizeof *root);
    int status = EXIT_INTERNAL;
    if (root != NULL) {
        status = init_from(o, span_of(file, len), root);
    }
    free(root);
    free(file);
    return status;
}

/* --- import --- */

struct progress {
    int64_t start_ms, shown_ms;
};

static int64_t monotonic_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Says something only when people begin to wonder. */
static void show_progress(void *ctx, size_t done, size_t all)
{
    struct progress *p = ctx;
    int64_t now_ms = monotonic_ms();
    if (now_ms - p->start_ms > 1000 && now_ms - p->shown_ms > 500 && all != 0) {
        p->shown_ms = now_ms;
        (void)fprintf(stderr, "saksi trust: importing, %zu %%\n", done * 100 / all);
    }
}

static void show_report(const char *path, const struct trust_update_report *report)
{
    printf("%s: ", path);
    if (report->roots_added == 0 && !report->header_added && report->lists_added == 0) {
        printf("nothing new\n");
        return;
    }
    if (report->roots_added != 0) {
        printf("%u new root%s, ", report->roots_added, report->roots_added == 1 ? "" : "s");
    }
    if (report->header_added) {
        printf("header %lld, ", (long long)report->header_version);
    }
    printf("%u list%s new, %u unchanged, %zu rows\n", report->lists_added,
           report->lists_added == 1 ? "" : "s", report->lists_unchanged, report->rows);
}

static int import_file(const struct options *o, struct trust_store *store, const char *path)
{
    uint8_t *file = NULL;
    size_t len = 0;
    struct trust_update_report report = {0};
    struct trust_clock_input clock = clock_now();
    struct progress progress = {.start_ms = monotonic_ms()};
    enum file_error error = file_read(path, TRUST_MAX_BUNDLE, &file, &len);
    if (error != FILE_OK) {
        return file_failed(path, error);
    }
    struct trust_refusal refusal =
        trust_update_import(store, span_of(file, len), &clock, show_progress, &progress, &report);
    free(file);
    if (refusal.error != TRUST_UPDATE_OK) {
        return refused(path, &refusal, &o->settings, store);
    }
    show_report(path, &report);
    return 0;
}

static int run_import(struct options *o, int count, char **names)
{
    struct trust_store *store = NULL;
    if (count == 0) {
        terminal_error("trust", "import: name a bundle");
        return EXIT_USAGE;
    }
    int status = trust_open(&o->settings, DB_WRITE, &store);
    for (int i = 0; i < count && status == 0; i++) {
        status = import_file(o, store, names[i]);
    }
    if (store != NULL) {
        trust_store_close(store);
    }
    return status;
}

/* --- export, status --- */

static int run_export(struct options *o, int count, char **names)
{
    struct trust_store *store = NULL;
    uint8_t *bundle = NULL;
    size_t len = 0;
    (void)names;
    if (o->out == NULL || count != 0) {
        terminal_error("trust", "export: name the file to write: --out FILE");
        return EXIT_USAGE;
    }
    int status = trust_open(&o->settings, DB_READ, &store);
    if (status != 0) {
        return status;
    }
    struct trust_refusal refusal = trust_update_export(store, &bundle, &len);
    if (refusal.error != TRUST_UPDATE_OK) {
        status = refused(o->settings.db, &refusal, &o->settings, store);
    } else {
        enum file_error error = file_write_atomic(o->out, span_of(bundle, len), 0644);
        status = error == FILE_OK ? 0 : file_failed(o->out, error);
    }
    if (status == 0) {
        printf("%s: %zu bytes\n", o->out, len);
    }
    free(bundle);
    trust_store_close(store);
    return status;
}

static int run_status(struct options *o, int count, char **names)
{
    if (count != 0) {
        terminal_error("trust", "status: %s: takes no file; use --db FILE", names[0]);
        return EXIT_USAGE;
    }
    return trust_status(&o->settings, o->json);
}

/* --- the command --- */

/* Returns the exit status to stop with, or -1 to go on. */
static int take_options(struct options *o, int argc, char **argv)
{
    static const struct option options[] = {
        {"root", required_argument, NULL, 'r'}, {"root-id", required_argument, NULL, 'i'},
        {"db", required_argument, NULL, 'd'},   {"sample", no_argument, NULL, 's'},
        {"json", no_argument, NULL, 'j'},       {"out", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},       {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'r':
            o->root = optarg;
            break;
        case 'i':
            o->root_id = optarg;
            break;
        case 'd':
            if (!settings_set(&o->settings, "db", optarg)) {
                terminal_error("trust", "--db: the path is empty or too long");
                return EXIT_USAGE;
            }
            break;
        case 's':
            o->settings.sample = true;
            break;
        case 'j':
            o->json = true;
            break;
        case 'o':
            o->out = optarg;
            break;
        case 'h':
            (void)fputs(help, stdout);
            return 0;
        default:
            terminal_bad_option("trust", argv[optind - 1]);
            return EXIT_USAGE;
        }
    }
    return -1;
}

int cmd_trust(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(struct options *o, int count, char **names);
    } subcommands[] = {
        {"init", run_init}, {"import", run_import}, {"status", run_status}, {"export", run_export}};
    struct options o = {0};
    if (!settings_load("trust", &o.settings)) {
        return EXIT_USAGE;
    }
    int status = take_options(&o, argc, argv);
    if (status >= 0) {
        return status;
    }
    for (size_t i = 0; optind < argc && i < sizeof subcommands / sizeof subcommands[0]; i++) {
        if (strcmp(argv[optind], subcommands[i].name) == 0) {
            status = subcommands[i].run(&o, argc - optind - 1, argv + optind + 1);
        }
    }
    if (status < 0) {
        (void)fputs("saksi trust: name a subcommand: init, import, status or export\n"
                    "Try: saksi trust --help\n",
                    stderr);
        return EXIT_USAGE;
    }
    return status;
}
