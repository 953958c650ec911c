/* SPDX-License-Identifier: Apache-2.0
 *
 * Single rows of the trust store, copied out of it before its transaction ends.
 */
#include "issuer/titles.h"

#include "verifier/clock.h"

/* TRUST_STORE_EMPTY also for what cannot be a code. */
static enum trust_store_error find_row(struct trust_store *store, struct span state,
                                       enum row_type type, struct span code, struct span *ret_row)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer key = writer_of(room, sizeof room);
    row_key_of_code(&key, code);
    return writer_ok(&key) ? trust_store_get(store, state, type, writer_span(&key), ret_row)
                           : TRUST_STORE_EMPTY;
}

static struct span state_of(struct span issuer)
{
    return span_of(issuer.ptr, issuer.len < TRUST_STATE_SIZE ? 0 : TRUST_STATE_SIZE);
}

/* ---- titles ---- */

/* The age at which a verdict no longer rests on the list; without a header none vouches for it. */
static bool is_stale(const struct trust_state *trust, const struct trust_stored_list *list,
                     int64_t now_s)
{
    if (!trust->has_header || list->fresh_as_of_s <= 0) {
        return true;
    }
    int64_t age_days = clock_add(now_s, -list->fresh_as_of_s) / CLOCK_DAY_S;
    return now_s > list->expires_s || age_days > trust->header.staleness.amber_days;
}

static enum titles_error check_list(struct trust_store *store, struct span state, int64_t now_s)
{
    struct trust_state trust;
    enum titles_error error = TITLES_OK;
    if (trust_store_read_state(store, &trust) != TRUST_STORE_OK) {
        return TITLES_DAMAGED;
    }
    const struct trust_stored_list *list = trust_state_list(&trust, state);
    if (list == NULL || list->disabled) {
        error = TITLES_NO_LIST;
    } else if (!list->has_catalogue) {
        error = TITLES_NO_CATALOGUE;
    } else if (is_stale(&trust, list, now_s)) {
        error = TITLES_STALE;
    }
    trust_state_free(&trust);
    return error;
}

static struct span keep(struct writer *room, struct span text, size_t most)
{
    size_t before = room->len;
    if (text.len > most) {
        return span_of(NULL, 0);
    }
    writer_put(room, text);
    return writer_ok(room) ? span_of(room->ptr + before, text.len) : span_of(NULL, 0);
}

/* row_name falls back to English; a title that exists in English alone has no native one. */
static struct span native_of(const struct row_names *names, struct span language)
{
    struct span text = row_name(names, language);
    return text.ptr == row_name(names, span_str("en")).ptr ? span_of(NULL, 0) : text;
}

/* False when the store is damaged; a title that is not there is none. */
static bool find_names(struct trust_store *store, struct span state, enum row_type type,
                       struct span code, struct row_names *ret_names)
{
    struct span row;
    struct row_title title;
    ret_names->count = 0;
    enum trust_store_error error = find_row(store, state, type, code, &row);
    if (error == TRUST_STORE_EMPTY) {
        return true;
    }
    if (error != TRUST_STORE_OK || !row_title_decode(row, &title)) {
        return false;
    }
    *ret_names = title.names;
    return true;
}

static bool read_rows(struct trust_store *store, const struct credential *c, struct span language,
                      struct titles *titles)
{
    struct writer room = writer_of(titles->room, sizeof titles->room);
    struct span state = state_of(credential_text(c, SAKSI_CLAIM_ISS));
    struct row_names names;
    if (!find_names(store, state, ROW_SCHEME_TITLE, credential_text(c, SAKSI_CLAIM_SCHEME_CODE),
                    &names)) {
        return false;
    }
    titles->scheme_native = keep(&room, native_of(&names, language), TITLES_MAX_NATIVE);
    for (size_t i = 0; i < c->unit_count; i++) {
        if (!find_names(store, state, ROW_UNIT_TITLE, c->unit[i], &names)) {
            return false;
        }
        struct span english = row_name(&names, span_str("en"));
        titles->unit[i].english = keep(&room, english, TITLES_MAX_ENGLISH);
        titles->unit[i].native = keep(&room, native_of(&names, language), TITLES_MAX_NATIVE);
    }
    return true;
}

static void clear(struct titles *titles)
{
    titles->scheme_native = span_of(NULL, 0);
    memset(titles->unit, 0, sizeof titles->unit);
}

enum titles_error titles_read(struct trust_store *store, const struct credential *credential,
                              struct span language, int64_t now_s, struct titles *ret_titles)
{
    clear(ret_titles);
    if (trust_store_begin_read(store) != TRUST_STORE_OK) {
        return TITLES_DAMAGED;
    }
    enum titles_error error =
        check_list(store, state_of(credential_text(credential, SAKSI_CLAIM_ISS)), now_s);
    if (error == TITLES_OK && !read_rows(store, credential, language, ret_titles)) {
        clear(ret_titles);
        error = TITLES_DAMAGED;
    }
    trust_store_rollback(store);
    return error;
}

enum titles_error titles_check(struct trust_store *store, struct span state, int64_t now_s)
{
    if (trust_store_begin_read(store) != TRUST_STORE_OK) {
        return TITLES_DAMAGED;
    }
    enum titles_error error = check_list(store, state, now_s);
    trust_store_rollback(store);
    return error;
}

const char *titles_error_text(enum titles_error error)
{
    static const char *const text[] = {
        [TITLES_OK] = "has titles",
        [TITLES_NO_LIST] = "has no list of the issuer's state",
        [TITLES_NO_CATALOGUE] = "came without the titles of the issuer's state",
        [TITLES_STALE] = "is too old for the issuer's state; import a newer bundle",
        [TITLES_DAMAGED] = "is damaged; import it again",
    };
    return text[error];
}

/* ---- names ---- */

static bool read_issuer(struct trust_store *store, struct span id,
                        uint8_t room[TRUST_MAX_ROW_BYTES], struct row_issuer *ret_issuer)
{
    struct span row;
    if (find_row(store, state_of(id), ROW_ISSUER, id, &row) != TRUST_STORE_OK ||
        row.len > TRUST_MAX_ROW_BYTES) {
        return false;
    }
    memcpy(room, row.ptr, row.len);
    return row_issuer_decode(span_of(room, row.len), ret_issuer);
}

void titles_names_read(struct trust_store *store, struct span issuer,
                       struct titles_names *ret_names)
{
    ret_names->has_authority = false;
    ret_names->has_issuer = read_issuer(store, issuer, ret_names->issuer_row, &ret_names->issuer);
    if (ret_names->has_issuer) {
        /* An issuer without parent awards by itself. */
        struct span parent = ret_names->issuer.parent.len != 0 ? ret_names->issuer.parent : issuer;
        ret_names->has_authority =
            read_issuer(store, parent, ret_names->authority_row, &ret_names->authority);
    }
}

static void fill_party(const struct row_names *names, struct station_party *party)
{
    for (size_t i = 0; i < names->count && i < STATION_MAX_NAMES; i++) {
        party->name[i].lang = names->name[i].lang;
        party->name[i].text = names->name[i].text;
        party->name_count = i + 1;
    }
}

void titles_names_fill(const struct titles_names *names, struct station_party *issuer,
                       struct station_party *authority)
{
    if (names->has_issuer && issuer->name_count == 0) {
        fill_party(&names->issuer.names, issuer);
    }
    if (names->has_authority && authority->name_count == 0 && authority->id.len == 0) {
        authority->id = names->authority.id;
        fill_party(&names->authority.names, authority);
    }
}
