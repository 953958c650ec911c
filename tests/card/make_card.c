/* SPDX-License-Identifier: Apache-2.0
 *
 * Makes a card in a file, as libsaksi-ifd.so puts it into a reader, from the factory to a holder's
 * hand: through SCP03 with the factory's keys, which such a card has because it keeps no secret.
 */
#include <getopt.h>
#include <stdio.h>

#include "base/crypto_sign.h"
#include "base/file.h"
#include "card_host.h"
#include "codec/cose.h"
#include "codec/credential.h"
#include "codec/qr_text.h"
#include "devices/card_keys.h"
#include "devices/card_piv_manage.h"
#include "piv_host.h"
#include "port/ifd/ifd_flash.h"
#include "wire/card_sample.h"

static const char help[] =
    "Usage: make_card FLASH [OPTION]... CERTIFICATE.cose...\n"
    "Make a SAMPLE card in the new file FLASH, for tools/virtual-card --card FLASH.\n"
    "\n"
    "  --sign KEY     bind the certificates to this card: cnf and photo_digest are\n"
    "                 set, and the issuer's key signs them again; without it they are\n"
    "                 stored as they are\n"
    "  --photo FILE   the photo, of at most 16,384 bytes\n"
    "  --out FILE     write the first certificate, as stored, here too\n"
    "  --without-key  make no key pair; such a card stays blank\n"
    "  --unlocked     stop before the card is locked: it stays personalised\n"
    "  --piv FILE     give the PIV application PIN 123456, PUK 87654321 and a\n"
    "                 management key, which goes to FILE as piv-tool reads it; such a\n"
    "                 card may be without certificates and is not locked, so that\n"
    "                 other programs can write to it\n"
    "  --aes BITS     of the management key: 128, 192 (as it is without this) or 256\n"
    "  --ndef FILE    the NDEF message\n"
    "  --as-piv       for readers of PIV cards alone: the certificate is in the PIV\n"
    "                 application, bound to key 9E; PIN 123456, PUK 87654321, the\n"
    "                 management key of tests/unit/piv_host.h\n"
    "  --as-tag       for readers of NDEF tags alone: the message is the\n"
    "                 certificate's code\n"
    "  --master FILE  the issuer's master key for cards, in hexadecimal digits;\n"
    "                 without it the SAMPLE one (include/wire/card_sample.h)\n"
    "  --help\n";

static struct ifd_flash flash;
static struct card_host host;

static struct {
    const char *flash, *sign, *photo, *out, *master, *piv, *ndef;
    unsigned aes_bits;
    bool without_key, unlocked, as_piv, as_tag;
    struct crypto_private_key *key;
    uint8_t thumbprint[32], photo_digest[32];
} o = {.aes_bits = 192};

static void die(const char *what, const char *why)
{
    fprintf(stderr, "make_card: %s: %s\n", what, why);
    exit(1);
}

static struct span read_file(const char *path, size_t most)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    enum file_error error = file_read(path, most, &bytes, &len);
    if (error == FILE_TOO_LARGE) {
        char why[64];
        (void)snprintf(why, sizeof why, "is larger than the %zu bytes that a card takes", most);
        die(path, why);
    }
    if (error != FILE_OK) {
        die(path, file_error_text(error));
    }
    return span_of(bytes, len); /* as long as the program */
}

/* RFC 9679. */
static void take_key(struct span point)
{
    const struct span part[] = {span_of("\xA4\x01\x02\x20\x01\x21\x58\x20", 8),
                                span_of(point.ptr + 1, 32), span_of("\x22\x58\x20", 3),
                                span_of(point.ptr + 33, 32)};
    assert_int_equal(crypto_sha256(part, 4, o.thumbprint), CRYPTO_OK);
}

