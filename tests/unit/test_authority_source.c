/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON sources: what they become, and what is refused in which words.
 */
#include "authority/build.h"
#include "authority/document.h"
#include "authority/list_check.h"
#include "authority/source_list.h"
#include "authority/source_root.h"
#include "authority_folder.h"

static char dir[PATH_MAX];

static int set_up(void **state)
{
    (void)state;
    folder_make_sample(dir);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(dir);
    return 0;
}

/* --- what is refused --- */

struct source_case {
    const char *file, *from, *to;
    const char *wanted; /* the whole message */
};

static const struct source_case list_cases[] = {
    /* list.json */
    {"ID/list.json", "\"version\": 1", "\"version\": 0",
     "ID/list.json: version: must be from 1 to 9223372036854775807"},
    {"ID/list.json", "\"version\": 1,", "", "ID/list.json: version: is missing"},
    {"ID/list.json", "\"version\"", "\"Version\"", "ID/list.json: Version: is not a known name"},
    {"ID/list.json", "\"valid_days\": 180", "\"valid_days\": 5000",
     "ID/list.json: valid_days: must be from 1 to 3660"},
    {"ID/list.json", "2026-06-09T", "2026-06-31T",
     "ID/list.json: as_of: "
     "must be a time like "
     "\"2025-03-14T08:00:00Z\""},
    {"ID/list.json", "}", "", "ID/list.json: line 6: '}' expected near end of file"},
    /* issuers.json */
    {"ID/issuers.json", "\"id\": \"ID.SAMPLE-A\"", "\"id\": \"MY.SAMPLE-A\"",
     "ID/issuers.json: issuers[0].id: does not begin with ID."},
    {"ID/issuers.json", "\"id\": \"ID.SAMPLE-A\"", "\"id\": \" ID.SAMPLE-A\"",
     "ID/issuers.json: issuers[0].id: has a character outside printable ASCII, or a blank at an "
     "end"},
    {"ID/issuers.json", "\"kind\": \"awarding_body\"", "\"kind\": \"awarding\"",
     "ID/issuers.json: issuers[0].kind: is not a known value"},
    {"ID/issuers.json", "\"parent\": null", "\"parents\": null",
     "ID/issuers.json: issuers[0].parents: is not a known name"},
    {"ID/issuers.json", "\"parent\": null,", "", "ID/issuers.json: issuers[0].parent: is missing"},
    {"ID/issuers.json", "\"en\": \"Sample Competency", "\"ms\": \"Sample Competency",
     "ID/issuers.json: issuers[0].names: has no English text \"en\""},
    {"ID/issuers.json", "\"id\": \"Otoritas", "\"i\": \"Otoritas",
     "ID/issuers.json: issuers[0].names: has a member that is not a language tag like \"en\""},
    {"ID/issuers.json", "Otoritas Kompetensi", "Otoritas \\u202e Kompetensi",
     "ID/issuers.json: issuers[0].names.id: holds a character that is not allowed (a control or "
     "direction mark)"},
    {"ID/issuers.json", "\"until\": \"2026-03-11\"", "\"until\": \"2020-03-11\"",
     "ID/issuers.json: issuers[3].licences[0].until: is earlier than from"},
    {"ID/issuers.json", "\"least\": 1, \"most\": 6", "\"least\": 6, \"most\": 1",
     "ID/issuers.json: issuers[1].licences[0].levels[0].most: is less than least"},
    {"ID/issuers.json", "\"framework\": \"KKNI\"", "\"framework\": \"KKN\"",
     "ID/issuers.json: issuers[1].licences[0].levels[0].framework: is not a known value"},
    {"ID/issuers.json", "\"sectors\": [ \"I\" ]", "\"sectors\": [ \"INDUSTRY9\" ]",
     "ID/issuers.json: issuers[1].licences[0].sectors[0]: is longer than 8 bytes"},
    {"ID/issuers.json", "\"reason\": \"error\"", "\"reason\": \"mistake\"",
     "ID/issuers.json: issuers[2].suspensions[0].reason: is not a known value"},
    {"ID/issuers.json", "\"id\": \"ID.SAMPLE-A.LSP-02\"", "\"id\": \"ID.SAMPLE-A.LSP-01\"",
     "ID/issuers.json: issuers[2]: says again what issuers[1] says"},
    {"ID/issuers.json", "\"id\": \"ID.SAMPLE-A.LSP-03\"", "\"id\": \"ID.SAMPLE-A.LSP-04\"",
     "ID/keys.json: keys[3].issuer: ID.SAMPLE-A.LSP-03 is not in issuers.json"},
    {"ID/issuers.json",
     "\"issuers\":", "\"issuer\":", "ID/issuers.json: issuer: is not a known name"},
    /* keys.json */
    {"ID/keys.json", "\"alg\": \"ES256\"", "\"alg\": \"ES384\"",
     "ID/keys.json: keys[0].alg: is neither \"ES256\" nor \"EdDSA\""},
    {"ID/keys.json", "\"alg\": \"ES256\"", "\"alg\": \"EdDSA\"",
     "ID/keys.json: keys[0].public: is not a public key of that algorithm"},
    {"ID/keys.json", "\"public\": \"0", "\"public\": \"G",
     "ID/keys.json: keys[0].public: is not lower-case hexadecimal"},
    {"ID/keys.json", "\"end\": \"superseded\", ", "",
     "ID/keys.json: keys[0].at: says when the key ended, but there is no \"end\""},
    {"ID/keys.json", "\"end\": \"superseded\"", "\"end\": \"lost\"",
     "ID/keys.json: keys[0].end: is not a known value"},
    {"ID/keys.json", "\"until\": \"2026-02-19T", "\"until\": \"2027-02-19T",
     "ID/keys.json: keys[0].until: is more than 400 days after from"},
    {"ID/keys.json", "\"until\": \"2026-02-19T", "\"until\": \"2020-02-19T",
     "ID/keys.json: keys[0].until: is earlier than from"},
    /* status.json */
    {"ID/status.json", "[ 3, 17, 16384 ]", "[ 3, 17, 20000 ]",
     "ID/status.json: status[0].revoked: holds 20000, which is not below the allotment of 20000"},
    {"ID/status.json", "[ 3, 17, 16384 ]", "[ 3, 17, 3 ]",
     "ID/status.json: status[0].revoked: holds 3 twice"},
    {"ID/status.json", "[ 3, 17, 16384 ]", "[ 3, \"17\" ]",
     "ID/status.json: status[0].revoked[1]: must be a whole number"},
    {"ID/status.json", "\"first\": 106", "\"first\": 104",
     "ID/status.json: status[0].ranges[2]: overlaps ranges[0]"},
    {"ID/status.json", "\"first\": 100, \"last\": 104", "\"first\": 100, \"last\": 99",
     "ID/status.json: status[0].ranges[0].last: is less than first"},
    {"ID/status.json", "\"first\": 5000, \"last\": 5999", "\"first\": 5000, \"last\": 10000000",
     "ID/status.json: status[0].blanks[0].last: must be from 0 to 9999999"},
    {"ID/status.json", "\"first\": 5000, \"last\": 5999", "\"first\": 5000, \"last\": 4999",
     "ID/status.json: status[0].blanks[0].last: is less than first"},
    {"ID/status.json", "\"centre\": \"TUK-S-09\"", "\"centre\": \"\"",
     "ID/status.json: status[0].centres[0].centre: is empty"},
    {"ID/status.json", "\"allotment\": 4096", "\"allotment\": 4294967296",
     "ID/status.json: status[1].allotment: must be from 0 to 4294967295"},
    {"ID/status.json", "\"issuer\": \"ID.SAMPLE-A.LSP-03\"", "\"issuer\": \"ID.SAMPLE-A.LSP-02\"",
     "ID/status.json: status[2]: says again what status[1] says"},
    /* rules.json */
    {"ID/rules.json", "\"level_least\": 1, \"level_most\": 4",
     "\"level_least\": 4, \"level_most\": 1",
     "ID/rules.json: rules[0].level_most: is less than level_least"},
    {"ID/rules.json", "\"issuing_state\": \"MY\"", "\"issuing_state\": \"my\"",
     "ID/rules.json: rules[0].issuing_state: is not a state code of two capital letters"},
    {"ID/rules.json", "\"issuing_state\": \"MY\"", "\"issuing_state\": \"ID\"",
     "ID/rules.json: rules[0].issuing_state: is this state itself; its own certificates need no "
     "rule"},
    {"ID/rules.json", "\"issuing_state\": \"MY\",", "",
     "ID/rules.json: rules[0].issuing_state: is missing"},
    {"ID/rules.json", "\"result\": \"recognised\"", "\"result\": \"recognized\"",
     "ID/rules.json: rules[0].result: is not a known value"},
    {"ID/rules.json", "\"result\": \"recognised\"", "\"result\": \"recognised_with_conditions\"",
     "ID/rules.json: rules[0].conditions: is missing: the result depends on them"},
    {"ID/rules.json", "\"id\": \"ID-S-002\"", "\"id\": \"ID-S-001\"",
     "ID/rules.json: rules[1]: says again what rules[0] says"},
    {"ID/rules.json", "\"coverage\": \"full\"", "\"purpose\": []",
     "ID/rules.json: rules[0].purpose: is empty; leave it out to mean any"},
    {"ID/rules.json", "\"coverage\": \"full\"", "\"purpose\": [ \"border\", \"sea\" ]",
     "ID/rules.json: rules[0].purpose[1]: is not a known value"},
    {"ID/rules.json", "\"coverage\": \"full\"", "\"nationality\": [ \"MY\", \"MY\" ]",
     "ID/rules.json: rules[0].nationality[1]: stands there twice"},
    {"ID/rules.json", "\"coverage\": \"full\"", "\"nationality\": [ \"M1\" ]",
     "ID/rules.json: rules[0].nationality[0]: is not a state code of two capital letters"},
    {"ID/rules.json", "\"coverage\": \"full\"",
     "\"issued_from\": \"2026-01-02\", \"issued_until\": \"2026-01-01\"",
     "ID/rules.json: rules[0].issued_until: is earlier than issued_from"},
    {"ID/rules.json", "\"coverage\": \"full\"", "\"scheme\": \"S\"",
     "ID/rules.json: rules[0].scheme: is not a known name"},
    /* derecognised.json, frameworks.json, catalogue.json */
    {"ID/derecognised.json", "\"MY.SAMPLE-B\"", "\"ID.SAMPLE-A\"",
     "ID/derecognised.json: derecognised[0].issuer: begins with ID."},
    {"ID/frameworks.json", "\"level\": 3", "\"level\": 2",
     "ID/frameworks.json: frameworks[1]: says again what frameworks[0] says"},
    {"ID/frameworks.json", "\"aqrf_level\": 2", "\"aqrf_level\": 9",
     "ID/frameworks.json: frameworks[0].aqrf_level: must be from 1 to 8"},
    {"ID/frameworks.json", "\"edition\": 2012", "\"edition\": 1949",
     "ID/frameworks.json: frameworks[0].edition: must be from 1950 to 2199"},
    {"ID/catalogue.json", "\"code\": \"S-HK.01\"", "\"code\": \"S-HK.01-LONG\"",
     "ID/catalogue.json: jobs[0].code: is longer than 8 bytes"},
    {"ID/catalogue.json", "\"schemes\"", "\"scheme\"",
     "ID/catalogue.json: scheme: is not a known name"},
};

