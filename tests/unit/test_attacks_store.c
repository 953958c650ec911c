/* SPDX-License-Identifier: Apache-2.0
 *
 * Attacks on the file under the trust store: values changed one at a time, the end cut off, an
 * older copy or parts of one put in place. Whoever may write the file may forge the whole of it;
 * but no single change turns a revoked certificate green or amber, or an old list young, and
 * nothing accuses a good certificate.
 */
#include <unistd.h>

#include "attack_scene.h"
#include "base/file.h"

#define DAY_95_S (FIXTURE_NOW_S + FIXTURE_DAYS_S(95))

/* ---- a file that is changed and put right again ---- */

struct disk {
    struct attack *a;
    const char *path; /* of the copy */
    struct span whole;
    struct span revoked, good; /* certificates */
};

static struct disk disk_of(struct attack *a)
{
    trust_tables_settle(a->s.path);
    return (struct disk){a, fixture_path(a->s.f, "copy.db"), scene_file(&a->s, a->s.path),
                         attack_certificate(a, 5), attack_certificate(a, 1000)};
}

static void put(const struct disk *d, struct span bytes)
{
    char beside[256];
    assert_int_equal(file_write_atomic(d->path, bytes, 0600), FILE_OK);
    for (size_t i = 0; i < 2; i++) {
        snprintf(beside, sizeof beside, "%s%s", d->path, i == 0 ? "-wal" : "-shm");
        (void)unlink(beside);
    }
}

/* What a program that is started now says, "closed" when it cannot even open the file. */
static const char *judged(const struct disk *d, struct span certificate, int64_t now_s)
{
    struct trust_store *store = NULL;
    enum db_error error = DB_OK;
    struct verifier *verifier = NULL;
    struct verify_request request = world_request();
    request.now_s = now_s;
    if (trust_store_open(d->path, DB_READ, true, &store, &error) != TRUST_STORE_OK) {
        return "closed";
    }
    assert_int_equal(verifier_new(store, &verifier), VERIFY_OK);
    (void)!verify_credential(verifier, &request, certificate, &d->a->verdict);
    verifier_free(verifier);
    trust_store_close(store);
    return attack_words(&d->a->verdict, d->a->words, sizeof d->a->words);
}

static bool begins(const char *words, const char *with)
{
    return strncmp(words, with, strlen(with)) == 0;
}

/* Neither green nor amber. */
static bool is_refusal(const char *words)
{
    return begins(words, "closed") || begins(words, "cannot_verify") || begins(words, "not_valid");
}

/* What must hold of any single change. The time that is certainly past is believed as it stands:
 * what has expired by it is red. */
static bool is_honest(const struct disk *d, const char *what)
{
    bool refused = is_refusal(judged(d, d->revoked, FIXTURE_NOW_S + 3600));
    bool aged = !begins(judged(d, d->good, DAY_95_S), "valid");
    bool fair = strstr(what, "SET floor_s = floor_s * 2") != NULL ||
                !begins(judged(d, d->good, FIXTURE_NOW_S + 3600), "not_valid");
    if (!refused || !aged || !fair) {
        print_message("%s\n   revoked refused %d, old list not green %d, good not accused %d: %s\n",
                      what, refused, aged, fair, d->a->words);
    }
    return refused && aged && fair;
}

/* ---- one value at a time ---- */

static const struct {
    const char *table, *key; /* one text that names a row */
} keys[] = {
    {"bucket", "place"},
    {"header", "one"},
    {"header_history", "version"},
    {"list", "state"},
    {"list_history", "state || version"},
    {"root", "version"},
    {"store", "one"},
};

static const char *key_of(const char *table)
{
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (strcmp(keys[i].table, table) == 0) {
            return keys[i].key;
        }
    }
    fail_msg("no key for the table %s", table);
    return NULL;
}

/* A near value, with %s for the column's name, and the table's where it stands twice. */
static const char *const near_integer[] = {
    "%s + 1", "%s - 1", "0", "1", "1 - %s", "-%s", "%s * 2", "%s + 86400", "9223372036854775807"};
