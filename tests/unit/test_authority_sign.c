/* SPDX-License-Identifier: Apache-2.0
 *
 * From built to signed to published: thresholds key by key, keys of other roles, damaged documents,
 * versions that must rise, and bundles that import.
 */
#include "authority/build.h"
#include "authority/init.h"
#include "authority/key_file.h"
#include "authority/sign.h"
#include "authority_folder.h"

static char dir[PATH_MAX];
static char out[PATH_MAX];

static int set_up(void **state)
{
    (void)state;
    folder_make_sample(dir);
    folder_join(out, dir, "out");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(dir);
    return 0;
}

/* --- steps --- */

static void build_root_and_lists(void)
{
    struct authority_problem problem;
    struct build_result result;
    struct build_states states;
    assert_int_equal(build_root(dir, &result, &problem), AUTHORITY_OK);
    assert_int_equal(build_find_states(dir, &states, &problem), AUTHORITY_OK);
    assert_int_equal(states.count, 4);
    for (size_t i = 0; i < states.count; i++) {
        assert_int_equal(build_list(dir, states.state[i], NULL, &result, &problem), AUTHORITY_OK);
    }
}

/* Signs DIR/out/NAME with DIR/keys/KEY.pem. */
static enum authority_error sign(const char *name, const char *key_name,
                                 struct authority_problem *problem)
{
    char key_path[64];
    struct sign_desk desk;
    struct crypto_private_key *key = NULL;
    problem->text[0] = '\0';
    (void)snprintf(key_path, sizeof key_path, "keys/%s.pem", key_name);
    assert_int_equal(key_file_read(folder_path(dir, key_path), NULL, &key, problem), AUTHORITY_OK);
    enum authority_error error = sign_open(folder_path(out, name), out, &desk, problem);
    if (error == AUTHORITY_OK) {
        error = sign_with(&desk, key, problem);
        sign_close(&desk);
    }
    crypto_private_key_free(key);
    return error;
}

static void sign_ok(const char *name, const char *key_name)
{
    struct authority_problem problem;
    enum authority_error error = sign(name, key_name, &problem);
    assert_string_equal(problem.text, "");
    assert_int_equal(error, AUTHORITY_OK);
}

/* How many have signed, by a fresh look at the file; -1 when it cannot be opened. */
static int signed_by(const char *name, size_t role, bool *ret_complete)
{
    struct authority_problem problem;
    struct sign_desk desk;
    if (sign_open(folder_path(out, name), out, &desk, &problem) != AUTHORITY_OK) {
        return -1;
    }
    int count = (int)desk.role[role].signed_by;
    *ret_complete = sign_is_complete(&desk);
    sign_close(&desk);
    return count;
}

static void assert_signed_by(const char *name, int wanted, bool complete)
{
    bool is_complete = false;
    assert_int_equal(signed_by(name, 0, &is_complete), wanted);
    assert_int_equal(is_complete, complete);
}

static enum authority_error publish(struct authority_problem *problem)
{
    struct publish_result result;
    struct trust_clock_input clock = folder_clock();
    return publish_bundle(dir, folder_path(out, "trust.bundle"), &clock, &result, problem);
}

/* --- thresholds --- */

static void two_of_three_sign_one_after_the_other(void **state)
{
    (void)state;
    struct authority_problem problem;
    build_root_and_lists();
    assert_signed_by("root-1.root", 0, false);
    sign_ok("root-1.root", "root-3");
    assert_signed_by("root-1.root", 1, false);
    assert_int_equal(sign("root-1.root", "root-3", &problem), AUTHORITY_CONFLICT);
    assert_non_null(
        strstr(problem.text, ": this key (Sample root holder 3 (SAMPLE)) has signed already"));
    assert_signed_by("root-1.root", 1, false);
    sign_ok("root-1.root", "root-1");
    assert_signed_by("root-1.root", 2, true);

    assert_signed_by("ID.list", 0, false);
    sign_ok("ID.list", "ID-2");
    assert_signed_by("ID.list", 1, false);
    sign_ok("ID.list", "ID-3");
    assert_signed_by("ID.list", 2, true);
    sign_ok("ID.list", "ID-1"); /* more than needed does no harm */
    assert_signed_by("ID.list", 3, true);
}

