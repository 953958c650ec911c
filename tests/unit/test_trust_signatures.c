/* SPDX-License-Identifier: Apache-2.0
 *
 * Who signed: thresholds, repeated and unknown signatures, kids that collide, roles that are not
 * the document's. */
#include "trust_scene.h"
#include "verifier/trust_signatures.h"

static const unsigned publisher[] = {FIXTURE_PUBLISHER_KEY};

/* ---- signatures ---- */

static void too_few_keys_are_threshold(void **state)
{
    static const unsigned twice[] = {FIXTURE_ID_KEY, FIXTURE_ID_KEY};
    static const unsigned foreign[] = {FIXTURE_ID_KEY, FIXTURE_MY_KEY};
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "ID", 1);
    list.key_count = 1;
    fixture_list_sign(s->f, &list);
    scene_refused(s, scene_bundle(s, 1, &list), "THRESHOLD", "list ID");

    list.key_count = 2;
    memcpy(list.key, twice, sizeof twice);
    fixture_list_sign(s->f, &list);
    scene_refused(s, scene_bundle(s, 1, &list), "THRESHOLD", "list ID");

    memcpy(list.key, foreign, sizeof foreign);
    fixture_list_sign(s->f, &list);
    scene_refused(s, scene_bundle(s, 1, &list), "THRESHOLD", "list ID");
}

/* The publisher cannot make a row: its key is none of the state's. */
static void publisher_cannot_sign_a_list(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 1);
    list.key[0] = FIXTURE_PUBLISHER_KEY;
    fixture_list_sign(s->f, &list);
    scene_refused(s, scene_bundle(s, 1, &list), "THRESHOLD", "list MY");
}

static void unknown_extra_signatures_are_passed_over(void **state)
{
    static const unsigned many[] = {99, FIXTURE_ID_KEY, 97, FIXTURE_ID_KEY + 2, 98};
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "ID", 1);
    memcpy(list.key, many, sizeof many);
    list.key_count = COUNT_OF(many);
    fixture_list_sign(s->f, &list);
    fixture_import(s->store, scene_bundle(s, 1, &list));
}

/* The document again with the last byte of its last signature changed. */
static struct span last_signature_spoiled(struct scene *s, struct span document)
{
    struct span copy = fixture_copy(s->f, document);
    ((uint8_t *)(uintptr_t)copy.ptr)[copy.len - 1] ^= 1;
    return copy;
}

static void wrong_signature_of_a_known_key_is_signature(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "ID", 1);
    list.document = last_signature_spoiled(s, list.document);
    struct trust_part part = {TRUST_PART_RAW, list.rows.len, list.rows};
    list.file = fixture_list_file(s->f, &list, &part, NULL);
    scene_refused(s, scene_bundle(s, 1, &list), "SIGNATURE", "list ID");

    struct span header = last_signature_spoiled(s, fixture_header(s->f, 1, &list, 1));
    scene_refused(s, fixture_bundle(s->f, NULL, 0, header, NULL, 0), "SIGNATURE", "header");
}

static void one_wrong_signature_beside_enough_good_ones_is_passed_over(void **state)
{
    static const unsigned all[] = {FIXTURE_ID_KEY, FIXTURE_ID_KEY + 1, FIXTURE_ID_KEY + 2};
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "ID", 1);
    memcpy(list.key, all, sizeof all);
    list.key_count = 3;
    fixture_list_sign(s->f, &list);
    list.document = last_signature_spoiled(s, list.document);
    struct trust_part part = {TRUST_PART_RAW, list.rows.len, list.rows};
    list.file = fixture_list_file(s->f, &list, &part, NULL);
    fixture_import(s->store, scene_bundle(s, 1, &list));
}

