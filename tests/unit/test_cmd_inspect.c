/* SPDX-License-Identifier: Apache-2.0
 *
 * The command as scripts see it: exit statuses and what stands on its two outputs. */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "cli/command.h"

/* RFC 9052 §C.2.1 */
#define MESSAGE                                                                                    \
    "d28443a10126a10442313154546869732069732074686520636f6e74656e742e5840"                         \
    "8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e"                             \
    "2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36"

/* The same, in base45. */
static const char text[] = "HC1:"
                           "RRQXO8O600GKPG8SA68UA+EDH44.OEAWEDZCUPCG/D1$C.UE27B 1II*7.RK%P3-KB$KBG"
                           "U6MOD-:QVBUR11M%0UQQYIIBJUN92LJ5$OKANLTLS-CNL%R9:TQE4WS8$-FULU%K7B+2E$"
                           "K1$82VP";

/* Its key, as SubjectPublicKeyInfo. */
#define KEY                                                                                        \
    "3059301306072a8648ce3d020106082a8648ce3d03010703420004"                                       \
    "bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff"                             \
    "20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e"

/* Another one: the generator. */
#define OTHER_KEY                                                                                  \
    "3059301306072a8648ce3d020106082a8648ce3d03010703420004"                                       \
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"                             \
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"

static char folder[] = "/tmp/saksi_inspect_XXXXXX";

static const char *const files[] = {"message",  "text",   "key",    "other",
                                    "text_key", "output", "escape", "bad"};

static void in_folder(const char *name, char path[64])
{
    assert_true(snprintf(path, 64, "%s/%s", folder, name) < 64);
}

static void write_bytes(const char *name, struct span bytes)
{
    char path[64];
    in_folder(name, path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
}

static void write_hex(const char *name, const char *hex)
{
    uint8_t room[256];
    write_bytes(name, check_hex(hex, room, sizeof room));
}

static int make_files(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    write_hex("message", MESSAGE);
    write_hex("key", KEY);
    write_hex("other", OTHER_KEY);
    write_bytes("text", span_str(text));
    write_bytes("text_key", span_str("not a key"));
    write_bytes("bad", span_str("HC1:lower case"));
    write_hex("escape", "d28440a0456463321b5b4107"); /* a payload that clears the screen */
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        char path[64];
        in_folder(files[i], path);
        (void)unlink(path);
    }
    return rmdir(folder);
}

/* In a child, as main() would: the files are found in the folder, standard input is `input`. */
static void be_child(const char *input, char **argv, int argc)
{
    int in = open(input, O_RDONLY);
    int out = open("output", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0) {
        _exit(99);
    }
    optind = 1;
    int status = cmd_inspect(argc, argv);
    (void)fflush(stdout);
    _exit(status);
}

/* Runs `saksi inspect ARGUMENTS` and returns its exit status; `output` gets both outputs. */
static int run(const char *const argument[], char output[4096])
{
    char *argv[10] = {(char *)(uintptr_t) "inspect"};
    int argc = 1;
    int status = 0;
    for (; argument[argc - 1] != NULL; argc++) {
        argv[argc] = (char *)(uintptr_t)argument[argc - 1];
    }
    (void)fflush(stdout);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (chdir(folder) == 0) {
            be_child("text", argv, argc);
        }
        _exit(98);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    char path[64];
    in_folder("output", path);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    output[fread(output, 1, 4095, file)] = '\0';
    assert_int_equal(fclose(file), 0);
    return WEXITSTATUS(status);
}

static void exit_statuses(void **state)
{
    (void)state;
    static const struct {
        const char *argument[8];
        int status;
        const char *says;
    } row[] = {
        {{"--key", "key", "message"}, 0, "GOOD under the key given"},
        {{"--key", "key", "text"}, 0, "GOOD under the key given"},
        {{"--key", "key", "-"}, 0, "GOOD under the key given"},
        {{"--key", "key", "--text", text}, 0, "GOOD under the key given"},
        {{"--key", "key", "--prefix", "HC1", "text"}, 0, "GOOD under the key given"},
        {{"--key", "key", "--external", "", "text"}, 0, "GOOD under the key given"},
        {{"--key", "key", "--external", "00fF", "text"}, 1, "BAD under the key given"},
        {{"--key", "other", "text"}, 1, "BAD under the key given"},
        {{"text"}, 2, "not checked: no key was given"},
        {{"--key", "key", "escape"}, 2, "not checked: no algorithm known here"},
        {{"--prefix", "CC1", "text"}, 65, "does not begin with the prefix"},
        {{"bad"}, 65, "it is not base45"},
        {{"--key", "text_key", "text"}, 65, "neither a public key nor a certificate"},
        {{"--key", "missing", "text"}, 74, "missing: "},
        {{"missing"}, 74, "missing: "},
        {{NULL}, 64, "--help"},
        {{"text", "text"}, 64, "--help"},
        {{"--text", text, "text"}, 64, "--help"},
        {{"--nonsense", "text"}, 64, "--help"},
        {{"--key"}, 64, "--help"},
        {{"--prefix", "A", "text"}, 64, "--help"},
        {{"--prefix", "ABCDEFGHI", "text"}, 64, "--help"},
        {{"--external", "0", "text"}, 64, "--help"},
        {{"--external", "0g", "text"}, 64, "--help"},
        {{"--help"}, 0, "Exit status: 0 the signature is good"},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        char output[4096];
        int status = run(row[i].argument, output);
        if (status != row[i].status || strstr(output, row[i].says) == NULL) {
            fail_msg("row %zu: status %d: %s", i, status, output);
        }
    }
}

static void only_visible_characters_come_out(void **state)
{
    (void)state;
    char output[4096];
    static const char *const argument[] = {"escape", NULL};
    assert_int_equal(run(argument, output), EXIT_ANY_CHECK);
    assert_null(strchr(output, 0x1b));
    assert_non_null(strstr(output, "\"c2\\u001b[\""));
}

static void says_that_it_proves_nothing_about_trust(void **state)
{
    (void)state;
    char output[4096];
    static const char *const argument[] = {"--key", "key", "text", NULL};
    assert_int_equal(run(argument, output), EXIT_ALL_VALID);
    assert_non_null(strstr(output, "whether to trust them"));
    assert_non_null(strstr(output, "algorithm:  ES256 (protected)\n"));
    assert_non_null(strstr(output, "kid:        3131 (not protected)\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exit_statuses),
        cmocka_unit_test(only_visible_characters_come_out),
        cmocka_unit_test(says_that_it_proves_nothing_about_trust),
    };
    return cmocka_run_group_tests_name("cmd_inspect", tests, make_files, remove_files);
}
