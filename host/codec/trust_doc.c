/* SPDX-License-Identifier: Apache-2.0
 *
 * The payloads of root, list and header (WIRE.md, "Trust documents"). Reader and writer of each
 * stand side by side. Knows form, order and limits; knows no signature and no clock.
 */
#include "codec/trust_doc.h"
#include "codec/trust_read.h"

/* A cursor that can tell "too much" from "not this structure". */
struct doc {
    struct cbor_cursor c;
    enum trust_doc_error refused; /* LIMIT or ROLE, found before anything malformed */
};

static void refuse(struct doc *d, enum trust_doc_error error)
{
    if (d->c.error == CBOR_OK) {
        d->refused = error;
        cbor_fail(&d->c, CBOR_RANGE);
    }
}

static enum trust_doc_error finish(struct doc *d)
{
    if (cbor_finish(&d->c)) {
        return TRUST_DOC_OK;
    }
    return d->refused != TRUST_DOC_OK ? d->refused : TRUST_DOC_FORMAT;
}

static size_t read_count(struct doc *d, size_t most)
{
    size_t count = cbor_read_array(&d->c, 1, SIZE_MAX);
    if (count > most) {
        refuse(d, TRUST_DOC_LIMIT);
        return 0;
    }
    return count;
}

static int64_t read_version(struct doc *d)
{
    return cbor_read_int(&d->c, 1, INT64_MAX);
}

/* ---- root ---- */

static void read_key(struct doc *d, struct trust_key *key)
{
    cbor_read_array(&d->c, 3, 3);
    key->public_key = trust_read_public_key(&d->c, &key->alg);
    key->holder = cbor_read_text(&d->c, 1, TRUST_MAX_HOLDER);
}

static void read_role(struct doc *d, struct trust_role *role)
{
    cbor_read_array(&d->c, 2, 2);
    role->threshold = (unsigned)cbor_read_uint(&d->c, 1, TRUST_MAX_ROLE_KEYS);
    role->key_count = read_count(d, TRUST_MAX_ROLE_KEYS);
    for (size_t i = 0; i < role->key_count && d->c.error == CBOR_OK; i++) {
        read_key(d, &role->key[i]);
        int order =
            i == 0 ? -1 : span_compare(role->key[i - 1].public_key, role->key[i].public_key);
        if (order == 0) {
            refuse(d, TRUST_DOC_ROLE);
        } else if (order > 0) {
            cbor_fail(&d->c, CBOR_UNSORTED);
        }
    }
    if (role->threshold > role->key_count) {
        cbor_fail(&d->c, CBOR_RANGE);
    }
}

static void read_authorities(struct doc *d, struct trust_root *root)
{
    root->authority_count = read_count(d, TRUST_MAX_STATES);
    for (size_t i = 0; i < root->authority_count && d->c.error == CBOR_OK; i++) {
        struct trust_authority *a = &root->authority[i];
        cbor_read_array(&d->c, 3, 3);
        a->state = trust_read_state(&d->c);
        a->ended = !cbor_read_null(&d->c);
        a->ended_day = a->ended ? trust_read_day(&d->c) : 0;
        read_role(d, &a->role);
        if (i > 0 && span_compare(root->authority[i - 1].state, a->state) >= 0) {
            cbor_fail(&d->c, CBOR_UNSORTED);
        }
    }
}

static const struct trust_role *role_at(const struct trust_root *root, size_t at)
{
    return at == 0 ? &root->root : at == 1 ? &root->publisher : &root->authority[at - 2].role;
}

static bool roles_share_a_key(const struct trust_role *a, const struct trust_role *b)
{
    for (size_t i = 0; i < a->key_count; i++) {
        for (size_t j = 0; j < b->key_count; j++) {
            if (span_equal(a->key[i].public_key, b->key[j].public_key)) {
                return true;
            }
        }
    }
    return false;
}

static bool a_key_has_two_roles(const struct trust_root *root)
{
    size_t count = root->authority_count + 2;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            if (roles_share_a_key(role_at(root, i), role_at(root, j))) {
                return true;
            }
        }
    }
    return false;
}

