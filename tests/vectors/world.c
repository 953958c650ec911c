/* SPDX-License-Identifier: Apache-2.0
 *
 * The invented region. */
#include "world.h"

#include "check.h"
#include "codec/cose.h"
#include "codec/qr_text.h"
#include "verifier/trust_update.h"

#define SCOPED    "ID.BNSP.LSP-0200" /* three licences with scopes */
#define SUSPENDED "ID.BNSP.LSP-0300" /* suspended from 35 to 25 days ago */
#define ENDED     "ID.BNSP.LSP-0400" /* licensed until 25 days ago */
#define NO_ROW    "ID.BNSP.LSP-0500" /* a key and nothing else */
#define NO_STATUS "ID.BNSP.LSP-0600" /* no status row */
#define FULL      "ID.BNSP.LSP-0700" /* every index of 32 bits given out */
#define CENTRE    "ID.BNSP.TUK-0001" /* a centre that signs for the awarding body */

static struct row_names two_names(const char *english, const char *indonesian)
{
    struct row_names names = {.count = 2};
    names.name[0].lang = span_str("en");
    names.name[0].text = span_str(english);
    names.name[1].lang = span_str("id");
    names.name[1].text = span_str(indonesian);
    return names;
}

/* ---- rows ---- */

static void add_issuer(struct fixture_rows *rows, const char *id, const struct row_licence *licence,
                       size_t count, const struct row_suspension *suspension)
{
    uint8_t room[1024];
    struct writer w = writer_of(room, sizeof room);
    struct row_names names = two_names("Hotel Skills Institute", "Lembaga Keahlian Hotel");
    row_issuer_write(&w, span_str(id), ROW_CERTIFICATION_BODY, span_str("ID.BNSP"), &names, licence,
                     count, suspension, suspension == NULL ? 0 : 1);
    fixture_add(rows, writer_span(&w));
}

static void add_key(struct fixture *f, struct fixture_rows *rows, unsigned number, int64_t from_s,
                    int64_t until_s, enum row_key_end end, int64_t end_s)
{
    const struct fixture_key *key = fixture_key(f, number);
    uint8_t room[256];
    struct writer w = writer_of(room, sizeof room);
    row_key_write(&w, &(struct row_key){span_str(WORLD_ISSUER), key->kid, key->alg, key->public_key,
                                        from_s, until_s, end, end_s});
    fixture_add(rows, writer_span(&w));
}

static void add_ended_key(struct fixture *f, struct fixture_rows *rows, unsigned number,
                          enum row_key_end end, int days_ago)
{
    add_key(f, rows, number, FIXTURE_NOW_S - FIXTURE_DAYS_S(100),
            FIXTURE_NOW_S + FIXTURE_DAYS_S(265), end, FIXTURE_NOW_S - FIXTURE_DAYS_S(days_ago));
}

static void add_range(struct fixture_rows *rows, const char *issuer, uint32_t first, uint32_t last,
                      enum row_range_status status)
{
    uint8_t room[64];
    struct writer w = writer_of(room, sizeof room);
    row_range_write(
        &w, &(struct row_range){span_str(issuer), first, last, status, 3, FIXTURE_DAY - 12});
    fixture_add(rows, writer_span(&w));
}

static void add_status(struct fixture_rows *rows)
{
    const struct row_centre centre[] = {
        {span_str("TUK-13"), FIXTURE_DAY - 40, FIXTURE_DAY - 20, 6, FIXTURE_DAY - 5},
        {span_str("TUK-14"), FIXTURE_DAY - 30, ROW_NO_END_DAY, 6, FIXTURE_DAY - 5}};
    const struct row_blank blank[] = {
        {span_str("KB-"), 7, 1000, 1999, 3, FIXTURE_DAY - 6},
        {span_str(""), 18, 999999999999999990U, 999999999999999999U, 3, FIXTURE_DAY - 6}};
    uint8_t room[256];
    struct writer w = writer_of(room, sizeof room);
    row_status_write(&w, span_str(WORLD_ISSUER), WORLD_ALLOTMENT, centre, COUNT_OF(centre), blank,
                     COUNT_OF(blank));
    fixture_add(rows, writer_span(&w));
}

