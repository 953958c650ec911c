/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi authority station, import-report and revoke: what an authority does with its issuers.
 */
#include "cli/cmd_authority.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "authority/reports.h"
#include "authority/revoke.h"
#include "authority/station.h"
#include "cli/command.h"
#include "codec/trust_row.h"

/* What is in the sources is in no list yet. */
static void print_next(const char *dir, const char *state)
{
    printf("Next, for the list of %s: saksi authority raise %s, then build, sign and bundle.\n",
           state, dir);
}

/* The state an issuer's id begins with; false when it does not begin with one. */
static bool state_of(const char *issuer, char ret_state[TRUST_STATE_SIZE + 1])
{
    if (issuer == NULL || strlen(issuer) < 4 || issuer[TRUST_STATE_SIZE] != '.') {
        return false;
    }
    memcpy(ret_state, issuer, TRUST_STATE_SIZE);
    ret_state[TRUST_STATE_SIZE] = '\0';
    return authority_is_state(ret_state);
}

/* --- station --- */

static int give(const struct authority_options *o, const struct station_request *request)
{
    struct authority_problem problem;
    struct station_result result = {0};
    struct crypto_private_key *key = NULL;
    int status = authority_read_key(o, o->key, &key);
    if (status != 0) {
        return status;
    }
    enum authority_error error = station_give(o->names[0], request, key, o->out, &result, &problem);
    crypto_private_key_free(key);
    if (error != AUTHORITY_OK) {
        return authority_failed(error, &problem);
    }
    printf("%s: indices %u to %u for station %s of %s, signed by %u of the %u needed\n", o->out,
           request->first, request->last, request->station, request->issuer, result.signed_by,
           result.threshold);
    return 0;
}

int authority_run_station(const struct authority_options *o)
{
    char state[TRUST_STATE_SIZE + 1];
    struct station_request request = {
        .issuer = o->issuer, .station = o->station, .issued_at_s = (int64_t)time(NULL)};
    if (!state_of(o->issuer, state)) {
        return authority_usage("station: give the issuer, for example --issuer ID.X.Y");
    }
    if (o->station == NULL || o->key == NULL || o->out == NULL) {
        return authority_usage("station: give --station, --key and --out");
    }
    if (!authority_number(o->first, &request.first) || !authority_number(o->last, &request.last)) {
        return authority_usage("station: give the indices: --first N --last N");
    }
    request.state = state;
    return give(o, &request);
}

/* --- import-report --- */

static void print_report(const char *path, const struct reports_result *result)
{
    printf("%s: %s, station %s: %zu new, %zu voided, %zu known\n", path, result->issuer,
           result->station, result->added, result->voided, result->unchanged);
    if (result->revoked != 0) {
        printf("%s: revoked %zu void certificates in %.2s/status.json\n", path, result->revoked,
               result->issuer);
    }
    if (result->missing_first != 0) {
        printf("%s: changes %llu to %llu of this station have not been reported yet; import that "
               "report, then this one again\n",
               path, (unsigned long long)result->missing_first,
               (unsigned long long)result->missing_last);
    }
}

int authority_run_import_report(const struct authority_options *o)
{
    int status = 0;
    struct authority_problem problem;
    struct reports_result result;
    char due[TRUST_STATE_SIZE + 1] = ""; /* the state whose list has to be built again */
    for (int i = 1; i < o->count && status == 0; i++) {
        enum authority_error error = reports_import(o->names[0], o->names[i],
                                                    (int64_t)time(NULL) / 86400, &result, &problem);
        if (error != AUTHORITY_OK) {
            status = authority_failed(error, &problem);
            continue;
        }
        print_report(o->names[i], &result);
        if (result.revoked != 0) {
            if (*due != '\0' && strncmp(due, result.issuer, TRUST_STATE_SIZE) != 0) {
                print_next(o->names[0], due);
            }
            (void)snprintf(due, sizeof due, "%.2s", result.issuer);
        }
    }
    if (*due != '\0') {
        print_next(o->names[0], due);
    }
    return status;
}

/* --- revoke --- */

/* "N" or "N-M" */
static bool parse_range(const char *text, uint32_t *ret_first, uint32_t *ret_last)
{
    char first[16];
    const char *dash = strchr(text, '-');
    if (dash == NULL) {
        *ret_last = 0;
        return authority_number(text, ret_first) && authority_number(text, ret_last);
    }
    size_t len = (size_t)(dash - text);
    if (len >= sizeof first) {
        return false;
    }
    memcpy(first, text, len);
    first[len] = '\0';
    return authority_number(first, ret_first) && authority_number(dash + 1, ret_last) &&
           *ret_first <= *ret_last;
}

static int revoke(const struct authority_options *o, const struct revoke_request *request)
{
    struct authority_problem problem;
    enum authority_error error = revoke_range(o->names[0], request, &problem);
    if (error != AUTHORITY_OK) {
        return authority_failed(error, &problem);
    }
    if (request->first == request->last) {
        printf("%s: index %u is revoked in the sources\n", request->issuer, request->first);
    } else {
        printf("%s: indices %u to %u are revoked in the sources\n", request->issuer, request->first,
               request->last);
    }
    return 0;
}

#define MAX_SAME_NUMBER 64

static int revoke_number(const struct authority_options *o, struct revoke_request *request)
{
    uint32_t index[MAX_SAME_NUMBER];
    size_t count = 0;
    struct authority_problem problem;
    enum authority_error error = reports_find_number(o->names[0], o->issuer, o->number, index,
                                                     MAX_SAME_NUMBER, &count, &problem);
    int status = error == AUTHORITY_OK ? 0 : authority_failed(error, &problem);
    for (size_t i = 0; i < count && status == 0; i++) {
        request->first = index[i];
        request->last = index[i];
        status = revoke(o, request);
    }
    return status;
}

int authority_run_revoke(const struct authority_options *o)
{
    char state[TRUST_STATE_SIZE + 1];
    struct revoke_request request = {.issuer = o->issuer, .day = (int64_t)time(NULL) / 86400};
    if (!state_of(o->issuer, state)) {
        return authority_usage("revoke: give the issuer, for example --issuer ID.X.Y");
    }
    request.state = state;
    request.reason = o->reason == NULL ? 0 : row_enum_value(ROW_ENUM_REASON, span_str(o->reason));
    if (request.reason == 0) {
        return authority_usage("revoke: give a known --reason");
    }
    if ((o->index == NULL) == (o->number == NULL)) {
        return authority_usage("revoke: give either --index or --number");
    }
    if (o->index != NULL && !parse_range(o->index, &request.first, &request.last)) {
        return authority_usage("revoke: --index takes N or N-M");
    }
    int status = o->index != NULL ? revoke(o, &request) : revoke_number(o, &request);
    if (status == 0) {
        print_next(o->names[0], state);
    }
    return status;
}
