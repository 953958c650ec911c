#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# saksi verify from outside: outcomes, exit statuses, JSON, languages, inputs and settings.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
need jq qpdf pdftoppm

LSP=ID.SAMPLE-A.LSP-01
scene "$SAKSI" authority sample region
certify valid $LSP 42 . --a4
certify other $LSP 43 '.holder_name = "Budi Santoso"' --a4 --card
certify cook $LSP 50 '.scheme_code = "S-COOK-CP-3" | .scheme_title = "Cook" | .sector_code = "I561"'
certify revoked $LSP 110 '.holder_name = "Joko Prasetyo"' --a4
certify suspended $LSP 205 .
certify expired $LSP 44 ".issue_date = \"$(date -u -d '-400 days' +%F)\" | .valid_until = \"$(date -u -d '-35 days' +%F)\""
certify derecognised $LSP 7 .
certify partial $LSP 51 '.coverage = "partial"'
certify uncovered PH.SAMPLE-C.AC-01 30 '.sector_code = "Q87" | .scheme_code = "S-CGV" | .framework = "PQF" | .nationality = "PH"'
certify thai TH.SAMPLE-D.CB-01 9 '.framework = "NQF-TH" | .nationality = "TH" | .holder_name_native = "สมชาย ใจดี" | .holder_name_language = "th" | del(.framework, .edition, .level)'
key=region/keys/$LSP.pem certify stranger QZ.SAMPLE-X 1 .
publish 2
install_lists trust.db
sleep 1.1 # a second is the unit of all times
certify newer $LSP 60 .
cd certificates
echo 'https://register.example/verify?id=17' >url.txt
sed 's/.$/0/; t' valid.txt | sed '1s/\(CC1:.\{60\}\)./\1Z/' >damaged.txt
at=$(date -u +%F)

v() { saksi verify --sample --db ../trust.db --host MY "$@"; }

# judged FILE OUTCOME REASON STATUS [OPTION...]: alone, as text and as JSON.
judged() {
  local file=$1 outcome=$2 reason=$3 number=$4 name
  shift 4
  v "$@" "$file"
  expect_status "$number"
  expect_out "$outcome"
  expect_out "This result is not a permission to work or to enter."
  v "$@" --json "$file"
  expect_status "$number"
  name=$(tr 'A-Z ' 'a-z_' <<<"$outcome")
  expect_json '[.[].outcome]' "[\"$name\"]"
  expect_json "any(.[0].reasons[]; .name == \"$reason\")" true
}

# --- every outcome, from every kind of file
for file in valid.txt valid.cose valid.pdf; do judged $file VALID RECOGNISED 0; done
judged cook.txt VALID RECOGNISED_WITH_CONDITIONS 0
judged revoked.txt 'NOT VALID' REVOKED 1
judged revoked.pdf 'NOT VALID' REVOKED 1
judged suspended.cose 'NOT VALID' SUSPENDED 1
judged expired.txt 'NOT VALID' EXPIRED 1
judged derecognised.txt 'NOT VALID' HOST_DERECOGNISED 1
judged uncovered.txt 'CHECK BY HAND' NOT_COVERED 2
judged partial.txt 'CHECK BY HAND' NOT_COVERED 2
judged newer.txt 'CHECK BY HAND' ISSUED_AFTER_LIST 2
judged stranger.txt 'CANNOT VERIFY' STATE_NOT_COVERED 3
judged url.txt 'CANNOT VERIFY' LEGACY_QR_ONLINE_ONLY 3
judged damaged.txt 'CANNOT VERIFY' MALFORMED 3
pdftoppm -r 150 -png -singlefile valid.pdf valid
pdftoppm -r 150 -jpeg -singlefile revoked.pdf revoked
judged valid.png VALID RECOGNISED 0
judged revoked.jpg 'NOT VALID' REVOKED 1

# --- another byte, another key: never genuine, never a name
size=$(stat -c %s valid.cose)
for offset in $(seq 60 23 $((size - 1))); do
  flip valid.cose "$offset" flipped.cose
  v --json flipped.cose
  check "byte $offset changed, and it is called genuine" test "$status" -ne 0 -a "$status" -ne 2
  expect_json '[.[0] | has("certificate")]' '[false]'