static void one_desk_takes_several_keys(void **state)
{
    (void)state;
    struct authority_problem problem;
    build_root_and_lists();
    assert_int_equal(ceremony_sign(folder_path(out, "root-1.root"), out, folder_path(dir, "keys"),
                                   NULL, &problem),
                     AUTHORITY_OK);
    assert_signed_by("root-1.root", 2, true);
}

static void keys_of_other_roles_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *document, *key, *wanted;
    } cases[] = {
        {"ID.list", "MY-1", "this key is not one of the national authority of ID"},
        {"ID.list", "root-1", "this key is not one of the national authority of ID"},
        {"ID.list", "publisher-1", "this key is not one of the national authority of ID"},
        {"ID.list", "ID.SAMPLE-A.LSP-01", "this key is not one of the national authority of ID"},
        {"root-1.root", "ID-1", "this key is not one of the root 1"},
        {"root-1.root", "publisher-1", "this key is not one of the root 1"},
    };
    struct authority_problem problem;
    build_root_and_lists();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct span before = folder_read(out, cases[i].document);
        assert_int_equal(sign(cases[i].document, cases[i].key, &problem), AUTHORITY_KEY);
        assert_non_null(strstr(problem.text, cases[i].wanted));
        struct span after = folder_read(out, cases[i].document);
        check_bytes(after, before);
        folder_free(before);
        folder_free(after);
    }
}

/* A signature made for one document does not count on another. */
static void a_signature_stays_with_its_content(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct build_result result;
    struct document signed_document;
    struct document other;
    uint8_t *file = NULL;
    uint8_t *other_file = NULL;
    uint8_t *bytes = NULL;
    size_t len = 0;
    build_root_and_lists();
    sign_ok("MY.list", "MY-1");
    assert_int_equal(document_read(folder_path(out, "MY.list"), &file, &signed_document, &problem),
                     AUTHORITY_OK);
    folder_edit(dir, "MY/list.json", "\"version\": 1", "\"version\": 2");
    assert_int_equal(build_list(dir, "MY", NULL, &result, &problem), AUTHORITY_OK);
    assert_int_equal(document_read(result.path, &other_file, &other, &problem), AUTHORITY_OK);
    other.cose.signer[0] = signed_document.cose.signer[0];
    other.cose.signer_count = 1;
    assert_int_equal(document_encode(&other, &bytes, &len, &problem), AUTHORITY_OK);
    folder_write(out, "MY.list", span_of(bytes, len));
    assert_signed_by("MY.list", 0, false);
    free(bytes);
    free(file);
    free(other_file);
}

/* --- two desks --- */

static struct crypto_private_key *read_key(const char *name)
{
    char path[64];
    struct authority_problem problem;
    struct crypto_private_key *key = NULL;
    (void)snprintf(path, sizeof path, "keys/%s.pem", name);
    assert_int_equal(key_file_read(folder_path(dir, path), NULL, &key, &problem), AUTHORITY_OK);
    return key;
}

static void open_desk(const char *path, struct sign_desk *desk)
{
    struct authority_problem problem;
    assert_int_equal(sign_open(path, out, desk, &problem), AUTHORITY_OK);
}

