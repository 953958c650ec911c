/* SPDX-License-Identifier: Apache-2.0
 *
 * Making a PIV card: from one without a key to one that verifies, pulled at any command, and with
 * the wrong management key.
 */
#include "token_scene.h"

static void a_card_is_made(void **state)
{
    (void)state;
    fresh();
    assert_int_equal(present(), TOKEN_OK);
    assert_false(writer.has_key);
    assert_false(writer.taken);
    finish(0);
    holds_what_was_meant();
    assert_int_equal(present(), TOKEN_OK);
    assert_true(writer.has_key);
    assert_true(writer.taken);
    assert_string_not_equal(writer.label.number, "");
    assert_true(writer.label.names_key);
    assert_int_equal(write_it(), TOKEN_OK); /* as often as one likes */
    holds_what_was_meant();
}

/* With a new key nothing of the old one is left, and then comes the new certificate. */
static void another_certificate_takes_its_place(void **state)
{
    (void)state;
    fresh();
    finish(0);
    assert_int_equal(present(), TOKEN_OK);
    assert_int_equal(token_writer_make_key(&writer), TOKEN_OK);
    assert_false(proves());
    assert_int_equal(holding.len, 0);
    finish(1);
    holds_what_was_meant();
}

static void pulled_while_the_key_is_made(void **state)
{
    (void)state;
    for (unsigned at = 1;; at++) {
        fresh();
        assert_int_equal(present(), TOKEN_OK);
        line.fail_at = line.count + at;
        enum token_error error = token_writer_make_key(&writer);
        if (error == TOKEN_OK) {
            assert_true(at > 3);
            return;
        }
        assert_int_equal(error, TOKEN_IO);
        assert_int_equal(writer.io_error, CARD_IO_REMOVED);
        assert_false(writer.has_key);
        assert_false(proves());
        finish(0);
        holds_what_was_meant();
    }
}

/* Nothing is proved before the last part of the certificate is there; presented again, the card is
 * finished with the certificate that was signed. */
static void pulled_while_it_is_written(void **state)
{
    (void)state;
    uint8_t thumbprint[32];
    fresh();
    assert_int_equal(present(), TOKEN_OK);
    assert_int_equal(token_writer_make_key(&writer), TOKEN_OK);
    memcpy(thumbprint, writer.chip.thumbprint, sizeof thumbprint);
    sign_for(0, thumbprint);
    static struct card_host with_key;
    native_copy(&with_key.native, &host.native);
    unsigned begin = line.count, pulls = 0;
    assert_int_equal(write_it(), TOKEN_OK);
    unsigned put = last_put - begin;
    for (unsigned at = 1;; at++) {
        native_copy(&host.native, &with_key.native);
        assert_int_equal(present(), TOKEN_OK);
        assert_true(writer.has_key);
        assert_memory_equal(writer.chip.thumbprint, thumbprint, sizeof thumbprint);
        line.fail_at = line.count + at;
        enum token_error error = write_it();
        if (error == TOKEN_OK) {
            break;
        }
        assert_int_equal(error, TOKEN_IO);
        pulls++;
        if (proves()) {
            assert_true(at > put);
        }
        assert_int_equal(present(), TOKEN_OK);
        assert_int_equal(write_it(), TOKEN_OK);
        holds_what_was_meant();
    }
    assert_true(pulls > put);
}

static void a_wrong_management_key_changes_nothing(void **state)
{
    (void)state;
    fresh();
    finish(0);
    key.key[0] ^= 1;
    assert_int_equal(present(), TOKEN_OK);
    assert_int_equal(token_writer_make_key(&writer), TOKEN_PIV);
    assert_int_equal(writer.piv_error, CARD_PIV_ERROR_WRONG_KEY);
    assert_int_equal(write_it(), TOKEN_PIV);
    key.key[0] ^= 1;
    holds_what_was_meant();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_is_made),
        cmocka_unit_test(another_certificate_takes_its_place),
        cmocka_unit_test(pulled_while_the_key_is_made),
        cmocka_unit_test(pulled_while_it_is_written),
        cmocka_unit_test(a_wrong_management_key_changes_nothing),
    };
    return cmocka_run_group_tests(tests, make, NULL);
}
