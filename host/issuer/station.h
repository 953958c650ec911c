/* SPDX-License-Identifier: Apache-2.0
 *
 * A station's folder: station.json, which a person can read and edit, and registry.db beside it.
 * Says who issues, under which names, with which key file and into which folder.
 */
#ifndef ISSUER_STATION_H
#define ISSUER_STATION_H

#include "base/file.h"
#include "base/json.h"
#include "issuer/registry.h"

#define STATION_MAX_NAMES 12
#define STATION_PATH_MAX  4096

struct station_name {
    struct span lang, text;
};

struct station_party {
    struct span id;
    size_t name_count; /* "en" is always among them */
    struct station_name name[STATION_MAX_NAMES];
};

struct station {
    struct station_party issuer, authority;
    struct span station; /* this station's own name, code of 1 to 32 bytes */
    bool sample;
    struct span second_language; /* of labels, beside English; empty for English alone */
    char key_path[STATION_PATH_MAX];
    char out_path[STATION_PATH_MAX];
    char trust_list_path[STATION_PATH_MAX]; /* where titles come from; "" for none */
    char registry_path[STATION_PATH_MAX];
    struct registry_identity identity;
    struct json_reader document; /* what the spans above point into; unused by those who fill in a
                                    station themselves */
    uint8_t *text;
};

enum station_error {
    STATION_OK = 0,
    STATION_FILE,    /* see the file error */
    STATION_CONTENT, /* see the problem */
    STATION_PATH,    /* a path is too long */
};

/* Why a station could not be read or written. */
struct station_problem {
    enum station_error error;
    enum file_error file;
    struct json_problem json;
    char path[STATION_PATH_MAX]; /* of the file concerned */
};

/* Reads FOLDER/station.json. Relative paths in it are relative to the folder. station_close frees
 * it. */
MUST_USE bool station_open(const char *folder, struct station *ret_station,
                           struct station_problem *ret_problem);
void station_close(struct station *station);

/* {"id", "names"}, as in station.json and for pages; the caller owns it. */
struct json_value *station_party_json(const struct station_party *party);

/* Writes a new station.json from ids, names, station, sample, second_language, key_path, out_path
 * and trust_list_path (all as they shall stand in the file); never over an existing one. */
MUST_USE bool station_create(const char *folder, const struct station *station,
                             struct station_problem *ret_problem);

#endif