/* Both looked at the file before either signed it. */
static void two_desks_lose_no_signature(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct sign_desk desk[2];
    char path[PATH_MAX];
    build_root_and_lists();
    folder_join(path, out, "ID.list");
    struct crypto_private_key *key[3] = {read_key("ID-1"), read_key("ID-2"), read_key("ID-3")};
    open_desk(path, &desk[0]);
    open_desk(path, &desk[1]);
    assert_int_equal(sign_with(&desk[0], key[0], &problem), AUTHORITY_OK);
    assert_int_equal(sign_with(&desk[1], key[1], &problem), AUTHORITY_CONFLICT);
    assert_non_null(strstr(
        problem.text, "/ID.list: was signed or built by another program meanwhile; sign again"));
    assert_int_equal(desk[1].document.cose.signer_count, 0);
    assert_signed_by("ID.list", 1, false);
    /* the desk that wrote it may go on; the other one opens it again */
    assert_int_equal(sign_with(&desk[0], key[2], &problem), AUTHORITY_OK);
    sign_close(&desk[1]);
    open_desk(path, &desk[1]);
    assert_int_equal(sign_with(&desk[1], key[1], &problem), AUTHORITY_OK);
    assert_int_equal(desk[1].role[0].signed_by, 3);
    assert_signed_by("ID.list", 3, true);
    for (size_t i = 0; i < 3; i++) {
        crypto_private_key_free(key[i]);
    }
    sign_close(&desk[0]);
    sign_close(&desk[1]);
}

static void what_was_built_anew_is_not_overwritten(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct build_result result;
    struct sign_desk desk;
    char path[PATH_MAX];
    build_root_and_lists();
    folder_join(path, out, "MY.list");
    struct crypto_private_key *key = read_key("MY-1");
    open_desk(path, &desk);
    folder_edit(dir, "MY/status.json", "[ 11 ]", "[ 11, 12 ]");
    assert_int_equal(build_list(dir, "MY", NULL, &result, &problem), AUTHORITY_OK);
    struct span built = folder_read(out, "MY.list");
    assert_int_equal(sign_with(&desk, key, &problem), AUTHORITY_CONFLICT);
    struct span after = folder_read(out, "MY.list");
    check_bytes(after, built);
    folder_free(after);
    folder_free(built);
    crypto_private_key_free(key);
    sign_close(&desk);
}

static void a_document_is_written_by_one_program_at_a_time(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct build_result result;
    int lock = -1;
    build_root_and_lists();
    assert_int_equal(authority_lock_document(&problem, folder_path(out, "MY.list"), &lock),
                     AUTHORITY_OK);
    assert_int_equal(sign("MY.list", "MY-1", &problem), AUTHORITY_FILE);
    assert_non_null(strstr(problem.text, "/.MY.list.lock: another program changes this document; "
                                         "wait until it has ended"));
    assert_int_equal(build_list(dir, "MY", NULL, &result, &problem), AUTHORITY_FILE);
    sign_ok("ID.list", "ID-1"); /* others are free */
    lock_release(lock);
    assert_signed_by("MY.list", 0, false);
    sign_ok("MY.list", "MY-1");
}

/* --- damage --- */

static void check_same_rows(const struct document *a, const struct document *b, const char *name)
{
    struct authority_problem problem = {""};
    struct trust_rows rows[2];
    assert_int_equal(document_unpack(&a->list_file.security, name, &rows[0], &problem),
                     AUTHORITY_OK);
    assert_int_equal(document_unpack(&b->list_file.security, name, &rows[1], &problem),
                     AUTHORITY_OK);
    assert_int_equal(rows[0].count, rows[1].count);
    for (size_t i = 0; i < rows[0].count; i++) {
        check_bytes(rows[0].row[i].bytes, rows[1].row[i].bytes);
    }
    trust_rows_free(&rows[0]);
    trust_rows_free(&rows[1]);
}

/* Opens a damaged DIR/out/NAME for signing. When that works, the rows are those of `whole`: a few
 * bits of a packed part mean nothing, and its encoding is not what is signed. */
static bool opens_damaged(const char *name, struct span bytes, const struct document *whole)
{
    struct authority_problem problem = {""};
    struct sign_desk desk;
    folder_write(out, name, bytes);
    enum authority_error error = sign_open(folder_path(out, name), out, &desk, &problem);
    if (error != AUTHORITY_OK) {
        assert_int_equal(error, AUTHORITY_DOCUMENT);
        assert_true(problem.text[0] != '\0');
        return false;
    }
    check_same_rows(&desk.document, whole, name);
    sign_close(&desk);
    return true;
}