/* The certificate again, for this card. */
static struct span bind(struct span document, uint8_t *room)
{
    struct cose_sign1 cose;
    struct credential claims;
    static uint8_t payload[CREDENTIAL_MAX_BYTES], message[CREDENTIAL_MAX_BYTES + 64];
    uint8_t signature[CRYPTO_SIGNATURE_SIZE];
    if (cose_sign1_decode(document, COSE_TYP_CREDENTIAL, &cose) != COSE_OK ||
        credential_decode(cose.payload, &claims).error != CREDENTIAL_OK) {
        die("the file", "is no certificate");
    }
    credential_set_text(&claims, SAKSI_CLAIM_CNF, span_of(o.thumbprint, 32));
    if (o.photo != NULL) {
        credential_set_text(&claims, SAKSI_CLAIM_PHOTO_DIGEST, span_of(o.photo_digest, 32));
    }
    struct writer w = writer_of(payload, sizeof payload);
    assert_int_equal(credential_encode(&claims, &w).error, CREDENTIAL_OK);
    cose.payload = writer_span(&w);
    w = writer_of(message, sizeof message);
    cose_sign1_to_be_signed(&w, &cose);
    if (crypto_sign(o.key, writer_span(&w), signature) != CRYPTO_OK) {
        die(o.sign, "does not sign");
    }
    cose.signature = span_of(signature, sizeof signature);
    w = writer_of(room, CREDENTIAL_MAX_BYTES);
    cose_write_sign1(&w, &cose);
    assert_true(writer_ok(&w));
    return writer_span(&w);
}

static void write_out(struct span document)
{
    if (o.out != NULL && file_write_atomic(o.out, document, 0600) != FILE_OK) {
        die(o.out, "cannot be written");
    }
}

static void store(unsigned at, const char *path)
{
    static uint8_t room[CREDENTIAL_MAX_BYTES];
    struct span document = read_file(path, CARD_APP_MAX_CREDENTIAL);
    if (o.key != NULL) {
        document = bind(document, room);
    }
    assert_int_equal(host_store(&host, (uint16_t)(CARD_APP_CREDENTIAL + at), document, 240), SW_OK);
    if (at == 0) {
        write_out(document);
    }
}

static void store_photo(void)
{
    if (o.photo != NULL) {
        struct span photo = read_file(o.photo, CARD_APP_MAX_PHOTO);
        assert_int_equal(crypto_sha256(&photo, 1, o.photo_digest), CRYPTO_OK);
        assert_int_equal(host_store(&host, CARD_APP_PHOTO, photo, 1024), SW_OK);
    }
}

static void store_ndef(void)
{
    if (o.ndef != NULL) {
        struct span message = read_file(o.ndef, CARD_APP_MAX_NDEF);
        assert_int_equal(host_store(&host, CARD_APP_NDEF, message, 1024), SW_OK);
    }
}

static void write_management_key(struct span key)
{
    char text[3 * sizeof piv_host_key];
    for (size_t i = 0; i < key.len; i++) {
        (void)snprintf(text + 3 * i, 4, "%02X:", key.ptr[i]);
    }
    if (file_write_atomic(o.piv, span_of(text, 3 * key.len - 1), 0600) != FILE_OK) {
        die(o.piv, "cannot be written");
    }
}

static void give_secrets(void)
{
    uint8_t key[1 + sizeof piv_host_key];
    size_t bytes = o.aes_bits / 8;
    key[0] = bytes == 16 ? CARD_PIV_AES_128 : bytes == 24 ? CARD_PIV_AES_192 : CARD_PIV_AES_256;
    memcpy(key + 1, piv_host_key, bytes);
    piv_host_personalise(&host);
    assert_int_equal(piv_host_put(&host, CARD_PIV_KEY_9B, span_of(key, 1 + bytes)), SW_OK);
    write_management_key(span_of(piv_host_key, bytes));
}

static unsigned aes_bits(const char *text)
{
    unsigned long bits = strtoul(text, NULL, 10);
    if (bits != 128 && bits != 192 && bits != 256) {
        die(text, "is no length of a key of AES");
    }
    return (unsigned)bits;
}