/* A signature for another system (another root_id) is no signature here. */
static void signatures_do_not_serve_another_system(void **state)
{
    struct scene *s = *state;
    struct cose_sign cose;
    uint8_t other[TRUST_DIGEST_SIZE];
    struct fixture_list list = scene_list(s, "ID", 1);
    struct trust_root *root = fixture_root_plain(s->f);
    const struct trust_role *role = &trust_root_authority(root, span_str("ID"))->role;
    assert_int_equal(trust_document_open(list.document, COSE_TYP_LIST, &cose), TRUST_UPDATE_OK);
    memcpy(other, fixture_root_id(s->f), sizeof other);
    assert_int_equal(trust_signatures_check(&cose, role, other), TRUST_UPDATE_OK);
    other[0] ^= 1;
    assert_int_equal(trust_signatures_check(&cose, role, other), TRUST_UPDATE_SIGNATURE);
}

/* Two keys of a role with one kid, as a collision of eight bytes would make them: each is tried,
 * each counts once, and a fifth is not tried any more. */
static void keys_that_share_a_kid_are_all_tried(void **state)
{
    static const unsigned key[] = {71, 72, 73, 74, 75};
    struct scene *s = *state;
    struct trust_role role;
    struct trust_kid kid[5];
    struct cose_sign cose;
    fixture_role(s->f, &role, 1, 71, 5);
    struct span payload = span_str("payload");
    struct span shared = fixture_key(s->f, 71)->kid;
    for (size_t i = 0; i < 5; i++) {
        kid[i].usable = true;
        memcpy(kid[i].bytes, shared.ptr, shared.len);
    }
    size_t accepted = 0, wrong = 0;
    for (size_t i = 0; i < 5; i++) {
        struct span document = fixture_sign(s->f, COSE_TYP_LIST, payload, &key[i], 1);
        assert_int_equal(trust_document_open(document, COSE_TYP_LIST, &cose), TRUST_UPDATE_OK);
        cose.signer[0].kid = shared;
        enum trust_update_error error =
            trust_signatures_count(&cose, &role, kid, fixture_root_id(s->f));
        accepted += error == TRUST_UPDATE_OK;
        wrong += error == TRUST_UPDATE_SIGNATURE;
    }
    assert_int_equal(accepted, TRUST_MAX_KID_TRIES);
    assert_int_equal(wrong, 1);
}

/* ---- roles ---- */

static void document_of_another_role_is_role(void **state)
{
    struct scene *s = *state;
    struct fixture_list list = scene_list(s, "MY", 1);
    struct trust_header *header = fixture_header_plain(s->f, 1, &list, 1);
    uint8_t room[512];
    struct writer w = writer_of(room, sizeof room);
    trust_header_encode(header, &w);
    struct span as_list = fixture_sign(s->f, COSE_TYP_LIST, writer_span(&w), publisher, 1);
    scene_refused(s, fixture_bundle(s->f, NULL, 0, as_list, NULL, 0), "ROLE", "header");
    scene_refused(s, fixture_bundle(s->f, NULL, 0, fixture_root(s->f), NULL, 0), "ROLE", "header");

    struct span as_root = fixture_header(s->f, 1, &list, 1);
    scene_refused(s, fixture_bundle(s->f, &as_root, 1, span_of(NULL, 0), NULL, 0), "ROLE", "root");

    struct trust_part part = {TRUST_PART_RAW, list.rows.len, list.rows};
    list.document = as_root;
    list.file = fixture_list_file(s->f, &list, &part, NULL);
    scene_refused(s, scene_bundle(s, 1, &list), "ROLE", "list");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(too_few_keys_are_threshold),
        SCENE_TEST(publisher_cannot_sign_a_list),
        SCENE_TEST(unknown_extra_signatures_are_passed_over),
        SCENE_TEST(wrong_signature_of_a_known_key_is_signature),
        SCENE_TEST(one_wrong_signature_beside_enough_good_ones_is_passed_over),
        SCENE_TEST(signatures_do_not_serve_another_system),
        SCENE_TEST(keys_that_share_a_kid_are_all_tried),
        SCENE_TEST(document_of_another_role_is_role),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
