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

bool render_sheet(const struct input *in, struct text_env *env, struct qr *qr, struct sheet *sheet,
                  struct refusal *refusal)
{
    bool card = in->layout == LAYOUT_CARD;
    if (!qr_make(in->qr, card ? PAGE_CARD_VERSION_MAX : 40, qr, refusal)) {
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

static bool render_input(const struct input *in, struct text_env *env, const char *created,
                         uint8_t **ret_pdf, size_t *ret_len, struct refusal *refusal)
{
    struct qr qr = {0};
    struct sheet *sheet = calloc(1, sizeof *sheet);
    char date[CREATED_MAX];
    if (sheet == NULL) {
        return refuse_internal(refusal, "page", "out of memory");
    }
    choose_created(in, created, date);
    /* The title of a file is shown in windows and lists: it names nobody. */
    const char *title = in->sample ? "Sample certificate" : "Certificate of Competence";
    bool done = render_sheet(in, env, &qr, sheet, refusal) &&
                pdf_write(sheet, title, date, ret_pdf, ret_len, refusal);
    sheet_clear(sheet);
    free(sheet);
    qr_free(&qr);
    return done;
}

bool render(struct span json, const char *created, uint8_t **ret_pdf, size_t *ret_len,
            struct refusal *refusal)
{
    struct input in;
    if (!input_read(json, &in, refusal)) {
        return false;
    }
    struct text_env *env = text_env_new();
    bool done = env != NULL ? render_input(&in, env, created, ret_pdf, ret_len, refusal)
                            : refuse_internal(refusal, "fonts", "out of memory");
    text_env_free(env);
    input_free(&in);
    return done;
}
