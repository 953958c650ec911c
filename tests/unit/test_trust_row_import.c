/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows on their way in: what was not signed, what stands wrong, and what a state may not say. */
#include "trust_scene.h"
#include "verifier/trust_pack.h"

/* Signs whatever bytes as the list of MY and tries to import it. */
static struct span signed_rows(struct scene *s, struct span rows, struct span catalogue)
{
    struct fixture_list list = scene_list(s, "MY", 1);
    list.rows = rows;
    list.catalogue = catalogue;
    fixture_list_sign(s->f, &list);
    return scene_bundle(s, 1, &list);
}

/* Form, order and place, without a store. */
static enum trust_update_error check_alone(struct span bytes)
{
    struct trust_rows rows = {0};
    assert_int_equal(trust_rows_add(&rows, bytes), TRUST_ROWS_OK);
    enum trust_update_error error = trust_update_error_of_rows(trust_rows_seal(&rows));
    if (error == TRUST_UPDATE_OK && !rows.came_sorted) {
        error = TRUST_UPDATE_FORMAT;
    }
    if (error == TRUST_UPDATE_OK) {
        error = trust_rows_check(&rows, span_str("MY"), false, true);
    }
    trust_rows_free(&rows);
    return error;
}

static void refused_rows(struct scene *s, struct span rows, const char *name)
{
    scene_refused(s, signed_rows(s, rows, span_of(NULL, 0)), name, "list MY");
    enum trust_update_error alone = check_alone(rows);
    assert_string_equal(trust_update_error_name(alone), name);
}

static void refused_row(struct scene *s, const struct writer *w, const char *name)
{
    assert_true(writer_ok(w));
    refused_rows(s, writer_span(w), name);
}

static void accepted_row(struct scene *s, const struct writer *w)
{
    assert_true(writer_ok(w));
    fixture_import(s->store, signed_rows(s, writer_span(w), span_of(NULL, 0)));
    assert_int_equal(check_alone(writer_span(w)), TRUST_UPDATE_OK);
}

static struct writer room(struct scene *s)
{
    return writer_of(fixture_room(s->f, 65536), 65536);
}

/* ---- not the signed rows ---- */

static void other_rows_than_signed(struct scene *s, const struct fixture_list *list,
                                   struct span rows)
{
    struct fixture_list changed = *list;
    struct trust_part part = {TRUST_PART_RAW, rows.len, rows};
    changed.file = fixture_list_file(s->f, list, &part, NULL);
    /* What is no sequence of rows at all cannot be digested. */
    enum trust_update_error alone = check_alone(rows);
    scene_refused(s, scene_bundle(s, 1, &changed),
                  alone == TRUST_UPDATE_OK ? "DIGEST_MISMATCH" : trust_update_error_name(alone),
                  "list MY");
}

static void changed_rows_are_digest_mismatch(void **state)
{
    struct scene *s = *state;
    struct fixture_rows *rows = scene_rows(s, "MY");
    fixture_add_issuer(rows, "MY.ONE", ROW_CENTRE, "MY.BODY");
    fixture_add_status(rows, "MY.ONE", 10);
    struct fixture_list list = fixture_list(s->f, "MY", 1, rows);

    struct reader r = reader_of(list.rows);
    struct row row[3];
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(row_next(&r, &row[i]), TRUST_DOC_OK);
    }
    struct writer w = room(s);
    writer_put(&w, row[0].bytes);
    writer_put(&w, row[1].bytes);
    other_rows_than_signed(s, &list, writer_span(&w)); /* one omitted */
    writer_put(&w, row[2].bytes);
    writer_put(&w, row[2].bytes);
    other_rows_than_signed(s, &list, writer_span(&w)); /* one added */
    w = room(s);
    writer_put(&w, row[1].bytes);
    writer_put(&w, row[0].bytes);
    writer_put(&w, row[2].bytes);
    other_rows_than_signed(s, &list, writer_span(&w)); /* in another order */
    other_rows_than_signed(s, &list, span_of(NULL, 0));
    struct span flipped = fixture_copy(s->f, list.rows);
    ((uint8_t *)(uintptr_t)flipped.ptr)[flipped.len - 3] ^= 1;
    other_rows_than_signed(s, &list, flipped);
    fixture_import(s->store, scene_bundle(s, 1, &list));
}

