/* SPDX-License-Identifier: Apache-2.0
 *
 * Knows none of the code it is held against. */
#include "digest_oracle.h"

#include <cbor.h>
#include <openssl/evp.h>
#include <stdlib.h>

#define BUCKETS  1025
#define MAX_ROWS 4096
#define MAX_KEY  128

struct line {
    const uint8_t *row;
    size_t len;
    unsigned type, bucket;
    uint8_t key[MAX_KEY];
    size_t key_len;
};

/* How many elements after the type are the key. */
static size_t key_elements(unsigned type)
{
    static const size_t count[12] = {0, 1, 2, 1, 3, 2, 1, 2, 3, 1, 1, 1};
    return type < 12 ? count[type] : 0;
}

static unsigned bucket_of(unsigned type, const uint8_t *first, size_t len)
{
    uint32_t h = 2166136261U;
    if (type == 6 || type == 8) {
        return 1024;
    }
    for (size_t i = 0; i < len; i++) {
        h ^= first[i];
        h *= 16777619U;
    }
    return (h ^ (h >> 16)) % 1024;
}

static bool take_apart(cbor_item_t *item, struct line *line)
{
    if (!cbor_isa_array(item) || cbor_array_size(item) < 2) {
        return false;
    }
    cbor_item_t *type = cbor_array_get(item, 0);
    line->type = cbor_isa_uint(type) ? (unsigned)cbor_get_int(type) : 0;
    cbor_decref(&type);
    size_t elements = key_elements(line->type);
    if (elements == 0 || cbor_array_size(item) <= elements) {
        return false;
    }
    line->key_len = 0;
    for (size_t i = 1; i <= elements; i++) {
        cbor_item_t *element = cbor_array_get(item, i);
        size_t len = cbor_serialize(element, line->key + line->key_len, MAX_KEY - line->key_len);
        cbor_decref(&element);
        if (len == 0) {
            return false;
        }
        line->key_len += len;
        if (i == 1) {
            line->bucket = bucket_of(line->type, line->key, line->key_len);
        }
    }
    return true;
}

static size_t read_lines(struct span rows, struct line *line)
{
    size_t count = 0;
    while (rows.len != 0) {
        struct cbor_load_result result;
        cbor_item_t *item = cbor_load(rows.ptr, rows.len, &result);
        if (item == NULL || count == MAX_ROWS) {
            return SIZE_MAX;
        }
        line[count].row = rows.ptr;
        line[count].len = result.read;
        bool good = take_apart(item, &line[count++]);
        cbor_decref(&item);
        if (!good) {
            return SIZE_MAX;
        }
        rows = span_of(rows.ptr + result.read, rows.len - result.read);
    }
    return count;
}

/* By bucket, and there by type and key. */
static int in_order(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    if (x->bucket != y->bucket) {
        return x->bucket < y->bucket ? -1 : 1;
    }
    if (x->type != y->type) {
        return x->type < y->type ? -1 : 1;
    }
    size_t shorter = x->key_len < y->key_len ? x->key_len : y->key_len;
    int order = memcmp(x->key, y->key, shorter);
    return order != 0 ? order : (x->key_len > y->key_len) - (x->key_len < y->key_len);
}

bool digest_oracle(struct span rows, const char *name, uint8_t ret_digest[32])
{
    struct line *line = calloc(MAX_ROWS, sizeof *line);
    EVP_MD_CTX *all = EVP_MD_CTX_new(), *one = EVP_MD_CTX_new();
    uint8_t digest[32];
    size_t count = line == NULL ? SIZE_MAX : read_lines(rows, line), at = 0;
    bool good = count != SIZE_MAX && EVP_DigestInit_ex(all, EVP_sha256(), NULL) == 1 &&
                EVP_DigestUpdate(all, name, strlen(name)) == 1 &&
                EVP_DigestUpdate(all, "\0", 1) == 1;
    if (good && count != 0) {
        qsort(line, count, sizeof *line, in_order);
    }
    for (unsigned bucket = 0; bucket < BUCKETS && good; bucket++) {
        good = EVP_DigestInit_ex(one, EVP_sha256(), NULL) == 1;
        for (; good && at < count && line[at].bucket == bucket; at++) {
            good = EVP_DigestUpdate(one, line[at].row, line[at].len) == 1;
        }
        good = good && EVP_DigestFinal_ex(one, digest, NULL) == 1 &&
               EVP_DigestUpdate(all, digest, sizeof digest) == 1;
    }
    good = good && EVP_DigestFinal_ex(all, ret_digest, NULL) == 1;
    EVP_MD_CTX_free(all);
    EVP_MD_CTX_free(one);
    free(line);
    return good;
}

unsigned digest_oracle_bucket(struct span row)
{
    struct line line = {0};
    struct cbor_load_result result;
    cbor_item_t *item = cbor_load(row.ptr, row.len, &result);
    bool good = item != NULL && take_apart(item, &line);
    if (item != NULL) {
        cbor_decref(&item);
    }
    return good ? line.bucket : BUCKETS;
}
