/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person reads before signing a header or a root: every kind of change in its words, and the
 * warnings.
 */
#include "summary_scene.h"

/* --- headers --- */

static void headers(void **state)
{
    (void)state;
    build("MY");
    build("ID");
    build("header");
    sign("trust.header", "publisher-1");
    assert_changes("out/trust.header", "  No signed version before this one was found.\n"
                                       "Signed by 1 of the 1 needed (publisher of root 1)\n");
    folder_edit(dir, "MY/list.json", "\"version\": 1", "\"version\": 2");
    build("MY");
    build("TH");
    assert_int_equal(unlink(folder_path(out, "ID.list")), 0);
    folder_edit(dir, "header.json", "\"version\": 1", "\"version\": 2");
    folder_edit(dir, "header.json", "\"plain\": 7, \"shown\": 30", "\"plain\": 6, \"shown\": 31");
    folder_edit(dir, "header.json", "\"valid_days\": 30", "\"valid_days\": 20");
    build("header");
    assert_changes(
        "out/trust.header",
        "  Changes since version 1, issued 2026-06-09, signed by 1 "
        "(DIR/out/signed/trust-1.header):\n"
        "    limits:\n"
        "      fresh, shown, amber up to 6, 31, 90 days, was 7, 30, 90\n"
        "    lists: 1 added, 1 changed, 1 removed\n"
        "      MY: version 2 as of 2026-06-09, was 1 as of 2026-06-09\n"
        "      + TH version 1\n"
        "      - ID version 1\n"
        "3 WARNINGS:\n"
        "  !! it ends earlier than the one before: 2026-06-29 10:13:20, was 2026-07-09 10:13:20\n"
        "  !! lists may be older than before: 6, 31, 90 days, was 7, 30, 90\n"
        "  !! ID is named no more: its list grows old everywhere\n"
        "Signed by 0 of the 1 needed (publisher of root 1)\n");
    /* the list of MY goes back, in its version and in time; PH says something else as version 1 */
    sign("trust.header", "publisher-1");
    folder_edit(dir, "header.json", "\"version\": 2", "\"version\": 3");
    folder_edit(dir, "MY/list.json", "\"version\": 2", "\"version\": 1");
    folder_edit(dir, "MY/list.json", "2026-06-09T", "2026-06-08T");
    folder_edit(dir, "TH/list.json", "\"valid_days\": 180", "\"valid_days\": 170");
    build("MY");
    build("TH");
    build("header");
    assert_changes(
        "out/trust.header",
        "  Changes since version 2, issued 2026-06-09, signed by 1 "
        "(DIR/out/signed/trust-2.header):\n"
        "    lists: 0 added, 2 changed, 0 removed\n"
        "      MY: version 1 as of 2026-06-08, was 2 as of 2026-06-09\n"
        "      TH: version 1 as of 2026-06-09, was 1 as of 2026-06-09\n"
        "3 WARNINGS:\n"
        "  !! MY: its list goes back from version 2 to 1\n"
        "  !! MY: its list is as of an earlier time, 2026-06-08 10:13:20, was 2026-06-09 10:13:20\n"
        "  !! TH: another list of the same version 1\n"
        "Signed by 0 of the 1 needed (publisher of root 1)\n");
}

/* --- roots --- */

/* DIR/keys/kSEED.pem */
static void write_key(uint8_t seed_byte)
{
    char name[32];
    uint8_t seed[32];
    struct crypto_private_key *key = NULL;
    memset(seed, seed_byte, sizeof seed);
    (void)snprintf(name, sizeof name, "keys/k%u.pem", seed_byte);
    assert_int_equal(crypto_private_key_from_seed(COSE_ES256, seed, &key), CRYPTO_OK);
    assert_int_equal(crypto_private_key_write(key, folder_path(dir, name), NULL), CRYPTO_FILE_OK);
    crypto_private_key_free(key);
}

struct root_text {
    int version;
    const char *dates; /* "issued_at": ... "sample": ... */
    int threshold;
    uint8_t root[2], publisher, my;
    const char *my_ended, *more; /* authorities */
};

