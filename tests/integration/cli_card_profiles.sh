#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every kind of card behind a card service of the test's own: PIV cards, NDEF tags and our own; their PINs; and
# saksi card watch, while cards come and go, fall silent, are held by others, and the service ends.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
. "$SOURCE/tests/integration/card_service.sh"
build=$(dirname "$SAKSI")
LSP=ID.SAMPLE-A.LSP-01

if [ "${1:-}" != inside ]; then
  need jq pcscd pkcs15-tool openssl
  [ -x "$LIBEXEC/saksi-card" ] || skip "saksi-card was not built"
  [ -x "$build/tests/card/make_card" ] && [ -x "$build/tests/card/hold_card" ] || skip "make_card and hold_card were not built"
  scene "$SAKSI" authority sample region
  certify plain $LSP 42 .
  certify other $LSP 43 '.holder_name = "Budi Santoso"'
  publish 2
  install_lists trust.db
  make() { scene "$build/tests/card/make_card" "$@"; }
  make 1.card --as-piv --sign region/keys/$LSP.pem --out signed.cose certificates/plain.cose
  make 2.card --as-piv signed.cose                # a copy on another token
  make 3.card --as-tag certificates/other.cose
  make 4.card --sign region/keys/$LSP.pem certificates/plain.cose
  make bound.card --as-tag signed.cose           # a copy on a tag
  printf '\xff\xd8\xff\xe0 not a photo at all' >photo.jpg
  make photo.card --sign region/keys/$LSP.pem --photo photo.jpg --out photo.cose certificates/plain.cose
  make unseen.card --as-piv photo.cose
  make unfinished.card --as-piv --unlocked --sign region/keys/$LSP.pem certificates/plain.cose
  "$SOURCE/tools/virtual-card" --build "$build" --card 1.card --card 2.card --card 3.card --card 4.card \
    -- "$SOURCE/tests/integration/cli_card_profiles.sh" inside "$work"
  exit
fi
cd "$2" || exit 1

fault() { echo "${*:2}" >"$1.card.fault"; } # NUMBER WHAT...
whole() { rm -f "$1.card.fault"; }
v() { # NUMBER [OPTION...]
  saksi card verify --sample --db trust.db --host MY --reader "$(reader "$1")" "${@:2}"
}
judged() { # NUMBER STATUS OUTCOME ASSURANCE REASON TEXT
  v "$1"
  expect_status "$2"
  expect_out_like "^  Card +$6\$"
  v "$1" --json
  expect_status "$2"
  expect_no_err
  expect_json '.[0] | [.outcome, .assurance]' "[\"$3\",\"$4\"]"
  expect_json "any(.[0].reasons[]; .name == \"$5\")" true
}

# --- what each can be
status_is() { # NUMBER PROFILE CERTIFICATES ASSURANCE TEXT
  saksi card status --json --reader "$(reader "$1")"
  expect_status 0
  expect_json '.[0] | [.profile, .certificates, .assurance]' "[\"$2\",$3,\"$4\"]"
  saksi card status --reader "$(reader "$1")"
  expect_out "At best        $5"
}
status_is 1 piv 1 token_proved 'key proved (generic token)'
expect_out 'Profile        PIV card'
status_is 3 ndef 1 card_read 'read only'
expect_out 'Key            none'
status_is 4 saksi 1 card_proved 'key proved'
expect_out 'Card           locked'

# --- verdicts
judged 1 0 valid token_proved KEY_PROVED 'key proved \(generic token\)'
judged 2 1 not_valid card_read CARD_CLONE_SUSPECTED 'read only'
judged 3 0 valid card_read CARD_READ_ONLY 'read only'
judged 4 0 valid card_proved KEY_PROVED 'key proved'
v 1 --paper certificates/plain.txt --json
expect_json '.[0].outcome' '"valid"'

# --- reading
saksi card read --out piv --reader "$(reader 1)"
expect_status 0
expect_same piv/certificate-1.cose signed.cose
saksi card status --json --reader "$(reader 1)"
expect_json '.[0].key' "\"$( { printf '\xa4\x01\x02\x20\x01\x21\x58\x20'; tail -c +2 piv/key.bin | head -c 32
  printf '\x22\x58\x20'; tail -c 32 piv/key.bin; } | openssl dgst -sha256 -r | cut -d' ' -f1)\""
