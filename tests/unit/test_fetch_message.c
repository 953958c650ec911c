/* SPDX-License-Identifier: Apache-2.0
 *
 * Request, answer and part file there and back; every prefix and every flipped bit of them.
 */
#include "check.h"

#include <fcntl.h>
#include <unistd.h>

#include "devices/fetch/part.h"

#define URL "https://example.org/trust/saksi.bundle"

static struct fetch_request sample_request(void)
{
    return (struct fetch_request){.url = URL,
                                  .known = {"\"tag\"", "Sat, 28 Nov 2026 00:00:00 GMT"},
                                  .most = 16777216,
                                  .timeout_s = 600,
                                  .proxy = "proxy.example.org:3128",
                                  .cacert = span_str("-----BEGIN CERTIFICATE-----\n")};
}

static struct fetch_answer sample_answer(void)
{
    return (struct fetch_answer){.outcome = FETCH_OK,
                                 .http_status = 206,
                                 .len = 5000,
                                 .resumed_at = 4999,
                                 .validators = {"W/\"tag\"", ""},
                                 .where = URL};
}

static void a_request_comes_back(void **state)
{
    (void)state;
    uint8_t room[FETCH_ANSWER_MAX];
    struct writer w = writer_of(room, sizeof room);
    struct fetch_request request = sample_request(), back;
    fetch_request_encode(&request, &w);
    assert_true(fetch_request_decode(writer_span(&w), &back));
    assert_string_equal(back.url, request.url);
    assert_string_equal(back.known.etag, request.known.etag);
    assert_string_equal(back.known.modified, request.known.modified);
    assert_int_equal(back.most, request.most);
    assert_int_equal(back.timeout_s, request.timeout_s);
    assert_string_equal(back.proxy, request.proxy);
    check_bytes(back.cacert, request.cacert);
}

static void an_answer_comes_back(void **state)
{
    (void)state;
    uint8_t room[FETCH_ANSWER_MAX];
    struct writer w = writer_of(room, sizeof room);
    struct fetch_answer answer = sample_answer(), back;
    fetch_answer_encode(&answer, &w);
    assert_true(fetch_answer_decode(writer_span(&w), &back));
    assert_int_equal(back.outcome, FETCH_OK);
    assert_int_equal(back.http_status, 206);
    assert_int_equal(back.len, 5000);
    assert_int_equal(back.resumed_at, 4999);
    assert_string_equal(back.validators.etag, "W/\"tag\"");
    assert_string_equal(back.validators.modified, "");
    assert_string_equal(back.where, URL);
}

static void the_largest_fits(void **state)
{
    (void)state;
    static struct fetch_answer answer;
    memset(answer.where, 'a', FETCH_URL_MAX);
    memset(answer.validators.etag, 'b', FETCH_VALIDATOR_MAX);
    memset(answer.validators.modified, 'c', FETCH_VALIDATOR_MAX);
    struct writer w = writer_of(NULL, 0);
    fetch_answer_encode(&answer, &w);
    assert_in_range(w.len, 1, FETCH_ANSWER_MAX);
    static struct fetch_request request;
    memset(request.url, 'a', FETCH_URL_MAX);
    memset(request.proxy, 'b', FETCH_PROXY_MAX);
    request.known = answer.validators;
    request.cacert = span_of(NULL, FETCH_CACERT_MAX);
    w = writer_of(NULL, 0);
    fetch_request_encode(&request, &w);
    assert_in_range(w.len, 1, FETCH_REQUEST_MAX);
}

static void a_prefix_is_no_message(struct span prefix, void *context)
{
    struct fetch_answer answer = {.len = 77};
    struct fetch_request request = {.most = 77};
    (void)context;
    assert_false(fetch_answer_decode(prefix, &answer));
    assert_int_equal(answer.len, 77);
    assert_false(fetch_request_decode(prefix, &request));
    assert_int_equal(request.most, 77);
}

/* Whatever is decoded keeps the limits that its readers rely on. */
static void a_flipped_bit_does_no_harm(struct span flipped, void *context)
{
    struct fetch_answer answer;
    struct fetch_request request;
    (void)context;
    if (fetch_answer_decode(flipped, &answer)) {
        assert_true(answer.outcome <= FETCH_SYSTEM && answer.resumed_at <= answer.len);
        for (const char *c = answer.where; *c != '\0'; c++) {
            assert_true(*c >= 0x20 && *c < 0x7F);
        }
    }
    if (fetch_request_decode(flipped, &request)) {
        assert_true(strlen(request.url) <= FETCH_URL_MAX);
    }
}

