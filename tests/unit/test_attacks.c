/* SPDX-License-Identifier: Apache-2.0
 *
 * Attacks on updates of the trust list, each beside its genuine counterpart: refused by its exact
 * name about its exact subject, and nothing changed, which trust_scene.h looks at.
 *
 * This is a part of a numbered list; where each of its attacks is tried:
 *
 *  1 older header or list            rollback_of_the_header, rollback_of_a_list
 *  2 same version, other content     equivocation_of_the_header, equivocation_of_a_list;
 *                                    unsigned_content_does_not_equivocate (test_trust_refusal.c)
 *  3 old disk before a TPM           cli_trust_tpm.sh; without one:
 * an_older_copy_is_as_old_as_it_looks (test_attacks_store.c) 4 parts of different weeks
 * parts_of_different_weeks 5 delta to another list           test_attacks_delta.c:
 * delta_to_another_version and its neighbours 6 delta with a changed row test_attacks_delta.c:
 * delta_with_a_row_* 7 threshold less one              threshold_less_one_in_every_role;
 *                                    next_root_needs_both_thresholds (test_trust_chain.c)
 *  8 one key twice, or under two ids one_key_counts_once, one_key_under_two_ids
 *  9 unknown signatures beside enough unknown_extra_signatures_are_passed_over
 *                                    (test_trust_signatures.c)
 * 10 skipped root                    skipped_root_is_root_gap (test_trust_chain.c)
 * 11 next root by one side only      next_root_needs_both_thresholds (test_trust_chain.c)
 * 12 five roots missed               sleeper_catches_up_over_expired_roots (test_trust_chain.c)
 * 13 fast-forward by a stolen key    fast_forward_is_undone_by_a_new_root (test_trust_chain.c)
 * 14 freeze                          test_attacks_verdict.c: freeze_by_one_header_for_91_days
 * 15 clock set back                  test_attacks_verdict.c: clock_set_back
 * 16 clock set ahead, then right     test_attacks_verdict.c: clock_set_ahead_and_put_right
 * 17 removed authority still cached  test_attacks_verdict.c: removed_authority_in_the_cache
 * 18 rows about another state        test_trust_row_import.c: *_are_scope; vector
 * key-of-another-state; delta_with_a_row_about_another_state (test_attacks_delta.c) 19 issuer
 * beyond its scope         vectors issuer-out-of-*, issuer-below-least-level (vectors.c) 20 not
 * recognised by the host      test_attacks_verdict.c: recognition_by_the_other_side_alone,
 *                                    recognition_that_has_lapsed
 * 21 younger than the list, beyond   vectors issued-after-list*, index-out-of-range,
 *    the allotment                   index-beyond-all-allotments
 * 22 revoked, suspended              vectors revoked*, suspended*, centre-*, blank-*,
 * issuer-suspended; test_delta.c for changes of them 23 edges of indices                vectors
 * revoked-index-0, revoked-block-*, revoked-last-index, *largest-index*; test_status_path.c 24
 * damaged block                   test_attacks_verdict.c: damaged_block_is_never_good;
 * test_index_set.c 25 power cuts                      test_trust_crash.c, test_trust_kill.c 26
 * disk, memory and locks fail     test_trust_failing.c, test_trust_trouble.c 27 bombs
 * test_trust_limits.c; test_trust_refusal.c: zip_bomb_is_limit, counts_that_lie_are_format,
 * too_*_are_limit 28 not deterministic CBOR          header_in_another_form, row_in_another_form;
 * test_cbor.c, test_cbor_oracle.c, test_trust_doc.c 29 QR streams test_fountain.c, test_frames.c 30
 * image against the decoder       test_decode_sandbox.c, test_decoder.c 34 signatures that are
 * almost      malleable_signature, small_order_key_signs_nothing, algorithm_of_another_key;
 * test_crypto.c: es256_*, eddsa_*, p256_keys_that_are_none, ed25519_keys_that_are_none 35 kids that
 * collide               keys_that_share_a_kid_are_all_tried (test_trust_signatures.c);
 *                                    test_attacks_verdict.c: one_key_under_two_issuers
 * 36 key newer than the list         vectors key-newer-*, key-unknown*
 */
#include "trust_scene.h"

static const unsigned publisher[] = {FIXTURE_PUBLISHER_KEY};
static const struct span none = {NULL, 0};

