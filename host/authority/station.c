/* SPDX-License-Identifier: Apache-2.0
 *
 * Index blocks, given once.
 */
#include "authority/station.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "authority/sign.h"
#include "authority/source_list.h"
#include "codec/cbor.h"
#include "issuer/block.h"

#define MAX_BLOCKS 65536

/* --- is there such an issuer, and how many numbers has it? --- */

static enum authority_error find_allotment(const char *dir, const struct station_request *request,
                                           uint32_t *ret_allotment,
                                           struct authority_problem *problem)
{
    struct list_source list;
    struct row_status status;
    bool found = false;
    enum authority_error error = list_source_read(dir, request->state, &list, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    for (size_t i = 0; i < list.rows.count && !found; i++) {
        const struct row *row = &list.rows.row[i];
        found = row->type == ROW_STATUS && row_status_decode(row->bytes, &status) &&
                span_equal(status.issuer, span_str(request->issuer));
        *ret_allotment = found ? status.allotment : 0;
    }
    list_source_free(&list);
    if (!found) {
        return authority_fail(problem, AUTHORITY_SOURCE,
                              "%s/status.json: has no entry for the issuer %s", request->state,
                              request->issuer);
    }
    return AUTHORITY_OK;
}

static enum authority_error check_request(const char *dir, const struct station_request *request,
                                          struct authority_problem *problem)
{
    uint32_t allotment = 0;
    size_t len = strlen(request->station);
    if (len < 1 || len > BLOCK_STATION_MAX || !cbor_text_is_code(span_str(request->station))) {
        return authority_fail(problem, AUTHORITY_SOURCE,
                              "the station's name must be 1 to %d printable ASCII characters",
                              BLOCK_STATION_MAX);
    }
    enum authority_error error = find_allotment(dir, request, &allotment, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    if (request->last < request->first || request->last >= allotment) {
        return authority_fail(problem, AUTHORITY_SOURCE,
                              "indices %u to %u are not within the allotment of %s, 0 to %u; raise "
                              "it in %s/status.json and publish the list first",
                              request->first, request->last, request->issuer,
                              allotment == 0 ? 0 : allotment - 1, request->state);
    }
    return AUTHORITY_OK;
}

/* --- blocks.json --- */

static struct json_value *block_object(struct span issuer, struct span station, int64_t first,
                                       int64_t last, int64_t issued_at_s)
{
    struct json_value *object = json_new_object();
    json_put_text(object, "issuer", issuer);
    json_put_text(object, "station", station);
    json_put_int(object, "first", first);
    json_put_int(object, "last", last);
    json_put_time(object, "issued_at", issued_at_s);
    return object;
}

/* Copies one entry to `blocks`, and refuses the request when they overlap. */
static enum authority_error keep_block(struct source *s, const struct json_value *element,
                                       const struct station_request *request,
                                       struct json_value *blocks, struct authority_problem *problem)
{
    static const char *const members[] = {"issuer", "station", "first", "last", "issued_at", NULL};
    json_only(&s->json, element, members);
    struct span issuer = source_code(s, element, "issuer", 4, 32);
    struct span station = source_code(s, element, "station", 1, BLOCK_STATION_MAX);
    int64_t first = json_get_int(&s->json, element, "first", 0, UINT32_MAX);
    int64_t last = json_get_int(&s->json, element, "last", first, UINT32_MAX);
    int64_t issued_at_s = source_time(s, element, "issued_at");
    enum authority_error error = source_finish(s, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    if (span_equal(issuer, span_str(request->issuer)) && first <= request->last &&
        request->first <= last) {
        return authority_fail(
            problem, AUTHORITY_CONFLICT, "indices %lld to %lld were given to station %.*s already",
            (long long)first, (long long)last, (int)station.len, (const char *)station.ptr);
    }
    json_append(blocks, block_object(issuer, station, first, last, issued_at_s));
    return AUTHORITY_OK;
}

/* What was given before, into `blocks`; a missing file means nothing was. */
static enum authority_error read_blocks(const char *dir, const struct station_request *request,
                                        struct json_value *blocks,
                                        struct authority_problem *problem)
{
    char path[PATH_MAX];
    char name[32];
    struct source s;
    (void)snprintf(name, sizeof name, "%.2s/blocks.json", request->state);
    enum authority_error error = authority_path(problem, path, "%s/%s", dir, name);
    if (error != AUTHORITY_OK || !file_exists(path)) {
        return error;
    }
    error = source_open(dir, name, &s, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    static const char *const members[] = {"blocks", NULL};
    json_only(&s.json, s.top, members);
    const struct json_value *array = json_get_array(&s.json, s.top, "blocks", 0, MAX_BLOCKS);
    error = source_finish(&s, problem);
    for (size_t i = 0; i < json_count(array) && error == AUTHORITY_OK; i++) {
        error = keep_block(&s, json_at(array, i), request, blocks, problem);
    }
    source_close(&s);
    return error;
}

static enum authority_error write_blocks(const char *dir, const char *state,
                                         const struct json_value *file,
                                         struct authority_problem *problem)
{
    char path[PATH_MAX];
    enum authority_error error = authority_path(problem, path, "%s/%s/blocks.json", dir, state);
    if (error != AUTHORITY_OK) {
        return error;
    }
    char *text = json_format(file, 2);
    if (text == NULL) {
        return authority_fail_system(problem);
    }
    enum file_error failed = file_write_atomic(path, span_str(text), 0644);
    free(text);
    return failed != FILE_OK ? authority_fail_file(problem, path, failed) : AUTHORITY_OK;
}

static enum authority_error record(const char *dir, const struct station_request *request,
                                   struct authority_problem *problem)
{
    struct json_value *file = json_new_object();
    struct json_value *blocks = json_new_array();
    enum authority_error error = read_blocks(dir, request, blocks, problem);
    json_append(blocks, block_object(span_str(request->issuer), span_str(request->station),
                                     request->first, request->last, request->issued_at_s));
    json_put(file, "blocks", blocks);
    if (error == AUTHORITY_OK) {
        error = write_blocks(dir, request->state, file, problem);
    }
    json_free(file);
    return error;
}

/* --- the document --- */

static enum authority_error write_unsigned(const struct station_request *request, const char *out,
                                           struct authority_problem *problem)
{
    uint8_t payload[256];
    uint8_t *file = NULL;
    size_t len = 0;
    struct document document;
    struct writer w = writer_of(payload, sizeof payload);
    struct block block = {span_str(request->issuer), span_str(request->station), request->first,
                          request->last, request->issued_at_s};
    block_encode(&block, &w);
    document_begin(DOCUMENT_BLOCK, writer_span(&w), &document);
    enum authority_error error = document_encode(&document, &file, &len, problem);
    if (error != AUTHORITY_OK) {
        return error;
    }
    enum file_error failed = file_write_new(out, span_of(file, len), 0644);
    free(file);
    return failed != FILE_OK ? authority_fail_file(problem, out, failed) : AUTHORITY_OK;
}

/* The numbers are recorded before anyone can use them: a crash may waste a block, but never gives
 * one twice. */
static enum authority_error record_and_sign(const char *dir, const struct station_request *request,
                                            const struct crypto_private_key *key,
                                            struct sign_desk *desk, struct station_result *result,
                                            struct authority_problem *problem)
{
    enum authority_error error = sign_check_key(desk, key, problem);
    if (error == AUTHORITY_OK) {
        error = record(dir, request, problem);
    }
    if (error == AUTHORITY_OK) {
        error = sign_with(desk, key, problem);
    }
    result->signed_by = desk->role[0].signed_by;
    result->threshold = desk->role[0].role->threshold;
    return error;
}

static enum authority_error give(const char *dir, const struct station_request *request,
                                 const struct crypto_private_key *key, const char *out,
                                 struct station_result *ret_result,
                                 struct authority_problem *problem)
{
    char roots[PATH_MAX];
    struct sign_desk desk;
    enum authority_error error = check_request(dir, request, problem);
    if (error == AUTHORITY_OK) {
        error = authority_path(problem, roots, "%s/out", dir);
    }
    if (error == AUTHORITY_OK) {
        error = write_unsigned(request, out, problem);
    }
    if (error != AUTHORITY_OK) {
        return error;
    }
    error = sign_open(out, roots, &desk, problem);
    if (error == AUTHORITY_OK) {
        error = record_and_sign(dir, request, key, &desk, ret_result, problem);
        sign_close(&desk);
    }
    if (error != AUTHORITY_OK) {
        (void)unlink(out);
    }
    return error;
}

enum authority_error station_give(const char *dir, const struct station_request *request,
                                  const struct crypto_private_key *key, const char *out,
                                  struct station_result *ret_result,
                                  struct authority_problem *problem)
{
    int lock = -1;
    enum authority_error error = authority_lock(problem, dir, request->state, &lock);
    if (error == AUTHORITY_OK) {
        error = give(dir, request, key, out, ret_result, problem);
        lock_release(lock);
    }
    return error;
}
