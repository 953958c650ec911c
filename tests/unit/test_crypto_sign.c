/* SPDX-License-Identifier: Apache-2.0
 *
 * Private keys: made, signed with, kept in files, and every way a key file can be wrong. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto_sign.h"
#include "check.h"
#include "codec/cose.h"

static char folder[] = "/tmp/saksi_crypto_sign_XXXXXX";

/* A path in the test's folder; valid until the next call but three. */
static const char *in_folder(const char *name)
{
    static char path[4][128];
    static size_t next;
    char *p = path[next++ % 4];
    assert_true(snprintf(p, sizeof path[0], "%s/%s", folder, name) < (int)sizeof path[0]);
    return p;
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int empty_folder(void **state)
{
    (void)state;
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return 1;
    }
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        (void)unlinkat(dirfd(dir), entry->d_name, 0);
    }
    return closedir(dir);
}

static int remove_folder(void **state)
{
    return empty_folder(state) != 0 || rmdir(folder) != 0;
}

static const int both[] = {COSE_ES256, COSE_EDDSA};

static struct crypto_private_key *key_of(int alg, uint8_t fill)
{
    uint8_t seed[32];
    struct crypto_private_key *key = NULL;
    memset(seed, fill, sizeof seed);
    assert_int_equal(crypto_private_key_from_seed(alg, seed, &key), CRYPTO_OK);
    return key;
}

/* What the key signs, the other half verifies. */
static void check_signs(const struct crypto_private_key *key, int alg)
{
    uint8_t public_key[CRYPTO_MAX_PUBLIC_KEY];
    uint8_t signature[CRYPTO_SIGNATURE_SIZE];
    struct crypto_key *verifier = NULL;
    size_t len = crypto_private_key_public(key, public_key);

    assert_int_equal(crypto_private_key_alg(key), alg);
    assert_int_equal(len, alg == COSE_ES256 ? 33 : 32);
    assert_int_equal(crypto_key_new(alg, span_of(public_key, len), &verifier), CRYPTO_OK);
    for (size_t size = 0; size < 40; size++) {
        uint8_t message[40];
        memset(message, (int)size, sizeof message);
        struct span m = span_of(message, size);
        struct span s = span_of(signature, sizeof signature);
        assert_int_equal(crypto_sign(key, m, signature), CRYPTO_OK);
        assert_int_equal(crypto_verify(verifier, alg, m, s), CRYPTO_OK);
        assert_int_equal(crypto_verify(verifier, alg, span_str("another message"), s),
                         CRYPTO_BAD_SIGNATURE);
    }
    crypto_key_free(verifier);
}

static void assert_same_key(const struct crypto_private_key *a, const struct crypto_private_key *b)
{
    uint8_t public_a[CRYPTO_MAX_PUBLIC_KEY];
    uint8_t public_b[CRYPTO_MAX_PUBLIC_KEY];
    size_t len = crypto_private_key_public(a, public_a);
    assert_int_equal(crypto_private_key_public(b, public_b), len);
    assert_memory_equal(public_a, public_b, len);
}

static void generated_keys_sign(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct crypto_private_key *a = NULL;
        struct crypto_private_key *b = NULL;
        uint8_t public_a[CRYPTO_MAX_PUBLIC_KEY];
        uint8_t public_b[CRYPTO_MAX_PUBLIC_KEY];
        assert_int_equal(crypto_private_key_generate(both[i], &a), CRYPTO_OK);
        assert_int_equal(crypto_private_key_generate(both[i], &b), CRYPTO_OK);
        check_signs(a, both[i]);
        size_t len = crypto_private_key_public(a, public_a);
        assert_int_equal(crypto_private_key_public(b, public_b), len);
        assert_memory_not_equal(public_a, public_b, len);
        crypto_private_key_free(a);
        crypto_private_key_free(b);
    }
    crypto_private_key_free(NULL);
}