saksi card read --out tag --reader "$(reader 3)"
expect_status 0
expect_same tag/certificate-1.cose certificates/other.cose
check "a tag has no key" test ! -e tag/key.bin

# --- other people's tools find key 9E by its certificate
run pkcs15-tool -r 0 --list-certificates --list-keys
expect_out 'Certificate for Card Authentication'
expect_out 'Private EC Key [CARD AUTH key]'
run pkcs15-tool -r 0 --read-certificate 04
cp "$work/.out" 9e.pem
run openssl verify -check_ss_sig -CAfile 9e.pem 9e.pem
expect_out 'OK'
openssl x509 -in 9e.pem -noout -pubkey | openssl pkey -pubin -outform DER | tail -c 65 >9e.bin
expect_same 9e.bin piv/key.bin

# --- pulled at every command: never a verdict
number=0
while number=$((number + 1)); [ $number -lt 40 ]; do
  [ "${SAKSI_LONG:-0}" = 1 ] || [ $((number % 2)) -eq 1 ] || continue
  fault 1 pull $number
  v 1 --wait 20
  [ "$status" -ne 0 ] || break
  expect_status 74
  expect_silence
  expect_one_err 'the card was removed'
  whole 1
done
# SELECT, index; SELECT PIV, the certificate in two or three parts, proof
echo "a PIV card: $((number - 1)) commands for $(stat -c %s signed.cose) bytes"
check "the card was pulled at $((number - 1)) commands" test $number -ge 6 -a $number -le 9
whole 1

# --- PIN and PUK
echo 123456 >pin; echo 87654321 >puk; echo 654321 >new; echo 111111 >wrong; echo 12345 >short; echo 12345a >letters
pin() { saksi card pin "$@" --reader "$(reader 1)"; }
tries() {
  pin status --json
  expect_status 0
  expect_json '.[0].tries' "$1"
}
refused() { # TEXT
  expect_status 1
  expect_silence
  expect_one_err "$1"
}
change() { pin change --pin-file "$1" --new-pin-file "$2" "${@:3}"; }
unblock() { pin unblock --pin-file "$1" --new-pin-file "$2" --last-try; }
tries 3
pin status
expect_out 'PIN            3 more tries'
change pin new
expect_status 0
expect_out 'The card has the new PIN.'
change pin new
refused 'wrong PIN; 2 more tries'
change new pin
expect_status 0
tries 3
for file in short letters; do
  change pin $file
  expect_status 65
  expect_one_err '6 to 8 digits'
done
change short new
expect_status 65
change /dev/null new
expect_status 74
tries 3
change wrong new
change wrong new
refused 'wrong PIN; 1 more try, which is the last'
change wrong new
refused 'this is the last try of the PIN; add --last-try'
tries 1
change wrong new --last-try
refused 'the PIN has no tries left; set a new one with saksi card pin unblock'
tries 0
pin status
expect_status 0
expect_out 'PIN            blocked; set a new one with saksi card pin unblock'
change pin new --last-try
refused 'the PIN has no tries left'
pin unblock --pin-file puk --new-pin-file new
expect_status 64
expect_one_err 'add --last-try'
unblock wrong new
refused 'wrong PUK; 2 more tries'
unblock puk new
expect_status 0
tries 3
change new pin
expect_status 0
if command -v script >/dev/null; then # at a terminal: nothing that is typed is seen
  typed() { for line in "$@"; do sleep 0.4; echo "$line"; done; }
  terminal() { # PIN NEW AGAIN
    ran="at a terminal: $*"
    typed "$@" | script -qec "'$SAKSI' card pin change --reader '$(reader 1)'" /dev/null >"$work/.out" 2>&1
    expect_out 'New PIN again: '
    for line in "$@"; do expect_no_out "$line"; done
  }
  terminal 123456 222222 222221
  expect_out 'the two are not the same'
  terminal 123456 222222 222222
  expect_out 'The card has the new PIN.'
  echo 222222 >new
  change new pin
  expect_status 0
