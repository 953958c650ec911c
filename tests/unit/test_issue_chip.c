/* SPDX-License-Identifier: Apache-2.0
 *
 * Certificates that are made together with a card: in which order, and what is left when the card,
 * a page, a file, the registry or the program itself fails at any point.
 */
#include "issue_scene.h"

#include <sys/wait.h>

#include "wire/card_app.h"

enum { CHILD_DIED = 9 };

static struct scene scene;
static struct scene_item items[2];

/* A card in a test's hand. */
static struct fake {
    struct issue_chip chip;
    unsigned calls, fails; /* it fails so many times more */
    bool dies;             /* the program does, in the middle */
    bool files_first;      /* files were there before the card was made */
    bool voids;            /* somebody voids the certificate meanwhile */
    size_t photo_len;
    uint8_t digest[32], cnf[32];
} fake;

static bool fake_write(void *ctx, const struct signed_credential *made,
                       const struct holder_photo *photo, char why[400])
{
    struct fake *f = ctx;
    struct credential claims;
    assert_true(signed_credential_claims(made, &claims));
    struct span cnf = credential_text(&claims, SAKSI_CLAIM_CNF);
    assert_int_equal(cnf.len, 32);
    memcpy(f->cnf, cnf.ptr, 32);
    memcpy(f->digest, made->credential_digest, 32);
    f->calls++;
    f->photo_len = photo == NULL ? 0 : photo->len;
    f->files_first = f->files_first || scene_has(scene.out, "N1.cose");
    if (f->dies) {
        _exit(CHILD_DIED);
    }
    if (f->voids) {
        assert_int_equal(registry_begin(scene.registry), REGISTRY_OK);
        assert_int_equal(registry_void(scene.registry, 100, REGISTRY_WHY_OPERATOR, SCENE_NOW_S),
                         REGISTRY_OK);
        assert_int_equal(registry_commit(scene.registry), REGISTRY_OK);
    }
    if (f->fails != 0) {
        f->fails--;
        (void)snprintf(why, 400, "the card was removed");
        return false;
    }
    return true;
}

static int open_scene(void **state)
{
    (void)state;
    scene_open(&scene, 104);
    memset(&fake, 0, sizeof fake);
    memset(fake.chip.thumbprint, 0xC5, 32);
    fake.chip.write = fake_write;
    fake.chip.ctx = &fake;
    return 0;
}

static int close_scene(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        record_file_close(&items[i].file);
    }
    memset(items, 0, sizeof items);
    scene_close(&scene);
    return 0;
}

static struct issue_session with_chip(void)
{
    struct issue_session session = scene_session(&scene);
    session.chip = &fake.chip;
    return session;
}

static enum issue_error issue_n1(const struct issue_session *session)
{
    enum registry_error registry_error = REGISTRY_OK;
    record_file_close(&items[0].file);
    scene_item(&items[0], "N1", "");
    return issue_batch(session, &items[0].item, 1, &registry_error);
}

static void keep_item(void *ctx, const struct issue_item *item)
{
    struct issue_item *kept = ctx;
    *kept = *item;
}

/* What was told last; index 0 when nothing was. */
static struct issue_item told;

static enum issue_error resume(const struct issue_session *session)
{
    enum registry_error registry_error = REGISTRY_OK;
    memset(&told, 0, sizeof told);
    return issue_resume(session, keep_item, &told, &registry_error);
}

/* State and pages of index 100, and its number of certificates that count. */
static void expect_state(enum registry_state state, enum registry_why why)
{
    struct registry_entry entry;
    bool found = false;
    registry_begin_changed(scene.registry, 1, UINT32_MAX);
    while (registry_next_changed(scene.registry, &entry) == REGISTRY_OK) {
        if (entry.index == 100) {
            assert_int_equal(entry.state, state);
            assert_int_equal(entry.why, why);
            found = true;
        }
    }
    assert_true(found);
}

static unsigned pages_left(void)
{
    static struct registry_unfinished unfinished;
    assert_int_equal(registry_next_unfinished(scene.registry, -1, &unfinished), REGISTRY_OK);
    return unfinished.job.pages;
}

static void expect_delivered(void)
{
    expect_state(REGISTRY_DELIVERED, REGISTRY_WHY_NONE);
    assert_true(scene_has(scene.out, "N1.cose") && scene_has(scene.out, "N1.txt"));
}

/* --- the order --- */

