/* SPDX-License-Identifier: Apache-2.0
 *
 * Codes of a file as saksi-frames makes them: sizes, SAMPLE, files that cannot be shown. Whether
 * they read back is tests/integration/cli_trust_qr.sh's.
 */
#include "check.h"
#include "cli/command.h"
#include "cli/frames/frames.h"

#include <stdio.h>
#include <unistd.h>

static char path[] = "/tmp/saksi-frames-XXXXXX";

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void set_length(size_t len)
{
    assert_int_equal(truncate(path, (off_t)len), 0);
}

static void files_have_limits(void **state)
{
    (void)state;
    struct frames f;
    set_length(0);
    assert_int_equal(frames_open(path, false, &f), EXIT_INPUT_OUTPUT);
    frames_close(&f);
    set_length(FOUNTAIN_BLOB_MAX + 1);
    assert_int_equal(frames_open(path, false, &f), EXIT_REFUSED);
    frames_close(&f);
    assert_int_equal(frames_open("/none/such", false, &f), EXIT_INPUT_OUTPUT);
    frames_close(&f);
    set_length(FOUNTAIN_BLOB_MAX);
    assert_int_equal(frames_open(path, false, &f), 0);
    assert_int_equal(f.sender.pieces, FOUNTAIN_PIECES_MAX);
    frames_close(&f);
}

/* Version 22 holds every frame at level L: 1460 characters. */
static void codes_are_of_one_size(void **state)
{
    (void)state;
    struct frames f;
    struct qr qr;
    set_length(9000);
    assert_int_equal(frames_open(path, false, &f), 0);
    for (uint32_t symbol = 0; symbol < 40; symbol += 3) {
        assert_true(frames_code(&f, symbol, &qr));
        assert_true(qr.version <= 22);
        qr_free(&qr);
    }
    frames_close(&f);
}

static unsigned be32(const uint8_t *at)
{
    return (unsigned)at[0] << 24 | (unsigned)at[1] << 16 | (unsigned)at[2] << 8 | at[3];
}

static void pictures_have_their_size(void **state)
{
    (void)state;
    static const char *const text[] = {"CT1:BB8", "CF1:UJCLQE7W581 UJCLQE7W581 UJCLQE7W581 VD92EX0"
                                                  "UJCLQE7W581UJCLQE7W581UJCLQE7W581UJCLQE7W581"};
    for (size_t i = 0; i < COUNT_OF(text); i++) {
        struct qr qr;
        struct refusal refusal = {.internal = false};
        assert_true(qr_make(text[i], QR_VERSION_MAX, &qr, &refusal));
        for (unsigned scale = 1; scale <= FRAMES_SCALE_MAX; scale += 7) {
            for (unsigned sample = 0; sample <= 1; sample++) {
                uint8_t *png = NULL;
                size_t len = 0;
                assert_true(frames_png(&qr, scale, sample == 1, &png, &len));
                assert_true(len > 33);
                assert_memory_equal(png + 1, "PNG", 3);
                unsigned width = sample == 1 && i == 0 ? 37 : qr_modules_with_quiet(&qr);
                assert_int_equal(be32(png + 16), width * scale);
                unsigned below = sample == 1 ? 11 : 0; /* seven dots of one module, and a margin */
                assert_int_equal(be32(png + 20), (qr_modules_with_quiet(&qr) + below) * scale);
                free(png);
            }
        }
        qr_free(&qr);
    }
}

static void levels_differ(void **state)
{
    (void)state;
    char text[1300 + 1];
    struct qr l, m;
    struct refusal refusal = {.internal = false};
    memset(text, 'A', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_true(qr_make_at(text, QR_LEVEL_L, QR_VERSION_MAX, &l, &refusal));
    assert_true(qr_make_at(text, QR_LEVEL_M, QR_VERSION_MAX, &m, &refusal));
    assert_int_equal(l.version, 21);
    assert_int_equal(m.version, 24);
    qr_free(&l);
    assert_false(qr_make_at(text, QR_LEVEL_L, 20, &l, &refusal));
    qr_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_have_limits),
        cmocka_unit_test(codes_are_of_one_size),
        cmocka_unit_test(pictures_have_their_size),
        cmocka_unit_test(levels_differ),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
