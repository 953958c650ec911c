/* SPDX-License-Identifier: Apache-2.0
 *
 * The decision over a store that is damaged or fails: never a green or amber light, and never an
 * accusation. SAKSI_LONG=1 flips more of the file's bits.
 */
#include <stdio.h>

#include "base/file.h"
#include "verify_scene.h"

/* Single bits of the file, one at a time: a revoked certificate never turns green or amber. */
static void a_failing_disk_never_reinstates(void **state)
{
    (void)state;
    struct verify_request request = world_request();
    struct credential c = world_credential();
    credential_set_number(&c, SAKSI_CLAIM_STATUS_INDEX, 5);
    struct span document = world_sign(w, &c, WORLD_KEY);
    trust_store_close(world_store(w, "disk.db"));
    const char *path = fixture_path(w->f, "disk.db"), *copy = fixture_path(w->f, "disk-copy.db");
    run_sql("disk.db", "PRAGMA wal_checkpoint(TRUNCATE)");
    uint8_t *bytes = NULL;
    size_t len = 0, stride = check_is_long() ? 3 : 97, refused = 0, red = 0;
    assert_int_equal(file_read(path, 1 << 24, &bytes, &len), FILE_OK);
    for (size_t at = 0; at < len; at += stride) {
        struct trust_store *own = NULL;
        struct verifier *with = NULL;
        enum db_error db_error = DB_OK;
        bytes[at] ^= (uint8_t)(1 << at % 8);
        assert_int_equal(file_write_atomic(copy, span_of(bytes, len), 0600), FILE_OK);
        bytes[at] ^= (uint8_t)(1 << at % 8);
        if (trust_store_open(copy, DB_READ, true, &own, &db_error) != TRUST_STORE_OK) {
            refused++;
            continue;
        }
        assert_int_equal(verifier_new(own, &with), VERIFY_OK);
        (void)!verify_credential(with, &request, document, &verdict);
        assert_true(verdict.outcome >= SAKSI_CANNOT_VERIFY);
        red += verdict.outcome == SAKSI_NOT_VALID;
        verifier_free(with);
        trust_store_close(own);
    }
    print_message("%zu bytes, %zu files refused, %zu verdicts red\n", len, refused, red);
    assert_true(red > 0 && refused > 0);
    free(bytes);
}

/* The stored document's last byte is the end of its signature. */
static void a_list_whose_signature_is_damaged_is_not_believed(void **state)
{
    (void)state;
    struct trust_store *own = world_store(w, "signature.db");
    struct verify_request request = world_request();
    struct credential c = world_credential();
    struct verifier *with = NULL;
    struct span document;
    uint8_t changed[4096];
    assert_int_equal(trust_store_list_document(own, span_str("ID"), &document), TRUST_STORE_OK);
    assert_true(document.len <= sizeof changed);
    memcpy(changed, document.ptr, document.len);
    changed[document.len - 1] ^= 1;
    struct db *db = NULL;
    assert_int_equal(db_open(fixture_path(w->f, "signature.db"), DB_WRITE, &trust_schema, &db),
                     DB_OK);
    struct db_stmt *update = db_prepare(db, "UPDATE list SET document = ?1 WHERE state = 'ID'");
    db_bind_blob(update, 1, span_of(changed, document.len));
    assert_int_equal(db_run(update), DB_OK);
    db_close(db);
    assert_int_equal(verifier_new(own, &with), VERIFY_OK);
    assert_int_equal(verify_credential(with, &request, world_sign(w, &c, WORLD_KEY), &verdict),
                     VERIFY_OK);
    assert_int_equal(verdict.reason[0].reason, SAKSI_DATA_ERROR);
    verifier_free(with);
    trust_store_close(own);
}

