#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A station from outside: init, issue, duplicates, blocks, reports, and power cuts in the middle of its work.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
need jq sqlite3 pdftoppm

LSP=ID.SAMPLE-A.LSP-01
scene "$SAKSI" authority sample region
install_lists trust.db
issue() { saksi issue --station hall "$@"; }
v() { saksi verify --sample --db trust.db --host MY --json "$@"; }
registry() { sqlite3 hall/registry.db "$1"; }

replaced=0 # certificates whose files are still there, but which another one replaces
# sound: the registry and the files agree, and nothing is half-written.
sound() {
  check "the registry is damaged" test "$(registry 'PRAGMA integrity_check')" = ok
  check "an index was given twice" test -z "$(registry 'SELECT idx FROM certificate GROUP BY idx HAVING count(*) > 1')"
  check "something stands half-way" test "$(registry 'SELECT count(*) FROM unfinished')" -eq 0
  check "temporary files are left" test -z "$(find hall -name '*.tmp*')"
  check "files without certificate, or the reverse" test \
    "$(($(registry 'SELECT count(*) FROM certificate WHERE state = 3') + replaced))" \
    -eq "$(find hall/out -name '*.cose' | wc -l)"
}

# --- a station with a block that the authority signed
scene "$SAKSI" authority station region --issuer $LSP --station hall --first 1000 --last 1009 --key region/keys/ID-1.pem \
  --out hall.block
init=(issue init hall --issuer $LSP --station hall --key "region/keys/$LSP.pem" --block hall.block --db trust.db --sample)
saksi "${init[@]}"
expect_status 65
expect_one_err 'did not sign this block (THRESHOLD)'
check "a station was made with half a block" test ! -s hall/registry.db -o "$(registry 'SELECT count(*) FROM block')" = 0
scene "$SAKSI" authority sign hall.block --key region/keys/ID-3.pem --root region/out --yes
saksi "${init[@]}"
expect_status 0
expect_out "Station \"hall\" of $LSP is in hall."
saksi "${init[@]}"
expect_status 0 # again is no harm
check "names come from the list" test "$(jq -r .authority.names.en hall/station.json)" = \
  'Sample Competency Authority of Indonesia (SAMPLE)'
saksi issue status --station hall
expect_out 'block     1000 to 1009, signed by the authority, 10 left'

# --- one certificate, with its page and card; what is printed is what was signed
record K-1 >one.json
issue --check one.json
expect_out '1 of 1 records can be issued'
expect_status 0
check "checking issued something" test "$(registry 'SELECT count(*) FROM certificate')" -eq 0
issue --a4 --card one.json
expect_status 0
expect_out 'issued K-1, index 1000'
expect_no_err
check "the files" test "$(ls hall/out | tr '\n' ' ')" = 'K-1-card.pdf K-1.cose K-1.pdf K-1.txt '
check "they are for everybody" test -z "$(find hall/out -perm /027)"
for file in K-1.pdf K-1-card.pdf K-1.txt; do
  if [ "$file" = K-1.txt ]; then cp hall/out/K-1.txt text; else "$SAKSI" scan hall/out/$file >text; fi
  check "$file holds another text" test "$(cat text)" = "$(cat hall/out/K-1.txt)"
done
v hall/out/K-1.txt
expect_json '[.[0].certificate | .status_index, .holder_name, .nationality]' '[1000,"Siti Aminah","ID"]'
sound

# --- the same number again: refused, replaced, or another copy
cp hall/out/K-1.cose first.cose
issue --no-pdf one.json
expect_status 65
expect_err 'K-1: this certificate was issued already'
expect_silence
expect_same first.cose hall/out/K-1.cose
record k-1 >lower.json # numbers that only look different are the same
issue --no-pdf lower.json
expect_status 65
issue --no-pdf --duplicate --sibling one.json
expect_status 64
issue --no-pdf --duplicate one.json
expect_status 0
expect_out 'issued K-1, index 1001'
check "the first one is not void" test "$(registry 'SELECT state FROM certificate WHERE idx = 1000')" -eq 4
replaced=1
expect_same first.cose hall/out/K-1.cose # papers that are out already are not overwritten
v hall/out/K-1+1001.txt
expect_json '.[0].certificate.status_index' 1001
issue --no-pdf --sibling one.json
expect_status 0
expect_out 'index 1002'
check "a sibling voids nothing" test "$(registry 'SELECT state FROM certificate WHERE idx = 1001')" -eq 3
record K-2 >two.json
issue --no-pdf --sibling two.json
expect_status 65

