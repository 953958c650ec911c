/* SPDX-License-Identifier: Apache-2.0
 *
 * The master keys of an issuer and of a factory: where they are, which are no secret, and new ones.
 */
#include <stdio.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/file.h"
#include "codec/hex.h"
#include "personalise.h"
#include "wire/card_sample.h"

#define ISSUER_FILE    "cards.key"
#define TRANSPORT_FILE "transport.key"
#define SAMPLE_NAME    "the SAMPLE key"

/* --- reading --- */

static void take_sample(struct card_key_master *master, char path[STATION_PATH_MAX],
                        const char *bytes)
{
    master->len = CARD_SAMPLE_MASTER_BYTES;
    memcpy(master->bytes, bytes, CARD_SAMPLE_MASTER_BYTES);
    (void)snprintf(path, STATION_PATH_MAX, "%s", SAMPLE_NAME);
}

static bool is_sample(const struct card_key_master *master)
{
    return master->len == CARD_SAMPLE_MASTER_BYTES &&
           (memcmp(master->bytes, CARD_SAMPLE_TRANSPORT_MASTER, CARD_SAMPLE_MASTER_BYTES) == 0 ||
            memcmp(master->bytes, CARD_SAMPLE_ISSUER_MASTER, CARD_SAMPLE_MASTER_BYTES) == 0);
}

static int read_key(const char *path, bool sample, struct card_key_master *ret_master)
{
    enum card_key_error error = card_key_master_read(path, ret_master);
    if (error != CARD_KEY_OK) {
        return say(STATUS_KEY, "%s: %s", path, card_key_error_text(error));
    }
    if (!sample && is_sample(ret_master)) {
        return say(STATUS_KEY,
                   "%s: is a SAMPLE key, which everyone knows, and this station is real: give "
                   "the key of your own, which \"saksi card keys new\" or the factory made",
                   path);
    }
    return STATUS_OK;
}

static bool name_file(char path[STATION_PATH_MAX], const char *given, const char *folder,
                      const char *name)
{
    int len = given != NULL ? snprintf(path, STATION_PATH_MAX, "%s", given)
                            : snprintf(path, STATION_PATH_MAX, "%s/%s", folder, name);
    return len > 0 && len < STATION_PATH_MAX;
}

static int read_issuer(struct key_ring *ring, const char *given)
{
    if (given == NULL && !file_exists(ring->issuer_path)) {
        if (ring->sample) {
            take_sample(&ring->issuer, ring->issuer_path, CARD_SAMPLE_ISSUER_MASTER);
            return STATUS_OK;
        }
        return say(STATUS_KEY,
                   "%s: there is no such file; copy it from the issuer's other stations, or make "
                   "the issuer's first with \"saksi card keys new %s\"",
                   ring->issuer_path, ring->issuer_path);
    }
    return read_key(ring->issuer_path, ring->sample, &ring->issuer);
}

/* A station that only adds to cards of its own has no factory's key. */
static int read_transport(struct key_ring *ring, const char *given)
{
    if (given == NULL && !file_exists(ring->transport_path)) {
        ring->has_transport = ring->sample;
        if (ring->sample) {
            take_sample(&ring->transport, ring->transport_path, CARD_SAMPLE_TRANSPORT_MASTER);
        }
        return STATUS_OK;
    }
    ring->has_transport = true;
    return read_key(ring->transport_path, ring->sample, &ring->transport);
}

static int read_management(struct key_ring *ring, const struct key_options *options)
{
    const char *path = options->management;
    if (options->issuer != NULL || options->transport != NULL) {
        return say(STATUS_USAGE, "--management-key is for PIV cards, --keys and --transport-keys "
                                 "for cards of ours: give one kind");
    }
    enum card_piv_error error = card_piv_management_read(path, &ring->management);
    ring->management_path = path;
    return error == CARD_PIV_OK ? STATUS_OK
                                : say(STATUS_KEY, "%s: %s", path, card_piv_error_text(error));
}

int key_ring_open(struct key_ring *ring, const struct key_options *options,
                  const struct station *station, const char *folder)
{
    ring->sample = station->sample;
    if (options->management != NULL) {
        return read_management(ring, options);
    }
    if (!name_file(ring->issuer_path, options->issuer, folder, ISSUER_FILE) ||
        !name_file(ring->transport_path, options->transport, folder, TRANSPORT_FILE)) {
        return say(STATUS_USAGE, "the path of a key file is too long");
    }
    int status = read_issuer(ring, options->issuer);
    return status != STATUS_OK ? status : read_transport(ring, options->transport);
}

void key_ring_wipe(struct key_ring *ring)
{
    card_key_master_wipe(&ring->issuer);
    card_key_master_wipe(&ring->transport);
    card_piv_management_wipe(&ring->management);
}

struct chip_keys key_ring_keys(const struct key_ring *ring)
{
    return (struct chip_keys){
        .transport = ring->has_transport ? &ring->transport : NULL,
        .issuer = &ring->issuer,
        .version = ring->sample ? CHIP_KEYS_SAMPLE : CHIP_KEYS,
    };
}

/* --- new ones --- */

static const char help[] =
    "Usage: saksi card keys new FILE\n"
    "Make an issuer's master key for its cards, of 32 random bytes, in a file that\n"
    "only its owner reads. From it come the keys of each card. One issuer has one:\n"
    "copy it to cards.key in the folder of each of its stations, keep a copy in a\n"
    "safe, and never make another over it; without it no card of the issuer can be\n"
    "erased or finished.\n";

static int make_key(const char *path)
{
    uint8_t key[CARD_KEY_MAX];
    char text[HEX_SIZE(CARD_KEY_MAX) + 1];
    if (crypto_random(key, sizeof key) != CRYPTO_OK) {
        return say(STATUS_INTERNAL, "keys: no random bytes are to be had");
    }
    size_t len = strlen(hex_write(span_of(key, sizeof key), text));
    text[len] = '\n';
    enum file_error error = file_write_new(path, span_of(text, len + 1), 0600);
    crypto_wipe(key, sizeof key);
    crypto_wipe(text, sizeof text);
    if (error != FILE_OK) {
        return say(STATUS_CANNOT_CREATE, "%s: %s", path, file_error_text(error));
    }
    (void)printf("%s holds a new master key for cards; keep a copy in a safe\n", path);
    return STATUS_OK;
}

int personalise_keys(int argc, char **argv)
{
    int rest = 0;
    int status = options_parse(argc, argv, "keys", help, NULL, 0, &rest);
    if (status != STATUS_OK) {
        return status;
    }
    if (argc - rest != 2 || strcmp(argv[rest], "new") != 0) {
        return say(STATUS_USAGE, "keys: say \"new\" and one file; see saksi card keys --help");
    }
    return make_key(argv[rest + 1]);
}
