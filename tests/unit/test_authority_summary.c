/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person reads before signing: every kind of change in its words, the warnings, the version
 * it is compared with, and the bounds.
 */
#include "authority/summary.h"

#include "authority/build.h"
#include "authority/earlier.h"
#include "authority/history.h"
#include "authority/key_file.h"
#include "authority_folder.h"
#include "codec/cose.h"

static char dir[PATH_MAX];
static char out[PATH_MAX];
static char text[SUMMARY_MAX_BYTES + 1];

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

static void put(const char *name, const char *json)
{
    folder_write(dir, name, span_str(json));
}

static void move(const char *from, const char *to)
{
    char from_path[PATH_MAX], to_path[PATH_MAX];
    folder_join(from_path, dir, from);
    folder_join(to_path, dir, to);
    assert_int_equal(rename(from_path, to_path), 0);
}

/* Who signs may be given what this builder refuses to build: it does not see the earlier lists. */
static enum authority_error build_unseen(const char *state, struct build_result *result,
                                         struct authority_problem *problem)
{
    char list[32], kept[64];
    int64_t version = 0;
    (void)snprintf(list, sizeof list, "out/%.2s.list", state);
    bool archive = file_exists(folder_path(dir, "out/signed"));
    if (file_exists(folder_path(dir, list))) {
        assert_int_equal(history_signed_version(folder_path(dir, list), &version, problem),
                         AUTHORITY_OK);
    }
    if (archive) {
        move("out/signed", "archive");
    }
    if (version != 0) {
        move(list, "list");
    }
    enum authority_error error = build_list(dir, state, NULL, result, problem);
    if (archive) {
        move("archive", "out/signed");
    }
    if (version != 0) {
        (void)snprintf(kept, sizeof kept, "out/signed/%.2s-%lld.list", state, (long long)version);
        assert_int_equal(file_make_folder(folder_path(dir, "out/signed"), 0755), FILE_OK);
        move("list", kept);
    }
    return error;
}

static void build(const char *state)
{
    struct authority_problem problem = {""};
    struct build_result result;
    enum authority_error error = build_root(dir, &result, &problem);
    if (error == AUTHORITY_OK) {
        error = strcmp(state, "root") == 0     ? AUTHORITY_OK
                : strcmp(state, "header") == 0 ? build_header(dir, NULL, &result, &problem)
                                               : build_unseen(state, &result, &problem);
    }
    assert_string_equal(problem.text, "");
    assert_int_equal(error, AUTHORITY_OK);
}

static void sign(const char *name, const char *key_name)
{
    char key_path[64];
    struct sign_desk desk;
    struct authority_problem problem;
    struct crypto_private_key *key = NULL;
    (void)snprintf(key_path, sizeof key_path, "keys/%s.pem", key_name);
    assert_int_equal(key_file_read(folder_path(dir, key_path), NULL, &key, &problem), AUTHORITY_OK);
    assert_int_equal(sign_open(folder_path(out, name), out, &desk, &problem), AUTHORITY_OK);
    assert_int_equal(sign_with(&desk, key, &problem), AUTHORITY_OK);
    sign_close(&desk);
    crypto_private_key_free(key);
}

static enum authority_error summarise(const char *name, const char *against,
                                      struct authority_problem *problem)
{
    char path[PATH_MAX];
    struct sign_desk desk;
    problem->text[0] = '\0';
    folder_join(path, dir, name);
    memset(text, 0, sizeof text);
    enum authority_error error = sign_open(path, out, &desk, problem);
    assert_int_equal(error, AUTHORITY_OK);
    struct writer w = writer_of(text, SUMMARY_MAX_BYTES);
    error = summary_write(&desk, against, &w, problem);
    assert_true(writer_ok(&w));
    sign_close(&desk);
    return error;
}

/* The folder's name is another one each time. */
static void shorten_paths(void)
{
    size_t len = strlen(dir);
    for (char *at = strstr(text, dir); at != NULL; at = strstr(at, dir)) {
        memcpy(at, "DIR", 3);
        memmove(at + 3, at + len, strlen(at + len) + 1);
    }
}

/* From the line about the version before, or that there is none, to the end. */
static void assert_changes(const char *name, const char *wanted)
{
    struct authority_problem problem;
    enum authority_error error = summarise(name, NULL, &problem);
    assert_string_equal(problem.text, "");
    assert_int_equal(error, AUTHORITY_OK);
    shorten_paths();
    const char *from = strstr(text, "  Changes since");
    from = from == NULL ? strstr(text, "  No signed version") : from;
    assert_non_null(from);
    assert_string_equal(from, wanted);
}

