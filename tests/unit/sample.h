/* SPDX-License-Identifier: Apache-2.0
 *
 * Invented certificates of many systems, for tests: no person, number or signature in them is real.
 */
#ifndef TESTS_SAMPLE_H
#define TESTS_SAMPLE_H

#include "check.h"
#include "codec/cose.h"
#include "codec/credential.h"

#define SAMPLE_MAX_UNITS 8

struct sample {
    const char *iss, *number, *scheme, *title;
    int type, coverage, family;
    const char *unit[SAMPLE_MAX_UNITS + 1];
    int framework, edition, level; /* framework 0: none of the three */
    const char *sector, *occupation, *job;
    int issue_day, valid_days; /* valid_days 0: no expiry */
    const char *name, *native, *language, *nationality;
    int birth_day; /* 0: photo_digest instead */
};

/* clang-format off */
static const struct sample sample_table[] = {
    {"ID.BNSP.LSP-0123", "55101 5151 3 0004217 2026", "SKM/0123/2024/07", "Room Attendant", 2, 1, 1,
     {"I.55HKP00.001.2", "I.55HKP00.004.2", "I.55HKP00.011.1", "I.55HDR00.001.2"}, 1, 2012, 2,
     "I55", "5151", "HHK.05", 20480, 1095, "Siti Rahmawati", NULL, NULL, "ID", 9872},
    {"ID.BNSP.LSP-1187", "56102 5120 2 0001234 2025", "SKM/1187/2023/11", "Commis Chef", 2, 1, 1,
     {"I.56KKJ00.001.1", "I.56KKJ00.003.1", "I.56KKJ00.007.1"}, 1, 2012, 3,
     "I56", "5120", "FPD.03", 20166, 1095, "Budi Santoso", NULL, NULL, "ID", 11230},
    {"ID.BNSP.LSP-0456", "41011 7112 4 0000098 2026", "SKK-KONS-204", "Bricklayer, Multi-storey Buildings", 3, 1, 2,
     {"F.410100.001.01", "F.410100.009.02"}, 1, 2012, 4,
     "F41", "7112", NULL, 20520, 1825, "I Wayan Sudarta", NULL, NULL, NULL, 7011},
    {"ID.BNSP.LSP-2060", "62010 2512 5 0000741 2026", "OKUPASI-J62-11", "Junior Web Programmer", 2, 1, 1,
     {"J.620100.004.02", "J.620100.005.02", "J.620100.010.01", "J.620100.016.01", "J.620100.019.02"}, 1, 2012, 4,
     "J62", "2512", NULL, 20401, 1095, "Nur Aini Oktaviani", NULL, NULL, NULL, 11899},
    {"ID.KEMDIKBUD.LSK-31", "LSK/31/2025/008812", "LSK-TBS-2", "Dressmaking, Level II", 1, 1, 1,
     {NULL}, 1, 2012, 2, NULL, NULL, NULL, 20090, 0, "Fransiska Dewi", NULL, NULL, NULL, 10443},
    {"MY.DSD.PB-L01833", "SKM2-2026-0048311", "I551-003-2:2018", "Housekeeping Operation", 1, 1, 4,
     {"I551-003-2:2018-C01", "I551-003-2:2018-C02", "I551-003-2:2018-C03"}, 2, 2017, 2,
     "I", "5151", NULL, 20499, 0, "Nurul Izzah binti Ahmad", NULL, NULL, "MY", 11604},
    {"MY.DSD.PB-L00217", "SKM3-2025-0112094", "F432-001-3:2022", "Electrical Installation and Maintenance", 1, 1, 4,
     {"F432-001-3:2022-C01", "F432-001-3:2022-C02"}, 2, 2017, 3,
     "F", "7411", NULL, 20211, 0, "Lim Wei Jian", "\346\236\227\344\274\237\345\273\272", "zh-Hans", NULL, 10002},
    {"MY.DSD.PPT-004", "PC-2026-0003321", "I561-002-2:2019", "Food Preparation and Cookery", 6, 2, 4,
     {"I561-002-2:2019-C04"}, 2, 2017, 2, "I", NULL, NULL, 20533, 0, "Kavitha a/p Subramaniam",
     "\340\256\225\340\256\265\340\256\277\340\256\244\340\256\276", "ta", NULL, 8711},
    {"PH.TESDA.NCR-0042", "26130602012345", "TRSHSK213", "Housekeeping NC II", 1, 1, 5,
     {"TRS5123111", "TRS5123112", "TRS5123113", "TRS5123114"}, 3, 2018, 2,
     "I", "5151", "HHK.05", 20455, 1826, "Maria Clara Dela Cruz", NULL, NULL, "PH", 10855},
    {"PH.TESDA.R07-0018", "26072202004418", "TRSCOK213", "Cookery NC II", 1, 1, 5,
     {"TRS512328", "TRS512331", "TRS512381"}, 3, 2018, 2,
     "I", "5120", "FPD.03", 20301, 1826, "Jose Rizalino P. Mercado", NULL, NULL, "PH", 9631},
    {"PH.TESDA.R03-0101", "25034702009120", "TRSSMAW", "Shielded Metal Arc Welding (SMAW) NC I", 1, 1, 5,
     {NULL}, 3, 2018, 1, "C", "7212", NULL, 19987, 1826, "Ramon Bautista", NULL, NULL, NULL, 7302},
    {"PH.TESDA.R11-0007", "26111502000377", "TRSFBS2-COC1", "Prepare the Dining Room/Restaurant Area for Service", 4, 2, 5,
     {"TRS512387"}, 3, 2018, 2, "I", "5131", NULL, 20541, 1826, "Angelica Reyes", NULL, NULL, NULL, 12044},
    {"TH.TPQI.CB-0155", "TPQ-0155-2569-00214", "TPQ-HTL-RA-3", "Room Attendant, Level 3", 1, 1, 6,
     {"10101", "10102", "10103"}, 4, 2017, 3, "I55", "5151", "HHK.05", 20471, 1095, "Somchai Jaidee",
     "\340\270\252\340\270\241\340\270\212\340\270\262\340\270\242", "th", "TH", 8450},
    {"TH.TPQI.CB-0031", "TPQ-0031-2568-01177", "TPQ-AUT-MEC-4", "Automotive Technician, Level 4", 1, 1, 6,
     {"20207", "20208"}, 4, 2017, 4, "G45", "7231", NULL, 20050, 1095, "Anong Srisawat", NULL, NULL, NULL, 9007},
    {"SG.SSG.ATO-1180", "WSQ26-0091827", "WSQ-FB-CUL-2", "WSQ Higher Certificate in Culinary Arts", 1, 1, 7,
     {"FSS-FNB-2041-1.1", "FSS-FNB-2044-1.1"}, 10, 2016, 2, "I", "5120", NULL, 20444, 0, "Tan Mei Ling", NULL, NULL, "SG", 10990},
    {"SG.SSG.ATO-0072", "SOA26-4410093", "TP-HAS-HK-1", "Clean and Prepare Rooms for Incoming Guests", 4, 2, 7,
     {"HAS-FSE-1003-1.1"}, 0, 0, 0, "I", NULL, NULL, 20560, 0, "Muhammad Faizal bin Osman", NULL, NULL, NULL, 9444},
    {"ID.BNSP.TPCB-01", "TPCB-ID-2026-00311", "CATC-FO-III", "Certificate III in Front Office Operations", 5, 1, 8,
     {"D1.HRS.CL1.01", "D1.HRS.CL1.02", "D1.HRS.CL1.04", "D1.HFO.CL2.01", "D1.HFO.CL2.03", "D1.HFO.CL2.07"}, 5, 2018, 3,
     "I55", "4224", "HFO.03", 20490, 1095, "Ni Made Ayu Lestari", NULL, NULL, "ID", 10777},
    {"VN.DVET.CB-12", "VN-2026-0001882", "NOS-HK-02", "Hotel Housekeeping, Grade 2", 2, 1, 11,
     {"HKS1", "HKS2", "HKS3"}, 11, 2016, 2, "I", "5151", "HHK.05", 20511, 1826, "Nguyen Thi Thanh Huong",
     "Nguy\341\273\205n Th\341\273\213 Thanh H\306\260\306\241ng", "vi", "VN", 9333},
    {"KH.NTB.AC-07", "KH-NTB-26-00417", "CS-FO-2", "Front Office, Level II", 1, 1, 3,
     {NULL}, 7, 2012, 2, "I", NULL, "HFO.03", 20466, 1095, "Sok Sreymom", "\341\236\237\341\236\273\341\236\201", "km", "KH", 11000},
    {"LA.MOLSW.DVT-3", "LA-26-000192", "LA-COOK-1", "Cook, Level 1", 1, 1, 11,
     {NULL}, 8, 2018, 1, "I", "5120", NULL, 20477, 1095, "Bounmy Phommachanh", NULL, NULL, NULL, 8200},
    {"MM.NSSA.AC-018", "NSSA-2026-L2-00931", "NSSA-WAITER-2", "Waiter, Skilled Worker", 2, 1, 9,
     {NULL}, 9, 2007, 2, "I", "5131", "FBS.05", 20430, 0, "Aung Ko Ko", "\341\200\241\341\200\261\341\200\254\341\200\204\341\200\272", "my", "MM", 9100},
    {"TL.INDMO.RTO-22", "TL-2026-00071", "TUR-CH-201", "National Certificate II in Hospitality", 1, 1, 10,
     {"HIT01", "HIT02"}, 12, 2010, 2, "I", NULL, NULL, 20555, 0, "Joao da Costa Soares", NULL, NULL, "TL", 11777},
    {"BN.BDTVEC.IBTE-4", "BN-IBTE-26-0118", "NTEC-CUL", "National Technical Education Certificate in Culinary Operations", 1, 1, 11,
     {NULL}, 6, 2014, 3, "I", "5120", NULL, 20388, 0, "Hajah Aminah binti Haji Yusof", NULL, NULL, NULL, 0},
    {"TH.DSD.PV-10", "DSD-2569-10-004410", "NSST-SPA-1", "Spa Therapist", 2, 1, 11,
     {NULL}, 4, 2017, 1, "S96", "5142", NULL, 20540, 730, "Kanya Wongsuwan", NULL, NULL, NULL, 10101},
};
/* clang-format on */