static void add_map(struct fixture_rows *rows, int edition, int level, int aqrf, int status)
{
    uint8_t room[128];
    struct writer w = writer_of(room, sizeof room);
    row_framework_write(&w, &(struct row_framework){1, edition, level, aqrf, status,
                                                    span_str("an invented referencing report")});
    fixture_add(rows, writer_span(&w));
}

/* The certification body whose certificates most tests are about. */
static void add_main_issuer(struct fixture *f, struct fixture_rows *rows)
{
    static const uint32_t revoked[] = {0, 5, 16383, 16384, 32768, 39999};
    static const uint32_t suspended[] = {7, 39998};
    static const uint32_t survivors[] = {9};
    const struct row_licence open = {.from_day = 18262, .until_day = ROW_NO_END_DAY};
    add_issuer(rows, WORLD_ISSUER, &open, 1, NULL);
    fixture_add_key(rows, WORLD_ISSUER, WORLD_KEY_ES256);
    fixture_add_key(rows, WORLD_ISSUER, WORLD_KEY);
    add_ended_key(f, rows, WORLD_KEY_SUPERSEDED, ROW_KEY_SUPERSEDED, 40);
    add_ended_key(f, rows, WORLD_KEY_CEASED, ROW_KEY_CEASED, 20);
    add_ended_key(f, rows, WORLD_KEY_COMPROMISED, ROW_KEY_COMPROMISED, 10);
    add_key(f, rows, WORLD_KEY_SHORT, FIXTURE_NOW_S - FIXTURE_DAYS_S(35),
            FIXTURE_NOW_S - FIXTURE_DAYS_S(25), ROW_KEY_OPEN, 0);
    add_status(rows);
    fixture_add_set(rows, WORLD_ISSUER, ROW_SET_REVOKED, revoked, COUNT_OF(revoked));
    fixture_add_set(rows, WORLD_ISSUER, ROW_SET_SUSPENDED, suspended, COUNT_OF(suspended));
    fixture_add_set(rows, WORLD_ISSUER, ROW_SET_SURVIVORS, survivors, COUNT_OF(survivors));
    add_range(rows, WORLD_ISSUER, 100, 199, ROW_RANGE_REVOKED);
    add_range(rows, WORLD_ISSUER, 200, 299, ROW_RANGE_SUSPENDED);
    add_range(rows, WORLD_ISSUER, 32768, 32770, ROW_RANGE_REINSTATED);
}

static void add_scoped_issuer(struct fixture_rows *rows)
{
    struct row_licence licence[3] = {
        {.from_day = FIXTURE_DAY - 200, .until_day = FIXTURE_DAY - 101},
        {.from_day = FIXTURE_DAY - 60,
         .until_day = FIXTURE_DAY - 28,
         .scheme_count = 2,
         .sector_count = 1,
         .levels_count = 1},
        {.from_day = FIXTURE_DAY - 27, .until_day = ROW_NO_END_DAY, .scheme_count = 1}};
    licence[1].scheme[0] = span_str("REC-HK-01");
    licence[1].scheme[1] = span_str("REC-F*");
    licence[1].sector[0] = span_str("I5");
    licence[1].levels[0] = (struct row_levels){1, 2, 3};
    licence[2].scheme[0] = span_str("REC-HK-01");
    add_issuer(rows, SCOPED, licence, 3, NULL);
    fixture_add_key(rows, SCOPED, WORLD_KEY_SCOPED);
    fixture_add_status(rows, SCOPED, 100000);
}