else
  without "a terminal"
fi
setsid "$SAKSI" card pin change --reader "$(reader 1)" >/dev/null 2>no-terminal </dev/null
check "no terminal, no PIN" grep -q 'there is no terminal' no-terminal
saksi card pin status --reader "$(reader 4)"
expect_status 1
expect_one_err 'the card has no PIN'
for words in "pin" "pin nothing" "pin status more" "list --last-try" "watch --host MY more" "pin status --paper x"; do
  # shellcheck disable=SC2086
  saksi card $words
  expect_status 64
done
judged 1 0 valid token_proved KEY_PROVED 'key proved \(generic token\)'

# --- watch
lines() { wc -l <events; }
seen() { # FILTER [COUNT]: within a few seconds, so many events are such
  for _ in $(seq 120); do
    [ "$(jq -c "select($1)" events 2>/dev/null | wc -l)" -ge "${2:-1}" ] && break
    sleep 0.1
  done
  ran="watch: $1"
  cp events "$work/.out"
  check "not ${2:-1} of $1" test "$(jq -c "select($1)" events | wc -l)" -eq "${2:-1}"
}
at() { echo ".reader == \"$(reader "$1")\""; }
again() { : >events; } # the program appends
watching() { # [OPTION...]
  again
  SAKSI_HIDE_READER=$PWD/hidden LD_PRELOAD=$build/tests/card/libhide_reader.so \
    "$SAKSI" card watch --sample --db trust.db --host MY "$@" >>events 2>watch.err & watch=$!
}
unwatch() { # SIGNAL
  kill "$1" $watch
  status=0
  wait $watch || status=$?
  ran="watch, $1"
  expect_status 0
  check "watch complained" test ! -s watch.err
}
watching
seen '.event == "reader_added"' 4
seen '.event == "card_inserted" and .atr == "3b858131fe4580739401c028"' 4
seen '.event == "verdict"' 4
seen ".event == \"verdict\" and $(at 1) and .outcome == \"valid\" and .assurance == \"token_proved\""
seen ".event == \"verdict\" and $(at 2) and .outcome == \"not_valid\" and (.certificate | has(\"holder_name\") | not)"
seen ".event == \"verdict\" and $(at 3) and .assurance == \"card_read\""
seen ".event == \"verdict\" and $(at 4) and .assurance == \"card_proved\""
jq -S 'select(.event == "verdict" and '"$(at 4)"') | del(.event, .reader)' events >watched
v 4 --json
jq -S . "$work/.out" >judged
expect_same watched judged

# a card that goes and comes is judged again, one that stays is not, also when another one holds it
again
fault 1 absent
seen ".event == \"card_removed\" and $(at 1)"
whole 1
seen ".event == \"verdict\" and $(at 1)"
"$build/tests/card/hold_card" "$(reader 4)" 1 exclusive >/dev/null & rival=$!
"$build/tests/card/hold_card" "$(reader 2)" 1 reset >/dev/null
wait $rival
sleep 0.5
ran="watch: others at a card"
check "$(lines) events instead of 3" test "$(lines)" -eq 3

# two at once, and one that goes while the other is judged
again
fault 1 absent; fault 4 absent
seen '.event == "card_removed"' 2
fault 1 slow 150; whole 4
seen '.event == "verdict"' 2
whole 1

# a slow card does not keep the verdict of another one on a screen when that other one goes
again
fault 1 absent
seen ".event == \"card_removed\" and $(at 1)"
fault 1 slow 400
seen ".event == \"card_inserted\" and $(at 1)"
fault 4 absent
seen ".event == \"verdict\" and $(at 1)"
seen ".event == \"card_removed\" and $(at 4)"
check "the verdict came before what happened earlier" test "$(jq -rs --arg r "$(reader 4)" '
  map(select(.event == "verdict" or (.event == "card_removed" and .reader == $r)) | .event) | join(" ")' events)" = 'card_removed verdict'
