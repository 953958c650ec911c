/* SPDX-License-Identifier: Apache-2.0
 *
 * libsaksi and cards: the verdicts that the verifier itself gives about them, what each fact does
 * to a verdict, and facts that cannot all be true. */
#include <saksi/saksi.h>

#include <stddef.h>

#include "api_scene.h"

/* ---- the same verdicts ---- */

static struct saksi_card card_like(const struct verify_request *r)
{
    const struct card_proof *proof = &r->card;
    return (struct saksi_card){.size = sizeof(struct saksi_card),
                               .present = proof->present,
                               .generic_token = proof->generic_token,
                               .unfinished = proof->unfinished,
                               .answer = (enum saksi_card_answer)proof->answer,
                               .key_thumbprint = proof->key_thumbprint,
                               .credential_digest = proof->credential_digest,
                               .photo_digest = proof->has_photo ? proof->photo_digest : NULL,
                               .paper = r->paper.len == 0 ? NULL : r->paper.ptr,
                               .paper_len = r->paper.len};
}

/* Vectors whose facts only a mistake can bring. */
static enum saksi_error wanted_error(const char *name)
{
    static const struct {
        const char *name;
        enum saksi_error error;
    } mistaken[] = {{"card-unknown-answer", SAKSI_ERROR_ARGUMENT},
                    {"card-not-there", SAKSI_ERROR_CARD},
                    {"card-and-nonsense", SAKSI_ERROR_PAPER}};
    for (size_t i = 0; i < COUNT_OF(mistaken); i++) {
        if (strcmp(name, mistaken[i].name) == 0) {
            return mistaken[i].error;
        }
    }
    return SAKSI_OK;
}

static void expect_vector(const struct vector *v, struct span text)
{
    struct verify_request inner = vector_request(w, v);
    struct saksi_card card = card_like(&inner);
    struct saksi_request request = plain_request(&card);
    struct saksi_verdict *verdict = NULL;
    request.now_s = inner.now_s;
    request.host = inner.host;
    request.purpose = inner.purpose;
    assert_int_equal(
        saksi_verify_qr_text(verifier, &request, (const char *)text.ptr, text.len, &verdict),
        wanted_error(v->name));
    if (wanted_error(v->name) != SAKSI_OK) {
        assert_null(verdict);
        return;
    }
    assert_int_equal(saksi_verdict_outcome(verdict), v->outcome);
    for (size_t n = 0; n < VECTOR_MAX_REASONS; n++) {
        assert_int_equal(saksi_verdict_reason(verdict, n), v->reason[n]);
    }
    saksi_verdict_free(verdict);
}

static void cards_get_the_same_verdicts_outside(void **state)
{
    (void)state;
    size_t count = 0;
    for (size_t i = 0; i < vector_count; i++) {
        if (vector_table[i].card != NULL) {
            expect_vector(&vector_table[i], vector_text(w, &vector_table[i]));
            count++;
        }
    }
    assert_true(count >= 25);
}

/* ---- one fact after another ---- */

static const unsigned char key[SAKSI_DIGEST_SIZE] = {0x4B, 1};
static const unsigned char photo[SAKSI_DIGEST_SIZE] = {0x50, 2};
static const unsigned char other[SAKSI_DIGEST_SIZE] = {0x4B, 2};
static struct span document; /* names key and photo */
static unsigned char digest[SAKSI_DIGEST_SIZE];
static struct saksi_card good; /* all its facts */

static struct span signed_with(int64_t level, bool has_key)
{
    struct credential c = world_credential();
    credential_set_number(&c, SAKSI_CLAIM_LEVEL, level);
    if (has_key) {
        credential_set_text(&c, SAKSI_CLAIM_CNF, span_of(key, sizeof key));
        credential_set_text(&c, SAKSI_CLAIM_PHOTO_DIGEST, span_of(photo, sizeof photo));
    }
    return world_sign(w, &c, WORLD_KEY);
}

static int make_card(void **state)
{
    (void)state;
    document = signed_with(3, true);
    assert_int_equal(saksi_credential_digest(document.ptr, document.len, digest), SAKSI_OK);
    good = (struct saksi_card){.size = sizeof good,
                               .present = 1,
                               .answer = SAKSI_CARD_ANSWER_GOOD,
                               .key_thumbprint = key,
                               .credential_digest = digest,
                               .photo_digest = photo};
    return 0;
}