/* Whatever is damaged: never a green or amber light, and never an accusation. */
static void damage_is_never_an_answer(void **state)
{
    (void)state;
    static const char *const damage[] = {
        "UPDATE bucket SET data = x''",
        "UPDATE bucket SET data = x'80'",
        "UPDATE bucket SET data = substr(data, 1, length(data) - 1)",
        "UPDATE bucket SET data = substr(data, 2)",
        "UPDATE bucket SET data = (SELECT data FROM bucket ORDER BY place LIMIT 1)",
        "UPDATE bucket SET data = (SELECT data FROM bucket ORDER BY place DESC LIMIT 1)",
        "UPDATE bucket SET place = place + 10000000",
        "DELETE FROM bucket",
        "UPDATE list SET security = x''",
        "UPDATE list SET security = zeroblob(32800)",
        "UPDATE list SET security = zeroblob(32801)",
        "UPDATE list SET catalogue = x''",
        "UPDATE list SET catalogue = zeroblob(32800)",
        "UPDATE root SET document = x'80'",
        "UPDATE root SET document = substr(document, 1, 100)",
        "UPDATE header SET document = x'80'",
        "UPDATE list SET digest = x'80'",
        "UPDATE store SET root_id = x'80'",
        "DELETE FROM root",
        "DELETE FROM store",
    };
    struct verify_request request = world_request();
    struct credential c = world_credential();
    struct span document = world_sign(w, &c, WORLD_KEY);
    for (size_t i = 0; i < COUNT_OF(damage); i++) {
        char name[32];
        struct verifier *with = NULL;
        snprintf(name, sizeof name, "damaged-%zu.db", i);
        struct trust_store *own = world_store(w, name);
        assert_int_equal(verifier_new(own, &with), VERIFY_OK);
        assert_int_equal(verify_credential(with, &request, document, &verdict), VERIFY_OK);
        assert_int_equal(verdict.outcome, SAKSI_VALID);
        run_sql(name, damage[i]);
        assert_int_equal(verify_credential(with, &request, document, &verdict), VERIFY_OK);
        if (verdict.reason[0].reason != SAKSI_DATA_ERROR) {
            print_reasons("damage", damage[i]);
        }
        assert_int_equal(verdict.outcome, SAKSI_CANNOT_VERIFY);
        assert_int_equal(verdict.reason[0].reason, SAKSI_DATA_ERROR);
        verifier_free(with);
        trust_store_close(own);
    }
}

/* A key row whose public key was changed in the file must not make genuine certificates look
 * forged. */
static void a_changed_key_is_damage_not_forgery(void **state)
{
    (void)state;
    struct trust_store *own = world_store(w, "key.db");
    struct verify_request request = world_request();
    struct credential c = world_credential();
    struct span document = world_sign(w, &c, WORLD_KEY);
    struct verifier *with = NULL;
    const struct fixture_key *key = fixture_key(w->f, WORLD_KEY);
    const struct fixture_key *other = fixture_key(w->f, WORLD_KEY_STRANGER);
    uint8_t room[256], name_room[ROW_MAX_KEY_BYTES];
    struct writer bytes = writer_of(room, sizeof room);
    struct writer name = writer_of(name_room, sizeof name_room);
    row_key_write(&bytes, &(struct row_key){.issuer = span_str(WORLD_ISSUER),
                                            .kid = key->kid,
                                            .alg = other->alg,
                                            .public_key = other->public_key,
                                            .from_s = 0,
                                            .until_s = FIXTURE_DAYS_S(400)});
    row_key_of_kid(&name, span_str(WORLD_ISSUER), key->kid);
    struct row row = {ROW_KEY, writer_span(&name), writer_span(&bytes)};
    assert_int_equal(trust_store_begin_write(own), TRUST_STORE_OK);
    fixture_put_rows(own, "ID", &row, 1);
    assert_int_equal(trust_store_commit(own), TRUST_STORE_OK);
    assert_int_equal(verifier_new(own, &with), VERIFY_OK);
    assert_int_equal(verify_credential(with, &request, document, &verdict), VERIFY_OK);
    assert_int_equal(verdict.reason[0].reason, SAKSI_DATA_ERROR);
    verifier_free(with);
    trust_store_close(own);
}

static void a_database_that_fails_gives_no_light(void **state)
{
    (void)state;
    struct trust_store *own = world_store(w, "failing.db");
    trust_store_close(own);
    run_sql("failing.db", "PRAGMA wal_checkpoint(TRUNCATE)");
    enum db_error error = DB_OK;
    assert_int_equal(
        trust_store_open(fixture_path(w->f, "failing.db"), DB_READ, true, &own, &error),
        TRUST_STORE_OK);
    struct verify_request request = world_request();
    struct credential c = world_credential();
    struct span document = world_sign(w, &c, WORLD_KEY);
    struct verifier *with = NULL;
    FILE *file = fopen(fixture_path(w->f, "failing.db"), "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, 4096, SEEK_SET), 0);
    for (int i = 0; i < 40 * 4096; i++) {
        fputc(0xEE, file);
    }
    fclose(file);
    assert_int_equal(verifier_new(own, &with), VERIFY_OK);
    assert_int_equal(verify_credential(with, &request, document, &verdict), VERIFY_STORE);
    assert_int_equal(verdict.outcome, SAKSI_CANNOT_VERIFY);
    assert_int_equal(verdict.reason[0].reason, SAKSI_DATA_ERROR);
    assert_int_equal(trust_store_db_error(own), DB_CORRUPT);
    verifier_free(with);
    trust_store_close(own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failing_disk_never_reinstates),
        cmocka_unit_test(a_list_whose_signature_is_damaged_is_not_believed),
        cmocka_unit_test(damage_is_never_an_answer),
        cmocka_unit_test(a_changed_key_is_damage_not_forgery),
        cmocka_unit_test(a_database_that_fails_gives_no_light),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