done
flip valid.cose $((size - 5)) forged.cose
judged forged.cose 'NOT VALID' SIGNATURE_WRONG 1
expect_json '.[0].issuer' "{\"claimed\":\"$LSP\"}"
expect_json '.[0].assurance' '"none"'

# --- statuses of several inputs: the worst of 1, 2, 3, 0; a failure before all
while read -r number files; do
  # shellcheck disable=SC2086
  v $files
  expect_status "$number"
done <<'END'
0 valid.txt cook.txt other.cose
1 valid.txt revoked.txt
1 url.txt newer.txt revoked.txt valid.txt
1 revoked.txt url.txt
2 url.txt newer.txt valid.txt
3 valid.txt url.txt
74 revoked.txt none.txt
74 none.txt valid.txt
END
v none.txt valid.txt
expect_one_err 'none.txt: there is no such file'
expect_out VALID

# --- the members of JSON, as documented, and none else
v --json valid.pdf
expect_json '.[0] | keys' '["assurance","certificate","input","issuer","outcome","page","person","reasons","recognition","sample","trust"]'
expect_json '[.[0].input, .[0].page, .[0].assurance, .[0].person, .[0].sample]' '["valid.pdf",1,"qr","not_checked",true]'
expect_json '.[0].certificate | del(.iat, .issue_date, .valid_until)' "$(jq -cn '{iss: "ID.SAMPLE-A.LSP-01",
  status_index: 42, certificate_number: "valid", scheme_type: "occupation", coverage: "full",
  scheme_code: "S-HTL-RA-2", scheme_title: "Room Attendant", standard_family: "SKKNI",
  units: ["S-HTL.001", "S-HTL.002"], framework: "KKNI", edition: 2012, level: 2, sector_code: "I551",
  job_index: "HHK.05", holder_name: "Siti Aminah", birth_date: "1999-02-03", nationality: "ID"}')"
expect_json '.[0].certificate.issue_date' "\"$(jq -r .issue_date "../stations/$LSP-42/record.json")\""
expect_json '.[0].issuer' "{\"id\":\"$LSP\",\"name\":\"Sample Hospitality Certification Body 01 (SAMPLE)\",\"awarding_body\":\"ID.SAMPLE-A\"}"
expect_json '.[0].recognition' '{"result":"recognised","arrangement":"AGP","rule":"MY-S-001"}'
expect_json '.[0].trust | [.header_version, .age_days, (.issued_at | test("^20..-..-..T..:..:..Z$"))]' '[2,0,true]'
expect_json '[.[0].reasons[] | keys - ["state"]] | unique' '[["code","name","severity"]]'
expect_json '[.[0].reasons[].code] | contains([101, 302, 402, 505])' true
v --json valid.txt
expect_json '.[0] | has("page")' false
v --json url.txt
expect_json '.[0] | keys - ["trust"]' '["assurance","input","outcome","person","reasons","sample"]'

# --- the holder's claims are for VALID and CHECK BY HAND alone
for file in revoked suspended expired derecognised stranger forged; do
  [ -e $file.txt ] && input_file=$file.txt || input_file=$file.cose
  for option in --json --lang=en; do
    v $option $input_file
    for word in Siti Joko 1999 'February' nationality holder_name birth_date Nationality; do expect_no_out "$word"; done
  done
done
v revoked.txt
expect_out 'revoked' # its number, so that people can ask
expect_out "$(date -u -d '-40 days' '+%-d %B %Y') (fraud at the centre)"

# --- samples are marked, and refused unless asked for
v valid.txt
expect_out 'SAMPLE          sample authorities and rules: this proves nothing'
expect_no_err
saksi verify --db ../trust.db --host MY valid.txt
expect_status 64
expect_silence
expect_one_err 'holds sample data, which proves nothing; add --sample'

# --- where no list is installed, the path that was looked at
saksi verify --db nowhere/trust.db --host MY valid.txt
expect_status 3
expect_no_err
expect_out '501  No trust list is installed here. (nowhere/trust.db)'
saksi verify --db nowhere/trust.db --host MY --json valid.txt
expect_json '.[0] | [.reasons[].name, has("paper")]' '["NO_TRUST_LIST",false]'

