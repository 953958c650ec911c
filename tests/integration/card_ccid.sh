#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Cards behind libccid's own driver, through CCID and T=1 over a serial line: other people's tools, saksi card with a
# genuine card and a copy, long data, cards that take their time, are taken out, or whose line is closed.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
build=$(dirname "$SAKSI")
LSP=ID.SAMPLE-A.LSP-01

if [ "${1:-}" != inside ]; then
  need jq pcscd opensc-tool piv-tool
  [ -x "$LIBEXEC/saksi-card" ] || skip "saksi-card was not built"
  [ -x "$build/tests/card/make_card" ] && [ -x "$build/tests/card/apdu_card" ] || skip "make_card and apdu_card were not built"
  [ -x "$build/firmware/saksi-serial-card" ] || skip "saksi-serial-card was not built"
  scene "$SAKSI" authority sample region
  certify plain $LSP 42 .
  publish 2
  install_lists trust.db
  head -c 12000 /dev/urandom >photo.body
  { printf '\xff\xd8\xff\xe0'; cat photo.body; } >photo.jpg
  make() { scene "$build/tests/card/make_card" "$@"; }
  make 1.card --sign region/keys/$LSP.pem --photo photo.jpg --out signed.cose certificates/plain.cose
  make 2.card --photo photo.jpg signed.cose # a copy
  "$SOURCE/tools/virtual-card" --build "$build" --ccid --card 1.card --card 2.card \
    -- "$SOURCE/tests/integration/card_ccid.sh" inside "$work"
  exit
fi
cd "$2" || exit 1

reader() { echo "Saksi virtual reader $1 0$(($1 - 1)) 00"; }
fault() { echo "${*:2}" >"$1.card.fault"; } # NUMBER WHAT...
whole() { rm -f "$1.card.fault"; }
v() { # NUMBER [OPTION...]
  saksi card verify --sample --db trust.db --host MY --reader "$(reader "$1")" "${@:2}"
}
judged() { # NUMBER STATUS OUTCOME ASSURANCE REASON
  v "$1" --json
  expect_status "$2"
  expect_no_err
  expect_json '.[0] | [.outcome, .assurance]' "[\"$3\",\"$4\"]"
  expect_json "any(.[0].reasons[]; .name == \"$5\")" true
}
apdus() { run "$build/tests/card/apdu_card" "$(reader 1)" "$1" 00A4040007F053414B53490100 "${@:2}"; }

# --- other people's tools
run opensc-tool -l
for number in 1 2; do expect_out "$(reader $number)"; done
run opensc-tool -r 0 -a
expect_out '3b:85:81:31:fe:45:80:73:94:01:c0:28'
run opensc-tool -r 0 -n
expect_out 'Personal Identity Verification Card'
run opensc-tool -r 0 -c default -s 00:A4:04:00:07:F0:53:41:4B:53:49:01:00 -s 00:B0:81:00:00
expect_status 0
expect_out 'SW1=0x90, SW2=0x00'
expect_out 'E1 02 00 41'
run piv-tool -r 0 -n
expect_out 'Personal Identity Verification Card'
run piv-tool -r 0 -s 00:A4:04:00:05:A0:00:00:03:08 -s 00:CB:3F:FF:03:5C:01:7E:00
expect_status 0
expect_out '7E 12 4F 0B A0 00 00 03 08'

# --- what is longer than a block, both ways, and longer than any
apdus 1 00B08300000800
expect_status 0
check "not 2,048 bytes of the photo came" test "$(sed -n 2p "$work/.out")" = "$(head -c 2048 photo.jpg | od -An -v -tx1 | tr -d ' \n')9000"
zeros() { printf '%0*d' $((2 * $1)) 0; }
apdus 1 "00880000000800$(zeros 2048)" "00A404000007F053414B534901" # in nine blocks
expect_out 6700
apdus 1 "00880000000900$(zeros 2304)"
expect_out 6700
saksi card read --out copied --reader "$(reader 1)"
expect_status 0
expect_same copied/certificate-1.cose signed.cose
expect_same copied/photo.jpg photo.jpg

# --- verdicts
judged 1 0 valid card_proved KEY_PROVED
judged 2 1 not_valid card_read CARD_CLONE_SUSPECTED

# --- a card that asks for time, by an S(WTX) block; one for which the reader asks, longer than the driver waits
fault 1 wait 3
judged 1 0 valid card_proved KEY_PROVED
fault 1 slow 3500
apdus 1
expect_status 0
expect_out_like '9000$'
whole 1

# --- taken out, and put in again
fault 1 absent
sleep 0.6
v 1 --wait 0
expect_status 74
expect_silence
expect_one_err 'no card was presented'
whole 1
judged 1 0 valid card_proved KEY_PROVED
v 1 --wait 20
expect_status 0

# --- the line is closed between two commands: no verdict, and the other reader goes on. (While one is running, libccid 1.5
# reads the closed line again and again, without end.)
kill "$(cat "$VIRTUAL_CARD/serial-1.pid")"
sleep 0.6
v 1 --wait 1
expect_status 74
expect_silence
check "not one message" test "$(wc -l <"$work/.err")" -eq 1
judged 2 1 not_valid card_read CARD_CLONE_SUSPECTED
finish