/* ---- versions ---- */

static void rollback_of_the_header(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 4);
    fixture_import(s->store, scene_bundle(s, 7, &list));
    for (int64_t version = 1; version < 7; version++) {
        scene_refused(s, scene_bundle(s, version, &list), "ROLLBACK", "header");
    }
    fixture_import(s->store, scene_bundle(s, 7, &list));
    fixture_import(s->store, scene_bundle(s, 8, &list));
}

static void rollback_of_a_list(void **state)
{
    struct scene *s = *state;
    struct fixture_list now = scene_list(s, "MY", 4), old = scene_list(s, "MY", 3);
    fixture_import(s->store, scene_bundle(s, 1, &now));
    scene_refused(s, scene_bundle(s, 2, &old), "ROLLBACK", "list MY");
    struct fixture_list both[] = {scene_list(s, "ID", 1), old};
    struct span header = fixture_header(s->f, 2, both, 2);
    scene_refused(s, fixture_bundle(s->f, NULL, 0, header, both, 2), "ROLLBACK", "list MY");
    struct fixture_list next = scene_list(s, "MY", 5);
    fixture_import(s->store, scene_bundle(s, 2, &next));
}

static void equivocation_of_the_header(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 1);
    fixture_import(s->store, scene_bundle(s, 3, &list));
    struct trust_header *other = fixture_header_plain(s->f, 3, &list, 1);
    other->issued_at_s++;
    struct span header = fixture_header_signed(s->f, other, publisher, 1);
    scene_refused(s, fixture_bundle(s->f, NULL, 0, header, NULL, 0), "EQUIVOCATION", "header");
    other->version = 4;
    header = fixture_header_signed(s->f, other, publisher, 1);
    fixture_import(s->store, fixture_bundle(s->f, NULL, 0, header, NULL, 0));
}

static void equivocation_of_a_list(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 2);
    fixture_import(s->store, scene_bundle(s, 1, &list));
    struct fixture_rows *rows = scene_rows(s, "MY");
    fixture_add_key(rows, "MY.BODY", 101);
    struct fixture_list other = fixture_list(s->f, "MY", 2, rows);
    scene_refused(s, scene_bundle(s, 2, &other), "EQUIVOCATION", "list MY");
    other = fixture_list(s->f, "MY", 3, rows);
    fixture_import(s->store, scene_bundle(s, 2, &other));
}

/* ---- weeks that do not belong together ---- */

static struct fixture_list week(struct scene *s, int64_t version, const char *title)
{
    struct fixture_rows *rows = scene_rows(s, "MY");
    uint32_t index = (uint32_t)version;
    fixture_add_status(rows, "MY.BODY", 100);
    fixture_add_set(rows, "MY.BODY", ROW_SET_REVOKED, &index, 1);
    fixture_add_title(rows, ROW_UNIT_TITLE, "U1", title);
    return fixture_list(s->f, "MY", version, rows);
}

static void with_parts(struct scene *s, struct fixture_list *list, struct span rows,
                       struct span catalogue)
{
    struct trust_part security = {TRUST_PART_RAW, rows.len, rows};
    struct trust_part titles = {TRUST_PART_RAW, catalogue.len, catalogue};
    list->file = fixture_list_file(s->f, list, &security, &titles);
}

static void parts_of_different_weeks(void **state)
{
    struct scene *s = *state;
    struct fixture_list five = week(s, 5, "A unit"), six = week(s, 6, "Its other name");
    struct span header = fixture_header(s->f, 6, &six, 1);
    struct fixture_list mixed = six;
    scene_refused(s, fixture_bundle(s->f, NULL, 0, header, &five, 1), "MIX_MATCH", "list MY");
    with_parts(s, &mixed, five.rows, six.catalogue);
    scene_refused(s, fixture_bundle(s->f, NULL, 0, header, &mixed, 1), "DIGEST_MISMATCH",
                  "list MY");
    with_parts(s, &mixed, six.rows, five.catalogue);
    scene_refused(s, fixture_bundle(s->f, NULL, 0, header, &mixed, 1), "DIGEST_MISMATCH",
                  "list MY");
    with_parts(s, &mixed, six.rows, six.catalogue);
    fixture_import(s->store, fixture_bundle(s->f, NULL, 0, header, &mixed, 1));
}