static void the_card_comes_first_and_carries_the_very_bytes(void **state)
{
    (void)state;
    struct issue_session session = with_chip();
    struct signed_credential made;
    struct credential claims;
    assert_int_equal(issue_n1(&session), ISSUE_OK);
    assert_int_equal(items[0].item.outcome, ISSUE_DELIVERED);
    assert_true(fake.calls == 1 && !fake.files_first && fake.photo_len == 0);
    expect_delivered();
    struct span cose = scene_read(scene.out, "N1.cose");
    assert_int_equal(signer_reopen(scene.signer, cose, &made), SIGNER_OK);
    assert_memory_equal(made.credential_digest, fake.digest, 32);
    assert_true(signed_credential_claims(&made, &claims));
    check_bytes(credential_text(&claims, SAKSI_CLAIM_CNF), span_of(fake.chip.thumbprint, 32));
    scene_release(cose);
}

static void without_a_card_there_is_no_key_in_it(void **state)
{
    (void)state;
    struct issue_session session = scene_session(&scene);
    assert_int_equal(issue_n1(&session), ISSUE_OK);
    assert_false(credential_has(&items[0].item.credential, SAKSI_CLAIM_CNF));
}

static void one_card_takes_one_certificate(void **state)
{
    (void)state;
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = with_chip();
    struct issue_item batch[2];
    scene_item(&items[0], "N1", "");
    scene_item(&items[1], "N2", "");
    batch[0] = items[0].item;
    batch[1] = items[1].item;
    assert_int_equal(issue_batch(&session, batch, 2, &registry_error), ISSUE_REFUSED);
    struct registry_block block;
    assert_int_equal(registry_next_block(scene.registry, -1, &block), REGISTRY_OK);
    assert_int_equal(block.next, 100);
    assert_int_equal(fake.calls, 0);
}

static void a_photo_that_no_card_holds_is_refused_before_anything(void **state)
{
    (void)state;
    struct issue_session session = with_chip();
    static uint8_t bytes[CARD_APP_MAX_PHOTO + 1];
    struct holder_photo photo = {.bytes = bytes, .len = sizeof bytes};
    struct registry_block block;
    session.photo = &photo;
    assert_int_equal(issue_n1(&session), ISSUE_REFUSED);
    assert_string_equal(items[0].item.why,
                        "its photo has 16385 bytes, and a card holds 16384: save it with fewer "
                        "pixels (240 x 320 are enough) or a lower JPEG quality");
    assert_int_equal(registry_next_block(scene.registry, -1, &block), REGISTRY_OK);
    assert_int_equal(block.next, 100);
    assert_int_equal(fake.calls, 0);
    photo.len--;
    assert_int_equal(issue_n1(&session), ISSUE_OK);
    assert_int_equal(fake.photo_len, CARD_APP_MAX_PHOTO);
    assert_true(credential_has(&items[0].item.credential, SAKSI_CLAIM_PHOTO_DIGEST));
}

/* --- the card goes --- */

static void only_its_own_card_ends_what_waits(void **state)
{
    (void)state;
    struct issue_session session = with_chip(), plain = scene_session(&scene);
    fake.fails = 2;
    assert_int_equal(issue_n1(&session), ISSUE_NO_CHIP);
    assert_int_equal(items[0].item.outcome, ISSUE_WAITS_CHIP);
    assert_string_equal(items[0].item.why, "the card was removed");
    for (int i = 0; i < 3; i++) { /* without the card: told, and left */
        assert_int_equal(resume(&plain), ISSUE_NO_CHIP);
        assert_int_equal(told.outcome, ISSUE_WAITS_CHIP);
        assert_int_equal(told.index, 100);
        assert_string_equal(told.why, "waits for its card");
        expect_state(REGISTRY_SIGNED, REGISTRY_WHY_NONE);
        assert_int_equal(pages_left(), ISSUE_CHIP);
        assert_false(scene_has(scene.out, "N1.cose"));
    }
    fake.chip.thumbprint[31] ^= 1; /* another card */
    assert_int_equal(resume(&session), ISSUE_OK);
    assert_int_equal(told.index, 0);
    assert_int_equal(fake.calls, 1);
    fake.chip.thumbprint[31] ^= 1; /* this card, which goes again */
    assert_int_equal(resume(&session), ISSUE_NO_CHIP);
    assert_int_equal(fake.calls, 2);
    assert_int_equal(resume(&session), ISSUE_OK);
    assert_int_equal(told.outcome, ISSUE_DELIVERED);
    assert_int_equal(fake.calls, 3);
    expect_delivered();
    assert_int_equal(resume(&session), ISSUE_OK);
    assert_int_equal(resume(&plain), ISSUE_OK);
    assert_int_equal(fake.calls, 3);
}

