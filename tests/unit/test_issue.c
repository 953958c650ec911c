/* SPDX-License-Identifier: Apache-2.0
 *
 * Issuing through the library: what is written, what is refused, what an interruption leaves and
 * what resuming makes of it; and pages that read back, beside pages that do not. */
#include "issue_scene.h"

#include "devices/decoder.h"
#include "issuer/output.h"
#include "issuer/registry_report.h"

static struct scene scene;
static struct scene_item items[4];

static int open_scene(void **state)
{
    (void)state;
    scene_open(&scene, 104);
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

static enum issue_error issue_one(const struct issue_session *session, struct scene_item *item,
                                  enum registry_error *registry_error)
{
    return issue_batch(session, &item->item, 1, registry_error);
}

static uint64_t next_index(void)
{
    struct registry_block block;
    assert_int_equal(registry_next_block(scene.registry, -1, &block), REGISTRY_OK);
    return block.next;
}

static struct registry_entry entry_of(const char *number)
{
    struct registry_entry entry;
    assert_int_equal(registry_next_of_number(scene.registry, span_str(number), -1, &entry),
                     REGISTRY_OK);
    return entry;
}

/* The state and reason of an index, void ones included; 0 when it is not in the registry. */
static int state_of(uint32_t index, enum registry_why *ret_why)
{
    struct registry_entry entry;
    int found = 0;
    registry_begin_changed(scene.registry, 1, UINT32_MAX);
    while (registry_next_changed(scene.registry, &entry) == REGISTRY_OK) {
        if (entry.index == index) {
            found = (int)entry.state;
            *ret_why = entry.why;
        }
    }
    return found;
}

static void what_is_written_is_what_was_meant(void **state)
{
    (void)state;
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = scene_session(&scene);
    scene_item(&items[0], "A 1/24",
               ",\"units\":[\"D1.HRS.CL3.05\",\"D1.HHK.CL3.03\"],\"assessment_centre\":\"TUK-1\"");
    assert_int_equal(issue_one(&session, &items[0], &registry_error), ISSUE_OK);
    assert_int_equal(items[0].item.outcome, ISSUE_DELIVERED);
    assert_int_equal(items[0].item.index, 100);
    struct span cose = scene_read(scene.out, "A_1%2F24.cose");
    struct span text = scene_read(scene.out, "A_1%2F24.txt");
    struct signed_credential made;
    struct credential c;
    assert_int_equal(signer_reopen(scene.signer, cose, &made), SIGNER_OK);
    assert_true(signed_credential_claims(&made, &c));
    check_bytes(credential_text(&c, SAKSI_CLAIM_ISS), span_str("ID.SAMPLE-A.LSP-01"));
    check_bytes(credential_text(&c, SAKSI_CLAIM_HOLDER_NAME), span_str("Siti Aminah"));
    check_bytes(credential_text(&c, SAKSI_CLAIM_CERTIFICATE_NUMBER), span_str("A 1/24"));
    assert_int_equal(credential_number(&c, SAKSI_CLAIM_IAT), SCENE_NOW_S);
    assert_int_equal(credential_number(&c, SAKSI_CLAIM_STATUS_INDEX), 100);
    assert_int_equal(c.unit_count, 2);
    /* The text is the code's, and a newline. */
    uint8_t back[CREDENTIAL_MAX_BYTES];
    struct writer w = writer_of(back, sizeof back);
    assert_true(text.len > 1 && text.ptr[text.len - 1] == '\n');
    assert_int_equal(qr_text_decode(span_of(text.ptr, text.len - 1), &w), QR_TEXT_OK);
    check_bytes(writer_span(&w), cose);
    assert_false(scene_has(scene.out, "A_1%2F24.pdf"));
    struct registry_entry entry = entry_of("a1/24");
    assert_int_equal(entry.state, REGISTRY_DELIVERED);
    assert_string_equal(entry.centre, "TUK-1");
    assert_int_equal(entry.issue_day, 19997);
    scene_release(cose);
    scene_release(text);
}

static void a_changed_credential_is_not_reopened(void **state)
{
    (void)state;
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = scene_session(&scene);
    struct signed_credential made;
    struct signer *stranger = scene_signer(9);
    scene_item(&items[0], "N1", "");
    assert_int_equal(issue_one(&session, &items[0], &registry_error), ISSUE_OK);
    struct span cose = scene_read(scene.out, "N1.cose");
    assert_int_equal(signer_reopen(stranger, cose, &made), SIGNER_MISMATCH);
    for (size_t bit = 0; bit < cose.len * 8; bit += 7) {
        uint8_t *flipped = check_heap_copy(cose);
        flipped[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_not_equal(signer_reopen(scene.signer, span_of(flipped, cose.len), &made),
                             SIGNER_OK);
        free(flipped);
    }
    signer_free(stranger);
    scene_release(cose);
}

static void a_batch_is_reserved_whole_or_not_at_all(void **state)
{
    (void)state;
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = scene_session(&scene);
    struct issue_item batch[3];
    scene_item(&items[0], "N1", "");
    scene_item(&items[1], "N2", "");
    scene_item(&items[2], "n-1", ""); /* the first one's number */
    for (size_t i = 0; i < 3; i++) {
        batch[i] = items[i].item;
    }
    assert_int_equal(issue_batch(&session, batch, 3, &registry_error), ISSUE_REFUSED);
    assert_int_equal(registry_error, REGISTRY_UNFINISHED);
    assert_int_equal(batch[2].outcome, ISSUE_FAILED);
    assert_int_equal(batch[0].outcome, ISSUE_NOT_TRIED);
    assert_int_equal(next_index(), 100);
    assert_false(scene_has(scene.out, "N1.cose"));
    assert_int_equal(issue_batch(&session, batch, 2, &registry_error), ISSUE_OK);
    assert_int_equal(batch[1].index, 101);
    assert_true(scene_has(scene.out, "N1.cose") && scene_has(scene.out, "N2.cose"));
}

static void numbers_kinds_and_resuming(void **state)
{
    (void)state;
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = scene_session(&scene);
    scene_item(&items[0], "N1", "");
    scene_item(&items[1], "N1", "");
    scene_item(&items[2], "N1", ",\"restrictions\":\"other\"");
    scene_item(&items[3], "N1", "");
    assert_int_equal(issue_one(&session, &items[0], &registry_error), ISSUE_OK);
    assert_int_equal(issue_one(&session, &items[1], &registry_error), ISSUE_REFUSED);
    assert_int_equal(registry_error, REGISTRY_SAME);
    assert_int_equal(issue_one(&session, &items[2], &registry_error), ISSUE_REFUSED);
    assert_int_equal(registry_error, REGISTRY_TAKEN);
    session.pass_over_same = true;
    assert_int_equal(issue_one(&session, &items[1], &registry_error), ISSUE_OK);
    assert_int_equal(items[1].item.outcome, ISSUE_PASSED_OVER);
    assert_int_equal(issue_one(&session, &items[2], &registry_error), ISSUE_REFUSED);
    session.pass_over_same = false;
    session.kind = REGISTRY_SIBLING;
    assert_int_equal(issue_one(&session, &items[2], &registry_error), ISSUE_REFUSED);
    assert_int_equal(registry_error, REGISTRY_DIFFERENT);
    session.now_s += 1000; /* siblings differ in iat and index */
    assert_int_equal(issue_one(&session, &items[1], &registry_error), ISSUE_OK);
    assert_int_equal(items[1].item.index, 101);
    assert_true(scene_has(scene.out, "N1.cose") && scene_has(scene.out, "N1+101.cose"));
    session.kind = REGISTRY_DUPLICATE;
    assert_int_equal(issue_one(&session, &items[2], &registry_error), ISSUE_OK);
    assert_int_equal(items[2].item.index, 102);
    enum registry_why why = REGISTRY_WHY_NONE;
    assert_int_equal(state_of(100, &why), REGISTRY_VOID);
    assert_int_equal(why, REGISTRY_WHY_REPLACED);
    assert_int_equal(state_of(101, &why), REGISTRY_VOID);
    assert_int_equal(state_of(102, &why), REGISTRY_DELIVERED);
}

static void an_exhausted_block_is_told_and_nothing_begun(void **state)
{
    (void)state;
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = scene_session(&scene);
    char number[16];
    for (int i = 0; i < 5; i++) {
        (void)snprintf(number, sizeof number, "N%d", i);
        scene_item(&items[0], number, "");
        assert_int_equal(issue_one(&session, &items[0], &registry_error), ISSUE_OK);
        record_file_close(&items[0].file);
    }
    scene_item(&items[0], "N5", "");
    assert_int_equal(issue_one(&session, &items[0], &registry_error), ISSUE_REGISTRY);
    assert_int_equal(registry_error, REGISTRY_EXHAUSTED);
    assert_false(scene_has(scene.out, "N5.cose"));
}

static void what_is_too_long_for_a_card_is_refused_by_name(void **state)
{
    (void)state;
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = scene_session(&scene);
    char more[1400] = ",\"restrictions\":\"not in kitchens\",\"units\":[";
    uint64_t seed = 5;
    for (int i = 0; i < 40; i++) { /* codes that no dictionary has */
        char code[32];
        (void)snprintf(code, sizeof code, "%s\"%016llX%06llX\"", i == 0 ? "" : ",",
                       (unsigned long long)check_random(&seed),
                       (unsigned long long)check_random(&seed) >> 40);
        strcat(more, code);
    }
    strcat(more, "]");
    scene_item(&items[0], "N1", more);
    session.pages = ISSUE_CARD;
    assert_int_equal(issue_one(&session, &items[0], &registry_error), ISSUE_REFUSED);
    assert_int_equal(items[0].item.outcome, ISSUE_FAILED);
    assert_string_equal(items[0].item.why,
                        "it is too long: the code of a card holds 964 characters; shorten the "
                        "longest of units (920 bytes), restrictions (15 bytes), "
                        "scheme_title (14 bytes)");
    assert_int_equal(next_index(), 100);
    /* Paper holds it. */
    session.pages = 0;
    assert_int_equal(issue_one(&session, &items[0], &registry_error), ISSUE_OK);
}

/* --- interruptions --- */

static void a_folder_that_fails_leaves_it_for_later(void **state)
{
    (void)state;
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = scene_session(&scene);
    enum registry_why why = REGISTRY_WHY_NONE;
    scene_item(&items[0], "N1", "");
    assert_int_equal(rmdir(scene.out), 0);
    assert_int_equal(issue_one(&session, &items[0], &registry_error), ISSUE_FILE);
    assert_int_equal(items[0].item.outcome, ISSUE_WAITS);
    assert_int_equal(state_of(100, &why), REGISTRY_SIGNED);
    assert_int_equal(issue_resume(&session, NULL, NULL, &registry_error), ISSUE_FILE);
    assert_int_equal(mkdir(scene.out, 0755), 0);
    assert_int_equal(issue_resume(&session, NULL, NULL, &registry_error), ISSUE_OK);
    assert_int_equal(state_of(100, &why), REGISTRY_DELIVERED);
    assert_true(scene_has(scene.out, "N1.cose") && scene_has(scene.out, "N1.txt"));
}

/* As if the power failed right after a commit. */
static uint32_t leave_half_way(const char *number, bool is_signed, const char *photo)
{
    static const uint8_t digest[32] = {3}; /* of the record, and of no photo */
    struct signed_credential made;
    struct registry_job job = {.pages = 0};
    uint32_t index = 0;
    (void)snprintf(job.folder, sizeof job.folder, "%s", scene.out);
    (void)snprintf(job.photo, sizeof job.photo, "%s", photo);
    struct registry_request request = {REGISTRY_ORIGINAL,
                                       span_str(number),
                                       span_of(NULL, 0),
                                       span_of(NULL, 0),
                                       19997,
                                       digest,
                                       false};
    assert_int_equal(registry_begin(scene.registry), REGISTRY_OK);
    assert_int_equal(registry_reserve(scene.registry, &request, 1, &index), REGISTRY_OK);
    if (is_signed) {
        struct credential *c = &items[0].item.credential;
        scene_item(&items[0], number, "");
        credential_set_text(c, SAKSI_CLAIM_ISS, span_str("ID.SAMPLE-A.LSP-01"));
        credential_set_number(c, SAKSI_CLAIM_IAT, SCENE_NOW_S);
        credential_set_number(c, SAKSI_CLAIM_STATUS_INDEX, index);
        if (*photo != '\0') {
            credential_set_text(c, SAKSI_CLAIM_PHOTO_DIGEST, span_of(digest, 32));
        }
        assert_int_equal(signer_sign(scene.signer, c, &made, NULL), SIGNER_OK);
        record_file_close(&items[0].file);
        assert_int_equal(registry_signed(scene.registry, index, made.credential_digest,
                                         span_of(made.document, made.document_len), &job, 1),
                         REGISTRY_OK);
    }
    assert_int_equal(registry_commit(scene.registry), REGISTRY_OK);
    return index;
}

/* Somebody voids the second one while the files are written. */
static void void_the_second(void *ctx, size_t done)
{
    struct registry *registry = ctx;
    if (done == 2) {
        assert_int_equal(registry_begin(registry), REGISTRY_OK);
        assert_int_equal(registry_void(registry, 101, REGISTRY_WHY_OPERATOR, SCENE_NOW_S),
                         REGISTRY_OK);
        assert_int_equal(registry_commit(registry), REGISTRY_OK);
    }
}

static void what_the_registry_did_not_note_is_not_called_delivered(void **state)
{
    (void)state;
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = scene_session(&scene);
    struct issue_item batch[2];
    scene_item(&items[0], "N1", "");
    scene_item(&items[1], "N2", "");
    batch[0] = items[0].item;
    batch[1] = items[1].item;
    session.progress = void_the_second;
    session.ctx = scene.registry;
    assert_int_equal(issue_batch(&session, batch, 2, &registry_error), ISSUE_REGISTRY);
    assert_int_equal(registry_error, REGISTRY_STATE);
    assert_int_equal(batch[0].outcome, ISSUE_WAITS);
    assert_int_equal(batch[1].outcome, ISSUE_WAITS);
    assert_int_equal(entry_of("N1").state, REGISTRY_SIGNED);
    session.progress = NULL;
    assert_int_equal(issue_resume(&session, NULL, NULL, &registry_error), ISSUE_OK);
    assert_int_equal(entry_of("N1").state, REGISTRY_DELIVERED);
}

static void resuming_ends_what_stands_half_way(void **state)
{
    (void)state;
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = scene_session(&scene);
    enum registry_why why = REGISTRY_WHY_NONE;
    uint32_t reserved = leave_half_way("N1", false, "");
    uint32_t is_signed = leave_half_way("N2", true, "");
    uint32_t other_photo = leave_half_way("N3", true, scene.key); /* any file with other bytes */
    assert_int_equal(issue_resume(&session, NULL, NULL, &registry_error), ISSUE_UNREAD);
    assert_int_equal(state_of(reserved, &why), REGISTRY_VOID);
    assert_int_equal(why, REGISTRY_WHY_UNSIGNED);
    assert_int_equal(state_of(is_signed, &why), REGISTRY_DELIVERED);
    assert_true(scene_has(scene.out, "N2.cose") && scene_has(scene.out, "N2.txt"));
    assert_int_equal(state_of(other_photo, &why), REGISTRY_VOID);
    assert_int_equal(why, REGISTRY_WHY_UNREAD);
    assert_false(scene_has(scene.out, "N3.cose"));
    /* Nothing is left to do. */
    assert_int_equal(issue_resume(&session, NULL, NULL, &registry_error), ISSUE_OK);
}

/* What a killed run was writing is personal data under a name that nobody looks for. */
static void resuming_removes_what_a_stopped_run_was_writing(void **state)
{
    (void)state;
    static const char *const ours[] = {"N2.cose", "N2.txt", "N2.pdf", "N2-card.pdf",
                                       "A_1%2F24+101.cose"};
    static const char *const others[] = {"notes.odt", "N 2.txt", ".txt", "-x.cose", "N2.cosex"};
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = scene_session(&scene);
    char name[64];
    char path[192];
    struct {
        const char *const *name;
        size_t count;
        bool goes;
    } sets[] = {{ours, COUNT_OF(ours), true}, {others, COUNT_OF(others), false}};
    for (size_t i = 0; i < 2 * COUNT_OF(ours); i++) {
        (void)snprintf(path, sizeof path, "%s/%s.%d.tmp", scene.out, sets[i % 2].name[i / 2],
                       (int)getpid());
        assert_int_equal(file_write_atomic(path, span_str("x"), 0640), FILE_OK);
    }
    (void)leave_half_way("N2", true, "");
    session.folder = scene.folder; /* it was to go elsewhere */
    (void)snprintf(path, sizeof path, "%s/K.txt.%d.tmp", scene.folder, (int)getpid());
    assert_int_equal(file_write_atomic(path, span_str("x"), 0640), FILE_OK);
    assert_int_equal(issue_resume(&session, NULL, NULL, &registry_error), ISSUE_OK);
    assert_false(file_exists(path));
    assert_true(scene_has(scene.out, "N2.cose") && scene_has(scene.out, "N2.txt"));
    for (size_t i = 0; i < 2 * COUNT_OF(ours); i++) {
        (void)snprintf(name, sizeof name, "%s.%d.tmp", sets[i % 2].name[i / 2], (int)getpid());
        assert_int_equal(scene_has(scene.out, name), !sets[i % 2].goes);
    }
}

/* Not for everybody on the machine; the umask may take more away. */
static void certificates_are_not_for_everybody(void **state)
{
    (void)state;
    static const struct {
        mode_t mask;
        const char *number, *files[2];
        mode_t mode;
    } cases[] = {{0, "N1", {"N1.cose", "N1.txt"}, 0640}, {077, "N2", {"N2.cose", "N2.txt"}, 0600}};
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = scene_session(&scene);
    for (size_t i = 0; i < 2; i++) {
        scene_item(&items[i], cases[i].number, "");
        mode_t before = umask(cases[i].mask);
        enum issue_error error = issue_one(&session, &items[i], &registry_error);
        (void)umask(before);
        assert_int_equal(error, ISSUE_OK);
        for (size_t f = 0; f < 2; f++) {
            char path[160];
            struct stat st;
            (void)snprintf(path, sizeof path, "%s/%s", scene.out, cases[i].files[f]);
            assert_int_equal(stat(path, &st), 0);
            assert_int_equal(st.st_mode & 07777, cases[i].mode);
        }
    }
}

static void keep_item(void *ctx, const struct issue_item *item)
{
    struct issue_item *kept = ctx;
    *kept = *item;
}

/* The stick with the photos is not mounted: nothing is lost by waiting. */
static void a_photo_that_is_away_leaves_it_for_later(void **state)
{
    (void)state;
    enum registry_error registry_error = REGISTRY_OK;
    enum registry_why why = REGISTRY_WHY_NONE;
    struct issue_session session = scene_session(&scene);
    struct issue_item item;
    char path[160];
    (void)snprintf(path, sizeof path, "%s/stick/photo.jpg", scene.folder);
    uint32_t index = leave_half_way("N1", true, path);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(issue_resume(&session, keep_item, &item, &registry_error), ISSUE_PHOTO);
        assert_int_equal(item.outcome, ISSUE_WAITS);
        assert_int_equal(item.index, index);
        assert_memory_equal(item.why, "its photo /tmp/", 15);
        assert_non_null(strstr(item.why, "/stick/photo.jpg: "));
        assert_non_null(strstr(item.why, "; put that photo back"));
        assert_int_equal(state_of(index, &why), REGISTRY_SIGNED);
        assert_false(scene_has(scene.out, "N1.cose"));
    }
    /* Another photo in its place ends it. */
    (void)snprintf(path, sizeof path, "%s/stick", scene.folder);
    assert_int_equal(mkdir(path, 0755), 0);
    (void)snprintf(path, sizeof path, "%s/stick/photo.jpg", scene.folder);
    assert_int_equal(file_write_atomic(path, span_str("another"), 0600), FILE_OK);
    assert_int_equal(issue_resume(&session, keep_item, &item, &registry_error), ISSUE_UNREAD);
    assert_int_equal(item.outcome, ISSUE_FAILED);
    assert_non_null(strstr(item.why, ": is another photo than the one that was signed"));
    assert_int_equal(state_of(index, &why), REGISTRY_VOID);
}

static void another_key_cannot_finish_it(void **state)
{
    (void)state;
    enum registry_error registry_error = REGISTRY_OK;
    enum registry_why why = REGISTRY_WHY_NONE;
    uint32_t index = leave_half_way("N1", true, "");
    struct signer *stranger = scene_signer(2);
    struct issue_session session = scene_session(&scene);
    session.signer = stranger;
    assert_int_equal(issue_resume(&session, NULL, NULL, &registry_error), ISSUE_UNREAD);
    assert_int_equal(state_of(index, &why), REGISTRY_VOID);
    assert_false(scene_has(scene.out, "N1.cose"));
    signer_free(stranger);
}

/* --- the report --- */

static void the_report_tells_what_happened(void **state)
{
    (void)state;
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = scene_session(&scene);
    struct registry_report made;
    struct report report;
    struct report_row row;
    scene_item(&items[0], "N1", ",\"assessment_centre\":\"TUK-1\",\"blank_number\":\"AB 12\"");
    scene_item(&items[1], "N2", "");
    assert_int_equal(issue_one(&session, &items[0], &registry_error), ISSUE_OK);
    assert_int_equal(issue_one(&session, &items[1], &registry_error), ISSUE_OK);
    assert_int_equal(registry_begin(scene.registry), REGISTRY_OK);
    assert_int_equal(registry_void(scene.registry, 100, REGISTRY_WHY_OPERATOR, 1), REGISTRY_OK);
    assert_int_equal(registry_commit(scene.registry), REGISTRY_OK);
    assert_int_equal(registry_report_make(scene.registry, scene.signer, &scene.station.identity, 1,
                                          SCENE_NOW_S, &made),
                     REGISTRY_OK);
    assert_true(made.first == 1 && made.last == 3 && made.last_of_all == 3 && made.rows == 2);
    assert_int_equal(report_decode(span_of(made.document, made.len), &report), REPORT_OK);
    check_bytes(report.issuer, span_str("ID.SAMPLE-A.LSP-01"));
    check_bytes(report.station, span_str("hall"));
    assert_true(report_row_next(&report, &row));
    assert_true(row.index == 100 && row.state == REPORT_VOID && row.issue_day == 19997);
    check_bytes(row.certificate_number, span_str("N1"));
    check_bytes(row.centre, span_str("TUK-1"));
    check_bytes(row.blank, span_str("AB 12"));
    assert_true(report_row_next(&report, &row));
    assert_true(row.index == 101 && row.state == REPORT_ISSUED && row.centre.len == 0);
    assert_false(report_row_next(&report, &row));
    free(made.document);
    /* Only the last change; then none; then beyond. */
    assert_int_equal(registry_report_make(scene.registry, scene.signer, &scene.station.identity, 3,
                                          SCENE_NOW_S, &made),
                     REGISTRY_OK);
    assert_int_equal(made.rows, 1);
    free(made.document);
    assert_int_equal(registry_report_make(scene.registry, scene.signer, &scene.station.identity, 4,
                                          SCENE_NOW_S, &made),
                     REGISTRY_OK);
    assert_int_equal(made.rows, 0);
    free(made.document);
    assert_int_equal(registry_report_make(scene.registry, scene.signer, &scene.station.identity, 5,
                                          SCENE_NOW_S, &made),
                     REGISTRY_NO_SUCH);
}

/* --- pages --- */

static bool programs_are_there(void)
{
    bool there =
        scene_has(SCENE_LIBEXEC, "saksi-page") && scene_has(SCENE_LIBEXEC, "saksi-decode-pdf");
    if (!there) {
        print_message("saksi-page or saksi-decode-pdf is not built: pages are not tested\n");
    }
    return there;
}

static void assert_page_says(const char *name, struct span qr_text)
{
    struct decoder_result found;
    struct span pdf = scene_read(scene.out, name);
    assert_true(pdf.len != 0);
    assert_int_equal(decoder_scan(SCENE_LIBEXEC, pdf, &found), DECODER_OK);
    assert_int_equal(found.count, 1);
    check_bytes(found.code[0].text, qr_text);
    decoder_result_clear(&found);
    scene_release(pdf);
}

static void pages_read_back(void **state)
{
    (void)state;
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = scene_session(&scene);
    if (!programs_are_there()) {
        skip();
    }
    session.pages = ISSUE_A4 | ISSUE_CARD;
    scene_item(&items[0], "N1",
               ",\"holder_name_native\":\"\xe0\xb8\xaa\xe0\xb8\xb4\xe0\xb8\x95\xe0\xb8\xb4\","
               "\"holder_name_language\":\"th\"");
    enum issue_error error = issue_one(&session, &items[0], &registry_error);
    if (error != ISSUE_OK) {
        print_message("%s\n", items[0].item.why);
    }
    assert_int_equal(error, ISSUE_OK);
    struct span text = scene_read(scene.out, "N1.txt");
    assert_page_says("N1.pdf", span_of(text.ptr, text.len - 1));
    assert_page_says("N1-card.pdf", span_of(text.ptr, text.len - 1));
    scene_release(text);
}

/* A libexec folder whose saksi-page runs a script of ours, and whose decoders are the real ones. */
static void fake_page(char libexec[128], const char *script)
{
    char command[512], path[192];
    (void)snprintf(libexec, 128, "%s/libexec", scene.folder);
    (void)snprintf(command, sizeof command, "rm -rf %s; mkdir %s; ln -s %s/saksi-decode* %s/",
                   libexec, libexec, SCENE_LIBEXEC, libexec);
    assert_int_equal(system(command), 0);
    (void)snprintf(path, sizeof path, "%s/saksi-page", libexec);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fprintf(f, "#!/bin/sh\n%s\n", script) > 0);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, 0755), 0);
}

