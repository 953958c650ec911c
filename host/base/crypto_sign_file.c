/* SPDX-License-Identifier: Apache-2.0
 *
 * Private keys in PKCS#8 PEM files (RFC 5958, RFC 7468 §10 and §11): opened without following
 * links, kept from everyone but their owner, never overwritten. Knows no other format.
 */
#include "base/crypto_sign_key.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "base/crypto_point.h"

#define KEY_FILE_MAX 8192

/* RFC 7914: 16 MiB, about a quarter of a second. */
#define SCRYPT_N         16384
#define SCRYPT_R         8
#define SCRYPT_P         5
#define SCRYPT_SALT_SIZE 16
#define AES_IV_SIZE      16

static enum crypto_file_error open_for_reading(const char *path, int *ret_fd)
{
    struct stat st;
    /* O_NONBLOCK: a FIFO in the key's place must not hang the program. */
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0) {
        return errno == ELOOP ? CRYPTO_FILE_PERMISSIONS : CRYPTO_FILE_MISSING;
    }
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        (void)close(fd);
        return CRYPTO_FILE_PERMISSIONS;
    }
    *ret_fd = fd;
    return CRYPTO_FILE_OK;
}

static enum crypto_file_error read_whole(const char *path, uint8_t buffer[KEY_FILE_MAX],
                                         size_t *ret_len)
{
    int fd = -1;
    size_t len = 0;
    ssize_t got = 1;
    enum crypto_file_error error = open_for_reading(path, &fd);
    if (error != CRYPTO_FILE_OK) {
        return error;
    }
    while (got != 0 && len < KEY_FILE_MAX) {
        got = read(fd, buffer + len, KEY_FILE_MAX - len);
        if (got < 0 && errno != EINTR) {
            break;
        }
        len += got > 0 ? (size_t)got : 0;
    }
    (void)close(fd);
    if (got != 0) {
        return got < 0 ? CRYPTO_FILE_MISSING : CRYPTO_FILE_FORMAT; /* not readable, or too large */
    }
    *ret_len = len;
    return CRYPTO_FILE_OK;
}

/* EncryptedPrivateKeyInfo (RFC 5958 §3) → PrivateKeyInfo. */
static enum crypto_file_error decrypt(struct span der, const char *password,
                                      PKCS8_PRIV_KEY_INFO **ret_info)
{
    const unsigned char *at = der.ptr;
    X509_SIG *sealed = d2i_X509_SIG(NULL, &at, (long)der.len);
    enum crypto_file_error error = CRYPTO_FILE_FORMAT;

    if (sealed != NULL && at == der.ptr + der.len) {
        error = CRYPTO_FILE_PASSWORD;
        if (password != NULL && strlen(password) <= INT_MAX) {
            *ret_info = PKCS8_decrypt_ex(sealed, password, (int)strlen(password),
                                         crypto_library()->context, NULL);
            error = *ret_info != NULL ? CRYPTO_FILE_OK : CRYPTO_FILE_PASSWORD;
        }
    }
    X509_SIG_free(sealed);
    return error;
}

/* PrivateKeyInfo (RFC 5958 §2). */
static enum crypto_file_error parse_plain(struct span der, PKCS8_PRIV_KEY_INFO **ret_info)
{
    const unsigned char *at = der.ptr;
    *ret_info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long)der.len);
    return *ret_info != NULL && at == der.ptr + der.len ? CRYPTO_FILE_OK : CRYPTO_FILE_FORMAT;
}

/* A file may carry a public key beside the private one; when they do not belong together the key
 * would sign what nobody can verify. */
static bool halves_match(EVP_PKEY *pkey)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(crypto_library()->context, pkey, NULL);
    bool ok = ctx != NULL && EVP_PKEY_pairwise_check(ctx) == 1;
    EVP_PKEY_CTX_free(ctx);
    return ok;
}

static enum crypto_file_error key_of_info(const PKCS8_PRIV_KEY_INFO *info,
                                          struct crypto_private_key **ret_key)
{
    EVP_PKEY *pkey = EVP_PKCS82PKEY_ex(info, crypto_library()->context, NULL);
    if (pkey == NULL) {
        return CRYPTO_FILE_FORMAT;
    }
    if (!halves_match(pkey)) {
        EVP_PKEY_free(pkey);
        return CRYPTO_FILE_FORMAT;
    }
    enum crypto_error error = crypto_private_key_wrap(pkey, ret_key);
    return error == CRYPTO_OK       ? CRYPTO_FILE_OK
           : error == CRYPTO_SYSTEM ? CRYPTO_FILE_SYSTEM
                                    : CRYPTO_FILE_FORMAT;
}

static enum crypto_file_error key_of_pem(struct span pem, const char *password,
                                         struct crypto_private_key **ret_key)
{
    enum crypto_file_error error = CRYPTO_FILE_FORMAT;
    PKCS8_PRIV_KEY_INFO *info = NULL;
    char *label = NULL;
    char *header = NULL;
    unsigned char *der = NULL;
    long der_len = 0;
    BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);

    if (bio == NULL) {
        return CRYPTO_FILE_SYSTEM;
    }
    if (PEM_read_bio(bio, &label, &header, &der, &der_len) != 1) {
        goto out;
    }
    struct span bytes = span_of(der, (size_t)der_len);
    if (strcmp(label, PEM_STRING_PKCS8) == 0) {
        error = decrypt(bytes, password, &info);
    } else if (strcmp(label, PEM_STRING_PKCS8INF) == 0) {
        error = parse_plain(bytes, &info);
    }
    if (error == CRYPTO_FILE_OK) {
        error = key_of_info(info, ret_key);
    }
