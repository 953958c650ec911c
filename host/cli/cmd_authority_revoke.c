/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi authority revoke and reinstate: each way to say which certificates are meant.
 */
#include "cli/cmd_authority.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "authority/index_file.h"
#include "authority/key_end.h"
#include "authority/reports_query.h"
#include "authority/revoke.h"
#include "authority/revoke_place.h"

/* What every way has in common. */
struct revocation {
    const struct authority_options *o;
    char state[TRUST_STATE_SIZE + 1];
    int reason;  /* of ROW_ENUM_REASON */
    int64_t day; /* of the decision: today */
    enum row_range_status status;
};

/* Returns 0, or the exit status after a message. */
static int begin(const char *subcommand, const struct authority_options *o,
                 struct revocation *ret_revocation)
{
    struct revocation r = {.o = o, .day = (int64_t)time(NULL) / 86400};
    if (!authority_state_of(o->issuer, r.state)) {
        return authority_usage("%s: give the issuer, for example --issuer ID.X.Y", subcommand);
    }
    r.reason = o->reason == NULL ? 0 : row_enum_value(ROW_ENUM_REASON, span_str(o->reason));
    if (r.reason == 0) {
        return authority_usage("%s: give a known --reason", subcommand);
    }
    r.status = o->suspend ? ROW_RANGE_SUSPENDED : ROW_RANGE_REVOKED;
    *ret_revocation = r;
    return 0;
}

/* --- by index --- */

static const char *word_of(enum row_range_status status)
{
    return row_enum_name(ROW_ENUM_RANGE_STATUS, (int)status);
}

static void print_runs(const struct revocation *r, const struct index_runs *runs,
                       const struct revoke_result *result)
{
    const char *issuer = r->o->issuer;
    const char *word = word_of(r->status);
    const struct index_run *run = &runs->run[0];
    if (result->changed == 0) {
        printf("%s: nothing is new: all are %s in the sources\n", issuer,
               r->status == ROW_RANGE_REVOKED ? "revoked" : "suspended or revoked");
    } else if (runs->count > 1 || result->before != 0) {
        printf("%s: %" PRIu64 " %s %s in the sources\n", issuer, result->changed,
               result->changed == 1 ? "index is" : "indices are", word);
    } else if (run->first == run->last) {
        printf("%s: index %u is %s in the sources\n", issuer, run->first, word);
    } else {
        printf("%s: indices %u to %u are %s in the sources\n", issuer, run->first, run->last, word);
    }
    if (result->changed != 0 && result->before != 0) {
        printf("%s: %" PRIu64 " stay as they were\n", issuer, result->before);
    }
    if (result->in_set != 0) {
        printf("%s: %" PRIu64 " of them in a set, which keeps no reason and no date\n", issuer,
               result->in_set);
    }
}

/* Takes the runs over. */
static int change_runs(const struct revocation *r, struct index_runs *runs)
{
    struct authority_problem problem;
    struct revoke_result result = {0};
    struct revoke_request request = {.dir = r->o->names[0],
                                     .state = r->state,
                                     .issuer = r->o->issuer,
                                     .status = r->status,
                                     .runs = runs,
                                     .day = r->day};
    enum authority_error error = revoke_runs(&request, &result, &problem);
    if (error == AUTHORITY_OK) {
        print_runs(r, runs, &result);
    }
    index_runs_free(runs);
    if (error != AUTHORITY_OK) {
        return authority_failed(error, &problem);
    }
    if (result.changed != 0) {
        authority_print_next(r->o->names[0], r->state);
    }
    return 0;
}

static int by_index(const struct revocation *r)
{
    struct authority_problem problem;
    struct index_runs runs = {0};
    struct index_run run = {.reason = r->reason};
    if (!index_parse_range(span_str(r->o->index), &run.first, &run.last)) {
        return authority_usage("--index takes N or N-M");
    }
    enum authority_error error = index_runs_add(&runs, run, &problem);
    return error == AUTHORITY_OK ? change_runs(r, &runs) : authority_failed(error, &problem);
}

