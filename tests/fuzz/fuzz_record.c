/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever is accepted as a record can be encoded once issuing has added its part; whatever is
 * refused is refused with a reason, in plain characters.
 */
#include "fuzz.h"
#include "issuer/record.h"

#define NOW_S (20000LL * 86400)

static void check_notes(const struct record_notes *notes)
{
    for (size_t i = 0; i < notes->count && i < RECORD_MAX_NOTES; i++) {
        FUZZ_REQUIRE(notes->note[i].text[0] != '\0');
        for (const char *c = notes->note[i].path; *c != '\0'; c++) {
            FUZZ_REQUIRE(*c >= 0x20 && *c < 0x7F);
        }
    }
}

static void check_credential(struct credential *c)
{
    static const uint8_t digest[32];
    uint8_t room[CREDENTIAL_MAX_BYTES];
    struct writer w = writer_of(room, sizeof room);
    credential_set_text(c, SAKSI_CLAIM_ISS, span_str("ID.SAMPLE"));
    credential_set_number(c, SAKSI_CLAIM_IAT, NOW_S);
    credential_set_number(c, SAKSI_CLAIM_STATUS_INDEX, 1);
    credential_set_text(c, SAKSI_CLAIM_PHOTO_DIGEST, span_of(digest, sizeof digest));
    FUZZ_REQUIRE(credential_encode(c, &w).error == CREDENTIAL_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct record_notes problems, warnings;
    struct record_file file;
    struct record_context context = {span_str("ID.SAMPLE"), NOW_S, true};
    problems.count = 0;
    if (!record_file_open(span_of(data, size), &file, &problems)) {
        FUZZ_REQUIRE(problems.count == 1);
        check_notes(&problems);
        return 0;
    }
    for (size_t i = 0; i < record_file_count(&file) && i < 4; i++) {
        struct credential credential;
        problems.count = 0;
        warnings.count = 0;
        bool fit = record_read(&file, i, &context, &credential, &problems, &warnings);
        FUZZ_REQUIRE(fit == (problems.count == 0));
        check_notes(&problems);
        check_notes(&warnings);
        if (fit) {
            check_credential(&credential);
        }
    }
    record_file_close(&file);
    return 0;
}
