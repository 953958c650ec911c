#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Which card is taken where there are several; readers whose names are no text; and a card service that refuses.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
. "$SOURCE/tests/integration/card_service.sh"
build=$(dirname "$SAKSI")
LSP=ID.SAMPLE-A.LSP-01

if [ "${1:-}" != inside ]; then
  need jq pcscd
  [ -x "$LIBEXEC/saksi-card" ] || skip "saksi-card was not built"
  [ -x "$build/tests/card/make_card" ] && [ -x "$build/tests/card/hold_card" ] || skip "make_card and hold_card were not built"
  scene "$SAKSI" authority sample region
  certify plain $LSP 42 .
  certify other $LSP 43 '.holder_name = "Budi Santoso"'
  publish 2
  install_lists trust.db
  make() { scene "$build/tests/card/make_card" "$@"; }
  make 2.card --sign region/keys/$LSP.pem certificates/plain.cose
  make 4.card --as-tag certificates/other.cose
  cp 2.card plain.card
  : >1.card # a card as new
  : >3.card
  "$SOURCE/tools/virtual-card" --build "$build" --card 1.card --card 2.card --card 3.card --card 4.card \
    -- "$SOURCE/tests/integration/cli_card_readers.sh" inside "$work"
  exit
fi
cd "$2" || exit 1

fault() { echo "${*:2}" >"$1.card.fault"; sleep 0.6; } # NUMBER WHAT...
whole() { rm -f -- *.card.fault; sleep 0.6; }
v() { saksi card verify --sample --db trust.db --host MY --json "$@"; }
service() { # again, with what is in the readers now
  [ ! -e /run/pcscd/pcscd.pid ] || end_service
  begin_service
}
taken() { # NUMBER HOLDER: by all that choose a card
  v
  expect_status 0
  expect_json '[.[] | [.input, .certificate.holder_name]]' "[[\"$(reader "$1")\",\"$2\"]]"
  v --reader "$(reader "$1")"
  expect_json '.[0].certificate.holder_name' "\"$2\""
  saksi card status --json
  expect_status 0
  expect_json '[.[] | [.reader, .certificates]]' "[[\"$(reader "$1")\",1]]"
  rm -rf copied
  saksi card read --out copied
  expect_status 0
  check "not one certificate" test "$(echo copied/*.cose)" = copied/certificate-1.cose
}
others="$(reader 2): this card was taken; those in the readers listed after it were not looked at"

# --- a card without certificates hides none; of two with some, the first is taken, and that is said
saksi card verify --sample --db trust.db --host MY
expect_status 0
expect_out "$(reader 2)"
expect_one_err "$others"
v
expect_one_err "$others"
taken 2 'Siti Aminah'
fault 2 absent
taken 4 'Budi Santoso'
v
expect_no_err
echo absent >1.card.fault; fault 3 absent
taken 4 'Budi Santoso'
whole
reader 1 | tr -d '\n' >mute # does not answer to power (simulated)
export LD_PRELOAD=$build/tests/card/libhide_reader.so SAKSI_MUTE_READER=$PWD/mute
taken 2 'Siti Aminah'
fault 2 absent
taken 4 'Budi Santoso'
fault 4 absent
v
expect_status 74
expect_one_err "$(reader 1): the card does not answer"
unset LD_PRELOAD SAKSI_MUTE_READER
whole

# --- a reader that is named is the only one
v --reader "$(reader 1)"
expect_status 74
expect_silence
expect_one_err "$(reader 1): the card holds no certificate"
v --reader "$(reader 2)"
expect_no_err

# --- where none has some, the first card answers for itself
echo absent >2.card.fault; fault 4 absent
v
expect_status 74
expect_silence
expect_one_err "$(reader 1): the card holds no certificate"
saksi card status --json
expect_status 0
expect_no_err
expect_json '[.[] | [.reader, .certificates, .state]]' "[[\"$(reader 1)\",0,\"blank\"]]"
saksi card read --out empty
expect_status 74
expect_silence
expect_one_err "$(reader 1): the card holds no certificate"
check "a folder for nothing" test ! -e empty
whole

