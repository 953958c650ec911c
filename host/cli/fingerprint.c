/* SPDX-License-Identifier: Apache-2.0
 *
 * Fingerprints out and in.
 */
#include "cli/fingerprint.h"

#include "codec/hex.h"

#define DIGITS ((size_t)2 * TRUST_DIGEST_SIZE)

void fingerprint_print(FILE *out, const uint8_t root_id[TRUST_DIGEST_SIZE])
{
    char hex[DIGITS + 1];
    (void)hex_write(span_of(root_id, TRUST_DIGEST_SIZE), hex);
    for (size_t i = 0; i < DIGITS; i += 4) {
        (void)fprintf(out, "%s%.4s%s", i % 32 == 0 ? "    " : " ", hex + i,
                      i % 32 == 28 ? "\n" : "");
    }
}

/* The hexadecimal digits of a text in lower case; false when there are other characters, or more
 * digits than fit. */
static bool collect_digits(struct span text, char hex[DIGITS + 1])
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        if (c == ' ' || c == ':' || c == '-' || c == '\n' || c == '\r' || c == '\t') {
            continue;
        }
        c = c >= 'A' && c <= 'F' ? (uint8_t)(c - 'A' + 'a') : c;
        bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (!digit || count == DIGITS) {
            return false;
        }
        hex[count++] = (char)c;
    }
    hex[count] = '\0';
    return true;
}

static uint8_t value_of(char digit)
{
    return (uint8_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

bool fingerprint_parse(struct span text, uint8_t ret_root_id[TRUST_DIGEST_SIZE])
{
    char hex[DIGITS + 1];
    if (!collect_digits(text, hex) || strlen(hex) != DIGITS) {
        return false;
    }
    for (size_t i = 0; i < TRUST_DIGEST_SIZE; i++) {
        ret_root_id[i] = (uint8_t)(value_of(hex[2 * i]) << 4 | value_of(hex[2 * i + 1]));
    }
    return true;
}

bool fingerprint_ends_with(const uint8_t root_id[TRUST_DIGEST_SIZE], struct span text, size_t count)
{
    char hex[DIGITS + 1];
    char typed[DIGITS + 1];
    (void)hex_write(span_of(root_id, TRUST_DIGEST_SIZE), hex);
    return count <= DIGITS && collect_digits(text, typed) && strlen(typed) == count &&
           strcmp(hex + DIGITS - count, typed) == 0;
}