# --- languages: other words, the same verdict; a language that is not there stays English
v --lang en valid.txt
cp "$work/.out" "$work/english"
for lang in id ms fil th vi; do
  v --lang $lang valid.txt
  expect_status 0
  check "$lang is English" test "$(comm -12 <(sort "$work/english") <(sort "$work/.out") | grep -c 'good and the issuer')" -eq 0
  expect_out_like '^ ✔ '
  expect_out 'Siti Aminah'
  v --lang $lang --json valid.txt
  expect_json '.[0].outcome' '"valid"'
done
v --lang th valid.txt
expect_out "(พ.ศ. $(($(date -u +%Y) + 543)))"
v --lang id valid.txt
expect_out 'Petugas Kamar'
expect_out 'LSP Contoh Perhotelan 01 (CONTOH)'
v --lang xx valid.txt
expect_status 0
expect_same "$work/.out" "$work/english"
v --lang '../../etc/passwd' valid.txt
expect_status 64
v thai.txt
expect_out 'สมชาย ใจดี'

# --- the day, the post, the purpose, local time
judged valid.txt 'NOT VALID' HISTORICAL 1 --at "$(date -u -d '-3 days' +%F)"
judged valid.txt 'NOT VALID' NOT_YET_VALID 1 --at "$(date -u -d '-3 days' +%F)"
judged valid.txt VALID AS_OF 0 --at "$(date -u -d '+1 day' +%F)"
judged valid.txt 'NOT VALID' EXPIRED 1 --at "$(date -u -d '+3 years' +%F)"
judged valid.txt VALID RECOGNISED 0 --post HHK.05
judged valid.txt 'CHECK BY HAND' OCCUPATION_MISMATCH 2 --post HFO.99
judged thai.txt VALID RECOGNISED 0 --purpose hotel
judged thai.txt 'CHECK BY HAND' NOT_COVERED 2 --purpose border
judged valid.txt VALID RECOGNISED 0 --utc-offset +08:00
for pair in --at=2026-13-01 --at=2026-2-1 --at=yesterday --purpose=work --utc-offset=8 --utc-offset=+8:00 \
  --utc-offset=+15:00 --host=my --host=MYS --host= --lang= --db=; do
  v "$pair" valid.txt
  expect_status 64
  expect_silence
  expect_one_err "${pair%%=*} ${pair#*=}: not a value this option takes"
done
v --colour valid.txt
expect_status 64
expect_silence
expect_err 'saksi verify --help'
saksi verify --help
expect_status 0
expect_out 'Usage: saksi verify'
v valid.txt --help
expect_status 64
v --he
expect_status 64
v -- --help
expect_status 74
v
expect_status 64
expect_one_err 'name an image, PDF, .cose or text file, or - for standard input'
saksi verify --sample --db ../trust.db valid.txt
expect_status 64
expect_one_err 'no host state: give --host CC'
saksi verify --sample --db ../trust.db --host SG valid.txt
expect_status 2
expect_out 'RULES MISSING'
expect_out 'Issuer          ID  Sample Hospitality Certification Body 01'
saksi verify --sample --db ../trust.db --host ID valid.txt
expect_status 0
expect_out 301
saksi verify --db ../none.db --host MY valid.txt
expect_status 3
expect_out 'NO TRUST LIST'

# --- standard input: one verdict a line, at once
cat valid.txt revoked.txt url.txt >lines
input=lines v --json -
expect_status 1
expect_json '[.[].outcome]' '["valid","not_valid","cannot_verify"]'
expect_json '[.[].input] | unique' '["-"]'
printf '\r\n  \n%s\r\n\n' "$(cat valid.txt)" >blanks
input=blanks v --json -
expect_status 0
expect_json 'length' 1
printf %s "$(cat revoked.txt)" >unended
input=unended v -
expect_status 1
{ head -c 100000 /dev/zero | tr '\0' A; echo; cat valid.txt; } >long
input=long v --json -
expect_status 3
expect_json '[.[].outcome]' '["cannot_verify","valid"]'
{ printf 'abc\0def\n'; cat revoked.txt; } >nul
input=nul v --json -
expect_status 1
expect_json '[.[].outcome]' '["cannot_verify","not_valid"]'
v -
expect_status 74
expect_silence
expect_one_err 'standard input is empty'

