#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two native cards in vsmartcard's virtual reader, over TCP in a network of the test's own: both at once, commands of the
# largest size and a byte more, a card that is taken out and put in again, and the time that a command takes.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/integration/region.sh"
build=$(dirname "$SAKSI")
LSP=ID.SAMPLE-A.LSP-01
readers=('Saksi vpcd 00 00' 'Saksi vpcd 00 01')

if [ "${1:-}" != inside ]; then
  need jq pcscd opensc-tool unshare
  [ -x "$LIBEXEC/saksi-card" ] || skip "saksi-card was not built"
  [ -x "$build/tests/card/make_card" ] && [ -x "$build/tests/card/vpcd_card" ] || skip "make_card and vpcd_card were not built"
  scene "$SAKSI" authority sample region
  certify plain $LSP 42 .
  publish 2
  install_lists trust.db
  make() { scene "$build/tests/card/make_card" "$@"; }
  make 0.card --sign region/keys/$LSP.pem --out signed.cose certificates/plain.cose
  make 1.card signed.cose # a copy
  "$SOURCE/tools/virtual-card" --vpcd --build "$build" --card 0.card --card 1.card \
    -- "$SOURCE/tests/integration/card_vpcd.sh" inside "$work"
  exit
fi
cd "$2" || exit 1
probe() { run "$build/tests/card/probe_reader" "${readers[$1]}" "${@:2}"; }
v() { saksi card verify --sample --db trust.db --host MY --json --reader "${readers[$1]}" "${@:2}"; }
verdict() { # SLOT STATUS OUTCOME ASSURANCE
  v "$1" --wait 20
  expect_status "$2"
  expect_json '.[0] | [.outcome, .assurance]' "[\"$3\",\"$4\"]"
}

# --- nothing but loopback is reached, and no reader but these is there
run ip -o link show
check "there is another network" test "$(wc -l <"$work/.out")" -eq 1
run opensc-tool -l
check "there are other readers" test "$(grep -cE '^[0-9]' "$work/.out")" -eq 2
for slot in 0 1; do expect_out_like "^$slot +Yes +${readers[slot]}\$"; done
saksi card list --json
expect_json '[.[] | [.reader, .state]]' "[[\"${readers[0]}\",\"card\"],[\"${readers[1]}\",\"card\"]]"
for slot in 0 1; do
  run opensc-tool -r $slot -a
  expect_out '3b:85:81:31:fe:45:80:73:94:01:c0:28'
  run opensc-tool -r $slot -n
  expect_out 'Personal Identity Verification Card'
done

# --- two at once
verdict 0 0 valid card_proved
verdict 1 1 not_valid card_read
together() { # SLOT OUT
  local i
  for i in 1 2 3 4; do
    "$SAKSI" card verify --sample --db trust.db --host MY --json --wait 20 --reader "${readers[$1]}"
  done >"$2" 2>&1
}
together 0 zero & first=$!
together 1 one & second=$!
wait $first $second
ran="two at once"
check "not four genuine ones" test "$(grep -c '"outcome":"valid","assurance":"card_proved"' zero)" -eq 4
check "not four copies" test "$(grep -c '"outcome":"not_valid","assurance":"card_read"' one)" -eq 4

# --- the largest messages: of the card (2,081 bytes and one more), and of vpcd (65,535)
probe 0 length 2081 2082 65535 65536
expect_out '2081 6D00'
expect_out '2082 6700'
expect_out '65535 6700'
expect_out '65536 SCARD_E_NOT_TRANSACTED' # it throws the card out ...
sleep 1                                   # ... which is noticed ...
verdict 0 0 valid card_proved             # ... and comes back
verdict 1 1 not_valid card_read

# --- a card taken out while nobody looks, and put in again
kill "$(cat "$VIRTUAL_CARD/card-0.pid")"
sleep 0.6
v 0 --wait 0
expect_status 74
expect_one_err 'no card was presented'
"$build/tests/card/vpcd_card" 0 0.card >again &
echo $! >"$VIRTUAL_CARD/card-0.pid"
verdict 0 0 valid card_proved

# --- a card taken out in the middle of being read: no verdict, and a clean reader
for after in 0.005 0.01 0.02; do
  (sleep $after; kill -KILL "$(cat "$VIRTUAL_CARD/card-1.pid")") 2>/dev/null &
  for _ in 1 2 3 4 5 6 7 8; do
    v 1 --wait 0
    [ "$status" -ne 1 ] || continue
    expect_status 74
    expect_silence
  done
  wait $!
  sleep 0.9 # pcscd takes a card for absent that was changed faster than it looks
  "$build/tests/card/vpcd_card" 1 1.card >again &
  echo $! >"$VIRTUAL_CARD/card-1.pid"
  verdict 1 1 not_valid card_read
done

# --- time: 44 ms a command if the card did not acknowledge at once
probe 0 time 200
median_us=$(cat "$work/.out")
echo "a command takes $median_us us"
check "a command takes $median_us us" test "$median_us" -lt 20000
finish