static enum authority_error read_list(struct authority_problem *problem)
{
    struct list_source list;
    enum authority_error error = list_source_read(dir, "ID", &list, problem);
    if (error == AUTHORITY_OK) {
        list_source_free(&list);
    }
    return error;
}

static enum authority_error read_root(struct authority_problem *problem)
{
    struct root_source *root = NULL;
    enum authority_error error = root_source_read(dir, &root, problem);
    root_source_free(root);
    return error;
}

static enum authority_error read_header(struct authority_problem *problem)
{
    struct trust_header *header = malloc(sizeof *header);
    assert_non_null(header);
    enum authority_error error = header_source_read(dir, header, problem);
    free(header);
    return error;
}

/* Shows every case that fails, then fails. */
static void check_cases(const struct source_case *cases, size_t count,
                        enum authority_error (*read)(struct authority_problem *problem))
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        const struct source_case *c = &cases[i];
        struct authority_problem problem = {""};
        struct span before = folder_read(dir, c->file);
        folder_edit(dir, c->file, c->from, c->to);
        enum authority_error error = read(&problem);
        if (error != AUTHORITY_SOURCE || strcmp(problem.text, c->wanted) != 0) {
            print_error("wanted %s\ngot    %s\n", c->wanted, problem.text);
            wrong++;
        }
        folder_write(dir, c->file, before);
        folder_free(before);
    }
    assert_int_equal(wrong, 0);
}