static bool has_reason(const struct saksi_verdict *verdict, enum saksi_reason reason)
{
    for (size_t i = 0; i < saksi_verdict_reason_count(verdict); i++) {
        if (saksi_verdict_reason(verdict, i) == reason) {
            return true;
        }
    }
    return false;
}

static void expect(const struct saksi_card *card, struct span shown, enum saksi_outcome outcome,
                   enum saksi_assurance assurance, enum saksi_reason reason)
{
    struct saksi_request request = plain_request(card);
    struct saksi_verdict *verdict = NULL;
    assert_int_equal(saksi_verify_credential(verifier, &request, shown.ptr, shown.len, &verdict),
                     SAKSI_OK);
    assert_int_equal(saksi_verdict_outcome(verdict), outcome);
    assert_int_equal(saksi_verdict_assurance(verdict), assurance);
    assert_true(has_reason(verdict, reason));
    saksi_verdict_free(verdict);
}

static void a_card_that_proved_its_key(void **state)
{
    (void)state;
    struct saksi_card card = good;
    expect(&card, document, SAKSI_VALID, SAKSI_ASSURANCE_CARD_PROVED, SAKSI_KEY_PROVED);
    expect(&card, document, SAKSI_VALID, SAKSI_ASSURANCE_CARD_PROVED, SAKSI_COMPARE_PHOTO);
    card.generic_token = 1;
    expect(&card, document, SAKSI_VALID, SAKSI_ASSURANCE_TOKEN_PROVED, SAKSI_KEY_PROVED);
    card = good;
    card.unfinished = 1;
    expect(&card, document, SAKSI_CHECK_BY_HAND, SAKSI_ASSURANCE_CARD_PROVED,
           SAKSI_CARD_UNFINISHED);
}

static void a_card_that_was_only_read(void **state)
{
    (void)state;
    struct saksi_card card = good;
    card.answer = SAKSI_CARD_NO_ANSWER; /* it declined */
    expect(&card, document, SAKSI_CHECK_BY_HAND, SAKSI_ASSURANCE_CARD_READ, SAKSI_COPY_POSSIBLE);
    card.key_thumbprint = card.credential_digest = NULL; /* it has no key */
    expect(&card, document, SAKSI_CHECK_BY_HAND, SAKSI_ASSURANCE_CARD_READ, SAKSI_COPY_POSSIBLE);
    struct span without = signed_with(3, false); /* nor does the certificate name one */
    card.photo_digest = NULL;
    expect(&card, without, SAKSI_VALID, SAKSI_ASSURANCE_CARD_READ, SAKSI_CARD_READ_ONLY);
}

static void expect_clone(const struct saksi_card *card)
{
    expect(card, document, SAKSI_NOT_VALID, SAKSI_ASSURANCE_CARD_READ, SAKSI_CARD_CLONE_SUSPECTED);
}

static void another_card(void **state)
{
    (void)state;
    struct saksi_card card = good;
    card.key_thumbprint = other;
    expect_clone(&card);
    card = good;
    card.credential_digest = other;
    expect_clone(&card);
    card = good;
    card.answer = SAKSI_CARD_ANSWER_WRONG;
    expect_clone(&card);
    card.key_thumbprint = card.credential_digest = NULL; /* a key that is no point */
    expect_clone(&card);
}

static void photos(void **state)
{
    (void)state;
    struct saksi_card card = good;
    card.photo_digest = NULL;
    expect(&card, document, SAKSI_CHECK_BY_HAND, SAKSI_ASSURANCE_CARD_PROVED, SAKSI_PHOTO_MISSING);
    card.photo_digest = other;
    expect(&card, document, SAKSI_CHECK_BY_HAND, SAKSI_ASSURANCE_CARD_PROVED, SAKSI_PHOTO_MISSING);
}

/* Paper as bytes and as the text of its code. */
static void paper_beside_a_card(void **state)
{
    (void)state;
    struct saksi_card card = good;
    struct span same = signed_with(3, true), altered = signed_with(2, true);
    const struct span papers[] = {same, world_text(w, same), altered, world_text(w, altered)};
    for (size_t i = 0; i < COUNT_OF(papers); i++) {
        uint8_t *exact = check_heap_copy(papers[i]);
        card.paper = exact;
        card.paper_len = papers[i].len;
        expect(&card, document, i < 2 ? SAKSI_VALID : SAKSI_NOT_VALID, SAKSI_ASSURANCE_CARD_PROVED,
               i < 2 ? SAKSI_KEY_PROVED : SAKSI_CARD_QR_MISMATCH);
        free(exact);
    }
}

