#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The card before clients that nobody here wrote: pcsc_scan, OpenSC's tools and PKCS#11 module, and yubico-piv-tool make
# keys, load certificates, ask for PINs and sign; OpenSSL checks every signature.
. "$(dirname "$0")/lib.sh"
build=$(dirname "$SAKSI")

if [ "${1:-}" != inside ]; then
  need pcscd pcsc_scan opensc-tool piv-tool pkcs15-tool pkcs11-tool openssl
  [ -x "$build/tests/card/make_card" ] || skip "make_card was not built"
  for bits in 128 192 256; do
    "$build/tests/card/make_card" $bits.card --piv $bits.key --aes $bits || skip "make_card makes no card"
  done
  "$SOURCE/tools/virtual-card" --build "$build" --card 128.card --card 192.card --card 256.card \
    -- "$SOURCE/tests/integration/card_clients.sh" inside "$work"
  exit
fi
cd "$2" || exit 1
PIN=123456 PUK=87654321
export PIV_EXT_AUTH_KEY
piv() { run piv-tool -r 0 "$@"; }
select=00:A4:04:00:05:A0:00:00:03:08
tries() { # what VERIFY without data answers, once no PIN counts as shown
  run opensc-tool -r 0 -c default -s $select -s 00:20:FF:80 -s 00:20:00:80
  expect_out "SW1=0x$1, SW2=0x$2"
}

# --- a card in each reader, and no other reader
run timeout 1 pcsc_scan
expect_out '3B 85 81 31 FE 45 80 73 94 01 C0 28'
expect_out '+ TCK = 28 (correct checksum)'
run opensc-tool -l
check "there are other readers" test "$(grep -c 'Saksi virtual reader' "$work/.out")" -eq "$(grep -cE '^[0-9]' "$work/.out")"
run opensc-tool -r 0 -a
expect_out '3b:85:81:31:fe:45:80:73:94:01:c0:28'
run opensc-tool -r 0 -n
expect_out 'Personal Identity Verification Card'

# --- the management key, in all three lengths. (With `A`, for single authentication, this piv-tool fails by itself.)
PIV_EXT_AUTH_KEY=192.key
piv -A M:9B:0A -n
check "another management key was taken" test "$status" -ne 0
expect_err 'admin_mode failed'
piv -G 9A:11
check "a key was made without the management key" test "$status" -ne 0
expect_err 'gen_key failed'

# point LOG: the point of the public key in an answer to GENERATE, as OpenSC's log shows it.
point() {
  awk '/^7F 49 43 86 41 04/ { n = 5 } n-- > 0 { print substr($0, 1, 48) }' "$1" | tail -n 5 | tr -d ' \n' | cut -c11-140
}
# Makes a key. OpenSC 0.23 does so, and then cannot write it down with OpenSSL 3 ("invalid curve": it cuts the name of the
# curve to eight characters); what came from the card stands in its log.
generate() { # KEY OUT.pem
  OPENSC_DEBUG=9 piv -A "M:9B:$algorithm" -G "$1:11" -o "$2.der"
  if [ "$status" -ne 0 ]; then expect_err 'unable to gen EC key'; fi
  cat "$work/.out" "$work/.err" >log
  { printf 3059301306072A8648CE3D020106082A8648CE3D030107034200; point log; } | basenc -d --base16 -i >"$2.made"
  check "the key on the card is no key of P-256" openssl pkey -pubin -inform DER -in "$2.made" -pubcheck -out "$2"
  [ ! -s "$2.der" ] || expect_same "$2.der" "$2.made"
}
number=0
for algorithm in 08 0A 0C; do
  case $algorithm in 08) bits=128 ;; 0A) bits=192 ;; 0C) bits=256 ;; esac
  PIV_EXT_AUTH_KEY=$bits.key
  piv() { run piv-tool -r $number "$@"; }
  generate 9A "any-$bits.pem"
  number=$((number + 1))
done
check "two cards made the same key" test "$(cat any-*.pem | sort -u | grep -vc -e -----)" -ge 4

# --- keys and certificates of the first card
piv() { run piv-tool -r 0 "$@"; }
PIV_EXT_AUTH_KEY=128.key algorithm=08
for key in 9A 9C 9E; do generate $key $key.pem; done
openssl ecparam -name prime256v1 -genkey -noout -out ca.key
run openssl req -new -x509 -key ca.key -subj /CN=Sample/ -days 30 -out ca.pem
expect_status 0
for key in 9A 9C 9E; do
  openssl req -new -key ca.key -subj "/CN=Sample $key/" -out request.pem
  run openssl x509 -req -in request.pem -force_pubkey $key.pem -CA ca.pem -CAkey ca.key -days 30 -out $key.crt
  expect_status 0
  piv -A M:9B:08 -C $key -i $key.crt # ends with the number of bytes it wrote
  expect_no_err
done
printf '\x53\x3b\x30\x19\xd4\xe7\x39\xda\x73\x9c\xed\x39\xce\x73\x9d\x83\x68\x58\x21\x08\x42\x10\x84\x21\xc8\x42\x10\xc3\xeb\x34\x10' >chuid
printf '\x5a\x11\x70\x00\x53\x41\x4b\x53\x49\x00\x00\x00\x00\x00\x00\x01\x35\x08\x32\x30\x33\x30\x31\x32\x33\x31\x3e\x00\xfe\x00' >>chuid
piv -A M:9B:08 -O 3000 -i chuid
expect_no_err
piv --serial
expect_out '5A 11 70 00 53 41 4B 53 49'

