#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Trust documents from sources to checkpoints: keys in separate hands, forgeries of every kind, and the road of a bundle.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
need jq

# --- keys without a password are pointed out
saksi authority init unencrypted --state VN
expect_status 0
expect_out 'NOT encrypted'

# --- a state alone, for real: sample marks nowhere, a password on every key
printf 'correct horse\n' >password
saksi authority init office --state VN --holder 'Ministry' --password-file password
expect_status 0
expect_out 'Before real use, keep them apart'
expect_no_out 'NOT encrypted'
expect_no_out SAMPLE
check "the root is a sample" test "$(jq 'has("sample") and .sample' office/root.json)" = false
check "a key is not encrypted" test "$(grep -Lc ENCRYPTED office/keys/*.pem | wc -l)" -eq 0
check "a key is open to others" test "$(find office/keys -name '*.pem' -perm /077 | wc -l)" -eq 0
id=$("$SAKSI" trust init --root office/out/root-1.root --db none.db </dev/null 2>/dev/null | sed -n 's/^    //p' | tr -d ' \n')
check "no fingerprint" test ${#id} -eq 64
saksi trust init --root office/out/root-1.root --db real.db --root-id "$id"
expect_status 0
saksi trust import --db real.db office/out/trust.bundle
expect_status 0
saksi trust status --db real.db --json
expect_json '.[0] | [.root.root_id, (.lists | length), .lists[0].state]' "[\"$id\",1,\"VN\"]"
expect_no_out SAMPLE
saksi trust init --root office/out/root-1.root --sample --db mixed.db --root-id "$id"
check "a real root as a sample ended with $status" test "$status" -eq 1 -o "$status" -eq 0 -a -n "$(grep real "$work/.err")"

# --- 2 of 3, each key in a folder of its own, each signature at a time
scene "$SAKSI" authority sample region
id=$(fingerprint region/out/root-1.root)
for desk in one two three; do mkdir $desk; mv region/keys/ID-$((++n)).pem $desk/; done
sed -i 's/"version": 1/"version": 2/' region/ID/list.json region/header.json
cp region/out/trust.bundle first.bundle
cp region/out/ID.list first.list
jq '.status[0].revoked += [77]' region/ID/status.json >s && mv s region/ID/status.json
saksi authority build region --state ID
expect_status 0
expect_out 'ID.list: version 2'
carry() { # DESK KEY [OPTION]: the document goes there and comes back signed
  cp region/out/ID.list "$1/ID.list"
  saksi authority sign "$1/ID.list" --key "$1/$2.pem" --root region/out --yes "${@:3}"
  [ "$status" -ne 0 ] || cp "$1/ID.list" region/out/ID.list
}
carry one ID-1 --against first.list
expect_status 0
expect_out 'signed by 1 of the 2 needed'
expect_out 'ID.SAMPLE-A.LSP-01: 1 newly revoked: 77'
saksi authority bundle region --out half.bundle
expect_status 1
expect_err 'list ID: THRESHOLD'
check "half a bundle was written" test ! -e half.bundle
carry one ID-1
expect_status 1
expect_one_err 'has signed already'
for key in region/keys/MY-1.pem region/keys/publisher-1.pem region/keys/root-1.pem region/keys/ID.SAMPLE-A.LSP-01.pem; do
  cp region/out/ID.list before
  saksi authority sign region/out/ID.list --key $key --yes
  expect_status 77
  expect_err 'not one of the national authority of ID'
  expect_same before region/out/ID.list
done
saksi authority sign region/out/trust.header --key three/ID-3.pem --root region/out --yes
expect_status 77
# a document that was touched on the way
size=$(stat -c %s region/out/ID.list)
touched=0
for offset in $(seq 0 29 $((size - 1))); do
  flip region/out/ID.list "$offset" two/ID.list
  cp two/ID.list before
  "$SAKSI" authority sign two/ID.list --key two/ID-2.pem --root region/out --yes >"$work/.out" 2>"$work/.err" </dev/null
  [ $? -eq 0 ] && { # what the first signature or the sources do not hold must not come to a bundle
    cp region/out/ID.list good.list
    cp two/ID.list region/out/ID.list
    "$SAKSI" authority bundle region --out forged.bundle >/dev/null 2>&1 && touched=$((touched + 1))
    cp good.list region/out/ID.list
  }
done
check "$touched documents changed by one bit became a bundle" test $touched -eq 0
carry three ID-3
expect_status 0
expect_out 'signed by 2 of the 2 needed'
saksi authority build region
expect_status 0
saksi authority sign region/out/trust.header --key region/keys/publisher-1.pem --yes
expect_status 0
saksi authority bundle region --out second.bundle
expect_status 0

# --- an old version, or the same one with other content, is not built
jq '.status[0].revoked += [78]' region/ID/status.json >s && cp s region/ID/status.json
saksi authority build region --state ID
expect_status 1
expect_err 'version'
sed -i 's/"version": 2/"version": 1/' region/ID/list.json
saksi authority build region --state ID
expect_status 1
expect_err 'version'
for fault in '.status[0].revoked += ["x"]|65' '.status[0].revokd = [1]|65' '.status[0].issuer = "MY.SAMPLE-B"|65'; do
  jq "${fault%|*}" s >region/ID/status.json
  sed -i 's/"version": [0-9]*/"version": 3/' region/ID/list.json
  saksi authority build region --state ID
  expect_status "${fault#*|}"
  expect_err 'status.json'
done
echo '{"status": [' >region/ID/status.json
saksi authority build region --state ID
expect_status 65
expect_err 'status.json'

# --- first trust: only what the operator confirmed
for wrong in "${id%?}$(tr '0-9a-f' '1-9a-f0' <<<"${id: -1}")" "$(tr '0-9a-f' '1-9a-f0' <<<"$id")"; do
  saksi trust init --root region/out/root-1.root --sample --db a.db --root-id "$wrong"
  expect_status 1
  expect_err 'refused: ROOT_ID'
  check "a store without trust" test ! -e a.db
done
flip region/out/root-1.root 200 forged.root
saksi trust init --root forged.root --sample --db a.db --root-id "$id"
expect_status 1
check "a forged root made a store" test ! -e a.db
for db in a.db b.db c.db; do
  saksi trust init --root region/out/root-1.root --sample --db $db --root-id "$id"
  expect_status 0
done
printf '%s\n' "${id: -8}" >typed # typed, but not at a terminal
input=typed saksi trust init --root region/out/root-1.root --sample --db d.db
expect_status 64
if command -v script >/dev/null; then
  ran="trust init at a terminal"
  script -qec "$SAKSI trust init --root region/out/root-1.root --sample --db d.db" /dev/null <typed >"$work/.out" 2>&1
  check "a typed fingerprint ended with $?" test -e d.db
  echo 00000000 >typed
  script -qec "$SAKSI trust init --root region/out/root-1.root --sample --db e.db" /dev/null <typed >"$work/.out" 2>&1
  check "a wrong fingerprint made a store" test ! -e e.db
else
  without "a fingerprint typed at a terminal: script is not installed"
fi

# --- what a checkpoint refuses, by name, and what then stays
saksi trust import --sample --db a.db second.bundle
expect_status 0
# What is stored, but for the latest clock seen, which moves with every import.
stored() { "$SAKSI" trust status --sample --db "$1" --json | jq 'del(.clock.high_water)'; }
stored a.db >state
refused() { # BUNDLE NAME
  saksi trust import --sample --db a.db "$1"
  expect_status 1
  expect_silence
  expect_one_err "refused: $2"
  stored a.db >now
  expect_same state now
}
refused first.bundle ROLLBACK
saksi trust import --sample --db a.db second.bundle
expect_status 0
expect_out 'nothing new'
size=$(stat -c %s second.bundle)
bad=0
for offset in $(seq 0 61 $((size - 1))); do
  flip second.bundle "$offset" flipped.bundle
  "$SAKSI" trust import --sample --db b.db flipped.bundle >"$work/.out" 2>"$work/.err" </dev/null
  [ $? -eq 1 ] || bad=$((bad + 1))
done
check "$bad bundles with one flipped bit were not refused" test $bad -eq 0
stored b.db >now
stored c.db >empty
expect_same now empty
for part in 10 1000 $((size / 2)) $((size - 1)); do
  head -c "$part" second.bundle >short.bundle
  refused short.bundle FORMAT
done
cp -r region twin # the same authority says something else under the same versions
jq '.status[0].revoked |= (map(select(. < 78)) + [79])' s >twin/ID/status.json
rm -rf twin/out/signed twin/out/ID.list twin/out/trust.header
sed -i 's/"version": [0-9]*/"version": 2/' twin/ID/list.json
scene "$SAKSI" authority build twin
for key in one/ID-1 two/ID-2; do scene "$SAKSI" authority sign twin/out/ID.list --key $key.pem --yes; done
scene "$SAKSI" authority sign twin/out/trust.header --key twin/keys/publisher-1.pem --yes
scene "$SAKSI" authority bundle twin --out twin.bundle
refused twin.bundle EQUIVOCATION
scene "$SAKSI" authority sample other
refused other/out/trust.bundle ROOT_ID
saksi trust import --sample --db real.db second.bundle
check "a sample into a real store ended with $status" test "$status" -eq 1 -o "$status" -eq 64

# --- from checkpoint to checkpoint
saksi trust export --sample --db a.db --out carried.bundle
expect_status 0
saksi trust import --sample --db b.db carried.bundle
expect_status 0
stored b.db >now
expect_same state now
saksi trust export --sample --db b.db --out again.bundle
expect_same carried.bundle again.bundle
saksi trust import --sample --db c.db first.bundle second.bundle
expect_status 0
stored c.db >now
check "by another way, another state" test "$(jq -S 'del(.imported_at)' now)" = "$(jq -S 'del(.imported_at)' state)"
finish
