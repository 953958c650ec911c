/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi authority sign: one key, one document, one person who reads before signing.
 */
#include "cli/cmd_authority.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "authority/sign.h"
#include "authority/summary.h"
#include "base/pkcs11_uri.h"
#include "cli/command.h"
#include "cli/terminal.h"

/* --- sign --- */

/* The folder of the root files: --root (a folder, or a file in it), else the document's own. */
static void find_roots(const struct authority_options *o, char ret_folder[PATH_MAX])
{
    const char *given = o->root != NULL ? o->root : o->names[0];
    const char *slash = strrchr(given, '/');
    size_t len = strlen(given);
    if (o->root != NULL && (len < 5 || strcmp(given + len - 5, ".root") != 0)) {
        (void)snprintf(ret_folder, PATH_MAX, "%s", given);
    } else if (slash == NULL) {
        (void)snprintf(ret_folder, PATH_MAX, ".");
    } else {
        (void)snprintf(ret_folder, PATH_MAX, "%.*s", (int)(slash - given), given);
    }
}

static bool agreed(const struct authority_options *o)
{
    char line[16];
    if (o->yes) {
        return true;
    }
    printf("Sign this with %s? [yes/no] ", o->key);
    (void)fflush(stdout);
    return fgets(line, sizeof line, stdin) != NULL && strcmp(line, "yes\n") == 0;
}

static void print_roles(const struct sign_desk *desk)
{
    for (size_t i = 0; i < desk->role_count; i++) {
        printf("%s: signed by %u of the %u needed (%s)\n", desk->path, desk->role[i].signed_by,
               desk->role[i].role->threshold, desk->role[i].name);
    }
}

static int show_summary(const struct authority_options *o, const struct sign_desk *desk)
{
    struct authority_problem problem;
    uint8_t *text = malloc(SUMMARY_MAX_BYTES);
    if (text == NULL) {
        return authority_failed(authority_fail_system(&problem), &problem);
    }
    struct writer w = writer_of(text, SUMMARY_MAX_BYTES);
    enum authority_error error = summary_write(desk, o->against, &w, &problem);
    if (error == AUTHORITY_OK) {
        (void)fwrite(text, 1, writer_span(&w).len, stdout);
    }
    free(text);
    return error == AUTHORITY_OK ? 0 : authority_failed(error, &problem);
}

static int sign_at(const struct authority_options *o, struct sign_desk *desk)
{
    struct authority_problem problem;
    struct crypto_private_key *key = NULL;
    int status = show_summary(o, desk);
    if (status != 0) {
        return status;
    }
    if (!agreed(o)) {
        terminal_error("authority", "not signed");
        return EXIT_REFUSED;
    }
    status = authority_read_key(o, o->key, &key);
    if (status != 0) {
        return status;
    }
    enum authority_error error = sign_with(desk, key, &problem);
    crypto_private_key_free(key);
    if (error != AUTHORITY_OK) {
        return authority_failed(error, &problem);
    }
    print_roles(desk);
    return 0;
}

int authority_run_sign(const struct authority_options *o)
{
    char roots[PATH_MAX];
    struct sign_desk desk;
    struct authority_problem problem;
    if (o->key == NULL) {
        return authority_usage("sign: name the private key: --key KEY");
    }
    find_roots(o, roots);
    enum authority_error error = sign_open(o->names[0], roots, &desk, &problem);
    if (error != AUTHORITY_OK) {
        return authority_failed(error, &problem);
    }
    int status = sign_at(o, &desk);
    sign_close(&desk);
    return status;
}