static void assert_voided(const struct issue_session *session, struct scene_item *item,
                          const char *number, const char *why_text)
{
    enum registry_error registry_error = REGISTRY_OK;
    enum registry_why why = REGISTRY_WHY_NONE;
    char name[64];
    scene_item(item, number, "");
    assert_int_equal(issue_one(session, item, &registry_error), ISSUE_UNREAD);
    assert_int_equal(item->item.outcome, ISSUE_FAILED);
    assert_string_equal(item->item.why, why_text);
    assert_int_equal(state_of(item->item.index, &why), REGISTRY_VOID);
    assert_int_equal(why, REGISTRY_WHY_UNREAD);
    static const char *const extensions[] = {".cose", ".txt", ".pdf"};
    for (size_t i = 0; i < COUNT_OF(extensions); i++) {
        (void)snprintf(name, sizeof name, "%s%s", number, extensions[i]);
        assert_false(scene_has(scene.out, name));
    }
}

static void pages_that_do_not_read_back_are_not_delivered(void **state)
{
    (void)state;
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = scene_session(&scene);
    char libexec[128], script[256];
    if (!programs_are_there()) {
        skip();
    }
    session.pages = ISSUE_A4;
    scene_item(&items[0], "N1", "");
    assert_int_equal(issue_one(&session, &items[0], &registry_error), ISSUE_OK);
    /* The page of another certificate. */
    (void)snprintf(script, sizeof script, "cat %s/N1.pdf", scene.out);
    fake_page(libexec, script);
    session.libexec_dir = libexec;
    assert_voided(&session, &items[1], "N2",
                  "the page's code reads back as something else than its text");
    fake_page(libexec, "echo 'certificate.holder_name: no font has this script' >&2; exit 65");
    assert_voided(&session, &items[2], "N3",
                  "saksi-page: certificate.holder_name: no font has this script");
    fake_page(libexec, "echo this is no page");
    scene_item(&items[3], "N4", "");
    assert_int_equal(issue_one(&session, &items[3], &registry_error), ISSUE_UNREAD);
}

