#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Cards behind a card service of the test's own: other people's tools, then saksi card with genuine cards, copies, cards
# that fall silent or are pulled at any command, and a service that ends.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
. "$SOURCE/tests/integration/card_service.sh"
build=$(dirname "$SAKSI")
LSP=ID.SAMPLE-A.LSP-01

if [ "${1:-}" != inside ]; then
  need jq pcscd pcsc_scan opensc-tool
  [ -x "$LIBEXEC/saksi-card" ] || skip "saksi-card was not built"
  [ -x "$build/tests/card/make_card" ] && [ -x "$build/tests/card/hold_card" ] || skip "make_card and hold_card were not built"
  scene "$SAKSI" authority sample region
  certify plain $LSP 42 .
  certify other $LSP 43 '.holder_name = "Budi Santoso"'
  certify impostor $LSP 44 '.certificate_number = "PLAIN" | .holder_name = "Budi Santoso"'
  publish 2
  install_lists trust.db
  printf '\xff\xd8\xff\xe0 not a photo at all' >photo.jpg
  make() { scene "$build/tests/card/make_card" "$@"; }
  make 1.card --sign region/keys/$LSP.pem --photo photo.jpg --out signed.cose certificates/plain.cose
  make 2.card --photo photo.jpg signed.cose # a copy
  make 3.card --without-key signed.cose     # one that cannot answer, and has no photo
  make 4.card certificates/plain.cose certificates/other.cose
  make unlocked.card --sign region/keys/$LSP.pem --photo photo.jpg --unlocked certificates/plain.cose
  "$SOURCE/tools/virtual-card" --build "$build" --card 1.card --card 2.card --card 3.card --card 4.card \
    -- "$SOURCE/tests/integration/cli_card.sh" inside "$work"
  exit
fi
cd "$2" || exit 1

fault() { echo "${*:2}" >"$1.card.fault"; } # NUMBER WHAT...
whole() { rm -f "$1.card.fault"; }
v() { # NUMBER [OPTION...]
  saksi card verify --sample --db trust.db --host MY --reader "$(reader "$1")" "${@:2}"
}
judged() { # NUMBER STATUS OUTCOME ASSURANCE REASON [OPTION...]: as text and as JSON
  local number=$1 code=$2 outcome=$3 assurance=$4 reason=$5
  shift 5
  v "$number" "$@"
  expect_status "$code"
  expect_out "This result is not a permission to work or to enter."
  v "$number" --json "$@"
  expect_status "$code"
  expect_no_err
  expect_json '.[0] | [.outcome, .assurance]' "[\"$outcome\",\"$assurance\"]"
  expect_json "any(.[0].reasons[]; .name == \"$reason\")" true
}
broken() { # TEXT: no verdict, one message, status 74
  expect_status 74
  expect_silence
  expect_one_err "$1"
}

# --- other people's tools
run opensc-tool -l
for number in 1 2 3 4; do expect_out "$(reader $number)"; done
run opensc-tool -r 0 -a
expect_out '3b:85:81:31:fe:45:80:73:94:01:c0:28'
run opensc-tool -r 0 -n
expect_out_like '.' # no driver of its own: it says so, and goes on
run opensc-tool -r 0 -c default -s 00:A4:04:00:07:F0:53:41:4B:53:49:01:00 -s 00:B0:81:00:00
expect_status 0
expect_out 'SW1=0x90, SW2=0x00'
expect_out 'E1 02 00 41'
run timeout 1 pcsc_scan
expect_out '3B 85 81 31 FE 45 80 73 94 01 C0 28'
expect_out '+ TCK = 28 (correct checksum)'

# --- what there is
saksi card list
expect_status 0
expect_out "card    $(reader 1)"
saksi card list --json
expect_json '[.[] | [.reader, .state, .atr]] | .[3]' "[\"$(reader 4)\",\"card\",\"3b858131fe4580739401c028\"]"
saksi card status --json --reader "$(reader 1)"
expect_status 0
expect_json '.[0] | [.state, .certificates, .photo_bytes, (.key | length)]' '["locked",1,23,64]'
saksi card status --reader "$(reader 3)"
expect_out 'Card           blank'
expect_out 'Key            none'
saksi card read --out copied --reader "$(reader 1)"
expect_status 0
expect_same copied/certificate-1.cose signed.cose
expect_same copied/photo.jpg photo.jpg
check "the key has another length" test "$(stat -c %s copied/key.bin)" -eq 65
saksi card read --out copied --reader "$(reader 1)"
expect_status 73
expect_one_err copied/certificate-1.cose