/* ---- thresholds ---- */

/* Root 2: both publisher keys must sign. */
static void need_two_publishers(struct scene *s)
{
    struct trust_root *root = fixture_root_plain(s->f);
    root->version = 2;
    fixture_role(s->f, &root->publisher, 2, FIXTURE_PUBLISHER_KEY, 2);
    static const unsigned one[] = {FIXTURE_ROOT_KEY}, two[] = {1, 3};
    struct span document = fixture_root_signed(s->f, root, one, 1);
    scene_refused(s, fixture_bundle(s->f, &document, 1, none, NULL, 0), "THRESHOLD", "root 2");
    document = fixture_root_signed(s->f, root, two, 2);
    fixture_import(s->store, fixture_bundle(s->f, &document, 1, none, NULL, 0));
}

static void threshold_less_one_in_every_role(void **state)
{
    static const unsigned both[] = {FIXTURE_PUBLISHER_KEY, FIXTURE_PUBLISHER_KEY + 1};
    struct scene *s = *state;
    need_two_publishers(s);
    struct fixture_list list = scene_list(s, "ID", 1), few = list;
    struct trust_header *header = fixture_header_plain(s->f, 1, &list, 1);
    for (size_t i = 0; i < 2; i++) {
        struct span one = fixture_header_signed(s->f, header, &both[i], 1);
        scene_refused(s, fixture_bundle(s->f, NULL, 0, one, NULL, 0), "THRESHOLD", "header");
    }
    few.key_count = 1;
    fixture_list_sign(s->f, &few);
    struct span full = fixture_header_signed(s->f, header, both, 2);
    scene_refused(s, fixture_bundle(s->f, NULL, 0, full, &few, 1), "THRESHOLD", "list ID");
    fixture_import(s->store, fixture_bundle(s->f, NULL, 0, full, &list, 1));
}

static void one_key_counts_once(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "ID", 1), often = list;
    often.key_count = 8;
    for (size_t i = 0; i < often.key_count; i++) {
        often.key[i] = FIXTURE_ID_KEY + 1;
    }
    fixture_list_sign(s->f, &often);
    scene_refused(s, scene_bundle(s, 1, &often), "THRESHOLD", "list ID");
    often.key[7] = FIXTURE_ID_KEY + 2;
    fixture_list_sign(s->f, &often);
    fixture_import(s->store, scene_bundle(s, 1, &often));
}

static void write_sign(struct writer *w, const struct cose_sign *cose)
{
    cose_write_sign(w, cose);
    assert_true(writer_ok(w));
}

/* The list's document with the second signer's head naming that kid and algorithm; his signature is
 * the first one's when `copied`. */
static struct fixture_list with_second_head(struct scene *s, const struct fixture_list *list,
                                            int alg, struct span kid, bool copied)
{
    struct fixture_list changed = *list;
    struct cose_sign cose;
    assert_int_equal(cose_sign_decode(list->document, COSE_TYP_LIST, &cose), COSE_OK);
    struct writer head = writer_of(fixture_room(s->f, 32), 32);
    cose_write_signer_protected(&head, alg, kid);
    cose.signer[1].protected = writer_span(&head);
    if (copied) {
        cose.signer[1].signature = cose.signer[0].signature;
    }
    struct writer w = writer_of(fixture_room(s->f, 4096), 4096);
    write_sign(&w, &cose);
    changed.document = writer_span(&w);
    struct trust_part part = {TRUST_PART_RAW, list->rows.len, list->rows};
    changed.file = fixture_list_file(s->f, &changed, &part, NULL);
    return changed;
}

static void one_key_under_two_ids(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "ID", 1);
    const struct fixture_key *third = fixture_key(s->f, FIXTURE_ID_KEY + 2);
    int alg = fixture_key(s->f, FIXTURE_ID_KEY)->alg;
    struct fixture_list forged = with_second_head(s, &list, alg, span_str("a kid 42"), true);
    scene_refused(s, scene_bundle(s, 1, &forged), "THRESHOLD", "list ID");
    forged = with_second_head(s, &list, third->alg, third->kid, true);
    scene_refused(s, scene_bundle(s, 1, &forged), "SIGNATURE", "list ID");
    fixture_import(s->store, scene_bundle(s, 1, &list));
}

