/* SPDX-License-Identifier: Apache-2.0
 *
 * From the factory to a holder's hand.
 */
#include "piv_line.h"

#include "codec/credential.h"

struct card_piv_management piv_line_key(void)
{
    struct card_piv_management key = {.algorithm = CARD_PIV_AES_192, .len = PIV_HOST_KEY_BYTES};
    memcpy(key.key, piv_host_key, key.len);
    return key;
}

void piv_line_open(struct card_host *host, struct card_line *line, struct card_piv *piv)
{
    const struct card_piv_management key = piv_line_key();
    enum card_io_error error;
    host_restart(host);
    *line = (struct card_line){.host = host};
    struct card_io io = card_line_io(line);
    assert_int_equal(card_piv_open(piv, &io), CARD_IO_OK);
    assert_int_equal(card_piv_authenticate(piv, &key, &error), CARD_PIV_OK);
}

void piv_line_make(struct card_host *host, uint64_t seed, uint8_t thumbprint[32])
{
    uint8_t point[CARD_APP_PUBLIC_KEY_BYTES];
    struct card_line line;
    struct card_piv piv;
    enum card_io_error error;
    host_make(host, seed);
    host->native.random_is_real = true;
    piv_host_personalise(host);
    piv_line_open(host, &line, &piv);
    assert_int_equal(card_piv_generate(&piv, point, &error), CARD_PIV_OK);
    assert_int_equal(card_point_thumbprint(point, thumbprint), CARD_IO_OK);
    host_restart(host);
}

void piv_line_personalise(struct card_host *host, uint64_t seed, const uint8_t *photo_digest)
{
    uint8_t thumbprint[32], room[CREDENTIAL_MAX_BYTES];
    struct card_line line;
    struct card_piv piv;
    enum card_io_error error;
    piv_line_make(host, seed, thumbprint);
    piv_line_open(host, &line, &piv);
    struct span document = card_line_document(0, thumbprint, photo_digest, room);
    assert_int_equal(card_piv_put_credential(&piv, document, &error), CARD_PIV_OK);
    host_restart(host);
}