static void a_lost_card_is_voided_by_a_person_and_its_number_is_free(void **state)
{
    (void)state;
    struct issue_session session = with_chip();
    enum registry_error registry_error = REGISTRY_OK;
    fake.fails = 1;
    assert_int_equal(issue_n1(&session), ISSUE_NO_CHIP);
    assert_int_equal(issue_n1(&session), ISSUE_REFUSED); /* it stands half-way */
    assert_int_equal(fake.calls, 1);
    assert_int_equal(registry_begin(scene.registry), REGISTRY_OK);
    assert_int_equal(registry_void(scene.registry, 100, REGISTRY_WHY_OPERATOR, SCENE_NOW_S),
                     REGISTRY_OK);
    assert_int_equal(registry_commit(scene.registry), REGISTRY_OK);
    assert_int_equal(resume(&session), ISSUE_OK); /* the lost card, found again */
    assert_int_equal(fake.calls, 1);
    fake.chip.thumbprint[0] ^= 1;
    assert_int_equal(issue_batch(&session, &items[0].item, 1, &registry_error), ISSUE_OK);
    assert_int_equal(items[0].item.index, 101);
    expect_state(REGISTRY_VOID, REGISTRY_WHY_OPERATOR);
}

static void a_duplicate_replaces_nothing_before_its_card_is_finished(void **state)
{
    (void)state;
    struct issue_session session = with_chip(), plain = scene_session(&scene);
    assert_int_equal(issue_n1(&plain), ISSUE_OK);
    session.kind = REGISTRY_DUPLICATE;
    fake.fails = 1;
    assert_int_equal(issue_n1(&session), ISSUE_NO_CHIP);
    expect_state(REGISTRY_DELIVERED, REGISTRY_WHY_NONE);
    assert_int_equal(resume(&session), ISSUE_OK);
    expect_state(REGISTRY_VOID, REGISTRY_WHY_REPLACED);
    assert_true(scene_has(scene.out, "N1+101.cose"));
}

/* --- something else fails --- */

static void a_finished_card_needs_no_card_for_its_files(void **state)
{
    (void)state;
    struct issue_session session = with_chip(), plain = scene_session(&scene);
    assert_int_equal(rmdir(scene.out), 0);
    assert_int_equal(issue_n1(&session), ISSUE_FILE);
    assert_int_equal(items[0].item.outcome, ISSUE_WAITS);
    assert_int_equal(fake.calls, 1);
    assert_int_equal(pages_left(), 0);
    assert_int_equal(resume(&plain), ISSUE_FILE);
    assert_int_equal(mkdir(scene.out, 0755), 0);
    assert_int_equal(resume(&plain), ISSUE_OK);
    assert_int_equal(fake.calls, 1);
    expect_delivered();
}

/* The helper programs are not there: nothing was put on the card. */
static void pages_are_made_before_the_card(void **state)
{
    (void)state;
    struct issue_session session = with_chip();
    session.pages = ISSUE_A4;
    session.libexec_dir = scene.folder;
    assert_int_equal(issue_n1(&session), ISSUE_PROGRAM);
    assert_int_equal(fake.calls, 0);
    assert_int_equal(pages_left(), ISSUE_A4 | ISSUE_CHIP);
    expect_state(REGISTRY_SIGNED, REGISTRY_WHY_NONE);
}

static void another_key_voids_nothing_that_has_a_card(void **state)
{
    (void)state;
    struct signer *stranger = scene_signer(2);
    struct issue_session session = with_chip(), plain = scene_session(&scene);
    fake.fails = 1;
    assert_int_equal(issue_n1(&session), ISSUE_NO_CHIP);
    session.signer = stranger;
    assert_int_equal(resume(&session), ISSUE_PROGRAM);
    assert_int_equal(told.outcome, ISSUE_WAITS);
    assert_string_equal(told.why, "was signed with another key, or is damaged");
    expect_state(REGISTRY_SIGNED, REGISTRY_WHY_NONE);
    /* Nor when only the files are left. */
    session.signer = scene.signer;
    assert_int_equal(rmdir(scene.out), 0);
    assert_int_equal(resume(&session), ISSUE_FILE);
    assert_int_equal(mkdir(scene.out, 0755), 0);
    plain.signer = stranger;
    assert_int_equal(resume(&plain), ISSUE_PROGRAM);
    expect_state(REGISTRY_SIGNED, REGISTRY_WHY_NONE);
    signer_free(stranger);
}