static void a_truncated_list_is_not_signed(void **state)
{
    (void)state;
    build_root_and_lists();
    struct span whole = folder_read(out, "PH.list");
    for (size_t len = 1; len < whole.len; len++) {
        uint8_t *copy = check_heap_copy(span_of(whole.ptr, len));
        assert_false(opens_damaged("PH.list", span_of(copy, len), NULL));
        free(copy);
    }
    folder_free(whole);
}

static void changed_rows_are_not_signed(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct document document;
    size_t opened = 0;
    build_root_and_lists();
    struct span whole = folder_read(out, "TH.list");
    assert_int_equal(document_decode(whole, "TH.list", &document, &problem), AUTHORITY_OK);
    size_t rows_at = (size_t)(document.list_file.security.data.ptr - whole.ptr);
    uint8_t *copy = check_heap_copy(whole);
    for (size_t i = rows_at; i < whole.len; i++) {
        copy[i] ^= 0x10;
        opened += opens_damaged("TH.list", span_of(copy, whole.len), &document) ? 1 : 0;
        copy[i] ^= 0x10;
    }
    assert_true(opened < 8);
    free(copy);
    folder_free(whole);
}

static void rows_of_another_list_are_not_signed(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct document id;
    struct document my;
    uint8_t *bytes = NULL;
    size_t len = 0;
    build_root_and_lists();
    struct span id_file = folder_read(out, "ID.list");
    struct span my_file = folder_read(out, "MY.list");
    assert_int_equal(document_decode(id_file, "ID.list", &id, &problem), AUTHORITY_OK);
    assert_int_equal(document_decode(my_file, "MY.list", &my, &problem), AUTHORITY_OK);
    id.list_file.security = my.list_file.security;
    assert_int_equal(document_encode(&id, &bytes, &len, &problem), AUTHORITY_OK);
    folder_write(out, "ID.list", span_of(bytes, len));
    assert_int_equal(sign("ID.list", "ID-1", &problem), AUTHORITY_DOCUMENT);
    assert_non_null(strstr(problem.text, ": the rows are not those its digest names; build it"));
    free(bytes);
    folder_free(id_file);
    folder_free(my_file);
}

static void other_files_are_not_signed(void **state)
{
    (void)state;
    struct authority_problem problem;
    build_root_and_lists();
    folder_write(out, "a.list", span_str("not a list"));
    assert_int_equal(sign("a.list", "ID-1", &problem), AUTHORITY_DOCUMENT);
    assert_non_null(strstr(problem.text, ": is no root, list, header or block, or it is damaged"));
}

/* --- versions --- */

static enum authority_error rebuild(const char *state, struct authority_problem *problem)
{
    struct build_result result;
    return build_list(dir, state, NULL, &result, problem);
}

static void signed_content_keeps_its_version(void **state)
{
    (void)state;
    struct authority_problem problem;
    build_root_and_lists();
    folder_edit(dir, "MY/status.json", "[ 11 ]", "[ 11, 12 ]");
    assert_int_equal(rebuild("MY", &problem), AUTHORITY_OK); /* nobody has signed yet */
    sign_ok("MY.list", "MY-1");
    folder_edit(dir, "MY/status.json", "[ 11, 12 ]", "[ 11, 12, 13 ]");
    assert_int_equal(rebuild("MY", &problem), AUTHORITY_VERSION);
    assert_string_equal(problem.text,
                        "MY/list.json: version: is 1, but version 1 is signed already and says "
                        "something else; set it to 2");
    assert_signed_by("MY.list", 1, true);

    folder_edit(dir, "MY/list.json", "\"version\": 1", "\"version\": 5");
    assert_int_equal(rebuild("MY", &problem), AUTHORITY_OK);
    assert_true(file_exists(folder_path(out, "signed/MY-1.list")));
    assert_signed_by("MY.list", 0, false);
    sign_ok("MY.list", "MY-1");

    folder_edit(dir, "MY/list.json", "\"version\": 5", "\"version\": 4");
    assert_int_equal(rebuild("MY", &problem), AUTHORITY_VERSION);
    /* not even when the newest file is gone from its place, but kept */
    folder_edit(dir, "MY/list.json", "\"version\": 4", "\"version\": 6");
    assert_int_equal(rebuild("MY", &problem), AUTHORITY_OK);
    assert_int_equal(unlink(folder_path(out, "MY.list")), 0);
    folder_edit(dir, "MY/list.json", "\"version\": 6", "\"version\": 5");
    assert_int_equal(rebuild("MY", &problem), AUTHORITY_VERSION);
}

