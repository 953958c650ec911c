/* SPDX-License-Identifier: Apache-2.0
 *
 * The program behind "saksi issue": its exit statuses and sentences, blocks signed by an authority
 * beside forged ones, and runs that are killed again and again until all is issued once. */
#include "issue_scene.h"

#include <signal.h>
#include <sys/wait.h>

#include "base/process.h"
#include "issuer/block.h"
#include "trust_fixture.h"
#include "verifier/verify.h"

#define PROGRAM SCENE_LIBEXEC "/saksi-issue"

static char folder[64];
static struct process_result last; /* of the latest run */

/* Runs the program in the folder with up to 20 arguments; returns its exit status. */
static int run(const char *const *arguments)
{
    const char *argv[24] = {PROGRAM};
    static const char *const environment[] = {"ASAN_OPTIONS=detect_leaks=1", NULL};
    size_t count = 1;
    for (; *arguments != NULL; arguments++) {
        assert_true(count < COUNT_OF(argv) - 1);
        argv[count++] = *arguments;
    }
    struct process_call call = {argv, environment, span_of(NULL, 0), 1 << 20, 120000};
    free(last.output);
    last.output = NULL;
    assert_int_equal(process_run(&call, &last), PROCESS_OK);
    return last.exit_code;
}

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static void assert_said(const char *expected)
{
    if (strstr(last.message, expected) == NULL) {
        print_error("said: %s\nnot: %s\n", last.message, expected);
    }
    assert_non_null(strstr(last.message, expected));
}

static void assert_printed(const char *expected)
{
    char text[4096];
    (void)snprintf(text, sizeof text, "%.*s", (int)last.output_len, (const char *)last.output);
    if (strstr(text, expected) == NULL) {
        print_error("printed: %s\nnot: %s\n", text, expected);
    }
    assert_non_null(strstr(text, expected));
}

static void write_file(const char *name, const char *text, mode_t mode)
{
    assert_int_equal(file_write_atomic(name, span_str(text), mode), FILE_OK);
}

static int enter(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/saksi-program-XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    scene_write_key("key.pem", 1, NULL);
    return 0;
}