/* NULL, a card that is not there, and the struct of earlier versions are all paper. */
static void nothing_said_of_a_card_is_paper(void **state)
{
    (void)state;
    const struct saksi_card none = {.size = sizeof none};
    expect(NULL, document, SAKSI_VALID, SAKSI_ASSURANCE_QR, SAKSI_CARD_EXISTS_NOTE);
    expect(&none, document, SAKSI_VALID, SAKSI_ASSURANCE_QR, SAKSI_CARD_EXISTS_NOTE);

    struct saksi_request r = plain_request(&good);
    struct saksi_verdict *verdict = NULL;
    r.size = offsetof(struct saksi_request, card);
    uint8_t *heap = check_heap_copy(span_of(&r, r.size)); /* nothing may be read beyond it */
    const struct saksi_request *old = (const struct saksi_request *)(const void *)heap;
    assert_int_equal(saksi_verify_credential(verifier, old, document.ptr, document.len, &verdict),
                     SAKSI_OK);
    assert_int_equal(saksi_verdict_assurance(verdict), SAKSI_ASSURANCE_QR);
    saksi_verdict_free(verdict);
    free(heap);
}

/* What was true of one certificate is not of the next. */
static void facts_end_with_the_call(void **state)
{
    (void)state;
    expect(&good, document, SAKSI_VALID, SAKSI_ASSURANCE_CARD_PROVED, SAKSI_KEY_PROVED);
    expect(NULL, document, SAKSI_VALID, SAKSI_ASSURANCE_QR, SAKSI_CARD_EXISTS_NOTE);
}

/* ---- mistakes ---- */

static enum saksi_error with_card(const struct saksi_card *card)
{
    struct saksi_request request = plain_request(card);
    struct saksi_verdict *verdict = (struct saksi_verdict *)&w; /* anything but NULL */
    enum saksi_error error =
        saksi_verify_credential(verifier, &request, document.ptr, document.len, &verdict);
    assert_true(error == SAKSI_OK || verdict == NULL);
    saksi_verdict_free(verdict);
    return error;
}

static void facts_that_cannot_all_be_true(void **state)
{
    (void)state;
    struct saksi_card c = good;
    assert_int_equal(with_card(&c), SAKSI_OK);
#define REFUSED(change)                                                                            \
    change;                                                                                        \
    assert_int_equal(with_card(&c), SAKSI_ERROR_CARD)
#define NOTHING c = (struct saksi_card){.size = sizeof c}
    REFUSED(c.present = 0);
    REFUSED(NOTHING; c.generic_token = 1);
    REFUSED(NOTHING; c.unfinished = 1);
    REFUSED(NOTHING; c.answer = SAKSI_CARD_ANSWER_WRONG);
    REFUSED(NOTHING; c.key_thumbprint = key);
    REFUSED(NOTHING; c.credential_digest = digest);
    REFUSED(NOTHING; c.photo_digest = photo);
    REFUSED(NOTHING; c.paper = document.ptr; c.paper_len = document.len);
    REFUSED(c = good; c.key_thumbprint = NULL);
    REFUSED(c = good; c.credential_digest = NULL);
    REFUSED(c = good; c.key_thumbprint = c.credential_digest = NULL);
#undef NOTHING
#undef REFUSED
}

static void arguments_are_checked(void **state)
{
    (void)state;
    struct saksi_card c = good;
#define REFUSED(change)                                                                            \
    c = good;                                                                                      \
    change;                                                                                        \
    assert_int_equal(with_card(&c), SAKSI_ERROR_ARGUMENT)
    REFUSED(c.size = 0);
    REFUSED(c.size = sizeof c - 1);
    REFUSED(c.size = SIZE_MAX);
    REFUSED(c.answer = (enum saksi_card_answer)3);
    REFUSED(c.answer = (enum saksi_card_answer) - 1);
    REFUSED(c.paper_len = 1);
#undef REFUSED
    struct {
        struct saksi_card known;
        int64_t later;
    } larger = {good, 0};
    larger.known.size = sizeof larger;
    assert_int_equal(with_card(&larger.known), SAKSI_OK);
    larger.later = 1;
    assert_int_equal(with_card(&larger.known), SAKSI_ERROR_ARGUMENT);
}