#define SAMPLE_COUNT COUNT_OF(sample_table)

static inline void sample_text(struct credential *c, enum saksi_claim claim, const char *text)
{
    if (text != NULL) {
        credential_set_text(c, claim, span_str(text));
    }
}

static inline void sample_number(struct credential *c, enum saksi_claim claim, int64_t number)
{
    if (number != 0) {
        credential_set_number(c, claim, number);
    }
}

static const uint8_t sample_photo_digest[32] = {0xA5, 0x17, 0xC3};

/* Certificate `index`; every span points into static storage. */
static inline struct credential sample_credential(size_t index)
{
    const struct sample *s = &sample_table[index];
    struct credential c = {0};
    sample_text(&c, SAKSI_CLAIM_ISS, s->iss);
    credential_set_number(&c, SAKSI_CLAIM_IAT, (int64_t)s->issue_day * 86400 + 34567);
    credential_set_number(&c, SAKSI_CLAIM_STATUS_INDEX, (int64_t)index * 7919 % 50000);
    sample_text(&c, SAKSI_CLAIM_CERTIFICATE_NUMBER, s->number);
    sample_number(&c, SAKSI_CLAIM_SCHEME_TYPE, s->type);
    sample_number(&c, SAKSI_CLAIM_COVERAGE, s->coverage);
    sample_text(&c, SAKSI_CLAIM_SCHEME_CODE, s->scheme);
    sample_text(&c, SAKSI_CLAIM_SCHEME_TITLE, s->title);
    sample_number(&c, SAKSI_CLAIM_STANDARD_FAMILY, s->family);
    for (size_t i = 0; s->unit[i] != NULL; i++) {
        assert_true(credential_add_unit(&c, span_str(s->unit[i])));
    }
    if (s->framework != 0) {
        credential_set_number(&c, SAKSI_CLAIM_FRAMEWORK, s->framework);
        credential_set_number(&c, SAKSI_CLAIM_EDITION, s->edition);
        credential_set_number(&c, SAKSI_CLAIM_LEVEL, s->level);
    }
    sample_text(&c, SAKSI_CLAIM_SECTOR_CODE, s->sector);
    sample_text(&c, SAKSI_CLAIM_OCCUPATION_CODE, s->occupation);
    sample_text(&c, SAKSI_CLAIM_JOB_INDEX, s->job);
    credential_set_number(&c, SAKSI_CLAIM_ISSUE_DATE, s->issue_day);
    if (s->valid_days == 0) {
        credential_set_null(&c, SAKSI_CLAIM_VALID_UNTIL);
    } else {
        credential_set_number(&c, SAKSI_CLAIM_VALID_UNTIL, s->issue_day + s->valid_days);
    }
    sample_text(&c, SAKSI_CLAIM_HOLDER_NAME, s->name);
    sample_text(&c, SAKSI_CLAIM_HOLDER_NAME_NATIVE, s->native);
    sample_text(&c, SAKSI_CLAIM_HOLDER_NAME_LANGUAGE, s->language);
    sample_text(&c, SAKSI_CLAIM_NATIONALITY, s->nationality);
    sample_number(&c, SAKSI_CLAIM_BIRTH_DATE, s->birth_day);
    if (s->birth_day == 0) {
        credential_set_text(&c, SAKSI_CLAIM_PHOTO_DIGEST, span_of(sample_photo_digest, 32));
    }
    return c;
}

