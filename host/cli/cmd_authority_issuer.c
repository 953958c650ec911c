/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi authority station and import-report: what an authority gives to issuers and takes from
 * them.
 */
#include "cli/cmd_authority.h"

#include <stdio.h>
#include <time.h>

#include "authority/reports.h"
#include "authority/station.h"

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
    if (!authority_state_of(o->issuer, state)) {
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
                authority_print_next(o->names[0], due);
            }
            (void)snprintf(due, sizeof due, "%.2s", result.issuer);
        }
    }
    if (*due != '\0') {
        authority_print_next(o->names[0], due);
    }
    return status;
}
