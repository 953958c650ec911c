#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Trust lists from a folder and from a real web server: what comes is imported as if it had been carried here, and what a
# server, a network or a memory stick does wrong costs one sentence and changes nothing.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
. "$SOURCE/tests/integration/web_server.sh"
need jq
[ -x "$LIBEXEC/saksi-fetch" ] || skip "saksi-fetch was not built"
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY

scene "$SAKSI" authority sample region
cp region/out/trust.bundle 1.bundle
cp region/out/trust.header 1.header
publish 2
cp region/out/trust.bundle 2.bundle
cp region/out/trust.header 2.header
touch -d '1 hour ago' 1.* # a server may tell files by time and size alone
id=$(fingerprint region/out/root-1.root)
new_store() { # FILE [BUNDLE...]
  rm -rf "$1" "$1".* "$1"-wal "$1"-shm
  scene "$SAKSI" trust init --sample --db "$1" --root region/out/root-1.root --root-id "$id"
  local bundle
  for bundle in "${@:2}"; do scene "$SAKSI" trust import --sample --db "$1" "$bundle"; done
}
fetch() { saksi trust fetch --sample --db "${db:-a.db}" "$@"; }
content() { # FILE: of a store, for comparison
  scene "$SAKSI" trust export --sample --db "$1" --out content.bundle
  "$SAKSI" trust status --sample --db "$1" --json | jq -c 'del(.clock.high_water)' | sha256sum
  sha256sum <content.bundle
}
expect_content() { # FILE FILE: equal stores
  check "the stores $1 and $2 differ" test "$(content "$1")" = "$(content "$2")"
}
expect_refused() { # STATUS TEXT: one sentence, and the store is as it was
  expect_status "$1"
  expect_one_err "$2"
  expect_content "${db:-a.db}" before.db
}
new_store carried1.db 1.bundle
new_store carried2.db 1.bundle 2.bundle

# --- a folder: one name, a regular file, nothing else
mkdir stick
new_store a.db
saksi trust import --sample --db a.db stick
expect_status 74
expect_one_err 'stick/saksi.bundle: there is no such file'
cp 1.bundle "stick/saksi.bundle
"
cp 1.bundle stick/trust.bundle
saksi trust import --sample --db a.db stick
expect_status 74
while IFS='|' read -r make sentence; do
  rm -rf stick/saksi.bundle
  eval "$make"
  saksi trust import --sample --db a.db stick/
  expect_status 74
  expect_one_err "$sentence"
done <<'END'
ln -s ../1.bundle stick/saksi.bundle|is a symbolic link and is not followed
ln -s /dev/zero stick/saksi.bundle|is a symbolic link and is not followed
mkfifo stick/saksi.bundle|is a pipe, not a file
mkdir stick/saksi.bundle|is a folder, not a file
truncate -s 4G stick/saksi.bundle|is larger than this command reads
: >stick/saksi.bundle|is empty
END
rm stick/saksi.bundle
truncate -s 16777216 stick/saksi.bundle
saksi trust import --sample --db a.db stick
expect_status 1
expect_one_err 'stick/saksi.bundle: refused: FORMAT'
cp 1.bundle stick/saksi.bundle
saksi trust import --sample --db a.db stick
expect_status 0
expect_out 'stick/saksi.bundle: header 1, 4 lists new'
expect_content a.db carried1.db

