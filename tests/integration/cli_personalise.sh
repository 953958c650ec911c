#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Certificates on cards, behind a card service of the test's own: genuine ones, cards pulled at any command, a service and
# a station that end in the middle, and what is refused. Afterwards the registry counts each certificate once.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
. "$SOURCE/tests/integration/card_service.sh"
build=$(dirname "$SAKSI")
LSP=ID.SAMPLE-A.LSP-01

station() { # NAME FIRST LAST
  scene "$SAKSI" issue init "$1" --issuer $LSP --station "$1" --key "region/keys/$LSP.pem" --name Sample \
    --authority ID.SAMPLE-A --authority-name Sample --sample --first "$2" --last "$3" --unsigned-block
}

if [ "${1:-}" != inside ]; then
  need jq sqlite3 pcscd pdftoppm
  [ -x "$LIBEXEC/saksi-personalise" ] || skip "saksi-personalise was not built"
  [ -x "$build/tests/card/make_card" ] || skip "make_card was not built"
  scene "$SAKSI" authority sample region
  publish 2
  install_lists trust.db
  station hall 2000 2900
  station annex 3000 3100
  record PICTURE >picture.json
  scene "$SAKSI" issue --station annex --a4 picture.json # for something to take photos of
  scene pdftoppm -r 8 -jpeg -singlefile annex/out/PICTURE.pdf photo
  scene pdftoppm -r 60 -jpeg -singlefile annex/out/PICTURE.pdf large
  "$SOURCE/tools/virtual-card" --build "$build" --card 1.card --card 2.card --card 3.card --card 4.card \
    -- "$SOURCE/tests/integration/cli_personalise.sh" inside "$work"
  exit
fi
cd "$2" || exit 1

fault() { echo "${*:2}" >"$1.card.fault"; } # NUMBER WHAT...
whole() { rm -f "$1.card.fault"; }
registry() { sqlite3 "${2:-hall}/registry.db" "$1"; }
state_of() { registry "SELECT group_concat(state) FROM (SELECT state FROM certificate WHERE number = '$1' ORDER BY idx)"; }
p() { # NUMBER [OPTION...]: personalise at the station, at that reader
  saksi card personalise --station "${at:-hall}" --wait 20 --no-pdf --reader "$(reader "$1")" "${@:2}"
  cat "$work/.err" >>said
}
v() { saksi card verify --sample --db trust.db --host MY --wait 20 --json --reader "$(reader "$1")" "${@:2}"; }
update() { # the lists, as they are after what was signed up to now
  version=$((${version:-2} + 1))
  sleep 1
  publish $version
  scene "$SAKSI" trust import --sample --db trust.db region/out/trust.bundle
}
# Green but for the lists, which are older than the certificate.
good='[.[0].reasons[] | select(.severity != "valid") | .name]'
proved() { # NUMBER CERTIFICATE
  v "$1"
  expect_json '.[0] | [.assurance, .certificate.certificate_number]' "[\"card_proved\",\"$2\"]"
  expect_json "$good" '["ISSUED_AFTER_LIST"]'
}
green() { # NUMBER CERTIFICATE
  v "$1"
  expect_status 0
  expect_json '.[0] | [.outcome, .assurance, .certificate.certificate_number]' "[\"valid\",\"card_proved\",\"$2\"]"
}
new_card() { # NUMBER...: from the factory
  local number
  end_service
  for number; do : >"$number.card"; whole "$number"; done
  begin_service
}
: >said

# --- a genuine card, with photo and paper
record CARD-1 >1.json
saksi card personalise --station hall --reader "$(reader 1)" --photo photo.jpg --a4 1.json
expect_status 0
expect_out "issued CARD-1, index 2000, on the card in $(reader 1) (SAMPLE)"
check "one line is printed" test "$(wc -l <"$work/.out")" -eq 1
expect_no_err
saksi card status --json --reader "$(reader 1)"
expect_json '.[0] | [.state, .certificates, .photo_bytes]' "[\"locked\",1,$(stat -c %s photo.jpg)]"
saksi card read --out copied --reader "$(reader 1)"
expect_same copied/certificate-1.cose hall/out/CARD-1.cose
expect_same copied/photo.jpg photo.jpg
saksi scan hall/out/CARD-1.pdf
check "the paper carries other bytes" test "$(cat "$work/.out")" = "$(cat hall/out/CARD-1.txt)"
check "it is not delivered" test "$(state_of CARD-1)" = 3
update
green 1 CARD-1
expect_json '.[0].person' '"compare_photo"'
v 1 --paper hall/out/CARD-1.pdf
expect_status 0
saksi verify --sample --db trust.db --host MY --json --purpose border hall/out/CARD-1.pdf
expect_json '[.[0].outcome, any(.[0].reasons[]; .name == "CARD_EXISTS")]' '["check_by_hand",true]'

