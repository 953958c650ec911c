/* SPDX-License-Identifier: Apache-2.0
 *
 * Roots, lists and headers: round trips, and each way of being wrong by its
 * own name. */
#include "check.h"
#include "codec/trust_doc.h"
#include "trust_fixture.h"

#define ROOM 65536

struct docs {
    struct fixture *f;
    struct trust_root *root, *decoded;
    uint8_t *room;
};

static int setup(void **state)
{
    struct docs *d = calloc(1, sizeof *d);
    d->f = fixture_new();
    d->root = fixture_root_plain(d->f);
    d->decoded = (void *)fixture_room(d->f, sizeof *d->decoded);
    d->room = fixture_room(d->f, 2 * ROOM);
    *state = d;
    return 0;
}

static int teardown(void **state)
{
    struct docs *d = *state;
    fixture_free(d->f);
    free(d);
    return 0;
}

static struct span root_bytes(struct docs *d)
{
    struct writer w = writer_of(d->room, 2 * ROOM);
    trust_root_encode(d->root, &w);
    assert_true(writer_ok(&w));
    return writer_span(&w);
}

static void root_is(struct docs *d, enum trust_doc_error wanted)
{
    assert_int_equal(trust_root_decode(root_bytes(d), d->decoded), wanted);
}

/* ---- root ---- */

static void root_round_trip(void **state)
{
    struct docs *d = *state;
    d->root->authority[2].ended = true;
    d->root->authority[2].ended_day = -3;
    root_is(d, TRUST_DOC_OK);
    assert_int_equal(d->decoded->version, 1);
    assert_int_equal(d->decoded->issued_at_s, FIXTURE_NOW_S - FIXTURE_DAYS_S(30));
    assert_true(d->decoded->sample);
    assert_int_equal(d->decoded->root.threshold, 2);
    assert_int_equal(d->decoded->root.key_count, 3);
    assert_int_equal(d->decoded->authority_count, 4);
    assert_false(d->decoded->authority[1].ended);
    assert_true(d->decoded->authority[2].ended);
    assert_int_equal(d->decoded->authority[2].ended_day, -3);
    const struct trust_authority *my = trust_root_authority(d->decoded, span_str("MY"));
    assert_non_null(my);
    check_bytes(my->role.key[0].public_key, fixture_key(d->f, FIXTURE_MY_KEY)->public_key);
    assert_null(trust_root_authority(d->decoded, span_str("VN")));
    struct span first = fixture_copy(d->f, root_bytes(d));
    *d->root = *d->decoded;
    check_bytes(root_bytes(d), first);
}

static void root_of_the_greatest_size(void **state)
{
    struct docs *d = *state;
    d->root->version = INT64_MAX;
    d->root->expires_s = TRUST_MAX_SECONDS;
    root_is(d, TRUST_DOC_OK);
    assert_true(d->decoded->version == INT64_MAX);
    assert_int_equal(trust_root_decode(span_of(d->room, TRUST_MAX_DOC_BYTES + 1), d->decoded),
                     TRUST_DOC_LIMIT);
}

static void roots_numbers_out_of_range(void **state)
{
    struct docs *d = *state;
    struct trust_root good = *d->root;
    d->root->version = 0;
    root_is(d, TRUST_DOC_FORMAT);
    *d->root = good;
    d->root->issued_at_s = -1;
    root_is(d, TRUST_DOC_FORMAT);
    *d->root = good;
    d->root->expires_s = TRUST_MAX_SECONDS + 1;
    root_is(d, TRUST_DOC_FORMAT);
    *d->root = good;
    d->root->root.threshold = 0;
    root_is(d, TRUST_DOC_FORMAT);
    d->root->root.threshold = 4;
    root_is(d, TRUST_DOC_FORMAT);
    *d->root = good;
    d->root->authority_count = 0;
    root_is(d, TRUST_DOC_FORMAT);
    *d->root = good;
    d->root->authority[0].ended = true;
    d->root->authority[0].ended_day = TRUST_MOST_DAY + 1;
    root_is(d, TRUST_DOC_FORMAT);
}

