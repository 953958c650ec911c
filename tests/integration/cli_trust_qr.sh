#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Trust lists from screen to camera: real pictures of codes through the real decoder, with losses and strangers among
# them; the freshness token on paper and back.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
need jq pdftoppm shuf
[ -x "$LIBEXEC/saksi-frames" ] || skip "saksi-frames was not built"

scene "$SAKSI" authority sample region
bundle=region/out/trust.bundle
new_store() { # DB: the root alone
  scene "$SAKSI" trust init --sample --db "$1" --root region/out/root-1.root --root-id "${id:=$(fingerprint region/out/root-1.root)}"
}
content() { "$SAKSI" trust status --sample --json --db "$1" 2>&1 | jq -c 'del(.clock.high_water)'; }
shuffled() { shuf --random-source=<(yes "$1"); }
for db in direct shown typed token; do new_store $db.db; done
scene "$SAKSI" trust import --sample --db direct.db $bundle

# --- pictures of codes, a third of them lost, the rest in disorder
saksi trust show $bundle --out frames
expect_status 0
expect_no_err
expect_out_like '^frames: SAMPLE, [0-9]+ frames, any [0-9]+ of which are enough'
pieces=$(sed -n 's/.* any \([0-9]*\) of.*/\1/p' "$work/.out")
check "there are not two frames a piece" test "$(find frames -name 'frame-*.png' | wc -l)" -eq $((2 * pieces))
find frames -name '*.png' | LC_ALL=C sort | awk 'NR % 3 != 1' | shuffled a >kept
mapfile -t kept <kept
saksi trust receive --sample --db shown.db "${kept[@]}"
expect_status 0
expect_out_like '^received: header 1, 4 lists new, 0 unchanged, [0-9]+ rows$'
expect_err "saksi trust: $pieces of $pieces pieces"
check "what was shown is not what was imported" test "$(content shown.db)" = "$(content direct.db)"
saksi trust receive --out copy.bundle "${kept[@]}"
expect_status 0
expect_same copy.bundle $bundle
saksi trust show $bundle --out frames
expect_status 73
expect_one_err 'frames/frame-0001.png'

# --- too few: nothing happens, and it is said how many are there
new_store few.db
before=$(content few.db)
saksi trust receive --sample --db few.db "${kept[@]:0:3}"
expect_status 1
expect_silence
expect_err "INCOMPLETE: 3 of $pieces pieces"
saksi trust receive --sample --db few.db region/root.json
expect_status 1
expect_err 'no code of a sequence was found'
saksi trust receive --sample --db few.db none.png "${kept[@]}"
expect_status 74
expect_one_err 'none.png'
check "something was imported" test "$(content few.db)" = "$before"

