/* SPDX-License-Identifier: Apache-2.0
 *
 * Sample rows, and rows written again from what was read. */
#include "trust_row_sample.h"

#include <stdlib.h>

#include "codec/cose.h"

static const struct row_names two_names = {
    .count = 2,
    .name = {{{(const uint8_t *)"en", 2}, {(const uint8_t *)"Certification Body", 18}},
             {{(const uint8_t *)"id", 2}, {(const uint8_t *)"Lembaga Sertifikasi", 19}}},
};
static const uint8_t sample_key[33] = {2, 1, 2, 3};

static void write_issuer(struct writer *w)
{
    const struct row_licence licence[] = {
        {.from_day = 18262,
         .until_day = 20000,
         .scheme_count = 2,
         .sector_count = 1,
         .levels_count = 1,
         .scheme = {span_str("HK-1"), span_str("SKKNI-2019*")},
         .sector = {span_str("I55")},
         .levels = {{1, 2, 9}}},
        {.from_day = 20001, .until_day = ROW_NO_END_DAY},
    };
    const struct row_suspension suspension = {19000, 19100, 3};
    row_issuer_write(w, span_str("ID.BNSP.LSP-0123"), ROW_CERTIFICATION_BODY, span_str("ID.BNSP"),
                     &two_names, licence, 2, &suspension, 1);
}

static void write_key(struct writer *w, int alg, enum row_key_end end)
{
    row_key_write(w, &(struct row_key){
                         .issuer = span_str("ID.BNSP.LSP-0123"),
                         .kid = span_str("12345678"),
                         .alg = alg,
                         .public_key = span_of(sample_key, alg == COSE_ES256 ? 33 : 32),
                         .from_s = 1767225600,
                         .until_s = 1767225600 + 400 * 86400,
                         .end = end,
                         .end_s = end == ROW_KEY_OPEN ? 0 : 1770000000,
                     });
}

static void write_status(struct writer *w)
{
    const struct row_centre centre = {span_str("TUK-9"), 20000, ROW_NO_END_DAY, 6, 20400};
    const struct row_blank blank[] = {
        {span_str(""), 18, 0, 999999999999999999U, 1, 20000},
        {span_str("BN-"), 6, 5, 77, 3, -20},
    };
    row_status_write(w, span_str("ID.BNSP.LSP-0123"), UINT32_MAX, &centre, 1, blank, 2);
}

static void write_block(struct writer *w)
{
    static const uint8_t offsets[] = {0x00, 0x00, 0x00, 0x05, 0x3F, 0xFF};
    row_block_write(w, &(struct row_block){span_str("ID.BNSP.LSP-0123"), ROW_SET_REVOKED, 262143,
                                           span_of(offsets, sizeof offsets)});
}

static void write_full_rule(struct writer *w)
{
    struct row_rule rule = {
        .id = span_str("MY-ID-7"),
        .arrangement = ROW_BILATERAL,
        .result = ROW_CONDITIONAL,
        .issuing_state = span_str("ID"),
        .valid_from_day = 18262,
        .valid_until_day = 21000,
        .purposes = 1U << 1 | 1U << 4,
        .awarding_body = span_str("ID.BNSP"),
        .certification_body = span_str("ID.BNSP.LSP-0123"),
        .scheme_types = 1U << 2,
        .coverage = 1,
        .standard_family = 11,
        .scheme_code = span_str("SKKNI-2019-012"),
        .scheme_prefix = span_str("SKKNI"),
        .sector_prefix = span_str("I55"),
        .occupation_prefix = span_str("5151"),
        .job_index = span_str("FOM"),
        .nationality_count = 2,
        .nationality = {span_str("ID"), span_str("TH")},
        .framework = 1,
        .edition = 2012,
        .level_least = 0,
        .level_most = 9,
        .issued_from_day = -5,
        .issued_until_day = 20500,
        .source = span_str("Agreement of 2019"),
    };
    rule.conditions.count = 1;
    rule.conditions.name[0].lang = span_str("en");
    rule.conditions.name[0].text = span_str("With a language test");
    row_rule_write(w, &rule);
}

static void write_bare_rule(struct writer *w)
{
    row_rule_write(w, &(struct row_rule){
                          .id = span_str("MY-TH-1"),
                          .arrangement = ROW_AGP,
                          .result = ROW_SUSPENDED,
                          .issuing_state = span_str("TH"),
                          .valid_from_day = 0,
                          .valid_until_day = ROW_NO_END_DAY,
                          .level_least = -1,
                          .level_most = -1,
                          .issued_from_day = INT64_MIN,
                          .issued_until_day = INT64_MAX,
                      });
}

static void write_sample(struct writer *w, size_t which)
{
    switch (which) {
    case 0:
        write_issuer(w);
        break;
    case 1:
        write_key(w, COSE_ES256, ROW_KEY_OPEN);
        break;
    case 2:
        write_key(w, COSE_EDDSA, ROW_KEY_COMPROMISED);
        break;
    case 3:
        write_status(w);
        break;
    case 4:
        write_block(w);
        break;
    case 5:
        row_range_write(w, &(struct row_range){span_str("ID.BNSP.LSP-0123"), 7, UINT32_MAX,
                                               ROW_RANGE_REINSTATED, 2, 20000});
        break;
    case 6:
        write_full_rule(w);
        break;
    case 7:
        write_bare_rule(w);
        break;
    case 8:
        row_derecognised_write(w, &(struct row_derecognised){span_str("TH.TPQI"), 70000, 3, 20000});
        break;
    case 9:
        row_framework_write(w, &(struct row_framework){1, 2012, 6, 6, 1, span_str("Report")});
        break;
    default:
        row_title_write(w, &(struct row_title){(enum row_type)(which - 10 + ROW_SCHEME_TITLE),
                                               span_str("CODE-1"), two_names});
        break;
    }
}