static void changed_catalogue_is_digest_mismatch(void **state)
{
    struct scene *s = *state;
    struct fixture_rows *rows = scene_rows(s, "MY");
    fixture_add_title(rows, ROW_UNIT_TITLE, "U1", "A unit");
    struct fixture_list list = fixture_list(s->f, "MY", 1, rows), changed = list;
    struct trust_part part = {TRUST_PART_RAW, list.rows.len, list.rows};
    struct span flipped = fixture_copy(s->f, list.catalogue);
    ((uint8_t *)(uintptr_t)flipped.ptr)[flipped.len - 1] ^= 1;
    struct trust_part catalogue = {TRUST_PART_RAW, flipped.len, flipped};
    changed.file = fixture_list_file(s->f, &list, &part, &catalogue);
    scene_refused(s, scene_bundle(s, 1, &changed), "DIGEST_MISMATCH", "list MY");

    /* A catalogue nobody signed. */
    struct fixture_list bare = scene_list(s, "MY", 1);
    catalogue = (struct trust_part){TRUST_PART_RAW, list.catalogue.len, list.catalogue};
    part = (struct trust_part){TRUST_PART_RAW, bare.rows.len, bare.rows};
    bare.file = fixture_list_file(s->f, &bare, &part, &catalogue);
    scene_refused(s, scene_bundle(s, 1, &bare), "DIGEST_MISMATCH", "list MY");
    fixture_import(s->store, scene_bundle(s, 1, &list));
}

/* ---- signed, and wrong all the same ---- */

static void order_and_place_of_rows(void **state)
{
    struct scene *s = *state;
    struct fixture_rows *rows = fixture_rows_new(s->f);
    fixture_add_issuer(rows, "MY.A", ROW_AWARDING_BODY, NULL);
    struct span a = fixture_rows_bytes(rows, ROW_ISSUER, ROW_ISSUER);
    rows = fixture_rows_new(s->f);
    fixture_add_issuer(rows, "MY.B", ROW_AWARDING_BODY, NULL);
    struct span b = fixture_rows_bytes(rows, ROW_ISSUER, ROW_ISSUER);
    rows = fixture_rows_new(s->f);
    fixture_add_title(rows, ROW_JOB_TITLE, "J1", "A job");
    struct span title = fixture_rows_bytes(rows, ROW_JOB_TITLE, ROW_JOB_TITLE);

    struct writer w = room(s);
    writer_put(&w, b);
    writer_put(&w, a);
    refused_row(s, &w, "FORMAT");
    w = room(s);
    writer_put(&w, a);
    writer_put(&w, a);
    refused_row(s, &w, "FORMAT");
    refused_rows(s, title, "FORMAT");
    scene_refused(s, signed_rows(s, a, b), "FORMAT", "list MY");
    w = room(s);
    writer_put(&w, a);
    writer_be(&w, 0x80, 1);
    refused_row(s, &w, "FORMAT");
    w = room(s);
    writer_put(&w, a);
    writer_put(&w, b);
    fixture_import(s->store, signed_rows(s, writer_span(&w), title));
}

static void oversized_row_is_limit(void **state)
{
    struct scene *s = *state;
    uint8_t *zeros = fixture_room(s->f, TRUST_MAX_ROW_BYTES);
    struct writer w =
        writer_of(fixture_room(s->f, 2 * TRUST_MAX_ROW_BYTES), 2 * TRUST_MAX_ROW_BYTES);
    cbor_write_array(&w, 5);
    cbor_write_uint(&w, ROW_BLOCK);
    cbor_write_text(&w, span_str("MY.A"));
    cbor_write_uint(&w, 1);
    cbor_write_uint(&w, 0);
    cbor_write_bytes(&w, span_of(zeros, TRUST_MAX_ROW_BYTES));
    refused_row(s, &w, "LIMIT");
}

static struct row_key key_row(struct scene *s, unsigned number)
{
    const struct fixture_key *key = fixture_key(s->f, number);
    return (struct row_key){
        .issuer = span_str("MY.A"),
        .kid = key->kid,
        .alg = key->alg,
        .public_key = key->public_key,
        .from_s = FIXTURE_NOW_S,
        .until_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(400),
    };
}

static void kid_is_computed_not_believed(void **state)
{
    struct scene *s = *state;
    struct row_key key = key_row(s, 101);
    key.kid = fixture_key(s->f, 103)->kid;
    struct writer w = room(s);
    row_key_write(&w, &key);
    refused_row(s, &w, "FORMAT");

    /* A point that is not on the curve. */
    uint8_t off[33] = {2};
    memset(off + 1, 0xFF, 32);
    key = key_row(s, 101);
    key.public_key = span_of(off, sizeof off);
    w = room(s);
    row_key_write(&w, &key);
    refused_row(s, &w, "FORMAT");

    key = key_row(s, 101);
    w = room(s);
    row_key_write(&w, &key);
    accepted_row(s, &w);
}

