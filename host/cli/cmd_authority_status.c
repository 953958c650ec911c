/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi authority status: what the sources say, in words.
 */
#include "cli/cmd_authority.h"

#include <stdio.h>
#include <stdlib.h>

#include "authority/build.h"
#include "authority/status_words.h"

static int print_state(const char *dir, const char *state)
{
    struct authority_problem problem;
    char *text = NULL;
    enum authority_error error = status_words(dir, state, authority_clock().now_s, &text, &problem);
    if (error != AUTHORITY_OK) {
        return authority_failed(error, &problem);
    }
    (void)fputs(text, stdout);
    free(text);
    return 0;
}

int authority_run_status(const struct authority_options *o)
{
    struct authority_problem problem;
    struct build_states states;
    if (o->state != NULL) {
        return authority_is_state(o->state)
                   ? print_state(o->names[0], o->state)
                   : authority_usage("status: --state takes two capital letters");
    }
    enum authority_error error = build_find_states(o->names[0], &states, &problem);
    int status = error == AUTHORITY_OK ? 0 : authority_failed(error, &problem);
    for (size_t i = 0; status == 0 && i < states.count; i++) {
        status = print_state(o->names[0], states.state[i]);
    }
    return status;
}