static int leave(void **state)
{
    (void)state;
    char command[128];
    free(last.output);
    last.output = NULL;
    assert_int_equal(chdir("/"), 0);
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static int init(const char *first, const char *last_index)
{
    return RUN("init", "hall", "--issuer", "ID.SAMPLE.LSP", "--station", "hall", "--key", "key.pem",
               "--name", "Sample LSP", "--name", "id=LSP Contoh", "--authority", "ID.SAMPLE",
               "--authority-name", "Sample Authority", "--sample", "--unsigned-block", "--first",
               first, "--last", last_index);
}

/* `count` records N0, N1, ... in one file. */
static void write_records(const char *name, int count)
{
    FILE *f = fopen(name, "w");
    assert_non_null(f);
    for (int i = 0; i < count; i++) {
        char number[16], record[2048];
        (void)snprintf(number, sizeof number, "N%d", i);
        scene_record(record, number, "");
        assert_true(fprintf(f, "%s%s", i == 0 ? "[" : ",", record) > 0);
    }
    assert_true(fputs("]", f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void a_station_is_made_and_issues(void **state)
{
    (void)state;
    assert_int_equal(init("5", "9"), 0);
    assert_printed("Station \"hall\" of ID.SAMPLE.LSP is in hall.");
    assert_int_equal(init("5", "9"), 0); /* again is no harm */
    write_records("r.json", 2);
    assert_int_equal(RUN("--station", "hall", "--check", "r.json"), 0);
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "r.json"), 0);
    assert_printed("issued N0, index 5\nissued N1, index 6\n");
    assert_true(scene_has("hall/out", "N1.cose"));
    assert_int_equal(RUN("status", "--station", "hall"), 0);
    assert_printed("block     5 to 9, signed by nobody, 3 left\nhalf-way  0\nchanges   2\n");
    assert_int_equal(RUN("report", "--station", "hall", "--out", "r.report"), 0);
    assert_printed(
        "r.report (SAMPLE) tells 2 certificates, changes 1 to 2; the next report begins with "
        "--from 3\n");
    assert_int_equal(RUN("void", "--station", "hall", "--number", "n-1"), 0);
    assert_int_equal(RUN("report", "--station", "hall", "--out", "r.report", "--from", "3"), 0);
    assert_printed("tells 1 certificate, changes 3 to 3");
    assert_int_equal(RUN("void", "--station", "hall", "--number", "n-1"), 65);
    assert_said("void: no certificate in force has the number n-1");
}

static void wrong_usage_is_64(void **state)
{
    (void)state;
    assert_int_equal(RUN("--no-such"), 64);
    assert_int_equal(RUN("--no-pdf"), 64);
    assert_said("no record is named");
    assert_int_equal(RUN("--duplicate", "--sibling", "r.json"), 64);
    assert_said("--duplicate and --sibling exclude each other");
    assert_int_equal(RUN("--no-pdf", "--card", "r.json"), 64);
    assert_int_equal(RUN("init"), 64);
    assert_int_equal(RUN("init", "hall", "--issuer", "X"), 64);
    assert_said("--issuer must be an id");
    assert_int_equal(RUN("init", "hall", "--issuer", "ID.SAMPLE.LSP", "--station", "hall", "--key",
                         "key.pem", "--first", "1", "--last", "2"),
                     64);
    assert_said("needs --unsigned-block");
    assert_int_equal(RUN("init", "hall", "--issuer", "ID.SAMPLE.LSP", "--station", "hall", "--key",
                         "key.pem", "--first", "1", "--last", "2", "--unsigned-block"),
                     64);
    assert_said("give --name, --authority and --authority-name");
    assert_false(scene_has(".", "hall"));
    assert_int_equal(init("9", "5"), 64);
    assert_int_equal(RUN("report", "--station", "hall"), 64);
    assert_int_equal(RUN("void", "--station", "hall"), 64);
    assert_int_equal(RUN("block", "--station", "hall"), 64);
    assert_int_equal(RUN("status", "hall"), 64);
    static const char *const commands[] = {"init", "block", "report", "void", "status"};
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        assert_int_equal(RUN(commands[i], "--help"), 0);
        assert_printed("Usage: saksi issue ");
    }
    assert_int_equal(RUN("--help"), 0);
}

static void bad_records_are_65_and_nothing_is_issued(void **state)
{
    (void)state;
    char record[2048];
    assert_int_equal(init("1", "2"), 0);
    scene_record(record, "N1", "");
    write_file("good.json", record, 0644);
    scene_record(record, "N2", ",\"levle\":2");
    write_file("bad.json", record, 0644);
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "good.json", "bad.json"), 65);
    assert_said("bad.json: levle: is not a known name");
    assert_said("1 of 2 records cannot be issued; nothing was issued");
    assert_false(scene_has("hall", "out"));
    write_file("bad.json", "{\"a\":", 0644);
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "bad.json"), 65);
    assert_said("bad.json: line 1: ");
    write_records("three.json", 3);
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "three.json"), 65);
    assert_said("no index is left; ask the authority for another block");
    assert_int_equal(
        RUN("block", "--station", "hall", "--first", "3", "--last", "3", "--unsigned-block"), 0);
    assert_int_equal(
        RUN("block", "--station", "hall", "--first", "0", "--last", "1", "--unsigned-block"), 65);
    assert_said("the block overlaps");
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "three.json"), 0);
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "three.json"), 65);
    assert_said("N0: this certificate was issued already");
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "--resume", "three.json"), 0);
    assert_printed("passed over N2: issued before");
}

static void missing_files_are_74(void **state)
{
    (void)state;
    assert_int_equal(RUN("--station", "hall", "r.json"), 74);
    assert_said("hall: there is no station here");
    assert_int_equal(init("1", "9"), 0);
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "nowhere.json"), 74);
    assert_said("nowhere.json: ");
    assert_int_equal(truncate("hall/registry.db", 5000), 0);
    write_records("r.json", 1);
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "r.json"), 74);
    assert_said("hall/registry.db: ");
}