/* The kid that such bytes would have as a key: these are refused for being none. */
static void kid_of_any(int alg, struct span bytes, uint8_t *kid)
{
    static const uint8_t ed25519[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                      0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
    uint8_t digest[CRYPTO_SHA256_SIZE];
    const struct span part[] = {span_of(ed25519, alg == COSE_EDDSA ? sizeof ed25519 : 0), bytes};
    assert_int_equal(crypto_sha256(part, 2, digest), CRYPTO_OK);
    memcpy(kid, digest, CRYPTO_KID_SIZE);
}

/* Points of small order, other encodings of them and of others, and bytes that are no point: a list
 * that was signed with such a key in it is refused. */
static void keys_that_are_none_are_refused(void **state)
{
    struct scene *s = *state;
    static const struct {
        int alg;
        const char *key;
    } row[] = {
        {COSE_EDDSA, "0100000000000000000000000000000000000000000000000000000000000000"},
        {COSE_EDDSA, "0100000000000000000000000000000000000000000000000000000000000080"},
        {COSE_EDDSA, "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
        {COSE_EDDSA, "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
        {COSE_EDDSA, "0000000000000000000000000000000000000000000000000000000000000000"},
        {COSE_EDDSA, "0000000000000000000000000000000000000000000000000000000000000080"},
        {COSE_EDDSA, "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"},
        {COSE_EDDSA, "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"},
        {COSE_EDDSA, "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"},
        {COSE_EDDSA, "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"},
        {COSE_EDDSA,
         "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}, /* y = p + 1 */
        {COSE_EDDSA,
         "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}, /* y = p + 3 */
        {COSE_EDDSA, "0200000000000000000000000000000000000000000000000000000000000000"}, /* no x */
        {COSE_ES256,
         "020000000000000000000000000000000000000000000000000000000000000001"}, /* no y */
        {COSE_ES256,
         "02ffffffff00000001000000000000000000000001000000000000000000000004"}, /* x > p */
        {COSE_ES256, "000000000000000000000000000000000000000000000000000000000000000000"},
        {COSE_ES256, "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"},
        {COSE_ES256, "0660fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        uint8_t bytes[CRYPTO_MAX_PUBLIC_KEY], kid[CRYPTO_KID_SIZE];
        struct row_key key = key_row(s, 101);
        key.alg = row[i].alg;
        key.public_key = check_hex(row[i].key, bytes, sizeof bytes);
        kid_of_any(key.alg, key.public_key, kid);
        key.kid = span_of(kid, sizeof kid);
        struct writer w = room(s);
        row_key_write(&w, &key);
        refused_row(s, &w, "FORMAT");
    }
}

static void key_period_is_at_most_400_days(void **state)
{
    struct scene *s = *state;
    struct row_key key = key_row(s, 101);
    key.until_s++;
    struct writer w = room(s);
    row_key_write(&w, &key);
    refused_row(s, &w, "FORMAT");
}

static void write_range(struct writer *w, const char *issuer, uint32_t first, uint32_t last)
{
    row_range_write(
        w, &(struct row_range){span_str(issuer), first, last, ROW_RANGE_REVOKED, 1, FIXTURE_DAY});
}

static void ranges_of_one_issuer_are_disjoint(void **state)
{
    struct scene *s = *state;
    struct writer w = room(s);
    write_range(&w, "MY.A", 0, 9);
    write_range(&w, "MY.A", 9, 20);
    refused_row(s, &w, "FORMAT");
    w = room(s);
    write_range(&w, "MY.A", 0, UINT32_MAX);
    write_range(&w, "MY.A", 5, 6);
    refused_row(s, &w, "FORMAT");
    w = room(s);
    write_range(&w, "MY.A", 0, 9);
    write_range(&w, "MY.A", 10, 20);
    write_range(&w, "MY.B", 5, 15);
    accepted_row(s, &w);
}

/* ---- scope ---- */

static void issuers_of_other_states_are_scope(void **state)
{
    struct scene *s = *state;
    static const char *const foreign[] = {"ID.A", "MYA.", "MY-A", "my.A"};
    for (size_t i = 0; i < COUNT_OF(foreign); i++) {
        struct fixture_rows *rows = fixture_rows_new(s->f);
        fixture_add_issuer(rows, foreign[i], ROW_AWARDING_BODY, NULL);
        refused_rows(s, fixture_rows_bytes(rows, ROW_ISSUER, ROW_ISSUER), "SCOPE");
    }
    struct fixture_rows *rows = fixture_rows_new(s->f);
    fixture_add_issuer(rows, "MY.A", ROW_CERTIFICATION_BODY, "ID.BNSP");
    refused_rows(s, fixture_rows_bytes(rows, ROW_ISSUER, ROW_ISSUER), "SCOPE");
}

static void keys_and_status_of_other_states_are_scope(void **state)
{
    static const uint32_t one[] = {1};
    struct scene *s = *state;
    struct fixture_rows *rows = fixture_rows_new(s->f);
    fixture_add_key(rows, "ID.A", 101);
    refused_rows(s, fixture_rows_bytes(rows, ROW_KEY, ROW_KEY), "SCOPE");
    fixture_add_status(rows, "ID.A", 10);
    refused_rows(s, fixture_rows_bytes(rows, ROW_STATUS, ROW_STATUS), "SCOPE");
    fixture_add_set(rows, "ID.A", ROW_SET_REVOKED, one, 1);
    refused_rows(s, fixture_rows_bytes(rows, ROW_BLOCK, ROW_BLOCK), "SCOPE");
    struct writer w = room(s);
    write_range(&w, "ID.A", 1, 2);
    refused_row(s, &w, "SCOPE");
}

static void a_state_recognises_and_derecognises_others_only(void **state)
{
    struct scene *s = *state;
    struct fixture_rows *rows = fixture_rows_new(s->f);
    fixture_add_rule(rows, "R1", "MY", ROW_RECOGNISED);
    refused_rows(s, fixture_rows_bytes(rows, ROW_RULE, ROW_RULE), "SCOPE");
    struct writer w = room(s);
    row_derecognised_write(&w, &(struct row_derecognised){span_str("MY.A"), 1, 1, FIXTURE_DAY});
    refused_row(s, &w, "SCOPE");
    w = room(s);
    row_derecognised_write(&w, &(struct row_derecognised){span_str("ID.A"), 1, 1, FIXTURE_DAY});
    accepted_row(s, &w);
}

/* ---- what stays behind ---- */

/* One key under two issuers: two rows, two answers. */
static void one_key_may_stand_under_two_issuers(void **state)
{
    struct scene *s = *state;
    struct fixture_rows *rows = fixture_rows_new(s->f);
    fixture_add_key(rows, "MY.A", 101);
    fixture_add_key(rows, "MY.B", 101);
    struct fixture_list list = fixture_list(s->f, "MY", 1, rows);
    fixture_import(s->store, scene_bundle(s, 1, &list));
    static const char *const issuer[] = {"MY.A", "MY.B"};
    for (size_t i = 0; i < 2; i++) {
        uint8_t bytes[ROW_MAX_KEY_BYTES];
        struct writer key = writer_of(bytes, sizeof bytes);
        row_key_of_kid(&key, span_str(issuer[i]), fixture_key(s->f, 101)->kid);
        struct span found;
        struct row_key row;
        assert_int_equal(
            trust_store_get(s->store, span_str("MY"), ROW_KEY, writer_span(&key), &found),
            TRUST_STORE_OK);
        assert_true(row_key_decode(found, &row));
        check_bytes(row.issuer, span_str(issuer[i]));
    }
}

static size_t count_rows(struct scene *s, enum row_type least, enum row_type most)
{
    struct row row;
    struct fixture_walk walk;
    size_t count = 0;
    assert_int_equal(fixture_walk_begin(&walk, s->store, span_str("MY"), least, most),
                     TRUST_STORE_OK);
    while (fixture_walk_next(&walk, &row)) {
        count++;
    }
    return count;
}

static void new_list_replaces_all_rows(void **state)
{
    struct scene *s = *state;
    struct fixture_rows *rows = scene_rows(s, "MY");
    fixture_add_issuer(rows, "MY.OLD", ROW_CENTRE, NULL);
    fixture_add_title(rows, ROW_UNIT_TITLE, "U1", "A unit");
    struct fixture_list first = fixture_list(s->f, "MY", 1, rows);
    fixture_import(s->store, scene_bundle(s, 1, &first));
    assert_int_equal(count_rows(s, ROW_ISSUER, ROW_JOB_TITLE), 3);
    struct fixture_list second = scene_list(s, "MY", 2);
    fixture_import(s->store, scene_bundle(s, 2, &second));
    assert_int_equal(count_rows(s, ROW_ISSUER, ROW_JOB_TITLE), 1);
}

/* The small weekly file leaves the catalogue out; the one with the same digest stays. */
static void list_without_catalogue_keeps_the_one_it_was_signed_with(void **state)
{
    struct scene *s = *state;
    struct fixture_rows *rows = scene_rows(s, "MY");
    fixture_add_title(rows, ROW_UNIT_TITLE, "U1", "A unit");
    struct fixture_list first = fixture_list(s->f, "MY", 1, rows);
    fixture_import(s->store, scene_bundle(s, 1, &first));

    struct fixture_list second = first;
    second.version = 2;
    fixture_list_sign(s->f, &second);
    struct trust_part part = {TRUST_PART_RAW, second.rows.len, second.rows};
    struct span with = second.file;
    second.file = fixture_list_file(s->f, &second, &part, NULL);
    fixture_import(s->store, scene_bundle(s, 2, &second));
    assert_int_equal(count_rows(s, ROW_UNIT_TITLE, ROW_UNIT_TITLE), 1);

    struct fixture_list third = second;
    third.version = 3;
    third.catalogue = span_of(NULL, 0);
    rows = fixture_rows_new(s->f);
    fixture_add_title(rows, ROW_UNIT_TITLE, "U1", "A unit by another name");
    third.catalogue = fixture_rows_bytes(rows, ROW_UNIT_TITLE, ROW_UNIT_TITLE);
    fixture_list_sign(s->f, &third);
    struct span third_with = third.file;
    third.file = fixture_list_file(s->f, &third, &part, NULL);
    fixture_import(s->store, scene_bundle(s, 3, &third));
    assert_int_equal(count_rows(s, ROW_UNIT_TITLE, ROW_UNIT_TITLE), 0);

    /* It comes later, with the very same list. */
    third.file = third_with;
    fixture_import(s->store, scene_bundle(s, 3, &third));
    assert_int_equal(count_rows(s, ROW_UNIT_TITLE, ROW_UNIT_TITLE), 1);
    (void)with;
}

static void packed_rows_are_the_same_rows(void **state)
{
    struct scene *s = *state;
    struct fixture_list raw = scene_list(s, "MY", 1), packed = raw;
    packed.encoding = TRUST_PART_PACKED;
    fixture_list_sign(s->f, &packed);
    check_bytes(raw.digest, packed.digest);
    fixture_import(s->store, scene_bundle(s, 1, &packed));
    assert_int_equal(count_rows(s, ROW_ISSUER, ROW_JOB_TITLE), 1);
}

static void write_rule_about_id(struct writer *w, const char *id)
{
    row_rule_write(w, &(struct row_rule){
                          .id = span_str(id),
                          .arrangement = ROW_MRS,
                          .result = ROW_RECOGNISED,
                          .issuing_state = span_str("ID"),
                          .valid_until_day = ROW_NO_END_DAY,
                          .level_least = -1,
                          .level_most = -1,
                          .issued_from_day = INT64_MIN,
                          .issued_until_day = INT64_MAX,
                      });
}

/* More rules than a verifier of that state could hold would leave its checkpoints without a
 * verdict.
 */
static void too_many_rules_are_limit(void **state)
{
    struct scene *s = *state;
    const size_t cap = (size_t)(ROW_MAX_RULES + 1) * 64;
    struct writer w = writer_of(fixture_room(s->f, cap), cap);
    for (int i = 0; i < ROW_MAX_RULES; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "%05d", i);
        write_rule_about_id(&w, id);
    }
    accepted_row(s, &w);
    write_rule_about_id(&w, "99999");
    struct fixture_list list = scene_list(s, "MY", 2);
    list.rows = writer_span(&w);
    fixture_list_sign(s->f, &list);
    scene_refused(s, scene_bundle(s, 2, &list), "LIMIT", "list MY");
    assert_int_equal(check_alone(list.rows), TRUST_UPDATE_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(changed_rows_are_digest_mismatch),
        SCENE_TEST(changed_catalogue_is_digest_mismatch),
        SCENE_TEST(order_and_place_of_rows),
        SCENE_TEST(oversized_row_is_limit),
        SCENE_TEST(too_many_rules_are_limit),
        SCENE_TEST(kid_is_computed_not_believed),
        SCENE_TEST(keys_that_are_none_are_refused),
        SCENE_TEST(key_period_is_at_most_400_days),
        SCENE_TEST(ranges_of_one_issuer_are_disjoint),
        SCENE_TEST(issuers_of_other_states_are_scope),
        SCENE_TEST(keys_and_status_of_other_states_are_scope),
        SCENE_TEST(a_state_recognises_and_derecognises_others_only),
        SCENE_TEST(one_key_may_stand_under_two_issuers),
        SCENE_TEST(new_list_replaces_all_rows),
        SCENE_TEST(list_without_catalogue_keeps_the_one_it_was_signed_with),
        SCENE_TEST(packed_rows_are_the_same_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