static void list_sources_are_refused_in_these_words(void **state)
{
    (void)state;
    check_cases(list_cases, COUNT_OF(list_cases), read_list);
}

static const struct source_case root_cases[] = {
    {"root.json", "\"version\": 1,", "", "root.json: version: is missing"},
    {"root.json", "\"threshold\": 2", "\"threshold\": 4",
     "root.json: root.threshold: is more than the 3 keys there are"},
    {"root.json", "\"threshold\": 2", "\"threshold\": 0",
     "root.json: root.threshold: must be from 1 to 16"},
    {"root.json", "\"state\": \"MY\"", "\"state\": \"ID\"",
     "root.json: authorities[1].state: stands in authorities[0] too"},
    {"root.json", "\"ended\": null,", "", "root.json: authorities[0].ended: is missing"},
    {"root.json", "\"expires\": \"2029", "\"expires\": \"2025",
     "root.json: expires: is not later than issued_at"},
    {"root.json", "\"holder\": \"Sample root holder 1 (SAMPLE)\"", "\"holder\": \"\"",
     "root.json: root.keys[0].holder: is empty"},
    {"root.json", "\"sample\": true", "\"sample\": 1", "root.json: sample: must be true or false"},
};

static void root_sources_are_refused_in_these_words(void **state)
{
    (void)state;
    check_cases(root_cases, COUNT_OF(root_cases), read_root);
}

