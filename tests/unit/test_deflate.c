/* SPDX-License-Identifier: Apache-2.0
 *
 * zlib streams with a bound: the size that was told, exactly, and nothing after the end. */
#include "base/deflate.h"
#include "check.h"

static struct span packed_zeros(size_t size, uint8_t **ret_owned)
{
    uint8_t *zeros = calloc(1, size + 1);
    size_t len = 0;
    assert_non_null(zeros);
    assert_int_equal(deflate_pack(span_of(zeros, size), ret_owned, &len), DEFLATE_OK);
    free(zeros);
    return span_of(*ret_owned, len);
}

static void round_trip_of_many_sizes(void **state)
{
    (void)state;
    static const size_t size[] = {0, 1, 1000, 65535, 65536, 65537, 131073, 1000000};
    uint64_t random = 1;
    for (size_t i = 0; i < COUNT_OF(size); i++) {
        uint8_t *bytes = malloc(size[i] + 1), *packed = NULL, *back = NULL;
        size_t len = 0;
        check_random_bytes(&random, bytes, size[i]);
        assert_int_equal(deflate_pack(span_of(bytes, size[i]), &packed, &len), DEFLATE_OK);
        assert_int_equal(deflate_unpack(span_of(packed, len), size[i], &back), DEFLATE_OK);
        check_bytes(span_of(back, size[i]), span_of(bytes, size[i]));
        free(bytes);
        free(packed);
        free(back);
    }
}

static void size_is_exact(void **state)
{
    (void)state;
    uint8_t *owned = NULL, *back = NULL;
    struct span packed = packed_zeros(200000, &owned);
    assert_int_equal(deflate_unpack(packed, 199999, &back), DEFLATE_SIZE);
    assert_int_equal(deflate_unpack(packed, 0, &back), DEFLATE_SIZE);
    assert_int_equal(deflate_unpack(packed, 200001, &back), DEFLATE_SIZE);
    assert_int_equal(deflate_unpack(packed, SIZE_MAX, &back), DEFLATE_SIZE);
    assert_null(back);
    free(owned);
}

static void must_be_format(struct span packed, void *context)
{
    uint8_t *back = NULL;
    (void)context;
    assert_int_equal(deflate_unpack(packed, 5000, &back), DEFLATE_FORMAT);
    assert_null(back);
}

static void cut_and_continued_streams_are_format(void **state)
{
    (void)state;
    uint8_t *owned = NULL;
    struct span packed = packed_zeros(5000, &owned);
    check_prefixes(packed, must_be_format, NULL);
    uint8_t *longer = calloc(1, packed.len + 1);
    memcpy(longer, packed.ptr, packed.len);
    must_be_format(span_of(longer, packed.len + 1), NULL);
    longer[packed.len - 1] ^= 1; /* the check sum */
    must_be_format(span_of(longer, packed.len), NULL);
    must_be_format(span_str("no stream at all"), NULL);
    free(longer);
    free(owned);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip_of_many_sizes),
        cmocka_unit_test(size_is_exact),
        cmocka_unit_test(cut_and_continued_streams_are_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