static void what_cannot_be_made_is_73(void **state)
{
    (void)state;
    assert_int_equal(init("1", "9"), 0);
    write_records("r.json", 1);
    write_file("file", "x", 0644);
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "--out", "file/x", "r.json"), 73);
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "--out", "none/x", "r.json"), 73);
    assert_int_equal(RUN("report", "--station", "hall", "--out", "none/x"), 73);
    assert_int_equal(RUN("init", "hall", "--issuer", "ID.OTHER.LSP", "--station", "hall", "--key",
                         "key.pem", "--name", "X", "--authority", "ID.OTHER", "--authority-name",
                         "Y", "--sample", "--unsigned-block", "--first", "1", "--last", "2"),
                     73);
    assert_said("hall: is another station already; choose a new folder");
}

static void keys_are_77(void **state)
{
    (void)state;
    assert_int_equal(init("1", "9"), 0);
    write_records("r.json", 1);
    assert_int_equal(chmod("key.pem", 0644), 0);
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "r.json"), 77);
    assert_said("others can read the key");
    assert_int_equal(unlink("key.pem"), 0);
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "r.json"), 77);
    assert_said("the key file is not there");
    write_file("key.pem", "no key", 0600);
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "r.json"), 77);
    assert_said("is not a PKCS#8 PEM key");
    assert_int_equal(unlink("key.pem"), 0);
    scene_write_key("key.pem", 1, "open sesame");
    write_file("right", "open sesame\n", 0600);
    write_file("wrong", "open sesam\n", 0600);
    write_file("empty", "\n", 0600);
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "--password-file", "wrong", "r.json"),
                     77);
    assert_said("the password of the key is missing or wrong");
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "--password-file", "empty", "r.json"),
                     77);
    assert_said("empty: the first line must hold the password, of 1 to 1023 bytes");
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "--password-file", "right", "r.json"), 0);
}

/* --- blocks that an authority signs --- */

static struct span signed_block(struct fixture *f, const char *station, uint32_t first,
                                const unsigned *keys, size_t count, const char *typ)
{
    uint8_t room[128];
    struct writer w = writer_of(room, sizeof room);
    struct block block = {span_str("ID.BNSP.LSP-0123"), span_str(station), first, first + 9,
                          FIXTURE_NOW_S};
    block_encode(&block, &w);
    return fixture_sign(f, typ, writer_span(&w), keys, count);
}

static void put(const char *name, struct span bytes)
{
    assert_int_equal(file_write_atomic(name, bytes, 0644), FILE_OK);
}

static int init_with(const char *where, const char *block)
{
    return RUN("init", where, "--issuer", "ID.BNSP.LSP-0123", "--station", "hall", "--key",
               "key.pem", "--sample", "--block", block, "--db", "trust.db");
}

static void only_blocks_of_the_authority_are_taken(void **state)
{
    (void)state;
    static const unsigned two[] = {21, 22}, one[] = {21}, same[] = {21, 21}, wrong[] = {31, 22};
    struct fixture *f = fixture_new();
    char db[128];
    (void)snprintf(db, sizeof db, "%s/trust.db", folder);
    struct trust_store *store = fixture_store(f, "trust.db");
    fixture_import(store, fixture_standard_bundle(f));
    trust_store_close(store);
    assert_int_equal(symlink(fixture_path(f, "trust.db"), db), 0);
    put("good.block", signed_block(f, "hall", 100, two, 2, BLOCK_TYP));
    put("one.block", signed_block(f, "hall", 100, one, 1, BLOCK_TYP));
    put("same.block", signed_block(f, "hall", 100, same, 2, BLOCK_TYP));
    put("wrong.block", signed_block(f, "hall", 100, wrong, 2, BLOCK_TYP));
    put("list.block", signed_block(f, "hall", 100, two, 2, "list1"));
    put("yard.block", signed_block(f, "yard", 100, two, 2, BLOCK_TYP));
    assert_int_equal(init_with("a", "one.block"), 65);
    assert_said("the authority of ID did not sign this block (THRESHOLD)");
    assert_int_equal(init_with("a", "same.block"), 65);
    assert_int_equal(init_with("a", "wrong.block"), 65);
    assert_int_equal(init_with("a", "list.block"), 65);
    assert_said("list.block: is not an index block, or is damaged");
    assert_int_equal(init_with("a", "yard.block"), 65);
    assert_said("is for station \"yard\" of ID.BNSP.LSP-0123, not for \"hall\"");
    assert_int_equal(init_with("a", "good.block"), 0);
    assert_int_equal(RUN("status", "--station", "a"), 0);
    assert_printed("block     100 to 109, signed by the authority, 10 left");
    /* Names come from the list, and its place is kept. */
    struct span text = scene_read("a", "station.json");
    assert_non_null(strstr((const char *)text.ptr, "\"ID.BNSP\""));
    assert_non_null(strstr((const char *)text.ptr, "\"trust_list\": \"/tmp/"));
    scene_release(text);
    /* Without --sample a sample list is no proof. */
    assert_int_equal(RUN("init", "b", "--issuer", "ID.BNSP.LSP-0123", "--station", "hall", "--key",
                         "key.pem", "--block", "good.block", "--db", "trust.db"),
                     65);
    assert_said("holds sample data");
    put("next.block", signed_block(f, "hall", 110, two, 2, BLOCK_TYP));
    assert_int_equal(RUN("block", "--station", "a", "--block", "next.block", "--db", "trust.db"),
                     0);
    fixture_free(f);
}

