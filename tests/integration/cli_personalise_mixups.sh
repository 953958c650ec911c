#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What people mix up at a table full of cards: the record, the card that was just made, the card that is waited for, and a
# copy. Nobody's certificate is erased, replaced or finished for another's.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
. "$SOURCE/tests/integration/card_service.sh"
build=$(dirname "$SAKSI")
LSP=ID.SAMPLE-A.LSP-01

if [ "${1:-}" != inside ]; then
  need jq sqlite3 pcscd pdftoppm
  [ -x "$LIBEXEC/saksi-personalise" ] || skip "saksi-personalise was not built"
  [ -x "$build/tests/card/make_card" ] || skip "make_card was not built"
  scene "$SAKSI" authority sample region
  publish 2
  install_lists trust.db
  scene "$SAKSI" issue init hall --issuer $LSP --station hall --key "region/keys/$LSP.pem" --name Sample \
    --authority ID.SAMPLE-A --authority-name Sample --sample --first 2000 --last 2900 --unsigned-block
  record PICTURE >picture.json
  scene "$SAKSI" issue --station hall --a4 picture.json # for something to take a photo of
  scene pdftoppm -r 8 -jpeg -singlefile hall/out/PICTURE.pdf photo
  "$SOURCE/tools/virtual-card" --build "$build" --card 1.card --card 2.card \
    -- "$SOURCE/tests/integration/cli_personalise_mixups.sh" inside "$work"
  exit
fi
cd "$2" || exit 1

fault() { echo "${*:2}" >"$1.card.fault"; } # NUMBER WHAT...
whole() { rm -f "$1.card.fault"; }
registry() { sqlite3 hall/registry.db "$1"; }
state_of() { registry "SELECT group_concat(state) FROM (SELECT state FROM certificate WHERE number = '$1' ORDER BY idx)"; }
p() { # NUMBER [OPTION...]: personalise at that reader
  saksi card personalise --station hall --wait 20 --no-pdf --reader "$(reader "$1")" "${@:2}"
}
away() { # NUMBER: taken out, and the service has seen that
  fault "$1" absent
  for _ in $(seq 100); do
    saksi card status --wait 0 --reader "$(reader "$1")"
    ! grep -q 'no card was presented' "$work/.err" || return 0
    sleep 0.1
  done
}
erase() { saksi card erase --station hall --yes --wait 20 --reader "$(reader "$1")"; }
proved() { # NUMBER CERTIFICATE
  saksi card verify --sample --db trust.db --host MY --wait 20 --json --reader "$(reader "$1")"
  expect_json '.[0] | [.assurance, .certificate.certificate_number]' "[\"card_proved\",\"$2\"]"
  expect_json '[.[0].reasons[] | select(.severity != "valid") | .name]' '["ISSUED_AFTER_LIST"]'
}
waits_on_card_1() { # NUMBER
  record "$1" >"$1.json"
  for at in $(seq 14 40); do
    fault 1 pull "$at"
    p 1 --erase "$1.json"
    [ "$(state_of "$1")" != 2 ] || break
  done
  whole 1
  check "$1 does not wait" test "$(state_of "$1")" = 2
}
sleep 1 # what is signed now is newer than the lists, whenever this began
away 2

# --- another record under the number of the one that waits
waits_on_card_1 ONE
jq '.holder_name = "Budi Santoso"' ONE.json >other.json
p 1 other.json
expect_status 65
expect_err 'ONE: another certificate of this number stands half-way: finish that one first'
p 1 --duplicate ONE.json
expect_status 65
expect_err 'another certificate of this number stands half-way'
p 1 --sibling ONE.json
expect_status 65
check "ONE was finished" test "$(state_of ONE)" = 2

# --- the card that is waited for is not erased
erase 1
expect_status 65
expect_err 'certificate ONE waits for this card: finish it with "saksi card personalise --station hall"'
p 1 --photo photo.jpg ONE.json
expect_status 0
expect_out 'issued ONE'
expect_one_err 'photo.jpg: was not used: the certificate was signed for another photo, or for none'
proved 1 ONE

# --- the same card again, for the next record
record TWO >TWO.json
record THREE >THREE.json
until_said() { # TEXT
  for _ in $(seq 1200); do
    ! grep -q "$1" run.err || return 0
    sleep 0.05
  done
}
hand_back() { # takes card 1 out when it is asked for, and puts it in again
  until_said "$(reader 1): take the card out"
  fault 1 absent
  until_said "present a card for THREE"
  whole 1
}
series() { # HANDS ARGUMENTS...
  local hands
  : >run.err
  $1 & hands=$!
  timeout 100 "$SAKSI" card personalise --station hall --no-pdf --wait 40 "${@:2}" >run.out 2>run.err
  status=$?
  wait $hands
  cp run.out "$work/.out"
  cp run.err "$work/.err"
  ran="personalise ${*:2}"
}
series hand_back --erase TWO.json THREE.json
expect_status 65
expect_out 'issued TWO'
expect_err 'this card was finished just now, with certificate TWO: take another one'
proved 1 TWO
check "THREE was begun" test -z "$(state_of THREE)"

# --- a record whose card came while another record was served: no card is asked for, and none is erased
waits_on_card_1 FOUR
whole 2
p 2 THREE.json
expect_status 0
away 2
exchange() { # card 1, which FOUR waits for, then card 2, which holds THREE
  until_said "$(reader 1): take the card out"
  fault 1 absent
  until_said 'present a card for FIVE'
  whole 2
}
record FIVE >FIVE.json
series exchange --erase FIVE.json FOUR.json
expect_status 0
expect_out 'issued FOUR'
expect_out 'issued FIVE'
expect_err 'erased certificate THREE from this card'
check "a card was asked for FOUR" test "$(grep -c 'present a card for FOUR' run.err)" -eq 0
whole 1
proved 1 FOUR
proved 2 FIVE
check "FOUR and FIVE are not delivered once" test "$(state_of FOUR),$(state_of FIVE)" = 3,3

# --- a record that is named twice
away 1
record SIX >SIX.json
p 2 --erase SIX.json SIX.json
expect_status 65
expect_out 'issued SIX'
expect_err 'SIX: this certificate was issued already'
check "a card was asked for twice" test "$(grep -c 'take the card out' "$work/.err")" -eq 0
proved 2 SIX

# --- a program is told, too; of two cards with one number, the right index is named
p 2 --json SIX.json
expect_status 65
record SEVEN >SEVEN.json
p 2 --json SEVEN.json
expect_status 65
expect_json '.[0] | [.certificate_number, .outcome, .why]' \
  '["SEVEN","failed","this card already belongs to someone: certificate SIX; --erase takes it away"]'
p 2 --erase --sibling SIX.json
expect_status 0
sibling=$(registry "SELECT max(idx) FROM certificate WHERE number = 'SIX' AND state = 3")
erase 2
expect_status 0
expect_out "certificate SIX is still in force; if it is not to be: saksi issue void --station hall --index $sibling"
p 2 --sibling SIX.json
expect_status 0

# --- a copy is erased: nothing is to be done to the certificate it copied
whole 1
erase 1
expect_status 0
expect_out 'certificate FOUR is still in force; if it is not to be: saksi issue void --station hall --index'
rm 1.card
scene "$build/tests/card/make_card" 1.card hall/out/SIX.cose
end_service
begin_service
erase 1
expect_status 0
expect_out "certificate SIX is in force, and was not this card's"
check "voiding is advised" test "$(grep -c 'issue void' "$work/.out")" -eq 0
proved 2 SIX
finish
