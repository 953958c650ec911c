#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Certificates on PIV cards, behind a card service of the test's own. The virtual card is one of ours whose credential
# application is hidden ("token" among its faults): there is no other PIV card here.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
build=$(dirname "$SAKSI")
LSP=ID.SAMPLE-A.LSP-01

if [ "${1:-}" != inside ]; then
  need jq sqlite3 pcscd
  [ -x "$LIBEXEC/saksi-personalise" ] || skip "saksi-personalise was not built"
  [ -x "$build/tests/card/make_card" ] || skip "make_card was not built"
  scene "$SAKSI" authority sample region
  publish 2
  install_lists trust.db
  scene "$SAKSI" issue init hall --issuer $LSP --station hall --key "region/keys/$LSP.pem" --name Sample \
    --authority ID.SAMPLE-A --authority-name Sample --sample --first 2000 --last 2900 --unsigned-block
  scene "$build/tests/card/make_card" 1.card --unlocked --piv colons.key
  tr -d ':' <colons.key >piv.key
  chmod 600 piv.key
  echo token >1.card.fault
  "$SOURCE/tools/virtual-card" --build "$build" --card 1.card -- "$SOURCE/tests/integration/cli_personalise_piv.sh" inside "$work"
  exit
fi
cd "$2" || exit 1

registry() { sqlite3 hall/registry.db "$1"; }
state_of() { registry "SELECT group_concat(state) FROM (SELECT state FROM certificate WHERE number = '$1' ORDER BY idx)"; }
p() { saksi card personalise --station hall --wait 20 --no-pdf --management-key "${key:-piv.key}" "$@"; }
as_good_as_green='[.[0].reasons[] | select(.severity != "valid") | .name]'
holds() { # CERTIFICATE: that one, and its key is proved
  saksi card verify --sample --db trust.db --host MY --wait 20 --json
  expect_json '.[0] | [.assurance, .certificate.certificate_number]' "[\"token_proved\",\"$1\"]"
  expect_json "$as_good_as_green" '["ISSUED_AFTER_LIST"]'
}
faults() { printf '%s\n' "$@" >1.card.fault; } # LINE...
sleep 1 # what is signed now is newer than the lists, whenever this began
for name in ONE TWO THREE; do record $name >$name.json; done

# --- what is refused, and nothing is begun
p --photo ONE.json ONE.json
expect_status 64
expect_one_err 'no room for a photo'
echo 010203040506070801020304050607080102030405060708 >default.key
echo 00112233445566778899aabbccddeeff00112233445566ff >other.key
cp piv.key open.key
chmod 600 default.key other.key
chmod 644 open.key
for refused in 'default comes with every such card' "other is not the card's" 'open may read' 'none '; do
  key=${refused%% *}.key p ONE.json
  expect_status 77
  expect_err "${refused#* }"
done
p --keys piv.key ONE.json
expect_status 64
expect_one_err 'give one kind'
faults none
p ONE.json
expect_status 65
expect_one_err 'this is a Saksi card'
faults token touch # found out before anything is signed
p ONE.json
expect_status 65
expect_one_err 'key 9E does not sign by itself'
faults token
check "something was signed" test "$(registry 'SELECT count(*) FROM certificate')" -eq 0

# --- one, and no second one over it
p ONE.json
expect_status 0
expect_out 'issued ONE, index 2000, on the card in'
expect_out '(SAMPLE)'
check "the files are not there" test -s hall/out/ONE.cose
holds ONE
p TWO.json
expect_status 65
expect_err 'this card already belongs to someone: certificate ONE'
holds ONE
check "TWO was begun" test -z "$(state_of TWO)"
p --erase --json TWO.json
expect_status 0
expect_json '.[0] | [.certificate_number, .outcome, .index, .sample]' '["TWO","issued",2001,true]'
holds TWO

# --- the key is another when the card comes back
for at in $(seq 20 50); do # signed, and not yet there
  faults token "pull $at"
  p --erase THREE.json
  expect_status 74
  [ "$(state_of THREE)" != 2 ] || break
done
faults token
check "THREE does not wait" test "$(state_of THREE)" = 2
key=other.key p
expect_status 77
expect_err "THREE: signed, waits for its card: this is not the card's management key"
expect_err 'present the same card again'
faults token touch
p
expect_status 65
saksi card erase --station hall --management-key piv.key --yes --wait 20 # its certificate for others names the key
expect_status 65
expect_err 'certificate THREE waits for this card'
record OTHER >OTHER.json
p --erase OTHER.json
expect_status 65
expect_err 'certificate THREE waits for this card'
faults token
p
expect_status 0
expect_out 'issued THREE'
holds THREE

# --- erased
saksi card erase --station hall --management-key piv.key --wait 20
expect_status 64
expect_one_err 'holds certificate THREE; --yes erases it'
saksi card erase --station hall --management-key other.key --yes --wait 20
expect_status 77
holds THREE
saksi card erase --station hall --management-key piv.key --yes --wait 20
expect_status 0
expect_out 'erased the card in'
expect_out 'certificate THREE is still in force'
saksi card verify --sample --db trust.db --host MY --wait 20
expect_status 74
expect_one_err 'holds no certificate'
record FOUR >FOUR.json
p FOUR.json
expect_status 0
holds FOUR

# --- pulled at any command, and presented again
step=1
[ "${SAKSI_LONG:-0}" = 1 ] || step=4
at=1 whole=0 before=FOUR
while :; do
  record "PULL-$at" >pull.json
  faults token "pull $at"
  p --erase pull.json
  pulled=$status
  faults token
  [ "$pulled" -ne 0 ] || break
  expect_status 74
  saksi card verify --sample --db trust.db --host MY --wait 20 --json
  if [ "$(jq -s -c "$as_good_as_green" "$work/.out")" = '["ISSUED_AFTER_LIST"]' ]; then
    case $(state_of "PULL-$at") in
    '') expect_json '.[0].certificate.certificate_number' "\"$before\"" ;; # not yet erased
    *) # behind the last part of the new one
      whole=$((whole + 1))
      expect_json '.[0].certificate.certificate_number' "\"PULL-$at\"" ;;
    esac
  fi
  p --erase pull.json
  expect_status 0
  holds "PULL-$at"
  before=PULL-$at
  check "PULL-$at is there more than once" test "$(state_of "PULL-$at")" = 3
  at=$((at + step))
done
check "$whole cards were whole too early" test $whole -le 8
check "only $at commands" test "$at" -gt 20
check "something stands half-way" test "$(registry 'SELECT count(*) FROM unfinished')" -eq 0
finish