static void add_unlucky_issuers(struct fixture_rows *rows)
{
    const struct row_licence open = {.from_day = 18262, .until_day = ROW_NO_END_DAY};
    const struct row_licence ended = {.from_day = 18262, .until_day = FIXTURE_DAY - 25};
    const struct row_suspension pause = {FIXTURE_DAY - 35, FIXTURE_DAY - 25, 1};
    add_issuer(rows, SUSPENDED, &open, 1, &pause);
    fixture_add_key(rows, SUSPENDED, WORLD_KEY_SUSPENDED);
    fixture_add_status(rows, SUSPENDED, 100000);
    add_issuer(rows, ENDED, &ended, 1, NULL);
    fixture_add_key(rows, ENDED, WORLD_KEY_ENDED);
    fixture_add_status(rows, ENDED, 100000);
    fixture_add_key(rows, NO_ROW, WORLD_KEY_NO_ROW);
    add_issuer(rows, NO_STATUS, &open, 1, NULL);
    fixture_add_key(rows, NO_STATUS, WORLD_KEY_NO_STATUS);
    add_issuer(rows, FULL, &open, 1, NULL);
    fixture_add_key(rows, FULL, WORLD_KEY_FULL);
    fixture_add_status(rows, FULL, UINT32_MAX);
    add_range(rows, FULL, UINT32_MAX - 2, UINT32_MAX - 2, ROW_RANGE_REVOKED);
    add_range(rows, FULL, UINT32_MAX, UINT32_MAX, ROW_RANGE_REVOKED);
}

static void add_centre(struct fixture_rows *rows)
{
    fixture_add_issuer(rows, CENTRE, ROW_CENTRE, "ID.BNSP");
    fixture_add_key(rows, CENTRE, WORLD_KEY_CENTRE);
    fixture_add_status(rows, CENTRE, 50000);
}

static struct fixture_rows *indonesia(struct fixture *f)
{
    struct fixture_rows *rows = fixture_rows_new(f);
    fixture_add_issuer(rows, "ID.BNSP", ROW_AWARDING_BODY, NULL);
    add_main_issuer(f, rows);
    add_scoped_issuer(rows);
    add_unlucky_issuers(rows);
    add_centre(rows);
    add_map(rows, 2012, 3, 4, 1);
    add_map(rows, 2012, 4, 5, 2);
    fixture_add_title(rows, ROW_SCHEME_TITLE, "REC-HK-01", "Room attendant, hotel");
    return rows;
}

static struct row_rule rule_about(const char *id, const char *prefix, enum row_result result)
{
    return (struct row_rule){.id = span_str(id),
                             .arrangement = ROW_AGP,
                             .result = result,
                             .issuing_state = span_str("ID"),
                             .valid_from_day = 18262,
                             .valid_until_day = ROW_NO_END_DAY,
                             .level_least = -1,
                             .level_most = -1,
                             .issued_from_day = INT64_MIN,
                             .issued_until_day = INT64_MAX,
                             .scheme_prefix = span_str(prefix),
                             .source = span_str("an invented agreement")};
}

static void add_rule(struct fixture_rows *rows, const struct row_rule *rule)
{
    uint8_t room[512];
    struct writer w = writer_of(room, sizeof room);
    row_rule_write(&w, rule);
    fixture_add(rows, writer_span(&w));
}

static void add_rules(struct fixture_rows *rows)
{
    struct row_rule rule[] = {
        rule_about("MY-ID-1", "REC-", ROW_RECOGNISED),
        rule_about("MY-ID-2", "CON-", ROW_CONDITIONAL),
        rule_about("MY-ID-3", "CBC-", ROW_CASE_BY_CASE),
        rule_about("MY-ID-4", "NOT-", ROW_NOT_RECOGNISED),
        rule_about("MY-ID-5", "SUS-", ROW_SUSPENDED),
        rule_about("MY-ID-6", "BOD-", ROW_RECOGNISED),
        rule_about("MY-ID-7", "AWB-", ROW_RECOGNISED),
    };
    rule[1].conditions = two_names("Supervised work only", "Hanya kerja dengan pengawasan");
    rule[5].certification_body = span_str(CENTRE);
    rule[6].awarding_body = span_str("ID.BNSP");
    for (size_t i = 0; i < COUNT_OF(rule); i++) {
        add_rule(rows, &rule[i]);
    }
    fixture_add_rule(rows, "MY-PH-1", "PH", ROW_RECOGNISED);
    fixture_add_rule(rows, "MY-TH-1", "TH", ROW_RECOGNISED);
}