static void a_page_program_that_fails_leaves_it_for_later(void **state)
{
    (void)state;
    enum registry_error registry_error = REGISTRY_OK;
    struct issue_session session = scene_session(&scene);
    char libexec[128];
    if (!programs_are_there()) {
        skip();
    }
    fake_page(libexec, "kill -9 $$");
    session.libexec_dir = libexec;
    session.pages = ISSUE_A4;
    scene_item(&items[0], "N1", "");
    assert_int_equal(issue_one(&session, &items[0], &registry_error), ISSUE_PROGRAM);
    assert_string_equal(items[0].item.why, "saksi-page crashed");
    session.libexec_dir = SCENE_LIBEXEC;
    assert_int_equal(issue_resume(&session, NULL, NULL, &registry_error), ISSUE_OK);
    assert_true(scene_has(scene.out, "N1.pdf") && scene_has(scene.out, "N1.cose"));
}

/* --- small things --- */

static void names_of_files_are_safe_and_distinct(void **state)
{
    (void)state;
    static const struct {
        const char *number, *name;
    } cases[] = {
        {"A 1/24", "A_1%2F24"}, {"A_1", "A%5F1"},       {"../etc", "%2E.%2Fetc"},
        {"-rf", "%2Drf"},       {"a.b-C", "a.b-C"},     {"A 7", "A_7"},
        {"A+7", "A%2B7"},       {"A-card", "A%2Dcard"}, /* A-card.pdf is the card of A */
        {"A-CarD", "A%2DCarD"}, {"A-card-", "A-card-"}, {"A-cards", "A-cards"},
        {"card", "card"},       {"100%", "100%25"},     {"\"$(x)\"", "%22%24%28x%29%22"},
    };
    char name[OUTPUT_NAME_MAX];
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        output_name(span_str(cases[i].number), false, 7, name);
        assert_string_equal(name, cases[i].name);
    }
    output_name(span_str("A"), true, 7, name);
    assert_string_equal(name, "A+7");
    output_name(span_str("////////////////////////////////////////"), true, UINT32_MAX, name);
    assert_int_equal(strlen(name), 131);
}

