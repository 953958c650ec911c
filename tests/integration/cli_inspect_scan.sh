#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# saksi scan and saksi inspect from outside: own certificates, and the EU's test certificates where they are at hand
# (SAKSI_VECTORS/dgc, or ../shared/vectors/dgc beside the sources). SAKSI_LONG=1 takes all of these.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
need jq qpdf pdftoppm openssl

LSP=ID.SAMPLE-A.LSP-01
scene "$SAKSI" authority sample region
certify A-1 $LSP 42 . --a4
certify A-2 $LSP 43 . --a4 --card
cd certificates || exit 1

# --- scan: the text and nothing else, page by page; JSON for programs
saksi scan A-1.pdf
expect_status 0
expect_no_err
expect_same "$work/.out" A-1.txt
saksi scan --json A-1.pdf
expect_json '.' "[{\"input\":\"A-1.pdf\",\"page\":1,\"text\":$(jq -Rc . A-1.txt)}]"
qpdf --empty --pages A-1.pdf A-2.pdf A-1.pdf -- three.pdf
saksi scan --json three.pdf
expect_status 0
expect_json '[.[].page]' '[1,2,3]'
expect_json '[.[].text]' "$(jq -Rsc 'split("\n") | [.[0], .[1], .[2]]' <(cat A-1.txt A-2.txt A-1.txt))"
saksi scan A-1.pdf A-2-card.pdf
expect_status 0
expect_same "$work/.out" <(cat A-1.txt A-2.txt)
for kind in png jpeg; do
  pdftoppm -r 120 -$kind -singlefile A-1.pdf picture
done
for file in picture.png picture.jpg; do
  saksi scan $file
  expect_status 0
  expect_same "$work/.out" A-1.txt
done
qpdf --empty empty.pdf 2>/dev/null
qpdf A-1.pdf --encrypt secret secret 256 -- locked.pdf
for file in A-1.txt A-1.cose empty.pdf locked.pdf; do
  saksi scan $file
  expect_status 3
  expect_silence
  expect_one_err "$file: "
done
saksi scan none.png A-1.pdf A-1.txt
expect_status 74
expect_same "$work/.out" A-1.txt
saksi scan
expect_status 64
saksi scan --text A-1.pdf
expect_status 64

# --- inspect: what is inside, and whether a key fits
openssl pkey -in "../region/keys/$LSP.pem" -pubout -out good.pem 2>/dev/null
openssl pkey -in "../region/keys/$LSP.pem" -pubout -outform DER -out good.der 2>/dev/null
openssl pkey -in ../region/keys/ID-1.pem -pubout -out other.pem 2>/dev/null
openssl pkey -in ../region/keys/MY-1.pem -pubout -out edwards.pem 2>/dev/null
for file in A-1.txt A-1.cose; do
  saksi inspect $file
  expect_status 2
  expect_out 'Siti Aminah'
  expect_out 'not checked: no key was given'
  for key in good.pem good.der; do
    saksi inspect --key $key $file
    expect_status 0
    expect_out 'signature:  GOOD under the key given'
    expect_out 'algorithm:  ES256 (protected)'
    expect_out 'It does not say'
  done
  saksi inspect --key other.pem $file
  expect_status 1
  expect_out 'signature:  BAD under the key given'
  saksi inspect --key edwards.pem $file
  expect_status 2
  expect_out 'the key is of another kind'
  saksi inspect --key good.pem --external 00ff $file
  expect_status 1
  saksi inspect --key A-1.txt $file
  expect_status 65
  expect_silence
done
saksi inspect --text "$(cat A-1.txt)" --key good.pem
expect_status 0
expect_out 'prefix:     CC1'
input=A-1.txt saksi inspect --key good.pem -
expect_status 0
input=A-1.cose saksi inspect --key good.pem -
expect_status 0
saksi inspect --prefix HC1 A-1.txt
expect_status 65
expect_one_err 'prefix'
for arguments in "" "A-1.txt A-2.txt" "--text x A-1.txt" "--prefix x A-1.txt" "--external 0 A-1.txt" "--external zz A-1.txt" \
  "--key" "--colour A-1.txt"; do
  # shellcheck disable=SC2086
  saksi inspect $arguments
  expect_status 64
  expect_silence