static size_t unhex(const char *text, uint8_t *bytes)
{
    return check_hex(text, bytes, strlen(text) / 2).len;
}

/* RFC 6979 §A.2.5 and RFC 8032 §7.1, test 1 */
static void seeds_give_the_published_keys(void **state)
{
    (void)state;
    static const struct {
        int alg;
        const char *seed, *public_key;
    } row[] = {
        {COSE_ES256, "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
         "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"},
        {COSE_EDDSA, "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"},
    };
    for (size_t i = 0; i < 2; i++) {
        uint8_t seed[32];
        uint8_t expected[CRYPTO_MAX_PUBLIC_KEY];
        uint8_t public_key[CRYPTO_MAX_PUBLIC_KEY];
        struct crypto_private_key *key = NULL;
        unhex(row[i].seed, seed);
        size_t len = unhex(row[i].public_key, expected);
        assert_int_equal(crypto_private_key_from_seed(row[i].alg, seed, &key), CRYPTO_OK);
        assert_int_equal(crypto_private_key_public(key, public_key), len);
        assert_memory_equal(public_key, expected, len);
        check_signs(key, row[i].alg);
        crypto_private_key_free(key);
    }
}

/* RFC 8032 §7.1, test 1: Ed25519 is deterministic. */
static void eddsa_gives_the_published_signature(void **state)
{
    (void)state;
    uint8_t seed[32];
    uint8_t expected[CRYPTO_SIGNATURE_SIZE];
    uint8_t signature[CRYPTO_SIGNATURE_SIZE];
    struct crypto_private_key *key = NULL;
    unhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", seed);
    unhex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
          "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
          expected);
    assert_int_equal(crypto_private_key_from_seed(COSE_EDDSA, seed, &key), CRYPTO_OK);
    assert_int_equal(crypto_sign(key, span_of(NULL, 0), signature), CRYPTO_OK);
    assert_memory_equal(signature, expected, sizeof expected);
    crypto_private_key_free(key);
}

static void seeds_out_of_range(void **state)
{
    (void)state;
    uint8_t seed[32] = {0};
    struct crypto_private_key *key = NULL;
    assert_int_equal(crypto_private_key_from_seed(COSE_ES256, seed, &key), CRYPTO_BAD_KEY);
    unhex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", seed); /* n */
    assert_int_equal(crypto_private_key_from_seed(COSE_ES256, seed, &key), CRYPTO_BAD_KEY);
    memset(seed, 0xff, sizeof seed);
    assert_int_equal(crypto_private_key_from_seed(COSE_ES256, seed, &key), CRYPTO_BAD_KEY);
    assert_int_equal(crypto_private_key_from_seed(-35, seed, &key), CRYPTO_UNSUPPORTED);
    assert_int_equal(crypto_private_key_generate(-35, &key), CRYPTO_UNSUPPORTED);
    assert_null(key);
    unhex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550", seed); /* n - 1 */
    assert_int_equal(crypto_private_key_from_seed(COSE_ES256, seed, &key), CRYPTO_OK);
    check_signs(key, COSE_ES256);
    crypto_private_key_free(key);
}

static enum crypto_file_error read_key(const char *name, const char *password)
{
    struct crypto_private_key *key = NULL;
    enum crypto_file_error error = crypto_private_key_read(in_folder(name), password, &key);
    assert_true((error == CRYPTO_FILE_OK) == (key != NULL));
    crypto_private_key_free(key);
    return error;
}

static void files_keep_the_key(void **state)
{
    (void)state;
    static const char *const password[] = {NULL, "", "p",
                                           "kata sandi yang panjang sekali \xc3\xa9"};
    for (size_t i = 0; i < 8; i++) {
        char name[16];
        struct stat st;
        struct crypto_private_key *back = NULL;
        struct crypto_private_key *key = key_of(both[i % 2], (uint8_t)(i + 1));
        const char *word = password[i / 2];
        assert_true(snprintf(name, sizeof name, "key%zu.pem", i) > 0);
        const char *path = in_folder(name);
        assert_int_equal(crypto_private_key_write(key, path, word), CRYPTO_FILE_OK);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        assert_int_equal(crypto_private_key_read(path, word, &back), CRYPTO_FILE_OK);
        assert_same_key(key, back);
        check_signs(back, both[i % 2]);
        crypto_private_key_free(back);
        crypto_private_key_free(key);
    }
}