/* Each step has a session of its own: others select PIV, which ends the one before. */
static void open_again(void)
{
    host_select(&host);
    if (host_challenge(&host) != SW_OK) {
        die(o.flash, "is a card that was made before; name a file that is not there");
    }
    assert_int_equal(host_authenticate(&host, SCP03_LEVEL_C_MAC), SW_OK);
}

static enum card_io_error transmit(void *ctx, struct span command, uint8_t *response, size_t cap,
                                   size_t *ret_len)
{
    uint8_t room[CARD_MAX_RESPONSE];
    struct card_host *at = ctx;
    size_t len = card_transmit(&at->card, command, room);
    assert_true(len <= cap);
    memcpy(response, room, len);
    *ret_len = len;
    return CARD_IO_OK;
}

/* As an issuer's station does it, but for the secrets, which come through SCP03. */
static void make_piv(const char *path)
{
    static uint8_t room[CREDENTIAL_MAX_BYTES];
    const struct card_io io = {.transmit = transmit, .ctx = &host};
    struct card_piv piv;
    struct card_piv_management key = {.algorithm = CARD_PIV_AES_192, .len = PIV_HOST_KEY_BYTES};
    uint8_t point[CARD_APP_PUBLIC_KEY_BYTES];
    enum card_io_error error;
    memcpy(key.key, piv_host_key, PIV_HOST_KEY_BYTES);
    piv_host_personalise(&host);
    assert_int_equal(card_piv_open(&piv, &io), CARD_IO_OK);
    assert_int_equal(card_piv_authenticate(&piv, &key, &error), CARD_PIV_OK);
    assert_int_equal(card_piv_generate(&piv, point, &error), CARD_PIV_OK);
    take_key(span_of(point, sizeof point));
    struct span document = read_file(path, CARD_APP_MAX_CREDENTIAL);
    if (o.key != NULL) {
        document = bind(document, room);
    }
    assert_int_equal(card_piv_put_credential(&piv, document, &error), CARD_PIV_OK);
    assert_int_equal(card_piv_put_certificate(&piv, point, &error), CARD_PIV_OK);
    write_out(document);
}

/* One record of type "T", as WIRE.md has it. */
static void make_tag(const char *path)
{
    static uint8_t text[QR_TEXT_MAX], room[CARD_APP_MAX_NDEF];
    struct writer code = writer_of(text, sizeof text);
    struct writer w = writer_of(room, sizeof room);
    if (qr_text_encode(read_file(path, CARD_APP_MAX_CREDENTIAL), &code) != QR_TEXT_OK) {
        die(path, "fits no code");
    }
    writer_be(&w, 0xC101, 2);
    writer_be(&w, 3 + code.len, 4);
    writer_put(&w, span_str("T\x02"
                            "en"));
    writer_put(&w, writer_span(&code));
    open_again();
    assert_int_equal(host_store(&host, CARD_APP_NDEF, writer_span(&w), 240), SW_OK);
}

/* The issuer's keys for this card (WIRE.md, "Keys of a card"). */
static void put_keys(void)
{
    struct card_key_master master = {.len = CARD_SAMPLE_MASTER_BYTES};
    struct card_key_set set;
    memcpy(master.bytes, CARD_SAMPLE_ISSUER_MASTER, CARD_SAMPLE_MASTER_BYTES);
    if (o.master != NULL) {
        enum card_key_error error = card_key_master_read(o.master, &master);
        if (error != CARD_KEY_OK) {
            die(o.master, card_key_error_text(error));
        }
    }
    assert_true(card_keys_derive(&master, host.native.serial, CARD_SAMPLE_KEY_VERSION, &set));
    struct card_keys keys = {.version = set.version, .key_bytes = set.len};
    memcpy(keys.enc, set.enc, set.len);
    memcpy(keys.mac, set.mac, set.len);
    memcpy(keys.dek, set.dek, set.len);
    assert_int_equal(host_put_these_keys(&host, &keys), SW_OK);
}