static void the_version_may_be_held_against_another_file(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct build_result result;
    build_root_and_lists();
    sign_ok("MY.list", "MY-1");
    struct span old = folder_read(out, "MY.list");
    folder_write(dir, "old.list", old);
    folder_free(old);
    assert_int_equal(unlink(folder_path(out, "MY.list")), 0);
    folder_edit(dir, "MY/status.json", "[ 11 ]", "[ 11, 12 ]");
    assert_int_equal(build_list(dir, "MY", folder_path(dir, "old.list"), &result, &problem),
                     AUTHORITY_VERSION);
    assert_int_equal(build_list(dir, "MY", NULL, &result, &problem), AUTHORITY_OK);
}

/* A document around `payload` that carries a signature of `from`, put at DIR/out/NAME. */
static void put_signed(const char *name, struct span payload, enum document_kind kind,
                       const struct document *from)
{
    struct authority_problem problem;
    struct document document;
    uint8_t *bytes = NULL;
    size_t len = 0;
    document_begin(kind, payload, &document);
    document.list_file = from->list_file;
    document.cose.signer[0] = from->cose.signer[0];
    document.cose.signer_count = 1;
    assert_int_equal(document_encode(&document, &bytes, &len, &problem), AUTHORITY_OK);
    folder_write(out, name, span_of(bytes, len));
    free(bytes);
}

/* What somebody signed stays, also when nobody can tell what it is. */
static void signed_and_unreadable_is_not_replaced(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum document_kind kind;
    } cases[] = {
        {"MY.list", DOCUMENT_LIST},     {"signed/MY-1.list", DOCUMENT_LIST},
        {"MY-7.list", DOCUMENT_HEADER}, {"MY-7.list", DOCUMENT_ROOT},
        {"MY-7.list", DOCUMENT_BLOCK},
    };
    struct authority_problem problem;
    struct document document;
    build_root_and_lists();
    sign_ok("MY.list", "MY-1");
    struct span file = folder_read(out, "MY.list");
    assert_int_equal(document_decode(file, "MY.list", &document, &problem), AUTHORITY_OK);
    assert_int_equal(file_make_folder(folder_path(out, "signed"), 0755), FILE_OK);
    folder_edit(dir, "MY/list.json", "\"version\": 1", "\"version\": 9");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        put_signed(cases[i].name, span_str("not a payload"), cases[i].kind, &document);
        struct span before = folder_read(out, cases[i].name);
        assert_int_equal(rebuild("MY", &problem), AUTHORITY_DOCUMENT);
        assert_non_null(strstr(problem.text, cases[i].name));
        assert_non_null(strstr(problem.text, ": is signed, but its version cannot be read"));
        struct span after = folder_read(out, cases[i].name);
        check_bytes(after, before);
        folder_free(before);
        folder_free(after);
        assert_int_equal(unlink(folder_path(out, cases[i].name)), 0);
    }
    assert_int_equal(rebuild("MY", &problem), AUTHORITY_OK);
    folder_free(file);
}

/* --- publishing --- */