# --- what is refused, before anything happens to registry or card
contents() { # of the cards; a try of their channel is no change
  local number
  for number in 1 2; do
    "$SAKSI" card status --json --reader "$(reader $number)"
  done
}
unchanged() { # STATUS TEXT COMMAND...
  local before code=$1 text=$2
  shift 2
  before="$(registry 'SELECT count(*), max(idx) FROM certificate') $(contents)"
  "$@"
  expect_status "$code"
  expect_err "$text"
  ran="$text"
  check "something was changed" test "$before" = "$(registry 'SELECT count(*), max(idx) FROM certificate') $(contents)"
}
record CARD-2 >2.json
saksi card list # a new card writes when it first has power
saksi card status --reader "$(reader 2)"
expect_out 'Card           blank'
unchanged 65 'belongs to someone: certificate CARD-1; --erase takes it away' p 1 2.json
unchanged 65 'was issued already' p 2 1.json
unchanged 65 'nothing waits for this card' p 1
unchanged 65 'nothing waits for this card' p 2
unchanged 65 "large.jpg: has $(stat -c %s large.jpg) bytes, and a card holds 16384: save it with fewer pixels" p 2 --photo large.jpg 2.json
record CARD-2 '.restrictions = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz " + "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345") |
  .units = [range(40) | @base64 "\(. * 7919 + 104729)\(. * 31337)\(. * 65537)" | .[0:24]]' >long.json
unchanged 65 'it is too long' saksi card personalise --station hall --card --reader "$(reader 2)" long.json
# a crash leaves no master keys in a core (said by the file, where the system writes cores to files)
(ulimit -c unlimited; exec "$SAKSI" card personalise --station hall --wait 20 --reader none 2.json) >/dev/null 2>crash.err & crash=$!
for _ in $(seq 100); do grep -q 'present a card' crash.err && break; sleep 0.1; done
kill -SEGV $crash
wait $crash 2>/dev/null
check "a core was written" test -z "$(find . -maxdepth 1 -name 'core*' -print -quit)"
unchanged 74 'there is no such card reader' saksi card personalise --station hall --wait 0 --reader none 2.json
unchanged 64 'must be a number of seconds' saksi card personalise --wait x 2.json
unchanged 64 'exclude each other' saksi card personalise --sibling --duplicate 2.json
saksi card erase --station hall extra
expect_status 64
saksi card keys old
expect_status 64

# --- keys
saksi card keys new wrong.key
expect_status 0
check "others can read it" test "$(stat -c %a wrong.key)" = 600
check "a key of 32 bytes" grep -qxE '[0-9a-f]{64}' wrong.key
unchanged 73 'exists already and is not overwritten' saksi card keys new wrong.key
unchanged 77 'tries (the key tried was wrong.key)' \
  saksi card erase --station hall --yes --keys wrong.key --reader "$(reader 1)"
unchanged 77 '(the key tried was wrong.key)' p 2 --transport-keys wrong.key 2.json
chmod 644 wrong.key
unchanged 77 'wrong.key: others may read or write it' p 2 --keys wrong.key 2.json
chmod 600 wrong.key
mkdir real
jq '.sample = false' hall/station.json >real/station.json
cp hall/registry.db real/
sqlite3 real/registry.db 'UPDATE station SET sample = 0'
saksi card personalise --station real --reader "$(reader 2)" 2.json
expect_status 77
expect_err 'real/cards.key: there is no such file; copy it from the issuer'
printf 'SAMPLE ISSUER 01' | od -An -tx1 | tr -d ' ' >real/cards.key
chmod 600 real/cards.key
saksi card personalise --station real --reader "$(reader 2)" 2.json
expect_status 77
expect_err 'real/cards.key: is a SAMPLE key, which everyone knows'
cp wrong.key real/cards.key
saksi card personalise --station real --reader "$(reader 2)" --no-pdf 2.json
expect_status 77
expect_err 'this card is new from the factory: give --transport-keys FILE'