/* Every claim there is, birth_year aside (birth_date excludes it). */
static inline struct credential sample_full(void)
{
    struct credential c = sample_credential(16);
    static const uint8_t digest[32] = {0xD1}, face[30] = {0};
    credential_set_text(&c, SAKSI_CLAIM_CNF, span_of(digest, sizeof digest));
    sample_text(&c, SAKSI_CLAIM_ASSESSMENT_CENTRE, "TUK-0042");
    sample_text(&c, SAKSI_CLAIM_HOLDER_NAME_NATIVE, "\341\254\205");
    sample_text(&c, SAKSI_CLAIM_HOLDER_NAME_LANGUAGE, "ban-Bali");
    sample_text(&c, SAKSI_CLAIM_REGISTRATION_NUMBER, "HTL 1187 00042 2026");
    sample_text(&c, SAKSI_CLAIM_BLANK_NUMBER, "A 1234567");
    credential_set_number(&c, SAKSI_CLAIM_VALID_FROM, 20500);
    credential_set_number(&c, SAKSI_CLAIM_HOLDER_ID_TYPE, 2);
    sample_text(&c, SAKSI_CLAIM_HOLDER_ID_HINT, "4711");
    credential_set_text(&c, SAKSI_CLAIM_PHOTO_DIGEST, span_of(digest, sizeof digest));
    credential_set_text(&c, SAKSI_CLAIM_FACE, span_of(face, sizeof face));
    sample_text(&c, SAKSI_CLAIM_RESTRICTIONS, "Supervised work only");
    return c;
}