static void station_files_are_judged(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *path, *what;
    } cases[] = {
        {"\"station\": \"hall\"", "\"station\": \"\"", "station", "is empty"},
        {"\"station\": \"hall\"", "\"statoin\": \"hall\"", "statoin", "is not a known name"},
        {"\"en\": \"Sample Authority (SAMPLE)\"", "\"id\": \"X\"", "authority.names.en",
         "is missing"},
        {"\"sample\": true", "\"sample\": 1", "sample", "must be true or false"},
        {"\"out\": \"out\"", "\"out\": 5", "out", "must be text"},
        {"\"ID.SAMPLE-A.LSP-01\"", "\" X\"", "issuer.id",
         "must be plain ASCII characters with no blank at either end"},
    };
    struct span whole = scene_read(scene.folder, "station.json");
    char path[128];
    (void)snprintf(path, sizeof path, "%s/station.json", scene.folder);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct station station;
        struct station_problem problem;
        char text[4096];
        const char *at = strstr((const char *)whole.ptr, cases[i].from);
        assert_non_null(at);
        (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - (const char *)whole.ptr),
                       (const char *)whole.ptr, cases[i].to, at + strlen(cases[i].from));
        assert_int_equal(file_write_atomic(path, span_str(text), 0644), FILE_OK);
        assert_false(station_open(scene.folder, &station, &problem));
        assert_int_equal(problem.error, STATION_CONTENT);
        assert_string_equal(problem.json.path, cases[i].path);
        assert_string_equal(problem.json.what, cases[i].what);
    }
    scene_release(whole);
}