static void publish_sample(void)
{
    struct authority_problem problem = {""};
    struct ceremony_result result;
    struct trust_clock_input clock = folder_clock();
    enum authority_error error = ceremony_publish(dir, NULL, &clock, &result, &problem);
    assert_string_equal(problem.text, "");
    assert_int_equal(error, AUTHORITY_OK);
    assert_int_equal(result.bundle.report.lists_added, 4);
    assert_int_equal(result.bundle.report.rows, 109);
}

static void what_is_published_imports(void **state)
{
    (void)state;
    publish_sample();
    struct span bundle = folder_read(out, "trust.bundle");
    struct trust_bundle decoded;
    assert_int_equal(trust_bundle_decode(bundle, &decoded), TRUST_DOC_OK);
    assert_int_equal(decoded.root_count, 1);
    assert_int_equal(decoded.list_count, 4);
    folder_free(bundle);
    publish_sample(); /* again: nothing is signed twice */
    assert_signed_by("ID.list", 2, true);
    assert_signed_by("trust.header", 1, true);
}

static void too_few_signatures_are_not_published(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct build_result result;
    build_root_and_lists();
    sign_ok("root-1.root", "root-1");
    assert_int_equal(build_header(dir, NULL, &result, &problem), AUTHORITY_OK);
    assert_int_equal(publish(&problem), AUTHORITY_DOCUMENT);
    assert_non_null(strstr(problem.text, "/root-1.root: is not signed by enough keys yet"));
    sign_ok("root-1.root", "root-2");
    sign_ok("trust.header", "publisher-1");
    sign_ok("ID.list", "ID-1");
    sign_ok("MY.list", "MY-1");
    sign_ok("PH.list", "PH-1");
    sign_ok("TH.list", "TH-1");
    assert_int_equal(publish(&problem), AUTHORITY_DOCUMENT);
    assert_memory_equal(problem.text, "list ID: THRESHOLD: ", 20);
    assert_false(file_exists(folder_path(out, "trust.bundle")));
    sign_ok("ID.list", "ID-3");
    assert_int_equal(publish(&problem), AUTHORITY_OK);
}

static void a_header_for_other_lists_is_not_published(void **state)
{
    (void)state;
    struct authority_problem problem;
    publish_sample();
    folder_edit(dir, "TH/list.json", "\"version\": 1", "\"version\": 2");
    assert_int_equal(rebuild("TH", &problem), AUTHORITY_OK);
    sign_ok("TH.list", "TH-1");
    assert_int_equal(publish(&problem), AUTHORITY_DOCUMENT);
    assert_memory_equal(problem.text, "list TH: MIX_MATCH: ", 20);
}

/* A second root: both the old and the new root's holders sign. */
static void a_new_root_needs_both(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct build_result result;
    struct sign_desk desk;
    publish_sample();
    folder_edit(dir, "root.json", "\"version\": 1", "\"version\": 2");
    folder_edit(dir, "root.json", "Sample publisher (SAMPLE)", "New sample publisher (SAMPLE)");
    assert_int_equal(build_root(dir, &result, &problem), AUTHORITY_OK);
    assert_int_equal(sign_open(result.path, out, &desk, &problem), AUTHORITY_OK);
    assert_int_equal(desk.role_count, 2);
    assert_string_equal(desk.role[0].name, "root 2");
    assert_string_equal(desk.role[1].name, "root 1");
    sign_close(&desk);
    /* not in force yet: headers still go by root 1 */
    folder_edit(dir, "header.json", "\"version\": 1", "\"version\": 2");
    assert_int_equal(build_header(dir, NULL, &result, &problem), AUTHORITY_OK);
    sign_ok("trust.header", "publisher-1");
    sign_ok("root-2.root", "root-1");
    sign_ok("root-2.root", "root-2");
    assert_signed_by("root-2.root", 2, true);
    assert_int_equal(sign("trust.header", "publisher-1", &problem), AUTHORITY_DOCUMENT);
    assert_non_null(strstr(problem.text, ": was built for root version 1, but version 2 is in "
                                         "force; build it again"));
    folder_edit(dir, "header.json", "\"version\": 2", "\"version\": 3");
    assert_int_equal(build_header(dir, NULL, &result, &problem), AUTHORITY_OK);
    sign_ok("trust.header", "publisher-1");
    assert_int_equal(publish(&problem), AUTHORITY_OK);
}

