#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The README's way from a root to a verdict, as it is written: its commands, its sources, its record.
. "$(dirname "$0")/lib.sh"
need jq

# The indented lines under a heading of that section; a question is answered, a fingerprint is given.
steps() { # FROM TO
  sed -n '/^## Running it for real/,/^## For integrators/p' "$SOURCE/README.md" | sed -n "/$1/,/$2/s/^    //p" |
    sed -e 's/authority sign .*/& --yes/' -e "s/2028-06-01/$(date -u -d '+2 years' +%F)/" -e 's/^saksi trust init.*/& --root-id "$(fingerprint)"/'
}
fingerprint() { saksi_quiet trust init --root office/out/root-1.root --db none.db | sed -n 's/^    //p' | tr -d ' \n'; }
saksi_quiet() { "$SAKSI" "$@" 2>/dev/null </dev/null; }
# follow FROM TO: every line of the shell must succeed.
follow() {
  steps "$1" "$2" >steps
  check "the README has no steps between $1 and $2" test -s steps
  ran="README, $1 to $2"
  (set -e; saksi() { "$SAKSI" "$@" </dev/null; }; . ./steps) >"$work/.out" 2>"$work/.err"
  status=$?
  expect_status 0
}

follow '^\*\*1' '^The last'
jq -n --argjson entry "$(sed -n '/^{/,$p' .out)" '{keys: [$entry]}' >keys.json
saksi authority key show lsp.pem --issuer ID.BNSP.LSP-0123
expect_status 0
jq '{keys: [.]}' .out >office/ID/keys.json
check "key new and key show differ" test "$(jq -c '.keys[0].public' keys.json)" = "$(jq -c '.keys[0].public' office/ID/keys.json)"
follow '^The last' '^Every'
follow '^Every' '^\*\*2'
follow '^\*\*2' '^\*\*3'
sleep 1 # the signature is to be later than the list
follow '^\*\*3' '^\*\*4'
check "no page" test -s hall/out/LSP-0123-000001.pdf
check "no card" test -s hall/out/LSP-0123-000001-card.pdf
saksi verify --db trust.db --host ID hall/out/LSP-0123-000001.pdf
expect_status 2
expect_out 'ISSUED AFTER LIST'

sleep 1 # the next list is to be later than the signature
follow '^Every' '^\*\*2'
saksi trust import --db trust.db office/out/trust.bundle
follow '^\*\*4' '^With'
expect_out 'VALID  DOMESTIC'
follow '^With' '^Before'
expect_out 'saksi authority raise office'
follow '^Every' '^\*\*2'
saksi trust import --db trust.db office/out/trust.bundle
saksi verify --db trust.db --host ID hall/out/LSP-0123-000001.pdf
expect_status 1
expect_out 'NOT VALID  REVOKED'
finish