# --- as PKCS#15, which OpenSC makes of it
run pkcs15-tool --reader 0 -D
expect_status 0
for key in 'PIV AUTH' 'SIGN' 'CARD AUTH'; do expect_out "Public EC Key [$key pubkey]"; done
expect_out 'X.509 Certificate [Certificate for PIV Authentication]'
for pair in 01:9A 02:9C 04:9E; do
  run pkcs15-tool --reader 0 --read-certificate ${pair%:*}
  openssl x509 -in "$work/.out" -outform DER -out read.der
  openssl x509 -in ${pair#*:}.crt -outform DER -out loaded.der
  expect_same read.der loaded.der
done

# --- as PKCS#11
p11() { run pkcs11-tool --slot-index 0 "$@"; }
echo 'what is to be signed' >text
openssl dgst -sha256 -binary text >digest
verified() { # KEY
  run openssl pkeyutl -verify -pubin -inkey "$1.pem" -in digest -sigfile signature
  expect_out 'Signature Verified Successfully'
  rm -f signature
}
signs() { # ID KEY [OPTION...]
  local id=$1 key=$2
  shift 2
  p11 "$@" --id "$id" --sign -m ECDSA --signature-format openssl -i digest -o signature
  expect_status 0
  verified "$key"
  p11 "$@" --id "$id" --sign -m ECDSA-SHA256 --signature-format openssl -i text -o signature
  expect_status 0
  verified "$key"
}
p11 -O
expect_out 'Certificate for Card Authentication'
signs 01 9A --login --pin $PIN
signs 02 9C --login --pin $PIN
signs 04 9E --login --pin $PIN
p11 --id 04 --sign -m ECDSA -i digest -o signature # the module looks for private objects after a login only
tries 63 C3
for left in 2 1; do
  p11 --login --pin 000000 --id 01 --sign -m ECDSA -i digest -o signature
  check "signed with a wrong PIN" test "$status" -ne 0
  expect_err 'CKR_PIN_INCORRECT'
  tries 63 C$left
done
signs 01 9A --login --pin $PIN
tries 63 C3

# --- 9C asks for the PIN before each signature, 9A once
bytes() { sed 's/../&:/g; s/:$//' <<<"$1"; }
sign=7C2482008120$(basenc --base16 -w 0 digest)
raw() { # KEY: VERIFY once, sign twice
  local apdu
  apdu=$(bytes "008711${1}26${sign}00")
  run opensc-tool -r 0 -c default -s $select -s "$(bytes 0020008008313233343536FFFF)" \
    -s "$apdu" -s "$apdu"
}
raw 9a
check "9A did not sign twice" test "$(grep -c 'SW1=0x90' "$work/.out")" -eq 4
raw 9c
check "9C did not sign once" test "$(grep -c 'SW1=0x90' "$work/.out")" -eq 3
expect_out 'SW1=0x69, SW2=0x82'

# --- a PIN that is blocked, and its way back
if command -v yubico-piv-tool >/dev/null; then
  yubico() { run yubico-piv-tool -r 'Saksi virtual reader 1' "$@"; }
  tries 63 C3
  yubico -a status
  expect_status 0
  expect_out 'CHUID:	3019d4e7'
  expect_out 'Subject DN:	CN=Sample 9A'
  expect_out 'PIN tries left:	3'
  for slot in 9a 9c 9e; do
    yubico -a verify-pin -P $PIN -a test-signature -s $slot -i ${slot^^}.crt -A ECCP256
    expect_status 0
    expect_err 'Successful ECDSA verification.'
  done
  yubico -a verify-pin -P 999999
  expect_status 1
  expect_err '2 tries left'
  yubico -a change-pin -P 111111 -N 222222
  expect_status 1
  yubico -a change-pin -P $PIN -N 765432
  expect_status 0
  yubico -a verify-pin -P $PIN
  expect_status 1
  yubico -a verify-pin -P 765432
  expect_status 0
  yubico -a change-puk -P $PUK -N 11223344
  expect_status 0
  for _ in 1 2 3; do yubico -a verify-pin -P 999999; done
  tries 69 83
  yubico -a verify-pin -P 765432
  expect_status 1
  yubico -a unblock-pin -P $PUK -N $PIN
  expect_status 1
  yubico -a unblock-pin -P 11223344 -N $PIN
  expect_status 0
  yubico -a verify-pin -P $PIN
  expect_status 0
  without "self-signed certificates by yubico-piv-tool: version 2.2 with OpenSSL 3 fails before it asks the card"
  without "administration by yubico-piv-tool: Debian's, version 2.2, knows keys of 3DES only, and the card has AES"
else
  without "yubico-piv-tool is not installed"
fi
signs 01 9A --login --pin $PIN

# --- what the tools for these tests do not do
virtual() { run "$SOURCE/tools/virtual-card" "$@" -- true; expect_status 64; }
virtual --photo digest
expect_one_err '--photo is for the card of --personalised'
virtual --card nowhere/1.card
expect_one_err 'there is no folder'
virtual --card digest
expect_one_err 'is no card'
run "$build/tests/card/make_card" new.card text
expect_status 0
run "$build/tests/card/make_card" new.card text
expect_status 1
expect_one_err 'is a card that was made before'
head -c 16385 /dev/zero >photo
run "$build/tests/card/make_card" photo.card --photo photo text
expect_one_err 'is larger than the 16384 bytes'
run "$build/tests/card/make_card"
expect_status 64
expect_err 'Usage: make_card FLASH'
finish