#define SINCE_1                                                                                    \
    "  Changes since version 1, as of 2026-06-09, signed by 1 (DIR/out/signed/MY-1.list):\n"
#define SIGNED_0 "Signed by 0 of the 1 needed (national authority of MY)\n"

/* Version 1 of the list of MY, signed; the sources say 2 from here on. */
static void publish_first(void)
{
    build("MY");
    sign("MY.list", "MY-1");
    folder_edit(dir, "MY/list.json", "\"version\": 1", "\"version\": 2");
}

static void assert_my_changes(const char *wanted)
{
    build("MY");
    assert_changes("out/MY.list", wanted);
}

/* --- lists --- */

static void a_first_list_has_none_before(void **state)
{
    (void)state;
    build("MY");
    assert_changes("out/MY.list", "  No signed version before this one was found.\n" SIGNED_0);
    assert_memory_equal(text,
                        "List of MY, version 1, as of 2026-06-09, until 2026-12-06\n"
                        "  2 issuers, 2 keys, 7 rules, 1 de-recognised, 2 framework levels\n"
                        "  1 revoked, 0 suspended, 0 ranges; 10 titles\n"
                        "  digest     ",
                        100);
}

static void the_same_again_says_so(void **state)
{
    (void)state;
    publish_first();
    assert_my_changes(SINCE_1 "    none but version and dates\n" SIGNED_0);
}

static void issuers(void **state)
{
    (void)state;
    put("MY/issuers.json", "{ \"issuers\": ["
                           "{ \"id\": \"MY.A\", \"kind\": \"awarding_body\", \"parent\": null, "
                           "\"names\": { \"en\": \"A\" },"
                           "  \"licences\": [ { \"from\": \"2020-01-01\", \"until\": null } ],"
                           "  \"suspensions\": [ { \"from\": \"2025-01-01\", \"until\": null, "
                           "\"reason\": \"fraud\" } ] },"
                           "{ \"id\": \"MY.A.B\", \"kind\": \"centre\", \"parent\": \"MY.A\", "
                           "\"names\": { \"en\": \"B\", \"ms\": \"x\" },"
                           "  \"licences\": [ ] },"
                           "{ \"id\": \"MY.OLD\", \"kind\": \"centre\", \"parent\": null, "
                           "\"names\": { \"en\": \"Old\" },"
                           "  \"licences\": [ ] } ] }");
    put("MY/keys.json", "{ \"keys\": [ ] }");
    put("MY/status.json", "{ \"status\": [ ] }");
    publish_first();
    put("MY/issuers.json",
        "{ \"issuers\": ["
        "{ \"id\": \"MY.A\", \"kind\": \"awarding_body\", \"parent\": null, \"names\": { \"en\": "
        "\"A new\" },"
        "  \"licences\": [ { \"from\": \"2020-01-01\", \"until\": \"2030-12-31\", \"schemes\": [ "
        "\"S-*\" ],"
        "    \"sectors\": [ \"I\", \"G\" ], \"levels\": [ { \"framework\": \"MQF\", \"least\": 1, "
        "\"most\": 4 } ] } ] },"
        "{ \"id\": \"MY.A.B\", \"kind\": \"certification_body\", \"parent\": null,"
        "  \"names\": { \"en\": \"B\", \"ms\": \"y\" }, \"licences\": [ ] },"
        "{ \"id\": \"MY.NEW\", \"kind\": \"centre\", \"parent\": \"MY.A\", \"names\": { \"en\": "
        "\"New\" },"
        "  \"licences\": [ { \"from\": \"2026-01-01\", \"until\": null } ],"
        "  \"suspensions\": [ { \"from\": \"2026-02-01\", \"until\": \"2026-02-28\", \"reason\": "
        "\"error\" } ]"
        "} ] }");
    assert_my_changes(
        SINCE_1 "    issuers: 1 added, 2 changed, 1 removed\n"
                "      MY.A: \"A\" is now \"A new\"\n"
                "      MY.A: licence added: 2020-01-01 to 2030-12-31, schemes S-*, sectors I G, "
                "levels MQF 1-4\n"
                "      MY.A: licence no longer so: from 2020-01-01\n"
                "      MY.A: SUSPENSION NO LONGER SO: from 2025-01-01 (fraud)\n"
                "      MY.A.B: \"B\" has other names in other languages\n"
                "      MY.A.B: centre is now certification_body\n"
                "      MY.A.B: acts for \"\", no longer for \"MY.A\"\n"
                "      + MY.NEW \"New\", centre\n"
                "      MY.NEW: licence added: from 2026-01-01\n"
                "      MY.NEW: suspension added: 2026-02-01 to 2026-02-28 (error)\n"
                "      - MY.OLD \"Old\"\n"
                "2 WARNINGS:\n"
                "  !! MY.A: SUSPENSION NO LONGER SO: from 2025-01-01 (fraud)\n"
                "  !! the issuer MY.OLD is gone; issuers end, they are not deleted\n" SIGNED_0);
}