# --- records that cannot be issued: all faults are told, nothing is issued
record K-3 '.levle = 2' >bad1.json
record K-4 'del(.holder_name)' >bad2.json
record K-5 '.valid_until = "2026-02-30"' >bad3.json
record K-6 ".holder_name = \"a\\u001b[31mb\"" >bad4.json
before=$(registry 'SELECT count(*), max(idx) FROM certificate')
issue --no-pdf two.json bad1.json bad2.json bad3.json bad4.json
expect_status 65
expect_err 'bad1.json: levle: is not a known name'
expect_err 'bad2.json: holder_name: '
expect_err 'bad3.json: valid_until: '
expect_err 'bad4.json: holder_name: '
expect_err '4 of 5 records cannot be issued; nothing was issued'
check "an index was spent" test "$before" = "$(registry 'SELECT count(*), max(idx) FROM certificate')"
# a code that no card holds is named, before anything is signed
record BIG-1 '.holder_name = "'"$(head -c 118 /dev/zero | tr '\0' N)"'" | .scheme_title = "'"$(seq -s ' ' 30 | head -c 90)"'" |
  .units = [range(40) | ((. * 7919 + 104729) % 99991) as $n | "\($n * $n)-\(($n * 31337) % 1000003)"]' >big.json
issue --card big.json
check "a code too large for a card ended with $status" test "$status" -eq 65 -o "$status" -eq 70
expect_err 'BIG-1'
expect_err 'card'
check "files of a card that could not be" test ! -e hall/out/BIG-1-card.pdf
check "it is in force" test "$(registry "SELECT count(*) FROM certificate WHERE number = 'BIG-1' AND state = 3")" -eq 0
sound

# --- the block ends; another one comes
seven=$((1010 - $(registry 'SELECT next FROM block')))
records E $((seven + 1)) >many.json
issue --no-pdf many.json
expect_status 65
expect_err 'no index is left; ask the authority for another block'
check "part of a batch was issued" test "$(registry "SELECT count(*) FROM certificate WHERE number LIKE 'E-%' AND state = 3")" -eq 0
saksi issue block --station hall --first 1005 --last 1105 --unsigned-block
expect_status 65
expect_err 'overlaps'
saksi issue block --station hall --first 2000 --last 9999 --unsigned-block
expect_status 0
issue --no-pdf many.json
expect_status 0
sound
saksi issue void --station hall --number E-1
expect_status 0
replaced=2
saksi issue void --station hall --number E-1
expect_status 65

# --- a hundred at once
records H 100 >hundred.json
issue --no-pdf hundred.json
expect_status 0
check "a hundred lines" test "$(grep -c '^issued H-' "$work/.out")" -eq 100
check "a hundred certificates" test "$(find hall/out -name 'H-*.cose' | wc -l)" -eq 100
v hall/out/H-7.txt hall/out/H-100.cose
expect_json '[.[].certificate.holder_name]' '["Person H","Person BAA"]'

