/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of vectors. */
#include "vectors.h"

#include "check.h"
#include "codec/cose.h"
#include "verifier/clock.h"

#define DAY                    FIXTURE_DAY
#define NOW                    FIXTURE_NOW_S
#define DAYS(n)                FIXTURE_DAYS_S(n)
#define SET(claim, value)      credential_set_number(c, SAKSI_CLAIM_##claim, value)
#define SET_TEXT(claim, value) credential_set_text(c, SAKSI_CLAIM_##claim, span_str(value))
#define CHANGE(name, ...)                                                                          \
    static void name(struct credential *c)                                                         \
    {                                                                                              \
        __VA_ARGS__;                                                                               \
    }
#define ASK(name, ...)                                                                             \
    static void name(struct verify_request *r)                                                     \
    {                                                                                              \
        __VA_ARGS__;                                                                               \
    }

/* ---- what certificates say ---- */

static const uint8_t thumbprint[32] = {0xC0, 0xFF, 0xEE};
static const uint8_t face[] = "RIFF\x1a\0\0\0WEBPVP8 ";

static void signed_on(struct credential *c, int64_t day, int64_t iat_s)
{
    SET(ISSUE_DATE, day);
    SET(IAT, iat_s);
}

static void index_is(struct credential *c, int64_t index)
{
    SET(STATUS_INDEX, index);
}

CHANGE(now_signed, signed_on(c, DAY, NOW - 3600))
CHANGE(at_list, signed_on(c, DAY - 1, NOW - DAYS(1)))
CHANGE(after_list, signed_on(c, DAY - 1, NOW - DAYS(1) + 1))
CHANGE(future, signed_on(c, DAY + 3, NOW + DAYS(3)))
CHANGE(half_day_ahead, signed_on(c, DAY, NOW + DAYS(1) / 2))
CHANGE(day_before_issue, SET(IAT, NOW - DAYS(31)))
CHANGE(before_issue, SET(IAT, NOW - DAYS(31) - 1))
CHANGE(long_ago, signed_on(c, DAY - 102, NOW - DAYS(101)))
CHANGE(fifty_ago, signed_on(c, DAY - 50, NOW - DAYS(50)))
CHANGE(twenty_ago, signed_on(c, DAY - 20, NOW - DAYS(20) + 100))
CHANGE(five_ago, signed_on(c, DAY - 5, NOW - DAYS(5)))
CHANGE(five_ago_index, signed_on(c, DAY - 5, NOW - DAYS(5)); index_is(c, 9))
CHANGE(survivor, index_is(c, 9))
CHANGE(short_survivor, signed_on(c, DAY - 24, NOW - DAYS(24)))
CHANGE(short_first, signed_on(c, DAY - 35, NOW - DAYS(35)))
CHANGE(short_before_first, signed_on(c, DAY - 35, NOW - DAYS(35) - 1))
CHANGE(short_last, signed_on(c, DAY - 25, NOW - DAYS(25)))
CHANGE(short_after_last, signed_on(c, DAY - 25, NOW - DAYS(25) + 1))
CHANGE(as_superseded, signed_on(c, DAY - 40, NOW - DAYS(40)))
CHANGE(before_superseded, signed_on(c, DAY - 40, NOW - DAYS(40) - 1))
CHANGE(day_ahead, signed_on(c, DAY, NOW + 3600 + DAYS(1)))
CHANGE(over_a_day_ahead, signed_on(c, DAY, NOW + 3600 + DAYS(1) + 1))
CHANGE(neighbour_scheme, SET_TEXT(SCHEME_CODE, "REC-HK-02"))
CHANGE(longer_scheme, SET_TEXT(SCHEME_CODE, "REC-HK-011"))
CHANGE(least_level, SET(LEVEL, 2))
CHANGE(low_level, SET(LEVEL, 1))
CHANGE(vietnam, SET_TEXT(ISS, "VN.DVET.CB-12"))
CHANGE(before_end, signed_on(c, DAY - 11, NOW - DAYS(11) + 6 * 3600))
CHANGE(after_end, signed_on(c, DAY - 10, NOW - DAYS(10) + 6 * 3600))
CHANGE(unlicensed, signed_on(c, DAY - 70, NOW - DAYS(70)))
CHANGE(other_scheme, SET_TEXT(SCHEME_CODE, "REC-XX-01"))
CHANGE(prefix_scheme, SET_TEXT(SCHEME_CODE, "REC-FO-01"))
CHANGE(other_sector, SET_TEXT(SECTOR_CODE, "J62"))
CHANGE(no_sector, credential_clear(c, SAKSI_CLAIM_SECTOR_CODE))
CHANGE(high_level, SET(LEVEL, 4))
CHANGE(no_level, credential_clear(c, SAKSI_CLAIM_FRAMEWORK);
       credential_clear(c, SAKSI_CLAIM_EDITION); credential_clear(c, SAKSI_CLAIM_LEVEL))
CHANGE(in_pause, signed_on(c, DAY - 30, NOW - DAYS(20)))
CHANGE(before_pause, signed_on(c, DAY - 36, NOW - DAYS(36) + 3600))
CHANGE(into_pause, signed_on(c, DAY - 36, NOW - DAYS(34)))
CHANGE(late, signed_on(c, DAY - 26, NOW - DAYS(24) + 3600))
CHANGE(last_licensed_day, signed_on(c, DAY - 25, NOW - DAYS(25) + 3600))
CHANGE(next_licence, signed_on(c, DAY - 28, NOW - DAYS(27) + 3600))
CHANGE(next_licence_narrow, SET_TEXT(SCHEME_CODE, "REC-FO-01");
       signed_on(c, DAY - 28, NOW - DAYS(27) + 3600))

CHANGE(no_expiry, credential_set_null(c, SAKSI_CLAIM_VALID_UNTIL))
CHANGE(ends_yesterday, SET(VALID_UNTIL, DAY - 1))
CHANGE(ends_today, SET(VALID_UNTIL, DAY))
CHANGE(ends_in_ten, SET(VALID_UNTIL, DAY + 10))
static void signed_after_day(struct credential *c, int64_t seconds)
{
    signed_on(c, DAY - 21, clock_end_of_day(DAY - 20, 7 * 3600) + DAYS(1) + seconds);
}

CHANGE(signed_next_day, signed_after_day(c, 0))
CHANGE(signed_later, signed_after_day(c, 1))
CHANGE(begins_tomorrow, SET(VALID_FROM, DAY + 1))
CHANGE(begins_today, SET(VALID_FROM, DAY))
CHANGE(revoked, index_is(c, 5))
CHANGE(revoked_first, index_is(c, 0))
CHANGE(revoked_block_end, index_is(c, 16383))
CHANGE(revoked_block_start, index_is(c, 16384))
CHANGE(revoked_last, index_is(c, 39999))
CHANGE(after_allotment, index_is(c, 40000))
CHANGE(largest, index_is(c, 4294967295))
CHANGE(largest_but_one, index_is(c, 4294967294))
CHANGE(largest_but_two, index_is(c, 4294967293))
CHANGE(range_start, index_is(c, 100))
CHANGE(range_end, index_is(c, 199))
CHANGE(before_range, index_is(c, 99))
CHANGE(suspended_range, index_is(c, 299))
CHANGE(after_range, index_is(c, 300))
CHANGE(suspended, index_is(c, 7))
CHANGE(suspended_last, index_is(c, 39998))
CHANGE(reinstated, index_is(c, 32768))
CHANGE(after_list_revoked, signed_on(c, DAY - 1, NOW - 3600); index_is(c, 5))
CHANGE(after_list_and_allotment, signed_on(c, DAY - 1, NOW - 3600); index_is(c, 40000))
CHANGE(centre_from, SET_TEXT(ASSESSMENT_CENTRE, "TUK-14"))
CHANGE(centre_before, SET_TEXT(ASSESSMENT_CENTRE, "TUK-13"); signed_on(c, DAY - 41, NOW - DAYS(41)))
CHANGE(centre_last, SET_TEXT(ASSESSMENT_CENTRE, "TUK-13"); signed_on(c, DAY - 20, NOW - DAYS(20)))
CHANGE(centre_after, SET_TEXT(ASSESSMENT_CENTRE, "TUK-13"); signed_on(c, DAY - 19, NOW - DAYS(19)))
CHANGE(blank_first, SET_TEXT(BLANK_NUMBER, "KB-0001000"))
CHANGE(blank_last, SET_TEXT(BLANK_NUMBER, "KB-0001999"))
CHANGE(blank_after, SET_TEXT(BLANK_NUMBER, "KB-0002000"))
CHANGE(blank_other_prefix, SET_TEXT(BLANK_NUMBER, "XX-0001000"))
CHANGE(blank_short, SET_TEXT(BLANK_NUMBER, "KB-001000"))
CHANGE(blank_long, SET_TEXT(BLANK_NUMBER, "KB-00001000"))
CHANGE(blank_letter, SET_TEXT(BLANK_NUMBER, "KB-000100A"))
CHANGE(blank_huge, SET_TEXT(BLANK_NUMBER, "999999999999999999"))
CHANGE(no_blank_no_centre, credential_clear(c, SAKSI_CLAIM_BLANK_NUMBER);
       credential_clear(c, SAKSI_CLAIM_ASSESSMENT_CENTRE))

