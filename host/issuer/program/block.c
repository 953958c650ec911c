/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi issue block: another range of indices for a station.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "options.h"

static const char help[] =
    "Usage: saksi issue block --block FILE --db FILE [--station DIR]\n"
    "       saksi issue block --first N --last N --unsigned-block [--station DIR]\n"
    "Add a block of indices to a station. A block signed by the authority is checked\n"
    "against the trust list; an unsigned one may collide with another station's and\n"
    "is told at every issuing.\n";

int block_request_check(const struct block_request *request, const char *command)
{
    bool range = request->first != NULL || request->last != NULL || request->is_unsigned;
    if (request->file != NULL && range) {
        return say(STATUS_USAGE, "%s: --block excludes --first, --last and --unsigned-block",
                   command);
    }
    if (request->file != NULL && request->db == NULL) {
        return say(STATUS_USAGE, "%s: --db is missing: the trust list the block is checked against",
                   command);
    }
    if (request->file == NULL && (request->first == NULL || request->last == NULL)) {
        return say(STATUS_USAGE,
                   "%s: a block of indices is missing: --block, or --first and --last", command);
    }
    if (request->file == NULL && !request->is_unsigned) {
        return say(STATUS_USAGE,
                   "%s: a block that no authority signed needs --unsigned-block: its indices may "
                   "collide with another station's",
                   command);
    }
    return STATUS_OK;
}

static int add(struct opened *opened, uint32_t first, uint32_t last, struct span document)
{
    enum registry_error error = registry_begin(opened->registry);
    if (error == REGISTRY_OK) {
        error = registry_add_block(opened->registry, first, last, document, (int64_t)time(NULL));
    }
    if (error == REGISTRY_OK) {
        error = registry_commit(opened->registry);
    }
    if (error != REGISTRY_OK) {
        registry_rollback(opened->registry);
        return say_registry(opened->station.registry_path, error,
                            registry_db_error(opened->registry));
    }
    return STATUS_OK;
}

static int add_signed(const struct block_request *request, struct opened *opened)
{
    struct checked_block block;
    const struct registry_identity *own = &opened->station.identity;
    int status = block_check(request->file, request->db, own->sample, &block);
    if (status != STATUS_OK) {
        return status;
    }
    if (strcmp(block.issuer, own->issuer) != 0 || strcmp(block.station, own->station) != 0) {
        status = say(STATUS_DATA, "%s: is for station \"%s\" of %s, not for \"%s\" of %s",
                     request->file, block.station, block.issuer, own->station, own->issuer);
    } else {
        status = add(opened, block.first, block.last, span_of(block.document, block.len));
    }
    free(block.document);
    return status;
}

int block_request_add(const struct block_request *request, struct opened *opened)
{
    uint64_t first = 0, last = 0;
    if (request->file != NULL) {
        return add_signed(request, opened);
    }
    if (!parse_number(request->first, UINT32_MAX, &first) ||
        !parse_number(request->last, UINT32_MAX, &last) || first > last) {
        return say(STATUS_USAGE,
                   "--first and --last must be numbers from 0 to 4294967295, in order");
    }
    return add(opened, (uint32_t)first, (uint32_t)last, span_of(NULL, 0));
}

static int parse(int argc, char **argv, struct block_request *request, const char **ret_station)
{
    int rest = 0;
    const struct option_row rows[] = {
        {.name = "station", .text = ret_station},
        {.name = "block", .text = &request->file},
        {.name = "db", .text = &request->db},
        {.name = "first", .text = &request->first},
        {.name = "last", .text = &request->last},
        {.name = "unsigned-block", .flag = &request->is_unsigned},
    };
    int status =
        options_parse(argc, argv, "block", help, rows, sizeof rows / sizeof rows[0], &rest);
    if (status != STATUS_OK) {
        return status;
    }
    return rest == argc ? block_request_check(request, "block") : say_usage("block");
}

int program_block(int argc, char **argv)
{
    static struct opened opened;
    struct block_request request = {.file = NULL};
    const char *folder = ".";
    int status = parse(argc, argv, &request, &folder);
    if (status == STATUS_OK) {
        status = opened_station(&opened, folder, true);
        status = status != STATUS_OK ? status : block_request_add(&request, &opened);
        opened_close(&opened);
    }
    return status;
}