# --- erased and given to somebody else; a copy of the old certificate
saksi card erase --station hall --reader "$(reader 1)"
expect_status 64
expect_one_err 'holds certificate CARD-1; --yes erases it without being asked'
saksi card erase --station hall --yes --reader "$(reader 1)"
expect_status 0
expect_out 'certificate CARD-1 is still in force; if it is not to be: saksi issue void'
expect_no_err
v 1
expect_status 74
expect_one_err 'holds no certificate'
p 1 2.json
expect_status 0
proved 1 CARD-2
record CARD-3 >3.json
p 1 --erase 3.json
expect_status 0
expect_err 'erased certificate CARD-2 from this card'
proved 1 CARD-3
p 1 --erase --sibling --json 3.json
expect_status 0
expect_json '.[0] | [.certificate_number, .outcome, .sample, (.key | length)]' '["CARD-3","issued",true,64]'
saksi issue void --station hall --number CARD-2
expect_status 0
update
rm 4.card
scene "$build/tests/card/make_card" 4.card hall/out/CARD-3.cose
end_service
begin_service
v 4
expect_status 1
expect_json 'any(.[0].reasons[]; .name == "CARD_CLONE_SUSPECTED")' true
green 1 CARD-3

# --- pulled at every command: not green, and finished when it is presented again
# What a verifier says of a card that was pulled: no certificate, unfinished, or (after the last write) finished.
never_green() { # NUMBER CERTIFICATE
  local state
  saksi card status --json --wait 20 --reader "$(reader "$1")"
  state=$(jq -r .state "$work/.out")
  v "$1"
  case $state-$status in
  blank-74) expect_one_err 'holds no certificate' ;;
  locked-*)
    [ "$status" -ne 0 ] || fail "a card that was pulled is green"
    [ -z "${erased:-}" ] || [ "$(jq -r .certificate.certificate_number "$work/.out")" != "$erased" ] || return 0
    proved "$1" "$2" ;;
  *)
    expect_status 2
    expect_json 'any(.[0].reasons[]; .name == "CARD_UNFINISHED")' true ;;
  esac
}
pull_all() { # NAME [OPTION...]: returns the number of commands in `commands`
  local name=$1 number=0 n
  shift
  while number=$((number + 1)); [ $number -lt 80 ]; do
    [ "${SAKSI_LONG:-0}" = 1 ] || [ $((number % step)) -eq 1 ] || continue
    n=$name-$number
    record "$n" >pull.json
    [ "$fresh" = no ] || new_card 2
    erased=$before
    fault 2 pull $number
    p 2 "$@" pull.json
    [ "$status" -ne 0 ] || break
    expect_status 74
    expect_err 'the card was removed'
    whole 2
    never_green 2 "$n"
    case $(state_of "$n") in
    2) # it waits for its card, and for no other command
      check "nothing waits for a card" test "$(registry 'SELECT pages & 4 FROM unfinished')" -eq 4
      saksi issue --station hall --resume --no-pdf
      expect_status 74
      expect_err "$n: waits for its card: present that with \"saksi card personalise --station hall\""
      p 2 ;;
    '') p 2 "$@" pull.json ;;
    *) fail "$n is in state $(state_of "$n")" ;;
    esac
    expect_status 0
    expect_out "issued $n"
    proved 2 "$n"
    check "$n is not delivered once" test "$(state_of "$n")" = 3
    before=$n
  done
  whole 2
  proved 2 "$n"
  before=$n
  commands=$((number - 1)) # at most so many, where some were left out
}
fresh=yes before='' step=9
pull_all NEW --photo photo.jpg
echo "pulled at each of $commands commands of a new card"
check "a new card took $commands commands" test $commands -ge 24 -a $commands -le 40
fresh=no step=13
pull_all AGAIN --erase
echo "pulled at each of $commands commands of a card that is erased first"
before='' erased=''

# --- the same card again, with its record: finished, not issued twice
new_card 2 3
record WAITS >waits.json
fault 2 pull 20
p 2 waits.json
expect_status 74
expect_err 'WAITS: signed, waits for its card: the card was removed'
expect_err 'present the same card again to finish it'
whole 2
record OTHER >other.json
saksi issue status --station hall
expect_out_like '^for card  WAITS, index [0-9]+: present it with "saksi card personalise"$'
saksi issue --station hall --no-pdf other.json # it does not stop others
expect_status 0
expect_out 'issued OTHER'
expect_err 'WAITS: waits for its card'
p 3 waits.json # another card, for the same record
expect_status 65
expect_err 'WAITS waits for another card: present that one, or, if it is lost, void'
saksi card status --json --reader "$(reader 3)"
expect_json '.[0].key' null
p 2 waits.json
expect_status 0
expect_out 'issued WAITS'
check "issued twice" test "$(state_of WAITS)" = 3