static void prefixes_and_flips(void **state)
{
    (void)state;
    uint8_t room[FETCH_ANSWER_MAX];
    struct writer w = writer_of(room, sizeof room);
    struct fetch_answer answer = sample_answer();
    fetch_answer_encode(&answer, &w);
    check_prefixes(writer_span(&w), a_prefix_is_no_message, NULL);
    check_bit_flips(writer_span(&w), a_flipped_bit_does_no_harm, NULL);
    struct fetch_request request = sample_request();
    w = writer_of(room, sizeof room);
    fetch_request_encode(&request, &w);
    check_prefixes(writer_span(&w), a_prefix_is_no_message, NULL);
    check_bit_flips(writer_span(&w), a_flipped_bit_does_no_harm, NULL);
}

static void lies_are_no_answer(void **state)
{
    (void)state;
    uint8_t room[FETCH_ANSWER_MAX];
    struct fetch_answer answer = sample_answer(), back;
    answer.outcome = FETCH_CRASHED; /* is for the caller to say */
    struct writer w = writer_of(room, sizeof room);
    fetch_answer_encode(&answer, &w);
    assert_false(fetch_answer_decode(writer_span(&w), &back));
    answer = sample_answer();
    answer.resumed_at = answer.len + 1;
    w = writer_of(room, sizeof room);
    fetch_answer_encode(&answer, &w);
    assert_false(fetch_answer_decode(writer_span(&w), &back));
    answer = sample_answer();
    strcpy(answer.validators.etag, "\"a\r\nCookie: b\"");
    w = writer_of(room, sizeof room);
    fetch_answer_encode(&answer, &w);
    assert_false(fetch_answer_decode(writer_span(&w), &back));
}

static void validators_can_stand_in_a_header(void **state)
{
    (void)state;
    char longest[FETCH_VALIDATOR_MAX + 2];
    memset(longest, 'x', sizeof longest);
    assert_true(fetch_is_validator(span_str("\"x\"")));
    assert_true(fetch_is_validator(span_of(longest, FETCH_VALIDATOR_MAX)));
    assert_false(fetch_is_validator(span_of(longest, FETCH_VALIDATOR_MAX + 1)));
    assert_false(fetch_is_validator(span_of(NULL, 0)));
    assert_false(fetch_is_validator(span_str("a\r\nb")));
    assert_false(fetch_is_validator(span_str("caf\xc3\xa9")));
}

/* --- part files --- */

static int part_file(void)
{
    char path[] = "/tmp/saksi-part-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(unlink(path), 0);
    return fd;
}

static void a_part_comes_back(void **state)
{
    (void)state;
    int fd = part_file();
    struct fetch_part part = {.url = URL, .validators = {"\"tag\"", "a date"}, .total = 10};
    struct fetch_part back = {.len = 77};
    assert_false(fetch_part_read(fd, &back));
    assert_true(fetch_part_begin(fd, &part));
    assert_true(fetch_part_read(fd, &back));
    assert_int_equal(back.len, 0);
    assert_int_equal(back.total, 10);
    assert_string_equal(back.url, URL);
    assert_string_equal(back.validators.etag, "\"tag\"");
    assert_string_equal(back.validators.modified, "a date");
    assert_true(fetch_part_write(fd, 0, span_str("one")));
    assert_true(fetch_part_write(fd, 3, span_str("two")));
    assert_true(fetch_part_read(fd, &back));
    assert_int_equal(back.len, 6);
    assert_true(fetch_part_begin(fd, &part)); /* anew: nothing of the old one is left */
    assert_true(fetch_part_read(fd, &back));
    assert_int_equal(back.len, 0);
    assert_int_equal(close(fd), 0);
}

static void a_damaged_head_is_no_part(void **state)
{
    (void)state;
    int fd = part_file();
    struct fetch_part part = {.url = URL}, back;
    uint8_t byte = 0;
    assert_true(fetch_part_begin(fd, &part));
    assert_int_equal(ftruncate(fd, FETCH_PART_HEAD - 1), 0);
    assert_false(fetch_part_read(fd, &back));
    for (off_t at = 0; at < 64; at++) { /* the name, and behind it the address */
        assert_true(fetch_part_begin(fd, &part));
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        byte ^= 0x80;
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
        bool in_tail = (size_t)at >= sizeof "saksi-part" + 2 + strlen(URL);
        if (!in_tail) {
            assert_false(fetch_part_read(fd, &back));
        }
    }
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(ftruncate(fd, 2 * FETCH_PART_HEAD), 0); /* zeros, as after a power cut */
    assert_false(fetch_part_read(fd, &back));
    assert_int_equal(close(fd), 0);
    assert_false(fetch_part_read(fd, &back));
    assert_false(fetch_part_begin(fd, &part));
    assert_false(fetch_part_write(fd, 0, span_str("x")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_comes_back), cmocka_unit_test(an_answer_comes_back),
        cmocka_unit_test(the_largest_fits),     cmocka_unit_test(prefixes_and_flips),
        cmocka_unit_test(lies_are_no_answer),   cmocka_unit_test(validators_can_stand_in_a_header),
        cmocka_unit_test(a_part_comes_back),    cmocka_unit_test(a_damaged_head_is_no_part),
    };
    return cmocka_run_group_tests_name("fetch_message", tests, NULL, NULL);
}
