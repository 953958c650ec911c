/* SPDX-License-Identifier: Apache-2.0
 *
 * What saksi-page is told about a certificate: signed text as it was signed, and the catalogue's
 * titles beside it. */
#include "check.h"

#include <string.h>

#include "base/json.h"
#include "issuer/paper_json.h"

struct scene {
    struct station station;
    struct credential credential;
    struct titles titles;
    struct paper_request request;
};

static void set_text(struct scene *s, enum saksi_claim claim, const char *text)
{
    credential_set_text(&s->credential, claim, span_str(text));
}

static int setup(void **state)
{
    struct scene *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->station.issuer.id = span_str("ID.SAMPLE.LSP");
    s->station.authority.id = span_str("ID.SAMPLE");
    s->station.second_language = span_str("id");
    set_text(s, SAKSI_CLAIM_ISS, "ID.SAMPLE.LSP");
    set_text(s, SAKSI_CLAIM_SCHEME_CODE, "S-1");
    set_text(s, SAKSI_CLAIM_SCHEME_TITLE, "Signed title");
    assert_true(credential_add_unit(&s->credential, span_str("U1")));
    assert_true(credential_add_unit(&s->credential, span_str("U2")));
    s->request = (struct paper_request){.station = &s->station,
                                        .credential = &s->credential,
                                        .qr_text = span_str("CC1:TEXT"),
                                        .titles = &s->titles};
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

/* The certificate in the page's JSON is exactly this. */
static void assert_certificate(const struct scene *s, const char *expected)
{
    struct json_reader r;
    char *text = paper_json(&s->request);
    assert_non_null(text);
    assert_true(json_open(span_str(text), &r));
    char *certificate = json_format(json_get_object(&r, r.document, "certificate"), 0);
    assert_non_null(certificate);
    assert_string_equal(certificate, expected);
    free(certificate);
    json_close(&r);
    free(text);
}

static void codes_stand_alone_without_titles(void **state)
{
    struct scene *s = *state;
    const char *bare = "{\"scheme_code\":\"S-1\",\"scheme_title\":\"Signed title\","
                       "\"units\":[{\"code\":\"U1\"},{\"code\":\"U2\"}]}";
    assert_certificate(s, bare); /* a catalogue that has none of them */
    s->request.titles = NULL;
    assert_certificate(s, bare);
}

static void titles_stand_beside_codes(void **state)
{
    struct scene *s = *state;
    s->titles.scheme_native = span_str("Judul");
    s->titles.unit[0] = (struct unit_title){span_str("Clean \"rooms\""), span_str("Kamar")};
    s->titles.unit[1] = (struct unit_title){span_str("Linen"), span_of(NULL, 0)};
    assert_certificate(s, "{\"scheme_code\":\"S-1\",\"scheme_title\":\"Signed title\","
                          "\"scheme_title_native\":{\"lang\":\"id\",\"text\":\"Judul\"},"
                          "\"units\":[{\"code\":\"U1\",\"title\":\"Clean \\\"rooms\\\"\","
                          "\"title_native\":{\"lang\":\"id\",\"text\":\"Kamar\"}},"
                          "{\"code\":\"U2\",\"title\":\"Linen\"}]}");
}

static void a_title_may_be_native_alone(void **state)
{
    struct scene *s = *state;
    s->titles.unit[1].native = span_str("Kain");
    assert_certificate(s, "{\"scheme_code\":\"S-1\",\"scheme_title\":\"Signed title\","
                          "\"units\":[{\"code\":\"U1\"},{\"code\":\"U2\","
                          "\"title_native\":{\"lang\":\"id\",\"text\":\"Kain\"}}]}");
}

/* The holder's own name is signed, and has a language of its own. */
static void the_holders_name_keeps_its_language(void **state)
{
    struct scene *s = *state;
    s->credential.unit_count = 0;
    s->titles.unit[0].english = span_str("Of no unit");
    set_text(s, SAKSI_CLAIM_HOLDER_NAME, "Somchai");
    set_text(s, SAKSI_CLAIM_HOLDER_NAME_NATIVE, "สมชาย");
    set_text(s, SAKSI_CLAIM_HOLDER_NAME_LANGUAGE, "th");
    assert_certificate(s, "{\"scheme_code\":\"S-1\",\"scheme_title\":\"Signed title\","
                          "\"holder_name\":\"Somchai\","
                          "\"holder_name_native\":{\"lang\":\"th\",\"text\":\"สมชาย\"}}");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(codes_stand_alone_without_titles),
        TEST(titles_stand_beside_codes),
        TEST(a_title_may_be_native_alone),
        TEST(the_holders_name_keeps_its_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
