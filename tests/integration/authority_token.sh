#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Keys on a token: SoftHSM's module, with a P-256 key for a list and an Ed25519 key for a header; and all that goes wrong.
. "$(dirname "$0")/lib.sh"
need softhsm2-util pkcs11-tool jq
module=
for file in /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so; do
  [ -e "$file" ] && module=$file && break
done
[ -n "$module" ] || skip "SoftHSM's module was not found"

# SoftHSM loses a few bytes with each Ed25519 key
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0

mkdir tokens
printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$work/tokens" >softhsm2.conf
export SOFTHSM2_CONF=$work/softhsm2.conf
token() { softhsm2-util --init-token --free --label "$1" --pin 123456 --so-pin 12345678 >/dev/null; }
make_key() { # TOKEN TYPE LABEL ID
  pkcs11-tool --module "$module" --token-label "$1" --login --pin 123456 --keypairgen --key-type "$2" --label "$3" \
    --id "$4" >/dev/null 2>&1 || fail "no key $3"
}
token Ministry
make_key Ministry EC:prime256v1 list 01
make_key Ministry EC:edwards25519 header 02
make_key Ministry rsa:2048 rsa 03
make_key Ministry EC:secp384r1 large 04
make_key Ministry EC:prime256v1 twin 05
make_key Ministry EC:prime256v1 twin 06
printf '123456\n' >pin
list='pkcs11:token=Ministry;object=list'
header='pkcs11:token=Ministry;id=%02;type=private'
show() { saksi authority key show "$@" --module "$module"; }

# --- the entries for root.json
show "$list" --password-file pin --holder "Ministry, first floor"
expect_status 0
expect_one_err "token Ministry (SoftHSM v2, serial "
cp .out list.json
check "no P-256 key" test "$(jq '.alg == "ES256" and (.public | length) == 66 and .holder == "Ministry, first floor"' list.json)" = true
show "$header" --password-file pin
expect_status 0
cp .out header.json
check "no Ed25519 key" test "$(jq '.alg == "EdDSA" and (.public | length) == 64' header.json)" = true

# --- a state whose list and header are signed by these
saksi authority init office --state ID --sample
expect_status 0
rm -r office/out
jq --slurpfile list list.json --slurpfile header header.json \
  '.authorities[0].keys = $list | .publisher.keys = $header' office/root.json >root.json
mv root.json office/root.json
saksi authority build office
expect_status 0
saksi authority sign office/out/root-1.root --key office/keys/root.pem --yes
expect_status 0
sign() { saksi authority sign office/out/"$1" --key "$2" --module "$module" --yes "${@:3}"; }
sign ID.list office/keys/ID.pem
expect_status 77
expect_one_err 'this key is not one of the national authority of ID'
sign ID.list "$list" --password-file pin
expect_status 0
expect_out 'signed by 1 of the 1 needed (national authority of ID)'
sign trust.header "$list" --password-file pin
expect_status 77
expect_err 'this key is not one of the publisher of root 1'
cp pin 'a pin'
sign trust.header "$header?pin-source=file:$work/a%20pin"
expect_status 0
expect_out 'signed by 1 of the 1 needed (publisher of root 1)'
sign trust.header "$header" --password-file pin
expect_status 1
expect_err 'has signed already'
saksi authority bundle office
expect_status 0
id=$(saksi trust init --root office/out/root-1.root --sample --db a.db; sed -n 's/^    //p' .out .err | tr -d ' \n')
saksi trust init --root office/out/root-1.root --sample --db a.db --root-id "$id"
expect_status 0
saksi trust import --sample --db a.db office/out/trust.bundle
expect_status 0
expect_out 'header 1, 1 list new'

# --- blocks for stations
saksi authority station office --issuer "$(jq -r '.status[0].issuer' office/ID/status.json)" --station hall --first 0 --last 9 --key "$list" --module "$module" \
  --password-file pin --out hall.block
expect_status 0
expect_out 'signed by 1 of the 1 needed'

