/* SPDX-License-Identifier: Apache-2.0
 *
 * Which framework maps the rules of all lists ask for, and which are there. A map is a number:
 * state, framework, edition; edition 0 stands for any.
 */
#include <stdlib.h>

#include "cli/trust_survey_steps.h"

uint64_t survey_map_of(struct span state, int framework, int edition)
{
    return (uint64_t)state.ptr[0] << 40 | (uint64_t)state.ptr[1] << 32 | (uint64_t)framework << 16 |
           (uint64_t)edition;
}

bool survey_numbers_add(struct survey_numbers *numbers, uint64_t number)
{
    void *items = numbers->number;
    if (numbers->count > 0 && numbers->number[numbers->count - 1] == number) {
        return true; /* neighbours often ask for the same */
    }
    if (!survey_grow(&items, numbers->count, &numbers->cap, sizeof number)) {
        return false;
    }
    numbers->number = items;
    numbers->number[numbers->count++] = number;
    return true;
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void sort(struct survey_numbers *numbers)
{
    if (numbers->count > 0) {
        qsort(numbers->number, numbers->count, sizeof numbers->number[0], by_value);
    }
}

static bool has(const struct survey_numbers *sorted, uint64_t number)
{
    return sorted->count > 0 && bsearch(&number, sorted->number, sorted->count,
                                        sizeof sorted->number[0], by_value) != NULL;
}

static void note_missing(uint64_t map, struct survey_notes *problems)
{
    const char state[] = {(char)(map >> 40), (char)(map >> 32), '\0'};
    struct survey_note note = survey_note_of(SURVEY_MAP_MISSING, state);
    note.framework = (int)(map >> 16 & 0xFFFF);
    note.edition = (int)(map & 0xFFFF);
    survey_add(problems, &note);
}

void survey_maps_compare(struct survey_maps *maps, struct survey_notes *problems)
{
    sort(&maps->wanted);
    sort(&maps->present);
    for (size_t i = 0; i < maps->wanted.count; i++) {
        uint64_t map = maps->wanted.number[i];
        bool again = i > 0 && maps->wanted.number[i - 1] == map;
        if (!again && !has(&maps->present, map)) {
            note_missing(map, problems);
        }
    }
}

void survey_maps_free(struct survey_maps *maps)
{
    free(maps->wanted.number);
    free(maps->present.number);
}