CHANGE(conditional, SET_TEXT(SCHEME_CODE, "CON-HK-01"))
CHANGE(case_by_case, SET_TEXT(SCHEME_CODE, "CBC-HK-01"))
CHANGE(not_recognised, SET_TEXT(SCHEME_CODE, "NOT-HK-01"))
CHANGE(recognition_suspended, SET_TEXT(SCHEME_CODE, "SUS-HK-01"))
CHANGE(not_covered, SET_TEXT(SCHEME_CODE, "ZZZ-HK-01"))
CHANGE(one_body_only, SET_TEXT(SCHEME_CODE, "BOD-HK-01"))
CHANGE(one_awarding_body_only, SET_TEXT(SCHEME_CODE, "AWB-HK-01"))
CHANGE(derecognised, index_is(c, 77))
CHANGE(partial, SET(COVERAGE, 2))
CHANGE(with_face, credential_set_text(c, SAKSI_CLAIM_FACE, span_of(face, sizeof face - 1)))
CHANGE(with_card, credential_set_text(c, SAKSI_CLAIM_CNF, span_of(thumbprint, 32)))

/* ---- what checkpoints ask ---- */

ASK(in_id, memcpy(r->host, "ID", 3))
ASK(in_ph, memcpy(r->host, "PH", 3))
ASK(in_la, memcpy(r->host, "LA", 3))
ASK(in_vn, memcpy(r->host, "VN", 3))
ASK(in_th, memcpy(r->host, "TH", 3))
ASK(no_host, r->host[0] = '\0')
ASK(at_border, r->purpose = SAKSI_BORDER)
ASK(day_7, r->now_s = NOW + DAYS(8) - 1)
ASK(day_8, r->now_s = NOW + DAYS(8))
ASK(day_30, r->now_s = NOW + DAYS(31) - 1)
ASK(day_31, r->now_s = NOW + DAYS(31))
ASK(day_90, r->now_s = NOW + DAYS(91) - 1)
ASK(day_91, r->now_s = NOW + DAYS(91))
ASK(day_120, r->now_s = NOW + DAYS(120) + 1)
ASK(day_120_sharp, r->now_s = NOW + DAYS(120))
ASK(tightened, r->now_s = NOW + DAYS(5); r->tighten = (struct trust_staleness){1, 2, 4})
ASK(tightened_amber, r->now_s = NOW + DAYS(5); r->tighten = (struct trust_staleness){0, 2, 0})
ASK(loosened, r->now_s = NOW + DAYS(31); r->tighten = (struct trust_staleness){100, 200, 300})
ASK(ph_at_last_moment, memcpy(r->host, "PH", 3); r->now_s = NOW + DAYS(20))
ASK(ph_expired, memcpy(r->host, "PH", 3); r->now_s = NOW + DAYS(20) + 1)
ASK(clock_at_floor, r->now_s = NOW)
ASK(clock_behind, r->now_s = NOW - 1)
ASK(clock_1970, r->now_s = 0)
ASK(clock_ahead, r->now_s = NOW + DAYS(400) + 1)
ASK(clock_not_ahead, r->now_s = NOW + DAYS(400))
/* The store is at root 2, header 2. */
ASK(mark_equal, r->mark = (struct trust_mark){true, true, 2, 2})
ASK(mark_older_header, r->mark = (struct trust_mark){true, true, 2, 1})
ASK(mark_older_root, r->mark = (struct trust_mark){true, true, 1, INT64_MAX})
ASK(mark_newer_header, r->mark = (struct trust_mark){true, true, 2, 3})
ASK(mark_newer_root, r->mark = (struct trust_mark){true, true, 3, 0})
ASK(mark_newest, r->mark = (struct trust_mark){true, true, INT64_MAX, INT64_MAX})
ASK(mark_unknown, r->mark = (struct trust_mark){true, false, 0, 0})
ASK(mark_unknown_versions_left, r->mark = (struct trust_mark){true, false, 2, 2})
ASK(mark_not_wanted, r->mark = (struct trust_mark){false, true, 9, 9})
ASK(mark_newer_clock_behind, r->mark = (struct trust_mark){true, true, 2, 3}; r->now_s = NOW - 1)
ASK(mark_newer_as_of, r->mark = (struct trust_mark){true, true, 2, 3}; r->has_at = true;
    r->at_day = DAY)
ASK(mark_without_header, r->mark = (struct trust_mark){true, true, 2, 0})
ASK(mark_of_first_header, r->mark = (struct trust_mark){true, true, 2, 1})
ASK(mark_newer_day_91, r->mark = (struct trust_mark){true, true, 2, 3}; r->now_s = NOW + DAYS(91))
ASK(built_later, r->build_s = NOW + DAYS(2))
ASK(as_of_today, r->has_at = true; r->at_day = DAY)
ASK(as_of_yesterday, r->has_at = true; r->at_day = DAY - 1)
ASK(as_of_before_issue, r->has_at = true; r->at_day = DAY - 31)
ASK(as_of_with_bad_clock, r->has_at = true; r->at_day = DAY + 1; r->now_s = 0)
ASK(as_of_20_ago, r->has_at = true; r->at_day = DAY - 20)
ASK(as_of_far, r->has_at = true; r->at_day = DAY + 2000)
ASK(post_job, r->post = span_str("HHK.05"))
ASK(post_scheme, r->post = span_str("REC-HK-01"))
ASK(post_occupation, r->post = span_str("515"))
ASK(post_other, r->post = span_str("HHK.0"))
ASK(last_moment_of_day, r->now_s = NOW + DAYS(1) - 7 * 3600 - 1; memcpy(r->host, "MY", 3))
ASK(first_moment_of_next_day, r->now_s = NOW + DAYS(1) - 7 * 3600)

/* ---- cards ---- */

static const uint8_t photo_digest[32] = {0xFA, 0xCE};

CHANGE(with_photo, credential_set_text(c, SAKSI_CLAIM_PHOTO_DIGEST, span_of(photo_digest, 32)))
CHANGE(with_card_and_photo, with_card(c); with_photo(c))
CHANGE(with_card_photo_and_face, with_card_and_photo(c); with_face(c))
CHANGE(with_card_revoked, with_card(c); revoked(c))

static void digest_of(struct span document, uint8_t digest[CRYPTO_SHA256_SIZE])
{
    struct cose_sign1 cose;
    uint8_t room[CREDENTIAL_MAX_BYTES];
    struct writer w = writer_of(room, sizeof room);
    assert_int_equal(cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose), COSE_OK);
    cose_sign1_to_be_signed(&w, &cose);
    struct span message = writer_span(&w);
    assert_int_equal(crypto_sha256(&message, 1, digest), CRYPTO_OK);
}

/* The card the certificate was issued for, with the photo it was issued with. */
static void genuine_card(struct world *w, struct verify_request *r, struct span document)
{
    (void)w;
    r->card = (struct card_proof){.present = true, .answer = CARD_ANSWER_GOOD, .has_photo = true};
    memcpy(r->card.key_thumbprint, thumbprint, sizeof thumbprint);
    memcpy(r->card.photo_digest, photo_digest, sizeof photo_digest);
    digest_of(document, r->card.credential_digest);
}

#define CARD(name, ...)                                                                            \
    static void name(struct world *w, struct verify_request *r, struct span document)              \
    {                                                                                              \
        genuine_card(w, r, document);                                                              \
        __VA_ARGS__;                                                                               \
    }

/* Signed again, with a change, as the paper that lies beside the card. */
static struct span paper_with(struct world *w, void (*change)(struct credential *c))
{
    struct credential c = world_credential();
    change(&c);
    return world_sign(w, &c, WORLD_KEY);
}

CHANGE(paper_sibling, SET(STATUS_INDEX, 1001); SET(IAT, NOW - DAYS(30) + 6 * 3600); with_face(c))
CHANGE(paper_other_name, SET_TEXT(HOLDER_NAME, "Siti Rahmawat1"))
CHANGE(paper_other_level, SET(LEVEL, 2))
CHANGE(paper_no_expiry, credential_set_null(c, SAKSI_CLAIM_VALID_UNTIL))
CHANGE(paper_more_units, credential_add_unit(c, span_str("U-1")))
CHANGE(paper_spelt_otherwise, paper_other_level(c);
       SET_TEXT(CERTIFICATE_NUMBER, "55101-5151-3-0004217-2026"))
CHANGE(paper_other_number, paper_other_name(c);
       SET_TEXT(CERTIFICATE_NUMBER, "55101 5151 3 0004218 2026"))