static const char *const near_text[] = {"'MY'", "'PH'", "'XX'", "'id'", "''", "%s || '.'"};
static const char *const near_blob[] = {
    "x''",
    "substr(%s, 2)",
    "substr(%s, 1, length(%s) - 1)",
    "CAST(%s || x'00' AS BLOB)",
    "zeroblob(length(%s))",
    "CAST(substr(%s, 2) || substr(%s, 1, 1) AS BLOB)",
    "NULL",
};

static size_t nears_of(const struct trust_column *c, const char *const **ret_near)
{
    switch (c->type) {
    case TRUST_COLUMN_INTEGER:
        *ret_near = near_integer;
        return COUNT_OF(near_integer);
    case TRUST_COLUMN_TEXT:
        *ret_near = near_text;
        return COUNT_OF(near_text);
    case TRUST_COLUMN_BLOB:
        break;
    }
    *ret_near = near_blob;
    return COUNT_OF(near_blob);
}

static void each_value_of(const struct disk *d, const struct trust_column *c, size_t *changes,
                          size_t *wrong)
{
    const char *const *near;
    char sql[6144], value[128];
    size_t nears = nears_of(c, &near);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", c->table);
    int64_t rows = trust_tables_number(d->a->s.path, sql);
    for (int64_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < nears; i++) {
            const char *key = key_of(c->table);
            snprintf(value, sizeof value, near[i], c->name, c->name);
            snprintf(sql, sizeof sql,
                     "UPDATE OR IGNORE %s SET %s = %s WHERE %s = (SELECT %s FROM %s ORDER BY 1"
                     " LIMIT 1 OFFSET %lld)",
                     c->table, c->name, value, key, key, c->table, (long long)row);
            put(d, d->whole);
            if (trust_tables_try(d->path, sql)) {
                (*changes)++;
                *wrong += !is_honest(d, sql);
            }
        }
    }
}

/* Three versions of ID's list have come, so that there are ways back, too. */
static void some_history(struct attack *a)
{
    struct fixture_list list[2];
    for (int64_t version = 1; version <= 3; version++) {
        const struct attack_sets sets = {{5, 20 + (uint32_t)version}, {7}, 2, 1};
        attack_lists(a, 1, list);
        list[0] = fixture_list(a->s.f, "ID", version, attack_id_rows(a, &sets));
        fixture_import(a->s.store, attack_bundle(a, version, list, 2));
    }
}

static void one_value_changed(void **state)
{
    struct attack *a = *state;
    struct trust_column column[TRUST_MAX_COLUMNS];
    size_t changes = 0, wrong = 0;
    some_history(a);
    struct disk d = disk_of(a);
    put(&d, d.whole);
    assert_string_equal(judged(&d, d.revoked, FIXTURE_NOW_S + 3600), ATTACK_REVOKED);
    assert_string_equal(judged(&d, d.good, FIXTURE_NOW_S + 3600), ATTACK_GREEN);
    size_t count = trust_tables_columns(a->s.path, column);
    for (size_t i = 0; i < count; i++) {
        each_value_of(&d, &column[i], &changes, &wrong);
    }
    print_message("%zu changes of %zu columns\n", changes, count);
    assert_int_equal(wrong, 0);
    assert_true(changes > 300);
}

/* ---- the end cut off ---- */

static void cut_at_every_page(void **state)
{
    struct attack *a = *state;
    some_history(a);
    struct disk d = disk_of(a);
    size_t refused = 0, pages = d.whole.len / 4096;
    assert_true(pages > 5 && pages * 4096 == d.whole.len);
    for (size_t page = 0; page < pages; page++) {
        char what[32];
        snprintf(what, sizeof what, "cut to %zu pages", page);
        put(&d, span_of(d.whole.ptr, page * 4096));
        assert_true(is_honest(&d, what));
        refused += begins(judged(&d, d.good, FIXTURE_NOW_S + 3600), "closed");
    }
    print_message("%zu pages, %zu of the files are not opened\n", pages, refused);
}