static const struct source_case header_cases[] = {
    {"header.json", "\"shown\": 30", "\"shown\": 6",
     "header.json: staleness.shown: is less than plain"},
    {"header.json", "\"amber\": 90", "\"amber\": 20",
     "header.json: staleness.amber: is less than shown"},
    {"header.json", "\"amber\": 90", "\"amber\": 367",
     "header.json: staleness.amber: must be from 1 to 366"},
    {"header.json", "\"valid_days\": 30", "\"valid_days\": 0",
     "header.json: valid_days: must be from 1 to 400"},
};

static void header_sources_are_refused_in_these_words(void **state)
{
    (void)state;
    check_cases(header_cases, COUNT_OF(header_cases), read_header);
}

/* The first "public" of a section of root.json. */
static void copy_public(const char *section, char ret_hex[80])
{
    struct span text = folder_read(dir, "root.json");
    const char *at = strstr((const char *)text.ptr, section);
    assert_non_null(at);
    at = strstr(at, "\"public\": \"");
    assert_non_null(at);
    at += strlen("\"public\": \"");
    size_t len = (size_t)(strchr(at, '"') - at);
    assert_true(len < 80);
    memcpy(ret_hex, at, len);
    ret_hex[len] = '\0';
    folder_free(text);
}

static void a_key_has_one_role(void **state)
{
    (void)state;
    char root_key[80];
    char publisher_key[80];
    struct authority_problem problem;
    struct root_source *root = NULL;
    copy_public("\"root\": {", root_key);
    copy_public("\"publisher\": {", publisher_key);
    folder_edit(dir, "root.json", publisher_key, root_key);
    assert_int_equal(root_source_read(dir, &root, &problem), AUTHORITY_SOURCE);
    assert_string_equal(problem.text, "root.json: publisher.keys[0].public: stands in root.keys[0] "
                                      "too; a key has one role only");
}