static void see_paper(struct span bytes, void *context)
{
    struct saksi_card c = good;
    unsigned char untouched[SAKSI_DIGEST_SIZE] = {7}, before[SAKSI_DIGEST_SIZE] = {7};
    (void)context;
    c.paper = bytes.ptr;
    c.paper_len = bytes.len;
    assert_int_equal(with_card(&c), SAKSI_ERROR_PAPER);
    assert_int_equal(saksi_credential_digest(bytes.ptr, bytes.len, untouched),
                     SAKSI_ERROR_ARGUMENT);
    assert_memory_equal(untouched, before, sizeof before);
}

static void paper_that_is_no_certificate(void **state)
{
    (void)state;
    struct span text = world_text(w, document);
    uint8_t large[5000] = {0xD2};
    check_prefixes(document, see_paper, NULL);
    check_prefixes(text, see_paper, NULL);
    see_paper(span_of(large, sizeof large), NULL);
    see_paper(span_str("HELLO"), NULL);
    see_paper(span_str("CC1:"), NULL);
}

/* The example of WIRE.md, whose digest stands there. */
static void check_example(void)
{
    static const char text[] =
        "CC1:TABSKGH:V+TGW28TDR  "
        "B**T0S10XVJZBQ36WH0YPANXL8UM5DKIIMRG2Y6B*96IR69Q20W0%C2IXKIKADG33PCBCTQ%"
        "T*HP-81QLV1T5P761O3+QUWE7DM8BJ22DU0F04*I9584$OI36Z$RZS0LPADM0R3E.LES10N-9.$0$.VI5FYZT/"
        "BAF%LDPS3S"
        "P6*Q21PNETJ-N8:H0NN2ND9SC6B9H$L$.5.3KP-F*2DQDHB:0HYS1L2ONB*%FG53LEE7D4-+P4I1J2RO00Q4RQ3";
    unsigned char got[SAKSI_DIGEST_SIZE], wanted[SAKSI_DIGEST_SIZE];
    check_hex("9d8a283071fbc7e69663772c6e745566117e1c22e41c0e510367a6903d7669a8", wanted,
              sizeof wanted);
    assert_int_equal(saksi_credential_digest(text, strlen(text), got), SAKSI_OK);
    assert_memory_equal(got, wanted, sizeof wanted);
}

static void a_digest_is_of_what_was_signed(void **state)
{
    (void)state;
    check_example();
    unsigned char got[3][SAKSI_DIGEST_SIZE];
    struct span again = signed_with(3, true), text = world_text(w, document); /* signed anew */
    assert_int_equal(saksi_credential_digest(again.ptr, again.len, got[0]), SAKSI_OK);
    assert_int_equal(saksi_credential_digest(text.ptr, text.len, got[1]), SAKSI_OK);
    assert_memory_equal(got[0], digest, SAKSI_DIGEST_SIZE);
    assert_memory_equal(got[1], digest, SAKSI_DIGEST_SIZE);
    struct span changed = signed_with(2, true);
    assert_int_equal(saksi_credential_digest(changed.ptr, changed.len, got[2]), SAKSI_OK);
    assert_memory_not_equal(got[2], digest, SAKSI_DIGEST_SIZE);
    assert_int_equal(saksi_credential_digest(NULL, 0, got[0]), SAKSI_ERROR_ARGUMENT);
    assert_int_equal(saksi_credential_digest(text.ptr, text.len, NULL), SAKSI_ERROR_ARGUMENT);
}

#define CARD_TEST(f) cmocka_unit_test_setup(f, make_card)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cards_get_the_same_verdicts_outside),
        CARD_TEST(a_card_that_proved_its_key),
        CARD_TEST(a_card_that_was_only_read),
        CARD_TEST(another_card),
        CARD_TEST(photos),
        CARD_TEST(paper_beside_a_card),
        CARD_TEST(nothing_said_of_a_card_is_paper),
        CARD_TEST(facts_end_with_the_call),
        CARD_TEST(facts_that_cannot_all_be_true),
        CARD_TEST(arguments_are_checked),
        CARD_TEST(paper_that_is_no_certificate),
        CARD_TEST(a_digest_is_of_what_was_signed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
