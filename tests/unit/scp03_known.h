/* SPDX-License-Identifier: Apache-2.0
 *
 * SCP03 by published values: sessions with cards of another maker, as the pySim project of Osmocom
 * records them (tests/unittests/test_globalplatform.py: SCP03_Test_AES128_11, _AES128_03,
 * _AES256_11, _AES256_03). Those cards have pseudo-random challenges, which changes nothing here.
 */
#ifndef TESTS_SCP03_KNOWN_H
#define TESTS_SCP03_KNOWN_H

#include <stddef.h>
#include <stdint.h>

/* A command in plain, the same as it is sent, and what the session's first one is answered. */
struct scp03_known_command {
    const char *plain, *wrapped;
};

struct scp03_known {
    uint8_t level;
    size_t key_len;
    const char *enc, *mac;
    const char *host_challenge, *card_challenge, *card_cryptogram;
    const char *authenticate; /* EXTERNAL AUTHENTICATE, whole */
    struct scp03_known_command command[5];
    const char *answer; /* to the first, with its MAC where the level has one */
};

#define SCP03_KNOWN_ENC    "000102030405060708090a0b0c0d0e0f"
#define SCP03_KNOWN_MAC    "101112131415161718191a1b1c1d1e1f"
#define SCP03_KNOWN_EID    "80e2910006bf3e035c015a00"
#define SCP03_KNOWN_CASE_1 "80f22002"
#define SCP03_KNOWN_CASE_2 "80ca006600"
#define SCP03_KNOWN_CASE_3 "80f220020a4f0212345c054f9f70c5"
#define SCP03_KNOWN_CASE_4 "80f28002024f0000"

/* Check values of keys, from the same place (SCP03_KCV_Test). */
#define SCP03_KNOWN_ENC_VALUE "c35280"
#define SCP03_KNOWN_MAC_VALUE "013808"

static const struct scp03_known scp03_known[] = {
    {0x11,
     16,
     SCP03_KNOWN_ENC,
     SCP03_KNOWN_MAC,
     "b13e5f938fc108c4",
     "3eb51047495b249f",
     "66c484c1d2ef1948",
     "84821100107d5f5826a993ebc89eea24957fa0b3ce",
     {{SCP03_KNOWN_EID, "84e291000ebf3e035c015a558d036518a2829700"},
      {SCP03_KNOWN_CASE_1, "84f220020863a63f8959827fb2"},
      {SCP03_KNOWN_CASE_2, "84ca006608a0c6a4a74166f7ce00"},
      {SCP03_KNOWN_CASE_3, "84f22002124f0212345c054f9f70c52249b50272656536"},
      {SCP03_KNOWN_CASE_4, "84f280020a4f00e91443f6dce6b8ed00"}},
     "bf3e125a1089882119900000000000000000000005971be68992dbbdfa"},
    {0x03,
     16,
     SCP03_KNOWN_ENC,
     SCP03_KNOWN_MAC,
     "8e1552d0513c60f3",
     "30760cd2c47c1dd3",
     "95065fe5ead8a9d7",
     "8482030010fd4721a14d9b07003c451d2f8ae6bb21",
     {{SCP03_KNOWN_EID, "84e2910018ca9c00f6713d79bc8baa642bdff51c3f6a4082d3bd9ad26c00"},
      {SCP03_KNOWN_CASE_1, "84f2200208c9811b11f1264cf1"},
      {SCP03_KNOWN_CASE_2, "84ca006608e10ab60b3054798800"},
      {SCP03_KNOWN_CASE_3, "84f22002184e2908bdb48b2315a55482e9e936ca122d6ecfae7d17416e"},
      {SCP03_KNOWN_CASE_4, "84f28002180dd10a6b6193e5340b9e77d32d5a179cd710ac2773aefb2800"}},
     "bf3e125a1089882119900000000000000000000005"},
    {0x11,
     32,
     SCP03_KNOWN_ENC SCP03_KNOWN_ENC,
     SCP03_KNOWN_MAC SCP03_KNOWN_MAC,
     "11666d57866c6f54",
     "53ea8847efa7674e",
     "41498a4d66cf0dee",
     "84821100102f2ad190eff2fafc4908996d1cebd310",
     {{SCP03_KNOWN_EID, "84e291000ebf3e035c015af4b680372542b59d00"},
      {SCP03_KNOWN_CASE_1, "84f2200208d618b7da68d5fe52"},
      {SCP03_KNOWN_CASE_2, "84ca0066088f3e055db23ad5e500"},
      {SCP03_KNOWN_CASE_3, "84f22002124f0212345c054f9f70c5b6e15cc42404915e"},
      {SCP03_KNOWN_CASE_4, "84f280020a4f00aa124aa74afe7f7500"}},
     "bf3e125a10898821199000000000000000000000058012dd7f01f1c4c1"},
    {0x03,
     32,
     SCP03_KNOWN_ENC SCP03_KNOWN_ENC,
     SCP03_KNOWN_MAC SCP03_KNOWN_MAC,
     "c6066990fc426e1d",
     "8682cd81bbd8919f",
     "2de3f2664581f118",
     "848203001077c493b632edadaf865a1e64acc07ce9",
     {{SCP03_KNOWN_EID, "84e29100183ddaa60594963befaada3525b492ede23c2ab2c1ce3afe4400"},
      {SCP03_KNOWN_CASE_1, "84f2200208480ddc8e419da38d"},
      {SCP03_KNOWN_CASE_2, "84ca0066083e9d6a6c0b2d732000"},
      {SCP03_KNOWN_CASE_3, "84f22002183ebfef2da8b04af2a85f491f299b76973df76ff08a4031be"},
      {SCP03_KNOWN_CASE_4, "84f2800218783fff80990f5585b1055010ea95094a26e4a8f1ef4b18e100"}},
     "bf3e125a1089882119900000000000000000000005"},
};

#endif