/* The public keys of the seeds 1, 2, 3 ... */
static const char *public_hex(uint8_t seed_byte)
{
    static char hex[8][KEY_HEX_SIZE];
    uint8_t seed[32];
    struct crypto_private_key *key = NULL;
    memset(seed, seed_byte, sizeof seed);
    assert_int_equal(crypto_private_key_from_seed(COSE_ES256, seed, &key), CRYPTO_OK);
    key_file_public_hex(key, hex[seed_byte % 8]);
    crypto_private_key_free(key);
    return hex[seed_byte % 8];
}

struct key_line {
    uint8_t seed;
    const char *rest; /* "from": ... */
};

static void put_keys(const struct key_line *line, size_t count)
{
    char json[4096];
    size_t len = (size_t)snprintf(json, sizeof json, "{ \"keys\": [ ");
    for (size_t i = 0; i < count; i++) {
        len += (size_t)snprintf(json + len, sizeof json - len,
                                "%s{ \"issuer\": \"MY.SAMPLE-B\", \"alg\": \"ES256\", \"public\": "
                                "\"%s\", %s }",
                                i == 0 ? "" : ", ", public_hex(line[i].seed), line[i].rest);
        assert_true(len < sizeof json - 4);
    }
    (void)snprintf(json + len, sizeof json - len, " ] }");
    put("MY/keys.json", json);
}

#define YEAR            "\"from\": \"2026-01-01T00:00:00Z\", \"until\": \"2027-01-01T00:00:00Z\""
#define ENDED(how, day) YEAR ", \"end\": \"" how "\", \"at\": \"" day "T00:00:00Z\""

static void keys(void **state)
{
    (void)state;
    put_keys((const struct key_line[]){{1, YEAR},
                                       {2, ENDED("compromised", "2026-05-01")},
                                       {3, ENDED("ceased", "2026-05-01")},
                                       {4, YEAR},
                                       {5, YEAR},
                                       {6, ENDED("superseded", "2026-05-01")}},
             6);
    publish_first();
    put_keys(
        (const struct key_line[]){
            {1, ENDED("compromised", "2026-06-01")},
            {2, ENDED("superseded", "2026-05-01")},
            {3, YEAR},
            {4, "\"from\": \"2026-02-01T00:00:00Z\", \"until\": \"2027-01-01T00:00:00Z\""},
            {6, ENDED("compromised", "2026-04-01")},
            {7, YEAR}},
        6);
    assert_my_changes(
        SINCE_1
        "    keys: 1 added, 5 changed, 1 removed\n"
        "      - MY.SAMPLE-B 24bd4e669723bd26, open\n"
        "      MY.SAMPLE-B 5a07a723c7956830: superseded at 2026-05-01, was compromised at "
        "2026-05-01\n"
        "      MY.SAMPLE-B 8bd006f9f5e9e8c6: compromised at 2026-04-01, was superseded at "
        "2026-05-01\n"
        "      + MY.SAMPLE-B ce97ec20d43661a1, ES256, signs 2026-01-01 to 2027-01-01, open\n"
        "      MY.SAMPLE-B df82ce6080b0efd0: open, was ceased at 2026-05-01\n"
        "      MY.SAMPLE-B ed631117ee2f1b3f: signs 2026-02-01 to 2027-01-01, was 2026-01-01 to "
        "2027-01-01\n"
        "      MY.SAMPLE-B f857ae4ed6e34e33: compromised at 2026-06-01, was open\n"
        "3 WARNINGS:\n"
        "  !! the key MY.SAMPLE-B 24bd4e669723bd26 is gone; keys end, they are not deleted\n"
        "  !! the key MY.SAMPLE-B 5a07a723c7956830 is trusted again: superseded at 2026-05-01, was "
        "compromised at 2026-05-01\n"
        "  !! the key MY.SAMPLE-B df82ce6080b0efd0 is trusted again: open, was ceased at "
        "2026-05-01\n" SIGNED_0);
}

