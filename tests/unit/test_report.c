/* SPDX-License-Identifier: Apache-2.0
 *
 * Reports and index blocks: genuine, forged, cut, flipped, and beyond each limit. */
#include "check.h"

#include "base/crypto_sign.h"
#include "codec/trust_doc.h"
#include "issuer/block.h"
#include "issuer/report.h"
#include "issuer/signer.h"

static struct signer *signer, *stranger;

static struct signer *signer_of(int alg, uint8_t seed)
{
    uint8_t bytes[32];
    struct crypto_private_key *key = NULL;
    struct signer *s = NULL;
    memset(bytes, seed, sizeof bytes);
    assert_int_equal(crypto_private_key_from_seed(alg, bytes, &key), CRYPTO_OK);
    assert_int_equal(signer_new(key, &s), SIGNER_OK);
    return s;
}

static int make_signers(void **state)
{
    (void)state;
    signer = signer_of(COSE_ES256, 1);
    stranger = signer_of(COSE_EDDSA, 2);
    return 0;
}

static int free_signers(void **state)
{
    (void)state;
    signer_free(signer);
    signer_free(stranger);
    return 0;
}

static struct report head(size_t row_count)
{
    return (struct report){
        .issuer = span_str("ID.SAMPLE.LSP"),
        .station = span_str("hall"),
        .first = 1,
        .last = 7,
        .made_at_s = 1735689600,
        .row_count = row_count,
    };
}

static struct report_row row(uint32_t index, enum report_state state)
{
    return (struct report_row){
        index, span_str("91234/2025"), span_str("TUK-1"), span_of(NULL, 0), 20000, state};
}

/* A signed report in a heap block of exactly its size. */
static struct span make(const struct signer *by, const char *typ, const struct report *report,
                        const struct report_row *rows)
{
    static uint8_t payload[1 << 14];
    uint8_t *document = NULL;
    size_t len = 0;
    struct writer w = writer_of(payload, sizeof payload);
    report_encode(report, rows, &w);
    assert_true(writer_ok(&w));
    assert_int_equal(signer_sign_document(by, typ, writer_span(&w), &document, &len), SIGNER_OK);
    struct span made = span_of(check_heap_copy(span_of(document, len)), len);
    free(document);
    return made;
}

static void release(struct span document)
{
    free((void *)(uintptr_t)document.ptr);
}

static enum report_error verify(struct span document, const struct signer *by)
{
    return report_verify(document, signer_alg(by), signer_public_key(by));
}

static void a_report_comes_back(void **state)
{
    (void)state;
    struct report_row rows[3] = {row(0, REPORT_ISSUED), row(5, REPORT_VOID),
                                 row(UINT32_MAX, REPORT_ISSUED)};
    rows[1].centre = span_of(NULL, 0);
    rows[1].blank = span_str("AB 000123");
    rows[1].issue_day = -7305;
    struct report report = head(3), back;
    struct report_row got;
    struct span document = make(signer, REPORT_TYP, &report, rows);
    assert_int_equal(report_decode(document, &back), REPORT_OK);
    assert_int_equal(verify(document, signer), REPORT_OK);
    check_bytes(back.issuer, report.issuer);
    check_bytes(back.station, report.station);
    assert_true(back.first == 1 && back.last == 7 && back.made_at_s == 1735689600);
    assert_int_equal(back.alg, COSE_ES256);
    check_bytes(back.kid, signer_kid(signer));
    for (size_t i = 0; i < 3; i++) {
        assert_true(report_row_next(&back, &got));
        assert_int_equal(got.index, rows[i].index);
        check_bytes(got.certificate_number, rows[i].certificate_number);
        check_bytes(got.centre, rows[i].centre);
        check_bytes(got.blank, rows[i].blank);
        assert_int_equal(got.issue_day, rows[i].issue_day);
        assert_int_equal(got.state, rows[i].state);
    }
    assert_false(report_row_next(&back, &got));
    release(document);
}

static void an_empty_report_is_one(void **state)
{
    (void)state;
    struct report report = head(0), back;
    report.last = 0;
    struct span document = make(stranger, REPORT_TYP, &report, NULL);
    assert_int_equal(report_decode(document, &back), REPORT_OK);
    assert_int_equal(verify(document, stranger), REPORT_OK);
    assert_int_equal(back.row_count, 0);
    release(document);
}

static void forged_reports_do_not_verify(void **state)
{
    (void)state;
    struct report_row rows[1] = {row(1, REPORT_ISSUED)};
    struct report report = head(1), back;
    struct span document = make(stranger, REPORT_TYP, &report, rows);
    assert_int_equal(report_decode(document, &back), REPORT_OK);
    assert_int_equal(verify(document, signer), REPORT_SIGNATURE);
    /* The key of one algorithm named as another. */
    assert_int_equal(report_verify(document, COSE_ES256, signer_public_key(stranger)),
                     REPORT_SIGNATURE);
    assert_int_equal(report_verify(document, COSE_EDDSA, span_of(NULL, 0)), REPORT_SIGNATURE);
    release(document);
    /* A signature made for another kind of document. */
    document = make(signer, "cc1", &report, rows);
    assert_int_equal(report_decode(document, &back), REPORT_UNSUPPORTED);
    assert_int_equal(verify(document, signer), REPORT_UNSUPPORTED);
    release(document);
}