static void roots_keys_out_of_place(void **state)
{
    struct docs *d = *state;
    struct trust_root good = *d->root;
    struct trust_key swap = d->root->root.key[0];
    d->root->root.key[0] = d->root->root.key[1];
    d->root->root.key[1] = swap;
    root_is(d, TRUST_DOC_FORMAT);
    *d->root = good;
    d->root->root.key[1] = d->root->root.key[0];
    root_is(d, TRUST_DOC_ROLE);
    *d->root = good;
    d->root->publisher = d->root->authority[3].role;
    root_is(d, TRUST_DOC_ROLE);
    *d->root = good;
    d->root->authority[1].role = d->root->authority[2].role;
    root_is(d, TRUST_DOC_ROLE);
    *d->root = good;
    d->root->publisher.key[0].alg = COSE_EDDSA + COSE_ES256 - d->root->publisher.key[0].alg;
    root_is(d, TRUST_DOC_FORMAT);
    d->root->publisher.key[0].alg = -9;
    root_is(d, TRUST_DOC_FORMAT);
    *d->root = good;
    d->root->publisher.key[0].holder = span_of(NULL, 0);
    root_is(d, TRUST_DOC_FORMAT);
}

static void roots_states_out_of_place(void **state)
{
    struct docs *d = *state;
    struct trust_root good = *d->root;
    static const char *const wrong[] = {"id", "I1", "IDN", "I", "MY", "ZZ"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        *d->root = good;
        d->root->authority[0].state = span_str(wrong[i]);
        root_is(d, TRUST_DOC_FORMAT);
    }
}

static void too_many_keys_and_states_are_limit(void **state)
{
    struct docs *d = *state;
    uint8_t key[17][33];
    struct writer w = writer_of(d->room, ROOM);
    cbor_write_map(&w, 7);
    for (int i = 0; i < 3; i++) {
        cbor_write_int(&w, i);
        cbor_write_int(&w, 1);
    }
    cbor_write_int(&w, 3);
    cbor_write_bool(&w, true);
    cbor_write_int(&w, 4);
    cbor_write_array(&w, 2);
    cbor_write_uint(&w, 1);
    cbor_write_array(&w, 17);
    for (size_t i = 0; i < 17; i++) {
        memset(key[i], (int)i, sizeof key[i]);
        cbor_write_array(&w, 3);
        cbor_write_int(&w, COSE_ES256);
        cbor_write_bytes(&w, span_of(key[i], 33));
        cbor_write_text(&w, span_str("holder"));
    }
    assert_int_equal(trust_root_decode(writer_span(&w), d->decoded), TRUST_DOC_LIMIT);
}

static void prefix_of_root_is_format(struct span prefix, void *context)
{
    struct docs *d = context;
    assert_int_equal(trust_root_decode(prefix, d->decoded), TRUST_DOC_FORMAT);
}

static void every_prefix_of_a_root_is_format(void **state)
{
    struct docs *d = *state;
    check_prefixes(fixture_copy(d->f, root_bytes(d)), prefix_of_root_is_format, d);
}

/* What is accepted at all must be the one encoding of what was read. */
static void root_says_what_its_bytes_say(struct span flipped, void *context)
{
    struct docs *d = context;
    if (trust_root_decode(flipped, d->decoded) == TRUST_DOC_OK) {
        struct writer w = writer_of(d->room, ROOM);
        trust_root_encode(d->decoded, &w);
        check_bytes(writer_span(&w), flipped);
    }
}

static void flipped_roots_are_refused_or_say_something_else(void **state)
{
    struct docs *d = *state;
    check_bit_flips(fixture_copy(d->f, root_bytes(d)), root_says_what_its_bytes_say, d);
}

/* ---- list ---- */

static const uint8_t digest[2][TRUST_DIGEST_SIZE] = {{1, 2, 3}, {4, 5, 6}};

static struct trust_list good_list(void)
{
    return (struct trust_list){
        .state = span_str("TH"),
        .version = 7,
        .as_of_s = FIXTURE_NOW_S,
        .expires_s = FIXTURE_NOW_S + 1,
        .digest = span_of(digest[0], TRUST_DIGEST_SIZE),
        .catalogue_digest = span_of(digest[1], TRUST_DIGEST_SIZE),
    };
}

static enum trust_doc_error list_again(const struct trust_list *list, struct trust_list *decoded)
{
    static uint8_t room[256];
    struct writer w = writer_of(room, sizeof room);
    trust_list_encode(list, &w);
    return trust_list_decode(writer_span(&w), decoded);
}