static void allotments_centres_and_blanks(void **state)
{
    (void)state;
    put("MY/keys.json", "{ \"keys\": [ ] }");
    put("MY/status.json",
        "{ \"status\": [ { \"issuer\": \"MY.SAMPLE-B\", \"allotment\": 1000,"
        "  \"centres\": [ { \"centre\": \"C-1\", \"from\": \"2026-01-01\", \"until\": null,"
        "    \"reason\": \"fraud\", \"date\": \"2026-02-01\" } ],"
        "  \"blanks\": [ { \"prefix\": \"B-\", \"digits\": 5, \"first\": 10, \"last\": 19,"
        "    \"reason\": \"fraud\", \"date\": \"2026-02-01\" } ] },"
        "  { \"issuer\": \"MY.SAMPLE-B.PB-01\", \"allotment\": 500 } ] }");
    publish_first();
    put("MY/status.json",
        "{ \"status\": [ { \"issuer\": \"MY.SAMPLE-B\", \"allotment\": 2000,"
        "  \"centres\": [ { \"centre\": \"C-2\", \"from\": \"2026-01-01\", \"until\": "
        "\"2026-03-31\","
        "    \"reason\": \"centre_fraud\", \"date\": \"2026-02-01\" } ],"
        "  \"blanks\": [ { \"prefix\": \"B-\", \"digits\": 5, \"first\": 10, \"last\": 15,"
        "    \"reason\": \"fraud\", \"date\": \"2026-02-01\" } ] },"
        "  { \"issuer\": \"MY.SAMPLE-B.PB-01\", \"allotment\": 499 } ] }");
    assert_my_changes(
        SINCE_1
        "    allotments, centres and blanks: 0 added, 2 changed, 0 removed\n"
        "      MY.SAMPLE-B: indices below 2000 may exist, was 1000\n"
        "      MY.SAMPLE-B: revoked centre: C-2, certificates 2026-01-01 to 2026-03-31 "
        "(centre_fraud)\n"
        "      MY.SAMPLE-B: CENTRE NO LONGER REVOKED SO: C-1, certificates from 2026-01-01 "
        "(fraud)\n"
        "      MY.SAMPLE-B: revoked blanks: B-00010 to B-00015 (fraud)\n"
        "      MY.SAMPLE-B: BLANKS NO LONGER REVOKED SO: B-00010 to B-00019 (fraud)\n"
        "      MY.SAMPLE-B.PB-01: indices below 499 may exist, was 500\n"
        "3 WARNINGS:\n"
        "  !! MY.SAMPLE-B: CENTRE NO LONGER REVOKED SO: C-1, certificates from 2026-01-01 "
        "(fraud)\n"
        "  !! MY.SAMPLE-B: BLANKS NO LONGER REVOKED SO: B-00010 to B-00019 (fraud)\n"
        "  !! the allotment of MY.SAMPLE-B.PB-01 shrinks from 500 to 499: certificates beyond it "
        "become NOT VALID\n" SIGNED_0);
}

static void put_status(const char *marks)
{
    char json[4096];
    int len = snprintf(
        json, sizeof json,
        "{ \"status\": [ { \"issuer\": \"MY.SAMPLE-B\", \"allotment\": 100000, %s } ] }", marks);
    assert_true(len > 0 && (size_t)len < sizeof json);
    put("MY/status.json", json);
}

#define RANGE(first, last, status)                                                                 \
    "{ \"first\": " #first ", \"last\": " #last ", \"status\": \"" status                          \
    "\", \"reason\": \"fraud\", \"date\": \"2026-02-01\" }"