# --- a publication: the whole bundle, then nothing new
start_web
mkdir www/trust www/endless
cp -p 1.bundle www/trust/saksi.bundle
cp -p 1.header www/trust/saksi.header
new_store a.db
fetch "$web/trust/"
expect_status 0
expect_no_err
expect_out "$web/trust/saksi.bundle: header 1, 4 lists new"
expect_logged 'GET /trust/saksi.bundle 200 .*range=- if_range=- if_none_match=- encoding=identity agent=saksi/[0-9.]+ cookie=- '
expect_not_logged header
expect_content a.db carried1.db
check "the cache is open to others" test "$(stat -c %a a.db.fetch)" = 700
check "something is left in the cache" test "$(ls a.db.fetch | tr '\n' ' ')" = 'bundle.seen lock '
forget_log
fetch "$web/trust/"
expect_status 0
expect_out "$web/trust/: nothing new"
expect_logged 'GET /trust/saksi.header 200 '
expect_not_logged 'bundle'
forget_log
fetch "$web/trust/"
expect_status 0
expect_out "$web/trust/: nothing new"
expect_logged 'GET /trust/saksi.header 304 .*if_none_match=\\x22[^"]+ .*cookie=- '
expect_not_logged 'bundle'
expect_content a.db carried1.db

# --- the next publication: no changes to be had, so the whole
cp -p 2.bundle www/trust/saksi.bundle
cp -p 2.header www/trust/saksi.header
forget_log
fetch "$web/trust/"
expect_status 0
expect_no_err
expect_out "$web/trust/saksi.bundle: header 2, "
expect_logged 'GET /trust/since-1.bundle 404 '
expect_logged 'GET /trust/saksi.bundle 200 '
expect_content a.db carried2.db
forget_log
fetch "$web/trust/"
expect_out 'nothing new'
expect_logged 'GET /trust/saksi.header 304 '

# --- changes since the stored header; when they are refused, or bring less than the header says, the whole
new_store a.db 1.bundle
cp -p 2.bundle www/trust/since-1.bundle
forget_log
fetch "$web/trust/"
expect_status 0
expect_out "$web/trust/since-1.bundle: header 2, "
expect_not_logged 'saksi.bundle'
expect_content a.db carried2.db
new_store a.db 1.bundle
flip 2.bundle 3000 www/trust/since-1.bundle
fetch "$web/trust/"
expect_status 0
expect_err "$web/trust/since-1.bundle: "
expect_err 'refused: '
expect_err 'fetching the whole bundle instead'
expect_out "$web/trust/saksi.bundle: header 2, "
expect_content a.db carried2.db
new_store a.db 1.bundle
cp -p 1.bundle www/trust/since-1.bundle
fetch "$web/trust/"
expect_status 0
expect_out "$web/trust/since-1.bundle: nothing new"
expect_out "$web/trust/saksi.bundle: header 2, "
expect_content a.db carried2.db
rm www/trust/since-1.bundle

# --- a header that came alone: it is the newest, but the lists that it names are still to be had
new_store a.db 1.bundle
{ printf '\x85\x6csaksi-bundle\x01\x80\x59'
  printf "\\x$(printf %02x $(($(stat -c %s 2.header) / 256)))\\x$(printf %02x $(($(stat -c %s 2.header) % 256)))"
  cat 2.header
  printf '\x80'; } >header.bundle
scene "$SAKSI" trust import --sample --db a.db header.bundle
fetch "$web/trust/"
expect_status 0
expect_out "$web/trust/saksi.bundle: "
expect_content a.db carried2.db
fetch "$web/trust/"
expect_out "$web/trust/: nothing new"

# --- a file of any name is a bundle; unchanged on its server, it is not sent again
new_store a.db
cp -p 1.bundle www/any-name
forget_log
fetch "$web/any-name"
expect_status 0
expect_out "$web/any-name: header 1, 4 lists new"
fetch "$web/any-name"
expect_status 0
expect_out "$web/any-name: nothing new"
expect_logged 'GET /any-name 304 '
# what was asked of a server counts for the store that it was asked for
new_store b.db
cp -r a.db.fetch b.db.fetch
db=b.db fetch "$web/any-name"
expect_out "$web/any-name: header 1, 4 lists new"
fetch "$web/hops/5/"
expect_status 74
cp -p 1.bundle www/saksi.bundle
fetch "$web/hops/5/?"
expect_status 0
expect_out '/hops/5/?: nothing new'