/* What encoding says of the credential, and what it leaves behind when it refuses. */
static inline struct credential_problem sample_problem(const struct credential *c)
{
    uint8_t room[CREDENTIAL_MAX_BYTES];
    struct writer w = writer_of(room, sizeof room);
    struct credential_problem problem = credential_encode(c, &w);
    assert_int_equal(problem.error == CREDENTIAL_OK, w.len != 0);
    return problem;
}

static inline void sample_expect(const struct credential *c, enum credential_error error,
                                 enum cbor_error cbor, enum saksi_claim claim)
{
    struct credential_problem problem = sample_problem(c);
    if (problem.error != error || problem.cbor != cbor || problem.claim != claim) {
        fail_msg("error %d, %s, claim %d", problem.error, cbor_error_text(problem.cbor),
                 problem.claim);
    }
}

/* Writes the credential in its envelope, with a kid and a signature that are noise. */
static inline struct span sample_document(const struct credential *c, int alg, uint64_t seed,
                                          uint8_t *room, size_t cap)
{
    uint8_t header[64], payload[CREDENTIAL_MAX_BYTES], kid[COSE_KID_SIZE], signature[64];
    check_random_bytes(&seed, kid, sizeof kid);
    check_random_bytes(&seed, signature, sizeof signature);
    struct writer protected = writer_of(header, sizeof header);
    cose_write_sign1_protected(&protected, alg, span_of(kid, sizeof kid), COSE_TYP_CREDENTIAL);
    struct writer claims = writer_of(payload, sizeof payload);
    assert_int_equal(credential_encode(c, &claims).error, CREDENTIAL_OK);
    struct cose_sign1 cose = {.protected = writer_span(&protected),
                              .payload = writer_span(&claims),
                              .signature = span_of(signature, sizeof signature)};
    struct writer document = writer_of(room, cap);
    cose_write_sign1(&document, &cose);
    assert_true(writer_ok(&document));
    return writer_span(&document);
}

#endif