enum trust_doc_error trust_root_decode(struct span payload, struct trust_root *ret_root)
{
    if (payload.len > TRUST_MAX_DOC_BYTES) {
        return TRUST_DOC_LIMIT;
    }
    struct doc d = {.c = cbor_cursor_of(payload)};
    struct cbor_map map = cbor_read_map(&d.c, 7, 7);
    cbor_map_expect(&d.c, &map, 0);
    ret_root->version = read_version(&d);
    cbor_map_expect(&d.c, &map, 1);
    ret_root->issued_at_s = trust_read_seconds(&d.c);
    cbor_map_expect(&d.c, &map, 2);
    ret_root->expires_s = trust_read_seconds(&d.c);
    cbor_map_expect(&d.c, &map, 3);
    ret_root->sample = cbor_read_bool(&d.c);
    cbor_map_expect(&d.c, &map, 4);
    read_role(&d, &ret_root->root);
    cbor_map_expect(&d.c, &map, 5);
    read_role(&d, &ret_root->publisher);
    cbor_map_expect(&d.c, &map, 6);
    read_authorities(&d, ret_root);
    enum trust_doc_error error = finish(&d);
    return error == TRUST_DOC_OK && a_key_has_two_roles(ret_root) ? TRUST_DOC_ROLE : error;
}

static void write_role(struct writer *w, const struct trust_role *role)
{
    cbor_write_array(w, 2);
    cbor_write_uint(w, role->threshold);
    cbor_write_array(w, role->key_count);
    for (size_t i = 0; i < role->key_count; i++) {
        cbor_write_array(w, 3);
        cbor_write_int(w, role->key[i].alg);
        cbor_write_bytes(w, role->key[i].public_key);
        cbor_write_text(w, role->key[i].holder);
    }
}

static void write_authority(struct writer *w, const struct trust_authority *authority)
{
    cbor_write_array(w, 3);
    cbor_write_text(w, authority->state);
    trust_write_until(w, authority->ended ? authority->ended_day : ROW_NO_END_DAY);
    write_role(w, &authority->role);
}

void trust_root_encode(const struct trust_root *root, struct writer *w)
{
    cbor_write_map(w, 7);
    cbor_write_uint(w, 0);
    cbor_write_int(w, root->version);
    cbor_write_uint(w, 1);
    cbor_write_int(w, root->issued_at_s);
    cbor_write_uint(w, 2);
    cbor_write_int(w, root->expires_s);
    cbor_write_uint(w, 3);
    cbor_write_bool(w, root->sample);
    cbor_write_uint(w, 4);
    write_role(w, &root->root);
    cbor_write_uint(w, 5);
    write_role(w, &root->publisher);
    cbor_write_uint(w, 6);
    cbor_write_array(w, root->authority_count);
    for (size_t i = 0; i < root->authority_count; i++) {
        write_authority(w, &root->authority[i]);
    }
}

const struct trust_authority *trust_root_authority(const struct trust_root *root, struct span state)
{
    for (size_t i = 0; i < root->authority_count; i++) {
        if (span_equal(root->authority[i].state, state)) {
            return &root->authority[i];
        }
    }
    return NULL;
}

/* ---- list ---- */

enum trust_doc_error trust_list_decode(struct span payload, struct trust_list *ret_list)
{
    if (payload.len > TRUST_MAX_DOC_BYTES) {
        return TRUST_DOC_LIMIT;
    }
    struct doc d = {.c = cbor_cursor_of(payload)};
    struct cbor_map map = cbor_read_map(&d.c, 6, 6);
    cbor_map_expect(&d.c, &map, 0);
    ret_list->state = trust_read_state(&d.c);
    cbor_map_expect(&d.c, &map, 1);
    ret_list->version = read_version(&d);
    cbor_map_expect(&d.c, &map, 2);
    ret_list->as_of_s = trust_read_seconds(&d.c);
    cbor_map_expect(&d.c, &map, 3);
    ret_list->expires_s = trust_read_seconds(&d.c);
    cbor_map_expect(&d.c, &map, 4);
    ret_list->digest = cbor_read_bytes(&d.c, TRUST_DIGEST_SIZE, TRUST_DIGEST_SIZE);
    cbor_map_expect(&d.c, &map, 5);
    ret_list->catalogue_digest = cbor_read_null(&d.c)
                                     ? span_of(NULL, 0)
                                     : cbor_read_bytes(&d.c, TRUST_DIGEST_SIZE, TRUST_DIGEST_SIZE);
    return finish(&d);
}

