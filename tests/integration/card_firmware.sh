#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The card's images on emulated boards, as cards in a reader (tools/virtual-card --qemu): OpenSC makes keys on them and signs,
# and a card that was personalised on this machine is verified on each board; what the firmware changes stays in the card's
# file.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
build=$(dirname "$SAKSI")
LSP=ID.SAMPLE-A.LSP-01
READER='Saksi vpcd 00 00'
select=00:A4:04:00:05:A0:00:00:03:08

if [ "${1:-}" != inside ]; then
  need jq pcscd opensc-tool piv-tool pkcs11-tool openssl unshare qemu-system-arm
  [ -x "$LIBEXEC/saksi-card" ] || skip "saksi-card was not built"
  [ -x "$build/tests/card/make_card" ] && [ -x "$build/tests/card/vpcd_board" ] || skip "make_card and vpcd_board were not built"
  scene "$SAKSI" authority sample region
  certify plain $LSP 42 .
  publish 2
  install_lists trust.db
  scene "$build/tests/card/make_card" made.card --piv piv.key --sign region/keys/$LSP.pem certificates/plain.cose
  for board in an386 an385 an505 microbit; do
    cp made.card $board.card
    visits="first second"
    case $board in an385 | an505) [ "${SAKSI_LONG:-0}" = 1 ] || visits=first ;; esac
    for visit in $visits; do
      "$SOURCE/tools/virtual-card" --qemu $board --build "$build" --card $board.card \
        -- "$SOURCE/tests/integration/card_firmware.sh" inside "$work" $board $visit || result=$?
      [ "${result:-0}" -ne 77 ] || skip "no emulated board gets into a reader, see above"
      check "$board, $visit visit" test "${result:-0}" -eq 0
      unset result
    done
  done
  # back in a reader of this machine, the card is the one that the M4 left
  "$SOURCE/tools/virtual-card" --build "$build" --card an386.card \
    -- "$SOURCE/tests/integration/card_firmware.sh" inside "$work" native second || result=$?
  if [ "${result:-0}" -eq 77 ]; then without "the M4's card in a reader of this machine, see above"
  else check "the M4's card in a reader of this machine" test "${result:-0}" -eq 0; fi
  finish
  exit
fi
cd "$2" || exit 1
board=$3
[ "$board" != native ] || READER='Saksi virtual reader 1 00 00'
echo 'what is to be signed' >text
openssl dgst -sha256 -binary text >digest

verdict() {
  saksi card verify --sample --db trust.db --host MY --json --wait 20 --reader "$READER"
  expect_status 2 # it is not locked, so that others can write to it
  expect_json '.[0] | [.outcome, .assurance]' '["check_by_hand","card_proved"]'
}
signature() { # KEY.pem
  run openssl pkeyutl -verify -pubin -inkey "$1" -in digest -sigfile signature
  expect_out 'Signature Verified Successfully'
  rm -f signature
}
key=$([ "$board" = native ] && echo an386 || echo "$board").pem

verdict
if [ "$4" = first ]; then
  run opensc-tool -r 0 -a
  expect_out_like '^3b(:[0-9a-f]{2}){11}$'
  run opensc-tool -r 0 -n
  expect_out 'Personal Identity Verification Card'
  run env PIV_EXT_AUTH_KEY=piv.key piv-tool -r 0 -A M:9B:0A -s 00:47:00:9A:05:AC:03:80:01:11:00
  expect_status 0
  { printf 3059301306072A8648CE3D020106082A8648CE3D030107034200
    awk '/^7F 49 43 86 41 04/ { n = 5 } n-- > 0 { print substr($0, 1, 48) }' "$work/.out" | tr -d ' \n' | cut -c11-140; } |
    basenc -d --base16 -i >made.der
  openssl pkey -pubin -inform DER -in made.der -pubcheck -out "$key" >/dev/null
  openssl ecparam -name prime256v1 -genkey -noout -out ca.key
  openssl req -new -x509 -key ca.key -subj /CN=Sample/ -days 30 -out ca.pem
  openssl req -new -key ca.key -subj "/CN=Sample/" -out request.pem
  run openssl x509 -req -in request.pem -force_pubkey "$key" -CA ca.pem -CAkey ca.key -days 30 -out 9A.crt
  expect_status 0
  run env PIV_EXT_AUTH_KEY=piv.key piv-tool -r 0 -A M:9B:0A -C 9A -i 9A.crt
  expect_no_err
  run "$build/tests/card/probe_reader" "$READER" time 30
  echo "$board: a command takes $(cat "$work/.out") us"
  run "$build/tests/card/probe_reader" "$READER" length 2081 2082
  expect_out '2081 6D00'
  expect_out '2082 6700'
fi
run pkcs11-tool --slot-index 0 --login --pin 000000 --id 01 --sign -m ECDSA -i digest -o signature
expect_err CKR_PIN_INCORRECT
run opensc-tool -r 0 -c default -s $select -s 00:20:FF:80 -s 00:20:00:80
expect_out 'SW1=0x63, SW2=0xC2'
for mechanism in ECDSA:digest ECDSA-SHA256:text; do
  run pkcs11-tool --slot-index 0 --login --pin 123456 --id 01 --sign -m ${mechanism%:*} --signature-format openssl \
    -i ${mechanism#*:} -o signature
  expect_status 0
  signature "$key"
done
run opensc-tool -r 0 -c default -s $select -s 00:20:FF:80 -s 00:20:00:80
expect_out 'SW1=0x63, SW2=0xC3'
finish