static void a_list_that_is_gone_costs_only_titles(void **state)
{
    (void)state;
    char station[2048];
    assert_int_equal(init("5", "9"), 0);
    struct span text = scene_read("hall", "station.json");
    assert_null(strstr((const char *)text.ptr, "trust_list")); /* none was named */
    int head = (int)(strrchr((const char *)text.ptr, '}') - (const char *)text.ptr);
    (void)snprintf(station, sizeof station, "%.*s, \"trust_list\": \"gone.db\"}", head,
                   (const char *)text.ptr);
    scene_release(text);
    write_file("hall/station.json", station, 0644);
    write_records("r.json", 1);
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "r.json"), 0);
    assert_printed("issued N0, index 5\n");
    assert_said("hall/gone.db: ");
    assert_said("warning: pages show codes of units without their titles");
    write_file("hall/gone.db", "no list", 0644);
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "--resume", "r.json"), 0);
    assert_said("warning: pages show codes of units without their titles");
}

/* --- the verifier's word --- */

static void a_verifier_calls_it_genuine(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    struct trust_store *store = fixture_store(f, "trust.db");
    struct verifier *verifier = NULL;
    struct crypto_private_key *key = NULL;
    struct signer *signer = NULL;
    static struct signed_credential made;
    static struct verdict verdict;
    static struct scene_item item;
    fixture_import(store, fixture_standard_bundle(f));
    assert_int_equal(crypto_private_key_write(fixture_key(f, 101)->private_key, "101.pem", NULL),
                     CRYPTO_FILE_OK);
    assert_int_equal(crypto_private_key_read("101.pem", NULL, &key), CRYPTO_FILE_OK);
    assert_int_equal(signer_new(key, &signer), SIGNER_OK);
    scene_item(&item, "N1", "");
    struct credential *c = &item.item.credential;
    credential_set_text(c, SAKSI_CLAIM_ISS, span_str("ID.BNSP.LSP-0123"));
    credential_set_number(c, SAKSI_CLAIM_IAT, FIXTURE_NOW_S - FIXTURE_DAYS_S(10));
    credential_set_number(c, SAKSI_CLAIM_STATUS_INDEX, 1000);
    assert_int_equal(signer_sign(signer, c, &made, NULL), SIGNER_OK);
    struct verify_request request = {
        .now_s = FIXTURE_NOW_S, .build_s = FIXTURE_BUILD_S, .host = "ID", .purpose = SAKSI_HIRING};
    assert_int_equal(verifier_new(store, &verifier), VERIFY_OK);
    assert_int_equal(
        verify_qr_text(verifier, &request, span_of(made.qr_text, made.qr_text_len), &verdict),
        VERIFY_OK);
    assert_true(verdict.genuine);
    assert_int_equal(verdict.outcome, SAKSI_VALID);
    assert_true(verdict_has(&verdict, SAKSI_DOMESTIC));
    assert_memory_equal(verdict.credential_digest, made.credential_digest, 32);
    /* The same claims under a stranger's key. */
    struct signer *stranger = scene_signer(77);
    assert_int_equal(signer_sign(stranger, c, &made, NULL), SIGNER_OK);
    assert_int_equal(
        verify_qr_text(verifier, &request, span_of(made.qr_text, made.qr_text_len), &verdict),
        VERIFY_OK);
    assert_int_equal(verdict.outcome, SAKSI_NOT_VALID);
    assert_true(verdict_has(&verdict, SAKSI_KEY_UNKNOWN));
    signer_free(stranger);
    signer_free(signer);
    record_file_close(&item.file);
    verifier_free(verifier);
    trust_store_close(store);
    fixture_free(f);
}