static struct index_file file_of(const struct revocation *r)
{
    return (struct index_file){
        .path = r->o->file, .dir = r->o->names[0], .issuer = r->o->issuer, .reason = r->reason};
}

static int by_number(const struct revocation *r)
{
    struct authority_problem problem;
    struct index_runs runs = {0};
    struct index_file file = file_of(r);
    enum authority_error error = index_file_number(&file, r->o->number, &runs, &problem);
    return error == AUTHORITY_OK ? change_runs(r, &runs) : authority_failed(error, &problem);
}

static int by_file(const struct revocation *r)
{
    struct authority_problem problem;
    struct index_runs runs = {0};
    struct index_file file = file_of(r);
    if (!authority_by(r->o, &file.by_number)) {
        return authority_usage("revoke: say what the lines of the file are: --by index or "
                               "--by number");
    }
    enum authority_error error = index_file_read(&file, &runs, &problem);
    return error == AUTHORITY_OK ? change_runs(r, &runs) : authority_failed(error, &problem);
}

/* --- by centre and by blank --- */

static int print_place(const struct revocation *r, const char *what,
                       const struct revoke_place_result *result)
{
    printf("%s: %s: %s; the reports know %" PRIu64 " such certificates\n", r->o->issuer, what,
           result->added ? "revoked in the sources" : "covered by an entry that is there",
           result->reported);
    if (result->added) {
        authority_print_next(r->o->names[0], r->state);
    }
    return 0;
}

static int by_centre(const struct revocation *r)
{
    char what[64];
    struct authority_problem problem;
    struct revoke_place_result result;
    const struct authority_options *o = r->o;
    struct revoke_place of = {o->names[0], r->state, o->issuer};
    struct row_centre centre = {.centre = span_str(o->centre),
                                .from_day = TRUST_LEAST_DAY,
                                .until_day = ROW_NO_END_DAY,
                                .reason = r->reason,
                                .date_day = r->day};
    if ((o->from != NULL && !authority_day(o->from, &centre.from_day)) ||
        (o->until != NULL && !authority_day(o->until, &centre.until_day))) {
        return authority_usage("revoke: --from and --until take days like 2026-01-31");
    }
    enum authority_error error = revoke_centre(&of, &centre, &result, &problem);
    (void)snprintf(what, sizeof what, "centre %.32s", o->centre);
    return error == AUTHORITY_OK ? print_place(r, what, &result)
                                 : authority_failed(error, &problem);
}

static int by_blank(const struct revocation *r)
{
    char what[96];
    struct row_blank blank;
    struct authority_problem problem;
    struct revoke_place_result result;
    struct revoke_place of = {r->o->names[0], r->state, r->o->issuer};
    enum authority_error error = revoke_blanks_parse(r->o->blank, &blank, &problem);
    if (error != AUTHORITY_OK) {
        return authority_usage("revoke: --blank: %s", problem.text);
    }
    blank.reason = r->reason;
    blank.date_day = r->day;
    error = revoke_blanks(&of, &blank, &result, &problem);
    (void)snprintf(what, sizeof what, "blanks %.64s", r->o->blank);
    return error == AUTHORITY_OK ? print_place(r, what, &result)
                                 : authority_failed(error, &problem);
}

/* --- by key --- */

static enum authority_error find_since(const struct revocation *r, int64_t day,
                                       struct index_runs *ret_runs,
                                       struct authority_problem *problem)
{
    struct reports_query *q = NULL;
    struct index_runs runs = {0};
    enum authority_error error = reports_query_open(r->o->names[0], r->o->issuer, &q, problem);
    if (error == AUTHORITY_OK) {
        error = reports_query_since(q, day, r->reason, &runs, problem);
        reports_query_close(q);
    }
    if (error != AUTHORITY_OK) {
        index_runs_free(&runs);
        return error;
    }
    index_runs_sort(&runs);
    *ret_runs = runs;
    return AUTHORITY_OK;
}