# --- texts as a scanner types them, with repetitions, nonsense and codes of other kinds
saksi scan frames/*.png
expect_status 0
cp "$work/.out" texts
cat texts texts <(printf 'CC1:BB8\nCF1:%%\nhello\n\n') <(head -c 100000 /dev/zero | tr '\0' A) | shuffled b >typed
input=typed saksi trust receive --sample --db typed.db -
expect_status 0
expect_err "1 of $pieces pieces"
check "what was typed is not what was imported" test "$(content typed.db)" = "$(content direct.db)"
saksi trust receive --out copy texts
expect_status 0
expect_same copy $bundle
printf 'CF1:BB8\n\0\n' | cat - texts >nul
input=nul saksi trust receive --out copy -
expect_status 0
expect_err '2 FORMAT'

# --- strangers: another sequence between, a code that lies before and after the true one
head -c 20000 /dev/urandom >other
mkdir others
printf '\x85\x6csaksi-bundle\x01\x80\xf6\x80' >other.bundle # a bundle with nothing in it
saksi trust show other.bundle --out others --frames 3
expect_status 0
expect_no_out SAMPLE
saksi trust show other --out others
expect_status 1
expect_one_err FORMAT
saksi scan others/*.png
cp "$work/.out" other-texts
{ head -n 4 texts; cat other-texts; tail -n +5 texts; } >mixed
saksi trust receive --out copy mixed
expect_status 0
expect_err '3 OTHER'
expect_same copy $bundle
for _ in 1 2 3 4 5 6 7 8 9; do cat other-texts; done | head -n 23 >many
{ cat texts; } | head -n 2 | cat - many >stays
saksi trust receive --out copy stays
expect_status 1
expect_err "2 of $pieces pieces"
head -n 1 other-texts >>stays # the 24th in a row without progress: the other sequence takes over
saksi trust receive --out copy stays
expect_status 0
expect_same copy other.bundle
lie() { # LINE: the same symbol with another content
  local at=$((4 + 3 * 40)) digit=0
  [ "${1:at:1}" != 0 ] || digit=1
  printf '%s%s%s\n' "${1:0:at}" $digit "${1:at+1}"
}
lie "$(sed -n 2p texts)" >lie
{ head -n 3 texts; cat lie; tail -n +4 texts; } >conflict
saksi trust receive --out copy conflict
expect_status 0
expect_err '1 CONFLICT'
expect_same copy $bundle
new_store spoilt.db
before=$(content spoilt.db)
{ cat lie; head -n "$pieces" texts; } >spoilt
saksi trust receive --sample --db spoilt.db spoilt
expect_status 1
expect_err 'HASH: '
check "a spoilt file was imported" test "$(content spoilt.db)" = "$before"
cat spoilt texts >mended
saksi trust receive --sample --db spoilt.db mended
expect_status 0
expect_err 'HASH: '
check "after a spoilt file all is not well" test "$(content spoilt.db)" = "$(content direct.db)"

# --- what cannot be shown, and how it cannot be asked
head -c 921601 /dev/zero >large
saksi trust show large --out others
expect_status 1
expect_one_err 'carry the file itself'
saksi trust show $bundle
expect_status 64
expect_one_err "--out DIR"
saksi trust show $bundle --out "$bundle/x"
expect_status 73
for arguments in "" "$bundle $bundle" "$bundle --scale 3" "$bundle --out o --scale 33" "$bundle --out o --scale 0" "$bundle --out o --fps 31" \
  "$bundle --out o --frames 10000" "$bundle --out o --frames x" "$bundle --out o --frames -1"; do
  # shellcheck disable=SC2086
  saksi trust show $arguments
  expect_status 64
  expect_silence
done
saksi trust receive
expect_status 64
check "a folder was made" test ! -e o

# --- on a terminal: it is left as it was, whether it ends by itself or is interrupted
if command -v script >/dev/null; then
  terminal() { # COLUMNS LINES COMMAND
    ran=$3
    timeout 60 script -qec "stty cols $1 rows $2; stty -a >before; $3; echo status \$?; stty -a >after" typescript >/dev/null </dev/null
    tr -d '\r' <typescript >"$work/.out"
    expect_same before after
  }
  terminal 120 62 "'$SAKSI' trust show --frames 3 --fps 30 '$bundle'"
  expect_out 'status 0'
  expect_out 'SAMPLE, 3 frames shown'
  expect_out 'frame 3, 8 pieces'
  check "the screen was not given back" test "$(grep -c $'\033\\[?1049h' typescript)" -eq 1 -a "$(grep -c $'\033\\[?1049l' typescript)" -eq 1
  terminal 120 62 "timeout --foreground -s INT 1 '$SAKSI' trust show '$bundle'; sleep 0.2"
  expect_out_like 'SAMPLE, ([5-9]|1[0-9]) frames shown'
  check "the cursor stayed hidden" test "$(grep -c $'\033\\[?25h' typescript)" -eq 1
  terminal 80 24 "'$SAKSI' trust show --frames 2 --fps 30 '$bundle'" # smaller codes, more of them
  expect_out 'status 0'
  expect_out_like 'frame 2, 1[0-9][0-9] pieces'
  terminal 20 10 "'$SAKSI' trust show --frames 2 '$bundle'"
  expect_out 'status 1'
  expect_out 'is too small'
else
  without "terminals: script is not installed"
fi

# --- the token: the header alone, on paper and back
header() { "$SAKSI" trust status --sample --json --db "$1" | jq -c '[.header.version, (.lists | map(.behind))]'; }
scene "$SAKSI" trust import --sample --db token.db $bundle
cp token.db old.db
sed -i -e 's/"version": 1/"version": 2/' region/header.json
scene "$SAKSI" authority build region
scene "$SAKSI" authority sign region/out/trust.header --key region/keys/publisher-1.pem --yes
saksi trust import --sample --db token.db region/out/trust.header
expect_status 0
expect_out 'region/out/trust.header: header 2'
check "the lists are behind" test "$(header token.db)" = '[2,[false,false,false,false]]'
for kind in pdf png txt; do
  saksi trust token --sample --db token.db --out token.$kind
  expect_status 0
  expect_out_like "^token.$kind: SAMPLE, header 2 of 20[0-9-]*, [0-9]+ bytes$"
done
pdftoppm -r 110 -jpeg -singlefile token.pdf photo
pdftotext token.pdf words 2>/dev/null || true
check "the page does not say SAMPLE" grep -q 'SAMPLE: it proves nothing' <(tr '\n' ' ' <words)
check "the page does not say which header" grep -q 'Freshness token 2' words
for file in token.pdf token.png token.txt photo.jpg; do
  cp old.db store.db
  saksi trust import --sample --db store.db $file
  expect_status 0
  expect_out "$file: header 2"
  check "$file: not as by the header itself" test "$(content store.db)" = "$(content token.db)"
  saksi trust import --sample --db store.db $file
  expect_status 0
  expect_out "$file: nothing new"
done
cp old.db store.db
input=token.txt saksi trust receive --sample --db store.db -
expect_status 0
expect_out 'received: header 2'
# where it was signed there is no store
saksi trust token region/out/trust.header --db none.db --out bare.txt
expect_status 0
expect_no_out SAMPLE
expect_same bare.txt token.txt
saksi trust token region/out/trust.header --db token.db --out known.txt # a store that knows the root says what it is
expect_status 0
expect_out SAMPLE
saksi trust token --sample --db shown.db --out older.txt
expect_status 0
before=$(content token.db)
saksi trust import --sample --db token.db older.txt
expect_status 1
expect_one_err 'header: refused: ROLLBACK'

# --- without the program that draws
mkdir -p bare/libexec/saksi
cp "$SAKSI" bare/saksi
ran= # what follows runs another copy
run bare/saksi trust token --sample --db token.db --out bare.png
expect_status 70
expect_one_err 'saksi-frames: is not installed'
run bare/saksi trust show $bundle
expect_status 70
expect_one_err 'is the package complete?'
run bare/saksi trust token --sample --db token.db --out bare.txt
expect_status 0
printf '#!/bin/sh\ncat "%s"\n' "$work/frames/frame-0001.png" >bare/libexec/saksi/saksi-frames # draws something else
chmod +x bare/libexec/saksi/saksi-frames
cp "$LIBEXEC"/saksi-decode* bare/libexec/saksi/
run bare/saksi trust token --sample --db token.db --out bare.png
expect_status 70
expect_one_err 'does not read back'
check "a picture was written" test ! -e bare.png

# --- tokens that are refused, by name
cp -r region mine
rm -r region
scene "$SAKSI" authority sample region
saksi trust token region/out/trust.header --db none.db --out foreign.pdf
expect_status 0
saksi trust import --sample --db token.db foreign.pdf
expect_status 1
expect_one_err 'header: refused: THRESHOLD'
sed 's/^\(.\{60\}\)\(.\)/\1:/; t' token.txt | sed 's/^CT1:./CT1::/' >damaged.txt
printf 'CT1:A\n' >short.txt
saksi trust import --sample --db token.db short.txt
expect_status 1
expect_one_err 'FORMAT'
saksi trust import --sample --db token.db damaged.txt
expect_status 1
expect_one_err 'refused: '
cat token.txt older.txt >two.txt
saksi trust import --sample --db token.db two.txt
expect_status 1
expect_one_err 'two freshness tokens'
saksi trust import --sample --db token.db texts
expect_status 1
expect_one_err 'saksi trust receive'
saksi trust import --sample --db token.db frames/frame-0001.png
expect_status 1
expect_one_err 'saksi trust receive'
saksi trust import --sample --db token.db mine/root.json
expect_status 1
expect_one_err 'FORMAT'
saksi trust import --sample --db token.db mine/out/root-1.root
expect_status 1
expect_one_err 'refused: '
check "a refusal left something behind" test "$(content token.db)" = "$before"
saksi trust token mine/out/root-1.root --db none.db --out x.txt
expect_status 1
expect_one_err 'is not a signed header'
new_store_db=empty.db
cp few.db $new_store_db
saksi trust token --sample --db $new_store_db --out x.txt
expect_status 1
expect_one_err 'holds no header'
for arguments in "" "--out x" "--out .pdf" "a b --out x.txt"; do
  # shellcheck disable=SC2086
  saksi trust token $arguments
  expect_status 64
done
check "something was written" test ! -e x.txt
finish