static void put_root(const struct root_text *r)
{
    char json[8192];
    int len = snprintf(
        json, sizeof json,
        "{ \"version\": %d, %s, \"root\": { \"threshold\": %d, \"keys\": ["
        "{ \"holder\": \"One\", \"alg\": \"ES256\", \"public\": \"%s\" },"
        "{ \"holder\": \"Two\", \"alg\": \"ES256\", \"public\": \"%s\" } ] },"
        "\"publisher\": { \"threshold\": 1, \"keys\": ["
        "{ \"holder\": \"Printer %d\", \"alg\": \"ES256\", \"public\": \"%s\" } ] },"
        "\"authorities\": [ { \"state\": \"MY\", \"ended\": %s, \"threshold\": 1, \"keys\": ["
        "{ \"holder\": \"MY\", \"alg\": \"ES256\", \"public\": \"%s\" } ] } %s ] }",
        r->version, r->dates, r->threshold, public_hex(r->root[0]), public_hex(r->root[1]),
        r->version, public_hex(r->publisher), r->my_ended, public_hex(r->my), r->more);
    assert_true(len > 0 && (size_t)len < sizeof json);
    put("root.json", json);
}

static void roots(void **state)
{
    (void)state;
    char more[512];
    write_key(1);
    write_key(2);
    (void)snprintf(more, sizeof more,
                   ", { \"state\": \"PH\", \"ended\": null, \"threshold\": 1, \"keys\": ["
                   "{ \"holder\": \"PH\", \"alg\": \"ES256\", \"public\": \"%s\" } ] }",
                   public_hex(5));
    put_root(&(struct root_text){1,
                                 "\"issued_at\": \"2026-06-01T00:00:00Z\", \"expires\": "
                                 "\"2029-01-01T00:00:00Z\", \"sample\": true",
                                 2,
                                 {1, 2},
                                 3,
                                 4,
                                 "null",
                                 more});
    build("root");
    assert_changes("out/root-1.root", "  No signed version before this one was found.\n"
                                      "Signed by 0 of the 2 needed (root 1)\n");
    sign("root-1.root", "k1");
    sign("root-1.root", "k2");
    (void)snprintf(more, sizeof more,
                   ", { \"state\": \"VN\", \"ended\": null, \"threshold\": 1, \"keys\": ["
                   "{ \"holder\": \"VN\", \"alg\": \"ES256\", \"public\": \"%s\" } ] }",
                   public_hex(6));
    put_root(&(struct root_text){2,
                                 "\"issued_at\": \"2026-05-31T00:00:00Z\", \"expires\": "
                                 "\"2029-01-01T00:00:00Z\", \"sample\": false",
                                 1,
                                 {1, 7},
                                 3,
                                 4,
                                 "\"2026-05-01\"",
                                 more});
    build("root");
    assert_changes(
        "out/root-2.root",
        "  Changes since version 1, issued 2026-06-01, signed by 2 (DIR/out/root-1.root):\n"
        "    root:\n"
        "      1 of 2, was 2 of 2\n"
        "      + ES256  031e1853...  Two\n"
        "      - ES256  02550f47...  Two\n"
        "    publisher:\n"
        "      ES256  02591ab7...  Printer 2, was of Printer 1\n"
        "    VN:\n"
        "      a new authority, 1 of 1\n"
        "      + ES256  02b0514c...  VN\n"
        "6 WARNINGS:\n"
        "  !! its time goes back: issued 2026-05-31 00:00:00, was 2026-06-01 00:00:00\n"
        "  !! it is no sample data any more\n"
        "  !! root: the threshold falls from 2 to 1\n"
        "  !! root: of the keys before, too few are left to sign alone\n"
        "  !! MY ends at 2026-05-01: its certificates become NOT VALID\n"
        "  !! PH is gone; states end, they are not deleted\n"
        "Signed by 0 of the 1 needed (root 2)\n"
        "Signed by 0 of the 2 needed (root 1)\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SUMMARY_TEST(headers),
        SUMMARY_TEST(roots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
