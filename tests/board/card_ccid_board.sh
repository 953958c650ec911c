#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The card's image on an emulated board behind libccid's own driver: the board's serial line is a pseudo-terminal.
#   card_ccid_board.sh BOARD IMAGE.elf        SAKSI names the built program
# A card is made on this machine, and its flash put into the board's: it has the same layout.
. "$(dirname "$0")/../integration/lib.sh"
. "$SOURCE/tests/integration/region.sh"
build=$(dirname "$SAKSI")
LSP=ID.SAMPLE-A.LSP-01
READER="Saksi virtual reader 1 00 00"

if [ "${1:-}" = inside ]; then
  cd "$2" || exit 1
  run opensc-tool -r 0 -a
  expect_status 0
  expect_out '3b:85:81:31:fe:45:80:73:94:01:c0:28'
  run opensc-tool -r 0 -n
  expect_out 'Personal Identity Verification Card'
  run "$build/tests/card/apdu_card" "$READER" 1 00A4040007F053414B53490100 00B08300000400 00A40400
  expect_status 0
  check "not 1,024 bytes of the photo came" \
    test "$(sed -n 2p "$work/.out")" = "$(head -c 1024 photo.jpg | od -An -v -tx1 | tr -d ' \n')9000"
  saksi card verify --sample --db trust.db --host MY --reader "$READER" --json
  expect_status 0
  expect_json '.[0] | [.outcome, .assurance]' '["valid","card_proved"]'
  run "$build/tests/card/apdu_card" "$READER" 20 00A4040007F053414B53490100
  expect_status 0
  echo "a command and its answer take $(tail -n 1 "$work/.out")"
  finish
  exit
fi

board=$1 image=$(realpath "$2")
case $board in # machine, where the factory page is (tests/board/board_run.c)
an385 | an386) machine=mps2-$board factory=0x21028000 ;;
an505) machine=mps2-an505 factory=0x80028000 ;;
*) skip "the flash of $board is the emulator's alone" ;;
esac
need jq pcscd opensc-tool qemu-system-arm
[ -e "$image" ] || skip "there is no image for this board (preset card)"
[ -x "$LIBEXEC/saksi-card" ] || skip "saksi-card was not built"
[ -x "$build/tests/card/make_card" ] && [ -x "$build/tests/card/apdu_card" ] || skip "make_card and apdu_card were not built"

scene "$SAKSI" authority sample region
certify plain $LSP 42 .
publish 2
install_lists trust.db
{ printf '\xff\xd8\xff\xe0'; head -c 2000 /dev/urandom; } >photo.jpg
scene "$build/tests/card/make_card" card --sign region/keys/$LSP.pem --photo photo.jpg certificates/plain.cose
tail -c +17 card >flash # behind the head of the card's file
truncate -s 16M flash
{ printf SAKSIFAB; head -c 16 /dev/zero; head -c 48 /dev/urandom; head -c 32 /dev/urandom; } >factory
qemu-system-arm -nodefaults -display none -machine "$machine,memory-backend=flash" \
  -object memory-backend-file,id=flash,size=16M,mem-path=flash,share=on -kernel "$image" \
  -device "loader,file=factory,addr=$factory,force-raw=on" -serial pty >qemu.log 2>&1 &
leave+=("kill $!")
for _ in $(seq 100); do
  line=$(sed -n 's/.*redirected to \([^ ]*\) .*/\1/p' qemu.log)
  [ -z "$line" ] || break
  sleep 0.05
done
[ -n "$line" ] || skip "the emulator gives no pseudo-terminal: $(head -n 1 qemu.log)"
timeout 120 "$SOURCE/tools/virtual-card" --build "$build" --line "$line" -- "$SOURCE/tests/board/card_ccid_board.sh" inside "$work"