/* --- init --- */

static void init_is_safe_to_repeat(void **state)
{
    (void)state;
    char office[PATH_MAX];
    struct authority_problem problem = {""};
    struct ceremony_result first;
    struct ceremony_result second;
    struct trust_clock_input clock = folder_clock();
    struct init_options options = {.state = "VN", .alg = COSE_EDDSA, .password = "a password"};
    folder_join(office, dir, "office");
    assert_int_equal(authority_init(office, &options, &clock, &first, &problem), AUTHORITY_OK);
    assert_int_equal(first.bundle.report.lists_added, 1);
    struct span bundle = folder_read(office, "out/trust.bundle");
    struct span key = folder_read(office, "keys/VN.pem");
    assert_non_null(strstr((const char *)key.ptr, "BEGIN ENCRYPTED PRIVATE KEY"));

    clock.now_s += 100;
    assert_int_equal(authority_init(office, &options, &clock, &second, &problem), AUTHORITY_OK);
    assert_memory_equal(first.root_id, second.root_id, sizeof first.root_id);
    struct span again = folder_read(office, "out/trust.bundle");
    check_bytes(again, bundle);
    folder_free(bundle);
    folder_free(again);
    folder_free(key);

    assert_int_equal(unlink(folder_path(office, "out/VN.list")), 0);
    options.password = "another password";
    assert_int_equal(authority_init(office, &options, &clock, &second, &problem), AUTHORITY_KEY);
    assert_non_null(strstr(problem.text, ".pem: the password is missing or wrong"));
}

static void a_holder_that_no_root_can_name_makes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *holder, *what;
    } cases[] = {
        {"", "is empty"},
        {"12345678901234567890123456789012345678901234567890123456789012345", "is too long"},
        {"a\nb", "holds a character that is not allowed"},
        {"a\x1B[31mb", "holds a character that is not allowed"},
        {"a\xE2\x80\xAE"
         "b",
         "holds a character that is not allowed"},
        {"a\xFF", "holds a character that is not allowed"},
    };
    char office[PATH_MAX];
    struct authority_problem problem;
    struct ceremony_result result;
    struct trust_clock_input clock = folder_clock();
    struct init_options options = {.state = "VN", .alg = COSE_ES256};
    folder_join(office, dir, "office");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        options.holder = cases[i].holder;
        assert_int_equal(authority_init(office, &options, &clock, &result, &problem),
                         AUTHORITY_SOURCE);
        assert_non_null(strstr(problem.text, cases[i].what));
        assert_false(file_exists(office));
    }
    options.holder = "1234567890123456789012345678901234567890123456789012345678901234";
    assert_int_equal(authority_init(office, &options, &clock, &result, &problem), AUTHORITY_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(two_of_three_sign_one_after_the_other),
        TEST(one_desk_takes_several_keys),
        TEST(keys_of_other_roles_are_refused),
        TEST(a_signature_stays_with_its_content),
        TEST(two_desks_lose_no_signature),
        TEST(what_was_built_anew_is_not_overwritten),
        TEST(a_document_is_written_by_one_program_at_a_time),
        TEST(a_truncated_list_is_not_signed),
        TEST(changed_rows_are_not_signed),
        TEST(rows_of_another_list_are_not_signed),
        TEST(other_files_are_not_signed),
        TEST(signed_content_keeps_its_version),
        TEST(the_version_may_be_held_against_another_file),
        TEST(signed_and_unreadable_is_not_replaced),
        TEST(what_is_published_imports),
        TEST(too_few_signatures_are_not_published),
        TEST(a_header_for_other_lists_is_not_published),
        TEST(a_new_root_needs_both),
        TEST(init_is_safe_to_repeat),
        TEST(a_holder_that_no_root_can_name_makes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
