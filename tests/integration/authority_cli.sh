#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From nothing to lists on a checkpoint, with the real program: authority_cli.sh PATH-OF-SAKSI
set -euo pipefail

saksi=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export HOME=$work XDG_CONFIG_HOME=$work/none

fail() { echo "FAILED: $*" >&2; sed 's/^/    /' out err >&2; exit 1; }

# expect STATUS TEXT COMMAND...: the command ends with that status, and its output or message holds the text
expect() {
  local status=$1 text=$2 got=0
  shift 2
  "$saksi" "$@" >out 2>err </dev/null || got=$?
  [ "$got" -eq "$status" ] || fail "saksi $* ended with $got, not $status"
  grep -qF -- "$text" out err || fail "saksi $*: nowhere \"$text\""
}

fingerprint() { # of a root file, as it is shown before the question
  { "$saksi" trust init --root "$1" --sample --db none.db </dev/null 2>/dev/null || true; } |
    sed -n 's/^    //p' | tr -d ' \n'
}

# --- a state alone: keys, sources, documents, bundle; twice
expect 0 'trust.bundle: ' authority init office --state VN --sample
[ "$(stat -c %a office/keys/VN.pem)" = 600 ] || fail "a key others can read"
cp office/out/trust.bundle first.bundle
expect 0 'trust.bundle: ' authority init office --state VN --sample
cmp first.bundle office/out/trust.bundle
expect 64 'give the state as two capital letters' authority init other --state vn

# --- first trust: only with the fingerprint, samples only when asked for
id=$(fingerprint office/out/root-1.root)
[ ${#id} -eq 64 ] || fail "no fingerprint"
expect 64 'give --root-id with the fingerprint' trust init --root office/out/root-1.root --sample --db a.db
expect 1 'refused: ROOT_ID' trust init --root office/out/root-1.root --sample --db a.db --root-id "${id%????}0000"
expect 64 'is not a fingerprint' trust init --root office/out/root-1.root --sample --db a.db --root-id 1234
expect 1 'refused: SAMPLE' trust init --root office/out/root-1.root --db a.db --root-id "$id"
expect 1 'refused: FORMAT' trust init --root first.bundle --sample --db a.db --root-id "$id"
[ ! -e a.db ] || fail "a store without trust"
expect 74 'there is no trust list yet' trust import --sample --db a.db first.bundle
expect 0 'the root is installed' trust init --root office/out/root-1.root --sample --db a.db --root-id "$id"
expect 0 'the root is installed' trust init --root office/out/root-1.root --sample --db a.db --root-id "$id"

# --- import, status, export
expect 0 'header 1, 1 list new' trust import --sample --db a.db first.bundle
expect 0 'nothing new' trust import --sample --db a.db first.bundle
expect 64 'holds sample data' trust import --db a.db first.bundle
expect 64 'holds sample data' trust status --db a.db
expect 0 'SAMPLE DATA' trust status --sample --db a.db
expect 0 '"state":"VN","version":1' trust status --sample --db a.db --json
expect 0 "\"root_id\":\"$id\"" trust status --sample --db a.db --json
expect 0 'copy.bundle: ' trust export --sample --db a.db --out copy.bundle
expect 0 'installed' trust init --root office/out/root-1.root --sample --db b.db --root-id "$id"
expect 0 '1 list new' trust import --sample --db b.db copy.bundle

# --- damaged and foreign bundles are refused by name and change nothing
"$saksi" trust status --sample --db a.db --json >before
expect 1 'refused: FORMAT' trust import --sample --db a.db office/out/VN.list
head -c 200 first.bundle >short.bundle
expect 1 'refused: FORMAT' trust import --sample --db a.db short.bundle
expect 74 'is not a regular file' trust import --sample --db a.db /dev/null
: >empty.bundle
expect 74 'is empty' trust import --sample --db a.db empty.bundle
expect 0 'trust.bundle: ' authority sample region
expect 1 'refused: ROOT_ID' trust import --sample --db a.db region/out/trust.bundle
"$saksi" trust status --sample --db a.db --json >after
cmp before after

# --- the region: two of three sign, one after the other, each where its key is
id=$(fingerprint region/out/root-1.root)
expect 0 'installed' trust init --root region/out/root-1.root --sample --db r.db --root-id "$id"
expect 0 '4 lists new' trust import --sample --db r.db region/out/trust.bundle
cp region/out/trust.bundle old.bundle
expect 0 'are revoked in the sources' authority revoke region --issuer ID.SAMPLE-A.LSP-01 --index 300-309 --reason fraud
expect 0 'nothing is new: all are revoked' authority revoke region --issuer ID.SAMPLE-A.LSP-01 --index 305 --reason fraud
expect 1 'set it to 2' authority build region --state ID
sed -i 's/"version": 1/"version": 2/' region/ID/list.json region/header.json
expect 0 'ID.list: version 2' authority build region
expect 64 'name the private key' authority sign region/out/ID.list
expect 1 'not signed' authority sign region/out/ID.list --key region/keys/ID-1.pem
expect 0 'ranges: 1 added' authority sign region/out/ID.list --key region/keys/ID-1.pem --yes \
  --against region/out/signed/ID-1.list
expect 1 'has signed already' authority sign region/out/ID.list --key region/keys/ID-1.pem --yes
expect 77 'not one of the national authority of ID' authority sign region/out/ID.list --key region/keys/MY-1.pem --yes
expect 0 'signed by 1 of the 1' authority sign region/out/trust.header --key region/keys/publisher-1.pem --yes
expect 1 'list ID: THRESHOLD' authority bundle region
cmp old.bundle region/out/trust.bundle
expect 0 'signed by 2 of the 2' authority sign region/out/ID.list --key region/keys/ID-3.pem --yes
expect 0 'header 2, 4 lists' authority bundle region --out new.bundle
expect 0 'header 2, 1 list new, 3 unchanged' trust import --sample --db r.db new.bundle

# --- an older bundle never comes back
expect 1 'refused: ROLLBACK' trust import --sample --db r.db old.bundle
expect 0 '"state":"ID","version":2' trust status --sample --db r.db --json

# --- index blocks
expect 0 'signed by 1 of the 2' authority station region --issuer ID.SAMPLE-A.LSP-01 --station hall-1 \
  --first 400 --last 499 --key region/keys/ID-1.pem --out hall-1.block
expect 0 'signed by 2 of the 2' authority sign hall-1.block --key region/keys/ID-2.pem --root region/out --yes
expect 1 'were given to station hall-1 already' authority station region --issuer ID.SAMPLE-A.LSP-01 \
  --station hall-2 --first 450 --last 460 --key region/keys/ID-1.pem --out hall-2.block

# --- keys
printf 'a password\n' >password
expect 0 '"alg": "EdDSA"' authority key new new.pem --alg EdDSA --password-file password
expect 0 '"alg": "EdDSA"' authority key show new.pem --password-file password
expect 77 'the password is missing or wrong' authority key show new.pem
expect 77 'exists already' authority key new new.pem
chmod 644 new.pem
expect 77 'only its owner can read' authority key show new.pem --password-file password
expect 64 'name a subcommand' authority
expect 0 'Usage: saksi authority' authority --help
expect 0 'Usage: saksi trust' trust --help
expect 64 'name a subcommand' trust

echo "authority and trust: all steps as expected"