static void print_beyond_reports(const struct revocation *r, enum row_key_end end)
{
    printf("Reports do not say which key signed: these are all that %s reports from that day on. "
           "What no report knows,\na thief's certificates above all, is caught by the end of the "
           "key, not by this.\n",
           r->o->issuer);
    if (end != ROW_KEY_COMPROMISED) {
        printf("This key has NOT ended as compromised in the sources: saksi authority key end "
               "%s --issuer %s --kid %s --as compromised --at DAY\n",
               r->o->names[0], r->o->issuer, r->o->key);
    }
}

static int revoke_since(const struct revocation *r, int64_t day, enum row_key_end end)
{
    int status = 0;
    struct authority_problem problem;
    struct index_runs runs = {0};
    enum authority_error error = find_since(r, day, &runs, &problem);
    if (error != AUTHORITY_OK) {
        return authority_failed(error, &problem);
    }
    printf("%s: the reports know %" PRIu64 " certificates issued on %s or later\n", r->o->issuer,
           index_runs_total(&runs), r->o->from);
    if (runs.count != 0) {
        status = change_runs(r, &runs);
    }
    if (status == 0) {
        print_beyond_reports(r, end);
    }
    return status;
}

static int by_key(const struct revocation *r)
{
    int64_t day = 0;
    enum row_key_end end = ROW_KEY_OPEN;
    struct authority_problem problem;
    struct key_end_request key = {.dir = r->o->names[0], .state = r->state, .issuer = r->o->issuer};
    if (!key_end_read_kid(r->o->key, key.kid)) {
        return authority_usage("revoke: --key takes 16 hexadecimal digits, as saksi authority "
                               "status shows them");
    }
    if (!authority_day(r->o->from, &day)) {
        return authority_usage("revoke: --key needs --from with a day like 2026-01-31");
    }
    enum authority_error error = key_end_find(&key, &end, &problem);
    return error == AUTHORITY_OK ? revoke_since(r, day, end) : authority_failed(error, &problem);
}

/* --- the subcommands --- */

/* A way to say what is meant, and which options go with it. */
struct way {
    const char *option;
    int (*run)(const struct revocation *r);
    bool suspends, has_from, has_until, has_by;
};

static int refuse_others(const struct authority_options *o, const struct way *way)
{
    if (o->suspend && !way->suspends) {
        return authority_usage("revoke: --suspend goes with --index, --number and --file only");
    }
    if ((o->from != NULL && !way->has_from) || (o->until != NULL && !way->has_until)) {
        return authority_usage(
            "revoke: --from goes with --centre and --key, --until with --centre");
    }
    return o->by != NULL && !way->has_by ? authority_usage("revoke: --by goes with --file") : 0;
}

int authority_run_revoke(const struct authority_options *o)
{
    const struct way ways[] = {
        {o->index, by_index, .suspends = true},
        {o->number, by_number, .suspends = true},
        {o->file, by_file, .suspends = true, .has_by = true},
        {o->centre, by_centre, .has_from = true, .has_until = true},
        {o->blank, by_blank, .suspends = false},
        {o->key, by_key, .has_from = true},
    };
    const struct way *way = NULL;
    size_t given = 0;
    struct revocation r;
    int status = begin("revoke", o, &r);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        given += ways[i].option != NULL;
        way = ways[i].option != NULL ? &ways[i] : way;
    }
    if (status == 0 && given != 1) {
        status = authority_usage("revoke: give exactly one of --index, --number, --file, --centre, "
                                 "--blank and --key");
    }
    if (status == 0) {
        status = refuse_others(o, way);
    }
    return status == 0 ? way->run(&r) : status;
}

int authority_run_reinstate(const struct authority_options *o)
{
    struct revocation r;
    int status = begin("reinstate", o, &r);
    if (status != 0) {
        return status;
    }
    if (o->index == NULL) {
        return authority_usage("reinstate: give --index N or N-M");
    }
    r.status = ROW_RANGE_REINSTATED;
    return by_index(&r);
}