static void indices(void **state)
{
    (void)state;
    put_status("\"revoked\": [ 1, 2, 3, 4, 50, 16384, 40000 ], \"suspended\": [ 10, 11, 12, 13 ],"
               "\"survivors\": [ 70, 71 ], \"ranges\": [ " RANGE(100, 119, "revoked") ", " RANGE(
                   200, 209, "suspended") " ]");
    publish_first();
    /* 1 moves into a range, 2 is reinstated by one, 4 is dropped; 105 is cut out of a range */
    put_status(
        "\"revoked\": [ 3, 10, 50, 16384, 40001 ], \"suspended\": [ 11, 13, 14, 40000 ],"
        "\"survivors\": [ 71, 72 ], \"ranges\": [ " RANGE(1, 1, "revoked") ", " RANGE(2, 2, "reinstated") ", " RANGE(
            100, 104,
            "revoked") ", " RANGE(106, 119,
                                  "revoked") ", " RANGE(200, 209,
                                                        "revoked") ", " RANGE(60000, 99999,
                                                                              "revoked") " ]");
    assert_my_changes(SINCE_1 "    indices:\n"
                              "      MY.SAMPLE-B: 3 NO LONGER REVOKED: 2, 4, 105\n"
                              "      MY.SAMPLE-B: 1 NO LONGER REVOKED, only suspended: 40000\n"
                              "      MY.SAMPLE-B: 40001 newly revoked: 40001, 60000-99999\n"
                              "      MY.SAMPLE-B: 11 revoked, suspended before: 10, 200-209\n"
                              "      MY.SAMPLE-B: 1 newly suspended: 14\n"
                              "      MY.SAMPLE-B: 1 reinstated, suspended before: 12\n"
                              "      MY.SAMPLE-B: 1 more survivors of a compromised key: 72\n"
                              "      MY.SAMPLE-B: 1 no longer survivors of a compromised key: 70\n"
                              "    ranges: 4 added, 2 changed, 0 removed\n"
                              "      + MY.SAMPLE-B 1-1 revoked (fraud, 2026-02-01)\n"
                              "      + MY.SAMPLE-B 2-2 reinstated (fraud, 2026-02-01)\n"
                              "      - MY.SAMPLE-B 100-119 revoked (fraud, 2026-02-01)\n"
                              "      + MY.SAMPLE-B 100-104 revoked (fraud, 2026-02-01)\n"
                              "      + MY.SAMPLE-B 106-119 revoked (fraud, 2026-02-01)\n"
                              "      - MY.SAMPLE-B 200-209 suspended (fraud, 2026-02-01)\n"
                              "      + MY.SAMPLE-B 200-209 revoked (fraud, 2026-02-01)\n"
                              "      + MY.SAMPLE-B 60000-99999 revoked (fraud, 2026-02-01)\n"
                              "3 WARNINGS:\n"
                              "  !! MY.SAMPLE-B: 3 NO LONGER REVOKED: 2, 4, 105\n"
                              "  !! MY.SAMPLE-B: 1 NO LONGER REVOKED, only suspended: 40000\n"
                              "  !! MY.SAMPLE-B: 1 reinstated, suspended before: 12\n" SIGNED_0);
}

static void recognition_levels_and_titles(void **state)
{
    (void)state;
    put("MY/rules.json",
        "{ \"rules\": ["
        "{ \"id\": \"R1\", \"arrangement\": \"AGP\", \"result\": \"recognised\", "
        "\"issuing_state\": \"ID\","
        "  \"valid_from\": \"2026-01-01\", \"valid_until\": null, \"source\": \"S\" },"
        "{ \"id\": \"R2\", \"arrangement\": \"AGP\", \"result\": \"recognised\", "
        "\"issuing_state\": \"ID\","
        "  \"valid_from\": \"2026-01-01\", \"valid_until\": null, \"source\": \"S\" },"
        "{ \"id\": \"R3\", \"arrangement\": \"MRS\", \"result\": \"suspended\", \"issuing_state\": "
        "\"TH\","
        "  \"valid_from\": \"2026-01-01\", \"valid_until\": null, \"source\": \"S\" } ] }");
    publish_first();
    put("MY/rules.json",
        "{ \"rules\": ["
        "{ \"id\": \"R1\", \"arrangement\": \"BILATERAL\", \"result\": \"not_recognised\","
        "  \"issuing_state\": \"ID\", \"valid_from\": \"2026-01-01\", \"valid_until\": "
        "\"2026-12-31\","
        "  \"sector_prefix\": \"I\", \"source\": \"S\" },"
        "{ \"id\": \"R2\", \"arrangement\": \"AGP\", \"result\": \"recognised\", "
        "\"issuing_state\": \"ID\","
        "  \"valid_from\": \"2026-01-01\", \"valid_until\": null, \"source\": \"Another\" },"
        "{ \"id\": \"R4\", \"arrangement\": \"MRS\", \"result\": \"case_by_case\", "
        "\"issuing_state\": \"PH\","
        "  \"valid_from\": \"2026-01-01\", \"valid_until\": null, \"purpose\": [ \"hiring\", "
        "\"hotel\" ],"
        "  \"awarding_body\": \"PH.X\", \"scheme_type\": [ \"occupation\" ], \"coverage\": "
        "\"full\","
        "  \"standard_family\": \"SKKNI\", \"scheme_prefix\": \"HTL-\", \"occupation_prefix\": "
        "\"51\","
        "  \"job_index\": \"J1\", \"nationality\": [ \"ID\", \"PH\" ], \"framework\": \"PQF\","
        "  \"edition\": 2018, \"level_least\": 2, \"level_most\": 5, \"issued_from\": "
        "\"2025-01-01\","
        "  \"issued_until\": \"2025-12-31\", \"source\": \"S\" } ] }");
    folder_edit(dir, "MY/derecognised.json", "\"index\": 7", "\"index\": 9");
    folder_edit(dir, "MY/frameworks.json", "\"aqrf_level\": 2", "\"aqrf_level\": 3");
    folder_edit(dir, "MY/frameworks.json", "\"level\": 3", "\"level\": 4");
    folder_edit(dir, "MY/catalogue.json", "Room attendant (SAMPLE)", "Room keeper (SAMPLE)");
    folder_edit(dir, "MY/catalogue.json", "S-FNB.C01", "S-FNB.C02");
    assert_my_changes(
        SINCE_1 "    rules: 1 added, 2 changed, 1 removed\n"
                "      R1: recognised of ID -> not_recognised of ID\n"
                "      R1: AGP -> BILATERAL\n"
                "      R1: valid 2026-01-01 to 2026-12-31, was from 2026-01-01\n"
                "      R1: asks for sector I\n"
                "      R1: asked for anything\n"
                "      R2: other conditions or another source\n"
                "      - R3: suspended, of TH, MRS, from 2026-01-01\n"
                "      R3: asked for anything\n"
                "      + R4: case_by_case, of PH, MRS, from 2026-01-01\n"
                "      R4: asks for for hiring hotel, awarding body PH.X, scheme types occupation, "
                "coverage full, standard SKKNI, schemes HTL-, occupation 51, job J1, nationality "
                "ID, nationality PH, framework PQF, edition 2018, level from 2, level to 5, ...\n"
                "    de-recognised: 1 added, 0 changed, 1 removed\n"
                "      - ID.SAMPLE-A.LSP-01 index 7\n"
                "      + ID.SAMPLE-A.LSP-01 index 9 (fraud, 2026-05-25)\n"
                "    framework levels: 1 added, 1 changed, 1 removed\n"
                "      MQF 2024 level 2: AQRF level 3 (draft), was AQRF level 2 (draft)\n"
                "      - MQF 2024 level 3: AQRF level 3 (draft)\n"
                "      + MQF 2024 level 4: AQRF level 3 (draft)\n"
                "    unit titles: 1 added, 0 changed, 1 removed\n"
                "      - S-FNB.C01 \"Supervision of restaurant service (SAMPLE)\"\n"
                "      + S-FNB.C02 \"Supervision of restaurant service (SAMPLE)\"\n"
                "    job titles: 0 added, 1 changed, 0 removed\n"
                "      S-HK.01: \"Room attendant (SAMPLE)\" is now \"Room keeper (SAMPLE)\"\n"
                "1 WARNING:\n"
                "  !! ID.SAMPLE-A.LSP-01 index 7 is recognised again\n" SIGNED_0);
}

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