# --- the card is lost: void, and issued again on another one
record LOST >lost.json
new_card 2
fault 2 pull 18
p 2 lost.json
expect_status 74
whole 2
saksi issue void --station hall --number LOST
expect_status 0
p 2
expect_status 65
expect_err 'nothing waits for this card'
p 3 lost.json
expect_status 0
proved 3 LOST
p 2 lost.json # found again
expect_status 65
expect_err 'was issued already'
check "void, then delivered" test "$(state_of LOST)" = 4,3

# --- the service, then the station, ends in the middle
new_card 2 3
record SERVICE >service.json
fault 2 slow 60
(sleep 1; end_service -KILL) &
p 2 service.json
expect_status 74
wait $!
whole 2
begin_service
p 2 service.json
expect_status 0
proved 2 SERVICE
check "after the service" test "$(state_of SERVICE)" = 3
record KILLED >killed.json
fault 3 slow 60
"$SAKSI" card personalise --station hall --no-pdf --reader "$(reader 3)" killed.json >/dev/null 2>>said & station=$!
sleep 1.1
kill -KILL $station
wait $station 2>/dev/null
whole 3
check "it was not killed in the middle" test "$(state_of KILLED)" = 2
p 3
expect_status 0
proved 3 KILLED
check "after the station" test "$(state_of KILLED)" = 3

# --- several records, and no photo for them
records SERIES 3 >series.json
new_card 2 3 4
fault 1 absent
fault 4 absent
sleep 0.6
p 2 --photo photo.jpg series.json
expect_status 64
change_cards() { # takes out what is to be taken out
  local i
  for i in 2 3; do
    until grep -q "$(reader $i): take the card out" series.err; do sleep 0.05; done
    fault $i absent
  done
}
: >series.err
change_cards & hands=$!
timeout 60 "$SAKSI" card personalise --station hall --no-pdf --wait 2 series.json >series.out 2>series.err
status=$?
wait $hands
cat series.err >>said
ran="a series" 
cp series.out "$work/.out"; cp series.err "$work/.err"
expect_status 74
expect_out "issued SERIES-1, index $(registry "SELECT idx FROM certificate WHERE number = 'SERIES-1'"), on the card in $(reader 2)"
expect_out "issued SERIES-2"
expect_err "present a card for SERIES-3 (3 of 3)"
expect_err 'no card was presented'
whole 4
p 4 --resume series.json
expect_status 0
expect_out 'passed over SERIES-1: issued before'
expect_out 'issued SERIES-3'
whole 1; whole 2; whole 3
proved 2 SERIES-1
proved 3 SERIES-2
proved 4 SERIES-3

# --- two stations at two readers at once; one station only once at a time
new_card 2 3
record HERE >here.json
record THERE >there.json
fault 2 slow 20
fault 3 slow 20
at=annex p 3 there.json & other=$!
saksi card personalise --station hall --no-pdf --reader "$(reader 2)" here.json
expect_status 0
check "the other station failed" wait $other
proved 2 HERE
proved 3 THERE
new_card 2 3
record ALONE >alone.json
fault 2 slow 30
"$SAKSI" card personalise --station hall --no-pdf --reader "$(reader 2)" alone.json >/dev/null 2>>said & first=$!
sleep 0.3
p 3 2.json
expect_status 74
expect_err 'another program is issuing at this station'
check "the first of two failed" wait $first
whole 2

# --- what the registry says of all this
update
green 2 ALONE
check "the registry is damaged" test "$(registry 'PRAGMA integrity_check')" = ok
check "something stands half-way" test "$(registry 'SELECT count(*) FROM unfinished')" -eq 0
check "states beside delivered and void" test "$(registry 'SELECT count(*) FROM certificate WHERE state < 3')" -eq 0
check "a number is in force twice" test "$(registry "SELECT count(*) FROM (SELECT number FROM certificate WHERE state = 3
  AND kind <> 3 GROUP BY number_key HAVING count(*) > 1)")" -eq 0
check "void are CARD-2 and LOST" test "$(registry "SELECT group_concat(number) FROM certificate WHERE state = 4")" = CARD-2,LOST
check "a file for each" test "$(registry 'SELECT count(*) FROM certificate WHERE state = 3')" -eq \
  "$(($(find hall/out -name '*.cose' | wc -l) - 1))" # that of CARD-2 is still there
check "temporary files are left" test -z "$(find hall -name '*.tmp*')"
check "a message names a person" test "$(grep -cE 'Siti|Aminah|Person|1999' said)" -eq 0
finish