# --- verdicts
judged 1 0 valid card_proved KEY_PROVED
expect_json '.[0].person' '"compare_photo"'
expect_json '.[0].input' "\"$(reader 1)\""
judged 1 0 valid card_proved KEY_PROVED --purpose border
v 1
expect_out 'Photo           on the card; this writes it: saksi card read --out FOLDER'
expect_no_out '  Paper  '
v 3
expect_no_out '  Photo  '
judged 1 2 check_by_hand card_proved OCCUPATION_MISMATCH --post XX.99
judged 2 1 not_valid card_read CARD_CLONE_SUSPECTED
expect_json '.[0].certificate | has("holder_name")' false
judged 3 2 check_by_hand card_read COPY_POSSIBLE
expect_json 'any(.[0].reasons[]; .name == "CARD_UNFINISHED")' true
expect_json 'any(.[0].reasons[]; .name == "PHOTO_MISSING")' true
judged 4 0 valid card_read CARD_READ_ONLY
expect_json '[.[].input]' "[\"$(reader 4), certificate 1\",\"$(reader 4), certificate 2\"]"
saksi verify --sample --db trust.db --host MY --json copied/certificate-1.cose
expect_json '.[0] | [.outcome, .assurance]' '["valid","qr"]'
expect_json 'any(.[0].reasons[]; .name == "CARD_EXISTS_NOTE")' true

# --- card and paper
for paper in signed.cose certificates/plain.txt; do
  judged 1 0 valid card_proved KEY_PROVED --paper $paper
  expect_json '.[0].paper' '"same"'
  v 1 --paper $paper
  expect_no_err
  expect_out '  Paper           the same certificate'
done
judged 1 1 not_valid card_proved CARD_QR_MISMATCH --paper certificates/PLAIN.txt
expect_json '.[0] | has("paper")' false
v 1 --paper certificates/PLAIN.txt
expect_no_out '  Paper  '
for option in --json --lang=en; do # one green verdict would be taken for that of both
  v 1 --paper certificates/other.txt $option
  expect_status 65
  expect_silence
  expect_one_err "certificates/other.txt: is another certificate (other) than the card's (plain), so nothing was judged; saksi card verify without --paper judges the card, saksi verify certificates/other.txt the paper"
done
v 4 --json --paper certificates/other.txt # one of two
expect_status 0
expect_json '[.[] | [.certificate.certificate_number, .paper]]' '[["plain",null],["other","same"]]'
for order in 'plain other' 'other plain' 'plain PLAIN'; do # the forgery is not hidden behind the genuine one
  sed '' $(printf 'certificates/%s.txt ' $order) >several.txt
  v 1 --paper several.txt
  expect_status 65
  expect_silence
  expect_one_err 'holds several certificates'
done
sed '' certificates/plain.txt certificates/plain.txt >twice.txt
judged 1 0 valid card_proved KEY_PROVED --paper twice.txt
echo nothing >nothing.txt
v 1 --paper nothing.txt
expect_status 65
expect_silence

# --- languages, as saksi verify has them: in the build folder and where it is installed
v 1 --lang id
expect_status 0
expect_no_err
cp "$work/.out" indonesian
expect_out_like '^ ✔ '
expect_no_out 'permission to work'
expect_out 'kunci terbukti'
v 1 --lang id --paper signed.cose
expect_out '  Kertas          sertifikat yang sama'
mkdir -p prefix/bin prefix/libexec/saksi prefix/share
cp "$SAKSI" prefix/bin/saksi
cp "$LIBEXEC/saksi-card" prefix/libexec/saksi
cp -r "$build/share/saksi" prefix/share
run prefix/bin/saksi card verify --sample --db trust.db --host MY --reader "$(reader 1)" --lang id
expect_status 0
expect_same "$work/.out" indonesian
v 1 --lang xx
expect_status 0
expect_out 'This result is not a permission to work or to enter.'
expect_one_err '--lang xx: there is no translation; the sentences stay English'

# --- usage
saksi card
expect_status 64
saksi card verify --sample --db trust.db
expect_status 64
saksi card read
expect_status 64
saksi card list extra
expect_status 64
saksi card verify --host MY --wait 3601
expect_status 64
usage() { # TEXT WORD...
  saksi card "${@:2}"
  expect_status 64
  expect_silence
  expect_one_err "$1"
}
usage '--host M: not a value this option takes (two capital letters, such as MY); see saksi card verify --help' verify --host M
usage '--purpose work: not a value this option takes (border, hiring, hotel or event); see saksi card watch --help' watch --purpose work
usage '--wait 1x: not a value this option takes (seconds, at most 3600); see saksi card pin --help' pin change --wait 1x
usage '--paper "": not a value this option takes (a name); see saksi card verify --help' verify --host MY --paper ''
usage 'see saksi card --help' --wait 1x
usage 'see saksi card verify --help' verify --nothing
for words in '' list verify watch pin 'pin change' 'pin unblock'; do
  # shellcheck disable=SC2086
  saksi card $words --help
  expect_status 0
  expect_out 'Usage: saksi card'
done
for words in 'verify signed.cose' 'verify --host MY' 'pin change more' 'list --json'; do # no "all VALID"
  # shellcheck disable=SC2086
  saksi card $words --help
  expect_status 64