/* --- which version it is compared with --- */

/* The list of ID needs two of three keys. */
static void publish_id(const char *version, unsigned signers)
{
    build("ID");
    for (unsigned i = 1; i <= signers; i++) {
        char key[8];
        (void)snprintf(key, sizeof key, "ID-%u", i);
        sign("ID.list", key);
    }
    folder_edit(dir, "ID/list.json", "\"version\": ", version); /* a digit in front */
}

/* Version 2 lacked a signature: it was not published, and what it changed is news. */
static void what_too_few_signed_is_passed_over(void **state)
{
    (void)state;
    publish_id("\"version\": 1", 2); /* version 11 */
    folder_edit(dir, "ID/status.json", "[ 3, 17, 16384 ]", "[ 17, 16384 ]");
    publish_id("\"version\": 1", 1); /* version 111 */
    build("ID");
    assert_changes("out/ID.list", "  Changes since version 1, as of 2026-06-09, signed by 2 "
                                  "(DIR/out/signed/ID-1.list):\n"
                                  "    indices:\n"
                                  "      ID.SAMPLE-A.LSP-01: 1 NO LONGER REVOKED: 3\n"
                                  "1 WARNING:\n"
                                  "  !! ID.SAMPLE-A.LSP-01: 1 NO LONGER REVOKED: 3\n"
                                  "Signed by 0 of the 2 needed (national authority of ID)\n");
    /* an older version beside newer ones */
    assert_int_equal(rename(folder_path(out, "signed/ID-11.list"), folder_path(out, "a.list")), 0);
    assert_int_equal(rename(folder_path(out, "ID.list"), folder_path(out, "b.list")), 0);
    sign("b.list", "ID-1");
    sign("b.list", "ID-2");
    assert_changes("out/a.list",
                   "  Changes since version 111, as of 2026-06-09, signed by 2 (DIR/out/b.list):\n"
                   "    none but version and dates\n"
                   "1 WARNING:\n"
                   "  !! the version does not rise: it is 11, and 111 is signed already\n"
                   "Signed by 1 of the 2 needed (national authority of ID)\n");
}