static void another_photo_voids_nothing_that_has_a_card(void **state)
{
    (void)state;
    struct issue_session session = with_chip();
    uint8_t bytes[] = "a photo";
    struct holder_photo photo = {.bytes = bytes, .len = sizeof bytes, .digest = {7}};
    session.photo = &photo;
    session.photo_path = scene.key; /* any file with other bytes */
    fake.fails = 1;
    assert_int_equal(issue_n1(&session), ISSUE_NO_CHIP);
    session.photo = NULL;
    assert_int_equal(resume(&session), ISSUE_PROGRAM);
    assert_int_equal(told.outcome, ISSUE_WAITS);
    assert_non_null(strstr(told.why, "is another photo than the one that was signed"));
    assert_int_equal(fake.calls, 1);
    expect_state(REGISTRY_SIGNED, REGISTRY_WHY_NONE);
}

static void what_the_registry_cannot_note_is_not_called_finished(void **state)
{
    (void)state;
    struct issue_session session = with_chip();
    fake.voids = true;
    assert_int_equal(issue_n1(&session), ISSUE_NO_CHIP);
    assert_int_equal(items[0].item.outcome, ISSUE_WAITS_CHIP);
    assert_string_equal(items[0].item.why,
                        "the card is finished, and the registry could not note it");
    assert_false(scene_has(scene.out, "N1.cose"));
    expect_state(REGISTRY_VOID, REGISTRY_WHY_OPERATOR);
}

/* --- the program goes --- */

static void die(void *ctx, size_t done)
{
    (void)ctx;
    (void)done;
    _exit(CHILD_DIED);
}

static void open_registry(void)
{
    enum db_error db_error = DB_OK;
    assert_int_equal(registry_open(scene.station.registry_path, &scene.station.identity, true,
                                   &scene.registry, &db_error),
                     REGISTRY_OK);
}

/* Issues in a process that ends in the middle of the card, or before the delivery is noted. */
static void issue_and_die(bool in_card)
{
    registry_close(scene.registry);
    pid_t child = fork();
    if (child == 0) {
        open_registry();
        struct issue_session session = with_chip();
        fake.dies = in_card;
        session.progress = die;
        (void)issue_n1(&session);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == CHILD_DIED);
    open_registry();
}

static void killed_while_the_card_is_made_it_waits_for_it(void **state)
{
    (void)state;
    issue_and_die(true);
    struct issue_session session = with_chip(), plain = scene_session(&scene);
    assert_int_equal(resume(&plain), ISSUE_NO_CHIP);
    expect_state(REGISTRY_SIGNED, REGISTRY_WHY_NONE);
    assert_int_equal(resume(&session), ISSUE_OK);
    assert_int_equal(fake.calls, 1);
    expect_delivered();
}

static void killed_after_the_card_it_is_delivered_without(void **state)
{
    (void)state;
    issue_and_die(false);
    struct issue_session plain = scene_session(&scene);
    expect_state(REGISTRY_SIGNED, REGISTRY_WHY_NONE);
    assert_int_equal(pages_left(), 0);
    assert_int_equal(resume(&plain), ISSUE_OK);
    assert_int_equal(fake.calls, 0);
    expect_delivered();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_card_comes_first_and_carries_the_very_bytes),
        TEST(without_a_card_there_is_no_key_in_it),
        TEST(one_card_takes_one_certificate),
        TEST(a_photo_that_no_card_holds_is_refused_before_anything),
        TEST(only_its_own_card_ends_what_waits),
        TEST(a_lost_card_is_voided_by_a_person_and_its_number_is_free),
        TEST(a_duplicate_replaces_nothing_before_its_card_is_finished),
        TEST(a_finished_card_needs_no_card_for_its_files),
        TEST(pages_are_made_before_the_card),
        TEST(another_key_voids_nothing_that_has_a_card),
        TEST(another_photo_voids_nothing_that_has_a_card),
        TEST(what_the_registry_cannot_note_is_not_called_finished),
        TEST(killed_while_the_card_is_made_it_waits_for_it),
        TEST(killed_after_the_card_it_is_delivered_without),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