void trust_list_encode(const struct trust_list *list, struct writer *w)
{
    cbor_write_map(w, 6);
    cbor_write_uint(w, 0);
    cbor_write_text(w, list->state);
    cbor_write_uint(w, 1);
    cbor_write_int(w, list->version);
    cbor_write_uint(w, 2);
    cbor_write_int(w, list->as_of_s);
    cbor_write_uint(w, 3);
    cbor_write_int(w, list->expires_s);
    cbor_write_uint(w, 4);
    cbor_write_bytes(w, list->digest);
    cbor_write_uint(w, 5);
    if (list->catalogue_digest.len == 0) {
        cbor_write_null(w);
    } else {
        cbor_write_bytes(w, list->catalogue_digest);
    }
}

/* ---- header ---- */

static void read_staleness(struct doc *d, struct trust_staleness *s)
{
    cbor_read_array(&d->c, 3, 3);
    s->plain_days = trust_read_small(&d->c, 1, TRUST_MAX_STALENESS);
    s->shown_days = trust_read_small(&d->c, s->plain_days, TRUST_MAX_STALENESS);
    s->amber_days = trust_read_small(&d->c, s->shown_days, TRUST_MAX_STALENESS);
}

static void read_header_states(struct doc *d, struct trust_header *header)
{
    header->state_count = read_count(d, TRUST_MAX_STATES);
    for (size_t i = 0; i < header->state_count && d->c.error == CBOR_OK; i++) {
        struct trust_header_state *s = &header->state[i];
        cbor_read_array(&d->c, 4, 4);
        s->state = trust_read_state(&d->c);
        s->version = read_version(d);
        s->as_of_s = trust_read_seconds(&d->c);
        s->list_digest = cbor_read_bytes(&d->c, TRUST_DIGEST_SIZE, TRUST_DIGEST_SIZE);
        if (i > 0 && span_compare(header->state[i - 1].state, s->state) >= 0) {
            cbor_fail(&d->c, CBOR_UNSORTED);
        }
    }
}

enum trust_doc_error trust_header_decode(struct span payload, struct trust_header *ret_header)
{
    if (payload.len > TRUST_MAX_DOC_BYTES) {
        return TRUST_DOC_LIMIT;
    }
    struct doc d = {.c = cbor_cursor_of(payload)};
    struct cbor_map map = cbor_read_map(&d.c, 6, 6);
    cbor_map_expect(&d.c, &map, 0);
    ret_header->version = read_version(&d);
    cbor_map_expect(&d.c, &map, 1);
    ret_header->issued_at_s = trust_read_seconds(&d.c);
    cbor_map_expect(&d.c, &map, 2);
    ret_header->expires_s = trust_read_seconds(&d.c);
    cbor_map_expect(&d.c, &map, 3);
    read_staleness(&d, &ret_header->staleness);
    cbor_map_expect(&d.c, &map, 4);
    ret_header->root_version = read_version(&d);
    cbor_map_expect(&d.c, &map, 5);
    read_header_states(&d, ret_header);
    return finish(&d);
}

void trust_header_encode(const struct trust_header *header, struct writer *w)
{
    cbor_write_map(w, 6);
    cbor_write_uint(w, 0);
    cbor_write_int(w, header->version);
    cbor_write_uint(w, 1);
    cbor_write_int(w, header->issued_at_s);
    cbor_write_uint(w, 2);
    cbor_write_int(w, header->expires_s);
    cbor_write_uint(w, 3);
    cbor_write_array(w, 3);
    cbor_write_int(w, header->staleness.plain_days);
    cbor_write_int(w, header->staleness.shown_days);
    cbor_write_int(w, header->staleness.amber_days);
    cbor_write_uint(w, 4);
    cbor_write_int(w, header->root_version);
    cbor_write_uint(w, 5);
    cbor_write_array(w, header->state_count);
    for (size_t i = 0; i < header->state_count; i++) {
        cbor_write_array(w, 4);
        cbor_write_text(w, header->state[i].state);
        cbor_write_int(w, header->state[i].version);
        cbor_write_int(w, header->state[i].as_of_s);
        cbor_write_bytes(w, header->state[i].list_digest);
    }
}

const struct trust_header_state *trust_header_state(const struct trust_header *header,
                                                    struct span state)
{
    for (size_t i = 0; i < header->state_count; i++) {
        if (span_equal(header->state[i].state, state)) {
            return &header->state[i];
        }
    }
    return NULL;
}