# --- the module: named by the URI, by the settings, found by p11-kit, or not at all
show "$list?module-path=$module" --password-file pin
expect_status 64
expect_one_err 'has a module-path already; leave out --module'
saksi authority key show "$list?module-path=$module" --password-file pin
expect_status 0
mkdir config/saksi
printf '[authority]\nmodule = %s\n' "$module" >config/saksi/saksi.conf
saksi authority key show "$list" --password-file pin
expect_status 0
expect_err "through $module"
printf '[checkpoint]\nmodule = %s\n' "$module" >config/saksi/saksi.conf
saksi authority key show "$list" --password-file pin
expect_status 64
expect_one_err 'saksi.conf:2: unknown setting or value'
rm config/saksi/saksi.conf
if grep -qs softhsm /usr/share/p11-kit/modules/* && [ -e "$(pkg-config --variable=proxy_module p11-kit-1 2>/dev/null)" ]; then
  saksi authority key show "$header" --password-file pin
  expect_status 0
  expect_err '/p11-kit-proxy.so'
else
  without "p11-kit, which does not know SoftHSM here"
fi
saksi authority key show "$list" --module /no/such.so --password-file pin
expect_status 77
expect_one_err '/no/such.so: there is no such PKCS#11 module'
echo nothing >text.so
saksi authority key show "$list" --module "$work/text.so" --password-file pin
expect_status 77
expect_one_err 'this file is not a PKCS#11 module'
libc=$(ldd "$SAKSI" | sed -n 's/.*=> \(.*libc\.so\.6\) .*/\1/p')
saksi authority key show "$list" --module "$libc" --password-file pin
expect_status 77
expect_one_err 'this file is not a PKCS#11 module (it has no C_GetFunctionList)'

# --- tokens and keys
refused() { # URI TEXT: one line says which token, one says why
  show "$1" --password-file pin
  expect_status 77
  expect_silence
  expect_err "$2"
}
refused 'pkcs11:token=Minister;object=list' 'no such token is there'
refused 'pkcs11:token=Ministry;serial=00;object=list' 'no such token is there'
refused 'pkcs11:token=Ministry;object=lists' 'the token has no such private key'
refused 'pkcs11:token=Ministry;object=list;id=%02' 'the token has no such private key'
refused 'pkcs11:token=Ministry;object=twin' 'several keys are like this; name one by object= and id='
refused 'pkcs11:token=Ministry' 'several keys are like this'
refused 'pkcs11:token=Ministry;object=rsa' 'neither an EC key nor an Ed25519 key'
refused 'pkcs11:token=Ministry;object=large' 'on another curve than P-256 or Ed25519'
show 'pkcs11:token=Ministry;object=twin;id=%06' --password-file pin
expect_status 0
pkcs11-tool --module "$module" --token-label Ministry --login --pin 123456 --delete-object --type pubkey --id 06 >/dev/null 2>&1
refused 'pkcs11:token=Ministry;object=twin;id=%06' 'the token holds no public key of this one'
token Ministry
refused "$list" 'several tokens are like this; name one by token= or serial='

# --- names that are not understood
for case in 'pkcs11:token=a;colour=red|colour: is not supported' 'pkcs11:?pin-value=123456|pin-value: would show the PIN' \
  'pkcs11:id=%0|id: is not a pkcs11: URI' 'pkcs11:type=cert|type: is empty, too long'; do
  show "${case%%|*}"
  expect_status 64
  expect_one_err "--key: ${case##*|}"
done
saksi authority key new 'pkcs11:token=Ministry;object=new'
expect_status 64
expect_one_err 'make keys on a token with its own tools'

# --- a wrong PIN is tried once; SoftHSM does not lock, so its own word for "once" is the flag
token Office
make_key Office EC:prime256v1 k 01
flags() { pkcs11-tool --module "$module" --list-token-slots | grep -A8 'token label *: Office' | grep 'token flags'; }
check "a wrong PIN was tried before" test -z "$(flags | grep -o 'user PIN count low')"
printf '654321\n' >wrong
show 'pkcs11:token=Office;object=k' --password-file wrong
expect_status 77
expect_silence
expect_err 'Office: the PIN is wrong; it was tried once'
expect_err 'C_Login gave 0xa0'
check "the wrong PIN left no mark" test -n "$(flags | grep -o 'user PIN count low')"
show 'pkcs11:token=Office;object=k' --password-file pin
expect_status 0
printf '1\n' >short
show 'pkcs11:token=Office;object=k' --password-file short
expect_status 77
expect_err 'Office: '
show 'pkcs11:token=Office;object=k'
expect_status 77
expect_err 'Office: the token wants its PIN; use --password-file or a terminal'
show 'pkcs11:token=Office;object=k?pin-source=/no/such/pin'
expect_status 74
expect_err '/no/such/pin: the file with the password is not there'
show 'pkcs11:token=Office;object=k?pin-source=/no/such/pin' --password-file pin
expect_status 64
expect_one_err 'has a pin-source already; leave out --password-file'

# --- without such a name no module is loaded
saksi authority key show office/keys/ID.pem --module /no/such.so
expect_status 0
finish
