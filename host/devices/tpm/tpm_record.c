/* SPDX-License-Identifier: Apache-2.0
 *
 * Strict: what this program would not have written is not a mark.
 */
#include "devices/tpm/tpm_record.h"

#include "wire/bytes.h"

#define MAGIC          "SAKSIMK"
#define FORMAT_VERSION 1

void tpm_record_encode(int64_t root_version, int64_t header_version,
                       uint8_t ret_record[TPM_RECORD_SIZE])
{
    struct writer w = writer_of(ret_record, TPM_RECORD_SIZE);
    writer_put(&w, span_str(MAGIC));
    writer_be(&w, FORMAT_VERSION, 1);
    writer_be(&w, (uint64_t)root_version, 8);
    writer_be(&w, (uint64_t)header_version, 8);
}

bool tpm_record_decode(const uint8_t record[TPM_RECORD_SIZE], int64_t *ret_root_version,
                       int64_t *ret_header_version)
{
    struct reader r = reader_of(span_of(record, TPM_RECORD_SIZE));
    bool ours = span_equal(reader_take(&r, strlen(MAGIC)), span_str(MAGIC)) &&
                reader_be(&r, 1) == FORMAT_VERSION;
    uint64_t root = reader_be(&r, 8), header = reader_be(&r, 8);
    if (!ours || !reader_done(&r) || root < 1 || root > INT64_MAX || header > INT64_MAX) {
        return false;
    }
    *ret_root_version = (int64_t)root;
    *ret_header_version = (int64_t)header;
    return true;
}
