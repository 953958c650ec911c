/* SPDX-License-Identifier: Apache-2.0
 *
 * Both sides read numbers by the same strict hand.
 */
#include "devices/tpm/tpm_line.h"

/* Takes decimal digits up to `end`, which is taken too. */
static bool take_number(struct span *line, char end, int64_t *ret_number)
{
    int64_t number = 0;
    size_t len = 0;
    for (; len < line->len && line->ptr[len] >= '0' && line->ptr[len] <= '9'; len++) {
        int digit = line->ptr[len] - '0';
        if (number > (INT64_MAX - digit) / 10) {
            return false;
        }
        number = number * 10 + digit;
    }
    bool canonical = len == 1 || (len > 1 && line->ptr[0] != '0');
    if (!canonical || len == line->len || line->ptr[len] != (uint8_t)end) {
        return false;
    }
    *line = span_of(line->ptr + len + 1, line->len - len - 1);
    *ret_number = number;
    return true;
}

bool tpm_line_versions(struct span line, int64_t *ret_root, int64_t *ret_header)
{
    int64_t root = 0;
    int64_t header = 0;
    if (!take_number(&line, ' ', &root) || !take_number(&line, '\n', &header) || line.len != 0 ||
        root < 1) {
        return false;
    }
    *ret_root = root;
    *ret_header = header;
    return true;
}
