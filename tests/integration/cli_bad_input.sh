#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What users, disks and attackers do to the programs: each gets one clear sentence, the right status, and no green.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
need jq pdftoppm sqlite3 dd

LSP=ID.SAMPLE-A.LSP-01
scene "$SAKSI" authority sample region
certify valid $LSP 42 . --a4
certify revoked $LSP 110 .
publish 2
install_lists trust.db
mv certificates/* .
pdftoppm -r 100 -png -singlefile valid.pdf valid
pdftoppm -r 100 -jpeg -singlefile valid.pdf valid
mkdir stations/small
record SMALL >stations/small/record.json
v() { saksi verify --sample --db "${db:-trust.db}" --host MY "$@"; }
v valid.txt valid.png valid.jpg valid.pdf
expect_status 0

# --- files that are none, or not what they seem: verify, scan and inspect say so and nothing is green
: >empty
mkdir folder
ln -s loop loop
mkfifo fifo
truncate -s 1G huge
printf 'PK\3\4and so on, and so on' >archive.zip
printf '\0\0\0\30ftypheic\0\0\0\0heicmif1' >photo.heic
printf 'GIF89a\1\0\1\0\0\0\0;' >picture.gif
head -c 5000 /dev/zero >zeros
while IFS='|' read -r file sentence; do
  for command in "verify --sample --db trust.db --host MY" scan; do
    # shellcheck disable=SC2086
    saksi $command "$file"
    expect_status 74
    expect_silence
    expect_one_err "$file: $sentence"
  done
  saksi inspect "$file"
  check "inspect of $file ended with $status" test "$status" -eq 74 -o "$status" -eq 65
  expect_silence
  expect_one_err "$file: $sentence"
done <<'END'
empty|is empty
folder|is not a regular file
fifo|is not a regular file
/dev/null|is not a regular file
/dev/zero|is not a regular file
loop|there is no such file
none.png|there is no such file
none/none.png|there is no such file
valid.png/none|there is no such file
huge|is larger than this command reads
END
while IFS='|' read -r file sentence; do
  v "$file"
  expect_status 3
  expect_out 'CANNOT VERIFY  UNREADABLE'
  expect_one_err "$sentence"
  v --json "$file"
  expect_status 3
  expect_json '[.[].reasons[0].name]' '["UNREADABLE"]'
  expect_no_err
  saksi scan "$file"
  expect_status 3
  expect_silence
  expect_one_err "$sentence"
done <<'END'
archive.zip|Archives are not opened
photo.heic|HEIC photos are not read
picture.gif|GIF images are not read
END
for file in valid.png valid.jpg valid.pdf valid.cose; do
  size=$(stat -c %s $file)
  for part in 1 2 8 20 100 $((size / 4)) $((size / 2)) $((size - 20)); do
    [ "$part" -lt "$size" ] && [ "$part" -gt 0 ] || continue
    head -c "$part" $file >"short.$part"
    v "short.$part"
    case $file in # a picture whose end is missing may still hold the whole code
    *.cose) check "$part bytes of $file end with $status" test "$status" -eq 3 -o "$status" -eq 1 ;;
    *) check "$part bytes of $file end with $status" test "$status" -eq 3 -o "$part" -gt $((size / 3)) -a "$status" -eq 0 ;;
    esac
    rm "short.$part"
  done
done
v zeros
expect_status 3

# --- names: no byte that a terminal obeys
name=$'new\nline\e[31mred\a.txt'
cp valid.txt "$name"
cp valid.txt $'\xff\xfe.txt'
plain() { # nothing but text and line ends
  if LC_ALL=C tr -d '\n\t\40-\176\200-\377' <"$1" | grep -q .; then fail "control characters in $1"; else pass; fi
  check "$1 is not UTF-8" iconv -f UTF-8 -t UTF-8 -o /dev/null "$1"
}
for command in "verify --sample --db trust.db --host MY" "verify --sample --db trust.db --host MY --json" scan inspect \
  "authority key show" "authority build" "trust import --sample --db trust.db" "trust status --sample --db" \
  "issue --station" "issue status --station" "scan --json"; do
  for argument in "$name" $'\xff\xfe.txt' $'missing\n\e]0;title\a' $'--opt\e[31m\nion'; do
    # shellcheck disable=SC2086
    saksi $command "$argument"
    plain "$work/.out"
    plain "$work/.err"
  done
done
v "$name"
expect_status 0
expect_out 'new?line?[31mred?.txt'
v --json "$name"
expect_json '.[0].input' '"new\nline\u001b[31mred\u0007.txt"'
saksi $'comm\e[31mand'
plain "$work/.err"
expect_status 64

# --- the trust list: other files in its place
trouble() { # DB SENTENCE: every command that needs it says so, and none is green
  local command
  for command in "verify --host MY valid.txt" "trust status" "trust export --out exported"; do
    # shellcheck disable=SC2086
    saksi $command --sample --db "$1"
    expect_status 74
    expect_silence
    expect_one_err "$1: $2"
  done
  saksi trust import --sample --db "$1" region/out/trust.bundle
  expect_status 74
  expect_silence
  expect_err "$1: $2"
  check "something was exported" test ! -e exported
}
head -c 20000 /dev/urandom >noise.db
sqlite3 other.db 'CREATE TABLE t (a); INSERT INTO t VALUES (1);'
: >nothing.db
cp other.db kept.db
for other in folder noise.db other.db nothing.db "stations/$LSP-42/registry.db"; do
  trouble "$other" 'The file belongs to another program or another version'
done
expect_same other.db kept.db
saksi trust import --sample --db none.db region/out/trust.bundle
expect_status 74
expect_one_err 'there is no trust list yet'
check "an import made a trust list" test ! -e none.db

# --- the trust list: cut and flipped
size=$(stat -c %s trust.db)
for part in 100 4096 $((size / 2)) $((size - 4096)) $((size - 1)); do
  head -c "$part" trust.db >cut.db
  db=cut.db v revoked.txt
  check "$part bytes of the list make $status" test "$status" -eq 1 -o "$status" -eq 74 -o "$status" -eq 3
done
flips=0 green=0 other=0
head -c 256 /dev/zero | tr '\0' '\377' >ones
for page in $(seq 0 256 $((size - 1))); do
  cp trust.db flipped.db
  dd if=ones of=flipped.db bs=256 seek=$((page / 256)) conv=notrunc status=none
  db=flipped.db v revoked.txt
  flips=$((flips + 1))
  [ "$status" -eq 0 ] && green=$((green + 1))
  case $status in 1 | 3 | 74) ;; *) other=$((other + 1)) ;; esac
done
check "a damaged list made a revoked certificate green ($green of $flips)" test $green -eq 0
check "a damaged list ended with another status ($other of $flips)" test $other -eq 0

# --- the trust list: held by another, in a folder that may not be written
sqlite3 trust.db >held.log 2>&1 <<'END' &
BEGIN EXCLUSIVE;
.shell touch held; while [ ! -e release ]; do sleep 0.1; done
COMMIT;
END
holder=$!
while [ ! -e held ] && kill -0 $holder 2>/dev/null; do sleep 0.05; done
saksi trust import --sample --db trust.db region/out/trust.bundle
expect_status 74
expect_err 'Another program holds the file'
v valid.txt
check "a held list made $status" test "$status" -eq 0 -o "$status" -eq 74
touch release
wait $holder
v valid.txt
expect_status 0

# as somebody who may read but not write, or not even read
cp -a "$(dirname "$SAKSI")/saksi" tree-saksi
mkdir -p tree/libexec tree/share
mv tree-saksi tree/saksi
cp -a "$LIBEXEC" tree/libexec/
cp -a "$(dirname "$SAKSI")/share/saksi" tree/share/
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
  nobody() { run setpriv --reuid=65534 --regid=65534 --clear-groups "$work/tree/saksi" "$@"; }
  chmod 755 "$work" tree
  cp valid.txt secret.txt
  chmod 644 valid.txt
  chmod 600 secret.txt
  nobody verify --sample --db trust.db --host MY valid.txt
  expect_status 0
  nobody verify --sample --db trust.db --host MY secret.txt
  expect_status 74
  expect_silence
  expect_one_err 'secret.txt: permission denied'
  nobody trust import --sample --db trust.db region/out/trust.bundle
  expect_status 74
  expect_one_err 'This user may not write the file or its folder'
  nobody trust export --sample --db trust.db --out exported
  expect_status 74
  expect_one_err 'exported: permission denied'
  nobody authority key show region/keys/ID-1.pem
  expect_status 77
  cp trust.db hidden.db
  chmod 600 hidden.db
  nobody verify --sample --db hidden.db --host MY valid.txt
  expect_status 74
  expect_silence
  mkdir -p config/saksi
  echo '[checkpoint]' >config/saksi/saksi.conf
  chmod 600 config/saksi/saksi.conf
  nobody verify --sample --db trust.db --host MY valid.txt
  expect_status 64
  expect_one_err 'saksi.conf: could not be read'
  rm config/saksi/saksi.conf
else
  without "unreadable files: they need root and setpriv"
fi

# --- full disks: one sentence, the old content stays
bigger() { # a bundle that does not fit where the first one does
  jq --argjson n "$1" '.schemes += [range($n) | {code: "S-X-\(.)", names: {en: "A scheme with a long name, number \(.) of many (SAMPLE)"}}]' \
    region/ID/catalogue.json >more.json
  mv more.json region/ID/catalogue.json
  publish "$2"
}
cp region/out/trust.bundle small.bundle
bigger 6000 3
full() { # RUN: in the folder disk/, which is nearly full
  cp trust.db disk/trust.db
  "$SAKSI" trust status --sample --db disk/trust.db --json >before
  "$1" trust import --sample --db disk/trust.db region/out/trust.bundle
  expect_status 74
  expect_silence
  expect_one_err 'The disk is full'
  "$SAKSI" trust status --sample --db disk/trust.db --json >after
  expect_same before after
  db=disk/trust.db v valid.txt
  expect_status 0
  db=disk/trust.db v revoked.txt
  expect_status 1
  rm -f disk/*
  echo old >disk/exported
  head -c "$2" /dev/zero >disk/filler 2>/dev/null
  "$1" trust export --sample --db trust.db --out disk/exported
  expect_status 74
  expect_one_err 'disk/exported: could not be written: no space is left'
  check "the old file is gone" grep -qx old disk/exported
  check "a half-written file is left" test "$(ls disk | grep -cv -e exported -e filler)" -eq 0
  rm -f disk/filler
}
mkdir disk
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=$(($(stat -c %s trust.db) / 1024 + 100))k,mode=755 tmpfs disk 2>/dev/null; then
  leave+=('umount "$work/disk"')
  full saksi 1000000
  # a station whose disk is full loses nothing it has signed
  scene "$SAKSI" issue init disk/station --issuer $LSP --station full --key region/keys/$LSP.pem --name S \
    --authority ID.SAMPLE-A --authority-name S --sample --first 900 --last 920 --unsigned-block
  head -c 1000000 /dev/zero >disk/filler 2>/dev/null
  saksi issue --station disk/station --no-pdf stations/small/record.json
  check "issuing on a full disk ended with $status" test "$status" -eq 74 -o "$status" -eq 73
  expect_err 'space'
  rm disk/filler
  saksi issue --station disk/station --no-pdf --resume stations/small/record.json
  expect_status 0
  v disk/station/out/SMALL.txt
  expect_out 'ISSUED AFTER LIST'
  check "issued once" test "$(sqlite3 disk/station/registry.db "SELECT count(*) FROM certificate WHERE state = 3")" -eq 1
  check "nothing half-written is left" test "$(find disk/station/out -type f | wc -l)" -eq 2
  saksi authority sample disk/region
  rm -rf disk/*
  head -c 1000000 /dev/zero >disk/filler 2>/dev/null
  saksi authority sample disk/region
  expect_status 74
  expect_err 'disk/region'
  saksi demo disk/demo
  check "a demo on a full disk ended with $status" test "$status" -eq 74 -o "$status" -eq 73
  expect_err 'saksi demo: '
else
  without "a full disk: mounting one needs root"
fi
rm -rf disk/* 2>/dev/null
# files that may not grow, as with a quota
limited() { run bash -c 'trap "" XFSZ; ulimit -f 200; exec "$@"' - "$SAKSI" "$@"; }
cp trust.db disk/trust.db 2>/dev/null || { umount "$work/disk" && leave=(); cp trust.db disk/trust.db; }
limited trust import --sample --db disk/trust.db region/out/trust.bundle
expect_status 74
expect_silence
db=disk/trust.db v revoked.txt
expect_status 1
db=disk/trust.db v valid.txt
expect_status 0

# --- output that cannot be written
for command in "verify --sample --db trust.db --host MY valid.txt" "verify --sample --db trust.db --host MY --json valid.pdf" \
  "scan valid.png" "inspect valid.txt" "trust status --sample --db trust.db" "trust status --json --sample --db trust.db" \
  "authority key show region/keys/ID-1.pem" "issue status --station stations/$LSP-42" --version --help "verify --help" \
  "trust --help"; do
  for where in /dev/full '&-'; do
    # shellcheck disable=SC2086
    run bash -c "exec \"\$@\" >$where" - "$SAKSI" $command
    expect_status 74
    expect_err 'written'
  done
done
cp trust.db kept.db
run bash -c 'exec "$@" <&- >&- 2>&-' - "$SAKSI" trust import --sample --db trust.db none.bundle
expect_status 74
expect_same trust.db kept.db

# --- helper programs that are missing, crash, hang up or talk nonsense
broken() { # PROGRAM CONTENT: the tree with that in place of the program
  rm -f "tree/libexec/saksi/$1"
  [ -z "$2" ] || { printf '#!/bin/sh\n%s\n' "$2" >"tree/libexec/saksi/$1"; chmod 755 "tree/libexec/saksi/$1"; }
}
repaired() { rm -f "tree/libexec/saksi/$1"; cp -a "$LIBEXEC/$1" tree/libexec/saksi/; }
tree() { run "$work/tree/saksi" "$@"; }
for pair in saksi-decode:valid.png saksi-decode-pdf:valid.pdf; do
  helper=${pair%:*} file=${pair#*:}
  broken "$helper" ''
  for command in "verify --sample --db trust.db --host MY" scan; do
    tree $command $file
    expect_status 70
    expect_silence
    expect_one_err "$file: "
  done
  for content in 'kill -SEGV $$' 'exit 1' 'echo nonsense' ':' 'cat /dev/urandom' 'printf "\377\377\377\377"'; do
    broken "$helper" "$content"
    tree verify --sample --db trust.db --host MY $file
    check "$helper \"$content\" makes $status" test "$status" -eq 3 -o "$status" -eq 70
    expect_one_err "$file: "
  done
  repaired "$helper"
  tree verify --sample --db trust.db --host MY $file
  expect_status 0
done
broken saksi-issue ''
tree issue status --station "stations/$LSP-42"
expect_status 70
expect_one_err 'is the package complete?'
repaired saksi-issue
scene "$SAKSI" issue init hall --issuer $LSP --station hall --key region/keys/$LSP.pem --name S --authority ID.SAMPLE-A \
  --authority-name S --sample --first 500 --last 520 --unsigned-block
broken saksi-page ''
tree issue --station hall stations/small/record.json
expect_status 70
expect_one_err 'saksi-page is not installed'
check "a certificate was issued without its page" test ! -e hall/out/SMALL.cose
broken saksi-page 'kill -SEGV $$'
tree issue --station hall stations/small/record.json
expect_status 70
expect_silence
check "files of a page that failed" test "$(find hall/out -name 'SMALL.*' | wc -l)" -eq 0
broken saksi-page 'cat >/dev/null; cat '"$work"'/valid.pdf'
tree issue --station hall --resume stations/small/record.json
expect_status 70
check "a page with another certificate's code was delivered" test ! -e hall/out/SMALL.pdf
repaired saksi-page
tree issue --station hall --resume stations/small/record.json
expect_status 0
v --json hall/out/SMALL.pdf
expect_json '[.[].certificate.certificate_number]' '["SMALL"]'

# --- keys: open to others, of another password, of another issuer
printf 'open sesame\n' >password
printf 'open sesam\n' >wrong
scene "$SAKSI" authority key new locked.pem --password-file password
station() { # KEY
  rm -rf keyed
  scene "$SAKSI" issue init keyed --issuer $LSP --station keyed --key "$1" --name S --authority ID.SAMPLE-A \
    --authority-name S --sample --first 600 --last 620 --unsigned-block
}
station locked.pem
for option in "" "--password-file wrong" "--password-file empty" "--password-file none"; do
  # shellcheck disable=SC2086
  saksi issue --station keyed --no-pdf $option stations/small/record.json
  expect_status 77
  expect_silence
  expect_one_err 'password'
done
saksi issue --station keyed --no-pdf --password-file password stations/small/record.json
expect_status 0
v keyed/out/SMALL.txt # signed, but by a key that is not in the list
check "an unlisted key ends with $status" test "$status" -eq 1 -o "$status" -eq 3
expect_no_out 'Siti'
cp region/keys/$LSP.pem open.pem
chmod 644 open.pem
station open.pem
saksi issue --station keyed --no-pdf stations/small/record.json
expect_status 77
expect_one_err 'others can read the key'
station region/keys/ID.SAMPLE-A.LSP-02.pem
saksi issue --station keyed --no-pdf stations/small/record.json
expect_status 0
v keyed/out/SMALL.txt
expect_no_out 'Siti'
check "another issuer's key ends with $status" test "$status" -eq 1 -o "$status" -eq 3
station valid.txt
saksi issue --station keyed --no-pdf stations/small/record.json
expect_status 77

# --- a crash leaves nothing personal behind
mkfifo waits
(ulimit -c unlimited 2>/dev/null; exec "$SAKSI" verify --sample --host MY - <waits >/dev/null 2>&1) &
exec 9>waits
for _ in $(seq 100); do
  case $(readlink "/proc/$!/exe") in */saksi) break ;; esac
  sleep 0.05
done
sleep 0.2
check "a core would be written" grep -qE '^Max core file size +0 +0 ' "/proc/$!/limits"
exec 9>&-
wait
finish