done
size=$(stat -c %s A-1.cose)
wrong=0
for offset in $(seq 0 3 $((size - 1))); do
  flip A-1.cose "$offset" flipped.cose
  "$SAKSI" inspect --key good.pem flipped.cose >/dev/null 2>&1
  case $? in 1 | 2 | 65) ;; *) wrong=$((wrong + 1)) ;; esac
done
check "$wrong changed certificates still good, or worse" test $wrong -eq 0
cd ..

# --- codes of another kind and maker
vectors=${SAKSI_VECTORS:-$SOURCE/../shared/vectors}/dgc
if [ ! -d "$vectors" ]; then
  without "the EU's test certificates: they are not there (SAKSI_VECTORS)"
  finish
  exit
fi
# path, text, certificate, expected to verify, picture expected to be readable, description
find "$vectors" -name '*.json' | LC_ALL=C sort | xargs -d '\n' jq -r '[input_filename, .PREFIX // "", .TESTCTX.CERTIFICATE // "",
  (.EXPECTEDRESULTS | if has("EXPECTEDVERIFY") then .EXPECTEDVERIFY else "" end | tostring),
  (."2DCODE" != null and .EXPECTEDRESULTS.EXPECTEDPICTUREDECODE == true | tostring)] | join("\u001f")' >codes
count=$(wc -l <codes)
check "no codes were found" test "$count" -gt 0
step=1
[ "${SAKSI_LONG:-0}" = 1 ] || step=$(((count + 14) / 15))

# Names of those whose signature is good, though their files expect a refusal, and why.
contradiction() {
  case $1 in
  common/2DCode/raw/CO22.json) echo "a wrong kid beside a good signature; here the user names the key" ;;
  common/2DCode/raw/CO23.json) echo "no protected kid beside a good signature; here the user names the key" ;;
  *) return 1 ;;
  esac
}

n=0
while IFS=$'\x1f' read -r path text certificate verify picture; do
  n=$((n + 1))
  [ $((n % step)) -eq 0 ] || continue
  name=${path#"$vectors"/}
  if [ -n "$verify" ] && [ -n "$certificate" ]; then
    base64 -d <<<"$certificate" >key.der
    saksi inspect --key key.der --text "$text"
    why=$(contradiction "$name") && expected=other || expected=$verify
    case $expected in
    true) check "$name: should verify, ended with $status" test "$status" -eq 0 ;;
    false) check "$name: should not verify, ended with $status" test "$status" -ne 0 ;;
    other) check "$name: $why; ended with $status" test "$status" -eq 0 ;;
    esac
  fi
  if [ "$picture" = true ]; then
    jq -r '."2DCODE"' "$path" | base64 -d >picture.png
    saksi scan picture.png
    check "$name: its picture does not read back" test "$(cat "$work/.out")" = "$text"
  fi
done <codes

pictures=0
while read -r path; do
  pictures=$((pictures + 1))
  [ $((pictures % step)) -eq 0 ] || continue
  name=${path#"$vectors"/} number=$(basename "$path" .png)
  json=${path%/png/*}/2DCode/raw/${number#BG-}.json
  saksi scan "$path"
  expect_status 0
  case $name in
  ES/png/*) continue ;; # hold other certificates than the files of their numbers
  esac
  text=$(jq -r .PREFIX "$json")
  check "$name: its code does not read back" test "$(cat "$work/.out")" = "$text"
done < <(find "$vectors" -name '*.png' | LC_ALL=C sort)
check "no pictures were found" test $pictures -gt 0
echo "every ${step}th of $count codes and $pictures pictures"
finish