struct row_samples *row_samples_new(void)
{
    struct row_samples *samples = calloc(1, sizeof *samples);
    if (samples == NULL) {
        return NULL;
    }
    struct writer w = writer_of(samples->room, sizeof samples->room);
    for (size_t i = 0; i < ROW_SAMPLES && writer_ok(&w); i++) {
        size_t start = w.len;
        write_sample(&w, i);
        samples->row[i] = span_of(samples->room + start, w.len - start);
        samples->count += writer_ok(&w);
    }
    return samples;
}

void row_samples_free(struct row_samples *samples)
{
    free(samples);
}

/* ---- written again ---- */

static bool again_issuer(struct span bytes, struct writer *w)
{
    struct row_issuer issuer;
    if (!row_issuer_decode(bytes, &issuer)) {
        return false;
    }
    struct row_licence *licence = calloc(ROW_MAX_LICENCES, sizeof *licence);
    struct row_suspension suspension[ROW_MAX_SUSPENSIONS];
    if (licence == NULL) {
        return false;
    }
    for (size_t i = 0; i < issuer.licence_count; i++) {
        row_licence_next(&issuer.licences, &licence[i]);
    }
    for (size_t i = 0; i < issuer.suspension_count; i++) {
        row_suspension_next(&issuer.suspensions, &suspension[i]);
    }
    row_issuer_write(w, issuer.id, issuer.kind, issuer.parent, &issuer.names, licence,
                     issuer.licence_count, suspension, issuer.suspension_count);
    free(licence);
    return true;
}

static bool again_status(struct span bytes, struct writer *w)
{
    struct row_status status;
    struct row_centre centre[ROW_MAX_CENTRES];
    struct row_blank blank[ROW_MAX_BLANKS];
    if (!row_status_decode(bytes, &status)) {
        return false;
    }
    for (size_t i = 0; i < status.centre_count; i++) {
        row_centre_next(&status.centres, &centre[i]);
    }
    for (size_t i = 0; i < status.blank_count; i++) {
        row_blank_next(&status.blanks, &blank[i]);
    }
    row_status_write(w, status.issuer, status.allotment, centre, status.centre_count, blank,
                     status.blank_count);
    return true;
}

#define AGAIN(name)                                                                                \
    static bool again_##name(struct span bytes, struct writer *w)                                  \
    {                                                                                              \
        struct row_##name row;                                                                     \
        if (!row_##name##_decode(bytes, &row)) {                                                   \
            return false;                                                                          \
        }                                                                                          \
        row_##name##_write(w, &row);                                                               \
        return true;                                                                               \
    }

AGAIN(key)
AGAIN(block)
AGAIN(range)
AGAIN(rule)
AGAIN(derecognised)
AGAIN(framework)
AGAIN(title)

bool row_writes_itself(const struct row *row)
{
    static bool (*const again[])(struct span bytes, struct writer * w) = {
        [ROW_ISSUER] = again_issuer,
        [ROW_KEY] = again_key,
        [ROW_STATUS] = again_status,
        [ROW_BLOCK] = again_block,
        [ROW_RANGE] = again_range,
        [ROW_RULE] = again_rule,
        [ROW_DERECOGNISED] = again_derecognised,
        [ROW_FRAMEWORK] = again_framework,
        [ROW_SCHEME_TITLE] = again_title,
        [ROW_UNIT_TITLE] = again_title,
        [ROW_JOB_TITLE] = again_title,
    };
    uint8_t *room = malloc(TRUST_MAX_ROW_BYTES);
    if (room == NULL) {
        return false;
    }
    struct writer w = writer_of(room, TRUST_MAX_ROW_BYTES);
    bool same = again[row->type](row->bytes, &w) && span_equal(writer_span(&w), row->bytes);
    free(room);
    return same;
}

void row_sample_key(const struct row *row, struct writer *w)
{
    struct cbor_cursor c = cbor_cursor_of(row->bytes);
    cbor_read_array(&c, 1, SIZE_MAX);
    cbor_read_uint(&c, ROW_ISSUER, ROW_JOB_TITLE);
    if (row->type == ROW_FRAMEWORK) {
        int framework = (int)cbor_read_uint(&c, 0, INT32_MAX);
        int edition = (int)cbor_read_uint(&c, 0, INT32_MAX);
        row_key_of_framework(w, framework, edition, (int)cbor_read_uint(&c, 0, INT32_MAX));
        return;
    }
    struct span code = cbor_read_code(&c, 1, 32);
    if (row->type == ROW_KEY) {
        row_key_of_kid(w, code, cbor_read_bytes(&c, 8, 8));
    } else if (row->type == ROW_BLOCK) {
        enum row_set set = (enum row_set)cbor_read_uint(&c, 1, 3);
        row_key_of_block(w, code, set, (uint32_t)cbor_read_uint(&c, 0, UINT32_MAX));
    } else if (row->type == ROW_RANGE || row->type == ROW_DERECOGNISED) {
        row_key_of_index(w, code, (uint32_t)cbor_read_uint(&c, 0, UINT32_MAX));
    } else {
        row_key_of_code(w, code);
    }
}