/* ---- an older copy ---- */

static void import_version(struct attack *a, int64_t version, const struct attack_sets *sets)
{
    struct fixture_list list[2];
    attack_lists(a, 1, list);
    list[0] = fixture_list(a->s.f, "ID", version, attack_id_rows(a, sets));
    struct trust_header *header = fixture_header_plain(a->s.f, version, list, 2);
    static const unsigned publisher[] = {FIXTURE_PUBLISHER_KEY};
    header->issued_at_s += FIXTURE_DAYS_S(version - 1);
    header->expires_s += FIXTURE_DAYS_S(60);
    struct span document = fixture_header_signed(a->s.f, header, publisher, 1);
    struct trust_refusal refusal = fixture_try(
        a->s.store, fixture_bundle(a->s.f, NULL, 0, document, list, 2), header->issued_at_s);
    assert_int_equal(refusal.error, TRUST_UPDATE_OK);
}

static const struct attack_sets old_sets = {{5}, {7}, 1, 1}, new_sets = {{5, 1000}, {7}, 2, 1};

/* Without something outside the disk nobody can tell: but it looks as old as it is, and greens no
 * longer than any list of its age. */
static void an_older_copy_is_as_old_as_it_looks(void **state)
{
    static const struct {
        int days;
        const char *words;
    } table[] = {
        {0, ATTACK_GREEN},
        {7, ATTACK_GREEN},
        {8, "valid GENUINE LIST_AGE/ID LIST_AGE/MY RECOGNISED/MY COMPARE_IDENTITY SAMPLE"},
        {31, "check_by_hand LIST_OLD/ID LIST_OLD/MY GENUINE RECOGNISED/MY COMPARE_IDENTITY SAMPLE"},
        {91, "check_by_hand STATUS_UNKNOWN/ID STATUS_UNKNOWN/MY GENUINE RECOGNISED/MY"
             " COMPARE_IDENTITY SAMPLE"},
    };
    struct attack *a = *state;
    import_version(a, 1, &old_sets);
    struct disk d = disk_of(a);
    import_version(a, 2, &new_sets);
    assert_string_equal(attack_index(a, 1000), "not_valid REVOKED CLOCK_SUSPECT GENUINE"
                                               " RECOGNISED/MY SAMPLE");
    put(&d, d.whole);
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        int64_t now_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(table[i].days) + 3600;
        assert_string_equal(judged(&d, d.good, now_s), table[i].words);
    }
    /* The next genuine bundle puts it right. */
    struct trust_store *own = a->s.store;
    enum db_error error = DB_OK;
    assert_int_equal(trust_store_open(d.path, DB_WRITE, true, &a->s.store, &error), TRUST_STORE_OK);
    import_version(a, 3, &new_sets);
    trust_store_close(a->s.store);
    a->s.store = own;
    assert_string_equal(judged(&d, d.good, FIXTURE_NOW_S + FIXTURE_DAYS_S(3)), ATTACK_REVOKED);
}

/* ---- parts of an older copy, and of another state ---- */

/* Runs statements on the copy, with the older copy attached as "old". */
static void patch(const struct disk *d, const char *older, const char *sql)
{
    trust_tables_attach(d->path, older, sql);
}

#define OLD_BUCKETS "REPLACE INTO bucket SELECT * FROM old.bucket"
#define OLD_DIGESTS                                                                                \
    "UPDATE list SET security = (SELECT security FROM old.list WHERE state = 'ID')"                \
    " WHERE state = 'ID'"
#define OLD_LIST   "REPLACE INTO list SELECT * FROM old.list WHERE state = 'ID'"
#define OLD_HEADER "REPLACE INTO header SELECT * FROM old.header"