# --- tokens as new, of other makers (simulated: our application is not on the cards), whatever they call that
export LD_PRELOAD=$build/tests/card/libhide_reader.so SAKSI_OTHER_MAKER=$PWD/other
for word in 6A82 6F00 6985; do
  echo $word >other
  saksi card status --json --reader "$(reader 1)"
  expect_status 0
  expect_no_err
  expect_json '.[0] | [.profile, .certificates, .assurance, has("state"), has("key")]' '["piv",0,"card_read",false,false]'
  saksi card status --reader "$(reader 1)"
  expect_out 'Profile        PIV card'
  expect_out 'Certificates   0'
  v # one without certificates hides none
  expect_status 0
  expect_json '[.[] | [.input, .certificate.holder_name]]' "[[\"$(reader 4)\",\"Budi Santoso\"]]"
  v --reader "$(reader 1)"
  expect_status 74
  expect_silence
  expect_one_err "$(reader 1): the card holds no certificate"
  saksi card read --out empty --reader "$(reader 1)"
  expect_status 74
  expect_one_err "$(reader 1): the card holds no certificate"
  check "a folder for nothing" test ! -e empty
done
"$SAKSI" card watch --sample --db trust.db --host MY --reader "$(reader 1)" >events 2>watch.err & watch=$!
for _ in $(seq 100); do grep -q '"error"' events && break; sleep 0.1; done
kill -TERM $watch
wait $watch
cp events "$work/.out"
ran="watch, a token as new"
expect_json '[.[] | select(.event == "error") | .error]' '["no_certificate"]'
echo 6581 >other
v --reader "$(reader 1)"
expect_status 74
expect_one_err "$(reader 1): the card's memory failed; take another card"
unset SAKSI_OTHER_MAKER

# --- one that refuses to be any of the three kinds gives way, too, and is not called another kind by itself
export SAKSI_REFUSING=$PWD/refusing
reader 1 | tr -d '\n' >refusing
taken 2 'Siti Aminah'
v --reader "$(reader 1)"
expect_status 74
expect_one_err "$(reader 1): the card refuses to be read"
unset LD_PRELOAD SAKSI_REFUSING

# --- a card that fails is not passed over: it may be the one that is meant
for step in 1 2; do
  echo "pull $step" >1.card.fault
  v --wait 20
  expect_status 74
  expect_silence
  expect_one_err "$(reader 1): the card was removed"
  whole
done
fault 1 mute # to commands
v
expect_status 74
expect_one_err "$(reader 1): the card does not answer"
whole
"$build/tests/card/hold_card" "$(reader 1)" 1 exclusive >held & rival=$!
until [ -s held ] || ! kill -0 $rival 2>/dev/null; do sleep 0.05; done
v
expect_status 74
expect_one_err "$(reader 1): another program holds the card"
wait $rival
# one that fails further behind is
echo "pull 1" >2.card.fault
v --wait 20
expect_json '[.[].input]' "[\"$(reader 4)\"]"
whole

# --- names that are no text are listed as text, and can be given so
LC_ALL=C sed -i 's/Saksi virtual reader 2/L\xe9gic \x1b[31m reader/' "$VIRTUAL_CARD/readers/reader.conf"
service
saksi card list --json
expect_status 0
odd=$(jq -r -s '.[1].reader' "$work/.out")
check "the reader is called $odd" test "$odd" = 'L?gic ?[31m reader 01 00'
saksi card list
expect_out "card    $odd"
v
expect_json '.[0].input' "\"$odd\""
v --reader "$odd"
expect_status 0
expect_json '.[0].input' "\"$odd\""
"$SAKSI" card watch --sample --db trust.db --host MY --reader "$odd" >events 2>watch.err & watch=$!
for _ in $(seq 100); do grep -q verdict events && break; sleep 0.1; done
kill -TERM $watch
wait $watch
cp events "$work/.out"
ran="watch, a name that is no text"
expect_json '[.[] | [.event, .reader]]' "[[\"reader_added\",\"$odd\"],[\"card_inserted\",\"$odd\"],[\"verdict\",\"$odd\"]]"

# --- polkit's refusal (simulated: libhide_reader.so answers in the place of the service)
export LD_PRELOAD=$build/tests/card/libhide_reader.so SAKSI_DENY=$PWD/denied
: >denied
for command in list status 'read --out nothing' 'verify --sample --db trust.db --host MY' 'pin status'; do
  # shellcheck disable=SC2086
  saksi card $command
  expect_status 74
  expect_silence
  expect_one_err 'the card service does not let this user in; allow it in polkit (see CARDS.md)'
done
"$SAKSI" card watch --sample --db trust.db --host MY >events 2>watch.err & watch=$!
seen() { for _ in $(seq 100); do grep -q "$1" events && return; sleep 0.1; done; fail "watch does not say $1"; }
seen service_lost
rm denied
seen verdict
kill -TERM $watch
wait $watch
unset LD_PRELOAD
cp events "$work/.out"
ran="watch, refused"
expect_json '[.[0:3][] | [.event, .error]]' '[["error","denied"],["service_lost",null],["service_back",null]]'
finish
