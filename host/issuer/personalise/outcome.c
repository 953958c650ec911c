/* SPDX-License-Identifier: Apache-2.0
 *
 * What became of a certificate on a card, for people and for programs.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "issuer/program/issue_work.h"
#include "personalise.h"

static const char *word_of(enum issue_outcome outcome)
{
    switch (outcome) {
    case ISSUE_DELIVERED:
        return "issued";
    case ISSUE_PASSED_OVER:
        return "passed_over";
    case ISSUE_WAITS:
        return "waits";
    case ISSUE_WAITS_CHIP:
        return "waits_for_card";
    case ISSUE_FAILED:
    case ISSUE_NOT_TRIED:
        break;
    }
    return "failed";
}

void outcome_print_json(const struct issue_item *item, const struct outcome_place *place)
{
    struct json_value *object = json_new_object();
    json_put_text(object, "certificate_number",
                  credential_text(&item->credential, SAKSI_CLAIM_CERTIFICATE_NUMBER));
    json_put_string(object, "outcome", word_of(item->outcome));
    bool signed_for_card = credential_has(&item->credential, SAKSI_CLAIM_CNF);
    if (signed_for_card && (item->outcome == ISSUE_DELIVERED || item->outcome == ISSUE_WAITS ||
                            item->outcome == ISSUE_WAITS_CHIP)) {
        json_put_int(object, "index", item->index);
        json_put_hex(object, "key", credential_text(&item->credential, SAKSI_CLAIM_CNF));
        json_put_string(object, "reader", place->reader);
    }
    if (*item->why != '\0') {
        json_put_string(object, "why", item->why);
    }
    json_put_bool(object, "sample", place->sample);
    char *text = json_format(object, 0);
    json_free(object);
    (void)puts(text == NULL ? "{}" : text);
    free(text);
}

void outcome_print(const struct issue_item *item, const struct outcome_place *place)
{
    struct span number = credential_text(&item->credential, SAKSI_CLAIM_CERTIFICATE_NUMBER);
    if (place->json) {
        outcome_print_json(item, place);
    }
    if (item->outcome == ISSUE_DELIVERED && !place->json) {
        (void)printf("issued %.*s, index %u, on the card in %s%s\n", (int)number.len,
                     (const char *)number.ptr, (unsigned)item->index, place->reader,
                     place->sample ? " (SAMPLE)" : "");
    } else if (item->outcome != ISSUE_DELIVERED &&
               !(place->json && item->outcome == ISSUE_PASSED_OVER)) {
        issue_work_print(item);
    }
    (void)fflush(stdout); /* the next card may be long in coming */
}