static void parts_of_an_older_copy(void **state)
{
    static const struct {
        const char *sql[4];
        const char *words;
    } table[] = {
        {{OLD_BUCKETS}, "cannot_verify DATA_ERROR/ID SAMPLE"},
        {{OLD_DIGESTS}, "cannot_verify DATA_ERROR/ID SAMPLE"},
        {{OLD_BUCKETS, OLD_DIGESTS}, "cannot_verify DATA_ERROR/ID SAMPLE"},
        {{OLD_LIST}, "cannot_verify DATA_ERROR/ID SAMPLE"},
        /* The older list whole, below a header that names another: it says that it is fresh. */
        {{OLD_LIST, OLD_BUCKETS}, "cannot_verify DATA_ERROR/ID SAMPLE"},
        /* The older header with the newer lists: they are not the ones it names. */
        {{OLD_HEADER}, "cannot_verify DATA_ERROR/ID SAMPLE"},
        {{OLD_LIST, OLD_HEADER}, "cannot_verify DATA_ERROR/MY SAMPLE"},
        /* Told honestly to be behind, an older list is what it is: as old as its header. */
        {{OLD_LIST, OLD_BUCKETS, "UPDATE list SET behind = 1 WHERE state = 'ID'"},
         "valid GENUINE LIST_BEHIND/ID RECOGNISED/MY COMPARE_IDENTITY SAMPLE"},
    };
    struct attack *a = *state;
    import_version(a, 1, &old_sets);
    struct disk d = disk_of(a);
    const char *older = fixture_path(a->s.f, "older.db");
    assert_int_equal(file_write_atomic(older, d.whole, 0600), FILE_OK);
    import_version(a, 2, &new_sets);
    d = disk_of(a);
    int64_t now_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(1) + 3600;
    put(&d, d.whole);
    assert_string_equal(judged(&d, d.good, now_s), ATTACK_REVOKED);
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        put(&d, d.whole);
        for (size_t n = 0; n < 4 && table[i].sql[n] != NULL; n++) {
            patch(&d, older, table[i].sql[n]);
        }
        assert_string_equal(judged(&d, d.good, now_s), table[i].words);
    }
    /* In ninety-one days that last one has grown old. */
    assert_string_equal(judged(&d, d.good, FIXTURE_NOW_S + FIXTURE_DAYS_S(91) + 3600),
                        "check_by_hand LIST_OLD/MY STATUS_UNKNOWN/ID GENUINE LIST_BEHIND/ID"
                        " RECOGNISED/MY COMPARE_IDENTITY SAMPLE");
}

static void rows_of_another_state(void **state)
{
    static const char *const change[] = {
        /* ID's buckets elsewhere, MY's in their place, and MY's digests and document for ID's */
        "UPDATE bucket SET place = place + 100000000 WHERE place BETWEEN 76824576 AND 76825600",
        "UPDATE OR REPLACE bucket SET place = place - 4280320 WHERE place >= 81104896",
        "UPDATE list SET security = (SELECT security FROM list WHERE state = 'MY')",
        "UPDATE list SET document = (SELECT document FROM list WHERE state = 'MY')",
        "UPDATE list SET digest = (SELECT digest FROM list WHERE state = 'MY')",
    };
    struct attack *a = *state;
    import_version(a, 1, &old_sets);
    struct disk d = disk_of(a);
    for (size_t i = 0; i < COUNT_OF(change); i++) {
        put(&d, d.whole);
        trust_tables_run(d.path, change[i]);
        assert_true(is_refusal(judged(&d, d.revoked, FIXTURE_NOW_S + 3600)));
        assert_true(begins(judged(&d, d.good, FIXTURE_NOW_S + 3600), "cannot_verify DATA_ERROR/"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ATTACK_TEST(one_value_changed),
        ATTACK_TEST(cut_at_every_page),
        ATTACK_TEST(an_older_copy_is_as_old_as_it_looks),
        ATTACK_TEST(parts_of_an_older_copy),
        ATTACK_TEST(rows_of_another_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
