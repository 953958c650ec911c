#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# saksi demo, what the README promises of its folder, and its verdicts repeated by hand from pictures, pages and texts.
. "$(dirname "$0")/lib.sh"
need jq

saksi demo
expect_status 0
expect_out 'SAMPLE DATA'
expect_no_out DIFFERENT
expect_out_like '^all ([0-9]+) verdicts are as expected'
check "the folder is not the promised one" test -d saksi-demo
cd saksi-demo || exit 1

# --- the README's own commands, line by line, in that folder
commands=$(sed -n '/^## A first/,/^## Run/{/^    saksi /s/^ *//p}' "$SOURCE/README.md")
check "the README has no commands" test "$(wc -l <<<"$commands")" -ge 6
while read -r command; do
  # shellcheck disable=SC2086
  saksi ${command#saksi }
  case $command in
  *revoked.png*) expect_status 1 ;;
  *inspect*) expect_status 2 ;;
  *) expect_status 0 ;;
  esac
  check "nothing is printed" test -s "$work/.out"
done <<<"$commands"

# --- expected.csv, by hand
lines=0
outcomes=
while IFS=, read -r name host purpose post outcome reason; do
  [ "$name" != name ] || continue
  lines=$((lines + 1))
  outcomes+=" $outcome"
  case $outcome in valid) number=0 ;; not_valid) number=1 ;; check_by_hand) number=2 ;; *) number=3 ;; esac
  options=(--sample --db trust.db --host "$host" --purpose "$purpose" ${post:+--post "$post"} --json)
  for kind in png pdf txt cose; do
    [ -e "certificates/$name.$kind" ] || [ $kind != cose ] || continue # another system's page has none
    saksi verify "${options[@]}" "certificates/$name.$kind"
    expect_status $number
    expect_json '[.[].outcome]' "[\"$outcome\"]"
    expect_json "any(.[0].reasons[]; .name == \"$reason\")" true
    expect_json '.[0].sample' true
  done
done <expected.csv
check "$lines certificates are few" test $lines -ge 20
for outcome in valid not_valid check_by_hand cannot_verify; do
  check "no certificate is $outcome" grep -qw $outcome <<<"$outcomes"
done
saksi verify --host MY --db trust.db certificates/valid-domestic.txt
expect_status 64
expect_one_err 'holds sample data'
saksi scan certificates/valid-recognised-card.pdf
expect_status 0
expect_same "$work/.out" certificates/valid-recognised.txt

# --- again, over its own folder; never over another's
cd ..
cp saksi-demo/trust.db before.db
saksi demo saksi-demo
expect_status 0
check "the second demo made nothing" test "$(cmp -s before.db saksi-demo/trust.db; echo $?)" -eq 1
mkdir mine
echo precious >mine/thesis.txt
saksi demo mine
expect_status 74
expect_one_err 'mine: is not empty and not of an earlier demo'
check "it was touched" test "$(ls -A mine)" = thesis.txt -a "$(cat mine/thesis.txt)" = precious
cp saksi-demo/SAMPLE.txt mine/SAMPLE.txt
echo more >>mine/SAMPLE.txt
saksi demo mine
expect_status 74
check "it was touched" test -e mine/thesis.txt
mkdir -p linked/target
echo precious >linked/target/thesis.txt
ln -s linked/target link
saksi demo link
expect_status 74
check "it was touched through a link" test -e linked/target/thesis.txt
echo file >file
saksi demo file
expect_status 74
check "a file was replaced" grep -qx file file
saksi demo none/deep
expect_status 74
saksi demo a b
expect_status 64
saksi demo --fast
expect_status 64
saksi demo --help
expect_status 0
finish