static void if_there_is_nothing_else_it_is_said(void **state)
{
    (void)state;
    publish_id("\"version\": 1", 1);
    folder_edit(dir, "ID/list.json", "2026-06-09T", "2026-06-08T");
    build("ID");
    assert_changes(
        "out/ID.list",
        "  Changes since version 1, as of 2026-06-09, signed by 1 (DIR/out/signed/ID-1.list):\n"
        "    none but version and dates\n"
        "3 WARNINGS:\n"
        "  !! too few of today's keys have signed version 1, which it is compared with: it may not "
        "be what was published; give that with --against\n"
        "  !! its time goes back: as of 2026-06-08 10:13:20, was 2026-06-09 10:13:20\n"
        "  !! it ends earlier than the one before: 2026-12-05 10:13:20, was 2026-12-06 10:13:20\n"
        "Signed by 0 of the 2 needed (national authority of ID)\n");
}

/* A machine that has nothing but the document and the roots. */
static void a_document_alone_is_told_so(void **state)
{
    (void)state;
    publish_first();
    build("MY");
    assert_int_equal(mkdir(folder_path(dir, "stick"), 0700), 0);
    assert_int_equal(rename(folder_path(out, "MY.list"), folder_path(dir, "stick/MY.list")), 0);
    assert_changes("stick/MY.list", "  Changes since version 1, as of 2026-06-09, signed by 1 "
                                    "(DIR/out/signed/MY-1.list):\n" /* beside the roots */
                                    "    none but version and dates\n" SIGNED_0);
    assert_int_equal(unlink(folder_path(out, "signed/MY-1.list")), 0);
    assert_changes("stick/MY.list",
                   "  No signed version before this one was found.\n"
                   "1 WARNING:\n"
                   "  !! what it changes is not known: give version 1 or what was published last "
                   "with --against\n" SIGNED_0);
}

static void a_damaged_version_before_is_named(void **state)
{
    (void)state;
    struct authority_problem problem;
    publish_first();
    build("MY");
    struct span whole = folder_read(out, "signed/MY-1.list");
    folder_write(out, "signed/MY-1.list", span_of(whole.ptr, whole.len - 1));
    folder_free(whole);
    assert_int_equal(summarise("out/MY.list", NULL, &problem), AUTHORITY_DOCUMENT);
    assert_non_null(strstr(problem.text,
                           "/out/signed/MY-1.list: is no root, list, header or block, "
                           "or it is damaged"));
}

static void the_version_before_may_be_named(void **state)
{
    (void)state;
    struct authority_problem problem;
    char path[PATH_MAX];
    publish_first();
    build("MY");
    build("ID");
    build("header");
    folder_join(path, out, "signed/MY-1.list");
    assert_int_equal(summarise("out/MY.list", path, &problem), AUTHORITY_OK);
    assert_non_null(strstr(text, "/out/signed/MY-1.list):\n    none but version and dates\n"));
    /* what would be a rollback, or is something else, is not shown as a change */
    assert_int_equal(summarise("out/signed/MY-1.list", folder_path(out, "MY.list"), &problem),
                     AUTHORITY_VERSION);
    assert_non_null(strstr(problem.text, "/MY.list: is version 2 already; this one says 1"));
    folder_join(path, out, "ID.list");
    assert_int_equal(summarise("out/MY.list", path, &problem), AUTHORITY_DOCUMENT);
    assert_non_null(strstr(problem.text, "/ID.list: is the list of another state"));
    folder_join(path, out, "trust.header");
    assert_int_equal(summarise("out/MY.list", path, &problem), AUTHORITY_DOCUMENT);
    assert_non_null(strstr(problem.text, "/trust.header: is not a list"));
}

/* --- bounds --- */

#define MANY 3000

/* Rules, or titles of jobs, of which `text` is a part that changes. */
static void put_many(const char *name, const char *head, const char *format, const char *part)
{
    size_t cap = MANY * 512;
    char *json = malloc(cap);
    assert_non_null(json);
    size_t len = (size_t)snprintf(json, cap, "%s", head);
    for (int i = 0; i < MANY; i++) {
        len += (size_t)snprintf(json + len, cap - len, "%s", i == 0 ? "" : ",");
        char line[512];
        const char *at = strchr(format, '#');
        (void)snprintf(line, sizeof line, "%.*s%04d%s", (int)(at - format), format, i, at + 1);
        at = strchr(line, '$');
        len += (size_t)snprintf(json + len, cap - len, "%.*s%s%s", (int)(at - line), line, part,
                                at + 1);
    }
    (void)snprintf(json + len, cap - len, " ] }");
    put(name, json);
    free(json);
}

