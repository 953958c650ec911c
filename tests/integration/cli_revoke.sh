#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From an office to a checkpoint: every way to revoke, suspend and reinstate, and what the verdict then says.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
need jq

LSP=ID.BNSP.LSP-0123
THEFT=ID.BNSP.LSP-0456 # whose key is stolen
today=$(date -u +%F)

# --- an office with two issuers
scene "$SAKSI" authority init office --state ID
for id in $LSP $THEFT; do scene "$SAKSI" authority key new $id.pem --issuer $id; done
entry() { "$SAKSI" authority key show "$1.pem" --issuer "$1"; }
jq -n --argjson a "$(entry $LSP)" --argjson b "$(entry $THEFT)" '{keys: [$a, $b]}' >office/ID/keys.json
jq -n --arg a $LSP --arg b $THEFT '{issuers: ([{id: "ID.BNSP", kind: "awarding_body", parent: null}] +
  [$a, $b | {id: ., kind: "certification_body", parent: "ID.BNSP"}] |
  map(. + {names: {en: "Hotel Assessors"}, licences: [{from: "2018-01-01", until: null}]}))}' >office/ID/issuers.json
jq -n --arg a $LSP --arg b $THEFT '{status: [$a, $b | {issuer: ., allotment: 10000}]}' >office/ID/status.json

go_public() { # the five steps of a publication, and a checkpoint that imports it
  scene "$SAKSI" authority raise office
  scene "$SAKSI" authority build office
  scene "$SAKSI" authority sign office/out/ID.list --key office/keys/ID.pem --yes
  scene "$SAKSI" authority sign office/out/trust.header --key office/keys/publisher.pem --yes
  scene "$SAKSI" authority bundle office
  scene "$SAKSI" trust import --db trust.db office/out/trust.bundle
}
id=$("$SAKSI" trust init --root office/out/root-1.root --db none.db </dev/null 2>/dev/null | sed -n 's/^    //p' | tr -d ' \n')
scene "$SAKSI" trust init --db trust.db --root office/out/root-1.root --root-id "$id"
go_public

# --- certificates, and the reports about them
station() { # NAME ISSUER
  scene "$SAKSI" issue init "$1" --issuer "$2" --station "$1" --key "$2.pem" --first 1 --last 500 --unsigned-block --db trust.db
}
station hall $LSP
station dock $THEFT
one() { # STATION NUMBER [FILTER]: one certificate; its index is the next one of the station
  record "$2" "${3:-.}" >one.json
  scene "$SAKSI" issue --station "$1" --no-pdf one.json
}
one hall VALID-1                                       # 1
one hall INDEX-1                                       # 2
one hall 'Number 000-1'                                # 3
one hall FILE-1                                        # 4
one hall FILE-2                                        # 5
one hall SUSPEND-1                                     # 6
one hall BACK-1                                        # 7
one hall CENTRE-1 '.assessment_centre = "TUK-1"'       # 8
one hall CENTRE-2 '.assessment_centre = "TUK-1" | .issue_date = "2025-01-01"' # 9
one hall BLANK-1 '.blank_number = "AB000100"'          # 10
one hall BLANK-2 '.blank_number = "AB000200"'          # 11
one hall SET-1                                         # 12
one hall VOID-1                                        # 13
one dock OLD-1 '.issue_date = "2025-06-02"'            # 1
one dock OLD-2 '.issue_date = "2025-06-02"'            # 2
one dock YOUNG-1                                       # 3
scene "$SAKSI" issue void --station hall --number VOID-1
for s in hall dock; do scene "$SAKSI" issue report --station $s --out $s.report; done
saksi authority import-report office hall.report dock.report
expect_status 0
expect_out 'revoked 1 void certificates'