static void refuse(const struct report *report, const struct report_row *rows)
{
    struct report back;
    struct span document = make(signer, REPORT_TYP, report, rows);
    assert_int_equal(report_decode(document, &back), REPORT_FORMAT);
    assert_int_equal(back.row_count, 0);
    assert_null(back.issuer.ptr);
    release(document);
}

static void wrong_content_is_refused_though_signed(void **state)
{
    (void)state;
    static uint8_t long_code[64];
    struct report_row rows[2] = {row(5, REPORT_ISSUED), row(5, REPORT_VOID)};
    struct report report = head(2);
    memset(long_code, 'A', sizeof long_code);
    refuse(&report, rows); /* an index twice */
    rows[1].index = 4;
    refuse(&report, rows); /* descending */
    rows[1].index = 6;
    rows[1].state = (enum report_state)3;
    refuse(&report, rows);
    rows[1].state = (enum report_state)0;
    refuse(&report, rows);
    rows[1] = row(6, REPORT_VOID);
    rows[1].certificate_number = span_of(long_code, 41);
    refuse(&report, rows);
    rows[1].certificate_number = span_of(NULL, 0);
    refuse(&report, rows);
    rows[1].certificate_number = span_str(" A");
    refuse(&report, rows);
    rows[1] = row(6, REPORT_VOID);
    rows[1].centre = span_of(long_code, 25);
    refuse(&report, rows);
    rows[1] = row(6, REPORT_VOID);
    rows[1].issue_day = 84006;
    refuse(&report, rows);
    report = head(0);
    report.first = 0;
    refuse(&report, rows);
    report = head(0);
    report.first = 9; /* last is 7 */
    refuse(&report, rows);
    report = head(0);
    report.issuer = span_str("ID.");
    refuse(&report, rows);
    report = head(0);
    report.station = span_of(long_code, 33);
    refuse(&report, rows);
    report = head(0);
    report.made_at_s = TRUST_MAX_SECONDS + 1;
    refuse(&report, rows);
}

struct damage {
    struct span whole;
    size_t verified;
};

static void look(struct span document, void *context)
{
    struct damage *damage = context;
    struct report back;
    if (report_decode(document, &back) == REPORT_OK && verify(document, signer) == REPORT_OK) {
        damage->verified++;
    }
}

static void every_prefix_and_bit_flip_is_refused(void **state)
{
    (void)state;
    struct report_row rows[2] = {row(1, REPORT_ISSUED), row(2, REPORT_VOID)};
    struct report report = head(2);
    struct span document = make(signer, REPORT_TYP, &report, rows);
    struct damage damage = {document, 0};
    check_prefixes(document, look, &damage);
    assert_int_equal(damage.verified, 0);
    check_bit_flips(document, look, &damage);
    assert_int_equal(damage.verified, 0);
    release(document);
}

static void blocks_come_back_and_are_judged(void **state)
{
    (void)state;
    uint8_t room[128];
    struct block block = {span_str("ID.SAMPLE.LSP"), span_str("hall"), 5, 5, 1735689600}, back;
    struct writer w = writer_of(room, sizeof room);
    block_encode(&block, &w);
    assert_true(block_decode(writer_span(&w), &back));
    check_bytes(back.issuer, block.issuer);
    check_bytes(back.station, block.station);
    assert_true(back.first == 5 && back.last == 5 && back.issued_at_s == 1735689600);
    for (size_t len = 0; len < w.len; len++) {
        uint8_t *cut = check_heap_copy(span_of(room, len));
        assert_false(block_decode(span_of(cut, len), &back));
        free(cut);
    }
    block.last = 4;
    w.len = 0;
    block_encode(&block, &w);
    assert_false(block_decode(writer_span(&w), &back));
    block.last = 6;
    block.issued_at_s = TRUST_MAX_SECONDS + 1;
    w.len = 0;
    block_encode(&block, &w);
    assert_false(block_decode(writer_span(&w), &back));
    block.issued_at_s = TRUST_MAX_SECONDS;
    w.len = 0;
    block_encode(&block, &w);
    assert_true(block_decode(writer_span(&w), &back));
    writer_be(&w, 0, 1);
    assert_false(block_decode(writer_span(&w), &back)); /* a byte behind it */
    room[0] = 0xA4;                                     /* a map of four */
    w.len--;
    assert_false(block_decode(writer_span(&w), &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_comes_back),
        cmocka_unit_test(an_empty_report_is_one),
        cmocka_unit_test(forged_reports_do_not_verify),
        cmocka_unit_test(wrong_content_is_refused_though_signed),
        cmocka_unit_test(every_prefix_and_bit_flip_is_refused),
        cmocka_unit_test(blocks_come_back_and_are_judged),
    };
    return cmocka_run_group_tests(tests, make_signers, free_signers);
}