static void a_misspelt_file_is_refused(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct list_source list;
    char wanted[PATH_MAX + 100];
    folder_write(dir, "ID/rule.json", span_str("{}"));
    assert_int_equal(list_source_read(dir, "ID", &list, &problem), AUTHORITY_SOURCE);
    (void)snprintf(wanted, sizeof wanted,
                   "%s/ID/rule.json: is not the name of a source file; check its spelling", dir);
    assert_string_equal(problem.text, wanted);
}

static void an_absent_file_means_no_rows(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct list_source list;
    assert_int_equal(unlink(folder_path(dir, "ID/rules.json")), 0);
    assert_int_equal(list_source_read(dir, "ID", &list, &problem), AUTHORITY_OK);
    assert_int_equal(list_rows_count(&list.rows, ROW_RULE), 0);
    assert_int_equal(list_rows_count(&list.rows, ROW_ISSUER), 4);
    list_source_free(&list);
    assert_int_equal(unlink(folder_path(dir, "ID/list.json")), 0);
    assert_int_equal(list_source_read(dir, "ID", &list, &problem), AUTHORITY_FILE);
}

/* --- what they become --- */

static const struct row *find_row(const struct list_source *list, enum row_type type, size_t nth)
{
    for (size_t i = 0; i < list->rows.count; i++) {
        if (list->rows.row[i].type == type && nth-- == 0) {
            return &list->rows.row[i];
        }
    }
    fail_msg("no such row");
    return NULL;
}

static void assert_span_is(struct span got, const char *wanted)
{
    check_bytes(got, span_str(wanted));
}

static void every_field_arrives(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct list_source list;
    struct row_issuer issuer;
    struct row_licence *licence = malloc(sizeof *licence);
    assert_int_equal(list_source_read(dir, "ID", &list, &problem), AUTHORITY_OK);
    assert_int_equal(list.version, 1);
    assert_int_equal(list.as_of_s, FOLDER_NOW_S);
    assert_int_equal(list.expires_s, FOLDER_NOW_S + 180 * 86400);
    assert_int_equal(list.rows.count, 50);

    assert_true(row_issuer_decode(find_row(&list, ROW_ISSUER, 1)->bytes, &issuer));
    assert_span_is(issuer.id, "ID.SAMPLE-A.LSP-01");
    assert_int_equal(issuer.kind, ROW_CERTIFICATION_BODY);
    assert_span_is(issuer.parent, "ID.SAMPLE-A");
    assert_span_is(row_name(&issuer.names, span_str("id")), "LSP Contoh Perhotelan 01 (CONTOH)");
    assert_int_equal(issuer.licence_count, 1);
    row_licence_next(&issuer.licences, licence);
    assert_int_equal(licence->from_day, FOLDER_NOW_S / 86400 - 1500);
    assert_int_equal(licence->until_day, ROW_NO_END_DAY);
    assert_int_equal(licence->scheme_count, 2);
    assert_span_is(licence->scheme[1], "S-COOK-*");
    assert_span_is(licence->sector[0], "I");
    assert_int_equal(licence->levels[0].framework, 1);
    assert_int_equal(licence->levels[0].most, 6);
    free(licence);
    list_source_free(&list);
}

static void indices_become_blocks(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct list_source list;
    struct row_block block;
    static const uint8_t offsets[] = {0, 3, 0, 17};
    assert_int_equal(list_source_read(dir, "ID", &list, &problem), AUTHORITY_OK);
    assert_true(row_block_decode(find_row(&list, ROW_BLOCK, 0)->bytes, &block));
    assert_int_equal(block.set, ROW_SET_REVOKED);
    assert_int_equal(block.block, 0);
    check_bytes(block.offsets, span_of(offsets, sizeof offsets));
    assert_true(row_block_decode(find_row(&list, ROW_BLOCK, 1)->bytes, &block));
    assert_int_equal(block.block, 1);
    check_bytes(block.offsets, span_of("\0\0", 2));
    assert_true(row_block_decode(find_row(&list, ROW_BLOCK, 2)->bytes, &block));
    assert_int_equal(block.set, ROW_SET_SUSPENDED);
    list_source_free(&list);
}

