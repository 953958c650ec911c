/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether a state may say what its rows say, and whether they agree with each other. The digest is
 * asked first: what a state did not sign is not looked at this far.
 */
#include "base/crypto.h"
#include "verifier/trust_rows.h"
#include "verifier/trust_update.h"

/* ---- what a state may say ---- */

static bool begins_with_state(struct span id, struct span state)
{
    return span_starts_with(id, state) && id.len > state.len && id.ptr[state.len] == '.';
}

/* The first element of every key but that of maps and rules is an id or a code. */
static struct span id_of(const struct row *row)
{
    struct cbor_cursor c = cbor_cursor_of(row->key);
    return cbor_read_code(&c, 1, ROW_MAX_KEY_BYTES);
}

static bool issuer_is_own(const struct row *row, struct span state)
{
    struct row_issuer issuer;
    return row_issuer_decode(row->bytes, &issuer) && begins_with_state(issuer.id, state) &&
           (issuer.parent.len == 0 || begins_with_state(issuer.parent, state));
}

static bool rule_is_about_others(const struct row *row, struct span state)
{
    struct row_rule rule;
    return row_rule_decode(row->bytes, &rule) && !span_equal(rule.issuing_state, state);
}

static bool is_in_scope(const struct row *row, struct span state)
{
    switch (row->type) {
    case ROW_ISSUER:
        return issuer_is_own(row, state);
    case ROW_KEY:
    case ROW_STATUS:
    case ROW_BLOCK:
    case ROW_RANGE:
        return begins_with_state(id_of(row), state);
    case ROW_RULE:
        return rule_is_about_others(row, state);
    case ROW_DERECOGNISED:
        return !begins_with_state(id_of(row), state);
    case ROW_FRAMEWORK:
    case ROW_SCHEME_TITLE:
    case ROW_UNIT_TITLE:
    case ROW_JOB_TITLE:
        return true;
    }
    return false;
}

/* ---- one row after another ---- */

struct walk {
    struct span state;
    bool catalogue, check_kids;
    size_t rules, keys;
    struct row_range last_range; /* issuer empty before the first */
};

static enum trust_update_error check_key(const struct row *row)
{
    struct row_key key;
    uint8_t kid[CRYPTO_KID_SIZE];
    if (!row_key_decode(row->bytes, &key)) {
        return TRUST_UPDATE_FORMAT;
    }
    enum crypto_error error = crypto_kid(key.alg, key.public_key, kid);
    if (error == CRYPTO_SYSTEM) {
        return TRUST_UPDATE_SYSTEM;
    }
    bool good = error == CRYPTO_OK && span_equal(key.kid, span_of(kid, sizeof kid));
    return good ? TRUST_UPDATE_OK : TRUST_UPDATE_FORMAT;
}

/* Ranges come in order of issuer and first index: it is enough to look at the one before. */
static enum trust_update_error check_range(struct walk *walk, const struct row *row)
{
    struct row_range range;
    if (!row_range_decode(row->bytes, &range)) {
        return TRUST_UPDATE_FORMAT;
    }
    bool overlaps =
        span_equal(range.issuer, walk->last_range.issuer) && range.first <= walk->last_range.last;
    walk->last_range = range;
    return overlaps ? TRUST_UPDATE_FORMAT : TRUST_UPDATE_OK;
}

static enum trust_update_error check_row(struct walk *walk, const struct row *row)
{
    if ((row->type > ROW_LAST_SECURITY) != walk->catalogue) {
        return TRUST_UPDATE_FORMAT;
    }
    if (!is_in_scope(row, walk->state)) {
        return TRUST_UPDATE_SCOPE;
    }
    if (row->type == ROW_KEY && ++walk->keys > ROW_MAX_KEYS) {
        return TRUST_UPDATE_LIMIT;
    }
    if (row->type == ROW_KEY && walk->check_kids) {
        return check_key(row);
    }
    if (row->type == ROW_RULE && ++walk->rules > ROW_MAX_RULES) {
        return TRUST_UPDATE_LIMIT;
    }
    return row->type == ROW_RANGE ? check_range(walk, row) : TRUST_UPDATE_OK;
}

enum trust_update_error trust_rows_check(const struct trust_rows *rows, struct span state,
                                         bool catalogue, bool check_kids)
{
    struct walk walk = {.state = state, .catalogue = catalogue, .check_kids = check_kids};
    enum trust_update_error error = TRUST_UPDATE_OK;
    for (size_t i = 0; i < rows->count && error == TRUST_UPDATE_OK; i++) {
        error = check_row(&walk, &rows->row[i]);
    }
    return error;
}