whole 1; whole 4
seen ".event == \"verdict\" and $(at 4)"
# and what happens at its own reader comes behind its verdict
again
fault 1 absent
seen ".event == \"card_removed\" and $(at 1)"
fault 1 slow 300
seen ".event == \"card_inserted\" and $(at 1)"
sleep 0.5
fault 1 absent
seen ".event == \"error\" and $(at 1)"
seen ".event == \"card_removed\" and $(at 1)" 2
check "a card that is gone has an event" test "$(jq -r .event events | tail -1)" = card_removed
whole 1
seen ".event == \"verdict\" and $(at 1)"

# errors by name: silent, pulled at its fourth command, held by another, of another kind
comes() { # NUMBER FAULT... : the card of that number with a fault
  again
  fault "$1" absent
  seen ".event == \"card_removed\" and $(at "$1")"
  if [ $# -gt 1 ]; then fault "$@"; else whole "$1"; fi
}
error() { seen ".event == \"error\" and $(at "$1") and .error == \"$2\""; }
comes 1 mute
error 1 mute
comes 1 pull 4
error 1 removed
whole 1
seen ".event == \"verdict\" and $(at 1)"
again
fault 4 absent
seen ".event == \"card_removed\" and $(at 4)"
(until "$build/tests/card/hold_card" "$(reader 4)" 3 exclusive; do sleep 0.02; done) >/dev/null 2>&1 & rival=$!
fault 1 absent; sleep 0.6; fault 1 slow 500; sleep 0.6 # what keeps watch busy while the rival comes
whole 4
error 4 busy
wait $rival
whole 1

# a reader is unplugged and comes back
again
reader 3 | tr -d '\n' >hidden
seen ".event == \"reader_removed\" and $(at 3)"
rm hidden
seen ".event == \"reader_added\" and $(at 3)"
seen ".event == \"verdict\" and $(at 3)"

# the service is killed, and comes back with one more card
again
end_service -KILL
seen '.event == "service_lost"'
begin_service
seen '.event == "service_back"'
seen '.event == "reader_added"' 4
seen '.event == "verdict"' 4

# it sleeps: hundredths of a second of computing in two seconds, and a handful of looks
before=$(awk '{print $14 + $15}' "/proc/$watch/stat")
switches=$(awk '/^voluntary/ {print $2}' "/proc/$watch/status")
sleep 2
ran="watch: asleep"
check "it computes all the time" test $(($(awk '{print $14 + $15}' "/proc/$watch/stat") - before)) -le 3
check "it does not sleep" test $(($(awk '/^voluntary/ {print $2}' "/proc/$watch/status") - switches)) -le 100
unwatch -TERM
watching --reader "$(reader 4)"
seen '.event == "verdict"'
seen ".event == \"reader_added\" and $(at 4)"
unwatch -INT
watching --reader "$(reader 4)" --lang xx
seen '.event == "verdict"'
kill -INT $watch
wait $watch
check "an unknown language is not told once" test "$(grep -c 'lang xx: there is no translation' watch.err)" -eq 1 -a "$(wc -l <watch.err)" -eq 1
if [ "${SAKSI_LONG:-0}" = 1 ]; then # a reader that hangs holds the others up for a minute, not longer
  fault 1 slow 61000
  watching
  for _ in $(seq 90); do [ "$(grep -c verdict events)" -ge 3 ] && break; sleep 1; done
  error 1 too_slow
  seen '.event == "verdict"' 3
  whole 1
  unwatch -TERM
  sleep 10
fi

# stopped while a card is judged
fault 1 slow 1000
watching
sleep 1.5
unwatch -INT
whole 1
"$SAKSI" card watch --db trust.db --host MY >events 2>watch.err && fail "sample data without --sample"
check "no reason" grep -q 'sample data' watch.err

# --- other cards in the same readers
end_service
cp bound.card 3.card
cp unseen.card 2.card
cp unfinished.card 4.card
begin_service
judged 3 2 check_by_hand card_read COPY_POSSIBLE 'read only'
v 2 --json
expect_status 1 # cnf names the key of the card that it was copied from
expect_json 'any(.[0].reasons[]; .name == "CARD_CLONE_SUSPECTED")' true
judged 4 2 check_by_hand token_proved CARD_UNFINISHED 'key proved \(generic token\)'
finish
