/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi issue report, void and status: what a station has done, told and corrected.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "issuer/registry_report.h"
#include "program.h"

struct options {
    const char *station, *out, *from, *number, *index, *password_file;
};

static const char report_help[] =
    "Usage: saksi issue report --out FILE [--station DIR] [--from N] [--password-file FILE]\n"
    "Write a signed report of what was issued and voided (numbers, indices, centres, blanks; no\n"
    "names) for \"saksi authority import-report\". --from tells only the changes from number N "
    "on;\n"
    "each report ends by saying which number comes next.\n";

static const char void_help[] =
    "Usage: saksi issue void --number NUMBER | --index N [--station DIR]\n"
    "Void a certificate that was spoilt or must not be used: it is told to the authority in the "
    "next\n"
    "report, and its number can be issued again. With --number every certificate in force under "
    "it\n"
    "becomes void.\n";

static const char status_help[] = "Usage: saksi issue status [--station DIR]\n"
                                  "Show the station, its blocks of indices and what stands "
                                  "half-way.\n";

static int parse(int argc, char **argv, const char *command, const char *help, struct options *o)
{
    enum { STATION = 256, OUT, FROM, NUMBER, INDEX, PASSWORD, HELP };
    static const struct option names[] = {
        {"station", required_argument, NULL, STATION},
        {"out", required_argument, NULL, OUT},
        {"from", required_argument, NULL, FROM},
        {"number", required_argument, NULL, NUMBER},
        {"index", required_argument, NULL, INDEX},
        {"password-file", required_argument, NULL, PASSWORD},
        {"help", no_argument, NULL, HELP},
        {NULL, 0, NULL, 0},
    };
    o->station = ".";
    for (int found; (found = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        switch (found) {
        case STATION:
            o->station = optarg;
            break;
        case OUT:
            o->out = optarg;
            break;
        case FROM:
            o->from = optarg;
            break;
        case NUMBER:
            o->number = optarg;
            break;
        case INDEX:
            o->index = optarg;
            break;
        case PASSWORD:
            o->password_file = optarg;
            break;
        case HELP:
            fputs(help, stdout);
            exit(STATUS_OK);
        default:
            return say_usage(command);
        }
    }
    return optind == argc ? STATUS_OK : say_usage(command);
}

static int fail(const struct opened *opened, enum registry_error error)
{
    return say_registry(opened->station.registry_path, error, registry_db_error(opened->registry));
}

/* --- report --- */

static int write_report(struct opened *opened, const struct options *o, uint64_t from)
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
    enum file_error file = file_write_atomic(o->out, span_of(report.document, report.len), 0644);
    free(report.document);
    if (file != FILE_OK) {
        return say(STATUS_CANNOT_CREATE, "%s: %s", o->out, file_error_text(file));
    }
    (void)printf("%s tells %zu certificates, changes %llu to %llu; the next report begins with "
                 "--from %llu%s\n",
                 o->out, report.rows, (unsigned long long)report.first,
                 (unsigned long long)report.last, (unsigned long long)report.last + 1,
                 report.last < report.last_of_all ? ": make it now, there is more" : "");
    return STATUS_OK;
}

int program_report(int argc, char **argv)
{
    static struct opened opened;
    struct options o = {.out = NULL};
    uint64_t from = 1;
    int status = parse(argc, argv, "report", report_help, &o);
    if (status == STATUS_OK && o.out == NULL) {
        status = say(STATUS_USAGE, "report: --out is missing");
    }
    if (status == STATUS_OK && o.from != NULL && !parse_number(o.from, INT64_MAX, &from)) {
        status = say(STATUS_USAGE, "report: --from must be a number");
    }
    if (status == STATUS_OK) {
        status = opened_station(&opened, o.station, false);
        status = status != STATUS_OK ? status : opened_key(&opened, o.password_file);
        status = status != STATUS_OK ? status : write_report(&opened, &o, from);
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

static int void_in_registry(struct opened *opened, const struct options *o, uint64_t index)
{
    size_t count = 0;
    int64_t now_s = (int64_t)time(NULL);
    enum registry_error error = registry_begin(opened->registry);
    if (error == REGISTRY_OK && o->number != NULL) {
        error = void_number(opened->registry, o->number, now_s, &count);
    } else if (error == REGISTRY_OK) {
        error = registry_void(opened->registry, (uint32_t)index, REGISTRY_WHY_OPERATOR, now_s);
        count = 1;
    }
    if (error == REGISTRY_OK) {
        error = registry_commit(opened->registry);
    }
    if (error == REGISTRY_OK) {
        (void)printf("void: %zu; tell the authority with \"saksi issue report\"\n", count);
        return STATUS_OK;
    }
    registry_rollback(opened->registry);
    if (error == REGISTRY_NO_SUCH || error == REGISTRY_STATE) {
        return say(STATUS_DATA, "void: no certificate in force has this %s",
                   o->number != NULL ? "number" : "index");
    }
    return fail(opened, error);
}

int program_void(int argc, char **argv)
{
    static struct opened opened;
    struct options o = {.out = NULL};
    uint64_t index = 0;
    int status = parse(argc, argv, "void", void_help, &o);
    if (status == STATUS_OK && (o.number == NULL) == (o.index == NULL)) {
        status = say(STATUS_USAGE, "void: give --number or --index");
    }
    if (status == STATUS_OK && o.number != NULL && strlen(o.number) > 40) {
        status = say(STATUS_USAGE, "void: no certificate number is longer than 40 characters");
    }
    if (status == STATUS_OK && o.index != NULL && !parse_number(o.index, UINT32_MAX, &index)) {
        status = say(STATUS_USAGE, "void: --index must be a number from 0 to 4294967295");
    }
    if (status == STATUS_OK) {
        status = opened_station(&opened, o.station, true);
        status = status != STATUS_OK ? status : void_in_registry(&opened, &o, index);
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

static enum registry_error print_unfinished(struct registry *registry)
{
    static struct registry_unfinished unfinished;
    int64_t after = -1;
    size_t count = 0;
    enum registry_error error;
    while ((error = registry_next_unfinished(registry, after, &unfinished)) == REGISTRY_OK) {
        after = unfinished.index;
        count++;
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
                 s->identity.station, s->sample ? " (SAMPLE)" : "", s->key_path, s->out_path);
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
    struct options o = {.out = NULL};
    int status = parse(argc, argv, "status", status_help, &o);
    if (status == STATUS_OK) {
        status = opened_station(&opened, o.station, false);
        status = status != STATUS_OK ? status : print_status(&opened);
        opened_close(&opened);
    }
    return status;
}