out:
    PKCS8_PRIV_KEY_INFO_free(info); /* wipes the key inside */
    OPENSSL_clear_free(der, (size_t)der_len);
    OPENSSL_free(header);
    OPENSSL_free(label);
    BIO_free(bio);
    return error;
}

enum crypto_file_error crypto_private_key_read(const char *path, const char *password,
                                               struct crypto_private_key **ret_key)
{
    uint8_t buffer[KEY_FILE_MAX];
    size_t len = 0;

    if (crypto_library() == NULL) {
        return CRYPTO_FILE_SYSTEM;
    }
    enum crypto_file_error error = read_whole(path, buffer, &len);
    if (error == CRYPTO_FILE_OK) {
        ERR_set_mark(); /* a wrong password is our answer, not an error left for somebody else */
        error = key_of_pem(span_of(buffer, len), password, ret_key);
        ERR_pop_to_mark();
    }
    crypto_wipe(buffer, sizeof buffer);
    return error;
}

/* PBES2 with scrypt and AES-256-CBC (RFC 8018 §6.2, RFC 7914 §7). */
static X509_SIG *encrypt(PKCS8_PRIV_KEY_INFO *info, const char *password)
{
    OSSL_LIB_CTX *context = crypto_library()->context;
    uint8_t salt[SCRYPT_SALT_SIZE];
    uint8_t iv[AES_IV_SIZE];
    X509_SIG *sealed = NULL;
    X509_ALGOR *pbe = NULL;
    EVP_CIPHER *aes = EVP_CIPHER_fetch(context, "AES-256-CBC", NULL);

    if (aes != NULL && strlen(password) <= INT_MAX &&
        crypto_random(salt, sizeof salt) == CRYPTO_OK &&
        crypto_random(iv, sizeof iv) == CRYPTO_OK) {
        pbe = PKCS5_pbe2_set_scrypt(aes, salt, sizeof salt, iv, SCRYPT_N, SCRYPT_R, SCRYPT_P);
    }
    if (pbe != NULL) {
        sealed = PKCS8_set0_pbe_ex(password, (int)strlen(password), info, pbe, context, NULL);
        pbe = sealed != NULL ? NULL : pbe; /* taken over on success only */
    }
    X509_ALGOR_free(pbe);
    EVP_CIPHER_free(aes);
    return sealed;
}

/* The PEM text in a memory BIO (which wipes itself when freed), or NULL. */
static BIO *pem_of_key(const struct crypto_private_key *key, const char *password)
{
    bool ok = false;
    X509_SIG *sealed = NULL;
    BIO *bio = BIO_new(BIO_s_mem());
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(crypto_private_key_pkey(key));

    if (bio != NULL && info != NULL && password == NULL) {
        ok = PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio, info) == 1;
    } else if (bio != NULL && info != NULL) {
        sealed = encrypt(info, password);
        ok = sealed != NULL && PEM_write_bio_PKCS8(bio, sealed) == 1;
    }
    X509_SIG_free(sealed);
    PKCS8_PRIV_KEY_INFO_free(info);
    if (!ok) {
        BIO_free(bio);
        return NULL;
    }
    return bio;
}

static bool write_all(int fd, struct span bytes)
{
    while (bytes.len != 0) {
        ssize_t put = write(fd, bytes.ptr, bytes.len);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        if (put > 0) {
            bytes = span_of(bytes.ptr + put, bytes.len - (size_t)put);
        }
    }
    return true;
}

/* A new name lasts only once its folder is on disk too. */
static bool sync_folder_of(const char *path)
{
    char folder[PATH_MAX] = ".";
    const char *slash = strrchr(path, '/');

    if (slash != NULL) {
        size_t len = slash == path ? 1 : (size_t)(slash - path);
        if (len >= sizeof folder) {
            return false;
        }
        memcpy(folder, path, len);
        folder[len] = '\0';
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    bool ok = fsync(fd) == 0;
    (void)close(fd);
    return ok;
}

static enum crypto_file_error write_new(const char *path, struct span bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) {
        return errno == EEXIST ? CRYPTO_FILE_EXISTS : CRYPTO_FILE_IO;
    }
    bool ok = write_all(fd, bytes) && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    ok = ok && sync_folder_of(path);
    if (!ok) {
        (void)unlink(path); /* half a key is worse than none */
        return CRYPTO_FILE_IO;
    }
    return CRYPTO_FILE_OK;
}

enum crypto_file_error crypto_private_key_write(const struct crypto_private_key *key,
                                                const char *path, const char *password)
{
    char *text = NULL;

    if (crypto_library() == NULL) {
        return CRYPTO_FILE_SYSTEM;
    }
    if (crypto_private_key_pkey(key) == NULL) {
        return CRYPTO_FILE_FORMAT;
    }
    BIO *bio = pem_of_key(key, password);
    if (bio == NULL) {
        return CRYPTO_FILE_SYSTEM;
    }
    long len = BIO_get_mem_data(bio, &text);
    enum crypto_file_error error = write_new(path, span_of(text, (size_t)len));
    BIO_free(bio);
    return error;
}
