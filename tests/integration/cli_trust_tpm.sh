#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A trust list restored from an old copy, before a TPM that remembers: nothing is green until the newest is back.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
need jq swtpm tpm2_nvread tpm2_nvwrite tpm2_nvdefine tpm2_nvundefine
[ -x "$LIBEXEC/saksi-tpm" ] || skip "saksi-tpm was not built"

INDEX=0x01835342 # of sample data
TPM=swtpm:path=$work/tpm/socket
tpm_pid=
tpm_start() {
  mkdir -p tpm/state
  swtpm socket --tpm2 --tpmstate dir=tpm/state --server "type=unixio,path=$work/tpm/socket" \
    --ctrl "type=unixio,path=$work/tpm/socket.ctrl" --flags not-need-init,startup-clear >tpm/log 2>&1 &
  tpm_pid=$!
  for _ in $(seq 100); do
    "$LIBEXEC/saksi-tpm" read "$TPM" real | grep -q '^error' || return 0
    sleep 0.1
  done
  cat tpm/log >&2
  skip "swtpm does not start"
}
tpm_stop() {
  [ -z "$tpm_pid" ] || { kill "$tpm_pid" && wait "$tpm_pid"; } 2>/dev/null
  tpm_pid=
  rm -f tpm/socket tpm/socket.ctrl
}
leave+=(tpm_stop)

LSP=ID.SAMPLE-A.LSP-01
scene "$SAKSI" authority sample region
certify valid $LSP 42 .
certify revoked $LSP 110 .
publish 2
cp region/out/trust.bundle older.bundle
publish 3
cp region/out/trust.bundle newer.bundle

db=trust.db
v() { saksi verify --sample --db $db --host MY --tpm "$TPM" --json "certificates/$1.txt"; }
t() { # SUBCOMMAND [ARGUMENT...]
  local sub=$1
  shift
  saksi trust "$sub" --sample --db $db --tpm "$TPM" "$@"
}
judged() { # NAME OUTCOME REASON STATUS
  v "$1"
  expect_status "$4"
  expect_json '[.[].outcome]' "[\"$2\"]"
  expect_json "any(.[0].reasons[]; .name == \"$3\")" true
}
rolled_back() { # nothing is green, and it is said everywhere
  judged valid check_by_hand STATE_ROLLBACK 2
  judged revoked not_valid STATE_ROLLBACK 1
  t status
  expect_status 0
  expect_out 'STORE ROLLED BACK; import a newer bundle'
  t status --json
  expect_json '.[0].mark.rolled_back' true
}
mark_is() { # ROOT HEADER
  t status --json
  expect_json '.[0].mark' "{\"known\":true,\"root_version\":$1,\"header_version\":$2,\"rolled_back\":false}"
  check "the TPM holds another mark" test \
    "$(tpm2_nvread -T "$TPM" -C $INDEX $INDEX 2>/dev/null | od -An -tx1 | tr -d ' \n')" = "$(printf '53414b53494d4b01%016x%016x' "$1" "$2")"
}

# --- without a TPM nothing is started and nothing is wanted; status says so
install_lists plain.db
saksi trust status --sample --db plain.db
expect_out 'TPM      none; an old copy of this trust list would not be noticed'
saksi trust status --sample --db plain.db --json
expect_json '.[0].mark' null
saksi verify --sample --db plain.db --host MY certificates/valid.txt
expect_status 0
saksi trust mark --sample --db plain.db
expect_status 64
expect_one_err 'no TPM is set'
for tcti in /dev/tpmrm0 cmd:true ./x.so: ''; do
  saksi trust status --sample --db plain.db --tpm "$tcti"
  expect_status 64
  expect_one_err 'names no TPM'
  saksi verify --sample --db plain.db --host MY --tpm "$tcti" certificates/valid.txt
  expect_status 64
done

# --- a TPM without mark: not green before the mark is made
tpm_start
saksi verify --sample --db plain.db --host MY --tpm "$TPM" --json certificates/valid.txt
expect_status 2
expect_json '.[0].reasons[0].name' '"MARK_UNREADABLE"'
expect_one_err 'there is none yet; where this TPM is new, saksi trust mark makes it'
t status --json
expect_status 74

# --- init and import raise it
t init --root region/out/root-1.root --root-id "$(fingerprint region/out/root-1.root)"
expect_status 0
expect_out 'TPM      mark at root 1, header 0'
mark_is 1 0
t import older.bundle
expect_status 0
expect_out 'TPM      mark at root 1, header 2'
mark_is 1 2
judged valid valid GENUINE 0
cp $db old.db
t import newer.bundle
expect_status 0
expect_no_err
mark_is 1 3
judged valid valid GENUINE 0
judged revoked not_valid REVOKED 1
check "the mark of real data was touched" test "$("$LIBEXEC/saksi-tpm" read "$TPM" real)" = none

# --- the old file again
rm -f $db $db-*
cp old.db $db
rolled_back
v valid
expect_json '.[0] | [.reasons[0].code, .reasons[0].severity]' '[507,"check_by_hand"]'
saksi verify --sample --db $db --host MY --tpm "$TPM" certificates/valid.txt
expect_out 'The trust list on this device is older than one it had before.'
expect_out 'Import a newer bundle.'
t mark
expect_status 1
expect_one_err 'STATE_ROLLBACK: the trust list (root 1, header 2) is older than one this device had (root 1, header 3)'
t import older.bundle # an old bundle is no cure
expect_status 0
expect_out 'nothing new'
expect_one_err 'STATE_ROLLBACK'
rolled_back
t import newer.bundle
expect_status 0
expect_no_err
expect_out 'TPM      mark at root 1, header 3'
judged valid valid GENUINE 0
mark_is 1 3