# --- reports: what the authority learns, and that it learns it once
saksi issue report --station hall --out one.report
expect_status 0
expect_out 'changes 1 to '
next=$(sed -n 's/.*begins with --from \([0-9]*\).*/\1/p' "$work/.out")
check "a report names a person" test "$(grep -ac -e Siti -e Person one.report)" -eq 0
saksi authority import-report region one.report
expect_status 0
expect_out "revoked $(registry 'SELECT count(*) FROM certificate WHERE state = 4') void certificates in ID/status.json"
expect_out 'Next, for the list of ID'
# what a report calls void is revoked in the sources: 1000 was replaced, E-1 was spoilt
revoked_for() {
  jq --arg issuer $LSP --argjson index "$1" '.status[] | select(.issuer == $issuer) | .ranges[] |
    select(.first <= $index and $index <= .last) | .status + " " + .reason' region/ID/status.json
}
check "a replaced one is not revoked" test "$(revoked_for 1000)" = '"revoked superseded"'
spoilt=$(registry "SELECT idx FROM certificate WHERE number = 'E-1'")
check "a spoilt one is not revoked" test "$(revoked_for "$spoilt")" = '"revoked error"'
saksi authority import-report region one.report
expect_status 0
check "the same report revoked again" test "$(grep -c -e revoked -e Next "$work/.out")" -eq 0
saksi authority revoke region --issuer $LSP --number H-7 --reason error
expect_status 0
expect_out "index $(registry "SELECT idx FROM certificate WHERE number = 'H-7'") is revoked"
saksi authority revoke region --issuer $LSP --number NONE-7 --reason error
expect_status 65
scene "$SAKSI" issue void --station hall --number H-8
replaced=3
saksi issue report --station hall --out two.report --from "$next"
expect_status 0
expect_out 'tells 1 certificate,'
for byte in 20 60 100; do
  flip two.report $(($(stat -c %s two.report) - byte)) forged.report
  saksi authority import-report region forged.report
  expect_status 1
done
saksi authority import-report region two.report
expect_status 0
expect_out 'revoked 1 void certificates'
publish 2
scene "$SAKSI" trust import --sample --db trust.db region/out/trust.bundle
v hall/out/H-7.cose hall/out/H-9.cose
expect_status 1
expect_json '[.[].outcome]' '["not_valid","valid"]'
v hall/out/K-1+1001.cose first.cose hall/out/H-8.cose hall/out/E-1.cose
expect_json '[.[].outcome]' '["valid","not_valid","not_valid","not_valid"]'
expect_json '[.[1:][].reasons[0].name]' '["REVOKED","REVOKED","REVOKED"]'

# --- kill -9 in the middle, again and again; then all is issued once
records P 300 >power.json
cuts=0
for turn in $(seq 40); do
  "$SAKSI" issue --station hall --no-pdf --resume power.json >/dev/null 2>&1 &
  victim=$!
  sleep "0.0$((turn * 7 % 9 + 1))"
  kill -KILL $victim 2>/dev/null
  wait $victim 2>/dev/null
  [ $? -eq 137 ] && cuts=$((cuts + 1))
  [ "$(registry 'PRAGMA integrity_check')" = ok ] || fail "the registry is damaged after cut $turn"
done
check "only $cuts runs were cut" test $cuts -ge 5
issue --no-pdf --resume power.json
expect_status 0
check "three hundred, each once" test \
  "$(registry "SELECT count(*), count(DISTINCT number) FROM certificate WHERE number LIKE 'P-%' AND state = 3")" = '300|300'
sound
find hall/out -name 'P-*.cose' | xargs "$SAKSI" verify --sample --db trust.db --host MY --json >verdicts 2>/dev/null
check "each is genuine" test "$(jq -r 'select(.outcome == "valid" or .reasons[0].name == "ISSUED_AFTER_LIST") |
  .certificate.certificate_number' verdicts | sort -u | wc -l)" -eq 300

# the same while pages are printed
records Q 6 >pages.json
for turn in 1 3 5; do
  "$SAKSI" issue --station hall --resume pages.json >/dev/null 2>&1 &
  victim=$!
  sleep "0.$turn"
  kill -KILL $victim 2>/dev/null
  wait $victim 2>/dev/null
done
issue --resume pages.json
expect_status 0
check "every page is whole" test "$(for i in $(seq 6); do "$SAKSI" scan hall/out/Q-$i.pdf | cmp - hall/out/Q-$i.txt && echo same; done | grep -c same)" -eq 6
sound

# --- two stations' programs at once: one waits or is told, nothing is issued twice
records R 150 >race.json
"$SAKSI" issue --station hall --no-pdf race.json >/dev/null 2>race.err &
other=$!
issue --no-pdf --resume race.json
wait $other
check "both issued" test "$(registry "SELECT count(*) FROM certificate WHERE number LIKE 'R-%' AND state = 3")" -le 150
issue --no-pdf --resume race.json
expect_status 0
check "a race issued twice" test "$(registry "SELECT count(*) FROM certificate WHERE number LIKE 'R-%' AND state = 3")" -eq 150
sound
finish