static struct fixture_rows *malaysia(struct fixture *f)
{
    struct fixture_rows *rows = fixture_rows_new(f);
    fixture_add_issuer(rows, "MY.DSD", ROW_AWARDING_BODY, NULL);
    fixture_add_key(rows, "MY.DSD", WORLD_KEY_MY);
    fixture_add_status(rows, "MY.DSD", 50000);
    add_rules(rows);
    uint8_t room[64];
    struct writer w = writer_of(room, sizeof room);
    row_derecognised_write(
        &w, &(struct row_derecognised){span_str(WORLD_ISSUER), 77, 3, FIXTURE_DAY - 3});
    fixture_add(rows, writer_span(&w));
    return rows;
}

static struct fixture_rows *one_awarding_body(struct fixture *f, const char *id, unsigned key)
{
    struct fixture_rows *rows = fixture_rows_new(f);
    fixture_add_issuer(rows, id, ROW_AWARDING_BODY, NULL);
    fixture_add_key(rows, id, key);
    fixture_add_status(rows, id, 50000);
    return rows;
}

/* ---- documents ---- */

static struct span signed_header(struct fixture *f, const struct fixture_list *list,
                                 int64_t version, int days_ago)
{
    static const unsigned publisher[] = {FIXTURE_PUBLISHER_KEY};
    struct trust_header *header = fixture_header_plain(f, version, list, 4);
    header->issued_at_s = FIXTURE_NOW_S - FIXTURE_DAYS_S(days_ago);
    header->expires_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(120);
    header->root_version = version;
    return fixture_header_signed(f, header, publisher, 1);
}

/* Version 2: TH has left, LA has come. */
static struct span second_root(struct fixture *f)
{
    struct trust_root *root = fixture_root_plain(f);
    root->version = 2;
    for (size_t i = 0; i < root->authority_count; i++) {
        if (span_equal(root->authority[i].state, span_str("TH"))) {
            root->authority[i].ended = true;
            root->authority[i].ended_day = FIXTURE_DAY - 10;
        }
    }
    for (size_t i = root->authority_count++; i > 1; i--) { /* after ID, before MY */
        root->authority[i] = root->authority[i - 1];
    }
    root->authority[1] = (struct trust_authority){.state = span_str("LA")};
    fixture_role(f, &root->authority[1].role, 1, 62, 1);
    return fixture_root_signed(f, root, NULL, 0);
}

struct world *world_new(void)
{
    struct fixture *f = fixture_new();
    struct world *w = (void *)fixture_room(f, sizeof *w);
    w->f = f;
    struct fixture_list list[4] = {
        fixture_list(f, "ID", 1, indonesia(f)), fixture_list(f, "MY", 1, malaysia(f)),
        fixture_list(f, "PH", 1, one_awarding_body(f, "PH.TESDA", WORLD_KEY_PH)),
        fixture_list(f, "TH", 1, one_awarding_body(f, "TH.TPQI", WORLD_KEY_TH))};
    list[2].expires_s = FIXTURE_NOW_S + FIXTURE_DAYS_S(20);
    fixture_list_sign(f, &list[2]);
    list[3].as_of_s = (FIXTURE_DAY - 10) * 86400 + 86399; /* the last moment TH could speak */
    fixture_list_sign(f, &list[3]);
    const struct span root[2] = {fixture_root(f), second_root(f)};
    w->root = root[0];
    w->bundle[0] = fixture_bundle(f, root, 1, signed_header(f, list, 1, 3), list, 4);
    list[2].version = 2;
    fixture_list_sign(f, &list[2]);
    w->bundle[1] = fixture_bundle(f, root, 2, signed_header(f, list, 2, 0), NULL, 0);
    return w;
}

