/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi trust status: what is stored, how old it is, what is missing and what will expire. Judges
 * no certificate.
 */
#include "cli/cmd_trust.h"

#include "cli/command.h"
#include "cli/mark.h"
#include "cli/terminal.h"
#include "cli/trust_status.h"

static struct survey_request request_of(const struct settings *settings)
{
    struct trust_clock_input clock = trust_clock_now();
    struct survey_request request = {.utc_offset_s = settings->utc_offset_s,
                                     .tighten = settings->tighten,
                                     .system_s = clock.now_s,
                                     .build_s = clock.build_s};
    memcpy(request.host, settings->host, sizeof request.host);
    return request;
}

static int survey_failed(const struct settings *settings, const struct trust_store *store,
                         enum survey_error error)
{
    if (error == SURVEY_SYSTEM) {
        terminal_error("trust", "memory ran out");
        return EXIT_INTERNAL;
    }
    terminal_error("trust", "%s: %s", settings->db,
                   error == SURVEY_DATA ? "a stored row is damaged; import into a new file"
                                        : db_error_text(trust_store_db_error(store)));
    return EXIT_INPUT_OUTPUT;
}

static int show(const struct trust_options *o, const struct trust_survey *survey,
                const struct trust_mark *mark)
{
    if (!o->json) {
        trust_status_text(survey, mark);
    } else if (!trust_status_json(survey, mark)) {
        return survey_failed(&o->settings, NULL, SURVEY_SYSTEM);
    }
    return 0;
}

int trust_status(struct trust_options *o, int count, char **names)
{
    struct trust_store *store = NULL;
    struct trust_survey *survey = NULL;
    if (count != 0) {
        terminal_error("trust", "status: %s: takes no file; use --db FILE", names[0]);
        return EXIT_USAGE;
    }
    int status = trust_open(&o->settings, DB_READ, &store);
    if (status != 0) {
        return status;
    }
    struct trust_mark mark = mark_read("trust", &o->settings, trust_store_holds_sample(store));
    struct survey_request request = request_of(&o->settings);
    enum survey_error error = trust_survey_make(store, &request, &survey);
    status =
        error == SURVEY_OK ? show(o, survey, &mark) : survey_failed(&o->settings, store, error);
    trust_survey_free(survey);
    trust_store_close(store);
    return status;
}