# verdict STATION NUMBER REASON [WITHDRAWN]: the reason beside the outcome, and when and why it was withdrawn.
verdict() {
  local file
  file=$1/out/$(tr ' ' '?' <<<"$2").cose
  # shellcheck disable=SC2086
  run "$SAKSI" verify --db trust.db --host ID --json $file
  case $3 in
  VALID) expect_json '.[0] | [.outcome, ([.reasons[].name] | index("REINSTATED"))]' '["valid",null]' ;;
  REINSTATED) expect_json '.[0] | [.outcome, (.reasons[].name | select(. == "REINSTATED"))]' '["valid","REINSTATED"]' ;;
  KEY_COMPROMISED) expect_json '.[0] | [.outcome, .reasons[0].name]' '["check_by_hand","KEY_COMPROMISED"]' ;;
  *) expect_json '.[0] | [.outcome, .reasons[0].name]' "[\"not_valid\",\"$3\"]" ;;
  esac
  # shellcheck disable=SC2086
  run "$SAKSI" verify --db trust.db --host ID $file
  if [ -n "${4:-}" ]; then expect_out_like "^  Withdrawn +$day [A-Z][a-z]+ [0-9]+ \\($4\\)\$"; else expect_no_out Withdrawn; fi
}
day=$(date -u +%-d)
sleep 1 # the list is to be later than the signatures
go_public
for n in INDEX-1 'Number 000-1' FILE-1 FILE-2 SUSPEND-1 BACK-1 CENTRE-1 CENTRE-2 BLANK-1 BLANK-2 SET-1; do verdict hall "$n" VALID; done
for n in OLD-1 OLD-2 YOUNG-1; do verdict dock $n VALID; done
verdict hall VOID-1 REVOKED 'error'

# --- each way
change() { # WHAT-IS-SAID ARGUMENT...
  local said=$1
  shift
  saksi authority "$1" office --issuer "${who:-$LSP}" "${@:2}"
  expect_status 0
  expect_no_err
  expect_out "$said"
  expect_out 'Next, for the list of ID: saksi authority raise office'
}
change 'index 2 is revoked in the sources' revoke --reason fraud --index 2
change 'index 3 is revoked in the sources' revoke --reason error --number number0001
printf 'file 1\r\n\nFILE2\n' >numbers
change 'indices 4 to 5 are revoked in the sources' revoke --reason holder_request --file numbers --by number
change 'index 6 is suspended in the sources' revoke --reason unspecified --index 6 --suspend
change 'index 7 is revoked in the sources' revoke --reason fraud --index 7
change 'centre TUK-1: revoked in the sources; the reports know 1 such' revoke --reason centre_fraud --centre TUK-1 --from 2025-06-01
change 'blanks AB000100-AB000199: revoked in the sources; the reports know 1 such' revoke --reason fraud --blank AB000100-AB000199
saksi authority revoke office --issuer $LSP --reason fraud --blank AB000150-AB000150
expect_status 0
expect_out 'blanks AB000150-AB000150: covered by an entry that is there; the reports know 0 such'
expect_no_out Next
{ echo 12; seq 3000 2 5100; } >indices
change '1052 indices are revoked in the sources' revoke --reason fraud --file indices --by index
expect_out '1052 of them in a set, which keeps no reason and no date'
go_public
verdict hall BACK-1 REVOKED fraud
change 'index 7 is reinstated in the sources' reinstate --index 7 --reason error