# --- a store begun anew is an old one too
db=new.db
t init --root region/out/root-1.root --root-id "$(fingerprint region/out/root-1.root)"
expect_status 0
expect_one_err 'STATE_ROLLBACK'
t status --json
expect_json '.[0].mark.rolled_back' true
t import older.bundle
expect_one_err 'STATE_ROLLBACK'
rolled_back
t import older.bundle newer.bundle
expect_status 0
expect_no_err
judged valid valid GENUINE 0
db=trust.db

# --- the mark cannot be lowered, by the program's own helper either
for line in '1 2' '1 0' '1 3'; do
  printf '%s\n' "$line" >lower
  input=lower run "$LIBEXEC/saksi-tpm" raise "$TPM" sample
  expect_status 0
  expect_out 'mark 1 3'
done
for line in '0 5' '1' '1 -1' '1 99999999999999999999' 'x' '1 3 ' ''; do
  printf '%s\n' "$line" >lower
  input=lower run "$LIBEXEC/saksi-tpm" raise "$TPM" sample
  expect_status 64
  expect_silence
done
mark_is 1 3

# --- cut off between the commit and the mark: it works, and is caught up
publish 4
mkdir -p cut/libexec/saksi
cp "$SAKSI" cut/saksi
printf '#!/bin/sh\necho $$ >%q\nexec sleep 60\n' "$work/cut/started" >cut/libexec/saksi/saksi-tpm
chmod +x cut/libexec/saksi/saksi-tpm
cut/saksi trust import --sample --db $db --tpm "$TPM" region/out/trust.bundle >cut/out 2>&1 &
importer=$!
for _ in $(seq 200); do [ -s cut/started ] && break; sleep 0.05; done
{ kill -9 $importer; wait $importer; } 2>/dev/null
check "the helper was not started" test -s cut/started
kill "$(cat cut/started)" 2>/dev/null
t status
expect_out 'TPM      mark at root 1, header 3; the next import raises it'
judged valid valid GENUINE 0
t mark
expect_status 0
expect_out 'TPM      mark at root 1, header 4'
mark_is 1 4

# --- a helper that is not there, or lies
printf '#!/bin/sh\necho mark 1 1\n' >cut/libexec/saksi/saksi-tpm
run cut/saksi trust mark --sample --db $db --tpm "$TPM"
expect_status 74
expect_one_err 'the trust list is stored, but the mark in the TPM was not raised: the TPM failed or took too long'
rm cut/libexec/saksi/saksi-tpm
run cut/saksi verify --sample --db $db --host MY --tpm "$TPM" --json certificates/valid.txt
expect_status 2
expect_json '.[0].reasons[0].name' '"MARK_UNREADABLE"'
expect_one_err 'the program saksi-tpm is not installed'

# --- the device is switched off and on
tpm_stop
tpm_start
mark_is 1 4
judged valid valid GENUINE 0

# --- no TPM: not green; an import is kept, and says that the mark was not raised
tpm_stop
judged valid check_by_hand MARK_UNREADABLE 2
judged revoked not_valid MARK_UNREADABLE 1
v valid
expect_one_err 'saksi verify: the mark in the TPM: no TPM answers there'
t status
expect_status 0
expect_out 'TPM      THE MARK CANNOT BE READ'
t status --json
expect_json '.[0].mark' '{"known":false}'
publish 5
t import region/out/trust.bundle
expect_status 74
expect_out 'header 5'
expect_one_err 'the trust list is stored, but the mark in the TPM was not raised: no TPM answers there'
tpm_start
judged valid valid GENUINE 0
t mark
mark_is 1 5

# --- something else in its place, and a TPM whose owner has a password
tpm2_nvundefine -T "$TPM" -C o $INDEX
tpm2_nvdefine -T "$TPM" -C o -s 24 -a 'ownerread|authread|authwrite|no_da' $INDEX >/dev/null
v valid # made and never written: a power cut, or the owner's provisioning
expect_one_err 'there is none yet'
head -c 24 /dev/zero | tpm2_nvwrite -T "$TPM" -C $INDEX -i - $INDEX
judged valid check_by_hand MARK_UNREADABLE 2
expect_one_err 'something else lies in its place'
t mark
expect_status 74
tpm2_nvundefine -T "$TPM" -C o $INDEX
tpm2_nvdefine -T "$TPM" -C o -s 8 -a 'ownerread|authread|authwrite|no_da' $INDEX >/dev/null
t mark
expect_status 74
expect_one_err 'something else lies in its place'
tpm2_nvundefine -T "$TPM" -C o $INDEX
tpm2_changeauth -T "$TPM" -c owner secret
t mark
expect_status 74
expect_one_err 'the TPM asks for a password'
tpm2_nvdefine -T "$TPM" -C o -P secret -s 24 -a 'ownerread|authread|authwrite|no_da' $INDEX >/dev/null
t mark
expect_status 0
mark_is 1 5

# --- by the settings file
mkdir -p "$XDG_CONFIG_HOME/saksi"
printf '[checkpoint]\nhost = MY\nsample = yes\ndb = %s\ntpm = %s\n' "$work/trust.db" "$TPM" >"$XDG_CONFIG_HOME/saksi/saksi.conf"
rm -f $db $db-*
cp old.db $db
saksi verify --json certificates/valid.txt
expect_status 2
expect_json '.[0].reasons[0].name' '"STATE_ROLLBACK"'
finish