static void put_all(const char *part)
{
    put_many("MY/rules.json", "{ \"rules\": [",
             "{ \"id\": \"R#\", \"arrangement\": \"AGP\", \"result\": \"recognised\","
             "\"issuing_state\": \"ID\", \"valid_from\": \"2026-01-01\", \"valid_until\": null,"
             "\"sector_prefix\": \"$\", \"source\": \"S\" }",
             part);
    put_many(
        "MY/derecognised.json", "{ \"derecognised\": [",
        "{ \"issuer\": \"ID.$\", \"index\": 1#, \"reason\": \"fraud\", \"date\": \"2026-01-01\" }",
        part);
    put_many("MY/catalogue.json", "{ \"schemes\": [ ], \"units\": [ ], \"jobs\": [",
             "{ \"code\": \"J#\", \"names\": { \"en\": \"$ and a name that is as long as names can "
             "be and "
             "a little longer, so that it has to be cut\" } }",
             part);
}

static size_t count_of(const char *what)
{
    size_t count = 0;
    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what)) {
        count++;
    }
    return count;
}

static void a_summary_stays_short(void **state)
{
    (void)state;
    struct authority_problem problem;
    put_all("A");
    publish_first();
    put_all("B");
    build("MY");
    assert_int_equal(summarise("out/MY.list", NULL, &problem), AUTHORITY_OK);
    assert_true(strlen(text) < 32768);
    assert_non_null(strstr(text, "    rules: 0 added, 3000 changed, 0 removed\n"
                                 "      R0000: asks for sector B\n"
                                 "      R0000: asked for sector A\n"));
    assert_non_null(strstr(text, "      R0007: asked for sector A\n"
                                 "      and 5984 more\n"
                                 "    de-recognised: 3000 added, 0 changed, 3000 removed\n"));
    assert_non_null(strstr(text, "3000 WARNINGS:\n  !! ID.A index 10000 is recognised again\n"));
    assert_int_equal(count_of("  !! ID.A"), 48);
    assert_non_null(strstr(text, "\n  !! and 2952 more\n" SIGNED_0));
    assert_non_null(strstr(text,
                           "      J0000: \"A and a name that is as long as names can be and a "
                           "little longer, so...\" is now \"B and"));
    for (const char *at = text; *at != '\0'; at = strchr(at, '\n') + 1) {
        assert_true(strcspn(at, "\n") <= 240);
    }
}

static void one_index_in_two_is_not_listed(void **state)
{
    (void)state;
    char marks[2048] = "\"revoked\": [ ";
    for (int i = 0; i < 200; i++) {
        (void)snprintf(marks + strlen(marks), sizeof marks - strlen(marks), "%s%d",
                       i == 0 ? "" : ", ", 2 * i);
    }
    (void)snprintf(marks + strlen(marks), sizeof marks - strlen(marks), " ]");
    put_status("\"revoked\": [ ]");
    publish_first();
    put_status(marks);
    assert_my_changes(SINCE_1
                      "    indices:\n"
                      "      MY.SAMPLE-B: 200 newly revoked: 0, 2, 4, 6, 8, 10, 12, 14, 16, "
                      "18, 20, 22, ...\n" SIGNED_0);
}

/* Names may be cut, characters are not. */
static void characters_stay_whole(void **state)
{
    (void)state;
    put("MY/catalogue.json",
        "{ \"schemes\": [ ], \"units\": [ ], \"jobs\": [ { \"code\": \"J\", \"names\": { \"en\": "
        "\"ééééééééééééééé"
        "ééééééééééééééé"
        "éééééééééééé\" } } ] }");
    publish_first();
    put("MY/catalogue.json", "{ \"schemes\": [ ], \"units\": [ ], \"jobs\": [ ] }");
    assert_my_changes(SINCE_1 "    job titles: 0 added, 0 changed, 1 removed\n"
                              "      - J \"ééééééééééééé"
                              "ééééééééééééééé"
                              "éééééé...\"\n" SIGNED_0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_first_list_has_none_before),
        TEST(the_same_again_says_so),
        TEST(issuers),
        TEST(keys),
        TEST(allotments_centres_and_blanks),
        TEST(indices),
        TEST(recognition_levels_and_titles),
        TEST(headers),
        TEST(roots),
        TEST(what_too_few_signed_is_passed_over),
        TEST(if_there_is_nothing_else_it_is_said),
        TEST(a_document_alone_is_told_so),
        TEST(a_damaged_version_before_is_named),
        TEST(the_version_before_may_be_named),
        TEST(a_summary_stays_short),
        TEST(one_index_in_two_is_not_listed),
        TEST(characters_stay_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