# --- a stolen key
who=$THEFT
saksi authority status office --state ID
kid=$(sed -n "/^$THEFT/,\$s/^    key  *\([0-9a-f]*\) .*/\1/p" .out)
check "the status shows no key" test ${#kid} -eq 16
change 'the reports know 1 certificates issued on' revoke --reason fraud --key "$kid" --from "$today"
expect_out "index 3 is revoked in the sources"
expect_out 'This key has NOT ended as compromised'
saksi authority key end office --issuer $THEFT --kid "$kid" --as compromised --at "$today"
expect_status 0
expect_out "ends in the sources as compromised on $today"
expect_out 'saksi authority survivors office'
echo 1 >survivors
change '1 survivors are new in the sources' survivors --file survivors
who=
go_public

verdict hall VALID-1 VALID
verdict hall INDEX-1 REVOKED fraud
verdict hall 'Number 000-1' REVOKED error
verdict hall FILE-1 REVOKED "at the holder's request"
verdict hall FILE-2 REVOKED "at the holder's request"
verdict hall SUSPEND-1 SUSPENDED 'no reason given'
verdict hall BACK-1 REINSTATED error
verdict hall CENTRE-1 CENTRE_REVOKED 'fraud at the centre'
verdict hall CENTRE-2 VALID
verdict hall BLANK-1 BLANK_REVOKED fraud
verdict hall BLANK-2 VALID
verdict hall SET-1 REVOKED
verdict hall VOID-1 REVOKED error
verdict dock OLD-1 VALID
verdict dock OLD-2 KEY_COMPROMISED
verdict dock YOUNG-1 REVOKED fraud

# --- what the sources say, in words
saksi authority status office
expect_status 0
expect_out "    indices     10000 allotted; 13 reported, 1 of them void"
expect_out "    revoked     1057"
expect_out "    suspended   1"
expect_out "    reinstated  1"
expect_out "    survivors   1, confirmed after a theft"
expect_out "    centre      TUK-1 revoked for certificates issued 2025-06-01 to no end: centre_fraud, $today"
expect_out "    blanks      AB000100 to AB000199 revoked: fraud, $today"
expect_out "ended $today: compromised"
saksi authority status office --state XX
expect_status 74

# --- nothing comes back without a word: the list is not built
untouched() { expect_same office/ID/status.json before.json; }
taken_back() { # FILTER WHAT
  cp office/ID/status.json before.json
  jq "$1" before.json >office/ID/status.json
  scene "$SAKSI" authority raise office --state ID
  saksi authority build office --state ID
  expect_status 65
  expect_silence
  expect_one_err "saksi authority: ID/status.json: $LSP: $2"
  expect_err "office/out/ID.list)"
  cp before.json office/ID/status.json
}
taken_back '.status[0].ranges |= map(select(.first != 2))' \
  'index 2 was revoked and now is neither revoked, suspended nor reinstated; put it back'
taken_back '.status[0].ranges |= map(select(.status != "suspended"))' 'index 6 was suspended and now is neither'
taken_back '.status[0].revoked |= map(select(. != 5100))' 'index 5100 was revoked and now is neither'
taken_back '.status[0].allotment = 9999' 'the allotment is 9999, but was 10000; it does not shrink'
taken_back '.status[0].centres = []' 'the revoked centre TUK-1 is gone or covers less'
taken_back '.status[0].blanks[0].last = 198' 'the revoked blanks AB 100 to 199 are gone or fewer'
saksi authority build office --state ID
expect_status 0

# --- refusals, which change nothing
cp office/ID/status.json before.json
refused() { # STATUS WHAT ARGUMENT...
  saksi authority "${@:3}"
  expect_status "$1"
  expect_silence
  expect_one_err "saksi authority: $2"
  untouched
}
one_of='revoke: give exactly one of --index, --number, --file, --centre, --blank and --key'
r=(revoke office --issuer $LSP --reason fraud)
refused 64 "$one_of" "${r[@]}"
refused 64 "$one_of" "${r[@]}" --index 1 --number X
refused 64 'revoke: give a known --reason' revoke office --issuer $LSP --index 1
refused 64 'revoke: give a known --reason' revoke office --issuer $LSP --index 1 --reason envy
refused 64 'revoke: give the issuer' revoke office --issuer LSP --index 1 --reason fraud
refused 64 '--index takes N or N-M' "${r[@]}" --index 5-2
refused 64 'revoke: --suspend goes with --index, --number and --file only' "${r[@]}" --centre T --suspend
refused 64 'revoke: --from goes with --centre and --key' "${r[@]}" --index 1 --from "$today"
refused 64 'revoke: --from and --until take days' "${r[@]}" --centre T --from yesterday
refused 64 'revoke: say what the lines of the file are: --by index or --by number' "${r[@]}" --file numbers
refused 64 'revoke: --by goes with --file' "${r[@]}" --index 1 --by index
refused 64 'revoke: --blank: AB99-AB100: is not FIRST-LAST' "${r[@]}" --blank AB99-AB100
refused 64 'revoke: --blank: AB1-CD2: both must begin with the same characters' "${r[@]}" --blank AB1-CD2
refused 64 'revoke: --key takes 16 hexadecimal digits' "${r[@]}" --key hall.pem --from "$today"
refused 64 'revoke: --key needs --from' "${r[@]}" --key "$kid"
refused 65 "ID/keys.json: has no key $kid of $LSP" "${r[@]}" --key "$kid" --from "$today"
refused 65 "no report of $LSP names the certificate NONE-1" "${r[@]}" --number NONE-1
printf 'FILE-1\n\nFILE-9\n' >wrong
refused 65 'wrong: line 3: FILE-9 is in no report of this issuer' "${r[@]}" --file wrong --by number
refused 65 'wrong: line 1: FILE-1 is not an index N or a range N-M' "${r[@]}" --file wrong --by index
refused 74 'absent: ' "${r[@]}" --file absent --by index
refused 65 "ID/status.json: has no entry for the issuer ID.NOBODY" revoke office --issuer ID.NOBODY --index 1 --reason fraud
refused 1 "index 1 of $LSP is neither revoked nor suspended" reinstate office --issuer $LSP --index 1 --reason error
refused 1 "index 13 of $LSP was reported void by its issuer and cannot come back" reinstate office --issuer $LSP --index 13 --reason error
refused 64 'reinstate: give --index N or N-M' reinstate office --issuer $LSP --reason error
refused 64 'survivors: give --file' survivors office --issuer $THEFT
echo 10000 >beyond
refused 65 "ID/status.json: status[1].survivors: holds 10000, which is not below" survivors office --issuer $THEFT --file beyond
for bad in "--kid 12 --as ceased --at $today" "--kid $kid --as stolen --at $today" "--kid $kid --as ceased --at now"; do
  # shellcheck disable=SC2086
  refused 64 'key end: ' key end office --issuer $THEFT $bad
done
refused 1 "this key ended on $today as compromised" key end office --issuer $THEFT --kid "$kid" --as ceased --at "$today"

# --- kill -9 in the middle: the sources are as before or as after
seq 6001 2 9999 >many
many=("${r[@]}" --file many --by index)
cp -r office whole
scene "$SAKSI" authority revoke whole "${many[@]:2}"
cuts=0 torn=0
for turn in $(seq 60); do
  "$SAKSI" authority "${many[@]}" >/dev/null 2>&1 &
  victim=$!
  sleep "0.0$(printf %02d $((turn * 7 % 30)))"
  kill -KILL $victim 2>/dev/null
  wait $victim 2>/dev/null
  [ $? -eq 137 ] && cuts=$((cuts + 1))
  if cmp -s office/ID/status.json whole/ID/status.json; then cp before.json office/ID/status.json
  elif ! cmp -s office/ID/status.json before.json; then torn=$((torn + 1)); fi
done
check "only $cuts runs were cut" test $cuts -ge 5
check "$torn cuts left something else" test $torn -eq 0
saksi authority "${many[@]}"
expect_status 0
expect_same office/ID/status.json whole/ID/status.json

# --- many at once: each change is there, or was refused
for i in $(seq 20); do
  ("$SAKSI" authority "${r[@]}" --index $((200 + 2 * i)) >/dev/null 2>&1 </dev/null; echo "$((200 + 2 * i)) $?" >"race.$i") &
done
wait
done_ones=$(cat race.* | sed -n 's/ 0$//p' | sort -n)
found=$(jq -r '.status[0].ranges[] | select(.first > 200 and .first <= 240) | .first' office/ID/status.json | sort -n)
check "an update was lost" test "$done_ones" = "$found"
check "none was made" test -n "$done_ones"
check "some failed in another way" test -z "$(cat race.* | grep -vE ' (0|74)$')"
finish