CARD(token, r->card.generic_token = true; r->card.has_photo = false)
CARD(token_at_border, token(w, r, document); r->purpose = SAKSI_BORDER)
CARD(token_silent, token(w, r, document); r->card.answer = CARD_ANSWER_NONE)
CARD(token_wrong, token(w, r, document); r->card.answer = CARD_ANSWER_WRONG)
CARD(token_other_key, token(w, r, document); r->card.key_thumbprint[0] ^= 1)
CARD(token_other_document, token(w, r, document); r->card.credential_digest[31] ^= 1)
CARD(token_and_paper, token(w, r, document); r->paper = paper_with(w, paper_other_name))
CARD(tag, r->card = (struct card_proof){.present = true})
CARD(unlocked, r->card.unfinished = true)
CARD(unlocked_other_key, r->card.unfinished = true; r->card.key_thumbprint[31] ^= 1)
CARD(card_at_border, r->purpose = SAKSI_BORDER)
CARD(silent_card, r->card.answer = CARD_ANSWER_NONE)
CARD(silent_card_at_border, r->card.answer = CARD_ANSWER_NONE; r->purpose = SAKSI_BORDER)
CARD(wrong_answer, r->card.answer = CARD_ANSWER_WRONG)
CARD(unknown_answer, r->card.answer = (enum card_answer)9)
CARD(other_key, r->card.key_thumbprint[31] ^= 1)
CARD(other_document, r->card.credential_digest[0] ^= 0x80)
CARD(no_photo, r->card.has_photo = false)
CARD(other_photo, r->card.photo_digest[31] ^= 1)
CARD(absent_card, r->card.present = false)
CARD(paper_same, r->paper = document)
CARD(paper_of_sibling, r->paper = paper_with(w, paper_sibling))
CARD(paper_of_other_name, r->paper = paper_with(w, paper_other_name))
CARD(paper_of_other_level, r->paper = paper_with(w, paper_other_level))
CARD(paper_of_no_expiry, r->paper = paper_with(w, paper_no_expiry))
CARD(paper_of_more_units, r->paper = paper_with(w, paper_more_units))
CARD(paper_of_other_spelling, r->paper = paper_with(w, paper_spelt_otherwise))
CARD(paper_of_other_number, r->paper = paper_with(w, paper_other_number))
CARD(paper_of_nonsense, r->paper = span_str("nonsense"))

/* ---- documents that are not what they were ---- */

static struct span flip_last_bit(struct world *w, struct span document)
{
    struct span copy = fixture_copy(w->f, document);
    ((uint8_t *)(uintptr_t)copy.ptr)[copy.len - 1] ^= 1;
    return copy;
}

/* Says to be from ES256's key, signed by EdDSA's. */
static struct span other_kid(struct world *w, struct span document)
{
    struct cose_sign1 cose;
    assert_int_equal(cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose), COSE_OK);
    struct writer header = writer_of(fixture_room(w->f, 64), 64);
    cose_write_sign1_protected(&header, cose.alg, fixture_key(w->f, WORLD_KEY_ES256)->kid,
                               COSE_TYP_CREDENTIAL);
    cose.protected = writer_span(&header);
    struct writer changed = writer_of(fixture_room(w->f, 4096), 4096);
    cose_write_sign1(&changed, &cose);
    return writer_span(&changed);
}

static struct span no_signature(struct world *w, struct span document)
{
    struct cose_sign1 cose;
    assert_int_equal(cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose), COSE_OK);
    cose.signature = span_of(NULL, 0);
    struct writer changed = writer_of(fixture_room(w->f, 4096), 4096);
    cose_write_sign1(&changed, &cose);
    return writer_span(&changed);
}

/* Properly signed, and no certificate. */
static struct span signed_nonsense(struct world *w, struct span document)
{
    (void)document;
    return world_sign_payload(w, span_of("\xA0", 1), COSE_TYP_CREDENTIAL, WORLD_KEY);
}

static struct span later_version(struct world *w, struct span document)
{
    struct cose_sign1 cose;
    assert_int_equal(cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose), COSE_OK);
    return world_sign_payload(w, cose.payload, "cc2", WORLD_KEY);
}

/* The payload once more with a claim -65538 of a later version behind the others. */
static struct span later_claim(struct world *w, struct span document)
{
    static const uint8_t claim[] = {0x3A, 0x00, 0x01, 0x00, 0x01, 0x01};
    struct cose_sign1 cose;
    assert_int_equal(cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose), COSE_OK);
    struct writer payload = writer_of(fixture_room(w->f, 4096), 4096);
    writer_put(&payload, cose.payload);
    writer_put(&payload, span_of(claim, sizeof claim));
    payload.ptr[0]++; /* one entry more */
    return world_sign_payload(w, writer_span(&payload), COSE_TYP_CREDENTIAL, WORLD_KEY);
}

/* ---- stores that are not what they were ---- */

static struct span key_of(uint8_t room[ROW_MAX_KEY_BYTES],
                          void (*write)(struct writer *w, struct span issuer))
{
    struct writer w = writer_of(room, ROW_MAX_KEY_BYTES);
    write(&w, span_str(WORLD_ISSUER));
    return writer_span(&w);
}

static void index_1000(struct writer *w, struct span issuer)
{
    row_key_of_index(w, issuer, 1000);
}

static void damaged_issuer(struct trust_store *store)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    fixture_damage(store, "ID", ROW_ISSUER, key_of(room, row_key_of_code));
}

static void damaged_status(struct trust_store *store)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    fixture_damage(store, "ID", ROW_STATUS, key_of(room, row_key_of_code));
}

static void damaged_range(struct trust_store *store)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    fixture_damage(store, "ID", ROW_RANGE, key_of(room, index_1000));
}

static void damaged_derecognised(struct trust_store *store)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    fixture_damage(store, "MY", ROW_DERECOGNISED, key_of(room, index_1000));
}

static void damaged_key(struct trust_store *store)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer w = writer_of(room, sizeof room);
    struct world *other = world_new(); /* for the kid, which no seed changes */
    row_key_of_kid(&w, span_str(WORLD_ISSUER), fixture_key(other->f, WORLD_KEY)->kid);
    fixture_damage(store, "ID", ROW_KEY, writer_span(&w));
    world_free(other);
}

static void damaged_map(struct trust_store *store)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer w = writer_of(room, sizeof room);
    row_key_of_framework(&w, 1, 2012, 3);
    fixture_damage(store, "ID", ROW_FRAMEWORK, writer_span(&w));
}

static void damaged_parent(struct trust_store *store)
{
    uint8_t room[ROW_MAX_KEY_BYTES];
    struct writer w = writer_of(room, sizeof room);
    row_key_of_code(&w, span_str("MY.DSD"));
    fixture_damage(store, "MY", ROW_ISSUER, writer_span(&w));
}

static void damaged_rule(struct trust_store *store)
{
    fixture_damage(store, "MY", ROW_RULE, span_of("\x61R", 2));
}

static void no_lists(struct trust_store *store)
{
    assert_int_equal(trust_store_put_freshness(store, span_str("ID"), FIXTURE_NOW_S, false, true),
                     TRUST_STORE_OK);
}

static void no_host_list(struct trust_store *store)
{
    assert_int_equal(trust_store_put_freshness(store, span_str("MY"), FIXTURE_NOW_S, false, true),
                     TRUST_STORE_OK);
}

static void never_fresh(struct trust_store *store)
{
    assert_int_equal(trust_store_put_freshness(store, span_str("ID"), 0, false, false),
                     TRUST_STORE_OK);
}

static void no_header(struct trust_store *store)
{
    assert_int_equal(trust_store_remove_header(store), TRUST_STORE_OK);
}

static void seen_later(struct trust_store *store)
{
    assert_int_equal(trust_store_put_time(store, FIXTURE_NOW_S, FIXTURE_NOW_S + FIXTURE_DAYS_S(3)),
                     TRUST_STORE_OK);
}

/* ---- the table ---- */

#define VALID  SAKSI_VALID
#define CHECK  SAKSI_CHECK_BY_HAND
#define CANNOT SAKSI_CANNOT_VERIFY
#define NOT    SAKSI_NOT_VALID
#define FITS   SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE
#define RED    SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_SAMPLE
#define ON_CARD                                                                                    \
    SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_KEY_PROVED, SAKSI_COMPARE_HOLDER, SAKSI_SAMPLE
#define MISMATCH                                                                                   \
    SAKSI_CARD_QR_MISMATCH, SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_KEY_PROVED, SAKSI_SAMPLE
#define K .key = WORLD_KEY