/* The state is that of all applications, so a card with a certificate in any is locked. */
static void finish(void)
{
    open_again();
    put_keys();
    assert_int_equal(host_set_status(&host, CARD_PERSONALISED), SW_OK);
    if (!o.unlocked && o.piv == NULL) {
        assert_int_equal(host_set_status(&host, CARD_LOCKED), SW_OK);
    }
}

/* With a key pair in the credential application, as every finished card has one. */
static void make_other(const char *path)
{
    open_again();
    assert_int_equal(host_generate(&host), SW_OK);
    if (o.as_piv) {
        make_piv(path);
    } else {
        make_tag(path);
    }
    finish();
}

static void make_card(char **paths, int count)
{
    open_again();
    if (!o.without_key) {
        assert_int_equal(host_generate(&host), SW_OK); /* 7F49 43 86 41 point */
        take_key(span_of(host.data.ptr + host.data.len - 65, 65));
    }
    store_photo();
    store_ndef();
    for (int i = 0; i < count; i++) {
        open_again();
        store((unsigned)i, paths[i]);
    }
    if (o.piv != NULL) {
        give_secrets();
    }
    if (!o.without_key) {
        finish();
    }
}

static void take_options(int argc, char **argv)
{
    static const struct option options[] = {{"sign", required_argument, NULL, 's'},
                                            {"photo", required_argument, NULL, 'p'},
                                            {"out", required_argument, NULL, 'o'},
                                            {"without-key", no_argument, NULL, 'w'},
                                            {"unlocked", no_argument, NULL, 'u'},
                                            {"piv", required_argument, NULL, 'v'},
                                            {"aes", required_argument, NULL, 'a'},
                                            {"ndef", required_argument, NULL, 'n'},
                                            {"as-piv", no_argument, NULL, 'V'},
                                            {"as-tag", no_argument, NULL, 't'},
                                            {"master", required_argument, NULL, 'm'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 's':
            o.sign = optarg;
            break;
        case 'p':
            o.photo = optarg;
            break;
        case 'o':
            o.out = optarg;
            break;
        case 'm':
            o.master = optarg;
            break;
        case 'w':
            o.without_key = true;
            break;
        case 'u':
            o.unlocked = true;
            break;
        case 'v':
            o.piv = optarg;
            break;
        case 'a':
            o.aes_bits = aes_bits(optarg);
            break;
        case 'n':
            o.ndef = optarg;
            break;
        case 'V':
            o.as_piv = true;
            break;
        case 't':
            o.as_tag = true;
            break;
        case 'h':
            (void)fputs(help, stdout);
            exit(0);
        default:
            exit(64);
        }
    }
    bool needs_one = o.piv == NULL || o.as_piv || o.as_tag;
    if (optind + (needs_one ? 1 : 0) >= argc) {
        (void)fputs(help, stderr);
        exit(64);
    }
    o.flash = argv[optind];
}

int main(int argc, char **argv)
{
    take_options(argc, argv);
    if (!ifd_flash_open(&flash, o.flash)) {
        die(o.flash, "is no card, or cannot be written");
    }
    host_make(&host, flash.seed);
    native_copy(&host.native, &flash.native);
    host.native.random_is_real = true;
    host_restart(&host);
    if (o.sign != NULL && crypto_private_key_read(o.sign, NULL, &o.key) != CRYPTO_FILE_OK) {
        die(o.sign, "cannot be read");
    }
    if (o.as_piv || o.as_tag) {
        make_other(argv[optind + 1]);
    } else {
        make_card(argv + optind + 1, argc - optind - 1);
    }
    native_copy(&flash.native, &host.native);
    if (!ifd_flash_save(&flash)) {
        die(o.flash, "cannot be written");
    }
    crypto_private_key_free(o.key);
    return 0;
}
