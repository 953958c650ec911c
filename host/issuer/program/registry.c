/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi issue report, void and status: what a station has done, told and corrected.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "codec/cose.h"
#include "issuer/registry_report.h"
#include "options.h"

static const char report_help[] =
    "Usage: saksi issue report --out FILE [--station DIR] [--from N]\n"
    "                          [--password-file FILE]\n"
    "Write a signed report of what was issued and voided (numbers, indices, centres,\n"
    "blanks; no names) for \"saksi authority import-report\". --from tells only the\n"
    "changes from number N on; each report ends by saying which number comes next.\n"
    "\n"
    "Exit status: 0 written, 64 usage, 65 the station cannot be used, 70 internal\n"
    "error, 73 cannot create, 74 a file could not be read or written, 77 key.\n";

static const char void_help[] =
    "Usage: saksi issue void --number NUMBER | --index N [--station DIR]\n"
    "Void a certificate that was spoilt or must not be used: it is told to the\n"
    "authority in the next report, and its number can be issued again. With --number\n"
    "every certificate in force under it becomes void.\n"
    "\n"
    "Exit status: 0 void, 64 usage, 65 no certificate in force has this number or\n"
    "index, or the station cannot be used, 70 internal error, 73 the registry may not\n"
    "be written, 74 a file could not be read or written.\n";

static const char status_help[] =
    "Usage: saksi issue status [--station DIR]\n"
    "Show the station, its blocks of indices and what stands half-way.\n"
    "\n"
    "Exit status: 0 shown, 64 usage, 65 the station cannot be used, 70 internal\n"
    "error, 74 a file could not be read.\n";

/* No arguments but options. */
static int parse(int argc, char **argv, const char *help, const struct option_row *rows,
                 size_t count)
{
    int rest = 0;
    int status = options_parse(argc, argv, argv[0], help, rows, count, &rest);
    return status == STATUS_OK && rest != argc ? say_usage(argv[0]) : status;
}

static const char *sample_mark(const struct opened *opened)
{
    return opened->station.sample ? " (SAMPLE)" : "";
}

static int fail(const struct opened *opened, enum registry_error error)
{
    return say_registry(opened->station.registry_path, error, registry_db_error(opened->registry));
}

/* --- report --- */

static int write_report(struct opened *opened, const char *out, uint64_t from)
{
    struct registry_report report;
    enum registry_error error =
        registry_report_make(opened->registry, opened->signer, &opened->station.identity, from,
                             (int64_t)time(NULL), &report);
    if (error == REGISTRY_NO_SUCH) {
        return say(STATUS_USAGE, "report: --from is beyond the last change");
    }
    if (error != REGISTRY_OK) {
        return error == REGISTRY_DB ? fail(opened, error)
                                    : say(STATUS_INTERNAL, "report: signing failed");
    }
    enum file_error file = file_write_atomic(out, span_of(report.document, report.len), 0644);
    free(report.document);
    if (file != FILE_OK) {
        return say(STATUS_CANNOT_CREATE, "%s: %s", out, file_error_text(file));
    }
    (void)printf("%s%s tells %zu certificate%s, changes %llu to %llu; the next report begins with "
                 "--from %llu%s\n",
                 out, sample_mark(opened), report.rows, report.rows == 1 ? "" : "s",
                 (unsigned long long)report.first, (unsigned long long)report.last,
                 (unsigned long long)report.last + 1,
                 report.last < report.last_of_all ? ": make it now, there is more" : "");
    return STATUS_OK;
}

int program_report(int argc, char **argv)
{
    static struct opened opened;
    const char *station = ".", *out = NULL, *from_text = "1", *password_file = NULL;
    const struct option_row rows[] = {
        {.name = "station", .text = &station},
        {.name = "out", .text = &out},
        {.name = "from", .text = &from_text},
        {.name = "password-file", .text = &password_file},
    };
    uint64_t from = 0;
    int status = parse(argc, argv, report_help, rows, sizeof rows / sizeof rows[0]);
    if (status == STATUS_OK && out == NULL) {
        status = say(STATUS_USAGE, "report: --out is missing");
    }
    if (status == STATUS_OK && (!parse_number(from_text, INT64_MAX, &from) || from == 0)) {
        status = say(STATUS_USAGE, "report: --from must be a number from 1 on");
    }
    if (status == STATUS_OK) {
        status = opened_station(&opened, station, false);
        status = status != STATUS_OK ? status : opened_key(&opened, password_file);
        status = status != STATUS_OK ? status : write_report(&opened, out, from);
        opened_close(&opened);
    }
    return status;
}

/* --- void --- */

static enum registry_error void_number(struct registry *registry, const char *number, int64_t now_s,
                                       size_t *count)
{
    struct registry_entry entry;
    enum registry_error error = registry_next_of_number(registry, span_str(number), -1, &entry);
    while (error == REGISTRY_OK) {
        error = registry_void(registry, entry.index, REGISTRY_WHY_OPERATOR, now_s);
        *count += error == REGISTRY_OK;
        if (error == REGISTRY_OK) {
            error = registry_next_of_number(registry, span_str(number), entry.index, &entry);
        }
    }
    return error == REGISTRY_DONE && *count != 0 ? REGISTRY_OK
           : error == REGISTRY_DONE              ? REGISTRY_NO_SUCH
                                                 : error;
}