static void wrong_passwords(void **state)
{
    (void)state;
    struct crypto_private_key *key = key_of(COSE_EDDSA, 7);
    assert_int_equal(crypto_private_key_write(key, in_folder("sealed.pem"), "right"),
                     CRYPTO_FILE_OK);
    assert_int_equal(read_key("sealed.pem", "right"), CRYPTO_FILE_OK);
    assert_int_equal(read_key("sealed.pem", "Right"), CRYPTO_FILE_PASSWORD);
    assert_int_equal(read_key("sealed.pem", "righ"), CRYPTO_FILE_PASSWORD);
    assert_int_equal(read_key("sealed.pem", "right "), CRYPTO_FILE_PASSWORD);
    assert_int_equal(read_key("sealed.pem", ""), CRYPTO_FILE_PASSWORD);
    assert_int_equal(read_key("sealed.pem", NULL), CRYPTO_FILE_PASSWORD);
    crypto_private_key_free(key);
}

static size_t read_text(const char *path, char *text, size_t cap)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t len = fread(text, 1, cap - 1, file);
    text[len] = '\0';
    assert_int_equal(fclose(file), 0);
    return len;
}

/* Neither form gives the key away to somebody who reads over a shoulder: sealed files are sealed.
 */
static void labels_say_what_is_inside(void **state)
{
    (void)state;
    char text[2048];
    struct crypto_private_key *key = key_of(COSE_ES256, 9);
    assert_int_equal(crypto_private_key_write(key, in_folder("open.pem"), NULL), CRYPTO_FILE_OK);
    assert_int_equal(crypto_private_key_write(key, in_folder("sealed.pem"), "x"), CRYPTO_FILE_OK);
    read_text(in_folder("open.pem"), text, sizeof text);
    assert_int_equal(strncmp(text, "-----BEGIN PRIVATE KEY-----\n", 28), 0);
    read_text(in_folder("sealed.pem"), text, sizeof text);
    assert_int_equal(strncmp(text, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n", 38), 0);
    crypto_private_key_free(key);
}

static void never_overwrites(void **state)
{
    (void)state;
    char before[2048];
    char after[2048];
    struct crypto_private_key *a = key_of(COSE_ES256, 1);
    struct crypto_private_key *b = key_of(COSE_ES256, 2);
    assert_int_equal(crypto_private_key_write(a, in_folder("key.pem"), NULL), CRYPTO_FILE_OK);
    read_text(in_folder("key.pem"), before, sizeof before);
    assert_int_equal(crypto_private_key_write(b, in_folder("key.pem"), NULL), CRYPTO_FILE_EXISTS);
    read_text(in_folder("key.pem"), after, sizeof after);
    assert_string_equal(before, after);
    /* Through a link, even one that points nowhere, nothing is written either. */
    assert_int_equal(symlink(in_folder("elsewhere.pem"), in_folder("link.pem")), 0);
    assert_int_equal(crypto_private_key_write(b, in_folder("link.pem"), NULL), CRYPTO_FILE_EXISTS);
    assert_int_equal(access(in_folder("elsewhere.pem"), F_OK), -1);
    assert_int_equal(crypto_private_key_write(b, in_folder("no/such/folder.pem"), NULL),
                     CRYPTO_FILE_IO);
    crypto_private_key_free(a);
    crypto_private_key_free(b);
}

/* A full disk, played by the limit on a file's size: what was begun does not stay. */
static void half_a_key_is_removed(void **state)
{
    (void)state;
    struct rlimit old;
    struct crypto_private_key *key = key_of(COSE_ES256, 4);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    struct rlimit small = {100, old.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum crypto_file_error error = crypto_private_key_write(key, in_folder("key.pem"), NULL);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    (void)signal(SIGXFSZ, handler);
    assert_int_equal(error, CRYPTO_FILE_IO);
    assert_int_equal(access(in_folder("key.pem"), F_OK), -1);
    crypto_private_key_free(key);
}

static void files_of_others_are_refused(void **state)
{
    (void)state;
    struct crypto_private_key *key = key_of(COSE_ES256, 3);
    static const mode_t open_to_others[] = {0640, 0604, 0620, 0602, 0610, 0601, 0644, 0777};
    const char *path = in_folder("key.pem");
    assert_int_equal(crypto_private_key_write(key, path, NULL), CRYPTO_FILE_OK);
    for (size_t i = 0; i < COUNT_OF(open_to_others); i++) {
        assert_int_equal(chmod(path, open_to_others[i]), 0);
        assert_int_equal(read_key("key.pem", NULL), CRYPTO_FILE_PERMISSIONS);
    }
    assert_int_equal(chmod(path, 0400), 0);
    assert_int_equal(read_key("key.pem", NULL), CRYPTO_FILE_OK);
    assert_int_equal(symlink(path, in_folder("link.pem")), 0);
    assert_int_equal(read_key("link.pem", NULL), CRYPTO_FILE_PERMISSIONS);
    assert_int_equal(mkfifo(in_folder("fifo.pem"), 0600), 0);
    assert_int_equal(read_key("fifo.pem", NULL), CRYPTO_FILE_PERMISSIONS);
    assert_int_equal(read_key(".", NULL), CRYPTO_FILE_PERMISSIONS);
    assert_int_equal(read_key("missing.pem", NULL), CRYPTO_FILE_MISSING);
    crypto_private_key_free(key);
}

static enum crypto_file_error read_as_file(const char *text, size_t len, const char *password)
{
    const char *path = in_folder("given.pem");
    (void)unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, len), len);
    assert_int_equal(close(fd), 0);
    return read_key("given.pem", password);
}

static enum crypto_file_error read_as_pem(const char *label, const char *base64)
{
    char text[1024];
    int len = snprintf(text, sizeof text, "-----BEGIN %s-----\n%s\n-----END %s-----\n", label,
                       base64, label);
    assert_true(len > 0 && len < (int)sizeof text);
    return read_as_file(text, (size_t)len, NULL);
}

/* The keys of scalar 1 and of another curve, as other programs write them. */
static void other_formats_are_refused(void **state)
{
    (void)state;
    static const char p256_pkcs8[] =
        "MEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAlAgEBBCAAAAAAAAAAAAAAAAAA\n"
        "AAAAAAAAAAAAAAAAAAAAAAAAAQ==";
    static const char p256_sec1[] =
        "MDECAQEEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABoAoGCCqGSM49\n"
        "AwEH";
    static const char p384_pkcs8[] =
        "ME4CAQAwEAYHKoZIzj0CAQYFK4EEACIENzA1AgEBBDAAAAAAAAAAAAAAAAAAAAAA\n"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";
    static const char x25519_pkcs8[] =
        "MC4CAQAwBQYDK2VuBCIEIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB";

    assert_int_equal(read_as_pem("PRIVATE KEY", p256_pkcs8), CRYPTO_FILE_OK);
    assert_int_equal(read_as_pem("EC PRIVATE KEY", p256_sec1), CRYPTO_FILE_FORMAT);
    assert_int_equal(read_as_pem("PRIVATE KEY", p384_pkcs8), CRYPTO_FILE_FORMAT);
    assert_int_equal(read_as_pem("PRIVATE KEY", x25519_pkcs8), CRYPTO_FILE_FORMAT);
    assert_int_equal(read_as_pem("PRIVATE KEY", p256_sec1), CRYPTO_FILE_FORMAT);
    assert_int_equal(read_as_pem("ENCRYPTED PRIVATE KEY", p256_pkcs8), CRYPTO_FILE_FORMAT);
    assert_int_equal(read_as_pem("PUBLIC KEY", p256_pkcs8), CRYPTO_FILE_FORMAT);
    assert_int_equal(read_as_pem("PRIVATE KEY", "bm90IGEga2V5"), CRYPTO_FILE_FORMAT);
    assert_int_equal(read_as_pem("PRIVATE KEY", "!"), CRYPTO_FILE_FORMAT);
    assert_int_equal(read_as_file("", 0, NULL), CRYPTO_FILE_FORMAT);
    assert_int_equal(read_as_file("hello\n", 6, NULL), CRYPTO_FILE_FORMAT);
    char large[9000];
    memset(large, '\n', sizeof large);
    assert_int_equal(read_as_file(large, sizeof large, NULL), CRYPTO_FILE_FORMAT);
}

/* The keys of scalar 1 and 2, both beside the public key of scalar 1. */
static void halves_that_do_not_match(void **state)
{
    (void)state;
    static const char matching[] =
        "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAAAAAAAAAAAAAAAA\n"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAGhRANCAARrF9Hy4SxCR/i85uVjpEDydwN9gS3r\n"
        "M6D0oTlF2JjClk/jQuL+Gn+bjufrSnwPnhYrzjNXazFezsu2QGg3v1H1";
    static const char mixed[] = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAAAAAAAAAAAAAAAA\n"
                                "AAAAAAAAAAAAAAAAAAAAAAAAAAKhRANCAARrF9Hy4SxCR/i85uVjpEDydwN9gS3r\n"
                                "M6D0oTlF2JjClk/jQuL+Gn+bjufrSnwPnhYrzjNXazFezsu2QGg3v1H1";
    assert_int_equal(read_as_pem("PRIVATE KEY", matching), CRYPTO_FILE_OK);
    assert_int_equal(read_as_pem("PRIVATE KEY", mixed), CRYPTO_FILE_FORMAT);
}

/* Every prefix of a key file is refused or, where only the last line break is missing, the same
 * key. */
static void every_prefix_of_a_file(void **state)
{
    (void)state;
    char text[1024];
    struct crypto_private_key *key = key_of(COSE_EDDSA, 5);
    assert_int_equal(crypto_private_key_write(key, in_folder("key.pem"), NULL), CRYPTO_FILE_OK);
    size_t len = read_text(in_folder("key.pem"), text, sizeof text);
    for (size_t shorter = 0; shorter < len; shorter++) {
        enum crypto_file_error error = read_as_file(text, shorter, NULL);
        assert_int_equal(error, shorter == len - 1 ? CRYPTO_FILE_OK : CRYPTO_FILE_FORMAT);
    }
    crypto_private_key_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generated_keys_sign),
        cmocka_unit_test(seeds_give_the_published_keys),
        cmocka_unit_test(eddsa_gives_the_published_signature),
        cmocka_unit_test(seeds_out_of_range),
        cmocka_unit_test_teardown(files_keep_the_key, empty_folder),
        cmocka_unit_test_teardown(wrong_passwords, empty_folder),
        cmocka_unit_test_teardown(labels_say_what_is_inside, empty_folder),
        cmocka_unit_test_teardown(never_overwrites, empty_folder),
        cmocka_unit_test_teardown(half_a_key_is_removed, empty_folder),
        cmocka_unit_test_teardown(files_of_others_are_refused, empty_folder),
        cmocka_unit_test_teardown(other_formats_are_refused, empty_folder),
        cmocka_unit_test_teardown(halves_that_do_not_match, empty_folder),
        cmocka_unit_test_teardown(every_prefix_of_a_file, empty_folder),
    };
    return cmocka_run_group_tests_name("crypto_sign", tests, make_folder, remove_folder);
}