void world_free(struct world *w)
{
    fixture_free(w->f);
}

struct trust_store *world_store(struct world *w, const char *name)
{
    struct trust_store *store = fixture_store(w->f, name);
    fixture_import(store, w->bundle[0]);
    fixture_import(store, w->bundle[1]);
    return store;
}

static struct fixture_list list_as_stored(struct world *w, struct trust_store *own,
                                          const char *code)
{
    struct fixture_rows *rows = fixture_rows_new(w->f);
    struct row row;
    struct fixture_walk walk;
    assert_int_equal(trust_store_begin_read(own), TRUST_STORE_OK);
    assert_int_equal(fixture_walk_begin(&walk, own, span_str(code), ROW_ISSUER, ROW_LAST_SECURITY),
                     TRUST_STORE_OK);
    while (fixture_walk_next(&walk, &row)) {
        fixture_add(rows, row.bytes);
    }
    trust_store_rollback(own);
    return fixture_list(w->f, code, 1, rows);
}

void world_publish_again(struct world *w, struct trust_store *own, const char *code)
{
    static const unsigned publisher[] = {FIXTURE_PUBLISHER_KEY};
    struct fixture_list list = list_as_stored(w, own, code);
    struct trust_state state;
    struct cose_sign cose;
    struct trust_list decoded;
    uint8_t digest[TRUST_DIGEST_SIZE];
    assert_int_equal(trust_store_begin_write(own), TRUST_STORE_OK);
    assert_int_equal(trust_store_read_state(own, &state), TRUST_STORE_OK);
    for (size_t i = 0; i < state.header.state_count; i++) {
        if (span_equal(state.header.state[i].state, span_str(code))) {
            state.header.state[i].list_digest = list.digest;
        }
    }
    struct span header = fixture_header_signed(w->f, &state.header, publisher, 1);
    assert_int_equal(cose_sign_decode(list.document, COSE_TYP_LIST, &cose), COSE_OK);
    assert_int_equal(trust_list_decode(cose.payload, &decoded), TRUST_DOC_OK);
    assert_int_equal(trust_store_put_list(own, &decoded, list.digest.ptr, list.document),
                     TRUST_STORE_OK);
    assert_int_equal(trust_store_put_part(own, span_str(code), true, NULL, NULL), TRUST_STORE_OK);
    assert_int_equal(cose_sign_decode(header, COSE_TYP_HEADER, &cose), COSE_OK);
    assert_int_equal(trust_digest(cose.payload, digest), TRUST_UPDATE_OK);
    assert_int_equal(trust_store_put_header(own, &state.header, digest, header), TRUST_STORE_OK);
    assert_int_equal(
        trust_store_put_freshness(own, span_str(code), state.header.issued_at_s, false, false),
        TRUST_STORE_OK);
    assert_int_equal(trust_store_commit(own), TRUST_STORE_OK);
    trust_state_free(&state);
}

/* ---- certificates ---- */

