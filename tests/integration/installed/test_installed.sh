#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the library under a new prefix and builds against that copy alone, as an integrator would.
set -euo pipefail
source_dir=$1 build_dir=$2 vectors=$3 cc=$4 cxx=$5 flags=$6
here=$source_dir/tests/integration/installed
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "test_installed: $*" >&2; exit 1; }

cmake --install "$build_dir" --prefix "$work/prefix" --component sdk > "$work/log" || { cat "$work/log"; exit 1; }
pc_dir=$(dirname "$(find "$work/prefix" -name saksi.pc)")
export PKG_CONFIG_PATH=$pc_dir
read -ra use <<< "$(pkg-config --cflags --libs saksi) $flags"
export LD_LIBRARY_PATH=${pc_dir%/pkgconfig}

cd "$work"
"$cc" -std=c11 -Wall -Wextra -Wconversion -pedantic -Werror "$here/example.c" -o saksi-check "${use[@]}"
"$cc" -std=c11 -Wall -Wextra -Wconversion -pedantic -Werror "$here/card_example.c" -o saksi-card "${use[@]}"
"$cc" -std=c11 -Wall -Wextra -pedantic -Werror "$here/make_store.c" -o make-store "${use[@]}"

# Only the interface is visible, and the library has its name and version.
library=$LD_LIBRARY_PATH/libsaksi.so
readelf -d "$library" | grep -q 'SONAME.*libsaksi\.so\.0' || fail "no soname"
foreign=$(nm -D --defined-only "$library" | awk '{print $3}' | grep -v '^saksi_' | grep -v '^_' || true)
[ -z "$foreign" ] || fail "visible beside the interface: $foreign"
for name in $(grep -ohE '\bsaksi_[a-z_]+\(' "$work"/prefix/include/saksi/*.h | tr -d '(' | sort -u); do
  nm -D --defined-only "$library" | grep -qw "$name" || fail "$name is declared and not there"
done

# A store filled and asked through the installed copy.
now=$(awk -F'\t' '$1 == "recognised" {print $4}' "$vectors/verdicts.tsv")
id=$(cat "$vectors/root1.id")
./make-store region.db "$vectors/root1.root" "$id" "$now" "$vectors"/region1.bundle "$vectors"/region2.bundle
if ./make-store other.db "$vectors/root1.root" "${id//[0-9]/0}" "$now" 2> refusal; then fail "another root id was accepted"; fi
grep -q ROOT_ID refusal || fail "refusal not named: $(cat refusal)"

expect() { # status, headline sentence, text
  local status=0
  ./saksi-check --sample region.db MY "$3" > answer || status=$?
  [ "$status" = "$1" ] || fail "status $status instead of $1: $(cat answer)"
  grep -qF "$2" answer || fail "no '$2' in: $(cat answer)"
}
if ./saksi-check region.db MY "$(cat "$vectors/recognised.txt")" > answer 2> refusal; then fail "sample data was welcome unasked"; fi
grep -qi sample refusal || fail "the refusal does not say that it is sample data: $(cat refusal)"
expect 2 "another kind of code" "HELLO"
expect 3 "altered or forged" "$(cat "$vectors/signature-wrong.txt")"
expect 3 "has revoked it" "$(cat "$vectors/revoked.txt")"

# The same certificate from a card, which proved its key, another one, or none.
key=c0ffee$(printf '0%.0s' {1..58})
expect_card() { # sentence, thumbprint, answer
  ./saksi-card region.db MY "$(cat "$vectors/card-exists.txt")" "$2" "$3" > answer || true
  grep -qF "$1" answer || fail "no '$1' from a card that says $3: $(cat answer)"
}
expect_card "it is no copy" "$key" good
expect_card "it holds another key" "${key//c0ffee/decade}" good
expect_card "it holds another key" "$key" wrong
expect_card "it may be a copy" "$key" none
if ./saksi-card region.db MY HELLO "$key" good > answer; then fail "a card without a certificate is good"; fi

if command -v "$cxx" > /dev/null; then
  "$cxx" -std=c++11 -Wall -Wextra -pedantic -Werror "$here/header.cc" -o header "${use[@]}"
  ./header || fail "the C++ program got another answer"
else
  echo "test_installed: no C++ compiler, headers not tried with it"
fi
echo "test_installed: good"