/* ---- signatures that are almost right ---- */

static void algorithm_of_another_key(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "ID", 1);
    const struct fixture_key *second = fixture_key(s->f, FIXTURE_ID_KEY + 1);
    struct fixture_list forged = with_second_head(s, &list, COSE_ES256, second->kid, false);
    scene_refused(s, scene_bundle(s, 1, &forged), "SIGNATURE", "list ID");
    fixture_import(s->store, scene_bundle(s, 1, &list));
}

/* The group's order, little-endian (RFC 8032 §5.1). */
static const uint8_t ed25519_order[32] = {0xED, 0xD3, 0xF5, 0x5C, 0x1A,       0x63,
                                          0x12, 0x58, 0xD6, 0x9C, 0xF7,       0xA2,
                                          0xDE, 0xF9, 0xDE, 0x14, [31] = 0x10};

/* The same signature to a verifier that does not look: S + L in place of S. */
static void malleable_signature(void **state)
{
    static const unsigned eddsa[] = {FIXTURE_PUBLISHER_KEY + 1};
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 1);
    struct span header =
        fixture_header_signed(s->f, fixture_header_plain(s->f, 1, &list, 1), eddsa, 1);
    struct span forged = fixture_copy(s->f, header);
    uint8_t *number = (uint8_t *)(uintptr_t)forged.ptr + forged.len - 32;
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += (unsigned)number[i] + ed25519_order[i];
        number[i] = (uint8_t)carry;
        carry >>= 8;
    }
    scene_refused(s, fixture_bundle(s->f, NULL, 0, forged, NULL, 0), "SIGNATURE", "header");
    fixture_import(s->store, fixture_bundle(s->f, NULL, 0, header, &list, 1));
}

/* A header with the signature that everybody can write under the neutral point: R = 0, S = 0. */
static struct span header_signed_by_nobody(struct scene *s, struct span point)
{
    static const uint8_t der[12] = {0x30, 0x2A, 0x30, 0x05, 0x06, 0x03,
                                    0x2B, 0x65, 0x70, 0x03, 0x21, 0x00};
    static const uint8_t signature[64] = {1};
    uint8_t kid[CRYPTO_SHA256_SIZE];
    const struct span spki[] = {span_of(der, sizeof der), point};
    assert_int_equal(crypto_sha256(spki, 2, kid), CRYPTO_OK);
    struct fixture_list list = scene_list(s, "MY", 1);
    struct cose_sign cose;
    assert_int_equal(cose_sign_decode(fixture_header(s->f, 1, &list, 1), COSE_TYP_HEADER, &cose),
                     COSE_OK);
    struct writer head = writer_of(fixture_room(s->f, 32), 32);
    cose_write_signer_protected(&head, COSE_EDDSA, span_of(kid, CRYPTO_KID_SIZE));
    cose.signer[0].protected = writer_span(&head);
    cose.signer[0].signature = span_of(signature, sizeof signature);
    struct writer w = writer_of(fixture_room(s->f, 4096), 4096);
    write_sign(&w, &cose);
    return writer_span(&w);
}

/* A root may name a point of small order by mistake or malice, in any of its encodings. For such a
 * key everybody can write a signature that some verifiers take; here it counts for nothing. */
static void small_order_key_signs_nothing(void **state)
{
    static const char *const points[] = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", /* y = p + 1 */
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    };
    struct scene *s = *state;
    for (size_t i = 0; i < COUNT_OF(points); i++) {
        uint8_t bytes[32];
        struct span point = check_hex(points[i], bytes, sizeof bytes);
        struct trust_root *root = fixture_root_plain(s->f);
        root->version = 2 + (int64_t)i;
        root->publisher.key_count = 1;
        root->publisher.key[0] =
            (struct trust_key){COSE_EDDSA, point, span_str("a point of small order")};
        struct span document = fixture_root_signed(s->f, root, NULL, 0);
        fixture_import(s->store, fixture_bundle(s->f, &document, 1, none, NULL, 0));
        struct span header = header_signed_by_nobody(s, point);
        scene_refused(s, fixture_bundle(s->f, NULL, 0, header, NULL, 0), "THRESHOLD", "header");
    }
}

/* ---- one content, other bytes ---- */