static void a_rule_arrives_whole(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct list_source list;
    struct row_rule rule;
    assert_int_equal(list_source_read(dir, "PH", &list, &problem), AUTHORITY_OK);
    assert_true(row_rule_decode(find_row(&list, ROW_RULE, 1)->bytes, &rule));
    assert_span_is(rule.id, "PH-S-002");
    assert_int_equal(rule.arrangement, ROW_MRA_TP);
    assert_int_equal(rule.result, ROW_RECOGNISED);
    assert_span_is(rule.issuing_state, "MY");
    assert_span_is(rule.job_index, "S-HK.01");
    assert_int_equal(rule.nationality_count, 2);
    assert_span_is(rule.nationality[0], "ID"); /* written as MY, ID */
    assert_span_is(rule.nationality[1], "MY");
    assert_int_equal(rule.level_least, -1);
    assert_true(row_rule_decode(find_row(&list, ROW_RULE, 0)->bytes, &rule));
    assert_int_equal(rule.scheme_types, 1U << 1 | 1U << 2);
    assert_int_equal(rule.issued_from_day, FOLDER_NOW_S / 86400 - 1500);
    list_source_free(&list);
}

/* The same sources in another order of members and elements give the same bytes. */
static void the_same_sources_give_the_same_bytes(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct build_result result;
    assert_int_equal(build_list(dir, "ID", NULL, &result, &problem), AUTHORITY_OK);
    assert_false(result.unchanged);
    struct span first = folder_read(dir, "out/ID.list");
    assert_int_equal(build_list(dir, "ID", NULL, &result, &problem), AUTHORITY_OK);
    assert_true(result.unchanged);

    assert_int_equal(unlink(folder_path(dir, "out/ID.list")), 0);
    folder_edit(dir, "ID/status.json", "[ 3, 17, 16384 ]", "[ 16384, 3, 17 ]");
    folder_edit(dir, "ID/list.json", "\"version\": 1,", "");
    folder_edit(dir, "ID/list.json", "180", "180, \"version\": 1");
    assert_int_equal(build_list(dir, "ID", NULL, &result, &problem), AUTHORITY_OK);
    struct span second = folder_read(dir, "out/ID.list");
    check_bytes(second, first);
    folder_free(first);
    folder_free(second);
}

static void a_built_list_passes_its_own_check(void **state)
{
    (void)state;
    struct authority_problem problem;
    struct build_result result;
    struct document document;
    struct trust_list list;
    struct list_counts counts;
    uint8_t *file = NULL;
    assert_int_equal(build_list(dir, "ID", NULL, &result, &problem), AUTHORITY_OK);
    assert_int_equal(document_read(result.path, &file, &document, &problem), AUTHORITY_OK);
    assert_int_equal(document.cose.signer_count, 0);
    assert_int_equal(trust_list_decode(document.cose.payload, &list), TRUST_DOC_OK);
    assert_int_equal(list_check("ID.list", &document, &list, &counts, &problem), AUTHORITY_OK);
    assert_int_equal(counts.revoked, 3);
    assert_int_equal(counts.suspended, 1);
    assert_int_equal(counts.rows[ROW_RANGE], 4);
    assert_int_equal(counts.rows[ROW_SCHEME_TITLE], 7);
    list.state = span_str("MY");
    assert_int_equal(list_check("ID.list", &document, &list, NULL, &problem), AUTHORITY_DOCUMENT);
    assert_string_equal(problem.text,
                        "ID.list: a row speaks about what is not this state's own; build it again");
    free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(list_sources_are_refused_in_these_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(root_sources_are_refused_in_these_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(header_sources_are_refused_in_these_words, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_key_has_one_role, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_misspelt_file_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_absent_file_means_no_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_field_arrives, set_up, tear_down),
        cmocka_unit_test_setup_teardown(indices_become_blocks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_rule_arrives_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_sources_give_the_same_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_built_list_passes_its_own_check, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