static void claims_that_siblings_may_differ_in_do_not_count(void **state)
{
    (void)state;
    uint8_t one[32], other[32], bytes[32] = {1};
    scene_item(&items[0], "N1", "");
    struct credential *c = &items[0].item.credential;
    credential_set_text(c, SAKSI_CLAIM_ISS, span_str("ID.SAMPLE-A.LSP-01"));
    credential_set_number(c, SAKSI_CLAIM_IAT, 5);
    credential_set_number(c, SAKSI_CLAIM_STATUS_INDEX, 6);
    assert_int_equal(signer_claims_digest(c, one), SIGNER_OK);
    credential_set_number(c, SAKSI_CLAIM_IAT, 7);
    credential_set_number(c, SAKSI_CLAIM_STATUS_INDEX, 8);
    credential_set_text(c, SAKSI_CLAIM_PHOTO_DIGEST, span_of(bytes, 32));
    credential_set_text(c, SAKSI_CLAIM_CNF, span_of(bytes, 32));
    credential_set_text(c, SAKSI_CLAIM_FACE, span_of(bytes, 32));
    assert_int_equal(signer_claims_digest(c, other), SIGNER_OK);
    assert_memory_equal(one, other, 32);
    credential_set_text(c, SAKSI_CLAIM_HOLDER_NAME, span_str("Siti Aminal"));
    assert_int_equal(signer_claims_digest(c, other), SIGNER_OK);
    assert_memory_not_equal(one, other, 32);
}