struct credential world_credential(void)
{
    static const struct {
        enum saksi_claim claim;
        const char *text;
    } texts[] = {{SAKSI_CLAIM_ISS, WORLD_ISSUER},
                 {SAKSI_CLAIM_CERTIFICATE_NUMBER, "55101 5151 3 0004217 2026"},
                 {SAKSI_CLAIM_SCHEME_CODE, "REC-HK-01"},
                 {SAKSI_CLAIM_SCHEME_TITLE, "Room Attendant"},
                 {SAKSI_CLAIM_SECTOR_CODE, "I55"},
                 {SAKSI_CLAIM_OCCUPATION_CODE, "5151"},
                 {SAKSI_CLAIM_JOB_INDEX, "HHK.05"},
                 {SAKSI_CLAIM_ASSESSMENT_CENTRE, "TUK-07"},
                 {SAKSI_CLAIM_HOLDER_NAME, "Siti Rahmawati"},
                 {SAKSI_CLAIM_NATIONALITY, "ID"},
                 {SAKSI_CLAIM_BLANK_NUMBER, "KB-0004217"}};
    static const struct {
        enum saksi_claim claim;
        int64_t number;
    } numbers[] = {{SAKSI_CLAIM_IAT, FIXTURE_NOW_S - FIXTURE_DAYS_S(30) + 5 * 3600},
                   {SAKSI_CLAIM_STATUS_INDEX, 1000},
                   {SAKSI_CLAIM_SCHEME_TYPE, 2},
                   {SAKSI_CLAIM_COVERAGE, 1},
                   {SAKSI_CLAIM_STANDARD_FAMILY, 1},
                   {SAKSI_CLAIM_FRAMEWORK, 1},
                   {SAKSI_CLAIM_EDITION, 2012},
                   {SAKSI_CLAIM_LEVEL, 3},
                   {SAKSI_CLAIM_ISSUE_DATE, FIXTURE_DAY - 30},
                   {SAKSI_CLAIM_VALID_UNTIL, FIXTURE_DAY + 1000},
                   {SAKSI_CLAIM_BIRTH_DATE, 9872}};
    struct credential c = {0};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        credential_set_text(&c, texts[i].claim, span_str(texts[i].text));
    }
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        credential_set_number(&c, numbers[i].claim, numbers[i].number);
    }
    return c;
}

struct verify_request world_request(void)
{
    return (struct verify_request){.now_s = FIXTURE_NOW_S + 3600,
                                   .build_s = FIXTURE_BUILD_S,
                                   .utc_offset_s = 7 * 3600,
                                   .host = "MY",
                                   .purpose = SAKSI_HIRING};
}

struct span world_sign_payload(struct world *w, struct span payload, const char *typ,
                               unsigned number)
{
    const struct fixture_key *key = fixture_key(w->f, number);
    struct writer header = writer_of(fixture_room(w->f, 64), 64);
    cose_write_sign1_protected(&header, key->alg, key->kid, typ);
    struct cose_sign1 cose = {
        .protected = writer_span(&header), .alg = key->alg, .kid = key->kid, .payload = payload};
    size_t size = payload.len + 256;
    struct writer message = writer_of(fixture_room(w->f, size), size);
    cose_sign1_to_be_signed(&message, &cose);
    uint8_t signature[CRYPTO_SIGNATURE_SIZE];
    assert_int_equal(crypto_sign(key->private_key, writer_span(&message), signature), CRYPTO_OK);
    cose.signature = span_of(signature, sizeof signature);
    struct writer document = writer_of(fixture_room(w->f, size), size);
    cose_write_sign1(&document, &cose);
    assert_true(writer_ok(&document));
    return writer_span(&document);
}

struct span world_sign(struct world *w, const struct credential *c, unsigned key)
{
    uint8_t *room = fixture_room(w->f, CREDENTIAL_MAX_BYTES);
    struct writer payload = writer_of(room, CREDENTIAL_MAX_BYTES);
    assert_int_equal(credential_encode(c, &payload).error, CREDENTIAL_OK);
    return world_sign_payload(w, writer_span(&payload), COSE_TYP_CREDENTIAL, key);
}

struct span world_text(struct world *w, struct span document)
{
    struct writer text = writer_of(fixture_room(w->f, QR_TEXT_MAX), QR_TEXT_MAX);
    assert_int_equal(qr_text_encode(document, &text), QR_TEXT_OK);
    return writer_span(&text);
}