# --- interrupted: the program dies, the next fetch goes on from there
killed_half_way() { # URL: a fetch whose program is killed after some bytes; what it says is in .err
  touch www/slow
  "$SAKSI" trust fetch --sample --db a.db "$1" >"$work/.out" 2>"$work/.err" &
  local pid=$! child=
  for _ in $(seq 100); do
    [ "$(stat -c %s a.db.fetch/bundle.part 2>/dev/null || echo 0)" -le 4096 ] || break
    sleep 0.05
  done
  child=$(cat "/proc/$pid/task/$pid/children")
  kill -9 "${2:-${child%% *}}" 2>/dev/null || kill -9 "$pid"
  status=0
  wait "$pid" 2>/dev/null || status=$?
  ran="fetch $1, killed"
  rm www/slow
}
for place in trust dated; do
  cp -p 2.bundle www/$([ $place = dated ] || echo trust)/saksi.bundle
  new_store a.db
  killed_half_way "$web/$place/saksi.bundle"
  expect_status 70
  expect_one_err 'bytes are kept to go on from'
  check "nothing came before it was killed" test "$(stat -c %s a.db.fetch/bundle.part)" -gt 4096
  cp -p a.db.fetch/bundle.part interrupted.part
  have=$(($(stat -c %s interrupted.part) - 4096))
  forget_log
  fetch "$web/$place/saksi.bundle"
  expect_status 0
  expect_out 'header 2, '
  expect_logged "GET /$place/saksi.bundle 206 sent=$(($(stat -c %s 2.bundle) - have)) range=bytes=$have- if_range=[^ -]"
  expect_content a.db carried2.db
  check "a part is left" test ! -e a.db.fetch/bundle.part
done
# the file has changed meanwhile: begun anew; as it is when no server can tell
new_store a.db
killed_half_way "$web/trust/saksi.bundle"
cp -p 1.bundle www/trust/saksi.bundle
forget_log
fetch "$web/trust/saksi.bundle"
expect_status 0
expect_out 'header 1, '
expect_logged 'GET /trust/saksi.bundle 200 .*range=bytes=[0-9]+- if_range=\\x22'
expect_content a.db carried1.db
cp -p 2.bundle www/trust/saksi.bundle
cp -p 2.bundle www/saksi.bundle
new_store a.db
killed_half_way "$web/no-tag/saksi.bundle"
expect_status 70
check "bytes are said to be kept" test "$(grep -c kept .err)" -eq 0
fetch "$web/no-tag/saksi.bundle"
expect_status 0
expect_content a.db carried2.db
# a part that is no part of that file, or no part at all
new_store a.db
killed_half_way "$web/trust/saksi.bundle"
dd if=/dev/urandom of=a.db.fetch/bundle.part bs=1 seek=4100 count=100 conv=notrunc 2>/dev/null
new_store before.db
fetch "$web/trust/saksi.bundle"
expect_refused 1 'refused: '
fetch "$web/trust/saksi.bundle"
expect_status 0
expect_content a.db carried2.db
for offset in 0 12 40 200; do
  new_store a.db
  mkdir -m 700 a.db.fetch
  cp interrupted.part a.db.fetch/bundle.part
  dd if=/dev/urandom of=a.db.fetch/bundle.part bs=1 seek=$offset count=7 conv=notrunc 2>/dev/null
  fetch "$web/trust/saksi.bundle"
  expect_status 0
  expect_content a.db carried2.db
done
# the program ends with its caller, and the part stays
new_store a.db
touch www/slow
"$SAKSI" trust fetch --sample --db a.db "$web/trust/saksi.bundle" >/dev/null 2>&1 &
pid=$!
for _ in $(seq 100); do
  [ "$(stat -c %s a.db.fetch/bundle.part 2>/dev/null || echo 0)" -le 4096 ] || break
  sleep 0.05