/* --- power cuts --- */

#define KILL_RECORDS 230

/* Starts the program on all records and kills it after `after_us`; true when it had ended by
 * itself. */
static bool run_and_kill(useconds_t after_us)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);
        (void)dup2(null, STDOUT_FILENO);
        (void)dup2(null, STDERR_FILENO);
        execl(PROGRAM, "issue", "--station", "hall", "--no-pdf", "--resume", "r.json",
              (char *)NULL);
        _exit(127);
    }
    assert_true(child > 0);
    (void)usleep(after_us);
    (void)kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFEXITED(status);
}

static void killed_again_and_again_it_issues_all_once(void **state)
{
    (void)state;
    static bool seen[100000];
    uint64_t seed = 7;
    int kills = 0;
    assert_int_equal(init("0", "99999"), 0);
    write_records("r.json", KILL_RECORDS);
    while (kills < 50 && !run_and_kill((useconds_t)(check_random(&seed) % 100000))) {
        kills++;
    }
    assert_int_equal(RUN("--station", "hall", "--no-pdf", "--resume", "r.json"), 0);
    struct station station;
    struct station_problem problem;
    struct registry *registry = NULL;
    struct registry_entry entry;
    enum db_error db_error = DB_OK;
    assert_true(station_open("hall", &station, &problem));
    assert_int_equal(
        registry_open(station.registry_path, &station.identity, true, &registry, &db_error),
        REGISTRY_OK);
    struct signer *signer = scene_signer(1);
    static struct signed_credential made;
    for (int i = 0; i < KILL_RECORDS; i++) {
        char number[16], name[32];
        (void)snprintf(number, sizeof number, "N%d", i);
        (void)snprintf(name, sizeof name, "N%d.cose", i);
        assert_int_equal(registry_next_of_number(registry, span_str(number), -1, &entry),
                         REGISTRY_OK);
        assert_int_equal(entry.state, REGISTRY_DELIVERED);
        assert_false(seen[entry.index]);
        seen[entry.index] = true;
        /* The file is the certificate the registry means. */
        struct credential c;
        struct span file = scene_read("hall/out", name);
        assert_int_equal(signer_reopen(signer, file, &made), SIGNER_OK);
        assert_true(signed_credential_claims(&made, &c));
        assert_int_equal(credential_number(&c, SAKSI_CLAIM_STATUS_INDEX), entry.index);
        scene_release(file);
        assert_int_equal(registry_next_of_number(registry, span_str(number), entry.index, &entry),
                         REGISTRY_DONE);
    }
    print_message("%d kills before all %d were issued\n", kills, KILL_RECORDS);
    signer_free(signer);
    registry_close(registry);
    station_close(&station);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_station_is_made_and_issues),
        IN_FOLDER(wrong_usage_is_64),
        IN_FOLDER(bad_records_are_65_and_nothing_is_issued),
        IN_FOLDER(missing_files_are_74),
        IN_FOLDER(what_cannot_be_made_is_73),
        IN_FOLDER(keys_are_77),
        IN_FOLDER(only_blocks_of_the_authority_are_taken),
        IN_FOLDER(a_list_that_is_gone_costs_only_titles),
        IN_FOLDER(a_verifier_calls_it_genuine),
        IN_FOLDER(killed_again_and_again_it_issues_all_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
