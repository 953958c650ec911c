/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of trust_survey share. Private to it.
 */
#ifndef CLI_TRUST_SURVEY_STEPS_H
#define CLI_TRUST_SURVEY_STEPS_H

#include "cli/trust_survey.h"

/* Keeps a note in its place among the first ones, or counts it. */
void survey_add(struct survey_notes *notes, const struct survey_note *note);
/* A note about a state, to be filled in further. */
struct survey_note survey_note_of(int kind, const char *state);
/* The same kind of copy for codes of rows; what is too long is cut. */
void survey_copy(char *to, size_t size, struct span text);

/* Numbers in a growing array: the maps that rules ask for, and those that lists have. */
struct survey_numbers {
    uint64_t *number;
    size_t count, cap;
};

/* What is looked up across lists. */
struct survey_maps {
    struct survey_numbers wanted, present;
};
void survey_maps_free(struct survey_maps *maps);
/* A map as a number; `state` has two letters. */
uint64_t survey_map_of(struct span state, int framework, int edition);
/* False when memory ran out. */
MUST_USE bool survey_numbers_add(struct survey_numbers *numbers, uint64_t number);
/* Notes what is wanted and not present. */
void survey_maps_compare(struct survey_maps *maps, struct survey_notes *problems);

/* Counts the rows of one list, and notes what is wrong or expires in it. */
MUST_USE enum survey_error survey_rows(struct trust_store *store, struct trust_survey *survey,
                                       struct survey_list *list, struct survey_maps *maps);

/* Whether the root has that state, and the state has not ended. */
bool survey_state_covered(const struct trust_survey *survey, struct span state);

/* Makes room for one more item; false when memory ran out. */
MUST_USE bool survey_grow(void **items, size_t count, size_t *cap, size_t item_size);

/* Revoked and suspended indices of a list: its ranges first, then its sets, in their order. */
struct survey_ranges;
MUST_USE bool survey_ranges_new(struct survey_ranges **ret_ranges);
void survey_ranges_free(struct survey_ranges *ranges);
MUST_USE bool survey_ranges_add(struct survey_ranges *ranges, const struct row_range *range);
/* How many of a block's indices no range overrules. */
size_t survey_ranges_left(const struct survey_ranges *ranges, const struct row_block *block);

#endif