done
child=$(cat "/proc/$pid/task/$pid/children")
db=a.db fetch "$web/trust/saksi.bundle"
expect_status 74
expect_one_err 'another fetch is at work'
kill -9 "$pid"
{ wait "$pid"; } 2>/dev/null
for _ in $(seq 50); do
  [ -d "/proc/${child%% *}" ] || break
  sleep 0.1
done
check "the program outlives its caller" test ! -d "/proc/${child%% *}"
rm www/slow
forget_log
fetch "$web/trust/saksi.bundle"
expect_status 0
expect_logged ' 206 '

# --- what servers do wrong
new_store a.db 1.bundle
cp a.db before.db
cp a.db c.db
while IFS='|' read -r place wanted sentence; do
  fetch "$web/$place"
  expect_refused "$wanted" "$sentence"
done <<'END'
none|74|the server answers with status 404, there is no such file
none/|74|the server answers with status 404
error/x|74|the server answers with status 500
error/|74|the server answers with status 500
refused/x|74|the server answers with status 403
loop/?|74|is sent on again and again
hops/6/?|74|is sent on again and again
to-file/x|1|is not fetched from
to-ftp/x|1|is not fetched from
to-password/x|1|is not fetched from
page/x|1|refused: FORMAT: it is a web page
page/|1|refused: FORMAT: it is a web page
END
fetch "$web/to-file/x"
expect_err "$web/to-file/x: sent on to file://"
truncate -s 4G www/endless/body
forget_log
fetch "$web/endless/body"
expect_refused 1 'refused: LIMIT'
expect_logged 'GET /endless/body 200 sent=[12][0-9]{7} '
truncate -s 16777217 www/long
fetch "$web/long"
expect_refused 1 'refused: LIMIT'
truncate -s 16777216 www/long www/endless/long
fetch "$web/long"
expect_refused 1 'refused: FORMAT'
fetch "$web/endless/long"
expect_refused 1 'refused: FORMAT'
: >www/nothing
fetch "$web/nothing"
expect_refused 1 'refused: FORMAT'
check "parts are left" test "$(ls a.db.fetch/*.part 2>/dev/null | wc -l)" -eq 0
size=$(stat -c %s 2.bundle)
for offset in 0 $((size / 3)) $((size / 2)) $((size - 1)); do
  flip 2.bundle "$offset" www/flipped
  fetch "$web/flipped"
  expect_status 1
  expect_one_err "$web/flipped: "
  expect_err 'refused: '
  expect_content a.db before.db
done
new_store newer.db 1.bundle 2.bundle
cp newer.db before.db
db=newer.db fetch "$web/any-name"
db=newer.db expect_refused 1 'refused: ROLLBACK'
cp c.db before.db

# --- slow, away, nobody there
touch www/slow
SECONDS=0
fetch --timeout 2 "$web/trust/saksi.bundle"
expect_status 74
expect_content a.db before.db
expect_err 'took too long; try again, or allow more time with --timeout'
check "--timeout 2 took $SECONDS s" test "$SECONDS" -le 4
expect_err 'bytes are kept to go on from'
check "no progress is shown" grep -qE ': [0-9]+ of [0-9]+ bytes$' <("$SAKSI" trust fetch --sample --db c.db --timeout 3 "$web/trust/saksi.bundle" 2>&1)
rm www/slow
fetch http://127.0.0.1:1/trust/
expect_refused 74 'the server, or the proxy before it, cannot be reached'
fetch --timeout 20 http://no-such-host.invalid/trust/
expect_refused 74 'http://no-such-host.invalid/trust/saksi.header: '
grep -q 'took too long' .err || expect_err 'there is no server of that name'
fetch "${web/http:/https:}/trust/"
expect_refused 74 'no encrypted connection could be made'
fetch "${web_tls/https:/http:}/trust/saksi.bundle"
expect_refused 74 'status 400'
for url in file:///etc/passwd ftp://127.0.0.1/x trust/ "" "http://u:p@127.0.0.1/" "http:///x" "http://127.0.0.1/ x" \
  "http://127.0.0.1/#x" "$web/$(printf %2050s x | tr ' ' x)"; do
  fetch "$url"
  check "$url ended with $status" test "$status" -eq 64
