/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages, numbers, and the opening of stations and keys.
 */
#include "program.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/password.h"
#include "codec/cbor.h"

#define MESSAGE_MAX 1024

int say(int status, const char *format, ...)
{
    char message[MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    /* Bytes from 0x80 on are kept where they are text: a file's name may be anything. */
    bool is_text = cbor_check_text(span_str(message)) == CBOR_OK;
    for (char *c = message; *c != '\0'; c++) {
        bool kept = (unsigned char)*c < 0x80 ? *c >= 0x20 && *c != 0x7F : is_text;
        *c = kept ? *c : '?';
    }
    (void)fprintf(stderr, "saksi %s: %s\n", program_command, message);
    return status;
}

int say_usage(const char *command)
{
    return say(STATUS_USAGE, "see saksi %s %s%s--help", program_command, command,
               *command == '\0' ? "" : " ");
}

static int status_of_db(enum db_error error)
{
    switch (error) {
    case DB_READ_ONLY:
        return STATUS_CANNOT_CREATE;
    case DB_SYSTEM:
    case DB_CONSTRAINT:
        return STATUS_INTERNAL;
    default:
        return STATUS_IO;
    }
}

int say_registry(const char *path, enum registry_error error, enum db_error db_error)
{
    switch (error) {
    case REGISTRY_DB:
        return say(status_of_db(db_error), "%s: %s", path, db_error_text(db_error));
    case REGISTRY_IN_USE:
        return say(STATUS_IO, "%s: %s", path, registry_error_text(error));
    case REGISTRY_LOCK:
        return say(STATUS_CANNOT_CREATE, "%s: %s", path, registry_error_text(error));
    default:
        return say(STATUS_DATA, "%s: %s", path, registry_error_text(error));
    }
}

const char *program_folder(void)
{
    static char folder[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", folder, sizeof folder - 1);
    folder[len < 0 ? 0 : len] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
    return folder;
}

bool parse_number(const char *text, uint64_t most, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (*text == '\0') {
        return false;
    }
    for (; *text != '\0'; text++) {
        unsigned digit = (unsigned)(*text - '0');
        if (digit > 9 || number > (UINT64_MAX - digit) / 10) {
            return false;
        }
        number = number * 10 + digit;
    }
    *ret_number = number;
    return number <= most;
}

static int say_station(const char *folder, const struct station_problem *problem)
{
    switch (problem->error) {
    case STATION_FILE:
        if (problem->file == FILE_MISSING) {
            return say(STATUS_IO,
                       "%s: there is no station here; name its folder with --station, or make one "
                       "with \"saksi issue init\"",
                       folder);
        }
        return say(STATUS_IO, "%s: %s", problem->path, file_error_text(problem->file));
    case STATION_CONTENT:
        if (problem->json.line != 0) {
            return say(STATUS_DATA, "%s:%d: %s", problem->path, problem->json.line,
                       problem->json.what);
        }
        return say(STATUS_DATA, "%s: %s: %s", problem->path, problem->json.path,
                   problem->json.what);
    default:
        return say(STATUS_IO, "%s: the path is too long", folder);
    }
}

int opened_station(struct opened *opened, const char *folder, bool writing)
{
    struct station_problem problem;
    enum db_error db_error = DB_OK;
    if (!station_open(folder, &opened->station, &problem)) {
        return say_station(folder, &problem);
    }
    enum registry_error error =
        registry_open(opened->station.registry_path, &opened->station.identity, writing,
                      &opened->registry, &db_error);
    return error == REGISTRY_OK ? STATUS_OK
                                : say_registry(opened->station.registry_path, error, db_error);
}

static int say_key(const char *path, enum crypto_file_error error)
{
    switch (error) {
    case CRYPTO_FILE_MISSING:
        return say(STATUS_KEY, "%s: the key file is not there, or may not be read", path);
    case CRYPTO_FILE_PERMISSIONS:
        return say(STATUS_KEY,
                   "%s: others can read the key; make it private with \"chmod 600\", and replace "
                   "the key if they may have",
                   path);
    case CRYPTO_FILE_PASSWORD:
        return say(STATUS_KEY, "%s: the password of the key is missing or wrong", path);
    case CRYPTO_FILE_FORMAT:
        return say(STATUS_KEY, "%s: is not a PKCS#8 PEM key for ES256 or EdDSA", path);
    default:
        return say(STATUS_INTERNAL, "%s: the key could not be read", path);
    }
}

/* From the file named, or asked for; "" when nobody could be asked. */
static int get_password(const char *path, const char *password_file, struct password *ret_password)
{
    char prompt[PATH_MAX + 32];
    if (password_file == NULL) {
        (void)snprintf(prompt, sizeof prompt, "Password of %s: ", path);
        if (!password_ask(prompt, ret_password)) {
            ret_password->text[0] = '\0';
        }
        return STATUS_OK;
    }
    enum password_error error = password_read_file(password_file, ret_password);
    return error == PASSWORD_OK
               ? STATUS_OK
               : say(STATUS_KEY, "%s: %s", password_file, password_error_text(error));
}

static int read_with_password(const char *path, const char *password_file,
                              struct crypto_private_key **ret_key)
{
    struct password password = {""};
    enum crypto_file_error error = CRYPTO_FILE_PASSWORD;
    int status = get_password(path, password_file, &password);
    if (status != STATUS_OK) {
        return status;
    }
    if (*password.text != '\0') {
        error = crypto_private_key_read(path, password.text, ret_key);
    }
    password_wipe(&password);
    return error == CRYPTO_FILE_OK ? STATUS_OK : say_key(path, error);
}

/* Asks for the password when the key needs one. */
static int key_read(const char *path, const char *password_file,
                    struct crypto_private_key **ret_key)
{
    enum crypto_file_error error = crypto_private_key_read(path, NULL, ret_key);
    if (error == CRYPTO_FILE_PASSWORD) {
        return read_with_password(path, password_file, ret_key);
    }
    return error == CRYPTO_FILE_OK ? STATUS_OK : say_key(path, error);
}

int opened_key(struct opened *opened, const char *password_file)
{
    struct crypto_private_key *key = NULL;
    int status = key_read(opened->station.key_path, password_file, &key);
    if (status != STATUS_OK) {
        return status;
    }
    return signer_new(key, &opened->signer) == SIGNER_OK
               ? STATUS_OK
               : say(STATUS_INTERNAL, "%s: the key cannot be used", opened->station.key_path);
}

void opened_close(struct opened *opened)
{
    signer_free(opened->signer);
    registry_close(opened->registry);
    station_close(&opened->station);
}