done
nowhere=$PWD/nonexistent/trust.db
saksi card verify --db "$nowhere" --host MY --reader "$(reader 1)"
expect_status 3
expect_out "501  No trust list is installed here. ($nowhere)"
run timeout 10 "$SAKSI" card watch --db "$nowhere" --host MY
expect_status 74
expect_silence
expect_one_err "$nowhere: there is no trust list"

# --- no card, no reader
v 1 --wait 0 --reader 'No such reader'
broken 'there is no such card reader'
fault 1 absent
sleep 0.6
v 1 --wait 0
broken 'no card was presented'
v 1 --wait 1
broken 'no card was presented'
(sleep 0.6; whole 1) &
v 1 --wait 20
expect_status 0
wait $!

# --- pulled at every command: never a verdict, and a clean reader each time
number=0
while number=$((number + 1)); [ $number -lt 40 ]; do
  fault 1 pull $number
  v 1 --wait 20
  [ "$status" -ne 0 ] || break
  broken 'the card was removed'
  whole 1
done
# SELECT, index, certificate, key, proof, photo
check "the card was pulled at $((number - 1)) commands" test $number -eq 7
whole 1
judged 1 0 valid card_proved KEY_PROVED --wait 20

# --- pulled while it is copied: what is written is whole
number=0
while number=$((number + 1)); [ $number -lt 40 ]; do
  [ "${SAKSI_LONG:-0}" = 1 ] || [ $((number % 3)) -eq 0 ] || continue
  fault 1 pull $number
  rm -rf pulled
  saksi card read --out pulled --wait 20 --reader "$(reader 1)"
  whole 1
  [ "$status" -ne 0 ] || break
  broken 'the card was removed'
  for file in pulled/*; do
    [ ! -e "$file" ] || expect_same "$file" "copied/${file##*/}"
  done
done
check "copying never ended" test $number -lt 40

# --- a mute card, a slow one
fault 1 mute
v 1 --wait 20
broken 'the card does not answer'
fault 1 slow 50
judged 1 0 valid card_proved KEY_PROVED --wait 20
whole 1

# --- a program that keeps the card to itself, one that resets it, and two of ours at one card
"$build/tests/card/hold_card" "$(reader 1)" 1 exclusive >held & rival=$!
until [ -s held ] || ! kill -0 $rival 2>/dev/null; do sleep 0.05; done
v 1
broken 'another program holds the card'
wait $rival
"$build/tests/card/hold_card" "$(reader 1)" 1 reset >held & rival=$!
for _ in 1 2 3 4; do
  v 1
  expect_status 0
done
wait $rival
fault 1 slow 30
"$SAKSI" card verify --sample --db trust.db --host MY --reader "$(reader 1)" >/dev/null 2>&1 & rival=$!
v 1
expect_status 0
check "the first of two at one card failed" wait $rival
whole 1
if [ "${SAKSI_LONG:-0}" = 1 ]; then # a reader that hangs
  fault 1 slow 61000
  v 1 --wait 20
  broken 'held this one up for 60 s'
  whole 1
  sleep 10
fi

# --- two readers at once
together() { # NUMBER OUT
  local i
  for i in 1 2 3; do
    "$SAKSI" card verify --sample --db trust.db --host MY --json --wait 20 --reader "$(reader "$1")" || return
  done >"$2" 2>&1
}
together 1 one & first=$!
together 4 four & second=$!
check "a card read beside another failed" wait $first
check "the other card read beside one failed" wait $second
ran="two at once"
check "not three verdicts" test "$(grep -c '"outcome":"valid","assurance":"card_proved"' one)" -eq 3
check "not six verdicts" test "$(grep -c '"outcome":"valid","assurance":"card_read"' four)" -eq 6

# --- the service ends, and comes back
end_service
v 1
broken 'install and start pcscd'
begin_service
judged 1 0 valid card_proved KEY_PROVED --wait 20
if [ "${SAKSI_LONG:-0}" = 1 ]; then # while it is waited for a card
  fault 1 absent
  sleep 0.6
  (sleep 0.7; end_service -KILL) &
  v 1 --wait 20
  broken 'install and start pcscd'
  wait $!
  whole 1
  begin_service
  v 1 --wait 20
  expect_status 0
fi
fault 1 slow 300
(sleep 0.7; end_service -KILL) &
v 1 --wait 20
broken 'install and start pcscd'
wait $!
whole 1
begin_service
v 1 --wait 20
expect_status 0

# --- a card that its issuer has not locked
end_service
cp unlocked.card 4.card
begin_service
judged 4 2 check_by_hand card_proved CARD_UNFINISHED --wait 20
saksi card status --reader "$(reader 4)"
expect_out 'Card           personalised, and not finished by its issuer'
expect_out 'At best        key proved, but unfinished: CHECK BY HAND'
saksi card status --json --reader "$(reader 4)"
expect_json '.[0] | [.state, .assurance]' '["personalised","card_proved"]'
saksi card status --reader "$(reader 1)"
expect_no_out unfinished
finish