/* clang-format off */
const struct vector vector_table[] = {
    /* 1. Genuine? */
    {"recognised", K, .outcome = VALID, .reason = {FITS}},
    {"recognised-es256", .key = WORLD_KEY_ES256, .outcome = VALID, .reason = {FITS}},
    {"signature-wrong", K, .forge = flip_last_bit, .outcome = NOT, .reason = {SAKSI_SIGNATURE_WRONG, SAKSI_SAMPLE}},
    {"signature-empty", K, .forge = no_signature, .outcome = NOT, .reason = {SAKSI_SIGNATURE_WRONG, SAKSI_SAMPLE}},
    {"algorithm-swapped", K, .forge = other_kid, .outcome = NOT, .reason = {SAKSI_SIGNATURE_WRONG, SAKSI_SAMPLE}},
    {"key-unknown", .key = WORLD_KEY_STRANGER, .outcome = NOT, .reason = {SAKSI_KEY_UNKNOWN, SAKSI_SAMPLE}},
    {"key-of-another-issuer", .key = WORLD_KEY_SCOPED, .outcome = NOT, .reason = {SAKSI_KEY_UNKNOWN, SAKSI_SAMPLE}},
    {"key-of-another-state", .key = WORLD_KEY_MY, .outcome = NOT, .reason = {SAKSI_KEY_UNKNOWN, SAKSI_SAMPLE}},
    {"key-unknown-day-30", .key = WORLD_KEY_STRANGER, .ask = day_30, .outcome = NOT, .reason = {SAKSI_KEY_UNKNOWN, SAKSI_SAMPLE}},
    {"key-unknown-stale", .key = WORLD_KEY_STRANGER, .ask = day_31, .outcome = CANNOT, .reason = {SAKSI_KEY_UNKNOWN_STALE, SAKSI_SAMPLE}},
    {"key-unknown-clock-behind", .key = WORLD_KEY_STRANGER, .ask = clock_behind, .outcome = CANNOT, .reason = {SAKSI_KEY_UNKNOWN_STALE, SAKSI_CLOCK_SUSPECT, SAKSI_SAMPLE}},
    {"key-unknown-no-header", .key = WORLD_KEY_STRANGER, .spoil = no_header, .outcome = CANNOT, .reason = {SAKSI_KEY_UNKNOWN_STALE, SAKSI_SAMPLE}},
    {"key-unknown-never-fresh", .key = WORLD_KEY_STRANGER, .spoil = never_fresh, .outcome = CANNOT, .reason = {SAKSI_KEY_UNKNOWN_STALE, SAKSI_SAMPLE}},
    {"key-unknown-list-expired", .key = WORLD_KEY_STRANGER, .issuer = "PH.TESDA", .ask = ph_expired, .outcome = CANNOT, .reason = {SAKSI_KEY_UNKNOWN_STALE, SAKSI_SAMPLE}},
    {"key-unknown-at-list", .key = WORLD_KEY_STRANGER, .change = at_list, .outcome = NOT, .reason = {SAKSI_KEY_UNKNOWN, SAKSI_SAMPLE}},
    {"key-newer-than-list", .key = WORLD_KEY_STRANGER, .change = after_list, .outcome = CANNOT, .reason = {SAKSI_KEY_NEWER_THAN_LIST, SAKSI_SAMPLE}},
    {"key-newer-half-a-day-ahead", .key = WORLD_KEY_STRANGER, .change = half_day_ahead, .outcome = CANNOT, .reason = {SAKSI_KEY_NEWER_THAN_LIST, SAKSI_SAMPLE}},
    {"key-unknown-from-the-future", .key = WORLD_KEY_STRANGER, .change = future, .outcome = NOT, .reason = {SAKSI_KEY_UNKNOWN, SAKSI_SAMPLE}},
    {"key-not-yet", K, .change = long_ago, .outcome = NOT, .reason = {SAKSI_KEY_NOT_VALID_AT_ISSUE, SAKSI_SAMPLE}},
    {"key-period-over", .key = WORLD_KEY_SHORT, .change = short_survivor, .outcome = NOT, .reason = {SAKSI_KEY_NOT_VALID_AT_ISSUE, SAKSI_SAMPLE}},
    {"key-in-period", .key = WORLD_KEY_SHORT, .outcome = VALID, .reason = {FITS}},
    {"key-first-second", .key = WORLD_KEY_SHORT, .change = short_first, .outcome = VALID, .reason = {FITS}},
    {"key-before-first-second", .key = WORLD_KEY_SHORT, .change = short_before_first, .outcome = NOT, .reason = {SAKSI_KEY_NOT_VALID_AT_ISSUE, SAKSI_SAMPLE}},
    {"key-last-second", .key = WORLD_KEY_SHORT, .change = short_last, .outcome = VALID, .reason = {FITS}},
    {"key-after-last-second", .key = WORLD_KEY_SHORT, .change = short_after_last, .outcome = NOT, .reason = {SAKSI_KEY_NOT_VALID_AT_ISSUE, SAKSI_SAMPLE}},
    {"key-superseded-that-second", .key = WORLD_KEY_SUPERSEDED, .change = as_superseded, .outcome = NOT, .reason = {SAKSI_KEY_NOT_VALID_AT_ISSUE, SAKSI_SAMPLE}},
    {"key-superseded-a-second-later", .key = WORLD_KEY_SUPERSEDED, .change = before_superseded, .outcome = VALID, .reason = {FITS}},
    {"key-newer-a-day-ahead", .key = WORLD_KEY_STRANGER, .change = day_ahead, .outcome = CANNOT, .reason = {SAKSI_KEY_NEWER_THAN_LIST, SAKSI_SAMPLE}},
    {"key-unknown-over-a-day-ahead", .key = WORLD_KEY_STRANGER, .change = over_a_day_ahead, .outcome = NOT, .reason = {SAKSI_KEY_UNKNOWN, SAKSI_SAMPLE}},
    {"key-superseded", .key = WORLD_KEY_SUPERSEDED, .outcome = NOT, .reason = {SAKSI_KEY_NOT_VALID_AT_ISSUE, SAKSI_SAMPLE}},
    {"key-before-superseded", .key = WORLD_KEY_SUPERSEDED, .change = fifty_ago, .outcome = VALID, .reason = {FITS}},
    {"key-ceased", .key = WORLD_KEY_CEASED, .change = twenty_ago, .outcome = NOT, .reason = {SAKSI_KEY_NOT_VALID_AT_ISSUE, SAKSI_SAMPLE}},
    {"key-before-ceased", .key = WORLD_KEY_CEASED, .outcome = VALID, .reason = {FITS}},
    {"key-compromised", .key = WORLD_KEY_COMPROMISED, .outcome = CHECK, .reason = {SAKSI_KEY_COMPROMISED, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"key-compromised-later", .key = WORLD_KEY_COMPROMISED, .change = five_ago, .outcome = CHECK, .reason = {SAKSI_KEY_COMPROMISED, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"key-compromised-survivor", .key = WORLD_KEY_COMPROMISED, .change = survivor, .outcome = VALID, .reason = {FITS}},
    {"key-compromised-survivor-later", .key = WORLD_KEY_COMPROMISED, .change = five_ago_index, .outcome = VALID, .reason = {FITS}},
    {"key-compromised-out-of-period", .key = WORLD_KEY_COMPROMISED, .change = long_ago, .outcome = NOT, .reason = {SAKSI_KEY_NOT_VALID_AT_ISSUE, SAKSI_KEY_COMPROMISED, SAKSI_SAMPLE}},
    {"state-not-covered", K, .change = vietnam, .outcome = CANNOT, .reason = {SAKSI_STATE_NOT_COVERED, SAKSI_SAMPLE}},
    {"state-ended", .key = WORLD_KEY_TH, .issuer = "TH.TPQI", .change = after_end, .outcome = NOT, .reason = {SAKSI_STATE_ENDED, SAKSI_SAMPLE}},
    {"state-before-it-ended", .key = WORLD_KEY_TH, .issuer = "TH.TPQI", .change = before_end, .outcome = VALID, .reason = {FITS}},
    {"state-ended-key-unknown", .key = WORLD_KEY_STRANGER, .issuer = "TH.TPQI", .change = after_end, .outcome = NOT, .reason = {SAKSI_STATE_ENDED, SAKSI_SAMPLE}},
    {"state-ended-signature-wrong", .key = WORLD_KEY_TH, .issuer = "TH.TPQI", .change = after_end, .forge = flip_last_bit, .outcome = NOT, .reason = {SAKSI_SIGNATURE_WRONG, SAKSI_SAMPLE}},
    {"issuer-not-licensed", .key = WORLD_KEY_SCOPED, .issuer = "ID.BNSP.LSP-0200", .change = unlicensed, .outcome = NOT, .reason = {SAKSI_ISSUER_NOT_LICENSED, SAKSI_SAMPLE}},
    {"issuer-not-listed", .key = WORLD_KEY_NO_ROW, .issuer = "ID.BNSP.LSP-0500", .outcome = NOT, .reason = {SAKSI_ISSUER_NOT_LICENSED, SAKSI_SAMPLE}},
    {"issuer-in-scope", .key = WORLD_KEY_SCOPED, .issuer = "ID.BNSP.LSP-0200", .outcome = VALID, .reason = {FITS}},
    {"issuer-in-scope-by-prefix", .key = WORLD_KEY_SCOPED, .issuer = "ID.BNSP.LSP-0200", .change = prefix_scheme, .outcome = VALID, .reason = {FITS}},
    {"issuer-out-of-scheme", .key = WORLD_KEY_SCOPED, .issuer = "ID.BNSP.LSP-0200", .change = other_scheme, .outcome = NOT, .reason = {SAKSI_ISSUER_OUT_OF_SCOPE, SAKSI_SAMPLE}},
    {"issuer-out-of-scheme-neighbour", .key = WORLD_KEY_SCOPED, .issuer = "ID.BNSP.LSP-0200", .change = neighbour_scheme, .outcome = NOT, .reason = {SAKSI_ISSUER_OUT_OF_SCOPE, SAKSI_SAMPLE}},
    {"issuer-out-of-scheme-longer", .key = WORLD_KEY_SCOPED, .issuer = "ID.BNSP.LSP-0200", .change = longer_scheme, .outcome = NOT, .reason = {SAKSI_ISSUER_OUT_OF_SCOPE, SAKSI_SAMPLE}},
    {"issuer-least-level", .key = WORLD_KEY_SCOPED, .issuer = "ID.BNSP.LSP-0200", .change = least_level, .outcome = VALID, .reason = {FITS}},
    {"issuer-below-least-level", .key = WORLD_KEY_SCOPED, .issuer = "ID.BNSP.LSP-0200", .change = low_level, .outcome = NOT, .reason = {SAKSI_ISSUER_OUT_OF_SCOPE, SAKSI_SAMPLE}},
    {"issuer-out-of-sector", .key = WORLD_KEY_SCOPED, .issuer = "ID.BNSP.LSP-0200", .change = other_sector, .outcome = NOT, .reason = {SAKSI_ISSUER_OUT_OF_SCOPE, SAKSI_SAMPLE}},
    {"issuer-sector-absent", .key = WORLD_KEY_SCOPED, .issuer = "ID.BNSP.LSP-0200", .change = no_sector, .outcome = NOT, .reason = {SAKSI_ISSUER_OUT_OF_SCOPE, SAKSI_SAMPLE}},
    {"issuer-out-of-level", .key = WORLD_KEY_SCOPED, .issuer = "ID.BNSP.LSP-0200", .change = high_level, .outcome = NOT, .reason = {SAKSI_ISSUER_OUT_OF_SCOPE, SAKSI_SAMPLE}},
    {"issuer-level-absent", .key = WORLD_KEY_SCOPED, .issuer = "ID.BNSP.LSP-0200", .change = no_level, .outcome = NOT, .reason = {SAKSI_ISSUER_OUT_OF_SCOPE, SAKSI_SAMPLE}},
    {"issuer-suspended", .key = WORLD_KEY_SUSPENDED, .issuer = "ID.BNSP.LSP-0300", .change = in_pause, .outcome = NOT, .reason = {SAKSI_ISSUER_SUSPENDED, SAKSI_SAMPLE}},
    {"issuer-before-suspension", .key = WORLD_KEY_SUSPENDED, .issuer = "ID.BNSP.LSP-0300", .change = before_pause, .outcome = VALID, .reason = {FITS}},
    {"issuer-signs-while-suspended", .key = WORLD_KEY_SUSPENDED, .issuer = "ID.BNSP.LSP-0300", .change = into_pause, .outcome = CHECK, .reason = {SAKSI_LATE_SIGNED, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"late-signed", .key = WORLD_KEY_ENDED, .issuer = "ID.BNSP.LSP-0400", .change = late, .outcome = CHECK, .reason = {SAKSI_LATE_SIGNED, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"licence-last-day", .key = WORLD_KEY_ENDED, .issuer = "ID.BNSP.LSP-0400", .change = last_licensed_day, .outcome = VALID, .reason = {FITS}},
    {"licence-renewed", .key = WORLD_KEY_SCOPED, .issuer = "ID.BNSP.LSP-0200", .change = next_licence, .outcome = VALID, .reason = {FITS}},
    {"licence-renewed-without-scheme", .key = WORLD_KEY_SCOPED, .issuer = "ID.BNSP.LSP-0200", .change = next_licence_narrow, .outcome = CHECK, .reason = {SAKSI_LATE_SIGNED, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"signed-a-day-before-issue", K, .change = day_before_issue, .outcome = VALID, .reason = {FITS}},
    {"signed-before-issue", K, .change = before_issue, .outcome = NOT, .reason = {SAKSI_SIGNED_BEFORE_ISSUE, SAKSI_SAMPLE}},
    {"signed-a-day-ahead", K, .change = day_ahead, .outcome = CHECK, .reason = {SAKSI_ISSUED_AFTER_LIST, FITS}},
    {"signed-over-a-day-ahead", K, .change = over_a_day_ahead, .outcome = NOT, .reason = {SAKSI_SIGNED_IN_FUTURE, SAKSI_SAMPLE}},
    {"signed-in-future", K, .change = future, .outcome = NOT, .reason = {SAKSI_SIGNED_IN_FUTURE, SAKSI_SAMPLE}},
    {"signed-in-future-by-clock", K, .change = future, .ask = clock_behind, .outcome = CHECK, .reason = {SAKSI_SIGNED_IN_FUTURE_BY_CLOCK, SAKSI_NOT_YET_VALID_BY_CLOCK, SAKSI_ISSUED_AFTER_LIST, SAKSI_CLOCK_SUSPECT, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},

    /* 2. In force? */
    {"no-expiry", K, .change = no_expiry, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_NO_EXPIRY, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"expired", K, .change = ends_yesterday, .outcome = NOT, .reason = {SAKSI_EXPIRED, RED}},
    {"expires-today", K, .change = ends_today, .outcome = VALID, .reason = {FITS}},
    {"expires-today-last-moment", K, .change = ends_today, .ask = last_moment_of_day, .outcome = VALID, .reason = {FITS}},
    {"expired-at-midnight", K, .change = ends_today, .ask = first_moment_of_next_day, .outcome = NOT, .reason = {SAKSI_EXPIRED, RED}},
    {"expired-by-clock", K, .change = ends_in_ten, .ask = clock_ahead, .outcome = CHECK, .reason = {SAKSI_EXPIRED_BY_CLOCK, SAKSI_STATUS_UNKNOWN, SAKSI_STATUS_UNKNOWN, SAKSI_LIST_EXPIRED, SAKSI_LIST_EXPIRED, SAKSI_LIST_EXPIRED, SAKSI_CLOCK_SUSPECT, SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"expired-by-clock-on-day-of-floor", K, .change = ends_today, .ask = clock_ahead, .outcome = CHECK, .reason = {SAKSI_EXPIRED_BY_CLOCK, SAKSI_STATUS_UNKNOWN, SAKSI_STATUS_UNKNOWN, SAKSI_LIST_EXPIRED, SAKSI_LIST_EXPIRED, SAKSI_LIST_EXPIRED, SAKSI_CLOCK_SUSPECT, SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"expired-before-day-of-floor", K, .change = ends_yesterday, .ask = clock_ahead, .outcome = NOT, .reason = {SAKSI_EXPIRED, SAKSI_STATUS_UNKNOWN, SAKSI_STATUS_UNKNOWN, SAKSI_LIST_EXPIRED, SAKSI_LIST_EXPIRED, SAKSI_LIST_EXPIRED, SAKSI_CLOCK_SUSPECT, RED}},
    {"expired-clock-not-ahead", K, .change = ends_in_ten, .ask = clock_not_ahead, .outcome = NOT, .reason = {SAKSI_EXPIRED, SAKSI_STATUS_UNKNOWN, SAKSI_STATUS_UNKNOWN, SAKSI_LIST_EXPIRED, SAKSI_LIST_EXPIRED, SAKSI_LIST_EXPIRED, RED}},
    {"expired-at-floor-clock-1970", K, .change = ends_yesterday, .ask = clock_1970, .outcome = NOT, .reason = {SAKSI_EXPIRED, SAKSI_CLOCK_SUSPECT, RED}},
    {"not-yet-valid", K, .change = begins_tomorrow, .outcome = NOT, .reason = {SAKSI_NOT_YET_VALID, RED}},
    {"valid-from-today", K, .change = begins_today, .outcome = VALID, .reason = {FITS}},
    {"not-yet-valid-by-clock", K, .change = begins_tomorrow, .ask = clock_behind, .outcome = CHECK, .reason = {SAKSI_NOT_YET_VALID_BY_CLOCK, SAKSI_CLOCK_SUSPECT, FITS}},
    {"revoked", K, .change = revoked, .outcome = NOT, .reason = {SAKSI_REVOKED, RED}},
    {"revoked-index-0", K, .change = revoked_first, .outcome = NOT, .reason = {SAKSI_REVOKED, RED}},
    {"revoked-block-end", K, .change = revoked_block_end, .outcome = NOT, .reason = {SAKSI_REVOKED, RED}},
    {"revoked-block-start", K, .change = revoked_block_start, .outcome = NOT, .reason = {SAKSI_REVOKED, RED}},
    {"revoked-last-index", K, .change = revoked_last, .outcome = NOT, .reason = {SAKSI_REVOKED, RED}},
    {"revoked-range-start", K, .change = range_start, .outcome = NOT, .reason = {SAKSI_REVOKED, RED}},
    {"revoked-range-end", K, .change = range_end, .outcome = NOT, .reason = {SAKSI_REVOKED, RED}},
    {"before-range", K, .change = before_range, .outcome = VALID, .reason = {FITS}},
    {"after-range", K, .change = after_range, .outcome = VALID, .reason = {FITS}},
    {"revoked-largest-index", .key = WORLD_KEY_FULL, .issuer = "ID.BNSP.LSP-0700", .change = largest_but_two, .outcome = NOT, .reason = {SAKSI_REVOKED, RED}},
    {"largest-index-allotted", .key = WORLD_KEY_FULL, .issuer = "ID.BNSP.LSP-0700", .change = largest_but_one, .outcome = VALID, .reason = {FITS}},
    {"index-beyond-all-allotments", .key = WORLD_KEY_FULL, .issuer = "ID.BNSP.LSP-0700", .change = largest, .outcome = NOT, .reason = {SAKSI_REVOKED, SAKSI_INDEX_OUT_OF_RANGE, RED}},
    {"suspended", K, .change = suspended, .outcome = NOT, .reason = {SAKSI_SUSPENDED, RED}},
    {"suspended-last-but-one", K, .change = suspended_last, .outcome = NOT, .reason = {SAKSI_SUSPENDED, RED}},
    {"suspended-range", K, .change = suspended_range, .outcome = NOT, .reason = {SAKSI_SUSPENDED, RED}},
    {"reinstated", K, .change = reinstated, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_REINSTATED, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"centre-revoked", K, .change = centre_from, .outcome = NOT, .reason = {SAKSI_CENTRE_REVOKED, RED}},
    {"centre-revoked-last-day", K, .change = centre_last, .outcome = NOT, .reason = {SAKSI_CENTRE_REVOKED, RED}},
    {"centre-before", K, .change = centre_before, .outcome = VALID, .reason = {FITS}},
    {"centre-after", K, .change = centre_after, .outcome = VALID, .reason = {FITS}},
    {"blank-revoked", K, .change = blank_first, .outcome = NOT, .reason = {SAKSI_BLANK_REVOKED, RED}},
    {"blank-revoked-last", K, .change = blank_last, .outcome = NOT, .reason = {SAKSI_BLANK_REVOKED, RED}},
    {"blank-revoked-18-digits", K, .change = blank_huge, .outcome = NOT, .reason = {SAKSI_BLANK_REVOKED, RED}},
    {"blank-after", K, .change = blank_after, .outcome = VALID, .reason = {FITS}},
    {"blank-other-prefix", K, .change = blank_other_prefix, .outcome = VALID, .reason = {FITS}},
    {"blank-too-short", K, .change = blank_short, .outcome = VALID, .reason = {FITS}},
    {"blank-too-long", K, .change = blank_long, .outcome = VALID, .reason = {FITS}},
    {"blank-with-letter", K, .change = blank_letter, .outcome = VALID, .reason = {FITS}},
    {"no-blank-no-centre", K, .change = no_blank_no_centre, .outcome = VALID, .reason = {FITS}},
    {"index-out-of-range", K, .change = after_allotment, .outcome = NOT, .reason = {SAKSI_INDEX_OUT_OF_RANGE, RED}},
    {"index-without-status-row", .key = WORLD_KEY_NO_STATUS, .issuer = "ID.BNSP.LSP-0600", .outcome = NOT, .reason = {SAKSI_INDEX_OUT_OF_RANGE, RED}},
    {"issued-at-list", K, .change = at_list, .outcome = VALID, .reason = {FITS}},
    {"issued-after-list", K, .change = after_list, .outcome = CHECK, .reason = {SAKSI_ISSUED_AFTER_LIST, FITS}},
    {"issued-after-list-today", K, .change = now_signed, .outcome = CHECK, .reason = {SAKSI_ISSUED_AFTER_LIST, FITS}},
    {"issued-after-list-index-beyond", K, .change = after_list_and_allotment, .outcome = CHECK, .reason = {SAKSI_ISSUED_AFTER_LIST, FITS}},
    {"issued-after-list-revoked", K, .change = after_list_revoked, .outcome = NOT, .reason = {SAKSI_REVOKED, SAKSI_ISSUED_AFTER_LIST, RED}},
    {"damaged-issuer", K, .spoil = damaged_issuer, .outcome = CANNOT, .reason = {SAKSI_DATA_ERROR, SAKSI_SAMPLE}},
    {"damaged-status", K, .spoil = damaged_status, .outcome = CANNOT, .reason = {SAKSI_DATA_ERROR, SAKSI_SAMPLE}},
    {"damaged-range", K, .spoil = damaged_range, .outcome = CANNOT, .reason = {SAKSI_DATA_ERROR, SAKSI_SAMPLE}},
    {"damaged-key", K, .spoil = damaged_key, .outcome = CANNOT, .reason = {SAKSI_DATA_ERROR, SAKSI_SAMPLE}},
    {"damaged-map", K, .spoil = damaged_map, .outcome = CANNOT, .reason = {SAKSI_DATA_ERROR, RED}},
    {"damaged-issuer-of-another-state", K, .spoil = damaged_parent, .outcome = VALID, .reason = {FITS}},
    {"damaged-derecognised", K, .spoil = damaged_derecognised, .outcome = CANNOT, .reason = {SAKSI_DATA_ERROR, SAKSI_GENUINE, SAKSI_SAMPLE}},
    {"damaged-rule", K, .spoil = damaged_rule, .outcome = CANNOT, .reason = {SAKSI_DATA_ERROR, SAKSI_GENUINE, SAKSI_SAMPLE}},
    {"lists-day-7", K, .ask = day_7, .outcome = VALID, .reason = {FITS}},
    {"lists-day-8", K, .ask = day_8, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_LIST_AGE, SAKSI_LIST_AGE, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"lists-day-30", K, .ask = day_30, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_LIST_AGE, SAKSI_LIST_AGE, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"lists-day-31", K, .ask = day_31, .outcome = CHECK, .reason = {SAKSI_LIST_OLD, SAKSI_LIST_OLD, FITS}},
    {"lists-day-90", K, .ask = day_90, .outcome = CHECK, .reason = {SAKSI_LIST_OLD, SAKSI_LIST_OLD, FITS}},
    {"lists-day-91", K, .ask = day_91, .outcome = CHECK, .reason = {SAKSI_STATUS_UNKNOWN, SAKSI_STATUS_UNKNOWN, FITS}},
    {"header-last-second", K, .ask = day_120_sharp, .outcome = CHECK, .reason = {SAKSI_STATUS_UNKNOWN, SAKSI_STATUS_UNKNOWN, FITS}},
    {"header-expired", K, .ask = day_120, .outcome = CHECK, .reason = {SAKSI_STATUS_UNKNOWN, SAKSI_STATUS_UNKNOWN, SAKSI_LIST_EXPIRED, FITS}},
    {"lists-tightened", K, .ask = tightened, .outcome = CHECK, .reason = {SAKSI_STATUS_UNKNOWN, SAKSI_STATUS_UNKNOWN, FITS}},
    {"lists-tightened-shown", K, .ask = tightened_amber, .outcome = CHECK, .reason = {SAKSI_LIST_OLD, SAKSI_LIST_OLD, FITS}},
    {"lists-not-loosened", K, .ask = loosened, .outcome = CHECK, .reason = {SAKSI_LIST_OLD, SAKSI_LIST_OLD, FITS}},
    {"list-never-fresh", K, .spoil = never_fresh, .outcome = CHECK, .reason = {SAKSI_STATUS_UNKNOWN, FITS}},
    {"no-header", K, .spoil = no_header, .outcome = CHECK, .reason = {SAKSI_STATUS_UNKNOWN, SAKSI_STATUS_UNKNOWN, FITS}},
    {"list-behind", .key = WORLD_KEY_PH, .issuer = "PH.TESDA", .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_LIST_BEHIND, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"list-last-moment", .key = WORLD_KEY_PH, .issuer = "PH.TESDA", .ask = ph_at_last_moment, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_LIST_AGE, SAKSI_LIST_BEHIND, SAKSI_DOMESTIC, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"list-expired", .key = WORLD_KEY_PH, .issuer = "PH.TESDA", .ask = ph_expired, .outcome = CHECK, .reason = {SAKSI_LIST_EXPIRED, SAKSI_GENUINE, SAKSI_LIST_AGE, SAKSI_LIST_BEHIND, SAKSI_DOMESTIC, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"host-list-expired", K, .ask = ph_expired, .outcome = CHECK, .reason = {SAKSI_LIST_EXPIRED, SAKSI_NOT_COVERED, SAKSI_GENUINE, SAKSI_LIST_AGE, SAKSI_LIST_AGE, SAKSI_LIST_BEHIND, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},

    /* 3. Recognised here? */
    {"domestic", K, .ask = in_id, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_DOMESTIC, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"domestic-by-awarding-body", .key = WORLD_KEY_MY, .issuer = "MY.DSD", .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_DOMESTIC, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"recognised-with-conditions", K, .change = conditional, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_RECOGNISED_WITH_CONDITIONS, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"case-by-case", K, .change = case_by_case, .outcome = CHECK, .reason = {SAKSI_CASE_BY_CASE, SAKSI_GENUINE, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"not-covered", K, .change = not_covered, .outcome = CHECK, .reason = {SAKSI_NOT_COVERED, SAKSI_GENUINE, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"not-covered-by-any-rule", K, .ask = in_ph, .outcome = CHECK, .reason = {SAKSI_NOT_COVERED, SAKSI_GENUINE, SAKSI_LIST_BEHIND, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"not-recognised", K, .change = not_recognised, .outcome = NOT, .reason = {SAKSI_NOT_RECOGNISED, SAKSI_GENUINE, SAKSI_SAMPLE}},
    {"recognition-suspended", K, .change = recognition_suspended, .outcome = NOT, .reason = {SAKSI_RECOGNITION_SUSPENDED, SAKSI_GENUINE, SAKSI_SAMPLE}},
    {"recognised-for-one-body", .key = WORLD_KEY_CENTRE, .issuer = "ID.BNSP.TUK-0001", .change = one_body_only, .outcome = VALID, .reason = {FITS}},
    {"not-covered-for-other-bodies", K, .change = one_body_only, .outcome = CHECK, .reason = {SAKSI_NOT_COVERED, SAKSI_GENUINE, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"recognised-for-one-awarding-body", K, .change = one_awarding_body_only, .outcome = VALID, .reason = {FITS}},
    {"host-derecognised", K, .change = derecognised, .outcome = NOT, .reason = {SAKSI_HOST_DERECOGNISED, SAKSI_GENUINE, SAKSI_SAMPLE}},
    {"derecognised-elsewhere", K, .change = derecognised, .ask = in_id, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_DOMESTIC, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"partial-only", K, .change = partial, .ask = post_job, .outcome = CHECK, .reason = {SAKSI_PARTIAL_ONLY, FITS}},
    {"partial-no-post", K, .change = partial, .outcome = VALID, .reason = {FITS}},
    {"post-job-index", K, .ask = post_job, .outcome = VALID, .reason = {FITS}},
    {"post-scheme", K, .ask = post_scheme, .outcome = VALID, .reason = {FITS}},
    {"post-occupation", K, .ask = post_occupation, .outcome = VALID, .reason = {FITS}},
    {"occupation-mismatch", K, .ask = post_other, .outcome = CHECK, .reason = {SAKSI_OCCUPATION_MISMATCH, FITS}},
    {"partial-and-mismatch", K, .change = partial, .ask = post_other, .outcome = CHECK, .reason = {SAKSI_PARTIAL_ONLY, SAKSI_OCCUPATION_MISMATCH, FITS}},
    {"rules-missing", K, .ask = in_la, .outcome = CHECK, .reason = {SAKSI_RULES_MISSING, SAKSI_GENUINE, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"rules-missing-no-host", K, .ask = no_host, .outcome = CHECK, .reason = {SAKSI_RULES_MISSING, SAKSI_GENUINE, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"rules-missing-unknown-host", K, .ask = in_vn, .outcome = CHECK, .reason = {SAKSI_RULES_MISSING, SAKSI_GENUINE, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"rules-missing-disabled", K, .spoil = no_host_list, .outcome = CHECK, .reason = {SAKSI_RULES_MISSING, SAKSI_GENUINE, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"host-that-ended", K, .ask = in_th, .outcome = CHECK, .reason = {SAKSI_NOT_COVERED, SAKSI_GENUINE, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},

    /* 4. This person? */
    {"compare-photo", K, .change = with_face, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_PHOTO, SAKSI_SAMPLE}},
    {"card-exists-at-border", K, .change = with_card, .ask = at_border, .outcome = CHECK, .reason = {SAKSI_CARD_EXISTS, FITS}},
    {"card-exists", K, .change = with_card, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_CARD_EXISTS_NOTE, SAKSI_SAMPLE}},

    {"card-proved", K, .change = with_card, .card = genuine_card, .outcome = VALID, .reason = {ON_CARD}},
    {"card-proved-at-border", K, .change = with_card, .card = card_at_border, .outcome = VALID, .reason = {ON_CARD}},
    {"card-proved-token", K, .change = with_card, .card = token, .outcome = VALID, .reason = {ON_CARD}},
    {"token-proved-at-border", K, .change = with_card, .card = token_at_border, .outcome = VALID, .reason = {ON_CARD}},
    {"token-photo-missing", K, .change = with_card_and_photo, .card = token, .outcome = CHECK, .reason = {SAKSI_PHOTO_MISSING, ON_CARD}},
    {"token-with-face", K, .change = with_card_photo_and_face, .card = token, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_PHOTO, SAKSI_KEY_PROVED, SAKSI_SAMPLE}},
    {"token-read-only", K, .card = token, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_CARD_READ_ONLY, SAKSI_COMPARE_HOLDER, SAKSI_SAMPLE}},
    {"token-silent", K, .change = with_card, .card = token_silent, .outcome = CHECK, .reason = {SAKSI_COPY_POSSIBLE, SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_HOLDER, SAKSI_SAMPLE}},
    {"token-wrong-answer", K, .change = with_card, .card = token_wrong, .outcome = NOT, .reason = {SAKSI_CARD_CLONE_SUSPECTED, RED}},
    {"token-other-key", K, .change = with_card, .card = token_other_key, .outcome = NOT, .reason = {SAKSI_CARD_CLONE_SUSPECTED, RED}},
    {"token-other-document", K, .change = with_card, .card = token_other_document, .outcome = NOT, .reason = {SAKSI_CARD_CLONE_SUSPECTED, RED}},
    {"token-proved-revoked", K, .change = with_card_revoked, .card = token, .outcome = NOT, .reason = {SAKSI_REVOKED, SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_KEY_PROVED, SAKSI_SAMPLE}},
    {"token-and-paper", K, .change = with_card, .card = token_and_paper, .outcome = NOT, .reason = {MISMATCH}},
    {"tag", K, .card = tag, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_CARD_READ_ONLY, SAKSI_COMPARE_HOLDER, SAKSI_SAMPLE}},
    {"tag-names-card", K, .change = with_card, .card = tag, .outcome = CHECK, .reason = {SAKSI_COPY_POSSIBLE, SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_HOLDER, SAKSI_SAMPLE}},
    {"tag-photo-missing", K, .change = with_photo, .card = tag, .outcome = CHECK, .reason = {SAKSI_PHOTO_MISSING, SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_CARD_READ_ONLY, SAKSI_COMPARE_HOLDER, SAKSI_SAMPLE}},
    {"card-proved-photo", K, .change = with_card_and_photo, .card = genuine_card, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_PHOTO, SAKSI_KEY_PROVED, SAKSI_SAMPLE}},
    {"card-photo-missing", K, .change = with_card_and_photo, .card = no_photo, .outcome = CHECK, .reason = {SAKSI_PHOTO_MISSING, ON_CARD}},
    {"card-photo-other", K, .change = with_card_and_photo, .card = other_photo, .outcome = CHECK, .reason = {SAKSI_PHOTO_MISSING, ON_CARD}},
    {"card-photo-other-with-face", K, .change = with_card_photo_and_face, .card = other_photo, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_PHOTO, SAKSI_KEY_PROVED, SAKSI_SAMPLE}},
    {"card-unfinished", K, .change = with_card, .card = unlocked, .outcome = CHECK, .reason = {SAKSI_CARD_UNFINISHED, ON_CARD}},
    {"card-unfinished-clone", K, .change = with_card, .card = unlocked_other_key, .outcome = NOT, .reason = {SAKSI_CARD_CLONE_SUSPECTED, SAKSI_CARD_UNFINISHED, RED}},
    {"card-photo-not-named", K, .change = with_card, .card = no_photo, .outcome = VALID, .reason = {ON_CARD}},
    {"card-read-only", K, .card = genuine_card, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_CARD_READ_ONLY, SAKSI_COMPARE_HOLDER, SAKSI_SAMPLE}},
    {"card-silent", K, .change = with_card, .card = silent_card, .outcome = CHECK, .reason = {SAKSI_COPY_POSSIBLE, SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_HOLDER, SAKSI_SAMPLE}},
    {"card-silent-at-border", K, .change = with_card, .card = silent_card_at_border, .outcome = CHECK, .reason = {SAKSI_COPY_POSSIBLE, SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_HOLDER, SAKSI_SAMPLE}},
    {"card-wrong-answer", K, .change = with_card, .card = wrong_answer, .outcome = NOT, .reason = {SAKSI_CARD_CLONE_SUSPECTED, RED}},
    {"card-unknown-answer", K, .change = with_card, .card = unknown_answer, .outcome = NOT, .reason = {SAKSI_CARD_CLONE_SUSPECTED, RED}},
    {"card-other-key", K, .change = with_card, .card = other_key, .outcome = NOT, .reason = {SAKSI_CARD_CLONE_SUSPECTED, RED}},
    {"card-other-document", K, .change = with_card, .card = other_document, .outcome = NOT, .reason = {SAKSI_CARD_CLONE_SUSPECTED, RED}},
    {"card-clone-revoked", K, .change = with_card_revoked, .card = other_key, .outcome = NOT, .reason = {SAKSI_REVOKED, SAKSI_CARD_CLONE_SUSPECTED, RED}},
    {"card-proved-revoked", K, .change = with_card_revoked, .card = genuine_card, .outcome = NOT, .reason = {SAKSI_REVOKED, SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_KEY_PROVED, SAKSI_SAMPLE}},
    {"card-not-there", K, .change = with_card, .card = absent_card, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_CARD_EXISTS_NOTE, SAKSI_SAMPLE}},
    {"card-signature-wrong", K, .change = with_card, .forge = flip_last_bit, .card = genuine_card, .outcome = NOT, .reason = {SAKSI_SIGNATURE_WRONG, SAKSI_SAMPLE}},
    {"card-and-same-paper", K, .change = with_card, .card = paper_same, .outcome = VALID, .reason = {ON_CARD}},
    {"card-and-sibling", K, .change = with_card, .card = paper_of_sibling, .outcome = VALID, .reason = {ON_CARD}},
    {"card-and-paper-name", K, .change = with_card, .card = paper_of_other_name, .outcome = NOT, .reason = {MISMATCH}},
    {"card-and-paper-level", K, .change = with_card, .card = paper_of_other_level, .outcome = NOT, .reason = {MISMATCH}},
    {"card-and-paper-expiry", K, .change = with_card, .card = paper_of_no_expiry, .outcome = NOT, .reason = {MISMATCH}},
    {"card-and-paper-units", K, .change = with_card, .card = paper_of_more_units, .outcome = NOT, .reason = {MISMATCH}},
    {"card-and-paper-spelling", K, .change = with_card, .card = paper_of_other_spelling, .outcome = NOT, .reason = {MISMATCH}},
    {"card-and-paper-number", K, .change = with_card, .card = paper_of_other_number, .outcome = VALID, .reason = {ON_CARD}},
    {"card-and-nonsense", K, .change = with_card, .card = paper_of_nonsense, .outcome = VALID, .reason = {ON_CARD}},

    /* 5. Lists and clock */
    {"no-store", K, .store = VECTOR_NO_STORE, .outcome = CANNOT, .reason = {SAKSI_NO_TRUST_LIST}},
    {"empty-store", K, .store = VECTOR_EMPTY_STORE, .outcome = CANNOT, .reason = {SAKSI_NO_TRUST_LIST}},
    {"clock-at-floor", K, .ask = clock_at_floor, .outcome = VALID, .reason = {FITS}},
    {"clock-behind-floor", K, .ask = clock_behind, .outcome = CHECK, .reason = {SAKSI_CLOCK_SUSPECT, FITS}},
    {"clock-1970", K, .ask = clock_1970, .outcome = CHECK, .reason = {SAKSI_CLOCK_SUSPECT, FITS}},
    {"clock-behind-build", K, .ask = built_later, .outcome = CHECK, .reason = {SAKSI_CLOCK_SUSPECT, FITS}},
    {"clock-behind-what-was-seen", K, .spoil = seen_later, .outcome = CHECK, .reason = {SAKSI_CLOCK_SUSPECT, FITS}},
    {"mark-equal", K, .ask = mark_equal, .outcome = VALID, .reason = {FITS}},
    {"mark-older-by-header", K, .ask = mark_older_header, .outcome = VALID, .reason = {FITS}},
    {"mark-older-by-root", K, .ask = mark_older_root, .outcome = VALID, .reason = {FITS}},
    {"mark-not-wanted", K, .ask = mark_not_wanted, .outcome = VALID, .reason = {FITS}},
    {"rolled-back-by-header", K, .ask = mark_newer_header, .outcome = CHECK, .reason = {SAKSI_STATE_ROLLBACK, FITS}},
    {"rolled-back-by-root", K, .ask = mark_newer_root, .outcome = CHECK, .reason = {SAKSI_STATE_ROLLBACK, FITS}},
    {"rolled-back-by-most", K, .ask = mark_newest, .outcome = CHECK, .reason = {SAKSI_STATE_ROLLBACK, FITS}},
    {"rolled-back-without-header", K, .spoil = no_header, .ask = mark_of_first_header, .outcome = CHECK, .reason = {SAKSI_STATUS_UNKNOWN, SAKSI_STATUS_UNKNOWN, SAKSI_STATE_ROLLBACK, FITS}},
    {"mark-without-header", K, .spoil = no_header, .ask = mark_without_header, .outcome = CHECK, .reason = {SAKSI_STATUS_UNKNOWN, SAKSI_STATUS_UNKNOWN, FITS}},
    {"rolled-back-revoked", K, .change = revoked, .ask = mark_newer_header, .outcome = NOT, .reason = {SAKSI_REVOKED, SAKSI_STATE_ROLLBACK, RED}},
    {"rolled-back-reinstated", K, .change = reinstated, .ask = mark_newer_header, .outcome = CHECK, .reason = {SAKSI_STATE_ROLLBACK, SAKSI_GENUINE, SAKSI_REINSTATED, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_SAMPLE}},
    {"rolled-back-key-unknown", .key = WORLD_KEY_STRANGER, .ask = mark_newer_header, .outcome = CANNOT, .reason = {SAKSI_KEY_UNKNOWN_STALE, SAKSI_STATE_ROLLBACK, SAKSI_SAMPLE}},
    {"rolled-back-signature-wrong", K, .forge = flip_last_bit, .ask = mark_newer_header, .outcome = NOT, .reason = {SAKSI_SIGNATURE_WRONG, SAKSI_STATE_ROLLBACK, SAKSI_SAMPLE}},
    {"rolled-back-clock-behind", K, .ask = mark_newer_clock_behind, .outcome = CHECK, .reason = {SAKSI_CLOCK_SUSPECT, SAKSI_STATE_ROLLBACK, FITS}},
    {"rolled-back-as-of", K, .ask = mark_newer_as_of, .outcome = CHECK, .reason = {SAKSI_STATE_ROLLBACK, SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_AS_OF, SAKSI_SAMPLE}},
    {"rolled-back-and-old", K, .ask = mark_newer_day_91, .outcome = CHECK, .reason = {SAKSI_STATUS_UNKNOWN, SAKSI_STATUS_UNKNOWN, SAKSI_STATE_ROLLBACK, FITS}},
    {"mark-unreadable", K, .ask = mark_unknown, .outcome = CHECK, .reason = {SAKSI_MARK_UNREADABLE, FITS}},
    {"mark-unreadable-versions-left", K, .ask = mark_unknown_versions_left, .outcome = CHECK, .reason = {SAKSI_MARK_UNREADABLE, FITS}},
    {"mark-unreadable-revoked", K, .change = revoked, .ask = mark_unknown, .outcome = NOT, .reason = {SAKSI_REVOKED, SAKSI_MARK_UNREADABLE, RED}},
    {"mark-unreadable-key-unknown", .key = WORLD_KEY_STRANGER, .ask = mark_unknown, .outcome = CANNOT, .reason = {SAKSI_KEY_UNKNOWN_STALE, SAKSI_MARK_UNREADABLE, SAKSI_SAMPLE}},
    {"mark-unreadable-no-store", K, .store = VECTOR_NO_STORE, .ask = mark_unknown, .outcome = CANNOT, .reason = {SAKSI_NO_TRUST_LIST}},
    {"mark-newer-empty-store", K, .store = VECTOR_EMPTY_STORE, .ask = mark_newer_header, .outcome = CANNOT, .reason = {SAKSI_NO_TRUST_LIST}},
    {"clock-ahead", K, .ask = clock_ahead, .outcome = CHECK, .reason = {SAKSI_STATUS_UNKNOWN, SAKSI_STATUS_UNKNOWN, SAKSI_LIST_EXPIRED, SAKSI_LIST_EXPIRED, SAKSI_LIST_EXPIRED, SAKSI_CLOCK_SUSPECT, FITS}},
    {"clock-not-ahead", K, .ask = clock_not_ahead, .outcome = CHECK, .reason = {SAKSI_STATUS_UNKNOWN, SAKSI_STATUS_UNKNOWN, SAKSI_LIST_EXPIRED, SAKSI_LIST_EXPIRED, SAKSI_LIST_EXPIRED, FITS}},
    {"as-of-today", K, .ask = as_of_today, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_AS_OF, SAKSI_SAMPLE}},
    {"as-of-with-bad-clock", K, .ask = as_of_with_bad_clock, .outcome = VALID, .reason = {SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_AS_OF, SAKSI_SAMPLE}},
    {"historical", K, .ask = as_of_yesterday, .outcome = CHECK, .reason = {SAKSI_HISTORICAL, SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_AS_OF, SAKSI_SAMPLE}},
    {"as-of-before-issue", K, .ask = as_of_before_issue, .outcome = NOT, .reason = {SAKSI_NOT_YET_VALID, SAKSI_HISTORICAL, SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_AS_OF, SAKSI_SAMPLE}},
    {"as-of-day-before-signing", K, .change = signed_next_day, .ask = as_of_20_ago, .outcome = CHECK, .reason = {SAKSI_HISTORICAL, SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_COMPARE_IDENTITY, SAKSI_AS_OF, SAKSI_SAMPLE}},
    {"as-of-long-before-signing", K, .change = signed_later, .ask = as_of_20_ago, .outcome = NOT, .reason = {SAKSI_NOT_YET_VALID, SAKSI_HISTORICAL, SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_AS_OF, SAKSI_SAMPLE}},
    {"as-of-after-expiry", K, .ask = as_of_far, .outcome = NOT, .reason = {SAKSI_EXPIRED, SAKSI_STATUS_UNKNOWN, SAKSI_STATUS_UNKNOWN, SAKSI_LIST_EXPIRED, SAKSI_LIST_EXPIRED, SAKSI_LIST_EXPIRED, SAKSI_GENUINE, SAKSI_RECOGNISED, SAKSI_AS_OF, SAKSI_SAMPLE}},
    {"list-missing", K, .issuer = "LA.MOLSW.DVT-3", .outcome = CANNOT, .reason = {SAKSI_LIST_MISSING, SAKSI_SAMPLE}},
    {"list-disabled", K, .spoil = no_lists, .outcome = CANNOT, .reason = {SAKSI_LIST_MISSING, SAKSI_SAMPLE}},

    /* 6. Reading */
    {"unreadable", .nothing = SAKSI_UNREADABLE, .outcome = CANNOT, .reason = {SAKSI_UNREADABLE}},
    {"no-code", .nothing = SAKSI_NO_CODE, .outcome = CANNOT, .reason = {SAKSI_NO_CODE}},
    {"not-a-certificate", .text = "WIFI:S=hotel;", .outcome = CANNOT, .reason = {SAKSI_NOT_A_CERTIFICATE}},
    {"web-address", .text = "https://example.org/cert?id=1", .outcome = CANNOT, .reason = {SAKSI_LEGACY_QR_ONLINE_ONLY}},
    {"not-base45", .text = "CC1:abc", .outcome = CANNOT, .reason = {SAKSI_MALFORMED}},
    {"signed-nonsense", K, .forge = signed_nonsense, .outcome = CANNOT, .reason = {SAKSI_MALFORMED}},
    {"later-version", K, .forge = later_version, .outcome = CANNOT, .reason = {SAKSI_UNSUPPORTED}},
    {"later-claim", K, .forge = later_claim, .outcome = CANNOT, .reason = {SAKSI_UNSUPPORTED}},
};
/* clang-format on */

const size_t vector_count = COUNT_OF(vector_table);

static struct span vector_document(struct world *w, const struct vector *v)
{
    struct credential c = world_credential();
    if (v->issuer != NULL) {
        credential_set_text(&c, SAKSI_CLAIM_ISS, span_str(v->issuer));
    }
    if (v->change != NULL) {
        v->change(&c);
    }
    struct span document = world_sign(w, &c, v->key);
    if (v->forge != NULL) {
        document = v->forge(w, document);
    }
    return document;
}

struct span vector_text(struct world *w, const struct vector *v)
{
    if (v->text != NULL || v->nothing != 0) {
        return span_str(v->text == NULL ? "" : v->text);
    }
    return world_text(w, vector_document(w, v));
}

struct verify_request vector_request(struct world *w, const struct vector *v)
{
    struct verify_request request = world_request();
    if (v->ask != NULL) {
        v->ask(&request);
    }
    if (v->card != NULL) {
        v->card(w, &request, vector_document(w, v));
    }
    return request;
}