done
fetch --timeout 0 "$web/x"
expect_status 64
fetch "$web/x" "$web/y"
expect_status 64

# --- encryption: an unknown CA is refused; --cacert names it, and then it alone counts
fetch "$web_tls/trust/saksi.bundle"
expect_refused 74 "the server's certificate is not trusted here"
fetch --cacert 1.bundle "$web_tls/trust/saksi.bundle"
expect_refused 74 'the certificates of --cacert are none'
fetch --cacert none.pem "$web_tls/trust/saksi.bundle"
expect_refused 74 'none.pem: there is no such file'
new_store a.db 1.bundle
fetch --cacert ca.pem "$web_tls/trust/"
expect_status 0
expect_no_err
expect_content a.db carried2.db
new_store a.db 1.bundle
cp a.db before.db
fetch --cacert ca.pem "${web_tls/127.0.0.1/localhost}/trust/saksi.bundle"
expect_refused 74 "the server's certificate is not trusted here"

# --- a proxy, by the environment and by the settings; and the address by the settings
forget_log
new_store a.db 1.bundle
run env http_proxy="$web_proxy" "$SAKSI" trust fetch --sample --db a.db "$web/trust/saksi.bundle"
expect_status 0
expect_logged "GET http://[^ ]*/trust/saksi.bundle 200 .*port=${web_proxy##*:}|GET /trust/saksi.bundle 200 .*port=${web_proxy##*:}"
run env http_proxy=http://127.0.0.1:1 "$SAKSI" trust fetch --sample --db a.db "$web/trust/"
expect_status 74
run env http_proxy=http://127.0.0.1:1 no_proxy=127.0.0.1 "$SAKSI" trust fetch --sample --db a.db "$web/trust/"
expect_status 0
mkdir -p config/saksi
printf '[checkpoint]\nhost = MY\n[trust]\nurl = %s/trust/\nproxy = %s\n' "$web" "$web_proxy" >config/saksi/saksi.conf
forget_log
new_store a.db
fetch
expect_status 0
expect_logged "/trust/saksi.bundle 200 .*port=${web_proxy##*:}"
expect_content a.db carried2.db
printf '[trust]\nurl = %s/trust/\nproxy = http://127.0.0.1:1\n' "$web" >config/saksi/saksi.conf
cp a.db before.db
fetch
expect_refused 74 'the proxy cannot be reached'
for line in 'url = ftp://x/' 'url = http://u:p@x/' 'proxy = ftp://x' 'proxy = a b' 'host = MY' 'colour = red'; do
  printf '[trust]\n%s\n' "$line" >config/saksi/saksi.conf
  fetch "$web/trust/"
  expect_status 64
  expect_one_err 'unknown setting or value'
done
rm -r config/saksi
fetch
expect_status 64
expect_one_err 'name one address'

# --- the folder beside the trust list
new_store a.db 1.bundle
cp a.db before.db
: >a.db.fetch
fetch "$web/trust/"
expect_refused 74 'a.db.fetch: belongs to another user, or is no folder'
rm a.db.fetch
mkdir elsewhere
ln -s elsewhere a.db.fetch
fetch "$web/trust/"
expect_refused 74 'a.db.fetch: belongs to another user, or is no folder'
rm a.db.fetch
mkdir -m 777 a.db.fetch
echo precious >precious
ln -s ../precious a.db.fetch/bundle.part
ln -s ../precious a.db.fetch/bundle.seen
fetch "$web/trust/saksi.bundle"
expect_status 74
check "a link was followed" test "$(cat precious)" = precious
check "the cache is open to others" test "$(stat -c %a a.db.fetch)" = 700
db=none.db fetch "$web/trust/"
expect_status 74
expect_one_err 'there is no trust list yet'
run "$LIBEXEC/saksi-fetch"
expect_status 1
finish
