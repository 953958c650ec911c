/* SPDX-License-Identifier: Apache-2.0
 *
 * Records: what a centre knows about a certificate to be issued, as JSON by the names of
 * saksi/claim.def. Checks every field and says all that is wrong, so that a person corrects a list
 * once. What is only known when issuing (issuer, time, index, digest of the photo, key of the card)
 * is not taken from here.
 */
#ifndef ISSUER_RECORD_H
#define ISSUER_RECORD_H

#include "base/json.h"
#include "codec/credential.h"

#define RECORD_MAX_IN_FILE 10000
#define RECORD_MAX_NOTES   48

/* Something a person should know: "certificate_number: is missing". */
struct record_note {
    char path[128]; /* "[3].units[0]"; empty for the record as a whole */
    char text[160];
};

struct record_notes {
    size_t count; /* notes beyond RECORD_MAX_NOTES are counted, not kept */
    struct record_note note[RECORD_MAX_NOTES];
};

/* A file with one record (an object) or several (an array of objects). */
struct record_file {
    struct json_reader json;
    bool is_array;
};

/* What issuing will add, as far as the checks depend on it. */
struct record_context {
    struct span issuer; /* id of the issuer */
    int64_t now_s;      /* when it will be signed */
    bool has_photo;     /* a photo will be bound: then a birth date is not needed */
};

/* Parses; on false *notes has the reason. record_file_close frees the document. */
MUST_USE bool record_file_open(struct span text, struct record_file *ret_file,
                               struct record_notes *notes);
void record_file_close(struct record_file *file);
size_t record_file_count(const struct record_file *file);

/* Reads the at-th record. True when a certificate can be made of it; else *problems tells why not.
 * *warnings collects what is unusual but not forbidden. Both are added to. The credential's spans
 * point into the file's document; it has no iss, iat, status_index and photo_digest yet. */
MUST_USE bool record_read(struct record_file *file, size_t at, const struct record_context *context,
                          struct credential *ret_credential, struct record_notes *problems,
                          struct record_notes *warnings);

#endif