/* `number`, or the index when it is NULL. */
static int void_in_registry(struct opened *opened, const char *number, uint64_t index)
{
    size_t count = 0;
    int64_t now_s = (int64_t)time(NULL);
    enum registry_error error = registry_begin(opened->registry);
    if (error == REGISTRY_OK && number != NULL) {
        error = void_number(opened->registry, number, now_s, &count);
    } else if (error == REGISTRY_OK) {
        error = registry_void(opened->registry, (uint32_t)index, REGISTRY_WHY_OPERATOR, now_s);
        count = 1;
    }
    if (error == REGISTRY_OK) {
        error = registry_commit(opened->registry);
    }
    if (error == REGISTRY_OK) {
        (void)printf("void%s: %zu; tell the authority with \"saksi issue report\"\n",
                     sample_mark(opened), count);
        return STATUS_OK;
    }
    registry_rollback(opened->registry);
    if (error == REGISTRY_NO_SUCH || error == REGISTRY_STATE) {
        return number != NULL
                   ? say(STATUS_DATA, "void: no certificate in force has the number %s", number)
                   : say(STATUS_DATA, "void: no certificate in force has the index %llu",
                         (unsigned long long)index);
    }
    return fail(opened, error);
}

static int check_void(const char *number, const char *index_text, uint64_t *ret_index)
{
    if ((number == NULL) == (index_text == NULL)) {
        return say(STATUS_USAGE, "void: give --number or --index");
    }
    if (number != NULL && strlen(number) > 40) {
        return say(STATUS_USAGE, "void: no certificate number is longer than 40 characters");
    }
    if (index_text != NULL && !parse_number(index_text, UINT32_MAX, ret_index)) {
        return say(STATUS_USAGE, "void: --index must be a number from 0 to 4294967295");
    }
    return STATUS_OK;
}

int program_void(int argc, char **argv)
{
    static struct opened opened;
    const char *station = ".", *number = NULL, *index_text = NULL;
    const struct option_row rows[] = {
        {.name = "station", .text = &station},
        {.name = "number", .text = &number},
        {.name = "index", .text = &index_text},
    };
    uint64_t index = 0;
    int status = parse(argc, argv, void_help, rows, sizeof rows / sizeof rows[0]);
    status = status != STATUS_OK ? status : check_void(number, index_text, &index);
    if (status == STATUS_OK) {
        status = opened_station(&opened, station, true);
        status = status != STATUS_OK ? status : void_in_registry(&opened, number, index);
        opened_close(&opened);
    }
    return status;
}

/* --- status --- */

static enum registry_error print_blocks(struct registry *registry)
{
    struct registry_block block;
    int64_t after = -1;
    enum registry_error error;
    while ((error = registry_next_block(registry, after, &block)) == REGISTRY_OK) {
        after = block.first;
        (void)printf("block     %u to %u, %s, %llu left\n", (unsigned)block.first,
                     (unsigned)block.last,
                     block.is_signed ? "signed by the authority" : "signed by nobody",
                     (unsigned long long)block.last + 1 - block.next);
    }
    return error == REGISTRY_DONE ? REGISTRY_OK : error;
}

static void print_waiting(const struct registry_unfinished *unfinished)
{
    struct cose_sign1 cose;
    struct credential claims;
    struct span number = {(const uint8_t *)"?", 1};
    if (credential_open(span_of(unfinished->credential, unfinished->credential_len), &cose,
                        &claims)) {
        number = credential_text(&claims, SAKSI_CLAIM_CERTIFICATE_NUMBER);
    }
    (void)printf("for card  %.*s, index %u: present it with \"saksi card personalise\"\n",
                 (int)number.len, (const char *)number.ptr, (unsigned)unfinished->index);
}

static enum registry_error print_unfinished(struct registry *registry)
{
    static struct registry_unfinished unfinished;
    int64_t after = -1;
    size_t count = 0;
    enum registry_error error;
    while ((error = registry_next_unfinished(registry, after, &unfinished)) == REGISTRY_OK) {
        after = unfinished.index;
        bool chip = unfinished.state == REGISTRY_SIGNED && (unfinished.job.pages & ISSUE_CHIP) != 0;
        count += !chip;
        if (chip) {
            print_waiting(&unfinished);
        }
    }
    (void)printf("half-way  %zu%s\n", count,
                 count != 0 ? ": finish them with \"saksi issue --resume\"" : "");
    return error == REGISTRY_DONE ? REGISTRY_OK : error;
}

static int print_status(struct opened *opened)
{
    const struct station *s = &opened->station;
    uint64_t change = 0;
    (void)printf("issuer    %s\nstation   %s%s\nkey       %s\nfiles     %s\n", s->identity.issuer,
                 s->identity.station, sample_mark(opened), s->key_path, s->out_path);
    enum registry_error error = print_blocks(opened->registry);
    if (error == REGISTRY_OK) {
        error = print_unfinished(opened->registry);
    }
    if (error == REGISTRY_OK) {
        error = registry_last_change(opened->registry, &change);
    }
    if (error != REGISTRY_OK) {
        return fail(opened, error);
    }
    (void)printf("changes   %llu\n", (unsigned long long)change);
    return STATUS_OK;
}

int program_status(int argc, char **argv)
{
    static struct opened opened;
    const char *station = ".";
    const struct option_row rows[] = {{.name = "station", .text = &station}};
    int status = parse(argc, argv, status_help, rows, sizeof rows / sizeof rows[0]);
    if (status == STATUS_OK) {
        status = opened_station(&opened, station, false);
        status = status != STATUS_OK ? status : print_status(&opened);
        opened_close(&opened);
    }
    return status;
}
