#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One publication by different ways and on different devices: the same words about every certificate, byte by byte.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
need jq

LSP=ID.SAMPLE-A.LSP-01
scene "$SAKSI" authority sample region
certify valid $LSP 42 .
certify revoked $LSP 110 .
certify late $LSP 43 .
publish 2
cp region/out/trust.bundle first.bundle
scene "$SAKSI" authority revoke region --issuer $LSP --index 43 --reason fraud
publish 3
cp region/out/trust.bundle second.bundle
day=$(date -u +%F)

t() { # DB SUBCOMMAND [ARGUMENT...]
  local db=$1 sub=$2
  shift 2
  saksi trust "$sub" --sample --db "$db" "$@"
  expect_status 0
}
begin() { scene "$SAKSI" trust init --sample --db "$1" --root region/out/root-1.root --root-id "$(fingerprint region/out/root-1.root)"; }

# --- all at once, over the earlier one, through another device, by what changed since, and twice
for db in once over through since twice; do begin $db.db; done
t once.db import second.bundle
t over.db import first.bundle
t over.db import second.bundle
t over.db export --out all.bundle
t through.db import all.bundle
t over.db export --out since.bundle --since 2
expect_out 'since header 2'
t since.db import first.bundle
t since.db import since.bundle
for bundle in first first second second since all; do t twice.db import $bundle.bundle; done
check "changes are not smaller than all" test "$(stat -c %s since.bundle)" -lt "$(stat -c %s all.bundle)"

# --- to a store that has another version they are refused by name, and the store still answers
begin other.db
saksi trust import --sample --db other.db since.bundle
expect_status 1
expect_one_err 'BASE_MISMATCH'

# --- every word about every certificate
words() { # DB HOST NAME...
  local db=$1 host=$2
  shift 2
  "$SAKSI" verify --sample --db "$db" --host "$host" --json --at "$day" "${@/%/.txt}"
}
cd certificates || exit 1
for host in MY ID PH TH; do
  words ../once.db $host valid revoked late >"$work/once.json" 2>"$work/once.err"
  check "no verdicts in $host" test "$(wc -l <"$work/once.json")" -eq 3
  for db in over through since twice; do
    words ../$db.db $host valid revoked late >"$work/other.json" 2>"$work/other.err"
    expect_same "$work/once.json" "$work/other.json"
    expect_same "$work/once.err" "$work/other.err"
  done
done
cd "$work" || exit 1
saksi verify --sample --db since.db --host MY --json certificates/valid.txt certificates/revoked.txt certificates/late.txt
expect_status 1
expect_json '[.[].outcome]' '["valid","not_valid","not_valid"]'
expect_json '[.[].reasons[0].name]' '["GENUINE","REVOKED","REVOKED"]'

# --- and what status says of the lists
for db in once over through since twice; do
  t $db.db status --json
  jq -c '[.root, .header, .lists, .problems]' "$work/.out" >$db.status
  expect_same once.status $db.status
done

# --- what they pass on is one file
for db in once over through since twice; do
  t $db.db export --out $db.bundle
  expect_same once.bundle $db.bundle
done
finish
