/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows the order of the steps and who frees what.
 */
#include "render.h"

#include <stdio.h>
#include <stdlib.h>

#include "issuer/page.h"
#include "layout.h"
#include "pdf.h"

#define CREATED_MAX 21 /* "YYYY-MM-DDThh:mm:ssZ" with its NUL */

/* One document on its way from JSON to PDF. */
struct job {
    struct reading reading;
    struct text_env *env;
    struct sheet *sheet;
    struct qr qr;
    const char *created; /* when the document does not say; may be NULL */
    uint8_t **ret_pdf;
    size_t *ret_len;
    struct refusal *refusal;
};

bool render_sheet(const struct input *in, struct text_env *env, struct qr *qr, struct sheet *sheet,
                  struct refusal *refusal)
{
    bool card = in->layout == LAYOUT_CARD;
    if (!qr_make(in->qr, card ? PAGE_CARD_VERSION_MAX : QR_VERSION_MAX, qr, refusal)) {
        return false;
    }
    struct layout l = {in, env, sheet, refusal, 1};
    if (card) {
        card_lay_out(&l, qr);
    } else {
        a4_lay_out(&l, qr);
    }
    return !refused(refusal) && sheet_check(sheet, refusal);
}

bool render_code_sheet(const struct code_sheet *from, struct text_env *env, struct qr *qr,
                       struct sheet *sheet, struct refusal *refusal)
{
    if (!qr_make(from->code, QR_VERSION_MAX, qr, refusal)) {
        return false;
    }
    struct layout l = {NULL, env, sheet, refusal, 1};
    code_sheet_lay_out(&l, from, qr);
    return !refused(refusal) && sheet_check(sheet, refusal);
}

/* The title of a file is shown in windows and lists: it names nobody. */
static bool write_pdf(struct job *job, const char *title, const char *created)
{
    return pdf_write(job->sheet, title, created, job->ret_pdf, job->ret_len, job->refusal);
}

static void choose_created(const struct input *in, const char *fallback, char created[CREATED_MAX])
{
    if (in->created != NULL || fallback != NULL) {
        (void)snprintf(created, CREATED_MAX, "%s", in->created != NULL ? in->created : fallback);
        return;
    }
    struct date day = in->issue_date;
    (void)snprintf(created, CREATED_MAX, "%04u-%02u-%02uT00:00:00Z", (unsigned)day.year % 10000,
                   (unsigned)day.month % 100, (unsigned)day.day % 100);
}

static bool certificate(struct job *job)
{
    struct input in;
    char created[CREATED_MAX];
    if (!input_read(&job->reading, &in, job->refusal)) {
        return false;
    }
    choose_created(&in, job->created, created);
    bool done =
        render_sheet(&in, job->env, &job->qr, job->sheet, job->refusal) &&
        write_pdf(job, in.sample ? "Sample certificate" : "Certificate of Competence", created);
    input_free(&in);
    return done;
}

static bool code_sheet(struct job *job)
{
    struct code_sheet from;
    if (!code_sheet_read(&job->reading, &from, job->refusal)) {
        return false;
    }
    bool done = render_code_sheet(&from, job->env, &job->qr, job->sheet, job->refusal) &&
                write_pdf(job, from.sample ? "Sample code" : "Code",
                          from.created != NULL ? from.created : job->created);
    code_sheet_free(&from);
    return done;
}

static bool run(struct job *job)
{
    if (job->env == NULL || job->sheet == NULL) {
        return refuse_internal(job->refusal, "page", "out of memory");
    }
    return code_sheet_is_asked_for(&job->reading) ? code_sheet(job) : certificate(job);
}

bool render(struct span json, const char *created, uint8_t **ret_pdf, size_t *ret_len,
            struct refusal *refusal)
{
    struct job job = {
        .created = created, .ret_pdf = ret_pdf, .ret_len = ret_len, .refusal = refusal};
    if (!reading_open(json, &job.reading, refusal)) {
        return false;
    }
    job.env = text_env_new();
    job.sheet = calloc(1, sizeof *job.sheet);
    bool done = run(&job);
    if (job.sheet != NULL) {
        sheet_clear(job.sheet);
    }
    free(job.sheet);
    qr_free(&job.qr);
    text_env_free(job.env);
    reading_close(&job.reading);
    return done;
}