static void list_round_trip(void **state)
{
    (void)state;
    struct trust_list list = good_list(), decoded;
    assert_int_equal(list_again(&list, &decoded), TRUST_DOC_OK);
    check_bytes(decoded.state, list.state);
    assert_int_equal(decoded.version, 7);
    assert_int_equal(decoded.as_of_s, list.as_of_s);
    assert_int_equal(decoded.expires_s, list.expires_s);
    check_bytes(decoded.digest, list.digest);
    check_bytes(decoded.catalogue_digest, list.catalogue_digest);
    list.catalogue_digest = span_of(NULL, 0);
    assert_int_equal(list_again(&list, &decoded), TRUST_DOC_OK);
    assert_int_equal(decoded.catalogue_digest.len, 0);
}

static void wrong_lists_are_format(void **state)
{
    (void)state;
    struct trust_list list = good_list(), decoded;
    list.state = span_str("th");
    assert_int_equal(list_again(&list, &decoded), TRUST_DOC_FORMAT);
    list = good_list();
    list.version = 0;
    assert_int_equal(list_again(&list, &decoded), TRUST_DOC_FORMAT);
    list = good_list();
    list.digest.len = 31;
    assert_int_equal(list_again(&list, &decoded), TRUST_DOC_FORMAT);
    list = good_list();
    list.catalogue_digest.len = 1;
    assert_int_equal(list_again(&list, &decoded), TRUST_DOC_FORMAT);
    list = good_list();
    list.as_of_s = TRUST_MAX_SECONDS + 1;
    assert_int_equal(list_again(&list, &decoded), TRUST_DOC_FORMAT);
}

static void list_says_what_its_bytes_say(struct span flipped, void *context)
{
    struct trust_list decoded;
    uint8_t room[256];
    struct writer w = writer_of(room, sizeof room);
    size_t *accepted = context;
    if (trust_list_decode(flipped, &decoded) == TRUST_DOC_OK) {
        trust_list_encode(&decoded, &w);
        check_bytes(writer_span(&w), flipped);
        (*accepted)++;
    }
}

static void list_must_be_format(struct span prefix, void *context)
{
    struct trust_list decoded;
    (void)context;
    assert_int_equal(trust_list_decode(prefix, &decoded), TRUST_DOC_FORMAT);
}

static void damaged_lists(void **state)
{
    (void)state;
    struct trust_list list = good_list();
    uint8_t room[256];
    struct writer w = writer_of(room, sizeof room);
    trust_list_encode(&list, &w);
    size_t accepted = 0;
    check_bit_flips(writer_span(&w), list_says_what_its_bytes_say, &accepted);
    check_prefixes(writer_span(&w), list_must_be_format, NULL);
    assert_true(accepted >= 2 * 8 * TRUST_DIGEST_SIZE); /* digests mean any bytes */
    assert_int_equal(trust_list_decode(span_of(room, TRUST_MAX_DOC_BYTES + 1), &list),
                     TRUST_DOC_LIMIT);
}

/* ---- header ---- */

static void good_header(struct trust_header *header)
{
    *header = (struct trust_header){
        .version = 3,
        .issued_at_s = FIXTURE_NOW_S,
        .expires_s = FIXTURE_NOW_S + 1,
        .staleness = {7, 30, 90},
        .root_version = 2,
        .state_count = 2,
    };
    for (size_t i = 0; i < 2; i++) {
        header->state[i] =
            (struct trust_header_state){span_str(i == 0 ? "ID" : "MY"), (int64_t)i + 1,
                                        FIXTURE_NOW_S, span_of(digest[i], TRUST_DIGEST_SIZE)};
    }
}

static enum trust_doc_error header_again(const struct trust_header *header,
                                         struct trust_header *decoded)
{
    static uint8_t room[8192];
    struct writer w = writer_of(room, sizeof room);
    trust_header_encode(header, &w);
    return trust_header_decode(writer_span(&w), decoded);
}

static void header_round_trip(void **state)
{
    (void)state;
    struct trust_header header, decoded;
    good_header(&header);
    assert_int_equal(header_again(&header, &decoded), TRUST_DOC_OK);
    assert_int_equal(decoded.version, 3);
    assert_int_equal(decoded.root_version, 2);
    assert_int_equal(decoded.staleness.plain_days, 7);
    assert_int_equal(decoded.staleness.shown_days, 30);
    assert_int_equal(decoded.staleness.amber_days, 90);
    const struct trust_header_state *my = trust_header_state(&decoded, span_str("MY"));
    assert_non_null(my);
    assert_int_equal(my->version, 2);
    check_bytes(my->list_digest, span_of(digest[1], TRUST_DIGEST_SIZE));
    assert_null(trust_header_state(&decoded, span_str("TH")));
}

