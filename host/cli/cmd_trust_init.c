/* SPDX-License-Identifier: Apache-2.0
 *
 * saksi trust init: first trust, by a fingerprint that came another way.
 */
#include "cli/cmd_trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/fingerprint.h"
#include "cli/mark.h"
#include "cli/terminal.h"

#define TYPED_DIGITS 8

/* The operator's word for the fingerprint: given as an option, or typed at a terminal. */
static int confirm(const struct trust_options *o, const uint8_t root_id[TRUST_DIGEST_SIZE])
{
    uint8_t expected[TRUST_DIGEST_SIZE];
    char line[256];
    if (o->root_id != NULL) {
        if (!fingerprint_parse(span_str(o->root_id), expected)) {
            terminal_error("trust", "--root-id: is not a fingerprint of 64 hexadecimal digits");
            return EXIT_USAGE;
        }
        if (memcmp(expected, root_id, sizeof expected) != 0) {
            terminal_error("trust", "%s: refused: ROOT_ID: its fingerprint is another one",
                           o->root);
            return EXIT_REFUSED;
        }
        return 0;
    }
    if (isatty(STDIN_FILENO) == 0) {
        terminal_error("trust", "give --root-id with the fingerprint that came by another way, or "
                                "run this at a terminal");
        return EXIT_USAGE;
    }
    printf("Compare every group with the fingerprint that came to you by another way.\n"
           "To trust this root, type the last two groups: ");
    (void)fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL ||
        !fingerprint_ends_with(root_id, span_str(line), TYPED_DIGITS)) {
        terminal_error("trust", "not confirmed; nothing was changed");
        return EXIT_REFUSED;
    }
    return 0;
}

static void show_root(const struct trust_root *root, const uint8_t root_id[TRUST_DIGEST_SIZE])
{
    if (root->sample) {
        printf("SAMPLE DATA: these authorities are examples and prove nothing.\n");
    }
    printf("Root of %zu state%s:", root->authority_count, root->authority_count == 1 ? "" : "s");
    for (size_t i = 0; i < root->authority_count; i++) {
        printf(" %.2s", (const char *)root->authority[i].state.ptr);
    }
    printf("\nFingerprint:\n");
    fingerprint_print(stdout, root_id);
}

static int install(const struct trust_options *o, struct span file,
                   const uint8_t root_id[TRUST_DIGEST_SIZE])
{
    struct trust_store *store = NULL;
    struct trust_clock_input clock = trust_clock_now();
    int status = trust_open(&o->settings, DB_CREATE, &store);
    if (status != 0) {
        return status;
    }
    struct trust_refusal refusal = trust_update_init(store, file, root_id, &clock);
    if (refusal.error != TRUST_UPDATE_OK) {
        status = trust_refused(o->root, &refusal, &o->settings, store);
    } else {
        printf("%s: the root is installed. Next: saksi trust import FILE.bundle\n", o->settings.db);
        status = mark_raise(&o->settings, store, NULL);
    }
    trust_store_close(store);
    return status;
}

static int init_from(const struct trust_options *o, struct span file, struct trust_root *root)
{
    uint8_t root_id[TRUST_DIGEST_SIZE];
    struct trust_refusal refusal = {.error = trust_root_open(file, root, root_id)};
    if (refusal.error == TRUST_UPDATE_OK && root->sample && !o->settings.sample) {
        refusal.error = TRUST_UPDATE_SAMPLE;
    }
    if (refusal.error != TRUST_UPDATE_OK) {
        return trust_refused(o->root, &refusal, &o->settings, NULL);
    }
    show_root(root, root_id);
    int status = confirm(o, root_id);
    return status == 0 ? install(o, file, root_id) : status;
}

int trust_init(struct trust_options *o, int count, char **names)
{
    uint8_t *file = NULL;
    size_t len = 0;
    (void)names;
    if (o->root == NULL || count != 0) {
        terminal_error("trust", "init: name the root file: --root FILE");
        return EXIT_USAGE;
    }
    enum file_error error = file_read(o->root, TRUST_MAX_DOC_BYTES, &file, &len);
    if (error != FILE_OK) {
        return trust_file_failed(o->root, error);
    }
    struct trust_root *root = malloc(sizeof *root);
    int status = EXIT_INTERNAL;
    if (root != NULL) {
        status = init_from(o, span_of(file, len), root);
    }
    free(root);
    free(file);
    return status;
}