static void refused_payload(struct scene *s, struct span payload)
{
    struct span header = fixture_sign(s->f, COSE_TYP_HEADER, payload, publisher, 1);
    scene_refused(s, fixture_bundle(s->f, NULL, 0, header, NULL, 0), "FORMAT", "header");
}

/* The payload with `count` bytes at `at` replaced by others. */
static struct span spliced(struct scene *s, struct span payload, size_t at, size_t count,
                           struct span others)
{
    struct writer w =
        writer_of(fixture_room(s->f, payload.len + others.len), payload.len + others.len);
    writer_put(&w, span_of(payload.ptr, at));
    writer_put(&w, others);
    writer_put(&w, span_of(payload.ptr + at + count, payload.len - at - count));
    return writer_span(&w);
}

static void header_in_another_form(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 1);
    struct span header = fixture_header(s->f, 1, &list, 1);
    struct cose_sign cose;
    assert_int_equal(cose_sign_decode(header, COSE_TYP_HEADER, &cose), COSE_OK);
    struct span p = cose.payload; /* A6 00 01 01 1A … */
    assert_memory_equal(p.ptr, "\xA6\x00\x01\x01\x1A", 5);
    const struct {
        size_t at, count;
        struct span others;
    } form[] = {
        {0, 1, span_of("\xB8\x06", 2)},             /* a longer head of the map */
        {0, 1, span_of("\xBF", 1)},                 /* a map without its length */
        {2, 1, span_of("\x18\x01", 2)},             /* a longer 1 */
        {2, 1, span_of("\xF9\x3C\x00", 3)},         /* 1.0 */
        {2, 1, span_of("\xC0\x01", 2)},             /* a tag */
        {0, 3, span_of("\xA7\x00\x01\x00\x01", 5)}, /* one key twice */
        {0, 3, span_of("\xA7\x00\x01\x06\x01", 5)}, /* a key too many, out of order */
        {p.len, 0, span_of("\x00", 1)},             /* bytes behind */
        {0, 0, span_of("\xD9\xD9\xF7", 3)},         /* the tag that means nothing */
    };
    for (size_t i = 0; i < COUNT_OF(form); i++) {
        refused_payload(s, spliced(s, p, form[i].at, form[i].count, form[i].others));
    }
    fixture_import(s->store, fixture_bundle(s->f, NULL, 0, header, &list, 1));
}

static void row_in_another_form(void **state)
{
    struct scene *s = *state;
    struct fixture_rows *rows = fixture_rows_new(s->f);
    fixture_add_status(rows, "MY.BODY", 9);
    struct fixture_list list = fixture_list(s->f, "MY", 1, rows), changed = list;
    assert_memory_equal(list.rows.ptr, "\x85\x03\x67MY.BODY\x09\x80\x80", 13);
    const struct {
        size_t at, count;
        struct span others;
    } form[] = {
        {0, 1, span_of("\x98\x05", 2)}, {0, 1, span_of("\x9F", 1)},
        {1, 1, span_of("\x18\x03", 2)}, {2, 1, span_of("\x78\x07", 2)},
        {2, 1, span_of("\x47", 1)},     {10, 1, span_of("\x18\x09", 2)},
        {11, 1, span_of("\xF6", 1)},    {13, 0, span_of("\x00", 1)},
        {12, 1, span_of("", 0)},
    };
    for (size_t i = 0; i < COUNT_OF(form); i++) {
        changed.rows = spliced(s, list.rows, form[i].at, form[i].count, form[i].others);
        fixture_list_sign(s->f, &changed);
        scene_refused(s, scene_bundle(s, 1, &changed), "FORMAT", "list MY");
    }
    fixture_import(s->store, scene_bundle(s, 1, &list));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(rollback_of_the_header),        SCENE_TEST(rollback_of_a_list),
        SCENE_TEST(equivocation_of_the_header),    SCENE_TEST(equivocation_of_a_list),
        SCENE_TEST(parts_of_different_weeks),      SCENE_TEST(threshold_less_one_in_every_role),
        SCENE_TEST(one_key_counts_once),           SCENE_TEST(one_key_under_two_ids),
        SCENE_TEST(algorithm_of_another_key),      SCENE_TEST(malleable_signature),
        SCENE_TEST(small_order_key_signs_nothing), SCENE_TEST(header_in_another_form),
        SCENE_TEST(row_in_another_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
