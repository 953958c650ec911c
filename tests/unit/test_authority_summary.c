/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person reads before signing a list: every kind of change in its words, and the warnings.
 */
#include "summary_scene.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        SUMMARY_TEST(a_first_list_has_none_before),
        SUMMARY_TEST(the_same_again_says_so),
        SUMMARY_TEST(issuers),
        SUMMARY_TEST(keys),
        SUMMARY_TEST(allotments_centres_and_blanks),
        SUMMARY_TEST(indices),
        SUMMARY_TEST(recognition_levels_and_titles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