#define WITH_SCENE(test) cmocka_unit_test_setup_teardown(test, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SCENE(what_is_written_is_what_was_meant),
        WITH_SCENE(a_changed_credential_is_not_reopened),
        WITH_SCENE(a_batch_is_reserved_whole_or_not_at_all),
        WITH_SCENE(numbers_kinds_and_resuming),
        WITH_SCENE(an_exhausted_block_is_told_and_nothing_begun),
        WITH_SCENE(what_is_too_long_for_a_card_is_refused_by_name),
        WITH_SCENE(a_folder_that_fails_leaves_it_for_later),
        WITH_SCENE(what_the_registry_did_not_note_is_not_called_delivered),
        WITH_SCENE(resuming_ends_what_stands_half_way),
        WITH_SCENE(resuming_removes_what_a_stopped_run_was_writing),
        WITH_SCENE(certificates_are_not_for_everybody),
        WITH_SCENE(a_photo_that_is_away_leaves_it_for_later),
        WITH_SCENE(another_key_cannot_finish_it),
        WITH_SCENE(the_report_tells_what_happened),
        WITH_SCENE(pages_read_back),
        WITH_SCENE(pages_that_do_not_read_back_are_not_delivered),
        WITH_SCENE(a_page_program_that_fails_leaves_it_for_later),
        WITH_SCENE(names_of_files_are_safe_and_distinct),
        WITH_SCENE(station_files_are_judged),
        WITH_SCENE(claims_that_siblings_may_differ_in_do_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
