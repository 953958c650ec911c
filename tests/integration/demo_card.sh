#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# saksi demo --card with two virtual readers, twice with the same cards, and what its folder says afterwards.
. "$(dirname "$0")/lib.sh"
build=$(dirname "$SAKSI")

if [ "${1:-}" != inside ]; then
  need jq pcscd
  [ -x "$LIBEXEC/saksi-personalise" ] || skip "saksi-personalise was not built"
  mkdir saksi-card-demo && echo kept >saksi-card-demo/SAMPLE.txt
  saksi demo --card
  expect_status 74
  check "a folder of an earlier demo is gone" test -s saksi-card-demo/SAMPLE.txt
  rm -r saksi-card-demo
  saksi demo --card none
  expect_status 74
  expect_one_err 'tools/virtual-card --card first.card --card second.card -- saksi demo --card'
  [ "$failed" -eq 0 ] || exit 1
  "$SOURCE/tools/virtual-card" --build "$build" --card 1.card --card 2.card \
    -- "$SOURCE/tests/integration/demo_card.sh" inside "$work"
  exit
fi
cd "$2" || exit 1

for _ in new used; do
  saksi demo --card
  expect_status 0
  expect_no_err
  expect_out 'SAMPLE DATA'
  expect_no_out DIFFERENT
  expect_out 'all 3 verdicts are as expected'
done
try=$(sed -n 's/^    saksi //p' "$work/.out")
# shellcheck disable=SC2086
saksi $try --json --purpose hotel --reader "Saksi virtual reader 1 00 00"
expect_status 0
expect_json '.[0] | [.outcome, .assurance]' '["valid","card_proved"]'
# shellcheck disable=SC2086
saksi $try --json --reader "Saksi virtual reader 2 01 00"
expect_status 1
expect_json 'any(.[0].reasons[]; .name == "CARD_CLONE_SUSPECTED")' true
saksi scan saksi-card-demo/certificates/card.pdf
check "the page carries other bytes than the card" test "$(cat "$work/.out")" = "$(cat saksi-card-demo/certificates/card.txt)"
saksi demo --card a b
expect_status 64
finish