mkfifo scanner answers
"$SAKSI" verify --sample --db ../trust.db --host MY --json - <scanner >answers &
reader=$!
exec 7>scanner 8<answers
for file in valid.txt revoked.txt valid.txt; do
  cat $file >&7
  line=
  read -r -t 10 line <&8
  check "$file: no answer while the scanner is still connected" test -n "$line"
done
kill -0 $reader 2>/dev/null && pass || fail "the program left before its scanner did"
exec 7>&- 8<&-
wait $reader
check "the statuses of a scanner's lines" test $? -eq 1

# --- several codes: pages, repetitions, web addresses
qpdf --empty --pages valid.pdf revoked.pdf other.pdf -- three.pdf
v --json three.pdf
expect_status 1
expect_json '[.[] | [.page, .outcome]]' '[[1,"valid"],[2,"not_valid"],[3,"valid"]]'
qpdf --empty --pages valid.pdf valid.pdf other-card.pdf other.pdf -- twice.pdf
v --json twice.pdf
expect_status 0
expect_json '[.[].certificate.certificate_number]' '["valid","other"]'
jq -n '{layout: "code", sample: true, heading: "A page", text: "Of another system.",
  qr: "https://register.example/verify?id=17"}' >address.json
"$LIBEXEC/saksi-page" <address.json >address.pdf || fail "no page with a web address"
judged address.pdf 'CANNOT VERIFY' LEGACY_QR_ONLINE_ONLY 3
qpdf --empty --pages address.pdf valid.pdf -- beside.pdf
v --json beside.pdf
expect_status 0
expect_json '[.[] | [.page, .outcome]]' '[[2,"valid"]]'

# one picture with two codes, one above the other
pdftoppm -r 150 -gray -singlefile address.pdf a
pdftoppm -r 150 -gray -singlefile valid.pdf b
pixels() { tail -c $((1240 * 1754)) "$1"; }
{ printf '%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n'
  printf '2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n'
  printf '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 1684]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R>>endobj\n'
  printf '4 0 obj<</Type/XObject/Subtype/Image/Width 1240/Height 3508/ColorSpace/DeviceGray/BitsPerComponent 8/Length %d>>stream\n' \
    $((1240 * 1754 * 2))
  pixels a.pgm
  pixels b.pgm
  printf '\nendstream endobj\n5 0 obj<</Length 29>>stream\n595 0 0 1684 0 0 cm /I Do    \nendstream endobj\n'
  printf 'trailer<</Root 1 0 R/Size 6>>\n%%%%EOF\n'; } >raw.pdf
qpdf --warning-exit-0 --no-warn raw.pdf both.pdf
v --json both.pdf
expect_status 0
expect_json '[.[] | [.page, .outcome]]' '[[1,"valid"]]'

# --- settings: the user's file, its faults by line, options before it
mkdir -p "$XDG_CONFIG_HOME/saksi"
conf=$XDG_CONFIG_HOME/saksi/saksi.conf
printf '[checkpoint]\nhost = MY\nsample = yes\ndb = %s\nlang = ms\npurpose = border\n' "$work/trust.db" >"$conf"
saksi verify --json thai.txt
expect_status 2
saksi verify --json --purpose hotel thai.txt
expect_status 0
saksi verify valid.txt
expect_status 0
v --lang ms valid.txt
cp "$work/.out" "$work/malay"
saksi verify valid.txt
expect_same "$work/.out" "$work/malay"
saksi verify --host PH --json valid.txt
expect_json '.[0].recognition.rule' '"PH-S-001"'
HOME=$work/home
mkdir -p "$HOME/.config/saksi"
mv "$conf" "$HOME/.config/saksi/saksi.conf"
unset XDG_CONFIG_HOME
saksi verify --json valid.txt
expect_status 0
conf=$HOME/.config/saksi/saksi.conf
while IFS='|' read -r line text; do
  printf '[checkpoint]\nhost = MY\n%b\n' "$text" >"$conf"
  saksi verify --sample --db ../trust.db valid.txt
  expect_status 64
  expect_silence
  expect_one_err "saksi.conf:$line: "
  saksi trust status
  expect_status 64
  expect_one_err "saksi.conf:$line: "
done <<'END'
3|colour = red
3|host = my
3|plain_days = 0
3|plain_days = many
3|nonsense
3|utc_offset = 8
4|[other]\nhost = MY
END
finish