static void wrong_headers(void **state)
{
    (void)state;
    struct trust_header header, decoded;
    static const struct trust_staleness wrong[] = {
        {0, 30, 90}, {31, 30, 90}, {7, 91, 90}, {7, 30, 367}};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        good_header(&header);
        header.staleness = wrong[i];
        assert_int_equal(header_again(&header, &decoded), TRUST_DOC_FORMAT);
    }
    good_header(&header);
    header.state[1].state = span_str("ID");
    assert_int_equal(header_again(&header, &decoded), TRUST_DOC_FORMAT);
    header.state[1].state = span_str("AA");
    assert_int_equal(header_again(&header, &decoded), TRUST_DOC_FORMAT);
    good_header(&header);
    header.root_version = 0;
    assert_int_equal(header_again(&header, &decoded), TRUST_DOC_FORMAT);
    good_header(&header);
    header.state_count = 0;
    assert_int_equal(header_again(&header, &decoded), TRUST_DOC_FORMAT);
}

static void header_of_65_states_is_limit(void **state)
{
    (void)state;
    static struct trust_header header, decoded;
    static char names[TRUST_MAX_STATES][3];
    good_header(&header);
    for (size_t i = 0; i < TRUST_MAX_STATES; i++) {
        names[i][0] = (char)('A' + i / 26);
        names[i][1] = (char)('A' + i % 26);
        header.state[i] = header.state[0];
        header.state[i].state = span_str(names[i]);
    }
    header.state_count = TRUST_MAX_STATES;
    assert_int_equal(header_again(&header, &decoded), TRUST_DOC_OK);
    assert_int_equal(decoded.state_count, 64);

    static uint8_t room[8192];
    struct writer w = writer_of(room, sizeof room);
    trust_header_encode(&header, &w);
    /* One more line in the array, and its count (98 40) one higher. */
    static const uint8_t count[] = {0x05, 0x98, 0x40};
    uint8_t *at = memmem(room, w.len, count, sizeof count);
    assert_non_null(at);
    at[2]++;
    cbor_write_array(&w, 4);
    cbor_write_text(&w, span_str("ZZ"));
    cbor_write_uint(&w, 1);
    cbor_write_uint(&w, 1);
    cbor_write_bytes(&w, span_of(digest[0], TRUST_DIGEST_SIZE));
    assert_int_equal(trust_header_decode(writer_span(&w), &decoded), TRUST_DOC_LIMIT);
}

static void header_says_what_its_bytes_say(struct span flipped, void *context)
{
    struct trust_header decoded;
    uint8_t room[512];
    struct writer w = writer_of(room, sizeof room);
    (void)context;
    if (trust_header_decode(flipped, &decoded) == TRUST_DOC_OK) {
        trust_header_encode(&decoded, &w);
        check_bytes(writer_span(&w), flipped);
    }
}

static void header_must_be_format(struct span prefix, void *context)
{
    struct trust_header decoded;
    (void)context;
    assert_int_equal(trust_header_decode(prefix, &decoded), TRUST_DOC_FORMAT);
}

static void damaged_headers(void **state)
{
    (void)state;
    struct trust_header header;
    uint8_t room[512];
    struct writer w = writer_of(room, sizeof room);
    good_header(&header);
    trust_header_encode(&header, &w);
    check_bit_flips(writer_span(&w), header_says_what_its_bytes_say, NULL);
    check_prefixes(writer_span(&w), header_must_be_format, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(root_round_trip),
        TEST(root_of_the_greatest_size),
        TEST(roots_numbers_out_of_range),
        TEST(roots_keys_out_of_place),
        TEST(roots_states_out_of_place),
        TEST(too_many_keys_and_states_are_limit),
        TEST(every_prefix_of_a_root_is_format),
        TEST(flipped_roots_are_refused_or_say_something_else),
        TEST(list_round_trip),
        TEST(wrong_lists_are_format),
        TEST(damaged_lists),
        TEST(header_round_trip),
        TEST(wrong_headers),
        TEST(header_of_65_states_is_limit),
        TEST(damaged_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
